"""Tell: advice in words, in English or Vietnamese, as sections.

The decision taken here: as in an explanation, both languages fill the same places with the same values, and every figure
is read off a record or a curve.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice, zip_longest
from typing import Final

from kcgrant.advice.comparison import Comparison, CurveComparison, Difference, Effect, Impact, Plain
from kcgrant.advice.curve import Curve, Segment, Target
from kcgrant.advice.repairs import MOST_TOLD, Change, Repair, repairs, stuck, worth
from kcgrant.advice.routes import Advice, Ranking, Route
from kcgrant.application import Application, fact_name
from kcgrant.assessment.eligibility import Verdict
from kcgrant.assessment.explanation import (
    bound_by,
    failures,
    finding_in_words,
    in_figures_and_words,
    law_in_words,
    open_points,
    states,
    title_of,
)
from kcgrant.assessment.record import Assessment, Question
from kcgrant.language import NOT_ENTITLEMENT, Lang, day_in_words, figures, listed, say, value_name
from kcgrant.law.regulation import Regulation
from kcgrant.layout import Row, Section
from kcgrant.money import MOST_VND

# --- routes -----------------------------------------------------------------------------------------------------------


def advice_in_words(advice: Advice, lang: Lang, *, assumed: Collection[str] = ()) -> list[Section]:
    """Advice as sections: the best and the next, where that changes, each route, and what has to be shown.

    `assumed` names what was not given and taken instead: "on" for today, "province".

    Example:
        >>> from datetime import date
        >>> from kcgrant import Activity, Application, Establishment
        >>> from kcgrant.advice.routes import advise
        >>> someone = Establishment(name="An owner", province="hung-yen")
        >>> project = Activity(norm="advanced-machinery", cost_vnd=1_200_000_000, technology_line=True)
        >>> stated = Application(approved_on=date(2026, 3, 2), establishment=someone, activities=[project])
        >>> advice_in_words(advise(stated), "en")[0].rows[4].value
        'Advanced machinery and technology: at most VND 450,000,000 (four hundred fifty million dong)'
    """
    cost_vnd = advice.application.activities[0].cost_vnd
    parts = [
        Section(
            say("Which support for a project of {figures}?", lang, figures=figures(cost_vnd, lang)),
            tuple(_head(advice, lang, assumed)),
        )
    ]
    parts += _by_ranking(advice, _turns, _TURNS, lang)
    parts += _routes(advice, lang)
    parts.append(Section(say("What has to be shown", lang), tuple(_to_be_shown(advice, lang))))
    routes = [route for ranking in advice.rankings for route in ranking.routes]
    notes = {note.id: note for route in routes for note in route.assessment.notes}
    parts.append(
        Section(
            say("What is not known, and what to check", lang),
            tuple(Row(note.id, note.text[lang]) for note in notes.values()),
        )
    )
    return [part for part in parts if part.rows]


_TURNS: Final = {
    True: "Where the answer changes, for a technology line",
    False: "Where the answer changes, if it is no technology line",
    None: "Where the answer changes",
}
_BEST: Final = {True: "Best if it is a technology line", False: "Best if it is not", None: "Best"}


def _by_ranking(
    advice: Advice,
    told: Callable[[Advice, Ranking, Lang], Iterator[Row]],
    titles: Mapping[bool | None, str],
    lang: Lang,
) -> list[Section]:
    """What is told of each ranking; once only where it is the same for a technology line and for none."""
    found = [tuple(told(advice, ranking, lang)) for ranking in advice.rankings]
    if len(set(found)) == 1:
        return [Section(say(titles[None], lang), found[0])]
    lines = [ranking.technology_line for ranking in advice.rankings]
    return [Section(say(titles[line], lang), rows) for line, rows in zip(lines, found, strict=True)]


def _head(advice: Advice, lang: Lang, assumed: Collection[str]) -> Iterator[Row]:
    law, stated = advice.regulation, advice.application
    place = stated.establishment.province
    yield Row(say("Establishment", lang), stated.establishment.name)
    yield Row(
        say("Province", lang),
        say("{place} (taken, since no other was given)", lang, place=place) if "province" in assumed else place,
    )
    day = day_in_words(stated.approved_on, lang)
    yield Row(
        say("Plan approved on", lang),
        say("{day} (today, since no day was given)", lang, day=day) if "on" in assumed else day,
    )
    yield Row(say("Law applied", lang), law_in_words(law))
    for part in _by_ranking(advice, _offers, _BEST, lang):
        yield part.rows[0]._replace(label=part.title)
        yield from part.rows[1:]
    if not stated.prior_support:
        yield Row(say("Earlier support", lang), say("none stated, counted as none", lang))
    if max(len(_paying(ranking)) for ranking in advice.rankings) > 1:
        yield Row(
            say("Alternatives", lang),
            say("One and the same cost is supported once: choose one of these; their amounts do not add up.", lang),
        )
    yield Row("", say(NOT_ENTITLEMENT, lang))


def _paying(ranking: Ranking) -> list[Route]:
    """The routes that give anything."""
    return [route for route in ranking.routes if route.assessment.maximum_vnd]


def _offers(advice: Advice, ranking: Ranking, lang: Lang) -> Iterator[Row]:
    """The best routes with what has to be shown for them and what to mind, then the next; or what would open one."""
    law, routes = advice.regulation, _paying(ranking)
    if not routes:
        yield Row("", say("none as it stands", lang), strong=True)
        mended = [route for route in ranking.routes if route.mended and route.mended.after.maximum_vnd]
        for route in sorted(mended, key=lambda route: -(route.mended.after.maximum_vnd if route.mended else 0)):
            if route.mended:
                told = f"{title_of(law, route.norm, lang)}: {mended_in_words(route.mended, lang)}"
                yield Row(say("If mended", lang), told, strong=True)
    for place, rank in enumerate(sorted({route.rank for route in routes})[:2]):
        these = [route for route in routes if route.rank == rank]
        norms = "; ".join(title_of(law, route.norm, lang) for route in these)
        amount_vnd = these[0].assessment.maximum_vnd
        amount = in_figures_and_words(amount_vnd, lang)
        offer = say(
            "{norms}: at most {figures} each" if len(these) > 1 else "{norms}: at most {figures}",
            lang,
            norms=norms,
            figures=amount,
        )
        yield Row(say("Next", lang) if place else "", offer, strong=not place)
        if not place:
            yield from (
                Row(say("To be shown", lang), _shown_for(law, route, lang, alone=len(these) == 1)) for route in these
            )
            yield from (Row(say("Mind", lang), text) for route in these for text in _minded(law, route.norm, lang))


def _shown_for(law: Regulation, route: Route, lang: Lang, *, alone: bool) -> str:
    """The facts that are still to be shown for a route."""
    named = dict.fromkeys(fact_name(question.fact, lang) for question in route.assessment.questions)
    facts = "; ".join(named) or say("nothing more", lang)
    return facts if alone else f"{title_of(law, route.norm, lang)}: {facts}"


def _minded(law: Regulation, norm: str, lang: Lang) -> list[str]:
    """How the law is read for this norm and not for all, such as which costs it counts."""
    readings = (*law.readings, *(law.framework.readings if law.framework else ()))
    own = [one for one in readings if norm in (one.norms or ()) or (one.about == "rate-less" == _shape(law, norm))]
    return [reading.text[lang] for reading in own]


def _shape(law: Regulation, norm: str) -> str | None:
    return "rate-less" if law.norms[norm].rate is None else None


def _turns(advice: Advice, ranking: Ranking, lang: Lang) -> Iterator[Row]:
    cost_vnd = advice.application.activities[0].cost_vnd
    for number, segment in enumerate(ranking.segments):
        norm = title_of(advice.regulation, segment.curve.id, lang)
        text = say("{norm}: at least as much as any other", lang, norm=norm)
        if number:
            text += say(
                ", and more than {norm}", lang, norm=title_of(advice.regulation, ranking.segments[number - 1].curve.id, lang)
            )
        here = segment.least_vnd <= cost_vnd <= segment.most_vnd
        yield Row(costs_in_words(segment, lang), text + (say(" ← this project", lang) if here else ""), strong=here)


def costs_in_words(span: Segment | Target, lang: Lang) -> str:
    """From which cost to which, in words."""
    least, most = figures(span.least_vnd or 1, lang), figures(span.most_vnd or MOST_VND, lang)
    if span.most_vnd == MOST_VND:
        return say("any cost", lang) if span.least_vnd == 1 else say("cost from {least}", lang, least=least)
    if span.least_vnd == span.most_vnd:
        return say("cost of {least}", lang, least=least)
    return (
        say("cost up to {most}", lang, most=most)
        if span.least_vnd == 1
        else say("cost from {least} to {most}", lang, least=least, most=most)
    )


def _routes(advice: Advice, lang: Lang) -> Iterator[Section]:
    """A section for each norm, in the order of the best that it may give."""
    found: dict[str, list[tuple[Ranking, Route]]] = {}
    for ranking in advice.rankings:
        for route in ranking.routes:
            found.setdefault(route.norm, []).append((ranking, route))
    for some in sorted(found.values(), key=lambda some: -max(route.assessment.maximum_vnd for _, route in some)):
        law, name = advice.regulation, some[0][1].norm
        title = f"{title_of(law, name, lang)} ({name})"
        yield Section(title, tuple(_route(advice, some, lang)))


def _to_be_shown(advice: Advice, lang: Lang) -> Iterator[Row]:
    """Every open question once, with the answers that meet its condition."""
    if len(advice.rankings) > 1:
        yield Row("", say("whether it is a technology line: that decides between the two rankings above", lang))
    routes = [route for ranking in advice.rankings for route in ranking.routes]
    for number, question in enumerate(advice.questions, 1):
        asking = next(route.assessment for route in routes if question in route.assessment.questions)
        yield from (row._replace(label=f"{number}.") for row in open_points(asking, [question], lang))


def _route(advice: Advice, some: Sequence[tuple[Ranking, Route]], lang: Lang) -> Iterator[Row]:
    law, first = advice.regulation, some[0][1]
    told: dict[str, str] = {}
    for ranking, route in some:
        label = "Support at most"
        if ranking.technology_line is not None and len(advice.rankings) > 1:
            label = "If a technology line" if ranking.technology_line else "If not"
        told[say(label, lang)] = _support(law, route, lang)
    if len(set(told.values())) == 1:
        told = {say("Support at most", lang): next(iter(told.values()))}
    yield from (Row(label, value, strong=True) for label, value in told.items())
    yield Row(say("The law", lang), states(law, law.norms[first.norm], lang))
    yield from (Row(say("Mind", lang), text) for text in _minded(law, first.norm, lang))
    if first.assessment.questions:
        yield Row(say("To be shown", lang), _shown_for(law, first, lang, alone=True))
    yield from (Row(say("Not open", lang), row.value) for row in failures(first.assessment, lang))
    if first.mended:
        yield Row(say("If mended", lang), mended_in_words(first.mended, lang))


def _support(law: Regulation, route: Route, lang: Lang) -> str:
    """What a route gives, which limit binds, what the applicant pays itself, and from which cost the cap is reached."""
    option, curve = route.assessment.lines[0].chosen, route.curve
    if option is None:
        return figures(0, lang)
    text = bound_by(option, law.norms[route.norm], lang)
    if option.prior_vnd:
        amounts = {"prior": option.prior_vnd, "cap": option.cap_vnd, "left": option.cap_left_vnd}
        text += say(
            "; earlier support of {prior} is deducted from the cap of {cap}, {left} is left",
            lang,
            **{name: figures(amount, lang) for name, amount in amounts.items()},
        )
    text += say("; own share at least {figures}", lang, figures=figures(route.own_share_vnd, lang))
    if curve.limit_vnd and curve.reached_from_vnd <= MOST_VND:
        reached = figures(curve.reached_from_vnd, lang)
        text += say(
            "; what is left of the cap is reached from a cost of {figures}"
            if option.prior_vnd
            else "; the cap is reached from a cost of {figures}",
            lang,
            figures=reached,
        )
    return text


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
        cost from VND 600,000,000
        cost from VND 600,000,000 to VND 600,000,001
    """
    targets = [(curve, curve.costs_for(wanted_vnd)) for curve in found]
    targets.sort(key=lambda pair: pair[1].least_vnd or MOST_VND + 1)
    day = day_in_words(on, lang)
    head = [
        Row(
            say("Plan approved on", lang),
            say("{day} (today, since no day was given)", lang, day=day) if "on" in assumed else day,
        ),
        Row(say("Law applied", lang), law_in_words(law)),
    ]
    rows = [_target(law, curve, target, lang) for curve, target in targets]
    notes = [Row(note.id, note.text[lang]) for note in law.all_notes]
    title = say("Which cost yields a support of {figures}?", lang, figures=figures(wanted_vnd, lang))
    last = [
        Row(
            "", say("This holds for one activity that meets every condition, with no earlier support under the norm.", lang)
        ),
        Row("", say(NOT_ENTITLEMENT, lang)),
    ]
    return [Section(title, (*head, *rows, *last)), Section(say("What is not known, and what to check", lang), tuple(notes))]


