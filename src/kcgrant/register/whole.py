"""Whole: the officer's own workbook with the answers beside the rows of its lists, and all else in it as it was.

The decision taken here: what is written is a copy of what came in, changed where answers stand and nowhere else; what the
library that copies it cannot keep is said beforehand. Our sheets are written into it by the one page writer, to which a
sheet of the copy speaks as one of XlsxWriter does. Needs the extra `excel` (openpyxl).
"""

# ruff: noqa: D102 - what is said to a sheet is described in the documentation of XlsxWriter

from __future__ import annotations

import errno
import os
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from datetime import date
from html import escape
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kcgrant.errors import InputError, fault, printable, shown
from kcgrant.files import packed_anew
from kcgrant.language import Lang, both, listed
from kcgrant.register.form import is_own
from kcgrant.register.old_fonts import font_encoding
from kcgrant.register.pages import LINE_HIGH, Book, allowed, styles_of
from kcgrant.register.rows import MOST_COLUMNS, Place, Register, Remark, Sheet, letters, remark

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as BookCell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

HEADER_HIGH: Final = 3 / 10  # inches from the edge of the paper
USUAL_WIDTH: Final = 9  # of a column that nobody has widened
MOST_COPIED: Final = 5_000  # rows of a workbook; copying takes some milliseconds a row
_UNKEPT: Final[Mapping[str, str]] = {
    "xl/vbaProject": "macros",
    "xl/ctrlProps": "buttons and form controls",
    "xl/activeX": "buttons and form controls",
    "xl/embeddings": "embedded objects",
    "xl/slicers": "slicers",
    "xl/timelines": "timelines",
    "xl/threadedComments": "replies to comments",
    "xl/metadata": "formulas that spill over several cells",
    "xl/richData": "pictures in cells",
    "xl/connections": "links to outside data",
    "xl/queryTables": "links to outside data",
    "xl/model": "the data model",
    "xl/diagrams": "diagrams",
}
"""The parts of a workbook that openpyxl leaves out, by how their names begin."""
_UNKEPT_PICTURES: Final = (".emf", ".wmf", ".svg")
_EXTENSIONS: Final[Mapping[str, str]] = {
    "Conditional Formatting": "conditional formats of the newer kind",
    "Data Validation": "drop-down lists that look into another sheet",
    "Sparkline Group": "sparklines",
    "Slicer List": "slicers",
    "Timeline Ref": "timelines",
}
"""What openpyxl calls the extensions that it leaves out."""
_SHAPES: Final = re.compile(rb"<xdr:(?:sp|cxnSp|grpSp)[ >]")
_FORMULA: Final = re.compile(rb'<c r="([A-Z]+[0-9]+)"((?: s="[0-9]+")?)>(<f[^>]*>[^<]*</f>|<f[^>]*/>)<v(?: ?/>|></v>)</c>')
_Values = dict[str, dict[str, object]]


def not_kept(content: bytes, said: Iterable[str], name: str) -> list[Remark]:
    """What cannot be copied of a workbook: its parts that openpyxl leaves out, and what openpyxl `said` when it read it."""
    with zipfile.ZipFile(BytesIO(content)) as packed:
        parts = packed.namelist()
        drawings = [part for part in parts if part.startswith("xl/drawings/") and part.endswith((".xml", ".vml"))]
        drawn = {part: packed.read(part) for part in drawings}
    lost = [words for begin, words in _UNKEPT.items() if any(part.startswith(begin) for part in parts)]
    lost += [words for kind, words in _EXTENSIONS.items() if any(one.startswith(f"{kind} ext") for one in said)]
    if any(_SHAPES.search(xml) for part, xml in drawn.items() if part.endswith(".xml")):
        lost.append("shapes and text boxes")
    if any(b"<v:imagedata" in xml for part, xml in drawn.items() if part.endswith(".vml")):
        lost.append("pictures in headers and footers")
    pictures = [part.lower() for part in parts if part.startswith("xl/media/")]
    if pictures and (find_spec("PIL") is None or any(part.endswith(_UNKEPT_PICTURES) for part in pictures)):
        lost.append("pictures")
    if any(part.startswith("xl/charts/") for part in parts):
        lost.append("details of the looks of charts")
    if not lost:
        return []
    told = "the workbook out is a copy of this one, which cannot keep: {what}; keep this one too"
    what = [both(one) for one in dict.fromkeys(lost)]
    named = type(what[0])(en=listed(one.en for one in what), vi=listed(one.vi for one in what))
    return [remark("not-kept", [Place(printable(name), 0)], told, what=named)]


