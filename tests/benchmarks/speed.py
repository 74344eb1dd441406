"""How fast the engine is: run `python tests/benchmarks/speed.py`. Nothing here runs in the test suite.

Prints the best of seven rounds in microseconds; the plain function beside it is the bare arithmetic, for scale.
"""

from __future__ import annotations

import subprocess
import sys
import time
import timeit
from collections.abc import Callable
from datetime import date
from functools import partial
from statistics import median

from kcgrant import Activity, Application, Establishment, assess, explain

ESTABLISHMENT = Establishment(
    name="Halo Mold Tech",
    province="hung-yen",
    kind="small-or-medium-enterprise",
    lawfully_established=True,
    direct_producer=True,
    area="commune",
    sector="mechanical-electrical-electronic-and-it-equipment",
)


def application(*costs: int) -> Application:
    """Machines of these costs, every fact stated."""
    return Application.from_dict(
        {
            "approved_on": date(2026, 3, 2),
            "establishment": ESTABLISHMENT,
            "activities": [Activity(norm="advanced-machinery", cost_vnd=cost, technology_line=False) for cost in costs],
            "own_capital_committed": True,
            "other_state_support": False,
        }
    )


def bare(costs: list[int]) -> int:
    """The arithmetic alone, without eligibility, record or sources."""
    return min(sum(costs) // 2, 300_000_000)


def through(text: str) -> str:
    """All the way of a service: JSON text in, JSON text out."""
    return assess(Application.from_json(text)).to_json()


def microseconds(run: Callable[[], object], number: int = 5000) -> float:
    """The best of seven rounds."""
    return min(timeit.repeat(run, number=number, repeat=7)) / number * 1e6


def import_milliseconds(rounds: int = 15) -> tuple[float, float]:
    """Medians of `import kcgrant` and of `import pydantic` with one model, measured in turn."""
    model = "import pydantic\nclass M(pydantic.BaseModel):\n x: int"
    taken: dict[str, list[float]] = {"import kcgrant": [], model: []}
    for _ in range(rounds):
        for code, times in taken.items():
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True)
            times.append((time.perf_counter() - start) * 1e3)
    return median(taken["import kcgrant"]), median(taken[model])


def main() -> None:
    """Prints the table."""
    costs = {"one activity": [800_000_000], "five activities": [100_000_000 * n for n in range(1, 6)]}
    print(f"{'microseconds':<34}" + "".join(f"{name:>18}" for name in costs))
    applications = [application(*listed) for listed in costs.values()]
    texts = [stated.to_json() for stated in applications]
    answers = [assess(stated) for stated in applications]
    rows: dict[str, list[Callable[[], object]]] = {
        "bare arithmetic, no record": [partial(bare, listed) for listed in costs.values()],
        "assess": [partial(assess, stated) for stated in applications],
        "JSON text to Application": [partial(Application.from_json, text) for text in texts],
        "Assessment to JSON text": [answer.to_json for answer in answers],
        "JSON text in to JSON text out": [partial(through, text) for text in texts],
        "explain, English text": [partial(explain, answer) for answer in answers],
    }
    for name, runs in rows.items():
        number = 200 if name.startswith("explain") else 5000
        print(f"{name:<34}" + "".join(f"{microseconds(run, number):>18.2f}" for run in runs))
    ours, base = import_milliseconds()
    print(f"\nimport kcgrant {ours:.0f} ms, import pydantic with one model {base:.0f} ms, above it {ours - base:.0f} ms")


if __name__ == "__main__":
    main()
