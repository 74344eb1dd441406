"""Norms: what a regulation is made of: sources, norms with their limits, conditions, variations, readings, notes, days.

The decision taken here: a norm or a condition is a table of numbers, words and a source; there is no expression language.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Final, Literal, NamedTuple, get_args

from pydantic import AfterValidator, Field, GetCoreSchemaHandler, WithJsonSchema
from pydantic_core import CoreSchema, core_schema

from kcgrant.application import FACTS, OWN_FACT, YES_NO, Answer, Column, own_column
from kcgrant.fields import Code, Expected, FrozenMap, OneLine, Record, clean, one_of
from kcgrant.language import Text, both, listed
from kcgrant.money import VND, Factor, Rate, part_of

MOST_ENTRIES: Final = 100  # norms, conditions, sources, readings or notes

WrittenDay = Annotated[date, Expected("a day without quotes, such as 2026-03-02")]


class _BothLanguages:
    """A sentence in both languages, each of them readable text of at most 2000 characters."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        a_sentence = Expected("a sentence in quotes, of 1 to 2000 characters")
        text = handler.generate_schema(
            Annotated[str, Field(strict=True, min_length=1, max_length=2000), a_sentence, AfterValidator(clean)]
        )
        fields = [core_schema.dataclass_field(lang, text, kw_only=False) for lang in ("en", "vi")]
        arguments = core_schema.dataclass_args_schema("Text", fields)
        return core_schema.dataclass_schema(
            Text, arguments, ["en", "vi"], slots=True, strict=False, config={"extra_fields_behavior": "forbid"}
        )


_A_FACT: Final = Expected("one of {known}", tuple(FACTS), known=", ".join(FACTS))


def _known_fact(fact: str) -> str:
    if fact not in FACTS and not OWN_FACT.fullmatch(fact) and fact != "establishment.former_province":
        raise _A_FACT.refusal()
    return fact


def _each_once(values: tuple[str, ...]) -> tuple[str, ...]:
    if repeated := [value for value, times in Counter(values).items() if times > 1]:
        raise Expected("each word once, not {repeated} twice", repeated=listed(repeated)).refusal()
    return values


Sentence = Annotated[Text, _BothLanguages()]
Codes = Annotated[tuple[Code, ...], Field(strict=False, min_length=1, max_length=MOST_ENTRIES), AfterValidator(_each_once)]
Named = Annotated[
    str,
    _A_FACT,
    AfterValidator(_known_fact),
    WithJsonSchema({"anyOf": [{"enum": list(FACTS)}, {"type": "string", "pattern": f"^{OWN_FACT.pattern}$"}]}),
]
"""The name of a fact that a condition or a variation asks about: one of the fixed ones, or one of the regulation itself."""

Per = Literal[
    "establishment",
    "model",
    "enterprise",
    "brand",
    "product",
    "round",
    "course",
    "trip",
    "association",
    "linkage-cluster",
    "industrial-cluster",
    "craft-village",
    "person",
]
"""What a cap is stated for: all that an establishment receives, or each unit of another kind by itself."""

_UNITS: Final[Mapping[Per, str]] = {
    "establishment": "establishment",
    "model": "model",
    "enterprise": "enterprise",
    "brand": "brand",
    "product": "product",
    "round": "round of selection",
    "course": "course",
    "trip": "trip",
    "association": "association",
    "linkage-cluster": "linkage cluster",
    "industrial-cluster": "industrial cluster",
    "craft-village": "craft village",
    "person": "person",
}


def unit_name(per: Per) -> Text:
    """What a cap is stated for, as it is called.

    Example:
        >>> unit_name("linkage-cluster").en
        'linkage cluster'
    """
    return both(_UNITS[per])


Is = Literal["one of", "yes", "no"]
About = Literal["rate-less", "per-model", "per-unit", "per-establishment", "technology-line", "counted"]
Number = Literal["rate", "cap", "technology_line_cap"]
Certainty = Literal["A", "B", "C"]


class Source(Record):
    """Where a number of law was found. `certainty`: A legal publisher or portal, B trade or provincial press, C weak."""

    title: OneLine
    publisher: OneLine
    address: OneLine | None = None
    certainty: Annotated[Certainty, one_of(get_args(Certainty))]


Limit = Literal["rate", "cost", "cap"]

_ONLY: Final[dict[Limit, frozenset[Limit]]] = {limit: frozenset({limit}) for limit in get_args(Limit)}
_WITH_CAP: Final[dict[Limit, frozenset[Limit]]] = {limit: frozenset({limit, "cap"}) for limit in get_args(Limit)}


