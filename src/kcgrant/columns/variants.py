"""Sweep: many variants of a regulation on one frame in one pass: what they cost, and who wins and loses.

The decision taken here: a variant changes numbers of norms and nothing else, so that rows are gathered and judged once for
all of them; sums are exact at any size and come back as Python's own integers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Final, NamedTuple

import narwhals.stable.v2 as nw

from kcgrant.columns.amounts import BEST, LEAST, amount_on, drawn, not_carried, of_chosen
from kcgrant.columns.conditions import UNMET, refuse_worlds, shut
from kcgrant.columns.expressions import only_where, quotient
from kcgrant.columns.frame import refuse, refuse_unseen
from kcgrant.columns.intake import Intake, take
from kcgrant.columns.lines import lines_of
from kcgrant.columns.names import EVERYTHING, FAULT, REFERENCE, own
from kcgrant.errors import InputError, fault, shown
from kcgrant.law.catalogue import named_law
from kcgrant.law.regulation import Regulation

_PART: Final = 10**6  # amounts are added up in two parts, so that no sum passes 2^63
_MAY_COUNT, _COUNTS = own("may_count"), own("counts")


class VariantTotal(NamedTuple):
    """What a variant comes to, in whole đồng, and against the first of the variants swept.

    `lines_at_cap` counts the lines at which the cap binds; `winners` and `losers` the applications whose maximum is higher
    or lower than under the first variant, `gained_vnd` and `lost_vnd` by how much together.
    """

    variant: str
    applications: int
    maximum_vnd: int
    assured_vnd: int
    lines_at_cap: int
    winners: int
    losers: int
    gained_vnd: int
    lost_vnd: int


def variant(law: Regulation, norm: str, *, cap: int | None = None, rate: Fraction | None = None) -> Regulation:
    """A regulation with another cap, in whole đồng, or another rate of one norm; its sentences still state the old ones.

    Raises:
        InputError: the regulation has no such norm.
        pydantic.ValidationError: the number is not one that a norm can have.

    Example:
        >>> from kcgrant import catalogue
        >>> law = variant(catalogue.get("hung-yen-553-2025"), "advanced-machinery", cap=350_000_000)
        >>> law.norms["advanced-machinery"].technology_line_cap_vnd
        525000000
    """
    return law.variant(norm, cap=cap, rate=rate)


def sweep(
    frame: object,
    regulations: Mapping[str, Regulation | str],
    *,
    approved_on: date | None = None,
    prior_support: object | None = None,
) -> tuple[VariantTotal, ...]:
    """What each of several variants of a regulation comes to on a frame of activities (as `assess_frame` takes it).

    The first variant is the one that the others are measured against. They may differ in caps, rates and factors.

    Raises:
        InputError: a row is at fault; or the variants differ in conditions, in the names of norms, or in what is per model
            and what per establishment; or an open answer may shut one norm for the sake of another.
        RegulationError: a variant cannot be computed on columns.

    Example:
        >>> import polars as pl
        >>> from kcgrant import catalogue
        >>> law = catalogue.get("hung-yen-553-2025")
        >>> frame = pl.DataFrame(
        ...     {
        ...         "norm": ["advanced-machinery"] * 2,
        ...         "cost_vnd": [500_000_000, 800_000_000],
        ...         "technology_line": [False, False],
        ...     }
        ... )
        >>> higher = variant(law, "advanced-machinery", cap=350_000_000)
        >>> for outcome in sweep(frame, {"now": law, "350 million": higher}, approved_on=date(2026, 3, 2)):
        ...     print(outcome.variant, outcome.maximum_vnd, outcome.lines_at_cap, outcome.winners, outcome.gained_vnd)
        now 550000000 1 0 0
        350 million 600000000 1 1 50000000
    """
    laws = {name: named_law(one, f"regulations[{shown(name)}]") for name, one in regulations.items()}
    _alike(laws)
    intake = take(frame, next(iter(laws.values())), approved_on, prior_support)
    refuse_worlds(intake.conditions, "regulations")
    refuse_unseen(intake)
    totals = [total for number in range(len(laws)) for total in _totals(number)]
    answered = _answered(intake, laws.values())
    [found] = answered.select(*totals, nw.col(FAULT).max()).collect().iter_rows(named=True)
    if found[FAULT]:
        refuse(intake)
    return tuple(_outcome(name, number, found) for number, name in enumerate(laws))


def _alike(regulations: Mapping[str, Regulation]) -> None:
    """Refuses variants that differ in more than numbers, since they could not share one pass."""
    if not regulations:
        raise InputError([fault("regulations", "empty; at least one entry is needed")])
    first, *others = regulations.values()
    for other in others:
        not_carried(other)
        per = [{name: norm.per for name, norm in law.norms.items()} for law in (first, other)]
        if per[0] != per[1] or first.all_conditions != other.all_conditions:
            told = "{first} and {second} differ in conditions or in kinds of norms; call assess_frame for each"
            raise InputError([fault("regulations", told, first=first.id, second=other.id)])


def _named(number: int) -> tuple[str, str, str]:
    """The columns of what a variant gives a line: the most, what is assured, and whether the cap binds."""
    return own(f"most_{number}"), own(f"least_{number}"), own(f"at_cap_{number}")


def _answered(intake: Intake, laws: Iterable[Regulation]) -> nw.LazyFrame[Any]:
    """The lines, or the applications where rows share a reference, with what each variant gives them."""
    conditions, names = intake.conditions, []
    [most], [least] = (shut(conditions, ends) for ends in (conditions.most, conditions.least))
    lines = lines_of(intake).with_columns(**{_MAY_COUNT: ~(nw.col(UNMET) | most), _COUNTS: ~(nw.col(UNMET) | least)})
    for number, law in enumerate(laws):
        highest, surest, capped = _named(number)
        names += [highest, surest, capped]
        at_cap = of_chosen(law, lambda choice: nw.col(amount_on(choice.most)) == nw.col(choice.left))
        lines = drawn(lines, law, prior=intake.prior is not None, exact=intake.exact).with_columns(
            only_where(nw.col(_MAY_COUNT), nw.col(BEST)).alias(highest),
            only_where(nw.col(_COUNTS), nw.col(LEAST)).alias(surest),
            only_where(nw.col(_MAY_COUNT) & (nw.col(EVERYTHING.most) > 0) & at_cap).alias(capped),
        )
    if not intake.grouped:
        return lines
    summed = lines.group_by(REFERENCE).agg(*(nw.col(name).sum() for name in names), nw.col(FAULT).max())
    return summed.with_columns(*(nw.col(name).cast(nw.Int64) for name in names))


def _totals(number: int) -> Iterator[nw.Expr]:
    """What a variant comes to over all applications, under the names of `VariantTotal`; every amount in two parts."""
    first, (most, least, capped) = nw.col(_named(0)[0]), map(nw.col, _named(number))
    amounts = {
        "maximum_vnd": most,
        "assured_vnd": least,
        "gained_vnd": only_where(most > first, most - first),
        "lost_vnd": only_where(most < first, first - most),
    }
    for name, amount in amounts.items():
        high = quotient(amount, _PART, exact=True)  # if it is not, the other part makes up for it
        yield high.sum().alias(f"{name}_high_{number}")
        yield (amount - high * _PART).sum().alias(f"{name}_low_{number}")
    counts = {"lines_at_cap": capped, "winners": only_where(most > first), "losers": only_where(most < first)}
    for name, count in counts.items():
        yield count.sum().alias(f"{name}_{number}")
    yield nw.len().alias(f"applications_{number}")


def _outcome(variant: str, number: int, found: Mapping[str, Any]) -> VariantTotal:
    def total(name: str) -> int:  # the sum of no rows is null
        if name.endswith("_vnd"):
            return _PART * total(f"{name}_high") + total(f"{name}_low")
        return int(found[f"{name}_{number}"] or 0)

    return VariantTotal(variant, *map(total, VariantTotal._fields[1:]))
