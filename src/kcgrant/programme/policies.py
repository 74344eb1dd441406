"""Rules of a programme: who is paid what out of a budget, in whole đồng, for each policy.

The decision taken here: a ranked list is served strictly in its order, so that nobody is overtaken and a larger budget
takes from nobody; shares in proportion are rounded by the largest remainder, so that they add up to the đồng.

**Why a larger budget takes from nobody on a ranked list.** As long as the budget suffices, what a dossier receives depends
on the envelopes and the dossiers before it, not on the budget. The list ends at the first dossier that the rest of the
budget does not cover. A larger budget moves that end back or leaves it; before the end nothing changes, and at the end what
is left is larger.

**Why it takes at most one đồng in proportion.** Let `a` be what a dossier asks of `S`, and `q = B × a / S` its exact share
of `B < S`. It receives `floor(q)`, or one đồng more if its remainder `q - floor(q)` is among the `k` largest, `k` being what
the sum of all the floors falls short of `B`. `k` is the sum of the remainders; each is less than 1, so more than `k` of them
are above 0 whenever `k > 0`, and the extra đồng never goes to a remainder of 0. Hence the award is at least `floor(q)` and
at most `ceil(q)`. With `B' > B` the exact share `q'` is larger than `q`, so the new award is at least
`floor(q') >= floor(q) >= award - 1`. One đồng can indeed be lost (the Alabama paradox: 6, 6 and 2 asked; of 10 the last
receives 2, of 11 it receives 1), but not where `B' - B >= S / a`, since then `floor(q') >= floor(q) + 1`.

With envelopes, these are filled one after the other. Raising the budget changes nothing in those that are full already, and
those that are empty can only gain; at most one envelope is neither. So the bound is one đồng for a dossier, however many
envelopes it draws on.

With a floor and without envelopes, who is left out because of it does not lose but others share with him when the budget
grows: then nobody who was paid falls below the floor, and no more than that can be promised. With envelopes not even that:
a dossier may reach the floor only with what a larger budget leaves behind the envelope, and then takes its part of that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import compress
from math import lcm
from typing import Final, NamedTuple, get_args

from kcgrant.errors import InputError, fault
from kcgrant.files import require
from kcgrant.language import Lang, Text, both, decimal, grouped, together
from kcgrant.money import share_of


class Demand(NamedTuple):
    """What a dossier asks: the assured amounts by norm, none of them 0, in the order in which envelopes are filled.

    `unit_vnd` is what an award is a multiple of.
    """

    reference: str
    assured: Mapping[str, int]
    points: Fraction
    unit_vnd: int = 1

    @property
    def needed_vnd(self) -> int:
        """The whole award."""
        return sum(self.assured.values())


def rounded(amounts: Mapping[str, int], unit_vnd: int, most_vnd: int | None = None) -> dict[str, int]:
    """Amounts whose sum, at most `most_vnd`, is rounded down to a multiple; what is over is taken from the last of them.

    Example:
        >>> rounded({"a": 1_500_000, "b": 700_000}, 1_000_000)
        {'a': 1500000, 'b': 500000}
    """
    total = sum(amounts.values())
    total = total if most_vnd is None else min(total, most_vnd)
    return {norm: amount for norm, amount in _filled(amounts, total - total % unit_vnd).items() if amount}


class Grant(NamedTuple):
    """What a dossier receives, by norm in whole đồng, and why."""

    by_norm: Mapping[str, int]
    why: Text


# --- in order ---------------------------------------------------------------------------------------------------------


Turn = Callable[[int], Demand]
"""What the dossier at a place asks when its turn comes; below the floor, or nothing, where it does not compete."""
Paid = Callable[[int, Mapping[str, int]], None]
"""Told what the dossier at a place is paid by norm."""


class Pot(NamedTuple):
    """What is there to be shared out, and the most of it that may go to a norm, in the order in which that is filled.

    `called` is what norms are called in each language, as far as that is known.
    """

    available_vnd: int
    envelopes: Mapping[str, int]
    called: Mapping[str, Text]

    def name(self, norm: str) -> Text | str:
        """What a norm is called."""
        return self.called.get(norm, norm)


def competes(demand: Demand, floor_vnd: int) -> bool:
    """Whether a dossier asks for something that can be an award."""
    return demand.needed_vnd > 0 and demand.needed_vnd >= floor_vnd


def ranked(number: int, turn: Turn, paid: Paid, pot: Pot, floor_vnd: int, *, partial_last: bool) -> list[Grant | None]:
    """Serves the dossiers in their order until one is not covered; what an envelope does not cover closes that envelope.

    None for a dossier that does not compete.
    """
    queue = _Queue(pot, pot.available_vnd, dict(pot.envelopes), {}, floor_vnd, partial_last)
    grants: list[Grant | None] = []
    last = ""
    for place in range(number):
        demand = turn(place)
        if not competes(demand, floor_vnd):
            grants.append(None)
            continue
        if last:
            grants.append(Grant({}, both("after {reference}, where the budget ended", reference=last)))
            continue
        grant, ended = queue.served(demand)
        paid(place, grant.by_norm)
        last = demand.reference if ended else ""
        grants.append(grant)
    return grants


@dataclass(slots=True)
class _Queue:
    """What is left when a dossier's turn comes; `shut` names for each closed envelope the dossier that it did not cover."""

    pot: Pot
    left_vnd: int
    left_in: dict[str, int]
    shut: dict[str, str]
    floor_vnd: int
    partial: bool

    def served(self, demand: Demand) -> tuple[Grant, bool]:
        """What the dossier receives, which is taken out, and whether the budget ends with it."""
        grant, ended = self._offer(demand)
        self._pay(demand, grant)
        if sum(grant.by_norm.values()) == demand.needed_vnd:
            grant = Grant(grant.by_norm, both("in full; then left {left}", left=self.left_vnd))
        return grant, ended

    def _offer(self, demand: Demand) -> tuple[Grant, bool]:
        offered = {
            norm: 0 if norm in self.shut else min(asked, self.left_in.get(norm, asked))
            for norm, asked in demand.assured.items()
        }
        short = next((norm for norm, asked in demand.assured.items() if offered[norm] < asked), None)
        if short is not None and not self.partial:
            return Grant({}, self._shortage(demand, short)), False
        ended = sum(offered.values()) > self.left_vnd
        if ended:
            offered = _filled(offered, self.left_vnd) if self.partial else {}
        offered = rounded(offered, demand.unit_vnd)
        given_vnd = sum(offered.values())
        if 0 < given_vnd < self.floor_vnd:
            told = "what is left for it, {left} of {needed}, is below the floor of {floor}"
            return Grant({}, both(told, left=given_vnd, needed=demand.needed_vnd, floor=self.floor_vnd)), ended
        if ended:
            why = both("budget left {left} of {needed}", left=self.left_vnd, needed=demand.needed_vnd)
        else:
            why = self._shortage(demand, short) if short else both("nothing can be supported")
        if given_vnd:
            why = both("in part: {why}", why=why)
        return Grant({norm: amount for norm, amount in offered.items() if amount}, why), ended

    def _pay(self, demand: Demand, grant: Grant) -> None:
        """Takes out what is given; the envelopes that do not cover the dossier are closed."""
        self.left_vnd -= sum(grant.by_norm.values())
        for norm, asked in demand.assured.items():
            if norm in self.left_in:
                given_vnd = grant.by_norm.get(norm, 0)
                self.left_in[norm] -= given_vnd
                if given_vnd < asked:
                    self.shut.setdefault(norm, demand.reference)

    def _shortage(self, demand: Demand, norm: str) -> Text:
        if norm in self.shut:
            return both(
                "after {reference}, where the envelope {norm} ended", reference=self.shut[norm], norm=self.pot.name(norm)
            )
        told = "envelope {norm} left {left} of {needed}"
        return both(told, norm=self.pot.name(norm), left=self.left_in[norm], needed=demand.assured[norm])


