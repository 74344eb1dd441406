"""The meaning of an assessment, written a second time in the most naive way: try every answer and every lawful choice.

It shares nothing with the engine but the records of the law and of the application.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import cache
from itertools import chain, combinations, product
from typing import Any

from kcgrant import Application
from kcgrant.application import FACT_COLUMNS
from kcgrant.law import Condition, Regulation

Place = tuple[str, int]


def facts_of(application: Application) -> dict[Place, Any]:
    """Every fact with what is stated; those of the applicant have index 0."""
    owners: dict[str, tuple[Any, ...]] = {
        "establishment": (application.establishment,),
        "application": (application,),
        "activity": application.activities,
        "prior_support": application.prior_support,
    }
    return {
        (fact, index): getattr(stated, column.field)
        for fact, column in FACT_COLUMNS.items()
        for index, stated in enumerate(owners[column.owner])
    }


def open_places(application: Application) -> list[Place]:
    """The facts that are not stated."""
    return [place for place, value in facts_of(application).items() if value is None]


def meets(condition: Condition, facts: dict[Place, Any], index: int) -> bool:
    value = facts[condition.fact, index if condition.fact.startswith("activity.") else 0]
    if condition.is_ == "one of":
        return value in (condition.values or ())
    return value is (condition.is_ == "yes")


@cache
def asked_of(regulation: Regulation, norm: str, on: date) -> list[Condition]:
    return [condition for condition in regulation.all_conditions if condition.applies(norm, on)]


def total(regulation: Regulation, application: Application, facts: dict[Place, Any]) -> tuple[int, tuple[bool, ...]]:
    """The most that the law allows once every fact is known, and which activities are eligible."""
    eligible = tuple(
        all(meets(c, facts, index) for c in asked_of(regulation, activity.norm, application.approved_on))
        for index, activity in enumerate(application.activities)
    )
    amount = 0
    for name, norm in regulation.norms.items():
        mine = [i for i, activity in enumerate(application.activities) if activity.norm == name and eligible[i]]
        pools = [mine] if norm.per == "establishment" else [[index] for index in mine]
        support = [(index, one) for index, one in enumerate(application.prior_support) if one.norm == name]
        received = sum(one.amount_vnd for _, one in support)
        only_lines_before = all(facts["prior_support.technology_line", index] for index, _ in support)
        for pool in pools:
            best = 0
            # what is supported is the authority's choice: any part of what is eligible
            for chosen in chain.from_iterable(combinations(pool, size) for size in range(1, len(pool) + 1)):
                only_lines = all(facts["activity.technology_line", index] for index in chosen)
                factor = norm.technology_line_factor if only_lines and only_lines_before else None
                cost = sum(application.activities[index].cost_vnd for index in chosen)
                left = (norm.cap or 0) * (factor or Fraction(1)) - received
                share = Fraction(cost) if norm.rate is None else norm.rate * cost
                best = max(best, int(min(share, left) // 1))
            amount += best
    return amount, eligible


def interval(regulation: Regulation, application: Application, only: set[str] | None = None) -> tuple[int, int, set[Place]]:
    """The least and the most over every way of answering, and the open facts that can change an amount or an eligibility.

    With `only`, the facts that it does not name are left open: they must be idle.
    """
    places = [place for place in open_places(application) if only is None or place[0] in only]
    outcomes, stated = {}, facts_of(application)
    for values in product(*(FACT_COLUMNS[fact].answers for fact, _ in places)):
        facts = stated | dict(zip(places, values, strict=True))
        outcomes[values] = total(regulation, application, facts)
    asked = set()
    for position, place in enumerate(places):
        seen: dict[tuple[Any, ...], tuple[int, tuple[bool, ...]]] = {}
        for values, outcome in outcomes.items():
            others = values[:position] + values[position + 1 :]
            if seen.setdefault(others, outcome) != outcome:
                asked.add(place)
                break
    amounts = [amount for amount, _ in outcomes.values()]
    return min(amounts), max(amounts), asked
