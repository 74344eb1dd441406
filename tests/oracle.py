"""The meaning of an assessment, written a second time in the most naive way: try every answer and every lawful choice.

It shares nothing with the engine but the records of the law and of the application.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import chain, combinations, product
from typing import Any, NamedTuple

from kcgrant import Application
from kcgrant.law import Condition, Regulation

Place = tuple[str, int]


class Outcome(NamedTuple):
    """What the law allows once every fact is known: for each activity, or shared cap, its amount; and who is eligible."""

    amounts: tuple[tuple[tuple[str, int], int], ...]
    eligible: tuple[bool, ...]

    @property
    def amount(self) -> int:
        return sum(amount for _, amount in self.amounts)


def facts_of(regulation: Regulation, application: Application) -> dict[Place, Any]:
    """Every fact with what is stated; those of the applicant have index 0."""
    owners: dict[str, Sequence[Any]] = {
        "establishment": (application.establishment,),
        "application": (application,),
        "activity": application.activities,
        "prior_support": application.prior_support,
    }
    found = {}
    for fact, column in regulation.fact_columns.items():
        for index, stated in enumerate(owners[column.owner]):
            first, _, own = column.field.partition(".")
            found[fact, index] = stated.facts.get(own) if own else getattr(stated, first)
    return found


def open_places(regulation: Regulation, application: Application) -> list[Place]:
    """The facts that are not stated."""
    return [place for place, value in facts_of(regulation, application).items() if value is None]


def meets(one: Any, facts: dict[Place, Any], index: int) -> bool:
    """Whether the fact that a condition or a variation asks for has an answer that it asks for."""
    value = facts[one.fact, index if one.fact.startswith("activity.") else 0]
    if one.is_ == "one of":
        return value in (one.values or ())
    return value is (one.is_ == "yes")


def asks(one: Any, norm: str, on: date) -> bool:
    """Whether a condition or a variation bears on a norm on a day."""
    within = (one.since is None or one.since <= on) and (one.until is None or on <= one.until)
    return within and (norm in one.norms if one.norms is not None else norm not in (one.except_ or ()))


@cache
def asked_of(regulation: Regulation, norm: str, on: date) -> list[Condition]:
    framework = regulation.framework.conditions if regulation.framework else ()
    territory = [regulation.territory] if regulation.territory else []
    return [condition for condition in (*territory, *framework, *regulation.conditions) if asks(condition, norm, on)]


class Numbers(NamedTuple):
    """The numbers of a norm once every fact is known."""

    rate: Fraction | None
    cap: Fraction | None
    line_cap: Fraction | None


def numbers(regulation: Regulation, name: str, facts: dict[Place, Any], index: int, on: date) -> Numbers:
    norm = regulation.norms[name]
    rate, cap = norm.rate, None if norm.cap is None else Fraction(norm.cap)
    line_cap = None if norm.technology_line_cap is None else Fraction(norm.technology_line_cap)
    for one in regulation.variations:
        if asks(one, name, on) and meets(one, facts, index):
            rate = one.rate or rate
            cap = Fraction(one.cap) if one.cap else cap
            if one.cap_factor:
                cap, line_cap = (None if number is None else number * one.cap_factor for number in (cap, line_cap))
    if norm.technology_line_factor is not None and cap is not None:
        line_cap = cap * norm.technology_line_factor
    return Numbers(rate, cap, line_cap)


def total(regulation: Regulation, application: Application, facts: dict[Place, Any]) -> Outcome:
    """The most that the law allows once every fact is known, and which activities are eligible."""
    on = application.approved_on
    eligible = tuple(
        all(meets(c, facts, index) for c in asked_of(regulation, activity.norm, on))
        for index, activity in enumerate(application.activities)
    )
    amounts = {}
    for name, norm in regulation.norms.items():
        mine = [i for i, activity in enumerate(application.activities) if activity.norm == name and eligible[i]]
        support = [(index, one) for index, one in enumerate(application.prior_support) if one.norm == name]
        received = sum(one.amount_vnd for _, one in support)
        only_lines_before = all(facts["prior_support.technology_line", index] for index, _ in support)
        for pool in [mine] if norm.per == "establishment" else [[index] for index in mine]:
            best = 0
            # what is supported is the authority's choice: any part of what is eligible
            for chosen in chain.from_iterable(combinations(pool, size) for size in range(1, len(pool) + 1)):
                rate, cap, line_cap = numbers(regulation, name, facts, chosen[0], on)
                if line_cap is not None and only_lines_before:
                    cap = line_cap if all(facts["activity.technology_line", index] for index in chosen) else cap
                if norm.counted and cap is not None:
                    cap *= min(application.activities[chosen[0]].quantity or 0, norm.at_most or 10**9)
                cost = sum(application.activities[index].cost_vnd for index in chosen)
                share = Fraction(cost) if rate is None else rate * cost
                limits = [share if norm.per == "establishment" else share - received]
                limits += [] if cap is None else [cap - received]
                best = max(best, int(min(limits) // 1))
            if pool:
                amounts[name, 0 if norm.per == "establishment" else pool[0]] = best
    return Outcome(tuple(sorted(amounts.items())), eligible)


def assured(regulation: Regulation, outcome: Outcome) -> int:
    """What is assured of an outcome: nothing of a norm of which the file does not express all."""
    bounds = [one.norms for one in regulation.unexpressed]
    return sum(
        amount for (name, _), amount in outcome.amounts if not any(norms is None or name in norms for norms in bounds)
    )


def interval(regulation: Regulation, application: Application, only: set[str] | None = None) -> tuple[int, int, set[Place]]:
    """The least and the most over every way of answering, and the open facts that can change an amount or an eligibility.

    With `only`, the facts that it does not name are left open: they must be idle.
    """
    places = [place for place in open_places(regulation, application) if only is None or place[0] in only]
    outcomes: dict[tuple[Any, ...], Outcome] = {}
    stated = facts_of(regulation, application)
    for values in product(*(regulation.fact_columns[fact].answers for fact, _ in places)):
        outcomes[values] = total(regulation, application, stated | dict(zip(places, values, strict=True)))
    asked = set()
    for position, place in enumerate(places):
        seen: dict[tuple[Any, ...], Outcome] = {}
        for values, outcome in outcomes.items():
            others = values[:position] + values[position + 1 :]
            if _differ(seen.setdefault(others, outcome), outcome):
                asked.add(place)
                break
    found = outcomes.values()
    return min(assured(regulation, one) for one in found), max(one.amount for one in found), asked


def _differ(one: Outcome, other: Outcome) -> bool:
    """Whether two outcomes differ in an eligibility or in the amount of some line; a line without support is worth 0."""
    names = {name for name, _ in (*one.amounts, *other.amounts)}
    first, second = dict(one.amounts), dict(other.amounts)
    return one.eligible != other.eligible or any(first.get(name, 0) != second.get(name, 0) for name in names)