def _filled(most: Mapping[str, int], amount_vnd: int) -> dict[str, int]:
    """An amount laid out over norms in their order, none above its most."""
    given: dict[str, int] = {}
    for norm, most_vnd in most.items():
        given[norm] = min(most_vnd, amount_vnd)
        amount_vnd -= given[norm]
    return given


# --- in proportion ----------------------------------------------------------------------------------------------------


def largest_remainder(amount_vnd: int, asked: Sequence[int], unit_vnd: int = 1) -> list[int]:
    """An amount shared in proportion to what is asked, in whole đồng that add up to it; ties go to the earlier.

    Each share is the exact one rounded down, or one đồng more; never above what is asked if the amount is not above the sum.
    With a unit, the shares are multiples of it, and less than a unit is left, as far as what is asked allows.

    Example:
        >>> largest_remainder(10, [6, 6, 2]), largest_remainder(11, [6, 6, 2])
        ([4, 4, 2], [5, 5, 1])
    """
    total = sum(asked)
    if amount_vnd == total:
        return list(asked)
    shares = [share_of(amount_vnd, Fraction(one, total)) // unit_vnd * unit_vnd for one in asked]
    remainders = [amount_vnd * one - share * total for one, share in zip(asked, shares, strict=True)]
    able = [index for index, share in enumerate(shares) if share + unit_vnd <= asked[index]]
    first = sorted(able, key=lambda index: (-remainders[index], index))
    for index in first[: (amount_vnd - sum(shares)) // unit_vnd]:
        shares[index] += unit_vnd
    return shares


Without = Callable[[int], Mapping[int, Demand]]
"""Told which dossier is left out; what those of its establishment then ask, by their places."""


def pro_rata(
    demands: Mapping[int, Demand], without: Without, owners: Mapping[int, str], pot: Pot, floor_vnd: int
) -> tuple[Mapping[int, Demand], dict[int, Grant], Rest]:
    """Shares each envelope in proportion, one after the other, and then the rest among the norms without one.

    The floor is meant for the award: who would get less over all envelopes is left out, the least first and of equals the
    last, and all is shared anew. `owners` are the establishments of the dossiers whose demand turns on that of others.
    Returns what is asked in the end, the awards by place, the largest share of those left out first, and what remains.
    """
    demands, out = dict(demands), {}
    while True:
        shares = _shares(demands, pot)
        low = shares.below(floor_vnd)
        if not low:
            break
        for place in _left_out(low, demands, owners, pot, floor_vnd):
            told = "its share would be {share}, below the floor of {floor}"
            share_vnd = min(int(shares.exact[place]), sum(shares.award(place).values()))
            out[place] = Grant({}, both(told, share=share_vnd, floor=floor_vnd))
            del demands[place]
            demands |= without(place)
        demands = dict(sorted(demands.items()))
    return demands, {place: shares.grant(place, pot) for place in demands} | dict(reversed(out.items())), shares.rest


def _left_out(
    low: Sequence[int], demands: Mapping[int, Demand], owners: Mapping[int, str], pot: Pot, floor_vnd: int
) -> Sequence[int]:
    """The first of those below the floor, and more of them as long as the last stays below it with all before it gone.

    Of an establishment the first alone is left out now, since the others may then ask for more; that lets the shares of all
    else only fall.
    """
    size = len(low)
    while size > 1:
        gone, last = set(low[: size - 1]), low[size - 1]
        kept = {place: demand for place, demand in demands.items() if place not in gone}
        if last in _shares(kept, pot).below(floor_vnd):
            break
        size //= 2
    first: dict[object, int] = {}
    for place in low[:size]:
        first.setdefault(owners.get(place, place), place)
    return list(first.values())


class _Part(NamedTuple):
    """A pot that was shared out: what was in it, what was asked of it, and by place what each asked and got."""

    norm: str | None
    pot_vnd: int
    total_vnd: int
    given: Mapping[int, tuple[int, int]]


class Rest(NamedTuple):
    """What nobody asked for in proportion: of the budget, and of each envelope."""

    left_vnd: int
    left_in: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Shares:
    """The budget in proportion: by place the exact share, and what it comes to by norm in whole đồng."""

    demands: Mapping[int, Demand]
    exact: Mapping[int, Fraction]
    by_norm: Mapping[int, Mapping[str, int]]
    parts: Sequence[_Part]
    rest: Rest

    def award(self, place: int) -> Mapping[str, int]:
        """What a dossier receives, rounded."""
        return rounded(self.by_norm[place], self.demands[place].unit_vnd)

    def below(self, floor_vnd: int) -> list[int]:
        """The places that would receive less than the floor, the least first and of equals the last."""
        if not floor_vnd:
            return []
        low = [
            (exact, -place)
            for place, exact in self.exact.items()
            if exact < floor_vnd or sum(self.award(place).values()) < floor_vnd
        ]
        return [-place for _, place in sorted(low)]

    def grant(self, place: int, pot: Pot) -> Grant:
        """What a dossier receives, and how that is reckoned."""
        why = []
        for part in self.parts:
            if place in part.given:
                asked, amount_vnd = part.given[place]
                unit_vnd = self.demands[place].unit_vnd
                said = _why_in_proportion(part, asked, amount_vnd, unit_vnd)
                why.append(both("envelope {norm}: {text}", norm=pot.name(part.norm), text=said) if part.norm else said)
        return Grant(self.award(place), together(why))


def _shares(demands: Mapping[int, Demand], pot: Pot) -> _Shares:
    by_norm: dict[int, dict[str, int]] = {place: {} for place in demands}
    exact = dict.fromkeys(demands, Fraction(0))
    left_vnd, left_in, parts = pot.available_vnd, dict(pot.envelopes), []
    for norm in (*pot.envelopes, None):
        # Of the last pot, that is what each asks under all the norms that have no envelope.
        own = {
            place: {name: one for name, one in demand.assured.items() if (name == norm if norm else name not in left_in)}
            for place, demand in demands.items()
        }
        weights = {place: sum(most.values()) for place, most in own.items() if most}
        if not weights:
            continue
        total = sum(weights.values())
        pot_vnd = min(left_vnd, total, left_in[norm] if norm else left_vnd)
        left_vnd -= pot_vnd
        if norm:
            left_in[norm] -= pot_vnd
        unit_vnd = max([demands[place].unit_vnd for place in weights])
        given = dict(zip(weights, largest_remainder(pot_vnd, list(weights.values()), unit_vnd), strict=True))
        for place, weight in weights.items():
            by_norm[place] |= _filled(own[place], given[place])
            exact[place] += Fraction(pot_vnd * weight, total)
        parts.append(_Part(norm, pot_vnd, total, {place: (weight, given[place]) for place, weight in weights.items()}))
    return _Shares(demands, exact, by_norm, parts, Rest(left_vnd, left_in))


def late(demand: Demand, rest: Rest, pot: Pot, floor_vnd: int) -> tuple[Grant, Rest]:
    """What a dossier that fell below the floor receives of what nobody else asks for, and what remains then."""
    queue = _Queue(pot, rest.left_vnd, dict(rest.left_in), {}, floor_vnd, partial=True)
    grant, _ = queue.served(demand)
    return grant, Rest(queue.left_vnd, queue.left_in)


def _why_in_proportion(part: _Part, asked: int, amount_vnd: int, unit_vnd: int) -> Text:
    if part.total_vnd <= part.pot_vnd:
        return both("in full; {asked} asked in all", asked=part.total_vnd)
    factors = asked, part.pot_vnd, part.total_vnd
    why = Text(*["{} × {} / {}".format(*[grouped(one, lang) for one in factors]) for lang in get_args(Lang)])
    over = part.pot_vnd * asked - amount_vnd * part.total_vnd
    if over and unit_vnd > 1:
        return both("{share}, in multiples of {unit}", share=why, unit=unit_vnd)
    if over:
        why = both("{share}, rounded down" if over > 0 else "{share}, with one đồng of the remainder", share=why)
    return why


# --- the most points --------------------------------------------------------------------------------------------------


class Bundle(NamedTuple):
    """Dossiers of one establishment that are paid together, by their places, each with what it then asks."""

    demands: Mapping[int, Demand]

    @property
    def points(self) -> Fraction:
        """The points of its dossiers."""
        return sum([demand.points for demand in self.demands.values()], Fraction(0))

    def cost_vnd(self, norm: str | None = None) -> int:
        """What it costs, in all or under a norm."""
        every = self.demands.values()
        return sum([one.needed_vnd if norm is None else one.assured.get(norm, 0) for one in every])


def best(choices: Sequence[Sequence[Bundle]], pot: Pot) -> tuple[dict[int, Grant], Callable[[Demand], Text]]:
    """Pays the selection of whole awards with the most points, at most one bundle of each choice; of several the cheapest.

    Returns what is paid by place, and why a dossier is not.
    """
    every = [bundle for choice in choices for bundle in choice]
    inside = select(every, [len(choice) for choice in choices], pot.available_vnd, pot.envelopes)
    taken = list(compress(every, inside))
    points = sum([bundle.points for bundle in taken], Fraction(0))
    total = Text(en=decimal(points), vi=decimal(points, "vi"))
    left_vnd = pot.available_vnd - sum([bundle.cost_vnd() for bundle in taken])
    why = both("in the selection with the most points ({points})", points=total)

    def left_out(demand: Demand) -> Text:
        if not demand.points:
            return both("adds no points to the selection")
        told = "not in the selection with the most points ({points}), which leaves {left} of {needed}"
        return both(told, points=total, left=left_vnd, needed=demand.needed_vnd)

    paid = {place: Grant(dict(one.assured), why) for bundle in taken for place, one in bundle.demands.items()}
    return paid, left_out


_MOST_POINTS: Final = 2**53  # the solver reports what it has proven in a double, exact up to here
_MOST_COST: Final = 2**62  # it counts in 64 bits, with room to spare
_EFFORT: Final = 10  # in the solver's own measure, so that the same input ends the same way on every machine

_TOO_LARGE: Final = "the amounts or points together are too large for the solver; use ranked, or points with fewer decimals"
_NOT_PROVEN: Final = "no selection was proven best within the effort allowed; use ranked, or rounder figures"


def select(bundles: Sequence[Bundle], groups: Sequence[int], available_vnd: int, envelopes: Mapping[str, int]) -> list[bool]:
    """For each bundle whether it is in the selection: the most points, and of those selections one that costs least.

    Of each group, so many of the bundles in a row, one at most is taken. Of several selections with the same points and the
    same cost one is taken, the same each time for a version of the solver; the order of the bundles decides, so they are to
    come in an order of their own.

    Raises:
        InputError: the numbers are too large for the solver, or it could not prove its selection best.
    """
    limits = [(available_vnd, [bundle.cost_vnd() for bundle in bundles])]
    limits += [(most_vnd, [bundle.cost_vnd(norm) for bundle in bundles]) for norm, most_vnd in envelopes.items()]
    scale = lcm(*[bundle.points.denominator for bundle in bundles])
    points = [(bundle.points * scale).numerator for bundle in bundles]
    wanted = [
        index for index, one in enumerate(points) if one and all(costs[index] <= most_vnd for most_vnd, costs in limits)
    ]
    limits = [(most_vnd, [costs[index] for index in wanted]) for most_vnd, costs in limits]
    worth = [points[index] for index in wanted]
    if sum(worth) >= _MOST_POINTS or any(sum(costs) >= _MOST_COST for _, costs in limits):
        raise InputError([fault("policy", _TOO_LARGE)])
    group_of = [group for group, size in enumerate(groups) for _ in range(size)]
    together: dict[int, list[int]] = {}
    for place, index in enumerate(wanted):
        together.setdefault(group_of[index], []).append(place)
    one_of = [places for places in together.values() if len(places) > 1]
    inside = _solved(limits, worth, one_of)
    inside = _solved(limits, worth, one_of, least=_total(worth, inside))
    chosen = set(compress(wanted, inside))
    return [index in chosen for index in range(len(bundles))]


def _solved(
    limits: Sequence[tuple[int, Sequence[int]]],
    worth: Sequence[int],
    one_of: Sequence[Sequence[int]],
    least: int | None = None,
) -> list[bool]:
    """A selection within the limits: with the most worth or, where a least worth is given, with the least cost."""
    if not worth:
        return []
    require("best", "ortools.sat.python.cp_model")
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    taken = [model.new_bool_var("") for _ in worth]
    for most_vnd, costs in limits:
        model.add(cp_model.LinearExpr.weighted_sum(taken, costs) <= most_vnd)
    for places in one_of:
        model.add_at_most_one([taken[place] for place in places])
    value = cp_model.LinearExpr.weighted_sum(taken, worth)
    if least is None:
        model.maximize(value)
    else:
        model.add(value >= least)
        model.minimize(cp_model.LinearExpr.weighted_sum(taken, limits[0][1]))
    solver = cp_model.CpSolver()
    solver.parameters.cp_model_presolve = False
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    solver.parameters.max_deterministic_time = _EFFORT
    if solver.solve(model) != cp_model.OPTIMAL:
        raise InputError([fault("policy", _NOT_PROVEN)])
    inside = [solver.boolean_value(one) for one in taken]
    reached = _total(worth if least is None else limits[0][1], inside)
    sound = all(_total(costs, inside) <= most_vnd for most_vnd, costs in limits) and _total(worth, inside) >= (least or 0)
    sound = sound and all(sum(inside[place] for place in places) <= 1 for places in one_of)
    if not sound or reached != solver.best_objective_bound:
        raise RuntimeError(f"the solver's selection does not add up: {reached}, bound {solver.best_objective_bound}")
    return inside


def _total(values: Sequence[int], inside: Sequence[bool]) -> int:
    return sum(compress(values, inside))
