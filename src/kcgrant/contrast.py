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
from kcgrant.wording import both, fact_name, say, value_name

PHRASES: Final = both(
    {
        "compared": ("What changes from {before} to {after}", "Thay đổi từ {before} sang {after}"),
        "nothing_differs": ("Numbers and conditions", "Con số và điều kiện"),
        "same_text": ("the same in both", "giống nhau ở cả hai"),
        "figures_of": ("figures of {law}", "nguồn số liệu của {law}"),
        "not_asked": ("not asked", "không hỏi"),
        "yes": ("yes", "có"),
        "no": ("no", "không"),
        "one of": ("one of those accepted", "một trong các câu trả lời được chấp nhận"),
        "absent": ("none", "không có"),
        "turns_into": ("{before} → {after}", "{before} → {after}"),
        "only_in": ("only in {law}", "chỉ có trong {law}"),
        "only_in_value": (
            "{norms}; that the other has no such norm here does not mean that it grants nothing",
            "{norms}; dữ liệu của văn bản kia chưa có mức chi này, không có nghĩa là không hỗ trợ",
        ),
        "curve": ("One activity: {norm}", "Một hạng mục: {norm}"),
        "tile_same": ("the same in both", "bằng nhau"),
        "tile_least": ("{law} gives at least as much", "{law} bằng hoặc cao hơn"),
        "tile_more": ("{law} gives more", "{law} cao hơn"),
        "at": ("cost of {cost}", "chi phí {cost}"),
        "first_more": (
            "the least cost at which {law} gives more than {other}: {more} against {less}",
            "mức chi phí thấp nhất mà {law} cao hơn {other}: {more} so với {less}",
        ),
        "impact": ("Effect on applications: {number}", "Tác động đến hồ sơ: {number}"),
        "total": ("Sum of the maxima", "Tổng mức tối đa"),
        "total_assured": ("Sum of the assured amounts", "Tổng mức chắc chắn"),
        "balance": (
            "{winners} gain, {losers} lose, {same} keep their maximum, {lacking} cannot be compared",
            "{winners} hồ sơ tăng, {losers} giảm, {same} giữ nguyên mức tối đa, {lacking} không so sánh được",
        ),
        "effect": ("{before} → {after} ({change})", "{before} → {after} ({change})"),
        "assured": ("assured", "mức chắc chắn"),
        "only_compared": ("For comparison", "Để so sánh"),
        "because": ("; because of {reasons}", "; do {reasons}"),
        "not_compared": (
            "not compared: one of the regulations has no norm {norms}",
            "không so sánh: một trong hai văn bản không có mức chi {norms}",
        ),
        # the keys of a regulation file, in words
        "rate": ("rate", "tỷ lệ"),
        "cap": ("cap", "mức trần"),
        "per": ("cap is per", "mức trần tính theo"),
        "technology_line_factor": ("factor for technology lines", "hệ số cho dây chuyền công nghệ"),
        "province": ("province", "tỉnh"),
        "framework": ("framework", "văn bản khung"),
        "from_day": ("from", "từ ngày"),
        "until": ("until", "đến ngày"),
        "fact": ("fact", "thông tin hỏi"),
        "is": ("has to be", "phải là"),
        "values": ("answers accepted", "câu trả lời được chấp nhận"),
        "norms": ("asked for", "áp dụng cho"),
        "except": ("not asked for", "không áp dụng cho"),
        "changeable": ("can be changed", "có thể khắc phục"),
        "outcome_field": ("outcome", "kết quả"),
        "model": ("model", "mô hình"),
        "establishment": ("establishment", "cơ sở"),
    }
)


def _say(phrase: str, lang: Lang, **values: object) -> str:
    return PHRASES[phrase][lang].format(**values)


def comparison_in_words(found: Comparison, lang: Lang) -> list[Section]:
    """What differs between two regulations, and what one activity receives under either, as sections."""
    laws = found.before, found.after
    rows = [Row(_label(laws, one, lang), _turned(laws, one, lang), one.kind == "norm") for one in found.differences]
    for law, names in ((found.before, found.only_before), (found.after, found.only_after)):
        if names:
            titles = "; ".join(title_of(law, name, lang) for name in names)
            rows.append(Row(_say("only_in", lang, law=law.id), _say("only_in_value", lang, norms=titles)))
    if not found.differences:
        rows.insert(0, Row(_say("nothing_differs", lang), _say("same_text", lang)))
    for law in dict.fromkeys(laws):
        cited = {norm.source: law.all_sources[norm.source].certainty for norm in law.norms.values()}
        told = "; ".join(say("certainty", lang, source=source, certainty=certainty) for source, certainty in cited.items())
        rows += [Row(_say("figures_of", lang, law=law.id), told)] if told else []
    title = _say("compared", lang, before=found.before.id, after=found.after.id)
    return [Section(title, tuple(rows)), *(_curve(found, one, lang) for one in found.curves)]


_Laws = tuple[Regulation, Regulation]


