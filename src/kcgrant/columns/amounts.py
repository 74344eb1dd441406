"""Amounts: the curve of support of every line of a frame, as column expressions over whole numbers of 64 bits.

The decision taken here: no product is formed that could pass 2^63, and no backend's own division is trusted beyond what
is exact; the numbers are read off the same `Norm` objects as the engine reads, at the moment the expression is built.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

import narwhals.stable.v2 as nw

from kcgrant.columns.names import LINES_MOST, LINES_SURE, MOST, PRIOR, PRIOR_MAY_BE_OPEN, PRIOR_OPEN, SURE, own
from kcgrant.errors import Fault, RegulationError, Text
from kcgrant.money import percentage
from kcgrant.regulation import Norm, Regulation



def check(law: Regulation) -> None:
    """Refuses a rate that columns of 64 bits cannot multiply by; none that a regulation file can state is such.

    Raises:
        RegulationError: the denominator of a rate has more than nine digits.
    """
    for name, norm in law.norms.items():
        if norm.rate is not None and norm.rate.denominator * norm.rate.numerator >= 2**62:
            en = f"the rate {percentage(norm.rate)} is too fine for columns of 64 bits; use assess"
            vi = f"tỷ lệ {percentage(norm.rate, 'vi')} quá lẻ, không tính được trên cột 64 bit; hãy dùng assess"
            raise RegulationError([Fault(f"{law.id}: norms.{name}.rate", Text(en=en, vi=vi))])


def by_norm(law: Regulation, value: Callable[[Norm], int]) -> nw.Expr:
    """A number of the norm that a row is under."""
    norms_of: dict[int, list[str]] = {}
    for name, norm in law.norms.items():
        norms_of.setdefault(value(norm), []).append(name)
    *others, last = norms_of
    expression = nw.lit(last, nw.Int64)
    for number in others:
        under = nw.col(own("norm")).is_in(norms_of[number])
        expression = nw.when(under).then(nw.lit(number, nw.Int64)).otherwise(expression)
    return expression


def least(one: nw.Expr, other: nw.Expr) -> nw.Expr:
    """The lesser of two numbers, neither of them null."""
    return nw.when(one < other).then(one).otherwise(other)


def _quotient(amount: nw.Expr, divisor: int, *, exact: bool) -> nw.Expr:
    """An amount divided and rounded down.

    Spark divides in floating point. Its quotient of a large amount may be off by some thousands; what that leaves over
    is small enough for a second division, which is exact, and mends the first.
    """
    first = (amount // divisor).cast(nw.Int64)
    return first if exact else first + ((amount - first * divisor) // divisor).cast(nw.Int64)


def share(law: Regulation, base: str, *, exact: bool) -> nw.Expr:
    """The share of a cost: equal to `money.share_of`, and never beyond 2^63.

    With the rate n/d and the cost c = q × d + r, where r < d, c × n / d = q × n + r × n / d, and q × n is whole: so
    rounding down r × n / d alone is the same as rounding the whole. q × n is at most c, and r × n is below d × n.
    """
    rates: dict[Fraction, list[str]] = {}
    for name, norm in law.norms.items():
        rates.setdefault(norm.rate or Fraction(1), []).append(name)
    cost = nw.col(base)

    def of(rate: Fraction) -> nw.Expr:
        if rate == 1:
            return cost
        whole = _quotient(cost, rate.denominator, exact=exact)
        if rate.numerator == 1:
            return whole
        rest = (cost - whole * rate.denominator) * rate.numerator
        return whole * rate.numerator + _quotient(rest, rate.denominator, exact=exact)

    *others, last = rates
    expression = of(last)
    for rate in others:
        expression = nw.when(nw.col(own("norm")).is_in(rates[rate])).then(of(rate)).otherwise(expression)
    return expression


class Option(NamedTuple):
    """The limits of one choice of what to support: names of columns, and expressions over them."""

    base: nw.Expr
    share: nw.Expr
    cap: nw.Expr
    left: nw.Expr

    @property
    def amount(self) -> nw.Expr:
        """The least of the limits."""
        return least(self.share, self.left)


def has_lines(law: Regulation) -> bool:
    """Whether any norm has a cap of its own for technology lines."""
    return any(norm.technology_line_factor is not None for norm in law.norms.values())


def option(law: Regulation, base: str, *, technology_lines: bool, prior: bool, exact: bool) -> Option:
    """The choice of everything, or of technology lines alone, on the costs in a column, after earlier support or not."""
    cap = by_norm(law, lambda norm: (technology_lines and norm.technology_line_cap_vnd) or norm.cap)
    if not prior:
        return Option(nw.col(base), share(law, base, exact=exact), cap, cap)
    rest = cap - nw.col(PRIOR)
    left = nw.when(rest > 0).then(rest).otherwise(nw.lit(0, nw.Int64))
    return Option(nw.col(base), share(law, base, exact=exact), cap, left)


def raised(law: Regulation, prior: str | None) -> nw.Expr:
    """Whether the raised cap is open to a row: its norm has one, and earlier support does not shut it."""
    norms = [name for name, norm in law.norms.items() if norm.technology_line_factor is not None]
    here = nw.col(own("norm")).is_in(norms)
    return here if prior is None else here & nw.col(prior)


def best(law: Regulation, *, hopeful: bool, prior: bool, exact: bool) -> nw.Expr:
    """What a line receives if its conditions are met: the larger option, as open technology lines are taken as such or not."""
    base, of_lines = (MOST, LINES_MOST) if hopeful else (SURE, LINES_SURE)
    every = option(law, base, technology_lines=False, prior=prior, exact=exact).amount
    if not has_lines(law):
        return every
    standing = (PRIOR_MAY_BE_OPEN if hopeful else PRIOR_OPEN) if prior else None
    lines = option(law, of_lines, technology_lines=True, prior=prior, exact=exact).amount
    return nw.when(raised(law, standing) & (lines > every)).then(lines).otherwise(every)
