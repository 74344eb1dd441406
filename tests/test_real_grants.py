"""Grants that were really paid, replayed under the national norm of their time: none exceeds the ceiling."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from dossiers import application, line, machine
from kcgrant import assess, catalogue

FILE = Path(__file__).parent / "data" / "real_grants.csv"
GRANTS = list(csv.DictReader(FILE.read_text(encoding="utf-8").splitlines()))

# The norm of the day on which the plan was approved: grants accepted in 2018 at the old cap of 200 million (row 3) were
# approved in 2017. Row 1 is reported for 2012 to 2016 as a whole; it is replayed in 2016, under the circular of 2014.
APPROVED_ON = {"1": date(2016, 6, 1), "3": date(2017, 6, 1)}


@pytest.mark.parametrize("grant", GRANTS, ids=lambda grant: f"{grant['province']} {grant['year']}")
def test_no_real_grant_exceeds_the_ceiling(grant: dict[str, str]) -> None:
    cost, paid = int(grant["cost_vnd"]), int(grant["grant_vnd"])
    approved_on = APPROVED_ON.get(grant["id"]) or date(int(grant["year"]), 6, 1)
    law = catalogue.find(None, approved_on)
    bought = line(cost) if grant["activity"] == "line" else machine(cost)

    answer = assess(application(bought, approved_on=approved_on), law)

    assert paid <= answer.maximum_vnd  # where the cost is "over" this, at least: more cost never earns less


def test_the_grants_that_sit_at_the_ceiling_do() -> None:
    """Derived by hand: 200 million of the old cap (1, 3); 50% of 77,000,000 (5); 300 million of the cap (11, 13, 19)."""
    at_ceiling = set()
    for grant in GRANTS:
        approved_on = APPROVED_ON.get(grant["id"]) or date(int(grant["year"]), 6, 1)
        bought = line(int(grant["cost_vnd"])) if grant["activity"] == "line" else machine(int(grant["cost_vnd"]))
        answer = assess(application(bought, approved_on=approved_on), catalogue.find(None, approved_on))
        if answer.maximum_vnd == int(grant["grant_vnd"]):
            at_ceiling.add(grant["id"])
    assert at_ceiling == {"1", "3", "5", "11", "13", "19"}
