"""The curve: turning points, inverses, crossovers and excess, by hand and against brute force."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossiers import application, cleaner_production, demonstration, line, machine, prior, replication
from kcgrant import Activity, InputError, assess, catalogue
from kcgrant.advice import Curve, Target, best_by_cost, curves, first_excess
from kcgrant.law import Norm, Regulation
from kcgrant.money import MOST_VND

HUNG_YEN = catalogue.get("hung-yen-553-2025")
KNOWN = [law for law in map(catalogue.get, catalogue.ids()) if law.norms]
SEEN = 900  # costs that brute force looks at; no cap drawn below needs more than 40 / 5% = 800 to be reached


def curve_of(name: str, law: Regulation = HUNG_YEN, *, lines: bool = False, prior_vnd: int = 0) -> Curve:
    return Curve(name, law.norms[name], lines, prior_vnd)


@st.composite
def small_curves(draw: st.DrawFn, per: str = "establishment") -> Curve:
    """Curves whose caps are reached within the costs that brute force looks at; some are used up by earlier support."""
    rate = draw(st.sampled_from([None, "100%", "50%", "49.9%", "33.4%", "33.3%", "30%", "5%"]))
    cap = draw(st.integers(1, 40))
    said = f"{rate or ''} {cap}"
    norm: dict[str, Any] = {"cap": cap, "per": per, "source": "a", "states": {"en": said, "vi": said.replace(".", ",")}}
    built = Norm.model_validate(norm | ({"rate": rate} if rate else {}))
    return Curve("a", built, prior_vnd=draw(st.sampled_from([0, 0, 0, 1, cap // 2, cap, cap + 5])))


def test_the_least_costs_that_reach_the_caps_are_those_derived_by_hand() -> None:
    """300 million / 50%; 450 million / 50%; 1 billion / 30% and 500 million / 30%, rounded up; 100 million without a rate."""
    assert {(one.id, one.technology_lines): one.reached_from_vnd for one in curves(HUNG_YEN)} == {
        ("advanced-machinery", False): 600_000_000,
        ("advanced-machinery", True): 900_000_000,
        ("demonstration-model", False): 3_333_333_334,
        ("cleaner-production-model", False): 1_666_666_667,
        ("replication-model", False): 100_000_000,
    }


@pytest.mark.parametrize(("lines", "last"), [(False, 1_000_000_003), (True, 1_500_000_003)])
def test_a_demonstration_model_overtakes_machinery_where_it_was_derived_by_hand(lines: bool, last: int) -> None:
    """30% of a cost exceeds 300 million from 300,000,001 / 30% = 1,000,000,003.3…, that is from 1,000,000,004 on.

    For a technology line, 450,000,001 / 30% = 1,500,000,003.3….
    """
    machinery, model = curve_of("advanced-machinery", lines=lines), curve_of("demonstration-model")
    assert best_by_cost([model, machinery]) == ((1, last, machinery), (last + 1, MOST_VND, model))
    assert machinery.support(last) == model.support(last)
    assert machinery.support(last + 1) + 1 == model.support(last + 1)
    assert first_excess(model, machinery) == last + 1


def test_support_without_a_rate_is_overtaken_by_half_of_the_cost() -> None:
    """50% of 200,000,002 is the first share above the 100 million of a replication model."""
    found = best_by_cost(curves(HUNG_YEN, "replication-model", "advanced-machinery")[:2])
    assert [(one.least_vnd, one.curve.id) for one in found] == [
        (1, "replication-model"),
        (200_000_002, "advanced-machinery"),
    ]


@pytest.mark.parametrize(
    ("name", "wanted", "target"),
    [
        # 30% × 1,000,000,000 = 300,000,000, and 30% × 1,000,000,003 = 300,000,000.9; one more gives 300,000,001.2
        (
            "demonstration-model",
            300_000_000,
            Target(300_000_000, 1_000_000_000, 1_000_000_003, 700_000_000, 300_000_000, 300_000_000),
        ),
        (
            "advanced-machinery",
            300_000_000,
            Target(300_000_000, 600_000_000, MOST_VND, 300_000_000, 300_000_000, 300_000_000),
        ),
        ("advanced-machinery", 300_000_001, Target(300_000_001, None, None, None, 300_000_000, None)),
        ("advanced-machinery", 0, Target(0, 1, 1, 1, 0, 0)),  # half of one đồng, rounded down
        ("replication-model", 0, Target(0, None, None, None, None, 1)),  # the least cost yields itself
        ("replication-model", 7, Target(7, 7, 7, 0, 7, 7)),
    ],
)
def test_the_costs_for_a_wanted_support_are_those_derived_by_hand(name: str, wanted: int, target: Target) -> None:
    assert curve_of(name).costs_for(wanted) == target


@given(small_curves(), st.integers(0, 45))
def test_the_costs_for_a_wanted_support_are_all_of_them(curve: Curve, wanted: int) -> None:
    found = [cost for cost in range(1, SEEN) if curve.support(cost) == wanted]
    target = curve.costs_for(wanted)
    if not found:
        below = [curve.support(cost) for cost in range(1, SEEN) if curve.support(cost) < wanted]
        above = [curve.support(cost) for cost in range(1, SEEN) if curve.support(cost) > wanted]
        assert target == (wanted, None, None, None, max(below, default=None), min(above, default=None))
        return
    assert target.least_vnd == found[0]
    assert target.most_vnd == (MOST_VND if found[-1] == SEEN - 1 else found[-1])
    assert target.own_share_vnd == found[0] - wanted


@given(st.sampled_from(KNOWN).flatmap(lambda law: st.sampled_from(curves(law))), st.integers(0, 2 * 10**9))
def test_what_a_cost_yields_leads_back_to_it(curve: Curve, cost: int) -> None:
    cost = max(1, cost)
    target = curve.costs_for(curve.support(cost))
    assert target.least_vnd is not None
    assert target.most_vnd is not None
    assert target.least_vnd <= cost <= target.most_vnd
    assert curve.support(target.least_vnd) == curve.support(target.most_vnd) == target.wanted_vnd
    assert target.least_vnd == 1 or curve.support(target.least_vnd - 1) < target.wanted_vnd
    assert target.most_vnd == MOST_VND or curve.support(target.most_vnd + 1) > target.wanted_vnd


@given(st.lists(small_curves(), min_size=1, max_size=4))
def test_the_best_by_cost_is_the_pointwise_maximum_and_tiles_all_costs(drawn: list[Curve]) -> None:
    segments = best_by_cost(drawn)
    assert [one.least_vnd for one in segments] == [1, *(one.most_vnd + 1 for one in segments[:-1])]
    assert segments[-1].most_vnd == MOST_VND
    for number, segment in enumerate(segments):
        for cost in range(segment.least_vnd, min(segment.most_vnd, SEEN) + 1):
            assert segment.curve.support(cost) == max(one.support(cost) for one in drawn)
            if number:
                assert segment.curve.support(cost) > segments[number - 1].curve.support(cost)
        assert segment.curve.support(MOST_VND) <= segments[-1].curve.support(MOST_VND)


@pytest.mark.parametrize("law", KNOWN, ids=lambda law: law.id)
def test_the_best_by_cost_holds_about_every_edge_of_real_norms(law: Regulation) -> None:
    drawn = curves(law)
    segments = best_by_cost(drawn)
    edges = {one.reached_from_vnd for one in drawn} | {one.least_vnd for one in segments}
    for cost in {min(max(1, edge + beside), MOST_VND) for edge in edges for beside in range(-5, 6)}:
        (segment,) = [one for one in segments if one.least_vnd <= cost <= one.most_vnd]
        assert segment.curve.support(cost) == max(one.support(cost) for one in drawn)


@given(small_curves(), small_curves())
def test_the_first_excess_is_the_first(one: Curve, other: Curve) -> None:
    found = [cost for cost in range(1, SEEN) if one.support(cost) > other.support(cost)]
    assert first_excess(one, other) == (found[0] if found else None)


def test_a_slightly_higher_rate_shows_at_the_first_whole_number_between_the_shares() -> None:
    """33.4% and 33.3%: floor differs first where an integer n has n/33.4% ≤ cost < n/33.3%: 1 / 0.334 = 2.99…, so cost 3."""
    low, high = (
        Curve(
            "a",
            Norm.model_validate(
                {"rate": rate, "cap": 10**6, "per": "model", "source": "a", "states": {"en": "x", "vi": "x"}}
            ),
        )
        for rate in ("33.3%", "33.4%")
    )
    assert (low.support(2), high.support(2), low.support(3), high.support(3)) == (0, 0, 0, 1)
    assert first_excess(high, low) == 3
    assert first_excess(low, high) is None


def test_a_norm_that_the_regulation_lacks_has_no_curve() -> None:
    with pytest.raises(InputError) as refused:
        curves(HUNG_YEN, "advanced-machinary")
    assert str(refused.value) == (
        'norms: given "advanced-machinary"; hung-yen-553-2025 has the norms demonstration-model, replication-model, '
        "cleaner-production-model, advanced-machinery. Did you mean advanced-machinery?"
    )


def test_an_amount_that_is_no_whole_number_is_refused() -> None:
    curve = curve_of("advanced-machinery")
    for where, refusing in (("cost_vnd", curve.support), ("wanted_vnd", curve.costs_for)):
        for given_, shown in ((-1, "-1"), (1.5, "1.5"), (True, "true")):
            with pytest.raises(InputError) as refused:
                refusing(given_)  # type: ignore[arg-type]
            assert str(refused.value) == f"{where}: given {shown}; expected a whole number of đồng, 0 or more"


@pytest.mark.parametrize(
    ("activity", "curve", "earlier"),
    [
        (machine(750_000_001), curve_of("advanced-machinery", prior_vnd=20_000_000), 20_000_000),
        (line(750_000_001), curve_of("advanced-machinery", lines=True), 0),
        (demonstration(3_333_333_333), curve_of("demonstration-model"), 0),
        (replication(99_999_999), curve_of("replication-model"), 0),
        (cleaner_production(2_000_000_000), curve_of("cleaner-production-model"), 0),
    ],
)
def test_the_curve_is_that_of_the_engine(activity: Activity, curve: Curve, earlier: int) -> None:
    support = (prior(earlier),) if earlier else ()
    answer = assess(application(activity, prior_support=support))
    assert curve.support(activity.cost_vnd) == answer.maximum_vnd
    assert answer.lines[0].chosen is not None
    assert curve.binding(activity.cost_vnd) == answer.lines[0].chosen.binding
