"""How fast columns are: run `python tests/benchmarks/columns.py [ROWS]`. Nothing here runs in the test suite.

One-activity applications on Polars, against the best expression that we could write by hand in Polars for the same work
(door checks, eligibility, both ends of the interval), and against `assess` in a loop. The process reports its own memory.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from random import Random
from typing import TypeVar

import duckdb
import polars as pl

from kcgrant import Activity, Application, Establishment, assess, catalogue
from kcgrant.application import COLUMNS, FACTS
from kcgrant.columns import assess_frame

T = TypeVar("T")
LAW = catalogue.get("hung-yen-553-2025")
DAY = date(2026, 3, 2)
FACT_OF = {name: column.fact for name, column in COLUMNS.items() if column.fact in FACTS}
MOST_ELSEWHERE = 1_000_000
LOOP = 20_000  # applications that `assess` is timed on


def invented(rows: int) -> pl.DataFrame:
    """One-activity applications: a third meet every condition, a third leave facts open, of a third anything is stated."""
    block = min(rows, 100_000)
    random = Random(1)  # noqa: S311 - the same frame at every run
    good: dict[str, object] = dict.fromkeys(FACT_OF) | {
        "kind": "cooperative", "lawfully_established": True, "direct_producer": True, "area": "commune",
        "sector": "handicraft", "own_capital_committed": True, "other_state_support": False, "new_to_area": True,
        "performs_well": True,
    }  # fmt: skip
    columns: dict[str, list[object]] = {"norm": random.choices(list(LAW.norms), k=block)}
    columns["cost_vnd"] = [random.randrange(1, 5 * 10**9) for _ in range(block)]
    columns["technology_line"] = random.choices([True, False, None], k=block)
    for name, fact in FACT_OF.items():
        pick = (
            lambda v=good[name]: v,
            lambda v=good[name]: random.choice([v, None]),
            lambda f=fact: random.choice([*FACTS[f], None]),
        )
        columns[name] = [pick[number % 3]() for number in range(block)]
    columns |= {name: ["hung-yen"] * block for name in ("province", "former_province")}
    frame = pl.DataFrame(columns)
    return pl.concat([frame] * (rows // block), rechunk=True)


def by_hand(frame: pl.DataFrame) -> pl.DataFrame:
    """The same answers as an expression of Polars, written for this law and this day."""
    norm, cost, line = pl.col("norm"), pl.col("cost_vnd"), pl.col("technology_line")
    scoped = norm != "cleaner-production-model"
    kinds = [k for k in FACTS["establishment.kind"] if k != "large-enterprise"]
    sectors = [s for s in FACTS["establishment.sector"] if s not in ("mining-elsewhere", "other")]
    met = [
        pl.col("former_province") == "hung-yen",
        pl.col("lawfully_established"), pl.col("direct_producer"), pl.col("own_capital_committed"),
        ~pl.col("other_state_support"), ~scoped | pl.col("kind").is_in(kinds), ~scoped | pl.col("sector").is_in(sectors),
        (norm != "demonstration-model") | pl.col("new_to_area"), (norm != "replication-model") | pl.col("performs_well"),
    ]  # fmt: skip
    sound = norm.is_in(list(LAW.norms)) & cost.is_between(1, 10**15)
    for name in ("kind", "area", "sector"):
        sound = sound & pl.col(name).is_in(list(FACTS[FACT_OF[name]])).fill_null(value=True)
    rate = pl.when(norm == "advanced-machinery").then(cost // 2).when(norm == "replication-model").then(cost)
    share = rate.otherwise(cost * 3 // 10)
    machines = norm == "advanced-machinery"
    models = pl.when(norm == "demonstration-model").then(10**9).when(norm == "replication-model").then(10**8)
    cap = models.when(machines).then(3 * 10**8).otherwise(5 * 10**8)
    staged = (
        frame.lazy()
        .with_columns(met=pl.all_horizontal(met), sound=sound, share=share, cap=cap)
        .with_columns(
            most=pl.min_horizontal(
                "share", pl.when(machines & line.fill_null(value=True)).then(450 * 10**6).otherwise("cap")
            ),
            least=pl.min_horizontal(
                "share", pl.when(machines & line.fill_null(value=False)).then(450 * 10**6).otherwise("cap")
            ),
        )
    )
    answers = staged.with_columns(
        verdict=pl.when("met")
        .then(pl.lit("eligible"))
        .when(~pl.col("met"))
        .then(pl.lit("ineligible"))
        .otherwise(pl.lit("undetermined")),
        maximum_vnd=pl.when(pl.col("met").fill_null(value=True)).then("most").otherwise(0),
        assured_vnd=pl.when(pl.col("met").fill_null(value=False)).then("least").otherwise(0),
    )
    done = answers.select(*frame.columns, "sound", "verdict", "maximum_vnd", "assured_vnd").collect()
    assert done["sound"].all()
    return done.drop("sound")


def in_a_loop(frame: pl.DataFrame) -> list[tuple[str, int, int]]:
    """The same answers from `assess`, one application after the other; the applications are built beforehand."""
    dossiers = []
    for row in frame.iter_rows(named=True):
        own = {name: row[name] for name in ("norm", "cost_vnd", "technology_line", "new_to_area", "performs_well")}
        facts = {f.partition(".")[2]: row[f.partition(".")[2]] for f in FACTS if f.startswith("establishment.")}
        capital = {name: row[name] for name in ("own_capital_committed", "other_state_support")}
        establishment = Establishment(name="A", province="hung-yen", former_province="hung-yen", **facts)
        dossiers.append(Application(approved_on=DAY, establishment=establishment, activities=(Activity(**own),), **capital))
    start = time.perf_counter()
    answers = [assess(dossier, LAW) for dossier in dossiers]
    print(
        f"assess in a loop         {(time.perf_counter() - start) * 10**6 / len(dossiers):8.2f} µs a row ({len(dossiers)} rows)"
    )
    return [(a.verdict.value, a.maximum_vnd, a.assured_vnd) for a in answers]


def timed(name: str, frame: pl.DataFrame, work: Callable[[], T]) -> T:
    """The best of three runs."""
    took = []
    for _ in range(3):
        start = time.perf_counter()
        answer = work()
        took.append(time.perf_counter() - start)
    print(f"{name:<24} {min(took) * 10**6 / len(frame):8.3f} µs a row, {min(took):6.2f} s")
    return answer


def peak() -> int:
    """The most memory of this process, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main(rows: int) -> None:
    """Prints the measurements for a number of rows."""
    frame = invented(rows)
    before = peak()
    print(f"{rows} rows, {frame.estimated_size() / 2**20:.0f} MiB in Polars; process before: {before} MiB")
    answers = timed("assess_frame", frame, lambda: assess_frame(frame, LAW, approved_on=DAY))
    print(f"most memory above the start, its own answer included: {peak() - before} MiB")
    hand = timed("by hand", frame, lambda: by_hand(frame))
    assert answers.equals(hand)
    few = frame.head(LOOP)
    assert in_a_loop(few) == answers.head(LOOP).select("verdict", "maximum_vnd", "assured_vnd").rows()
    named = frame.with_columns(reference=pl.int_range(len(frame)))
    timed("a reference a row", frame, lambda: assess_frame(named, LAW, approved_on=DAY))
    facts = [name for name, fact in FACT_OF.items() if not fact.startswith("activity.")]
    pairs = named.with_columns(
        pl.col("reference") // 2, *(pl.col(name).gather(pl.int_range(len(frame)) // 2) for name in facts)
    )
    timed("two rows a reference", frame, lambda: assess_frame(pairs, LAW, approved_on=DAY))
    if len(frame) <= MOST_ELSEWHERE:
        pandas, arrow = frame.to_pandas(), frame.to_arrow()
        timed("pandas", frame, lambda: assess_frame(pandas, LAW, approved_on=DAY))
        timed("PyArrow", frame, lambda: assess_frame(arrow, LAW, approved_on=DAY))
        timed("DuckDB", frame, lambda: assess_frame(duckdb.from_arrow(arrow), LAW, approved_on=DAY).to_arrow_table())


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(int(sys.argv[1]))
    else:  # each size in a process of its own, so that memory is its own
        for size in (100_000, 1_000_000, 10_000_000):
            subprocess.run([sys.executable, __file__, str(size)], check=True)