def called(law: Regulation, curve: Curve, lang: Lang) -> str:
    """What a curve is called: the title of its norm, and whether it is that of technology lines."""
    title = title_of(law, curve.id, lang)
    return say("{norm}, technology line", lang, norm=title) if curve.technology_lines else title


def _target(law: Regulation, curve: Curve, target: Target, lang: Lang) -> Row:
    """From which cost to which a curve yields the support, or why none does."""
    norm = called(law, curve, lang)
    if target.least_vnd is not None and target.own_share_vnd is not None:
        told = say("{norm}; own share from {own}", lang, norm=norm, own=figures(target.own_share_vnd, lang))
        return Row(costs_in_words(target, lang), told, strong=True)
    below, above = figures(target.below_vnd or 0, lang), figures(target.above_vnd or 0, lang)
    phrase = "{norm}: the nearest are {below} and {above}"
    if target.above_vnd is None or target.below_vnd is None:
        phrase = "{norm}: the most is {below}" if target.above_vnd is None else "{norm}: the least is {above}"
    return Row(say("no cost", lang), say(phrase, lang, norm=norm, below=below, above=above))


def signed(amount_vnd: int, lang: Lang) -> str:
    """An amount with its sign, for what is gained or lost."""
    return ("+" if amount_vnd >= 0 else "−") + figures(abs(amount_vnd), lang)


