"""Proofread: a regulation's fields against each other, and the numbers of its norms against their sentences.

The decision taken here: nothing is repaired or guessed. A number of law counts only if both sentences beside it state
it, each in the style of its language, and state no other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Final, NamedTuple

from kcgrant.application import FACTS
from kcgrant.errors import Fault, nearest, shown
from kcgrant.language import Lang, Text, decimal, figures, listed, percentage
from kcgrant.law.norms import Condition, Norm, Note, Period, Reading, Source
from kcgrant.parsing import UNITS

# --- coherence: what one field means for another ----------------------------------------------------------------------


class Parts(NamedTuple):
    """The parts of a regulation that refer to each other; a part that is faulty in itself is None, so that it hides none.

    `framework` are those of the regulation whose conditions apply as well.
    """

    id: str

    norms: Mapping[str, Norm | None]
    sources: Mapping[str, Source | None]
    conditions: Sequence[Condition | None]
    readings: Sequence[Reading | None]
    notes: Sequence[Note | None]
    in_force: Period | None
    framework: Parts | None


def coherence(law: Parts) -> Iterator[Fault]:
    """What is wrong between the parts of a regulation: references, days, answers, repeated ids, contradictions."""
    if law.in_force and law.in_force.until and law.in_force.until < law.in_force.since:
        yield _backwards("in_force", law.in_force.since, law.in_force.until)
    for name, norm in law.norms.items():
        if norm:
            yield from _source_faults(law, f"norms.{name}", norm.source)
            if norm.technology_line_factor and (norm.cap * norm.technology_line_factor).denominator != 1:
                en, vi = "factor × cap is not a whole number of đồng", "hệ số × mức trần không phải số nguyên đồng"
                yield _fault(f"norms.{name}.technology_line_factor", en, vi)
    for index, condition in enumerate(law.conditions):
        if condition:
            yield from _condition_faults(law, condition, f"conditions[{index}]")
    for index, reading in enumerate(law.readings):
        if reading:
            yield from _norm_faults(law, reading.norms, f"readings[{index}].norms")
    yield from _repeated_ids(law)
    yield from _repeated_conditions(law)
    yield from _framework_faults(law)
    yield from _contradictions(law)


def _source_faults(law: Parts, where: str, source: str) -> Iterator[Fault]:
    known = [*law.sources, *(law.framework.sources if law.framework else ())]
    if source not in known:
        en, vi = _hint(source, known)
        yield _fault(
            f"{where}.source",
            f"given {shown(source)}; there is no table [sources.{source}]; known: {listed(known)}{en}",
            f"giá trị {shown(source)}; không có bảng [sources.{source}]; các nguồn: {listed(known)}{vi}",
        )


def _norm_faults(law: Parts, named: Sequence[str] | None, where: str) -> Iterator[Fault]:
    if not law.norms:  # a framework does not know the norms of the regulations that will name it
        return
    for name in named or ():
        if name not in law.norms:
            en, vi = _hint(name, law.norms)
            yield _fault(
                where,
                f"given {shown(name)}; no such norm here; known: {listed(law.norms)}{en}",
                f"giá trị {shown(name)}; không có mức chi này; các mức chi: {listed(law.norms)}{vi}",
            )


def _hint(word: str, known: Sequence[str] | Mapping[str, object]) -> tuple[str, str]:
    near = nearest(word, known)
    return (f". Did you mean {near}?", f". Có phải ý bạn là {near}?") if near else ("", "")


def _condition_faults(law: Parts, condition: Condition, where: str) -> Iterator[Fault]:
    yield from _source_faults(law, where, condition.source)
    yield from _norm_faults(law, condition.norms, f"{where}.norms")
    yield from _norm_faults(law, condition.except_, f"{where}.except")
    if condition.norms is not None and condition.except_ is not None:
        yield _fault(where, "has both norms and except; keep one", "có cả norms và except; hãy giữ một")
    if condition.since and condition.until and condition.until < condition.since:
        yield _backwards(where, condition.since, condition.until)
    yield from _answer_faults(condition, where)


def _answer_faults(condition: Condition, where: str) -> Iterator[Fault]:
    answers = FACTS[condition.fact]
    if (True in answers) == (condition.is_ == "one of"):
        en, vi = ('"yes" or "no"', '"yes" hoặc "no"') if True in answers else ('"one of"', '"one of"')
        yield _fault(f"{where}.is", f"the fact {condition.fact} takes {en}", f"{condition.fact} cần {vi}")
        return
    if (condition.is_ == "one of") != (condition.values is not None):
        en, vi = 'needed with is = "one of", and only there', 'bắt buộc khi is = "one of", và chỉ khi đó'
        yield _fault(f"{where}.values", en, vi)
        return
    words = [str(answer) for answer in answers]
    for value in sorted(condition.accepted - set(answers), key=str):
        en, vi = _hint(str(value), words)
        yield _fault(
            f"{where}.values",
            f"given {shown(value)}; {condition.fact} has no such answer{en}",
            f"giá trị {shown(value)}; {condition.fact} không có mã này{vi}",
        )
    if condition.accepted >= set(answers):
        en, vi = "lists every answer, so it asks nothing; leave it out", "liệt kê mọi mã nên không hỏi gì; hãy bỏ đi"
        yield _fault(f"{where}.values", en, vi)


def _repeated_ids(law: Parts) -> Iterator[Fault]:
    framework = law.framework
    tables: tuple[tuple[str, Sequence[Reading | Note | None], Sequence[Reading | Note | None]], ...] = (
        ("readings", law.readings, framework.readings if framework else ()),
        ("notes", law.notes, framework.notes if framework else ()),
    )
    for table, own, inherited in tables:
        seen = {item.id for item in inherited if item}
        for index, item in enumerate(own):
            if item and item.id in seen:
                yield _repeated(f"{table}[{index}].id", item.id)
            seen |= {item.id} if item else set()
    for name, source in law.sources.items():
        if framework and source and framework.sources.get(name, source) != source:
            yield _repeated(f"sources.{name}", name)


def _repeated(where: str, name: str) -> Fault:
    return _fault(where, f"{shown(name)} stands twice; give it another id", f"{shown(name)} bị lặp; hãy đặt mã khác")


def _repeated_conditions(law: Parts) -> Iterator[Fault]:
    """An id stands once; a condition may have several versions, as long as no day has two of them."""
    inherited = law.framework.conditions if law.framework else ()
    for index, condition in enumerate(law.conditions):
        others = (*inherited, *law.conditions[:index])
        if condition and any(other and _share_days(condition, other) for other in others):
            yield _fault(
                f"conditions[{index}].id",
                f"{shown(condition.id)} stands twice on the same days; give it another id, or the versions days apart",
                f"{shown(condition.id)} bị lặp trong cùng một ngày; hãy đặt mã khác hoặc tách ngày của các phiên bản",
            )


def _share_days(one: Condition, other: Condition) -> bool:
    first = max(one.since or date.min, other.since or date.min)
    return one.id == other.id and first <= min(one.until or date.max, other.until or date.max)


def _framework_faults(law: Parts) -> Iterator[Fault]:
    """A condition of the framework that nearly names a norm would go unasked: a slip of the pen in the framework."""
    framework = law.framework
    if framework is None or not law.norms:
        return
    # a norm of one's own name is free to be there; one that nearly has a name of the framework is a slip
    named = {name for item in framework.conditions if item for name in (*(item.norms or ()), *(item.except_ or ()))}
    named |= {name for reading in framework.readings if reading for name in reading.norms or ()}
    for name in sorted(named - law.norms.keys()):
        if near := nearest(name, law.norms, likeness=90):
            en = f"{framework.id} has conditions for {shown(name)}, not for {shown(near)}; make the two agree"
            vi = f"{framework.id} có điều kiện cho {shown(name)}, không phải cho {shown(near)}; hãy viết hai mã giống nhau"
            yield _fault(f"norms.{near}", en, vi)


def _contradictions(law: Parts) -> Iterator[Fault]:
    """Two conditions that no answer can meet together shut a norm for everybody: surely a slip of the pen."""
    every = [c for c in (*(law.framework.conditions if law.framework else ()), *law.conditions) if c]
    for fact, answers in FACTS.items():
        about = [condition for condition in every if condition.fact == fact]
        days = sorted({condition.since or date.min for condition in about})  # each set of them begins to apply on one
        for name in law.norms:
            for day in days if len(about) > 1 else ():
                asked = [condition for condition in about if condition.applies(name, day)]
                if len(asked) > 1 and not set(answers).intersection(*(condition.accepted for condition in asked)):
                    ids = listed(condition.id for condition in asked)
                    en = f"no answer to {fact} meets all of the conditions {ids}"
                    yield _fault(f"norms.{name}", en, f"không giá trị {fact} nào thỏa mãn đồng thời các điều kiện {ids}")
                    break


def _backwards(where: str, since: date, until: date) -> Fault:
    en, vi = f"given {until}, before its from, {since}", f"giá trị {until}, sớm hơn ngày from, {since}"
    return _fault(f"{where}.until", en, vi)


def _fault(where: str, en: str, vi: str) -> Fault:
    return Fault(where, Text(en=en, vi=vi))


# --- figures inside sentences -----------------------------------------------------------------------------------------

_UNIT: Final = r"(?:nghìn|ngàn|triệu|tỷ(?! lệ)|tỉ(?! lệ)|thousand|million|billion|trillion)(?!\w)"
_IN_SENTENCE: Final = re.compile(
    rf"(?P<minus>(?<!\w)[-−])?(?P<number>[0-9](?:[0-9.,]*[0-9])?)\s*(?P<unit>%|{_UNIT}(?:\s+{_UNIT})*)?", re.IGNORECASE
)
_STYLE: Final[dict[Lang, re.Pattern[str]]] = {
    "en": re.compile(r"[0-9]{1,20}(?:\.[0-9]{1,9})?|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,6}(?:\.[0-9]{1,9})?"),
    "vi": re.compile(r"[0-9]{1,20}(?:,[0-9]{1,9})?|[1-9][0-9]{0,2}(?:\.[0-9]{3}){1,6}(?:,[0-9]{1,9})?"),
}


class Number(NamedTuple):
    """A number of a sentence as written, and as meant, which is None where its style is not the language's."""

    text: str
    value: Fraction | None
    percent: bool


