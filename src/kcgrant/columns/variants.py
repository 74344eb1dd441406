"""Sweep: many variants of a regulation on one frame in one pass: what they cost, and who wins and loses.

The decision taken here: a variant changes numbers of norms and nothing else, so that rows are gathered and judged once for
all of them; sums are exact at any size and come back as Python's own integers.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Final, NamedTuple

import narwhals.stable.v2 as nw

from kcgrant.columns.amounts import BEST, LEAST, at_cap, check, drawn
from kcgrant.columns.conditions import shut
from kcgrant.columns.frame import refuse
from kcgrant.columns.intake import Intake, take
from kcgrant.columns.lines import lines_of
from kcgrant.columns.names import FAULT, MOST, UNMET, own
from kcgrant.errors import Fault, InputError, shown
from kcgrant.language import Text, listed
from kcgrant.law.regulation import Regulation

_PART: Final = 10**6  # amounts are added up in two parts, so that no sum passes 2^63


class Outcome(NamedTuple):
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
    if norm not in law.norms:
        en = f"given {shown(norm)}; {law.id} has the norms {listed(law.norms)}"
        vi = f"giá trị {shown(norm)}; {law.id} có các mức chi {listed(law.norms)}"
        raise InputError([Fault("norm", Text(en=en, vi=vi))])
    changes = {name: value for name, value in (("cap", cap), ("rate", rate)) if value is not None}
    return law.model_copy(update={"norms": {**law.norms, norm: law.norms[norm].model_copy(update=changes)}})


def sweep(
    frame: object,
    regulations: Mapping[str, Regulation],
    *,
    approved_on: date | None = None,
    prior_support: object | None = None,
) -> tuple[Outcome, ...]:
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
    _alike(regulations)
    intake = take(frame, next(iter(regulations.values())), approved_on, prior_support)
    if not intake.rules.single:
        raise _refusal(
            "an open answer may shut one norm for another", "một câu trả lời có thể loại mức chi này vì mức chi kia"
        )
    if not intake.eager:
        refuse(intake)
    summed = _by_application(intake, _answered(intake, list(regulations.values())), len(regulations))
    found = next(iter(summed.select(*_totals(len(regulations))).collect().iter_rows(named=True)))
    if found[FAULT]:
        refuse(intake)
    return tuple(_outcome(name, number, found) for number, name in enumerate(regulations))


def _refusal(en: str, vi: str) -> InputError:
    return InputError([Fault("regulations", Text(en=en, vi=vi))])


def _alike(regulations: Mapping[str, Regulation]) -> None:
    """Refuses variants that differ in more than numbers, since they could not share one pass."""
    if not regulations:
        raise _refusal("empty; at least one regulation is needed", "đang trống; cần ít nhất một văn bản")
    first, *others = regulations.values()
    check(first)
    for other in others:
        check(other)
        per = [{name: norm.per for name, norm in law.norms.items()} for law in (first, other)]
        if per[0] != per[1] or first.all_conditions != other.all_conditions:
            en = f"{first.id} and {other.id} differ in conditions or in kinds of norms; call assess_frame for each"
            vi = f"{first.id} và {other.id} khác nhau về điều kiện hoặc loại mức chi; hãy gọi assess_frame cho từng văn bản"
            raise _refusal(en, vi)


def _named(number: int) -> tuple[str, str, str]:
    return own(f"most_{number}"), own(f"least_{number}"), own(f"at_cap_{number}")


def _answered(intake: Intake, laws: list[Regulation]) -> nw.LazyFrame[Any]:
    """The lines with what each variant gives them, and whether its cap binds."""
    nought, one = nw.lit(0, nw.Int64), nw.lit(1, nw.Int64)
    most, least = (shut(intake.rules, intake.present, ends)[0] for ends in (intake.rules.most, intake.rules.least))
    lines = lines_of(intake).with_columns(
        (nw.col(UNMET) | most).alias(own("no")), (nw.col(UNMET) | least).alias(own("unsure"))
    )
    for number, law in enumerate(laws):
        highest, surest, capped = _named(number)
        lines = drawn(lines, law, prior=intake.prior is not None, exact=intake.exact).with_columns(
            nw.when(nw.col(own("no"))).then(nought).otherwise(nw.col(BEST)).alias(highest),
            nw.when(nw.col(own("unsure"))).then(nought).otherwise(nw.col(LEAST)).alias(surest),
            nw.when(~nw.col(own("no")) & (nw.col(MOST) > 0) & at_cap(law, prior=intake.prior is not None))
            .then(one)
            .otherwise(nought)
            .alias(capped),
        )
    return lines


def _by_application(intake: Intake, lines: nw.LazyFrame[Any], variants: int) -> nw.LazyFrame[Any]:
    """One row an application: its amounts under each variant, what it gains or loses, and both parts of every amount."""
    names = [name for number in range(variants) for name in _named(number)]
    if intake.grouped:
        lines = lines.group_by(own("reference")).agg(*(nw.col(name).sum() for name in names), nw.col(FAULT).max())
        lines = lines.with_columns(*(nw.col(name).cast(nw.Int64) for name in names))
    first, nought, one = nw.col(own("most_0")), nw.lit(0, nw.Int64), nw.lit(1, nw.Int64)
    gains = []
    for number in range(variants):
        now = nw.col(own(f"most_{number}"))
        gains += [
            nw.when(now > first).then(now - first).otherwise(nought).alias(own(f"gained_{number}")),
            nw.when(now < first).then(first - now).otherwise(nought).alias(own(f"lost_{number}")),
            nw.when(now > first).then(one).otherwise(nought).alias(own(f"winners_{number}")),
            nw.when(now < first).then(one).otherwise(nought).alias(own(f"losers_{number}")),
        ]
    lines = lines.with_columns(*gains, one.alias(own("applications")))
    amounts = [own(f"{kind}_{number}") for kind in ("most", "least", "gained", "lost") for number in range(variants)]
    lines = lines.with_columns(*((nw.col(name) // _PART).cast(nw.Int64).alias(f"{name}_high") for name in amounts))
    return lines.with_columns(*((nw.col(n) - nw.col(f"{n}_high") * _PART).alias(f"{n}_low") for n in amounts))


def _totals(variants: int) -> list[nw.Expr]:
    numbers = range(variants)
    parts = [
        f"{kind}_{n}_{part}" for kind in ("most", "least", "gained", "lost") for n in numbers for part in ("high", "low")
    ]
    counts = ["applications", *(f"{kind}_{n}" for kind in ("at_cap", "winners", "losers") for n in numbers)]
    return [*(nw.col(own(name)).sum() for name in (*parts, *counts)), nw.col(FAULT).max()]


def _outcome(name: str, number: int, found: Mapping[str, Any]) -> Outcome:
    def amount(kind: str) -> int:
        return int(found[own(f"{kind}_{number}_high")] or 0) * _PART + int(found[own(f"{kind}_{number}_low")] or 0)

    def count(kind: str) -> int:
        return int(found[own(kind)] or 0)

    return Outcome(
        variant=name,
        applications=count("applications"),
        maximum_vnd=amount("most"),
        assured_vnd=amount("least"),
        lines_at_cap=count(f"at_cap_{number}"),
        winners=count(f"winners_{number}"),
        losers=count(f"losers_{number}"),
        gained_vnd=amount("gained"),
        lost_vnd=amount("lost"),
    )
