"""Proof: the laws of a norm's curve for all costs at once, not for a sample; needs the extra `proof` (z3-solver).

The decision taken here: the curve that is proved is the one that the engine uses, `Norm.limits`, run on an unknown cost
instead of a number; so what is proved is the code and not a copy of it. One norm is looked at at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, NamedTuple

import z3

from kcgrant.application import Activity, Application, Establishment, PriorSupport, state_all
from kcgrant.assessment.explanation import title_of
from kcgrant.language import Lang, say
from kcgrant.law.norms import Limits, Norm
from kcgrant.law.regulation import Regulation
from kcgrant.money import MOST_VND
from kcgrant.testing.check import Tried, as_test
from kcgrant.testing.laws import completed
from kcgrant.testing.strategies import answers_for

Settlement = Literal["proved", "refuted", "unsettled", "not-applicable"]

_SETTLED: Final[Mapping[Settlement, str]] = {
    "proved": "proved",
    "refuted": "refuted",
    "unsettled": "unsettled",
    "not-applicable": "not applicable",
}
_CALLED: Final = {
    "bounds": "never below nothing, never above the cost",
    "maximality": "the most within the limits",
    "growth": "more cost never means less support",
    "splitting": "a cost that is split is not worth more",
    "raised_cap": "the cap is that of the norm",
}

LimitsOf = Callable[..., Limits]
"""A curve: called as `Norm.limits` is, the norm first."""


@dataclass(frozen=True, slots=True)
class _Unknown:
    """An unknown whole number, with the arithmetic that a share of a cost is made of."""

    term: Any

    def __mul__(self, number: int) -> _Unknown:
        return _Unknown(self.term * number)

    def __floordiv__(self, number: int) -> _Unknown:
        return _Unknown(self.term / number)  # between whole numbers and a positive divisor, z3 divides downwards

    def __neg__(self) -> _Unknown:
        return _Unknown(-self.term)


class Proof(NamedTuple):
    """What was found on one law of one norm: proved for all costs, refuted by the costs given, or not settled in time.

    `not-applicable` is a law about what the curve does not have, such as a cap.

    `technology_lines` tells whether it is the curve for technology lines alone; `variations` are the ids of those whose
    numbers it has.
    """

    norm: str
    technology_lines: bool
    law: str
    outcome: Settlement
    costs: Mapping[str, int]
    variations: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The finding in one line, in English."""
        return self.in_words()

    def in_words(self, lang: Lang = "en", regulation: Regulation | None = None) -> str:
        """The finding in one line; in Vietnamese a norm of the regulation is called by its title.

        Example:
            >>> Proof("x", True, "growth", "proved", {}).in_words("vi")
            'x (dây chuyền công nghệ): tăng chi phí không làm giảm mức hỗ trợ: đã chứng minh'
        """
        called = self.norm if lang == "en" or regulation is None else title_of(regulation, self.norm, lang)
        more = [*([say("technology lines", lang)] if self.technology_lines else []), *self.variations]
        curve = f"{called} ({', '.join(more)})" if more else called
        law = self.law if lang == "en" else say(_CALLED[self.law], lang)
        at = ", ".join(f"{name} {value}" for name, value in self.costs.items())
        outcome = say(_SETTLED[self.outcome], lang)
        return f"{curve}: {law}: {say('{outcome} by {costs}', lang, outcome=outcome, costs=at) if at else outcome}"

    def test(self, regulation: Regulation) -> str:
        """The costs that refute the law, as a test of the engine that runs; empty where it is not refuted."""
        if self.outcome != "refuted":
            return ""
        norm = regulation.norm_under(self.norm, self.variations)
        cap = norm.limits(1, technology_lines=self.technology_lines).cap_vnd or 0
        received = cap - self.costs.get("cap_left_vnd", cap) if norm.pooled else self.costs.get("prior_vnd", 0)
        flag: dict[str, Any] = {"norm": self.norm, "technology_line": self.technology_lines}
        cost_vnd, quantity = max(1, self.costs.get("cost_vnd", 1)), 1 if norm.counted else None
        application = Application(
            approved_on=regulation.in_force.since if regulation.in_force else date.min,
            establishment=Establishment(name="A", province=regulation.province or "somewhere"),
            activities=(Activity(cost_vnd=cost_vnd, quantity=quantity, **flag),),
            prior_support=(PriorSupport(amount_vnd=received, **flag),) if received > 0 else (),
        )
        application = completed(state_all(application, answers_for(regulation, self.variations)), 0, regulation)
        beside = {"growth": "extra_vnd", "splitting": "part_vnd"}.get(self.law)
        more = {beside: self.costs.get("extra_vnd", 1)} if beside else {}
        return as_test(Tried(self.law, application, more, str(self)), regulation)


