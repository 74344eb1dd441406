"""Programme record: what a dossier asks of a budget, and the plan that says what it receives, in immutable parts.

The decision taken here: a request carries the amounts of an assessment by norm, and only what is assured can be paid; the
table, the workbook and the JSON document of a plan are all read off one record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Annotated, Any, Final, Literal, Self, get_args

from pydantic import Field, PlainSerializer, ValidationError, WithJsonSchema, model_validator

from kcgrant.assessment.record import Assessment
from kcgrant.errors import Fault, InputError, fault, hint, shown
from kcgrant.fields import Code, Day, Document, Expected, LineOrEmpty, OneLine, Record, found, not_one_of, refused
from kcgrant.language import Text, both, decimal
from kcgrant.money import MOST_VND, exact
from kcgrant.programme.policies import Demand, Grant, best, pro_rata, ranked

Policy = Literal["ranked", "pro-rata", "best"]
Ranking = Literal["points", "place", "date"]
Outcome = Literal["funded", "partly-funded", "reserve", "below-floor", "waiting", "nothing"]

_A_SCORE: Final = Expected('points of 0 or more: a whole number, or text such as "87.5" with one or two decimals')
_POINTS: Final = r"\s*[0-9]{1,9}(?:[.,][0-9]{1,2})?\s*"  # "1.200" could be meant as a thousand two hundred

Points = Annotated[
    Fraction,
    exact(_POINTS, lambda points: 0 <= points <= 10**9, _A_SCORE, whole=True),
    PlainSerializer(decimal, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?$", "examples": ["87.5"]}),
]
"""Points that the centre gave, exact: a whole number, a `Fraction`, or text such as `"87.5"`; no float."""

_Amount = Annotated[int, Field(strict=True, ge=0), Expected("a whole number of đồng, 0 or more")]


class Share(Record):
    """What a dossier asks under one norm: at most `maximum_vnd`, of which `assured_vnd` whatever the open answers."""

    norm: Code
    maximum_vnd: _Amount
    assured_vnd: _Amount

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.assured_vnd > self.maximum_vnd:
            told = "given {assured}, more than the maximum of {maximum}; check both amounts"
            raise found(fault("assured_vnd", told, assured=str(self.assured_vnd), maximum=str(self.maximum_vnd)))
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

    reference: OneLine
    approved_on: Day
    shares: Annotated[tuple[Share, ...], Field(strict=False)]
    points: Points | None = None
    place: Annotated[int | None, Field(strict=True, ge=1), Expected("a whole number from 1, or null (not stated)")] = None
    establishment: LineOrEmpty = ""

    @model_validator(mode="after")
    def _one_share_a_norm(self) -> Self:
        times = Counter([share.norm for share in self.shares])
        if twice := [norm for norm in times if times[norm] > 1]:
            raise found(fault("shares", "{norm} stands there twice; add its amounts up", norm=min(twice)))
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
            raise InputError([fault("reference", "missing; every dossier of a plan needs one")])
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
class Programme(Document):
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


_OUTCOMES: Final = {outcome: place for place, outcome in enumerate(get_args(Outcome))} | {"partly-funded": 0}


def plan(
    requests: Iterable[Request],
    budget_vnd: int,
    policy: Policy,
    *,
    by: Ranking = "points",
    partial_last: bool = False,
    committed_vnd: int = 0,
    floor_vnd: int = 0,
    envelopes: Mapping[str, int] | None = None,
    known_norms: Iterable[str] = (),
) -> Programme:
    """A budget in whole đồng shared out over the requests by a policy; what each receives, and why.

    `ranked` serves the list in the order of `by`: the most points first, or the lowest place, or the earliest day; ties go
    to the earlier day, then to the lesser reference. Awards are whole: the list ends at the first dossier that what is left
    does not cover, or, with `partial_last`, that dossier receives what is left. `pro-rata` shares the budget in proportion
    to the assured amounts, by the largest remainder, ties to the lesser reference. `best` pays the selection with the most
    points (extra `best`).

    `committed_vnd` is taken from the budget first. `envelopes` are the most that may go to a norm; their order is the order
    in which they are filled, norms without one come last (`best` knows no order). Under `ranked` a dossier that its envelope
    does not cover closes it for those behind. No award is smaller than `floor_vnd`. `known_norms` are norms that an envelope
    may name although no request is under them.

    Raises:
        InputError: with every fault found: an amount, a policy, a ranking or an envelope that is none, two requests with the
            same reference, points or a place missing where they decide.
        TypeError: something else than a `Request` is among the requests.

    Example:
        >>> def asks(reference, points):
        ...     share = Share(norm="advanced-machinery", maximum_vnd=300_000_000, assured_vnd=300_000_000)
        ...     return Request(reference=reference, approved_on=date(2026, 3, 2), shares=(share,), points=points)
        >>> programme = plan([asks("KC-1", 70), asks("KC-2", 90)], 420_000_000, "ranked")
        >>> [(award.reference, award.awarded_vnd) for award in programme.awards]
        [('KC-2', 300000000), ('KC-1', 0)]
        >>> programme.reserve[0].reason.en
        'budget left 120,000,000 of 300,000,000'
    """
    every, limits = list(requests), dict(envelopes or {})
    if odd := next((one for one in every if not isinstance(one, Request)), None):
        raise TypeError(f"requests: given {shown(odd)}; expected Requests, such as Request.of(assessment)")
    faults = [*_amount_faults(budget_vnd, committed_vnd, floor_vnd, limits), *_word_faults(policy, by, partial_last)]
    faults += _norm_faults(limits, {share.norm for one in every for share in one.shares} | set(known_norms))
    faults += _request_faults(every, policy, by, floor_vnd if isinstance(floor_vnd, int) else 0)
    if faults:
        raise InputError(faults)
    queue = sorted([one for one in every if _competes(one, floor_vnd)], key=lambda one: _order(one, policy, by, limits))
    demands = [_demand(one, limits) for one in queue]
    available_vnd = budget_vnd - committed_vnd
    if policy == "ranked":
        grants = ranked(demands, available_vnd, limits, floor_vnd, partial_last=partial_last)
    elif policy == "pro-rata":
        grants = pro_rata(demands, available_vnd, limits, floor_vnd)
    else:
        grants = best(demands, available_vnd, limits)
    in_order = policy != "pro-rata"
    awards = [_award(*pair, rank if in_order else None) for rank, pair in enumerate(zip(queue, grants, strict=True), 1)]
    others = sorted([one for one in every if not _competes(one, floor_vnd)], key=lambda one: _order(one, policy, by, {}))
    awards += [_award(one, None, None, floor_vnd) for one in others]
    awards.sort(key=lambda award: _OUTCOMES[award.outcome])
    awarded_vnd = sum([award.awarded_vnd for award in awards])
    return Programme(
        policy=policy,
        by=by if policy == "ranked" else None,
        partial_last=partial_last,
        budget_vnd=budget_vnd,
        committed_vnd=committed_vnd,
        awarded_vnd=awarded_vnd,
        left_vnd=available_vnd - awarded_vnd,
        held_vnd=sum([award.held_vnd for award in awards]),
        floor_vnd=floor_vnd,
        points=sum([a.points for a in awards if a.points and a.awarded_vnd], Fraction(0)) if policy == "best" else None,
        envelopes=tuple([_envelope(norm, most_vnd, awards) for norm, most_vnd in limits.items()]),
        awards=tuple(awards),
    )


def _competes(request: Request, floor_vnd: int) -> bool:
    return request.assured_vnd > 0 and request.assured_vnd >= floor_vnd


def _order(request: Request, policy: Policy, by: Ranking, envelopes: Mapping[str, int]) -> tuple[object, ...]:
    """Where a request stands: first by the envelopes that it draws on, then by the centre's ranking; the last is unique."""
    if policy == "pro-rata":
        return (request.reference,)
    asked = {share.norm for share in request.shares if share.assured_vnd}
    filled = [place for place, norm in enumerate(envelopes) if norm in asked] if policy == "ranked" else []
    stated = {"points": -(request.points or 0), "place": request.place or MOST_VND, "date": 0}
    place = stated["points" if policy == "best" else by]
    return (min(filled, default=len(envelopes)), place, request.approved_on, request.reference)


