"""The laws of any ceiling of support, on random applications under the regulations that are shipped."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kcgrant import Activity, Application, Assessment, PriorSupport, Verdict, assess, catalogue
from kcgrant.application import FACTS
from kcgrant.regulation import Norm, Regulation
from strategies import FAVOURABLE, activities, applications

LAWS = [catalogue.get(name) for name in ("hung-yen-553-2025", "national-28-2018", "national-26-2014", "hoa-binh-20-2019")]
laws = st.sampled_from(LAWS)
cases = laws.flatmap(lambda law: st.tuples(st.just(law), applications(law)))
settings.register_profile("kcgrant", max_examples=200, deadline=None)
settings.load_profile("kcgrant")


def changed(application: Application, **fields: Any) -> Application:
    return application.model_copy(update=fields)


def stated_facts(application: Application) -> list[tuple[str, int | None]]:
    """Every place at which a fact may be left unstated."""
    owners: list[tuple[str, int | None]] = [(fact, None) for fact in FACTS if not fact.startswith("activity.")]
    per_activity = ("activity.technology_line", "activity.new_to_area", "activity.performs_well")
    owners += [(fact, index) for index in range(len(application.activities)) for fact in per_activity]
    return owners + [("prior_support.technology_line", index) for index in range(len(application.prior_support))]


def value_at(application: Application, fact: str, index: int | None) -> Any:
    return getattr(owner_of(application, fact, index), fact.partition(".")[2])


def owner_of(application: Application, fact: str, index: int | None) -> Any:
    kind = fact.partition(".")[0]
    if index is None:
        return application if kind == "application" else application.establishment
    return (application.activities if kind == "activity" else application.prior_support)[index]


def with_value(application: Application, fact: str, index: int | None, value: Any) -> Application:
    kind, _, field = fact.partition(".")
    new = owner_of(application, fact, index).model_copy(update={field: value})
    if kind == "application":
        return new  # type: ignore[no-any-return]
    if index is None:
        return changed(application, establishment=new)
    key = "activities" if kind == "activity" else "prior_support"
    items = list(getattr(application, key))
    items[index] = new
    return changed(application, **{key: items})


def naive_maximum(norm: Norm, cost_vnd: int, prior_vnd: int, *, only_lines: bool) -> int:
    """The largest whole amount within every limit, written without the engine's arithmetic."""
    cap = norm.cap * norm.technology_line_factor if only_lines and norm.technology_line_factor else norm.cap
    limits = [cap - prior_vnd, cost_vnd if norm.rate is None else norm.rate * cost_vnd]
    amount = 0 if min(limits) < 0 else int(min(limits) // 1)
    assert all(amount <= max(0, limit) for limit in limits)
    assert any(amount + 1 > limit for limit in limits), "one đồng more must break a limit"
    return amount


@given(cases)
def test_1_each_option_is_the_largest_amount_within_every_limit(case: tuple[Regulation, Application]) -> None:
    law, application = case
    for line in assess(application, law).lines:
        norm = law.norms[line.norm]
        prior = sum(prior.amount_vnd for prior in application.prior_support if prior.norm == line.norm)
        for option in (*line.options, *([line.assured] if line.assured else [])):
            cost = sum(application.activities[index].cost_vnd for index in option.activities)
            assert option.base_vnd == cost
            assert option.prior_vnd == prior
            assert option.amount_vnd == naive_maximum(norm, cost, prior, only_lines=option.id == "technology-lines")


@given(cases)
def test_2_nothing_assured_maximum_and_eligible_cost_stand_in_order(case: tuple[Regulation, Application]) -> None:
    law, application = case
    answer = assess(application, law)
    verdicts = zip(answer.activity_verdicts, application.activities, strict=True)
    eligible = sum(activity.cost_vnd for verdict, activity in verdicts if verdict != Verdict.INELIGIBLE)
    assert 0 <= answer.assured_vnd <= answer.maximum_vnd <= eligible


@given(cases, st.randoms(use_true_random=False))
def test_3_neither_order_nor_names_nor_idle_facts_matter(case: tuple[Regulation, Application], random: Any) -> None:
    law, application = case
    answer = assess(application, law)
    shuffled = list(application.activities)
    random.shuffle(shuffled)
    renamed = [activity.model_copy(update={"name": "Máy khác"}) for activity in shuffled]
    elsewhere = application.establishment.model_copy(update={"name": "Cơ sở B", "tax_code": "0900123456"})
    prior = [p.model_copy(update={"granted_on": date(2024, 1, 1)}) for p in reversed(application.prior_support)]
    other = changed(application, activities=renamed, establishment=elsewhere, reference="R", prior_support=prior)
    again = assess(other, law)
    assert (again.maximum_vnd, again.assured_vnd, again.verdict) == (answer.maximum_vnd, answer.assured_vnd, answer.verdict)


@given(cases, st.integers(1, 10**9))
def test_4_more_cost_never_earns_less_nor_more_than_the_extra_cost(case: tuple[Regulation, Application], more: int) -> None:
    law, application = case
    first, *rest = application.activities
    assume(first.cost_vnd + more <= 10**15)
    dearer = changed(application, activities=[first.model_copy(update={"cost_vnd": first.cost_vnd + more}), *rest])
    before, after = assess(application, law), assess(dearer, law)
    assert before.maximum_vnd <= after.maximum_vnd <= before.maximum_vnd + more
    assert before.assured_vnd <= after.assured_vnd <= before.assured_vnd + more


@given(cases, st.data())
def test_5_splitting_an_activity_earns_nothing_where_the_cap_is_per_establishment(
    case: tuple[Regulation, Application], data: st.DataObject
) -> None:
    law, application = case
    first, *rest = application.activities
    assume(law.norms[first.norm].per == "establishment" and first.cost_vnd > 1)
    part = data.draw(st.integers(1, first.cost_vnd - 1))
    parts = [first.model_copy(update={"cost_vnd": cost}) for cost in (part, first.cost_vnd - part)]
    whole, split = assess(application, law), assess(changed(application, activities=[*parts, *rest]), law)
    assert split.assured_vnd == whole.assured_vnd
    assert split.maximum_vnd == whole.maximum_vnd


@given(cases, st.data())
def test_6_another_activity_never_lowers_and_earlier_support_never_raises(
    case: tuple[Regulation, Application], data: st.DataObject
) -> None:
    law, application = case
    answer = assess(application, law)
    added = changed(application, activities=[*application.activities, data.draw(activities(law))])
    assert assess(added, law).maximum_vnd >= answer.maximum_vnd
    norm = data.draw(st.sampled_from(sorted(law.norms)))
    support = PriorSupport(norm=norm, amount_vnd=data.draw(st.integers(1, 10**9)), technology_line=data.draw(st.booleans()))
    more = assess(changed(application, prior_support=[*application.prior_support, support]), law)
    assert more.maximum_vnd <= answer.maximum_vnd
    assert more.assured_vnd <= answer.assured_vnd


def completions(application: Application, law: Regulation) -> list[Assessment]:
    """The application with each open question answered in every way; the facts that are not asked stay open."""
    asked = [
        (q.fact, q.activity if q.prior_support is None else q.prior_support) for q in assess(application, law).questions
    ]
    found = []
    for answers in product(*(FACTS.get(fact, (True, False)) for fact, _ in asked)):
        complete = application
        for (fact, index), value in zip(asked, answers, strict=True):
            complete = with_value(complete, fact, index, value)
        found.append(assess(complete, law))
    return found


@settings(max_examples=100)
@given(laws.flatmap(lambda law: st.tuples(st.just(law), applications(law, most=2))))
def test_7_both_ends_are_reached_by_answers_and_none_leads_outside(case: tuple[Regulation, Application]) -> None:
    law, application = case
    answer = assess(application, law)
    assume(len(answer.questions) <= 4)
    answered = completions(application, law)
    assert {one.maximum_vnd == one.assured_vnd for one in answered} == {True}, "what was not asked changes nothing"
    assert Verdict.UNDETERMINED not in {one.verdict for one in answered}
    assert max(one.maximum_vnd for one in answered) == answer.maximum_vnd
    assert min(one.assured_vnd for one in answered) == answer.assured_vnd


@given(cases, st.data())
def test_7_stating_a_fact_only_narrows(case: tuple[Regulation, Application], data: st.DataObject) -> None:
    law, application = case
    unstated = [place for place in stated_facts(application) if value_at(application, *place) is None]
    assume(unstated)
    fact, index = data.draw(st.sampled_from(unstated))
    value = data.draw(st.sampled_from(FACTS.get(fact, (True, False))))
    before, after = assess(application, law), assess(with_value(application, fact, index, value), law)
    assert before.assured_vnd <= after.assured_vnd <= after.maximum_vnd <= before.maximum_vnd


def test_8_at_each_edge_the_binding_limit_changes_as_the_numbers_say() -> None:
    for law in LAWS:
        for name, norm in law.norms.items():
            for lines in (False, True) if norm.technology_line_factor else (False,):
                cap = norm.technology_line_cap_vnd if lines and norm.technology_line_cap_vnd else norm.cap
                edge = cap if norm.rate is None else -(-cap * norm.rate.denominator // norm.rate.numerator)
                for cost in (edge - 1, edge, edge + 1):
                    activity = Activity(
                        norm=name, cost_vnd=cost, technology_line=lines, new_to_area=True, performs_well=True
                    )
                    facts = {**FAVOURABLE, "approved_on": date(2026, 3, 2), "activities": [activity]}
                    option = assess(Application(**facts), law).lines[0].chosen
                    share = cost if norm.rate is None else int(norm.rate * cost // 1)
                    assert option is not None
                    limits = {"rate", "cap"} if share == cap else {"rate"} if share < cap else {"cap"}
                    assert option.binding == limits
                    assert (cost < edge) == (option.amount_vnd < cap), "the edge is the least cost that reaches the cap"


def test_9_the_technology_line_cap_is_exactly_factor_times_cap() -> None:
    for law in LAWS:
        for norm in law.norms.values():
            if norm.technology_line_factor is not None:
                assert norm.technology_line_cap_vnd == norm.cap * norm.technology_line_factor


@given(cases)
def test_10_the_record_is_the_same_bytes_twice_and_every_source_exists(case: tuple[Regulation, Application]) -> None:
    law, application = case
    again = Application.from_json(application.to_json())
    assert again == application
    answer = assess(application, law)
    assert assess(again, law).to_json() == answer.to_json()
    cited = {finding.source for finding in answer.findings} | {line.source for line in answer.lines}
    assert cited <= law.all_sources.keys()
    assert sorted(index for line in answer.lines for index in line.activities) == list(range(len(application.activities)))
    assert answer.maximum_vnd == sum(line.maximum_vnd for line in answer.lines)
    assert answer.assured_vnd == sum(line.assured_vnd for line in answer.lines)
