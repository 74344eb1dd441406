"""Rules: the conditions of a regulation as column expressions, in three values, and the worlds of open answers.

The decision taken here: a condition is two plain truths, that it is known to be unmet and that its fact is open, since
backends agree on "or" in three values but not on much else. Where one answer would meet a condition of one norm and
fail that of another, every world of answers gets a column, so that the ends of the interval stay exact.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from itertools import product
from math import prod
from typing import Final

import narwhals.stable.v2 as nw

from kcgrant.application import FACTS
from kcgrant.columns.names import ERA, own
from kcgrant.errors import Fault, RegulationError
from kcgrant.language import Text
from kcgrant.law.regulation import Regulation

MOST_WORLDS: Final = 64  # columns of amounts, for each end; the regulations that are shipped need one


@dataclass(frozen=True, slots=True)
class Term:
    """A condition in the eras in which it reads alike: the answers that fail it, and the norms that ask it."""

    fact: str
    rejected: frozenset[str | bool]
    norms: frozenset[str]
    eras: frozenset[int]

    @property
    def of_activity(self) -> bool:
        """Whether the fact is an activity's; otherwise it is the applicant's."""
        return self.fact.startswith("activity.")


World = Mapping[str, frozenset[str]]
"""For each fact, the norms that are shut if it is open: one way of answering the open questions."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The conditions of a regulation on some eras: its terms, and the worlds that matter to either end, by era."""

    law: Regulation
    eras: tuple[int, ...]
    terms: tuple[Term, ...]
    most: Mapping[int, Sequence[World]]
    least: Mapping[int, Sequence[World]]

    @property
    def single(self) -> bool:
        """Whether no open answer shuts one norm for the sake of another."""
        return all(len(worlds) == 1 for ends in (self.most, self.least) for worlds in ends.values())


def rules_of(law: Regulation, approved_on: date | None) -> Rules:
    """The conditions that a regulation has on a day, or on any day.

    Raises:
        RegulationError: open answers shut norms for the sake of others in more ways than can be tried.
    """
    eras = tuple(range(len(law.turning_days) + 1)) if approved_on is None else (law.era(approved_on),)
    found: dict[tuple[str, frozenset[str | bool], frozenset[str]], set[int]] = {}
    for era in eras:
        on = law.turning_days[era - 1] if era else date.min
        for condition in law.all_conditions:
            norms = frozenset(norm for norm in law.norms if condition.applies(norm, on))
            if norms:
                rejected = frozenset(FACTS[condition.fact]) - condition.accepted
                found.setdefault((condition.fact, rejected, norms), set()).add(era)
    terms = tuple(Term(*key, frozenset(when)) for key, when in found.items())
    most = {era: _worlds(law, terms, era, largest=True) for era in eras}
    return Rules(law, eras, terms, most, {era: _worlds(law, terms, era, largest=False) for era in eras})


def _worlds(law: Regulation, terms: Collection[Term], era: int, *, largest: bool) -> list[World]:
    """The ways of answering that leave the most norms open, or the fewest; no other way reaches an end of the interval.

    An answer to one fact leaves a set of norms open. Of two such sets of which one holds the other, only the larger can
    matter to a maximum and only the smaller to a minimum, since no norm's amount is below nought.
    """
    about: dict[str, list[Term]] = {}
    for term in terms:
        if era in term.eras and not term.of_activity:
            about.setdefault(term.fact, []).append(term)
    choices = []
    for fact, asked in about.items():
        shut = {frozenset[str]().union(*(t.norms for t in asked if answer in t.rejected)) for answer in FACTS[fact]}
        kept = [one for one in shut if not any((other < one) if largest else (one < other) for other in shut)]
        choices.append([(fact, one) for one in sorted(kept, key=sorted)])
    if prod(map(len, choices)) > MOST_WORLDS:
        en = f"open answers shut one norm for another in {prod(map(len, choices))} ways; columns try {MOST_WORLDS} at most"
        vi = f"có {prod(map(len, choices))} cách trả lời khiến mức chi này loại mức chi kia; chỉ tính được {MOST_WORLDS}"
        raise RegulationError([Fault(f"{law.id}: conditions", Text(en=f"{en}; use assess", vi=f"{vi}; hãy dùng assess"))])
    return [dict(world) for world in product(*choices)]


# --- as expressions ---------------------------------------------------------------------------------------------------


def any_of(parts: Iterable[nw.Expr]) -> nw.Expr:
    """Whether any of some truths is known to hold; one that is null does not count."""
    every = list(parts)
    return reduce(lambda one, other: one | other, every).fill_null(value=False) if every else nw.lit(value=False)


def _where(rules: Rules, norms: frozenset[str], eras: frozenset[int]) -> nw.Expr | None:
    """Whether a row is under one of these norms in one of these eras; None where every row is."""
    here = None if norms == rules.law.norms.keys() else nw.col(own("norm")).is_in(sorted(norms))
    if eras.issuperset(rules.eras):
        return here
    then = nw.col(ERA).is_in(sorted(eras))
    return then if here is None else here & then


def _within(where: nw.Expr | None, part: nw.Expr) -> nw.Expr:
    return part if where is None else where & part


def unmet(rules: Rules, present: Collection[str], *, of_activity: bool) -> nw.Expr:
    """Whether a condition on a fact of the activity, or of the applicant, is known to be unmet."""

    def parts() -> Iterator[nw.Expr]:
        for term in rules.terms:
            column = term.fact.partition(".")[2]
            if term.of_activity is of_activity and column in present and term.rejected:
                yield _within(_where(rules, term.norms, term.eras), _is_one_of(column, term.rejected))

    return any_of(parts())


def _is_one_of(column: str, answers: frozenset[str | bool]) -> nw.Expr:
    if True in answers or False in answers:
        value = nw.col(own(column))
        return any_of(value if answer else ~value for answer in answers)
    return nw.col(own(column)).is_in(sorted(map(str, answers)))


def unstated(rules: Rules, present: Collection[str], *, of_activity: bool) -> nw.Expr:
    """Whether a condition asks for a fact, of the activity or of the applicant, that is not stated."""
    return any_of(
        _within(_where(rules, term.norms, term.eras), _is_open(term.fact, present))
        for term in rules.terms
        if term.of_activity is of_activity
    )


def _is_open(fact: str, present: Collection[str]) -> nw.Expr:
    column = fact.partition(".")[2]
    return nw.col(own(column)).is_null() if column in present else nw.lit(value=True)


def shut(rules: Rules, present: Collection[str], ends: Mapping[int, Sequence[World]]) -> list[nw.Expr]:
    """For every world: whether its answers to the open questions about the applicant fail a condition of the row's norm."""
    worlds = []
    for number in range(max(map(len, ends.values()))):
        parts: dict[tuple[str, frozenset[str]], set[int]] = {}
        for era, choices in ends.items():
            for fact, norms in choices[number % len(choices)].items():
                if norms:
                    parts.setdefault((fact, norms), set()).add(era)
        worlds.append(
            any_of(
                _within(_where(rules, norms, frozenset(eras)), _is_open(fact, present))
                for (fact, norms), eras in parts.items()
            )
        )
    return worlds
