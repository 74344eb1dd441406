"""Entry: a frame checked at the door: its columns by kind, its cells by value, and what is wrong put into words.

The decision taken here: a column of the wrong kind is refused before a single row is read; a faulty cell never becomes a
number, a "no" or a lost row, but a fault of its application.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

import narwhals.stable.v2 as nw
from narwhals import Schema

from kcgrant.application import FACTS
from kcgrant.columns.amounts import check
from kcgrant.columns.conditions import Rules, rules_of
from kcgrant.columns.names import COLUMNS, ERA, FACT_OF, FAULT, IDENTITY, OF_ACTIVITY, OF_APPLICANT, ROW, own
from kcgrant.errors import Fault, InputError, nearest, shown
from kcgrant.language import Text, listed
from kcgrant.law.regulation import Regulation
from kcgrant.money import MOST_VND

_WHOLE: Final = (nw.Int8, nw.Int16, nw.Int32, nw.Int64, nw.Int128, nw.UInt8, nw.UInt16, nw.UInt32, nw.UInt64, nw.UInt128)
_WIDE: Final = (nw.Int128, nw.UInt64, nw.UInt128)
_TEXT: Final = (nw.String, nw.Categorical, nw.Enum)
PRIOR_COLUMNS: Final = ("reference", "norm", "amount_vnd", "technology_line", "granted_on")
_MONEY: Final = ("cost_vnd", "amount_vnd")
_YES_NO: Final = (*(name for name, fact in FACT_OF.items() if True in FACTS[fact]), "technology_line")


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something that can be wrong with a row: where it is, the column, and what is expected, in both languages."""

    found: nw.Expr
    column: str
    expected: Text
    text: bool = True


def fault(where: str, en: str, vi: str) -> Fault:
    """A fault in both languages."""
    return Fault(where, Text(en=en, vi=vi))


# --- the kinds of the columns -----------------------------------------------------------------------------------------


def kinds(schema: Schema, known: Sequence[str], needed: Sequence[str], where: str = "") -> set[str]:
    """The columns of a frame that kcgrant reads, each of the right kind.

    Raises:
        InputError: with every column that is missing, of the wrong kind, or named almost as one that is known.
    """
    schema = Schema({name: kind for name, kind in schema.items() if not name.startswith(own(""))})
    faults = [_missing(f"{where}{name}", schema) for name in needed if name not in schema]
    for name, kind in schema.items():
        near = nearest(name, [one for one in known if one not in schema], 85) if name not in known else None
        if near:
            en, vi = f"unknown column. Did you mean {near}?", f"cột không có trong mẫu. Có phải ý bạn là {near}?"
            faults.append(fault(f"{where}{name}", en, vi))
        if name in known and (text := _expected(name, kind)):
            en, vi = f"a column of {_kind(kind)}; expected {text.en}", f"cột kiểu {_kind(kind)}; cần {text.vi}"
            faults.append(fault(f"{where}{name}", en, vi))
    if faults:
        raise InputError(faults)
    return {name for name in schema if name in known and (schema[name] != nw.Unknown or name in needed)}


def _kind(kind: nw.dtypes.DType) -> str:
    return str(kind).partition("(")[0]


def _missing(name: str, schema: Schema) -> Fault:
    en = f"no such column; it is needed. The frame has {listed(schema)}"
    return fault(name, en, f"không có cột này, mà đây là cột bắt buộc. Bảng có các cột {listed(schema)}")


def _expected(name: str, kind: nw.dtypes.DType) -> Text | None:
    """What a column should be instead, or None where it is right; a column of nulls alone is not stated."""
    if kind == nw.Unknown:
        return None
    if name in _MONEY:
        return None if kind in _WHOLE else Text(en="whole đồng, a column of integers", vi="số nguyên đồng, cột số nguyên")
    if name in ("activity", "establishment", "province", "tax_code", "granted_on"):
        return None
    if name in _YES_NO:
        return None if kind == nw.Boolean else Text(en="true, false or null", vi="true, false hoặc null")
    if name == "approved_on":
        plain = kind == nw.Date or (kind == nw.Datetime and getattr(kind, "time_zone", None) is None)
        return None if plain else Text(en="days, without a time zone", vi="cột ngày, không có múi giờ")
    if name == "reference" and kind in _WHOLE:
        return None
    return None if kind in _TEXT else Text(en="codes as text", vi="mã dạng chữ")


# --- the cells --------------------------------------------------------------------------------------------------------


def typed(frame: nw.LazyFrame[Any], names: Sequence[str], schema: Schema, *, renamed: bool = False) -> nw.LazyFrame[Any]:
    """The columns read, beside those of the caller, under names of our own and in the few kinds that we work with."""
    return frame.with_columns(**{own(name): _typed(name, schema[name], own(name) if renamed else name) for name in names})


