"""What is asked and what is not, under small invented regulations in which conditions and caps meet."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracle
from dossiers import invented
from kcgrant import Activity, Application, Assessment, Establishment, PriorSupport, Verdict, assess, explain
from kcgrant.assessment import questions
from kcgrant.law import Regulation
from profiles import examples, size

KINDS = ["small-or-medium-enterprise", "large-enterprise", "union-of-cooperatives", "household-business"]


def asked(
    regulation: Regulation, *activities: tuple[str, int, bool | None], prior: tuple[PriorSupport, ...] = ()
) -> Assessment:
    stated = Application(
        approved_on=date(2026, 3, 2),
        establishment=Establishment(name="A", province="p"),
        activities=tuple(Activity(norm=norm, cost_vnd=cost, technology_line=line) for norm, cost, line in activities),
        prior_support=prior,
    )
    return assess(stated, regulation)


def kind(norm: str, *values: str, **more: Any) -> dict[str, Any]:
    named = {"id": norm, "fact": "establishment.kind", "is": "one of", "values": values, "norms": [norm]}
    return named | more


def test_earlier_support_that_several_models_share_is_asked_about_once() -> None:
    """Each model: cap 10, or 20 for lines; 1 received; cost 20 each. For lines 19 + 19, else 9 + 9."""
    regulation = invented({"m": {"cap": 10, "technology_line_factor": "2"}})
    answer = asked(regulation, ("m", 20, True), ("m", 20, True), prior=(PriorSupport(norm="m", amount_vnd=1),))
    assert (answer.assured_vnd, answer.maximum_vnd) == (18, 38)
    assert [(question.fact, question.prior_support) for question in answer.questions] == [
        ("prior_support.technology_line", 0)
    ]


def test_nothing_is_asked_about_many_machines_once_a_line_has_used_up_the_raised_cap() -> None:
    regulation = invented({"m": {"cap": 10, "per": "establishment", "technology_line_factor": "2"}})
    answer = asked(regulation, ("m", 20, True), *(("m", 2**n, None) for n in range(40)))
    assert (answer.assured_vnd, answer.maximum_vnd, answer.questions) == (20, 20, ())


def test_many_small_machines_that_cannot_matter_are_not_asked_about() -> None:
    """Cap 300, or 450 for lines; rate 50%. The small ones sum to 86, the one of 950 uses up the raised cap by itself."""
    regulation = invented({"m": {"cap": 300, "rate": "50%", "per": "establishment", "technology_line_factor": "1.5"}})
    small = [("m", cost, None) for cost in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 9, 6, 5)]
    answer = asked(regulation, ("m", 1000, False), ("m", 950, None), *small)
    assert (answer.assured_vnd, answer.maximum_vnd) == (300, 450)
    assert [question.activity for question in answer.questions] == [1]


def test_a_search_that_grows_too_long_asks_without_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cap 1000, or 1001 for lines. The machine of 1 matters only beside lines of exactly 1000, no multiple of seven."""
    monkeypatch.setattr(questions, "MOST_STEPS", size(questions.MOST_STEPS))
    regulation = invented({"m": {"cap": 1000, "per": "establishment", "technology_line_factor": "1.001"}})
    few = asked(regulation, ("m", 1, None), *(("m", 7 * n, None) for n in range(60, 70)))
    assert 0 not in [question.activity for question in few.questions], "proved: not asked"
    assert len(few.questions) == 10
    many = asked(regulation, ("m", 1, None), *(("m", 7 * n, None) for n in range(1, 90)))
    assert 0 in [question.activity for question in many.questions], "too many to prove: asked"


def test_norms_that_no_answer_can_meet_together_do_not_add_up() -> None:
    """A cooperative gets 100 under a, another kind 200 under b, nobody both: between 100 and 200, never 0 and never 300."""
    regulation = invented(
        {"a": {"cap": 100}, "b": {"cap": 200}}, kind("a", "cooperative", "cooperative-group"), kind("b", *KINDS)
    )
    answer = asked(regulation, ("a", 1000, False), ("b", 1000, False))
    assert (answer.assured_vnd, answer.maximum_vnd) == (100, 200)
    assert answer.verdict == Verdict.UNDETERMINED
    assert [(line.maximum_vnd, line.assured_vnd) for line in answer.lines] == [(0, 100), (200, 0)]
    assert [line.options[0].amount_vnd for line in answer.lines] == [100, 200]
    text = " ".join(explain(answer).split())
    assert "VND 0: no answer meets the conditions of this and of the other support; the other is worth more" in text
    assert "at most VND 100: the cap binds" in text


