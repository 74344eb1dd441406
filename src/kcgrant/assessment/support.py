"""Support: the activities that share a cap, and the lawful choices of what to support of them, with every step recorded.

The decision taken here: a line is drawn up for both ends of the interval, with open answers favourable and not; which lines
then count together is decided over all of them, since one answer may meet one norm's condition and fail another's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, Literal, NamedTuple

from kcgrant.application import Activity, Answer, Application, PriorSupport
from kcgrant.assessment.eligibility import MET, UNKNOWN, UNMET, Judgement, Rules, Varying, World
from kcgrant.assessment.record import Line, Option, new_line, new_option
from kcgrant.errors import Fault, InputError, expected_one_of, fault, hint
from kcgrant.law.norms import Norm
from kcgrant.law.regulation import Regulation


class Prior(NamedTuple):
    """Earlier support under a norm: its sum in đồng, and whether all of it is, or may be, for technology lines."""

    amount_vnd: int
    is_open: bool
    may_be_open: bool


class Group(NamedTuple):
    """The activities that share a cap, with their norm and the earlier support under it.

    `quantity` is the number of units of a norm that counts them; `held` are the variations that the norm's numbers have.
    """

    name: str
    norm: Norm
    activities: tuple[int, ...]
    prior: Prior
    quantity: int | None = None
    held: frozenset[str] = frozenset()


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
    """The activities that share a cap: those per establishment together, all others each by itself, in the order stated.

    Raises:
        InputError: a fact is stated that the law does not declare; a quantity is missing, or stated where none is counted.
    """
    plain = rules.plain and not application.facts and not application.establishment.facts
    if plain and len(application.activities) == 1 and not ((only := application.activities[0]).quantity or only.facts):
        return [Group(only.norm, rules.norms[only.norm], (0,), prior_under(only.norm, application.prior_support))]
    shared: dict[tuple[str, int | None], list[int]] = {}
    for index, activity in enumerate(application.activities):
        own = None if rules.norms[activity.norm].pooled else index
        shared.setdefault((activity.norm, own), []).append(index)
        if activity.quantity or activity.facts:
            plain = False
    prior = application.prior_support
    found = [
        Group(name, rules.norms[name], tuple(members), prior_under(name, prior)) for (name, _), members in shared.items()
    ]
    if plain:
        return found
    refuse_unfit(application, rules.law)
    return [one._replace(quantity=application.activities[one.activities[0]].quantity) for one in found]


def refuse_unfit(application: Application, law: Regulation) -> None:
    """Refuses facts that the law does not declare, and a quantity that is missing or too much."""
    faults = [*_own_fact_faults("", "application", application, law)]
    faults += _own_fact_faults("establishment.", "establishment", application.establishment, law)
    for index, activity in enumerate(application.activities):
        where, counted = f"activities[{index}].", law.norms[activity.norm].counted
        faults += _own_fact_faults(where, "activity", activity, law)
        if counted and activity.quantity is None:
            faults.append(fault(f"{where}quantity", "missing; {norm} counts units: state how many", norm=activity.norm))
        if not counted and activity.quantity is not None:
            told = "given {given}; {norm} counts no units, leave it out"
            faults.append(fault(f"{where}quantity", told, given=activity.quantity, norm=activity.norm))
    if faults:
        raise InputError(faults)


def _own_fact_faults(where: str, owner: str, record: Any, law: Regulation) -> Iterator[Fault]:
    for name, value in record.facts.items():
        column, place = law.fact_columns.get(f"{owner}.facts.{name}"), f"{where}facts.{name}"
        if column is None:
            known = [one.name for fact, one in law.fact_columns.items() if fact.startswith(f"{owner}.facts.")]
            told = "{law} declares no such fact; known here: {known}{hint}"
            yield fault(place, told, law=law.id, known=known, hint=hint(name, known))
        elif value not in column.answers or isinstance(value, bool) != (column.kind == "yes"):
            yield expected_one_of(value, [str(one).lower() for one in column.answers], place)


# --- the options of a line --------------------------------------------------------------------------------------------

_Counted = tuple[int, int]  # index and cost of an activity that counts


def _option(kind: Literal["all", "technology-lines"], group: Group, counted: Sequence[_Counted]) -> Option:
    """One choice of what to support: the least of its limits, with every step."""
    base_vnd, prior_vnd, quantity = sum([cost_vnd for _, cost_vnd in counted]), group.prior.amount_vnd, group.quantity
    limits = group.norm.limits(base_vnd, prior_vnd, technology_lines=kind == "technology-lines", quantity=quantity)
    share_vnd, cap_vnd, cap_left_vnd, share_left_vnd, _ = limits
    indices, amount_vnd, binding = tuple([index for index, _ in counted]), limits.amount_vnd, limits.binding
    held = tuple(sorted(group.held)) if group.held else ()
    return new_option(
        kind, indices, base_vnd, share_vnd, cap_vnd, prior_vnd, cap_left_vnd, amount_vnd, binding, share_left_vnd, held
    )


def _options(
    group: Group, counted: Sequence[_Counted], activities: Sequence[Activity], *, hopeful: bool
) -> tuple[Option, ...]:
    """The lawful choices of what to support on a line, with unstated technology lines taken as such or not."""
    prior = group.prior
    may_raise = group.norm.technology_line_cap_vnd is not None and (prior.may_be_open if hopeful else prior.is_open)
    wanted = (True, None) if hopeful else (True,)
    if not may_raise:
        return (_option("all", group, counted),) if counted else ()
    lines = [pair for pair in counted if activities[pair[0]].technology_line in wanted]
    options = () if len(lines) == len(counted) else (_option("all", group, counted),)
    return (*options, _option("technology-lines", group, lines)) if lines else options


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
    if judged.applicant.of_norm[group.name] == UNMET:
        return LineDraft(group, (), None, None, True)
    norm, activities, prior, states = group.norm, application.activities, group.prior, judged.of_activity
    possible = [(index, activities[index].cost_vnd) for index in group.activities if states[index] != UNMET]
    options = _options(group, possible, activities, hopeful=True)
    best = options[0] if len(options) == 1 else _best(options)
    settled = UNKNOWN not in [states[index] for index in group.activities] and prior.is_open == prior.may_be_open
    if settled and norm.technology_line_cap_vnd is not None:
        settled = None not in [activities[index].technology_line for index in group.activities]
    if settled:
        return LineDraft(group, options, best, best, judged.applicant.of_norm[group.name] == MET)
    certain = [pair for pair in possible if states[pair[0]] == MET]
    return LineDraft(group, options, best, _best(_options(group, certain, activities, hopeful=False)), settled=False)


def lines_of(drafts: Sequence[LineDraft], rules: Rules, judged: Judgement) -> tuple[Line, ...]:
    """The lines of an application: those that count together where the amounts are largest, and where they are least."""
    possible, assured = rules.named, rules.expressed
    if judged.applicant.open_checks:
        reached = judged.applicant.reached
        if len(rules.norms) == 1:  # met where any answers meet it, and assured where all do
            return tuple([_line(draft, reached[-1], reached[0] & rules.expressed) for draft in drafts])
        best, least = dict.fromkeys(rules.norms, 0), dict.fromkeys(rules.norms, 0)
        for draft in drafts:
            best[draft.group.name] += _amount(draft.best)
            least[draft.group.name] += _amount(draft.least)
        possible = max(reversed(reached), key=lambda world: sum([best[norm] for norm in world]))
        expressed = [world & rules.expressed for world in reached]
        assured = min(expressed, key=lambda world: sum([least[norm] for norm in world]))
    return tuple([_line(draft, possible, assured) for draft in drafts])


def _line(draft: LineDraft, possible: frozenset[str], assured: frozenset[str]) -> Line:
    group = draft.group
    best = draft.best if group.name in possible else None
    least = draft.least if group.name in assured else None
    most_vnd, least_vnd = 0 if best is None else best.amount_vnd, 0 if least is None else least.amount_vnd
    return new_line(group.name, group.activities, most_vnd, least_vnd, draft.options, best, least, group.norm.source)


def _amount(option: Option | None) -> int:
    return 0 if option is None else option.amount_vnd


# --- lines whose numbers vary -----------------------------------------------------------------------------------------


def varied_lines(
    application: Application, grouped: Sequence[Group], rules: Rules, judged: Judgement
) -> tuple[tuple[Line, ...], list[Group]]:
    """The lines where variations bear on the norms, and the groups that are not settled, with all their possible numbers.

    Every way of answering what is open about the applicant is tried, and for each unit every way of answering its own.
    """
    reached = sorted(judged.applicant.worlds, key=lambda one: (len(one.met), sorted(one.met), sorted(one.held)))
    drafts = [
        {world.held: _drafts(application, group, world.held, rules, judged) for world in reached if group.name in world.met}
        for group in grouped
    ]
    ends = [{held: (_most(some), _least(some)) for held, some in each.items()} for each in drafts]

    def amount(world: World, end: int) -> int:
        norms = world.met if end == 0 else world.met & rules.expressed
        each = [one[world.held][end] for one, group in zip(ends, grouped, strict=True) if group.name in norms]
        return sum([_amount(one.least if end else one.best) for one in each])

    possible = max(reversed(reached), key=lambda world: amount(world, 0))
    assured = min(reached, key=lambda world: amount(world, 1))
    unsettled = []
    for each in drafts:
        every = {one.group.held: one for some in each.values() for one in some if one.options}  # something may count
        if len(every) > 1 or not all(one.settled for one in every.values()):
            unsettled += [one.group for one in every.values()]
    lines = []
    for pairs in ends:
        most, least = pairs.get(possible.held), pairs.get(assured.held)
        high = most[0] if most else next(iter(pairs.values()))[0]
        low = least[1].least if least else None
        lines.append(_line(high._replace(least=low), possible.met, assured.met & rules.expressed))
    return tuple(lines), unsettled


def _drafts(
    application: Application, group: Group, held: frozenset[str], rules: Rules, judged: Judgement
) -> list[LineDraft]:
    """The line of a group with the numbers that it has where some variations hold for the applicant, in every way open."""
    of_norm = held & {one.variation.id for one in rules.varying if group.name in one.norms}
    found = []
    for own in unit_ways(application, group, rules):
        both = of_norm | own
        found.append(draft(application, group._replace(norm=rules.law.norm_under(group.name, both), held=both), judged))
    return found


def unit_ways(application: Application, group: Group, rules: Rules) -> list[frozenset[str]]:
    """The variations that hold for a unit by itself, in each way of answering what is open of it and fails no condition."""
    ways = {frozenset[str]()}
    about = [one for one in rules.of_unit if group.name in one.norms]
    for fact in dict.fromkeys(one.variation.fact for one in about):
        here = [one for one in about if one.variation.fact == fact]
        ways = {
            way | {one.variation.id for one in here if value in one.variation.accepted}
            for way in ways
            for value in answers_of_unit(here[0], application.activities[group.activities[0]], rules, group.name)
        }
    return sorted(ways, key=sorted)


def answers_of_unit(one: Varying, activity: Activity, rules: Rules, norm: str) -> list[Answer]:
    """What a fact of an activity is stated to be; where it is open, the answers that fail no condition."""
    value = one.read(activity)
    if value is not None:
        return [value]
    asked = [check for check in rules.of_activity[norm] if check.condition.fact == one.variation.fact]
    return [answer for answer in one.answers if all(check.answers[answer][1] == MET for check in asked)]


def _most(drafts: Sequence[LineDraft]) -> LineDraft:
    return max(drafts, key=lambda draft: _amount(draft.best))


def _least(drafts: Sequence[LineDraft]) -> LineDraft:
    return min(drafts, key=lambda draft: _amount(draft.least))
