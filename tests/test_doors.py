"""The doors agree: the same dossiers through JSON, a register, a plan and a dataframe give the same amounts."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from kcgrant import Application, assess, catalogue
from kcgrant.application import COLUMNS, PRIOR_COLUMNS
from kcgrant.columns import assess_frame
from kcgrant.programme import requests_from
from kcgrant.register import RegisterResult, assess_register, assess_together, read
from kcgrant.testing import applications

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
    assert asked(result) == asked(together) == amounts(result)
    assert sorted(one.kind for one in result.remarks) == sorted(one.kind for one in together.remarks)
