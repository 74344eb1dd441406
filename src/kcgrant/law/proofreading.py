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
from kcgrant.errors import Fault, expected_one_of, fault, hint, nearest, shown
from kcgrant.language import Lang, Text, both, decimal, listed, percentage
from kcgrant.law.norms import Condition, Norm, Note, Per, Period, Reading, Source
from kcgrant.parsing import UNITS

# --- coherence: what one field means for another ----------------------------------------------------------------------


class Parts(NamedTuple):
    """The parts of a regulation that refer to each other; a part that is faulty in itself is None, so that it hides none.

    `framework` are those of the regulation whose conditions apply as well.
    """

    id: str = ""
    norms: Mapping[str, Norm | None] = {}
    sources: Mapping[str, Source | None] = {}
    conditions: Sequence[Condition | None] = ()
    readings: Sequence[Reading | None] = ()
    notes: Sequence[Note | None] = ()
    in_force: Period | None = None
    framework: Parts | None = None

    @property
    def inherited(self) -> Parts:
        """The parts of the framework; none where there is no framework."""
        return self.framework or Parts()


def coherence(law: Parts) -> Iterator[Fault]:
    """What is wrong between the parts of a regulation: references, days, answers, repeated ids, contradictions."""
    if law.in_force:
        yield from _day_faults("in_force", law.in_force)
    for name, norm in law.norms.items():
        if norm:
            yield from _source_faults(law, f"norms.{name}", norm.source)
            if norm.technology_line_factor and (norm.cap * norm.technology_line_factor).denominator != 1:
                yield fault(f"norms.{name}.technology_line_factor", "factor × cap is not a whole number of đồng")
    for index, condition in enumerate(law.conditions):
        if condition:
            yield from _condition_faults(law, condition, f"conditions[{index}]")
    for index, reading in enumerate(law.readings):
        if reading:
            yield from _norm_faults(law, reading.norms, f"readings[{index}].norms")
    yield from _repeated_ids(law)
    yield from _framework_faults(law)
    yield from _contradictions(law)


def _day_faults(where: str, days: Period | Condition) -> Iterator[Fault]:
    if days.since and days.until and days.until < days.since:
        yield fault(f"{where}.until", "given {until}, before its from, {since}", until=days.until, since=days.since)


def _source_faults(law: Parts, where: str, source: str) -> Iterator[Fault]:
    known = [*law.sources, *law.inherited.sources]
    if source not in known:
        told = "given {given}; there is no table [sources.{source}]; known: {known}{hint}"
        yield fault(f"{where}.source", told, given=source, source=source, known=known, hint=hint(source, known))


def _norm_faults(law: Parts, named: Sequence[str] | None, where: str) -> Iterator[Fault]:
    if law.norms:  # a framework does not know the norms of the regulations that will name it
        yield from [expected_one_of(name, law.norms, where) for name in named or () if name not in law.norms]


def _condition_faults(law: Parts, condition: Condition, where: str) -> Iterator[Fault]:
    yield from _source_faults(law, where, condition.source)
    yield from _norm_faults(law, condition.norms, f"{where}.norms")
    yield from _norm_faults(law, condition.except_, f"{where}.except")
    if condition.norms is not None and condition.except_ is not None:
        yield fault(where, "has both norms and except; keep one")
    yield from _day_faults(where, condition)
    yield from _answer_faults(condition, where)


def _answer_faults(condition: Condition, where: str) -> Iterator[Fault]:
    answers, asks_words = FACTS[condition.fact], condition.is_ == "one of"
    if (True in answers) == asks_words:
        takes = both('"yes" or "no"') if True in answers else '"one of"'
        yield fault(f"{where}.is", "the fact {fact} takes {takes}", fact=condition.fact, takes=takes)
    elif asks_words != (condition.values is not None):
        yield fault(f"{where}.values", 'needed with is = "one of", and only there')
    else:
        for value in sorted(map(str, condition.accepted.difference(answers))):
            yield expected_one_of(value, map(str, answers), f"{where}.values")
        if condition.accepted >= set(answers):
            yield fault(f"{where}.values", "lists every answer, so it asks nothing; leave it out")


