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
from functools import cache
from typing import Final, NamedTuple, get_args

from kcgrant.application import COLUMNS, FACTS, OWN_FACT, Answer
from kcgrant.errors import Fault, expected_one_of, fault, hint, nearest, shown
from kcgrant.language import Lang, Text, both, decimal, listed, percentage
from kcgrant.law.norms import Condition, Norm, Note, OwnFact, Per, Period, Reading, Source, Unexpressed, Variation, unit_name
from kcgrant.parsing import UNITS

# --- coherence: what one field means for another ----------------------------------------------------------------------


class Parts(NamedTuple):
    """The parts of a regulation that refer to each other; a part that is faulty in itself is None, so that it hides none.

    `framework` are those of the regulation whose conditions apply as well.
    """

    id: str = ""
    norms: Mapping[str, Norm | None] = {}
    sources: Mapping[str, Source | None] = {}
    facts: Mapping[str, OwnFact | None] = {}
    conditions: Sequence[Condition | None] = ()
    variations: Sequence[Variation | None] = ()
    unexpressed: Sequence[Unexpressed | None] = ()
    readings: Sequence[Reading | None] = ()
    notes: Sequence[Note | None] = ()
    in_force: Period | None = None
    framework: Parts | None = None

    @property
    def inherited(self) -> Parts:
        """The parts of the framework; none where there is no framework."""
        return self.framework or Parts()

    @property
    def answers(self) -> Mapping[str, tuple[Answer, ...]]:
        """Every fact that a condition or a variation may ask about, with its answers."""
        columns = [one.column(name) for name, one in (*self.inherited.facts.items(), *self.facts.items()) if one]
        return {**FACTS, **{column.fact: column.answers for column in columns}}


def coherence(law: Parts) -> Iterator[Fault]:
    """What is wrong between the parts of a regulation: references, days, answers, repeated ids, contradictions."""
    if law.in_force:
        yield from _day_faults("in_force", law.in_force)
    for name, norm in law.norms.items():
        if norm:
            yield from _source_faults(law, f"norms.{name}", norm.source)
            yield from _number_faults(f"norms.{name}", norm)
    for name, own in law.facts.items():
        if own:
            yield from _own_fact_faults(law, name, own)
    for index, condition in enumerate(law.conditions):
        if condition:
            yield from _asking_faults(law, condition, f"conditions[{index}]")
    yield from _variation_faults(law)
    for index, left_out in enumerate(law.unexpressed):
        if left_out:
            yield from _norm_faults(law, left_out.norms, f"unexpressed[{index}].norms")
    for index, reading in enumerate(law.readings):
        if reading:
            yield from _norm_faults(law, reading.norms, f"readings[{index}].norms")
    yield from _repeated_ids(law)
    yield from _framework_faults(law)
    yield from _contradictions(law)


def _day_faults(where: str, days: Period | Condition | Variation) -> Iterator[Fault]:
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


def _asking_faults(law: Parts, asking: Condition | Variation, where: str) -> Iterator[Fault]:
    yield from _source_faults(law, where, asking.source)
    yield from _norm_faults(law, asking.norms, f"{where}.norms")
    yield from _norm_faults(law, asking.except_, f"{where}.except")
    if asking.norms is not None and asking.except_ is not None:
        yield fault(where, "has both norms and except; keep one")
    yield from _day_faults(where, asking)
    yield from _answer_faults(law.answers, asking, where)


def _answer_faults(known: Mapping[str, tuple[Answer, ...]], condition: Condition | Variation, where: str) -> Iterator[Fault]:
    if condition.fact not in known:
        yield expected_one_of(
            condition.fact, [*(fact for fact in known if OWN_FACT.fullmatch(fact)), *FACTS], f"{where}.fact"
        )
        return
    answers, asks_words = known[condition.fact], condition.is_ == "one of"
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


def _number_faults(where: str, norm: Norm) -> Iterator[Fault]:
    """What is wrong between the numbers of a norm."""
    factor, lines, cap = norm.technology_line_factor, norm.technology_line_cap, norm.cap
    if cap is None and norm.rate is None:
        yield fault(f"{where}.cap", "missing; a norm states a rate, a cap or both")
    if cap is None:
        for key in ("counted", "at_most", "technology_line_factor", "technology_line_cap"):
            if getattr(norm, key) is not None:
                yield fault(f"{where}.{key}", "needs a cap, and the norm states none")
    elif factor and (cap * factor).denominator != 1:
        yield fault(f"{where}.technology_line_factor", "factor × cap is not a whole number of đồng")
    elif lines is not None and lines < cap:
        yield fault(f"{where}.technology_line_cap", "given {given}, less than the cap, {cap}", given=lines, cap=cap)
    if factor is not None and lines is not None:
        yield fault(f"{where}.technology_line_cap", "stated beside technology_line_factor; keep one")
    if norm.at_most is not None and not norm.counted:
        yield fault(f"{where}.at_most", "counts units, and the norm does not; write counted = true")
    if norm.counted and norm.per == "establishment":
        yield fault(f"{where}.counted", "an establishment is one; write per = the unit that is counted")