def repairs_in_words(assessment: Assessment, lang: Lang) -> list[Section]:
    """What would make an application eligible, what cannot be changed, and what each open answer is worth."""
    proposals = [
        Row(say("Proposal {number}", lang, number=number), repair_in_words(repair, lang))
        for number, repair in enumerate(repairs(assessment), 1)
    ]
    fixed = [Row(say("Cannot be changed", lang), finding_in_words(finding, lang)) for finding in stuck(assessment)]
    asked = assessment.questions
    worths = [row for question in islice(asked, MOST_TOLD) for row in _worth(assessment, question, lang)]
    if len(asked) > MOST_TOLD:
        worths.append(Row("", say("… and {number} more questions", lang, number=len(asked) - MOST_TOLD)))
    least, most = figures(assessment.assured_vnd, lang), figures(assessment.maximum_vnd, lang)
    amounts = most if least == most else say("{least} to {most}", lang, least=least, most=most)
    now = Row(say("Now", lang), f"{value_name(assessment.verdict, lang)}; {amounts}", strong=True)
    parts = [
        Section(say("What would make it eligible", lang), (now, *proposals, *fixed)),
        Section(say("What each answer is worth", lang), tuple(worths)),
    ]
    return [part for part in parts if part.rows]


def repair_in_words(repair: Repair, lang: Lang) -> str:
    """A proposal in one sentence: what is to be done, and what the record says then."""
    done = [_change(change, lang) for change in repair.changes[:MOST_TOLD]]
    if len(repair.changes) > MOST_TOLD:
        done.append(say("and {number} more changes", lang, number=len(repair.changes) - MOST_TOLD))
    if repair.left_out:
        done.append(say("leave out activity {numbers}", lang, numbers=listed(str(index + 1) for index in repair.left_out)))
    if repair.lost:
        done.append(
            say(
                "activity {numbers} is then no longer eligible",
                lang,
                numbers=listed(str(index + 1) for index in repair.lost),
            )
        )
    return say(
        "{changes}. Then: {verdict}; maximum {maximum} ({gain}), assured {assured} ({surely})",
        lang,
        changes="; ".join(done),
        verdict=value_name(repair.after.verdict, lang),
        maximum=figures(repair.after.maximum_vnd, lang),
        gain=signed(repair.gain_vnd, lang),
        assured=figures(repair.after.assured_vnd, lang),
        surely=signed(repair.gain_assured_vnd, lang),
    )


