"""Columns: the same answers as the engine, on every kind of frame, and faults by name."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from fractions import Fraction
from itertools import cycle
from typing import Any, Literal

import duckdb
import narwhals.stable.v2 as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import test_column_kinds
from dossiers import invented
from kcgrant import Application, NoRegulation, assess, catalogue
from kcgrant.application import COLUMNS, FACTS
from kcgrant.columns import assess_frame, assess_lines, sweep, variant
from kcgrant.columns.amounts import CANNOT, not_carried
from kcgrant.errors import InputError, RegulationError
from kcgrant.law import Regulation
from kcgrant.money import MOST_VND
from kcgrant.testing import applications, regulations
from profiles import drawn, some

LAW = catalogue.get("hung-yen-553-2025")
SHIPPED = ["hung-yen-553-2025", "national-28-2018", "lai-chau-18-2025", "hoa-binh-20-2019"]
DAY = date(2026, 3, 2)
FACT_OF = {name: column.fact for name, column in COLUMNS.items() if column.fact in FACTS}
SCHEMA = pa.schema(
    [
        ("reference", pa.string()),
        ("approved_on", pa.date32()),
        ("norm", pa.string()),
        ("cost_vnd", pa.int64()),
        ("technology_line", pa.bool_()),
        *((name, pa.bool_() if True in FACTS[fact] else pa.string()) for name, fact in FACT_OF.items()),
        ("province", pa.string()),
        ("former_province", pa.string()),
    ]
)
PRIOR = pa.schema(
    [("reference", pa.string()), ("norm", pa.string()), ("amount_vnd", pa.int64()), ("technology_line", pa.bool_())]
)


def of_pandas(table: pa.Table) -> pd.DataFrame:
    """As a pandas user has it: texts, objects of true, false and None, days as timestamps."""
    frame: pd.DataFrame = table.to_pandas()
    return frame.assign(approved_on=pd.to_datetime(frame["approved_on"])) if "approved_on" in frame else frame


KINDS: dict[str, Callable[[pa.Table], Any]] = {
    "polars": pl.from_arrow,
    "pandas": of_pandas,
    "duckdb": duckdb.from_arrow,
    "lazy polars": lambda table: pl.DataFrame(pl.from_arrow(table)).lazy(),
    "pandas on arrow": lambda table: table.to_pandas(types_mapper=pd.ArrowDtype),
    "pyarrow": lambda table: table,
}


def rows_of(frame: Any) -> list[dict[str, Any]]:
    """The rows of any frame as plain values, null as None."""
    schema = nw.from_native(frame).lazy().collect_schema()
    assert all(kind == nw.Int64 for name, kind in schema.items() if name.endswith("_vnd")), schema
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
        facts |= {name: getattr(dossier.establishment, name) for name in ("province", "former_province")}
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


STEPS = (
    "norm",
    "activities",
    "option",
    "base_vnd",
    "share_vnd",
    "cap_vnd",
    "prior_vnd",
    "amount_vnd",
    "binding",
    "assured_vnd",
)


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


def same_as_the_engine(dossiers: Sequence[Application], law: Regulation, kinds: Sequence[str]) -> None:
    """Verdict, amounts and every step of every line, on each kind of frame."""
    wanted, steps = of_engine(dossiers, law), lines_of_engine(dossiers, law)
    for kind in kinds:
        frame, prior = map(KINDS[kind], tables(dossiers))
        compare(kind, dossiers, law, amounts(assess_frame(frame, law, prior_support=prior)), wanted)
        try:
            found = lines(assess_lines(frame, law, prior_support=prior))
        except InputError as refusal:
            assert law.id == "invented"
            assert str(refusal).endswith("an open answer may shut one norm for another; use assess_frame, or assess")
        else:
            compare(kind, dossiers, law, found, steps)


def compare(kind: str, dossiers: Sequence[Application], law: Regulation, found: list[Any], wanted: list[Any]) -> None:
    """Fails with all that is needed to repeat the first difference."""
    for one, other in zip(found, wanted, strict=True):
        assert one == other, f"on {kind}: {law!r} {dossiers[int(other[0])].to_json()}"


@pytest.mark.no_cover
@pytest.mark.parametrize("name", SHIPPED)
def test_columns_give_the_answers_of_the_engine(name: str) -> None:
    law = catalogue.get(name)
    same_as_the_engine(drawn(applications(law), 200), law, some(KINDS, 2) if law is LAW else ["polars"])


def raised_by(fact: str, **numbers: Any) -> Regulation:
    """Machinery and models, the first with other numbers where a fact of the applicant holds."""
    variation = {"id": "v", "fact": fact, "is": "yes", "norms": ["advanced-machinery", "c"], "source": "s", **numbers}
    law = invented(
        {
            "advanced-machinery": {"rate": "50%", "cap": 300, "per": "establishment", "technology_line_factor": "1.5"},
            "c": {"rate": "30%", "cap": 100},
            "d": {"cap": 70},
        },
        {"fact": "establishment.lawfully_established", "is": "yes"},
    )
    return law.model_copy(update={"variations": ({**variation, "states": {"en": "x", "vi": "x"}},)})


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "law", [raised_by("application.priority", cap_factor="2"), raised_by("establishment.difficult_area", cap=400)]
)
def test_columns_carry_variations_that_only_raise_a_cap(law: Regulation) -> None:
    dossiers = drawn(applications(law), 200, derandomize=True)
    raised = {option.variations for one in dossiers for line in assess(one, law).lines for option in line.options}
    assert raised == {(), ("v",)}
    same_as_the_engine(dossiers, law, some(KINDS, 3))
    frame = pl.DataFrame({"norm": ["advanced-machinery"], "cost_vnd": [10_000], "technology_line": [False]})
    (row,) = assess_frame(frame, law, approved_on=DAY).rows(named=True)
    assert (row["maximum_vnd"], row["assured_vnd"]) == (600 if law.variations[0].cap_factor else 400, 0)


@pytest.mark.parametrize(
    "law",
    [
        raised_by("application.priority", rate="60%"),
        raised_by("application.priority", cap=20),
        raised_by("establishment.lawfully_established", cap=400),
        raised_by("application.priority", cap=400, until=date(2026, 12, 31)),
    ],
)
def test_columns_refuse_variations_that_do_more(law: Regulation) -> None:
    with pytest.raises(InputError, match='row 1, norm: given "c"; columns cannot carry its variations; assess each'):
        assess_frame(pl.DataFrame({"norm": ["c"], "cost_vnd": [1]}), law, approved_on=DAY)


def without_what_columns_refuse(law: Regulation) -> Regulation:
    """A regulation as far as columns can carry it."""
    norms = {name: norm.model_copy(update={"counted": None, "at_most": None}) for name, norm in law.norms.items()}
    asked = tuple(one for one in law.conditions if ".facts." not in one.fact)
    none: dict[str, Any] = {"variations": (), "unexpressed": (), "facts": {}}
    return law.model_copy(update={"norms": norms, "conditions": asked, **none})


@pytest.mark.parametrize("law_id", ["national-26-2014", "hau-giang-2014"])
def test_columns_carry_the_norms_of_a_regulation_that_they_can_and_refuse_the_others_by_name(law_id: str) -> None:
    law = catalogue.get(law_id)
    refused = not_carried(law)
    kept = [one for one in drawn(applications(law), 200) if not refused.keys() & {each.norm for each in one.activities}]
    same_as_the_engine(kept, law, ["polars", "pandas"])
    day = law.in_force.since if law.in_force else DAY
    table = pl.DataFrame({"norm": list(law.norms), "cost_vnd": [10**9] * len(law.norms)})
    told = assess_frame(table, law, approved_on=day, on_fault="report")
    expected = [None if name not in refused else f"{CANNOT.format(features=refused[name].en)}" for name in law.norms]
    assert [fault and fault.removeprefix("norm: ") for fault in told["fault"]] == expected
    assert [amount is None for amount in told["maximum_vnd"]] == [name in refused for name in law.norms]


@pytest.mark.no_cover
def test_columns_give_the_answers_of_the_engine_under_any_regulation() -> None:
    others = cycle(KINDS)
    unrated = invented({"n": {"cap": 100}})  # some backends cannot look among no values: here, the norms with a rate
    for law in (unrated, *map(without_what_columns_refuse, drawn(regulations(), 16))):
        same_as_the_engine(drawn(applications(law), 80), law, ["polars", next(others)])


# --- what the engine says about large numbers and about norms that exclude each other ---------------------------------


@pytest.mark.parametrize("kind", some(KINDS, 3))
def test_nothing_wraps_at_the_largest_costs(kind: str) -> None:
    """9,000 machines of 10^15: 9 × 10^18, of which 33.333333% is 2,999,999,970,000,000,000; times 33,333,333 it would wrap."""
    law = invented({"n": {"rate": "33.333333%", "cap": MOST_VND, "per": "establishment"}})
    frame = KINDS[kind](pa.table({"reference": ["A"] * 9000, "norm": ["n"] * 9000, "cost_vnd": [MOST_VND] * 9000}))
    assert amounts(assess_frame(frame, law, approved_on=DAY)) == [("A", "eligible", MOST_VND, MOST_VND)]
    [line] = rows_of(assess_lines(frame, law, approved_on=DAY))
    assert (line["base_vnd"], line["share_vnd"]) == (9 * 10**18, 2_999_999_970_000_000_000)


@pytest.mark.parametrize("kind", some(KINDS, 3))
def test_norms_that_exclude_each_other_through_an_open_fact_are_not_added_up(kind: str) -> None:
    """One norm asks for a yes, the other for a no: at most the better of 50 and 30 is possible, and the lesser is assured."""
    law = invented(
        {"a": {"rate": "50%", "cap": 1000}, "b": {"rate": "30%", "cap": 1000}},
        {"fact": "establishment.direct_producer", "is": "yes", "norms": ["a"]},
        {"fact": "establishment.direct_producer", "is": "no", "norms": ["b"]},
    )
    facts = [None, None, True, True, False, False]
    table = pa.table({"reference": list("AABBCC"), "norm": list("ababab"), "cost_vnd": [100] * 6, "direct_producer": facts})
    assert amounts(assess_frame(KINDS[kind](table), law, approved_on=DAY)) == [
        ("A", "undetermined", 50, 30),
        ("B", "partly-eligible", 50, 50),
        ("C", "partly-eligible", 30, 30),
    ]
    with pytest.raises(
        InputError, match="invented: conditions: an open answer may shut one norm for another; use assess_frame"
    ):
        assess_lines(KINDS[kind](table), law, approved_on=DAY)
    with pytest.raises(InputError, match="regulations: an open answer may shut one norm for another"):
        sweep(KINDS[kind](table), {"now": law}, approved_on=DAY)


def test_more_combinations_of_open_answers_than_can_be_tried_are_refused() -> None:
    """Of nine facts of the applicant, each with an answer for one norm and another for the other: 2^9."""
    conditions: list[dict[str, Any]] = []
    for fact, answers in FACTS.items():
        if not fact.startswith("activity."):
            for norm, answer in zip("ab", answers, strict=False):
                wanted = (
                    {"is": "yes" if answer else "no"} if isinstance(answer, bool) else {"is": "one of", "values": [answer]}
                )
                conditions.append({"fact": fact, "norms": [norm]} | wanted)
    law = invented({"a": {"cap": 1}, "b": {"cap": 1}}, *conditions)
    with pytest.raises(RegulationError, match="invented: conditions: open answers shut one norm for another in 512 ways"):
        assess_frame(pl.DataFrame({"norm": ["a"], "cost_vnd": [1]}), law, approved_on=DAY)


def test_no_regulation_that_is_shipped_is_refused_for_norms_that_exclude_each_other() -> None:
    frame = pl.DataFrame({"norm": ["demonstration-model"], "cost_vnd": [1]})
    for name in SHIPPED:
        for day in (date(2015, 1, 1), date(2025, 10, 14), date(2025, 10, 15)):
            assert assess_lines(frame, catalogue.get(name), approved_on=day)["amount_vnd"].to_list() == [0]


def test_numbers_that_64_bits_cannot_hold_are_refused_by_name() -> None:
    frame = pl.DataFrame({"norm": ["n"], "cost_vnd": [1]})
    fine = invented({"n": {"rate": Fraction(10**10, 3 * 10**10 + 1), "cap": 1}})
    with pytest.raises(
        RegulationError, match=r"invented: norms\.n\.rate: the rate \d+/\d+% is too fine for columns of 64 bits"
    ):
        assess_frame(frame, fine, approved_on=DAY)
    high = invented({"n": {"cap": MOST_VND, "technology_line_factor": "5000"}})
    with pytest.raises(
        RegulationError, match="the raised cap, 5,000,000,000,000,000,000, is too large for columns of 64 bits"
    ):
        assess_frame(frame, high, approved_on=DAY)


# --- the same kind of frame comes out, in the same order ---------------------------------------------------------------


def test_the_kind_of_frame_and_the_order_of_applications_are_kept() -> None:
    table = pa.table({"reference": ["B", "A", "B"], "norm": ["advanced-machinery"] * 3, "cost_vnd": [1, 2, 3]})
    for kind, of_kind in KINDS.items():
        frame = of_kind(table)
        answer = assess_frame(frame, LAW, approved_on=DAY)
        assert type(answer) is type(frame), kind
        if kind not in ("duckdb", "lazy polars"):
            assert [row["reference"] for row in rows_of(answer)] == ["B", "A"]


@pytest.mark.parametrize("kind", some(KINDS, 3))
def test_without_references_the_answers_stand_beside_the_rows(kind: str) -> None:
    """Half of 800 million is above the cap of 300 million, and above 450 million x 0.5; half of 420 million is below."""
    own = {"norm": ["advanced-machinery"] * 2, "cost_vnd": [800_000_000, 420_000_000], "technology_line": [False, None]}
    found = rows_of(assess_frame(KINDS[kind](pa.table(own | {"place": ["x", "y"]})), LAW, approved_on=DAY))
    assert [list(row.values()) for row in found] == [
        ["advanced-machinery", 800_000_000, False, "x", "undetermined", 300_000_000, 0],
        ["advanced-machinery", 420_000_000, None, "y", "undetermined", 210_000_000, 0],
    ]


# --- faults -----------------------------------------------------------------------------------------------------------

ROW = {"reference": "A", "norm": "advanced-machinery", "cost_vnd": 1}


def polars(*rows: dict[str, Any], **kinds: Any) -> pl.DataFrame:
    return pl.DataFrame([ROW | row for row in rows], schema_overrides=kinds, strict=False)


ON_FAULT: tuple[Literal["raise"], Literal["report"]] = ("raise", "report")
COLUMN_FAULTS = [
    (polars({}, cost_vnd=pl.Float64), "cost_vnd: a column of Float64; expected whole đồng, a column of integers"),
    (polars({}, cost_vnd=pl.Decimal(20, 0)), "cost_vnd: a column of Decimal; expected whole đồng, a column of integers"),
    (polars({"cost_vnd": "1"}), "cost_vnd: a column of String; expected whole đồng, a column of integers"),
    (
        pd.DataFrame({"norm": ["x"] * 2, "cost_vnd": [1, None]}),
        "cost_vnd: a column of Float64; expected whole đồng, a column of integers",
    ),
    (polars({}).drop("norm"), "norm: no such column; it is needed. The frame has reference, cost_vnd"),
    (polars({"technology_line": "x"}), "technology_line: a column of String; expected true, false or null"),
    (polars({"sector": 1}), "sector: a column of Int64; expected codes as text"),
    (polars({"sectors": "x"}), "sectors: unknown column. Did you mean sector?"),
    (polars({"kcgrant_x": 1}), "kcgrant_x: names that begin with kcgrant_ are kept for kcgrant; rename the column"),
    (polars({"kcgrant_row": 1}), "kcgrant_row: names that begin with kcgrant_ are kept for kcgrant; rename the column"),
    (polars({"approved_on": DAY}), "approved_on: both a column and an argument; state the day once"),
    (polars({"verdict": 1}).drop("reference"), "verdict: the answers stand under this name; rename the column"),
]


@pytest.mark.parametrize(("frame", "text"), COLUMN_FAULTS, ids=[text[:40] for _, text in COLUMN_FAULTS])
def test_a_column_of_the_wrong_kind_is_refused_by_name(frame: Any, text: str) -> None:
    for on_fault in ON_FAULT:
        with pytest.raises(InputError) as refusal:
            assess_frame(frame, LAW, approved_on=DAY, on_fault=on_fault)
        assert str(refusal.value) == text


def test_the_day_is_needed_as_a_column_or_an_argument() -> None:
    with pytest.raises(InputError) as refusal:
        assess_frame(polars({}), LAW)
    assert str(refusal.value) == "approved_on: neither a column nor an argument; state the day whose law applies"
    aware = polars({"approved_on": datetime(2026, 3, 2, tzinfo=UTC)})
    with pytest.raises(InputError, match="approved_on: a column of Datetime; expected days, without a time zone"):
        assess_frame(aware, LAW)


NORMS = (
    "hung-yen-553-2025 has the norms demonstration-model, replication-model, cleaner-production-model, advanced-machinery"
)
KINDS_OF_APPLICANT = ", ".join(f'"{kind}"' for kind in FACTS["establishment.kind"])
ROW_FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"cost_vnd": 0}, "A, cost_vnd: given 0; expected whole đồng from 1 to 10^15", "cost_vnd: expected whole đồng from 1 to 10^15"),
    ({"cost_vnd": MOST_VND + 1}, "A, cost_vnd: given 1000000000000001; expected whole đồng from 1 to 10^15", "cost_vnd: expected whole đồng from 1 to 10^15"),
    ({"cost_vnd": -5}, "A, cost_vnd: given -5; expected whole đồng from 1 to 10^15", "cost_vnd: expected whole đồng from 1 to 10^15"),
    ({"cost_vnd": None}, "A, cost_vnd: missing; it must be stated", "cost_vnd: missing; it must be stated"),
    ({"norm": "machines"}, f'A, norm: given "machines"; {NORMS}', f"norm: {NORMS}"),
    ({"norm": None}, "A, norm: missing; it must be stated", "norm: missing; it must be stated"),
    ({"kind": "firm"}, f'A, kind: given "firm"; expected one of {KINDS_OF_APPLICANT}, or null (not stated)', f"kind: expected one of {KINDS_OF_APPLICANT}, or null (not stated)"),
    ({"reference": None}, "row 1, reference: missing; every row needs one", "reference: missing; every row needs one"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "raised", "reported"), ROW_FAULTS, ids=[text[:40] for _, text, _ in ROW_FAULTS])
def test_a_faulty_row_is_named_or_reported_with_its_application(row: dict[str, Any], raised: str, reported: str) -> None:
    """Two machines of one application, one of them faulty: no amount of it is given; the other application is not touched."""
    frame = polars(row, {"reference": row.get("reference", "A")}, {"reference": "B", "cost_vnd": 600_000_000})
    with pytest.raises(InputError) as refusal:
        assess_frame(frame, LAW, approved_on=DAY)
    assert str(refusal.value).splitlines()[0] == raised
    if "cost_vnd" in row:
        unnamed = pa.Table.from_pylist([ROW | row]).drop_columns(["reference"])
        for kind, place in (("polars", "row 1, "), ("duckdb", "")):
            with pytest.raises(InputError) as refusal:
                assess_frame(KINDS[kind](unnamed), LAW, approved_on=DAY)
            assert str(refusal.value) == place + raised.removeprefix("A, ")
    for kind in some(KINDS, 3) if "kind" in row else some(("polars", "duckdb"), 1):
        found = rows_of(assess_frame(KINDS[kind](frame.to_arrow()), LAW, approved_on=DAY, on_fault="report"))
        by_reference = {each["reference"]: each for each in found}
        assert by_reference["B"] == {
            "reference": "B",
            "verdict": "undetermined",
            "maximum_vnd": 300_000_000,
            "assured_vnd": 0,
            "fault": None,
        }
        faulty = by_reference[row.get("reference", "A")]
        assert (faulty["verdict"], faulty["maximum_vnd"], faulty["assured_vnd"], faulty["fault"]) == (
            None,
            None,
            None,
            reported,
        )


@pytest.mark.parametrize("name", ["reference", "norm", "cost_vnd"])
def test_a_cell_that_pandas_marks_as_missing_is_refused_by_name(name: str) -> None:
    table = pd.DataFrame([ROW, ROW | {name: pd.NA}]).convert_dtypes()
    with pytest.raises(InputError, match=f"^(A|row 2), {name}: missing; "):
        assess_frame(table, LAW, approved_on=DAY)


def test_rows_of_one_application_that_differ_in_a_fact_are_refused() -> None:
    frame = polars({"kind": "cooperative"}, {"kind": None}, {"kind": "household-business"})
    text = "kind: the rows of one application differ; write one value, or leave cells blank"
    with pytest.raises(InputError) as refusal:
        assess_frame(frame, LAW, approved_on=DAY)
    assert str(refusal.value) == f"A, {text}"
    assert rows_of(assess_frame(frame, LAW, approved_on=DAY, on_fault="report"))[0]["fault"] == text
    days = polars({"approved_on": DAY}, {"approved_on": date(2026, 3, 3)}, {"reference": "B", "approved_on": None})
    with pytest.raises(InputError) as refusal:
        assess_frame(days, LAW)
    assert str(refusal.value) == "B, approved_on: missing; every row states the day"
    with pytest.raises(InputError, match="A, approved_on: the rows of one application differ"):
        assess_frame(days.head(2), LAW)


def test_faults_are_said_in_vietnamese_as_well() -> None:
    found = assess_frame(polars({"cost_vnd": 0}), LAW, approved_on=DAY, on_fault="report", lang="vi")
    assert found["fault"].to_list() == ["cost_vnd: cần số nguyên đồng từ 1 đến 1.000.000.000.000.000"]


def test_at_most_twenty_faulty_rows_are_told_and_a_lazy_frame_is_checked_as_well() -> None:
    frame = pl.concat([polars({"cost_vnd": 0})] * 30)
    for given_frame in (frame, frame.lazy()):
        with pytest.raises(InputError) as refusal:
            assess_frame(given_frame, LAW, approved_on=DAY)
        assert len(str(refusal.value).splitlines()) == 21
        assert str(refusal.value).splitlines()[-1] == "… and 10 more"


@pytest.mark.parametrize("kind", ["polars", "pandas", "duckdb"])
def test_a_sum_beyond_64_bits_is_reported_with_its_application(kind: str) -> None:
    """9,300 times 10^15 is more than 2^63."""
    frame = KINDS[kind](pa.table({"reference": ["A"] * 9300, "norm": [ROW["norm"]] * 9300, "cost_vnd": [MOST_VND] * 9300}))
    [answer] = rows_of(assess_frame(frame, LAW, approved_on=DAY, on_fault="report"))
    assert answer["fault"] == "reference: more than 9,000 rows; split it"
    assert answer["maximum_vnd"] is None


@pytest.mark.parametrize("kind", [pl.UInt64, pl.Int128])
def test_a_cost_wider_than_64_bits_is_refused_and_not_wrapped(kind: type[pl.DataType]) -> None:
    """2^64 - 10^15 and 2^64 - 1 would be lawful or negative, if they wrapped."""
    frame = polars({"cost_vnd": 2**64 - 1}, {"reference": "B", "cost_vnd": 10**9}, cost_vnd=kind)
    with pytest.raises(InputError, match=r"A, cost_vnd: given 18446744073709551615; expected whole đồng from 1 to 10\^15"):
        assess_frame(frame, LAW, approved_on=DAY)
    found = assess_frame(frame, LAW, approved_on=DAY, on_fault="report")
    assert found["maximum_vnd"].to_list() == [None, 450_000_000]


def test_codes_may_stand_in_categories_and_references_be_numbers() -> None:
    """Half of 10^9, and half of 5 × 10^8, as an open technology line: the raised cap, and the share."""
    table = {"reference": [2, 1], "norm": ["advanced-machinery"] * 2, "cost_vnd": [10**9, 5 * 10**8]}
    enum = pl.DataFrame(table).with_columns(pl.col("norm").cast(pl.Enum(list(LAW.norms))))
    category = pd.DataFrame(table, index=[7, 7]).astype({"norm": "category"})
    small = pl.DataFrame(table, schema_overrides={"reference": pl.UInt8, "norm": pl.Categorical})
    for frame in (enum, category, small):
        assert [list(r.values())[::2] for r in rows_of(assess_frame(frame, LAW, approved_on=DAY))] == [
            [2, 450_000_000],
            [1, 250_000_000],
        ]
    support = pl.DataFrame({"reference": ["1"], "norm": ["advanced-machinery"], "amount_vnd": [1]})
    with pytest.raises(InputError, match=r"prior_support\.reference: a column of String; expected Int64, as in the frame"):
        assess_frame(enum, LAW, approved_on=DAY, prior_support=support)


def test_a_time_of_day_does_not_move_a_row_into_another_law() -> None:
    """Up to 14 October 2025 a ward that is none of those named is not eligible; from the 15th nothing is asked."""
    days = [datetime(2025, 10, 14, 23, 59), datetime(2025, 10, 15)]  # noqa: DTZ001 - a plain day, as pandas keeps it
    rows = [{"reference": r, "approved_on": day, "area": "other-ward"} for r, day in zip("AB", days, strict=True)]
    frame = polars(*rows)
    for given_frame in (frame, frame.to_pandas()):
        found = rows_of(assess_frame(given_frame, LAW))
        assert [row["verdict"] for row in found] == ["ineligible", "undetermined"]


def test_columns_of_nulls_alone_are_not_stated_or_missing() -> None:
    frame = polars({"technology_line": None, "cost_vnd": 10**9})
    assert assess_frame(frame, LAW, approved_on=DAY)["maximum_vnd"].to_list() == [450_000_000]
    assert assess_frame(frame.to_pandas(), LAW, approved_on=DAY)["maximum_vnd"].tolist() == [450_000_000]
    for name in ("norm", "cost_vnd", "approved_on"):
        nothing = polars({"approved_on": DAY} | {name: None})
        with pytest.raises(InputError, match=f"A, {name}: missing; "):
            assess_frame(nothing, LAW)


def test_a_frame_without_rows_gives_one_without_rows() -> None:
    table = pa.table({"reference": ["A"], "norm": ["x"], "cost_vnd": [1]}).slice(0, 0)
    for of_kind in KINDS.values():
        assert rows_of(assess_frame(of_kind(table), LAW, approved_on=DAY)) == []


def test_more_rows_than_can_be_added_up_are_refused() -> None:
    with pytest.raises(InputError) as refusal:
        assess_frame(pl.concat([polars({})] * 9001), LAW, approved_on=DAY)
    assert str(refusal.value) == "A, reference: more than 9,000 rows; split it"


STRANGER = "earlier support of an application that the frame does not have; correct the reference or leave it out"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("reference", ["a", None])
def test_earlier_support_of_nobody_is_refused_or_reported(kind: str, reference: str | None) -> None:
    """300 million under the cap, of which 200 may have been paid: "A" is not "a", and the 300 are not given unsaid."""
    frame = KINDS[kind](pa.table({"reference": ["A"], "norm": ["advanced-machinery"], "cost_vnd": [900_000_000]}))
    nobody = pa.array([reference], pa.string())
    support = pa.table({"reference": nobody, "norm": ["advanced-machinery"], "amount_vnd": [200_000_000]})
    said = f'given "a"; {STRANGER}' if reference else "missing; every row needs one"
    for refused in (lambda of: assess_frame(*of, approved_on=DAY, prior_support=KINDS[kind](support)),
                    lambda of: assess_lines(*of, approved_on=DAY, prior_support=KINDS[kind](support)),
                    lambda of: sweep(of[0], {"now": of[1]}, approved_on=DAY, prior_support=KINDS[kind](support))):  # fmt: skip
        with pytest.raises(InputError) as refusal:
            refused((frame, LAW))
        assert str(refusal.value) == f"prior_support.reference: {said}"
    for of in (assess_frame, assess_lines):
        found = rows_of(of(frame, LAW, approved_on=DAY, prior_support=KINDS[kind](support), on_fault="report"))
        stranger, known = sorted(found, key=lambda row: row["reference"] == "A")
        assert known["fault"] is None
        assert stranger.pop("reference") == reference
        assert stranger.pop("fault") == "prior_support.reference: " + (STRANGER if reference else said)
        assert set(stranger.values()) == {None}


def test_earlier_support_is_checked_like_the_applications() -> None:
    references = ["A", "Z", None, "Y"]
    support = pl.DataFrame({"reference": references, "norm": ["advanced-machinery"] * 4, "amount_vnd": [0, 5, 5, 5]})
    with pytest.raises(InputError) as refusal:
        assess_frame(polars({}), LAW, approved_on=DAY, prior_support=support)
    assert str(refusal.value).splitlines() == [
        "prior_support.reference: missing; every row needs one",
        "A, prior_support.amount_vnd: given 0; expected whole đồng from 1 to 10^15",
        f'prior_support.reference: given "Y"; {STRANGER}',
        f'prior_support.reference: given "Z"; {STRANGER}',
    ]
    with pytest.raises(
        InputError, match="prior_support: a frame of pandas; expected one of polars, as the applications are"
    ):
        assess_frame(polars({}), LAW, approved_on=DAY, prior_support=support.to_pandas())
    with pytest.raises(InputError, match="reference: no such column; it is needed"):
        assess_frame(polars({}).drop("reference"), LAW, approved_on=DAY, prior_support=support)


def test_what_is_no_frame_no_regulation_or_no_day_is_refused() -> None:
    with pytest.raises(TypeError, match=r"frame: given list; expected a dataframe, such as one of Polars or pandas"):
        assess_frame([ROW], LAW, approved_on=DAY)
    with pytest.raises(TypeError, match=r"regulation: given 553; expected a Regulation, such as catalogue\.get"):
        assess_frame(polars({}), 553, approved_on=DAY)  # type: ignore[arg-type]
    with pytest.raises(NoRegulation, match="x: no such regulation is shipped"):
        assess_frame(polars({}), "x", approved_on=DAY)
    with pytest.raises(TypeError, match=r'approved_on: given "2026-03-02"; expected a datetime.date'):
        assess_frame(polars({}), LAW, approved_on="2026-03-02")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match='on_fault: given "x"; expected one of "raise", "report"'):
        assess_frame(polars({}), LAW, approved_on=DAY, on_fault="x")  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", KINDS)
def test_references_that_64_bits_cannot_hold_are_refused_and_not_wrapped(kind: str) -> None:
    """2^64 - 1 is -1 if it wraps, which is another's."""
    references = pa.array([2**64 - 1, 2**63 - 2], pa.uint64())
    table = pa.table({"reference": references, "norm": ["advanced-machinery"] * 2, "cost_vnd": [900_000_000] * 2})
    with pytest.raises(InputError, match="reference: given 18446744073709551615; a number of more than 63 bits; write the"):
        assess_frame(KINDS[kind](table), LAW, approved_on=DAY)
    assert rows_of(assess_frame(KINDS[kind](table.slice(1)), LAW, approved_on=DAY))[0]["reference"] == 2**63 - 2


