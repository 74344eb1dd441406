"""Writing: the result of a register as a file: a workbook, separated text, or JSON lines.

The decision taken here: a result is written to a file beside and renamed when it is whole, so that an interrupted run leaves
what was there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from math import isfinite
from pathlib import Path
from typing import Any, Final

from kcgrant.errors import InputError, fault, printable
from kcgrant.files import as_text, atomically, not_a_file, require, write_csv
from kcgrant.language import Lang, say
from kcgrant.parsing import Cell
from kcgrant.register.form import RESULTS
from kcgrant.register.result import PLAIN, RegisterResult
from kcgrant.register.rows import Row, Sheet, distinct


def write(result: RegisterResult, path: str | Path, lang: Lang = "en") -> None:
    """Writes the officer's rows with the answers beside them: `.xlsx` (extra `excel`), `.csv` or `.jsonl`, by the suffix.

    Raises:
        InputError: another suffix; a register of several sheets as `.csv`; the file cannot be written.
    """
    write_to = writer(path)
    if not result.register.tables:
        told = "these dossiers stand in no table, so there are no rows to write beside; write each assessment instead"
        raise InputError([fault(printable(str(path)), told)])
    atomically(Path(path), lambda file: write_to(result, file, lang))


def writer(path: str | Path) -> Callable[[RegisterResult, Path, Lang], None]:
    """What writes a result to a file with such a suffix.

    Raises:
        InputError: the suffix is not known, or needs an extra that is not installed.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in _WRITERS:
        raise InputError([not_a_file(path, _WRITERS)])
    if suffix == ".xlsx":
        require("excel", "xlsxwriter")
    return _WRITERS[suffix]


def _write_workbook(result: RegisterResult, path: Path, lang: Lang) -> None:
    from kcgrant.register.workbook import write_workbook  # here, since text needs none of it

    write_workbook(result, path, lang)


# --- text -------------------------------------------------------------------------------------------------------------


def _write_text(result: RegisterResult, path: Path, lang: Lang) -> None:
    sheets = result.register.sheets
    if len(sheets) > 1:
        told = "a text file holds one sheet, and the register has several: {names}; write .xlsx or .jsonl"
        raise InputError([fault("", told, names=[str(sheet.name) for sheet in sheets])])
    for sheet in sheets:
        write_csv(path, _rows_of(result, sheet, lang), result.register.separator or ",")


def _rows_of(result: RegisterResult, sheet: Sheet, lang: Lang) -> Iterator[list[Cell]]:
    headings = {name: say(RESULTS[name], lang) for name in PLAIN}
    for _, cells, row in sheet.officers():
        beside = headings if row is None else result.beside(row, lang)
        results = [beside.get(name) for name in PLAIN]
        # Without line breaks, so that the lines of a text file stay where they were.
        yield cells + [value.replace("\n", "; ") if isinstance(value, str) else value for value in results]


# --- JSON lines -------------------------------------------------------------------------------------------------------


def _write_lines(result: RegisterResult, path: Path, lang: Lang) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        names = {sheet.name: _names(sheet) for sheet in result.register.sheets}
        for row in result.rows:
            document = _document(result, row, names[row.sheet.name], lang)
            file.write(json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n")


def _document(result: RegisterResult, row: Row, names: Mapping[int, str], lang: Lang) -> dict[str, Any]:
    dossier = result.dossier_of(row)
    document: dict[str, Any] = {
        "sheet": row.sheet.name,
        "row": row.number,
        "status": result.status(row),
        "reference": dossier.reference if dossier else None,
        "cells": _cells(row, names),
    }
    if dossier and dossier.assessment is not None:
        answer = dossier.assessment
        document |= {
            "regulation": answer.regulation.id,
            "verdict": answer.verdict,
            "maximum_vnd": dossier.maximum_vnd,
            "assured_vnd": dossier.assured_vnd,
            "uses": [
                {name: getattr(use, name) for name in ("reference", "norm", "amount_vnd", "listed")} for use in dossier.uses
            ],
            "questions": [{"fact": one.fact, "text": one.text[lang]} for one in answer.questions],
        }
    document["remarks"] = [
        {"kind": one.kind, "fault": one.fault, "where": [place.says(lang) for place in one.places], "text": one.text[lang]}
        for one in result.remarks_on(row)
    ]
    return document


def _names(sheet: Sheet) -> dict[int, str]:
    """The officer's columns by name; by their letters where the heading is blank or repeated."""
    return distinct({i: as_text(sheet.headings[i]) if i < len(sheet.headings) else "" for i in sheet.kept})


def _cells(row: Row, names: Mapping[int, str]) -> dict[str, Cell]:
    """The officer's cells by the names of their columns; what JSON has no number for is text."""
    found = {names[index]: value for index, value in enumerate(row.cells) if index in names and value not in (None, "")}
    plain = {name: isinstance(one, str | int) or (isinstance(one, float) and isfinite(one)) for name, one in found.items()}
    return {name: value if plain[name] else as_text(value) for name, value in found.items()}


_Writer = Callable[[RegisterResult, Path, Lang], None]
_WRITERS: Final[Mapping[str, _Writer]] = {".xlsx": _write_workbook, ".csv": _write_text, ".jsonl": _write_lines}
