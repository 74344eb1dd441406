"""Assess: the engine, from a described application to the most the law allows, with every step recorded.

The decision taken here: the amounts of an assessment are read off its recorded steps, and what is not stated makes an
interval, from what is assured whatever the open answers to what is possible. Both ends are reached by some answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from kcgrant.application import Application, PriorSupport
from kcgrant.assessment.eligibility import VERDICTS, examine, rules_for, verdict_of_all
from kcgrant.assessment.questions import open_questions
from kcgrant.assessment.record import Assessment, new_assessment
from kcgrant.assessment.support import draft, groups, lines_of, varied_lines
from kcgrant.errors import InputError, expect
from kcgrant.language import both
from kcgrant.law.catalogue import law_of
from kcgrant.law.norms import Note
from kcgrant.law.regulation import Regulation, unknown_norms

_SMALL_VND: Final = 10**6  # a cost below it is likelier a figure in millions than in đồng


def assess(application: Application, regulation: Regulation | str | None = None) -> Assessment:
    """The most support that the law allows for an application, in whole đồng, with the steps and sources.

    Without a regulation, the one in force in the establishment's province on `approved_on` applies. One passed by hand, or
    named by its id, may be another place's or day's: that is a comparison, and a note says so.

    Raises:
        NoRegulation: no regulation is known for that place and day, or of that id.
        InputError: an activity or an earlier support names a norm that the regulation does not have; a fact is stated that
            it does not declare; a quantity is missing, or stated where the norm counts no units.
        InputTypeError: the application or the regulation is none.

    Example:
        >>> from datetime import date
        >>> from kcgrant import Activity, Establishment
        >>> halo = Establishment(name="Halo Mold Tech", province="hung-yen", former_province="hung-yen")
        >>> drill = Activity(norm="advanced-machinery", cost_vnd=800_000_000, technology_line=False)
        >>> answer = assess(Application(approved_on=date(2026, 3, 2), establishment=halo, activities=[drill]))
        >>> answer.maximum_vnd, answer.assured_vnd, answer.verdict.value
        (300000000, 0, 'undetermined')
        >>> [question.condition for question in answer.questions][:2]
        ['lawfully-established', 'direct-producer']
    """
    expect(Application, application, "application", "an Application, such as Application.from_dict(document)")
    on, here = application.approved_on, application.establishment
    law = law_of(regulation, here.province, on, here.former_province)
    norms = frozenset([activity.norm for activity in application.activities])
    if application.prior_support:  # support under an unknown norm would go unnoticed
        _refuse_unknown(application, law)
    try:
        rules = rules_for(law, on, norms)
    except KeyError:
        _refuse_unknown(application, law)
        raise
    grouped = groups(application, rules)  # refuses what no rule can be asked about
    judged = examine(application, rules)
    if rules.varying or rules.of_unit:
        lines, unsettled = varied_lines(application, grouped, rules, judged)
    else:
        drafts = [draft(application, group, judged) for group in grouped]
        lines = lines_of(drafts, rules, judged)
        unsettled = [draft.group for draft in drafts if not draft.settled]
    verdicts = tuple([VERDICTS[state] for state in judged.states])
    return new_assessment(
        reference=application.reference,
        regulation=law,
        approved_on=on,
        verdict=verdict_of_all(verdicts),
        maximum_vnd=sum([line.maximum_vnd for line in lines]),
        assured_vnd=sum([line.assured_vnd for line in lines]),
        activity_verdicts=verdicts,
        lines=lines,
        findings=judged.findings,
        questions=open_questions(application, unsettled, rules, judged) if unsettled else (),
        readings=rules.readings,
        notes=(*rules.notes, *own) if (own := _own_notes(application, law, by_hand=regulation is not None)) else rules.notes,
        application=application,
    )


def ceiling(
    *,
    norm: str,
    cost_vnd: int,
    province: str,
    on: date | str,
    regulation: Regulation | str | None = None,
    prior_support: Sequence[PriorSupport] = (),
    **facts: Any,
) -> Assessment:
    """The most support for one activity, in whole đồng, every fact under its own name, whoever's it is.

    `on` is the day on which the plan is approved; a fact that is not named is not stated. The short way to `assess`.

    Raises:
        InputError: with every fault found in what is stated.
        NoRegulation: as `assess`.

    Example:
        >>> ceiling(norm="advanced-machinery", cost_vnd=800_000_000, province="hung-yen", on="2026-03-02").maximum_vnd
        400000000
        >>> facts = {"former_province": "hung-yen", "technology_line": False}
        >>> ceiling(
        ...     norm="advanced-machinery", cost_vnd=800_000_000, province="hung-yen", on="2026-03-02", **facts
        ... ).maximum_vnd
        300000000
    """
    stated = Application.of(norm=norm, cost_vnd=cost_vnd, province=province, on=on, prior_support=prior_support, **facts)
    return assess(stated, regulation)


def _refuse_unknown(application: Application, law: Regulation) -> None:
    """Refuses norms that the law does not have."""
    stated = [activity.norm for activity in application.activities]
    if faults := [*unknown_norms(law, activities=stated, prior_support=[p.norm for p in application.prior_support])]:
        raise InputError(faults)


def _own_notes(application: Application, law: Regulation, *, by_hand: bool) -> tuple[Note, ...]:
    """What should be known about this application: a foreign law, support for models, costs as if in millions."""
    special = by_hand or application.prior_support
    if not special and min([activity.cost_vnd for activity in application.activities]) >= _SMALL_VND:
        return ()
    return tuple(_special_notes(application, law, by_hand=by_hand))


def _special_notes(application: Application, law: Regulation, *, by_hand: bool) -> Iterator[Note]:
    province, on = application.establishment.province, application.approved_on
    if by_hand and law.province not in (None, province):
        told = "For comparison only: {law} is the law of {there}, the establishment is in {here}."
        yield Note(id="other-province", text=both(told, law=law.document, there=law.province, here=province))
    if by_hand and law.in_force and not law.in_force.covers(on):
        told = "For comparison only: {law} is in force {days}, the plan is approved on {on}."
        yield Note(id="other-day", text=both(told, law=law.document, days=law.in_force.in_words(), on=on))
    if application.prior_support:
        named = {prior.norm for prior in application.prior_support}.intersection(a.norm for a in application.activities)
        if models := sorted(norm for norm in named if not law.norms[norm].pooled):
            told = (
                "Earlier support under {norms} is taken from every limit of each such unit here; list it only if it was for "
                "the same unit."
            )
            yield Note(id="prior-per-model", text=both(told, norms=models))
    for number, activity in enumerate(application.activities, 1):
        if activity.cost_vnd < _SMALL_VND:
            told = "Activity {number} costs VND {cost}, less than one million. Did you mean million?"
            yield Note(id=f"small-cost-{number}", text=both(told, number=number, cost=activity.cost_vnd))
