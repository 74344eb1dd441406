"""The kit refuses what it cannot test, takes engines of any shape, and explores where it is told to."""

from __future__ import annotations

import ast
import pickle
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st

from kcgrant import Activity, Application, Establishment, InputError, PriorSupport, Verdict, assess, catalogue, testing
from kcgrant.law import Regulation
from kcgrant.testing import LAWS, Disagreement, LawsBroken, agree, applications, check, costs
from planted import no_earlier_support, rounding_up
from profiles import drawn

LAW = catalogue.get("hung-yen-553-2025")
Three = tuple[str, int, int]


def three(application: Application, law: Regulation) -> Three:
    answer = assess(application, law)
    return answer.verdict.value, answer.assured_vnd, answer.maximum_vnd


# --- nothing passes by mistake ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"only": ["grwth"]}, 'only: given "grwth"; expected one of '),
        ({"only": "growth"}, 'only: given "growth"; expected a list of laws'),
        ({"engine": lambda *_: 5}, "engine: given 5; expected an Assessment; hand in a function that gives (verdict, "),
        ({"engine": lambda *_: None}, "engine: given null; expected an Assessment"),
        ({"engine": 5}, "engine: given 5; expected a function of an application and a regulation"),
        ({"amounts": lambda *_: ("eligible", 1.0, 2)}, "amounts: given "),
        ({"amounts": lambda *_: ("yes", 1, 2)}, "amounts: given "),
        ({"amounts": lambda *_: (1, 2)}, "amounts: given "),
    ],
)
def test_what_cannot_be_tested_is_one_clear_failure(options: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError) as error:
        check(LAW, **options)
    assert str(error.value).startswith(told)
    assert len(error.value.faults) == 1


def test_a_framework_is_refused_and_an_id_is_taken() -> None:
    with pytest.raises(InputError, match=r"regulation: .*decree-45-2012"):
        check("decree-45-2012")
    check("hung-yen-553-2025", max_examples=5, only=["growth", "bounds"])


# --- engines of any shape ---------------------------------------------------------------------------------------------


def test_an_engine_of_amounts_is_tried_on_the_laws_about_amounts() -> None:
    check(LAW, amounts=three, max_examples=30)

    def stingy(application: Application, law: Regulation) -> Three:
        verdict, assured, maximum = three(application, law)
        return verdict, assured, maximum - 1 if maximum > 10**8 else maximum

    with pytest.raises(LawsBroken) as broken:
        check(LAW, amounts=stingy)
    assert {one.law for one in broken.value.counterexamples} <= {*LAWS, "agreement"}
    for one in broken.value.counterexamples:
        ast.parse(one.test)
        assert "engine=engine_of(engine)" in one.test


@pytest.mark.parametrize("wrong", [no_earlier_support, rounding_up])
def test_a_difference_is_shown_on_the_smallest_application(wrong: testing.Engine) -> None:
    def others(application: Application, law: Regulation) -> Three:
        answer = wrong(application, law)
        return answer.verdict.value, answer.assured_vnd, answer.maximum_vnd

    agree(three, LAW, max_examples=20)
    with pytest.raises(Disagreement) as found:
        agree(others, LAW)
    assert len(found.value.application.activities) == 1
    assert "but this library says" in found.value.message
    ast.parse(found.value.test)
    again = pickle.loads(pickle.dumps(found.value))  # noqa: S301
    assert (again.application, again.message) == (found.value.application, found.value.message)


def test_an_engine_that_fails_disagrees() -> None:
    def fails(application: Application, law: Regulation) -> Three:
        if len(application.activities) > 1:
            raise ZeroDivisionError("no more than one")
        return three(application, law)

    with pytest.raises(Disagreement, match="given ZeroDivisionError: no more than one, but this library says"):
        agree(fails, LAW)


@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(["growth", "bounds"]))
def test_it_works_inside_a_random_test(law: str) -> None:
    check(LAW, only=[law], max_examples=5)
    agree(three, LAW, max_examples=5)


def test_a_seed_and_settings_explore_other_cases() -> None:
    def cases(**options: Any) -> list[str]:
        seen: list[str] = []

        def watched(application: Application, law: Regulation) -> Three:
            seen.append(application.to_json())
            return three(application, law)

        agree(watched, LAW, max_examples=10, **options)
        return seen

    assert cases() == cases()
    assert cases(seed=1) == cases(seed=1) != cases(seed=2)
    assert cases(settings=settings(derandomize=True)) == cases(settings=settings(derandomize=True))
    assert len(cases(settings=settings(max_examples=3))) >= 10


