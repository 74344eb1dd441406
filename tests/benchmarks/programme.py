"""How fast a budget is shared out: run `python tests/benchmarks/programme.py`. Nothing here runs in the test suite.

Prints seconds of processor time, each in a process of its own, and the most memory that process used; the requests alone are the first row.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from kcgrant.programme import Request, Share, plan, write

COUNTS = (4_250, 8_500, 17_000, 34_000)
BUDGET_VND = 4_000_000_000


def requests(count: int) -> list[Request]:
    """Machines and models with points, the same ones every time."""
    chance, day = random.Random(553), date(2026, 1, 1)  # noqa: S311 - an example, not a secret
    made = []
    for number in range(count):
        norm = chance.choice(("advanced-machinery", "advanced-machinery", "demonstration-model"))
        assured_vnd = chance.randrange(20_000_000, 300_000_000)
        made.append(
            Request(
                reference=f"KC-{number:05}",
                approved_on=day + timedelta(days=chance.randrange(200)),
                shares=(Share(norm=norm, maximum_vnd=assured_vnd, assured_vnd=assured_vnd),),
                points=chance.randrange(30, 100),  # type: ignore[arg-type]
            )
        )
    return made


def measured(task: str, count: int) -> None:
    """One task in this process: prints its seconds and the most memory used."""
    stated = requests(count)
    options: Mapping[str, Any] = {"envelopes": {"demonstration-model": BUDGET_VND // 4}}
    with tempfile.TemporaryDirectory() as folder:
        programme = plan(stated if task.startswith("write") else [], BUDGET_VND, "ranked")
        tasks: dict[str, Callable[[], object]] = {
            "requests": lambda: requests(count),
            "ranked": lambda: plan(stated, BUDGET_VND, "ranked"),
            "ranked, envelope": lambda: plan(stated, BUDGET_VND, "ranked", **options),
            "pro-rata": lambda: plan(stated, BUDGET_VND, "pro-rata"),
            "pro-rata, floor": lambda: plan(stated, BUDGET_VND, "pro-rata", floor_vnd=20_000_000, **options),
            "best": lambda: plan(stated, BUDGET_VND, "best"),
            "write .csv": lambda: write(programme, Path(folder) / "plan.csv"),
            "write .xlsx": lambda: write(programme, Path(folder) / "plan.xlsx"),
        }
        if task == "names":
            print("\n".join(tasks))
            return
        start = time.process_time()
        tasks[task]()
        seconds = time.process_time() - start
    print(f"{seconds:.2f} s {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


def apart(task: str, count: int) -> str:
    """The task in a process of its own."""
    command = [sys.executable, __file__, task, str(count)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout.strip()


def main() -> None:
    """Prints the table."""
    print(f"{'requests':<20}" + "".join(f"{count:>18,}" for count in COUNTS))
    for task in apart("names", 1).splitlines():
        print(f"{task:<20}" + "".join(f"{apart(task, count):>18}" for count in COUNTS), flush=True)


if __name__ == "__main__":
    measured(sys.argv[1], int(sys.argv[2])) if len(sys.argv) > 1 else main()
