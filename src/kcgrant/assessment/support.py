"""Support: the activities that share a cap, and the lawful choices of what to support of them, with every step recorded.

The decision taken here: a line is drawn up for both ends of the interval, with open answers favourable and not; which lines
then count together is decided over all of them, since one answer may meet one norm's condition and fail another's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from kcgrant.application import Activity, Application, PriorSupport
from kcgrant.assessment.eligibility import MET, UNMET, Judgement, Rules, worlds
from kcgrant.assessment.record import Line, Option
from kcgrant.law.norms import Norm


class Prior(NamedTuple):
    """Earlier support under a norm: its sum in đồng, and whether all of it is, or may be, for technology lines."""

    amount_vnd: int
    is_open: bool
    may_be_open: bool


class Group(NamedTuple):
    """The activities that share a cap, with their norm and the earlier support under it."""

    name: str
    norm: Norm
    activities: tuple[int, ...]
    prior: Prior


_NO_PRIOR: Final = Prior(0, is_open=True, may_be_open=True)


def prior_under(norm: str, support: Sequence[PriorSupport]) -> Prior:
    """The earlier support under a norm."""
    if not support:
        return _NO_PRIOR
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
    prior = application.prior_support
    return [
        Group(name, rules.norms[name], tuple(members), prior_under(name, prior)) for (name, _), members in shared.items()
    ]


# --- the options of a line --------------------------------------------------------------------------------------------

_Counted = tuple[int, int]  # index and cost of an activity that counts


def _option(kind: Literal["all", "technology-lines"], norm: Norm, counted: Sequence[_Counted], prior_vnd: int) -> Option:
    """One choice of what to support: the least of its limits, with every step."""
    base_vnd = sum([cost_vnd for _, cost_vnd in counted])
    limits = norm.limits(base_vnd, prior_vnd, technology_lines=kind == "technology-lines")
    share_vnd, cap_vnd, cap_left_vnd = limits
    indices, amount_vnd = tuple([index for index, _ in counted]), limits.amount_vnd
    return Option(kind, indices, base_vnd, share_vnd, cap_vnd, prior_vnd, cap_left_vnd, amount_vnd, limits.binding)


def _options(
    norm: Norm, counted: Sequence[_Counted], activities: Sequence[Activity], prior: Prior, *, hopeful: bool
) -> tuple[Option, ...]:
    """The lawful choices of what to support on a line, with unstated technology lines taken as such or not."""
    may_raise = norm.technology_line_factor is not None and (prior.may_be_open if hopeful else prior.is_open)
    wanted = (True, None) if hopeful else (True,)
    if not may_raise:
        return (_option("all", norm, counted, prior.amount_vnd),) if counted else ()
    lines = [pair for pair in counted if activities[pair[0]].technology_line in wanted]
    options = () if len(lines) == len(counted) else (_option("all", norm, counted, prior.amount_vnd),)
    return (*options, _option("technology-lines", norm, lines, prior.amount_vnd)) if lines else options


def _best(options: tuple[Option, ...]) -> Option | None:
    """The option with the largest amount; on a tie the first, which is `all`."""
    if len(options) > 1:
        return max(options, key=lambda option: option.amount_vnd)
    return options[0] if options else None


# --- lines ------------------------------------------------------------------------------------------------------------


class LineDraft(NamedTuple):
    """A line if its norm's conditions are met: its options if open answers are favourable, and the best of either end."""

    group: Group
    options: tuple[Option, ...]
    best: Option | None
    least: Option | None
    settled: bool


def draft(application: Application, group: Group, judged: Judgement) -> LineDraft:
    """The line of a group, drawn up for both ends of the interval."""
    if judged.of_norm[group.name] == UNMET:
        return LineDraft(group, (), None, None, True)
    norm, activities, prior, states = group.norm, application.activities, group.prior, judged.of_activity
    possible = [(index, activities[index].cost_vnd) for index in group.activities if states[index] != UNMET]
    certain = [pair for pair in possible if states[pair[0]] == MET]
    options = _options(norm, possible, activities, prior, hopeful=True)
    best = _best(options)
    settled = len(certain) == len(possible) and prior.is_open == prior.may_be_open
    if settled and norm.technology_line_factor is not None:
        settled = None not in [activities[index].technology_line for index in group.activities]
    if settled:
        return LineDraft(group, options, best, best, judged.of_norm[group.name] == MET)
    return LineDraft(group, options, best, _best(_options(norm, certain, activities, prior, hopeful=False)), settled=False)


def lines_of(drafts: Sequence[LineDraft], rules: Rules, judged: Judgement) -> tuple[Line, ...]:
    """The lines of an application: those that count together where the amounts are largest, and where they are least."""
    possible = assured = frozenset(rules.norms)
    if judged.open_checks:
        best, least = dict.fromkeys(rules.norms, 0), dict.fromkeys(rules.norms, 0)
        for draft in drafts:
            best[draft.group.name] += _amount(draft.best)
            least[draft.group.name] += _amount(draft.least)
        reached = sorted(worlds(rules, judged.open_checks), key=lambda world: (len(world), sorted(world)))
        possible = max(reversed(reached), key=lambda world: sum([best[norm] for norm in world]))
        assured = min(reached, key=lambda world: sum([least[norm] for norm in world]))
    return tuple([_line(draft, possible, assured) for draft in drafts])


def _line(draft: LineDraft, possible: frozenset[str], assured: frozenset[str]) -> Line:
    group = draft.group
    best = draft.best if group.name in possible else None
    least = draft.least if group.name in assured else None
    amounts = _amount(best), _amount(least)
    return Line(group.name, group.activities, *amounts, draft.options, best, least, group.norm.source)


def _amount(option: Option | None) -> int:
    return 0 if option is None else option.amount_vnd
