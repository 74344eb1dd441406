"""Questions: which of the facts that are not stated can change an amount or the verdict.

The decision taken here: a fact is asked for only if some way of answering the other open questions makes it matter.
Whether an activity is a technology line is therefore tried against every combination of the other open answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from kcgrant.application import Application, PriorSupport
from kcgrant.eligibility import MET, UNKNOWN, UNMET, Check, Judgement, Rules
from kcgrant.errors import Text
from kcgrant.money import figures
from kcgrant.record import Question
from kcgrant.regulation import Norm

MOST_SUMS: Final = 4096  # beyond so many combinations a question is asked without proof that it matters


class Prior(NamedTuple):
    """Earlier support under a norm: its sum in đồng, and whether all of it is, or may be, for technology lines."""

    amount_vnd: int
    is_open: bool
    may_be_open: bool


class Group(NamedTuple):
    """The activities that share a cap, with norm and earlier support; `flags_stated`: each is known to be a line or not."""

    name: str
    norm: Norm
    activities: tuple[int, ...]
    prior: Prior
    flags_stated: bool


_NO_PRIOR: Final = Prior(0, is_open=True, may_be_open=True)


def prior_under(norm: str, support: Sequence[PriorSupport]) -> Prior:
    """The earlier support under a norm."""
    under = [prior for prior in support if prior.norm == norm]
    return Prior(
        sum(prior.amount_vnd for prior in under),
        is_open=all(prior.technology_line for prior in under),
        may_be_open=all(prior.technology_line is not False for prior in under),
    )


def groups(application: Application, rules: Rules) -> list[Group]:
    """The activities that share a cap: each model by itself, those per establishment together, in the order stated."""
    shared: dict[tuple[str, int | None], list[int]] = {}
    for index, activity in enumerate(application.activities):
        own = index if rules.norms[activity.norm].per == "model" else None
        shared.setdefault((activity.norm, own), []).append(index)
    found = []
    for (name, _), members in shared.items():
        norm = rules.norms[name]
        prior = prior_under(name, application.prior_support) if application.prior_support else _NO_PRIOR
        stated = norm.technology_line_factor is None or all(
            [application.activities[index].technology_line is not None for index in members]
        )
        found.append(Group(name, norm, tuple(members), prior, stated))
    return found


def open_questions(application: Application, unsettled: Sequence[Group], judged: Judgement) -> Iterator[Question]:
    """The open facts that can change an amount or a verdict, each once: conditions first, then technology lines."""
    undetermined = {
        index: group.name for group in unsettled for index in group.activities if judged.states[index] == UNKNOWN
    }
    norms = set(undetermined.values())
    asked: list[tuple[int | None, Check]] = [(None, c) for c in judged.open_checks if not norms.isdisjoint(c.norms)]
    asked += [(index, check) for index, check in judged.open_activity if index in undetermined]
    seen: set[tuple[int | None, str]] = set()
    for index, check in asked:
        condition = check.condition
        if (index, condition.fact) not in seen:
            seen.add((index, condition.fact))
            yield Question(condition.fact, index, None, condition.id, condition.question)
    for group in unsettled:
        if group.norm.technology_line_factor is not None and group.prior.may_be_open:
            yield from _line_questions(application, group, judged)


class _Item(NamedTuple):
    """An activity that may count: its place, whether it surely counts, and whether it is a technology line."""

    place: int
    cost_vnd: int
    certain: bool
    line: bool | None


def _line_questions(application: Application, group: Group, judged: Judgement) -> Iterator[Question]:
    activities = application.activities
    items = [
        _Item(index, activities[index].cost_vnd, judged.of_activity[index] == MET, activities[index].technology_line)
        for index in group.activities
        if judged.of_activity[index] != UNMET
    ]
    norm = group.norm

    def every(base_vnd: int) -> int:
        share, _, left = norm.limits(base_vnd, group.prior.amount_vnd)
        return min(share, left)

    def only_lines(base_vnd: int) -> int:
        share, _, left = norm.limits(base_vnd, group.prior.amount_vnd, technology_lines=True)
        return min(share, left)

    largest = sum(item.cost_vnd for item in items if item.line is not False)
    if only_lines(largest) <= every(sum(item.cost_vnd for item in items if item.certain)):
        return  # the raised cap is of no use, however the questions are answered
    if not group.prior.is_open and _possible(items, lambda lines, base: only_lines(lines) > every(base)):
        for index, support in enumerate(application.prior_support):
            if support.norm == group.name and support.technology_line is None:
                yield _prior_question(index, support, norm)
    for item in items:
        if item.line is None:

            def matters(lines: int, base: int, cost: int = item.cost_vnd) -> bool:
                with_it = only_lines(lines + cost)
                return with_it > only_lines(lines) and with_it > every(base + cost)

            if _possible([other for other in items if other is not item], matters):
                yield _activity_question(application, item.place, norm)


def _possible(items: Sequence[_Item], holds: Callable[[int, int], bool]) -> bool:
    """Whether some way of answering brings about a cost of technology lines and a cost of everything for which it holds.

    For each cost of lines only the least cost of everything matters: more of it never makes the raised cap more useful.
    """
    lines = sum(item.cost_vnd for item in items if item.certain and item.line)
    reached = {lines: sum(item.cost_vnd for item in items if item.certain)}
    if any(holds(*pair) for pair in reached.items()):
        return True
    for item in items:
        if (item.certain and item.line is not None) or item.line is False:
            continue
        for lines_before, base_before in list(reached.items()):
            lines = lines_before + item.cost_vnd
            base = base_before if item.certain else base_before + item.cost_vnd
            if base < reached.get(lines, base + 1):
                reached[lines] = base
                if holds(lines, base):
                    return True
        if len(reached) > MOST_SUMS:
            return True
    return False


def _activity_question(application: Application, index: int, norm: Norm) -> Question:
    name = application.activities[index].name
    called = f" ({name})" if name else ""
    cap, raised = norm.cap, norm.technology_line_cap_vnd or norm.cap
    text = Text(
        en=f"Is activity {index + 1}{called} a technology line? The cap is {figures(raised)} when only technology lines "
        f"are supported, otherwise {figures(cap)}.",
        vi=f"Hạng mục {index + 1}{called} có phải là dây chuyền công nghệ không? Mức trần là {figures(raised, 'vi')} khi "
        f"chỉ hỗ trợ dây chuyền công nghệ, nếu không là {figures(cap, 'vi')}.",
    )
    return Question("activity.technology_line", index, None, None, text)


def _prior_question(index: int, support: PriorSupport, norm: Norm) -> Question:
    raised, amount = norm.technology_line_cap_vnd or norm.cap, support.amount_vnd
    text = Text(
        en=f"Was earlier support {index + 1}, of {figures(amount)}, for a technology line? The cap of {figures(raised)} is "
        "open only if all earlier support under this norm was.",
        vi=f"Khoản hỗ trợ trước đây số {index + 1}, {figures(amount, 'vi')}, có phải cho dây chuyền công nghệ không? Chỉ "
        f"được áp dụng mức trần {figures(raised, 'vi')} khi mọi khoản hỗ trợ trước theo mức chi này đều như vậy.",
    )
    return Question("prior_support.technology_line", None, index, None, text)
