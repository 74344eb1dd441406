"""Programme: a year's budget shared out over assessed dossiers, to the đồng, with a reason for each.

The decision taken here: the policy, the points and the envelopes are the centre's own choice and are never invented; only
assured amounts are paid, and a list is served in its order, so that nobody on it is overtaken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Final, get_args

from kcgrant.door import one_of
from kcgrant.errors import Fault, InputError, Lang, Text, listed, nearest, shown
from kcgrant.money import MOST_VND
from kcgrant.programme.record import Award, Envelope, Outcome, Part, Policy, Programme, Ranking, Request, Share
from kcgrant.programme.rules import Demand, Grant, best, pro_rata, ranked
from kcgrant.wording import both, grouped

__all__ = ["Award", "Envelope", "Part", "Programme", "Request", "Share", "plan"]

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
        >>> from datetime import date
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
    ranks = [None if policy == "pro-rata" else place + 1 for place in range(len(queue))]
    awards = [_award(one, grant, rank) for one, grant, rank in zip(queue, grants, ranks, strict=True)]
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
    places = {norm: place for place, norm in enumerate(envelopes)}
    shares = sorted(
        [share for share in request.shares if share.assured_vnd], key=lambda s: (places.get(s.norm, len(places)), s.norm)
    )
    return Demand(request.reference, {share.norm: share.assured_vnd for share in shares}, request.points or Fraction(0))


def _award(request: Request, grant: Grant | None, rank: int | None, floor_vnd: int = 0) -> Award:
    """What becomes of a request; without a grant it did not compete."""
    assured_vnd, paid = request.assured_vnd, grant.by_norm if grant else {}
    awarded_vnd = sum(paid.values())
    outcome: Outcome = "reserve"
    if grant is None:
        outcome = "below-floor" if assured_vnd else "waiting" if request.maximum_vnd else "nothing"
    elif awarded_vnd:
        outcome = "funded" if awarded_vnd == assured_vnd else "partly-funded"
    return Award(
        rank=rank,
        reference=request.reference,
        establishment=request.establishment,
        approved_on=request.approved_on,
        points=request.points,
        place=request.place,
        maximum_vnd=request.maximum_vnd,
        assured_vnd=assured_vnd,
        awarded_vnd=awarded_vnd,
        held_vnd=request.maximum_vnd - assured_vnd,
        outcome=outcome,
        reason=grant.why if grant else _why_not(request, floor_vnd),
        parts=tuple(
            [
                Part(share.norm, share.assured_vnd, paid.get(share.norm, 0))
                for share in sorted(request.shares, key=lambda share: share.norm)
            ]
        ),
    )


def _why_not(request: Request, floor_vnd: int) -> Text:
    if request.assured_vnd:
        return both("assured {assured}, below the floor of {floor}", assured=request.assured_vnd, floor=floor_vnd)
    return (
        both("nothing assured yet; {held} is open", held=request.maximum_vnd)
        if request.maximum_vnd
        else both("nothing can be supported")
    )


def _envelope(norm: str, most_vnd: int, awards: Sequence[Award]) -> Envelope:
    awarded_vnd = sum([part.awarded_vnd for award in awards for part in award.parts if part.norm == norm])
    return Envelope(norm, most_vnd, awarded_vnd, most_vnd - awarded_vnd)


# --- what can be wrong ------------------------------------------------------------------------------------------------


def _amount_faults(
    budget_vnd: object, committed_vnd: object, floor_vnd: object, envelopes: Mapping[str, int]
) -> list[Fault]:
    named = [("budget_vnd", budget_vnd, 1), ("committed_vnd", committed_vnd, 0), ("floor_vnd", floor_vnd, 0)]
    named += [(_place_of(norm), most_vnd, 0) for norm, most_vnd in envelopes.items()]
    faults = [
        _fault(
            where,
            f"given {_shown(given, 'en')}; expected a whole number of đồng from {least} to 10^15",
            f"giá trị {_shown(given, 'vi')}; cần một số nguyên đồng từ {least} đến 10^15",
        )
        for where, given, least in named
        if not isinstance(given, int) or isinstance(given, bool) or not least <= given <= MOST_VND
    ]
    if not faults and committed_vnd > budget_vnd:  # type: ignore[operator]
        en = f"given {_shown(committed_vnd, 'en')}, more than the budget of {_shown(budget_vnd, 'en')}; check both amounts"
        vi = f"giá trị {_shown(committed_vnd, 'vi')}, lớn hơn kinh phí {_shown(budget_vnd, 'vi')}; hãy kiểm tra lại"
        faults.append(_fault("committed_vnd", en, vi))
    return faults


def _shown(given: object, lang: Lang) -> str:
    plain = isinstance(given, int) and not isinstance(given, bool) and abs(given) <= MOST_VND**2
    return grouped(given, lang) if isinstance(given, int) and plain else shown(given)


def _place_of(norm: object) -> str:
    return f"envelopes.{shown(norm)[1:-1]}" if isinstance(norm, str) else f"envelopes[{shown(norm)}]"


def _word_faults(policy: object, by: object, partial_last: object) -> list[Fault]:
    faults = []
    for where, given, known in (("policy", policy, get_args(Policy)), ("by", by, get_args(Ranking))):
        if given not in known:
            expected = one_of(known).context
            near = nearest(given, known) if isinstance(given, str) else None
            en = f"given {shown(given)}; expected {expected['en']}" + (f". Did you mean {near}?" if near else "")
            vi = f"giá trị {shown(given)}; cần {expected['vi']}" + (f". Có phải ý bạn là {near}?" if near else "")
            faults.append(_fault(where, en, vi))
    if partial_last and policy in ("pro-rata", "best"):
        en = f"a partial last award belongs to ranked, not to {policy}; leave it out"
        faults.append(_fault("partial_last", en, f"chỉ dùng với ranked, không dùng với {policy}; hãy bỏ mục này"))
    return faults


def _norm_faults(envelopes: Mapping[str, int], known: set[str]) -> list[Fault]:
    faults = []
    for norm in envelopes:
        if norm not in known:
            near = nearest(norm, sorted(known)) if isinstance(norm, str) else None
            en = f"no such norm here; known: {listed(sorted(known))}" + (f". Did you mean {near}?" if near else "")
            vi = f"không có mức chi này; các mức chi: {listed(sorted(known))}" + (
                f". Có phải ý bạn là {near}?" if near else ""
            )
            faults.append(_fault(_place_of(norm), en, vi))
    return faults


def _request_faults(requests: Sequence[Request], policy: Policy, by: Ranking, floor_vnd: int) -> list[Fault]:
    faults = []
    for reference, times in Counter([one.reference for one in requests]).items():
        if times > 1:
            en = f"stands {times} times; each dossier of a plan has its own reference"
            faults.append(
                _fault(f"{reference}: reference", en, f"xuất hiện {times} lần; mỗi hồ sơ trong kế hoạch có số hồ sơ riêng")
            )
    needed = "points" if policy == "best" else by if policy == "ranked" else None
    for one in requests:
        if needed in ("points", "place") and getattr(one, needed) is None and _competes(one, floor_vnd):
            en = f"missing; {policy} needs the {needed} that the centre gave each dossier"
            vi = f"còn thiếu; {policy} cần {'điểm' if needed == 'points' else 'thứ tự'} mà trung tâm đã cho từng hồ sơ"
            faults.append(_fault(f"{one.reference}: {needed}", en, vi))
    return sorted(faults, key=lambda fault: fault.where)


def _fault(where: str, en: str, vi: str) -> Fault:
    return Fault(where, Text(en=en, vi=vi))