@pytest.mark.parametrize("arrow", [True, False])
def test_other_columns_may_be_named_by_anything_and_twice(arrow: bool) -> None:
    """Half of 900 and of 420 million; the columns of the caller stand as they came, in their kinds."""
    norms, costs = ["advanced-machinery"] * 2, [900_000_000, 420_000_000]
    bits = pa.ExtensionArray.from_storage(pa.bool8(), pa.array([1, 0], pa.int8()))
    table = pa.table([norms, costs, bits, bits], names=["norm", "cost_vnd", "x", "x"])
    if arrow:
        found = assess_frame(table, LAW, approved_on=DAY)
        assert found.select([0, 1, 2, 3]).equals(table)
        assert found["maximum_vnd"].to_pylist() == [450_000_000, 210_000_000]
    else:
        frame = pd.DataFrame({"norm": norms, "cost_vnd": costs, 0: 1, None: 2, ("a", 1): 3}, index=[5, 5])
        frame.columns = pd.Index(["norm", "cost_vnd", 0, 0, ("a", 1)], dtype=object)
        answers = assess_frame(frame, LAW, approved_on=DAY)
        assert list(answers.columns) == [*frame.columns, "verdict", "maximum_vnd", "assured_vnd"]
        assert answers["maximum_vnd"].tolist() == [450_000_000, 210_000_000]
    twice = pa.table([norms, costs, costs], names=["norm", "cost_vnd", "cost_vnd"])
    with pytest.raises(InputError) as refusal:
        assess_frame(twice if arrow else twice.to_pandas(), LAW, approved_on=DAY)
    assert str(refusal.value) == "cost_vnd: two columns of this name; keep one"
    support = pa.table([["A"], norms[:1], [1], [1]], names=["reference", "norm", "amount_vnd", "amount_vnd"])
    applied = pa.table({"reference": ["A"], "norm": norms[:1], "cost_vnd": costs[:1]})
    with pytest.raises(InputError, match=r"^prior_support\.amount_vnd: two columns of this name; keep one"):
        assess_frame(applied, LAW, approved_on=DAY, prior_support=support)


