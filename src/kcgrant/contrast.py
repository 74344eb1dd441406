"""Contrast: comparisons of regulations, and their effect on applications, in words, in English or Vietnamese.

The decision taken here: as in an explanation, both languages fill the same places with the same values, and every figure
is read off a comparison.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from kcgrant.compare import Comparison, CurveComparison, Difference, Effect, Impact, Plain
from kcgrant.curve import Segment
from kcgrant.errors import Lang
from kcgrant.explain import title_of
from kcgrant.layout import Row, Section
from kcgrant.money import figures
from kcgrant.tell import called, costs_in_words, day_in_words, signed
from kcgrant.wording import both, say, value_name

PHRASES: Final = both(
    {
        "compared": ("What changes from {before} to {after}", "Thay đổi từ {before} sang {after}"),
        "nothing_differs": ("Numbers and conditions", "Con số và điều kiện"),
        "same_text": ("the same in both", "giống nhau ở cả hai"),
        "absent": ("none", "không có"),
        "turns_into": ("{before} → {after}", "{before} → {after}"),
        "only_in": ("only in {law}", "chỉ có trong {law}"),
        "only_in_value": (
            "{norms}; that the other has no such norm here does not mean that it grants nothing",
            "{norms}; văn bản kia không có trong dữ liệu, không có nghĩa là không hỗ trợ",
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
        "effect": ("{before} → {after} ({change}){reasons}", "{before} → {after} ({change}){reasons}"),
        "because": ("; because of {reasons}", "; do {reasons}"),
        "not_compared": (
            "not compared: a regulation has no norm {norms}",
            "không so sánh: một văn bản không có mức chi {norms}",
        ),
        "difference": ("{id}, {field}: {change}", "{id}, {field}: {change}"),
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
    rows = [_difference_row(one, lang) for one in found.differences]
    for law, names in ((found.before, found.only_before), (found.after, found.only_after)):
        if names:
            label = _say("only_in", lang, law=law.id)
            titles = ", ".join(title_of(law, name, lang) for name in names)
            rows.append(Row(label, _say("only_in_value", lang, norms=titles)))
    if not found.differences:
        rows.insert(0, Row(_say("nothing_differs", lang), _say("same_text", lang)))
    title = _say("compared", lang, before=found.before.id, after=found.after.id)
    return [Section(title, tuple(rows)), *(_curve(found, one, lang) for one in found.curves)]


def _difference_row(one: Difference, lang: Lang) -> Row:
    return Row(f"{one.id}, {_field(one, lang)}", _turned(one, lang), strong=one.kind == "norm")


def _field(one: Difference, lang: Lang) -> str:
    return _say({"from": "from_day", "outcome": "outcome_field"}.get(one.field, one.field), lang)


def _turned(one: Difference, lang: Lang) -> str:
    return _say("turns_into", lang, before=_plain(one, one.before, lang), after=_plain(one, one.after, lang))


def _plain(one: Difference, value: Plain, lang: Lang) -> str:
    """A value of a regulation file as an officer would write it."""
    if value is None:
        return _say("absent", lang)
    if isinstance(value, bool):
        return value_name(value, lang)
    if isinstance(value, int):
        return figures(value, lang)
    if isinstance(value, tuple):
        return ", ".join(value_name(word, lang) if one.field == "values" else word for word in value)
    if one.field in ("rate", "technology_line_factor"):
        return value.replace(".", ",") if lang == "vi" else value
    if one.field in ("from", "until"):
        return day_in_words(date.fromisoformat(value), lang)
    if one.field == "outcome":
        return say(value, lang)
    return _say(value, lang) if one.field == "per" else value


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


def impact_in_words(found: Impact, lang: Lang) -> list[Section]:
    """The effect of another regulation on applications: sums, winners and losers, and each application with its reasons."""
    rows = [
        Row(_say("total", lang), _sums(found.before_vnd, found.after_vnd, lang), strong=True),
        Row(_say("total_assured", lang), _sums(found.before_assured_vnd, found.after_assured_vnd, lang)),
    ]
    same = found.compared - found.winners - found.losers
    counts = {"winners": found.winners, "losers": found.losers, "same": same}
    rows.append(Row("", _say("balance", lang, **counts, lacking=len(found.effects) - found.compared)))
    for number, effect in enumerate(found.effects, 1):
        rows.append(Row(effect.application.reference or f"{number}", _effect(effect, lang)))
    return [Section(_say("impact", lang, number=len(found.effects)), tuple(rows))]


def _sums(before_vnd: int, after_vnd: int, lang: Lang) -> str:
    change = signed(after_vnd - before_vnd, lang)
    return _say("effect", lang, before=figures(before_vnd, lang), after=figures(after_vnd, lang), change=change, reasons="")


def _effect(effect: Effect, lang: Lang) -> str:
    if effect.before is None or effect.after is None:
        return _say("not_compared", lang, norms=", ".join(effect.lacking))
    told = [
        _say("difference", lang, id=one.id, field=_field(one, lang), change=_turned(one, lang)) for one in effect.reasons
    ]
    reasons = _say("because", lang, reasons="; ".join(told)) if told else ""
    amounts = _sums(effect.before.maximum_vnd, effect.after.maximum_vnd, lang)
    if effect.change_assured_vnd != effect.change_vnd:
        amounts += f"; {_say('total_assured', lang)}: {_sums(effect.before.assured_vnd, effect.after.assured_vnd, lang)}"
    return amounts + reasons
