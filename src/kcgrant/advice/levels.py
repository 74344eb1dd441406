"""Levels: what every known text states for each norm, and where each locality stands among them.

The decision taken here: percentage, cap and cap for technology lines are ranked each by itself, among localities that state
one; what is not known is not counted. A locality counts once, with its newest text. National texts and other policies are
shown beside, and not ranked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Final, Literal, NamedTuple, get_args

from kcgrant.advice.document import Law
from kcgrant.errors import InputError, expected_one_of
from kcgrant.fields import Document, FrozenMap
from kcgrant.law import catalogue
from kcgrant.law.catalogue import Catalogue
from kcgrant.law.norms import Certainty, Per
from kcgrant.law.regulation import Regulation
from kcgrant.money import Rate

Measure = Literal["rate", "cap_vnd", "technology_line_cap_vnd"]
Standing = Literal["locality", "national", "another policy", "earlier text", "days not known"]


class Rank(NamedTuple):
    """Where a figure stands among `of` localities that state one: 1 is the highest, and equal figures share a rank.

    `at_or_below` counts the other localities whose figure is no higher.
    """

    rank: int
    of: int
    at_or_below: int


@dataclass(frozen=True, slots=True)
class Level:
    """What a text, named by its id, states for a norm; None where it states no such figure, or none is known.

    `in_part` says that the file does not hold all that the text says of the norm, `varies` that other numbers hold where a
    fact does. The ranks are None where the figure is, or the text is not ranked.
    """

    text: str
    rate: Rate | None
    cap_vnd: int | None
    per: Per
    technology_line_cap_vnd: int | None
    certainty: Certainty
    in_part: bool
    varies: bool
    ranks: Mapping[Measure, Rank]


@dataclass(frozen=True, slots=True)
class NormLevels:
    """The levels of all texts for one norm, in the order of the texts."""

    norm: str
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class LocalText:
    """A text with how it stands in the comparison, and whether it is ranked."""

    law: Law
    standing: Standing
    ranked: bool


@dataclass(frozen=True, slots=True, repr=False)
class Localities(Document):
    """The levels of all texts that are known, or in force on a day; `home` is the id of the text marked, if one is."""

    on: date | None
    home: str | None
    texts: tuple[LocalText, ...]
    norms: tuple[NormLevels, ...]

    def __repr__(self) -> str:
        """In one short line: the day, and how many texts and norms."""
        ranked = sum(one.ranked for one in self.texts)
        return (
            f"Localities(on={self.on}, home={self.home}, texts={len(self.texts)}, ranked={ranked}, norms={len(self.norms)})"
        )

    def level(self, norm: str, text: str | None = None) -> Level | None:
        """What a text, that of `home` unless named, states for a norm."""
        every = (level for one in self.norms if one.norm == norm for level in one.levels)
        return next((level for level in every if level.text == (text or self.home)), None)


def localities(
    on: date | None = None,
    *,
    norms: Iterable[str] = (),
    full: bool = False,
    home: str = "hung-yen",
    among: Catalogue | None = None,
) -> Localities:
    """What each text states for each norm, and its rank: of all known texts, or of those in force on a day.

    `home` is the province that is marked and stands first. The norms are those of its newest text unless others are named,
    or with `full` all that any text has. On a day, a text whose days are not known is shown and not ranked.

    Raises:
        InputError: no text of the province, or no norm of that name, is known.

    Example:
        >>> found = localities()
        >>> found
        Localities(on=None, home=hung-yen-553-2025, texts=14, ranked=10, norms=4)
        >>> found.level("advanced-machinery").ranks["cap_vnd"]
        Rank(rank=1, of=6, at_or_below=5)
    """
    ids, get = (among.ids, among.get) if among else (catalogue.ids, catalogue.get)
    known = [law for law in map(get, ids()) if law.norms]
    own = _newest([law for law in known if law.province == home])
    if own is None:
        raise InputError([expected_one_of(home, sorted({law.province for law in known if law.province}), "home")])
    laws = [law for law in known if on is None or law.in_force is None or law.in_force.covers(on)]
    texts = sorted((_stands(law, own, laws, on) for law in laws), key=lambda one: _order(one, home))
    every = dict.fromkeys(name for law in (own, *(one.law for one in texts)) for name in law.norms)
    wanted = tuple(norms) or (every if full else own.norms)
    if unknown := [expected_one_of(name, every, "norms") for name in wanted if name not in every]:
        raise InputError(unknown)
    found = tuple(NormLevels(name, tuple(_ranked(name, texts))) for name in wanted)
    return Localities(on, own.id if own in laws else None, tuple(texts), found)


def _since(law: Regulation) -> date:
    return law.in_force.since if law.in_force else date.min


def _newest(laws: Sequence[Regulation]) -> Regulation | None:
    return max(laws, key=_since, default=None)


def _stands(law: Regulation, own: Regulation, laws: Sequence[Regulation], on: date | None) -> LocalText:
    """How a text stands: of industrial promotion are those under the framework of the home text."""
    standing: Standing = "locality" if law.in_force else "days not known"
    if law.province is None:
        standing = "national"
    elif (law.framework and law.framework.id) != (own.framework and own.framework.id):
        standing = "another policy"
    elif law != _newest([other for other in laws if other.province == law.province]):
        standing = "earlier text"
    return LocalText(law, standing, standing == "locality" or (standing == "days not known" and on is None))


def _order(one: LocalText, home: str) -> tuple[bool, bool, int, str]:
    """The home text first, then those that are ranked, the newest first."""
    return one.law.province != home, not one.ranked, -_since(one.law).toordinal(), one.law.id


# --- ranks ------------------------------------------------------------------------------------------------------------

MEASURES: Final[tuple[Measure, ...]] = get_args(Measure)


def _ranked(name: str, texts: Sequence[LocalText]) -> Iterable[Level]:
    """The levels of a norm, each with its ranks; caps are ranked among caps for the same unit."""
    levels = [_level(name, one.law) for one in texts if name in one.law.norms]
    counted = [level for level in levels if any(one.ranked and one.law.id == level.text for one in texts)]
    return [replace(level, ranks=FrozenMap(_ranks(level, counted))) if level in counted else level for level in levels]


def _ranks(level: Level, counted: Sequence[Level]) -> Iterator[tuple[Measure, Rank]]:
    for measure in MEASURES:
        peers = [other for other in counted if measure == "rate" or other.per == level.per]
        figures = [figure for other in peers if (figure := getattr(other, measure)) is not None]
        if (mine := getattr(level, measure)) is not None:
            yield measure, _rank(mine, figures)


def _rank(mine: Fraction | int, figures: Sequence[Fraction | int]) -> Rank:
    higher = sum(figure > mine for figure in figures)
    return Rank(higher + 1, len(figures), len(figures) - 1 - higher)


def _level(name: str, law: Regulation) -> Level:
    norm = law.norms[name]
    return Level(
        text=law.id,
        rate=norm.rate,
        cap_vnd=norm.cap,
        per=norm.per,
        technology_line_cap_vnd=norm.technology_line_cap_vnd,
        certainty=law.all_sources[norm.source].certainty,
        in_part=any(one.bounds(name) for one in law.unexpressed),
        varies=any(one.applies(name, one.since or date.min) for one in law.variations),
        ranks=FrozenMap(),
    )
