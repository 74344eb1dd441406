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
from kcgrant.wording import NOT_ENTITLEMENT, fact_name, say, value_name

MOST_TOLD: Final = 20  # questions whose answers are told one by one, and changes of a proposal, as of faults


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
