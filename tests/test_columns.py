"""Columns: the same answers as the engine, on every kind of frame, and faults by name."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

import duckdb
import narwhals.stable.v2 as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kcgrant import Application, assess, catalogue
from kcgrant.application import FACTS
from kcgrant.columns import assess_frame, assess_lines
from kcgrant.columns.names import FACT_OF
from kcgrant.errors import InputError, RegulationError
from kcgrant.money import MOST_VND
from kcgrant.regulation import Regulation
from kcgrant.testing import applications, regulations

LAW = catalogue.get("hung-yen-553-2025")
SHIPPED = ["hung-yen-553-2025", "national-28-2018", "national-26-2014", "hoa-binh-20-2019"]
DAY = date(2026, 3, 2)
SCHEMA = pa.schema(
    [
        ("reference", pa.string()),
        ("approved_on", pa.date32()),
        ("norm", pa.string()),
        ("cost_vnd", pa.int64()),
        ("technology_line", pa.bool_()),
        *((name, pa.bool_() if True in FACTS[fact] else pa.string()) for name, fact in FACT_OF.items()),
    ]
)
PRIOR = pa.schema(
    [("reference", pa.string()), ("norm", pa.string()), ("amount_vnd", pa.int64()), ("technology_line", pa.bool_())]
)


def of_pandas(table: pa.Table) -> pd.DataFrame:
    """As a pandas user has it: texts, objects of true, false and None, days as timestamps."""
    frame = table.to_pandas()
    return frame.assign(approved_on=pd.to_datetime(frame["approved_on"])) if "approved_on" in frame else frame


KINDS: dict[str, Callable[[pa.Table], Any]] = {
    "polars": pl.from_arrow,
    "lazy polars": lambda table: pl.from_arrow(table).lazy(),
    "pandas": of_pandas,
    "pandas on arrow": lambda table: table.to_pandas(types_mapper=pd.ArrowDtype),
    "pyarrow": lambda table: table,
    "duckdb": duckdb.from_arrow,
}


def rows_of(frame: Any) -> list[dict[str, Any]]:
    """The rows of any frame as plain values, null as None."""
    table = nw.from_native(frame).lazy().collect("pyarrow" if isinstance(frame, duckdb.DuckDBPyRelation) else None)
    return nw.to_native(table).to_pylist() if isinstance(nw.to_native(table), pa.Table) else _plain(table)


def _plain(table: Any) -> list[dict[str, Any]]:
    return [{k: None if v is pd.NA or v != v else v for k, v in row.items()} for row in table.iter_rows(named=True)]  # noqa: PLR0124


def tables(dossiers: Sequence[Application]) -> tuple[pa.Table, pa.Table]:
    """The flat form of applications, and their earlier support; the facts on the first row of each, and on the last."""
    rows, prior = [], []
    for number, dossier in enumerate(dossiers):
        facts = {n: getattr(dossier.establishment, n) for n, f in FACT_OF.items() if f.startswith("establishment.")}
        facts |= {n: getattr(dossier, n) for n, f in FACT_OF.items() if f.startswith("application.")}
        last = len(dossier.activities) - 1
        for index, activity in enumerate(dossier.activities):
            own = {name: getattr(activity, name) for name in (*PLACES, "norm", "cost_vnd")}
            here = facts if index in (0, last) else {}
            rows.append({"reference": f"{number:03}", "approved_on": dossier.approved_on} | here | own)
        prior += [{"reference": f"{number:03}"} | support.model_dump() for support in dossier.prior_support]
    return pa.Table.from_pylist(rows, schema=SCHEMA), pa.Table.from_pylist(prior, schema=PRIOR)


PLACES = ("technology_line", "new_to_area", "performs_well")


def amounts(frame: Any) -> list[tuple[Any, ...]]:
    return sorted((r["reference"], r["verdict"], r["maximum_vnd"], r["assured_vnd"]) for r in rows_of(frame))


def of_engine(dossiers: Sequence[Application], law: Regulation) -> list[tuple[Any, ...]]:
    answers = [assess(dossier, law) for dossier in dossiers]
    return [(f"{n:03}", a.verdict.value, a.maximum_vnd, a.assured_vnd) for n, a in enumerate(answers)]


STEPS = ("norm", "activities", "option", "base_vnd", "share_vnd", "cap_vnd", "prior_vnd", "amount_vnd", "binding", "assured_vnd")


def lines(frame: Any) -> list[tuple[Any, ...]]:
    return sorted([(r["reference"], *(r[name] for name in STEPS)) for r in rows_of(frame)], key=repr)


def lines_of_engine(dossiers: Sequence[Application], law: Regulation) -> list[tuple[Any, ...]]:
    found = []
    for number, dossier in enumerate(dossiers):
        for line in assess(dossier, law).lines:
            option, steps = line.chosen, (None, None, None, None, None)
            if option:
                steps = (option.id, option.base_vnd, option.share_vnd, option.cap_vnd, option.prior_vnd)  # type: ignore[assignment]
            binding = " and ".join(sorted(option.binding, reverse=True)) if option else None
            head = (f"{number:03}", line.norm, len(line.activities))
            found.append((*head, *steps, line.maximum_vnd, binding, line.assured_vnd))
    return sorted(found, key=repr)


def quick(examples: int) -> settings:
    return settings(
        max_examples=examples, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck), database=None
    )


def same_as_the_engine(dossiers: Sequence[Application], law: Regulation, kinds: Sequence[Callable[[pa.Table], Any]]) -> None:
    """Verdict, amounts and every step of every line, on each kind of frame."""
    wanted, steps = of_engine(dossiers, law), lines_of_engine(dossiers, law)
    for of_kind in kinds:
        frame, prior = map(of_kind, tables(dossiers))
        assert amounts(assess_frame(frame, law, prior_support=prior)) == wanted
        try:
            found = lines(assess_lines(frame, law, prior_support=prior))
        except InputError as refusal:
            assert law.id == "invented"
            assert str(refusal).endswith("an open answer may shut one norm for another; use assess_frame, or assess")
        else:
            assert found == steps


@quick(4)
@given(data=st.data())
def test_columns_give_the_answers_of_the_engine(data: st.DataObject) -> None:
    for name in SHIPPED:
        law = catalogue.get(name)
        dossiers = data.draw(st.lists(applications(law), min_size=15, max_size=20))
        others = list(KINDS.values()) if name == LAW.id else []
        same_as_the_engine(dossiers, law, others or [KINDS["polars"]])


@quick(20)
@given(data=st.data())
def test_columns_give_the_answers_of_the_engine_under_any_regulation(data: st.DataObject) -> None:
    law = data.draw(regulations())
    dossiers = data.draw(st.lists(applications(law), min_size=10, max_size=20))
    other = data.draw(st.sampled_from(list(KINDS)))
    same_as_the_engine(dossiers, law, [KINDS["polars"], KINDS[other]])
