"""Programme record: what a dossier asks of a budget, and the plan that says what it receives, in immutable parts.

The decision taken here: a request carries the amounts of an assessment by norm, and only what is assured can be paid; the
table, the workbook and the JSON document of a plan are all read off one record.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    AfterValidator,
    Field,
    PlainSerializer,
    PlainValidator,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from kcgrant.assess import Assessment
from kcgrant.door import A_TEXT, Code, Day, Expected, Line, Record, clean, refused
from kcgrant.errors import Fault, InputError, Text
from kcgrant.money import decimal

Policy = Literal["ranked", "pro-rata", "best"]
Ranking = Literal["points", "place", "date"]
Outcome = Literal["funded", "partly-funded", "reserve", "below-floor", "waiting", "nothing"]

_MOST_POINTS: Final = 10**9
_POINTS = re.compile(r"[0-9]{1,9}(?:[.,][0-9]{1,2})?", re.ASCII)  # "1.200" could be meant as a thousand two hundred
_A_SCORE = Expected(
    'points of 0 or more: a whole number, or text such as "87.5" with one or two decimals',
    'điểm từ 0 trở lên: một số nguyên, hoặc chữ trong ngoặc kép như "87,5", có một hoặc hai chữ số lẻ',
)


def _points(value: object) -> Fraction:
    if isinstance(value, str) and _POINTS.fullmatch(value.strip()):
        return Fraction(value.strip().replace(",", "."))
    if isinstance(value, int | Fraction) and not isinstance(value, bool) and 0 <= value <= _MOST_POINTS:
        return Fraction(value)
    raise _A_SCORE.refusal()


Points = Annotated[
    Fraction,
    PlainValidator(_points),
    PlainSerializer(decimal, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?$", "examples": ["87.5"]}),
]
"""Points that the centre gave, exact: a whole number, a `Fraction`, or text such as `"87.5"`; no float."""

_Amount = Annotated[
    int,
    Field(strict=True, ge=0),
    Expected("a whole number of đồng, 0 or more", "một số nguyên đồng, từ 0 trở lên"),
]


class Share(Record):
    """What a dossier asks under one norm: at most `maximum_vnd`, of which `assured_vnd` whatever the open answers."""

    norm: Code
    maximum_vnd: _Amount
    assured_vnd: _Amount

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.assured_vnd > self.maximum_vnd:
            en = f"given {self.assured_vnd}, more than the maximum of {self.maximum_vnd}; check both amounts"
            vi = f"giá trị {self.assured_vnd}, lớn hơn mức tối đa {self.maximum_vnd}; hãy kiểm tra cả hai số tiền"
            raise _faulty("assured_vnd", en, vi)
        return self


class Request(Record):
    """A dossier that asks for a part of the year's budget.

    `points` and `place` (1 is first) are the centre's own ranking, `None` where it gave none. Building one in Python raises
    pydantic's `ValidationError`; `of` raises `InputError`.

    Example:
        >>> share = Share(norm="advanced-machinery", maximum_vnd=410_000_000, assured_vnd=300_000_000)
        >>> Request(reference="KC-1", approved_on=date(2026, 3, 2), shares=(share,), points="87,5").points
        Fraction(175, 2)
    """

    reference: Line
    approved_on: Day
    shares: Annotated[tuple[Share, ...], Field(strict=False)]
    points: Points | None = None
    place: Annotated[
        int | None,
        Field(strict=True, ge=1),
        Expected("a whole number from 1, or null (not stated)", "một số nguyên từ 1, hoặc null (chưa nêu)"),
    ] = None
    establishment: Annotated[str, Field(max_length=1000), A_TEXT, AfterValidator(clean)] = ""

    @model_validator(mode="after")
    def _one_share_a_norm(self) -> Self:
        norms = [share.norm for share in self.shares]
        if twice := sorted({norm for norm in norms if norms.count(norm) > 1}):
            en = f"{twice[0]} stands there twice; add its amounts up"
            raise _faulty("shares", en, f"{twice[0]} xuất hiện hai lần; hãy cộng số tiền lại")
        return self

    @classmethod
    def of(cls, assessment: Assessment, points: object = None, place: object = None) -> Self:
        """The request that an assessment makes, with the points or the place that the centre gave it.

        Raises:
            InputError: the assessment has no reference, or the points or the place are none.

        Example:
            >>> from kcgrant import Activity, Application, Establishment, assess
            >>> halo = Establishment(name="Halo Mold Tech", province="hung-yen")
            >>> drill = Activity(norm="advanced-machinery", cost_vnd=800_000_000, technology_line=False)
            >>> stated = Application(reference="KC-1", approved_on=date(2026, 3, 2), establishment=halo, activities=[drill])
            >>> request = Request.of(assess(stated), points=80)
            >>> request.maximum_vnd, request.assured_vnd
            (300000000, 0)
        """
        amounts: dict[str, tuple[int, int]] = {}
        for line in assessment.lines:
            maximum_vnd, assured_vnd = amounts.get(line.norm, (0, 0))
            amounts[line.norm] = maximum_vnd + line.maximum_vnd, assured_vnd + line.assured_vnd
        if assessment.reference is None:
            en, vi = "missing; every dossier of a plan needs one", "còn thiếu; mỗi hồ sơ trong kế hoạch cần có số hồ sơ"
            raise InputError([Fault("reference", Text(en=en, vi=vi))])
        try:
            return cls(
                reference=assessment.reference,
                approved_on=assessment.approved_on,
                shares=tuple(Share(norm=norm, maximum_vnd=m, assured_vnd=a) for norm, (m, a) in amounts.items()),
                points=points,  # type: ignore[arg-type]
                place=place,  # type: ignore[arg-type]
                establishment=assessment.application.establishment.name,
            )
        except ValidationError as error:
            raise refused(InputError, error, cls) from None

    @property
    def maximum_vnd(self) -> int:
        """The ceiling over all norms."""
        return sum([share.maximum_vnd for share in self.shares])

    @property
    def assured_vnd(self) -> int:
        """What is assured over all norms."""
        return sum([share.assured_vnd for share in self.shares])


def _faulty(where: str, en: str, vi: str) -> PydanticCustomError:
    return PydanticCustomError("faults", "{text}", {"text": en, "faults": [Fault(where, Text(en=en, vi=vi))]})


@dataclass(frozen=True, slots=True)
class Part:
    """What a dossier receives under one norm, in whole đồng."""

    norm: str
    assured_vnd: int
    awarded_vnd: int


@dataclass(frozen=True, slots=True)
class Award:
    """What one dossier receives, and why; all amounts in whole đồng.

    `rank` is its place in the order of the policy, from 1; None where there is no order (`pro-rata`), nothing is assured, or
    less than the floor. `held_vnd` is what hangs on its open questions: maximum less assured. `outcome` is `funded` (with
    all that is assured), `partly-funded`, `reserve` (the reserve list), `below-floor` (assured less than the floor),
    `waiting` (nothing is assured yet) or `nothing` (nothing can be supported).
    """

    rank: int | None
    reference: str
    establishment: str
    approved_on: date
    points: Points | None
    place: int | None
    maximum_vnd: int
    assured_vnd: int
    awarded_vnd: int
    held_vnd: int
    outcome: Outcome
    reason: Text
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Envelope:
    """The most that may go to one norm, what went to it, and what is left of it, in whole đồng."""

    norm: str
    amount_vnd: int
    awarded_vnd: int
    left_vnd: int


@dataclass(frozen=True, slots=True)
class Programme:
    """A budget shared out: `budget_vnd` = `committed_vnd` + `awarded_vnd` + `left_vnd`, to the đồng.

    `held_vnd` is what hangs on open questions over all dossiers; it is not taken out of the budget. `by` is the ranking of
    the policy `ranked`, else None; `points` the sum over the selection of the policy `best`, else None. `awards` holds every
    request once: those paid, the reserve list, those below the floor, those waiting, the rest; each group in its order.
    """

    policy: Policy
    by: Ranking | None
    partial_last: bool
    budget_vnd: int
    committed_vnd: int
    awarded_vnd: int
    left_vnd: int
    held_vnd: int
    floor_vnd: int
    points: Points | None
    envelopes: tuple[Envelope, ...]
    awards: tuple[Award, ...]

    @property
    def available_vnd(self) -> int:
        """The budget less what was committed before."""
        return self.budget_vnd - self.committed_vnd

    @property
    def reserve(self) -> tuple[Award, ...]:
        """The reserve list: dossiers with an assured amount that received nothing, in their order."""
        return tuple(award for award in self.awards if award.outcome == "reserve")

    def to_dict(self) -> dict[str, Any]:
        """The plan as a document of plain values, as `to_json` writes it."""
        document: dict[str, Any] = _adapter().dump_python(self, mode="json")
        return document

    def to_json(self, *, indent: int | None = None) -> str:
        """The plan as JSON text: the same bytes for equal inputs, in one line unless an indent is given."""
        return _adapter().serializer.to_json(self, indent=indent).decode()


@cache
def _adapter() -> TypeAdapter[Programme]:
    return TypeAdapter(Programme)
