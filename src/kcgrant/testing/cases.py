"""Cases: the boundary cases of a regulation with their answers, by which any other implementation can be accepted.

The decision taken here: each case changes one thing. A cost stands at an edge, one đồng below it or above it; earlier
support uses up a cap or leaves one đồng; or one condition is unmet or open while all others are met. Others have several
activities or supports, lines among machines, quantities: whatever a program forgets makes one of them come out otherwise.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from itertools import zip_longest
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
        """The verdict and the amounts in đồng that are expected, and the facts to be asked for."""
        verdict, most, least = self.answer.verdict.value, self.answer.maximum_vnd, self.answer.assured_vnd
        asked = list(dict.fromkeys([question.fact for question in self.answer.questions]))
        return {"verdict": verdict, "maximum_vnd": most, "assured_vnd": least, "asked": asked}

    def to_dict(self) -> dict[str, Any]:
        """The case as a document: its name, the application, and what is expected."""
        stated = self.application
        return {"name": stated.reference, "application": stated.model_dump(mode="json"), "expected": self.expected}


def boundary_cases(regulation: Regulation) -> list[Case]:
    """The boundary cases of each norm of a regulation, with the answers of this library.

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
            for what, application in (*_of_norm(regulation, name, norm, on), *_of_several(regulation, name, norm, on)):
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


MANY: Final = 5  # more than the four rows for which a form has room


def _of_several(regulation: Regulation, name: str, norm: Norm, on: date) -> Iterator[tuple[str, Application]]:
    """Cases of several activities or supports, and of what stands between them."""
    edge = (edges(norm) or [10**9])[0]
    plain = {"technology_line": False}

    def several(*costs: int, **more: Any) -> Application:
        one = _met(regulation, name, on, cost_vnd=1, **(plain | more))
        made = [one.activities[0].model_copy(update={"cost_vnd": min(MOST_VND, max(1, cost))}) for cost in costs]
        return one.model_copy(update={"activities": tuple(made)})

    def supports(application: Application, *amounts: int, line: bool | None = False) -> Application:
        made = [PriorSupport(norm=name, amount_vnd=max(1, amount), technology_line=line) for amount in amounts]
        return application.model_copy(update={"prior_support": tuple(made)})

    part = edge // MANY + 1
    yield "several that together reach the cap", several(*[part - step for step in range(MANY)])
    yield "several, the dearest first, of one name", _named(several(*[edge - step for step in range(MANY)]), "A")
    yield "several, all of the least cost", several(*[1] * MANY)
    yield "a cost beyond numbers of 32 bits", several(2**32 + 2 * (edge // 3))
    cap = norm.cap if norm.cap is not None else edge
    thirds = supports(several(edge + 1), cap // 4, cap // 4, cap // 4)
    yield "three earlier supports", thirds
    yield (
        "earlier support of more than the cap, and an open question",
        _opened(regulation, supports(several(edge), 2 * cap), on),
    )
    for condition in regulation.all_conditions:
        if condition.applies(name, on) and condition.fact.startswith("activity."):
            whole = several(*[edge // 2 + step for step in range(MANY)])
            unmet = [a for a in regulation.fact_columns[condition.fact].answers if a not in condition.accepted]
            for value, said in ((unmet[:1], "fails"), ([None], "is open")):
                for wrong in value:
                    yield (
                        f"several, of which the last {said} {condition.id}",
                        state(whole, (condition.fact, MANY - 1), wrong),
                    )
                    yield (
                        f"two, of which the first {said} {condition.id}",
                        state(several(edge, edge), (condition.fact, 0), wrong),
                    )
    if norm.technology_line_cap_vnd is not None:
        yield from _of_lines(several, supports, norm)
    if norm.counted:
        for number in (1, 2, MANY):
            yield f"a quantity of {number}, within the cap", several(number * (edge // 2 + 1), quantity=number)
            yield f"a quantity of {number}, above the cap", several(2 * number * edge, quantity=number)


def _of_lines(
    several: Callable[..., Application], supports: Callable[..., Application], norm: Norm
) -> Iterator[tuple[str, Application]]:
    """Cases in which technology lines stand beside machines, earlier support, or are not stated to be such."""
    place, low, high = "activity.technology_line", *edges(norm)
    between = (low + high) // 2
    mixed = state(several(between, 2), (place, 0), True)
    yield "a line between the caps and a small machine", mixed
    yield "a line and a machine that is worth more", state(several(2, high), (place, 0), True)
    yield "a line and a machine, together above the raised cap", state(several(high, high), (place, 0), True)
    line = state(several(high), (place, 0), True)
    received = (norm.technology_line_cap_vnd or 0) // 5
    for flag, said in ((True, "lines"), (False, "machines"), (None, "what is not stated")):
        yield f"a line, after support for {said}", supports(line, received, line=flag)
    yield "not stated to be a line, between the caps", state(several(between), (place, 0), None)
    yield "not stated to be a line, below the ordinary cap", state(several(low - 1), (place, 0), None)
    yield "a line and one that is not stated to be one", state(state(several(low, low), (place, 0), True), (place, 1), None)


def _named(application: Application, name: str) -> Application:
    """The application with all its activities of one name."""
    return application.model_copy(
        update={"activities": [a.model_copy(update={"name": name}) for a in application.activities]}
    )


def _opened(regulation: Regulation, application: Application, on: date) -> Application:
    """The application with the first condition that is asked of it not stated."""
    asked = [c for c in regulation.all_conditions if c.applies(application.activities[0].norm, on)]
    return state(application, _place(asked[0].fact), None) if asked else application


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
    """The cases as a table, a row for each activity or support: text in UTF-8, yes and no as true and false, else empty.

    The rows of a case share its reference, and each has what is expected.

    Facts that the regulation declares itself have a column each behind the others.
    """
    known = cases[0].answer.regulation.fact_columns.values() if cases else ()
    own = {column.name: column for column in known if column.field.startswith("facts.")}
    table = io.StringIO()
    writer = csv.DictWriter(table, (*TABLE, *own), lineterminator="\n")
    writer.writeheader()
    for row in (row for case in cases for row in _rows(case, own)):
        writer.writerow({name: str(value).lower() if isinstance(value, bool) else value for name, value in row.items()})
    return table.getvalue()


def _rows(case: Case, own: Mapping[str, Column]) -> Iterator[dict[str, Any]]:
    stated = case.application
    columns = {**COLUMNS, **own}
    for activity, prior in zip_longest(stated.activities, stated.prior_support):
        owners = {"application": stated, "establishment": stated.establishment, "activity": activity}
        row = {name: reader_of_field(one.field)(owners[one.owner]) for name, one in columns.items() if owners[one.owner]}
        row |= {f"prior_{name}": getattr(prior, name, None) for name in ("amount_vnd", "technology_line")}
        expected = {name: value for name, value in case.expected.items() if name != "asked"}
        yield row | {f"expected_{name}": value for name, value in expected.items()}
