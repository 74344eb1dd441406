"""Growth: twice the input takes about twice the steps, wherever a file can be long. Steps are counted, no clock is read."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kcgrant.cli import main
from kcgrant.files import json_value
from kcgrant.register import assess_register, pooling, read
from registers import NAMES, csv_file, row


def steps(work: Callable[[], object]) -> int:
    """How many functions a piece of work calls, those of the interpreter included."""
    count = 0

    def called(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def grows(work: Callable[[int], Callable[[], object]], few: int) -> float:
    """By how much the steps of four times as much are more; what is done but once is taken away."""
    work(few)()  # what is kept between calls is made
    one, two, four = (steps(work(few * times)) for times in (1, 2, 4))
    return (four - two) / (two - one)


def linear(work: Callable[[int], Callable[[], object]], few: int) -> None:
    """Four times as much against twice, and twice against once: 2 where steps grow with the size, 4 with its square."""
    assert grows(work, few) < 2.4


def test_the_steps_of_what_grows_with_the_square_are_seen() -> None:
    def squared(size: int) -> Callable[[], object]:
        return lambda: [abs(one) for _ in range(size) for one in range(size)]

    assert grows(squared, 20) == pytest.approx(4, abs=0.1)


@pytest.mark.parametrize("key", ["a", "{}"])
def test_keys_that_stand_twice(key: str) -> None:
    def work(size: int) -> Callable[[], object]:
        text = "{" + ",".join(f'"{key.format(number // 2)}":1' for number in range(size)) + "}"
        return lambda: json_value(text)

    linear(work, 300)


def dossier(number: int) -> dict[str, Any]:
    listed = {"norm": "advanced-machinery", "amount_vnd": 10**6 + number, "technology_line": (True, False, None)[number % 3]}
    establishment = {"name": "Halo", "tax_code": "0900000011", "province": "hung-yen", "former_province": "hung-yen"}
    activity = {"norm": "advanced-machinery", "cost_vnd": 8 * 10**8 + number}
    stated = {"approved_on": "2026-03-02", "reference": f"KC-{number}", "establishment": establishment}
    return stated | {"activities": [activity], "prior_support": [listed]}


def test_applications_of_one_establishment_in_a_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def work(size: int) -> Callable[[], object]:
        file = tmp_path / f"{size}.json"
        file.write_text(json.dumps([dossier(number) for number in range(size)]), encoding="utf-8")
        return lambda: main(["plan", str(file), "--budget", "4 tỷ", "--policy", "ranked"])

    linear(work, 150)
    assert not capsys.readouterr().err


@pytest.mark.parametrize("granted", ["02/03/2025", "", "05/05/2026"])
def test_dossiers_of_one_establishment_in_a_register(tmp_path: Path, granted: str) -> None:
    """With earlier support for each: granted before all, on no day, and after all, so that it may be one of the list."""

    def work(size: int) -> Callable[[], object]:
        rows = [row(reference=f"KC-{n}", cost_vnd=f"{8 * 10**8 + n} đồng") for n in range(size)]
        support = [[f"KC-{n}", "advanced-machinery", f"{10**6 + n} đồng", "", granted] for n in range(size)]
        headings = ["reference", "norm", "amount_vnd", "technology_line", "granted_on"]
        prior = csv_file(tmp_path / f"prior{size}.csv", support, headings)
        register = csv_file(tmp_path / f"{size}.csv", rows, NAMES)
        return lambda: assess_register(read(register, prior))

    linear(work, 150)


@pytest.mark.parametrize("flags", [(True, False), (True,), (None, True)])
def test_support_that_is_added_up_counts_as_if_it_were_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flags: tuple[bool | None, ...]
) -> None:
    """Eight lines of 80 million, one earlier support of 30 million each, of which those before count and its own: where all
    was for lines, n x 40 and (n + 1) x 30 of the 450 million are used before the n-th, counted from nought: so six have 40."""
    said = {True: "có", False: "không", None: ""}
    rows = [row(reference=f"K{n}", cost_vnd="80 triệu", technology_line="có") for n in range(8)]
    support = [[f"K{n}", "advanced-machinery", f"3000000{n} đồng", said[flags[n % len(flags)]]] for n in range(8)]
    prior = csv_file(tmp_path / "prior.csv", support, ["reference", "norm", "amount_vnd", "technology_line"])
    register = csv_file(tmp_path / "register.csv", rows, NAMES)

    def found() -> list[tuple[Any, ...]]:
        dossiers = [one for _, one in sorted(assess_register(read(register, prior)).dossiers.items())]
        steps = [one.assessment.lines[0].options for one in dossiers if one.assessment is not None]
        prior_vnd = [[option.prior_vnd for option in options] for options in steps]
        return [(one.maximum_vnd, *each, one.assured_vnd) for one, each in zip(dossiers, prior_vnd, strict=True)]

    named = found()
    monkeypatch.setattr(pooling, "MOST_LISTED", 2)
    added_up = found()
    assert [one[:-1] for one in named] == [one[:-1] for one in added_up]
    assert all(one[-1] >= other[-1] for one, other in zip(named, added_up, strict=True))
    if None not in flags:
        assert named == added_up
    if flags == (True,):
        assert [one[0] for one in named] == [40_000_000] * 6 + [0] * 2