@contextmanager
def whole_book(register: Register, path: Path, lang: Lang) -> Iterator[Book]:
    """A copy of the workbook that a register was read from, to be written into; it is complete when the block ends."""
    from openpyxl import load_workbook
    from openpyxl.workbook.properties import CalcProperties

    original = BytesIO(register.original or b"")
    with warnings.catch_warnings(), _or_refused():
        warnings.simplefilter("ignore")  # what cannot be kept was said when the register was read
        book = load_workbook(original, rich_text=True)
    for sheet in book.worksheets:
        first = sheet["A1"].value
        if is_own(first):
            book.remove(sheet)  # an earlier run has written it; it is written anew
    whole = _Copy(book, _stored(book, original))
    for sheet in book.worksheets:
        if (title := allowed(sheet.title)) != sheet.title:
            whole.values[title] = whole.values.pop(sheet.title, {})
            sheet.title = title
    _answer(book, register)
    yield Book(whole, styles_of(whole, lang), lang)
    book.calculation = CalcProperties(fullCalcOnLoad=True)
    _save(whole, path)


@contextmanager
def _or_refused() -> Iterator[None]:
    """Says in words that openpyxl cannot copy a workbook, whatever it stumbles over."""
    try:
        yield
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 - it raises whatever a rare part of a workbook makes it stumble over
        if full := re.fullmatch("IO_(E[A-Z]+)", str(error)):  # lxml has no room for what it keeps for the time being
            number = getattr(errno, full[1], errno.EIO)
            raise OSError(number, os.strerror(number)) from None
        told = "the workbook cannot be copied ({reason}); save it anew in Excel as .xlsx, or write the result as .csv"
        raise InputError([fault("", told, reason=shown(str(error) or type(error).__name__))]) from None


def continued(book: Book, sheet: Sheet) -> CopiedSheet:
    """The officer's own sheet of a copy, without what an earlier run wrote in it, with the widths of his columns."""
    page: Worksheet = book.file.book[allowed(str(sheet.name))]
    for row, column in [at for at in page._cells if at[1] - 1 in sheet.results and at[0] >= sheet.heading_top]:  # noqa: SLF001
        del page._cells[row, column]  # noqa: SLF001
    first = _free_column(page, sheet)
    for letter, shape in list(page.column_dimensions.items()):
        if shape.min and shape.max and shape.max > first:
            shape.max = first
            if shape.min > first:
                del page.column_dimensions[letter]
    page.col_breaks.brk = [one for one in page.col_breaks.brk if one.id < first]
    spans = {(shape.min or 0, shape.max or 0): shape.width for shape in page.column_dimensions.values()}
    usual = page.sheet_format.defaultColWidth or USUAL_WIDTH
    widths = [next((wide for (low, high), wide in spans.items() if low <= at <= high), usual) for at in range(1, first + 1)]
    return CopiedSheet(page, book.file.values, widths)


def _free_column(page: Worksheet, sheet: Sheet) -> int:
    """Where the answers begin: where those of an earlier run began, or behind all that stands in the sheet."""
    last = max(sheet.kept, default=-1)
    if sheet.results and min(sheet.results) > last:
        return min(sheet.results)
    spans: list[int] = [one.max_col for one in page.merged_cells.ranges if one.max_col <= MOST_COLUMNS]
    return max([last + 1, max(sheet.results, default=-1) + 1, *spans])


def _answer(book: Workbook, register: Register) -> None:
    """Puts the answers that were taken into the cells of their rows; cells that are merged hold theirs in the first."""
    for row, column, _, _, given in register.answers:
        if column is not None:
            page: Any = book[allowed(str(row.sheet.name))]
            spans = [span.bounds for span in page.merged_cells.ranges]
            merged = [
                (top, left)
                for left, top, right, bottom in spans
                if left <= column + 1 <= right and top <= row.number <= bottom
            ]
            page.cell(*(merged[0] if merged else (row.number, column + 1))).value = given


# --- a copy, spoken to as a workbook of XlsxWriter ---------------------------------------------------------------------


class _Style(NamedTuple):
    """How a cell is shown, in the records of openpyxl."""

    font: Any
    fill: Any
    border: Any
    alignment: Any
    number_format: str
    quoted: bool


