"""Level tables: the comparison of localities for a screen, for a report, and as rows for a spreadsheet.

The decision taken here: one row a text and one column a norm, so that a norm is read from top to bottom; what is ranked, and
among how many, stands below. Caps are in million đồng there, and in đồng in the rows for a spreadsheet.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from fractions import Fraction
from io import StringIO
from textwrap import wrap
from typing import TYPE_CHECKING, Final

from kcgrant.advice.levels import MEASURES, Level, Localities, LocalText, Measure, Rank
from kcgrant.language import Lang, decimal, grouped, percentage, say
from kcgrant.law.norms import unit_name
from kcgrant.law.regulation import Regulation
from kcgrant.layout import Row, Section, escaped, shows

if TYPE_CHECKING:
    from rich.table import Table

_MILLION: Final = 10**6
_WIDE: Final = 18  # of a heading, in characters
_SCREEN: Final = 120
_ABREAST: Final = 4  # norms beside each other


def levels_on_screen(found: Localities, lang: Lang, *, full: bool = False) -> str:
    """The comparison in plain characters, at most 120 columns wide; `full` has earlier texts and the documents as well."""
    from rich.console import Console

    console = Console(file=StringIO(), width=_SCREEN, color_system=None, force_terminal=False, legacy_windows=False)
    with console.capture() as captured:
        console.print(title_of_all(found, lang), markup=False, highlight=False)
        for norms in _chunks(found):
            console.print(_drawn(_table(found, lang, norms, full=full)))
        for told in remarks(found, lang, full=full):
            console.print(told, markup=False, highlight=False)
    return "\n".join(line.rstrip() for line in captured.get().splitlines()) + "\n"


def _drawn(rows: list[list[str]]) -> Table:
    from rich.table import Table
    from rich.text import Text as Plain

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for head in rows[0]:
        table.add_column(Plain("\n".join(wrap(head, _WIDE))), no_wrap=True, vertical="bottom")
    for row in rows[1:]:
        table.add_row(*map(Plain, row))
    return table


def levels_as_markdown(found: Localities, lang: Lang) -> str:
    """The comparison as tables in Markdown, with earlier texts and the documents below."""
    blocks = [f"## {escaped(title_of_all(found, lang))}"]
    for norms in _chunks(found):
        heads, *rows = [[escaped(cell) for cell in row] for row in _table(found, lang, norms, full=True)]
        blocks.append("\n".join(f"| {' | '.join(row)} |" for row in (heads, ["---"] * len(heads), *rows)))
    return "\n\n".join([*blocks, *map(escaped, remarks(found, lang, full=True))]) + "\n"


@shows(Localities)
def _as_shown(found: Localities) -> list[Section]:
    """What a notebook shows: for each norm what every text states."""
    texts = {one.law.id: one for one in found.texts}
    return [
        Section(
            head_of(found, one.norm, "en"),
            tuple([Row(called(found, texts[level.text], "en"), cell(level, "en")) for level in one.levels]),
        )
        for one in found.norms
        if one.levels
    ]


def _chunks(found: Localities) -> Iterator[list[str]]:
    names = [one.norm for one in found.norms if one.levels]
    return (names[start : start + _ABREAST] for start in range(0, len(names), _ABREAST))


def levels_as_csv(found: Localities, lang: Lang) -> str:
    """Every figure in a row: the norm, the text with its days, what it states in whole đồng, and its ranks."""
    written = StringIO()
    writer = csv.writer(written, lineterminator="\n")
    ranks = [f"{measure.removesuffix('_vnd')}_{field}" for measure in MEASURES for field in ("rank", "of", "at_or_below")]
    heads = "norm", "title", "text", "place", "document", "from", "until", "remark", "ranked", "rate", "cap_vnd", "per"
    writer.writerow([*heads, "technology_line_cap_vnd", "certainty", "in_part", "varies", *ranks])
    texts = {one.law.id: one for one in found.texts}
    for norm in found.norms:
        for level in norm.levels:
            writer.writerow(_row(norm.norm, level, texts[level.text], lang))
    return written.getvalue()


def _row(norm: str, level: Level, text: LocalText, lang: Lang) -> list[object]:
    law, days = text.law, text.law.in_force
    stated = law.norms[norm]
    ranks = [level.ranks.get(measure) or ("", "", "") for measure in MEASURES]
    return [
        *(norm, stated.title[lang] if stated.title else norm, law.id, place_of(law, lang), law.document),
        *(days and days.since, days and days.until, _remark(text, lang), say("yes" if text.ranked else "no", lang)),
        *(None if level.rate is None else percentage(level.rate), level.cap_vnd, unit_name(level.per)[lang]),
        *(level.technology_line_cap_vnd, level.certainty),
        *(say("yes" if one else "no", lang) for one in (level.in_part, level.varies)),
        *(number for rank in ranks for number in rank),
    ]


# --- cells ------------------------------------------------------------------------------------------------------------


def _table(found: Localities, lang: Lang, norms: Sequence[str], *, full: bool) -> list[list[str]]:
    """Heads, a row for each text that says something of these norms, and what the ranks of the home text are."""
    rows = [[say("Locality", lang), say("Years", lang), *(head_of(found, name, lang) for name in norms), ""]]
    for one in found.texts:
        levels = [found.level(name, one.law.id) for name in norms]
        if any(levels) and (full or one.standing != "earlier text"):
            cells = [cell(level, lang) for level in levels]
            rows.append([called(found, one, lang), years_of(one.law), *cells, _remark(one, lang)])
    return rows + [row for measure in MEASURES if any((row := _ranks(found, measure, lang, norms))[2:])]


def head_of(found: Localities, norm: str, lang: Lang) -> str:
    """What a norm is called in the first text that has it, and what its caps are stated for, each unit once."""
    titles = (one.law.norms[norm].title for one in found.texts if norm in one.law.norms)
    levels = next(one.levels for one in found.norms if one.norm == norm)
    units = ", ".join(dict.fromkeys(unit_name(level.per)[lang] for level in levels))
    return say("{norm}, per {unit}", lang, norm=next((title[lang] for title in titles if title), norm), unit=units)


def cell(level: Level | None, lang: Lang) -> str:
    """A level as it stands in a cell: `30% ≤ 1,000`, with `?` where more is said of it and `–` for nothing."""
    if level is None:
        return "–"
    rate = "" if level.rate is None else percentage(level.rate, lang)
    cap = "" if level.cap_vnd is None else f"≤ {_millions(level.cap_vnd, lang)}"
    if level.technology_line_cap_vnd is not None:
        cap += f"/{_millions(level.technology_line_cap_vnd, lang)}"
    return f"{rate} {cap}".strip() + (" *" if level.varies else "") + (" ?" if level.in_part else "")


def _millions(amount_vnd: int, lang: Lang) -> str:
    whole, rest = divmod(Fraction(amount_vnd, _MILLION), 1)
    return grouped(whole, lang) + decimal(rest, lang)[1:]


_BY: Final[dict[Measure, str]] = {"rate": "percentage", "cap_vnd": "cap", "technology_line_cap_vnd": "cap, lines"}


def _ranks(found: Localities, measure: Measure, lang: Lang, norms: Sequence[str]) -> list[str]:
    """The rank of the home text in each norm by one measure, and the share of the others that are no higher."""
    levels = [found.level(name) for name in norms]
    ranks = [level.ranks.get(measure) if level else None for level in levels]
    return [f"► {say(_BY[measure], lang)}", "", *(rank_in_words(one, lang) if one else "" for one in ranks), ""]


def rank_in_words(one: Rank, lang: Lang) -> str:
    """A rank with the share of the other localities that are no higher, as in `1 of 9; 8/8`."""
    return say("{rank} of {of}; {share}", lang, rank=one.rank, of=one.of, share=f"{one.at_or_below}/{one.of - 1}")


def called(found: Localities, one: LocalText, lang: Lang) -> str:
    """What a text is called: its place, marked if it is the home text, in brackets if it is not ranked."""
    place = place_of(one.law, lang)
    return f"► {place}" if one.law.id == found.home else place if one.ranked else f"({place})"


def place_of(law: Regulation, lang: Lang) -> str:
    """What the place of a text is called: the beginning of its title, up to the colon."""
    place, colon, _ = law.title[lang].partition(":")
    return place if colon else law.province or law.id


def years_of(law: Regulation) -> str:
    """The years of a text, open where it is still in force."""
    days = law.in_force
    return "?" if days is None else f"{days.since.year}–{days.until.year if days.until else ''}"


def _remark(one: LocalText, lang: Lang) -> str:
    return "" if one.standing == "locality" else say(one.standing, lang)


def title_of_all(found: Localities, lang: Lang) -> str:
    """What is compared: all texts known, or those of a day."""
    if found.on is None:
        return say("Percentage of the cost ≤ cap in million VND: all texts known, whatever their days", lang)
    return say("Percentage of the cost ≤ cap in million VND: the texts in force on {on}", lang, on=found.on)


def remarks(found: Localities, lang: Lang, *, full: bool) -> Iterator[str]:
    """From how many texts the statement is made, what the ranks are, and what the signs say."""
    ranked = sum(one.ranked for one in found.texts)
    counted = "Ranked: {ranked} localities of {texts} texts known, each by its newest; in brackets: shown, not ranked."
    yield say(counted, lang, ranked=ranked, texts=len(found.texts))
    ranks = "1 of 9; 8/8: the highest of 9 localities with a figure, 8 of the other 8 no higher; equal figures share a rank."
    yield say(ranks, lang)
    yield say(
        "/450: cap for technology lines; – no such norm known; ? not all known; * other numbers hold where a fact does.",
        lang,
    )
    if found.home is None:
        yield say("No text of the home locality is known to have been in force on that day: none is marked.", lang)
    if full:
        cited = "; ".join(f"{place_of(one.law, lang)}: {one.law.document}" for one in found.texts)
        yield say("Texts: {cited}", lang, cited=cited)
