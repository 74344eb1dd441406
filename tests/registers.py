"""Registers for tests: rows of the flat form in which every fact is stated and favourable, unless a test says otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from kcgrant.application import COLUMNS
from kcgrant.parsing import check_digit
from kcgrant.register import RegisterResult, assess_register, read

ROW: dict[str, Any] = {
    "reference": "KC-1",
    "approved_on": "02/03/2026",
    "establishment": "Cơ khí Hùng Phát",
    "province": "hung-yen",
    "tax_code": "0900123452",
    "kind": "hợp tác xã",
    "lawfully_established": "có",
    "direct_producer": "x",
    "area": "xã",
    "sector": "tiểu thủ công nghiệp",
    "own_capital_committed": "có",
    "other_state_support": "không",
    "norm": "advanced-machinery",
    "activity": "Máy cắt",
    "cost_vnd": 420_000_000,
    "technology_line": "không",
    "new_to_area": "có",
    "performs_well": "có",
    "former_province": "hung-yen",
}
NAMES = [name for name in COLUMNS if name in ROW and name != "former_province"] + ["former_province"]
"""The columns in the order of the flat form, but for the former province, which few state, at the end."""


def code_of(number: int) -> str:
    """A tax code of its own for each number, its check digit right."""
    first = next(f"09{number:05}{more}" for more in range(10, 100) if check_digit(f"09{number:05}{more}"))
    return first + check_digit(first)


def row(**changes: Any) -> list[Any]:
    """The cells of one row, in the order of the flat form."""
    return [(ROW | changes)[name] for name in NAMES]


def csv_file(path: Path, rows: Iterable[Sequence[Any]], headings: Sequence[str] = NAMES, separator: str = ",") -> Path:
    """A register as text; cells are written as they are."""
    lines = [headings, *rows]
    text = "\n".join(separator.join("" if cell is None else str(cell) for cell in cells) for cells in lines)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def workbook(
    path: Path, rows: Iterable[Sequence[Any]], headings: Sequence[Any] = NAMES, **sheets: Iterable[Sequence[Any]]
) -> Path:
    """A register as a workbook, with further sheets by name."""
    book = Workbook()
    first: Any = book.active
    first.title = "Sheet1"
    for cells in (headings, *rows):
        first.append(list(cells))
    for name, further in sheets.items():
        sheet: Any = book.create_sheet(name)
        for cells in further:
            sheet.append(list(cells))
    book.save(path)
    return path


def assessed(path: Path) -> RegisterResult:
    return assess_register(read(path))
