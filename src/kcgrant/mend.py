"""Mend: repairs and the worth of answers in words, in English or Vietnamese, as sections.

The decision taken here: as in an explanation, both languages fill the same places with the same values, and every figure
is read off a record.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import islice
from typing import Any, Final

from kcgrant.application import Application
from kcgrant.errors import Lang, listed
from kcgrant.explain import finding_in_words
from kcgrant.layout import Row, Section
from kcgrant.money import figures
from kcgrant.record import Assessment, Question
from kcgrant.repairs import Change, Repair, repair_document, repairs, stuck, worth
from kcgrant.wording import both, fact_name, say, value_name

MOST_TOLD: Final = 20  # questions whose answers are told one by one, and changes of a proposal, as of faults

PHRASES: Final = both(
    {
        "several": (
            "{number} activities: kinds of support are compared for one project only, an application of one activity.",
            "{number} hạng mục: chỉ so sánh các nội dung hỗ trợ cho một dự án, tức hồ sơ có một hạng mục.",
        ),
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
        "loses": (
            "activity {numbers} is then no longer eligible",
            "khi đó hạng mục {numbers} không còn đủ điều kiện",
        ),
        "if_mended": ("at most {figures} after this {changes}", "tối đa {figures} sau khi {changes}"),
        "besides": ("; answers open besides: {number}", "; còn phải làm rõ thêm: {number} điểm"),
        "more_changes": ("and {number} more changes", "và {number} thay đổi nữa"),
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


def signed(amount_vnd: int, lang: Lang) -> str:
    """An amount with its sign, for what is gained or lost."""
    return ("+" if amount_vnd >= 0 else "−") + figures(abs(amount_vnd), lang)


def repairs_in_words(assessment: Assessment, lang: Lang) -> list[Section]:
    """What would make an application eligible, what cannot be changed, and what each open answer is worth."""
    proposals = [
        Row(_say("repair", lang, number=number), repair_in_words(repair, lang))
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


def repair_in_words(repair: Repair, lang: Lang) -> str:
    """A proposal in one sentence: what is to be done, and what the record says then."""
    done = [_change(change, lang) for change in repair.changes[:MOST_TOLD]]
    if len(repair.changes) > MOST_TOLD:
        done.append(_say("more_changes", lang, number=len(repair.changes) - MOST_TOLD))
    if repair.left_out:
        done.append(_say("leave_out", lang, numbers=listed(str(index + 1) for index in repair.left_out)))
    if repair.lost:
        done.append(_say("loses", lang, numbers=listed(str(index + 1) for index in repair.lost)))
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
    values = _answers(change.answers, lang)
    phrase = "answer" if change.given is None else "change" if change.changeable else "change_open"
    given = value_name(change.given, lang)
    text = _say(phrase, lang, fact=fact_name(change.fact, lang), given=given, values=values)
    return text if change.index is None else _say("of_activity", lang, number=change.index + 1, text=text)


def _answers(answers: Sequence[str | bool], lang: Lang) -> str:
    """Answers in words, the first three of them where there are many."""
    few = answers[:3] if len(answers) > 3 else answers
    return _say("or", lang).join(value_name(value, lang) for value in few) + (" …" if len(answers) > 3 else "")


def mended_in_words(repair: Repair, lang: Lang) -> str:
    """A proposal in short: what it would give, what has to change, and how many answers are open besides."""
    changes = [_change(change, lang) for change in repair.changes if change.given is not None]
    still = sum(change.given is None for change in repair.changes)
    told = _say("if_mended", lang, figures=figures(repair.after.maximum_vnd, lang), changes="; ".join(changes))
    return told + (_say("besides", lang, number=still) if still else "")


def _worth(assessment: Assessment, question: Question, lang: Lang) -> Iterator[Row]:
    label = fact_name(question.fact, lang)
    number = question.activity if question.prior_support is None else question.prior_support
    if number is not None:
        label = f"{label} ({number + 1})"
    for outcome in worth(assessment, question):
        after = outcome.after
        values = _answers(outcome.answers, lang)
        least, most = figures(after.assured_vnd, lang), figures(after.maximum_vnd, lang)
        amounts = most if least == most else _say("interval", lang, least=least, most=most)
        yield Row(label, _say("outcome", lang, values=values, amounts=amounts, verdict=say(after.verdict, lang)))
        label = " "  # not empty, so that the answers stand under one another


def mending(assessment: Assessment) -> dict[str, Any]:
    """What `repairs_in_words` tells, as a document of plain values."""
    worths = [
        asdict(question)
        | {
            "outcomes": [
                {"answers": list(one.answers), "verdict": one.after.verdict.value}
                | {"maximum_vnd": one.after.maximum_vnd, "assured_vnd": one.after.assured_vnd}
                for one in worth(assessment, question)
            ]
        }
        for question in islice(assessment.questions, MOST_TOLD)
    ]
    return {
        "assessment": assessment.to_dict(),
        "repairs": [repair_document(repair) for repair in repairs(assessment)],
        "stuck": [asdict(finding) for finding in stuck(assessment)],
        "worth": worths,
    }


def one_project_only(stated: Application, lang: Lang) -> Section:
    """The head for an application of several activities, for which no routes are compared."""
    rows = (
        Row(say("establishment", lang), stated.establishment.name),
        Row("", _say("several", lang, number=len(stated.activities))),
        Row("", say("not_entitlement", lang)),
    )
    return Section(f"{say('application', lang)} {stated.reference or ''}".rstrip(), rows)
