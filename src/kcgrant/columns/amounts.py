"""Amounts: the curve of support of every line of a frame, as column expressions over whole numbers of 64 bits.

The decision taken here: no product is formed that could pass 2^63, and no backend's own division is trusted beyond what
is exact; the numbers are read off the same `Norm` objects as the engine reads, at the moment the expression is built.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, Final

import narwhals.stable.v2 as nw

from kcgrant.columns.names import LINES_MOST, LINES_SURE, MOST, PRIOR, PRIOR_MAY_BE_OPEN, PRIOR_OPEN, SURE, own
from kcgrant.errors import Fault, RegulationError
from kcgrant.language import Text, percentage
from kcgrant.law.norms import Norm
from kcgrant.law.regulation import Regulation


def check(law: Regulation) -> None:
    """Refuses numbers that columns of 64 bits cannot compute with.

    Raises:
        RegulationError: the denominator of a rate has more than nine digits, or a raised cap passes 4 × 10^18 đồng.
    """
    for name, norm in law.norms.items():
        if (norm.technology_line_cap_vnd or norm.cap) >= 2**62:
            en = f"the raised cap, {norm.technology_line_cap_vnd}, is too large for columns of 64 bits; use assess"
            vi = (
                f"mức trần nâng cao {norm.technology_line_cap_vnd} quá lớn, không tính được trên cột 64 bit; hãy dùng assess"
            )
            raise RegulationError([Fault(f"{law.id}: norms.{name}.technology_line_factor", Text(en=en, vi=vi))])
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


def share_on(base: str) -> str:
    """The name of the column that holds the share of a cost."""
    return f"{base}_share"


def amount_on(base: str) -> str:
    """The name of the column that holds the support on a cost."""
    return f"{base}_amount"


CAP, LEFT, LINES_CAP, LINES_LEFT = (own(name) for name in ("cap", "left", "lines_cap", "lines_left"))
BEST, LEAST = own("best"), own("least")
_LEFT_OF: Final = {MOST: LEFT, SURE: LEFT, LINES_MOST: LINES_LEFT, LINES_SURE: LINES_LEFT}


def drawn(lines: nw.LazyFrame[Any], law: Regulation, *, prior: bool, exact: bool) -> nw.LazyFrame[Any]:
    """The lines with the steps of each option, and in `BEST` and `LEAST` what the best of them yields.

    `BEST` is what a line receives if its conditions are met and open technology lines are such; `LEAST`, what it receives
    of what surely counts, if they are not. Each step is a column, so that no backend computes it twice.
    """
    raises = has_lines(law)
    bases = (MOST, SURE, LINES_MOST, LINES_SURE) if raises else (MOST, SURE)
    lines = _shared(lines, law, bases, exact=exact)
    caps = {CAP: (LEFT, by_norm(law, lambda norm: norm.cap))}
    if raises:
        caps[LINES_CAP] = LINES_LEFT, by_norm(law, lambda norm: norm.technology_line_cap_vnd or norm.cap)
    lines = lines.with_columns(*(value.alias(cap) for cap, (_, value) in caps.items()))
    lines = lines.with_columns(*(_left(cap, prior=prior).alias(left) for cap, (left, _) in caps.items()))
    lines = lines.with_columns(*(_least(share_on(base), _LEFT_OF[base]).alias(amount_on(base)) for base in bases))
    ends = ((BEST, MOST, LINES_MOST, PRIOR_MAY_BE_OPEN), (LEAST, SURE, LINES_SURE, PRIOR_OPEN))
    return lines.with_columns(
        *(_best(law, base, of_lines, standing if prior else None).alias(end) for end, base, of_lines, standing in ends)
    )


def has_lines(law: Regulation) -> bool:
    """Whether any norm has a cap of its own for technology lines."""
    return any(norm.technology_line_factor is not None for norm in law.norms.values())


def raised(law: Regulation, standing: str | None) -> nw.Expr:
    """Whether the raised cap is open to a line: its norm has one, and earlier support does not shut it."""
    norms = [name for name, norm in law.norms.items() if norm.technology_line_factor is not None]
    here = nw.col(own("norm")).is_in(norms)
    return here if standing is None else here & nw.col(standing)


def _left(cap: str, *, prior: bool) -> nw.Expr:
    """What earlier support leaves of a cap, never below nought."""
    if not prior:
        return nw.col(cap)
    return nw.when(nw.col(PRIOR) < nw.col(cap)).then(nw.col(cap) - nw.col(PRIOR)).otherwise(nw.lit(0, nw.Int64))


def _least(one: str, other: str) -> nw.Expr:
    return nw.when(nw.col(one) < nw.col(other)).then(nw.col(one)).otherwise(nw.col(other))


def _best(law: Regulation, base: str, of_lines: str, standing: str | None) -> nw.Expr:
    """The larger of what everything yields and what technology lines alone yield, where their cap is open."""
    every, lines = nw.col(amount_on(base)), nw.col(amount_on(of_lines))
    if not has_lines(law):
        return every
    return nw.when(raised(law, standing) & (lines > every)).then(lines).otherwise(every)


def lines_alone(law: Regulation, *, prior: bool) -> nw.Expr:
    """Whether a line is best supported by its technology lines alone.

    Where everything is a technology line, support for everything is not offered beside support for the lines.
    """
    if not has_lines(law):
        return nw.lit(value=False)
    better = nw.col(amount_on(LINES_MOST)) > nw.col(amount_on(MOST))
    return raised(law, PRIOR_MAY_BE_OPEN if prior else None) & ((nw.col(LINES_MOST) == nw.col(MOST)) | better)


def at_cap(law: Regulation, *, prior: bool) -> nw.Expr:
    """Whether the cap binds in the option that a line is best supported by."""
    every = nw.col(amount_on(MOST)) == nw.col(LEFT)
    if not has_lines(law):
        return every
    lines = nw.col(amount_on(LINES_MOST)) == nw.col(LINES_LEFT)
    return nw.when(lines_alone(law, prior=prior)).then(lines).otherwise(every)


# --- the share of a cost ----------------------------------------------------------------------------------------------


def _shared(lines: nw.LazyFrame[Any], law: Regulation, bases: tuple[str, ...], *, exact: bool) -> nw.LazyFrame[Any]:
    """The shares of costs, rounded down: equal to `money.share_of`, with no product that could pass 2^63.

    With the rate n/d and the cost c = q × d + r, where r < d, c × n / d = q × n + r × n / d, and q × n is whole: so
    rounding down r × n / d alone is the same as rounding the whole. q × n is at most c, and r × n is below d × n.
    """
    rates: dict[Fraction, list[str]] = {}
    for name, norm in law.norms.items():
        rates.setdefault(norm.rate or Fraction(1), []).append(name)
    divided = [(base, divisor) for base in bases for divisor in sorted({rate.denominator for rate in rates} - {1})]
    for first in (True, False)[: 1 if exact else 2]:
        quotients = [_quotient(base, divisor, first=first).alias(_whole(base, divisor)) for base, divisor in divided]
        lines = lines.with_columns(*quotients) if quotients else lines
    return lines.with_columns(*(_share(base, rates, exact=exact).alias(share_on(base)) for base in bases))


def _whole(base: str, divisor: int) -> str:
    return f"{base}_by_{divisor}"


def _quotient(base: str, divisor: int, *, first: bool) -> nw.Expr:
    """A cost divided and rounded down.

    Spark divides in floating point. Its quotient of a large amount may be off by some thousands; what that leaves over
    is small enough for a second division, which is exact, and mends the first.
    """
    if first:
        return (nw.col(base) // divisor).cast(nw.Int64)
    found = nw.col(_whole(base, divisor))
    return found + ((nw.col(base) - found * divisor) // divisor).cast(nw.Int64)


def _share(base: str, rates: Mapping[Fraction, list[str]], *, exact: bool) -> nw.Expr:
    """The share under the rate of each row's norm."""

    def of(rate: Fraction) -> nw.Expr:
        if rate == 1:
            return nw.col(base)
        whole = nw.col(_whole(base, rate.denominator))
        if rate.numerator == 1:
            return whole
        rest = (nw.col(base) - whole * rate.denominator) * rate.numerator
        part = (rest // rate.denominator).cast(nw.Int64)
        if not exact:
            part = part + ((rest - part * rate.denominator) // rate.denominator).cast(nw.Int64)
        return whole * rate.numerator + part

    *others, last = rates
    expression = of(last)
    for rate in others:
        expression = nw.when(nw.col(own("norm")).is_in(rates[rate])).then(of(rate)).otherwise(expression)
    return expression
