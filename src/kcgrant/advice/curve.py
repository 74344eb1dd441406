"""Curve: support against cost for one activity under a norm, and what can be read off it in closed form.

The decision taken here: turning points, inverses and crossovers are derived from the two limits of the norm, exact to one
đồng; nothing is searched for. Costs run from 1 to 10^15 đồng, as at the door.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from kcgrant.errors import InputError, fault
from kcgrant.language import both
from kcgrant.law.catalogue import named_law
from kcgrant.law.norms import Limit, Limits, Norm
from kcgrant.law.regulation import Regulation, unknown_norm
from kcgrant.money import MOST_VND, cost_of


class Target(NamedTuple):
    """The costs that yield a wanted support: all from `least_vnd` to `most_vnd`, both None where none does.

    `below_vnd` and `above_vnd` are the nearest supports that some cost yields, None where there is none; both are the
    wanted amount where it is reached. `own_share_vnd` is what the applicant pays itself at the least of the costs.
    """

    wanted_vnd: int
    least_vnd: int | None
    most_vnd: int | None
    own_share_vnd: int | None
    below_vnd: int | None
    above_vnd: int | None


@dataclass(frozen=True, slots=True)
class Curve:
    """Support for one activity under a norm, as a technology line or not, after earlier support under the norm.

    Where the norm counts units, it is for a `quantity` of them, one unless stated. `variations` are the ids of those whose
    numbers the norm has.

    Example:
        >>> from kcgrant import catalogue
        >>> line = Curve("advanced-machinery", catalogue.get("hung-yen-553-2025").norms["advanced-machinery"], True)
        >>> line.support(800_000_000), line.limit_vnd, line.reached_from_vnd
        (400000000, 450000000, 900000000)
    """

    id: str
    norm: Norm
    technology_lines: bool = False
    prior_vnd: int = 0
    quantity: int | None = None
    variations: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuses earlier support that is no whole number of đồng."""
        _whole("prior_vnd", self.prior_vnd)

    def limits(self, cost_vnd: int) -> Limits:
        """The limits of support at a cost in whole đồng."""
        quantity, lines = self.quantity, self.technology_lines
        return self.norm.limits(cost_vnd, self.prior_vnd, technology_lines=lines, quantity=quantity)

    def support(self, cost_vnd: int) -> int:
        """The most support in whole đồng at a cost.

        Raises:
            InputError: the cost is no whole number of đồng, 0 or more.
        """
        _whole("cost_vnd", cost_vnd)
        return self.limits(cost_vnd).amount_vnd

    def binding(self, cost_vnd: int) -> frozenset[Limit]:
        """The limits that are equal to the support at a cost: the rate (the cost itself where none is stated), the cap."""
        return self.limits(cost_vnd).binding

    @property
    def rate(self) -> Fraction:
        """The share of the cost; 1 where the norm states no rate, since then the cost is the limit (reading `rate-less`)."""
        return self.norm.rate or Fraction(1)

    @property
    def limit_vnd(self) -> int:
        """What earlier support leaves of the cap, in đồng, or without a cap the share of 10^15: no cost yields more."""
        left_vnd = self.limits(1).cap_left_vnd
        return self.limits(MOST_VND).share_left_vnd if left_vnd is None else left_vnd

    @property
    def capped(self) -> bool:
        """Whether the norm states a cap; without one no cost is the last that yields more."""
        return self.norm.cap is not None

    @property
    def received_vnd(self) -> int:
        """What earlier support takes from the share of every cost, in đồng: nothing where it was for an establishment."""
        return 0 if self.norm.pooled else self.prior_vnd

    @property
    def reached_from_vnd(self) -> int:
        """The least cost in đồng that yields the limit; it may lie beyond 10^15, and is that where there is no cap."""
        return self._least(self.limit_vnd)

    def _least(self, wanted_vnd: int) -> int:
        """The least cost whose share, less what was received for it, reaches an amount."""
        return max(1, cost_of(wanted_vnd + self.received_vnd, self.rate)) if wanted_vnd else 1

    @property
    def shape(self) -> tuple[Fraction, int]:
        """The rate, and what is left of the cap: two curves of one shape are equal at every cost.

        Raises:
            InputError: earlier support is taken from the share as well, so that these two do not tell it all.
        """
        if self.received_vnd and self.limit_vnd:
            told = (
                "earlier support for the same unit is taken from the share of the cost as well; compare assessments instead"
            )
            raise InputError([fault("prior_vnd", told)])
        return self.rate, self.limit_vnd

    def costs_for(self, wanted_vnd: int) -> Target:
        """The costs that yield exactly a wanted support, or the nearest supports below and above it.

        Example:
            >>> from kcgrant import catalogue
            >>> model = Curve("demonstration-model", catalogue.get("hung-yen-553-2025").norms["demonstration-model"])
            >>> model.costs_for(300_000_000)[1:4]
            (1000000000, 1000000003, 700000000)
            >>> model.costs_for(2_000_000_000).below_vnd
            1000000000

        Raises:
            InputError: the support wanted is no whole number of đồng, 0 or more.
        """
        _whole("wanted_vnd", wanted_vnd)
        least, highest = self._least(wanted_vnd), self.support(MOST_VND)
        if wanted_vnd > highest:
            return Target(wanted_vnd, None, None, None, highest, None)
        if self.support(least) != wanted_vnd:
            below = self.support(least - 1) if least > 1 else None
            return Target(wanted_vnd, None, None, None, below, self.support(least))
        most = MOST_VND if wanted_vnd == highest else self._least(wanted_vnd + 1) - 1
        return Target(wanted_vnd, least, most, least - wanted_vnd, wanted_vnd, wanted_vnd)


