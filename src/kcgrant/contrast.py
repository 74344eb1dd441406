"""Contrast: comparisons of regulations, and their effect on applications, in words, in English or Vietnamese.

The decision taken here: as in an explanation, both languages fill the same places with the same values, and every figure
is read off a comparison.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import zip_longest
from typing import Final

from kcgrant.compare import Comparison, CurveComparison, Difference, Effect, Impact, Plain
from kcgrant.curve import Segment
from kcgrant.eligibility import Verdict
from kcgrant.errors import Lang
from kcgrant.explain import title_of
from kcgrant.layout import Row, Section
from kcgrant.mend import signed
from kcgrant.money import figures
from kcgrant.regulation import Regulation
from kcgrant.tell import called, costs_in_words, day_in_words
from kcgrant.wording import fact_name, say, value_name


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
    return [Section(title, tuple(rows)), *(_curve(found, one, lang) for one in found.curves)]


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
    before, after = _plain(laws, one, one.before, lang), _plain(laws, one, one.after, lang)
    return f"{before} → {after}"


def _plain(laws: _Laws, one: Difference, value: Plain, lang: Lang) -> str:
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


def _curve(found: Comparison, one: CurveComparison, lang: Lang) -> Section:
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
