"""How fast this code is beside another checkout: `python tests/benchmarks/against.py OTHER/src [NAME …]`. Run on demand.

Each task runs in processes of its own, those of both checkouts in turn, so that both meet the same machine; the best time of
each counts. Without OTHER/src, the times of this checkout alone are printed.
"""

from __future__ import annotations

import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import timeit
from collections.abc import Callable
from contextlib import redirect_stdout
from datetime import date
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
ROUNDS = 5
Task = Callable[[], object]

STATED: dict[str, Any] = {
    "approved_on": "2026-03-02",
    "establishment": {
        "name": "Halo Mold Tech",
        "province": "hung-yen",
        "former_province": "hung-yen",
        "kind": "small-or-medium-enterprise",
        "lawfully_established": True,
        "direct_producer": True,
        "area": "commune",
        "sector": "mechanical-electrical-electronic-and-it-equipment",
    },
    "activities": [{"norm": "advanced-machinery", "cost_vnd": 800_000_000, "technology_line": False}],
    "own_capital_committed": True,
    "other_state_support": False,
}
OPEN = STATED | {"establishment": {"name": "Halo Mold Tech", "province": "hung-yen"}, "own_capital_committed": None}


def many(norm: str, count: int, **facts: Any) -> dict[str, Any]:
    """One application of many activities."""
    return STATED | {"activities": [{"norm": norm, "cost_vnd": 10**8 + n, **facts} for n in range(count)]}


def _assess(document: dict[str, Any]) -> Task:
    from kcgrant import Application, assess

    application = Application.from_dict(document)
    return lambda: assess(application)


def _json(document: dict[str, Any]) -> Task:
    from kcgrant import Application, assess

    return assess(Application.from_dict(document)).to_json


def _through(document: dict[str, Any]) -> Task:
    from kcgrant import Application, assess

    text = json.dumps(document)
    return lambda: assess(Application.from_json(text)).to_json()


def _explain(document: dict[str, Any]) -> Task:
    from kcgrant import Application, assess, explain

    answer = assess(Application.from_dict(document))
    return lambda: explain(answer)


def _repairs(document: dict[str, Any]) -> Task:
    from kcgrant import Application, assess
    from kcgrant.advice.repairs import repairs

    answer = assess(Application.from_dict(document))
    return lambda: list(repairs(answer))


def _command(*command: str) -> Task:
    return lambda: subprocess.run([sys.executable, "-m", "kcgrant", *command], check=True, capture_output=True)


def _python(code: str) -> Task:
    return lambda: subprocess.run([sys.executable, "-c", code], check=True)


def _file(content: str, suffix: str) -> str:
    path = Path(tempfile.mkdtemp()) / f"a{suffix}"
    path.write_text(content, encoding="utf-8")
    return str(path)


def _find() -> Task:
    """The one in force among 500 regulations of as many provinces."""
    from kcgrant import catalogue

    folder = _laws()
    return lambda: catalogue.find("p7", date(2026, 3, 2), among=catalogue.read_directory(folder))


def _read() -> Task:
    """The same with every regulation read, as it would be to look for one without the heads of the files."""
    from kcgrant.law import read

    folder = _laws()
    return lambda: [read(file) for file in folder.glob("p*.toml")]


def _laws() -> Path:
    from kcgrant.law import LAW

    folder = Path(tempfile.mkdtemp())
    text = (LAW / "hung-yen-553-2025.toml").read_text(encoding="utf-8")
    (folder / "decree-45-2012.toml").write_text((LAW / "decree-45-2012.toml").read_text(encoding="utf-8"), encoding="utf-8")
    for number in range(500):
        other = text.replace('"hung-yen-553-2025"', f'"p{number}-553-2025"').replace('"hung-yen"', f'"p{number}"')
        (folder / f"p{number}.toml").write_text(other, encoding="utf-8")
    return folder


def _programme(suffix: str) -> Task:
    """A plan of 17,000 dossiers, shared out before: as a table for the terminal, or into a file."""
    sys.path.insert(0, str(HERE.parent))
    import programme  # type: ignore[import-not-found]

    from kcgrant.cli.plan import _table
    from kcgrant.programme import plan, write

    shared = plan(programme.requests(17_000), 4 * 10**9, "ranked")
    target = Path(tempfile.mkdtemp()) / f"plan{suffix}"
    return (lambda: write(shared, target)) if suffix else lambda: _table(shared, "en")


