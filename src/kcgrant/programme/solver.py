"""The best selection: whole awards with the most points under a budget, found by an integer solver (extra `best`).

The decision taken here: the solver proposes and this room disposes: what it returns is added up again in integers. Its
presolve stays off, since that is where versions of it have certified wrong optima for sums above 2^31, and đồng are such.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import lcm
from typing import TYPE_CHECKING, Final

from ortools.sat.python import cp_model

from kcgrant.errors import Fault, InputError, Text

if TYPE_CHECKING:
    from kcgrant.programme.rules import Demand

_MOST_POINTS: Final = 2**53  # the solver reports what it has proven in a double, exact up to here
_MOST_COST: Final = 2**62  # it counts in 64 bits, with room to spare
_EFFORT: Final = 10  # in the solver's own measure, so that the same input ends the same way on every machine

_TOO_LARGE: Final = Fault(
    "policy",
    Text(
        en="the amounts or points together are too large for the solver; use ranked, or points with fewer decimals",
        vi="tổng số tiền hoặc điểm quá lớn đối với bộ giải; hãy dùng ranked, hoặc điểm có ít chữ số thập phân hơn",
    ),
)
_NOT_PROVEN: Final = Fault(
    "policy",
    Text(
        en="no selection was proven best within the effort allowed; use ranked, or rounder figures",
        vi="chưa chứng minh được phương án tốt nhất trong giới hạn tính toán; hãy dùng ranked, hoặc số tròn hơn",
    ),
)


def select(demands: Sequence[Demand], available_vnd: int, envelopes: Mapping[str, int]) -> list[bool]:
    """For each demand whether it is in the selection: the most points, and of those selections one that costs least.

    Of several selections with the same points and the same cost one is taken, the same each time for a version of the
    solver; the order of the demands decides, so they are to come in an order of their own.

    Raises:
        InputError: the numbers are too large for the solver, or it could not prove its selection best.
    """
    limits = [(available_vnd, [demand.needed_vnd for demand in demands])]
    limits += [(most_vnd, [d.assured.get(norm, 0) for d in demands]) for norm, most_vnd in envelopes.items()]
    scale = lcm(*[demand.points.denominator for demand in demands])
    points = [(demand.points * scale).numerator for demand in demands]
    fits = [all(costs[index] <= most_vnd for most_vnd, costs in limits) for index in range(len(demands))]
    wanted = [index for index in range(len(demands)) if fits[index] and points[index]]
    limits = [(most_vnd, [costs[index] for index in wanted]) for most_vnd, costs in limits]
    worth = [points[index] for index in wanted]
    if sum(worth) >= _MOST_POINTS or any(sum(costs) >= _MOST_COST for _, costs in limits):
        raise InputError([_TOO_LARGE])
    inside = _solved(limits, worth)
    inside = _solved(limits, worth, least=_total(worth, inside))
    chosen = {index for index, taken in zip(wanted, inside, strict=True) if taken}
    return [index in chosen for index in range(len(demands))]


def _solved(limits: Sequence[tuple[int, Sequence[int]]], worth: Sequence[int], least: int | None = None) -> list[bool]:
    """A selection within the limits: with the most worth or, where a least worth is given, with the least cost."""
    if not worth:
        return []
    model = cp_model.CpModel()
    taken = [model.new_bool_var("") for _ in worth]
    for most_vnd, costs in limits:
        model.add(cp_model.LinearExpr.weighted_sum(taken, costs) <= most_vnd)
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
        raise InputError([_NOT_PROVEN])
    inside = [solver.boolean_value(one) for one in taken]
    reached = _total(worth if least is None else limits[0][1], inside)
    sound = all(_total(costs, inside) <= most_vnd for most_vnd, costs in limits) and _total(worth, inside) >= (least or 0)
    if not sound or reached != solver.best_objective_bound:
        raise RuntimeError(f"the solver's selection does not add up: {reached}, bound {solver.best_objective_bound}")
    return inside


def _total(values: Sequence[int], inside: Sequence[bool]) -> int:
    return sum([value for value, taken in zip(values, inside, strict=True) if taken])
