"""Programme record: what a dossier asks of a budget, and the plan that says what it receives, in immutable parts.

The decision taken here: a request carries the amounts of an assessment by norm, and only what is assured can be paid; the
table, the workbook and the JSON document of a plan are all read off one record.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from itertools import combinations
from typing import Annotated, Any, Final, Literal, Self, get_args

from pydantic import Field, PlainSerializer, SkipValidation, ValidationError, WithJsonSchema, model_validator

from kcgrant.assessment.explanation import title_of, why_nothing
from kcgrant.assessment.record import Assessment
from kcgrant.errors import Fault, InputError, expect, fault, hint, shown
from kcgrant.fields import (
    Day,
    Document,
    Expected,
    FrozenMap,
    LineOrEmpty,
    OneLine,
    Record,
    Several,
    found,
    not_one_of,
    refused,
)
from kcgrant.language import Lang, Text, both, decimal, listed
from kcgrant.money import MOST_VND, VND, exact
from kcgrant.programme.claims import Asked, Claim, Claims, Share, shares_of, sharing
from kcgrant.programme.policies import Bundle, Demand, Grant, Pot, best, competes, late, pro_rata, ranked, rounded

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


class Request(Record):
    """A dossier that asks for a part of the year's budget.

    `points` and `place` (1 is first) are the centre's own ranking, `None` where it gave none. With a `claim` it is
    assessed anew beside the awards that its establishment gets before it. Building one in Python raises pydantic's
    `ValidationError`; `of` raises `InputError`.

    Example:
        >>> share = Share(norm="advanced-machinery", maximum_vnd=410_000_000, assured_vnd=300_000_000)
        >>> Request(reference="KC-1", approved_on=date(2026, 3, 2), shares=(share,), points="87,5").points
        Fraction(175, 2)
    """

    reference: OneLine
    approved_on: Day
    shares: Annotated[Several[Share], Field(strict=False)]
    points: Points | None = None
    place: Annotated[int | None, Field(strict=True, ge=1), Expected("a whole number from 1, or null (not stated)")] = None
    establishment: LineOrEmpty = ""
    title: LineOrEmpty = ""
    address: LineOrEmpty = ""
    requested_vnd: Annotated[VND | None, Field()] = None
    claim: Annotated[Claim | None, SkipValidation, Field(exclude=True, repr=False)] = None

    @model_validator(mode="after")
    def _one_share_a_norm(self) -> Self:
        times = Counter([share.norm for share in self.shares])
        if twice := [norm for norm in times if times[norm] > 1]:
            raise found(fault("shares", "{norm} stands there twice; add its amounts up", norm=min(twice)))
        return self

    @classmethod
    def of(
        cls,
        assessment: Assessment,
        points: object = None,
        place: object = None,
        *,
        establishment: str = "",
        requested_vnd: int | None = None,
        **said: str,
    ) -> Self:
        """The request that an assessment makes, with the points or the place that the centre gave it.

        `said` are the `title` of the scheme and its `address`; no more than `requested_vnd` is awarded. Requests with the
        same `establishment`, any key of it, share its caps in the order of the plan; without a key a request shares none.

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
        if assessment.reference is None:
            raise InputError([fault("reference", "missing; every dossier of a plan needs one")])
        try:
            return cls(
                reference=assessment.reference,
                approved_on=assessment.approved_on,
                shares=shares_of(assessment),
                points=points,  # type: ignore[arg-type]
                place=place,  # type: ignore[arg-type]
                establishment=assessment.application.establishment.name,
                claim=Claim(assessment, establishment) if establishment else None,
                requested_vnd=requested_vnd,
                **said,
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
    """What a dossier receives under one norm, in whole đồng.

    As far as that is known: `cost_vnd` is what it states to cost, `activities` are named, `law` is what it is granted under.
    """

    norm: str
    assured_vnd: int
    awarded_vnd: int
    cost_vnd: int | None = None
    activities: str = ""
    law: str = ""


@dataclass(frozen=True, slots=True)
class Award:
    """What one dossier receives, and why; all amounts in whole đồng.

    `rank` is its place in the order of the policy, from 1; None where there is no order (`pro-rata`), nothing is assured, or
    less than the floor. `held_vnd` is what hangs on its open questions: maximum less assured; of a cap that it shares, what
    is not held for a dossier before it. `outcome` is `funded` (with all that is assured), `partly-funded`, `reserve` (the
    reserve list), `below-floor` (assured less than the floor), `waiting` (nothing is assured yet) or `nothing` (nothing can
    be supported).
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
    title: str = ""
    address: str = ""
    requested_vnd: int | None = None


@dataclass(frozen=True, slots=True)
class Envelope:
    """The most that may go to one norm, what went to it, and what is left of it, in whole đồng."""

    norm: str
    amount_vnd: int
    awarded_vnd: int
    left_vnd: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A dossier that a plan leaves out since something in it is at fault."""

    reference: str
    establishment: str
    reason: Text


@dataclass(frozen=True, slots=True, repr=False)
class Programme(Document):
    """A budget shared out: `budget_vnd` = `committed_vnd` + `awarded_vnd` + `left_vnd`, to the đồng.

    `held_vnd` is what hangs on open questions over all dossiers; it is not taken out of the budget. `by` is the ranking of
    the policy `ranked`, else None; `points` the sum over the selection of the policy `best`, else None. `awards` holds every
    request once: those paid, the reserve list, those below the floor, those waiting, the rest; each group in its order.
    `round_to_vnd` is what awards are rounded down to, 0 where they are not. `left_out` are dossiers at fault,
    and `titles` what the norms are called.
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
    round_to_vnd: int = 0
    left_out: tuple[LeftOut, ...] = ()
    titles: Annotated[Mapping[str, Text], Field(exclude=True)] = FrozenMap()

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
    round_to_vnd: int = 0,
    left_out: Iterable[LeftOut] = (),
) -> Programme:
    """A budget in whole đồng shared out over the requests by a policy; what each receives, and why.

    `ranked` serves the list in the order of `by`: the most points first, or the lowest place, or the earliest day; ties go
    to the earlier day, then to the lesser reference. Awards are whole: the list ends at the first dossier that what is left
    does not cover, or, with `partial_last`, that dossier receives what is left. `pro-rata` shares the budget in proportion
    to the assured amounts, by the largest remainder, ties to the lesser reference. `best` pays the selection with the most
    points (extra `best`).

    `committed_vnd` is taken from the budget first. `envelopes` are the most that may go to a norm; their order is the order
    in which they are filled, norms without one come last (`best` knows no order). Under `ranked` a dossier that its envelope
    does not cover closes it for those behind. No award is smaller than `floor_vnd`; awards are rounded down to a multiple of
    `round_to_vnd`. The cap of an establishment is used in this order, by the awards that are made. `left_out` are
    dossiers at fault, which the plan only names. `known_norms` are norms that an envelope may name although no request is
    under them.

    Raises:
        InputError: with every fault found: an amount, a policy, a ranking or an envelope that is none, two requests with the
            same reference, points or a place missing where they decide.
        InputTypeError: something else than a `Request` is among the requests.

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
    for one in every:
        expect(Request, one, "requests", "Requests, such as Request.of(assessment)")
    faults = [
        *_amount_faults(budget_vnd, committed_vnd, floor_vnd, round_to_vnd, limits),
        *_word_faults(policy, by, partial_last),
    ]
    faults += _norm_faults(limits, {share.norm for one in every for share in one.shares} | set(known_norms))
    faults += _request_faults(every, policy, by, floor_vnd if isinstance(floor_vnd, int) else 0)
    if faults:
        raise InputError(faults)
    desk = _Desk(sorted(every, key=lambda one: _order(one, policy, by, limits)), limits, floor_vnd, round_to_vnd)
    titles = _titles(every)
    pot = Pot(budget_vnd - committed_vnd, limits, titles)
    awards = desk.ranked(pot, partial_last=partial_last) if policy == "ranked" else []
    awards = desk.pro_rata(pot) if policy == "pro-rata" else desk.best(pot) if policy == "best" else awards
    awards.sort(key=lambda award: _OUTCOMES[award.outcome])
    awarded_vnd = sum([award.awarded_vnd for award in awards])
    return Programme(
        policy=policy,
        by=by if policy == "ranked" else None,
        partial_last=partial_last,
        budget_vnd=budget_vnd,
        committed_vnd=committed_vnd,
        awarded_vnd=awarded_vnd,
        left_vnd=budget_vnd - committed_vnd - awarded_vnd,
        held_vnd=sum([award.held_vnd for award in awards]),
        floor_vnd=floor_vnd,
        points=sum([a.points for a in awards if a.points and a.awarded_vnd], Fraction(0)) if policy == "best" else None,
        envelopes=tuple([_envelope(norm, most_vnd, awards) for norm, most_vnd in limits.items()]),
        awards=tuple(awards),
        round_to_vnd=round_to_vnd,
        left_out=tuple(left_out),
        titles=titles,
    )


def _titles(requests: Iterable[Request]) -> Mapping[str, Text]:
    """What norms are called: in English by their ids, which options name; in Vietnamese by their titles."""
    laws = {one.claim.answer.regulation for one in requests if one.claim is not None}
    named = {name: title_of(law, name, "vi") for law in sorted(laws, key=lambda law: law.id) for name in law.norms}
    asked = {share.norm for one in requests for share in one.shares}
    return FrozenMap({name: Text(en=name, vi=title) for name, title in sorted(named.items()) if name in asked})


@dataclass(slots=True)
class _Desk:
    """The requests in their order, and what each asks when its turn comes."""

    queue: Sequence[Request]
    limits: Mapping[str, int]
    floor_vnd: int
    unit_vnd: int
    asked: dict[int, Asked] = field(default_factory=dict)
    together: Mapping[str, Sequence[int]] = field(init=False)

    def __post_init__(self) -> None:
        self.together = sharing(one.claim for one in self.queue)

    def _demand(self, place: int, claims: Claims) -> Demand:
        """What a request asks beside the awards made so far."""
        request = self.queue[place]
        asked = self.asked[place] = claims.ask(request.claim, request.shares)
        assured = {share.norm: share.assured_vnd for share in asked.shares if share.assured_vnd}
        order = [*(norm for norm in self.limits if norm in assured), *sorted(assured.keys() - self.limits.keys())]
        unit_vnd = self.unit_vnd or 1
        amounts = rounded({norm: assured[norm] for norm in order}, unit_vnd, request.requested_vnd)
        return Demand(request.reference, amounts, request.points or Fraction(0), unit_vnd)

    def _pay(self, place: int, claims: Claims, paid: Mapping[str, int]) -> None:
        claims.pay(self.queue[place].claim, self.asked[place], self.queue[place].reference, paid)

    def ranked(self, pot: Pot, *, partial_last: bool) -> list[Award]:
        """The awards of a list that is served in its order."""
        claims, demands = Claims(), {}

        def turn(place: int) -> Demand:
            demands[place] = demand = self._demand(place, claims)
            return demand

        def paid(place: int, amounts: Mapping[str, int]) -> None:
            self._pay(place, claims, amounts)

        grants = ranked(len(self.queue), turn, paid, pot, self.floor_vnd, partial_last=partial_last)
        return self._awards(dict(enumerate(grants)), demands, in_order=True)

    def pro_rata(self, pot: Pot) -> list[Award]:
        """The awards in proportion; what one asks is asked beside what those before it ask.

        Who falls below the floor is offered what then nobody asks for, beside the awards that are made.
        """
        owners = {place: name for name, places in self.together.items() for place in places}
        floor_vnd = max(self.floor_vnd, self.unit_vnd)  # a share of less than the unit is rounded down to nothing
        out: set[int] = set()

        def asking(places: Sequence[int]) -> dict[int, Demand]:
            claims, found = Claims(), {}
            for place in places:
                demand = self._demand(place, claims)
                if place not in out and competes(demand, self.floor_vnd):
                    found[place] = demand
                    self._pay(place, claims, demand.assured)
            return found

        def without(place: int) -> dict[int, Demand]:
            out.add(place)
            return asking(self.together[owners[place]]) if place in owners else {}

        groups = [[place] for place in range(len(self.queue)) if place not in owners] + list(self.together.values())
        asked = {place: demand for places in groups for place, demand in asking(places).items()}
        demands, grants, rest = pro_rata(dict(sorted(asked.items())), without, owners, pot, floor_vnd)
        claims, needed = Claims(), dict(demands)
        for place in demands:
            self._pay(place, claims, grants[place].by_norm)
        for place in [one for one in grants if one not in demands]:
            before = self.asked[place]
            needed[place] = demand = self._demand(place, claims)
            if not competes(demand, self.floor_vnd):
                del grants[place]
                continue
            grant, rest = late(demand, rest, pot, self.floor_vnd)
            if not grant.by_norm:
                self.asked[place] = before  # its share was reckoned from that
            else:
                self._pay(place, claims, grant.by_norm)
                grants[place] = Grant(grant.by_norm, both("from what the others leave: {why}", why=grant.why))
        return self._awards(grants, needed, in_order=False)

    def best(self, pot: Pot) -> list[Award]:
        """The awards of the selection with the most points."""
        choices, demands = [], {}
        linked = {place for places in self.together.values() for place in places}
        for place in range(len(self.queue)):
            if place not in linked and competes(demand := self._demand(place, Claims()), self.floor_vnd):
                demands[place] = demand
                choices.append([Bundle({place: demand})])
        choices += [list(self._bundles(places)) for places in self.together.values()]
        paid, why_not = best(choices, pot)
        claims = Claims()
        grants: dict[int, Grant] = {}
        for place in range(len(self.queue)):
            demands[place] = demand = self._demand(place, claims)
            if place in paid:
                self._pay(place, claims, paid[place].by_norm)
                grants[place] = paid[place]
            elif competes(demand, self.floor_vnd):
                grants[place] = Grant({}, why_not(demand))
        return self._awards(grants, demands, in_order=True)

    def _bundles(self, places: Sequence[int]) -> Iterator[Bundle]:
        """Every set of dossiers of an establishment that can be paid whole together, in the order of the plan."""
        if len(places) > MOST_TOGETHER:
            told = "{count} dossiers of {name} share a cap; the best selection tries at most {most}; use ranked"
            name = self.queue[places[0]].establishment
            raise InputError([fault("policy", told, count=len(places), name=name, most=MOST_TOGETHER)])
        for number in range(1, len(places) + 1):
            for some in combinations(places, number):
                claims, demands = Claims(), {}
                for place in some:
                    demands[place] = self._demand(place, claims)
                    self._pay(place, claims, demands[place].assured)
                if all(competes(demand, self.floor_vnd) for demand in demands.values()):
                    yield Bundle(demands)

    def _awards(self, grants: Mapping[int, Grant | None], demands: Mapping[int, Demand], *, in_order: bool) -> list[Award]:
        """The awards in the order of the list, those that compete with their rank."""
        awards, rank, most = [], 0, self._most_together()
        for place, request in enumerate(self.queue):
            grant = grants.get(place)
            rank += grant is not None
            needed_vnd = demands[place].needed_vnd if place in demands else 0
            awards.append(
                self._award(request, self.asked[place], grant, needed_vnd, rank if in_order and grant is not None else None)
            )
            if place in most:
                held_vnd = max(0, most[place] - awards[-1].assured_vnd)
                awards[-1] = replace(awards[-1], held_vnd=held_vnd)
        return awards

    def _most_together(self) -> dict[int, int]:
        """The most of each dossier that shares a cap, if those before it took all that they may."""
        claims, found = Claims(), {}
        for places in self.together.values():
            for place in places:
                request = self.queue[place]
                asked = claims.ask(request.claim, request.shares)
                most = {share.norm: share.maximum_vnd for share in asked.shares}
                claims.pay(request.claim, asked, request.reference, most)
                found[place] = sum(most.values())
        return found

    def _award(self, request: Request, asked: Asked, grant: Grant | None, needed_vnd: int, rank: int | None) -> Award:
        """What becomes of a request; without a grant it did not compete."""
        maximum_vnd = sum([share.maximum_vnd for share in asked.shares])
        assured_vnd = sum([share.assured_vnd for share in asked.shares])
        paid = grant.by_norm if grant else {}
        awarded_vnd = sum(paid.values())
        outcome: Outcome
        if grant:
            outcome = "reserve" if not awarded_vnd else "funded" if awarded_vnd >= needed_vnd else "partly-funded"
            reason = grant.why
        elif assured_vnd:
            outcome = "below-floor"
            reason = both("assured {assured}, below the floor of {floor}", assured=assured_vnd, floor=self.floor_vnd)
            if assured_vnd >= self.floor_vnd:
                told = "assured {assured}, below the floor of {floor} when rounded down to a multiple of {unit}"
                told = told if self.floor_vnd else "assured {assured}, nothing when rounded down to a multiple of {unit}"
                reason = both(told, assured=assured_vnd, floor=self.floor_vnd, unit=self.unit_vnd)
        elif maximum_vnd:
            outcome, reason = "waiting", both("nothing assured yet; {held} is open", held=maximum_vnd)
            if asked.answer is not None and (open_facts := _open(asked.answer)):
                reason = Text(*[f"{reason[lang]}: {open_facts[lang]}" for lang in get_args(Lang)])
        else:
            outcome, reason = "nothing", both("nothing can be supported")
            if asked.used_by:
                reason = both("its cap is used up by the award of {references}", references=asked.used_by)
            elif asked.answer is not None:
                reason = Text(*[why_nothing(asked.answer, lang) for lang in get_args(Lang)])
        most_vnd = assured_vnd
        if request.requested_vnd is not None and request.requested_vnd < assured_vnd:
            most_vnd = request.requested_vnd
            reason = both("{reason}; {requested} is requested", reason=reason, requested=most_vnd)
        if self.unit_vnd and outcome == "funded" and awarded_vnd < most_vnd:
            reason = both("{reason}; rounded down to a multiple of {unit}", reason=reason, unit=self.unit_vnd)
        if asked.used_by and outcome != "nothing":
            told = "{reason}; less what the award of {references} takes of its cap"
            reason = both(told, reason=reason, references=asked.used_by)
        shares = sorted(asked.shares, key=lambda share: share.norm)
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
            parts=tuple([_part(asked, share, paid.get(share.norm, 0)) for share in shares]),
            title=request.title,
            address=request.address,
            requested_vnd=request.requested_vnd,
        )


