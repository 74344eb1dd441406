"""Assess: the engine, from a described application to the most the law allows, with every step recorded.

The decision taken here: the amounts of an assessment are read off its recorded steps, and what is not stated makes an
interval, from what is assured whatever the open answers to what is possible. Both ends are reached by some answers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, Literal, NamedTuple

from kcgrant.application import MOST_ENTRIES, Activity, Application
from kcgrant.catalogue import find
from kcgrant.eligibility import MET, UNMET, VERDICTS, Judgement, Rules, examine, rules_for, verdict_of_all, worlds
from kcgrant.errors import MOST_FAULTS, Fault, InputError, NoRegulation, Text, listed, nearest, shown
from kcgrant.money import figures
from kcgrant.questions import Group, Prior, groups, open_questions
from kcgrant.record import Assessment, Limit, Line, Option
from kcgrant.regulation import Norm, Note, Regulation

__all__ = ["Assessment", "assess"]

_RATE: Final[frozenset[Limit]] = frozenset({"rate"})
_CAP: Final[frozenset[Limit]] = frozenset({"cap"})
_BOTH: Final = _RATE | _CAP
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
    drafts = [_draft(application, group, judged) for group in groups(application, rules)]
    lines = _lines(drafts, rules, judged)
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
    if faults := [_unknown_norm(where, norm, law) for where, norm in named if norm not in law.norms]:
        raise InputError(faults)


def unknown_norms(text: str, law: Regulation | None) -> list[Fault]:
    """The norms, in a text of JSON that is faulty otherwise, that the regulation does not have, as far as it can be told.

    So the faults of an application can all be told at once. Empty where the text tells neither place nor day.
    """
    try:
        document = json.loads(text)
        law = law or find(document["establishment"]["province"], date.fromisoformat(document["approved_on"]))
        named = [
            (f"{key}[{index}].norm", entry["norm"])
            for key in ("activities", "prior_support")
            for index, entry in enumerate(document.get(key, ())[:MOST_ENTRIES])
        ]
    except NoRegulation as error:
        return list(error.faults)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return []
    unknown = [(where, norm) for where, norm in named if isinstance(norm, str) and norm not in law.norms]
    return [_unknown_norm(where, norm, law) for where, norm in unknown[:MOST_FAULTS]]


def _unknown_norm(where: str, norm: str, law: Regulation) -> Fault:
    if not law.norms:
        en = f"given {shown(norm)}; {law.id} is a framework without norms; name a regulation"
        vi = f"giá trị {shown(norm)}; {law.id} là văn bản khung, không có mức chi; hãy nêu văn bản khác"
        return Fault(where, Text(en=en, vi=vi))
    known = listed(law.norms)
    near = nearest(norm, law.norms)
    en = f"given {shown(norm)}; {law.id} has the norms {known}" + (f". Did you mean {near}?" if near else "")
    vi = f"giá trị {shown(norm)}; {law.id} có các mức chi {known}" + (f". Có phải ý bạn là {near}?" if near else "")
    return Fault(where, Text(en=en, vi=vi))


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


# --- the options of a line --------------------------------------------------------------------------------------------

_Counted = tuple[int, int]  # index and cost of an activity that counts


def _option(kind: Literal["all", "technology-lines"], norm: Norm, counted: Sequence[_Counted], prior_vnd: int) -> Option:
    """One choice of what to support: the least of its limits, with every step."""
    base_vnd = sum([cost_vnd for _, cost_vnd in counted])
    share_vnd, cap_vnd, left_vnd = norm.limits(base_vnd, prior_vnd, technology_lines=kind == "technology-lines")
    amount_vnd, binding = (share_vnd, _RATE) if share_vnd < left_vnd else (left_vnd, _CAP)
    if share_vnd == left_vnd:
        binding = _BOTH
    indices = tuple([index for index, _ in counted])
    return Option(kind, indices, base_vnd, share_vnd, cap_vnd, prior_vnd, left_vnd, amount_vnd, binding)


def _options(
    norm: Norm, counted: Sequence[_Counted], activities: Sequence[Activity], prior: Prior, *, hopeful: bool
) -> tuple[Option, ...]:
    """The lawful choices of what to support on a line, with unstated technology lines taken as such or not."""
    if not counted:
        return ()
    if norm.technology_line_factor is None or not (prior.may_be_open if hopeful else prior.is_open):
        return (_option("all", norm, counted, prior.amount_vnd),)
    wanted = (True, None) if hopeful else (True,)
    lines = [pair for pair in counted if activities[pair[0]].technology_line in wanted]
    options = () if len(lines) == len(counted) else (_option("all", norm, counted, prior.amount_vnd),)
    return (*options, _option("technology-lines", norm, lines, prior.amount_vnd)) if lines else options


def _best(options: tuple[Option, ...]) -> Option | None:
    """The option with the largest amount; on a tie the first, which is `all`."""
    if len(options) > 1:
        return max(options, key=lambda option: option.amount_vnd)
    return options[0] if options else None


# --- lines ------------------------------------------------------------------------------------------------------------


class _Draft(NamedTuple):
    """A line if its norm's conditions are met: its options if open answers are favourable, and the best of either end."""

    group: Group
    options: tuple[Option, ...]
    best: Option | None
    least: Option | None
    settled: bool


def _draft(application: Application, group: Group, judged: Judgement) -> _Draft:
    if judged.of_norm[group.name] == UNMET:
        return _Draft(group, (), None, None, settled=True)
    norm, activities, prior, states = group.norm, application.activities, group.prior, judged.of_activity
    possible = [(index, activities[index].cost_vnd) for index in group.activities if states[index] != UNMET]
    certain = [pair for pair in possible if states[pair[0]] == MET]
    options = _options(norm, possible, activities, prior, hopeful=True)
    best = _best(options)
    if len(certain) == len(possible) and prior.is_open == prior.may_be_open and group.flags_stated:
        return _Draft(group, options, best, best, settled=judged.of_norm[group.name] == MET)
    return _Draft(group, options, best, _best(_options(norm, certain, activities, prior, hopeful=False)), settled=False)


def _lines(drafts: Sequence[_Draft], rules: Rules, judged: Judgement) -> tuple[Line, ...]:
    possible = assured = frozenset(rules.norms)
    if judged.open_checks:
        best, least = dict.fromkeys(rules.norms, 0), dict.fromkeys(rules.norms, 0)
        for draft in drafts:
            best[draft.group.name] += draft.best.amount_vnd if draft.best else 0
            least[draft.group.name] += draft.least.amount_vnd if draft.least else 0
        reached = worlds(rules, judged.open_checks)
        possible = max(reached, key=lambda world: (sum(best[norm] for norm in world), *_rank(world)))
        assured = min(reached, key=lambda world: (sum(least[norm] for norm in world), *_rank(world)))
    return tuple([_line(draft, possible, assured) for draft in drafts])


def _line(draft: _Draft, possible: frozenset[str], assured: frozenset[str]) -> Line:
    group = draft.group
    best = draft.best if group.name in possible else None
    least = draft.least if group.name in assured else None
    return Line(
        group.name,
        group.activities,
        best.amount_vnd if best else 0,
        least.amount_vnd if least else 0,
        draft.options,
        best,
        least,
        group.norm.source,
    )


def _rank(world: frozenset[str]) -> tuple[int, list[str]]:
    return len(world), sorted(world)
