"""Advice: routes, what they take, and repairs that do what they say."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dossiers import application, cleaner_production, demonstration, invented, line, machine, prior, replication
from kcgrant import Activity, Application, InputError, NoRegulation, Verdict, assess, catalogue
from kcgrant.advice import Repair, advise, repairs, stuck, worth
from kcgrant.advice.repairs import mending
from kcgrant.application import state, state_all, stated
from kcgrant.assessment import Assessment, json_schema
from kcgrant.law import Regulation
from kcgrant.testing import applications, regulations

HUNG_YEN = catalogue.get("hung-yen-553-2025")
KNOWN = [law for law in map(catalogue.get, catalogue.ids()) if law.norms]


def amounts(application_: Application, regulation: Regulation | None = None) -> list[list[tuple[int, str, int]]]:
    advice = advise(application_, regulation)
    return [[(r.rank, r.norm, r.assessment.maximum_vnd) for r in ranking.routes] for ranking in advice.rankings]


# --- routes -----------------------------------------------------------------------------------------------------------


def test_a_project_of_1_2_billion_is_ranked_for_a_line_and_for_none() -> None:
    """50% of 1.2 billion is 600 million, over both caps; 30% is 360 million, under both caps; no rate: cap 100 million."""
    models = [("demonstration-model", 360_000_000), ("cleaner-production-model", 360_000_000)]
    as_line, as_none = amounts(
        application(machine(1_200_000_000, technology_line=None, new_to_area=True, performs_well=True))
    )
    assert as_line == [
        (1, "advanced-machinery", 450_000_000),
        (2, *models[0]),
        (2, *models[1]),
        (4, "replication-model", 100_000_000),
    ]
    assert as_none == [
        (1, *models[0]),
        (1, *models[1]),
        (3, "advanced-machinery", 300_000_000),
        (4, "replication-model", 100_000_000),
    ]


def test_a_route_says_what_the_applicant_pays_itself_and_what_is_still_to_be_shown() -> None:
    advice = advise(application(machine(1_200_000_000), own_capital_committed=None))
    by_norm = {route.norm: route for route in advice.rankings[0].routes}
    assert {name: route.own_share_vnd for name, route in by_norm.items()} == {
        "demonstration-model": 840_000_000,
        "cleaner-production-model": 840_000_000,
        "advanced-machinery": 900_000_000,
        "replication-model": 1_100_000_000,
    }
    asked = {name: [q.fact for q in route.assessment.questions] for name, route in by_norm.items()}
    assert asked["demonstration-model"] == ["application.own_capital_committed", "activity.new_to_area"]
    assert asked["cleaner-production-model"] == ["application.own_capital_committed"]
    assert [question.fact for question in advice.questions] == [
        "application.own_capital_committed",
        "activity.new_to_area",
        "activity.performs_well",
    ]


def test_an_ineligible_route_is_listed_last_and_not_drawn_upon() -> None:
    """A large enterprise is a beneficiary of cleaner production alone: 30% of 1.2 billion."""
    advice = advise(application(line(1_200_000_000), kind="large-enterprise"))
    (ranking,) = advice.rankings
    assert (ranking.routes[0].norm, ranking.routes[0].open) == ("cleaner-production-model", True)
    assert [route.open for route in ranking.routes[1:]] == [False, False, False]
    assert [segment.curve.id for segment in ranking.segments] == ["cleaner-production-model"]


def test_earlier_support_lowers_a_route_and_its_curve() -> None:
    """300 - 80 = 220 million for machinery, which a demonstration model beats from 220,000,001 / 30% = 733,333,336.7 on."""
    advice = advise(application(machine(1_200_000_000), prior_support=(prior(80_000_000),)))
    (ranking,) = advice.rankings
    machinery = next(route for route in ranking.routes if route.norm == "advanced-machinery")
    assert (machinery.assessment.maximum_vnd, machinery.curve.limit_vnd) == (220_000_000, 220_000_000)
    assert [(s.least_vnd, s.curve.id) for s in ranking.segments] == [
        (1, "replication-model"),
        (200_000_002, "advanced-machinery"),
        (733_333_337, "demonstration-model"),
    ]


def test_earlier_support_for_machines_leaves_one_ranking() -> None:
    """It shuts the raised cap, so that it no longer matters whether the project is a technology line."""
    open_line = application(machine(1_200_000_000, technology_line=None), prior_support=(prior(80_000_000),))
    assert len(advise(open_line).rankings) == 1
    assert len(advise(application(machine(1_200_000_000, technology_line=None))).rankings) == 2


def test_the_norm_named_does_not_matter() -> None:
    project = {"cost_vnd": 1_200_000_000}
    found = [amounts(application(one.model_copy(update=project))) for one in (replication(1), cleaner_production(1))]
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("arguments", "kind", "text"),
    [
        (
            (application(machine(1), machine(2)),),
            InputError,
            "activities: given 2; routes are compared for one project: state its whole cost as one activity",
        ),
        (
            (application(machine(1)), catalogue.get("decree-45-2012")),
            InputError,
            "regulation: decree-45-2012 is a framework without norms; name a regulation",
        ),
        (
            (application(machine(1), approved_on=date(2024, 1, 1)),),
            NoRegulation,
            "hung-yen on 2024-01-01: no regulation in force is known; known there: hung-yen-553-2025 (from 2025-02-28). "
            "Name one to compare with",
        ),
    ],
)
def test_what_cannot_be_advised_on_is_refused(arguments: Any, kind: type[Exception], text: str) -> None:
    with pytest.raises(kind) as refused:
        advise(*arguments)
    assert str(refused.value) == text


@given(st.data())
def test_a_route_is_the_assessment_and_the_curve_of_its_norm(data: st.DataObject) -> None:
    law = data.draw(st.one_of(st.sampled_from(KNOWN), regulations()))
    project = data.draw(applications(law, most=1))
    cost = project.activities[0].cost_vnd
    advice = advise(project, law)
    for ranking in advice.rankings:
        supposed = state(project, ("activity.technology_line", 0), ranking.technology_line)
        counted = {name for name, norm in law.norms.items() if norm.counted and not project.activities[0].quantity}
        assert {route.norm for route in ranking.routes} == set(law.norms) - counted == set(law.norms) - {*advice.uncounted}
        for route in ranking.routes:
            quantity = project.activities[0].quantity if law.norms[route.norm].counted else None
            answer = assess(state_all(supposed, {("activity.norm", 0): route.norm, ("activity.quantity", 0): quantity}), law)
            assert answer == route.assessment
            assert route.own_share_vnd == cost - answer.maximum_vnd
            assert answer.maximum_vnd == (route.curve.support(cost) if route.open else 0)
        best = [route.assessment.maximum_vnd for route in ranking.routes]
        assert best == sorted(best, reverse=True)
        here = [segment for segment in ranking.segments if segment.least_vnd <= cost <= segment.most_vnd]
        assert [segment.curve.support(cost) for segment in here] == best[: len(here)]
        usable = [route.curve for route in ranking.routes if route.open and route.curve.limit_vnd > 0]
        assert len(here) == (any(usable) and not any(curve.received_vnd for curve in usable))


def test_the_document_of_an_advice_holds_every_route_with_its_assessment() -> None:
    document = advise(application(machine(1_200_000_000, new_to_area=True))).to_dict()
    plain: dict[str, Any] = {"technology_lines": False, "prior_vnd": 0, "quantity": None, "variations": []}
    assert list(document) == ["regulation", "application", "rankings", "questions", "uncounted"]
    (ranking,) = document["rankings"]
    assert ranking["technology_line"] is False
    assert ranking["routes"][0]["curve"] == {
        "id": "demonstration-model",
        **plain,
        "limit_vnd": 1_000_000_000,
        "reached_from_vnd": 3_333_333_334,
    }
    assert ranking["routes"][0]["assessment"]["maximum_vnd"] == 360_000_000
    assert ranking["segments"][1] == {
        "least_vnd": 200_000_002,
        "most_vnd": 1_000_000_003,
        "curve": {"id": "advanced-machinery", **plain, "limit_vnd": 300_000_000, "reached_from_vnd": 600_000_000},
    }


def test_the_documents_of_advice_leave_the_schema_of_an_assessment_as_it_is() -> None:
    schema, stated = json_schema(), application(machine(1_200_000_000), own_capital_committed=False)
    routes = {route["norm"]: route for route in advise(stated).to_dict()["rankings"][0]["routes"]}
    assert mending(assess(stated))["repairs"] == [routes["advanced-machinery"]["mended"]]
    assert json_schema() == schema


# --- repairs ----------------------------------------------------------------------------------------------------------


def told(answer: Assessment) -> list[tuple[Any, ...]]:
    return [
        (
            [(c.fact, c.index, c.answers) for c in one.changes],
            one.left_out,
            one.activities,
            one.gain_vnd,
            one.gain_assured_vnd,
        )
        for one in repairs(answer)
    ]


def test_a_failure_that_can_be_changed_is_worth_the_whole_support() -> None:
    """50% of 820 million is over the cap: 300 million, which nothing bars once the own share is committed."""
    answer = assess(application(machine(820_000_000), own_capital_committed=False))
    assert told(answer) == [([("application.own_capital_committed", None, (True,))], (), (0,), 300_000_000, 300_000_000)]
    assert repairs(answer)[0].changes[0].conditions == ("own-capital",)
    assert stuck(answer) == ()


def test_an_open_fact_adds_nothing_to_the_maximum_and_everything_to_what_is_assured() -> None:
    answer = assess(application(machine(820_000_000), lawfully_established=None, own_capital_committed=False))
    asked = [("establishment.lawfully_established", None, (True,)), ("application.own_capital_committed", None, (True,))]
    assert told(answer) == [(asked, (), (0,), 300_000_000, 300_000_000)]
    assert [change.given for change in repairs(answer)[0].changes] == [None, False]


def test_what_cannot_be_changed_is_named_and_left_out() -> None:
    """30% of 1 billion is 300 million for the model; the machine of a large enterprise stays barred."""
    answer = assess(application(machine(820_000_000), cleaner_production(1_000_000_000), kind="large-enterprise"))
    assert told(answer) == [([], (0,), (), 0, 0)]
    assert repairs(answer)[0].after.verdict == Verdict.ELIGIBLE
    assert [(finding.condition, finding.value) for finding in stuck(answer)] == [("beneficiary-kind", "large-enterprise")]


def test_each_activity_has_a_proposal_of_its_own_and_the_fewest_changes_come_first() -> None:
    """The machine needs one answer (300 million), the model two (30% of 1 billion), together 600 million."""
    answer = assess(application(demonstration(1_000_000_000, None), machine(820_000_000), own_capital_committed=False))
    own = ("application.own_capital_committed", None, (True,))
    new = ("activity.new_to_area", 0, (True,))
    assert told(answer) == [
        ([own], (), (1,), 600_000_000, 300_000_000),  # the model counts in the maximum: nothing fails any more
        ([own, new], (), (0, 1), 600_000_000, 600_000_000),
    ]


def test_every_answer_that_does_is_offered() -> None:
    answer = assess(application(machine(820_000_000), kind=None))
    kinds = ("small-or-medium-enterprise", "cooperative", "cooperative-group", "union-of-cooperatives", "household-business")
    assert told(answer) == [([("establishment.kind", None, kinds)], (), (0,), 0, 300_000_000)]


def test_nothing_is_proposed_for_what_is_eligible_or_cannot_be_mended() -> None:
    assert repairs(assess(application(machine(1_000_000)))) == ()
    assert repairs(assess(application(machine(1_000_000), other_state_support=True))) == ()


def asking(*accepted: tuple[str, list[str], bool | None]) -> Regulation:
    """A regulation in which each norm asks for a kind of establishment of its own, changeable or not; 10% of 100 is 10."""
    return invented(
        {name: {"rate": "10%", "cap": 1000} for name, _, _ in accepted},
        *(
            {
                "id": name,
                "fact": "establishment.kind",
                "is": "one of",
                "norms": [name],
                "values": kinds,
                "changeable": change,
            }
            for name, kinds, change in accepted
        ),
    )


def asked_for(law: Regulation, kind: str | None) -> Assessment:
    activities = [Activity(norm=name, cost_vnd=100) for name in law.norms]
    return assess(application(*activities, kind=kind), law)


def test_a_change_that_bars_another_activity_says_so_and_leaving_out_is_proposed() -> None:
    """A cooperative has the first; what the second wants is a household business: either, but not both."""
    law = asking(("first", ["cooperative"], True), ("second", ["household-business"], True))
    kind = ("establishment.kind", None, ("household-business",))
    assert told(asked_for(law, "cooperative")) == [([kind], (), (1,), 0, 0), ([], (1,), (), 0, 0)]
    assert [one.lost for one in repairs(asked_for(law, "cooperative"))] == [(0,), ()]


def test_where_activities_exclude_each_other_the_whole_is_what_is_worth_most() -> None:
    law = asking(("first", ["cooperative"], None), ("second", ["household-business"], None))
    proposals = repairs(asked_for(law, "large-enterprise"))
    assert [(c.answers, c.changeable) for one in proposals for c in one.changes] == [
        (("cooperative",), None),
        (("household-business",), None),
        (("cooperative",), None),
    ]
    assert (proposals[2].left_out, proposals[2].after.verdict, proposals[2].gain_assured_vnd) == ((1,), "eligible", 10)


def test_what_two_norms_ask_in_different_words_is_proposed_once() -> None:
    law = asking(("first", ["cooperative", "household-business"], True), ("second", ["household-business"], True))
    kind = ("establishment.kind", None, ("household-business",))
    assert told(asked_for(law, "large-enterprise")) == [([kind], (), (0, 1), 20, 20)]


def carried_out(answer: Assessment, repair: Repair, number: int) -> Assessment:
    """The assessment after a proposal, with the answer of this number to each, counted round."""
    changed = answer.application
    for change in repair.changes:
        changed = state(changed, (change.fact, change.index), change.answers[number % len(change.answers)])
    kept = tuple(activity for index, activity in enumerate(changed.activities) if index not in repair.left_out)
    return assess(changed.model_copy(update={"activities": kept}), answer.regulation)


@given(st.data())
def test_a_proposal_does_what_it_says_whichever_answer_is_given_and_is_smallest(data: st.DataObject) -> None:
    law = data.draw(st.one_of(st.sampled_from(KNOWN), regulations()))
    answer = assess(data.draw(applications(law, most=3)), law)
    proposals = repairs(answer)
    for repair in proposals:
        for number in range(max((len(change.answers) for change in repair.changes), default=1)):
            after = carried_out(answer, repair, number)
            assert (after.verdict, after.maximum_vnd, after.assured_vnd) == (
                repair.after.verdict,
                repair.after.maximum_vnd,
                repair.after.assured_vnd,
            )
        assert repair.gain_vnd == repair.after.maximum_vnd - answer.maximum_vnd
        assert repair.gain_assured_vnd == repair.after.assured_vnd - answer.assured_vnd
        assert repair.activities or repair.left_out
        assert all(answer.activity_verdicts[index] == Verdict.ELIGIBLE for index in repair.lost)
        for index, change in enumerate(repair.changes):
            assert change.given == stated(answer.application, (change.fact, change.index))
            assert change.given not in change.answers
            fewer = repair.changes[:index] + repair.changes[index + 1 :]
            without = carried_out(answer, Repair(fewer, repair.left_out, (), (), 0, 0, answer), 0)
            kept = [i for i in range(len(answer.activity_verdicts)) if i not in repair.left_out]
            still = {i for i, v in zip(kept, without.activity_verdicts, strict=True) if v == Verdict.ELIGIBLE}
            assert not set(repair.activities) <= still, "without it, the proposal does not do"
    wholes = [repair for repair in proposals if repair.after.verdict == Verdict.ELIGIBLE]
    barred = {finding.activity for finding in stuck(answer)}
    if len(law.norms) == 1 and answer.verdict != Verdict.ELIGIBLE and not barred and not law.unexpressed:
        assert wholes, "where nothing is barred, something makes the whole application eligible"


@given(st.data())
def test_the_worth_of_an_answer_is_that_of_every_answer_beside_it(data: st.DataObject) -> None:
    law = data.draw(st.one_of(st.sampled_from(KNOWN), regulations()))
    answer = assess(data.draw(applications(law, most=2)), law)
    assume(answer.questions)
    question = data.draw(st.sampled_from(answer.questions))
    place = question.fact, question.activity if question.prior_support is None else question.prior_support
    outcomes = worth(answer, question)
    for outcome in outcomes:
        for value in outcome.answers:
            after = assess(state(answer.application, place, value), law)
            assert (after.activity_verdicts, after.maximum_vnd) == (
                outcome.after.activity_verdicts,
                outcome.after.maximum_vnd,
            )
    ends = [(outcome.after.assured_vnd, outcome.after.maximum_vnd) for outcome in outcomes]
    assert (min(least for least, _ in ends), max(most for _, most in ends)) == (answer.assured_vnd, answer.maximum_vnd)


def test_whether_it_is_a_technology_line_is_worth_110_million() -> None:
    """50% of 820 million is 410 million, between both caps."""
    answer = assess(application(machine(820_000_000, technology_line=None)))
    (question,) = answer.questions
    assert [(outcome.answers, outcome.after.maximum_vnd) for outcome in worth(answer, question)] == [
        ((True,), 410_000_000),
        ((False,), 300_000_000),
    ]
