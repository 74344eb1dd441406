"""Pages: how a sheet of a workbook is laid out and made ready for A4, and how values become cells.

The decision taken here: text is always written as text, so that nothing an officer or an applicant typed becomes a formula;
formulas are only those of this package, and each is stored with its value. Needs the extra `excel` (XlsxWriter).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, NamedTuple

from kcgrant.errors import InputError, fault
from kcgrant.files import require
from kcgrant.language import Lang, say
from kcgrant.parsing import Damaged
from kcgrant.register.form import MOST_TEXT, OWN
from kcgrant.register.rows import letters, quoted

MOST_EXACT: Final = 2**53  # whole numbers up to it are exact in a spreadsheet
MOST_HIGH: Final = 409  # points; Excel shows no higher row
LINE_HIGH: Final = 15  # points
LAST_ROW: Final = 2**20  # of a sheet
PAPER_A4: Final = 9
PAGE_WIDE: Final = 1040  # pixels between the margins of A4 across
READABLE_SCALE: Final = 91  # percent; 11 points become 10
LEAST_SCALE: Final = 55  # percent; 11 points become 6
# The font of official papers, of which a digit is as wide as the widths of columns suppose wherever it or its double is.
_OPTIONS: Final = {"default_format_properties": {"font_name": "Times New Roman", "font_size": 11}}
AN_AMOUNT: Final = 100_000  # a larger number of the officer's is shown as an amount
FIRST_YEAR: Final = 1900  # of the days that a spreadsheet knows
_UNSAFE: Final = frozenset("=+-@\t\r\n＝＋－＠")
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]")
MOST_TITLE: Final = 31  # characters of the title of a sheet
_NOT_IN_TITLES: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_WRAPPING: Final = frozenset(("wrapped", "heading", "result-heading", "bad"))
_HEADING: Final = {
    "bold": True,
    "border": 1,
    "border_color": "#BFBFBF",
    "text_wrap": True,
    "valign": "vcenter",
    "align": "center",
}
_STYLES: Final[Mapping[str, Mapping[str, object]]] = {
    "heading": _HEADING | {"bg_color": "#D9E1F2"},
    "result-heading": _HEADING | {"bg_color": "#E2EFDA"},
    "title": {"bold": True, "font_size": 14},
    "note": {"italic": True},
    "wrapped": {"text_wrap": True, "indent": 1},
    "bad": {"text_wrap": True, "bg_color": "#F8CBAD"},
    "number": {"num_format": "#,##0"},
    "text": {"num_format": "@"},
    "plain": {"indent": 1},
    "left": {"align": "left", "text_wrap": True, "num_format": "#,##0"},
    "strong": {"bold": True, "text_wrap": True},
    "strong-number": {"bold": True, "num_format": "#,##0"},
    "quoted": {"quote_prefix": True},  # Excel's own mark of a text that looks like a formula
    "quoted-wrapped": {"quote_prefix": True, "text_wrap": True, "indent": 1},
}


def allowed(title: str) -> str:
    """The title that Excel takes for a sheet, as near as can be to the one wanted."""
    return _NOT_IN_TITLES.sub(" ", title).strip("' ")[:MOST_TITLE] or "Sheet"


class Formula(NamedTuple):
    """A formula of ours, with the value that it must have."""

    text: str
    value: int


class Bad(str):
    """A text that is to be seen, whatever the style of its column."""

    __slots__ = ()


Values = Sequence[object]
Cells = Sequence[tuple[object, str]]
"""The cells of a row: values with the names of their styles; `own` is the style of the officer's cells."""


class Book(NamedTuple):
    """A workbook that is being written, its styles, and the language of its words."""

    file: Any
    styles: Mapping[str, Any]
    lang: Lang


@contextmanager
def _as_system_errors(wrapped: type[Exception]) -> Iterator[None]:
    """The errors of the system, a full disk say, that XlsxWriter wraps in its own."""
    try:
        yield
    except wrapped as error:
        raise error.args[0] from None


