"""Repairs: what would make an application eligible, and what each answer to an open question is worth.

The decision taken here: a proposal is a set of facts, each with the answers that do; it is carried out and assessed, so
that what it says of its worth is read off a record. It is smallest: leave out any fact of it and it no longer does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, overload

from kcgrant.advice.document import InShort, in_short
from kcgrant.application import Answer, Place, state, state_all, stated
from kcgrant.assessment.assess import assess
from kcgrant.assessment.eligibility import Finding, Verdict
from kcgrant.assessment.record import AN_ASSESSMENT, Assessment, Question
from kcgrant.errors import expect
from kcgrant.fields import document
from kcgrant.law.norms import Condition
from kcgrant.layout import Shown

MOST_PROPOSALS: Final = 20  # of single activities; the proposal for the whole application comes besides
MOST_TOLD: Final = 20  # questions whose answers are told one by one, and changes of a proposal, as of faults


@dataclass(frozen=True, slots=True)
class Change:
    """A fact to be stated, or to be changed: any of `answers` does.

    `index` is that of the activity whose fact it is; `given` is what is stated now, None where it is open. `conditions`
    are the ids of those that ask for it. `changeable` is what the law's data say of a fact that fails: True, or None
    where they do not say; True for one that is open, since it only has to be answered.
    """

    fact: str
    index: int | None
    given: Answer | None
    answers: tuple[Answer, ...]
    conditions: tuple[str, ...]
    changeable: bool | None


@dataclass(frozen=True, slots=True, repr=False)
class Repair(Shown):
    """A proposal: the changes, the activities to be left out, and the assessment `after` it is carried out.

    `activities` are the indices, in the application as it is, of those that become eligible. `gain_vnd` is by how much
    the maximum grows, `gain_assured_vnd` by how much the assured amount does, in whole đồng. `lost` are the activities that
    were eligible and, by a change of the applicant's facts, no longer are; both gains count that.
    """

    changes: tuple[Change, ...]
    left_out: tuple[int, ...]
    activities: tuple[int, ...]
    lost: tuple[int, ...]
    gain_vnd: int
    gain_assured_vnd: int
    after: InShort


@dataclass(frozen=True, slots=True, repr=False)
class Prospect(Shown):
    """What the record says once a question has one of these answers."""

    answers: tuple[Answer, ...]
    after: Assessment


# --- what would make it eligible --------------------------------------------------------------------------------------


def repairs(assessment: Assessment) -> tuple[Repair, ...]:
    """The smallest changes and answers that make activities eligible, and those that make the whole application so.

    First those for single activities, the fewest changes first (at most twenty of them), then the one for the whole
    application, which leaves out what cannot be mended. Where activities exclude each other, it leaves out those that are
    worth less. Empty where the application is eligible, or nothing can be done. Activities of whose norm the file does not
    express all can never surely be eligible: there is no proposal for them, nor for the whole.

    Example:
        >>> from datetime import date
        >>> from kcgrant import Activity, Application, Establishment
        >>> plant = Establishment(
        ...     name="Vy Dung",
        ...     province="hung-yen",
        ...     former_province="hung-yen",
        ...     lawfully_established=True,
        ...     direct_producer=True,
        ... )
        >>> pilot = Activity(norm="cleaner-production-model", cost_vnd=500_000_000)
        >>> stated = {"approved_on": date(2026, 3, 2), "own_capital_committed": False, "other_state_support": False}
        >>> answer = assess(Application(establishment=plant, activities=[pilot], **stated))
        >>> (repair,) = repairs(answer)
        >>> repair.changes[0].fact, repair.changes[0].answers, repair.gain_assured_vnd
        ('application.own_capital_committed', (True,), 150000000)
    """
    expect(Assessment, assessment, "assessment", AN_ASSESSMENT)
    bounded = set(_bounded(assessment))
    failing = [index for index in _barred(assessment) if index not in bounded]
    fixed = [index for index in failing if _cannot(assessment, index)]
    wanted = sorted(set(failing) - set(fixed))
    norms = [activity.norm for activity in assessment.application.activities]
    alike = {(norms[index], *(place for place, _ in _failing(assessment, index))): index for index in reversed(wanted)}
    seeds = sorted(alike.values())[:MOST_PROPOSALS]
    singly = [(index, one) for index in seeds if (one := _proposal(assessment, [index], ()))]
    proposed = sorted((one for _, one in singly), key=lambda one: len(one.changes))
    if failing and not bounded and (whole := _whole(assessment, wanted, fixed, singly)):
        proposed.append(whole)
    done = {(*((c.fact, c.index, c.answers) for c in one.changes), one.left_out): one for one in reversed(proposed)}
    return tuple(done.values())[::-1]


def _whole(
    assessment: Assessment, wanted: Sequence[int], fixed: Sequence[int], singly: Sequence[tuple[int, Repair]]
) -> Repair | None:
    """What makes all that is left of the application eligible: everything that can be mended, else what is worth most."""
    together = _proposal(assessment, wanted, fixed)
    if together and together.after.verdict == Verdict.ELIGIBLE:
        return together
    others = [_proposal(assessment, [], _barred(assessment))]
    others += [_proposal(assessment, [index], _barred(one.after)) for index, one in singly]
    found = [one for one in others if one and one.after.verdict == Verdict.ELIGIBLE]
    return max(found, key=lambda one: (one.after.assured_vnd, one.after.maximum_vnd, -len(one.changes)), default=None)


def stuck(assessment: Assessment) -> tuple[Finding, ...]:
    """The failures that cannot be changed, as findings of the record.

    Example:
        >>> from datetime import date
        >>> from kcgrant import Activity, Application, Establishment
        >>> plant = Establishment(name="Vy Dung", province="hung-yen", former_province="hung-yen", kind="large-enterprise")
        >>> drill = Activity(norm="advanced-machinery", cost_vnd=800_000_000)
        >>> answer = assess(Application(approved_on=date(2026, 3, 2), establishment=plant, activities=[drill]))
        >>> [finding.condition for finding in stuck(answer)]
        ['beneficiary-kind']
    """
    fixed = {c.id for index in range(len(assessment.activity_verdicts)) for c in _cannot(assessment, index)}
    return tuple(finding for finding in assessment.findings if finding.outcome == "unmet" and finding.condition in fixed)


def _bounded(answer: Assessment) -> list[int]:
    """The activities of whose norm the file does not express all that the text says."""
    activities, unsaid = enumerate(answer.application.activities), answer.regulation.unexpressed
    return [index for index, activity in activities if any(one.bounds(activity.norm) for one in unsaid)]


def _barred(answer: Assessment) -> list[int]:
    """The activities that are not eligible, or not yet."""
    return [index for index, verdict in enumerate(answer.activity_verdicts) if verdict != Verdict.ELIGIBLE]


def _asked(assessment: Assessment, norm: str) -> list[Condition]:
    """The conditions that activities under a norm have to meet."""
    return [c for c in assessment.regulation.all_conditions if c.applies(norm, assessment.approved_on)]


def _failing(assessment: Assessment, index: int) -> list[tuple[Place, Condition]]:
    """What keeps an activity from being eligible: conditions whose fact is not stated, or not as they want it."""
    application = assessment.application
    asked = _asked(assessment, application.activities[index].norm)
    placed = [((c.fact, index if c.fact.startswith("activity.") else None), c) for c in asked]
    return [(place, c) for place, c in placed if stated(application, place) not in c.accepted]


def _cannot(assessment: Assessment, index: int) -> list[Condition]:
    """The conditions that fail for an activity and cannot be changed."""
    failing = _failing(assessment, index)
    return [c for place, c in failing if c.changeable is False and stated(assessment.application, place) is not None]


def _proposal(assessment: Assessment, wanted: Sequence[int], left_out: Sequence[int]) -> Repair | None:
    """What makes the wanted activities eligible together, carried out; None where they exclude each other.

    None also where nothing of the application is left.
    """
    failing: dict[Place, list[Condition]] = {}
    for index in wanted:
        for place, condition in _failing(assessment, index):
            failing.setdefault(place, []).append(condition)
    norms = {assessment.application.activities[index].norm for index in wanted}
    places = sorted(failing, key=lambda place: place[1] is not None)
    changes = tuple(_change(assessment, place, failing[place], norms) for place in places)
    if not all(change.answers for change in changes):
        return None
    application = state_all(assessment.application, {(c.fact, c.index): c.answers[0] for c in changes})
    kept = sorted(set(range(len(application.activities))) - set(left_out))
    if not kept:
        return None
    application = application.model_copy(update={"activities": tuple(application.activities[index] for index in kept)})
    after = assess(application, assessment.regulation)
    was = {index for index in kept if assessment.activity_verdicts[index] == Verdict.ELIGIBLE}
    now = set(kept) - {kept[number] for number in _barred(after)}
    return Repair(
        changes=changes,
        left_out=tuple(left_out),
        activities=tuple(sorted(now - was)),
        lost=tuple(sorted(was - now)),
        gain_vnd=after.maximum_vnd - assessment.maximum_vnd,
        gain_assured_vnd=after.assured_vnd - assessment.assured_vnd,
        after=after,
    )


def _change(assessment: Assessment, place: Place, failing: Sequence[Condition], wanted: set[str]) -> Change:
    """The answers at a place that every wanted norm accepts; of these, the ones that suit the most other activities."""
    fact, index = place
    activities = assessment.application.activities
    norms = Counter(activity.norm for activity in activities) if index is None else {activities[index].norm: 1}
    asked = {norm: [c for c in _asked(assessment, norm) if c.fact == fact] for norm in norms}
    fitting: dict[tuple[str, ...], list[Answer]] = {}
    for answer in assessment.regulation.fact_columns[fact].answers:
        accepting = tuple(norm for norm, about in asked.items() if all(answer in c.accepted for c in about))
        if wanted & asked.keys() <= set(accepting):
            fitting.setdefault(accepting, []).append(answer)
    best = max(fitting, key=lambda accepting: sum(norms[norm] for norm in accepting), default=())
    given = stated(assessment.application, place)
    return Change(
        fact=fact,
        index=index,
        given=given,
        answers=tuple(fitting.get(best, ())),
        conditions=tuple(dict.fromkeys(c.id for c in failing)),
        changeable=True if given is None or all(c.changeable for c in failing) else None,
    )


# --- what an answer is worth ------------------------------------------------------------------------------------------


@overload
def worth(assessment: Assessment) -> dict[Question, tuple[Prospect, ...]]: ...
@overload
def worth(assessment: Assessment, question: Question) -> tuple[Prospect, ...]: ...
def worth(
    assessment: Assessment, question: Question | None = None
) -> tuple[Prospect, ...] | dict[Question, tuple[Prospect, ...]]:
    """What each answer to an open question leads to; answers that lead to the same are together.

    Without a question it is asked of all, those first whose answers make the largest difference to what is assured, and of
    equals to the maximum.

    Example:
        >>> from datetime import date
        >>> from kcgrant import Activity, Application, Establishment
        >>> dryer = Activity(norm="cleaner-production-model", cost_vnd=820_000_000)
        >>> someone = Establishment(
        ...     name="Minh Tien",
        ...     province="hung-yen",
        ...     former_province="hung-yen",
        ...     lawfully_established=True,
        ...     direct_producer=True,
        ... )
        >>> answer = assess(Application(approved_on=date(2026, 3, 2), establishment=someone, activities=[dryer]))
        >>> [(outcome.answers, outcome.after.maximum_vnd) for outcome in worth(answer, answer.questions[0])]
        [((True,), 246000000), ((False,), 0)]
    """
    expect(Assessment, assessment, "assessment", AN_ASSESSMENT)
    if question is None:
        all_of_them = {one: worth(assessment, one) for one in assessment.questions}
        return dict(sorted(all_of_them.items(), key=lambda pair: _spread(pair[1]), reverse=True))
    found: dict[tuple[object, ...], list[tuple[Answer, Assessment]]] = {}
    for answer in assessment.regulation.fact_columns[question.fact].answers:
        after = assess(state(assessment.application, place_of(question), answer), assessment.regulation)
        key = after.activity_verdicts, after.assured_vnd, after.maximum_vnd
        found.setdefault(key, []).append((answer, after))
    return tuple(Prospect(tuple(answer for answer, _ in some), some[0][1]) for some in found.values())


def _spread(prospects: Sequence[Prospect]) -> tuple[int, int]:
    """By how much the answers to a question differ, in what is assured and in the maximum."""
    assured, most = ([getattr(one.after, name) for one in prospects] for name in ("assured_vnd", "maximum_vnd"))
    return max(assured) - min(assured), max(most) - min(most)


def place_of(question: Question) -> Place:
    """Where the fact stands that a question asks for."""
    return question.fact, question.activity if question.prior_support is None else question.prior_support


# --- all of it as a document ------------------------------------------------------------------------------------------


def mending(assessment: Assessment) -> dict[str, Any]:
    """What would mend an application and what each answer is worth, as a document of plain values.

    Of the assessment after a proposal or an answer it has the verdict and the amounts.

    Example:
        >>> from datetime import date
        >>> from kcgrant import Activity, Application, Establishment
        >>> plant = Establishment(name="Vy Dung", province="hung-yen", former_province="hung-yen")
        >>> pilot = Activity(norm="cleaner-production-model", cost_vnd=500_000_000)
        >>> stated = Application(approved_on=date(2026, 3, 2), establishment=plant, activities=[pilot])
        >>> mending(assess(stated))["repairs"][0]["after"]
        {'verdict': 'eligible', 'maximum_vnd': 150000000, 'assured_vnd': 150000000}
    """
    worths = []
    for question in assessment.questions[:MOST_TOLD]:
        outcomes = [{"answers": list(one.answers)} | in_short(one.after) for one in worth(assessment, question)]
        worths.append(document(question) | {"outcomes": outcomes})
    return {
        "assessment": assessment.to_dict(),
        "repairs": [document(repair) for repair in repairs(assessment)],
        "stuck": [document(finding) for finding in stuck(assessment)],
        "worth": worths,
    }
