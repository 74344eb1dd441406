"""The lowest ceiling of a dossier that shares a cap: whatever is open in it, and in the dossiers before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossiers import DAY, application, cleaner_production, invented, line, machine, prior
from kcgrant import Activity, Application, PriorSupport, assess
from kcgrant.application import FACT_COLUMNS, Place, places, state_all, stated
from kcgrant.law import Regulation
from kcgrant.programme import plan, requests_from
from kcgrant.register import RegisterResult, assess_together, lowest
from profiles import examples

MILLION = 10**6
EXAMPLE = [
    application(line(600 * MILLION), reference="KC-1", sector=None),
    application(machine(600 * MILLION), reference="KC-2"),
    application(line(300 * MILLION), reference="KC-3"),
]


def amounts(result: RegisterResult) -> list[tuple[int | None, int | None]]:
    return [(dossier.maximum_vnd, dossier.assured_vnd) for dossier in result.dossiers.values()]


def in_millions(*dossiers: Application) -> list[tuple[float, float]]:
    return [((most or 0) / MILLION, (least or 0) / MILLION) for most, least in amounts(assess_together(dossiers))]


def test_an_earlier_dossier_that_falls_out_lets_another_take_what_was_open_to_lines_alone() -> None:
    """The rate is 50%, the cap 300, or 450 where all support is for technology lines.

    KC-1's sector is supported: it takes 300, the half of 600. KC-2, a machine, has 300 - 300 = 0. What was received is for
    lines alone, so KC-3, a line, has the half of 300, and 450 - 300 = 150 are left for it: 150.
    It is not: KC-1 takes nothing. KC-2 takes 300, which is for no line. KC-3 has 300 - 300 = 0.
    """
    assert in_millions(*EXAMPLE) == [(300, 0), (0, 0), (150, 0)]


def test_what_a_dossier_between_takes_more_the_last_takes_less() -> None:
    """KC-1, a line of 700: 350 or nothing. Then KC-2, a machine of 500: 0, or 250. KC-3, a line of 400, at most 200:

    450 - 350 = 100 where KC-1 counts and KC-2 takes nothing; 300 - 250 = 50 where KC-2 takes 250 that are for no line.
    """
    three = [
        application(line(700 * MILLION), reference="KC-1", kind=None),
        application(machine(500 * MILLION), reference="KC-2"),
        application(line(400 * MILLION), reference="KC-3"),
    ]
    assert in_millions(*three) == [(350, 0), (0, 0), (100, 50)]


def test_where_two_choices_are_worth_the_same_the_one_of_the_record_is_taken_in_each_world() -> None:
    """KC-1, a line of 2, takes 1 or nothing. KC-2 has a line of 600 and a machine of 100:

    beside the 1, everything is min(350, 299) and the line alone 300, so the line, and KC-3 has 450 - 301 = 149 of its 200;
    beside nothing both are 300, so everything, which is not for lines alone, and KC-3 has 300 - 300 = 0.
    """
    three = [
        application(line(2 * MILLION), reference="KC-1", kind=None),
        application(line(600 * MILLION), machine(100 * MILLION), reference="KC-2"),
        application(line(400 * MILLION), reference="KC-3"),
    ]
    assert in_millions(*three) == [(1, 0), (300, 300), (149, 0)]


def test_support_listed_for_an_earlier_dossier_alone_is_answered_for_it_too() -> None:
    """KC-1 lists 100, granted after KC-2, and is a line of 900. Was that for a line, it takes 450 - 100 = 350, else 200.

    KC-2, a machine, has 300 - 350 = 0 or 300 - 200 = 100.
    """
    later = PriorSupport(norm="advanced-machinery", amount_vnd=100 * MILLION, granted_on=DAY + timedelta(days=9))
    first = application(line(900 * MILLION), reference="KC-1", prior_support=(later,))
    assert in_millions(first, EXAMPLE[1]) == [(350, 200), (0, 0)]


def test_a_plan_uses_the_cap_in_its_own_order_and_pays_no_more_than_is_assured_there() -> None:
    """The register counts what the first two may get; the plan what it pays: the first is open and waits, the machine of 600
    million takes the cap of 300, which leaves nothing for the line; 30% of 1 million is under a cap of its own."""
    result = assess_together([*EXAMPLE[:2], application(line(400 * MILLION), cleaner_production(MILLION), reference="KC-3")])
    assert amounts(result)[2] == (150_300_000, 300_000)
    requests = requests_from(result, {reference: {"points": 50} for reference in result.dossiers})
    awards = {one.reference: one for one in plan(requests, 10**9, "ranked").awards}
    first, second, third = (awards[one.reference] for one in requests)
    assert (first.outcome, second.awarded_vnd, third.awarded_vnd) == ("waiting", 300 * MILLION, 300_000)
    parts = [(part.norm, part.assured_vnd) for part in third.parts]
    assert parts == [("advanced-machinery", 0), ("cleaner-production-model", 300_000)]


def test_what_is_open_in_a_dossier_that_is_not_paid_takes_nothing_from_the_others_of_a_plan() -> None:
    """Two caps of 100. By its kind, the first takes 60 of the one or 50 of the other, at most the 60; nothing is assured.

    In the register the second, of 50 and 100, has 40 + 100 beside it, and at the lowest 50 + 50. In a plan the first is not
    paid, and the second has 50 + 100.
    """
    kinds = {"a": "cooperative", "b": "large-enterprise"}
    law = invented(
        {norm: {"cap": 100, "per": "establishment"} for norm in kinds},
        *(
            {"fact": "establishment.kind", "is": "one of", "values": [kind], "norms": [norm], "until": date(2025, 1, 1)}
            for norm, kind in kinds.items()
        ),
    )
    first, second = (
        application(
            Activity(norm="a", cost_vnd=a), Activity(norm="b", cost_vnd=b), reference=name, approved_on=on, kind=None
        )
        for name, on, a, b in (("KC-1", date(2024, 1, 1), 60, 50), ("KC-2", DAY, 50, 100))
    )
    result = assess_together([first, second], law)
    assert amounts(result) == [(60, 0), (140, 100)]
    awards = plan(requests_from(result, {}), 10**9, "pro-rata").awards
    assert [(one.reference, one.assured_vnd, one.awarded_vnd) for one in awards] == [("KC-2", 150, 150), ("KC-1", 0, 0)]


# --- the bounds -------------------------------------------------------------------------------------------------------


def said(result: RegisterResult) -> list[str]:
    return [one.line() for one in result.findings if one.kind == "lowest-bound"]


TOLD = "line 2: too much is open in earlier dossiers under the same cap: the lowest ceiling takes it as used up"


@pytest.mark.parametrize("bound", ["MOST_WAYS", "MOST_STATES"])
def test_past_a_bound_the_whole_cap_counts_as_used_and_that_is_said(monkeypatch: pytest.MonkeyPatch, bound: str) -> None:
    """Of 450, 350 or nothing are used for lines: 100 of 200 are left at least, and past a bound nothing is counted on."""
    two = [application(line(700 * MILLION), reference="KC-1", kind=None), application(line(400 * MILLION), reference="KC-2")]
    exact = assess_together(two)
    assert (amounts(exact)[1], said(exact)) == ((100 * MILLION, 100 * MILLION), [])
    monkeypatch.setattr(lowest, bound, 1)
    bounded = assess_together(two)
    assert (amounts(bounded)[1], said(bounded)) == ((100 * MILLION, 0), [TOLD])


def test_a_bound_that_costs_nothing_is_not_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the ceiling itself is 0, or what is open in the dossier leaves nothing, the lowest ceiling is exact."""
    monkeypatch.setattr(lowest, "MOST_WAYS", 1)
    for last in (
        application(machine(300 * MILLION), reference="KC-3"),
        EXAMPLE[2].model_copy(update={"other_state_support": None}),
    ):
        result = assess_together([*EXAMPLE[:2], last])
        assert (amounts(result)[2][1], said(result)) == (0, [])