def test_a_kind_that_neither_norm_takes_leaves_nothing_assured() -> None:
    regulation = invented({"a": {"cap": 100}, "b": {"cap": 200}}, kind("a", "cooperative"), kind("b", "household-business"))
    answer = asked(regulation, ("a", 1000, False), ("b", 1000, False))
    assert (answer.assured_vnd, answer.maximum_vnd) == (0, 200)


def test_two_conditions_about_one_fact_make_one_question_with_both_sentences() -> None:
    wide = kind("a", "cooperative", "household-business", id="wide", question={"en": "Wide?", "vi": "Rộng?"})
    narrow = kind("a", "cooperative", id="narrow", question={"en": "Narrow?", "vi": "Hẹp?"})
    answer = asked(invented({"a": {"cap": 100}}, wide, narrow), ("a", 1000, False))
    (question,) = answer.questions
    assert (question.fact, question.condition, question.text.en, question.text.vi) == (
        "establishment.kind",
        "wide",
        "Wide? Narrow?",
        "Rộng? Hẹp?",
    )


def test_an_open_activity_may_use_up_the_raised_cap_only_if_it_counts() -> None:
    """`new_to_area` is open for the first machine: it counts or not, and with it whether the second one matters as a line.

    Cap 100, or 150 for lines, no rate. Both count: as lines 150, else 100. Only the second: 120 as a line, else 100.
    """
    new = {"id": "new", "fact": "activity.new_to_area", "is": "yes", "norms": ["m"]}
    regulation = invented({"m": {"cap": 100, "per": "establishment", "technology_line_factor": "1.5"}}, new)
    stated = Application(
        approved_on=date(2026, 3, 2),
        establishment=Establishment(name="A", province="p"),
        activities=(
            Activity(norm="m", cost_vnd=90, technology_line=True),
            Activity(norm="m", cost_vnd=120, new_to_area=True),
        ),
    )
    answer = assess(stated, regulation)
    assert (answer.assured_vnd, answer.maximum_vnd) == (100, 150)
    assert [(q.fact, q.activity) for q in answer.questions] == [("activity.new_to_area", 0), ("activity.technology_line", 1)]


def test_an_open_activity_counts_with_all_the_rest_when_its_line_is_weighed() -> None:
    """Cap 100, or 150 for lines, no rate. If the second activity counts, everything is 150 and gives 100; as a line it alone
    gives 90. So it does not matter whether it is one, though without it everything would be 60.
    """
    new = {"id": "new", "fact": "activity.new_to_area", "is": "yes", "norms": ["m"]}
    regulation = invented({"m": {"cap": 100, "per": "establishment", "technology_line_factor": "1.5"}}, new)

    def facts(second: int) -> list[tuple[str, int | None]]:
        activities = (
            Activity(norm="m", cost_vnd=60, technology_line=False, new_to_area=True),
            Activity(norm="m", cost_vnd=second),
        )
        here = Establishment(name="A", province="p")
        answer = assess(Application(approved_on=date(2026, 3, 2), establishment=here, activities=activities), regulation)
        return [(question.fact, question.activity) for question in answer.questions]

    assert facts(90) == [("activity.new_to_area", 1)]
    assert facts(100) == [("activity.new_to_area", 1)]
    assert facts(101) == [("activity.new_to_area", 1), ("activity.technology_line", 1)]


def test_models_add_up_when_norms_that_no_answer_can_meet_together_are_weighed() -> None:
    """Two models of 100 under a make 200, more than the 150 under b; and b alone is less than both under a."""
    regulation = invented(
        {"a": {"cap": 100}, "b": {"cap": 150}}, kind("a", "cooperative", "cooperative-group"), kind("b", *KINDS)
    )
    answer = asked(regulation, ("a", 1000, False), ("b", 1000, False), ("a", 1000, False))
    assert (answer.assured_vnd, answer.maximum_vnd) == (150, 200)
    assert [(line.norm, line.maximum_vnd, line.assured_vnd) for line in answer.lines] == [
        ("a", 100, 0),
        ("b", 0, 150),
        ("a", 100, 0),
    ]