def test_pyarrow_has_the_same_answers_without_polars(monkeypatch: pytest.MonkeyPatch) -> None:
    frame, prior = tables(drawn(applications(LAW), 60))
    with_polars = assess_lines(frame, LAW, prior_support=prior)
    monkeypatch.setattr("kcgrant.columns.native.find_spec", lambda _: None)
    assert assess_lines(frame, LAW, prior_support=prior).equals(with_polars)
    views = frame.set_column(0, "reference", frame["reference"].cast(pa.string_view()))
    assert amounts(assess_frame(views, LAW)) == amounts(assess_frame(frame, LAW))


# --- variants ---------------------------------------------------------------------------------------------------------


def test_a_sweep_adds_up_what_each_variant_gives() -> None:
    dossiers = drawn(applications(LAW), 80)
    laws = {"now": LAW, "more": variant(LAW, "advanced-machinery", cap=350_000_000)}
    laws["less"] = variant(LAW, "demonstration-model", cap=10**8, rate=Fraction(1, 3))
    answers = {name: [assess(dossier, law) for dossier in dossiers] for name, law in laws.items()}
    for of_kind in (KINDS["polars"], KINDS["duckdb"]):
        frame, prior = map(of_kind, tables(dossiers))
        for outcome in sweep(frame, laws, prior_support=prior):
            found = answers[outcome.variant]
            changes = [one.maximum_vnd - was.maximum_vnd for one, was in zip(found, answers["now"], strict=True)]
            assert outcome == (
                outcome.variant,
                len(dossiers),
                sum(answer.maximum_vnd for answer in found),
                sum(answer.assured_vnd for answer in found),
                sum("cap" in line.chosen.binding for answer in found for line in answer.lines if line.chosen),
                sum(change > 0 for change in changes),
                sum(change < 0 for change in changes),
                sum(change for change in changes if change > 0),
                -sum(change for change in changes if change < 0),
            )