def test_many_unstated_lines_are_past_the_bound() -> None:
    """Ten machines of different costs, of which any may be lines, have 1024 ways, more than 500; eight have 256.

    At most 51,150,000 are used, which leave 150 million of 300: the whole of what is lost by counting the cap as used.
    """
    many = application(*(machine(100_000 * 2**n, None) for n in range(10)), reference="KC-1")
    few = many.model_copy(update={"activities": many.activities[2:]})
    after = application(line(300 * MILLION), cleaner_production(MILLION), reference="KC-2")
    for first, told, least in ((many, [TOLD], 300_000), (few, [], 150_300_000)):
        result = assess_together([first, after])
        assert said(result) == told
        assert amounts(result)[1] == (150_300_000, least)


# --- every world, one by one ------------------------------------------------------------------------------------------


def answered(one: Application, law: Regulation, flags: dict[PriorSupport, bool]) -> Iterator[Application]:
    """The dossier with every open fact that the law asks answered in every way; earlier support as `flags` say."""
    asked = {one.fact for one in (*law.all_conditions, *law.variations)} | {"activity.technology_line"}
    support = tuple(s.model_copy(update={"technology_line": flags.get(s, s.technology_line)}) for s in one.prior_support)
    one = one.model_copy(update={"prior_support": support})
    found: list[Place] = [place for place in places(one) if place[0] in asked and stated(one, place) is None]
    for values in product(*(FACT_COLUMNS[fact].answers for fact, _ in found)):
        yield state_all(one, dict(zip(found, values, strict=True)))


