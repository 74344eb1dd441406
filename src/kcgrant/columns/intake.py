"""Intake: a caller's frame, and the earlier support beside it, made ready to be computed on.

The decision taken here: everything becomes a lazy frame, so that one program serves every backend and each may plan it as
a whole; pandas columns are first turned into its nullable kinds, in which a missing cell does not make integers floats.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import narwhals.stable.v2 as nw
from narwhals import Schema

from kcgrant.columns.amounts import check
from kcgrant.columns.entry import (
    PRIOR_COLUMNS,
    Flaw,
    day_flaws,
    era,
    fact_flaws,
    fault,
    is_money,
    is_text,
    kinds,
    money_flaws,
    norm_flaws,
    number_of_fault,
    reference_flaws,
    typed,
)
from kcgrant.columns.names import COLUMNS, FAULT, IDENTITY, OF_ACTIVITY, OF_APPLICANT, ROW, own
from kcgrant.columns.rules import Rules, rules_of
from kcgrant.errors import InputError, shown
from kcgrant.regulation import Regulation

KNOWN = (*COLUMNS, *OF_ACTIVITY)


@dataclass(frozen=True, slots=True)
class Intake:
    """Applications at the door: their rows with our columns beside the caller's, and all that was found out about them.

    `rows` and `prior` number the flaw of each row in the column `FAULT`, from 1 in the order of `flaws`, 0 for none.
    `agreeing` are the columns in which the rows of an application may not differ. `exact`: the backend divides integers
    as such. `named`: rows have a reference; `grouped`: some may share one. `given` are the caller's own columns.
    """

    law: Regulation
    rules: Rules
    rows: nw.LazyFrame[Any]
    prior: nw.LazyFrame[Any] | None
    present: frozenset[str]
    agreeing: tuple[str, ...]
    flaws: tuple[Flaw, ...]
    eager: bool
    named: bool
    grouped: bool
    exact: bool
    given: tuple[str, ...]


def take(frame: object, law: Regulation, approved_on: date | None, prior_support: object | None) -> Intake:
    """Checks the kinds of the columns of a frame, and numbers the flaws of its rows.

    Raises:
        InputError: a column is missing, of the wrong kind, or one of ours; or both or neither of column and argument
            state the day.
        RegulationError: the regulation cannot be computed on columns.
        TypeError: the frame or the regulation is none.
    """
    if not isinstance(law, Regulation):
        raise TypeError(f"regulation: given {shown(law)}; expected a Regulation, such as catalogue.get(id)")
    check(law)
    lazy, eager = _lazy(frame)
    given = lazy.collect_schema()
    _check_day(given, approved_on)
    lazy = lazy.collect().with_row_index(ROW).lazy() if eager else lazy
    needed = ["norm", "cost_vnd", *(["reference"] if prior_support is not None else [])]
    needed += ["approved_on"] if approved_on is None else []
    lazy, schema, present = _ours(lazy, KNOWN, needed)
    rules = rules_of(law, approved_on)
    flaws = [
        *(reference_flaws(text=is_text(schema["reference"])) if "reference" in present else ()),
        *norm_flaws(law),
        *money_flaws("cost_vnd"),
        *(day_flaws() if approved_on is None else ()),
        *fact_flaws(sorted(present)),
    ]
    rows = _numbered(lazy, flaws, "cost_vnd", 0)
    if approved_on is None and len(rules.eras) > 1:
        rows = rows.with_columns(era(law, rules.eras, schema["approved_on"]))
    prior, of_prior = _prior(prior_support, lazy, law, len(flaws))
    columns = (*OF_APPLICANT, *IDENTITY, "approved_on")
    return Intake(
        law=law,
        rules=rules,
        rows=rows,
        prior=prior,
        present=frozenset(present),
        agreeing=tuple(name for name in columns if name in present),
        flaws=(*flaws, *of_prior),
        eager=eager,
        named="reference" in present,
        grouped="reference" in present and not (eager and prior is None and _each_once(rows)),
        exact=not lazy.implementation.is_spark_like(),
        given=tuple(given),
    )


def _lazy(frame: object) -> tuple[nw.LazyFrame[Any], bool]:
    try:
        known = nw.from_native(frame)  # type: ignore[call-overload]
    except TypeError:
        raise TypeError(
            f"frame: given {type(frame).__name__}; expected a dataframe, such as one of Polars or pandas"
        ) from None
    return known.lazy(), isinstance(known, nw.DataFrame)


def _each_once(rows: nw.LazyFrame[Any]) -> bool:
    """Whether every reference stands on one row, so that nothing has to be gathered."""
    references = rows.select(own("reference")).collect()
    return references[own("reference")].n_unique() == len(references)


def _check_day(schema: Schema, approved_on: object) -> None:
    if approved_on is None:
        if "approved_on" in schema:
            return
        en = "neither a column nor an argument; state the day whose law applies"
        raise InputError([fault("approved_on", en, "không có cột và cũng không có tham số; hãy nêu ngày áp dụng")])
    if not isinstance(approved_on, date) or isinstance(approved_on, datetime):
        raise TypeError(f"approved_on: given {shown(approved_on)}; expected a datetime.date")
    if "approved_on" in schema:
        en = "both a column and an argument; state the day once"
        raise InputError([fault("approved_on", en, "vừa là cột vừa là tham số; chỉ nêu ngày một lần")])


def _ours(
    lazy: nw.LazyFrame[Any], known: Sequence[str], needed: Sequence[str], where: str = ""
) -> tuple[nw.LazyFrame[Any], dict[str, Any], set[str]]:
    """The frame with our columns beside its own, their kinds, and which of those known it has."""
    schema = lazy.collect_schema()
    if taken := [name for name in schema if name.startswith(own("")) and name != ROW]:
        en = f"names that begin with {own('')} are kept for kcgrant; rename the column"
        raise InputError([fault(name, en, f"tên bắt đầu bằng {own('')} dành riêng cho kcgrant") for name in taken])
    if lazy.implementation.is_pandas_like():
        lazy, schema = _nullable(lazy, [name for name in schema if name in known], schema)
        present = kinds(schema, known, needed, where)
        return typed(lazy, sorted(present), schema, renamed=True), {n: schema[n] for n in present}, present
    present = kinds(schema, known, needed, where)
    return typed(lazy, sorted(present), schema), {name: schema[name] for name in present}, present


def _nullable(lazy: nw.LazyFrame[Any], names: Sequence[str], schema: Schema) -> tuple[nw.LazyFrame[Any], Schema]:
    """A pandas frame with nullable copies of some columns under our names, and the kinds that the columns then have."""
    eager = lazy.collect()
    on_arrow = [name for name in names if hasattr(eager[name].to_native().dtype, "pyarrow_dtype")]  # nullable as it is
    others = [name for name in names if name not in on_arrow]
    parts = [eager.select(on_arrow)] if on_arrow else []
    copies = nw.concat([*parts, *([nw.maybe_convert_dtypes(eager.select(others))] if others else [])], how="horizontal")
    found = dict(schema)
    for name in names:
        typed_by_values = len(eager) > 0 and (is_money(name) or name == "approved_on")
        if schema[name] in (nw.Object, nw.String) and copies[name].is_null().all() and not typed_by_values:
            found[name] = nw.Unknown()
        elif not is_money(name):  # of an amount, what was given decides: a float is a float
            found[name] = copies.schema[name]
    return nw.concat([eager, copies.rename({name: own(name) for name in names})], how="horizontal").lazy(), Schema(found)


def nullable(lines: nw.LazyFrame[Any], names: Sequence[str]) -> nw.LazyFrame[Any]:
    """The lines, on pandas with some columns of integers in the kind that a missing cell does not turn into floats."""
    if not lines.implementation.is_pandas_like():
        return lines
    eager = lines.collect()
    copies = nw.maybe_convert_dtypes(eager.select(names))
    others = [name for name in eager.columns if name not in names]
    return nw.concat([eager.select(others), copies], how="horizontal").lazy()


def _numbered(lazy: nw.LazyFrame[Any], flaws: Sequence[Flaw], money: str, offset: int) -> nw.LazyFrame[Any]:
    """Rows with the number of their flaw; what is faulty counts as nothing until it is reported."""
    amount = nw.col(own(money))
    return lazy.with_columns(number_of_fault(flaws, offset)).with_columns(
        nw.when(nw.col(FAULT) == 0).then(amount).otherwise(nw.lit(0, nw.Int64)).alias(own(money)),
        nw.col(own("norm")).fill_null("").alias(own("norm")),
        *([nw.col(own("reference")).fill_null("" if flaws[0].text else -1)] if flaws[0].column == "reference" else []),
    )


def _prior(
    support: object | None, applications: nw.LazyFrame[Any], law: Regulation, offset: int
) -> tuple[nw.LazyFrame[Any] | None, list[Flaw]]:
    if support is None:
        return None, []
    lazy, _ = _lazy(support)
    implementation = applications.implementation
    if lazy.implementation != implementation:
        en = f"a frame of {lazy.implementation.value}; expected one of {implementation.value}, as the applications are"
        vi = f"bảng kiểu {lazy.implementation.value}; cần kiểu {implementation.value} như bảng hồ sơ"
        raise InputError([fault("prior_support", en, vi)])
    lazy, schema, _ = _ours(lazy, PRIOR_COLUMNS, ["reference", "norm", "amount_vnd"], "prior_support.")
    kind = applications.collect_schema()[own("reference")]
    if lazy.collect_schema()[own("reference")] != kind:
        en, vi = f"a column of {schema['reference']}; expected {kind}, as in the frame", f"kiểu cột khác bảng hồ sơ ({kind})"
        raise InputError([fault("prior_support.reference", en, vi)])
    flaws = [
        *reference_flaws(text=is_text(schema["reference"])),
        *norm_flaws(law),
        *money_flaws("amount_vnd"),
    ]
    prior = _numbered(lazy, flaws, "amount_vnd", offset)
    return prior, [Flaw(flaw.found, f"prior_support.{flaw.column}", flaw.expected) for flaw in flaws]
