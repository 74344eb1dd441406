"""Cases: the boundary cases of a regulation with their answers, by which any other implementation can be accepted.

The decision taken here: each case changes one thing. A cost stands at an edge, one đồng below it or above it; earlier
support uses up a cap or leaves one đồng; or one condition is unmet or open while all others are met.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import Any, Final, NamedTuple

from kcgrant.application import COLUMNS, FACTS, Activity, Application, Establishment, PriorSupport, state
from kcgrant.assessment.assess import assess
from kcgrant.assessment.record import Assessment
from kcgrant.law.norms import Norm
from kcgrant.law.regulation import Regulation
from kcgrant.money import MOST_VND
from kcgrant.testing.strategies import edges

TABLE: Final = (
    *COLUMNS,
    *("prior_amount_vnd", "prior_technology_line", "expected_verdict", "expected_maximum_vnd", "expected_assured_vnd"),
)
"""The columns of the table: those of the flat form of an application, one earlier support, and what is expected."""


class Case(NamedTuple):
    """An application, named by what is special about it, and the answer expected."""

    application: Application
    answer: Assessment

    def to_dict(self) -> dict[str, Any]:
        """The case as a document: its name, the application, and the verdict and amounts in đồng that are expected."""
        return {
            "name": self.application.reference,
            "application": self.application.model_dump(mode="json"),
            "expected": {
                "verdict": self.answer.verdict.value,
                "maximum_vnd": self.answer.maximum_vnd,
                "assured_vnd": self.answer.assured_vnd,
            },
        }


def boundary_cases(regulation: Regulation) -> list[Case]:
    """The boundary cases of each norm of a regulation, with the answers of this library; one activity each.

    Example:
        >>> from kcgrant import catalogue
        >>> cases = boundary_cases(catalogue.get("hung-yen-553-2025"))
        >>> cases[0].application.reference, cases[0].answer.maximum_vnd
        ('demonstration-model 2025-02-18: cost one below the cap', 999999999)
    """
    found = []
    for on in _days(regulation):
        for name, norm in regulation.norms.items():
            for what, application in _of_norm(regulation, name, norm, on):
                named = application.model_copy(update={"reference": f"{name} {on}: {what}"})
                found.append(Case(named, assess(named, regulation)))
    return found


def _days(regulation: Regulation) -> list[date]:
    """The first day in force, and the first day of each change of the conditions after it."""
    period = regulation.in_force
    if period is None:
        return []
    return [period.since, *(day for day in regulation.turning_days if day > period.since and period.covers(day))]


def _of_norm(regulation: Regulation, name: str, norm: Norm, on: date) -> Iterator[tuple[str, Application]]:
    for lines, edge in zip((False, True), edges(norm), strict=False):
        cap = "raised cap" if lines else "cap"
        for step, where in ((-1, "one below the"), (0, "at the"), (1, "one above the")):
            if 1 <= edge + step <= MOST_VND:
                yield f"cost {where} {cap}", _met(regulation, name, on, cost_vnd=edge + step, technology_line=lines)
    whole = _met(regulation, name, on, cost_vnd=edges(norm)[-1], technology_line=False)
    amounts = ((norm.cap - 1, "all but one of the cap"), (norm.cap, "the cap"), (norm.cap + 1, "more than the cap"))
    for amount, what in amounts:
        if 1 <= amount <= MOST_VND:
            support = PriorSupport(norm=name, amount_vnd=amount, technology_line=False)
            yield f"earlier support of {what}", whole.model_copy(update={"prior_support": (support,)})
    for condition in regulation.all_conditions:
        if condition.applies(name, on):
            place = condition.fact, 0 if condition.fact.startswith("activity.") else None
            yield f"{condition.id} not stated", state(whole, place, None)
            for value in FACTS[condition.fact]:
                if value not in condition.accepted:
                    yield f"{condition.id} unmet by {value}", state(whole, place, value)


def _met(regulation: Regulation, name: str, on: date, **activity: Any) -> Application:
    """An application of one activity that meets every condition asked on a day; other facts are not stated."""
    facts: dict[str, dict[str, Any]] = {"establishment": {}, "application": {}, "activity": dict(activity)}
    asked = [condition for condition in regulation.all_conditions if condition.applies(name, on)]
    for fact, answers in FACTS.items():
        about = [condition for condition in asked if condition.fact == fact]
        if about:
            owner, _, field = fact.partition(".")
            facts[owner][field] = next(value for value in answers if all(value in c.accepted for c in about))
    return Application(
        approved_on=on,
        establishment=Establishment(name="A", province=regulation.province or "somewhere", **facts["establishment"]),
        activities=(Activity(norm=name, **facts["activity"]),),
        **facts["application"],
    )


def as_csv(cases: list[Case]) -> str:
    """The cases as a table with a row each: text in UTF-8, yes and no as true and false, empty where not stated."""
    table = io.StringIO()
    writer = csv.DictWriter(table, TABLE, lineterminator="\n")
    writer.writeheader()
    for case in cases:
        writer.writerow({column: _written(value) for column, value in _row(case).items()})
    return table.getvalue()


def _row(case: Case) -> dict[str, Any]:
    stated, answer = case.application, case.answer
    owners = {"application": stated, "establishment": stated.establishment, "activity": stated.activities[0]}
    row: dict[str, Any] = {name: getattr(owners[column.owner], column.field) for name, column in COLUMNS.items()}
    prior = stated.prior_support[0] if stated.prior_support else None
    row |= {
        "prior_amount_vnd": prior.amount_vnd if prior else None,
        "prior_technology_line": prior.technology_line if prior else None,
        "expected_verdict": answer.verdict.value,
        "expected_maximum_vnd": answer.maximum_vnd,
        "expected_assured_vnd": answer.assured_vnd,
    }
    return row


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
