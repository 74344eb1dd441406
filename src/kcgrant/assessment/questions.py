"""Questions: which of the facts that are not stated can change an amount or the verdict.

The decision taken here: a fact is asked for only if some way of answering the other open questions makes it matter.
Whether an activity is a technology line is therefore tried against every combination of the other open answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, product
from typing import Final, NamedTuple

from kcgrant.application import Application, PriorSupport
from kcgrant.assessment.eligibility import MET, UNKNOWN, UNMET, Check, Judgement, Rules, Varying, standing_variations
from kcgrant.assessment.record import Question
from kcgrant.assessment.support import Group, answers_of_unit
from kcgrant.language import Text, both
from kcgrant.law.norms import Condition, Norm

MOST_STEPS: Final = 100_000  # of search for each group; past them a question is asked without proof that it matters


MOST_COSTS: Final = 2000  # that may count under a norm; past them a fact of a variation is asked without proof


def open_questions(
    application: Application, unsettled: Sequence[Group], rules: Rules, judged: Judgement
) -> tuple[Question, ...]:
    """The open facts that can change an amount or a verdict: conditions first, then variations, earlier support, activities.

    `unsettled` has a group once for all numbers that its norm may have. What is asked of an applicant alone is the same
    tuple for all who state the same.
    """
    undetermined = {
        index: group.name for group in unsettled for index in group.activities if judged.states[index] == UNKNOWN
    }
    norms, kept = frozenset(undetermined.values()), judged.applicant.questions
    if norms not in kept:
        open_checks = judged.applicant.open_checks
        kept[norms] = _of_conditions(rules, [(None, one) for one in open_checks if not norms.isdisjoint(one.norms)])
    asked = kept[norms]
    if judged.open_activity:
        asked += _of_conditions(rules, [(index, one) for index, one in judged.open_activity if index in undetermined])
    if rules.varying or rules.of_unit:
        places = [(question.fact, question.activity) for question in asked]
        asked += tuple(_varied_questions(application, unsettled, rules, judged, places))
    lines = tuple(_of_lines(application, unsettled, judged))
    return asked + lines if lines else asked


def _of_lines(application: Application, unsettled: Sequence[Group], judged: Judgement) -> Iterator[Question]:
    """Whether what is open of technology lines can change an amount: of earlier support first, then of activities."""
    raisable = [group for group in unsettled if group.norm.technology_line_cap_vnd is not None and group.prior.may_be_open]
    activities, support = application.activities, application.prior_support
    searches = [
        _Search(application, group, judged)
        for group in raisable
        if any([activities[index].technology_line is None for index in group.activities])
        or any([prior.technology_line is None and prior.norm == group.name for prior in support])
    ]
    for place, prior in enumerate(application.prior_support):
        under = [search for search in searches if search.group.name == prior.norm]
        if prior.technology_line is None and any(search.turns_on_prior() for search in under):
            yield _prior_question(place, prior, under[0].norm)
    asked_of: set[int] = set()
    for search in searches:
        for item in search.items:
            if item.line is None and item.place not in asked_of and search.turns_on(item):
                asked_of.add(item.place)
                yield _activity_question(application, item.place, search.norm)


def _of_conditions(rules: Rules, asked: Iterable[tuple[int | None, Check]]) -> tuple[Question, ...]:
    """One question for each fact that these conditions ask about, of the applicant or of an activity."""
    by_fact: dict[tuple[str, int | None], list[Condition]] = {}
    for index, check in asked:
        by_fact.setdefault((check.condition.fact, index), []).append(check.condition)
    found = []
    for (fact, index), conditions in by_fact.items():
        texts = dict.fromkeys(condition.question for condition in conditions)  # one answer may have to meet several
        text = Text(en=" ".join(text.en for text in texts), vi=" ".join(text.vi for text in texts))
        found.append(Question(fact, index, None, conditions[0].id, text, rules.law.fact_columns[fact]))
    return tuple(found)


# --- facts of variations ----------------------------------------------------------------------------------------------

_Place = tuple[str, int | None]


class _Turning(NamedTuple):
    """A group whose numbers turn on open facts: the places of the facts, each with the variations that ask for it."""

    application: Application
    group: Group
    rules: Rules
    judged: Judgement
    places: Mapping[_Place, Sequence[Varying]]


def _varied_questions(
    application: Application, unsettled: Sequence[Group], rules: Rules, judged: Judgement, asked: Iterable[_Place]
) -> Iterator[Question]:
    """The open facts on which the numbers of a norm turn, where they matter and no condition has asked for them."""
    known = set(asked)
    for group in {group.activities: group for group in unsettled}.values():
        turning = _Turning(application, group, rules, judged, _places(application, group, rules))
        for place, varying in turning.places.items():
            if place not in known and _matters(turning, place):
                known.add(place)
                yield _varied_question(place, varying, rules)


def _places(application: Application, group: Group, rules: Rules) -> dict[_Place, list[Varying]]:
    """The open facts on which the numbers of a group turn."""
    places: dict[_Place, list[Varying]] = {}
    first, (_, unknown) = group.activities[0], standing_variations(rules.varying, application)
    for one in unknown:
        if group.name in one.norms:
            places.setdefault((one.variation.fact, None), []).append(one)
    for one in rules.of_unit:
        if group.name in one.norms and one.read(application.activities[first]) is None:
            places.setdefault((one.variation.fact, first), []).append(one)
    return places


def _matters(turning: _Turning, place: _Place) -> bool:
    """Whether some way of answering the other open facts makes the amounts differ by the answer to this one."""
    group, norm_under = turning.group, turning.rules.law.norm_under
    others = [_held_by(turning, other) for other in turning.places if other != place]
    sure, costs = _sure(turning), _costs_that_may_count(turning)
    for combination in product(*others):
        held = sure.union(*combination)
        first, *rest = [norm_under(group.name, held | own) for own in _held_by(turning, place)] or [group.norm]
        if any(_differ(group, first, norm, costs) for norm in rest):
            return True
    return False


def _held_by(turning: _Turning, place: _Place) -> list[frozenset[str]]:
    """The variations that may hold by the answer to an open fact, of all that leave the norm open."""
    varying = turning.places[place]
    if place[1] is None:
        checks = [
            c for c in turning.judged.applicant.open_checks if c.condition.fact == place[0] and turning.group.name in c.norms
        ]
        answers = [answer for answer in varying[0].answers if all(check.answers[answer][1] == MET for check in checks)]
    else:
        answers = answers_of_unit(varying[0], turning.application.activities[place[1]], turning.rules, turning.group.name)
    held = {frozenset([one.variation.id for one in varying if answer in one.variation.accepted]) for answer in answers}
    return sorted(held, key=sorted)


def _sure(turning: _Turning) -> frozenset[str]:
    """The variations that surely hold for a group."""
    rules, name = turning.rules, turning.group.name
    activity = turning.application.activities[turning.group.activities[0]]
    held, _ = standing_variations([one for one in rules.varying if name in one.norms], turning.application)
    own = [one.variation for one in rules.of_unit if name in one.norms and one.read(activity) in one.variation.accepted]
    return held.union(one.id for one in own)


_Costs = tuple[int, int]
"""What may count under a norm, in đồng: everything, and of that technology lines."""


def _costs_that_may_count(turning: _Turning) -> set[_Costs] | None:
    """The costs that may count of a group, in all ways of answering what is open; None where they are very many."""
    costs: set[_Costs] = {(0, 0)}
    for index in turning.group.activities:
        activity, state = turning.application.activities[index], turning.judged.of_activity[index]
        flags = (True, False) if activity.technology_line is None else (activity.technology_line,)
        each = [(activity.cost_vnd, activity.cost_vnd if flag else 0) for flag in flags] if state != UNMET else []
        each += [(0, 0)] if state != MET else []
        costs = {(every + more, lines + only) for every, lines in costs for more, only in each}
        if len(costs) > MOST_COSTS:
            return None
    return costs


def _differ(group: Group, one: Norm, other: Norm, costs: set[_Costs] | None) -> bool:
    """Whether two sets of numbers of a norm give different amounts at costs that may count."""
    if one == other:
        return False
    if costs is None:
        return True
    opened = {group.prior.is_open, group.prior.may_be_open}
    return any(
        _amount(group, one, cost, is_open=is_open) != _amount(group, other, cost, is_open=is_open)
        for cost in costs
        for is_open in opened
    )


def _amount(group: Group, norm: Norm, costs: _Costs, *, is_open: bool) -> int:
    every, lines = costs
    paid_vnd, quantity = group.prior.amount_vnd, group.quantity
    amount_vnd = norm.limits(every, paid_vnd, quantity=quantity).amount_vnd
    if is_open and lines and norm.technology_line_cap_vnd is not None:
        raised = norm.limits(lines, paid_vnd, technology_lines=True, quantity=quantity)
        return max(amount_vnd, raised.amount_vnd)
    return amount_vnd


def _varied_question(place: _Place, varying: Sequence[Varying], rules: Rules) -> Question:
    fact, index = place
    said, states = rules.law.fact_columns[fact].said, [one.variation.states for one in varying]
    told = "Which of the answers holds for: {fact}? The numbers of the norm turn on it. {states}"
    lines = Text(en=" ".join(text.en for text in states), vi=" ".join(text.vi for text in states))
    text = rules.law.own_questions.get(fact) or both(told, fact=said, states=lines)
    return Question(fact, index, None, None, text, rules.law.fact_columns[fact])


# --- technology lines -------------------------------------------------------------------------------------------------


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
        return self.norm.limits(base_vnd, self.prior_vnd, quantity=self.group.quantity).amount_vnd

    def _only_lines(self, base_vnd: int) -> int:
        quantity = self.group.quantity
        return self.norm.limits(base_vnd, self.prior_vnd, technology_lines=True, quantity=quantity).amount_vnd

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
    name, raised_vnd = application.activities[index].name, norm.technology_line_cap_vnd
    called = f"{index + 1} ({name})" if name else index + 1
    text = both(told, activity=called, raised=raised_vnd, cap=norm.cap)
    return Question("activity.technology_line", index, None, None, text)


def _prior_question(index: int, support: PriorSupport, norm: Norm) -> Question:
    told = (
        "Was earlier support {number}, of VND {amount}, for a technology line? The cap of VND {raised} is open only if all "
        "earlier support under this norm was."
    )
    raised_vnd = norm.technology_line_cap_vnd
    text = both(told, number=index + 1, amount=support.amount_vnd, raised=raised_vnd)
    return Question("prior_support.technology_line", None, index, None, text)
