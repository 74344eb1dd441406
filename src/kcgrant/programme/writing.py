"""Files of a programme: the list of a plan as a workbook, a CSV table or a JSON document.

The decision taken here: a file is written beside its place and renamed, so that an interrupted run leaves the old one whole;
and no text of a dossier is ever taken for a formula by the program that opens it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from kcgrant.errors import Fault, InputError, printable, shown
from kcgrant.files import atomically
from kcgrant.language import Lang, Text, decimal, grouped, say, value_name
from kcgrant.programme.plan import Award, Programme

if TYPE_CHECKING:
    from openpyxl.worksheet.header_footer import HeaderFooterItem
    from openpyxl.worksheet.worksheet import Worksheet


Value = str | int | date | Decimal | None

_WIDTHS: Final = {
    "rank": 7,
    "reference": 16,
    "establishment": 28,
    "approved_on": 12,
    "points": 8,
    "place": 9,
    "outcome": 15,
    "reason": 44,
}
_CALLED: Final = {
    "budget_vnd": "Budget",
    "committed_vnd": "Committed before",
    "awarded_vnd": "Awarded",
    "left_vnd": "Left",
    "rank": "Rank",
    "reference": "Reference",
    "establishment": "Establishment",
    "approved_on": "Plan approved on",
    "points": "Points",
    "place": "Stated order",
    "maximum_vnd": "Ceiling",
    "assured_vnd": "Assured",
    "held_vnd": "Open questions",
    "outcome": "Outcome",
    "reason": "Why",
}
_POLICIES: Final = {
    "ranked": "ranked by {by}, whole awards only",
    "pro-rata": "pro rata to the assured amounts",
    "best": "the selection with the most points",
}
_RANKINGS: Final = {"points": "points", "place": "the stated order", "date": "day of approval"}
_AMOUNT_WIDTH: Final = 17
_HEADING_HEIGHT: Final = 32  # points, for two lines
_SHADE: Final = "D9E1F2"
_AMOUNTS: Final = ("maximum_vnd", "assured_vnd", "awarded_vnd", "held_vnd")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_EXACT_IN_A_CELL: Final = 2**53  # a cell holds a double; beyond this an amount is written as text
_A4: Final = 9  # the number of this size of paper in the format


def write(programme: Programme, file: str | Path, lang: Lang = "en") -> None:
    """Writes a plan to a file whose ending says how: `.xlsx` (extra `excel`), `.csv` (UTF-8 with a mark), `.json`.

    Raises:
        InputError: another ending, or the file cannot be written; what stood there before is left whole.
        ModuleNotFoundError: the extra `excel` is not installed.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from kcgrant.programme.plan import plan
        >>> with TemporaryDirectory() as folder:
        ...     write(plan([], 4_000_000_000, "pro-rata"), Path(folder) / "plan.csv")
        ...     (Path(folder) / "plan.csv").read_text(encoding="utf-8-sig").split(",")[:2]
        ['Reference', 'Establishment']
    """
    path = Path(file)
    content = writer_for(path)(programme, lang)
    atomically(path, lambda beside: beside.write_bytes(content))


def writer_for(path: Path) -> Callable[[Programme, Lang], bytes]:
    """What makes the content of a file with such an ending.

    Raises:
        InputError: the ending is none of `.xlsx`, `.csv`, `.json`.
    """
    if path.suffix.lower() not in _WRITERS:
        given, known = shown(path.suffix or path.name), ", ".join(_WRITERS)
        text = Text(
            en=f"given {given}; expected a name ending in {known}", vi=f"giá trị {given}; cần tên tệp có đuôi {known}"
        )
        raise InputError([Fault(printable(str(path)), text)])
    return _WRITERS[path.suffix.lower()]


# --- what is in the list ----------------------------------------------------------------------------------------------


def head(programme: Programme, lang: Lang) -> list[tuple[str, str | int]]:
    """What stands above the list: how the budget was shared, and its sums in whole đồng."""
    how = _POLICIES[programme.policy]
    if programme.partial_last:
        how = "ranked by {by}, the last award may be partial"
    how = say(how, lang, by=say(_RANKINGS[programme.by], lang) if programme.by else "")
    rows: list[tuple[str, str | int]] = [(say("How it is shared", lang), how)]
    rows += [
        (say(_CALLED[key], lang), getattr(programme, key))
        for key in ("budget_vnd", "committed_vnd", "awarded_vnd", "left_vnd")
    ]
    for one in programme.envelopes:
        told = say(
            "{awarded} awarded of {amount}, left {left}",
            lang,
            awarded=one.awarded_vnd,
            amount=one.amount_vnd,
            left=one.left_vnd,
        )
        rows.append((say("Envelope {norm}", lang, norm=one.norm), told))
    if programme.floor_vnd:
        rows.append((say("Smallest award", lang), programme.floor_vnd))
    if programme.points is not None:
        rows.append((say("Points of the selection", lang), decimal(programme.points, lang)))
    if programme.held_vnd:
        rows.append(
            (
                say("Open questions", lang),
                say(
                    "{amount} more could be due if every open answer is favourable; not taken from the budget",
                    lang,
                    amount=programme.held_vnd,
                ),
            )
        )
    counts = [(o, sum([award.outcome == o for award in programme.awards])) for o in _in_turn(programme.awards)]
    rows.append((say("Dossiers", lang), ", ".join(f"{value_name(o, lang)}: {grouped(n, lang)}" for o, n in counts) or "0"))
    return rows


def _in_turn(awards: Iterable[Award]) -> list[str]:
    return list(dict.fromkeys(award.outcome for award in awards))


def columns(programme: Programme) -> list[str]:
    """The columns of the list: those that are filled; with several norms, one for what goes to each."""
    norms = sorted({part.norm for award in programme.awards for part in award.parts})
    filled = [key for key in ("points", "place") if any(getattr(award, key) is not None for award in programme.awards)]
    parts = [f"norm:{norm}" for norm in norms] if len(norms) > 1 else []
    rank = ["rank"] if programme.policy != "pro-rata" else []
    own = [*rank, "reference", "establishment", "approved_on", *filled]
    return [*own, *_AMOUNTS[:3], *parts, "held_vnd", "outcome", "reason"]


def heading(column: str, lang: Lang) -> str:
    """The heading of a column."""
    if column.startswith("norm:"):
        return f"{say('Awarded', lang)}: {column.removeprefix('norm:')}"
    return say(_CALLED[column], lang)


def value(award: Award, column: str, lang: Lang) -> Value:
    """What stands in a column for a dossier."""
    if column.startswith("norm:"):
        return sum([part.awarded_vnd for part in award.parts if column == f"norm:{part.norm}"])
    if column == "outcome":
        return value_name(award.outcome, lang)
    if column == "reason":
        return award.reason[lang]
    found: Value | Fraction = getattr(award, column)
    if isinstance(found, Fraction):
        exact = decimal(found)
        return exact if "/" in exact else Decimal(exact)
    return found


# --- how it is written ------------------------------------------------------------------------------------------------


def _json(programme: Programme, lang: Lang) -> bytes:  # noqa: ARG001 - the document holds both languages
    return (programme.to_json(indent=2) + "\n").encode()


def _csv(programme: Programme, lang: Lang) -> bytes:
    """The list as a table with plain digits; text that a spreadsheet would calculate has an apostrophe before it."""
    text = io.StringIO(newline="")
    out = csv.writer(text)
    names = columns(programme)
    out.writerow([heading(name, lang) for name in names])
    for award in programme.awards:
        values = [value(award, name, lang) for name in names]
        out.writerow([f"'{one}" if isinstance(one, str) and one.startswith(_FORMULA) else one for one in values])
    return text.getvalue().encode("utf-8-sig")


def _xlsx(programme: Programme, lang: Lang) -> bytes:
    """A workbook of two sheets, ready to be printed on A4: the list, and what stands above it."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment

    book = Workbook()
    book.remove(book.worksheets[0])
    _list_sheet(book.create_sheet(say("Plan", lang)), programme, lang)
    sheet = book.create_sheet(say("Summary", lang))
    rows: list[Sequence[Value]] = [
        (say("Plan of the programme", lang), None),
        (say("Unit: đồng", lang), None),
        *head(programme, lang),
    ]
    _fill(sheet, rows, lang)
    _embolden(sheet, {"A1"} | {f"A{row}" for row in range(3, len(rows) + 1)})
    sheet.column_dimensions["A"].width = _WIDTHS["reason"]
    sheet.column_dimensions["B"].width = 2 * _WIDTHS["reason"]
    for row in range(3, len(rows) + 1):
        sheet[f"B{row}"].alignment = Alignment(horizontal="left", vertical="top", wrap_text=True)
    _page(sheet, lang)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _list_sheet(sheet: Worksheet, programme: Programme, lang: Lang) -> None:
    from openpyxl.utils import get_column_letter

    names = columns(programme)
    last = len(programme.awards) + 1
    letters = {name: get_column_letter(place) for place, name in enumerate(names, 1)}
    rows = [[value(award, name, lang) for name in names] for award in programme.awards]
    summed = [place for place, name in enumerate(names) if name in _AMOUNTS or name.startswith("norm:")]
    total: list[Value] = [None] * len(names)
    total[names.index("reference")] = say("Total", lang)
    for place in summed:
        total[place] = sum([one for row in rows if isinstance(one := row[place], int)])
    _fill(sheet, [[heading(name, lang) for name in names], *rows, total], lang)
    _embolden(sheet, [f"{letter}{row}" for letter in letters.values() for row in (1, last + 1)])
    _headed(sheet, [f"{letter}1" for letter in letters.values()])
    sheet.auto_filter.ref = f"A1:{letters['reason']}{last}"
    sheet.freeze_panes = f"{letters['establishment']}2"
    sheet.print_title_rows = "1:1"
    for name, letter in letters.items():
        sheet.column_dimensions[letter].width = _WIDTHS.get(name, _AMOUNT_WIDTH)
    _page(sheet, lang)