def _own_fact_faults(law: Parts, name: str, own: OwnFact) -> Iterator[Fault]:
    if name in COLUMNS:
        yield fault(f"facts.{name}", "{given} is the name of a column of the form; give it another id", given=name)
    if law.inherited.facts.get(name, own) != own:
        yield fault(f"facts.{name}", "{given} stands twice; give it another id", given=name)
    if own.values is not None and len(own.values) < 2:
        yield fault(f"facts.{name}.values", "one answer alone asks nothing; list all that there are")
    for value in own.names:
        if value not in (own.values or ()):
            yield expected_one_of(value, own.values or (), f"facts.{name}.names")


# --- variations -------------------------------------------------------------------------------------------------------

MOST_VARYING: Final = 8  # facts on which the numbers of a regulation turn; every way of answering them is tried


def _variation_faults(law: Parts) -> Iterator[Fault]:
    """What is wrong with the variations, each by itself and two by two."""
    every = [(index, one) for index, one in enumerate(law.variations) if one]
    for index, one in every:
        yield from _asking_faults(law, one, f"variations[{index}]")
        yield from _changed_faults(law, one, f"variations[{index}]")
        for other in [earlier for place, earlier in every if place < index]:
            yield from _clashes(law, other, one, f"variations[{index}]")
    if len(facts := dict.fromkeys(one.fact for _, one in every)) > MOST_VARYING:
        told = "turn on {count} facts, {facts}; at most {most} are tried"
        yield fault("variations", told, count=len(facts), facts=facts, most=MOST_VARYING)


def _changed_faults(law: Parts, one: Variation, where: str) -> Iterator[Fault]:
    """A variation changes something, of norms that can have it; for a cap that is shared it turns on the applicant."""
    if not one.sets:
        yield fault(where, "changes no number; state a rate, a cap or a cap_factor")
    if one.cap is not None and one.cap_factor is not None:
        yield fault(where, "has both cap and cap_factor; keep one")
    if not law.norms:
        yield fault(where, "varies norms, and there are none in this file")
    for name in _varied(law, one):
        norm = law.norms[name]
        if norm and norm.per == "establishment" and one.fact.startswith("activity."):
            told = "the cap of {norm} is shared by all activities of an establishment; ask a fact of the applicant"
            yield fault(f"{where}.fact", told, norm=name)
        if norm and one.cap_factor is not None and norm.cap is None:
            yield fault(f"{where}.cap_factor", "{norm} has no cap; name norms that have", norm=name)
        elif norm:
            yield from _varied_number_faults(name, norm, one, where)


def _varied(law: Parts, one: Variation) -> list[str]:
    """The norms whose numbers a variation changes."""
    return [name for name in law.norms if (name in one.norms if one.norms is not None else name not in (one.except_ or ()))]


def _varied_number_faults(name: str, norm: Norm, one: Variation, where: str) -> Iterator[Fault]:
    """What is wrong between the numbers of a norm where a variation holds."""
    changes = one.changes(norm)
    if any(isinstance(value, Fraction) and key != "rate" for key, value in changes.items()):
        yield fault(f"{where}.cap_factor", "factor × cap of {norm} is not a whole number of đồng", norm=name)
    elif changes:
        for wrong in _number_faults(f"norms.{name}", norm.model_copy(update=changes)):
            yield wrong.within(where)


def _clashes(law: Parts, one: Variation, other: Variation, where: str) -> Iterator[Fault]:
    """Two that can hold at once set different numbers, or different norms; and an id stands once."""
    if one.id == other.id:
        yield fault(f"{where}.id", "{given} stands twice; give it another id", given=other.id)
    apart = one.fact == other.fact and one.accepted.isdisjoint(other.accepted)
    both_set, shared = sorted(one.sets & other.sets), sorted({*_varied(law, one)} & {*_varied(law, other)})
    if both_set and shared and not apart and _share_days(one, other):
        told = "can hold together with {other}, and both set the {number} of {norms}; keep them apart by fact, norms or days"
        yield fault(where, told, other=one.id, number=both_set, norms=shared)


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


def _share_days(one: Condition | Variation, other: Condition | Variation) -> bool:
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
    for fact, answers in law.answers.items():
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


