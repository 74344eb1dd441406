"""Laws: what must be true of any ceiling of support, whatever the regulation and whoever computed it.

The decision taken here: a law is a plain function over one case, which raises `LawBroken` in a sentence. What it expects
is written from the text of a norm in exact fractions, never with the arithmetic of the engine it tests.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any, Final

from kcgrant.application import FACT_COLUMNS, Activity, Application, Column, Place, PriorSupport, places, state_all, stated
from kcgrant.assessment.assess import assess
from kcgrant.assessment.eligibility import Verdict
from kcgrant.assessment.record import Assessment, Option
from kcgrant.language import Text
from kcgrant.law.norms import Norm
from kcgrant.law.regulation import Regulation
from kcgrant.money import MOST_VND
from kcgrant.testing.strategies import edges

Engine = Callable[[Application, Regulation], Assessment]
"""What is tested: anything that gives an assessment for an application under a regulation."""

MOST_COMPLETIONS: Final = 500  # ways of answering open questions that are all tried; with more, a case is passed over


class LawBroken(AssertionError):
    """An assessment breaks a law; the message says which amounts, found and expected."""


def _must(holds: bool, message: str) -> None:
    if not holds:
        raise LawBroken(message)


def completed(application: Application, answer: int, regulation: Regulation | None = None) -> Application:
    """The application with every open fact stated, each with the answer of this number, counted round."""
    return state_all(
        application, _open(application, answer, FACT_COLUMNS if regulation is None else regulation.fact_columns)
    )


def _open(application: Application, answer: int, known: Mapping[str, Column]) -> dict[Place, Any]:
    """The facts that are not stated, each with the answer of this number, counted round."""
    answers = {place: known[place[0]].answers for place in places(application, known) if stated(application, place) is None}
    return {place: every[answer % len(every)] for place, every in answers.items()}


def _with(application: Application, *activities: Activity) -> Application:
    return application.model_copy(update={"activities": activities})


def _cost(application: Application, indices: Sequence[int]) -> int:
    return sum(application.activities[index].cost_vnd for index in indices)


# --- the amount of an option ------------------------------------------------------------------------------------------


def _prior(application: Application, norm: str) -> int:
    return sum(support.amount_vnd for support in application.prior_support if support.norm == norm)


def _norm(regulation: Regulation, name: str, held: Collection[str]) -> Norm:
    """A norm with the numbers that the variations named state for it."""
    norm = regulation.norms[name]
    for one in regulation.variations:
        if one.id in held and (name in one.norms if one.norms is not None else name not in (one.except_ or ())):
            factor = one.cap_factor or Fraction(1)
            caps = {"cap": one.cap or norm.cap, "technology_line_cap": norm.technology_line_cap}
            raised = {key: None if cap is None else int(cap * factor) for key, cap in caps.items()}
            norm = norm.model_copy(update={"rate": one.rate or norm.rate, **raised})
    return norm


def _most(application: Application, name: str, norm: Norm, indices: Sequence[int], *, only_lines: bool) -> int:
    """The largest whole amount for some activities within every limit that the text of a norm states."""
    if not indices:
        return 0
    cost, prior, cap = _cost(application, indices), _prior(application, name), _cap_in_text(norm, only_lines=only_lines)
    # What was received for the same unit counts within every limit; of an establishment, within the cap alone.
    limits = [(norm.rate or Fraction(1)) * cost - (0 if norm.per == "establishment" else prior)]
    if cap is not None:
        limits.append(cap * _units(application, norm, indices) - prior)
    return int(max(Fraction(0), min(limits)) // 1)


def _units(application: Application, norm: Norm, indices: Sequence[int]) -> int:
    """The units for which a cap holds: those that the one activity states, at most as many as the norm counts."""
    stated_units = (application.activities[indices[0]].quantity or 1) if norm.counted else 1
    return stated_units if norm.at_most is None else min(stated_units, norm.at_most)


def _cap_in_text(norm: Norm, *, only_lines: bool) -> Fraction | None:
    """The cap that the text of a norm states, for technology lines alone or else; None where it states none."""
    if norm.cap is None:
        return None
    if only_lines and norm.technology_line_cap is not None:
        return Fraction(norm.technology_line_cap)
    factor = norm.technology_line_factor if only_lines else None
    return norm.cap * (Fraction(1) if factor is None else factor)


def _options(answer: Assessment) -> list[tuple[str, Option]]:
    """Every option of a record, with the id of its norm."""
    ends = [(line.norm, option) for line in answer.lines for option in (line.chosen, line.assured) if option]
    return [(line.norm, option) for line in answer.lines for option in line.options] + ends


def maximality(regulation: Regulation, application: Application, engine: Engine = assess) -> None:
    """Each amount is within every limit written naively from the norm, and one đồng more is not."""
    for name, option in _options(engine(application, regulation)):
        norm, only_lines = _norm(regulation, name, option.variations), option.id == "technology-lines"
        most = _most(application, name, norm, option.activities, only_lines=only_lines)
        told = f"{name}, supporting {option.id}: {option.amount_vnd} đồng, but the most within the limits is {most}"
        _must(option.amount_vnd == most, told)


def steps(regulation: Regulation, application: Application, engine: Engine = assess) -> None:
    """Each recorded step follows from the one before: base, share, earlier support, and what that leaves of both limits."""
    for name, option in _options(engine(application, regulation)):
        norm, prior = _norm(regulation, name, option.variations), _prior(application, name)
        cost = _cost(application, option.activities)
        share = int((norm.rate or Fraction(1)) * cost // 1)
        share_left = share if norm.per == "establishment" else max(0, share - prior)
        left = None if option.cap_vnd is None else max(0, option.cap_vnd - prior)
        wanted = (cost, share, prior, share_left, left)
        found = (option.base_vnd, option.share_vnd, option.prior_vnd, option.share_left_vnd, option.cap_left_vnd)
        told = f"{name}: base, share, earlier support, rest of the share and of the cap are {found}, not {wanted}"
        _must(found == wanted, told)


def lawful_choices(regulation: Regulation, application: Application, answer: int, engine: Engine = assess) -> None:
    """A line is given the better of the choices that the law leaves, and no other: everything, or only technology lines.

    Checked on the application with every open fact stated, as `completed` does it.
    """
    application = completed(application, answer, regulation)
    record = engine(application, regulation)
    for line in record.lines:
        counted = [index for index in line.activities if record.activity_verdicts[index] != Verdict.INELIGIBLE]
        lines = [index for index in counted if application.activities[index].technology_line]
        support = [one for one in application.prior_support if one.norm == line.norm]
        norm = _norm(regulation, line.norm, _held(regulation, application, line.norm, line.activities[0]))
        best = _most(application, line.norm, norm, counted, only_lines=False)
        if _cap_in_text(norm, only_lines=True) is not None and all(one.technology_line for one in support):
            best = max(best, _most(application, line.norm, norm, lines, only_lines=True))
        _must(line.maximum_vnd == best, f"{line.norm}: {line.maximum_vnd} đồng, but the better lawful choice is {best}")
    most_vnd = sum(line.maximum_vnd for line in record.lines)
    _must(record.maximum_vnd == most_vnd, f"the lines receive {most_vnd} đồng, but the application {record.maximum_vnd}")


def _held(regulation: Regulation, application: Application, norm: str, index: int) -> list[str]:
    """The variations of a norm whose fact is stated to hold, of an activity or of its applicant."""
    on = application.approved_on
    applying = [one for one in regulation.variations if one.applies(norm, on)]
    return [one.id for one in applying if stated(application, (one.fact, index)) in one.accepted]


def pools(regulation: Regulation, application: Application, engine: Engine = assess) -> None:
    """Activities share a line exactly where they share a cap: per establishment all of a norm, else each by itself."""
    found = sorted((line.norm, line.activities) for line in engine(application, regulation).lines)
    names = [activity.norm for activity in application.activities]
    caps = [(name, None if regulation.norms[name].per == "establishment" else index) for index, name in enumerate(names)]
    expected = sorted((cap[0], tuple(index for index, own in enumerate(caps) if own == cap)) for cap in set(caps))
    _must(found == expected, f"the lines are {found}, but the caps are shared as {expected}")


# --- one application --------------------------------------------------------------------------------------------------


def bounds(regulation: Regulation, application: Application, engine: Engine = assess) -> None:
    """0 ≤ assured ≤ maximum ≤ the cost of what may be eligible; both are sums over the lines."""
    answer = engine(application, regulation)
    cost = _cost(application, [i for i, verdict in enumerate(answer.activity_verdicts) if verdict != Verdict.INELIGIBLE])
    in_order = 0 <= answer.assured_vnd <= answer.maximum_vnd <= cost
    _must(in_order, f"0, assured {answer.assured_vnd}, maximum {answer.maximum_vnd} and cost {cost} are not in order")
    sums = sum(line.assured_vnd for line in answer.lines), sum(line.maximum_vnd for line in answer.lines)
    _must(sums == _amounts(answer), f"assured and maximum are {_amounts(answer)}, but the lines sum up to {sums}")


def _amounts(answer: Assessment) -> tuple[int, int]:
    return answer.assured_vnd, answer.maximum_vnd


def verdicts(regulation: Regulation, application: Application, engine: Engine = assess) -> None:
    """An activity is ineligible if a condition is unmet, else undetermined if one is open; the application follows."""
    answer = engine(application, regulation)
    expected = []
    for index, activity in enumerate(application.activities):
        asked = [c for c in regulation.all_conditions if c.applies(activity.norm, application.approved_on)]
        values = [stated(application, (condition.fact, index)) for condition in asked]
        if any(value is not None and value not in c.accepted for value, c in zip(values, asked, strict=True)):
            expected.append(Verdict.INELIGIBLE)
        else:
            is_open = None in values or _unexpressed(regulation, activity.norm)
            expected.append(Verdict.UNDETERMINED if is_open else Verdict.ELIGIBLE)
    found = list(answer.activity_verdicts)
    _must(found == expected, f"the activities are {', '.join(found)}, but their conditions say {', '.join(expected)}")
    several = Verdict.UNDETERMINED if Verdict.UNDETERMINED in expected else Verdict.PARTLY_ELIGIBLE
    whole = several if len(set(expected)) > 1 else expected[0]
    _must(answer.verdict == whole, f"the application is {answer.verdict}, but its activities make it {whole}")


def ends_reached(regulation: Regulation, application: Application, engine: Engine = assess) -> None:
    """No way of answering the open questions leads outside the interval, and both ends are reached."""
    answer = engine(application, regulation)
    asked = _asked(answer)
    answers = [regulation.fact_columns[fact].answers for fact, _ in asked]
    if prod(map(len, answers)) > MOST_COMPLETIONS:
        return
    complete = (state_all(application, dict(zip(asked, values, strict=True))) for values in product(*answers))
    records = [engine(one, regulation) for one in complete]
    found = [_amounts(record) for record in records]
    least, most = min(assured for assured, _ in found), max(maximum for _, maximum in found)
    told = f"the answers lead to amounts from {least} to {most}, but the record says {_amounts(answer)}"
    _must((least, most) == _amounts(answer), told)
    unsaid = [sum(ln.maximum_vnd for ln in one.lines if _unexpressed(regulation, ln.norm)) for one in records]
    still_open = [pair for pair, bound in zip(found, unsaid, strict=True) if pair[0] != pair[1] - bound]
    _must(not still_open, f"with every question answered, amounts are still open: {still_open[:1]}")


def _asked(answer: Assessment) -> list[Place]:
    """The places of the facts that a record asks for, each once."""
    return list({(q.fact, q.activity if q.prior_support is None else q.prior_support): None for q in answer.questions})


def documents(regulation: Regulation, application: Application, engine: Engine = assess) -> None:
    """The application comes back from its JSON, the record is the same bytes twice, and every source named exists."""
    again = Application.from_json(application.to_json())
    _must(again == application, "the application does not come back from its JSON")
    answer = engine(application, regulation)
    _must(engine(again, regulation).to_json() == answer.to_json(), "equal applications give different bytes")
    named = {finding.source for finding in answer.findings} | {line.source for line in answer.lines}
    missing = named - regulation.all_sources.keys()
    _must(not missing, f"the record names sources that the regulation does not have: {sorted(missing)}")


def agreement(regulation: Regulation, application: Application, engine: Engine = assess) -> None:
    """The verdict and both amounts are those of this library; tried on engines that give no more than these."""
    wanted, found = (
        (answer.verdict.value, *_amounts(answer))
        for answer in (assess(application, regulation), engine(application, regulation))
    )
    _must(found == wanted, f"verdict, assured and maximum are {found}, but this library says {wanted}")


# --- two applications -------------------------------------------------------------------------------------------------


def indifference(regulation: Regulation, application: Application, turn: int, engine: Engine = assess) -> None:
    """Neither the order of activities matters, nor names, references and facts that no condition uses."""
    turn %= len(application.activities)
    turned = (*application.activities[turn:], *application.activities[:turn])
    changes = {
        "reference": "other",
        "activities": tuple(activity.model_copy(update={"name": "other"}) for activity in turned),
        "prior_support": application.prior_support[::-1],
        "establishment": application.establishment.model_copy(update={"name": "other", "tax_code": "0900123452"}),
    }
    before, after = engine(application, regulation), engine(application.model_copy(update=changes), regulation)
    _same(before, after, "in another order and under other names")


def _same(before: Assessment, after: Assessment, how: str) -> None:
    wanted, found = ((*_amounts(answer), answer.verdict.value) for answer in (before, after))
    _must(found == wanted, f"{how}, assured, maximum and verdict are {found}, not {wanted}")


def growth(regulation: Regulation, application: Application, extra_vnd: int, engine: Engine = assess) -> None:
    """More cost never earns less, and never more than the extra cost."""
    first, *rest = application.activities
    extra_vnd = min(extra_vnd, MOST_VND - first.cost_vnd)
    dearer = first.model_copy(update={"cost_vnd": first.cost_vnd + extra_vnd})
    before = _amounts(engine(application, regulation))
    after = _amounts(engine(_with(application, dearer, *rest), regulation))
    for low, high in zip(before, after, strict=True):
        _must(low <= high <= low + extra_vnd, f"{extra_vnd} đồng more of cost turn {low} into {high}")


def splitting(regulation: Regulation, application: Application, part_vnd: int, engine: Engine = assess) -> None:
    """Splitting an activity in two changes nothing where the cap is per establishment."""
    first, *rest = application.activities
    if regulation.norms[first.norm].per != "establishment" or first.cost_vnd < 2:
        return
    part_vnd = 1 + part_vnd % (first.cost_vnd - 1)
    parts = [first.model_copy(update={"cost_vnd": cost}) for cost in (part_vnd, first.cost_vnd - part_vnd)]
    before, after = engine(application, regulation), engine(_with(application, *parts, *rest), regulation)
    _same(before, after, f"split into {part_vnd} and the rest")


def addition(regulation: Regulation, application: Application, activity: Activity, engine: Engine = assess) -> None:
    """Another activity never lowers the maximum, and never raises it by more than its own cost."""
    before = engine(application, regulation).maximum_vnd
    after = engine(_with(application, *application.activities, activity), regulation).maximum_vnd
    within = before <= after <= before + activity.cost_vnd
    _must(within, f"an activity of {activity.cost_vnd} đồng more turns the maximum of {before} into {after}")


def earlier_support(
    regulation: Regulation, application: Application, support: PriorSupport, engine: Engine = assess
) -> None:
    """Earlier support never raises an amount; where one activity stands alone, it lowers it by at most itself.

    The latter if it was for technology lines, since other support shuts the raised cap as well.
    """
    more = application.model_copy(update={"prior_support": (*application.prior_support, support)})
    before, after = engine(application, regulation), engine(more, regulation)
    for low, high in zip(_amounts(after), _amounts(before), strict=True):
        _must(low <= high, f"{support.amount_vnd} đồng of earlier support turn {high} into {low}")
    if support.technology_line and sum(activity.norm == support.norm for activity in application.activities) == 1:
        least = before.maximum_vnd - support.amount_vnd
        _must(after.maximum_vnd >= least, f"{support.amount_vnd} đồng of earlier support cost more than that")


def narrowing(regulation: Regulation, application: Application, which: int, answer: int, engine: Engine = assess) -> None:
    """Stating a fact only narrows the interval; stating what was not asked for changes neither amount nor verdict."""
    before, told = engine(application, regulation), _open(application, answer, regulation.fact_columns)
    if idle := {place: value for place, value in told.items() if place not in _asked(before)}:
        how = ", ".join(f"{fact} = {value}" for (fact, _), value in idle.items())
        _same(before, engine(state_all(application, idle), regulation), f"with {how}, not asked for")
    if told:
        place = [*told][which % len(told)]
        after = engine(state_all(application, {place: told[place]}), regulation)
        inside = before.assured_vnd <= after.assured_vnd <= after.maximum_vnd <= before.maximum_vnd
        _must(inside, f"{place[0]} = {told[place]} turns the interval {_amounts(before)} into {_amounts(after)}")


def idle_ineligible(regulation: Regulation, application: Application, activity: Activity, engine: Engine = assess) -> None:
    """An ineligible activity adds nothing: without it, the amounts are the same."""
    after = engine(_with(application, *application.activities, activity), regulation)
    if after.activity_verdicts[-1] == Verdict.INELIGIBLE:
        before = _amounts(engine(application, regulation))
        _must(_amounts(after) == before, f"an ineligible activity turns {before} into {_amounts(after)}")


# --- the turning points -----------------------------------------------------------------------------------------------


def edge_binding(regulation: Regulation, application: Application, engine: Engine = assess) -> None:
    """The lesser limits bind, and they change at the edge: from the least cost that reaches a cap on, it is paid in full.

    One activity of the applicant is tried at each edge of each norm applied for, and one đồng to either side.
    """
    for name, option in _options(engine(application, regulation)):
        share = "cost" if _norm(regulation, name, option.variations).rate is None else "rate"
        limits = {share: option.share_left_vnd} | ({} if option.cap_left_vnd is None else {"cap": option.cap_left_vnd})
        binding = {limit for limit, value in limits.items() if value == min(limits.values())}
        _must(option.binding == binding, f"{name}: {sorted(option.binding)} bind, but it is {sorted(binding)}")
    for name in sorted({activity.norm for activity in application.activities}):
        for lines, edge in zip((False, True), edges(regulation.norms[name]), strict=False):
            for cost in range(max(1, edge - 1), min(edge + 2, MOST_VND)):
                chosen = _alone(regulation, application, name, cost, engine=engine, lines=lines)
                if chosen and not chosen.variations:
                    cap = _cap_in_text(regulation.norms[name], only_lines=lines)
                    reached = chosen.amount_vnd == cap and "cap" in chosen.binding
                    bound = f"{chosen.amount_vnd}, bound by {sorted(chosen.binding)}"
                    told = f"{name} at {cost} đồng: {bound}, but the cap of {cap} is reached from {edge}"
                    _must(reached == (cost >= edge), told)


def _alone(
    regulation: Regulation, application: Application, norm: str, cost_vnd: int, *, engine: Engine, lines: bool
) -> Option | None:
    """The option chosen for a single activity of an applicant; None where it is not eligible."""
    quantity = 1 if regulation.norms[norm].counted else None
    activity = Activity(norm=norm, cost_vnd=cost_vnd, technology_line=lines, quantity=quantity)
    single = application.model_copy(update={"activities": (activity,), "prior_support": ()})
    facts = {fact: one.answers[0] for fact, one in regulation.fact_columns.items() if one.owner == "activity" and one.asked}
    single = state_all(single, {(fact, 0): answer for fact, answer in facts.items()})
    return next((line.chosen for line in engine(single, regulation).lines), None)


def raised_cap(regulation: Regulation, application: Application, engine: Engine = assess) -> None:
    """The cap of an option is exactly that of the norm, for technology lines alone the raised one, for each unit counted."""
    for name, option in _options(engine(application, regulation)):
        norm, only_lines = _norm(regulation, name, option.variations), option.id == "technology-lines"
        has = not only_lines or norm.technology_line_factor is not None or norm.technology_line_cap is not None
        cap = _cap_in_text(norm, only_lines=only_lines) if has else None
        wanted = None if cap is None else cap * _units(application, norm, option.activities)
        _must(option.cap_vnd == wanted, f"{name}, supporting {option.id}: the cap is {option.cap_vnd}, not {wanted}")
        others = [i for i in option.activities if only_lines and application.activities[i].technology_line is False]
        _must(not others, f"{name}: activities {others} are no technology lines, but share the cap for lines")


# --- what real texts have besides -------------------------------------------------------------------------------------


def idle_variations(regulation: Regulation, application: Application, engine: Engine = assess) -> None:
    """A variation whose fact does not hold changes nothing: without it, the record names the same numbers and amounts."""
    answer = engine(application, regulation)
    for line in answer.lines:
        for option in filter(None, (*line.options, line.chosen, line.assured)):
            for one in regulation.variations:
                value = stated(application, (one.fact, line.activities[0]))
                if one.id in option.variations:
                    fits = value is None or value in one.accepted
                    told = f"{line.norm} has the numbers of {one.id}, but {one.fact} is {value}"
                    _must(fits and one.applies(line.norm, application.approved_on), told)
    for one in regulation.variations:
        values = [stated(application, (one.fact, index)) for index in range(len(application.activities))]
        if all(value is not None and value not in one.accepted for value in values):
            kept = tuple(other for other in regulation.variations if other is not one)
            without = engine(application, regulation.model_copy(update={"variations": kept}))
            _same(without, answer, f"with the variation {one.id}, which does not hold")


def quantities(regulation: Regulation, application: Application, turn: int, engine: Engine = assess) -> None:
    """A quantity of n is worth n units of one, but for the rounding of each; where all of them count."""
    for activity in application.activities:
        norm, number = regulation.norms[activity.norm], 2 + turn
        if norm.counted and (norm.at_most or number) >= number and activity.cost_vnd * number <= MOST_VND:
            bare = application.model_copy(update={"prior_support": ()})
            one = activity.model_copy(update={"quantity": 1})
            many = activity.model_copy(update={"quantity": number, "cost_vnd": number * activity.cost_vnd})
            units, whole = (engine(_with(bare, *some), regulation) for some in ([one] * number, [many]))
            for low, high in zip(_amounts(units), _amounts(whole), strict=True):
                told = f"{activity.norm}: {number} units of one are worth {low} đồng, a quantity of {number} {high}"
                _must(low <= high < low + number, told)


def unexpressed(regulation: Regulation, application: Application, engine: Engine = assess) -> None:
    """What the file cannot express is never assured, and its text stands in the record."""
    answer = engine(application, regulation)
    for line in answer.lines:
        if texts := _unexpressed(regulation, line.norm):
            told = f"{line.norm}: {line.assured_vnd} đồng are assured, but the file does not express all of the text"
            _must(line.assured is None and line.assured_vnd == 0, told)
            said = [note.text for note in answer.notes]
            _must(all(text in said for text in texts), f"{line.norm}: the record does not say what the file cannot express")


def _unexpressed(regulation: Regulation, norm: str) -> list[Text]:
    """What the text says of a norm and the file cannot."""
    return [one.text for one in regulation.unexpressed if one.bounds(norm)]
