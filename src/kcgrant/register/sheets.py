"""Sheets: how a sheet of a workbook is laid out, styled and made ready for A4, and how values become cells that stay what they are.

The decision taken here: text is always written as text, so that nothing an officer or an applicant typed becomes a formula;
formulas are only those of this package. Needs the extra `excel` (openpyxl).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from kcgrant.errors import Lang
from kcgrant.register.cells import MOST_TEXT, Cell, Damaged
from kcgrant.register.table import quoted
from kcgrant.register.words import OWN, say

MOST_EXACT: Final = 2**53  # whole numbers up to it are exact in a spreadsheet
PAPER_A4: Final = 9
_UNSAFE: Final = tuple("=+-@\t\r\n＝＋－＠")
_WRAPPING: Final = frozenset(("wrapped", "heading", "result-heading", "bad"))
MOST_HIGH: Final = 409  # points; Excel shows no higher row
LINE_HIGH: Final = 15
FONT: Final = "Calibri"
_LINE: Final = Side(style="thin", color="FFBFBFBF")


class Formula(str):
    """A formula of ours; every other text stays text."""

    __slots__ = ()


class Pen:
    """The styles of a workbook, and the cells in which values are put; one cell a style, used again for each value."""

    def __init__(self, sheet: Any) -> None:
        """Prepare a cell of each style on a sheet that is written row by row."""
        wrapped, top = Alignment(wrap_text=True, vertical="top"), Alignment(vertical="top")
        self.cells: dict[str, Any] = {}
        for style in ("heading", "result-heading", "title", "note", "wrapped", "number", "day", "text", "bad", "unlocked"):
            self.cells[style] = cell = WriteOnlyCell(sheet)
            cell.alignment = wrapped if style not in ("number", "day", "title", "text") else top
        for style, fill in (("heading", "FFD9E1F2"), ("result-heading", "FFE2EFDA")):
            self.cells[style].font = Font(name=FONT, bold=True)
            self.cells[style].fill = PatternFill("solid", start_color=fill)
            self.cells[style].border = Border(bottom=_LINE, top=_LINE, left=_LINE, right=_LINE)
            self.cells[style].alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        self.cells["title"].font = Font(name=FONT, bold=True, size=14)
        self.cells["note"].font = Font(name=FONT, italic=True)
        self.cells["note"].alignment = top
        self.cells["bad"].fill = PatternFill("solid", start_color="FFF8CBAD")
        self.cells["number"].number_format = "#,##0"
        self.cells["day"].number_format = "dd/mm/yyyy"
        self.cells["text"].number_format = "@"
        self.quoted = WriteOnlyCell(sheet)
        self.quoted.quotePrefix = True  # Excel's own mark of a text that looks like a formula

    def put(self, value: object, style: str) -> Any:
        """A cell of the style with the value; the same cell again at the next call, so it is written at once."""
        cell = self.cells[style]
        if isinstance(value, Formula):
            cell.value = str(value)
            return cell
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) > MOST_EXACT:
            value = str(value)
        if isinstance(value, str):
            cell.value = legal(value)
            cell.data_type = "s"
        else:
            cell.value = value
        return cell

    def own(self, value: Cell) -> Any:
        """The officer's cell as it was: text as text, numbers as numbers, days as days."""
        if isinstance(value, Damaged):
            value = value.text
        if isinstance(value, str):
            if value.startswith(_UNSAFE) or value[:1] == "#" or not value.isprintable() or len(value) > MOST_TEXT:
                self.quoted.value = legal(value)
                self.quoted.data_type = "s"
                return self.quoted
            return value
        if isinstance(value, int | float) and abs(value) >= 100_000:  # an amount rather than a number or a mark
            return self.put(value, "number")
        return self.put(value, "day") if hasattr(value, "year") else value


def legal(text: str) -> str:
    """A text that a workbook can hold: without control characters, and no longer than a cell may be."""
    return ILLEGAL_CHARACTERS_RE.sub("\ufffd", text)[:MOST_TEXT]


def new_sheet(book: Workbook, title: str, widths: Sequence[int], lang: Lang, *, heading_row: int, rows: int) -> Any:
    """A sheet ready for A4: landscape, its headings frozen and repeated on every page, filtered, with page numbers.

    `widths` are those of its columns in characters, `rows` its last row.
    """
    sheet: Any = book.create_sheet(title)
    for index, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    last = f"{get_column_letter(len(widths))}{max(rows, heading_row)}"
    sheet.freeze_panes = f"A{heading_row + 1}"
    sheet.auto_filter.ref = f"A{heading_row}:{last}"
    sheet.print_area = f"A1:{last}"
    sheet.print_title_rows = f"{heading_row}:{heading_row}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = PAPER_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    for side in ("left", "right"):
        setattr(sheet.page_margins, side, 2 / 5)
    sheet.oddFooter.center.text = say("page", lang)
    return sheet


def own_sheet(
    book: Workbook,
    name: str,
    lang: Lang,
    headings: Mapping[str, int],
    rows: Iterable[Sequence[tuple[object, str]]],
    count: int,
    notes: Sequence[str] = (),
) -> Any:
    """A sheet of ours: its title, notes, headings (with their widths), and rows of values with their styles."""
    top = len(notes) + 2
    sheet = new_sheet(book, say(name, lang), list(headings.values()), lang, heading_row=top, rows=top + count)
    pen = Pen(sheet)
    sheet.append([pen.put(OWN + say(name, lang), "title")])
    for note in notes:
        sheet.append([pen.put(note, "note")])
    widths = list(headings.values())
    append(sheet, pen, top, [(say(heading, lang), "heading") for heading in headings], widths)
    for number, row in enumerate(rows, top + 1):
        append(sheet, pen, number, row, widths)
    return sheet


def append(sheet: Any, pen: Pen, number: int, cells: Sequence[tuple[object, str]], widths: Sequence[int]) -> None:
    """Writes the next row, high enough for the text that it wraps; `own` is the style of the officer's cells."""
    lines = max([_lines(cell, width) for cell, width in zip(cells, widths, strict=False)], default=1)
    if lines > 1:
        sheet.row_dimensions[number].height = min(MOST_HIGH, LINE_HIGH * lines + 2)
    sheet.append(_put(pen, cells))


def _lines(cell: tuple[object, str], width: int) -> int:
    """How many lines a cell takes; a spreadsheet finds the height of a row by itself only while somebody edits it."""
    value, style = cell
    if not isinstance(value, str) or style not in _WRAPPING:
        return 1
    if len(value) <= width and "\n" not in value:
        return 1
    room = max(1, width - 2)
    return sum([len(line) // room + 1 for line in value.split("\n")])


def _put(pen: Pen, cells: Iterable[tuple[object, str]]) -> Iterator[Any]:
    for value, style in cells:
        if value is None or value == "":
            yield None
        elif style == "own":
            yield pen.own(value)  # type: ignore[arg-type]
        else:
            yield pen.put(value, style)


def cell_of(sheet: str, column: str, row: int, *, fixed: bool = False) -> str:
    """A cell of a sheet as a formula names it."""
    return f"{quoted(sheet)}!${column}${row}" if fixed else f"{quoted(sheet)}!{column}{row}"
