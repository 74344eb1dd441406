"""Proofread: a regulation's fields against each other, and the numbers of its norms against their sentences.

The decision taken here: nothing is repaired or guessed. A number of law counts only if both sentences beside it state
it, each in the style of its language, and state no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from kcgrant.application import FACTS
from kcgrant.errors import Fault, Lang, Text, nearest, shown
from kcgrant.money import UNITS, decimal, figures, percentage

if TYPE_CHECKING:  # the room below this one
    from kcgrant.regulation import Condition, Norm, Note, Reading, Regulation


# --- coherence: what one field means for another ----------------------------------------------------------------------


def coherence(law: Regulation) -> Iterator[Fault]:
    """What is wrong between the fields of a regulation: references, days, answers, repeated ids, contradictions."""
    if law.norms and law.in_force is None:
        yield _fault("in_force", "missing; a regulation with norms has a first day", "còn thiếu ngày bắt đầu hiệu lực")
    if not law.norms and not law.conditions:
        yield _fault("norms", "missing; there are neither norms nor conditions", "còn thiếu; không có mức chi, điều kiện")
    if law.in_force and law.in_force.until and law.in_force.until < law.in_force.since:
        yield _fault("in_force.until", "before the first day", "trước ngày bắt đầu hiệu lực")
    for name, norm in law.norms.items():
        yield from _source_faults(law, f"norms.{name}", norm.source)
        if norm.technology_line_factor and (norm.cap * norm.technology_line_factor).denominator != 1:
            yield _fault(
                f"norms.{name}.technology_line_factor",
                "factor × cap is not a whole number of đồng",
                "hệ số × mức trần không phải số nguyên đồng",
            )
    for index, condition in enumerate(law.conditions):
        yield from _condition_faults(law, condition, f"conditions[{index}]")
    for index, reading in enumerate(law.readings):
        yield from _norm_faults(law, reading.norms, f"readings[{index}].norms")
    yield from _repeated_ids(law)
    yield from _contradictions(law)


def _source_faults(law: Regulation, where: str, source: str) -> Iterator[Fault]:
    if source not in law.all_sources:
        known = ", ".join(law.all_sources) or "none"
        near = nearest(source, law.all_sources)
        hint = f". Did you mean {near}?" if near else ""
        yield _fault(
            f"{where}.source",
            f"given {shown(source)}; there is no table [sources.{source}]; known: {known}{hint}",
            f"giá trị {shown(source)}; không có bảng [sources.{source}]; các nguồn: {known}",
        )


def _norm_faults(law: Regulation, named: tuple[str, ...] | None, where: str) -> Iterator[Fault]:
    if not law.norms:  # a framework does not know the norms of the regulations that will name it
        return
    for name in named or ():
        if name not in law.norms:
            known = ", ".join(law.norms)
            near = nearest(name, law.norms)
            hint = f". Did you mean {near}?" if near else ""
            yield _fault(
                where,
                f"given {shown(name)}; no such norm here; known: {known}{hint}",
                f"giá trị {shown(name)}; không có mức chi này; các mức chi: {known}",
            )


def _condition_faults(law: Regulation, condition: Condition, where: str) -> Iterator[Fault]:
    yield from _source_faults(law, where, condition.source)
    yield from _norm_faults(law, condition.norms, f"{where}.norms")
    yield from _norm_faults(law, condition.except_, f"{where}.except")
    if condition.norms is not None and condition.except_ is not None:
        yield _fault(where, "has both norms and except; keep one", "có cả norms và except; hãy giữ một")
    if condition.since and condition.until and condition.until < condition.since:
        yield _fault(f"{where}.until", "before its from", "trước ngày from")
    answers = FACTS[condition.fact]
    if (True in answers) == (condition.is_ == "one of"):
        is_ = '"yes" or "no"' if True in answers else '"one of"'
        vi = '"yes" hoặc "no"' if True in answers else '"one of"'
        yield _fault(f"{where}.is", f"the fact {condition.fact} takes {is_}", f"{condition.fact} cần {vi}")
    elif (condition.is_ == "one of") != (condition.values is not None):
        yield _fault(
            f"{where}.values",
            'needed with is = "one of", and only there',
            'bắt buộc khi is = "one of", và chỉ khi đó',
        )
    else:
        for value in sorted(condition.accepted - set(answers), key=str):
            near = nearest(str(value), map(str, answers))
            hint = f". Did you mean {near}?" if near else ""
            yield _fault(
                f"{where}.values",
                f"given {shown(value)}; {condition.fact} has no such answer{hint}",
                f"giá trị {shown(value)}; {condition.fact} không có mã này",
            )
        if condition.accepted >= set(answers):
            yield _fault(
                f"{where}.values", "lists every answer, so it asks nothing; leave it out", "liệt kê mọi mã; hãy bỏ đi"
            )


def _repeated_ids(law: Regulation) -> Iterator[Fault]:
    """An id stands once; a condition may have several versions, as long as no day has two of them."""
    framework = law.framework
    tables: tuple[tuple[str, tuple[Reading | Note, ...], tuple[Reading | Note, ...]], ...] = (
        ("readings", law.readings, framework.readings if framework else ()),
        ("notes", law.notes, framework.notes if framework else ()),
    )
    for table, own, inherited in tables:
        seen = {item.id for item in inherited}
        for index, item in enumerate(own):
            if item.id in seen:
                yield _repeated(f"{table}[{index}].id", item.id)
            seen.add(item.id)
    inherited_conditions = framework.conditions if framework else ()
    for index, condition in enumerate(law.conditions):
        if any(_same_days(condition, other) for other in (*inherited_conditions, *law.conditions[:index])):
            yield _repeated(f"conditions[{index}].id", condition.id)
    for name, source in law.sources.items():
        if framework and framework.sources.get(name, source) != source:
            yield _repeated(f"sources.{name}", name)


def _same_days(one: Condition, other: Condition) -> bool:
    last, first = (one.until or date.max, other.until or date.max), (one.since or date.min, other.since or date.min)
    return one.id == other.id and max(first) <= min(last)


def _repeated(where: str, name: str) -> Fault:
    return _fault(where, f"{shown(name)} stands twice; give it another id", f"{shown(name)} bị lặp; hãy đặt mã khác")


def _contradictions(law: Regulation) -> Iterator[Fault]:
    """Two conditions that no answer can meet together shut a norm for everybody: surely a slip of the pen."""
    days = [date.min, *law.turning_days]
    for name in law.norms:
        for fact, answers in FACTS.items():
            for day in days:
                asked = [c for c in law.all_conditions if c.fact == fact and c.applies(name, day)]
                if len(asked) > 1 and not set(answers).intersection(*(c.accepted for c in asked)):
                    listed = ", ".join(c.id for c in asked)
                    yield _fault(
                        f"norms.{name}",
                        f"no answer to {fact} meets all of the conditions {listed}",
                        f"không giá trị {fact} nào thỏa mãn đồng thời các điều kiện {listed}",
                    )
                    break


def _fault(where: str, en: str, vi: str) -> Fault:
    return Fault(where, Text(en=en, vi=vi))


# --- figures inside sentences -----------------------------------------------------------------------------------------

_IN_SENTENCE = re.compile(
    r"(?P<number>[0-9](?:[0-9.,]*[0-9])?)\s*(?P<unit>%|nghìn tỷ|nghìn|triệu|tỷ(?! lệ)|thousand|million|billion|trillion)?",
    re.ASCII,
)
_STYLE: Final[dict[Lang, re.Pattern[str]]] = {
    "en": re.compile(r"[0-9]+(?:\.[0-9]+)?|[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?", re.ASCII),
    "vi": re.compile(r"[0-9]+(?:,[0-9]+)?|[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]+)?", re.ASCII),
}


def numbers_in(sentence: str, lang: Lang) -> Iterator[tuple[str, Fraction | None]]:
    """Each number of a sentence of law, as it is written and as it is meant; None where the style is another language's.

    A percentage is its rate, an amount with a unit is the full amount.

    Example:
        >>> [(text, str(value)) for text, value in numbers_in("Tối đa 50%, không quá 300 triệu đồng; 1.5 lần", "vi")]
        [('50%', '1/2'), ('300 triệu', '300000000'), ('1.5', 'None')]
    """
    for found in _IN_SENTENCE.finditer(sentence):
        number, unit = found["number"], found["unit"]
        if not _STYLE[lang].fullmatch(number):
            yield found[0].strip(), None
            continue
        thousands, point = (",", ".") if lang == "en" else (".", ",")
        value = Fraction(number.replace(thousands, "").replace(point, "."))
        yield found[0].strip(), value * (Fraction(1, 100) if unit == "%" else UNITS.get(unit or "", 1))


# --- sentences against norms ------------------------------------------------------------------------------------------


def sentences(name: str, norm: Norm) -> Iterator[Fault]:
    """The numbers of a norm that a sentence of it does not state, and those that a sentence states and the norm lacks."""
    numbers = {Fraction(norm.cap): "cap"}
    if norm.rate is not None:
        numbers[norm.rate] = "rate"
    if norm.technology_line_factor is not None:
        numbers[norm.technology_line_factor] = "technology_line_factor"
    for lang in ("en", "vi"):
        where = f"norms.{name}.states.{lang}"
        found = list(numbers_in(norm.states[lang], lang))
        for text, value in found:
            if value is None:
                en = f"the number {text} is not written as in {'English' if lang == 'en' else 'Vietnamese'}"
                yield _fault(where, en, f"số {text} không viết đúng kiểu {'tiếng Anh' if lang == 'en' else 'tiếng Việt'}")
            elif value not in numbers:
                has = ", ".join(f"{key} {_shown_number(key, number, 'en')}" for number, key in numbers.items())
                yield _fault(where, f"states {text}, which the norm lacks ({has})", f"có số {text} không có trong mức chi")
        for value, key in numbers.items():
            if value not in [stated for _, stated in found]:
                en, vi = (_shown_number(key, value, language) for language in ("en", "vi"))
                yield _fault(where, f"does not state the {key}, {en}", f"không nêu {key}, {vi}")


def _shown_number(key: str, number: Fraction, lang: Lang) -> str:
    if key == "rate":
        return percentage(number, lang)
    return figures(int(number), lang) if key == "cap" else decimal(number, lang)