def _repeated_ids(law: Parts) -> Iterator[Fault]:
    """An id stands once; a condition may have several versions, as long as no day has two of them."""
    for table in ("conditions", "readings", "notes"):
        inherited, own = getattr(law.inherited, table), getattr(law, table)
        for index, one in enumerate(own):
            others = [other for other in (*inherited, *own[:index]) if one and other and other.id == one.id]
            if others and table != "conditions":
                yield fault(f"{table}[{index}].id", "{given} stands twice; give it another id", given=one.id)
            elif any(_share_days(one, other) for other in others):
                told = "{given} stands twice on the same days; give it another id, or the versions days apart"
                yield fault(f"{table}[{index}].id", told, given=one.id)
    for name, source in law.sources.items():
        if source and law.inherited.sources.get(name, source) != source:
            yield fault(f"sources.{name}", "{given} stands twice; give it another id", given=name)


def _share_days(one: Condition, other: Condition) -> bool:
    first = max(one.since or date.min, other.since or date.min)
    return first <= min(one.until or date.max, other.until or date.max)


def _framework_faults(law: Parts) -> Iterator[Fault]:
    """A condition of the framework that nearly names a norm would go unasked: a slip of the pen in the framework."""
    framework = law.inherited
    # a norm of one's own name is free to be there; one that nearly has a name of the framework is a slip
    named = {name for item in framework.conditions if item for name in (*(item.norms or ()), *(item.except_ or ()))}
    named |= {name for reading in framework.readings if reading for name in reading.norms or ()}
    for name in sorted(named - law.norms.keys()):
        if near := nearest(name, law.norms, likeness=90):
            told = "{framework} has conditions for {named}, not for {near}; make the two agree"
            yield fault(f"norms.{near}", told, framework=framework.id, named=shown(name), near=shown(near))


def _contradictions(law: Parts) -> Iterator[Fault]:
    """Two conditions that no answer can meet together shut a norm for everybody: surely a slip of the pen."""
    for fact, answers in FACTS.items():
        about = [one for one in (*law.inherited.conditions, *law.conditions) if one and one.fact == fact]
        days = sorted({condition.since or date.min for condition in about})  # each set of them begins to apply on one
        for name in law.norms:
            for day in days if len(about) > 1 else ():
                asked = [condition for condition in about if condition.applies(name, day)]
                if len(asked) > 1 and not set(answers).intersection(*(condition.accepted for condition in asked)):
                    told, ids = "no answer to {fact} meets all of the conditions {ids}", [one.id for one in asked]
                    yield fault(f"norms.{name}", told, fact=fact, ids=ids)
                    break


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
    numbers = _numbers_of(norm)
    has = Text(en=listed(called.en for called in numbers.values()), vi=listed(called.vi for called in numbers.values()))
    other: Per = "model" if norm.per == "establishment" else "establishment"
    for lang, miswritten in _MISWRITTEN.items():
        where = f"norms.{name}.states.{lang}"
        found = list(numbers_in(norm.states[lang], lang))
        for one in found:
            number = shown(one.text)[1:-1]
            if one.value is None:
                yield fault(where, miswritten, number=number)
            elif (one.value, one.percent) not in numbers:
                yield fault(where, "states {number}, which the norm lacks ({has})", number=number, has=has)
        if _PER[lang][other].search(norm.states[lang]):
            yield fault(where, "states the cap per {other}, but per is {per}", other=both(other), per=norm.per)
        stated = {(one.value, one.percent) for one in found}
        yield from [fault(where, "does not state the {called}", called=numbers[one]) for one in numbers if one not in stated]


_MISWRITTEN: Final[Mapping[Lang, str]] = {
    "en": "the number {number} is not written as in English",
    "vi": "the number {number} is not written as in Vietnamese",
}
_PER: Final[Mapping[Lang, Mapping[Per, re.Pattern[str]]]] = {
    "en": {"model": re.compile(r"\bper model\b"), "establishment": re.compile(r"\bper establishment\b")},
    "vi": {"model": re.compile(r"(?:/ ?|mỗi |một )mô hình\b"), "establishment": re.compile(r"(?:/ ?|mỗi |một )cơ sở\b")},
}


def _numbers_of(norm: Norm) -> Mapping[tuple[Fraction, bool], Text]:
    """The numbers of a norm, percentages or not, each with what it is called, as in `cap VND 300,000,000`."""
    numbers = {(Fraction(norm.cap), False): both("cap VND {cap}", cap=norm.cap)}
    if (rate := norm.rate) is not None:
        numbers[rate, True] = both("rate {rate}", rate=Text(en=percentage(rate), vi=percentage(rate, "vi")))
    if (factor := norm.technology_line_factor) is not None:
        text = Text(en=decimal(factor), vi=decimal(factor, "vi"))
        numbers[factor, False] = both("technology_line_factor {factor}", factor=text)
    return numbers