def test_only_lines_are_offered_the_raised_cap_alone() -> None:
    regulation = invented({"m": {"cap": 10, "per": "establishment", "technology_line_factor": "2"}})
    assert [one.id for one in asked(regulation, ("m", 5, True), ("m", 6, True)).lines[0].options] == ["technology-lines"]
    assert [one.id for one in asked(regulation, ("m", 5, True), ("m", 6, False)).lines[0].options] == [
        "all",
        "technology-lines",
    ]
    assert [one.id for one in asked(regulation, ("m", 5, False)).lines[0].options] == ["all"]


def test_one_dong_decides_between_norms_that_no_answer_can_meet_together() -> None:
    """101 under a for some kinds, or 99 under b and 1 under c for the others; a second model under b is not eligible."""
    new = {"id": "new", "fact": "activity.new_to_area", "is": "yes", "norms": ["b"]}
    regulation = invented(
        {"a": {"cap": 101}, "b": {"cap": 99}, "c": {"cap": 1}},
        kind("a", "cooperative", "cooperative-group"),
        kind("b", *KINDS),
        kind("c", *KINDS),
        new,
    )
    activities = [Activity(norm=norm, cost_vnd=1000, new_to_area=True) for norm in ("a", "b", "c")]
    activities.append(Activity(norm="b", cost_vnd=1000, new_to_area=False))
    here = Establishment(name="A", province="p")
    answer = assess(Application(approved_on=date(2026, 3, 2), establishment=here, activities=tuple(activities)), regulation)
    assert (answer.assured_vnd, answer.maximum_vnd) == (100, 101)


# --- small numbers, where ties are frequent ---------------------------------------------------------------------------


NEW = {"id": "new", "fact": "activity.new_to_area", "is": "yes"}
CAP_10 = {"cap": 10, "per": "establishment", "technology_line_factor": "1.5"}  # 15 for technology lines alone
SMALL = [invented({"few": CAP_10}, NEW), invented({"few": CAP_10 | {"rate": "50%"}}, NEW)]
few_activities = st.lists(
    st.builds(
        Activity,
        norm=st.just("few"),
        cost_vnd=st.integers(1, 32),
        technology_line=st.sampled_from([None, None, True, False]),
        new_to_area=st.sampled_from([True, True, None, False]),
        performs_well=st.just(True),
    ),
    min_size=1,
    max_size=4,
)
earlier = st.builds(
    PriorSupport, norm=st.just("few"), amount_vnd=st.integers(1, 12), technology_line=st.sampled_from([None, True])
)


@examples(300)  # ties are rare
@given(st.sampled_from(SMALL), few_activities, st.lists(earlier, max_size=2))
def test_of_small_amounts_exactly_the_facts_that_matter_are_asked(
    regulation: Regulation, activities: list[Activity], support: list[PriorSupport]
) -> None:
    application = Application(
        approved_on=date(2026, 3, 2),
        establishment=Establishment(name="A", province="somewhere"),
        activities=tuple(activities),
        prior_support=tuple(support),
    )
    of_activities = {"activity.technology_line", "activity.new_to_area", "prior_support.technology_line"}
    least, most, wanted = oracle.interval(regulation, application, of_activities)
    answer = assess(application, regulation)
    assert (answer.assured_vnd, answer.maximum_vnd) == (least, most)
    assert {(q.fact, q.activity or q.prior_support or 0) for q in answer.questions} == wanted


def test_past_the_most_steps_every_open_line_is_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three of 20 each: of all together 10 are paid, of one line alone 15."""
    monkeypatch.setattr(questions, "MOST_STEPS", 0)
    regulation = invented({"m": {"cap": 10, "per": "establishment", "technology_line_factor": "1.5"}})
    answer = asked(regulation, *[("m", 20, None)] * 3)
    assert [question.activity for question in answer.questions] == [0, 1, 2]