@contextmanager
def new_book(path: Path, lang: Lang) -> Iterator[Book]:
    """A workbook to be written row by row; it is complete when the block ends."""
    require("excel", "xlsxwriter")
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError  # type: ignore[import-untyped]

    with _as_system_errors(FileCreateError), path.open("wb") as file, Workbook(file, _OPTIONS) as book:
        # XlsxWriter would look for thirty functions newer than Excel 2007 in every formula, half of the time of writing, but
        # ours have none; and for signs to be escaped in the address and the style of every cell, a fifth of the rest.
        quick = {"_prepare_formula": lambda _, formula, *__: formula.removeprefix("="), "_write_cell": _write_cell}
        book.worksheet_class = type("Worksheet", (Workbook.worksheet_class,), quick)
        book.set_properties({"author": "kcgrant", "created": datetime(1980, 1, 1)})  # noqa: DTZ001 - two runs give the same
        yield Book(book, styles_of(book, lang), lang)


def styles_of(file: Any, lang: Lang) -> dict[str, Any]:
    """The styles by name, as a workbook that is being written has them."""
    day = {"num_format": "dd/mm/yyyy" if lang == "vi" else "yyyy-mm-dd"}
    return {name: file.add_format({"valign": "top", **style}) for name, style in {**_STYLES, "day": day}.items()}


def _write_cell(sheet: Any, row: int, column: int, cell: Any) -> None:
    """Writes a cell of ours as XlsxWriter does, but at once: each has a style, and the value of each formula is a number."""
    kind, style = cell.__class__.__name__, cell.format._get_xf_index()  # noqa: SLF001
    begun = f'<c r="{letters(column)}{row + 1}" s="{style}"'
    if kind == "String":
        sheet.fh.write(f'{begun} t="s"><v>{cell.string}</v></c>')
    elif kind == "Formula":
        sheet.fh.write(f"{begun}><f>{escape(cell.formula, quote=False)}</f><v>{cell.value}</v></c>")
    elif kind == "Number":
        sheet.fh.write(f"{begun}><v>{cell.number:.16G}</v></c>")
    else:
        super(type(sheet), sheet)._write_cell(row, column, cell)


def new_sheet(book: Book, title: str, widths: Sequence[int], heading_row: int, last_row: int, *, frozen: int = 1) -> Any:
    """A sheet ready for A4: landscape, its headings frozen and repeated on every page, filtered, with page numbers.

    `widths` are in characters; `heading_row` is 0 without headings; the first `frozen` columns stay in sight.
    """
    if last_row > LAST_ROW:  # what stands below it would vanish
        told = "{sheet} would have {rows} rows, and a sheet holds at most {most}; write .csv or .jsonl"
        raise InputError([fault("", told, sheet=title, rows=last_row, most=LAST_ROW)])
    sheet = book.file.add_worksheet(title)
    for index, width in enumerate(widths):
        sheet.set_column(index, index, width)
    last = max(last_row, heading_row) - 1, len(widths) - 1
    sheet.print_area(0, 0, *last)
    if heading_row:
        sheet.freeze_panes(heading_row, frozen)
        sheet.autofilter(heading_row - 1, 0, *last)
        sheet.repeat_rows(heading_row - 1, heading_row - 1)
        sheet.repeat_columns(0, 0)
    sheet.fit_to_pages(1, 0)
    on_paper(book, sheet)
    return sheet


def on_paper(book: Book, sheet: Any) -> None:
    """Lays a sheet out on A4 across, with the number of the page below."""
    sheet.set_landscape()
    sheet.set_paper(PAPER_A4)
    sheet.set_margins(left=2 / 5, right=2 / 5, top=3 / 5, bottom=3 / 5)
    sheet.set_footer("&C" + say("Page &P of &N", book.lang))


def print_beside(sheet: Any, widths: Sequence[float], names: range, breaks: Sequence[int]) -> None:
    """Prints a wide sheet page beside page, broken before the columns `breaks`, the names again on each of them.

    A part that would have to be shrunk below 10 points is broken again. All pages have the one scale at which the widest of
    them fits; only a single column that is wider than a page makes it smaller than that.
    """
    repeated = sum(map(_pixels, widths[names.start : names.stop]))
    breaks = list(_breaks(widths, names, breaks, repeated))
    ends = [*breaks, len(widths)]
    parts = [sum(map(_pixels, widths[begin:end])) for begin, end in pairwise([0, *ends])]
    widest = max([parts[0], *(part + repeated for part in parts[1:])])
    sheet.repeat_columns(names.start, names.stop - 1)
    sheet.set_print_scale(max(LEAST_SCALE, min(100, int(100 * PAGE_WIDE / widest))))
    sheet.set_v_pagebreaks(breaks)