class _Copy:
    """A workbook of openpyxl, and the values of its formulas, which openpyxl does not write."""

    def __init__(self, book: Workbook, values: _Values) -> None:
        """Begin with the values that are stored in the original."""
        self.book, self.values = book, values

    @property
    def titles(self) -> list[str]:
        """The titles that are taken."""
        return list(self.book.sheetnames)

    def add_worksheet(self, title: str) -> CopiedSheet:
        return CopiedSheet(self.book.create_sheet(title), self.values)

    def add_format(self, shape: Mapping[str, Any]) -> _Style:
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

        usual: Any = self.book
        usual = usual._fonts[0]  # noqa: SLF001 - the font of the workbook; our words are Unicode, whatever it is
        name = "Times New Roman" if font_encoding(usual.name or "") else usual.name
        size = shape.get("font_size", usual.sz)
        font = Font(name=name, sz=size, b=shape.get("bold", False), i=shape.get("italic", False))
        side = Side(style="thin", color=shape["border_color"].removeprefix("#")) if "border" in shape else Side()
        colour = shape.get("bg_color", "").removeprefix("#")
        fill = PatternFill("solid", fgColor=colour) if colour else PatternFill()
        at = {"horizontal": shape.get("align"), "indent": shape.get("indent", 0)}
        if at["indent"]:
            at["horizontal"] = "left"
        vertical = shape["valign"].replace("vcenter", "center")
        alignment = Alignment(vertical=vertical, wrap_text=shape.get("text_wrap", False), **at)
        border, quoted = Border(side, side, side, side), shape.get("quote_prefix", False)
        return _Style(font, fill, border, alignment, shape.get("num_format", "General"), quoted)


class CopiedSheet:
    """A sheet of the copy that understands what the page writer says to one of XlsxWriter's; rows and columns from 0."""

    def __init__(self, page: Worksheet, values: _Values, widths: Sequence[float] = ()) -> None:
        """Speak to this sheet; `widths` are those of the columns that are the officer's.

        Of each row of the officer's it keeps how many lines his texts take, and where in their height they stand, for the
        answers to stand level with them.
        """
        self.page, self.values, self.widths = page, values.setdefault(page.title, {}), widths
        self.looks: dict[tuple[int, str | None], Any] = {}
        self.rows: dict[int, tuple[int, str | None]] = {}
        for (row, column), cell in sorted(page._cells.items()):  # noqa: SLF001
            if isinstance(cell.value, str) and column <= len(widths):
                look = cell.alignment
                lines = len(cell.value) // max(1, int(widths[column - 1])) + 1 if look.wrap_text else 1
                before, level = self.rows.get(row, (1, look.vertical))
                self.rows[row] = max(before, lines), level

    # The page writer speaks to these as to XlsxWriter's of the same names, which its documentation describes.

    def set_column(self, first: int, last: int, width: float) -> None:
        for index in range(first, last + 1):
            self.page.column_dimensions[letters(index)].width = width

    def set_row(self, row: int, height: float) -> None:
        shape = self.page.row_dimensions[row + 1]
        lines, _ = self.rows.get(row + 1, (1, None))
        shape.height = max(height, lines * LINE_HIGH if shape.height is None else shape.height)

    def write_string(self, row: int, column: int, value: str, style: _Style) -> None:
        self._put(row, column, value, style, "s")

    def write_number(self, row: int, column: int, value: float, style: _Style) -> None:
        self._put(row, column, value, style, "n")

    def write_boolean(self, row: int, column: int, value: bool, style: _Style) -> None:
        self._put(row, column, value, style, "b")

    def write_datetime(self, row: int, column: int, value: date, style: _Style) -> None:
        self._put(row, column, value, style, "d")

    def write_formula(self, row: int, column: int, formula: str, style: _Style, value: int) -> None:
        self.values[f"{letters(column)}{row + 1}"] = value
        self._put(row, column, formula, style, "f")

    def _put(self, row: int, column: int, value: object, style: _Style, kind: str) -> None:
        cell: Any = self.page.cell(row + 1, column + 1)
        cell._value, cell.data_type = value, kind  # noqa: SLF001 - as it is: by `value` a text with = would be a formula
        _, level = self.rows.get(row + 1, (1, style.alignment.vertical))
        if (known := self.looks.get((id(style), level))) is None:
            known = self.looks[id(style), level] = _look(cell, style, level)
        cell._style = copy(known)  # noqa: SLF001 - many times as fast as to look each part of a style up again

    def freeze_panes(self, row: int, column: int) -> None:
        if self.page.freeze_panes is None:
            self.page.freeze_panes = f"{letters(column)}{row + 1}"

    def autofilter(self, *span: int) -> None:
        if self.page.auto_filter.ref is None:
            self.page.auto_filter.ref = _span(*span)

    def print_area(self, *span: int) -> None:
        self.page.print_area = _span(*span)

    def repeat_rows(self, first: int, last: int) -> None:
        if not self.page.print_title_rows:
            self.page.print_title_rows = f"{first + 1}:{last + 1}"

    def repeat_columns(self, first: int, last: int) -> None:
        self.page.print_title_cols = f"{letters(first)}:{letters(last)}"

    def set_landscape(self) -> None:
        self.page.page_setup.orientation = "landscape"

    def set_paper(self, size: int) -> None:
        self.page.page_setup.paperSize = size

    def fit_to_pages(self, wide: int, high: int) -> None:
        self._fit(on=True)
        self.page.page_setup.fitToWidth, self.page.page_setup.fitToHeight = wide, high

    def set_print_scale(self, percent: int) -> None:
        self._fit(on=False)
        self.page.page_setup.scale = percent

    def _fit(self, *, on: bool) -> None:
        from openpyxl.worksheet.properties import PageSetupProperties

        self.page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=on)

    def set_v_pagebreaks(self, columns: Sequence[int]) -> None:
        from openpyxl.worksheet.pagebreak import Break

        for column in columns:
            self.page.col_breaks.append(Break(id=column))

    def set_margins(self, left: float, right: float, top: float, bottom: float) -> None:
        from openpyxl.worksheet.page import PageMargins

        self.page.page_margins = PageMargins(left, right, top, bottom, header=HEADER_HIGH, footer=HEADER_HIGH)

    def set_footer(self, text: str) -> None:
        if not self.page.HeaderFooter:
            footer: Any = self.page.oddFooter
            footer.center.text = text.removeprefix("&C")

    def protect(self) -> None:
        self.page.protection.enable()


