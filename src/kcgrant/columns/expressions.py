"""Expressions: the few shapes of which every expression on columns is made.

The decision taken here: only what every backend computes alike: cases, sums, "or" over plain truths, and whole numbers of
64 bits, divided so that a quotient in floating point does no harm.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import reduce

import narwhals.stable.v2 as nw


def whole(number: int) -> nw.Expr:
    """A whole number of 64 bits."""
    return nw.lit(number, nw.Int64)


def only_where(holds: nw.Expr, number: nw.Expr | None = None) -> nw.Expr:
    """A number, or 1, where a truth holds; elsewhere 0."""
    return nw.when(holds).then(whole(1) if number is None else number).otherwise(whole(0))


def among(column: nw.Expr, values: Collection[str]) -> nw.Expr:
    """Whether a text is one of these; some backends cannot look among none."""
    return column.is_in(list(values)) if values else nw.lit(value=False)


def by_case(cases: Iterable[tuple[nw.Expr, nw.Expr]], otherwise: nw.Expr) -> nw.Expr:
    """The value of the first case that holds, or else the last."""
    for holds, value in reversed(list(cases)):
        otherwise = nw.when(holds).then(value).otherwise(otherwise)
    return otherwise


def by_code(column: nw.Expr, codes: Sequence[str]) -> nw.Expr:
    """The code with each number in a column; null for a number that is none's."""
    *others, last = [(column == number, nw.lit(code)) for number, code in enumerate(codes)]
    found: nw.Expr = nw.when(last[0]).then(last[1])
    for holds, code in others:
        found = nw.when(holds).then(code).otherwise(found)
    return found


def any_of(parts: Iterable[nw.Expr]) -> nw.Expr:
    """Whether any of some truths is known to hold; one that is null does not count."""
    every = list(parts)
    return reduce(lambda one, other: one | other, every).fill_null(value=False) if every else nw.lit(value=False)


def quotient(number: nw.Expr, divisor: int, *, exact: bool) -> nw.Expr:
    """A number divided and rounded down.

    Spark divides in floating point. Its quotient of a large amount may be off by some thousands; what that leaves over
    is small enough for a second division, which is exact, and mends the first.
    """
    found = (number // divisor).cast(nw.Int64)
    return found if exact else found + ((number - found * divisor) // divisor).cast(nw.Int64)