class Limits(NamedTuple):
    """The limits of support at a cost, in whole đồng: the rate's share of it and the cap, and what earlier support leaves.

    Where no rate is stated, the share is the cost itself (reading `rate-less`), and `of` is "cost"; where no cap is, the
    cap and what is left of it are None. Earlier support leaves less of the share only for a unit of its own (reading
    `prior-model`).
    """

    share_vnd: int
    cap_vnd: int | None
    cap_left_vnd: int | None
    share_left_vnd: int
    of: Literal["rate", "cost"] = "rate"

    @property
    def named(self) -> tuple[tuple[Limit, int], ...]:
        """The limits in order, each with its amount."""
        share: tuple[Limit, int] = (self.of, self.share_left_vnd)
        return (share,) if self.cap_left_vnd is None else (share, ("cap", self.cap_left_vnd))

    @property
    def amount_vnd(self) -> int:
        """The most support: the least of the limits."""
        share, left = self.share_left_vnd, self.cap_left_vnd
        return share if left is None or share < left else left

    @property
    def binding(self) -> frozenset[Limit]:
        """The limits that are equal to the amount."""
        share, left = self.share_left_vnd, self.cap_left_vnd
        if left is None or share < left:
            return _ONLY[self.of]
        return _WITH_CAP[self.of] if share == left else _ONLY["cap"]


class Norm(Record):
    """One kind of support: at most `rate` of the cost, and not over `cap` đồng per establishment or other unit.

    `rate` is None where the law states no percentage: then the cost itself is the limit (reading `rate-less`); `cap` is
    None where it states no cap. A `counted` norm has its cap for each of the units that an activity states as its
    `quantity`, `at_most` so many. `clause` is where it stands in the document.
    """

    title: Sentence | None = None
    rate: Rate | None = None
    cap: VND | None = None
    per: Annotated[Per, one_of(get_args(Per))]
    counted: Annotated[bool | None, Expected("true or false")] = None
    at_most: Annotated[int | None, Field(ge=1, le=10**6), Expected("a whole number of units from 1 to 1000000")] = None
    technology_line_factor: Factor | None = None
    technology_line_cap: VND | None = None
    clause: OneLine | None = None
    source: Code
    states: Sentence

    @cached_property
    def technology_line_cap_vnd(self) -> int | None:
        """The cap in đồng when only technology lines are supported; None where the law knows no such cap."""
        if self.technology_line_factor is None or self.cap is None:
            return self.technology_line_cap
        return int(self.cap * self.technology_line_factor)

    @cached_property
    def pooled(self) -> bool:
        """Whether all activities of an establishment share the cap; otherwise each is a unit with a cap of its own."""
        return self.per == "establishment"

    @cached_property
    def shapes(self) -> frozenset[str]:
        """What the norm is, as far as a reading may be about it."""
        has = {
            f"per-{self.per}": True,
            "per-unit": not self.pooled,
            "technology-line": self.technology_line_cap_vnd is not None,
            "rate-less": self.rate is None,
            "counted": bool(self.counted),
        }
        return frozenset(shape for shape, holds in has.items() if holds)

    @cached_property
    def _ratio(self) -> tuple[Literal["rate", "cost"], int, int]:
        """What the share of a cost is by, and its numerator and denominator."""
        return ("cost", 1, 1) if self.rate is None else ("rate", self.rate.numerator, self.rate.denominator)

    def limits(
        self, cost_vnd: int, prior_vnd: int = 0, *, technology_lines: bool = False, quantity: int | None = None
    ) -> Limits:
        """The curve of support: its limits at a cost, the share rounded down; support is the least of them.

        The cap is raised when only technology lines are supported, and holds for each unit of a `quantity`. Earlier support
        is taken from the cap, and for a unit other than the establishment from the share as well (reading `prior-model`);
        it never leaves less than 0.

        Example:
            >>> from kcgrant import catalogue
            >>> machinery = catalogue.get("hung-yen-553-2025").norms["advanced-machinery"]
            >>> machinery.limits(800_000_000, 50_000_000, technology_lines=True).named
            (('rate', 400000000), ('cap', 400000000))
        """
        of, numerator, denominator = self._ratio
        share = part_of(cost_vnd, numerator, denominator)
        cap = (technology_lines and self.technology_line_cap_vnd) or self.cap
        left = share
        if prior_vnd and not self.pooled:
            left = share - prior_vnd if prior_vnd < share else 0
        if cap is None:
            return Limits(share, None, None, left, of)
        if quantity is not None:
            cap *= quantity if self.at_most is None else min(quantity, self.at_most)
        return Limits(share, cap, cap - prior_vnd if prior_vnd < cap else 0, left, of)