def numbers_in(sentence: str, lang: Lang) -> Iterator[Number]:
    """Each number of a sentence of law. A percentage is its rate, an amount with a unit is the full amount.

    Example:
        >>> [(one.text, str(one.value)) for one in numbers_in("Tối đa 50%, không quá 300 triệu đồng; 1.5 lần", "vi")]
        [('50%', '1/2'), ('300 triệu', '300000000'), ('1.5', 'None')]
    """
    for found in _IN_SENTENCE.finditer(sentence):
        number, unit = found["number"], (found["unit"] or "").lower()
        value = None
        if _STYLE[lang].fullmatch(number) and not found["minus"]:
            thousands, point = (",", ".") if lang == "en" else (".", ",")
            value = Fraction(number.replace(thousands, "").replace(point, "."))
            for word in unit.split():
                value *= Fraction(1, 100) if word == "%" else UNITS[word]
        yield Number(found[0].strip(), value, unit == "%")
    for character in sentence:  # ½, ², ３ and other signs that a reader takes for numbers
        if not character.isascii() and unicodedata.category(character).startswith("N"):
            yield Number(character, None, percent=False)


# --- sentences against norms ------------------------------------------------------------------------------------------


def sentences(name: str, norm: Norm) -> Iterator[Fault]:
    """The numbers of a norm that a sentence of it does not state, and those that a sentence states and the norm lacks."""
    numbers: dict[tuple[Fraction, bool], str] = {(Fraction(norm.cap), False): "cap"}
    if norm.rate is not None:
        numbers[norm.rate, True] = "rate"
    if norm.technology_line_factor is not None:
        numbers[norm.technology_line_factor, False] = "technology_line_factor"
    languages: tuple[Lang, ...] = ("en", "vi")
    for lang in languages:
        where = f"norms.{name}.states.{lang}"
        found = list(numbers_in(norm.states[lang], lang))
        for one in found:
            if one.value is None:
                en = f"the number {_cut(one.text)} is not written as in {'English' if lang == 'en' else 'Vietnamese'}"
                vi = f"số {_cut(one.text)} không viết đúng kiểu {'tiếng Anh' if lang == 'en' else 'tiếng Việt'}"
                yield _fault(where, en, vi)
            elif (one.value, one.percent) not in numbers:
                has = {
                    language: ", ".join(_called(key, value, language) for (value, _), key in numbers.items())
                    for language in languages
                }
                en = f"states {_cut(one.text)}, which the norm lacks ({has['en']})"
                yield _fault(where, en, f"có số {_cut(one.text)} không có trong mức chi ({has['vi']})")
        other = "model" if norm.per == "establishment" else "establishment"
        if _PER[lang][other].search(norm.states[lang]):
            yield _fault(
                where, f"states the cap per {other}, but per is {norm.per}", f"nêu mức trần khác với per = {norm.per}"
            )
        for (value, percent), key in numbers.items():
            if (value, percent) not in [(one.value, one.percent) for one in found]:
                en, vi = (_called(key, value, language) for language in languages)
                yield _fault(where, f"does not state the {en}", f"không nêu {vi}")


_PER: Final[Mapping[Lang, Mapping[str, re.Pattern[str]]]] = {
    "en": {"model": re.compile(r"\bper model\b"), "establishment": re.compile(r"\bper establishment\b")},
    "vi": {"model": re.compile(r"(?:/ ?|mỗi |một )mô hình\b"), "establishment": re.compile(r"(?:/ ?|mỗi |một )cơ sở\b")},
}


def _cut(text: str) -> str:
    return shown(text)[1:-1]


def _called(key: str, number: Fraction, lang: Lang) -> str:
    """A number of a norm with its key, as `cap VND 300,000,000`."""
    if key == "rate":
        value = percentage(number, lang)
    else:
        value = figures(int(number), lang) if key == "cap" else decimal(number, lang)
    words = {"rate": "tỷ lệ", "cap": "mức trần", "technology_line_factor": "hệ số"}
    return f"{key} {value}" if lang == "en" else f"{words[key]} ({key}) {value}"
