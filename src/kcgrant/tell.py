"""Tell: advice and repairs in words, in English or Vietnamese, as sections.

The decision taken here: as in an explanation, both languages fill the same places with the same values, and every figure
is read off a record or a curve.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Final

from kcgrant.advise import Advice, Ranking, Route
from kcgrant.application import FACTS
from kcgrant.curve import Curve, Segment, Target
from kcgrant.errors import Lang
from kcgrant.explain import bound_by, failures, finding_in_words, open_points, states, title_of
from kcgrant.layout import Row, Section
from kcgrant.money import MOST_VND, figures, words
from kcgrant.record import Assessment, Question
from kcgrant.regulation import Regulation
from kcgrant.repairs import Change, Repair, repairs, stuck, worth
from kcgrant.wording import both, fact_name, say, value_name

MOST_TOLD: Final = 20  # questions whose answers are told one by one, as of faults

PHRASES: Final = both(
    {
        # routes
        "which": ("Which support for a project of {figures}?", "Dự án {figures} nên đề nghị nội dung hỗ trợ nào?"),
        "today": ("{day} (today, since no day was given)", "{day} (hôm nay, vì chưa nêu ngày)"),
        "best": ("Best", "Có lợi nhất"),
        "best_if_line": ("Best if it is a technology line", "Có lợi nhất nếu là dây chuyền công nghệ"),
        "best_if_not": ("Best if it is not", "Có lợi nhất nếu không phải"),
        "next": ("Next", "Tiếp theo"),
        "offer": ("{norms}: at most {figures}", "{norms}: tối đa {figures}"),
        "offer_each": ("{norms}: at most {figures} each", "{norms}: mỗi nội dung tối đa {figures}"),
        "none_open": ("none: no kind of support is open to this project", "không có nội dung hỗ trợ nào phù hợp"),
        "what_is_best": ("{norm}: at least as much as any other", "{norm} bằng hoặc cao hơn mọi nội dung khác"),
        "overtakes": (", and more than {norm}", ", và cao hơn {norm}"),
        "provided": ("Provided", "Với điều kiện"),
        "provided_value": (
            "what has to be shown, below, is shown: {number} answers are open",
            "chứng minh được các nội dung nêu dưới đây: còn {number} điểm chưa nêu",
        ),
        "alternatives": ("Alternatives", "Chỉ chọn một"),
        "alternatives_value": (
            "One and the same cost is supported once: choose one of these; their amounts do not add up.",
            "Cùng một khoản chi phí chỉ được hỗ trợ một lần: hãy chọn một nội dung; không cộng các mức này với nhau.",
        ),
        "prior_none": ("Earlier support", "Hỗ trợ trước đây"),
        "turns": ("Where the answer changes", "Khi nào lựa chọn thay đổi"),
        "turns_if_line": (
            "Where the answer changes, for a technology line",
            "Khi nào lựa chọn thay đổi (dây chuyền công nghệ)",
        ),
        "turns_if_not": (
            "Where the answer changes, if it is no technology line",
            "Khi nào lựa chọn thay đổi (không phải dây chuyền công nghệ)",
        ),
        "here": (" ← this project", " ← dự án này"),
        "up_to": ("cost up to {most}", "chi phí đến {most}"),
        "from": ("cost from {least}", "chi phí từ {least}"),
        "between": ("cost from {least} to {most}", "chi phí từ {least} đến {most}"),
        "any": ("any cost", "mọi mức chi phí"),
        "route": ("{rank}. {norm} ({id})", "{rank}. {norm} ({id})"),
        "if_line": ("If a technology line", "Nếu là dây chuyền công nghệ"),
        "if_not": ("If not", "Nếu không phải"),
        "own_share": ("; own share at least {figures}", "; vốn đối ứng ít nhất {figures}"),
        "cap_reached": ("; the cap is reached from a cost of {figures}", "; đạt mức trần từ chi phí {figures}"),
        "not_open": ("Not open", "Không phù hợp"),
        "show": ("To be shown", "Cần chứng minh"),
        "show_all": ("What has to be shown", "Những điều cần chứng minh"),
        "numbers": ("numbers {numbers} below", "các mục {numbers} dưới đây"),
        "decides": (
            "whether it is a technology line: that decides between the two rankings above",
            "có phải dây chuyền công nghệ hay không: điều này quyết định chọn theo bảng nào ở trên",
        ),
        # a wanted support
        "wanted": ("Which cost yields a support of {figures}?", "Chi phí bao nhiêu thì được hỗ trợ {figures}?"),
        "is_line": ("{norm}, technology line", "{norm}, dây chuyền công nghệ"),
        "costs": ("{costs}; own share from {own}", "{costs}; vốn đối ứng từ {own}"),
        "beyond": ("no cost: the most is {below}", "không mức chi phí nào: tối đa là {below}"),
        "gap": ("no cost; the nearest are {below} and {above}", "không mức chi phí nào; gần nhất là {below} và {above}"),
        "gap_first": ("no cost; the least is {above}", "không mức chi phí nào; ít nhất là {above}"),
        # repairs
        "repairs": ("What would make it eligible", "Làm thế nào để đủ điều kiện"),
        "now": ("Now", "Hiện nay"),
        "now_value": ("{verdict}; {amounts}", "{verdict}; {amounts}"),
        "repair": ("Proposal {number}", "Phương án {number}"),
        "answer": ("answer: {fact} = {values}", "làm rõ: {fact} = {values}"),
        "change": ("change: {fact}, from {given} to {values}", "khắc phục: {fact}, từ {given} thành {values}"),
        "change_open": (
            "change, if it can be changed, which is not known: {fact}, from {given} to {values}",
            "khắc phục nếu có thể (chưa rõ): {fact}, từ {given} thành {values}",
        ),
        "of_activity": ("activity {number}, {text}", "hạng mục {number}, {text}"),
        "leave_out": ("leave out activity {numbers}", "bỏ hạng mục {numbers} khỏi hồ sơ"),
        "or": (" or ", " hoặc "),
        "worth": (
            "{changes}. Then: {verdict}; maximum {maximum} ({gain}), assured {assured} ({surely})",
            "{changes}. Khi đó: {verdict}; tối đa {maximum} ({gain}), chắc chắn {assured} ({surely})",
        ),
        "stuck": ("Cannot be changed", "Không thể thay đổi"),
        "worths": ("What each answer is worth", "Mỗi câu trả lời làm thay đổi bao nhiêu"),
        "outcome": ("{values}: {amounts}, {verdict}", "{values}: {amounts}, {verdict}"),
        "interval": ("{least} to {most}", "từ {least} đến {most}"),
        "more_questions": ("… and {number} more questions", "… và {number} câu hỏi nữa"),
    }
)


def _say(phrase: str, lang: Lang, **values: object) -> str:
    return PHRASES[phrase][lang].format(**values)


def day_in_words(on: date, lang: Lang) -> str:
    """A day as it is written in the language."""
    return f"{on:%d/%m/%Y}" if lang == "vi" else f"{on:%Y-%m-%d}"


def signed(amount_vnd: int, lang: Lang) -> str:
    """An amount with its sign, for what is gained or lost."""
    return ("+" if amount_vnd >= 0 else "−") + figures(abs(amount_vnd), lang)


# --- routes -----------------------------------------------------------------------------------------------------------


def advice_in_words(advice: Advice, lang: Lang, *, today: bool = False) -> list[Section]:
    """Advice as sections: the best and the next, where that changes, each route, and what has to be shown for all.

    `today` says that the day of approval was not given and today was taken.

    Example:
        >>> from datetime import date
        >>> from kcgrant import Activity, Application, Establishment
        >>> from kcgrant.advise import advise
        >>> someone = Establishment(name="An owner", province="hung-yen")
        >>> project = Activity(norm="advanced-machinery", cost_vnd=1_200_000_000, technology_line=True)
        >>> stated = Application(approved_on=date(2026, 3, 2), establishment=someone, activities=[project])
        >>> advice_in_words(advise(stated), "en")[0].rows[3].value
        'Advanced machinery and technology: at most VND 450,000,000 (four hundred fifty million dong)'
    """
    cost_vnd = advice.application.activities[0].cost_vnd
    parts = [Section(_say("which", lang, figures=figures(cost_vnd, lang)), tuple(_head(advice, lang, today=today)))]
    for ranking in advice.rankings:
        title = {True: "turns_if_line", False: "turns_if_not", None: "turns"}[ranking.technology_line]
        one = len(advice.rankings) == 1
        parts.append(Section(_say("turns" if one else title, lang), tuple(_turns(advice, ranking, lang))))
    parts += _routes(advice, lang)
    parts.append(Section(_say("show_all", lang), tuple(_to_be_shown(advice, lang))))
    notes = advice.rankings[0].routes[0].assessment.notes
    parts.append(Section(say("notes", lang), tuple(Row(note.id, note.text[lang]) for note in notes)))
    return [part for part in parts if part.rows]


def _head(advice: Advice, lang: Lang, *, today: bool) -> Iterator[Row]:
    law, stated = advice.regulation, advice.application
    yield Row(say("establishment", lang), stated.establishment.name)
    day = day_in_words(stated.approved_on, lang)
    yield Row(say("approved_on", lang), _say("today", lang, day=day) if today else day)
    yield Row(say("law", lang), say("law_value", lang, document=law.document, id=law.id, digest=law.digest[:12]))
    for ranking in advice.rankings:
        line = None if len(advice.rankings) == 1 else ranking.technology_line
        yield from _offers(law, ranking, {True: "best_if_line", False: "best_if_not", None: "best"}[line], lang)
    if advice.questions:
        yield Row(_say("provided", lang), _say("provided_value", lang, number=len(advice.questions)))
    if not stated.prior_support:
        yield Row(_say("prior_none", lang), say("no_prior", lang))
    yield Row(_say("alternatives", lang), _say("alternatives_value", lang))
    yield Row("", say("not_entitlement", lang))


def _offers(law: Regulation, ranking: Ranking, label: str, lang: Lang) -> Iterator[Row]:
    """The best routes, and the next ones, that are open."""
    routes = [route for route in ranking.routes if route.open]
    if not routes:
        yield Row(_say(label, lang), _say("none_open", lang), strong=True)
    for title, rank in zip((label, "next"), sorted({route.rank for route in routes}), strict=False):
        these = [route for route in routes if route.rank == rank]
        norms = ", ".join(title_of(law, route.norm, lang) for route in these)
        amount_vnd = these[0].assessment.maximum_vnd
        amount = say("amount", lang, figures=figures(amount_vnd, lang), words=words(amount_vnd, lang))
        offer = _say("offer_each" if len(these) > 1 else "offer", lang, norms=norms, figures=amount)
        yield Row(_say(title, lang), offer, strong=title != "next")


def _turns(advice: Advice, ranking: Ranking, lang: Lang) -> Iterator[Row]:
    cost_vnd = advice.application.activities[0].cost_vnd
    for number, segment in enumerate(ranking.segments):
        norm = title_of(advice.regulation, segment.curve.id, lang)
        text = _say("what_is_best", lang, norm=norm)
        if number:
            text += _say("overtakes", lang, norm=title_of(advice.regulation, ranking.segments[number - 1].curve.id, lang))
        here = segment.least_vnd <= cost_vnd <= segment.most_vnd
        yield Row(costs_in_words(segment, lang), text + (_say("here", lang) if here else ""), strong=here)


def costs_in_words(span: Segment | Target, lang: Lang) -> str:
    """From which cost to which, in words."""
    least, most = figures(span.least_vnd or 1, lang), figures(span.most_vnd or MOST_VND, lang)
    if span.most_vnd == MOST_VND:
        return _say("any", lang) if span.least_vnd == 1 else _say("from", lang, least=least)
    return _say("up_to", lang, most=most) if span.least_vnd == 1 else _say("between", lang, least=least, most=most)


def _routes(advice: Advice, lang: Lang) -> Iterator[Section]:
    """A section for each norm, in the order of the best that it may give."""
    found: dict[str, list[tuple[Ranking, Route]]] = {}
    for ranking in advice.rankings:
        for route in ranking.routes:
            found.setdefault(route.norm, []).append((ranking, route))
    best = sorted(found.values(), key=lambda some: -max(route.assessment.maximum_vnd for _, route in some))
    ranks = [1 + sum(_most(other) > _most(some) for other in best) for some in best]
    for rank, some in zip(ranks, best, strict=True):
        law, name = advice.regulation, some[0][1].norm
        title = _say("route", lang, rank=rank, norm=title_of(law, name, lang), id=name)
        yield Section(title, tuple(_route(advice, some, lang)))


def _to_be_shown(advice: Advice, lang: Lang) -> Iterator[Row]:
    """Every open question once, with the answers that meet its condition."""
    if len(advice.rankings) > 1:
        yield Row("", _say("decides", lang))
    routes = [route for ranking in advice.rankings for route in ranking.routes]
    for number, question in enumerate(advice.questions, 1):
        asking = next(route.assessment for route in routes if question in route.assessment.questions)
        yield from (row._replace(label=f"{number}.") for row in open_points(asking, [question], lang))


def _most(some: Sequence[tuple[Ranking, Route]]) -> int:
    return max(route.assessment.maximum_vnd for _, route in some)


def _route(advice: Advice, some: Sequence[tuple[Ranking, Route]], lang: Lang) -> Iterator[Row]:
    law, norm = advice.regulation, advice.regulation.norms[some[0][1].norm]
    told: dict[str, str] = {}
    for ranking, route in some:
        label = {True: "if_line", False: "if_not", None: ""}[ranking.technology_line]
        told[_say(label, lang) if label and len(advice.rankings) > 1 else say("support", lang)] = _support(law, route, lang)
    if len(set(told.values())) == 1:
        told = {say("support", lang): next(iter(told.values()))}
    yield from (Row(label, value, strong=True) for label, value in told.items())
    yield Row(say("states", lang), states(law, norm, lang))
    answer = some[0][1].assessment
    if numbers := [str(number) for number, one in enumerate(advice.questions, 1) if one in answer.questions]:
        yield Row(_say("show", lang), _say("numbers", lang, numbers=", ".join(numbers)))
    yield from (Row(_say("not_open", lang), row.value) for row in failures(answer, lang))


def _support(law: Regulation, route: Route, lang: Lang) -> str:
    """What a route gives, which limit binds, what the applicant pays itself, and from which cost the cap is reached."""
    option = route.assessment.lines[0].chosen
    if option is None:
        return figures(0, lang)
    text = bound_by(option, law.norms[route.norm], lang)
    text += _say("own_share", lang, figures=figures(route.own_share_vnd, lang))
    if route.curve.reached_from_vnd <= MOST_VND:
        text += _say("cap_reached", lang, figures=figures(route.curve.reached_from_vnd, lang))
    return text


# --- a wanted support -------------------------------------------------------------------------------------------------


def targets_in_words(law: Regulation, found: Iterable[Curve], wanted_vnd: int, lang: Lang) -> list[Section]:
    """Which costs yield a wanted support under each curve, the least cost first.

    Example:
        >>> from kcgrant import catalogue
        >>> from kcgrant.curve import curves
        >>> law = catalogue.get("hung-yen-553-2025")
        >>> for row in targets_in_words(law, curves(law), 300_000_000, "en")[0].rows[:2]:
        ...     print(row.value)
        cost from VND 600,000,000; own share from VND 300,000,000
        cost from VND 600,000,000 to VND 600,000,001; own share from VND 300,000,000
    """
    targets = [(curve, curve.costs_for(wanted_vnd)) for curve in found]
    targets.sort(key=lambda pair: pair[1].least_vnd or MOST_VND + 1)
    rows = [Row(called(law, curve, lang), _target(target, lang), target.least_vnd is not None) for curve, target in targets]
    notes = [Row(note.id, note.text[lang]) for note in law.all_notes]
    title = _say("wanted", lang, figures=figures(wanted_vnd, lang))
    return [Section(title, (*rows, Row("", say("not_entitlement", lang)))), Section(say("notes", lang), tuple(notes))]


def called(law: Regulation, curve: Curve, lang: Lang) -> str:
    """What a curve is called: the title of its norm, and whether it is that of technology lines."""
    title = title_of(law, curve.id, lang)
    return _say("is_line", lang, norm=title) if curve.technology_lines else title


def _target(target: Target, lang: Lang) -> str:
    if target.least_vnd is not None and target.own_share_vnd is not None:
        return _say("costs", lang, costs=costs_in_words(target, lang), own=figures(target.own_share_vnd, lang))
    below = figures(target.below_vnd or 0, lang)
    if target.above_vnd is None:
        return _say("beyond", lang, below=below)
    above = figures(target.above_vnd, lang)
    return _say("gap" if target.below_vnd is not None else "gap_first", lang, below=below, above=above)


# --- repairs ----------------------------------------------------------------------------------------------------------


def repairs_in_words(assessment: Assessment, lang: Lang) -> list[Section]:
    """What would make an application eligible, what cannot be changed, and what each open answer is worth."""
    proposals = [
        Row(_say("repair", lang, number=number), _repair(repair, lang))
        for number, repair in enumerate(repairs(assessment), 1)
    ]
    fixed = [Row(_say("stuck", lang), finding_in_words(finding, lang)) for finding in stuck(assessment)]
    asked = assessment.questions
    worths = [row for question in islice(asked, MOST_TOLD) for row in _worth(assessment, question, lang)]
    if len(asked) > MOST_TOLD:
        worths.append(Row("", _say("more_questions", lang, number=len(asked) - MOST_TOLD)))
    least, most = figures(assessment.assured_vnd, lang), figures(assessment.maximum_vnd, lang)
    amounts = most if least == most else _say("interval", lang, least=least, most=most)
    now = Row(
        _say("now", lang), _say("now_value", lang, verdict=say(assessment.verdict, lang), amounts=amounts), strong=True
    )
    parts = [
        Section(_say("repairs", lang), (now, *proposals, *fixed)),
        Section(_say("worths", lang), tuple(worths)),
    ]
    return [part for part in parts if part.rows]


def _repair(repair: Repair, lang: Lang) -> str:
    done = [_change(change, lang) for change in repair.changes]
    if repair.left_out:
        done.append(_say("leave_out", lang, numbers=", ".join(str(index + 1) for index in repair.left_out)))
    return _say(
        "worth",
        lang,
        changes="; ".join(done),
        verdict=say(repair.after.verdict, lang),
        maximum=figures(repair.after.maximum_vnd, lang),
        gain=signed(repair.gain_vnd, lang),
        assured=figures(repair.after.assured_vnd, lang),
        surely=signed(repair.gain_assured_vnd, lang),
    )


def _change(change: Change, lang: Lang) -> str:
    values = _say("or", lang).join(value_name(value, lang) for value in change.answers)
    phrase = "answer" if change.given is None else "change" if change.changeable else "change_open"
    given = value_name(change.given, lang)
    text = _say(phrase, lang, fact=fact_name(change.fact, lang), given=given, values=values)
    return text if change.index is None else _say("of_activity", lang, number=change.index + 1, text=text)


def _worth(assessment: Assessment, question: Question, lang: Lang) -> Iterator[Row]:
    label = fact_name(question.fact, lang)
    number = question.activity if question.prior_support is None else question.prior_support
    if number is not None:
        label = f"{label} ({number + 1})"
    for outcome in worth(assessment, question):
        after = outcome.after
        every = len(outcome.answers) > 3 and set(outcome.answers) < set(FACTS.get(question.fact, ()))
        few = outcome.answers[:3] if every else outcome.answers
        values = _say("or", lang).join(value_name(value, lang) for value in few) + (" …" if every else "")
        least, most = figures(after.assured_vnd, lang), figures(after.maximum_vnd, lang)
        amounts = most if least == most else _say("interval", lang, least=least, most=most)
        yield Row(label, _say("outcome", lang, values=values, amounts=amounts, verdict=say(after.verdict, lang)))
        label = " "  # not empty, so that the answers stand under one another
