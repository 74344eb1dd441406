"""Planted faults: engines that are wrong in one way each, to see which laws of the kit notice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Literal

from kcgrant import Application, Assessment, Verdict, assess
from kcgrant.application import stated
from kcgrant.assessment import Line, Option, Question
from kcgrant.language import Text
from kcgrant.law import Regulation
from kcgrant.law.norms import Limit, Limits
from kcgrant.testing import Engine

# --- well-known faults: the law that must notice each stands in `FAULTS`


def with_options(answer: Assessment, change: Callable[[Option, Line], Option]) -> Assessment:
    """The record with every option changed, wherever it stands, and the amounts of lines and application as they were."""

    def changed(line: Line) -> Line:
        ends = [change(option, line) if option else None for option in (line.chosen, line.assured)]
        options = tuple(change(option, line) for option in line.options)
        return replace(line, options=options, chosen=ends[0], assured=ends[1])

    return replace(answer, lines=tuple(changed(line) for line in answer.lines))


def rebuilt(answer: Assessment, change: Callable[[Option, Line], Option]) -> Assessment:
    """The record with every option changed, and the amounts read off the options again."""
    lines = []
    for line in with_options(answer, change).lines:
        chosen = max(line.options, key=lambda option: option.amount_vnd) if line.chosen else None
        amounts = [option.amount_vnd if option else 0 for option in (chosen, line.assured)]
        lines.append(replace(line, chosen=chosen, maximum_vnd=amounts[0], assured_vnd=amounts[1]))
    return total(answer, lines)


def total(answer: Assessment, lines: list[Line]) -> Assessment:
    most, least = sum(line.maximum_vnd for line in lines), sum(line.assured_vnd for line in lines)
    return replace(answer, lines=tuple(lines), maximum_vnd=most, assured_vnd=least)


NO_CAP = 10**18
"""More than any cost."""


def left_of(option: Option) -> int:
    """What is left of the cap of an option."""
    return NO_CAP if option.cap_left_vnd is None else option.cap_left_vnd


def limited(option: Option, **changes: Any) -> Option:
    """An option with other limits, the rest of it consistent."""
    option = replace(option, **changes)
    of: Literal["rate", "cost"] = "cost" if "cost" in option.binding else "rate"
    limits = Limits(option.share_vnd, option.cap_vnd, option.cap_left_vnd, option.share_left_vnd, of)
    return replace(option, amount_vnd=limits.amount_vnd, binding=limits.binding)


def rounding_up(application: Application, regulation: Regulation) -> Assessment:
    def up(option: Option, line: Line) -> Option:
        rate = regulation.norms[line.norm].rate
        if rate is None:
            return option
        share = int(-(-rate * option.base_vnd // 1))
        return limited(option, share_vnd=share, share_left_vnd=share - option.share_vnd + option.share_left_vnd)

    return rebuilt(assess(application, regulation), up)


def a_strict_cap(application: Application, regulation: Regulation) -> Assessment:
    return rebuilt(
        assess(application, regulation),
        lambda option, _: replace(option, amount_vnd=max(0, min(option.share_vnd, left_of(option) - 1))),
    )


def the_line_cap_for_everything(application: Application, regulation: Regulation) -> Assessment:
    """A purchase of machines and lines is given the raised cap as a whole."""

    def raised(option: Option, line: Line) -> Option:
        norm, lines = regulation.norms[line.norm], [application.activities[i].technology_line for i in option.activities]
        if option.id == "all" and True in lines and norm.technology_line_cap_vnd:
            cap = norm.technology_line_cap_vnd
            return limited(option, cap_vnd=cap, cap_left_vnd=max(0, cap - option.prior_vnd))
        return option

    return rebuilt(assess(application, regulation), raised)


def a_cap_for_each_machine(application: Application, regulation: Regulation) -> Assessment:
    """Pooling is forgotten: every activity is assessed as if it were a model with a cap of its own."""
    single = {name: norm.model_copy(update={"per": "model"}) for name, norm in regulation.norms.items()}
    return assess(application, regulation.model_copy(update={"norms": single}))


def no_earlier_support(application: Application, regulation: Regulation) -> Assessment:
    return assess(application.model_copy(update={"prior_support": ()}), regulation)


def unknown_is_yes(application: Application, regulation: Regulation) -> Assessment:
    answer = assess(application, regulation)
    lines = [replace(line, assured=line.chosen, assured_vnd=line.maximum_vnd) for line in answer.lines]
    return total(answer, lines)


def unknown_is_no(application: Application, regulation: Regulation) -> Assessment:
    answer = assess(application, regulation)
    lines = [replace(line, chosen=line.assured, maximum_vnd=line.assured_vnd) for line in answer.lines]
    return total(answer, lines)


def the_order_matters(application: Application, regulation: Regulation) -> Assessment:
    answer = assess(application, regulation)
    costs_in_order = [activity.cost_vnd for activity in application.activities]
    return answer if costs_in_order == sorted(costs_in_order) else replace(answer, maximum_vnd=answer.maximum_vnd + 1)


def nothing_is_asked(application: Application, regulation: Regulation) -> Assessment:
    return replace(assess(application, regulation), questions=())


def a_crash(application: Application, regulation: Regulation) -> Assessment:
    if len(application.activities) > 1:
        raise ZeroDivisionError
    return assess(application, regulation)


FAULTS = {
    rounding_up: "maximality",
    a_strict_cap: "maximality",
    the_line_cap_for_everything: "lawful_choices",
    a_cap_for_each_machine: "pools",
    no_earlier_support: "maximality",
    unknown_is_yes: "ends_reached",
    unknown_is_no: "ends_reached",
    the_order_matters: "indifference",
    nothing_is_asked: "ends_reached",
    a_crash: "bounds",
}


# --- faults that one law alone notices --------------------------------------------------------------------------------
#
# What is wrong here shows either in a part of the record that no other law looks at, or only in applications that no other
# law builds: a fifth activity, a third earlier support, a cost between the last edge and the most.


def the_option_not_taken_is_rounded(application: Application, regulation: Regulation) -> Assessment:
    """The choice that is not taken is shown in whole thousands."""

    def rounded(option: Option, line: Line) -> Option:
        taken = option in (line.chosen, line.assured)
        return option if taken else replace(option, amount_vnd=-(-option.amount_vnd // 1000) * 1000)

    return with_options(assess(application, regulation), rounded)


def earlier_support_is_recorded_up_to_the_cap(application: Application, regulation: Regulation) -> Assessment:
    """Where earlier support is more than the cap, only as much of it as the cap is written down; nothing is paid."""
    return with_options(
        assess(application, regulation),
        lambda option, _: replace(option, prior_vnd=min(option.prior_vnd, option.cap_vnd or 0)),
    )


def at_the_edge_only_the_rate_is_named(application: Application, regulation: Regulation) -> Assessment:
    """`if share <= rest` without a thought for the case that both limits are equal."""

    def one_limit(option: Option, _: Line) -> Option:
        limit: Limit = "rate" if option.share_vnd <= left_of(option) else "cap"
        return replace(option, binding=frozenset({limit}))

    return with_options(assess(application, regulation), one_limit)


def the_cap_is_raised_only_where_it_is_needed(application: Application, regulation: Regulation) -> Assessment:
    """Technology lines whose share is within the ordinary cap are recorded under that one."""

    def ordinary(option: Option, line: Line) -> Option:
        cap = regulation.norms[line.norm].cap or NO_CAP
        left = max(0, cap - option.prior_vnd)
        return replace(option, cap_vnd=cap, cap_left_vnd=left) if option.share_vnd < left else option

    return with_options(assess(application, regulation), ordinary)


def lines_with_room_of_their_own(application: Application, regulation: Regulation) -> Assessment:
    """The factor of 1.5 is read as half a cap more for the lines in a purchase, on top of the cap for the rest of it."""
    answer = assess(application, regulation)
    activities, open_flags = application.activities, []

    def amount(option: Option | None, line: Line, flags: tuple[bool | None, ...]) -> int:
        norm = regulation.norms[line.norm]
        if option is None or norm.technology_line_factor is None:
            return option.amount_vnd if option else 0
        counted = [i for i in line.activities if answer.activity_verdicts[i] in COUNTED[len(flags)]]
        support = [prior.technology_line for prior in application.prior_support if prior.norm == line.norm]
        lines = sum(activities[i].cost_vnd for i in counted if activities[i].technology_line in flags)
        limits = norm.limits(sum(activities[i].cost_vnd for i in counted))
        share, cap = limits.share_vnd, limits.cap_vnd or NO_CAP
        more = min(norm.limits(lines).share_vnd, int(cap * (norm.technology_line_factor - 1)))
        room = cap + (more if all(flag in flags for flag in support) else 0)
        return min(share, max(0, room - option.prior_vnd))

    lines = []
    for line in answer.lines:
        lines.append(
            replace(
                line, maximum_vnd=amount(line.chosen, line, (True, None)), assured_vnd=amount(line.assured, line, (True,))
            )
        )
        if line.options and regulation.norms[line.norm].technology_line_factor is not None:
            open_flags += [i for i in line.activities if activities[i].technology_line is None]
    return with_questions(total(answer, lines), application, open_flags)


COUNTED = {2: (Verdict.ELIGIBLE, Verdict.UNDETERMINED), 1: (Verdict.ELIGIBLE,)}


def with_questions(answer: Assessment, application: Application, flags: Sequence[int]) -> Assessment:
    """The record with a question for each flag named, and for each earlier support whose flag is not stated."""
    asked = {(q.fact, q.activity, q.prior_support) for q in answer.questions}
    places: list[tuple[str, int | None, int | None]] = [("activity.technology_line", index, None) for index in flags]
    support = application.prior_support
    places += [("prior_support.technology_line", None, i) for i, one in enumerate(support) if one.technology_line is None]
    more = [Question(*place, None, Text(en="so?", vi="có đúng không?")) for place in places if place not in asked]
    return replace(answer, questions=(*answer.questions, *more))


def what_is_ineligible_has_no_line(application: Application, regulation: Regulation) -> Assessment:
    """Activities that cannot be supported are left out of the table of lines."""
    answer = assess(application, regulation)
    return replace(answer, lines=tuple(line for line in answer.lines if line.options))


def lines_show_as_assured_what_is_possible(application: Application, regulation: Regulation) -> Assessment:
    """The totals are right, but the column of assured amounts repeats that of the maxima."""
    answer = assess(application, regulation)
    return replace(answer, lines=tuple(replace(line, assured_vnd=line.maximum_vnd) for line in answer.lines))


def eligible_if_anything_is(application: Application, regulation: Regulation) -> Assessment:
    answer = assess(application, regulation)
    partly = answer.verdict == Verdict.PARTLY_ELIGIBLE
    return replace(answer, verdict=Verdict.ELIGIBLE) if partly else answer


def rows_of_one_name_are_one_row(application: Application, regulation: Regulation) -> Assessment:
    """Two activities of the same name are taken for one that was entered twice."""
    named = {activity.name or index: activity for index, activity in enumerate(application.activities)}
    return assess(application.model_copy(update={"activities": tuple(named.values())}), regulation)


def a_column_of_32_bits(application: Application, regulation: Regulation) -> Assessment:
    """The sums are made of costs of machinery in 32 bits: what is beyond 4,294,967,295 đồng starts again at nothing."""
    narrow = [
        activity.model_copy(update={"cost_vnd": max(1, activity.cost_vnd % 2**32)})
        if activity.norm == "advanced-machinery"
        else activity
        for activity in application.activities
    ]
    return amounts_of(
        assess(application.model_copy(update={"activities": tuple(narrow)}), regulation), application, regulation
    )


def amounts_of(other: Assessment, application: Application, regulation: Regulation) -> Assessment:
    """The record of an application with the amounts of another record."""
    answer = assess(application, regulation)
    if len(other.lines) != len(answer.lines):
        return replace(answer, maximum_vnd=other.maximum_vnd, assured_vnd=other.assured_vnd)
    pairs = zip(answer.lines, other.lines, strict=True)
    return total(answer, [replace(own, maximum_vnd=line.maximum_vnd, assured_vnd=line.assured_vnd) for own, line in pairs])


def a_sum_over_four_rows(application: Application, regulation: Regulation) -> Assessment:
    """The range of the sum ends at the fourth row of the sheet."""
    four = application.model_copy(update={"activities": application.activities[:4]})
    return amounts_of(assess(four, regulation), application, regulation)


def of_models(application: Application, regulation: Regulation) -> list[int]:
    """The activities with a cap of their own."""
    norms = regulation.norms
    return [i for i, activity in enumerate(application.activities) if norms[activity.norm].per == "model"]


def room_for_four_models(application: Application, regulation: Regulation) -> Assessment:
    """The form has room for four models that may be eligible; a fifth is written over the first."""
    verdicts = assess(application, regulation).activity_verdicts
    models = [i for i in of_models(application, regulation) if verdicts[i] != Verdict.INELIGIBLE]
    kept = tuple(activity for i, activity in enumerate(application.activities) if i not in models[:-4])
    return amounts_of(assess(application.model_copy(update={"activities": kept}), regulation), application, regulation)


def a_fifth_model_is_not_examined(application: Application, regulation: Regulation) -> Assessment:
    """The amounts take it that the conditions on a fifth model are met; the verdict on it is right."""
    activities = list(application.activities)
    for index in of_models(application, regulation)[4:]:
        activities[index] = activities[index].model_copy(update={"new_to_area": True, "performs_well": True})
    other = assess(application.model_copy(update={"activities": tuple(activities)}), regulation)
    return amounts_of(other, application, regulation)


def room_for_two_earlier_supports(application: Application, regulation: Regulation) -> Assessment:
    """The form has two rows for earlier support; a third is written over the first."""
    two = application.model_copy(update={"prior_support": application.prior_support[-2:]})
    return amounts_of(assess(two, regulation), application, regulation)


def asking_only_about_money(application: Application, regulation: Regulation) -> Assessment:
    """Nothing is asked where no amount is at stake, such as when the cap is used up, though the verdict is open."""
    answer = assess(application, regulation)
    return answer if answer.assured_vnd < answer.maximum_vnd else replace(answer, questions=())


def nothing_is_assured_before_all_is_known(application: Application, regulation: Regulation) -> Assessment:
    """One undetermined activity makes the assured amount of all others nothing."""
    answer = assess(application, regulation)
    if answer.verdict != Verdict.UNDETERMINED:
        return answer
    return total(answer, [replace(line, assured=None, assured_vnd=0) for line in answer.lines])


def sources_that_nobody_lists(application: Application, regulation: Regulation) -> Assessment:
    """The lines name their source by its title instead of its id."""
    answer = assess(application, regulation)
    titled = [replace(line, source=regulation.all_sources[line.source].title) for line in answer.lines]
    return replace(answer, lines=tuple(titled))


def variations_of_other_norms_are_listed_too(application: Application, regulation: Regulation) -> Assessment:
    """Beside each line stands every variation that holds for the applicant, also where it is one of another norm."""
    answer = assess(application, regulation)
    held = tuple(one.id for one in regulation.variations if stated(application, (one.fact, 0)) in one.accepted)
    return with_options(answer, lambda option, _: replace(option, variations=tuple(sorted({*option.variations, *held}))))


def room_for_four_units(application: Application, regulation: Regulation) -> Assessment:
    """The form has room for a quantity of at most four."""
    few = [
        one.model_copy(update={"quantity": min(4, one.quantity)}) if one.quantity is not None else one
        for one in application.activities
    ]
    return assess(application.model_copy(update={"activities": tuple(few)}), regulation)


def what_is_not_expressed_is_not_said(application: Application, regulation: Regulation) -> Assessment:
    answer = assess(application, regulation)
    return replace(answer, notes=tuple(note for note in answer.notes if not note.id.startswith("unexpressed")))


ALONE: dict[str, Engine] = {
    "idle_variations": variations_of_other_norms_are_listed_too,
    "quantities": room_for_four_units,
    "unexpressed": what_is_not_expressed_is_not_said,
    "maximality": the_option_not_taken_is_rounded,
    "steps": earlier_support_is_recorded_up_to_the_cap,
    "lawful_choices": lines_with_room_of_their_own,
    "pools": what_is_ineligible_has_no_line,
    "bounds": lines_show_as_assured_what_is_possible,
    "verdicts": eligible_if_anything_is,
    "indifference": rows_of_one_name_are_one_row,
    "growth": a_column_of_32_bits,
    "splitting": a_sum_over_four_rows,
    "addition": room_for_four_models,
    "idle_ineligible": a_fifth_model_is_not_examined,
    "earlier_support": room_for_two_earlier_supports,
    "narrowing": asking_only_about_money,
    "ends_reached": nothing_is_assured_before_all_is_known,
    "edge_binding": at_the_edge_only_the_rate_is_named,
    "raised_cap": the_cap_is_raised_only_where_it_is_needed,
    "documents": sources_that_nobody_lists,
}
