"""Questions: which of the facts that are not stated can change an amount or the verdict.

The decision taken here: a fact is asked for only if some way of answering the other open questions makes it matter.
Whether an activity is a technology line is therefore tried against every combination of the other open answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import Final, NamedTuple

from kcgrant.application import Application, PriorSupport
from kcgrant.assessment.eligibility import MET, UNKNOWN, UNMET, Check, Judgement
from kcgrant.assessment.record import Question
from kcgrant.assessment.support import Group
from kcgrant.language import Text, both
from kcgrant.law.norms import Condition, Norm

MOST_STEPS: Final = 100_000  # of search for each group; past them a question is asked without proof that it matters


def open_questions(application: Application, unsettled: Sequence[Group], judged: Judgement) -> Iterator[Question]:
    """The open facts that can change an amount or a verdict: conditions first, then earlier support, then activities."""
    undetermined = {
        index: group.name for group in unsettled for index in group.activities if judged.states[index] == UNKNOWN
    }
    norms = set(undetermined.values())
    asked: list[tuple[int | None, Check]] = [(None, c) for c in judged.open_checks if not norms.isdisjoint(c.norms)]
    asked += [(index, check) for index, check in judged.open_activity if index in undetermined]
    by_fact: dict[tuple[str, int | None], list[Condition]] = {}
    for index, check in asked:
        by_fact.setdefault((check.condition.fact, index), []).append(check.condition)
    for (fact, index), conditions in by_fact.items():
        texts = dict.fromkeys(condition.question for condition in conditions)  # one answer may have to meet several
        text = Text(en=" ".join(text.en for text in texts), vi=" ".join(text.vi for text in texts))
        yield Question(fact, index, None, conditions[0].id, text)
    raisable = [group for group in unsettled if group.norm.technology_line_factor is not None and group.prior.may_be_open]
    searches = [_Search(application, group, judged) for group in raisable]
    for place, prior in enumerate(application.prior_support):
        under = [search for search in searches if search.group.name == prior.norm]
        if prior.technology_line is None and any(search.turns_on_prior() for search in under):
            yield _prior_question(place, prior, under[0].norm)
    for search in searches:
        for item in search.items:
            if item.line is None and search.turns_on(item):
                yield _activity_question(application, item.place, search.norm)


class _Item(NamedTuple):
    """An activity that may count: its place, whether it surely counts, and whether it is a technology line."""

    place: int
    cost_vnd: int
    certain: bool
    line: bool | None


class _Search:
    """Tries whether an open technology line, or earlier support for one, can change the amount of a group.

    What matters of all the other answers is the cost of the technology lines and the cost of everything that they make
    count. More of the latter never makes the raised cap more useful, so what is surely no line is left out of it.
    """

    def __init__(self, application: Application, group: Group, judged: Judgement) -> None:
        activities, states = application.activities, judged.of_activity
        self.group, self.norm, self.prior_vnd = group, group.norm, group.prior.amount_vnd
        self.items = [
            _Item(index, activities[index].cost_vnd, states[index] == MET, activities[index].technology_line)
            for index in group.activities
            if states[index] != UNMET
        ]
        self.open = [item for item in self.items if item.line is None or (item.line and not item.certain)]
        self.open.sort(key=lambda item: -item.cost_vnd)
        self.lines = sum(item.cost_vnd for item in self.items if item.certain and item.line)
        self.base = sum(item.cost_vnd for item in self.items if item.certain)
        self.most = self._only_lines(self.lines + sum(item.cost_vnd for item in self.open))
        self.steps_left = MOST_STEPS

    def _every(self, base_vnd: int) -> int:
        return self.norm.limits(base_vnd, self.prior_vnd).amount_vnd

    def _only_lines(self, base_vnd: int) -> int:
        return self.norm.limits(base_vnd, self.prior_vnd, technology_lines=True).amount_vnd

    def turns_on_prior(self) -> bool:
        """Whether the raised cap, which open earlier support may shut, can be of use."""
        return self._reached(self.open, 0, lambda lines, base: self._only_lines(lines) > self._every(base))

    def turns_on(self, item: _Item) -> bool:
        """Whether some answer to the other questions makes it matter that this activity is a technology line."""
        cost, more = item.cost_vnd, 0 if item.certain else item.cost_vnd

        def matters(lines: int, base: int) -> bool:
            with_it = self._only_lines(lines + cost)
            return with_it > self._only_lines(lines) and with_it > self._every(base + more)

        if self.most <= self._every(self.base + more) or self._only_lines(self.lines) == self.most:
            return False
        if self.steps_left < 0:
            return True
        return self._reached([other for other in self.open if other is not item], cost, matters)

    def _reached(self, free: Sequence[_Item], own: int, holds: Callable[[int, int], bool]) -> bool:
        """Whether some choice among the free items brings about costs of lines and of everything for which it holds.

        Searches with the dearest first and leaves a branch when even all that is left, with `own` besides, cannot beat
        everything together, or when the raised cap is used up without it. Past `MOST_STEPS` it answers yes unproved.
        """
        left = list(accumulate((item.cost_vnd for item in reversed(free)), initial=0))[::-1]
        self.steps_left -= len(free)
        stack = [(0, self.lines, self.base)]
        while stack:
            place, lines, base = stack.pop()
            if holds(lines, base) or self.steps_left < 0:
                return True
            used_up = own and self._only_lines(lines) == self.most
            if place == len(free) or used_up or self._only_lines(lines + left[place] + own) <= self._every(base):
                continue
            self.steps_left -= 1
            item = free[place]
            stack.append((place + 1, lines, base))
            stack.append((place + 1, lines + item.cost_vnd, base if item.certain else base + item.cost_vnd))
        return False


def _activity_question(application: Application, index: int, norm: Norm) -> Question:
    told = (
        "Is activity {activity} a technology line? The cap is VND {raised} when only technology lines are supported, "
        "otherwise VND {cap}."
    )
    name, raised_vnd = application.activities[index].name, norm.technology_line_cap_vnd or norm.cap
    called = f"{index + 1} ({name})" if name else index + 1
    text = both(told, activity=called, raised=raised_vnd, cap=norm.cap)
    return Question("activity.technology_line", index, None, None, text)


def _prior_question(index: int, support: PriorSupport, norm: Norm) -> Question:
    told = (
        "Was earlier support {number}, of VND {amount}, for a technology line? The cap of VND {raised} is open only if all "
        "earlier support under this norm was."
    )
    raised_vnd = norm.technology_line_cap_vnd or norm.cap
    text = both(told, number=index + 1, amount=support.amount_vnd, raised=raised_vnd)
    return Question("prior_support.technology_line", None, index, None, text)