def _change(change: Change, lang: Lang) -> str:
    values = _answers(change.answers, lang)
    phrase = "change: {fact}, from {given} to {values}"
    if not change.changeable:
        phrase = "change, if it can be changed, which is not known: {fact}, from {given} to {values}"
    if change.given is None:
        phrase = "answer: {fact} = {values}"
    given = value_name(change.given, lang)
    text = say(phrase, lang, fact=fact_name(change.fact, lang), given=given, values=values)
    return text if change.index is None else say("activity {number}, {text}", lang, number=change.index + 1, text=text)


def _answers(answers: Sequence[str | bool], lang: Lang) -> str:
    """Answers in words, the first three of them where there are many."""
    few = answers[:3] if len(answers) > 3 else answers
    return say(" or ", lang).join(value_name(value, lang) for value in few) + (" …" if len(answers) > 3 else "")


def mended_in_words(repair: Repair, lang: Lang) -> str:
    """A proposal in short: what it would give, what has to change, and how many answers are open besides."""
    changes = [_change(change, lang) for change in repair.changes if change.given is not None]
    still = sum(change.given is None for change in repair.changes)
    told = say(
        "at most {figures} after this {changes}",
        lang,
        figures=figures(repair.after.maximum_vnd, lang),
        changes="; ".join(changes),
    )
    return told + (say("; answers open besides: {number}", lang, number=still) if still else "")


