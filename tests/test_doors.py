"""The doors agree: the same dossiers through JSON, a register, a plan and a dataframe give the same amounts."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcgrant import Application, assess, catalogue, cli
from kcgrant.application import COLUMNS, PRIOR_COLUMNS
from kcgrant.columns import assess_frame
from kcgrant.programme import requests_from
from kcgrant.register import RegisterResult, assess_register, assess_together, read
from kcgrant.testing import applications
from registers import code_of

HUNG_YEN = catalogue.get("hung-yen-553-2025")
Amounts = dict[str, tuple[int | None, int | None]]


def flat(dossier: Application) -> list[dict[str, Any]]:
    """The rows of the flat form, as Python values."""
    owners = {"application": dossier, "establishment": dossier.establishment}
    return [
        {name: getattr((owners | {"activity": one})[column.owner], column.field) for name, column in COLUMNS.items()}
        for one in dossier.activities
    ]


def listed(dossier: Application) -> list[dict[str, Any]]:
    names = [name for name in PRIOR_COLUMNS if name != "reference"]
    return [{"reference": dossier.reference} | {name: getattr(one, name) for name in names} for one in dossier.prior_support]


def registered(dossiers: Sequence[Application]) -> RegisterResult:
    """The dossiers written into two text files, read and assessed."""
    said = {True: "có", False: "không", None: ""}
    with TemporaryDirectory() as folder:
        files = []
        for name, rows, columns in (
            ("so.csv", [row for one in dossiers for row in flat(one)], COLUMNS),
            ("prior.csv", [row for one in dossiers for row in listed(one)], PRIOR_COLUMNS),
        ):
            files.append(Path(folder) / name)
            with files[-1].open("w", encoding="utf-8", newline="") as file:
                table = csv.DictWriter(file, list(columns))
                table.writeheader()
                table.writerows(
                    {k: said[v] if isinstance(v, bool) or v is None else v for k, v in row.items()} for row in rows
                )
        return assess_register(read(*files), HUNG_YEN)


def amounts(result: RegisterResult) -> Amounts:
    assert result.faults == []
    return {name: (one.maximum_vnd, one.assured_vnd) for name, one in result.dossiers.items()}


def asked(result: RegisterResult) -> Amounts:
    return {one.reference: (one.maximum_vnd, one.assured_vnd) for one in requests_from(result)}


@st.composite
def dossiers(draw: st.DrawFn, names: Sequence[str]) -> list[Application]:
    """Dossiers of establishments with these names, one after the other; no earlier support is listed twice."""
    found = []
    for number, name in enumerate(names):
        one = draw(applications(HUNG_YEN, most=3))
        support = {(s.norm, s.amount_vnd): s for s in one.prior_support}
        establishment = one.establishment.model_copy(update={"name": name})
        update = {"reference": f"KC-{number}", "establishment": establishment, "prior_support": tuple(support.values())}
        found.append(one.model_copy(update=update))
    return found


@given(dossiers(["Một", "Hai", "Ba"]))
def test_each_dossier_by_itself_gives_the_same_amounts_through_every_door(stated: list[Application]) -> None:
    documents = [Application.from_json(one.to_json()) for one in stated]
    answers = [assess(one, HUNG_YEN) for one in documents]
    expected: Amounts = {str(one.reference): (one.maximum_vnd, one.assured_vnd) for one in answers}
    result = registered(stated)
    assert amounts(result) == amounts(assess_together(documents, HUNG_YEN)) == asked(result) == expected
    schema = {
        name: {"amount": pl.Int64, "yes": pl.Boolean, "day": pl.Date}.get(c.kind, pl.String) for name, c in COLUMNS.items()
    }
    frame = pl.DataFrame([row for one in stated for row in flat(one)], schema=schema)
    support = pl.DataFrame(
        [row for one in stated for row in listed(one)],
        schema={
            name: {"amount": pl.Int64, "yes": pl.Boolean, "day": pl.Date}.get(c.kind, pl.String)
            for name, c in PRIOR_COLUMNS.items()
        },
    )
    found = assess_frame(frame, HUNG_YEN, prior_support=support)
    assert {name: (most, least) for name, _, most, least in found.iter_rows()} == expected
    assert [verdict for _, verdict, _, _ in found.iter_rows()] == [one.verdict.value for one in answers]


@given(dossiers(["Cơ khí Hòa Phát", "CƠ KHÍ  Hoà Phát", "Khác", "cơ khí hòa phát."]))
def test_dossiers_of_one_establishment_share_its_caps_in_the_same_way_in_a_register_and_in_documents(
    stated: list[Application],
) -> None:
    together = assess_together([Application.from_json(one.to_json()) for one in stated], HUNG_YEN)
    result = registered(stated)
    assert amounts(result) == amounts(together)
    assert asked(result) == asked(together)
    assert sorted(one.kind for one in result.remarks) == sorted(one.kind for one in together.remarks)


def told(capsys: pytest.CaptureFixture[str], *command: str) -> tuple[int, str, str]:
    code = cli.main(list(command))
    printed = capsys.readouterr()
    return code, printed.out, printed.err


@pytest.mark.parametrize(
    "flags",
    [
        ("--kind", "HTX"),
        ("--technology-line", "x"),
        ("--technology-line", "chưa rõ"),
        ("--on", "02-03-2026"),
        ("--province", "Tỉnh Hưng Yên"),
    ],
)
def test_a_route_reads_what_a_register_reads(flags: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = told(capsys, "route", "--cost", "1,2 tỷ", *flags)
    assert (code, err) == (0, "")
    assert "Demonstration model" in out


@pytest.mark.parametrize("sign", ["＝", "＋", "－", "＠", "=", "+", "-", "@", "\t="])
def test_no_text_of_a_dossier_becomes_a_formula_in_a_plan(
    sign: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = [["reference", "approved_on", "establishment", "province", "norm", "cost_vnd", "technology_line", "points"]]
    rows += [["KC-1", "2026-03-02", f"{sign}HYPERLINK(1)", "hung-yen", "advanced-machinery", "420000000", "no", "90"]]
    with Path("so.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    assert told(capsys, "plan", "so.csv", "--budget", "1 tỷ", "--policy", "ranked", "--out", "plan.csv")[0] == 0
    cells = [cell for row in csv.reader(Path("plan.csv").read_text(encoding="utf-8-sig").splitlines()) for cell in row]
    assert any("HYPERLINK(1)" in cell for cell in cells)
    assert [cell for cell in cells if "HYPERLINK(1)" in cell and not cell.startswith("'")] == []


def test_a_plan_takes_every_register_that_is_assessed_without_a_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One name with two tax codes, and a third dossier of that name without one: 50% of 420,000,000 three times."""
    monkeypatch.chdir(tmp_path)
    columns = [
        "reference",
        "approved_on",
        "establishment",
        "province",
        "tax_code",
        "norm",
        "cost_vnd",
        "technology_line",
        "points",
    ]
    codes = [code_of(1), code_of(2), ""]
    rows = [
        [f"KC-{place}", "2026-03-02", "Halo", "hung-yen", code, "advanced-machinery", "420000000", "no", "90"]
        for place, code in enumerate(codes)
    ]
    with Path("so.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *rows])
    assert told(capsys, "register", "so.csv", "out.csv", "--strict")[0] == 0
    assert told(capsys, "plan", "so.csv", "--budget", "1 tỷ", "--policy", "ranked", "--out", "plan.json")[0] == 0
    awards = json.loads(Path("plan.json").read_text(encoding="utf-8"))["awards"]
    assert [award["maximum_vnd"] for award in awards] == [210_000_000] * 3