# --- tests that are written -------------------------------------------------------------------------------------------


class Nameless:
    """An engine without a name."""

    def __call__(self, *_: object) -> Any:
        """Fails with what no text should hold."""
        raise ValueError('"""\\ \n def broken(: \x00 \u2028 {')


ENGINES: list[Any] = [
    lambda *_: (_ for _ in ()).throw(ValueError('"""')),
    partial(no_earlier_support),
    Nameless(),
    Nameless().__call__,
    no_earlier_support,
]


@pytest.mark.parametrize("number", range(len(ENGINES)))
def test_a_test_that_is_written_parses_whatever_the_engine_is_called(number: int) -> None:
    with pytest.raises(LawsBroken) as broken:
        check(LAW, engine=ENGINES[number], only=["maximality", "bounds", "growth"], max_examples=60)
    assert broken.value.counterexamples
    for one in broken.value.counterexamples:
        ast.parse(one.test)
    again = pickle.loads(pickle.dumps(broken.value))  # noqa: S301
    assert again.counterexamples == broken.value.counterexamples
    assert str(again) == str(broken.value)


# --- strategies as users of hypothesis expect -------------------------------------------------------------------------


@given(st.from_type(Application), st.from_type(Activity), st.from_type(Establishment), st.from_type(PriorSupport))
def test_records_are_drawn_by_their_types(
    one: Application, activity: Activity, establishment: Establishment, support: PriorSupport
) -> None:
    kinds = [type(record) for record in (one, activity, establishment, support)]
    assert kinds == [Application, Activity, Establishment, PriorSupport]


@pytest.mark.no_cover
@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_verdict_and_earlier_support_can_be_asked_for(verdict: Verdict) -> None:
    for wanted in (True, False):
        drawn_ones = drawn(applications(LAW, verdict=verdict.value, prior=wanted), 100)
        assert drawn_ones
        assert {assess(one, LAW).verdict for one in drawn_ones} == {verdict}
        assert all(bool(one.prior_support) == wanted for one in drawn_ones)


@given(applications("hung-yen-553-2025", norms=["replication-model", "demonstration-model"], most=3))
def test_norms_can_be_asked_for(one: Application) -> None:
    assert {activity.norm for activity in one.activities} <= {"replication-model", "demonstration-model"}


@pytest.mark.parametrize(
    ("options", "told"),
    [({"norms": ["x"]}, 'norms: given "x"'), ({"verdict": "yes"}, 'verdict: given "yes"; expected one of "eligible"')],
)
def test_what_cannot_be_drawn_is_refused_at_once(options: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError) as error:
        applications(LAW, **options)
    assert str(error.value).startswith(told)
    with pytest.raises(InputError, match="decree-45-2012"):
        applications("decree-45-2012")


@pytest.mark.no_cover
@pytest.mark.parametrize("least", [1, 7_777_777, 250_000_001, 600_000_000, 987_654_321_987])
def test_a_cost_shrinks_to_the_smallest_that_does(least: int) -> None:
    found = find(applications(LAW), lambda one: max(a.cost_vnd for a in one.activities) >= least, settings=SHRINKING)
    assert [activity.cost_vnd for activity in found.activities] == [least]


SHRINKING = settings(max_examples=2000, database=None, derandomize=True)


@pytest.mark.no_cover
def test_costs_of_every_magnitude_are_drawn() -> None:
    found = drawn(costs(LAW.norms["advanced-machinery"]), 6000, derandomize=True)
    assert {len(str(cost)) for cost in found} >= set(range(1, 17))


@pytest.mark.parametrize("law", ["maximality", "documents", "steps"])
def test_a_law_that_amounts_cannot_answer_is_not_passed_by_mistake(law: str) -> None:
    with pytest.raises(InputError) as caught:
        check(LAW, amounts=lambda *_: ("eligible", 0, 0), only=["agreement", law], max_examples=20)
    assert str(caught.value) == (
        f"only: the law {law} asks for more than a verdict and two amounts; leave it out, or hand in an engine of assessments"
    )
