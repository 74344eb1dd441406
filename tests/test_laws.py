"""The laws of the kit: each is needed, since for each there is a fault that no other law notices."""

from __future__ import annotations

import os
from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kcgrant import Activity, Application, Assessment, Establishment, PriorSupport, catalogue
from kcgrant.regulation import Regulation
from kcgrant.testing import LAWS, Engine, LawBroken, applications, laws
from planted import ALONE

HUNG_YEN = catalogue.get("hung-yen-553-2025")
MANY = int(os.environ.get("KCGRANT_EXAMPLES", "150"))
M = 10**6  # one million đồng


def machine(cost_vnd: int, *, line: bool = False) -> Activity:
    """50%, at most 300 million per establishment; 1.5 times for technology lines alone."""
    return Activity(
        norm="advanced-machinery", cost_vnd=cost_vnd, technology_line=line, new_to_area=False, performs_well=False
    )


def model(cost_vnd: int, *, new: bool | None = True) -> Activity:
    """30%, at most 1,000 million per model."""
    return Activity(
        norm="demonstration-model", cost_vnd=cost_vnd, technology_line=False, new_to_area=new, performs_well=False
    )


def received(amount_vnd: int, *, line: bool = False) -> PriorSupport:
    return PriorSupport(norm="advanced-machinery", amount_vnd=amount_vnd, technology_line=line)


def of(*activities: Activity, earlier: tuple[PriorSupport, ...] = (), **facts: Any) -> Application:
    """An application with every fact stated, by an applicant who meets every condition unless told otherwise."""
    stated: dict[str, Any] = {
        "kind": "cooperative",
        "lawfully_established": True,
        "direct_producer": True,
        "area": "commune",
    }
    stated |= {"sector": "handicraft"} | {key: facts.pop(key) for key in [*facts] if key in Establishment.model_fields}
    return Application(
        approved_on=date(2026, 3, 2),
        establishment=Establishment(name="A", province="hung-yen", **stated),
        activities=activities,
        prior_support=earlier,
        **{"own_capital_committed": True, "other_state_support": False, **facts},
    )


FOUR_MODELS = of(*[model(1_000 * M)] * 4)  # 300 million each

