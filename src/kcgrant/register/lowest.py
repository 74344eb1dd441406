"""Lowest: what may stand before a dossier under the caps that it shares, over all answers about the earlier dossiers.

The decision taken here: the earlier dossiers are walked in order with every state of the caps that some answers bring
about, each taking the most that it may in that state, so that the worst is found exactly. Past a bound it is given up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import prod
from typing import Final, NamedTuple

from kcgrant.application import Application, PriorSupport
from kcgrant.assessment.eligibility import MET, UNMET, Rules, Verdict, examine, rules_for, standing_variations
from kcgrant.assessment.record import Assessment
from kcgrant.law.norms import Norm

MOST_WAYS: Final = 500  # of answering what is open in one dossier, those alike in the costs that count taken for one
MOST_STATES: Final = 500  # of the caps of one establishment after a dossier; both bound the time, not the amounts

_Costs = tuple[int, int]
"""What may count of the activities under a norm, in đồng: machines, and technology lines."""

_Way = Sequence[tuple[str, Norm, set[_Costs]]]
"""The norms per establishment whose conditions some answers about the applicant meet, with all costs that may count.

Each norm has the numbers that it has by these answers.
"""


class Standing(NamedTuple):
    """A dossier assessed by itself, and the earlier support listed for others that counts for it as well."""

    alone: Assessment
    carried: Sequence[PriorSupport]

    @property
    def listed(self) -> tuple[PriorSupport, ...]:
        """All support that is listed and counts for it."""
        return (*self.alone.application.prior_support, *self.carried)

    @property
    def rules(self) -> Rules:
        """The rules by which it was assessed."""
        answer = self.alone
        return rules_for(answer.regulation, answer.approved_on, frozenset([line.norm for line in answer.lines]))

    @property
    def pooled(self) -> list[str]:
        """The norms of its activities whose caps it shares with the other dossiers of the establishment."""
        return [line.norm for line in self.alone.lines if self.alone.regulation.norms[line.norm].pooled]

    @property
    def is_open(self) -> bool:
        """Whether an answer may change what it takes, or whether that is for technology lines."""
        answer, norms = self.alone, self.alone.regulation.norms
        if answer.verdict is Verdict.INELIGIBLE:
            return False
        unsaid = [one.norm for one in answer.application.activities if one.technology_line is None]
        unsaid += [one.norm for one in self.listed if one.technology_line is None]
        open_line = any([norms[norm].technology_line_cap_vnd is not None for norm in unsaid])
        if open_line or any([finding.outcome == "unknown" for finding in answer.findings]):
            return True
        return bool(standing_variations(self.rules.varying, answer.application)[1])


class _State(NamedTuple):
    """What some answers bring about: the support, listed without saying so, that was for lines; and what is used.

    `used` has for each norm the đồng used by earlier dossiers, and whether for technology lines only.
    """

    for_lines: frozenset[PriorSupport]
    used: frozenset[tuple[str, int, bool]]

    def before(self, norm: str, listed: Sequence[PriorSupport]) -> tuple[int, bool]:
        """What counts against the cap of a norm: in đồng, and whether it was for technology lines only."""
        entries = [(vnd, only) for name, vnd, only in self.used if name == norm]
        entries += [(s.amount_vnd, bool(s.technology_line) or s in self.for_lines) for s in listed if s.norm == norm]
        return sum([vnd for vnd, _ in entries]), all([only for _, only in entries])


class Walk:
    """The dossiers of one establishment so far, and all that they may have used of its caps: no state past a bound."""

    def __init__(self) -> None:
        """Begins before the first dossier, with nothing used."""
        self._open: set[str] = set()
        self._waiting: list[Standing] = []
        self._states = {_State(frozenset(), frozenset())}
        self._asked: set[PriorSupport] = set()

    def is_open(self, norms: Sequence[str]) -> bool:
        """Whether the use of one of these caps by the dossiers so far hangs on an answer."""
        return not self._open.isdisjoint(norms)

    def pass_by(self, dossier: Standing) -> None:
        """Takes a dossier for the next in order."""
        self._waiting.append(dossier)  # until a later one turns on it, which is seldom
        if dossier.is_open:
            self._open.update(dossier.pooled)

    def stand(self, dossier: Standing) -> list[Application]:
        """The next dossier beside all that may stand before it, what leaves more left out; empty past a bound."""
        for earlier in self._waiting:
            self._take(earlier)
        self._waiting.clear()
        self._ask(dossier)
        most: dict[object, tuple[int, _State]] = {}
        for state in self._states:
            (vnd, only), *others = [state.before(norm, ()) for norm in dossier.pooled]
            kept = state.for_lines.intersection(dossier.listed), only, tuple(others)
            if kept not in most or most[kept][0] < vnd:
                most[kept] = vnd, state
        found = [_beside(dossier, state) for _, state in most.values()]
        return sorted(found, key=lambda one: [(s.norm, s.amount_vnd, bool(s.technology_line)) for s in one.prior_support])

    def _ask(self, dossier: Standing) -> None:
        """Tries both answers about listed support that may have been for lines, the same for all dossiers that count it."""
        for support in dossier.listed:
            norm = dossier.alone.regulation.norms[support.norm]
            if support.technology_line is None and norm.technology_line_cap_vnd is not None and support not in self._asked:
                self._asked.add(support)
                self._keep(self._states | {_State(one.for_lines | {support}, one.used) for one in self._states})

    def _take(self, dossier: Standing) -> None:
        self._ask(dossier)
        ways = _ways(dossier) if self._states else []
        within = sum([prod([len(costs) for _, _, costs in way]) for way in ways]) <= MOST_WAYS
        self._keep(
            {after for state in self._states for way in ways for after in _after(state, way, dossier)} if within else ()
        )

    def _keep(self, states: set[_State] | tuple[()]) -> None:
        self._states = set(states) if len(states) <= MOST_STATES else set()


def _beside(dossier: Standing, state: _State) -> Application:
    told = [
        one.model_copy(update={"technology_line": one in state.for_lines}) if one.technology_line is None else one
        for one in dossier.listed
    ]
    used = [
        PriorSupport(norm=norm, amount_vnd=vnd, technology_line=only)
        for norm, vnd, only in sorted(state.used)
        if norm in dossier.pooled
    ]
    return dossier.alone.application.model_copy(update={"prior_support": (*told, *used)})


def _ways(dossier: Standing) -> list[_Way]:
    """For each set of norms that some answers about the applicant leave: what may count under each."""
    answer, rules = dossier.alone, dossier.rules
    judged = examine(answer.application, rules)
    costs: dict[str, set[_Costs]] = {}
    for norm in dossier.pooled:
        if judged.of_norm[norm] != UNMET:
            costs[norm] = {(0, 0)}
            for activity, state in zip(answer.application.activities, judged.of_activity, strict=True):
                if activity.norm == norm and len(costs[norm]) <= MOST_WAYS:
                    each = _each(activity.cost_vnd, state, activity.technology_line, answer.regulation.norms[norm])
                    costs[norm] = {(machines + m, lines + n) for machines, lines in costs[norm] for m, n in each}
    reached = judged.applicant.worlds
    varied = {norm: {one.variation.id for one in rules.varying if norm in one.norms} for norm in costs}
    ways = {frozenset([(norm, world.held & varied[norm]) for norm in world.met.intersection(costs)]) for world in reached}
    norm_under = answer.regulation.norm_under
    return [[(norm, norm_under(norm, held), costs[norm]) for norm, held in way] for way in ways]


def _each(cost_vnd: int, state: int, line: bool | None, norm: Norm) -> list[_Costs]:
    """What may count of one activity: nothing, its cost as a machine, or as a technology line."""
    flags = (True, False) if line is None else (line,)
    counted = (
        [(0, cost_vnd) if flag else (cost_vnd, 0) for flag in flags] if norm.technology_line_cap_vnd else [(cost_vnd, 0)]
    )
    return [*(counted if state != UNMET else ()), *([(0, 0)] if state != MET else ())]


def _after(state: _State, way: _Way, dossier: Standing) -> Iterator[_State]:
    """The states in which a dossier leaves the caps, each activity counting or not and being a line or not."""
    choices = []
    for name, norm, costs in way:
        before = state.before(name, dossier.listed)
        used, _ = state.before(name, ())
        taken = {_taken(norm, *cost, *before) for cost in costs}
        # What is taken for lines alone is taken where all that was used before is for lines, so that both are.
        choices.append([(name, used + vnd, lines) if vnd else None for vnd, lines in taken])
    for choice in product(*choices):
        new = {one[0]: one for one in choice if one}
        yield _State(state.for_lines, frozenset([one for one in state.used if one[0] not in new]).union(new.values()))


def _taken(norm: Norm, machines_vnd: int, lines_vnd: int, before_vnd: int, only_lines: bool) -> tuple[int, bool]:
    """The most for these costs beside earlier support, as `assess` chooses it, and whether it is for lines alone."""
    every = norm.limits(machines_vnd + lines_vnd, before_vnd).amount_vnd
    if only_lines and lines_vnd and norm.technology_line_cap_vnd is not None:
        raised = norm.limits(lines_vnd, before_vnd, technology_lines=True).amount_vnd
        if raised and (raised > every or not machines_vnd):
            return raised, True
    return every, False
