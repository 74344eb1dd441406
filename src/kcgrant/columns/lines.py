"""Lines: rows gathered into the lines that share a cap, with the facts of their application beside them, and judged.

The decision taken here: only sums, least and greatest values are taken over groups, which every backend can do; what a
line receives, and in which worlds of open answers, is then read row by row.
"""

from __future__ import annotations

from typing import Any, Final

import narwhals.stable.v2 as nw

from kcgrant.columns.conditions import OPEN, UNMET, standing
from kcgrant.columns.expressions import among, only_where, whole
from kcgrant.columns.intake import Intake, applications
from kcgrant.columns.names import ALL, ERA, EVERYTHING, FAULT, LINES, MOST_ROWS, NORM, PRIOR, REFERENCE, ROW, ROWS, own
from kcgrant.money import MOST_VND

_COSTS: Final = (ALL, EVERYTHING.most, EVERYTHING.sure, LINES.most, LINES.sure)
_PRIOR_FAULT, _PRIOR_ROWS = own("prior_fault"), own("prior_rows")


def lines_of(intake: Intake) -> nw.LazyFrame[Any]:
    """The lines of all applications: what their costs add up to, their earlier support, and how the applicant stands.

    `ALL` is the cost of every activity, `EVERYTHING` that of those which may count and which surely do, `LINES` that of
    the technology lines among them, an open one taken as such or not.
    """
    rows = intake.rows.with_columns(**standing(intake.conditions, of_activity=True)).with_columns(**_costs(intake))
    lines = _with_prior(intake, _gathered(intake, rows)) if intake.grouped else rows
    return lines.with_columns(**standing(intake.conditions, of_activity=False))


def _costs(intake: Intake) -> dict[str, nw.Expr]:
    """What each activity adds to the costs of its line, and to the number of its rows."""
    cost, stated = nw.col(own("cost_vnd")), "technology_line" in intake.conditions.present
    most, sure = ~nw.col(UNMET), ~nw.col(UNMET) & ~nw.col(OPEN)
    return {
        ALL: cost,
        EVERYTHING.most: only_where(most, cost),
        EVERYTHING.sure: only_where(sure, cost),
        LINES.most: only_where(most & _is_line(stated=stated, if_open=True), cost),
        LINES.sure: only_where(sure & _is_line(stated=stated, if_open=False), cost),
        ROWS: whole(1),
    }


def _is_line(*, stated: bool, if_open: bool) -> nw.Expr:
    """Whether an activity is, or earlier support was for, a technology line; `stated`: there is a column of it."""
    return nw.col(own("technology_line")).fill_null(value=if_open) if stated else nw.lit(value=if_open)


# --- gathering --------------------------------------------------------------------------------------------------------


def _gathered(intake: Intake, rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """The lines: each model by itself, what has its cap per establishment pooled under its norm."""
    keys = [REFERENCE, NORM, *([ERA] if len(intake.conditions.eras) > 1 else [])]
    models = [name for name, norm in intake.conditions.law.norms.items() if not norm.pooled]
    order = [ROW] if intake.eager else []
    most = MOST_ROWS * MOST_VND  # a larger sum is that of a faulty application, and need not fit
    columns = [*map(nw.col, keys), *(nw.col(cost).clip(upper_bound=most).cast(nw.Int64) for cost in _COSTS)]
    columns += [nw.col(name).cast(nw.Int64) for name in (ROWS, *order)]
    is_model = among(nw.col(NORM), models)
    pooled = (rows.filter(~is_model) if models else rows).group_by(*keys)
    lines = pooled.agg(*(nw.col(name).sum() for name in (*_COSTS, ROWS)), *(nw.col(name).min() for name in order))
    lines = lines.select(*columns)
    if models:
        lines = nw.concat([rows.filter(is_model).select(*columns), lines], how="vertical")
    return lines.join(applications(intake, rows), on=REFERENCE, how="inner")


# --- earlier support --------------------------------------------------------------------------------------------------


def _with_prior(intake: Intake, lines: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """The lines with the earlier support under their norm: its sum, and whether all of it is, or may be, for lines."""
    if intake.prior is None:
        return lines
    stated = own("technology_line") in intake.prior.collect_schema()
    prior = intake.prior.with_columns(
        only_where(_is_line(stated=stated, if_open=False)).alias(PRIOR.is_open),
        only_where(_is_line(stated=stated, if_open=True)).alias(PRIOR.may_be_open),
    )
    under = prior.group_by(REFERENCE, NORM).agg(
        nw.col(own("amount_vnd")).sum().alias(PRIOR.amount_vnd), nw.col(PRIOR.is_open).min(), nw.col(PRIOR.may_be_open).min()
    )
    faults = prior.group_by(REFERENCE).agg(nw.col(FAULT).max().alias(_PRIOR_FAULT), nw.len().alias(_PRIOR_ROWS))
    joined = lines.join(under, on=[REFERENCE, NORM], how="left").join(faults, on=REFERENCE, how="left")
    too_many = whole(len(intake.flaws_of_rows) + 1)  # the first flaw of an application as a whole
    of_prior = nw.col(_PRIOR_FAULT).fill_null(0)
    of_prior = nw.when(nw.col(_PRIOR_ROWS).fill_null(0) > MOST_ROWS).then(too_many).otherwise(of_prior)
    return joined.with_columns(
        nw.col(PRIOR.amount_vnd).fill_null(0).cast(nw.Int64),
        nw.col(PRIOR.is_open).fill_null(1) == 1,
        nw.col(PRIOR.may_be_open).fill_null(1) == 1,
        nw.when(nw.col(FAULT) == 0).then(of_prior).otherwise(nw.col(FAULT)).cast(nw.Int64).alias(FAULT),
    )