def _look(cell: Any, style: _Style, level: str | None) -> Any:
    """The style of a cell as openpyxl numbers it, once it is set part by part."""
    from openpyxl.styles import Alignment

    cell.font, cell.fill, cell.border = style.font, style.fill, style.border
    cell.number_format, cell.quotePrefix = style.number_format, style.quoted
    cell.alignment = Alignment(**{**vars(style.alignment), "vertical": level})
    return copy(cell._style)  # noqa: SLF001


def _span(top: int, left: int, bottom: int, right: int) -> str:
    return f"{letters(left)}{top + 1}:{letters(right)}{bottom + 1}"


# --- the values of formulas -------------------------------------------------------------------------------------------


def _stored(book: Workbook, original: BytesIO) -> _Values:
    """The values that the original has stored with its formulas, so that the copy shows them before it is calculated."""
    from openpyxl import load_workbook

    formulas = {page.title: [cell.coordinate for cell in _cells(page) if cell.data_type == "f"] for page in book.worksheets}
    if not any(formulas.values()):
        return {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        values = load_workbook(original, data_only=True)
    return {title: {place: values[title][place].value for place in places} for title, places in formulas.items()}


def _cells(page: Any) -> Iterable[BookCell]:
    return page._cells.values()  # type: ignore[no-any-return]  # noqa: SLF001 - the public iterators make blank ones


def _save(copy: _Copy, path: Path) -> None:
    """Saves a copy, each formula with its value."""
    held = BytesIO()
    with _or_refused():
        copy.book.save(held)
    sheets = {page.path.removeprefix("/"): copy.values.get(page.title, {}) for page in copy.book.worksheets}

    def with_values(part: str, content: bytes) -> bytes:
        values = sheets.get(part)
        return _FORMULA.sub(lambda found: _with_value(found, values), content) if values else content

    path.write_bytes(packed_anew(held, with_values))


def _with_value(found: re.Match[bytes], values: Mapping[str, object]) -> bytes:
    from openpyxl.utils.datetime import to_excel

    value = values.get(found[1].decode())
    if value is None:
        return found[0]
    kind = "e" if isinstance(value, str) and value.startswith("#") else "str" if isinstance(value, str) else "n"
    if isinstance(value, bool):
        kind, value = "b", int(value)
    elif isinstance(value, str):
        value = escape(value, quote=False)
    elif not isinstance(value, int | float):
        value = to_excel(value)  # type: ignore[no-untyped-call]
    head = b'<c r="%s"%s t="%s">%s<v>' % (found[1], found[2], kind.encode(), found[3])
    return head + str(value).encode() + b"</v></c>"
