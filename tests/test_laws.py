"""The laws of the kit: each is needed, since for each there is a fault that no other law notices."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from itertools import count
from typing import Any

import pytest
from hypothesis import strategies as st

import dossiers
from dossiers import application as of
from dossiers import invented, prior
from kcgrant import Activity, Application, Assessment, Establishment, Verdict, assess, catalogue
from kcgrant.law import Regulation
from kcgrant.testing import LAWS, Engine, LawBroken, applications, laws
from planted import ALONE, FAULTS, a_crash, asking_only_about_money, unknown_is_yes, with_options
from profiles import drawn

HUNG_YEN = catalogue.get("hung-yen-553-2025")
M = 10**6  # one million đồng


def machine(cost_vnd: int, *, line: bool = False) -> Activity:
    """50%, at most 300 million per establishment; 1.5 times for technology lines alone."""
    return dossiers.machine(cost_vnd, line, new_to_area=False, performs_well=False)


def model(cost_vnd: int, *, new: bool | None = True) -> Activity:
    """30%, at most 1,000 million per model."""
    return dossiers.demonstration(cost_vnd, new, technology_line=False, performs_well=False)


def trained(quantity: int, cost_vnd: int) -> Activity:
    """80%, at most 10 for each person, under the wider regulation below."""
    return Activity(
        norm="training", cost_vnd=cost_vnd, quantity=quantity, technology_line=False, new_to_area=False, performs_well=False
    )


MIXED = of(machine(600 * M), machine(900 * M, line=True))
SECOND_SUPPORT_OPEN = of(
    machine(900 * M, line=True), prior_support=(prior(1, technology_line=True), prior(1, technology_line=None))
)
FOUR_MODELS = of(*[model(1_000 * M)] * 4)  # 300 million each

WIDE = invented(
    {
        "advanced-machinery": {"rate": "50%", "cap": 300, "per": "establishment"},
        "training": {"rate": "80%", "cap": 10, "per": "person", "counted": True},
        "fair": {"rate": "40%", "per": "round"},
    }
).model_copy(
    update={
        "variations": (
            {
                "id": "raised",
                "fact": "application.priority",
                "is": "yes",
                "norms": ["advanced-machinery"],
                "cap_factor": "1.5",
                "states": {"en": "1.5", "vi": "1,5"},
                "source": "s",
            },
        ),
        "unexpressed": ({"norms": ["fair"], "text": {"en": "two a year", "vi": "hai lần một năm"}},),
    }
)
"""Half of the cost up to 300, for priority schemes 450; 80% up to 10 for each person; 40% of a fair, two a year."""

OF_WIDE = ("idle_variations", "quantities", "unexpressed")


def law_for(law: str) -> Regulation:
    """The regulation under which a law is tried: the wider one for what Hung Yen does not have."""
    return WIDE if law in OF_WIDE else HUNG_YEN


# For each law: a case in which the fault planted for it shows, and what the law says of it, derived by hand.
SHOWN: dict[str, tuple[Application, dict[str, Any], str]] = {
    # All: 50% of 700,000,003, but at most 300 million. Lines alone: 50% of 100,000,003 is 50,000,001, not taken.
    "maximality": (
        of(machine(600 * M), machine(100 * M + 3, line=True)),
        {},
        "advanced-machinery, supporting technology-lines: 50001000 đồng, but the most within the limits is 50000001",
    ),
    "steps": (
        of(machine(600 * M), prior_support=(prior(400 * M),)),
        {},
        "advanced-machinery: base, share, earlier support, rest of the share and of the cap are (600000000, 300000000, "
        "300000000, 300000000, 0), not (600000000, 300000000, 400000000, 300000000, 0)",
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
        of(machine(600 * M), prior_support=(prior(100 * M), prior(100 * M))),
        {"support": prior(50 * M)},
        "50000000 đồng of earlier support turn 100000000 into 150000000",
    ),
    "narrowing": (
        of(machine(600 * M), prior_support=(prior(300 * M),), other_state_support=None),
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
    "edge_binding": (of(machine(600 * M)), {}, "advanced-machinery: ['rate'] bind, but it is ['cap', 'rate']"),
    "raised_cap": (
        of(machine(100 * M, line=True)),
        {},
        "advanced-machinery, supporting technology-lines: the cap is 300000000, not 450000000",
    ),
    "idle_variations": (
        of(trained(1, 100), priority=True),
        {},
        "training has the numbers of raised, but application.priority is True",
    ),
    # 80% of 5 × 100 is 400, at most 10 for each: five of one are 50, of a quantity of five four count.
    "quantities": (of(trained(1, 100)), {"turn": 3}, "training: 5 units of one are worth 50 đồng, a quantity of 5 40"),
    "unexpressed": (
        of(Activity(norm="fair", cost_vnd=100, technology_line=False, new_to_area=False, performs_well=False)),
        {},
        "fair: the record does not say what the file cannot express",
    ),
    "documents": (
        of(machine(600 * M)),
        {},
        f"the record names sources that the regulation does not have: {[HUNG_YEN.all_sources['ven-57468'].title]}",
    ),
}


def told(
    law: str, application: Application, beside: dict[str, Any], engine: Engine, regulation: Regulation = HUNG_YEN
) -> str | None:
    """What a law says about an engine on a case: None where it holds."""
    try:
        LAWS[law][0](regulation, application, **beside, engine=engine)
    except LawBroken as wrong:
        return str(wrong)
    return None


@cache
def cases(regulation: Regulation = HUNG_YEN) -> list[tuple[Application, dict[str, dict[str, Any]]]]:
    """The same applications for every engine, each with what the laws take beside it; the cases above among them."""
    beside = {name: st.fixed_dictionaries(dict(more(regulation))) for name, (_, more) in LAWS.items()}
    own = {name: case for name, case in SHOWN.items() if law_for(name) is regulation}
    at_random = drawn(st.tuples(applications(regulation), st.fixed_dictionaries(beside)), 200, derandomize=True)
    taken = at_random[0][1] | {name: more for name, (_, more, _) in own.items()}
    hung_yen = [MIXED, SECOND_SUPPORT_OPEN] if regulation is HUNG_YEN else []
    return list((dict.fromkeys([*(one for one, _, _ in own.values()), *hung_yen], taken) | dict(at_random)).items())


def remembering(engine: Engine, regulation: Regulation) -> Engine:
    """An engine that assesses each of the common cases once."""
    common = {id(application) for application, _ in cases(regulation)}
    known: dict[int, Assessment] = {}

    def same(application: Application, law: Regulation) -> Assessment:
        key = id(application)
        if key not in common or law is not regulation:
            return engine(application, law)
        if key not in known:
            known[key] = engine(application, law)
        return known[key]

    return same


@pytest.mark.no_cover
@pytest.mark.parametrize("law", LAWS)
def test_a_fault_is_noticed_by_this_law_alone(law: str, monkeypatch: pytest.MonkeyPatch) -> None:
    application, beside, message = SHOWN[law]
    regulation = law_for(law)
    assert told(law, application, beside, ALONE[law], regulation) == message
    monkeypatch.setattr(laws, "MOST_COMPLETIONS", 100)
    engine = remembering(ALONE[law], regulation)
    every = cases(regulation)
    noticed = {one for case, more in every for one in LAWS if told(one, case, more[one], engine, regulation) is not None}
    # Costs beyond 32 bits are drawn for every law; the one on choices may notice them as well, where a line is beyond.
    assert law in noticed
    assert noticed - {law} <= ({"lawful_choices"} if law == "growth" else set())


@pytest.mark.no_cover
def test_the_well_known_faults_are_noticed_by_their_laws() -> None:
    for engine, law in FAULTS.items():
        if engine is not a_crash:
            every = cases(law_for(law))
            assert any(told(law, case, more[law], engine, law_for(law)) is not None for case, more in every), engine.__name__


@pytest.mark.no_cover
@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("regulation", [HUNG_YEN, WIDE], ids=["hung-yen", "wide"])
def test_the_engine_obeys_this_law_in_the_common_cases(law: str, regulation: Regulation) -> None:
    for case, more in cases(regulation):
        assert told(law, case, more[law], assess, regulation) is None


# --- what else each law says ------------------------------------------------------------------------------------------


def with_changes(**changes: Any) -> Engine:
    """An engine whose records are right but for what is given."""
    return lambda application, regulation: replace(assess(application, regulation), **changes)


def with_option(**changes: Any) -> Engine:
    """An engine whose options are right but for what is given."""
    return lambda application, regulation: with_options(
        assess(application, regulation), lambda option, _: replace(option, **changes)
    )


def times(number: int) -> Engine:
    """An engine that pays a multiple of the costs."""

    def paid(application: Application, regulation: Regulation) -> Assessment:
        amount = number * sum(activity.cost_vnd for activity in application.activities)
        return replace(assess(application, regulation), maximum_vnd=amount, assured_vnd=amount)

    return paid


def at_a_cap(short_vnd: int) -> Engine:
    """An engine that pays so much less where a cap is reached."""

    def paid(application: Application, regulation: Regulation) -> Assessment:
        return with_options(
            assess(application, regulation),
            lambda option, _: (
                replace(option, amount_vnd=(option.cap_vnd or 0) - short_vnd)
                if option.amount_vnd == option.cap_vnd
                else option
            ),
        )

    return paid


def a_cap_reached_too_early(application: Application, regulation: Regulation) -> Assessment:
    return with_options(
        assess(application, regulation),
        lambda option, _: replace(option, amount_vnd=option.cap_vnd or 0, binding=frozenset({"rate", "cap"})),
    )


def nothing_after_earlier_support(application: Application, regulation: Regulation) -> Assessment:
    answer = assess(application, regulation)
    return replace(answer, maximum_vnd=0, assured_vnd=0) if application.prior_support else answer


def counting() -> Engine:
    numbers = count()
    return lambda application, regulation: replace(assess(application, regulation), reference=str(next(numbers)))


def unlisted_findings(application: Application, regulation: Regulation) -> Assessment:
    answer = assess(application, regulation)
    return replace(
        answer,
        findings=(replace(answer.findings[0], source="b"), *answer.findings[1:]),
        lines=(replace(answer.lines[0], source="a"),),
    )


OPEN = of(machine(600 * M), other_state_support=None)
SAYS: list[tuple[str, Engine, Application, dict[str, Any], str]] = [
    (
        "steps",
        with_option(base_vnd=1),
        of(machine(600 * M)),
        {},
        "advanced-machinery: base, share, earlier support, rest of the share and of the cap are (1, 300000000, 0, 300000000, "
        "300000000), not (600000000, 300000000, 0, 300000000, 300000000)",
    ),
    (
        "lawful_choices",
        with_changes(maximum_vnd=5),
        MIXED,
        {"answer": 0},
        "the lines receive 450000000 đồng, but the application 5",
    ),
    (
        "bounds",
        with_changes(assured_vnd=300 * M + 1),
        of(machine(600 * M)),
        {},
        "0, assured 300000001, maximum 300000000 and cost 600000000 are not in order",
    ),
    (
        "bounds",
        with_changes(assured_vnd=-1),
        of(machine(600 * M)),
        {},
        "0, assured -1, maximum 300000000 and cost 600000000 are not in order",
    ),
    (
        "bounds",
        with_changes(maximum_vnd=600 * M + 1),
        of(machine(600 * M), model(100 * M, new=False)),
        {},
        "0, assured 300000000, maximum 600000001 and cost 600000000 are not in order",
    ),
    (
        "verdicts",
        with_changes(activity_verdicts=(Verdict.ELIGIBLE, Verdict.ELIGIBLE)),
        of(model(100 * M), model(100 * M, new=False)),
        {},
        "the activities are eligible, eligible, but their conditions say eligible, ineligible",
    ),
    (
        "verdicts",
        with_changes(activity_verdicts=(Verdict.ELIGIBLE,)),
        of(model(100 * M, new=None), own_capital_committed=None),
        {},
        "the activities are eligible, but their conditions say undetermined",
    ),
    (
        "verdicts",
        with_changes(verdict=Verdict.PARTLY_ELIGIBLE),
        of(machine(600 * M), model(100 * M, new=None)),
        {},
        "the application is partly-eligible, but its activities make it undetermined",
    ),
    (
        "ends_reached",
        with_changes(assured_vnd=0),
        of(machine(600 * M)),
        {},
        "with every question answered, amounts are still open: [(0, 300000000)]",
    ),
    # 330 million if the model is new to its area, 300 otherwise; one of them is told.
    (
        "ends_reached",
        with_changes(assured_vnd=0, maximum_vnd=330 * M),
        of(machine(600 * M), model(100 * M, new=None)),
        {},
        "with every question answered, amounts are still open: [(0, 330000000)]",
    ),
    (
        "narrowing",
        asking_only_about_money,
        of(machine(600 * M), prior_support=(prior(300 * M),), own_capital_committed=None, other_state_support=None),
        {"which": 0, "answer": 1},
        "with application.own_capital_committed = False, application.other_state_support = False, not asked for, assured, "
        "maximum and verdict are (0, 0, 'ineligible'), not (0, 0, 'undetermined')",
    ),
    ("documents", counting(), of(machine(600 * M)), {}, "equal applications give different bytes"),
    (
        "documents",
        unlisted_findings,
        of(machine(600 * M)),
        {},
        "the record names sources that the regulation does not have: ['a', 'b']",
    ),
    ("growth", times(3), of(machine(100)), {"extra_vnd": 1}, "1 đồng more of cost turn 300 into 303"),
    (
        "addition",
        times(2),
        of(machine(100)),
        {"activity": machine(7)},
        "an activity of 7 đồng more turns the maximum of 200 into 214",
    ),
    # 450 million are the cap of lines; 50 million less, 400 are left.
    (
        "earlier_support",
        nothing_after_earlier_support,
        of(machine(900 * M, line=True)),
        {"support": prior(50 * M, technology_line=True)},
        "50000000 đồng of earlier support cost more than that",
    ),
    (
        "narrowing",
        unknown_is_yes,
        OPEN,
        {"which": 5, "answer": 0},
        "application.other_state_support = True turns the interval (300000000, 300000000) into (0, 0)",
    ),
    (
        "edge_binding",
        at_a_cap(1),
        of(machine(100 * M)),
        {},
        "advanced-machinery at 600000000 đồng: 299999999, bound by ['cap', 'rate'], but the cap of 300000000 is reached "
        "from 600000000",
    ),
    (
        "edge_binding",
        lambda application, regulation: (at_a_cap(1) if application.activities[0].technology_line else assess)(
            application, regulation
        ),
        of(machine(100 * M)),
        {},
        "advanced-machinery at 900000000 đồng: 449999999, bound by ['cap', 'rate'], but the cap of 450000000 is reached "
        "from 900000000",
    ),
    (
        "edge_binding",
        lambda application, regulation: (
            a_cap_reached_too_early if application.activities[0].cost_vnd == 600 * M - 1 else assess
        )(application, regulation),
        of(machine(100 * M)),
        {},
        "advanced-machinery at 599999999 đồng: 300000000, bound by ['cap', 'rate'], but the cap of 300000000 is reached "
        "from 600000000",
    ),
    (
        "raised_cap",
        with_option(id="technology-lines", cap_vnd=450 * M),
        of(machine(600 * M), machine(600 * M)),
        {},
        "advanced-machinery: activities [0, 1] are no technology lines, but share the cap for lines",
    ),
    (
        "raised_cap",
        with_option(id="technology-lines"),
        of(model(100 * M)),
        {},
        "demonstration-model, supporting technology-lines: the cap is 1000000000, not None",
    ),
]


@pytest.mark.parametrize(("law", "engine", "application", "beside", "message"), SAYS, ids=[one[-1] for one in SAYS])
def test_a_law_says_what_is_wrong(
    law: str, engine: Engine, application: Application, beside: dict[str, Any], message: str
) -> None:
    assert told(law, application, beside, engine) == message


def test_earlier_support_is_weighed_only_where_one_activity_stands_alone_and_it_was_for_lines() -> None:
    one, two = of(machine(900 * M, line=True)), of(machine(900 * M, line=True), machine(900 * M, line=True))
    assert told("earlier_support", two, {"support": prior(1, technology_line=True)}, nothing_after_earlier_support) is None
    assert told("earlier_support", one, {"support": prior(1)}, nothing_after_earlier_support) is None
    beside_another = of(machine(900 * M, line=True), model(100 * M))
    assert told(
        "earlier_support", beside_another, {"support": prior(1, technology_line=True)}, nothing_after_earlier_support
    )


def test_a_case_with_more_ways_of_answering_than_are_tried_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(laws, "MOST_COMPLETIONS", 2)
    assert told("ends_reached", OPEN, {}, unknown_is_yes) == (
        "the answers lead to amounts from 0 to 300000000, but the record says (300000000, 300000000)"
    )
    monkeypatch.setattr(laws, "MOST_COMPLETIONS", 1)
    assert told("ends_reached", OPEN, {}, unknown_is_yes) is None
    four_ways = of(machine(600 * M), other_state_support=None, own_capital_committed=None)
    monkeypatch.setattr(laws, "MOST_COMPLETIONS", 3)
    assert told("ends_reached", four_ways, {}, unknown_is_yes) is None
    monkeypatch.setattr(laws, "MOST_COMPLETIONS", 4)
    assert told("ends_reached", four_ways, {}, unknown_is_yes) is not None


def test_an_application_that_does_not_come_back_from_its_json_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    other = of(machine(1)).to_json()
    monkeypatch.setattr(Application, "to_json", lambda _: other)
    assert told("documents", OPEN, {}, assess) == "the application does not come back from its JSON"


def seen(law: str, application: Application, **beside: Any) -> list[Application]:
    """The applications that a law has an engine assess."""
    found: list[Application] = []

    def engine(one: Application, regulation: Regulation) -> Assessment:
        found.append(one)
        return assess(one, regulation)

    assert told(law, application, beside, engine) is None
    return found


def test_the_applications_that_a_law_builds() -> None:
    def built(law: str, *activities: Activity, **beside: Any) -> list[list[int]]:
        return [[activity.cost_vnd for activity in one.activities] for one in seen(law, of(*activities), **beside)]

    assert built("growth", machine(10**15), extra_vnd=5) == [[10**15], [10**15]]
    assert built("growth", machine(7), machine(8), extra_vnd=5) == [[7, 8], [12, 8]]
    assert built("splitting", model(100), part_vnd=5) == []
    assert built("splitting", machine(1), part_vnd=5) == []
    assert built("splitting", machine(2), machine(9), part_vnd=5) == [[2, 9], [1, 1, 9]]
    assert built("splitting", machine(10), part_vnd=9) == [[10], [1, 9]]
    assert built("edge_binding", model(1), model(1)) == [[1, 1], [3_333_333_333], [3_333_333_334], [3_333_333_335]]
    assert [cost for cost, *_ in built("edge_binding", machine(1))[1:]] == [
        *(600 * M - 1, 600 * M, 600 * M + 1),
        *(900 * M - 1, 900 * M, 900 * M + 1),
    ]
    before, after = seen("indifference", MIXED.model_copy(update={"prior_support": (prior(1), prior(2))}), turn=3)
    assert [activity.cost_vnd for activity in after.activities] == [900 * M, 600 * M]
    assert [support.amount_vnd for support in after.prior_support] == [2, 1]
    assert {after.reference, after.establishment.name, *(one.name for one in after.activities)} == {"other"}
    assert (before.establishment.tax_code, after.establishment.tax_code) == (None, "0900123452")
    _, single = seen("edge_binding", of(model(1), prior_support=(prior(1),)))[:2]
    assert (single.prior_support, single.activities[0].new_to_area, single.activities[0].performs_well) == ((), True, True)


def test_a_norm_whose_cap_is_beyond_the_most_that_is_asked_for_has_no_edge() -> None:
    cap = 10**15
    norm = HUNG_YEN.norms["advanced-machinery"].model_copy(update={"cap": cap, "technology_line_factor": None})
    other = HUNG_YEN.model_copy(update={"norms": {"advanced-machinery": norm}, "readings": ()})
    assert told("edge_binding", of(machine(1)), {}, lambda application, _: assess(application, other)) is not None
    laws.edge_binding(other, of(machine(1)))


def test_every_law_hands_the_regulation_to_the_engine() -> None:
    for law, (application, beside, _) in SHOWN.items():
        given: list[Regulation] = []

        def engine(application: Application, regulation: Regulation, given: list[Regulation] = given) -> Assessment:
            given.append(regulation)
            return assess(application, regulation)

        assert told(law, application, beside, engine, law_for(law)) is None
        assert given[0] is law_for(law)


def test_open_facts_are_completed_with_the_answer_of_a_number() -> None:
    bare = Application(
        approved_on=date(2026, 3, 2),
        establishment=Establishment(name="A", province="hung-yen", area="township"),
        activities=(Activity(norm="advanced-machinery", cost_vnd=1),),
    )
    complete = laws.completed(bare, 7)
    assert complete.establishment.area == "township"
    assert complete.establishment.kind == "large-enterprise", "8 counted round among 6: the second"
    assert (complete.own_capital_committed, complete.activities[0].technology_line) == (False, False)
    assert laws.completed(bare, 2).activities[0].technology_line is True