def _label(laws: _Laws, one: Difference, lang: Lang) -> str:
    """What differs: the norm by its title, the condition by its fact, and the key in words."""
    called = one.id
    for law in laws:
        if one.kind == "norm" and one.id in law.norms:
            called = title_of(law, one.id, lang)
        facts = [c.fact for c in law.all_conditions if c.id == one.id]
        if one.kind == "condition" and facts:
            called = fact_name(facts[0], lang)
    return f"{called}, {_say({'from': 'from_day', 'outcome': 'outcome_field'}.get(one.field, one.field), lang)}"


def _turned(laws: _Laws, one: Difference, lang: Lang) -> str:
    before, after = _plain(laws, one, one.before, lang), _plain(laws, one, one.after, lang)
    return _say("turns_into", lang, before=before, after=after)


def _plain(laws: _Laws, one: Difference, value: Plain, lang: Lang) -> str:
    """A value of a regulation file as an officer would write it."""
    if value is None:
        return _say("not_asked" if one.field == "outcome" else "absent", lang)
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
        return say(value, lang)
    return _say(value, lang) if one.field in ("per", "is") else value


def _titled(laws: _Laws, name: str, lang: Lang) -> str:
    return next((title_of(law, name, lang) for law in laws if name in law.norms), name)


def _curve(found: Comparison, one: CurveComparison, lang: Lang) -> Section:
    before, after = found.before.id, found.after.id
    rows = []
    for number, tile in enumerate(one.tiles):
        law = {"before": before, "after": after, "same": ""}[tile.at_least]
        phrase = "tile_same" if tile.at_least == "same" else "tile_more" if number else "tile_least"
        costs = costs_in_words(Segment(tile.least_vnd, tile.most_vnd, one.after), lang)
        rows.append(Row(costs, _say(phrase, lang, law=law), strong=True))
    for cost_vnd, law, other, more, less in (
        (one.first_more_vnd, after, before, one.after, one.before),
        (one.first_less_vnd, before, after, one.before, one.after),
    ):
        if cost_vnd is not None:
            amounts = {"more": figures(more.support(cost_vnd), lang), "less": figures(less.support(cost_vnd), lang)}
            at = _say("at", lang, cost=figures(cost_vnd, lang))
            rows.append(Row(at, _say("first_more", lang, law=law, other=other, **amounts)))
    return Section(_say("curve", lang, norm=called(found.after, one.after, lang)), tuple(rows))


def impact_in_words(found: Impact, lang: Lang, files: Sequence[str] = ()) -> list[Section]:
    """The effect of another regulation on applications: sums, winners and losers, and each application with its reasons.

    `files` are the names of the files in which the applications stand, if they do; an application is called by its
    reference, or where that is missing or repeated by its file.
    """
    rows = [
        Row(_say("total", lang), _sums(found.before_vnd, found.after_vnd, lang), strong=True),
        Row(_say("total_assured", lang), _sums(found.before_assured_vnd, found.after_assured_vnd, lang)),
    ]
    same = found.compared - found.winners - found.losers
    counts = {"winners": found.winners, "losers": found.losers, "same": same}
    references = Counter(effect.application.reference for effect in found.effects)
    rows.append(Row(" ", _say("balance", lang, **counts, lacking=len(found.effects) - found.compared)))
    for number, (effect, file) in enumerate(zip_longest(found.effects, files, fillvalue=""), 1):
        if isinstance(effect, Effect):
            own = effect.application.reference
            called = own if own and references[own] == 1 else str(file or number)
            rows.append(Row(called, _effect(effect, lang)))
    answers = [answer for effect in found.effects for answer in (effect.before, effect.after) if answer is not None]
    remarks = dict.fromkeys(note.text[lang] for answer in answers for note in answer.notes if note.id.startswith("other-"))
    rows += [Row(_say("only_compared", lang), remark) for remark in remarks]
    return [Section(_say("impact", lang, number=len(found.effects)), tuple(rows))]


def _sums(before_vnd: int, after_vnd: int, lang: Lang) -> str:
    change = signed(after_vnd - before_vnd, lang)
    return _say("effect", lang, before=figures(before_vnd, lang), after=figures(after_vnd, lang), change=change)


def _effect(effect: Effect, lang: Lang) -> str:
    if effect.before is None or effect.after is None:
        return _say("not_compared", lang, norms=", ".join(effect.lacking))
    told = _sums(effect.before.maximum_vnd, effect.after.maximum_vnd, lang)
    if effect.change_assured_vnd != effect.change_vnd:
        told += f"; {_say('assured', lang)} {_sums(effect.before.assured_vnd, effect.after.assured_vnd, lang)}"
    verdicts = dict.fromkeys(say(answer.verdict, lang) for answer in (effect.before, effect.after))
    if len(verdicts) > 1 or effect.after.verdict != Verdict.ELIGIBLE:
        told += f"; {' → '.join(verdicts)}"
    laws = effect.before.regulation, effect.after.regulation
    reasons = [f"{_label(laws, one, lang)}: {_turned(laws, one, lang)}" for one in effect.reasons]
    return told + (_say("because", lang, reasons="; ".join(reasons)) if reasons else "")
