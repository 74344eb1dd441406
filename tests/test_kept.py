"""What is kept between assessments is what would be made anew: the same answers and the same documents, in any order."""

from __future__ import annotations

import json

import pytest

from kcgrant import Application, Assessment, assess, catalogue
from kcgrant.assessment import eligibility, record
from kcgrant.fields import adapter
from kcgrant.testing import applications
from profiles import drawn


@pytest.mark.no_cover
@pytest.mark.parametrize("law", ["hung-yen-553-2025", "national-26-2014", "hau-giang-2014"])
def test_an_answer_does_not_turn_on_the_answers_before_it(law: str) -> None:
    dossiers = drawn(applications(catalogue.get(law)), 120)
    kept = [assess(one, law) for one in [*dossiers, *dossiers]]
    anew = []
    for one in dossiers:
        eligibility._rules.cache_clear()
        anew.append(assess(one, law))
    assert [*anew, *anew] == kept
    assert [repr(one.questions) for one in anew] == [repr(one.questions) for one in kept[: len(anew)]]


@pytest.mark.no_cover
def test_a_document_is_what_pydantic_writes_of_the_whole() -> None:
    """Parts in common with others are written once; an empty tuple is the same for all parts."""
    stated = drawn(applications(catalogue.get("hung-yen-553-2025")), 120)
    for one in [*stated, *stated]:
        answer = assess(one, "hung-yen-553-2025")
        written = answer.to_json()
        assert written == adapter(Assessment).serializer.to_json(answer, by_alias=True).decode()
        assert json.loads(written) == answer.to_dict()
        assert json.loads(answer.to_json(indent=2)) == answer.to_dict()


def test_no_more_is_kept_than_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eligibility, "MOST_KEPT", 3)
    monkeypatch.setattr(record, "_MOST_WRITTEN", 5)
    record._WRITTEN.clear()
    document = {"approved_on": "2026-03-02", "activities": [{"norm": "advanced-machinery", "cost_vnd": 10**9}]}
    for number in range(20):
        establishment = {"name": "A", "province": f"p{number}", "former_province": f"q{number}"}
        answer = assess(Application.from_dict(document | {"establishment": establishment}), "hung-yen-553-2025")
        assert json.loads(answer.to_json()) == answer.to_dict()
        assert len(record._WRITTEN) <= 5
        rules = eligibility.rules_for(answer.regulation, answer.approved_on, frozenset(["advanced-machinery"]))
        assert len(rules.applicants) <= 3
