"""Cases: the boundary cases of a regulation with their answers, by which any other implementation can be accepted.

The decision taken here: each case changes one thing. A cost stands at an edge, one đồng below it or above it; earlier
support uses up a cap or leaves one đồng; or one condition is unmet or open while all others are met.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from kcgrant.application import (
    COLUMNS,
    Activity,
    Application,
    Column,
    Establishment,
    Place,
    PriorSupport,
    reader_of_field,
    state,
    state_all,
)
from kcgrant.assessment.assess import assess
from kcgrant.assessment.record import Assessment
from kcgrant.law.norms import Norm
from kcgrant.law.regulation import Regulation
from kcgrant.money import MOST_VND
from kcgrant.testing.strategies import answers_for, edges

TABLE: Final = (
    *COLUMNS,
    *("prior_amount_vnd", "prior_technology_line", "expected_verdict", "expected_maximum_vnd", "expected_assured_vnd"),
)
"""The columns of the table: those of the flat form of an application, one earlier support, and what is expected."""


class Case(NamedTuple):
    """An application, named by what is special about it, and the answer expected."""

    application: Application
    answer: Assessment

    @property
    def expected(self) -> dict[str, Any]:
        """The verdict and the amounts in đồng that are expected."""
        verdict, most, least = self.answer.verdict.value, self.answer.maximum_vnd, self.answer.assured_vnd
        return {"verdict": verdict, "maximum_vnd": most, "assured_vnd": least}

    def to_dict(self) -> dict[str, Any]:
        """The case as a document: its name, the application, and what is expected."""
        stated = self.application
        return {"name": stated.reference, "application": stated.model_dump(mode="json"), "expected": self.expected}


def boundary_cases(regulation: Regulation) -> list[Case]:
    """The boundary cases of each norm of a regulation, with the answers of this library; one activity each.

    Example:
        >>> from kcgrant import catalogue
        >>> cases = boundary_cases(catalogue.get("hung-yen-553-2025"))
        >>> cases[0].application.reference, cases[0].answer.maximum_vnd
        ('demonstration-model 2025-02-28: cost one below the cap', 999999999)
    """
    found, period = [], regulation.in_force
    # Of a regulation of which no day is known, the first day of all is as good as any.
    days = (period.since, *filter(period.covers, regulation.turning_days)) if period else (date.min,)
    for on in dict.fromkeys(days if regulation.norms else ()):
        for name, norm in regulation.norms.items():
            for what, application in _of_norm(regulation, name, norm, on):
                named = application.model_copy(update={"reference": f"{name} {on}: {what}"})
                found.append(Case(named, assess(named, regulation)))
    return found


def _of_norm(regulation: Regulation, name: str, norm: Norm, on: date) -> Iterator[tuple[str, Application]]:
    for held, numbers in regulation.numbers_of(name).items():
        where = f" with {' and '.join(sorted(held))}" if held else ""
        for lines, edge in zip((False, True), edges(numbers), strict=False):
            cap = f"raised cap{where}" if lines else f"cap{where}"
            for step, place in ((-1, "one below the"), (0, "at the"), (1, "one above the")):
                if 1 <= edge + step <= MOST_VND:
                    met = _met(regulation, name, on, held, cost_vnd=edge + step, technology_line=lines)
                    yield f"cost {place} {cap}", met
    whole = _met(regulation, name, on, cost_vnd=(edges(norm) or [10**9])[-1], technology_line=False)
    steps = ((-1, "all but one of the cap"), (0, "the cap"), (1, "more than the cap"))
    for amount, what in [(norm.cap + step, what) for step, what in steps] if norm.cap is not None else ():
        if 1 <= amount <= MOST_VND:
            support = PriorSupport(norm=name, amount_vnd=amount, technology_line=False)
            yield f"earlier support of {what}", whole.model_copy(update={"prior_support": (support,)})
    for more, what in ((0, "all units that count"), (1, "one unit more than count")) if norm.at_most else ():
        quantity = (norm.at_most or 0) + more
        yield what, _met(regulation, name, on, cost_vnd=MOST_VND, quantity=quantity, technology_line=False)
    for condition in regulation.all_conditions:
        if condition.applies(name, on):
            place_of_fact = _place(condition.fact)
            yield f"{condition.id} not stated", state(whole, place_of_fact, None)
            for value in regulation.fact_columns[condition.fact].answers:
                if value not in condition.accepted:
                    yield f"{condition.id} unmet by {value}", state(whole, place_of_fact, value)


def _met(regulation: Regulation, name: str, on: date, held: Collection[str] = (), **activity: Any) -> Application:
    """An application of one activity that meets every condition asked on a day; other facts are not stated.

    Of the variations those that are `held` hold, where their facts meet the conditions, and no others.
    """
    asked = [condition for condition in regulation.all_conditions if condition.applies(name, on)]
    met: dict[Place, Any] = answers_for(regulation, held)
    for fact in dict.fromkeys(condition.fact for condition in asked):
        about = [condition.accepted for condition in asked if condition.fact == fact]
        good = [value for value in regulation.fact_columns[fact].answers if all(value in accepted for accepted in about)]
        if met.get(_place(fact)) not in good:
            met[_place(fact)] = good[0]
    here = Establishment(name="A", province=regulation.province or "somewhere")
    if regulation.norms[name].counted:
        activity.setdefault("quantity", 1)
    return state_all(Application(approved_on=on, establishment=here, activities=(Activity(norm=name, **activity),)), met)


def _place(fact: str) -> Place:
    return fact, 0 if fact.startswith("activity.") else None


def as_csv(cases: list[Case]) -> str:
    """The cases as a table with a row each: text in UTF-8, yes and no as true and false, empty where not stated.

    Facts that the regulation declares itself have a column each behind the others.
    """
    known = cases[0].answer.regulation.fact_columns.values() if cases else ()
    own = {column.name: column for column in known if column.field.startswith("facts.")}
    table = io.StringIO()
    writer = csv.DictWriter(table, (*TABLE, *own), lineterminator="\n")
    writer.writeheader()
    for row in (_row(case, own) for case in cases):
        writer.writerow({name: str(value).lower() if isinstance(value, bool) else value for name, value in row.items()})
    return table.getvalue()


def _row(case: Case, own: Mapping[str, Column]) -> dict[str, Any]:
    stated = case.application
    owners = {"application": stated, "establishment": stated.establishment, "activity": stated.activities[0]}
    columns = {**COLUMNS, **own}
    row: dict[str, Any] = {name: reader_of_field(one.field)(owners[one.owner]) for name, one in columns.items()}
    prior = next(iter(stated.prior_support), None)
    row |= {f"prior_{name}": getattr(prior, name, None) for name in ("amount_vnd", "technology_line")}
    return row | {f"expected_{name}": value for name, value in case.expected.items()}