# For each law: a case in which the fault planted for it shows, and what the law says of it, derived by hand.
SHOWN: dict[str, tuple[Application, dict[str, Any], str]] = {
    # All: 50% of 700,000,003, but at most 300 million. Lines alone: 50% of 100,000,003 is 50,000,001, not taken.
    "maximality": (
        of(machine(600 * M), machine(100 * M + 3, line=True)),
        {},
        "advanced-machinery, supporting technology-lines: 50001000 đồng, but the most within the limits is 50000001",
    ),
    "steps": (
        of(machine(600 * M), earlier=(received(400 * M),)),
        {},
        "advanced-machinery: base, share, earlier support and rest of the cap are (600000000, 300000000, 300000000, 0), "
        "not (600000000, 300000000, 400000000, 0)",
    ),
    # 50% of 700 million is 350, within 300 and 50 for the lines; but together they share 300.
    "lawful_choices": (
        of(machine(600 * M), machine(100 * M, line=True)),
        {"answer": 0},
        "advanced-machinery: 350000000 đồng, but the better lawful choice is 300000000",
    ),
    "pools": (
        of(machine(600 * M), lawfully_established=False),
        {},
        "the lines are [], but the caps are shared as [('advanced-machinery', (0,))]",
    ),
    "bounds": (
        of(machine(600 * M), other_state_support=None),
        {},
        "assured and maximum are (0, 300000000), but the lines sum up to (300000000, 300000000)",
    ),
    "verdicts": (
        of(machine(600 * M), model(100 * M, new=False)),
        {},
        "the application is eligible, but its activities make it partly-eligible",
    ),
    # 50% of 200 million; of one row of 100 million, half of that.
    "indifference": (
        of(machine(100 * M), machine(100 * M)),
        {"turn": 0},
        "in another order and under other names, assured, maximum and verdict are (50000000, 50000000, 'eligible'), not "
        "(100000000, 100000000, 'eligible')",
    ),
    # 2^32 + 50 million are 50 million there.
    "growth": (
        of(machine(100 * M)),
        {"extra_vnd": 2**32 - 50 * M},
        "4244967296 đồng more of cost turn 50000000 into 25000000",
    ),
    # 50% of 400 million; of the first four rows 30, 70, 100 and 100 million it is 150.
    "splitting": (
        of(*[machine(100 * M)] * 4),
        {"part_vnd": 30 * M - 1},
        "split into 30000000 and the rest, assured, maximum and verdict are (150000000, 150000000, 'eligible'), not "
        "(200000000, 200000000, 'eligible')",
    ),
    # Three of 300 million and 30% of 100 million.
    "addition": (
        FOUR_MODELS,
        {"activity": model(100 * M)},
        "an activity of 100000000 đồng more turns the maximum of 1200000000 into 930000000",
    ),
    "idle_ineligible": (
        FOUR_MODELS,
        {"activity": model(100 * M, new=False)},
        "an ineligible activity turns (1200000000, 1200000000) into (1230000000, 1230000000)",
    ),
    # 100 million of the cap of 300 are left; without the first of the three, 150.
    "earlier_support": (
        of(machine(600 * M), earlier=(received(100 * M), received(100 * M))),
        {"support": received(50 * M)},
        "50000000 đồng of earlier support turn 100000000 into 150000000",
    ),
    "narrowing": (
        of(machine(600 * M), earlier=(received(300 * M),), other_state_support=None),
        {"which": 0, "answer": 0},
        "with application.other_state_support = True, not asked for, assured, maximum and verdict are (0, 0, 'ineligible'), "
        "not (0, 0, 'undetermined')",
    ),
    # 300 million for the machine; 30 million more if the model is new to its area.
    "ends_reached": (
        of(machine(600 * M), model(100 * M, new=None)),
        {},
        "the answers lead to amounts from 300000000 to 330000000, but the record says (0, 330000000)",
    ),
    "edge_binding": (
        of(machine(600 * M)),
        {},
        "advanced-machinery: ['rate'] bind, but it is ['cap', 'rate']",
    ),
    "raised_cap": (
        of(machine(100 * M, line=True)),
        {},
        "advanced-machinery, supporting technology-lines: the cap is 300000000, not 450000000",
    ),
    "documents": (
        of(machine(600 * M)),
        {},
        f"the record names sources that the regulation does not have: {[HUNG_YEN.all_sources['ven-57468'].title]}",
    ),
}


def told(law: str, application: Application, beside: dict[str, Any], engine: Engine) -> str | None:
    """What a law says about an engine on a case: None where it holds."""
    try:
        LAWS[law][0](HUNG_YEN, application, **beside, engine=engine)
    except LawBroken as wrong:
        return str(wrong)
    return None


@cache
def cases() -> list[tuple[Application, dict[str, dict[str, Any]]]]:
    """The same applications for every engine, each with what the laws take beside it; the cases above among them."""
    beside = {name: st.fixed_dictionaries(dict(more(HUNG_YEN))) for name, (_, more) in LAWS.items()}
    taken = {name: more for name, (_, more, _) in SHOWN.items()}
    drawn = {application: taken for application, _, _ in SHOWN.values()}

    @settings(
        max_examples=MANY, database=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(applications(HUNG_YEN), st.fixed_dictionaries(beside))
    def draw(application: Application, more: dict[str, dict[str, Any]]) -> None:
        drawn[application] = more

    draw()
    return list(drawn.items())


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


@pytest.mark.parametrize("law", LAWS)
def test_a_fault_is_noticed_by_this_law_alone(law: str, monkeypatch: pytest.MonkeyPatch) -> None:
    application, beside, message = SHOWN[law]
    assert told(law, application, beside, ALONE[law]) == message
    monkeypatch.setattr(laws, "MOST_COMPLETIONS", 100)
    engine = remembering(ALONE[law])
    noticed = {one for case, more in cases() for one in LAWS if told(one, case, more[one], engine) is not None}
    assert noticed == {law}
