"""Lines: rows gathered into the lines that share a cap, with the facts of their application beside them, and judged.

The decision taken here: only sums, least and greatest values are taken over groups, which every backend can do; what a
line receives, and in which worlds of open answers, is then read row by row.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import narwhals.stable.v2 as nw

from kcgrant.columns.conditions import unmet, unstated
from kcgrant.columns.intake import Flaw, Intake
from kcgrant.columns.names import (
    ALL,
    ERA,
    FAULT,
    LINES_MOST,
    LINES_SURE,
    MOST,
    MOST_ROWS,
    OF_APPLICANT,
    OPEN,
    PRIOR,
    PRIOR_MAY_BE_OPEN,
    PRIOR_OPEN,
    ROW,
    ROWS,
    SURE,
    UNMET,
    own,
)
from kcgrant.language import Text
from kcgrant.money import MOST_VND

COSTS: Final = (ALL, MOST, SURE, LINES_MOST, LINES_SURE)
_REFERENCE, _NORM, _COST = own("reference"), own("norm"), own("cost_vnd")
_AT_ODDS, _PRIOR_FAULT, _PRIOR_ROWS = own("at_odds"), own("prior_fault"), own("prior_rows")


def lines_of(intake: Intake) -> nw.LazyFrame[Any]:
    """The lines of all applications: what their costs add up to, their earlier support, and how the applicant stands.

    `ALL` is the cost of every activity, `MOST` and `SURE` that of those which may count and which surely do,
    `LINES_MOST` and `LINES_SURE` that of the technology lines among them, an open one taken as such or not.
    """
    rows = intake.rows.with_columns(
        unmet(intake.rules, intake.present, of_activity=True).alias(UNMET),
        unstated(intake.rules, intake.present, of_activity=True).alias(OPEN),
    ).with_columns(*_counted(intake))
    rows = rows.with_columns(nw.lit(1, nw.Int64).alias(ROWS))
    lines = _with_prior(intake, _gathered(intake, rows)) if intake.grouped else rows
    return lines.with_columns(
        unmet(intake.rules, intake.present, of_activity=False).alias(UNMET),
        unstated(intake.rules, intake.present, of_activity=False).alias(OPEN),
    )


def _counted(intake: Intake) -> Iterator[nw.Expr]:
    """What each activity adds to the costs of its line."""
    cost, nought = nw.col(_COST), nw.lit(0, nw.Int64)
    most, sure = ~nw.col(UNMET), ~nw.col(UNMET) & ~nw.col(OPEN)
    yield cost.alias(ALL)
    yield nw.when(most).then(cost).otherwise(nought).alias(MOST)
    yield nw.when(sure).then(cost).otherwise(nought).alias(SURE)
    if "technology_line" in intake.present:
        line = nw.col(own("technology_line"))
        yield nw.when(most & line.fill_null(value=True)).then(cost).otherwise(nought).alias(LINES_MOST)
        yield nw.when(sure & line.fill_null(value=False)).then(cost).otherwise(nought).alias(LINES_SURE)
    else:
        yield nw.when(most).then(cost).otherwise(nought).alias(LINES_MOST)
        yield nought.alias(LINES_SURE)


# --- gathering --------------------------------------------------------------------------------------------------------


def _gathered(intake: Intake, rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """The lines: each model by itself, what has its cap per establishment pooled under its norm."""
    keys = [_REFERENCE, _NORM, *([ERA] if _has_era(intake) else [])]
    models = [name for name, norm in intake.law.norms.items() if norm.per == "model"]
    order = [ROW] if intake.eager else []
    most = MOST_ROWS * MOST_VND  # a larger sum is that of a faulty application, and need not fit
    columns = [
        nw.col(cost).clip(upper_bound=most).cast(nw.Int64) if cost in COSTS else nw.col(cost) for cost in (*keys, *COSTS)
    ]
    columns += [nw.col(name).cast(nw.Int64) for name in (ROWS, *order)]
    sums = [*(nw.col(cost).sum() for cost in (*COSTS, ROWS)), *(nw.col(name).min() for name in order)]
    if not models:
        lines = rows.group_by(*keys).agg(*sums).select(*columns)
    else:
        is_model = nw.col(_NORM).is_in(models)
        pooled = rows.filter(~is_model).group_by(*keys).agg(*sums)
        lines = nw.concat([rows.filter(is_model).select(*columns), pooled.select(*columns)], how="vertical")
    return lines.join(applications(intake, rows), on=_REFERENCE, how="inner")


def _has_era(intake: Intake) -> bool:
    return ERA in intake.rows.collect_schema()


def agreeing_flaws(intake: Intake) -> Iterator[Flaw]:
    """What can be wrong with an application as a whole: rows that differ in a fact, or too many of them."""
    for name in intake.agreeing:
        text = Text(
            en="the rows of one application differ; write one value, or leave cells blank",
            vi="các dòng của cùng một hồ sơ ghi khác nhau; hãy ghi một giá trị hoặc để trống",
        )
        yield Flaw(nw.col(_least(name)) != nw.col(own(name)), name, text)
    many = Text(en=f"more than {MOST_ROWS} rows; split it", vi=f"hơn {MOST_ROWS} dòng; hãy tách hồ sơ")
    yield Flaw(nw.col(_AT_ODDS) > MOST_ROWS, "reference", many)


def _least(name: str) -> str:
    return own(f"least_{name}")


def applications(intake: Intake, rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """One row an application: the facts that its rows state, on whichever of them, and the number of its flaw."""
    flags = [name for name in intake.agreeing if intake.rows.collect_schema()[own(name)] == nw.Boolean]
    numbers = [nw.col(own(name)).cast(nw.Int64).alias(own(name)) for name in flags]
    copies = [nw.col(own(name)).alias(_least(name)) for name in intake.agreeing]
    rows = rows.with_columns(*numbers, nw.lit(1, nw.Int64).alias(_AT_ODDS))
    rows = rows.with_columns(*copies) if copies else rows
    greatest = [nw.col(own(name)).max() for name in intake.agreeing]
    found = rows.group_by(_REFERENCE).agg(
        *greatest, *(nw.col(_least(name)).min() for name in intake.agreeing), nw.col(_AT_ODDS).sum(), nw.col(FAULT).max()
    )
    expression = nw.col(FAULT)
    for number, flaw in enumerate(agreeing_flaws(intake), len(intake.flaws) + 1):
        at_odds = (nw.col(FAULT) == 0) & flaw.found.fill_null(value=False)
        expression = nw.when(at_odds).then(nw.lit(number, nw.Int64)).otherwise(expression)
    facts = [(nw.col(own(n)) == 1).alias(own(n)) if n in flags else nw.col(own(n)) for n in intake.agreeing]
    return found.select(
        _REFERENCE,
        *(fact for fact, n in zip(facts, intake.agreeing, strict=True) if n in OF_APPLICANT),
        expression.alias(FAULT),
    )


# --- earlier support --------------------------------------------------------------------------------------------------


def _with_prior(intake: Intake, lines: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """The lines with the earlier support under their norm: its sum, and whether all of it is, or may be, for lines."""
    if intake.prior is None:
        return lines
    prior = intake.prior
    line = own("technology_line")
    stated = nw.col(line) if line in prior.collect_schema() else None
    one, nought = nw.lit(1, nw.Int64), nw.lit(0, nw.Int64)
    prior = prior.with_columns(
        nw.col(own("amount_vnd")).alias(PRIOR),
        (nought if stated is None else nw.when(stated.fill_null(value=False)).then(one).otherwise(nought)).alias(PRIOR_OPEN),
        (one if stated is None else nw.when(stated.fill_null(value=True)).then(one).otherwise(nought)).alias(
            PRIOR_MAY_BE_OPEN
        ),
        one.alias(_PRIOR_ROWS),
        nw.col(FAULT).alias(_PRIOR_FAULT),
    )
    under = prior.group_by(_REFERENCE, _NORM).agg(
        nw.col(PRIOR).sum(), nw.col(PRIOR_OPEN).min(), nw.col(PRIOR_MAY_BE_OPEN).min()
    )
    faults = prior.group_by(_REFERENCE).agg(nw.col(_PRIOR_FAULT).max(), nw.col(_PRIOR_ROWS).sum())
    joined = lines.join(under, on=[_REFERENCE, _NORM], how="left").join(faults, on=_REFERENCE, how="left")
    many = (nw.col(FAULT) == 0) & (nw.col(_PRIOR_ROWS).fill_null(0) > MOST_ROWS)
    last = len(intake.flaws) + len(list(agreeing_flaws(intake)))
    fault = nw.when(nw.col(FAULT) == 0).then(nw.col(_PRIOR_FAULT).fill_null(0)).otherwise(nw.col(FAULT))
    return joined.with_columns(
        nw.col(PRIOR).fill_null(0).cast(nw.Int64),
        nw.col(PRIOR_OPEN).fill_null(1) == 1,
        nw.col(PRIOR_MAY_BE_OPEN).fill_null(1) == 1,
        nw.when(many).then(nw.lit(last, nw.Int64)).otherwise(fault).cast(nw.Int64).alias(FAULT),
    )