def one_world(world: Sequence[Application], law: Regulation) -> list[int]:
    """What each dossier may receive where nothing is open, in order, each norm's earlier uses counting as earlier support."""
    uses: list[PriorSupport] = []
    received = []
    for place, one in enumerate(world):
        own = {activity.norm for activity in one.activities if law.norms[activity.norm].per == "establishment"}
        carried = [
            support
            for index, other in enumerate(world)
            for support in other.prior_support
            if index != place and (index < place if support.granted_on is None else support.granted_on < one.approved_on)
        ]
        counted = [support for support in (*carried, *uses) if support.norm in own]
        answer = assess(one.model_copy(update={"prior_support": (*one.prior_support, *counted)}), law)
        assert answer.maximum_vnd == answer.assured_vnd
        received.append(answer.maximum_vnd)
        for part in answer.lines:
            if part.norm in own and part.chosen and part.maximum_vnd:
                for_lines = part.chosen.id == "technology-lines"
                uses.append(PriorSupport(norm=part.norm, amount_vnd=part.maximum_vnd, technology_line=for_lines))
    return received


def least_of_all(dossiers: Sequence[Application], law: Regulation) -> list[int]:
    """The least that each dossier may receive over all worlds; in a world one support has one answer wherever it counts."""
    doubtful = [s for one in dossiers for s in one.prior_support if s.technology_line is None]
    worlds = []
    for flags in product((True, False), repeat=len(doubtful)):
        each = [list(answered(one, law, dict(zip(doubtful, flags, strict=True)))) for one in dossiers]
        worlds += [one_world(world, law) for world in product(*each)]
    return [min(amounts) for amounts in zip(*worlds, strict=True)]


NORMS: dict[str, dict[str, Any]] = {
    "a": {"cap": 30, "rate": "50%", "per": "establishment", "technology_line_factor": "1.5"},
    "b": {"cap": 20, "per": "establishment", "technology_line_factor": "2"},
    "c": {"cap": 10},
}
TWO_CAPS = invented(
    NORMS,
    {"fact": "establishment.lawfully_established", "is": "yes", "norms": ["a"]},
    {"fact": "establishment.lawfully_established", "is": "no", "norms": ["b"]},
    {"fact": "application.own_capital_committed", "is": "yes"},
    {"fact": "activity.performs_well", "is": "yes", "norms": ["a", "b"]},
)
ONE_CAP = invented(
    {"a": NORMS["a"], "c": NORMS["c"]},
    {"fact": "application.own_capital_committed", "is": "yes", "norms": ["a"]},
    {"fact": "activity.performs_well", "is": "yes", "norms": ["a"]},
)
RAISED = ONE_CAP.model_copy(
    update={
        "norms": {"a": ONE_CAP.norms["a"].model_copy(update={"cap": 40}), "c": ONE_CAP.norms["c"]},
        "variations": (
            {
                "id": "priority",
                "fact": "application.priority",
                "is": "yes",
                "norms": ["a"],
                "cap_factor": "1.5",
                "states": {"en": "1.5", "vi": "1,5"},
                "source": "s",
            },
        ),
    }
)
"""The cap is 40, or 60 for a priority scheme, and 1.5 times that for lines; each dossier may be one or not."""

COSTS = st.sampled_from([20, 40, 59, 60, 61, 70, 90]) | st.integers(1, 100)


@st.composite
def establishments(draw: st.DrawFn, law: Regulation) -> list[Application]:
    """Two to four dossiers with at most five open facts, in order of approval; each earlier support of an amount of its own."""
    found: list[Application] = []
    spare = 5
    count = draw(st.integers(2, 4))

    def open_or(value: bool) -> bool | None:
        nonlocal spare
        spare -= (left := spare > 0 and draw(st.sampled_from([False, False, True])))
        return None if left else value

    for number in range(count):
        own = draw(st.lists(st.sampled_from([*law.norms, "a", "a"]), min_size=1, max_size=2))
        activities = [
            machine(
                draw(COSTS),
                open_or(draw(st.booleans())),
                performs_well=open_or(draw(st.sampled_from([True, True, True, False]))),
            ).model_copy(update={"norm": norm})
            for norm in own
        ]
        support = [
            prior(number * 3 + 1, open_or(draw(st.booleans())), norm="a").model_copy(
                update={"granted_on": draw(st.sampled_from([None, DAY + timedelta(days=1), date(2020, 1, 1)]))}
            )
        ] * draw(st.sampled_from([0, 0, 1]))
        facts = {
            "lawfully_established": open_or(draw(st.booleans())),
            "own_capital_committed": open_or(draw(st.sampled_from([True, True, False]))),
            "priority": open_or(draw(st.booleans())) if law.variations else False,
            "prior_support": tuple(support),
            "approved_on": DAY + timedelta(days=number),
        }
        found.append(application(*activities, reference=f"KC-{number}", **facts))
    return found


@pytest.mark.parametrize("law", [ONE_CAP, TWO_CAPS, RAISED], ids=["one cap", "two caps", "a cap that varies"])
def test_the_lowest_ceiling_is_the_least_over_every_world(law: Regulation) -> None:
    @examples(400)
    @given(establishments(law))
    def holds(dossiers: list[Application]) -> None:
        result = assess_together(dossiers, law)
        assert [dossier.assured_vnd for dossier in result.dossiers.values()] == least_of_all(dossiers, law)
        assert all((least or 0) <= (most or 0) for most, least in amounts(result))

    holds()
