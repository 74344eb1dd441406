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
from kcgrant.columns.names import ERA, FACT_OF, FAULT, own
from kcgrant.errors import Fault, InputError, Text, listed, nearest
from kcgrant.money import MOST_VND
from kcgrant.regulation import Regulation

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
