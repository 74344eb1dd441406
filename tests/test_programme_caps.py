"""Pro rata with floors, envelopes, rounding and shared caps: nothing stays unspent that somebody could have had."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossiers import application, demonstration, line, machine
from kcgrant import PriorSupport, assess, cli
from kcgrant.parsing import parse
from kcgrant.programme import Programme, Request, Share, faulty, plan, requests_from
from kcgrant.register import assess_register, assess_together, read
from kcgrant.register.form import ranking_named
from registers import NAMES, code_of, csv_file, row
from test_programme import BUDGET, CLEANER, ENVELOPES, MACHINES, MILLION, MODELS, asks, paid, pools, programmes, shared, why


def test_with_a_floor_an_envelope_may_give_to_one_what_a_larger_budget_leaves_to_another() -> None:
    # Budget 1: of the envelope KC-1 is due 1/3 and KC-2 2/3; KC-1 leaves, KC-2 gets 1. Budget 2: the other đồng is KC-1's
    # alone, so it has 4/3 and KC-2 2/3; KC-2 leaves, and KC-1 gets both. It is why no more is promised with envelopes.
    requests = [asks("KC-1", {MACHINES: 1, MODELS: 1}), asks("KC-2", {MODELS: 2})]
    small, large = (plan(requests, budget, "pro-rata", envelopes={MODELS: 1}, floor_vnd=1) for budget in (1, 2))
    assert paid(small) == {"KC-1": 0, "KC-2": 1}
    assert paid(large) == {"KC-1": 2, "KC-2": 0}


def test_who_fell_below_the_floor_is_paid_from_what_then_nobody_asks_for() -> None:
    # Of 7: KC-3 has 5 of the envelope, and of the 2 that are left KC-1 14/22 of them, KC-2 8/22. All fall below the floor of
    # 7, the least first: KC-2, KC-1 (whose share of what is left is 2), then KC-3. KC-1 left last but one; KC-3, which is
    # offered the envelope first, cannot have 7 of it, and KC-1 has all the budget.
    requests = [asks("KC-1", {CLEANER: 6, MODELS: 8}), asks("KC-2", {MODELS: 8}), asks("KC-3", {MACHINES: 7})]
    programme = plan(requests, 7, "pro-rata", envelopes={MACHINES: 5}, floor_vnd=7)
    assert paid(programme) == {"KC-1": 7, "KC-2": 0, "KC-3": 0}
    assert why(programme)["KC-1"] == "from what the others leave: in part: budget left 7 of 14"
    # Of 12: the envelope of 4 is KC-3's alone and below the floor of 6; of the machines 1 is KC-4's. Of the 7 that are left
    # KC-1 has 42/11 and KC-4 35/11 + 1: both below. KC-3 (4), KC-1 (3.8 before 4.2) leave, KC-4 has its 6, and 6 are left.
    requests = [asks("KC-1", {CLEANER: 6}), asks("KC-3", {MODELS: 7}), asks("KC-4", {CLEANER: 5, MACHINES: 1})]
    programme = plan(requests, 12, "pro-rata", envelopes={MODELS: 4, MACHINES: 11}, floor_vnd=6)
    assert paid(programme) == {"KC-1": 6, "KC-3": 0, "KC-4": 6}
    assert why(programme)["KC-1"] == "from what the others leave: in full; then left 0"


def test_less_than_the_unit_is_no_share() -> None:
    # 10 are to be had, in tens: each of four would get 2.5, which is nothing; the last leave one by one, and the first has 10.
    programme = plan([asks(f"KC-{number}", 100) for number in range(1, 5)], 10, "pro-rata", round_to_vnd=10)
    assert (paid(programme), programme.left_vnd) == ({"KC-1": 10, "KC-2": 0, "KC-3": 0, "KC-4": 0}, 0)


def test_the_reason_of_an_award_says_that_it_is_rounded_and_the_floor_is_meant_for_what_is_awarded() -> None:
    programme = plan([asks("KC-1", 135, 9), asks("KC-2", 17, 8)], 300, "ranked", round_to_vnd=10, floor_vnd=15)
    assert why(programme) == {
        "KC-1": "in full; then left 170; rounded down to a multiple of 10",
        "KC-2": "assured 17, below the floor of 15 when rounded down to a multiple of 10",
    }
    assert programme.awards[0].reason.vi.endswith("; làm tròn xuống theo bội số của 10")


def test_one_cap_is_held_once() -> None:
    """Two machines of 600 million of one establishment, the own share of neither known: one cap of 300 million hangs on it."""
    stated = [application(machine(600 * MILLION), reference=f"KC-{n}", own_capital_committed=None) for n in (1, 2)]
    programme = plan(requests_from(assess_together(stated), {}), 10**9, "pro-rata")
    assert [(one.maximum_vnd, one.held_vnd) for one in programme.awards] == [
        (300 * MILLION, 300 * MILLION),
        (300 * MILLION, 0),
    ]
    assert programme.held_vnd == 300 * MILLION


def _assured(request: Request, programme: Programme, requests: list[Request]) -> dict[str, int]:
    """What a dossier could have beside all awards of its establishment: an oracle, by handing them to the engine."""
    if request.claim is None:
        return {share.norm: share.assured_vnd for share in request.shares}
    answer = request.claim.answer
    by = {one.reference: one for one in requests}
    earlier: list[Any] = list(answer.application.prior_support)
    for award in programme.awards:
        other = by[award.reference].claim
        if other is None or other.establishment != request.claim.establishment:
            continue
        for part in award.parts:
            if part.awarded_vnd and part.norm == MACHINES:
                flags = {one.technology_line for one in other.answer.application.activities if one.norm == MACHINES}
                flag = True if flags == {True} else None
                earlier.append(PriorSupport(norm=MACHINES, amount_vnd=part.awarded_vnd, technology_line=flag))
    beside = assess(answer.application.model_copy(update={"prior_support": tuple(earlier)}), answer.regulation)
    amounts: dict[str, int] = {}
    for one in beside.lines:
        amounts[one.norm] = amounts.get(one.norm, 0) + one.assured_vnd
    return amounts


def _nothing_stays(programme: Programme, requests: list[Request], floor: int) -> None:
    left_in = {one.norm: one.left_vnd for one in programme.envelopes}
    for request in requests:
        award = next(one for one in programme.awards if one.reference == request.reference)
        if award.awarded_vnd:
            continue
        assured = _assured(request, programme, requests)
        could = sum(min(amount, left_in.get(norm, amount)) for norm, amount in assured.items())
        assert min(could, programme.left_vnd) < max(floor, 1), award


@given(programmes(), BUDGET, ENVELOPES, st.integers(0, 8))
def test_nothing_stays_unspent_that_an_unpaid_dossier_could_have(
    requests: list[Request], budget: int, envelopes: dict[str, int], floor: int
) -> None:
    _nothing_stays(shared(requests, budget, "pro-rata", envelopes=envelopes, floor_vnd=floor), requests, floor)


@given(pools(), st.integers(1, 30).map(lambda tens: tens * 50 * MILLION), st.sampled_from((0, 100, 200)))
def test_nothing_of_a_cap_that_is_shared_stays_unspent(requests: list[Request], budget: int, floor: int) -> None:
    _nothing_stays(plan(requests, budget, "pro-rata", floor_vnd=floor * MILLION), requests, floor * MILLION)


@given(programmes(), BUDGET, st.integers(1, 8), st.integers(2, 5))
def test_with_rounding_every_award_is_a_multiple_and_not_below_the_floor(
    requests: list[Request], budget: int, floor: int, unit: int
) -> None:
    programme = shared(requests, budget, "pro-rata", floor_vnd=floor, round_to_vnd=unit)
    for award in programme.awards:
        assert award.awarded_vnd % unit == 0
        assert award.awarded_vnd == 0 or award.awarded_vnd >= floor
    if not programme.awarded_vnd:  # nobody could have had a unit that is no less than the floor
        least = -(-floor // unit) * unit
        assert budget < least or all(one.assured_vnd < least for one in requests)


@given(programmes(most_norms=1), BUDGET, st.integers(0, 8))
def test_the_floor_in_one_pot_is_that_of_leaving_the_least_out_one_by_one(
    requests: list[Request], budget: int, floor: int
) -> None:
    """An oracle of its own, naively: while the smallest exact share is below the floor, its dossier leaves."""
    inside = sorted((one for one in requests if one.assured_vnd >= max(floor, 1)), key=lambda one: one.reference)
    while inside:
        total = sum(one.assured_vnd for one in inside)
        least = min(reversed(inside), key=lambda one: one.assured_vnd)
        if min(budget, total) * least.assured_vnd >= floor * total:
            break
        inside.remove(least)
    got = paid(shared(requests, budget, "pro-rata", floor_vnd=floor))
    assert {name for name, amount in got.items() if amount} <= {one.reference for one in inside}
    assert sum(got.values()) == min(budget, sum(one.assured_vnd for one in inside))


def test_very_many_below_the_floor_leave_in_few_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    from kcgrant.programme import policies

    rounds = 0
    plain = policies._shares

    def counted(*given: Any) -> Any:
        nonlocal rounds
        rounds += 1
        return plain(*given)

    monkeypatch.setattr(policies, "_shares", counted)
    requests = [asks(f"KC-{number:04}", 100 + number % 7) for number in range(2000)]
    programme = plan(requests, 5000, "pro-rata", floor_vnd=50)
    assert sum(1 for one in programme.awards if one.awarded_vnd) == 50 or programme.awarded_vnd == 5000
    assert rounds <= 60


# --- what the command line reads --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("4.000 triệu", 4_000 * MILLION),
        ("4.250 triệu", 4_250 * MILLION),
        ("1.250 tr", 1_250 * MILLION),
        ("850.500 nghìn", 850_500_000),
        ("4,2 triệu", 4_200_000),
        ("4.000 tỷ", 4_000 * 10**9),
    ],
)
def test_the_point_before_three_figures_of_millions_is_that_of_thousands(typed: str, amount: int) -> None:
    assert parse(typed) == amount


@pytest.mark.parametrize("heading", ["Tổng điểm (100)", "Điểm/100", "Tổng điểm (thang điểm 100)", "Điểm chấm (tối đa 100)"])
def test_points_stand_under_headings_that_say_the_most(heading: str) -> None:
    assert ranking_named(heading) == "points"


@pytest.mark.parametrize("heading", ["Địa điểm", "Địa điểm 1", "Điểm mạnh", "Thời điểm 2026"])
def test_other_headings_are_no_points(heading: str) -> None:
    assert ranking_named(heading) is None


def test_without_faulty_names_rows_of_no_dossier_and_points_that_are_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """KC-1 half of 420 million; KC-2 has points that are none, the third row no number."""
    rows = [
        [*row(), "70"],
        [*row(reference="KC-2", tax_code=code_of(2)), "tám"],
        [*row(reference="", tax_code=code_of(3)), "60"],
    ]
    file = csv_file(tmp_path / "so.csv", rows, [*NAMES, "Tổng điểm (100)"])
    result = assess_register(read(file))
    requests = requests_from(result, without_faulty=True)
    assert [one.reference for one in requests] == ["KC-1"]
    left = {one.reference: one.reason.vi for one in faulty(result)}
    assert set(left) == {"KC-2", "–"}
    assert left["–"].startswith("dòng 4, cột 1: ")
    assert left["KC-2"].startswith("điểm hoặc thứ tự của trung tâm: ")
    assert cli.main(["plan", str(file), "--budget", "1 tỷ", "--policy", "ranked", "--lang", "vi"]) == 2
    assert cli.main(["plan", str(file), "--budget", "1 tỷ", "--policy", "ranked", "--lang", "vi", "--without-faulty"]) == 0
    out = capsys.readouterr().out
    assert "Chưa đưa vào: KC-2" in out


def test_requests_share_a_cap_of_lines_when_one_falls_out() -> None:
    """Lines of 1,000 million: the cap of 450. KC-2 of the same establishment asks nothing beside it; KC-3 another 300. With
    300 million and a floor of 150: 300 × 450 / 750 = 180 and 120, so KC-3 leaves and KC-1 has 300."""
    stated = [
        application(line(1000 * MILLION), reference="KC-1", name="A"),
        application(line(1000 * MILLION), reference="KC-2", name="A"),
        application(machine(600 * MILLION), reference="KC-3", name="B"),
    ]
    requests = requests_from(assess_together(stated), {})
    programme = plan(requests, 300 * MILLION, "pro-rata", floor_vnd=150 * MILLION)
    assert paid(programme) == {"KC-1": 300 * MILLION, "KC-2": 0, "KC-3": 0}
    assert plan(requests, 900 * MILLION, "pro-rata").awarded_vnd == 750 * MILLION


def test_models_have_a_cap_each() -> None:
    stated = [application(demonstration(10**9), reference=f"KC-{n}", name="A") for n in (1, 2)]
    requests = requests_from(assess_together(stated), {})
    assert plan(requests, 10**10, "pro-rata").awarded_vnd == 600 * MILLION
    assert isinstance(requests[0].shares[0], Share)
    assert requests[0].approved_on <= date(2026, 12, 31)
