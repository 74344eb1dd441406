"""Annex: the sheet of a plan that is annexed to a proposal or a decision, and behind it who is not on it, and why.

The decision taken here: what is signed has one row for each dossier and kind of support, grouped by kind, in million đồng,
in the font and the order of an official list; amounts are numbers of the cell, with just the decimals that they have.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from kcgrant.language import Lang, Text, figures, say, value_name
from kcgrant.money import MOST_VND, sentence
from kcgrant.programme.plan import Award, Part, Programme, natural
from kcgrant.register.pages import LEAST_SCALE, Book, append, new_sheet

_TIMES: Final = {"font_name": "Times New Roman", "font_size": 11, "valign": "vcenter"}
_BOX: Final = {**_TIMES, "border": 1, "text_wrap": True}
_STYLES: Final[dict[str, dict[str, object]]] = {
    "heading": _BOX | {"bold": True, "align": "center"},
    "wrapped": _BOX | {"indent": 1},
    "quoted-wrapped": _BOX | {"indent": 1, "quote_prefix": True},
    "centre": _BOX | {"align": "center"},
    "strong": _BOX | {"bold": True},
    "title": _TIMES | {"bold": True, "font_size": 14, "align": "center", "text_wrap": True},
    "line": _TIMES | {"align": "center", "italic": True},
    "plain": _TIMES,
    "unit": _TIMES | {"align": "right", "italic": True},
    "signed": _TIMES | {"bold": True, "align": "center"},
    **{f"number{places}": _BOX | {"num_format": "#,##0" + f".{'0' * places}".rstrip(".")} for places in range(7)},
    **{f"sum{places}": _BOX | {"num_format": "#,##0" + f".{'0' * places}".rstrip("."), "bold": True} for places in range(7)},
}
_COLUMNS: Final = {
    "No.": 5,
    "Scheme": 29,
    "Beneficiary": 24,
    "Address": 16,
    "Total cost": 11,
    "Industrial promotion": 11,
    "Own capital": 11,
    "Legal basis": 19,
    "Note": 15,
}
_AMOUNTS: Final = ("Total cost", "Industrial promotion", "Own capital")
_NAMES: Final = ("Scheme", "Beneficiary")
LEAST_WIDE: Final = 16  # characters; names are wrapped in less
PAGE_HIGH: Final = 510  # points between the margins of A4 across, less what a printer may take more
PAGE_SCALE: Final = 95  # percent; at it the columns as they are usually fit on a page
HEAD_HIGH: Final = 110  # points of the titles
ENDING_HIGH: Final = 160  # points of the sum in words and the places for signatures
_ROMAN: Final = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
_OTHERS: Final = {"No.": 5, "Reference": 14, "Beneficiary": 30, "Assured (million VND)": 14, "Outcome": 18, "Why": 60}


def annex(book: Book, programme: Programme) -> None:
    """Adds the sheets of the annex to a workbook: the list of awards, the reserve list, and those without an award."""
    ours = Book(book.file, {name: book.file.add_format(style) for name, style in _STYLES.items()}, book.lang)
    _list(ours, programme)
    reserve = [award for award in programme.awards if award.outcome == "reserve"]
    if reserve:
        _other(ours, say("Reserve list", book.lang), [_row_of(award, book.lang) for award in reserve])
    rest = [_row_of(one, book.lang) for one in programme.awards if not one.awarded_vnd and one.outcome != "reserve"]
    rest += [(one.reference, one.establishment, None, say("at fault", book.lang), one.reason) for one in programme.left_out]
    if rest:
        _other(ours, say("Without an award", book.lang), rest)


_Row = tuple[str, str, int | None, str, Text]


def _row_of(award: Award, lang: Lang) -> _Row:
    return award.reference, award.establishment, award.assured_vnd, value_name(award.outcome, lang), award.reason


# --- the list ---------------------------------------------------------------------------------------------------------


def _list(book: Book, programme: Programme) -> None:
    lang = book.lang
    rows = list(_rows(programme, lang))
    widths = _widths(rows)
    head = 6
    sheet = _sheet(book, say("Annex", lang), widths, head, head + 1 + len(rows))
    years = {award.approved_on.year for award in programme.awards}
    year = str(years.pop()) if len(years) == 1 else "……"
    last = len(widths) - 1
    told = (
        (say("ANNEX", lang), "title"),
        (say("PLAN OF INDUSTRIAL PROMOTION FUNDS OF {year}", lang, year=year), "title"),
        (say("(Annexed to … No. …/… of … … …)", lang), "line"),
    )
    for number, (text, style) in enumerate(told):
        sheet.merge_range(number, 0, number, last, text, book.styles[style])
    sheet.merge_range(4, 0, 4, last, say("Unit: million đồng", lang), book.styles["unit"])
    headings = append(book, sheet, head, [(say(name, lang), "heading") for name in _COLUMNS], widths)
    columns = [str(number) for number in range(1, len(widths) + 1)]
    append(book, sheet, head + 1, [(f"({number})", "centre") for number in columns], widths)
    number, blocks, joined = head + 1, [[0, HEAD_HIGH + headings]], False  # row and height of what stays on one page
    for number, cells in enumerate(rows, head + 2):
        blank = [(" ", "wrapped")] * len(widths)
        high = append(book, sheet, number, [cell if cell[0] not in (None, "") else blank[0] for cell in cells], widths)
        if joined or number == head + 1 + len(rows):  # a group has its first row with it, and the sum of all the last award
            blocks[-1][1] += high
        else:
            blocks.append([number - 1, high])
        joined = cells[1][1] == "strong"
        if joined:  # the title of a group has the room of the columns beside it
            sheet.merge_range(number - 1, 1, number - 1, 3, cells[1][0], book.styles["strong"])
    blocks[-1][1] += ENDING_HIGH
    sheet.set_print_scale(max(LEAST_SCALE, min(PAGE_SCALE, PAGE_SCALE * sum(_COLUMNS.values()) // sum(widths))))
    sheet.set_h_pagebreaks(list(_page_starts(blocks, headings)))
    _ending(book, sheet, number + 1, programme.awarded_vnd)


def _page_starts(blocks: Sequence[Sequence[int]], headings: int) -> Iterator[int]:
    """The rows at which a page begins: a page is as full as its blocks let it be, and the signatures never stand alone."""
    used = 0
    for row, high in blocks:
        if used and used + high > PAGE_HIGH:
            yield row
            used = headings
        used += high


def _widths(rows: Sequence[Sequence[tuple[object, str]]]) -> list[int]:
    """The widths of the columns: those of amounts hold the longest of them, and names give the room for that."""
    widths = dict(_COLUMNS)
    for place, name in enumerate(_AMOUNTS, list(_COLUMNS).index(_AMOUNTS[0])):
        longest = max((len(f"{cells[place][0]:,f}") for cells in rows if isinstance(cells[place][0], Decimal)), default=0)
        more = max(0, longest + 2 - widths[name])
        widths[name] += more
        for giving, part in zip(_NAMES, (more // 2, more - more // 2), strict=True):
            widths[giving] = max(LEAST_WIDE, widths[giving] - part)
    return list(widths.values())


def _rows(programme: Programme, lang: Lang) -> Iterator[list[tuple[object, str]]]:
    """The rows of the list: for each kind of support its sum, then a row for each dossier; at the end the sum of all."""
    paid = [(award, part) for award in programme.awards for part in award.parts if part.awarded_vnd]
    norms = sorted({part.norm for _, part in paid}, key=lambda norm: _title(programme, norm, lang))
    for number, norm in enumerate(norms, 1):
        own = [(award, part) for award, part in paid if part.norm == norm]
        if programme.policy == "pro-rata":  # which has no order of its own
            own.sort(key=lambda pair: natural(pair[0].reference))
        label = _ROMAN[number] if number < len(_ROMAN) else str(number)
        yield _sums(label, _title(programme, norm, lang), [part for _, part in own])
        for place, (award, part) in enumerate(own, 1):
            yield [
                (str(place), "centre"),
                (award.title or part.activities or _title(programme, norm, lang), "wrapped"),
                (award.establishment, "wrapped"),
                (award.address, "wrapped"),
                _million(part.cost_vnd, "number"),
                _million(part.awarded_vnd, "number"),
                _million(None if part.cost_vnd is None else part.cost_vnd - part.awarded_vnd, "number"),
                (part.law, "wrapped"),
                (_note(award, part, lang), "wrapped"),
            ]
    yield _sums("", say("Grand total", lang), [part for _, part in paid])


def _title(programme: Programme, norm: str, lang: Lang) -> str:
    title = programme.titles.get(norm)
    return title.vi if title and lang == "vi" else norm if title is None else title[lang]


def _note(award: Award, part: Part, lang: Lang) -> str:
    """The dossier, and what is to be known of its award."""
    said = [say("dossier {reference}", lang, reference=award.reference)]
    if part.awarded_vnd < award.awarded_vnd:
        said.append(say("one of several kinds of support", lang))
    if award.outcome == "partly-funded":
        said.append(value_name(award.outcome, lang))
    return "; ".join(said)


def _sums(label: str, title: str, parts: Sequence[Part]) -> list[tuple[object, str]]:
    costs = [part.cost_vnd for part in parts]
    cost_vnd = sum([one for one in costs if one is not None]) if None not in costs else None
    awarded_vnd = sum([part.awarded_vnd for part in parts])
    own_vnd = None if cost_vnd is None else cost_vnd - awarded_vnd
    amounts = [_million(one, "sum") for one in (cost_vnd, awarded_vnd, own_vnd)]
    return [(label, "strong"), (title, "strong"), ("", "strong"), ("", "strong"), *amounts, ("", "strong"), ("", "strong")]


def _million(amount_vnd: int | None, style: str) -> tuple[object, str]:
    """An amount in million đồng as a number, in a style with just the decimals that it has."""
    if amount_vnd is None:
        return "–", "centre"
    exact = Decimal(amount_vnd).scaleb(-6).normalize()
    places = max(0, -int(exact.as_tuple().exponent))
    return exact, f"{style}{places}"


def _ending(book: Book, sheet: Any, row: int, awarded_vnd: int) -> None:
    """The sum in words, and the places for signatures."""
    lang, last = book.lang, len(_COLUMNS) - 1
    said = sentence(awarded_vnd, lang) if awarded_vnd <= MOST_VND else figures(awarded_vnd, lang)
    told = say("Industrial promotion funds in words: {amount}", lang, amount=said)
    sheet.merge_range(row, 0, row, last, told, book.styles["plain"])
    sheet.merge_range(row + 2, 5, row + 2, last, say("…, … … …", lang), book.styles["line"])
    for first, end, text in ((0, 2, "DRAWN UP BY"), (5, last, "HEAD OF THE UNIT")):
        sheet.merge_range(row + 3, first, row + 3, end, say(text, lang), book.styles["signed"])
        sheet.merge_range(row + 4, first, row + 4, end, say("(signature, full name)", lang), book.styles["line"])
    sheet.print_area(0, 0, row + 9, last)


# --- who is not on it -------------------------------------------------------------------------------------------------


def _other(book: Book, title: str, rows: Sequence[_Row]) -> None:
    lang, widths, head = book.lang, list(_OTHERS.values()), 3
    sheet = _sheet(book, title, widths, head, head + len(rows))
    sheet.merge_range(0, 0, 0, len(widths) - 1, title.upper(), book.styles["title"])
    append(book, sheet, head, [(say(name, lang), "heading") for name in _OTHERS], widths)
    for number, (reference, establishment, assured_vnd, outcome, reason) in enumerate(rows, 1):
        texts = [(text or " ", "wrapped") for text in (reference, establishment)]
        amount = _million(assured_vnd, "number")
        cells = [(str(number), "centre"), *texts, amount, (outcome, "wrapped"), (reason[lang] or " ", "wrapped")]
        append(book, sheet, head + number, cells, widths)


def _sheet(book: Book, title: str, widths: Sequence[int], head: int, last: int) -> Any:
    """A sheet of the annex: its headings on every page, the number of the page below, no filter on what is signed."""
    sheet = new_sheet(book, title, widths, 0, last)
    sheet.repeat_rows(head - 1, head - 1)
    return sheet