# The numbers of documents, their places, days and years are no amounts: "Decree 45/2012, Art. 6(1)", "of 2014", "năm 2014".
_DOCUMENT: Final = r"(?<![\w/.,])\d{1,5}/(?:\d{1,2}/)?\d{4}(?:/[\w-]+)?(?![\w/])|(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)"
_YEAR: Final = rf"(?:19|20)\d\d(?!\w|[.,]\d|\s*(?:%|{_UNIT}))"
_OF_DOCUMENTS: Final[Mapping[Lang, re.Pattern[str]]] = {
    "en": re.compile(
        rf"{_DOCUMENT}|(?<!\w)(?:Articles?|Art\.|[Cc]lauses?)\s+\d+(?:\(\d+\))*(?:\s+and\s+\(\d+\))*(?!\w|[.,]\d|\s*%)"
        rf"|(?<!\w)(?:of|in|since|year)\s+{_YEAR}"
    ),
    "vi": re.compile(rf"{_DOCUMENT}|(?<!\w)(?:Điều|điều|khoản|Khoản)\s+\d+(?!\w|[.,]\d|\s*%)|(?<!\w)năm\s+{_YEAR}"),
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
        >>> [one.text for one in numbers_in("Điều 6 Nghị định 45/2012/NĐ-CP năm 2012: 30%", "vi")]
        ['30%']
    """
    for found in _IN_SENTENCE.finditer(_OF_DOCUMENTS[lang].sub("", sentence)):
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
    yield from _compared(f"norms.{name}", norm.states, _numbers_of(norm))
    for lang in get_args(Lang):
        for other, pattern in _per(lang).items():
            if other != norm.per and pattern.search(norm.states[lang]):
                told = "states the cap per {other}, but per is {per}"
                yield fault(f"norms.{name}.states.{lang}", told, other=unit_name(other), per=norm.per)


def varied_sentences(index: int, one: Variation) -> Iterator[Fault]:
    """The same of a variation: its sentences state the numbers that it sets."""
    yield from _compared(f"variations[{index}]", one.states, _numbers_of(one))


def _compared(where: str, states: Text, numbers: Mapping[tuple[Fraction, bool], Text]) -> Iterator[Fault]:
    """The numbers of law against two sentences."""
    has = Text(en=listed(called.en for called in numbers.values()), vi=listed(called.vi for called in numbers.values()))
    for lang, miswritten in _MISWRITTEN.items():
        found = list(numbers_in(states[lang], lang))
        for one in found:
            number = shown(one.text)[1:-1]
            if one.value is None:
                yield fault(f"{where}.states.{lang}", miswritten, number=number)
            elif (one.value, one.percent) not in numbers:
                told = "states {number}, which the norm lacks ({has})"
                yield fault(f"{where}.states.{lang}", told, number=number, has=has)
        stated = {(one.value, one.percent) for one in found}
        missing = [called for number, called in numbers.items() if number not in stated]
        yield from [fault(f"{where}.states.{lang}", "does not state the {called}", called=called) for called in missing]


_MISWRITTEN: Final[Mapping[Lang, str]] = {
    "en": "the number {number} is not written as in English",
    "vi": "the number {number} is not written as in Vietnamese",
}
_FACTORS: Final = {"technology_line_factor": "technology_line_factor {factor}", "cap_factor": "cap_factor {factor}"}


@cache
def _per(lang: Lang) -> Mapping[Per, re.Pattern[str]]:
    """How a sentence says what a cap is stated for."""
    before, one = (r"\bper ", r"\bper ") if lang == "en" else ("(?:/ ?|mỗi )", "(?:/ ?|mỗi |một )")
    common = ("model", "establishment")  # a sentence may speak of "một sản phẩm" and mean no cap
    return {
        per: re.compile(rf"{one if per in common else before}{re.escape(unit_name(per)[lang])}\b") for per in get_args(Per)
    }


def _numbers_of(norm: Norm | Variation) -> Mapping[tuple[Fraction, bool], Text]:
    """The numbers of a norm or a variation, percentages or not, each with what it is called, as in `cap VND 300,000,000`."""
    numbers = {}
    if norm.cap is not None:
        numbers[Fraction(norm.cap), False] = both("cap VND {cap}", cap=norm.cap)
    if (rate := norm.rate) is not None:
        numbers[rate, True] = both("rate {rate}", rate=Text(en=percentage(rate), vi=percentage(rate, "vi")))
    key = "technology_line_factor" if isinstance(norm, Norm) else "cap_factor"
    if (factor := getattr(norm, key)) is not None:
        text = Text(en=decimal(factor), vi=decimal(factor, "vi"))
        numbers[factor, False] = both(_FACTORS[key], factor=text)
    if isinstance(norm, Norm) and norm.technology_line_cap is not None:
        raised = both("technology_line_cap VND {cap}", cap=norm.technology_line_cap)
        numbers[Fraction(norm.technology_line_cap), False] = raised
    if isinstance(norm, Norm) and norm.at_most is not None:
        numbers[Fraction(norm.at_most), False] = both("at_most {number}", number=norm.at_most)
    return numbers
