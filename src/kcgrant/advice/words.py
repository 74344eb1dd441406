"""Tell: advice in words, in English or Vietnamese, as sections.

The decision taken here: as in an explanation, both languages fill the same places with the same values, and every figure
is read off a record or a curve.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from kcgrant.advice.comparison import Comparison, CurveComparison, Difference, Effect, Impact, Plain
from kcgrant.advice.curve import Curve, Segment, Target
from kcgrant.advice.repairs import MOST_TOLD, Change, Repair, place_of, repairs, stuck, worth
from kcgrant.advice.routes import Advice, Route, RouteOrder
from kcgrant.application import Answer, Application, Column, answer_name, fact_name
from kcgrant.assessment.eligibility import Verdict
from kcgrant.assessment.explanation import (
    Length,
    bound_by,
    failures,
    finding_in_words,
    in_figures_and_words,
    law_in_words,
    notes_in_words,
    open_points,
    states,
    title_of,
    variations_in_words,
)
from kcgrant.assessment.record import Assessment, Question
from kcgrant.language import (
    NOT_ENTITLEMENT,
    VALUE_NAMES,
    Lang,
    day_in_words,
    figures,
    grouped,
    say,
    short_figures,
    value_name,
)
from kcgrant.law.norms import Note, Variation, unit_name
from kcgrant.law.regulation import Regulation
from kcgrant.law.territory import province_name
from kcgrant.layout import Row, Section, shows
from kcgrant.money import MOST_VND


def _figures(lang: Lang, **amounts_vnd: int) -> dict[str, str]:
    """Amounts in figures, to stand in the places of a phrase."""
    return {name: figures(amount_vnd, lang) for name, amount_vnd in amounts_vnd.items()}


# --- routes -----------------------------------------------------------------------------------------------------------


def advice_in_words(advice: Advice, lang: Lang, *, assumed: Collection[str] = (), length: Length = "full") -> list[Section]:
    """Advice as sections: the best and the next, where that changes, each route, and what has to be shown.

    `assumed` names what was not given and taken instead: "on" for today, "province". In brief it is one screen: the best,
    what has to be shown for it, and where that changes.

    Example:
        >>> from datetime import date
        >>> from kcgrant import Activity, Application, Establishment
        >>> from kcgrant.advice.routes import advise
        >>> someone = Establishment(name="An owner", province="hung-yen", former_province="hung-yen")
        >>> project = Activity(norm="advanced-machinery", cost_vnd=1_200_000_000, technology_line=True)
        >>> stated = Application(approved_on=date(2026, 3, 2), establishment=someone, activities=[project])
        >>> advice_in_words(advise(stated), "en")[0].rows[4].value
        'Advanced machinery and technology: at most VND 450,000,000 (four hundred fifty million dong)'
    """
    cost = figures(advice.application.activities[0].cost_vnd, lang)
    title = say("Which support for a project of {figures}?", lang, figures=cost)
    if length == "brief":
        turns = Section(say("Where the answer changes", lang), tuple(_turns_in_brief(advice, lang)))
        brief = [Section(title, tuple(_head_in_brief(advice, lang, assumed))), turns]
        return [part for part in brief if part.rows]
    notes = {note.id: note for route in _all_routes(advice) for note in route.assessment.notes}
    parts = [
        Section(title, tuple(_head(advice, lang, assumed))),
        *_by_ranking(advice, lambda ranking: _turns(advice, ranking, lang), _TURNS, lang),
        *_routes(advice, lang),
        Section(say("What has to be shown", lang), tuple(_to_be_shown(advice, lang))),
        _to_check(notes.values(), lang),
    ]
    return [part for part in parts if part.rows]


@shows(Advice)
def _advice_shown(advice: Advice) -> list[Section]:
    return advice_in_words(advice, "en", length="brief")


_TURNS: Final = {
    True: "Where the answer changes, for a technology line",
    False: "Where the answer changes, if it is no technology line",
    None: "Where the answer changes",
}
_BEST: Final = {True: "Best if it is a technology line", False: "Best if it is not", None: "Best"}
_SUPPORT: Final = {True: "If a technology line", False: "If not", None: "Support at most"}


def _by_ranking(
    advice: Advice, told: Callable[[RouteOrder], Iterable[Row]], titles: Mapping[bool | None, str], lang: Lang
) -> list[Section]:
    """What is told of each ranking; once only where it is the same for a technology line and for none."""
    found = {ranking.technology_line: tuple(told(ranking)) for ranking in advice.rankings}
    if len(set(found.values())) == 1:
        found = {None: next(iter(found.values()))}
    return [Section(say(titles[line], lang), rows) for line, rows in found.items()]


def _labelled(parts: Iterable[Section]) -> Iterator[Row]:
    """The rows of parts that are short enough to have their title as the label of the first."""
    for part in parts:
        yield part.rows[0]._replace(label=part.title)
        yield from part.rows[1:]


def _all_routes(advice: Advice) -> list[Route]:
    return [route for ranking in advice.rankings for route in ranking.routes]


def _to_check(notes: Iterable[Note], lang: Lang) -> Section:
    return Section(say("What is not known, and what to check", lang), tuple(notes_in_words(notes, lang)))


def _applied(law: Regulation, on: date, lang: Lang, assumed: Collection[str]) -> Iterator[Row]:
    """The day, and the law that applies on it."""
    today = say("{day} (today, since no day was given)", lang, day=on)
    yield Row(say("Plan approved on", lang), today if "on" in assumed else day_in_words(on, lang))
    yield Row(say("Law applied", lang), law_in_words(law, lang))


def _head(advice: Advice, lang: Lang, assumed: Collection[str]) -> Iterator[Row]:
    stated = advice.application
    place = stated.establishment.province
    place = place if lang == "en" else province_name(place)[lang]
    yield Row(say("Establishment", lang), stated.establishment.name)
    taken = say("{place} (taken, since no other was given)", lang, place=place)
    yield Row(say("Province", lang), taken if "province" in assumed else place)
    yield from _applied(advice.regulation, stated.approved_on, lang, assumed)
    yield from _labelled(_by_ranking(advice, lambda ranking: _offers(advice.regulation, ranking, lang), _BEST, lang))
    if not stated.prior_support:
        yield Row(say("Earlier support", lang), say("none stated, counted as none", lang))
    if max(len(_paying(ranking)) for ranking in advice.rankings) > 1:
        yield Row(say("Alternatives", lang), say(_ONCE, lang))
    yield Row("", say(NOT_ENTITLEMENT, lang))


def _head_in_brief(advice: Advice, lang: Lang, assumed: Collection[str]) -> Iterator[Row]:
    """The law, the best of each ranking, all that has to be shown for it, and that amounts do not add up."""
    law, place = advice.regulation, advice.application.establishment.province
    if "province" in assumed:
        taken = "{place} (taken, since no other was given)"
        yield Row(say("Province", lang), say(taken, lang, place=province_name(place)))
    day, applied = _applied(law, advice.application.approved_on, lang, assumed)
    yield applied._replace(value=f"{applied.value}; {say('plan approved on {day}', lang, day=day.value)}")
    for ranking in advice.rankings:
        found: dict[int, list[Route]] = {}
        for route in _paying(ranking):
            found.setdefault(route.rank, []).append(route)
        if not found:
            yield from _offers(law, ranking, lang)
        for place_of_rank, rank in enumerate(sorted(found)[: 2 if len(advice.rankings) == 1 else 1]):
            best = found[rank]
            names = "; ".join(title_of(law, route.norm, lang) for route in best)
            told = say("at most {figures}", lang, figures=figures(best[0].assessment.maximum_vnd, lang))
            label = _SUPPORT[ranking.technology_line] if len(advice.rankings) > 1 else "Best"
            yield Row(say("Next" if place_of_rank else label, lang), f"{told}: {names}", strong=not place_of_rank)
    known = law.fact_columns
    asked = dict.fromkeys(fact_name(question.fact, lang, known) for question in advice.questions)
    yield Row(say("To be shown", lang), "; ".join(asked) or say("nothing more", lang))
    yield Row("", f"{say(_ONCE, lang)} {say(NOT_ENTITLEMENT, lang)}")


_ONCE: Final = "One and the same cost is supported once: choose one of these; their amounts do not add up."


def _turns_in_brief(advice: Advice, lang: Lang) -> Iterator[Row]:
    """From which cost to which each kind of support is the best, for a technology line and for none in one table."""
    starts = [starts_of(ranking.segments) for ranking in advice.rankings if ranking.segments]
    edges = sorted({edge for one in starts for edge in one})
    cost_vnd = advice.application.activities[0].cost_vnd
    for edge, after in zip(edges, [*edges[1:], MOST_VND], strict=False):
        norms = [title_of(advice.regulation, one[max(e for e in one if e <= edge)].curve.id, lang) for one in starts]
        told = norms[0]
        if len(set(norms)) > 1:
            told = say("{norm}; if no technology line: {other}", lang, norm=norms[0], other=norms[1])
        here = edge <= cost_vnd and (cost_vnd < after or after == MOST_VND)
        yield Row(costs_in_words(edge, after, lang), told + (say(" ← this project", lang) if here else ""), strong=here)


def starts_of(segments: Iterable[Segment]) -> dict[int, Segment]:
    """The best by the cost from which it is no less than any other: where two are equal for a while, the first of that.

    So people are told of a change at 600 million, not at the 600,000,002 from which it is more.

    Example:
        >>> from kcgrant import catalogue
        >>> from kcgrant.advice.curve import best_by_cost, curves
        >>> models = curves(catalogue.get("hung-yen-553-2025"), "demonstration-model", "advanced-machinery")
        >>> [(start, segment.least_vnd) for start, segment in starts_of(best_by_cost(models[:2])).items()]
        [(1, 1), (1000000000, 1000000004)]
    """
    found, last = {}, None
    for segment in segments:
        start = segment.least_vnd
        if last is not None:
            equal = segment.curve.costs_for(last.curve.support(start - 1)).least_vnd
            start = min(start, equal or start)
        found[start] = last = segment
    return found


def _paying(ranking: RouteOrder) -> list[Route]:
    """The routes that give anything."""
    return [route for route in ranking.routes if route.assessment.maximum_vnd]


def _offers(law: Regulation, ranking: RouteOrder, lang: Lang) -> Iterator[Row]:
    """The best routes with what has to be shown for them and what to mind, then the next; or what would open one."""
    routes = _paying(ranking)
    if not routes:
        yield Row("", say("none as it stands", lang), strong=True)
        mended = [(route.norm, route.mended) for route in ranking.routes if route.mended and route.mended.after.maximum_vnd]
        for norm, repair in sorted(mended, key=lambda pair: -pair[1].after.maximum_vnd):
            told = f"{title_of(law, norm, lang)}: {mended_in_words(repair, lang)}"
            yield Row(say("If mended", lang), told, strong=True)
    for place, rank in enumerate(sorted({route.rank for route in routes})[:2]):
        these = [route for route in routes if route.rank == rank]
        phrase = "{norms}: at most {figures} each" if len(these) > 1 else "{norms}: at most {figures}"
        amount = in_figures_and_words(these[0].assessment.maximum_vnd, lang)
        offer = say(phrase, lang, norms="; ".join(title_of(law, route.norm, lang) for route in these), figures=amount)
        yield Row(say("Next", lang) if place else "", offer, strong=not place)
        if not place:
            for route in these:
                facts = _to_show(route, lang)
                told = facts if len(these) == 1 else f"{title_of(law, route.norm, lang)}: {facts}"
                yield Row(say("To be shown", lang), told)
            for route in these:
                yield from _minded(law, route.norm, lang)


def _to_show(route: Route, lang: Lang) -> str:
    """The facts that are still to be shown for a route."""
    known = route.assessment.regulation.fact_columns
    named = dict.fromkeys(fact_name(question.fact, lang, known) for question in route.assessment.questions)
    return "; ".join(named) or say("nothing more", lang)


def _minded(law: Regulation, norm: str, lang: Lang) -> Iterator[Row]:
    """How the law is read for this norm and not for all, such as which costs it counts."""
    about = {"rate-less"} & law.norms[norm].shapes
    for reading in (*law.readings, *(law.framework.readings if law.framework else ())):
        if norm in (reading.norms or ()) or reading.about in about:
            yield Row(say("Mind", lang), reading.text[lang])


def _turns(advice: Advice, ranking: RouteOrder, lang: Lang) -> Iterator[Row]:
    cost_vnd, starts = advice.application.activities[0].cost_vnd, starts_of(ranking.segments)
    for (start, segment), after in zip(starts.items(), [*list(starts)[1:], MOST_VND], strict=False):
        norm = title_of(advice.regulation, segment.curve.id, lang)
        text = say("{norm}: at least as much as any other", lang, norm=norm)
        here = segment.least_vnd <= cost_vnd <= segment.most_vnd
        text += say(" ← this project", lang) if here else ""
        yield Row(costs_in_words(start, after, lang), text, strong=here)


def costs_in_words(least_vnd: int, most_vnd: int, lang: Lang) -> str:
    """From which cost to which, in words; round amounts as people say them."""
    phrase = "cost from {least} to {most}"
    if least_vnd == most_vnd:
        phrase = "cost of {least}"
    elif most_vnd == MOST_VND:
        phrase = "any cost" if least_vnd == 1 else "cost from {least}"
    elif least_vnd == 1:
        phrase = "cost up to {most}"
    return say(phrase, lang, least=short_figures(least_vnd, lang), most=short_figures(most_vnd, lang))


def _routes(advice: Advice, lang: Lang) -> Iterator[Section]:
    """A section for each norm, in the order of the best that it may give."""
    found: dict[str, list[Route]] = {}
    for route in _all_routes(advice):
        found.setdefault(route.norm, []).append(route)
    for some in sorted(found.values(), key=lambda some: -max(route.assessment.maximum_vnd for route in some)):
        title = title_of(advice.regulation, some[0].norm, lang)
        yield Section(f"{title} ({some[0].norm})" if lang == "en" else title, tuple(_route(advice, some[0], lang)))


def _route(advice: Advice, first: Route, lang: Lang) -> Iterator[Row]:
    """What there is to say of a norm, all but its support the same in every ranking."""
    law = advice.regulation

    def support(ranking: RouteOrder) -> list[Row]:
        return [Row("", _support(law, route, lang), strong=True) for route in ranking.routes if route.norm == first.norm]

    yield from _labelled(_by_ranking(advice, support, _SUPPORT, lang))
    yield Row(say("The law", lang), states(law, law.norms[first.norm], lang))
    yield from _minded(law, first.norm, lang)
    if first.assessment.questions:
        yield Row(say("To be shown", lang), _to_show(first, lang))
    yield from (Row(say("Not open", lang), row.value) for row in failures(first.assessment, lang))
    if first.mended:
        yield Row(say("If mended", lang), mended_in_words(first.mended, lang))


def _support(_: Regulation, route: Route, lang: Lang) -> str:
    """What a route gives, which limit binds, what the applicant pays itself, and from which cost the cap is reached."""
    option, curve = route.assessment.lines[0].chosen, route.curve
    if option is None:
        return figures(0, lang)
    text, reached = bound_by(option, lang), "; the cap is reached from a cost of {figures}"
    if option.prior_vnd and option.cap_vnd is not None and option.cap_left_vnd is not None:
        deducted = "; earlier support of {prior} is deducted from the cap of {cap}, {left} is left"
        amounts = _figures(lang, prior=option.prior_vnd, cap=option.cap_vnd, left=option.cap_left_vnd)
        text += say(deducted, lang, **amounts)
        reached = "; what is left of the cap is reached from a cost of {figures}"
    text += say("; own share at least {figures}", lang, figures=figures(route.own_share_vnd, lang))
    if curve.capped and curve.limit_vnd and curve.reached_from_vnd <= MOST_VND:
        text += say(reached, lang, figures=figures(curve.reached_from_vnd, lang))
    return text


def _to_be_shown(advice: Advice, lang: Lang) -> Iterator[Row]:
    """Every open question once, with the answers that meet its condition."""
    if len(advice.rankings) > 1:
        yield Row("", say("whether it is a technology line: that decides between the two rankings above", lang))
    answers = [route.assessment for route in _all_routes(advice)]
    for number, question in enumerate(advice.questions, 1):
        asking = next(answer for answer in answers if question in answer.questions)
        yield from (row._replace(label=f"{number}.") for row in open_points(asking, [question], lang))


# --- a wanted support -------------------------------------------------------------------------------------------------


def targets_in_words(
    law: Regulation, found: Iterable[Curve], wanted_vnd: int, on: date, lang: Lang, *, assumed: Collection[str] = ()
) -> list[Section]:
    """Which costs yield a wanted support under each curve, the least cost first; `assumed` as in `advice_in_words`.

    Example:
        >>> from kcgrant import catalogue
        >>> from kcgrant.advice.curve import curves
        >>> law = catalogue.get("hung-yen-553-2025")
        >>> for row in targets_in_words(law, curves(law), 300_000_000, date(2026, 3, 2), "en")[0].rows[2:4]:
        ...     print(row.label)
        cost from VND 600 million
        cost from VND 600 million
    """
    targets = [(curve, curve.costs_for(wanted_vnd)) for curve in found]
    targets.sort(key=lambda pair: pair[1].least_vnd or MOST_VND + 1)
    holds = "This holds for one activity that meets every condition, with no earlier support under the norm."
    rows = (
        *_applied(law, on, lang, assumed),
        *(_target(law, curve, target, lang) for curve, target in targets),
        *(Row("", say(sentence, lang)) for sentence in (holds, NOT_ENTITLEMENT)),
    )
    title = say("Which cost yields a support of {figures}?", lang, figures=figures(wanted_vnd, lang))
    return [part for part in (Section(title, rows), _to_check(law.all_notes, lang)) if part.rows]


def called(law: Regulation, curve: Curve, lang: Lang) -> str:
    """What a curve is called: the title of its norm, and whether it is that of technology lines."""
    title = title_of(law, curve.id, lang)
    if curve.technology_lines:
        title = say("{norm}, technology line", lang, norm=title)
    if held := variations_in_words(law, curve.variations, lang):
        title = say("{norm}, where {facts}", lang, norm=title, facts=held)
    return title


def _target(law: Regulation, curve: Curve, target: Target, lang: Lang) -> Row:
    """From which cost to which a curve yields the support, or why none does."""
    norm = called(law, curve, lang)
    if target.least_vnd is not None and target.most_vnd is not None and target.own_share_vnd is not None:
        told = say("{norm}; own share from {own}", lang, norm=norm, own=figures(target.own_share_vnd, lang))
        told += "" if target.most_vnd == MOST_VND else say("; a higher cost yields more", lang)
        return Row(costs_in_words(target.least_vnd, MOST_VND, lang), told, strong=True)
    phrase = "{norm}: the nearest are {below} and {above}"
    if target.above_vnd is None or target.below_vnd is None:
        phrase = "{norm}: the most is {below}" if target.above_vnd is None else "{norm}: the least is {above}"
    nearest = _figures(lang, below=target.below_vnd or 0, above=target.above_vnd or 0)
    return Row(say("no cost", lang), say(phrase, lang, norm=norm, **nearest))


# --- repairs ----------------------------------------------------------------------------------------------------------


def signed(amount_vnd: int, lang: Lang) -> str:
    """An amount with its sign, for what is gained or lost."""
    return ("+" if amount_vnd >= 0 else "−") + figures(abs(amount_vnd), lang)


def _from_to(answer: Assessment, lang: Lang) -> str:
    """What is assured, and the maximum where that is more."""
    if answer.assured_vnd == answer.maximum_vnd:
        return figures(answer.maximum_vnd, lang)
    return say("{least} to {most}", lang, **_figures(lang, least=answer.assured_vnd, most=answer.maximum_vnd))


def repairs_in_words(assessment: Assessment, lang: Lang) -> list[Section]:
    """What would make an application eligible, what cannot be changed, and what each open answer is worth."""
    now = f"{value_name(assessment.verdict, lang)}; {_from_to(assessment, lang)}"
    eligible = [Row(say("Now", lang), now, strong=True)]
    for number, repair in enumerate(repairs(assessment), 1):
        eligible.append(Row(say("Proposal {number}", lang, number=number), repair_in_words(repair, lang)))
    eligible += [
        Row(say("Cannot be changed", lang), finding_in_words(finding, lang, assessment.regulation))
        for finding in stuck(assessment)
    ]
    worths = [row for question in assessment.questions[:MOST_TOLD] for row in _worth(assessment, question, lang)]
    if (untold := len(assessment.questions) - MOST_TOLD) > 0:
        worths.append(Row("", say("… and {number} more questions", lang, number=untold)))
    told = Section(say("What would make it eligible", lang), tuple(eligible))
    return [told, Section(say("What each answer is worth", lang), tuple(worths))] if worths else [told]


def repair_in_words(repair: Repair, lang: Lang) -> str:
    """A proposal in one sentence: what is to be done, and what the record says then."""
    law = repair.after.regulation
    done = [_change(law, change, lang) for change in repair.changes[:MOST_TOLD]]
    if (untold := len(repair.changes) - MOST_TOLD) > 0:
        done.append(say("and {number} more changes", lang, number=untold))
    if repair.left_out:
        done.append(say("leave out activity {numbers}", lang, numbers=[index + 1 for index in repair.left_out]))
    if repair.lost:
        done.append(say("activity {numbers} is then no longer eligible", lang, numbers=[index + 1 for index in repair.lost]))
    return say(
        "{changes}. Then: {verdict}; maximum {maximum} ({gain}), assured {assured} ({surely})",
        lang,
        changes="; ".join(done),
        verdict=value_name(repair.after.verdict, lang),
        gain=signed(repair.gain_vnd, lang),
        surely=signed(repair.gain_assured_vnd, lang),
        **_figures(lang, maximum=repair.after.maximum_vnd, assured=repair.after.assured_vnd),
    )


def mended_in_words(repair: Repair, lang: Lang) -> str:
    """A proposal in short: what it would give, what has to change, and how many answers are open besides."""
    law = repair.after.regulation
    changes = "; ".join(_change(law, change, lang) for change in repair.changes if change.given is not None)
    still, most = sum(change.given is None for change in repair.changes), figures(repair.after.maximum_vnd, lang)
    told = say("at most {figures} after this {changes}", lang, figures=most, changes=changes)
    return told + (say("; answers open besides: {number}", lang, number=still) if still else "")


def _change(law: Regulation, change: Change, lang: Lang) -> str:
    phrase = "change: {fact}, from {given} to {values}"
    if change.given is None:
        phrase = "answer: {fact} = {values}"
    elif not change.changeable:
        phrase = "change, if it can be changed, which is not known: {fact}, from {given} to {values}"
    column = law.fact_columns[change.fact]
    given, values = answer_name(column, change.given, lang), _answers(column, change.answers, lang)
    text = say(phrase, lang, fact=column.said[lang], given=given, values=values)
    return text if change.index is None else say("activity {number}, {text}", lang, number=change.index + 1, text=text)


def _answers(column: Column, answers: Sequence[Answer], lang: Lang) -> str:
    """Answers in words, the first three of them where there are many."""
    named = say(" or ", lang).join(answer_name(column, answer, lang) for answer in answers[:3])
    return named + (" …" if len(answers) > 3 else "")


def _worth(assessment: Assessment, question: Question, lang: Lang) -> Iterator[Row]:
    fact, index = place_of(question)
    column = assessment.regulation.fact_columns[fact]
    label = column.said[lang] if index is None else f"{column.said[lang]} ({index + 1})"
    for one in worth(assessment, question):
        amounts, verdict = _from_to(one.after, lang), value_name(one.after.verdict, lang)
        yield Row(label, f"{_answers(column, one.answers, lang)}: {amounts}, {verdict}")
        label = " "  # not empty, so that the answers stand under one another


def one_project_only(stated: Application, lang: Lang) -> Section:
    """The head for an application of several activities, for which no routes are compared."""
    several = "{number} activities: kinds of support are compared for one project only, an application of one activity."
    remarks = say(several, lang, number=len(stated.activities)), say(NOT_ENTITLEMENT, lang)
    rows = Row(say("Establishment", lang), stated.establishment.name), *(Row("", remark) for remark in remarks)
    return Section(f"{say('Application', lang)} {stated.reference or ''}".rstrip(), rows)


# --- comparisons ------------------------------------------------------------------------------------------------------


def comparison_in_words(found: Comparison, lang: Lang) -> list[Section]:
    """What differs between two regulations, and what one activity receives under either, as sections."""
    laws = found.before, found.after
    rows = [Row(_label(laws, one, lang), _turned(laws, one, lang), one.kind == "norm") for one in found.differences]
    if not rows:
        rows.append(Row(say("Numbers and conditions", lang), say("the same in both", lang)))
    for law, names in zip(laws, (found.only_before, found.only_after), strict=True):
        if names:
            told = "{norms}; that the other has no such norm here does not mean that it grants nothing"
            titles = "; ".join(title_of(law, name, lang) for name in names)
            rows.append(Row(say("only in {law}", lang, law=_law_called(law, lang)), say(told, lang, norms=titles)))
    for law in dict.fromkeys(laws):
        cited = dict.fromkeys(norm.source for norm in law.norms.values())
        sources = [(source if lang == "en" else law.all_sources[source].title, law.all_sources[source]) for source in cited]
        if told := "; ".join(f"{name} ({source.certainty})" for name, source in sources):
            rows.append(Row(say("figures of {law}", lang, law=_law_called(law, lang)), told))
    before, after = (_law_called(law, lang) for law in laws)
    title = say("What changes from {before} to {after}", lang, before=before, after=after)
    return [Section(title, tuple(rows)), *(_curve_compared(found, one, lang) for one in found.curves)]


@shows(Comparison)
def _comparison_shown(found: Comparison) -> list[Section]:
    return comparison_in_words(found, "en")


_Laws = tuple[Regulation, Regulation]


def _law_called(law: Regulation, lang: Lang) -> str:
    """A regulation by its id, under which it is known to the library; in Vietnamese by its number."""
    return law.id if lang == "en" else law.document


_KEYS: Final = {
    "per": "cap is per",
    "counted": "units are counted",
    "at_most": "units at most",
    "technology_line_cap": "cap for technology lines",
    "cap_factor": "factor of the cap",
    "holds": "numbers by this fact hold",
    "unexpressed": "clauses not expressed in the file",
    "technology_line_factor": "factor for technology lines",
    "is": "has to be",
    "values": "answers accepted",
    "norms": "asked for",
    "except": "not asked for",
    "changeable": "can be changed",
}
"""What the keys of a regulation file are called; the others, such as "cap" and "from", are words already."""


def _label(laws: _Laws, one: Difference, lang: Lang) -> str:
    """What differs: the norm by its title, the condition by its fact, and the key in words."""
    named = _titled(laws, one.id, lang) if one.kind == "norm" else one.id
    if lang == "vi" and one.kind == "regulation":
        named = laws[1].document
    if one.kind in ("condition", "variation"):
        asking = [(law, c) for law in reversed(laws) for c in (*law.all_conditions, *law.variations) if c.id == one.id]
        law, asked = next((law, c) for law, c in asking if isinstance(c, Variation) == (one.kind == "variation"))
        named = law.fact_columns[asked.fact].said[lang]
    return f"{named}, {say(_KEYS.get(one.field, one.field), lang)}"


def _titled(laws: _Laws, name: str, lang: Lang) -> str:
    """What a norm is called, in the later regulation where both have it."""
    return next((title_of(law, name, lang) for law in reversed(laws) if name in law.norms), name)


def _turned(laws: _Laws, one: Difference, lang: Lang) -> str:
    return " → ".join(_value_in_words(laws, one.field, value, lang) for value in (one.before, one.after))


def _value_in_words(laws: _Laws, field: str, value: Plain, lang: Lang) -> str:
    """A value of a regulation file as an officer would write it."""
    if value is None:
        return say("not asked" if field == "outcome" else "none", lang)
    if isinstance(value, tuple):
        return "; ".join(_word(laws, word, lang) if field == "values" else _titled(laws, word, lang) for word in value)
    if isinstance(value, bool) or (isinstance(value, str) and field == "outcome"):
        return value_name(value, lang)
    if isinstance(value, int):
        return grouped(value, lang) if field in ("at_most", "unexpressed") else figures(value, lang)
    if field in ("rate", "technology_line_factor", "cap_factor"):
        return value.replace(".", ",") if lang == "vi" else value
    if field in ("from", "until"):
        return day_in_words(date.fromisoformat(value), lang)
    if field == "province" and lang == "vi":
        return province_name(value)[lang]
    if field == "per":
        return unit_name(value)[lang]  # type: ignore[arg-type]  # as the file has it
    if field == "is":
        return say("one of those accepted" if value == "one of" else value, lang)
    known = {**laws[0].fact_columns, **laws[1].fact_columns}
    return fact_name(value, lang, known) if field == "fact" else value


def _word(laws: _Laws, word: str, lang: Lang) -> str:
    """What an answer is called that a condition accepts."""
    own = [column.named for law in laws for column in law.fact_columns.values() if word in column.named]
    return own[-1][word][lang] if own else value_name(word, lang) if word in VALUE_NAMES else word


def _curve_compared(found: Comparison, one: CurveComparison, lang: Lang) -> Section:
    ids = {"before": _law_called(found.before, lang), "after": _law_called(found.after, lang), "same": ""}
    rows = []
    for number, tile in enumerate(one.tiles):
        phrase = "{law} gives more" if number else "{law} gives at least as much"
        told = say("the same in both" if tile.at_least == "same" else phrase, lang, law=ids[tile.at_least])
        rows.append(Row(costs_in_words(tile.least_vnd, tile.most_vnd, lang), told, strong=True))
    before, after = (ids["before"], one.before), (ids["after"], one.after)
    for cost_vnd, (law, more), (other, less) in ((one.first_more_vnd, after, before), (one.first_less_vnd, before, after)):
        if cost_vnd is not None:
            told = "the least cost at which {law} gives more than {other}: {more} against {less}"
            amounts = _figures(lang, more=more.support(cost_vnd), less=less.support(cost_vnd))
            at = costs_in_words(cost_vnd, cost_vnd, lang)
            rows.append(Row(at, say(told, lang, law=law, other=other, **amounts)))
    return Section(say("One activity: {norm}", lang, norm=called(found.after, one.after, lang)), tuple(rows))


def impact_in_words(found: Impact, lang: Lang, files: Sequence[str] = ()) -> list[Section]:
    """The effect of another regulation on applications: sums, winners and losers, and each application with its reasons.

    `files` are the names of the files in which the applications stand, if they do; an application is called by its
    reference, or where that is missing or repeated by its file.
    """
    told = "{winners} gain, {losers} lose, {same} keep their maximum, {lacking} cannot be compared"
    same, lacking = found.compared - found.winners - found.losers, len(found.effects) - found.compared
    rows = [
        Row(say("Sum of the maxima", lang), _sums(found.before_vnd, found.after_vnd, lang), strong=True),
        Row(say("Sum of the assured amounts", lang), _sums(found.before_assured_vnd, found.after_assured_vnd, lang)),
        Row(" ", say(told, lang, winners=found.winners, losers=found.losers, same=same, lacking=lacking)),
    ]
    references = Counter(effect.application.reference for effect in found.effects)
    for number, effect in enumerate(found.effects):
        own = effect.application.reference
        file = files[number] if number < len(files) else str(number + 1)
        rows.append(Row(own if own and references[own] == 1 else file, _effect(effect, lang)))
    answers = [answer for effect in found.effects for answer in (effect.before, effect.after) if answer is not None]
    remarks = dict.fromkeys(note.text[lang] for answer in answers for note in answer.notes if note.id.startswith("other-"))
    rows += [Row(say("For comparison", lang), remark) for remark in remarks]
    return [Section(say("Effect on applications: {number}", lang, number=len(found.effects)), tuple(rows))]


@shows(Impact)
def _impact_shown(found: Impact) -> list[Section]:
    return impact_in_words(found, "en")


def _sums(before_vnd: int, after_vnd: int, lang: Lang) -> str:
    return f"{figures(before_vnd, lang)} → {figures(after_vnd, lang)} ({signed(after_vnd - before_vnd, lang)})"


def _effect(effect: Effect, lang: Lang) -> str:
    before, after = effect.before, effect.after
    if before is None or after is None:
        return say("not compared: one of the regulations has no norm {norms}", lang, norms=effect.lacking)
    told = _sums(before.maximum_vnd, after.maximum_vnd, lang)
    if effect.change_assured_vnd != effect.change_vnd:
        told += f"; {say('assured', lang)} {_sums(before.assured_vnd, after.assured_vnd, lang)}"
    verdicts = dict.fromkeys(value_name(answer.verdict, lang) for answer in (before, after))
    if len(verdicts) > 1 or after.verdict != Verdict.ELIGIBLE:
        told += f"; {' → '.join(verdicts)}"
    laws = before.regulation, after.regulation
    reasons = "; ".join(f"{_label(laws, one, lang)}: {_turned(laws, one, lang)}" for one in effect.reasons)
    return told + (say("; because of {reasons}", lang, reasons=reasons) if reasons else "")
