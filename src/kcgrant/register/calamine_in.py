"""Calamine in: what the sheets of an `.xls`, `.xlsb` or `.ods` file hold, which openpyxl cannot read.

The decision taken here: such a file is read, and said to be read in part: an error or a formula without a value is blank in
it, nobody knows of its hidden rows, and in some neither of its merged cells. Needs the extra `excel` (python-calamine).
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kcgrant.errors import InputError, fault, printable
from kcgrant.files import require
from kcgrant.parsing import Cell
from kcgrant.register.old_fonts import renew
from kcgrant.register.proving import MOST_BYTES, prove
from kcgrant.register.rows import MOST_COLUMNS, Grid, Place, Remark, letters, remark
from kcgrant.register.workbook_in import hidden_sheet

if TYPE_CHECKING:
    from python_calamine import CalamineSheet


def read_grids(path: Path) -> tuple[list[Grid], list[Remark]]:
    """The sheets of a workbook that hold anything, and what is said of them.

    Raises:
        InputError: the file is no such workbook, is protected by a password, is too large, or is damaged.
    """
    require("excel", "python_calamine")
    from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    where = printable(str(path))
    with path.open("rb") as file:  # a file that may not be read is named as any other
        packed = zipfile.is_zipfile(file)  # an .xls is none
    if packed:
        prove(path, where)
    elif path.stat().st_size > MOST_BYTES:
        raise InputError([fault(where, "too large for a register; not read")])
    try:
        with CalamineWorkbook.from_path(path) as book:
            kept = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
            sheets = [book.get_sheet_by_name(one.name) for one in kept]
            grids = [_grid(sheet, where) for sheet in sheets]
            merged_known = all([sheet.merged_cell_ranges is not None for sheet in sheets])
            said = [hidden_sheet(one.name) for one in kept if one.visible != SheetVisibleEnum.Visible]
    except InputError:
        raise
    except PasswordError:
        told = "protected by a password; save it in Excel as .xlsx without a password"
        raise InputError([fault(where, told)]) from None
    except BaseException as error:  # a damaged .xls makes the reader panic, and that is no Exception
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        told = "not a workbook of the kind {kind}, or damaged; open it in Excel and save it as .xlsx"
        raise InputError([fault(where, told, kind=path.suffix.lower())]) from None
    told = (
        "read by values alone: errors and formulas without a value count as blank, and hidden rows are not marked; "
        "save it as .xlsx to have them checked"
        if merged_known
        else "read by values alone: errors and formulas without a value count as blank, and neither hidden rows nor merged "
        "cells are marked; save it as .xlsx to have them checked"
    )
    said.append(remark("read-in-part", [Place(printable(path.name), 0)], told))
    grids = [grid for grid in grids if grid.rows]
    return grids, [*said, *(one for grid in grids for one in renew(grid))]


def _grid(sheet: CalamineSheet, where: str) -> Grid:
    rows: list[tuple[int, Sequence[Cell]]] = []
    for number, values in enumerate(sheet.to_python(skip_empty_area=False), 1):
        cells = [_cell(value) for value in values]
        while cells and cells[-1] is None:
            cells.pop()
        if len(cells) > MOST_COLUMNS:
            told = "{place} is filled in; a register has at most {most} columns"
            place = f"{sheet.name}!{letters(len(cells) - 1)}{number}"
            raise InputError([fault(where, told, place=place, most=MOST_COLUMNS)])
        if cells:
            rows.append((number, cells))
    merged = [(top + 1, left, bottom + 1, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()]
    return Grid(sheet.name, rows, merged=sorted(merged))


def _cell(value: Any) -> Cell:
    if value == "":
        return None
    return str(value) if isinstance(value, time | timedelta) else value