def _open(answer: Assessment) -> Text:
    """What is still to be known of a dossier."""
    labels = list(dict.fromkeys([question.label for question in answer.questions]))
    return Text(*[listed(label[lang] for label in labels) if labels else "" for lang in get_args(Lang)])


def _part(asked: Asked, share: Share, awarded_vnd: int) -> Part:
    """What a request is paid under a norm, with what its application states of what is supported."""
    part = Part(norm=share.norm, assured_vnd=share.assured_vnd, awarded_vnd=awarded_vnd)
    if asked.answer is None:
        return part
    answer = asked.answer
    lines = [line for line in answer.lines if line.norm == share.norm]
    options = [(line.assured if awarded_vnd else None) or line.chosen for line in lines]
    counted = [i for line, one in zip(lines, options, strict=True) for i in (one.activities if one else line.activities)]
    activities = [answer.application.activities[index] for index in counted]
    clause, document = answer.regulation.norms[share.norm].clause, answer.regulation.document
    return replace(
        part,
        cost_vnd=sum([one.cost_vnd for one in activities]),
        activities="; ".join(dict.fromkeys([one.name for one in activities if one.name])),
        law=f"{document}, {clause}" if clause else document,
    )


def natural(reference: str) -> list[tuple[int, str]]:
    """A reference as people sort it: numbers by what they are.

    Example:
        >>> sorted(["I.10", "I.2", "I.1"], key=natural)
        ['I.1', 'I.2', 'I.10']
    """
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.findall(r"\d+|\D+", reference)]