def _worth(assessment: Assessment, question: Question, lang: Lang) -> Iterator[Row]:
    label = fact_name(question.fact, lang)
    number = question.activity if question.prior_support is None else question.prior_support
    if number is not None:
        label = f"{label} ({number + 1})"
    for outcome in worth(assessment, question):
        after = outcome.after
        values = _answers(outcome.answers, lang)
        least, most = figures(after.assured_vnd, lang), figures(after.maximum_vnd, lang)
        amounts = most if least == most else say("{least} to {most}", lang, least=least, most=most)
        yield Row(label, f"{values}: {amounts}, {value_name(after.verdict, lang)}")
        label = " "  # not empty, so that the answers stand under one another


def one_project_only(stated: Application, lang: Lang) -> Section:
    """The head for an application of several activities, for which no routes are compared."""
    rows = (
        Row(say("Establishment", lang), stated.establishment.name),
        Row(
            "",
            say(
                "{number} activities: kinds of support are compared for one project only, an application of one activity.",
                lang,
                number=len(stated.activities),
            ),
        ),
        Row("", say(NOT_ENTITLEMENT, lang)),
    )
    return Section(f"{say('Application', lang)} {stated.reference or ''}".rstrip(), rows)


def comparison_in_words(found: Comparison, lang: Lang) -> list[Section]:
    """What differs between two regulations, and what one activity receives under either, as sections."""
    laws = found.before, found.after
    rows = [Row(_label(laws, one, lang), _turned(laws, one, lang), one.kind == "norm") for one in found.differences]
    for law, names in ((found.before, found.only_before), (found.after, found.only_after)):
        if names:
            titles = "; ".join(title_of(law, name, lang) for name in names)
            rows.append(
                Row(
                    say("only in {law}", lang, law=law.id),
                    say(
                        "{norms}; that the other has no such norm here does not mean that it grants nothing",
                        lang,
                        norms=titles,
                    ),
                )
            )
    if not found.differences:
        rows.insert(0, Row(say("Numbers and conditions", lang), say("the same in both", lang)))
    for law in dict.fromkeys(laws):
        cited = {norm.source: law.all_sources[norm.source].certainty for norm in law.norms.values()}
        told = "; ".join(f"{source} ({certainty})" for source, certainty in cited.items())
        rows += [Row(say("figures of {law}", lang, law=law.id), told)] if told else []
    title = say("What changes from {before} to {after}", lang, before=found.before.id, after=found.after.id)
    return [Section(title, tuple(rows)), *(_curve_compared(found, one, lang) for one in found.curves)]