def _whole(where: str, amount_vnd: object) -> None:
    """No float, no fraction and nothing below 0 passes for an amount."""
    if not isinstance(amount_vnd, int) or isinstance(amount_vnd, bool) or amount_vnd < 0:
        whole = both("a whole number of đồng, 0 or more")
        raise InputError([fault(where, "given {given}; expected {expected}", given=amount_vnd, expected=whole)])


class Segment(NamedTuple):
    """Costs from `least_vnd` to `most_vnd`, both inclusive, at which a curve yields at least as much as any other."""

    least_vnd: int
    most_vnd: int
    curve: Curve


def curves(law: Regulation | str, *norms: str) -> tuple[Curve, ...]:
    """The curves of the norms named, or of every norm of a regulation: two where technology lines have a cap of their own.

    Where the numbers of a norm vary by a fact, there are curves for all numbers that it may have, its own first; of a norm
    that counts units, for one.

    Raises:
        InputError: the regulation has no norm of that name.

    Example:
        >>> from kcgrant import catalogue
        >>> [(curve.id, curve.technology_lines) for curve in curves(catalogue.get("hung-yen-553-2025"))][-2:]
        [('advanced-machinery', False), ('advanced-machinery', True)]
    """
    law = named_law(law)
    if unknown := [unknown_norm("norms", name, law) for name in norms if name not in law.norms]:
        raise InputError(unknown)
    named = norms or law.norms
    return tuple(
        Curve(name, norm, lines, variations=tuple(sorted(held)))
        for name in named
        for held, norm in law.numbers_of(name).items()
        for lines in standings(norm)
    )


def standings(*norms: Norm) -> tuple[bool, ...]:
    """Whether a project may stand as a technology line or not, as far as any of these norms makes a difference of it."""
    return (False,) if all(norm.technology_line_cap_vnd is None for norm in norms) else (False, True)


def best_by_cost(candidates: Iterable[Curve]) -> tuple[Segment, ...]:
    """Which curve is the best at which cost: segments that tile all costs from 1 to 10^15 without gap or overlap.

    On a segment its curve yields at least as much as every other; on the next one, that one's yields more than it. Where
    several are equal, the one with the higher rate is named, then the one with the higher cap.

    A curve with a higher rate is never overtaken before it has reached its cap K. From there on, one with the rate r is
    ahead as soon as floor(r × cost) ≥ K + 1, that is from the cost (K + 1) / r, rounded up.

    Example:
        >>> from kcgrant import catalogue
        >>> law = catalogue.get("hung-yen-553-2025")
        >>> for segment in best_by_cost(curves(law, "demonstration-model", "advanced-machinery")[:2]):
        ...     print(segment.least_vnd, segment.curve.id)
        1 advanced-machinery
        1000000004 demonstration-model
    """
    ahead: list[tuple[int, Curve]] = []
    for curve in sorted(candidates, key=lambda curve: curve.shape, reverse=True):
        passed_vnd = ahead[-1][1].limit_vnd if ahead else -1
        if curve.limit_vnd > passed_vnd:
            ahead.append((max(1, cost_of(passed_vnd + 1, curve.rate)), curve))
    ahead = [(start, curve) for start, curve in ahead if start <= MOST_VND]
    ends = [*(start - 1 for start, _ in ahead[1:]), MOST_VND]
    return tuple(Segment(start, end, curve) for (start, curve), end in zip(ahead, ends, strict=False))


def first_excess(one: Curve, other: Curve) -> int | None:
    """The least cost in đồng at which one curve yields more than another; None where it never does.

    Either the cap of the other is passed, or, where the rate is higher, the first whole number lies between the two
    shares: that is the denominator of the simplest fraction above the lower and up to the higher rate.

    Example:
        >>> from kcgrant import catalogue
        >>> of = lambda law: Curve("advanced-machinery", catalogue.get(law).norms["advanced-machinery"])
        >>> first_excess(of("hung-yen-553-2025"), of("national-26-2014"))
        400000002
        >>> first_excess(of("hung-yen-553-2025"), of("national-28-2018"))
    """
    (rate, _), (other_rate, passed_vnd) = one.shape, other.shape
    tried = [cost_of(passed_vnd + 1, rate)]
    if rate > other_rate:
        # Of all with no greater denominator than the higher rate, none lies between the lower one and this much above it.
        above = other.rate + Fraction(1, other.rate.denominator * one.rate.denominator)
        tried.append(_simplest(above, one.rate).denominator)
    return min((cost for cost in tried if cost <= MOST_VND and one.support(cost) > other.support(cost)), default=None)


def _simplest(low: Fraction, high: Fraction) -> Fraction:
    """The fraction with the least denominator from `low` to `high`, both included, by their continued fractions."""
    whole = ceil(low)
    if whole <= high:
        return Fraction(whole)
    whole -= 1
    # Both have the same whole part, so that the inverses of what is left of them bound the rest.
    return whole + 1 / _simplest(1 / (high - whole), 1 / (low - whole))