def _typed(name: str, kind: nw.dtypes.DType, stands: str) -> nw.Expr:
    column = nw.col(stands)
    if kind == nw.Unknown:  # nothing but nulls, in a column that is needed
        return nw.lit(None, nw.Int64 if name in _MONEY else nw.Date if name == "approved_on" else nw.String)
    if kind in _TEXT:
        return column.cast(nw.String)
    if name in _MONEY or name == "reference":
        # A wide integer is narrowed without a wrap: what lies beyond either bound is out of range at the bound as well.
        narrow = column.clip(0, MOST_VND + 1) if kind in _WIDE and name in _MONEY else column
        return narrow.cast(nw.Int64)
    return column


def money_flaws(column: str) -> Iterator[Flaw]:
    """What can be wrong with an amount."""
    amount = nw.col(own(column))
    yield Flaw(amount.is_null(), column, Text(en="missing; it must be stated", vi="còn trống; bắt buộc phải có"))
    bounds = Text(en="expected whole đồng from 1 to 10^15", vi="cần số nguyên đồng từ 1 đến 10^15")
    yield Flaw((amount < 1) | (amount > MOST_VND), column, bounds)


def norm_flaws(law: Regulation) -> Iterator[Flaw]:
    """What can be wrong with the name of a norm."""
    norm = nw.col(own("norm"))
    known = listed(law.norms)
    yield Flaw(norm.is_null(), "norm", Text(en="missing; it must be stated", vi="còn trống; bắt buộc phải có"))
    text = Text(en=f"{law.id} has the norms {known}", vi=f"{law.id} có các mức chi {known}")
    yield Flaw(~norm.is_in(list(law.norms)), "norm", text)


def reference_flaws(*, text: bool) -> Iterator[Flaw]:
    """What can be wrong with a reference."""
    reference = nw.col(own("reference"))
    missing = Text(en="missing; every row needs one", vi="còn trống; dòng nào cũng phải có")
    absent = reference.is_null() | (reference == "") if text else reference.is_null()
    yield Flaw(absent, "reference", missing, text=text)


def day_flaws() -> Iterator[Flaw]:
    """What can be wrong with a day: every row has to state it, since its law decides how the row is read."""
    missing = Text(en="missing; every row states the day", vi="còn trống; dòng nào cũng phải có ngày")
    yield Flaw(nw.col(own("approved_on")).is_null(), "approved_on", missing)


def is_text(kind: nw.dtypes.DType) -> bool:
    """Whether a column holds text; one of nulls alone counts as such."""
    return kind not in _WHOLE


def is_money(name: str) -> bool:
    """Whether a column holds amounts."""
    return name in _MONEY


def fact_flaws(present: Sequence[str]) -> Iterator[Flaw]:
    """What can be wrong with the facts: a code that does not exist."""
    for name in present:
        if name in FACT_OF and name not in _YES_NO:
            values = [str(value) for value in FACTS[FACT_OF[name]]]
            text = Text(
                en=f"expected one of {', '.join(values)}, or null", vi=f"cần một trong {', '.join(values)}, hoặc null"
            )
            column = nw.col(own(name))
            yield Flaw(~column.is_null() & ~column.is_in(values), name, text)


def number_of_fault(flaws: Sequence[Flaw], offset: int = 0) -> nw.Expr:
    """The number, from 1 past an offset, of the first flaw that a row has; 0 where it has none."""
    expression = nw.lit(0, nw.Int64)
    for number in range(len(flaws), 0, -1):
        found = flaws[number - 1].found.fill_null(value=False)
        expression = nw.when(found).then(nw.lit(number + offset, nw.Int64)).otherwise(expression)
    return expression.alias(FAULT)


def era(law: Regulation, eras: Sequence[int], kind: nw.dtypes.DType) -> nw.Expr:
    """The era of conditions in which a row's day lies; a time of day does not matter."""
    column, expression = nw.col(own("approved_on")), nw.lit(eras[-1], nw.Int64)
    for number in reversed(eras[:-1]):
        first = law.turning_days[number]
        turn: date = datetime.combine(first, time()) if kind == nw.Datetime else first
        expression = nw.when(column < turn).then(nw.lit(number, nw.Int64)).otherwise(expression)
    return expression.alias(ERA)


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
    flaws = [*reference_flaws(text=is_text(schema["reference"])), *norm_flaws(law), *money_flaws("amount_vnd")]
    prior = _numbered(lazy, flaws, "amount_vnd", offset)
    return prior, [Flaw(flaw.found, f"prior_support.{flaw.column}", flaw.expected) for flaw in flaws]