_Laws = tuple[Regulation, Regulation]
_KEYS: Final = {
    "rate": "rate",
    "cap": "cap",
    "per": "cap is per",
    "technology_line_factor": "factor for technology lines",
    "province": "province",
    "framework": "framework",
    "from": "from",
    "until": "until",
    "fact": "fact",
    "is": "has to be",
    "values": "answers accepted",
    "norms": "asked for",
    "except": "not asked for",
    "changeable": "can be changed",
    "outcome": "outcome",
}
"""What the keys of a regulation file are called."""


def _label(laws: _Laws, one: Difference, lang: Lang) -> str:
    """What differs: the norm by its title, the condition by its fact, and the key in words."""
    called = one.id
    for law in laws:
        if one.kind == "norm" and one.id in law.norms:
            called = title_of(law, one.id, lang)
        facts = [c.fact for c in law.all_conditions if c.id == one.id]
        if one.kind == "condition" and facts:
            called = fact_name(facts[0], lang)
    return f"{called}, {say(_KEYS[one.field], lang)}"


def _turned(laws: _Laws, one: Difference, lang: Lang) -> str:
    before, after = _value_in_words(laws, one, one.before, lang), _value_in_words(laws, one, one.after, lang)
    return f"{before} → {after}"


def _value_in_words(laws: _Laws, one: Difference, value: Plain, lang: Lang) -> str:
    """A value of a regulation file as an officer would write it."""
    if value is None:
        return say("not asked" if one.field == "outcome" else "none", lang)
    if isinstance(value, bool):
        return value_name(value, lang)
    if isinstance(value, int):
        return figures(value, lang)
    if isinstance(value, tuple):
        return "; ".join(value_name(word, lang) if one.field == "values" else _titled(laws, word, lang) for word in value)
    if one.field in ("rate", "technology_line_factor"):
        return value.replace(".", ",") if lang == "vi" else value
    if one.field in ("from", "until"):
        return day_in_words(date.fromisoformat(value), lang)
    if one.field == "fact":
        return fact_name(value, lang)
    if one.field == "outcome":
        return value_name(value, lang)
    if one.field == "is":
        return say("one of those accepted" if value == "one of" else value, lang)
    return say(value, lang) if one.field == "per" else value


def _titled(laws: _Laws, name: str, lang: Lang) -> str:
    return next((title_of(law, name, lang) for law in laws if name in law.norms), name)


