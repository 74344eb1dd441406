"""Advise: which kind of support is best for a project, what has to be shown for each, and where the answer changes.

The decision taken here: every amount of a route is that of an assessment, and every turning point is read off the norm's
curve, so that advice cannot promise what the engine would not give.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final

from kcgrant.advice.curve import Curve, Segment, best_by_cost
from kcgrant.advice.document import InFull, Law, written
from kcgrant.advice.repairs import Repair, repairs
from kcgrant.application import Application, state
from kcgrant.assessment.assess import assess
from kcgrant.assessment.eligibility import Verdict
from kcgrant.assessment.record import Assessment, Question
from kcgrant.assessment.support import prior_under
from kcgrant.errors import InputError, InputTypeError, expect, fault
from kcgrant.fields import Document
from kcgrant.law.catalogue import law_of
from kcgrant.law.regulation import Regulation, no_norms
from kcgrant.layout import Shown


def _curve_in_short(curve: Curve) -> dict[str, object]:
    told = ("id", "technology_lines", "prior_vnd", "quantity", "variations", "limit_vnd", "reached_from_vnd")
    of_cap = ("limit_vnd", "reached_from_vnd")
    return {name: getattr(curve, name) if curve.capped or name not in of_cap else None for name in told}


def _segment_in_short(segment: Segment) -> dict[str, object]:
    return segment._asdict() | {"curve": _curve_in_short(segment.curve)}


@dataclass(frozen=True, slots=True, repr=False)
class Route(Shown):
    """One norm that could carry the project: the assessment under it, and its curve; amounts in whole đồng.

    `rank` is 1 for the most support; routes with the same support share a rank. `own_share_vnd` is what the applicant
    pays itself at least: the cost without the maximum. `curve` is that of the maximum. `mended` is what would make a
    project eligible that is not, where something would.
    """

    norm: str
    rank: int
    assessment: InFull
    curve: Annotated[Curve, written(_curve_in_short)]
    own_share_vnd: int
    mended: Repair | None

    @property
    def open(self) -> bool:
        """Whether the project may be eligible under the norm."""
        return self.assessment.verdict != Verdict.INELIGIBLE


@dataclass(frozen=True, slots=True, repr=False)
class RouteOrder(Shown):
    """The routes, the best first, for a project that is a technology line, or is not; None where no norm asks.

    `segments` say which of the routes that are open, and whose cap is not used up, is the best at which cost; they tile all
    costs. Empty where there is none, or where earlier support for the same unit is taken from the share of a cost as well.
    """

    technology_line: bool | None
    routes: tuple[Route, ...]
    segments: tuple[Annotated[Segment, written(_segment_in_short)], ...]


@dataclass(frozen=True, slots=True, repr=False)
class Advice(Document):
    """The routes for a project under a regulation. They are alternatives: one cost is supported once.

    There is one ranking; or, where it is open whether the project is a technology line and such lines have a cap of their
    own, one if it is and one if it is not. `questions` are those that any open route asks. `uncounted` are the norms that
    count units, of which the project states no quantity: they are no routes.
    """

    regulation: Law
    application: Application
    rankings: tuple[RouteOrder, ...]
    questions: tuple[Question, ...]
    uncounted: tuple[str, ...]

    @property
    def best(self) -> Route:
        """The route with the most support; of several rankings, that of the larger, and of equals the first."""
        return max((ranking.routes[0] for ranking in self.rankings), key=lambda route: route.assessment.maximum_vnd)


def advise(application: Application | None = None, regulation: Regulation | str | None = None, **project: Any) -> Advice:
    """The kinds of support that could carry a project, the best first, each with its assessment.

    The project is the one activity of the application: its cost and what is known about it count, its norm does not; or it
    is described in short, as by `ceiling`: `cost_vnd`, `province`, `on` and facts. Without a regulation, the one in force in
    the establishment's province on `approved_on` applies.

    Raises:
        InputError: the application has more than one activity, earlier support names a norm that the law lacks, or the
            regulation is a framework without norms.
        NoRegulation: no regulation is known for that place and day.
        InputTypeError: the application or the regulation is none.

    Example:
        >>> from datetime import date
        >>> from kcgrant import Activity, Establishment
        >>> someone = Establishment(name="An owner", province="hung-yen", former_province="hung-yen")
        >>> project = Activity(norm="advanced-machinery", cost_vnd=1_200_000_000, technology_line=False)
        >>> advice = advise(Application(approved_on=date(2026, 3, 2), establishment=someone, activities=[project]))
        >>> for route in advice.rankings[0].routes:
        ...     print(route.rank, route.norm, route.assessment.maximum_vnd)
        1 demonstration-model 360000000
        1 cleaner-production-model 360000000
        3 advanced-machinery 300000000
        4 replication-model 100000000
    """
    if application is None:
        application = Application.of(norm=ANY, **project)
    elif project:
        told = "not beside an application; state that, or a project by its cost_vnd, province and on"
        raise InputTypeError([fault(name, told) for name in project])
    expect(Application, application, "application", "an Application, such as Application.from_dict(document)")
    if len(application.activities) != 1:
        told = "given {number}; routes are compared for one project: state its whole cost as one activity"
        raise InputError([fault("activities", told, number=len(application.activities))])
    here = application.establishment
    law = law_of(regulation, here.province, application.approved_on, here.former_province)
    by_hand = None if regulation is None else law
    if not law.norms:
        raise InputError([no_norms("regulation", law)])
    known = application.activities[0].technology_line
    lines = (True, False) if known is None and any(_raised(application, law, name) for name in law.norms) else (known,)
    rankings = tuple(_ranking(application, law, by_hand, line) for line in lines)
    routes = [route for ranking in rankings for route in ranking.routes if route.open]
    questions = tuple(dict.fromkeys(question for route in routes for question in route.assessment.questions))
    uncounted = () if application.activities[0].quantity else tuple(name for name in law.norms if law.norms[name].counted)
    return Advice(law, application, rankings, questions, uncounted)


ANY: Final = "any"
"""The norm of a project of which it is asked which norm carries it best."""


def _raised(application: Application, law: Regulation, name: str) -> bool:
    """Whether a technology line may have a cap of its own under a norm."""
    raised = any(norm.technology_line_cap_vnd is not None for norm in law.numbers_of(name).values())
    return raised and prior_under(name, application.prior_support).may_be_open


def _ranking(application: Application, law: Regulation, by_hand: Regulation | None, line: bool | None) -> RouteOrder:
    """The routes for a project that is, or is not, a technology line; None where no norm asks."""
    project = state(application, ("activity.technology_line", 0), line)
    quantity = application.activities[0].quantity
    named = [name for name, norm in law.norms.items() if quantity or not norm.counted]
    found = [(name, assess(_under(project, law, name), by_hand)) for name in named]
    found.sort(key=lambda pair: (-pair[1].maximum_vnd, -pair[1].assured_vnd))
    amounts = [answer.maximum_vnd for _, answer in found]
    routes = tuple(
        Route(
            norm=name,
            rank=1 + amounts.index(answer.maximum_vnd),
            assessment=answer,
            curve=_curve(answer, name),
            own_share_vnd=project.activities[0].cost_vnd - answer.maximum_vnd,
            mended=_mended(answer),
        )
        for name, answer in found
    )
    usable = [route.curve for route in routes if route.open and route.curve.limit_vnd]
    told_by_cost = not any(curve.received_vnd for curve in usable)
    return RouteOrder(line, routes, best_by_cost(usable) if told_by_cost else ())


def _mended(answer: Assessment) -> Repair | None:
    proposals = repairs(answer) if answer.verdict == Verdict.INELIGIBLE else ()
    return next((one for one in reversed(proposals) if one.after.verdict == Verdict.ELIGIBLE), None)


def _under(project: Application, law: Regulation, name: str) -> Application:
    """The project under a norm; its quantity is stated where units are counted."""
    (activity,) = project.activities
    quantity = activity.quantity if law.norms[name].counted else None
    under = activity.model_copy(update={"norm": name, "quantity": quantity})
    return project.model_copy(update={"activities": (under,)})


def _curve(answer: Assessment, name: str) -> Curve:
    """The curve of a norm if open answers are favourable."""
    project, law, chosen = answer.application, answer.regulation, answer.lines[0].chosen
    raised = project.activities[0].technology_line is True and _raised(project, law, name)
    held = chosen.variations if chosen else ()
    prior_vnd = prior_under(name, project.prior_support).amount_vnd
    return Curve(name, law.norm_under(name, held), raised, prior_vnd, project.activities[0].quantity, held)
