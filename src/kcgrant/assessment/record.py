"""Record: what an assessment says, in immutable parts, and the JSON document it is written as.

The decision taken here: the record is plain data in whole đồng, with the law it was reached under; the explanation, the
JSON document and its schema are all read off it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import Field, PlainSerializer, SkipValidation

from kcgrant.application import FACT_COLUMNS, Application, Choice, Column, answer_name
from kcgrant.assessment.eligibility import Finding, Verdict
from kcgrant.fields import Document, adapter, described, maker
from kcgrant.language import Lang, Text
from kcgrant.law.norms import Limit, Note
from kcgrant.law.regulation import Regulation
from kcgrant.layout import Shown


@dataclass(frozen=True, slots=True)
class Option:
    """One lawful choice of what to support, with each step of its amount; all amounts in whole đồng.

    `id` is `all` (every activity, under the cap) or `technology-lines` (only those, under the raised cap). `activities`
    are the indices supported. `share_vnd` is the rate's share of `base_vnd`, or the base where no rate is stated;
    `share_left_vnd` and `cap_left_vnd` are what earlier support leaves of share and cap; `amount_vnd` is the lesser of them,
    and `binding` names the limits equal to it. Both caps are None where the law states none. `variations` are the ids of
    those that hold for these numbers.
    """

    id: Literal["all", "technology-lines"]
    activities: tuple[int, ...]
    base_vnd: int
    share_vnd: int
    cap_vnd: int | None
    prior_vnd: int
    cap_left_vnd: int | None
    amount_vnd: int
    binding: Annotated[
        frozenset[Limit], PlainSerializer(lambda limits: sorted(limits, reverse=True), return_type=list[Limit])
    ]
    share_left_vnd: int
    variations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Line(Shown):
    """The activities that share one cap, and what they can receive; every activity stands in exactly one line.

    `options` are the lawful choices if the open answers about these activities are favourable, `chosen` is the best of
    them and `maximum_vnd` its amount: the line's part of the maximum of the application. `assured` and `assured_vnd` are
    its part of what is assured. Both options are None where nothing of the line can be supported, or where the answers
    that make the total so large, or so small, shut this line out for the sake of another.
    """

    norm: str
    activities: tuple[int, ...]
    maximum_vnd: int
    assured_vnd: int
    options: tuple[Option, ...]
    chosen: Annotated[Option | None, PlainSerializer(lambda option: option and option.id, return_type=str | None)]
    assured: Option | None
    source: str


@dataclass(frozen=True, slots=True)
class Question:
    """An open fact whose answer can change an amount or the verdict.

    `fact` is as in a condition, or `activity.technology_line`, or `prior_support.technology_line`; `activity` and
    `prior_support` are indices where the fact is theirs. `condition` is the id of the condition that asks, or None where
    the answer decides which cap holds. `label` and `answers` are what a form shows.
    """

    fact: str
    activity: int | None
    prior_support: int | None
    condition: str | None
    text: Text
    column: Annotated[Column | None, SkipValidation, Field(exclude=True)] = field(default=None, compare=False, repr=False)

    @property
    def label(self) -> Text:
        """What the fact is called, in short."""
        return (self.column or FACT_COLUMNS[self.fact]).label

    @property
    def answers(self) -> tuple[Choice, ...]:
        """Every answer that the fact can have, each with what it is called."""
        column = self.column or FACT_COLUMNS[self.fact]
        languages = get_args(Lang)
        return tuple([Choice(one, Text(*[answer_name(column, one, lang) for lang in languages])) for one in column.answers])


@dataclass(frozen=True, slots=True)
class Reference:
    """Which law was applied: `digest` is the SHA-256 of its content, so that a later change of the data shows."""

    id: str
    document: str
    title: Text
    digest: str


AN_ASSESSMENT: Final = "an Assessment, such as assess(application)"


def reference_to(law: Regulation) -> Reference:
    """The reference to a regulation that a document holds.

    Example:
        >>> from kcgrant import catalogue
        >>> reference_to(catalogue.get("national-28-2018")).document
        '28/2018/TT-BTC'
    """
    return Reference(law.id, law.document, law.title, law.digest)


@dataclass(frozen=True, slots=True, repr=False)
class Assessment(Document):
    """The answer: the ceiling that the law sets for an application, and why. It is not an entitlement.

    `maximum_vnd` is the most the law allows, if every open answer is favourable; `assured_vnd` is what remains if none
    is; both in whole đồng and the sums over `lines`. Where nothing is open they are equal.
    """

    reference: str | None
    regulation: Annotated[Regulation, PlainSerializer(reference_to, return_type=Reference)]
    approved_on: date
    verdict: Verdict
    maximum_vnd: int
    assured_vnd: int
    activity_verdicts: tuple[Verdict, ...]
    lines: tuple[Line, ...]
    findings: tuple[Finding, ...]
    questions: tuple[Question, ...]
    readings: tuple[Note, ...]
    notes: tuple[Note, ...]
    application: Annotated[Application, Field(exclude=True)]

    def to_json(self, *, indent: int | None = None) -> str:
        """The record as JSON text: the same bytes for equal inputs, in one line unless an indent is given."""
        if indent is not None:
            return super(Assessment, self).to_json(indent=indent)
        head = adapter(Assessment).serializer.to_json(self, by_alias=True, exclude=_IN_COMMON).decode()
        return "".join([head[:-1], *[_written(self, name) for name in _LAST], "}"])

    def __bool__(self) -> bool:
        """Always an error: neither "eligible" nor "more than nothing" is meant by the truth of an assessment.

        Raises:
            TypeError: always.
        """
        raise TypeError("an assessment is neither true nor false; ask for its verdict or its maximum_vnd")


_LAST: Final = ("findings", "questions", "readings", "notes")
"""The last parts of a document, in their order: most assessments have them in common with others, as the same tuples."""
_IN_COMMON: Final = set(_LAST)
_MOST_WRITTEN: Final = 1000
_WRITTEN: Final[dict[tuple[str, int], tuple[object, str]]] = {}  # by identity, which holds while the part is kept beside


def _written(record: Assessment, name: str) -> str:
    """One of the parts in common, as it stands in a document behind the others; written once, and kept."""
    part = getattr(record, name)
    kept = _WRITTEN.get((name, id(part)))
    if kept is None or kept[0] is not part:
        if len(_WRITTEN) >= _MOST_WRITTEN:
            _WRITTEN.clear()
        alone = adapter(Assessment).serializer.to_json(record, by_alias=True, include={name}).decode()
        _WRITTEN[name, id(part)] = kept = part, f",{alone[1:-1]}"
    return kept[1]


new_option, new_line, new_assessment = maker(Option), maker(Line), maker(Assessment)
"""`Option`, `Line` and `Assessment` as the engine makes them: the same, sooner."""


def json_schema() -> dict[str, Any]:
    """The JSON schema of the document that `Assessment.to_json` writes."""
    return described(adapter(Assessment).json_schema(mode="serialization"))
