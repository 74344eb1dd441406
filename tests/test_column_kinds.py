"""Columns of every kind that a library has, for every field: read right, or refused by name, and never "not stated".

The kinds are those that the libraries themselves list; what a field cannot be written in is not tried. A kind that is not
read has to be refused by the field's name, whatever else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from functools import partial
from typing import Any, Literal, cast

import duckdb
import narwhals.stable.v2 as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from kcgrant import Application, assess, catalogue
from kcgrant.columns import assess_frame
from kcgrant.errors import InputError

LAW = catalogue.get("hung-yen-553-2025").variant("advanced-machinery", cap=30)  # 45 for technology lines
DAY, EARLIER = date(2026, 3, 2), date(2025, 5, 1)  # on the earlier day other wards are not eligible

SOUND: dict[str, Any] = {
    "norm": "advanced-machinery",
    "cost_vnd": 120,
    "approved_on": DAY,
    "technology_line": False,
    "kind": "cooperative",
    "lawfully_established": True,
    "direct_producer": True,
    "area": "commune",
    "sector": "handicraft",
    "own_capital_committed": True,
    "other_state_support": False,
    "new_to_area": True,
    "performs_well": True,
    "difficult_area": False,
    "priority": False,
    "province": "hung-yen",
    "former_province": "hung-yen",
}
DIFFERENT: list[dict[str, Any]] = [
    {"kind": "large-enterprise"},
    {"lawfully_established": False},
    {"direct_producer": False},
    {"area": "other-ward", "approved_on": EARLIER},
    {"area": "other-ward"},
    {"sector": "mining-elsewhere"},
    {"own_capital_committed": False},
    {"other_state_support": True},
    {"norm": "demonstration-model", "new_to_area": False},
    {"norm": "replication-model", "performs_well": False},
    {"former_province": "thai-binh"},
    {"technology_line": True, "cost_vnd": 88},
    {"difficult_area": True, "priority": True, "cost_vnd": 40},
    {name: None for name in SOUND if name not in ("norm", "cost_vnd", "approved_on", "province")},
]
"""Applications of one row, each with a fact that decides it: a column that is read as not stated changes an answer."""

ROWS = [SOUND | {"reference": str(number)} | one for number, one in enumerate([{}, *DIFFERENT], 1)]
VALUES: dict[str, list[Any]] = {name: [row[name] for row in ROWS] for name in ROWS[0]}
TABLE = pa.table(VALUES)
_TEXTS = {"reference", "norm", "kind", "area", "sector", "province", "former_province"}
_WHOLE, _DAYS = {"reference", "cost_vnd"}, {"approved_on"}
_TRUTHS = {name for name, value in SOUND.items() if isinstance(value, bool)}


def answer_of(row: dict[str, Any]) -> tuple[str, int, int]:
    """The answer of the engine to a row."""
    stated = {name: value for name, value in row.items() if name != "approved_on"}
    answer = assess(Application.of(on=row["approved_on"], **stated), LAW)
    return answer.verdict.value, answer.maximum_vnd, answer.assured_vnd


EXPECTED = sorted(map(answer_of, ROWS))

Kind = tuple[str, set[str], Callable[[str], Any]]
"""A kind of column: its name, the fields that are read from it, and a frame in which a field has it."""

UNITS: tuple[Literal["ms", "us", "ns"], ...] = ("ms", "us", "ns")
Put = Callable[[str, Any], Any]


def in_frame(put: Put, make: Callable[[list[Any]], Any]) -> Callable[[str], Any]:
    """A frame in which a field has a column that is made of its values."""
    return lambda field: put(field, make(VALUES[field]))


def read_from(*, text: bool = False, whole: bool = False, truth: bool = False, day: bool = False) -> set[str]:
    return _TEXTS if text else _WHOLE if whole else _TRUTHS if truth else _DAYS if day else set()


def wrapped(values: list[Any]) -> list[list[Any]]:
    return [[one] for one in values]


def of_polars() -> Iterator[Kind]:
    whole = pl.DataFrame(pl.from_arrow(TABLE))

    def put(field: str, column: pl.Series) -> pl.DataFrame:
        return whole.with_columns(column.alias(field))

    def converted(values: list[Any], kind: Any) -> pl.Series:
        return pl.Series(wrapped(values) if kind in (pl.List, pl.Array) else values).cast(kind)

    wholes = sorted(pl.datatypes.group.INTEGER_DTYPES, key=str)
    plain: list[Any] = [pl.Boolean, pl.Date, pl.Time, pl.Binary, pl.Null, pl.String, pl.Categorical, *wholes]
    plain += sorted(pl.datatypes.group.FLOAT_DTYPES, key=str)
    zoned = [pl.Datetime(unit, zone) for zone in ("Asia/Ho_Chi_Minh", "UTC") for unit in UNITS]
    days: list[Any] = [pl.Date, *(pl.Datetime(unit) for unit in UNITS)]
    lists = [pl.List(pl.String), pl.Array(pl.String, 1), pl.Decimal(20, 0), *(pl.Duration(unit) for unit in UNITS)]
    for kind in (*plain, *days, *zoned, *lists):
        text = kind in (pl.String, pl.Categorical)
        read = read_from(text=text, whole=kind in wholes, truth=kind == pl.Boolean, day=kind in days and kind not in zoned)
        yield f"polars {kind}", read, in_frame(put, partial(converted, kind=kind))
    yield "polars Object", set(), in_frame(put, partial(pl.Series, dtype=pl.Object))
    yield (
        "polars Enum",
        _TEXTS,
        in_frame(put, lambda values: converted(values, pl.Enum([*filter(None, dict.fromkeys(values))]))),
    )


def arrow_kinds() -> Iterator[pa.DataType]:
    """Every kind of PyArrow that has no parameters, and those with some."""
    for name in dir(pa):
        with suppress(Exception):  # most of what the module holds makes no kind
            kind = getattr(pa, name)()
            if isinstance(kind, pa.DataType):
                yield kind
    yield from (pa.timestamp(u, tz) for u in ("s", "ms", "us", "ns") for tz in (None, "Asia/Ho_Chi_Minh"))
    yield from (pa.time32("s"), pa.time64("us"), pa.duration("us"), pa.decimal128(20, 0), pa.decimal256(20, 0), pa.binary(4))


def of_arrow(kind: pa.DataType) -> set[str]:
    """The fields that are read from a kind of PyArrow."""
    text = pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    day = pa.types.is_date32(kind) or (pa.types.is_timestamp(kind) and kind.tz is None)
    return read_from(text=text, whole=pa.types.is_integer(kind), truth=pa.types.is_boolean(kind), day=day)


def arrow_column(values: list[Any], kind: Any) -> Any:
    return pa.nulls(len(values)) if pa.types.is_null(kind) else pa.array(values).cast(kind)


def of_pyarrow() -> Iterator[Kind]:
    def put(field: str, column: Any) -> pa.Table:
        return TABLE.set_column(TABLE.schema.get_field_index(field), field, pa.chunked_array([column]))

    def extended(values: list[Any], kind: Any, storage: Any) -> Any:
        return pa.ExtensionArray.from_storage(kind, arrow_column(values, storage))

    for kind in arrow_kinds():
        yield f"pyarrow {kind}", of_arrow(kind), in_frame(put, partial(arrow_column, kind=kind))
    yield "pyarrow dictionary", _TEXTS, in_frame(put, lambda values: pa.array(values).dictionary_encode())
    yield "pyarrow list", set(), in_frame(put, lambda values: pa.array(wrapped(values)))
    yield "pyarrow bool8", set(), in_frame(put, partial(extended, kind=pa.bool8(), storage=pa.int8()))
    yield "pyarrow json", set(), in_frame(put, partial(extended, kind=pa.json_(), storage=pa.string()))
    run_end = pa.RunEndEncodedArray.from_arrays
    yield "pyarrow run-end", set(), in_frame(put, lambda values: run_end([*range(1, len(values) + 1)], pa.array(values)))


def of_pandas() -> Iterator[Kind]:
    frame = TABLE.to_pandas().assign(approved_on=pd.to_datetime(pd.Series(VALUES["approved_on"])))

    def put(field: str, column: Any) -> Any:
        return frame.assign(**{field: column})

    def converted(values: list[Any], name: Any) -> Any:
        return pd.Series(values, dtype=object).astype(name)

    wholes = [f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)]
    wholes += ["Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64"]
    texts, truths = ["category", "string", "string[pyarrow]", "str"], ["bool", "boolean"]
    days = [f"datetime64[{unit}]" for unit in ("s", "ms", "us", "ns")]
    others = ["float16", "float32", "float64", "complex128", "Float32", "Float64", "timedelta64[ns]", "period[D]"]
    others += ["datetime64[ns, Asia/Ho_Chi_Minh]", "Sparse[int]", "Sparse[object]", "Sparse[bool]", "S", "U"]
    for name in (*wholes, *texts, *truths, *days, *others):
        read = read_from(text=name in texts, whole=name in wholes, truth=name in truths, day=name in days)
        yield f"pandas {name}", read, in_frame(put, partial(converted, name=name))
    yield "pandas object", _TEXTS | _TRUTHS, in_frame(put, partial(converted, name="object"))
    yield "pandas SparseArray", set(), in_frame(put, pd.arrays.SparseArray)
    intervals = pd.arrays.IntervalArray.from_tuples([(0, 1)] * len(ROWS))
    yield "pandas interval", set(), in_frame(put, lambda _: intervals)
    array = pd.arrays.ArrowExtensionArray

    def of_kind(values: list[Any], kind: pa.DataType) -> Any:
        return array(arrow_column(values, kind))

    for kind in arrow_kinds():
        read = set() if pa.types.is_string_view(kind) else of_arrow(kind)
        yield f"pandas {kind}[pyarrow]", read, in_frame(put, partial(of_kind, kind=kind))
    yield "pandas dictionary[pyarrow]", _TEXTS, in_frame(put, lambda values: array(pa.array(values).dictionary_encode()))


def of_duckdb() -> Iterator[Kind]:
    applied, sql = duckdb.from_arrow(TABLE), cast("Callable[[str], Any]", duckdb.sql)

    def put(field: str, name: Any) -> Any:
        relation = applied.project(f'* replace (cast({field} as "{name}") as {field})')
        relation.to_arrow_table()
        return relation

    for (name,) in sql("select distinct type_name from duckdb_types() order by 1").fetchall():
        with suppress(duckdb.Error):  # nothing can be cast to some
            kind: Any = nw.from_native(sql(f'select null::"{name}" as x')).collect_schema()["x"]
            day = kind == nw.Date or (kind == nw.Datetime and not kind.time_zone)
            read = read_from(text=kind == nw.String, whole=kind.is_integer(), truth=kind == nw.Boolean, day=day)
            yield f"duckdb {name}", read, partial(put, name=name)


KINDS = [*of_polars(), *of_pyarrow(), *of_pandas(), *of_duckdb()]


def holds_the_values(frame: Any, field: str) -> bool:
    """Whether a column still holds what was put into it; some kinds turn a missing cell into something."""
    column = (
        nw.from_native(frame).lazy().select(field).collect("pyarrow" if isinstance(frame, duckdb.DuckDBPyRelation) else None)
    )
    found, wanted = (
        [None if one is None else str(one)[:10] for one in of] for of in (column[field].to_list(), VALUES[field])
    )
    return found == wanted


def check_a_column(field: str, read: set[str], frame: Any) -> None:
    """Fails unless the answers are right, or the field is refused by its name where it is not to be read."""
    try:
        answers = assess_frame(frame, LAW)
    except InputError as refusal:
        assert field not in read, str(refusal)
        assert {one.where.rpartition(", ")[2] for one in refusal.faults} == {field}, str(refusal)
    else:
        table: Any = nw.from_native(answers).lazy().collect("polars").to_native()
        found = sorted(table.select("verdict", "maximum_vnd", "assured_vnd").rows())
        assert found == EXPECTED or not holds_the_values(frame, field), (field, found)


@pytest.mark.parametrize(("read", "make"), [each[1:] for each in KINDS], ids=[name for name, _, _ in KINDS])
def test_a_column_is_read_right_or_refused_by_its_name(read: set[str], make: Callable[[str], Any]) -> None:
    for field in VALUES:
        frame = None
        with suppress(Exception):  # what a library cannot convert, nobody can hand over
            frame = make(field)
        if frame is not None:
            check_a_column(field, read, frame)


def test_every_fact_decides_an_answer() -> None:
    """Half of 120 is 60, under the cap of 30, or of 45 for lines; half of 88 is 44; half of 40 is 20."""
    assert EXPECTED.count(("eligible", 30, 30)) == 2
    assert {("eligible", 44, 44), ("eligible", 20, 20), ("undetermined", 45, 0)} <= set(EXPECTED)
    assert EXPECTED.count(("ineligible", 0, 0)) == 10
    neutral = {"difficult_area", "priority", "province", "reference"}  # Hung Yen's resolution asks for neither of the two
    for name in VALUES.keys() - neutral - {"norm", "cost_vnd", "approved_on"}:
        assert sorted(answer_of({**row, name: None}) for row in ROWS) != EXPECTED, name


@pytest.mark.parametrize("library", ["polars", "pyarrow", "pandas", "duckdb"])
def test_every_column_is_tried_in_a_kind_from_which_it_is_read(library: str) -> None:
    """Else the table above could be passed by trying nothing."""
    for field in VALUES.keys() - {"difficult_area", "priority"}:
        frames = []
        for name, read, make in KINDS:
            if name.startswith(f"{library} ") and field in read:
                with suppress(Exception):
                    frames.append(make(field))
        assert any(holds_the_values(frame, field) for frame in frames), field
