"""Writing: the result of a register as a file: a workbook, separated text, or JSON lines.

The decision taken here: a result is written to a file beside and renamed when it is whole, so that an interrupted run leaves
what was there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from kcgrant.errors import InputError, fault, printable
from kcgrant.files import as_text, atomically, not_a_file, require, write_csv
from kcgrant.language import Lang, say
from kcgrant.parsing import Cell
from kcgrant.register.form import RESULTS
from kcgrant.register.result import PLAIN, RegisterResult
from kcgrant.register.rows import Row, Sheet, letters


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
        for row in result.rows:
            file.write(json.dumps(_document(result, row, lang), ensure_ascii=False) + "\n")


def _document(result: RegisterResult, row: Row, lang: Lang) -> dict[str, Any]:
    dossier = result.dossier_of(row)
    document: dict[str, Any] = {
        "sheet": row.sheet.name,
        "row": row.number,
        "status": result.status(row),
        "reference": dossier.reference if dossier else None,
        "cells": _cells(row),
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


def _cells(row: Row) -> dict[str, Cell]:
    """The officer's cells by heading; by the letters of the column where the heading is blank or repeated."""
    headings, found = row.sheet.headings, dict[str, Cell]()
    for index, value in enumerate(row.cells):
        if index not in row.sheet.results and value not in (None, ""):
            heading = as_text(headings[index]) if index < len(headings) else ""
            key = heading if heading and heading not in found else letters(index)
            found[key] = value if isinstance(value, str | int | float) else as_text(value)
    return found


_Writer = Callable[[RegisterResult, Path, Lang], None]
_WRITERS: Final[Mapping[str, _Writer]] = {".xlsx": _write_workbook, ".csv": _write_text, ".jsonl": _write_lines}