def _columns(rows: int, each: int) -> Task:
    """Applications of so many rows each; of one, without references."""
    import polars as pl

    sys.path.insert(0, str(HERE.parent))
    import columns  # type: ignore[import-not-found]

    frame = columns.invented(rows)
    if each > 1:
        facts = [name for name, fact in columns.FACT_OF.items() if not fact.startswith("activity.")]
        first = pl.int_range(len(frame)) // each
        frame = frame.with_columns(first.alias("reference"), *(pl.col(name).gather(first) for name in facts))
    return lambda: columns.assess_frame(frame, columns.LAW, approved_on=columns.DAY)


TASKS: dict[str, tuple[Callable[[], Task], int]] = {
    "assess, all stated": (lambda: _assess(STATED), 5000),
    "assess, much open": (lambda: _assess(OPEN), 5000),
    "assess, five activities": (lambda: _assess(many("advanced-machinery", 5, technology_line=False)), 5000),
    "to_json": (lambda: _json(STATED), 5000),
    "JSON to JSON": (lambda: _through(STATED), 2000),
    "explain": (lambda: _explain(STATED), 200),
    "explain, 1,000 models": (lambda: _explain(many("demonstration-model", 1000, new_to_area=True)), 1),
    "explain, 1,000 machines": (lambda: _explain(many("advanced-machinery", 1000, technology_line=False)), 1),
    "repairs, 1,000 activities": (lambda: _repairs(many("advanced-machinery", 1000) | {"own_capital_committed": False}), 1),
    "kcgrant assess FILE": (lambda: _command("assess", _file(json.dumps(STATED), ".json")), 1),
    "find among 500": (_find, 1),
    "read all of 500": (_read, 1),
    "import kcgrant": (lambda: _python("import kcgrant"), 1),
    "import what is used": (lambda: _python("from kcgrant import Application, assess, explain, catalogue"), 1),
    "import pydantic, a model": (lambda: _python("import pydantic\nclass M(pydantic.BaseModel):\n x: int"), 1),
    "plan, table of 17,000": (lambda: _programme(""), 1),
    "plan, .xlsx of 17,000": (lambda: _programme(".xlsx"), 1),
    "columns, 1,000 rows": (lambda: _columns(1000, 1), 20),
    "columns, 100,000 rows": (lambda: _columns(100_000, 1), 1),
    "columns, 500,000 pairs": (lambda: _columns(1_000_000, 2), 1),
}


def measured(name: str) -> None:
    """Prints the best time of one task in this process, in microseconds, and the most memory that it took, in MiB."""
    make, number = TASKS[name]
    with redirect_stdout(io.StringIO()):
        task = make()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        task()
        best = min(timeit.repeat(task, number=number, repeat=3 if number == 1 else 5)) / number
    print(best * 1e6, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)


def main(sources: list[Path], names: list[str]) -> None:
    """Prints a row for each task: the time here, and how much that is of the time there."""
    kept = tempfile.mkdtemp()  # what is compiled, as it is wherever a package is installed
    print(f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    print(f"{'task':<28}{'µs here':>12}{'MiB':>7}{'µs there':>12}{'MiB':>7}{'ratio':>8}")
    for name in names:
        best = {source: (float("inf"), float("inf")) for source in sources}
        for _ in range(ROUNDS):
            for source in sources:
                run = [sys.executable, str(HERE), "--measured", name]
                environment = os.environ | {"PYTHONPATH": str(source), "PYTHONPYCACHEPREFIX": kept}
                environment.pop("PYTHONDONTWRITEBYTECODE", None)
                printed = subprocess.run(run, env=environment, check=True, capture_output=True, encoding="utf-8").stdout
                took, memory = map(float, printed.split())
                best[source] = min(best[source][0], took), min(best[source][1], memory)
        cells = "".join(f"{took:>12.1f}{memory:>7.0f}" for took, memory in best.values())
        first, *others = best.values()
        print(f"{name:<28}{cells}" + "".join(f"{first[0] / other[0]:>8.2f}" for other in others), flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measured"]:
        measured(sys.argv[2])
    else:
        main([HERE.parents[2] / "src", *map(Path, sys.argv[1:2])], sys.argv[2:] or list(TASKS))