def test_a_sweep_adds_up_exactly_beyond_64_bits() -> None:
    """10,000 models, each under a cap of 10^15 and without a rate: 10^19, more than 2^63."""
    law = invented({"n": {"cap": MOST_VND}})
    frame = pl.DataFrame({"norm": ["n"] * 10_000, "cost_vnd": [MOST_VND] * 10_000})
    assert sweep(frame, {"now": law}, approved_on=DAY)[0].maximum_vnd == 10**19


def test_variants_differ_in_numbers_alone() -> None:
    frame = polars({})
    with pytest.raises(InputError, match="regulations: empty; at least one entry is needed"):
        sweep(frame, {}, approved_on=DAY)
    with pytest.raises(InputError, match="hung-yen-553-2025 and hoa-binh-20-2019 differ in conditions or in kinds of norms"):
        sweep(frame, {"now": LAW, "then": catalogue.get("hoa-binh-20-2019")}, approved_on=DAY)
    with pytest.raises(InputError, match='norm: given "x"; hung-yen-553-2025 has the norms demonstration-model'):
        variant(LAW, "x", cap=1)
    for given_frame in (polars({"cost_vnd": 0}), polars({"cost_vnd": 0}).lazy()):
        with pytest.raises(InputError, match="A, cost_vnd: given 0; expected whole đồng"):
            sweep(given_frame, {"now": LAW}, approved_on=DAY)