def _fill(sheet: Worksheet, rows: Iterable[Sequence[Value]], lang: Lang) -> None:
    """Rows of a sheet; text stays text whatever it begins with, and amounts that a cell cannot hold exactly become text."""
    from openpyxl.styles import Alignment

    top = Alignment(vertical="top", wrap_text=True)
    text = Alignment(horizontal="left", vertical="top", wrap_text=True, indent=1)  # clear of figures before it
    for row, values in enumerate(rows, 1):
        for column, one in enumerate(values, 1):
            large = isinstance(one, int) and one >= _EXACT_IN_A_CELL
            cell = sheet.cell(row, column, grouped(one, lang) if isinstance(one, int) and large else one)
            cell.alignment = top
            if isinstance(cell.value, str):
                cell.alignment = text
                cell.data_type = "s"
                cell.quotePrefix = cell.value.startswith(_FORMULA)
            elif isinstance(cell.value, date):
                cell.number_format = "dd/mm/yyyy" if lang == "vi" else "yyyy-mm-dd"
            elif isinstance(cell.value, int):
                cell.number_format = "#,##0"


def _embolden(sheet: Worksheet, places: Iterable[str]) -> None:
    from openpyxl.styles import Font

    bold = Font(name="Calibri", size=11, bold=True)
    for place in places:
        sheet[place].font = bold


def _headed(sheet: Worksheet, places: Iterable[str]) -> None:
    """The headings of a list: two rows high, shaded, in the middle of their columns."""
    from openpyxl.styles import Alignment, PatternFill

    middle, shade = Alignment(horizontal="center", vertical="center", wrap_text=True), PatternFill("solid", _SHADE)
    for place in places:
        sheet[place].alignment, sheet[place].fill = middle, shade
    sheet.row_dimensions[1].height = _HEADING_HEIGHT


def _page(sheet: Worksheet, lang: Lang) -> None:
    """A4 across, as wide as the page, with the title above and the page number below."""
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_area = sheet.dimensions
    above, below = cast("HeaderFooterItem", sheet.oddHeader), cast("HeaderFooterItem", sheet.oddFooter)
    above.center.text = say("Plan of the programme", lang)
    below.left.text, below.right.text = say("Unit: đồng", lang), "&P / &N"


_WRITERS: Final[dict[str, Callable[[Programme, Lang], bytes]]] = {".xlsx": _xlsx, ".csv": _csv, ".json": _json}
