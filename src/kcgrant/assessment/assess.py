"""Assess: the engine, from a described application to the most the law allows, with every step recorded.

The decision taken here: the amounts of an assessment are read off its recorded steps, and what is not stated makes an
interval, from what is assured whatever the open answers to what is possible. Both ends are reached by some answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kcgrant.application import Application
from kcgrant.assessment.eligibility import VERDICTS, examine, rules_for, verdict_of_all
from kcgrant.assessment.questions import open_questions
from kcgrant.assessment.record import Assessment
from kcgrant.assessment.support import draft, groups, lines_of
from kcgrant.errors import InputError, shown
from kcgrant.language import Text, figures
from kcgrant.law.catalogue import find
from kcgrant.law.norms import Note
from kcgrant.law.regulation import Regulation, unknown_norm

_SMALL_VND: Final = 10**6  # a cost below it is likelier a figure in millions than in đồng


def assess(application: Application, regulation: Regulation | None = None) -> Assessment:
    """The most support that the law allows for an application, in whole đồng, with the steps and sources.

    Without a regulation, the one in force in the establishment's province on `approved_on` applies. One passed by hand
    may be another place's or day's: that is a comparison, and a note says so.

    Raises:
        NoRegulation: no regulation is known for that place and day.
        InputError: an activity or an earlier support names a norm that the regulation does not have.
        TypeError: the regulation is not one.

    Example:
        >>> from datetime import date
        >>> from kcgrant import Activity, Establishment
        >>> halo = Establishment(name="Halo Mold Tech", province="hung-yen")
        >>> drill = Activity(norm="advanced-machinery", cost_vnd=800_000_000, technology_line=False)
        >>> answer = assess(Application(approved_on=date(2026, 3, 2), establishment=halo, activities=[drill]))
        >>> answer.maximum_vnd, answer.assured_vnd, answer.verdict.value
        (300000000, 0, 'undetermined')
        >>> [question.condition for question in answer.questions][:2]
        ['lawfully-established', 'direct-producer']
    """
    on = application.approved_on
    law = regulation if regulation is not None else find(application.establishment.province, on)
    if not isinstance(law, Regulation):
        raise TypeError(f"regulation: given {shown(law)}; expected a Regulation, such as catalogue.get(id)")
    norms = frozenset([activity.norm for activity in application.activities])
    if not norms <= law.norms.keys() or application.prior_support:
        _check_norms(application, law)
    rules = rules_for(law, on, norms)
    judged = examine(application, rules)
    drafts = [draft(application, group, judged) for group in groups(application, rules)]
    lines = lines_of(drafts, rules, judged)
    unsettled = [draft.group for draft in drafts if not draft.settled]
    verdicts = tuple([VERDICTS[state] for state in judged.states])
    return Assessment(
        reference=application.reference,
        regulation=law,
        approved_on=on,
        verdict=verdict_of_all(verdicts),
        maximum_vnd=sum([line.maximum_vnd for line in lines]),
        assured_vnd=sum([line.assured_vnd for line in lines]),
        activity_verdicts=verdicts,
        lines=lines,
        findings=judged.findings,
        questions=tuple(open_questions(application, unsettled, judged)) if unsettled else (),
        readings=rules.readings,
        notes=(*rules.notes, *_own_notes(application, law, regulation)),
        application=application,
    )


def _check_norms(application: Application, law: Regulation) -> None:
    """Refuses a norm that the regulation does not have: support under it would go unnoticed."""
    named = [(f"activities[{i}].norm", activity.norm) for i, activity in enumerate(application.activities)]
    named += [(f"prior_support[{i}].norm", prior.norm) for i, prior in enumerate(application.prior_support)]
    if faults := [unknown_norm(where, norm, law) for where, norm in named if norm not in law.norms]:
        raise InputError(faults)


def _own_notes(application: Application, law: Regulation, by_hand: Regulation | None) -> Iterator[Note]:
    """What should be known about this application: a foreign law, and costs that look like figures in millions."""
    province, on = application.establishment.province, application.approved_on
    if by_hand is not None and law.province not in (None, province):
        yield _note(
            "other-province",
            f"For comparison only: {law.document} is the law of {law.province}, the establishment is in {province}.",
            f"Chỉ để so sánh: {law.document} là quy định của {law.province}, còn cơ sở ở {province}.",
        )
    if by_hand is not None and law.in_force and not law.in_force.covers(on):
        since, until = law.in_force.since, law.in_force.until
        en = f"from {since:%Y-%m-%d}" + (f" to {until:%Y-%m-%d}" if until else "")
        vi = f"từ {since:%d/%m/%Y}" + (f" đến {until:%d/%m/%Y}" if until else "")
        yield _note(
            "other-day",
            f"For comparison only: {law.document} is in force {en}, the plan is approved on {on:%Y-%m-%d}.",
            f"Chỉ để so sánh: {law.document} có hiệu lực {vi}, còn kế hoạch được phê duyệt ngày {on:%d/%m/%Y}.",
        )
    if application.prior_support:
        yield from _prior_notes(application, law)
    for index, activity in enumerate(application.activities):
        if activity.cost_vnd < _SMALL_VND:
            en, vi = figures(activity.cost_vnd), figures(activity.cost_vnd, "vi")
            yield _note(
                f"small-cost-{index + 1}",
                f"Activity {index + 1} costs {en}, less than one million. Did you mean million?",
                f"Hạng mục {index + 1} có chi phí {vi}, chưa tới một triệu. Có phải ý bạn là triệu đồng?",
            )


def _prior_notes(application: Application, law: Regulation) -> Iterator[Note]:
    used = {activity.norm for activity in application.activities}
    named = {prior.norm for prior in application.prior_support if prior.norm in used}
    models = ", ".join(sorted(norm for norm in named if law.norms[norm].per == "model"))
    if models:
        yield _note(
            "prior-per-model",
            f"Earlier support under {models} is taken from the cap of every such model here; list it only if it was for "
            "the same model.",
            f"Khoản hỗ trợ trước đây theo {models} được trừ vào mức trần của từng mô hình trong hồ sơ; chỉ kê khai nếu đó "
            "là hỗ trợ cho chính mô hình này.",
        )


def _note(name: str, en: str, vi: str) -> Note:
    return Note(id=name, text=Text(en=en, vi=vi))