# --- a cluster ---------------------------------------------------------------------------------------------------------


def _reports_and_sweeps_on_spark(frame_of: Callable[[pa.Table], Any], dossiers: Sequence[Application]) -> None:
    """Faults stand beside answers, those of earlier support as well; and what variants give is what Polars gives them."""
    applied = pa.table(
        {"reference": ["A", "B", "C"], "norm": ["advanced-machinery"] * 3, "cost_vnd": [900_000_000, 0, 10**9]}
    )
    support = pa.table({"reference": ["A", "a"], "norm": ["advanced-machinery"] * 2, "amount_vnd": [200_000_000, 1]})
    found = assess_frame(frame_of(applied), LAW, approved_on=DAY, prior_support=frame_of(support), on_fault="report")
    assert [(row["reference"], row["maximum_vnd"], row["fault"]) for row in sorted(rows_of(found), key=str)] == [
        ("A", 250_000_000, None),
        ("B", None, "cost_vnd: expected whole đồng from 1 to 10^15"),
        ("C", 450_000_000, None),
        ("a", None, f"prior_support.reference: {STRANGER}"),
    ]
    with pytest.raises(InputError, match=r"^B, cost_vnd: given 0; expected whole đồng.*\nprior_support.reference: given"):
        sweep(frame_of(applied), {"now": LAW}, approved_on=DAY, prior_support=frame_of(support))
    laws = {"now": LAW, "more": variant(LAW, "advanced-machinery", cap=350_000_000)}
    (frame, prior), (of_spark, prior_of_spark) = tables(dossiers), map(frame_of, tables(dossiers))
    assert sweep(of_spark, laws, prior_support=prior_of_spark) == sweep(frame, laws, prior_support=prior)


