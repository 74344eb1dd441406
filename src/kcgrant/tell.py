"""Tell: advice in words, in English or Vietnamese, as sections.

The decision taken here: as in an explanation, both languages fill the same places with the same values, and every figure
is read off a record or a curve.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from kcgrant.advise import Advice, Ranking, Route
from kcgrant.curve import Curve, Segment, Target
from kcgrant.errors import Lang
from kcgrant.explain import bound_by, failures, in_figures_and_words, law_in_words, open_points, states, title_of
from kcgrant.layout import Row, Section
from kcgrant.mend import mended_in_words
from kcgrant.money import MOST_VND, figures
from kcgrant.regulation import Regulation
from kcgrant.wording import NOT_ENTITLEMENT, fact_name, say


def day_in_words(on: date, lang: Lang) -> str:
    """A day as it is written in the language."""
    return f"{on:%d/%m/%Y}" if lang == "vi" else f"{on:%Y-%m-%d}"


# --- routes -----------------------------------------------------------------------------------------------------------


def advice_in_words(advice: Advice, lang: Lang, *, assumed: Collection[str] = ()) -> list[Section]:
    """Advice as sections: the best and the next, where that changes, each route, and what has to be shown.

    `assumed` names what was not given and taken instead: "on" for today, "province".

    Example:
        >>> from datetime import date
        >>> from kcgrant import Activity, Application, Establishment
        >>> from kcgrant.advise import advise
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
        >>> from kcgrant.curve import curves
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
