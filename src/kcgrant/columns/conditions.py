"""Conditions: those of a regulation as column expressions, in three values, and the worlds of open answers.

The decision taken here: a condition is two plain truths, that it is known to be unmet and that its fact is open, since
backends agree on "or" in three values but not on much else. Where one answer would meet a condition of one norm and
fail that of another, every world of answers gets a column, so that the ends of the interval stay exact.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from itertools import product
from math import prod
from typing import Final

import narwhals.stable.v2 as nw

from kcgrant.application import Answer, Column
from kcgrant.columns.expressions import among, any_of
from kcgrant.columns.names import ERA, NORM, own
from kcgrant.errors import InputError, RegulationError, fault
from kcgrant.law.regulation import Regulation
from kcgrant.law.territory import FORMER

UNMET, OPEN = own("unmet"), own("open")
MOST_WORLDS: Final = 64  # columns of amounts, for each end; the regulations that are shipped need one


@dataclass(frozen=True, slots=True)
class Term:
    """A condition in the eras in which it reads alike: its fact's column, the answers that fail it, and who asks it."""

    column: Column
    rejected: frozenset[Answer]
    norms: frozenset[str]
    eras: frozenset[int]


World = Mapping[str, frozenset[str]]
"""For each column of a fact, the norms that are shut if it is open: one way of answering the open questions."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """The conditions of a regulation on some eras, asked of a frame: its terms, and the worlds that matter to either end.

    `present` are the columns that the frame has; the worlds are listed by era.
    """

    law: Regulation
    present: Collection[str]
    eras: tuple[int, ...]
    terms: tuple[Term, ...]
    most: Mapping[int, Sequence[World]]
    least: Mapping[int, Sequence[World]]


def conditions_of(
    law: Regulation, refused: Collection[str], approved_on: date | None, present: Collection[str]
) -> Conditions:
    """The conditions that a regulation has on a day, or on any day, for a frame with the columns named.

    Those of norms that columns refuse are left out.

    Raises:
        RegulationError: open answers shut norms for the sake of others in more ways than can be tried.
    """
    eras = tuple(range(len(law.turning_days) + 1)) if approved_on is None else (law.era(approved_on),)
    found: dict[tuple[Column, frozenset[Answer], frozenset[str]], set[int]] = {}
    for era in eras:
        on = law.turning_days[era - 1] if era else date.min
        for condition in law.all_conditions:
            if norms := frozenset(norm for norm in law.norms if norm not in refused and condition.applies(norm, on)):
                column = law.fact_columns[condition.fact]
                found.setdefault((column, frozenset(column.answers) - condition.accepted, norms), set()).add(era)
    terms = tuple(Term(*key, frozenset(when)) for key, when in found.items())
    most, least = ({era: _worlds(law, terms, era, largest=largest) for era in eras} for largest in (True, False))
    return Conditions(law, present, eras, terms, most, least)


def _worlds(law: Regulation, terms: Collection[Term], era: int, *, largest: bool) -> list[World]:
    """The ways of answering that leave the most norms open, or the fewest; no other way reaches an end of the interval.

    An answer to one fact leaves a set of norms open. Of two such sets of which one holds the other, only the larger can
    matter to a maximum and only the smaller to a minimum, since no norm's amount is below nought.
    """
    about: dict[Column, list[Term]] = {}
    for term in terms:
        if era in term.eras and term.column.owner != "activity":
            about.setdefault(term.column, []).append(term)
    choices = []
    for column, asked in about.items():
        shut = {frozenset[str]().union(*(t.norms for t in asked if answer in t.rejected)) for answer in column.answers}
        kept = [one for one in shut if not any((other < one) if largest else (one < other) for other in shut)]
        choices.append([(column.name, one) for one in sorted(kept, key=sorted)])
    if (count := prod(map(len, choices))) > MOST_WORLDS:
        told = "open answers shut one norm for another in {count} ways; columns try {most} at most; use assess"
        raise RegulationError([fault(f"{law.id}: conditions", told, count=count, most=MOST_WORLDS)])
    return [dict(world) for world in product(*choices)]


def refuse_worlds(conditions: Conditions, where: str) -> None:
    """Refuses conditions under which the lines of an application cannot be told one by one.

    Raises:
        InputError: an open answer may shut one norm for the sake of another.
    """
    if any(len(worlds) > 1 for ends in (conditions.most, conditions.least) for worlds in ends.values()):
        raise InputError([fault(where, "an open answer may shut one norm for another; use assess_frame, or assess")])


# --- as expressions ---------------------------------------------------------------------------------------------------


def standing(conditions: Conditions, *, of_activity: bool) -> dict[str, nw.Expr]:
    """How the facts of an activity, or of its applicant, stand: whether a condition is unmet, and whether a fact is open."""
    asked = [term for term in conditions.terms if (term.column.owner == "activity") is of_activity]
    stated = [term for term in asked if term.column.name in conditions.present and term.rejected]
    return {
        UNMET: any_of(_asked(conditions, one.norms, one.eras, _fails(conditions, one)) for one in stated),
        OPEN: any_of(_asked(conditions, one.norms, one.eras, _is_open(conditions, one.column.name)) for one in asked),
    }


def shut(conditions: Conditions, ends: Mapping[int, Sequence[World]]) -> list[nw.Expr]:
    """For every world: whether its answers to the open questions about the applicant fail a condition of the row's norm."""
    worlds = []
    for number in range(max(map(len, ends.values()))):
        parts: dict[tuple[str, frozenset[str]], set[int]] = {}
        for era, choices in ends.items():
            for name, norms in choices[number % len(choices)].items():
                if norms:
                    parts.setdefault((name, norms), set()).add(era)
        asked = (_asked(conditions, norms, eras, _is_open(conditions, name)) for (name, norms), eras in parts.items())
        worlds.append(any_of(asked))
    return worlds


def _asked(conditions: Conditions, norms: frozenset[str], eras: AbstractSet[int], part: nw.Expr) -> nw.Expr:
    """Whether a truth holds of a row that is under one of these norms in one of these eras."""
    if norms != conditions.law.norms.keys():
        part = among(nw.col(NORM), sorted(norms)) & part
    return part if eras >= set(conditions.eras) else nw.col(ERA).is_in(sorted(eras)) & part


def _fails(conditions: Conditions, term: Term) -> nw.Expr:
    """Whether what a row states fails a condition."""
    if term.column.fact != FORMER:
        return _is_one_of(term.column.name, term.rejected)
    value = nw.col(own(term.column.name))
    elsewhere = ~value.is_null() & ~among(value, sorted(map(str, frozenset(term.column.answers) - term.rejected)))
    return _here(conditions, term.column) & elsewhere


def _here(conditions: Conditions, column: Column) -> nw.Expr:
    """Whether a row lies where a text of old may hold; elsewhere it is only compared with, and nothing is asked."""
    if "province" not in conditions.present:
        return nw.lit(value=True)
    province = nw.col(own("province"))
    return province.is_null() | among(province, sorted(map(str, column.answers)))


def _is_one_of(name: str, answers: frozenset[Answer]) -> nw.Expr:
    value = nw.col(own(name))
    if True in answers or False in answers:
        return any_of(value if answer else ~value for answer in answers)
    return among(value, sorted(map(str, answers)))


def _is_open(conditions: Conditions, name: str) -> nw.Expr:
    is_open = nw.col(own(name)).is_null() if name in conditions.present else nw.lit(value=True)
    column = conditions.law.fact_columns.get(FORMER)
    return _here(conditions, column) & is_open if column is not None and name == column.name else is_open