SPARK_KINDS = ("boolean", "tinyint", "smallint", "int", "bigint", "float", "double", "decimal(20,0)", "string", "binary",
               "date", "timestamp", "timestamp_ntz", "array<string>", "void")  # fmt: skip


def spark_reads(kind: str) -> set[str]:
    whole = kind in ("tinyint", "smallint", "int", "bigint")
    day = kind in ("date", "timestamp_ntz")
    return test_column_kinds.read_from(text=kind == "string", whole=whole, truth=kind == "boolean", day=day)


def _read_or_refused_on_spark(table: Any) -> None:
    for kind in SPARK_KINDS:
        for field in test_column_kinds.VALUES:
            frame = None
            with suppress(Exception):  # what Spark cannot convert, nobody can hand over
                cells = [f"cast({name} as {kind}) as {name}" if name == field else name for name in test_column_kinds.VALUES]
                made = table.selectExpr(*cells)
                made.collect()
                frame = made
            if frame is not None:
                test_column_kinds.check_a_column(field, spark_reads(kind), frame)


@pytest.mark.spark
@pytest.mark.filterwarnings("ignore")
def test_columns_give_the_answers_of_the_engine_on_spark() -> None:
    """Also with sums past 2^53, where Spark divides in floating point: see `test_nothing_wraps_at_the_largest_costs`."""
    if importlib.util.find_spec("pyspark") is None or shutil.which("java") is None:
        pytest.skip("PySpark or Java is not installed: pip install pyspark, apt-get install default-jre-headless")
    from pyspark.sql import SparkSession

    options: dict[str, bool | float | int | str | None] = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.driver.host": "localhost",
    }
    spark = SparkSession.builder.master("local[1]").config(map=options).getOrCreate()
    try:
        dossiers = drawn(applications(LAW), 60)
        frame, prior = map(spark.createDataFrame, tables(dossiers))
        assert amounts(assess_frame(frame, LAW, prior_support=prior)) == of_engine(dossiers, LAW)
        assert lines(assess_lines(frame, LAW, prior_support=prior)) == lines_of_engine(dossiers, LAW)
        pooled = {"cap": MOST_VND, "per": "establishment"}
        law = invented({"a": pooled | {"rate": "33.333333%"}, "b": pooled | {"rate": "50%"}})
        costs = [MOST_VND - n * n for n in range(8999)]
        rows = {
            "reference": list("AB") * 8999,
            "norm": list("ab") * 8999,
            "cost_vnd": [cost for cost in costs for _ in "ab"],
        }
        thirds, halves = sorted(rows_of(assess_lines(spark.createDataFrame(pa.table(rows)), law, approved_on=DAY)), key=str)
        assert (thirds["base_vnd"], thirds["share_vnd"]) == (sum(costs), sum(costs) * 33_333_333 // 10**8)
        assert (halves["base_vnd"], halves["share_vnd"]) == (sum(costs), sum(costs) // 2)
        _reports_and_sweeps_on_spark(spark.createDataFrame, dossiers)
        _read_or_refused_on_spark(spark.createDataFrame(test_column_kinds.TABLE))
    finally:
        spark.stop()


# --- kinds that a library does not know, columns without a value, references that are missing --------------------------


def odd_kinds() -> list[tuple[str, Any]]:
    facts = {"norm": ["advanced-machinery"], "cost_vnd": [900_000_000]}
    text = pa.array(["large-enterprise"])
    return [
        ("lawfully_established", pd.DataFrame({**facts, "lawfully_established": pd.arrays.SparseArray([False])})),
        ("kind", pa.table({**facts, "kind": pa.RunEndEncodedArray.from_arrays([1], text)})),
        ("kind", pa.table({**facts, "kind": text.cast(pa.binary())})),
        ("technology_line", pl.DataFrame({**facts, "technology_line": [[True]]})),
        (
            "technology_line",
            pl.DataFrame({**facts, "technology_line": [object()]}, schema_overrides={"technology_line": pl.Object}),
        ),
    ]


@pytest.mark.parametrize(("name", "frame"), odd_kinds())
def test_a_column_of_an_unknown_kind_is_refused_by_its_name_and_never_not_stated(name: str, frame: Any) -> None:
    """A False that was not read gave 450 million where the answer is nothing."""
    with pytest.raises(InputError) as error:
        assess_frame(frame, LAW, approved_on=DAY)
    assert [one.where for one in error.value.faults] == [name]


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pa.table])
@pytest.mark.parametrize("name", ["kind", "technology_line", "lawfully_established", "area"])
def test_a_column_without_a_value_is_not_stated(make: Any, name: str) -> None:
    facts = {"norm": ["advanced-machinery"] * 2, "cost_vnd": [900_000_000] * 2}
    with_it, without = make({**facts, name: [None, None]}), make(facts)
    found = [nw.from_native(assess_frame(one, LAW, approved_on=DAY), eager_only=True) for one in (with_it, without)]
    assert found[0]["maximum_vnd"].to_list() == found[1]["maximum_vnd"].to_list() == [450_000_000] * 2


@pytest.mark.parametrize("number", [-1, 0, 7])
def test_a_missing_reference_is_no_number(number: int) -> None:
    frame = pl.DataFrame({"reference": [number, None], "norm": ["advanced-machinery"] * 2, "cost_vnd": [1000, 2000]})
    rows = assess_frame(frame, LAW, approved_on=DAY, on_fault="report").rows()
    assert sorted(rows, key=str) == sorted(
        [(number, "undetermined", 500, 0, None), (None, None, None, None, "reference: missing; every row needs one")],
        key=str,
    )