def _demand(request: Request, envelopes: Mapping[str, int]) -> Demand:
    asked = {share.norm: share.assured_vnd for share in request.shares if share.assured_vnd}
    order = [*(norm for norm in envelopes if norm in asked), *sorted(asked.keys() - envelopes.keys())]
    return Demand(request.reference, {norm: asked[norm] for norm in order}, request.points or Fraction(0))


def _award(request: Request, grant: Grant | None, rank: int | None, floor_vnd: int = 0) -> Award:
    """What becomes of a request; without a grant it did not compete."""
    maximum_vnd, assured_vnd, paid = request.maximum_vnd, request.assured_vnd, grant.by_norm if grant else {}
    awarded_vnd = sum(paid.values())
    outcome: Outcome
    if grant:
        outcome = "reserve" if not awarded_vnd else "funded" if awarded_vnd == assured_vnd else "partly-funded"
        reason = grant.why
    elif assured_vnd:
        outcome = "below-floor"
        reason = both("assured {assured}, below the floor of {floor}", assured=assured_vnd, floor=floor_vnd)
    elif maximum_vnd:
        outcome, reason = "waiting", both("nothing assured yet; {held} is open", held=maximum_vnd)
    else:
        outcome, reason = "nothing", both("nothing can be supported")
    shares = sorted(request.shares, key=lambda share: share.norm)
    return Award(
        rank=rank,
        reference=request.reference,
        establishment=request.establishment,
        approved_on=request.approved_on,
        points=request.points,
        place=request.place,
        maximum_vnd=maximum_vnd,
        assured_vnd=assured_vnd,
        awarded_vnd=awarded_vnd,
        held_vnd=maximum_vnd - assured_vnd,
        outcome=outcome,
        reason=reason,
        parts=tuple([Part(share.norm, share.assured_vnd, paid.get(share.norm, 0)) for share in shares]),
    )


