"""Comparison: what differs between regulations, for which costs it matters, and what it does to applications."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dossiers import application, cleaner_production, demonstration, line, machine, plain, prior
from kcgrant import Application, assess, catalogue
from kcgrant.advice import Difference, Tile, compare, impact
from kcgrant.law import Regulation
from kcgrant.money import MOST_VND
from kcgrant.testing import applications, regulations

HUNG_YEN = catalogue.get("hung-yen-553-2025")
NATIONAL = catalogue.get("national-28-2018")
OLD = plain(catalogue.get("national-26-2014"))


def changed(law: Regulation, norm: str, **numbers: Any) -> Regulation:
    """A regulation with other numbers in one norm, stated in its sentences as they now are."""
    other = law.norms[norm].model_copy(update=numbers)
    return law.model_copy(update={"norms": {**law.norms, norm: other}})


# --- texts and curves -------------------------------------------------------------------------------------------------


def test_the_numbers_that_differ_are_named_with_both_values() -> None:
    found = compare(OLD, HUNG_YEN)
    assert found.differences == (
        Difference("regulation", "hung-yen-553-2025", "province", None, "hung-yen"),
        Difference("regulation", "hung-yen-553-2025", "from", "2014-04-08", "2025-02-28"),
        Difference("regulation", "hung-yen-553-2025", "until", "2018-05-10", None),
        Difference("norm", "demonstration-model", "cap", 500_000_000, 1_000_000_000),
        Difference("norm", "advanced-machinery", "cap", 200_000_000, 300_000_000),
        Difference("norm", "advanced-machinery", "technology_line_factor", None, "1.5"),
    )
    assert (found.only_before, found.only_after) == ((), ("cleaner-production-model",))


def test_what_the_whole_circular_has_besides_is_told_too() -> None:
    whole = catalogue.get("national-26-2014")
    besides = [one for one in compare(whole, HUNG_YEN).differences if one not in compare(OLD, HUNG_YEN).differences]
    assert {(one.kind, one.id) for one in besides} == {
        ("regulation", "hung-yen-553-2025"),
        ("condition", "difficult-area"),
        ("condition", "polluter-moves"),
        ("variation", "priority"),
    }
    assert Difference("variation", "priority", "cap_factor", "1.5", None) in besides
    assert len(compare(whole, HUNG_YEN).only_before) == 19  # 22 points, three of which Hung Yen has as well


def test_what_is_not_expressed_of_another_norm_is_no_reason() -> None:
    (effect,) = impact([application(machine(800_000_000))], catalogue.get("national-26-2014"), HUNG_YEN).effects
    assert [(one.id, one.field) for one in effect.reasons] == [("advanced-machinery", "cap")]


def test_hung_yen_nowhere_exceeds_the_national_norms() -> None:
    found = compare(NATIONAL, HUNG_YEN)
    assert [one.first_more_vnd for one in found.curves] == [None] * 5
    assert {tile for one in found.curves for tile in one.tiles} == {Tile(1, MOST_VND, "same")}
    assert [one.field for one in found.differences] == ["province", "from"]


def test_the_first_cost_above_the_old_norms_is_that_derived_by_hand() -> None:
    """30% of a cost exceeds 500 million from 500,000,001 / 30% = 1,666,666,670 on; 50% exceeds 200 million from
    200,000,001 / 50% = 400,000,002 on, as a technology line or not."""
    found = {(one.norm, one.technology_lines): one for one in compare(OLD, HUNG_YEN).curves}
    assert {key: one.first_more_vnd for key, one in found.items()} == {
        ("demonstration-model", False): 1_666_666_670,
        ("replication-model", False): None,
        ("advanced-machinery", False): 400_000_002,
        ("advanced-machinery", True): 400_000_002,
    }
    assert {one.first_less_vnd for one in found.values()} == {None}
    assert found["advanced-machinery", True].tiles == (Tile(1, MOST_VND, "after"),)


def test_a_higher_rate_under_a_lower_cap_gives_more_only_up_to_a_cost() -> None:
    """60% up to 200 million against 50% up to 300 million: the latter is ahead from 200,000,001 / 50% = 400,000,002 on."""
    steep = changed(HUNG_YEN, "advanced-machinery", rate=Fraction(60, 100), cap=200_000_000, technology_line_factor=None)
    found = next(one for one in compare(HUNG_YEN, steep).curves if one.norm == "advanced-machinery")
    assert found.tiles == (Tile(1, 400_000_001, "after"), Tile(400_000_002, MOST_VND, "before"))
    # 60% of 2 is 1.2, and so is half of it 1; 60% of 4 is 2.4, half 2; 60% of 5 is 3, half of it 2.
    assert (found.first_more_vnd, found.first_less_vnd) == (5, 400_000_002)


def test_conditions_are_compared_version_by_version() -> None:
    framework = HUNG_YEN.framework
    assert framework is not None
    conditions = tuple(
        condition.model_copy(update={"values": ("cooperative",), "changeable": True})
        if condition.id == "beneficiary-kind" and condition.since
        else condition
        for condition in framework.conditions
        if condition.id != "rural-area"
    )
    other = HUNG_YEN.model_copy(update={"framework": framework.model_copy(update={"conditions": conditions})})
    found = compare(HUNG_YEN, other).differences
    kinds = ("cooperative", "cooperative-group", "household-business", "small-or-medium-enterprise", "union-of-cooperatives")
    assert found[:2] == (
        Difference("condition", "beneficiary-kind", "values", kinds, ("cooperative",)),
        Difference("condition", "beneficiary-kind", "changeable", False, True),
    )
    assert {(one.id, one.after) for one in found[2:]} == {("rural-area", None)}
    assert Difference("condition", "rural-area", "until", "2025-10-14", None) in found


@given(regulations(), regulations())
def test_the_tiles_say_for_every_cost_who_gives_at_least_as_much(before: Regulation, after: Regulation) -> None:
    for one in compare(before, after).curves:
        assert [tile.least_vnd for tile in one.tiles] == [1, *(tile.most_vnd + 1 for tile in one.tiles[:-1])]
        assert one.tiles[-1].most_vnd == MOST_VND
        edges = {one.before.reached_from_vnd, one.after.reached_from_vnd, one.first_more_vnd or 1, one.first_less_vnd or 1}
        edges |= {tile.least_vnd for tile in one.tiles} | set(range(1, 300))
        for cost in sorted({max(1, min(MOST_VND, edge + step)) for edge in edges for step in (-1, 0, 1)}):
            (here,) = [tile for tile in one.tiles if tile.least_vnd <= cost <= tile.most_vnd]
            old, new = one.before.support(cost), one.after.support(cost)
            assert {"before": old >= new, "after": new >= old, "same": old == new}[here.at_least]
            assert new <= old or (one.first_more_vnd is not None and one.first_more_vnd <= cost)
            assert old <= new or (one.first_less_vnd is not None and one.first_less_vnd <= cost)


@given(regulations(), regulations())
def test_a_comparison_turned_around_is_the_same_turned_around(before: Regulation, after: Regulation) -> None:
    there, back = compare(before, after), compare(after, before)
    turned = {(one.kind, one.field, one.id, one.after, one.before) for one in back.differences}
    assert {(one.kind, one.field, one.id, one.before, one.after) for one in there.differences} == turned
    assert (there.only_before, there.only_after) == (back.only_after, back.only_before)
    more = {(one.norm, one.technology_lines): one.first_more_vnd for one in there.curves}
    assert more == {(one.norm, one.technology_lines): one.first_less_vnd for one in back.curves}


def test_a_regulation_differs_in_nothing_from_itself() -> None:
    for law in map(catalogue.get, catalogue.ids()):
        found = compare(law, law)
        assert (found.differences, found.only_before, found.only_after) == ((), (), ())
        assert {tile.at_least for one in found.curves for tile in one.tiles} <= {"same"}


# --- the effect on applications ---------------------------------------------------------------------------------------


def test_the_effect_on_each_application_is_that_derived_by_hand() -> None:
    """Machine of 800 million: cap 200 → 300 million. Line of 700 million: 200 → 350 (half of it). Model of 1 billion: 30%
    of it either way. Cleaner production: no such norm is known of 2014."""
    stated = [
        application(machine(800_000_000), reference="KC-1"),
        application(line(700_000_000), reference="KC-2"),
        application(demonstration(1_000_000_000), reference="KC-3"),
        application(cleaner_production(1_000_000_000), reference="KC-4"),
    ]
    found = impact(stated, OLD, HUNG_YEN)
    assert [(one.change_vnd, one.change_assured_vnd, one.lacking) for one in found.effects] == [
        (100_000_000, 100_000_000, ()),
        (150_000_000, 150_000_000, ()),
        (0, 0, ()),
        (0, 0, ("cleaner-production-model",)),
    ]
    assert (found.before_vnd, found.after_vnd) == (700_000_000, 950_000_000)
    assert (found.winners, found.losers, found.compared) == (2, 0, 3)
    cap = Difference("norm", "advanced-machinery", "cap", 200_000_000, 300_000_000)
    factor = Difference("norm", "advanced-machinery", "technology_line_factor", None, "1.5")
    # The higher cap alone would give the line 300 million; with the factor its half of 350 stays under 450 million.
    assert [one.reasons for one in found.effects] == [(cap,), (cap, factor), (), ()]
    # Half of 550 million stays under the higher cap, raised or not; the lower cap raised would do as well.
    assert impact([application(line(550_000_000))], OLD, HUNG_YEN).effects[0].reasons == (cap,)


def test_a_condition_that_is_judged_in_another_way_is_a_reason() -> None:
    union = application(machine(800_000_000), kind="union-of-cooperatives")
    framework = HUNG_YEN.framework
    assert framework is not None
    kept = tuple(condition for condition in framework.conditions if condition.id != "beneficiary-kind")
    free = HUNG_YEN.model_copy(update={"framework": framework.model_copy(update={"conditions": kept})})
    early = union.model_copy(update={"approved_on": date(2025, 10, 14)})
    found = impact([early], HUNG_YEN, free)
    assert found.effects[0].change_vnd == 300_000_000
    assert found.effects[0].reasons == (Difference("condition", "beneficiary-kind", "outcome", "unmet", None),)


def test_a_condition_that_is_met_or_not_asked_is_no_reason() -> None:
    free = HUNG_YEN.model_copy(update={"framework": None})
    cap = Difference("norm", "advanced-machinery", "cap", 200_000_000, 300_000_000)
    found = impact([application(machine(800_000_000))], OLD, free)
    assert found.effects[0].reasons == (cap,)


@given(regulations(), st.data())
def test_the_numbers_told_suffice_and_none_of_them_is_idle(before: Regulation, data: st.DataObject) -> None:
    """Put into the earlier norms, they give the amounts of the later regulation; without any one of them they do not."""
    other = data.draw(regulations())
    before = before.model_copy(update={"variations": ()})
    after = before.model_copy(
        update={"norms": {**before.norms, **{n: other.norms[n] for n in before.norms if n in other.norms}}}
    )
    (effect,) = impact([data.draw(applications(before, most=3))], before, after).effects
    told = [one for one in effect.reasons if one.kind == "norm"]
    if effect.change_vnd or effect.change_assured_vnd:
        assert given_with(effect.application, before, after, told) == (effect.after.maximum_vnd, effect.after.assured_vnd)  # type: ignore[union-attr]


def given_with(stated: Application, before: Regulation, after: Regulation, told: list[Difference]) -> tuple[int, int]:
    norms = dict(before.norms)
    for one in told:
        norms[one.id] = norms[one.id].model_construct(
            **{**dict(norms[one.id]), one.field: getattr(after.norms[one.id], one.field)}
        )
    answer = assess(stated, before.model_construct(**{**dict(before), "norms": norms}))
    return answer.maximum_vnd, answer.assured_vnd


def test_the_documents_of_a_comparison_and_its_effect_hold_plain_values() -> None:
    document = compare(OLD, HUNG_YEN).to_dict()
    assert list(document) == ["before", "after", "differences", "only_before", "only_after", "curves"]
    assert document["curves"][0] == {
        "norm": "demonstration-model",
        "technology_lines": False,
        "tiles": [{"least_vnd": 1, "most_vnd": MOST_VND, "at_least": "after"}],
        "first_more_vnd": 1_666_666_670,
        "first_less_vnd": None,
    }
    effect = impact([application(machine(800_000_000), reference="KC-1")], OLD, HUNG_YEN).to_dict()
    assert effect["effects"] == [
        {
            "reference": "KC-1",
            "lacking": [],
            "before": {"verdict": "eligible", "maximum_vnd": 200_000_000, "assured_vnd": 200_000_000},
            "after": {"verdict": "eligible", "maximum_vnd": 300_000_000, "assured_vnd": 300_000_000},
            "change_vnd": 100_000_000,
            "change_assured_vnd": 100_000_000,
            "reasons": [
                {"kind": "norm", "id": "advanced-machinery", "field": "cap", "before": 200_000_000, "after": 300_000_000}
            ],
        }
    ]
    assert {key: effect[key] for key in ("before_vnd", "after_vnd", "winners", "losers", "compared")} == {
        "before_vnd": 200_000_000,
        "after_vnd": 300_000_000,
        "winners": 1,
        "losers": 0,
        "compared": 1,
    }


def test_earlier_support_under_a_norm_that_is_lacking_is_not_compared_either() -> None:
    helped = application(machine(800_000_000), prior_support=(prior(5, norm="cleaner-production-model"),))
    assert impact([helped], OLD, HUNG_YEN).effects[0].lacking == ("cleaner-production-model",)


@given(st.data())
def test_the_effect_is_the_two_assessments_and_turns_around(data: st.DataObject) -> None:
    before, after = data.draw(regulations()), data.draw(regulations())
    names = [
        name for name, norm in before.norms.items() if name in after.norms and norm.counted == after.norms[name].counted
    ]
    drawn = data.draw(st.lists(applications(before, most=2), max_size=4))
    shared = [one for one in drawn if usable(one, names)]
    there, back = impact(drawn, before, after), impact(drawn, after, before)
    assert [one.change_vnd for one in there.effects] == [-one.change_vnd for one in back.effects]
    assert [one.change_assured_vnd for one in there.effects] == [-one.change_assured_vnd for one in back.effects]
    assert (there.winners, there.losers, there.compared) == (back.losers, back.winners, back.compared)
    assert there.compared == len(shared)
    assert there.before_vnd == back.after_vnd == sum(assess(one, before).maximum_vnd for one in shared)
    assert there.after_vnd - there.before_vnd == sum(one.change_vnd for one in there.effects)
    assert there.after_assured_vnd - there.before_assured_vnd == sum(one.change_assured_vnd for one in there.effects)
    for one in there.effects:
        assert bool(one.reasons) <= bool(one.change_vnd or one.change_assured_vnd)
        if one.change_vnd or one.change_assured_vnd:
            assert one.reasons, "a change has a reason"


def usable(stated: Application, names: list[str]) -> bool:
    named = {one.norm for one in stated.activities} | {one.norm for one in stated.prior_support}
    return named <= set(names)
