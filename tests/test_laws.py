"""The laws of the kit: each is needed, since for each there is a fault that no other law notices."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kcgrant import Application, Assessment, catalogue
from kcgrant.regulation import Regulation
from kcgrant.testing import LAWS, Engine, applications, laws
from planted import ALONE

HUNG_YEN = catalogue.get("hung-yen-553-2025")


@cache
def cases() -> list[tuple[Application, dict[str, Any]]]:
    """The same applications for every engine, each with what the laws take beside it."""
    drawn: list[tuple[Application, dict[str, Any]]] = []
    beside = st.fixed_dictionaries({name: st.fixed_dictionaries(dict(more(HUNG_YEN))) for name, (_, more) in LAWS.items()})

    @settings(
        max_examples=300, database=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(applications(HUNG_YEN), beside)
    def draw(application: Application, more: dict[str, Any]) -> None:
        drawn.append((application, more))

    draw()
    return drawn


def remembering(engine: Engine) -> Engine:
    """An engine that assesses each of the common cases once."""
    common = {id(application) for application, _ in cases()}
    known: dict[int, Assessment] = {}

    def same(application: Application, regulation: Regulation) -> Assessment:
        key = id(application)
        if key not in common:
            return engine(application, regulation)
        if key not in known:
            known[key] = engine(application, regulation)
        return known[key]

    return same


def broken(engine: Engine) -> dict[str, int]:
    """How many of the cases break each law that an engine breaks."""
    found: dict[str, int] = {}
    engine = remembering(engine)
    for application, beside in cases():
        for name, (law, _) in LAWS.items():
            try:
                law(HUNG_YEN, application, **beside[name], engine=engine)
            except AssertionError:
                found[name] = found.get(name, 0) + 1
    return found


@pytest.mark.parametrize("law", LAWS)
def test_a_fault_is_noticed_by_this_law_alone(law: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(laws, "MOST_COMPLETIONS", 100)
    found = broken(ALONE[law])
    print(found)
    assert found.keys() == {law}