def _envelope(norm: str, most_vnd: int, awards: Sequence[Award]) -> Envelope:
    awarded_vnd = sum([part.awarded_vnd for award in awards for part in award.parts if part.norm == norm])
    return Envelope(norm, most_vnd, awarded_vnd, most_vnd - awarded_vnd)


# --- what can be wrong ------------------------------------------------------------------------------------------------


def _amount_faults(budget_vnd: Any, committed_vnd: Any, floor_vnd: object, envelopes: Mapping[str, int]) -> list[Fault]:
    named = [("budget_vnd", budget_vnd, 1), ("committed_vnd", committed_vnd, 0), ("floor_vnd", floor_vnd, 0)]
    named += [(_place_of(norm), most_vnd, 0) for norm, most_vnd in envelopes.items()]
    told = "given {amount}; expected a whole number of đồng from {least} to 10^15"
    faults = [
        fault(where, told, amount=_shown(given), least=least)
        for where, given, least in named
        if not isinstance(given, int) or isinstance(given, bool) or not least <= given <= MOST_VND
    ]
    if not faults and committed_vnd > budget_vnd:
        told = "given {amount}, more than the budget of {budget}; check both amounts"
        faults.append(fault("committed_vnd", told, amount=_shown(committed_vnd), budget=_shown(budget_vnd)))
    return faults


def _shown(given: object) -> object:
    plain = isinstance(given, int) and not isinstance(given, bool) and abs(given) <= MOST_VND**2
    return given if plain else shown(given)


def _place_of(norm: object) -> str:
    return f"envelopes.{shown(norm)[1:-1]}" if isinstance(norm, str) else f"envelopes[{shown(norm)}]"


def _word_faults(policy: object, by: object, partial_last: object) -> list[Fault]:
    words = (("policy", policy, get_args(Policy)), ("by", by, get_args(Ranking)))
    faults = [not_one_of(where, given, known) for where, given, known in words if given not in known]
    if partial_last and policy in ("pro-rata", "best"):
        told = "a partial last award belongs to ranked, not to {policy}; leave it out"
        faults.append(fault("partial_last", told, policy=policy))
    return faults


def _norm_faults(envelopes: Mapping[str, int], known: set[str]) -> list[Fault]:
    norms = sorted(known)
    told = "no such norm here; known: {norms}{hint}"
    return [fault(_place_of(norm), told, norms=norms, hint=hint(norm, norms)) for norm in envelopes if norm not in known]


_NEEDED: Final = {
    "points": "missing; {policy} needs the points that the centre gave each dossier",
    "place": "missing; {policy} needs the place that the centre gave each dossier",
}


def _request_faults(requests: Sequence[Request], policy: Policy, by: Ranking, floor_vnd: int) -> list[Fault]:
    told = "stands {times} times; each dossier of a plan has its own reference"
    counted = Counter([one.reference for one in requests]).items()
    faults = [fault(f"{reference}: reference", told, times=times) for reference, times in counted if times > 1]
    needed = "points" if policy == "best" else by if policy == "ranked" else ""
    if needed in _NEEDED:
        missing = [one for one in requests if getattr(one, needed) is None and _competes(one, floor_vnd)]
        faults += [fault(f"{one.reference}: {needed}", _NEEDED[needed], policy=policy) for one in missing]
    return sorted(faults, key=lambda fault: fault.where)