def _breaks(widths: Sequence[float], names: range, wanted: Sequence[int], repeated: float) -> Iterator[int]:
    """The columns before which a new page begins: those wanted, and where a page is full at the least scale to be read."""
    used: float = 0
    for index, wide in enumerate(map(_pixels, widths)):
        if index and (index in wanted or used + wide > PAGE_WIDE * 100 / READABLE_SCALE):
            yield index
            used = repeated if index >= names.stop else 0
        used += wide


def _pixels(width: float) -> float:
    return 8 * width + 5  # of the widest usual font; of Calibri it would be 7


def own_sheet(
    book: Book, title: str, columns: Mapping[str, tuple[int, str]], rows: Iterable[Values], *, notes: Sequence[str] = ()
) -> Any:
    """A sheet of ours: its title, notes, columns (headings with their widths and styles), and rows."""
    top, widths, every = len(notes) + 2, [width for width, _ in columns.values()], list(rows)
    sheet = new_sheet(book, title, widths, top, top + len(every))
    append(book, sheet, 1, [(OWN + title, "title")], widths)
    for number, note in enumerate(notes, 2):
        append(book, sheet, number, [(note, "note")], widths)
    append(book, sheet, top, [(heading, "heading") for heading in columns], widths)
    for number, row in enumerate(every, top + 1):
        styles = zip(row, columns.values(), strict=False)
        cells = [(value, "bad" if isinstance(value, Bad) else style) for value, (_, style) in styles]
        append(book, sheet, number, cells, widths)
    return sheet


def append(book: Book, sheet: Any, number: int, cells: Cells, widths: Sequence[int]) -> int:
    """Writes the next row, high enough for the text that it wraps, and returns its height in points."""
    high, row, styles = 1, number - 1, book.styles
    for index, (given, named) in enumerate(cells):
        if given is None or given == "":
            continue
        value, style = _own(given) if named == "own" else (given, named)
        if not isinstance(value, str):
            _put(sheet, row, index, value, styles[style])
            continue
        if style in _WRAPPING and (len(value) >= widths[index] or "\n" in value):
            high = max(high, _lines(value, widths[index]))
        if style == "wrapped" and value[0] in _UNSAFE:
            style = "quoted-wrapped"
        # Without control characters, and no longer than a cell may be.
        plain = value if value.isprintable() else _ILLEGAL.sub("\ufffd", value)
        sheet.write_string(row, index, plain[:MOST_TEXT], styles[style])
    points = min(MOST_HIGH, LINE_HIGH * high + 2) if high > 1 else LINE_HIGH
    if high > 1:
        sheet.set_row(row, points)
    return points


def _lines(value: str, width: int) -> int:
    """How many lines a text takes; a spreadsheet finds the height of a row by itself only while somebody edits it."""
    room = max(1, width - 1)
    return sum([len(line) // room + 1 for line in value.split("\n")])


def _put(sheet: Any, row: int, column: int, value: object, form: object) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value, form)
    elif isinstance(value, Formula):
        sheet.write_formula(row, column, value.text, form, value.value)
    elif isinstance(value, date) and value.year > FIRST_YEAR:
        sheet.write_datetime(row, column, value, form)
    elif isinstance(value, int | float | Decimal) and -MOST_EXACT <= value <= MOST_EXACT:
        sheet.write_number(row, column, value, form)
    else:
        sheet.write_string(row, column, str(value), form)


def _own(value: object) -> tuple[object, str]:
    """The officer's cell as it was, and how it is shown: text as text, numbers as numbers, days as days."""
    if isinstance(value, str):
        return value, "quoted" if value[:1] in _UNSAFE else "plain"
    if isinstance(value, Damaged):
        return value.text, "quoted"
    if isinstance(value, date):
        return value, "day"
    return value, "number" if isinstance(value, int | float) and abs(value) >= AN_AMOUNT else "plain"


def cell_of(sheet: str, column: str, row: int, *, fixed: bool = False) -> str:
    """A cell of a sheet as a formula names it."""
    return f"{quoted(sheet)}!${column}${row}" if fixed else f"{quoted(sheet)}!{column}{row}"
