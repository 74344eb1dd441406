"""How fast a register is: run `python tests/benchmarks/register.py [--against SRC] [DOSSIERS ROWS ...]`.

Nothing here runs in the test suite. Each measurement is the command in a process of its own, from file to file: wall and
processor seconds, and the most memory. With `--against`, the code in another `src` takes its turns in the same run, and the
last column is the ratio of the wall seconds, this code to that.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from stdnum.vn import mst
from xlsxwriter import Workbook

HEADINGS = [
    "reference",
    "approved_on",
    "establishment",
    "province",
    "tax_code",
    "kind",
    "lawfully_established",
    "direct_producer",
    "area",
    "sector",
    "own_capital_committed",
    "other_state_support",
    "norm",
    "activity",
    "cost_vnd",
    "technology_line",
]
FACTS = ["có", "x", "xã", "tiểu thủ công nghiệp", "có", "không", "advanced-machinery"]
KINDS = ["HTX", "hộ kinh doanh", "doanh nghiệp nhỏ và vừa", ""]


def code_of(who: int) -> str:
    """The tax code of an establishment: nine digits that have a check digit, and that."""
    first = next(digits for number in (2 * who, 2 * who + 1) if len(mst.calc_check_digit(digits := f"09{number:07}")) == 1)
    return first + mst.calc_check_digit(first)


def rows(dossiers: int, count: int) -> Iterator[list[str | int]]:
    """Rows of invented dossiers, some with two activities, some of one establishment."""
    random = Random(1)  # noqa: S311 - the same register at every run
    for number in range(dossiers):
        who = random.randrange(dossiers) if number % 4 == 0 else dossiers + number
        head = [f"KC-{number:06}", f"{1 + number % 28:02}/{1 + number % 12:02}/2026", f"Cơ sở sản xuất số {who}", "hung-yen"]
        for item in range(1 + (number < count - dossiers)):
            amount = random.randrange(10**7, 10**9)
            cost: str | int = amount if amount % 2 else f"{amount % 880 + 20} triệu"
            facts = [code_of(who), KINDS[number % 4], *FACTS]
            yield [*head, *facts, f"Máy số {number}-{item}", cost, random.choice(["x", "không", ""])]


def written(path: Path, dossiers: int, count: int) -> None:
    """Writes a register."""
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([HEADINGS, *rows(dossiers, count)])
        return
    with Workbook(path) as book:
        sheet = book.add_worksheet("2026")
        sheet.write_row(0, 0, HEADINGS)
        for number, row in enumerate(rows(dossiers, count), 1):
            sheet.write_row(number, 0, row)


def measured(source: Path, target: Path, code_in: str | None) -> tuple[float, float, float]:
    """Wall seconds, processor seconds and mebibytes of one run of the command; with the code of another folder, if named."""
    start = time.perf_counter()
    command: list[str | Path] = [sys.executable, "-m", "kcgrant", "register", source, target]
    path = os.environ | ({"PYTHONPATH": code_in} if code_in else {})
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=path)
    _, code, used = os.wait4(run.pid, 0)
    assert code == 0
    return time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main(sizes: list[int], against: str | None) -> None:
    """Prints the table."""
    print(
        f"{'dossiers':>9}{'rows':>8}  {'files':<14}{'wall s':>8}{'CPU s':>8}{'MiB':>7}"
        + (f"{'ratio':>7}" if against else "")
    )
    with TemporaryDirectory() as folder:
        for dossiers, count in zip(sizes[::2], sizes[1::2], strict=True):
            for suffix in (".csv", ".xlsx"):
                source, target = Path(folder) / f"in{suffix}", Path(folder) / f"out{suffix}"
                written(source, dossiers, count)
                codes = (None, against) if against else (None,)
                turns = [[measured(source, target, code) for code in codes] for _ in range(3 if suffix == ".csv" else 2)]
                best, *other = map(min, zip(*turns, strict=True))
                ratio = f"{best[0] / other[0][0]:>7.2f}" if other else ""
                print(
                    f"{dossiers:>9}{count:>8}  {suffix[1:]} to {suffix[1:]:<6}{best[0]:>8.1f}{best[1]:>8.1f}{best[2]:>7.0f}{ratio}"
                )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="How fast a register is.")
    parser.add_argument("--against", metavar="SRC", help="the src folder of other code, measured in turns with this")
    parser.add_argument("sizes", nargs="*", type=int, default=[17000, 25000, 6800, 10000, 13600, 20000, 27200, 40000])
    options = parser.parse_args()
    main(options.sizes, options.against)
