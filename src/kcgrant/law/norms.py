"""Norms: what a regulation is made of: sources, norms with their limits, conditions, readings, notes, days.

The decision taken here: a norm or a condition is a table of numbers, words and a source; there is no expression language.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Final, Literal, NamedTuple, get_args

from pydantic import AfterValidator, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from kcgrant.application import FACTS
from kcgrant.fields import Code, Expected, OneLine, Record, clean, one_of
from kcgrant.language import Text, both, listed
from kcgrant.money import VND, Factor, Rate, share_of

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


def _known_fact(fact: str) -> str:
    if fact not in FACTS:
        raise one_of(tuple(FACTS)).refusal()
    return fact


def _each_once(values: tuple[str, ...]) -> tuple[str, ...]:
    if repeated := [value for value, times in Counter(values).items() if times > 1]:
        raise Expected("each word once, not {repeated} twice", repeated=listed(repeated)).refusal()
    return values


Sentence = Annotated[Text, _BothLanguages()]
Codes = Annotated[tuple[Code, ...], Field(strict=False, min_length=1, max_length=MOST_ENTRIES), AfterValidator(_each_once)]
Per = Literal["model", "establishment"]
Is = Literal["one of", "yes", "no"]
About = Literal["rate-less", "per-model", "per-establishment", "technology-line"]
Certainty = Literal["A", "B", "C"]


class Source(Record):
    """Where a number of law was found. `certainty`: A legal publisher or portal, B trade or provincial press, C weak."""

    title: OneLine
    publisher: OneLine
    address: OneLine | None = None
    certainty: Annotated[Certainty, one_of(get_args(Certainty))]


Limit = Literal["rate", "cap"]

_RATE: Final[frozenset[Limit]] = frozenset({"rate"})
_CAP: Final[frozenset[Limit]] = frozenset({"cap"})
_BOTH: Final = _RATE | _CAP


class Limits(NamedTuple):
    """The limits of support at a cost, in whole đồng: the rate's share of it, and what earlier support leaves of the cap.

    Where no rate is stated, the share is the cost itself (reading `rate-less`).
    """

    share_vnd: int
    cap_vnd: int
    cap_left_vnd: int

    @property
    def named(self) -> tuple[tuple[Limit, int], ...]:
        """The limits in order, each with its amount."""
        return (("rate", self.share_vnd), ("cap", self.cap_left_vnd))

    @property
    def amount_vnd(self) -> int:
        """The most support: the least of the limits."""
        share, left = self.share_vnd, self.cap_left_vnd
        return share if share < left else left  # noqa: FURB136 - called for every line; `min` takes three times as long

    @property
    def binding(self) -> frozenset[Limit]:
        """The limits that are equal to the amount."""
        if self.share_vnd == self.cap_left_vnd:
            return _BOTH
        return _RATE if self.share_vnd < self.cap_left_vnd else _CAP


class Norm(Record):
    """One kind of support: at most `rate` of the cost, and not over `cap` đồng per model or per establishment.

    `rate` is None where the law states no percentage: then the cost itself is the limit (reading `rate-less`).
    """

    title: Sentence | None = None
    rate: Rate | None = None
    cap: VND
    per: Annotated[Per, one_of(get_args(Per))]
    technology_line_factor: Factor | None = None
    source: Code
    states: Sentence

    @cached_property
    def technology_line_cap_vnd(self) -> int | None:
        """The cap in đồng when only technology lines are supported; None where the law knows no such cap."""
        return None if self.technology_line_factor is None else int(self.cap * self.technology_line_factor)

    @cached_property
    def shapes(self) -> frozenset[str]:
        """What the norm is, as far as a reading may be about it."""
        of_lines = {"technology-line"} if self.technology_line_factor is not None else set()
        return frozenset({f"per-{self.per}"} | of_lines | ({"rate-less"} if self.rate is None else set()))

    def limits(self, cost_vnd: int, prior_vnd: int = 0, *, technology_lines: bool = False) -> Limits:
        """The curve of support: its limits at a cost, the share rounded down; support is the least of them.

        The cap is raised when only technology lines are supported; earlier support never leaves less than 0 of it.

        Example:
            >>> from kcgrant import catalogue
            >>> machinery = catalogue.get("hung-yen-553-2025").norms["advanced-machinery"]
            >>> machinery.limits(800_000_000, 50_000_000, technology_lines=True)
            Limits(share_vnd=400000000, cap_vnd=450000000, cap_left_vnd=400000000)
        """
        share = cost_vnd if self.rate is None else share_of(cost_vnd, self.rate)
        cap = (technology_lines and self.technology_line_cap_vnd) or self.cap
        return Limits(share, cap, cap - prior_vnd if prior_vnd < cap else 0)


class Condition(Record):
    """What must be true of the applicant or an activity, on the days from `since` to `until`, both inclusive.

    It applies to the norms named in `norms`, or to all but those in `except_`, or to all. `accepted` holds the answers
    that meet it.
    """

    id: Code
    fact: Annotated[str, one_of(tuple(FACTS)), AfterValidator(_known_fact)]
    is_: Annotated[Is, one_of(get_args(Is))] = Field(alias="is")
    values: Codes | None = None
    norms: Codes | None = None
    except_: Codes | None = Field(None, alias="except")
    since: WrittenDay | None = Field(None, alias="from")
    until: WrittenDay | None = None
    changeable: Annotated[bool | None, Expected("true or false")] = None
    question: Sentence
    source: Code

    @cached_property
    def accepted(self) -> frozenset[str | bool]:
        """The answers that meet the condition."""
        return frozenset(self.values or ()) if self.is_ == "one of" else frozenset([self.is_ == "yes"])

    def applies(self, norm: str, on: date) -> bool:
        """Whether the condition is asked of an activity under this norm on this day."""
        if (self.since and on < self.since) or (self.until and on > self.until):
            return False
        return norm in self.norms if self.norms is not None else norm not in (self.except_ or ())


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
            >>> Period.model_validate({"from": date(2025, 2, 18)}).in_words().vi
            'từ 18/02/2025'
        """
        return both("from {since} to {until}" if self.until else "from {since}", since=self.since, until=self.until)
