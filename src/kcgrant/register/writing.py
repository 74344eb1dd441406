"""Writing: the result of a register as a file: a workbook, separated text, or JSON lines.

The decision taken here: a result is written to a file beside and renamed when it is whole, so that an interrupted run leaves
what was there.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from kcgrant.errors import Fault, InputError, printable
from kcgrant.files import GUARDED, atomically, guarded
from kcgrant.language import Lang, Text, listed, say
from kcgrant.parsing import Cell, Damaged
from kcgrant.register.form import RESULTS
from kcgrant.register.reading import workbooks
from kcgrant.register.result import PLAIN, RegisterResult
from kcgrant.register.rows import Row, Sheet, letters


def write(result: RegisterResult, path: str | Path, lang: Lang = "en") -> None:
    """Writes the officer's rows with the answers beside them: `.xlsx` (extra `excel`), `.csv` or `.jsonl`, by the suffix.

    Raises:
        InputError: another suffix; a register of several sheets as `.csv`; the file cannot be written.
    """
    write_to = writer(path)
    atomically(Path(path), lambda file: write_to(result, file, lang))


def template(path: str | Path, lang: Lang = "en") -> None:
    """Writes an empty register as a workbook: headings with notes, drop-down lists, an example, a guide.

    Raises:
        InputError: the suffix is not `.xlsx`, the extra `excel` is not installed, or the file cannot be written.
    """
    if Path(path).suffix.lower() != ".xlsx":
        raise InputError([_suffix(path, (".xlsx",))])
    make = workbooks("blank").write_template
    atomically(Path(path), lambda file: make(file, lang))


def writer(path: str | Path) -> Callable[[RegisterResult, Path, Lang], None]:
    """What writes a result to a file with such a suffix.

    Raises:
        InputError: the suffix is not known, or needs an extra that is not installed.
    """
    suffix = Path(path).suffix.lower()
    if suffix == ".xlsx":
        found: Callable[[RegisterResult, Path, Lang], None] = workbooks("workbook").write_workbook
        return found
    known: dict[str, Callable[[RegisterResult, Path, Lang], None]] = {".csv": _write_text, ".jsonl": _write_lines}
    if suffix not in known:
        raise InputError([_suffix(path, (".xlsx", *known))])
    return known[suffix]


def _suffix(path: str | Path, known: tuple[str, ...]) -> Fault:
    names = listed(known)
    return Fault(printable(str(path)), Text(en=f"expected a file {names}", vi=f"cần một tệp {names}"))


# --- text -------------------------------------------------------------------------------------------------------------


def kept(sheet: Sheet) -> list[int]:
    """The columns that are the officer's, in order: all but those that an earlier run has written."""
    width = max([len(sheet.headings), *(len(row.cells) for row in sheet.rows)])
    return [index for index in range(width) if index not in sheet.results]


def _write_text(result: RegisterResult, path: Path, lang: Lang) -> None:
    sheets = result.register.sheets
    if len(sheets) > 1:
        names = listed(str(sheet.name) for sheet in sheets)
        en = f"a text file holds one sheet, and the register has several: {names}; write .xlsx or .jsonl"
        vi = f"tệp văn bản chỉ chứa một trang, mà sổ có nhiều trang: {names}; hãy ghi ra .xlsx hoặc .jsonl"
        raise InputError([Fault(printable(path.name), Text(en=en, vi=vi))])
    for sheet in sheets:
        write_rows(path, _rows_of(result, sheet, lang), result.register.separator or ",")


def _rows_of(result: RegisterResult, sheet: Sheet, lang: Lang) -> Iterator[list[Cell]]:
    columns = kept(sheet)
    headed = False
    for row in sheet.rows:
        if not headed and row.number > sheet.heading_row:
            yield _headings(sheet, columns, lang)
            headed = True
        cells = row.cells
        own = [cells[index] if index < len(cells) else None for index in columns]
        beside = result.beside(row, lang)
        results = [beside.get(name) for name in PLAIN]
        # Without line breaks, so that the lines of a text file stay where they were.
        yield own + [value.replace("\n", "; ") if isinstance(value, str) else value for value in results]
    if not headed:
        yield _headings(sheet, columns, lang)


def _headings(sheet: Sheet, columns: list[int], lang: Lang) -> list[Cell]:
    own = [sheet.headings[index] if index < len(sheet.headings) else None for index in columns]
    return own + [say(RESULTS[name], lang) for name in PLAIN]


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
                {"reference": use.reference, "norm": use.norm, "amount_vnd": use.amount_vnd, "listed": use.listed}
                for use in dossier.uses
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


def write_rows(path: Path, rows: Iterable[Sequence[Cell]], separator: str) -> None:
    """Writes rows as text that Excel opens as UTF-8; `path` is overwritten."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=separator).writerows(_texts(rows))


def _texts(rows: Iterable[Sequence[Cell]]) -> Iterator[list[str]]:
    for cells in rows:
        # Most cells are harmless text, and there are half a million of them: that is looked at here, without a call.
        yield [cell if isinstance(cell, str) and cell[:1] not in GUARDED else _guarded_cell(cell) for cell in cells]


def _guarded_cell(cell: Cell) -> str:
    return "" if cell is None else guarded(as_text(cell))


def as_text(cell: Cell) -> str:
    """A cell as text: days as YYYY-MM-DD, yes and no as Excel writes them."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, Damaged):
        return cell.text
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date):
        return cell.isoformat().removesuffix("T00:00:00")
    return str(cell)
