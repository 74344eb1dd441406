"""Workbook in: what the sheets of an `.xlsx` file hold, with what Excel knows of hidden, merged and damaged cells.

The decision taken here: the value that Excel has stored with a formula is taken, never the formula; one that was stored
without a value is damaged. Needs the extra `excel` (openpyxl).
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kcgrant.errors import InputError, fault, printable, shown
from kcgrant.files import require
from kcgrant.parsing import Cell, Damaged
from kcgrant.register.layouts import unit_of_format
from kcgrant.register.old_fonts import font_encoding, renew
from kcgrant.register.pages import allowed
from kcgrant.register.progress import Counted
from kcgrant.register.proving import prove
from kcgrant.register.rows import MOST_COLUMNS, Grid, Place, Remark, letters, remark
from kcgrant.register.whole import MOST_COPIED, not_kept

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_ESCAPED: Final = re.compile("_x(00[01][0-9A-Fa-f]|005[Ff])_")  # how a workbook holds control characters, and the _ itself
_LINE_ENDS: Final = re.compile("\r\n?")


def hidden_sheet(name: str) -> Remark:
    """What is said of a sheet that is hidden."""
    return remark("hidden-sheet", [Place(name, 1)], "the sheet is hidden; it is read as the others are")


def read_grids(path: Path) -> tuple[list[Grid], list[Remark], bytes | None]:
    """The sheets of a workbook that hold anything, what is said of them, and itself where the result can be a copy of it.

    Raises:
        InputError: the file is no workbook, is protected by a password, is too large, or is damaged.
    """
    require("excel", "openpyxl")
    from openpyxl import load_workbook

    where = printable(str(path))
    prove(path, where)
    content = path.read_bytes()
    try:
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")  # of openpyxl, about what it leaves out
            book = load_workbook(Counted(content))
            if not book.worksheets:
                _refuse_strict(path, where)
            grids = [_grid(sheet, where) for sheet in book.worksheets]
            said = [_renamed(sheet.title) for sheet in book.worksheets if allowed(sheet.title) != sheet.title]
            said += [hidden_sheet(sheet.title) for sheet in book.worksheets if sheet.sheet_state != "visible"]
            _fill_formulas(content, book, grids)
            for sheet, grid in zip(book.worksheets, grids, strict=True):
                said += renew(grid, _old_fonts(book, sheet))
    except InputError:
        raise
    except Exception as error:  # noqa: BLE001 - openpyxl raises whatever a damaged file makes it stumble over
        told = "the workbook is damaged and cannot be read ({reason}); open it in Excel and save it anew as .xlsx"
        raise InputError([fault(where, told, reason=shown(str(error) or type(error).__name__))]) from None
    if sum([len(grid.rows) for grid in grids]) > MOST_COPIED:
        told = "more than {most} rows: the workbook out holds the lists and the answers, not a copy of this one"
        said.append(remark("not-kept", [Place(printable(path.name), 0)], told, most=MOST_COPIED))
        return [grid for grid in grids if grid.rows], said, None
    said += not_kept(content, [str(one.message) for one in warned], path.name)
    return [grid for grid in grids if grid.rows], said, content


def _renamed(title: str) -> Remark:
    told = "a name of a sheet that Excel does not take; in the workbook out it is called {title}"
    return remark("sheet-renamed", [Place(title, 1)], told, title=shown(allowed(title)))


def _refuse_strict(path: Path, where: str) -> None:
    """Names the strict kind of workbook, in which openpyxl finds no sheet."""
    with zipfile.ZipFile(path) as packed, packed.open("xl/workbook.xml") as part:
        strict = b"http://purl.oclc.org/ooxml/spreadsheetml/main" in part.read(2**16)
    if strict:
        told = "saved as “Strict Open XML Spreadsheet”; save it in Excel as “Excel Workbook (.xlsx)”"
        raise InputError([fault(where, told)])


def _grid(sheet: Worksheet, where: str) -> Grid:
    rows: dict[int, list[Cell]] = {}
    # The public iterators make a cell for every place up to the last one that is used, which may be the end of the sheet.
    for (row, column), cell in sheet._cells.items():  # noqa: SLF001
        if cell.value is None or cell.value == "":
            continue
        if column > MOST_COLUMNS:
            told = "{place} is filled in; a register has at most {most} columns"
            raise InputError([fault(where, told, place=f"{sheet.title}!{letters(column - 1)}{row}", most=MOST_COLUMNS)])
        cells = rows.setdefault(row, [])
        if len(cells) < column:
            cells.extend([None] * (column - len(cells)))
        cells[column - 1] = _cell(cell)
    merged = [(one.min_row, one.min_col - 1, one.max_row, one.max_col - 1) for one in sheet.merged_cells.ranges]
    hidden = [number for number, shape in sheet.row_dimensions.items() if shape.hidden]
    return Grid(sheet.title, sorted(rows.items()), hidden, sorted(merged), None, _struck(sheet), _units(sheet))


def _struck(sheet: Worksheet) -> list[int]:
    """The rows whose texts are all struck through."""
    fonts: Any = sheet.parent
    struck = {index for index, font in enumerate(fonts._fonts) if font.strike}  # noqa: SLF001
    if not struck:
        return []
    by_row: dict[int, list[bool]] = {}
    cells: Mapping[tuple[int, int], Any] = sheet._cells  # noqa: SLF001
    for (row, _), cell in cells.items():
        if cell.value not in (None, ""):
            by_row.setdefault(row, []).append(cell._style.fontId in struck)  # noqa: SLF001
    return [row for row, each in by_row.items() if all(each)]


def _units(sheet: Worksheet) -> dict[tuple[int, int], str]:
    """The units that the formats of cells show behind their numbers, by row and column."""
    book: Any = sheet.parent
    formats = dict(enumerate(book._number_formats, 164))  # noqa: SLF001 - those below are Excel's own and name no unit
    units = {index: unit for index, one in formats.items() if (unit := unit_of_format(one))}
    cells: Mapping[tuple[int, int], Any] = sheet._cells if units else {}  # noqa: SLF001
    return {
        (row, column - 1): units[cell._style.numFmtId]  # noqa: SLF001
        for (row, column), cell in cells.items()
        if cell._style.numFmtId in units and isinstance(cell.value, int | float)  # noqa: SLF001
    }


def _cell(cell: Any) -> Cell:
    value = cell.value
    if isinstance(value, str) and "_x" in value:
        value = _LINE_ENDS.sub("\n", _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value))
    if cell.data_type == "f":
        return Damaged(str(getattr(value, "text", None) or value), formula=True)
    if cell.data_type == "e":
        return Damaged(str(value), formula=False)
    return value if isinstance(value, str | int | float | date) else str(value)


def _old_fonts(book: Workbook, sheet: Worksheet) -> Mapping[tuple[int, int], str]:
    """The names of old fonts by row and column of the cells that have them."""
    fonts: Any = book
    old = {index: font.name for index, font in enumerate(fonts._fonts) if font_encoding(font.name)}  # noqa: SLF001
    cells: Mapping[tuple[int, int], Any] = sheet._cells if old else {}  # noqa: SLF001
    by_place = {(row, column - 1): old.get(cell._style.fontId) for (row, column), cell in cells.items()}  # noqa: SLF001
    return {place: name for place, name in by_place.items() if name}


def _fill_formulas(content: bytes, book: Workbook, grids: Iterable[Grid]) -> None:
    """Puts the stored values in the places of formulas; reads the file a second time only if there are any."""
    wanted: dict[str, dict[int, Any]] = {}
    for grid in grids:
        for number, cells in grid.rows:
            if any([isinstance(value, Damaged) and value.formula for value in cells]):
                wanted.setdefault(str(grid.name), {})[number] = cells
    if not wanted:
        return
    from openpyxl import load_workbook

    values = load_workbook(io.BytesIO(content), data_only=True, read_only=True)
    for sheet in (values[name] for name in book.sheetnames if name in wanted):
        places = wanted[sheet.title]
        sheet.reset_dimensions()
        for number, stored in enumerate(sheet.iter_rows(max_row=max(places)), 1):
            row = places.get(number, ())
            for index, cell in enumerate(stored[: len(row)]):
                if isinstance(row[index], Damaged) and cell.value is not None:
                    row[index] = _cell(cell)
    values.close()