def _curve_compared(found: Comparison, one: CurveComparison, lang: Lang) -> Section:
    before, after = found.before.id, found.after.id
    rows = []
    for number, tile in enumerate(one.tiles):
        law = {"before": before, "after": after, "same": ""}[tile.at_least]
        phrase = "{law} gives more" if number else "{law} gives at least as much"
        if tile.at_least == "same":
            phrase = "the same in both"
        costs = costs_in_words(Segment(tile.least_vnd, tile.most_vnd, one.after), lang)
        rows.append(Row(costs, say(phrase, lang, law=law), strong=True))
    for cost_vnd, law, other, more, less in (
        (one.first_more_vnd, after, before, one.after, one.before),
        (one.first_less_vnd, before, after, one.before, one.after),
    ):
        if cost_vnd is not None:
            amounts = {"more": figures(more.support(cost_vnd), lang), "less": figures(less.support(cost_vnd), lang)}
            at = say("cost of {cost}", lang, cost=figures(cost_vnd, lang))
            rows.append(
                Row(
                    at,
                    say(
                        "the least cost at which {law} gives more than {other}: {more} against {less}",
                        lang,
                        law=law,
                        other=other,
                        **amounts,
                    ),
                )
            )
    return Section(say("One activity: {norm}", lang, norm=called(found.after, one.after, lang)), tuple(rows))


def impact_in_words(found: Impact, lang: Lang, files: Sequence[str] = ()) -> list[Section]:
    """The effect of another regulation on applications: sums, winners and losers, and each application with its reasons.

    `files` are the names of the files in which the applications stand, if they do; an application is called by its
    reference, or where that is missing or repeated by its file.
    """
    rows = [
        Row(say("Sum of the maxima", lang), _sums(found.before_vnd, found.after_vnd, lang), strong=True),
        Row(say("Sum of the assured amounts", lang), _sums(found.before_assured_vnd, found.after_assured_vnd, lang)),
    ]
    same = found.compared - found.winners - found.losers
    counts = {"winners": found.winners, "losers": found.losers, "same": same}
    references = Counter(effect.application.reference for effect in found.effects)
    rows.append(
        Row(
            " ",
            say(
                "{winners} gain, {losers} lose, {same} keep their maximum, {lacking} cannot be compared",
                lang,
                **counts,
                lacking=len(found.effects) - found.compared,
            ),
        )
    )
    for number, (effect, file) in enumerate(zip_longest(found.effects, files, fillvalue=""), 1):
        if isinstance(effect, Effect):
            own = effect.application.reference
            called = own if own and references[own] == 1 else str(file or number)
            rows.append(Row(called, _effect(effect, lang)))
    answers = [answer for effect in found.effects for answer in (effect.before, effect.after) if answer is not None]
    remarks = dict.fromkeys(note.text[lang] for answer in answers for note in answer.notes if note.id.startswith("other-"))
    rows += [Row(say("For comparison", lang), remark) for remark in remarks]
    return [Section(say("Effect on applications: {number}", lang, number=len(found.effects)), tuple(rows))]


def _sums(before_vnd: int, after_vnd: int, lang: Lang) -> str:
    change = signed(after_vnd - before_vnd, lang)
    return f"{figures(before_vnd, lang)} → {figures(after_vnd, lang)} ({change})"


def _effect(effect: Effect, lang: Lang) -> str:
    if effect.before is None or effect.after is None:
        return say("not compared: one of the regulations has no norm {norms}", lang, norms=", ".join(effect.lacking))
    told = _sums(effect.before.maximum_vnd, effect.after.maximum_vnd, lang)
    if effect.change_assured_vnd != effect.change_vnd:
        told += f"; {say('assured', lang)} {_sums(effect.before.assured_vnd, effect.after.assured_vnd, lang)}"
    verdicts = dict.fromkeys(value_name(answer.verdict, lang) for answer in (effect.before, effect.after))
    if len(verdicts) > 1 or effect.after.verdict != Verdict.ELIGIBLE:
        told += f"; {' → '.join(verdicts)}"
    laws = effect.before.regulation, effect.after.regulation
    reasons = [f"{_label(laws, one, lang)}: {_turned(laws, one, lang)}" for one in effect.reasons]
    return told + (say("; because of {reasons}", lang, reasons="; ".join(reasons)) if reasons else "")