def prove(regulation: Regulation, *, limits: LimitsOf = Norm.limits, milliseconds: int = 10_000) -> list[Proof]:
    """Settles each law of the curve of each norm, for every cost and every earlier support.

    `limits` is the curve, the engine's own unless another is to be tried. A law that the solver cannot settle in the
    time given is said to be unsettled.

    Example:
        >>> from kcgrant import catalogue
        >>> print(prove(catalogue.get("national-28-2018"))[0])
        demonstration-model: bounds: proved
    """
    found: list[Proof] = []
    for name in regulation.norms:
        for held, norm in regulation.numbers_of(name).items():
            for lines in (False, True) if norm.technology_line_cap_vnd is not None else (False,):
                for law, broken in _laws(norm, limits, lines=lines):
                    outcome, costs = ("not-applicable", {}) if broken is None else _settled(broken, milliseconds)
                    found.append(Proof(name, lines, law, outcome, costs, tuple(sorted(held))))
    return found


def _laws(norm: Norm, limits: LimitsOf, *, lines: bool) -> Iterator[tuple[str, Any]]:
    """Each law with the formula that says that it is broken, in the costs, a further cost, and earlier support.

    That is told by what it leaves of the cap; of a unit other than the establishment, by itself (reading `prior-model`).
    """
    cost, extra, left, prior = z3.Ints("cost_vnd extra_vnd cap_left_vnd prior_vnd")
    cap = limits(norm, 1, technology_lines=lines).cap_vnd
    most = 2 * MOST_VND if cap is None else cap  # without a cap more is left of it than any cost
    earlier = z3.And(left >= (0 if cap is not None else most), left <= most)
    taken, rest = 0, left
    if not norm.pooled:
        earlier, taken, rest = z3.And(prior >= 0, prior <= MOST_VND), prior, most - prior
    within = z3.And(cost >= 1, extra >= 1, cost + extra <= MOST_VND, earlier)

    def share(term: Any) -> Any:
        value: Any = limits(norm, _Unknown(term), technology_lines=lines).share_vnd
        return value.term if isinstance(value, _Unknown) else value

    def least(shared: Any) -> Any:
        amount = z3.If(shared - taken < rest, shared - taken, rest)
        return amount if norm.pooled else z3.If(amount < 0, 0, amount)

    top, bottom = (1, 1) if norm.rate is None else (norm.rate.numerator, norm.rate.denominator)
    paid, more = least(share(cost)), least(share(cost + extra))
    kept = z3.And((paid + taken) * bottom <= cost * top, paid <= rest)
    kept = kept if norm.pooled else z3.Or(kept, paid == 0)
    beyond = z3.Or((paid + taken + 1) * bottom > cost * top, paid + 1 > rest)
    raised = norm.cap
    if lines and norm.cap is not None:
        raised = norm.technology_line_cap or int(norm.cap * (norm.technology_line_factor or 1))
    yield "bounds", z3.And(within, z3.Not(z3.And(paid >= 0, paid <= cost)))
    yield "maximality", z3.And(within, z3.Not(z3.And(kept, beyond)))
    yield "growth", z3.And(within, z3.Not(z3.And(paid <= more, more <= paid + extra)))
    yield "splitting", z3.And(within, least(share(cost) + share(extra)) > more)
    stated = cap is not None and raised is not None
    yield "raised_cap", z3.And(within, z3.IntVal(cap) != z3.IntVal(raised)) if stated else None


def _settled(broken: Any, milliseconds: int) -> tuple[Settlement, Mapping[str, int]]:
    solver = z3.Solver()
    solver.set("timeout", milliseconds)
    solver.add(broken)
    outcome = solver.check()
    if outcome != z3.sat:
        return "proved" if outcome == z3.unsat else "unsettled", {}
    model = solver.model()
    return "refuted", {str(term): model[term].as_long() for term in sorted(model.decls(), key=str)}
