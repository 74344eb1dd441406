"""Writing of a programme: the list of a plan as a workbook, a CSV table or a JSON document.

The decision taken here: the sheets are laid out and guarded by the one page writer that a register has as well, and a file
is put in its place when it is whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache, partial
from pathlib import Path
from typing import Final

from kcgrant.errors import InputError
from kcgrant.files import atomically, not_a_file, require, write_csv
from kcgrant.language import Lang, decimal, figures, grouped, say, value_name
from kcgrant.layout import Row, Section, shows
from kcgrant.programme.annex import annex
from kcgrant.programme.plan import Award, Programme
from kcgrant.register.pages import MOST_EXACT, Book, append, new_book, new_sheet, print_beside

MOST_SHOWN: Final = 100  # awards in a notebook

Value = str | int | date | Decimal | None

_COLUMNS: Final = {  # the heading and the width of each; amounts of a norm are as wide as the others
    "rank": ("Rank", 7),
    "reference": ("Reference", 16),
    "establishment": ("Establishment", 28),
    "approved_on": ("Plan approved on", 12),
    "points": ("Points", 8),
    "place": ("Stated order", 9),
    "maximum_vnd": ("Ceiling", 17),
    "assured_vnd": ("Assured", 17),
    "awarded_vnd": ("Awarded", 17),
    "held_vnd": ("Open questions", 17),
    "outcome": ("Outcome", 15),
    "reason": ("Why", 44),
}
_SUMS: Final = {"budget_vnd": "Budget", "committed_vnd": "Committed before", "awarded_vnd": "Awarded", "left_vnd": "Left"}
_POLICIES: Final = {
    "ranked": "ranked by {by}, whole awards only",
    "pro-rata": "pro rata to the assured amounts",
    "best": "the selection with the most points",
}
_RANKINGS: Final = {"points": "points", "place": "the stated order", "date": "day of approval"}
_AMOUNTS: Final = ("maximum_vnd", "assured_vnd", "awarded_vnd", "held_vnd")


def write(programme: Programme, file: str | Path, lang: Lang = "en", *, separator: str = ",") -> None:
    """Writes a plan to a file whose ending says how: `.xlsx` (extra `excel`), `.csv` (UTF-8 with a mark), `.json`.

    `separator` is that of the cells of a `.csv`.

    Raises:
        InputError: another ending, the extra `excel` is not installed, or the file cannot be written; what stood there
            before is left whole.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from kcgrant.programme import plan
        >>> with TemporaryDirectory() as folder:
        ...     write(plan([], 4_000_000_000, "pro-rata"), Path(folder) / "plan.csv")
        ...     (Path(folder) / "plan.csv").read_text(encoding="utf-8-sig").split(",")[:2]
        ['Reference', 'Establishment']
    """
    write_to = writer_for(Path(file))
    if write_to is _csv:
        write_to = partial(_csv, separator=separator)
    atomically(Path(file), lambda beside: write_to(programme, beside, lang))


def writer_for(path: Path) -> Callable[[Programme, Path, Lang], None]:
    """What writes a file with such an ending.

    Raises:
        InputError: the ending is none of `.xlsx`, `.csv`, `.json`, or needs an extra that is not installed.
    """
    if path.suffix.lower() not in _WRITERS:
        raise InputError([not_a_file(path, _WRITERS)])
    if path.suffix.lower() == ".xlsx":
        require("excel", "xlsxwriter")
    return _WRITERS[path.suffix.lower()]


@shows(Programme)
def _as_shown(programme: Programme) -> list[Section]:
    """What a notebook shows of a plan: its sums, and what each dossier receives with the reason."""
    sums = [Row(name, figures(one, "en") if isinstance(one, int) else one) for name, one in head(programme, "en")]
    awards = [
        Row(award.reference, f"{figures(award.awarded_vnd, 'en')}: {award.reason.en}", strong=award.awarded_vnd > 0)
        for award in programme.awards[:MOST_SHOWN]
    ]
    if more := len(programme.awards) - MOST_SHOWN:
        awards += [Row("", say("… and {count} more", "en", count=more))] if more > 0 else []
    parts = [Section(say("Plan of the programme", "en"), tuple(sums)), Section(say("Awarded", "en"), tuple(awards))]
    return [part for part in parts if part.rows]


# --- what is in the list ----------------------------------------------------------------------------------------------


def head(programme: Programme, lang: Lang) -> list[tuple[str, str | int]]:
    """What stands above the list: how the budget was shared, and its sums in whole đồng."""
    how = "ranked by {by}, the last award may be partial" if programme.partial_last else _POLICIES[programme.policy]
    by = say(_RANKINGS[programme.by], lang) if programme.by else ""
    rows: list[tuple[str, str | int]] = [(say("How it is shared", lang), say(how, lang, by=by))]
    rows += [(say(called, lang), getattr(programme, key)) for key, called in _SUMS.items()]
    for one in programme.envelopes:
        amounts = {"awarded": one.awarded_vnd, "amount": one.amount_vnd, "left": one.left_vnd}
        told = say("{awarded} awarded of {amount}, left {left}", lang, **amounts)
        rows.append((say("Envelope {norm}", lang, norm=programme.titles.get(one.norm, one.norm)), told))
    if programme.floor_vnd:
        rows.append((say("Smallest award", lang), programme.floor_vnd))
    if programme.round_to_vnd:
        rows.append((say("Awards rounded down to a multiple of", lang), programme.round_to_vnd))
    if programme.points is not None:
        rows.append((say("Points of the selection", lang), decimal(programme.points, lang)))
    if programme.held_vnd:
        told = "{amount} more could be due if every open answer is favourable; not taken from the budget"
        rows.append((say("Open questions", lang), say(told, lang, amount=programme.held_vnd)))
    outcomes = [award.outcome for award in programme.awards]
    counts = [f"{value_name(one, lang)}: {grouped(outcomes.count(one), lang)}" for one in dict.fromkeys(outcomes)]
    rows.append((say("Dossiers", lang), ", ".join(counts) or "0"))
    rows += [
        (
            say("Left out: {reference}", lang, reference=one.reference),
            f"{one.establishment}: {one.reason[lang]}".lstrip(": "),
        )
        for one in programme.left_out
    ]
    return rows


def columns(programme: Programme) -> list[str]:
    """The columns of the list: those that are filled; with several norms, one for what goes to each."""
    norms = sorted({part.norm for award in programme.awards for part in award.parts})
    filled = [key for key in ("points", "place") if any(getattr(award, key) is not None for award in programme.awards)]
    parts = [f"norm:{norm}" for norm in norms] if len(norms) > 1 else []
    rank = ["rank"] if programme.policy != "pro-rata" else []
    own = ("reference", "establishment", "approved_on")
    return [*rank, *own, *filled, *_AMOUNTS[:3], *parts, "held_vnd", "outcome", "reason"]


def heading(programme: Programme, column: str, lang: Lang) -> str:
    """The heading of a column."""
    if column.startswith("norm:"):
        norm = column.removeprefix("norm:")
        return f"{say('Awarded', lang)}: {programme.titles[norm][lang] if norm in programme.titles else norm}"
    return say(_COLUMNS[column][0], lang)


def value(award: Award, column: str, lang: Lang) -> Value:
    """What stands in a column for a dossier."""
    if column.startswith("norm:"):
        return sum([part.awarded_vnd for part in award.parts if column == f"norm:{part.norm}"])
    if column == "outcome":
        return value_name(award.outcome, lang)
    if column == "reason":
        return award.reason[lang]
    found: Value | Fraction = getattr(award, column)
    return _exact(found) if isinstance(found, Fraction) else found


@lru_cache(maxsize=1024)
def _exact(points: Fraction) -> Value:
    exact = decimal(points)
    return exact if "/" in exact else Decimal(exact)


# --- how it is written ------------------------------------------------------------------------------------------------


def _json(programme: Programme, path: Path, lang: Lang) -> None:  # noqa: ARG001 - the document holds both languages
    path.write_text(programme.to_json(indent=2) + "\n", encoding="utf-8")


def _csv(programme: Programme, path: Path, lang: Lang, separator: str = ",") -> None:
    """The list as a table with plain digits."""
    names = columns(programme)
    rows = ([value(award, name, lang) for name in names] for award in programme.awards)
    write_csv(path, [[heading(programme, name, lang) for name in names], *rows], separator)


def _xlsx(programme: Programme, path: Path, lang: Lang) -> None:
    """A workbook ready to be printed on A4: the annex that is signed, then the whole list, and what stands above it."""
    with new_book(path, lang) as book:
        annex(book, programme)
        _list_sheet(book, programme)
        titles = [(say("Plan of the programme", lang), None), (say("Unit: đồng", lang), None)]
        rows: list[tuple[str, str | int | None]] = [*titles, *head(programme, lang)]
        widths = [44, 88]
        sheet = new_sheet(book, say("Summary", lang), widths, 0, len(rows))
        _frame(book, sheet)
        for number, (label, stated) in enumerate(rows, 1):
            shown = (grouped(stated, lang) if isinstance(stated, int) and stated >= MOST_EXACT else stated, "left")
            append(book, sheet, number, [(label, "plain" if number == 2 else "strong"), shown], widths)


def _list_sheet(book: Book, programme: Programme) -> None:
    names, lang = columns(programme), book.lang
    widths = [_COLUMNS.get(name, _COLUMNS["awarded_vnd"])[1] for name in names]
    last = len(programme.awards) + 1
    sheet = new_sheet(book, say("Plan", lang), widths, 1, last, frozen=names.index("reference") + 1)
    _frame(book, sheet)
    append(book, sheet, 1, [(heading(programme, name, lang), "heading") for name in names], widths)
    rows = [[value(award, name, lang) for name in names] for award in programme.awards]
    for number, row in enumerate(rows, 2):
        append(book, sheet, number, [_cell(one, lang) for one in row], widths)
    append(book, sheet, last + 1, list(_total(names, rows, lang)), widths)
    at = names.index("reference")
    print_beside(sheet, widths, range(at, at + 2), [names.index("outcome")])


def _cell(one: Value, lang: Lang) -> tuple[object, str]:
    """A cell of a dossier and its style; an amount that a cell cannot hold exactly becomes text."""
    if isinstance(one, int):
        return (one, "number") if one < MOST_EXACT else (grouped(one, lang), "wrapped")
    return one, "day" if isinstance(one, date) else "wrapped"


def _total(names: Sequence[str], rows: Sequence[Sequence[Value]], lang: Lang) -> Iterator[tuple[object, str]]:
    for place, name in enumerate(names):
        if name in _AMOUNTS or name.startswith("norm:"):
            yield sum([one for row in rows if isinstance(one := row[place], int)]), "strong-number"
        else:
            yield (say("Total", lang) if name == "reference" else None), "strong"


def _frame(book: Book, sheet: object) -> None:
    """The title above each page, the unit and the number of the page below."""
    sheet.set_header("&C" + say("Plan of the programme", book.lang))  # type: ignore[attr-defined]
    sheet.set_footer(f"&L{say('Unit: đồng', book.lang)}&R&P / &N")  # type: ignore[attr-defined]


_WRITERS: Final[dict[str, Callable[[Programme, Path, Lang], None]]] = {".xlsx": _xlsx, ".csv": _csv, ".json": _json}