class _Asking(Record):
    """What asks for a fact, on the days from `since` to `until`, both inclusive, of some norms.

    It applies to the norms named in `norms`, or to all but those in `except_`, or to all. `accepted` holds the answers
    of which it is true.
    """

    id: Code
    fact: Named
    is_: Annotated[Is, one_of(get_args(Is))] = Field(alias="is")
    values: Codes | None = None
    norms: Codes | None = None
    except_: Codes | None = Field(None, alias="except")
    since: WrittenDay | None = Field(None, alias="from")
    until: WrittenDay | None = None

    @cached_property
    def accepted(self) -> frozenset[str | bool]:
        """The answers of which it is true."""
        return frozenset(self.values or ()) if self.is_ == "one of" else frozenset([self.is_ == "yes"])

    def applies(self, norm: str, on: date) -> bool:
        """Whether it asks of an activity under this norm on this day."""
        if (self.since and on < self.since) or (self.until and on > self.until):
            return False
        return self.is_of(norm)

    def is_of(self, norm: str) -> bool:
        """Whether it asks of an activity under this norm on any day."""
        return norm in self.norms if self.norms is not None else norm not in (self.except_ or ())


class Condition(_Asking):
    """What must be true of the applicant or an activity, on the days from `since` to `until`, both inclusive.

    It applies to the norms named in `norms`, or to all but those in `except_`, or to all. `accepted` holds the answers
    that meet it.
    """

    changeable: Annotated[bool | None, Expected("true or false")] = None
    question: Sentence
    source: Code


class Variation(_Asking):
    """Other numbers of some norms, where a fact has one of the answers `accepted`: a rate, a cap, or a factor of it."""

    rate: Rate | None = None
    cap: VND | None = None
    cap_factor: Factor | None = None
    states: Sentence
    source: Code

    @cached_property
    def sets(self) -> frozenset[Number]:
        """The numbers of a norm that it sets."""
        named: dict[Number, object] = {"rate": self.rate, "cap": self.cap or self.cap_factor}
        return frozenset(number for number, value in named.items() if value is not None)

    def changes(self, norm: Norm) -> dict[str, Any]:
        """The numbers of a norm where it holds; a factor multiplies every cap of the norm."""
        changed: dict[str, Any] = {} if self.rate is None else {"rate": self.rate}
        if self.cap is not None:
            changed["cap"] = self.cap
        elif self.cap_factor is not None:
            for key in ("cap", "technology_line_cap"):
                if (cap := getattr(norm, key)) is not None:
                    raised = cap * self.cap_factor
                    changed[key] = int(raised) if raised.denominator == 1 else raised
        return changed


class OwnFact(Record):
    """A fact that a regulation declares itself, of the applicant, the application or an activity.

    It is answered by yes or no, or by one of its `values`, which are called as `names` say.
    """

    of: Annotated[Literal["establishment", "application", "activity"], one_of(("establishment", "application", "activity"))]
    values: Codes | None = None
    names: Annotated[Mapping[Code, Sentence], AfterValidator(FrozenMap)] = FrozenMap()
    label: Sentence
    question: Sentence

    def column(self, name: str) -> Column:
        """The fact with its answers, as a column of the flat form."""
        answers: tuple[Answer, ...] = self.values or YES_NO
        return own_column(name, self.of, answers, self.label, self.names)


class Unexpressed(Record):
    """What the text says of some norms, or of all, and the file cannot: the maximum is a bound, and nothing is assured.

    With an empty list it is of none of the norms of the file, and bounds nothing.
    """

    norms: Annotated[tuple[Code, ...], Field(strict=False, max_length=MOST_ENTRIES), AfterValidator(_each_once)] | None = (
        None
    )
    text: Sentence

    def bounds(self, norm: str) -> bool:
        """Whether it is of a norm."""
        return self.norms is None or norm in self.norms


class Reading(Record):
    """How an open text is read; it is used with the norms it names, or that are what it is `about`, else with all."""

    id: Code
    norms: Codes | None = None
    about: Annotated[About | None, one_of(get_args(About))] = None
    text: Sentence


class Note(Record):
    """What is not known, or should be known, about a regulation or a result; printed with every result it belongs to."""

    id: Code
    text: Sentence


class Period(Record):
    """The days on which a regulation is in force, both ends inclusive; `until` is None while it still is."""

    since: WrittenDay = Field(alias="from")
    until: WrittenDay | None = None

    def covers(self, on: date) -> bool:
        """Whether the day lies in the period."""
        return self.since <= on and (self.until is None or on <= self.until)

    def in_words(self) -> Text:
        """The days as a part of a sentence.

        Example:
            >>> Period.model_validate({"from": date(2025, 2, 28)}).in_words().vi
            'từ 28/02/2025'
        """
        return both("from {since} to {until}" if self.until else "from {since}", since=self.since, until=self.until)
