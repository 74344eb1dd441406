"""Amounts derived by hand from the law: one case a table of tests/cases/*.toml, with its derivation beside it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from dossiers import DAY, application, establishment
from kcgrant import Activity, PriorSupport, Verdict, assess, catalogue


def _cases() -> list[Any]:
    found = []
    for file in sorted((Path(__file__).parent / "cases").glob("*.toml")):
        content = tomllib.loads(file.read_text(encoding="utf-8"))
        common = {key: value for key, value in content.items() if key != "case"}
        found += [pytest.param(common | case, id=f"{file.stem}: {case['name']}") for case in content["case"]]
    return found


@pytest.mark.parametrize("case", _cases())
def test_the_engine_gives_the_amount_derived_by_hand(case: dict[str, Any]) -> None:
    of_applicant = {key: None if value == "unstated" else value for key, value in case.get("establishment", {}).items()}
    facts: dict[str, Any] = {"establishment": establishment(**of_applicant)}
    of_application = ("approved_on", "own_capital_committed", "other_state_support", "priority")
    facts |= {key: None if case[key] == "unstated" else case[key] for key in of_application if key in case}
    facts["prior_support"] = [PriorSupport(**prior) for prior in case.get("prior_support", [])]
    stated = application(*(Activity(**activity) for activity in case["activities"]), **facts)
    law = catalogue.get(case["regulation"])
    expected = case["answer"]

    answer = assess(stated, law)

    assert answer.maximum_vnd == expected["maximum_vnd"]
    assert answer.assured_vnd == expected.get("assured_vnd", expected["maximum_vnd"])
    assert answer.verdict == expected.get("verdict", Verdict.ELIGIBLE)
    assert [question.fact for question in answer.questions] == expected.get("questions", [])
    if "asked_of" in expected:
        assert [question.activity for question in answer.questions] == expected["asked_of"]
    assert [finding.condition for finding in answer.findings if finding.outcome == "unmet"] == expected.get("unmet", [])
    common_notes = {note.id for note in law.all_notes}
    assert [note.id for note in answer.notes if note.id not in common_notes] == expected.get("notes", [])
    chosen = answer.lines[0].chosen
    if "binding" in expected:
        assert chosen is not None
        assert chosen.binding == set(expected["binding"])
    if "chosen" in expected:
        assert chosen is not None
        assert chosen.id == expected["chosen"]
    if (
        law.province in (None, stated.establishment.province)
        and stated.approved_on == DAY
        and law.id in ("hung-yen-553-2025", "hoa-binh-20-2019")
    ):
        assert assess(stated) == answer, "the same law is found by place and day"


def test_every_norm_that_is_shipped_has_cases() -> None:
    tested = {(c.values[0]["regulation"], a["norm"]) for c in _cases() for a in c.values[0]["activities"]}
    shipped = {(law.id, norm) for law in map(catalogue.get, catalogue.ids()) for norm in law.norms}
    assert shipped <= tested