MOST_TOGETHER: Final = 10
"""Dossiers of one establishment of which the best selection tries every set."""


def without_standing(requests: Iterable[Request], policy: Policy, by: Ranking) -> tuple[list[Request], list[LeftOut]]:
    """The requests that have the points or the place that a policy needs, and the others, each with what it lacks."""
    needed = "points" if policy == "best" else by if policy == "ranked" else ""
    sound: list[Request] = []
    left_out = []
    for one in requests:
        if needed in _NEEDED and getattr(one, needed) is None and one.assured_vnd:
            left_out.append(LeftOut(one.reference, one.establishment, both(_NEEDED[needed], policy=policy)))
        else:
            sound.append(one)
    return sound, left_out


def _competes(request: Request, floor_vnd: int) -> bool:
    return request.assured_vnd > 0 and request.assured_vnd >= floor_vnd


def _order(request: Request, policy: Policy, by: Ranking, envelopes: Mapping[str, int]) -> tuple[object, ...]:
    """Where a request stands: first by the envelopes that it draws on, then by the centre's ranking; the last is unique."""
    reference = natural(request.reference), request.reference
    if policy == "pro-rata":
        return reference
    asked = {share.norm for share in request.shares if share.assured_vnd}
    filled = [place for place, norm in enumerate(envelopes) if norm in asked] if policy == "ranked" else []
    stated = {"points": -(request.points or 0), "place": request.place or MOST_VND, "date": 0}
    place = stated["points" if policy == "best" else by]
    return (min(filled, default=len(envelopes)), place, request.approved_on, *reference)


def _envelope(norm: str, most_vnd: int, awards: Sequence[Award]) -> Envelope:
    awarded_vnd = sum([part.awarded_vnd for award in awards for part in award.parts if part.norm == norm])
    return Envelope(norm, most_vnd, awarded_vnd, most_vnd - awarded_vnd)


# --- what can be wrong ------------------------------------------------------------------------------------------------


def _amount_faults(
    budget_vnd: Any, committed_vnd: Any, floor_vnd: object, round_to_vnd: object, envelopes: Mapping[str, int]
) -> list[Fault]:
    named = [("budget_vnd", budget_vnd, 1), ("committed_vnd", committed_vnd, 0), ("floor_vnd", floor_vnd, 0)]
    named.append(("round_to_vnd", round_to_vnd, 0))
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
