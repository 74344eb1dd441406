"""For those who import it: short ways in, questions that drive a form, one line for each result, our errors for wrong types."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import json
import pickle
import pydoc
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import client
import kcgrant
from dossiers import DAY, application, demonstration, line, machine
from kcgrant import (
    Activity,
    Application,
    Establishment,
    InputError,
    KcgrantError,
    NoRegulation,
    PriorSupport,
    assess,
    catalogue,
    ceiling,
    explain,
)
from kcgrant.advice import advise, compare, impact, repairs, worth
from kcgrant.advice.curve import curves
from kcgrant.assessment import json_schema
from kcgrant.fields import Record
from kcgrant.law import Regulation
from kcgrant.law.catalogue import norms
from kcgrant.programme import plan, requests_from
from kcgrant.register import Register, assess_register, assess_together
from kcgrant.register.dossiers import Draft
from kcgrant.testing.strategies import applications

LAW = catalogue.get("hung-yen-553-2025")
MILLION = 10**6
CLIENT = Path(__file__).with_name("client.py")
FACTS: dict[str, Any] = {
    "former_province": "hung-yen",
    "lawfully_established": True,
    "direct_producer": True,
    "kind": "cooperative",
    "sector": "handicraft",
    "own_capital_committed": True,
    "other_state_support": False,
}


# --- short ways in ----------------------------------------------------------------------------------------------------


def test_one_activity_is_assessed_in_a_line() -> None:
    """Half of 800 million is over the cap of 300 for a machine, within the cap of 450 for a line."""
    short: dict[str, Any] = {"norm": "advanced-machinery", "cost_vnd": 800 * MILLION, "province": "hung-yen", "on": DAY}
    answer = ceiling(**short, **FACTS, technology_line=False)
    assert (answer.verdict.value, answer.assured_vnd, answer.maximum_vnd) == ("eligible", 300 * MILLION, 300 * MILLION)
    assert ceiling(**short, **FACTS, technology_line=True).maximum_vnd == 400 * MILLION
    national = ceiling(**short, **FACTS, technology_line=False, regulation="national-28-2018")
    assert national.regulation.id == "national-28-2018"


@given(applications(LAW, most=1))
def test_the_short_way_is_that_of_the_application(one: Application) -> None:
    (activity,) = one.activities
    records = (one.establishment, one, activity)
    names = [*FACTS, "priority", "area", "difficult_area", "technology_line", "new_to_area", "performs_well"]
    facts = {name: getattr(record, name) for record in records for name in names if hasattr(record, name)}
    short = ceiling(
        norm=activity.norm,
        cost_vnd=activity.cost_vnd,
        province=one.establishment.province,
        on=one.approved_on,
        regulation=LAW,
        prior_support=one.prior_support,
        **facts,
    )
    long = assess(one, LAW)
    assert (short.verdict, short.assured_vnd, short.maximum_vnd) == (long.verdict, long.assured_vnd, long.maximum_vnd)


def test_every_fault_of_the_short_way_is_told_in_its_own_names() -> None:
    with pytest.raises(InputError) as error:
        ceiling(norm="advanced-machinery", cost_vnd=-1, province="hung-yen", on="2/3/2026", sectr="handicraft", kind="x")
    assert sorted(one.where for one in error.value.faults) == ["cost_vnd", "kind", "on", "sectr"]
    assert "Did you mean sector?" in str(error.value)


def test_advice_is_asked_in_a_line_and_names_its_best_route() -> None:
    """30% of 1,200 million are 360 for a model, over the cap of 300 for a machine that is no line."""
    found = advise(cost_vnd=1200 * MILLION, province="hung-yen", on=DAY, technology_line=False, former_province="hung-yen")
    assert (found.best.norm, found.best.assessment.maximum_vnd) == ("demonstration-model", 360 * MILLION)
    assert found.to_json().startswith('{"regulation":')
    assert advise(found.application, "hung-yen-553-2025").best == found.best
    with pytest.raises(InputError, match="not beside an application"):
        advise(found.application, cost_vnd=1)


def test_two_assessments_are_compared() -> None:
    """As a line it may have 400 million, as a machine 300; what stood in the way of the large enterprise is its kind."""
    one, other = (assess(application(make(800 * MILLION))) for make in (machine, line))
    assert compare(one, other).change_vnd == 100 * MILLION
    large = assess(application(machine(800 * MILLION), kind="large-enterprise"))
    effect = compare(large, one)
    assert (effect.change_vnd, [(r.id, r.field) for r in effect.reasons]) == (
        300 * MILLION,
        [("beneficiary-kind", "outcome")],
    )
    with pytest.raises(InputError, match="expected two regulations, or two assessments"):
        compare(one, LAW)  # type: ignore[call-overload]


def test_all_questions_are_weighed_at_once_the_weightiest_first() -> None:
    answer = assess(application(machine(800 * MILLION, None), own_capital_committed=None))
    found = worth(answer)
    assert list(found) != []
    assert set(found) == set(answer.questions)
    assert found == {one: worth(answer, one) for one in found}
    spread = [max(p.after.maximum_vnd for p in some) - min(p.after.maximum_vnd for p in some) for some in found.values()]
    assert spread[0] == 400 * MILLION  # without own capital nothing, with it up to 400


def test_the_norms_in_force_are_records() -> None:
    found = {one.id: (one.cap_vnd, one.technology_line_cap_vnd, one.document) for one in norms("hung-yen", DAY, "hung-yen")}
    assert found["advanced-machinery"] == (300 * MILLION, 450 * MILLION, "553/2025/NQ-HĐND")


def test_a_variant_needs_no_dataframes() -> None:
    assert (
        LAW.variant("advanced-machinery", cap=350 * MILLION).norms["advanced-machinery"].technology_line_cap_vnd
        == 525_000_000
    )
    with pytest.raises(InputError, match=r"norm: given \"x\""):
        LAW.variant("x", cap=1)


def test_what_is_needed_now_and_then_is_reached_from_the_top() -> None:
    assert kcgrant.advise is advise
    assert kcgrant.repairs is repairs
    assert kcgrant.impact is impact
    assert kcgrant.register.assess_together is assess_together
    assert kcgrant.__version__.count(".") == 2
    assert set(kcgrant.__all__) <= set(dir(kcgrant))
    assert kcgrant.read.__module__ == "kcgrant.law.regulation"
    with pytest.raises(AttributeError, match="no attribute 'advice_'"):
        _ = kcgrant.advice_
    script = (
        "import sys, kcgrant; assert not [n for n in sys.modules if n.startswith(('kcgrant.advice', 'kcgrant.register'))]"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


# --- questions drive a form -------------------------------------------------------------------------------------------


def test_the_loop_of_a_form_ends_with_the_answer_of_the_whole() -> None:
    """Ask the weightiest question, take the first answer, assess again: until nothing is open, and as stated at once."""
    stated = Application.of(norm="advanced-machinery", cost_vnd=800 * MILLION, province="hung-yen", on=DAY)
    answer = assess(stated)
    while answer.questions:
        question = next(iter(worth(answer)))
        assert question.label.vi
        assert all(choice.label.en and choice.label.vi for choice in question.answers)
        stated = stated.answer(question, question.answers[0].value)
        answer = assess(stated)
    assert answer.assured_vnd == answer.maximum_vnd
    assert assess(Application.from_json(stated.to_json())) == answer


@given(applications(LAW), st.integers(0, 50))
def test_an_answer_is_taken_as_if_it_had_been_stated(one: Application, which: int) -> None:
    answer = assess(one, LAW)
    for question in answer.questions:
        choice = question.answers[which % len(question.answers)]
        after = assess(one.answer(question, choice.value), LAW)
        assert question not in after.questions
        assert one.answer(question, None) == one


@pytest.mark.parametrize("given_answer", ["yes", 1, "Có", "nonsense", 0.0])
def test_an_answer_that_is_none_is_refused(given_answer: Any) -> None:
    stated = application(machine(800 * MILLION), own_capital_committed=None)
    (question,) = assess(stated).questions
    with pytest.raises(InputError, match=r"application\.own_capital_committed: given"):
        stated.answer(question, given_answer)


def test_a_question_about_another_application_is_refused() -> None:
    two = application(machine(800 * MILLION), machine(800 * MILLION, None))
    question = next(one for one in assess(two).questions if one.activity == 1)
    with pytest.raises(InputError, match="the question is about entry 2, of which there are 1"):
        application(machine(1)).answer(question, True)


# --- our errors for wrong types ---------------------------------------------------------------------------------------

WRONG: tuple[Any, ...] = (None, "x", 5, 1.5, {}, [], object(), date(2026, 3, 2), {"approved_on": "2026-03-02"})
CALLS: dict[str, Any] = {
    "assess": assess,
    "advise": lambda wrong: advise(wrong) if wrong is not None else advise(5),  # type: ignore[arg-type]
    "compare": lambda wrong: compare(wrong, LAW),
    "impact": lambda wrong: impact([wrong], LAW, LAW),
    "impact of laws": lambda wrong: impact([application(machine(1))], wrong, LAW),
    "explain": explain,
    "repairs": repairs,
    "worth": worth,
    "curves": curves,
    "find": lambda wrong: catalogue.find("hung-yen", wrong),
    "norms": lambda wrong: norms("hung-yen", wrong),
    "find of a place": lambda wrong: catalogue.find({"p": wrong}, DAY),  # type: ignore[arg-type]
    "a regulation": lambda wrong: assess(application(machine(1)), {"r": wrong}),  # type: ignore[arg-type]
    "an id": lambda wrong: assess(application(machine(1)), f"no-such-{wrong}"),
    "assess_register": assess_register,
    "assess_together": lambda wrong: assess_together([wrong]),
    "plan": lambda wrong: plan([wrong], 10**9, "ranked"),
    "from_json": Application.from_json,
    "from_dict": Application.from_dict,
    "get": catalogue.get,
}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: type(wrong).__name__)
def test_what_is_of_another_kind_is_refused_in_our_words(name: str, wrong: Any) -> None:
    if (name, type(wrong)) in (("find", date), ("norms", date), ("get", dict), ("get", list)):
        return  # a day is right, and what is kept by its id wants something that can be one
    with pytest.raises(KcgrantError) as error:
        CALLS[name](wrong)
    assert error.value.faults
    assert all(len(fault.line("vi")) < 600 for fault in error.value.faults)


def test_a_moment_is_no_day() -> None:
    with pytest.raises(InputError, match=r"on: given .*; expected a datetime\.date, such as date\(2026, 3, 2\)"):
        catalogue.find("hung-yen", datetime(2026, 3, 2))  # noqa: DTZ001


def test_an_unknown_id_is_told_with_the_nearest() -> None:
    with pytest.raises(NoRegulation, match="hung-yen-553-2025"):
        curves("hung-yen-553-2026")


def test_signatures_and_pickles() -> None:
    assert "cost_vnd" in inspect.signature(ceiling).parameters
    with pytest.raises(InputError) as error:
        ceiling(norm="x", cost_vnd=0, province="hung-yen", on=DAY)
    again = pickle.loads(pickle.dumps(error.value))  # noqa: S301
    assert (again.faults, str(again)) == (error.value.faults, str(error.value))


# --- seen in a session, and by type checkers --------------------------------------------------------------------------


def results() -> list[object]:
    one = application(machine(800 * MILLION, None), demonstration(10**9), reference="KC-1", own_capital_committed=None)
    answer, together = assess(one), assess_together([one])
    single = application(machine(800 * MILLION, None))
    return [
        *(answer, *answer.lines, *answer.questions, answer.regulation, *repairs(answer), *worth(answer).values()),
        *(advise(single), advise(single).best, *advise(single).rankings, compare("national-28-2018", LAW)),
        *(impact([one], LAW, LAW), *impact([one], LAW, LAW).effects, together, *together.dossiers.values()),
        *(plan(requests_from(together, {}), 10**9, "pro-rata"), *norms("hung-yen", DAY)),
    ]


def test_every_result_is_one_short_line() -> None:
    for one in results():
        assert "\n" not in repr(one)
        assert len(repr(one)) < 1000, type(one)


def test_the_signature_of_a_record_is_there_before_it_is_used() -> None:
    script = "import inspect, kcgrant; print(inspect.signature(kcgrant.Activity))"
    told = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
    assert told.startswith("(*, norm: str, cost_vnd: int, name: str = '', technology_line: bool | None = None, ")
    assert told.strip() == str(inspect.signature(Activity))
    assert "activities: tuple[Activity, ...], prior_support: tuple[PriorSupport, ...] = ()" in str(
        inspect.signature(Application)
    )
    assert "cost_vnd: int" in pydoc.render_doc(Activity)


def test_a_client_is_served() -> None:
    """Of 800 million half is 400, over the cap of 300, of which 100 were used: 200 are left, and so in a register."""
    said = client.main()
    assert said[0] == "200,000,000"
    assert said[4:7] == ["350000000", "100000000", "[200000000]"]


@pytest.mark.parametrize("command", [[sys.executable, "-m", "mypy", "--strict", "--config-file=", str(CLIENT)]])
def test_type_checkers_have_nothing_to_say_of_a_client(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


# --- frozen is frozen -------------------------------------------------------------------------------------------------


def parts(one: Any, seen: set[int], where: str) -> Iterator[tuple[str, Any]]:
    """Whatever a result holds, with the way to it; the rows of a register that was read are a file's, not a result."""
    if id(one) in seen or isinstance(one, str | int | float | type | Register | Draft) or one is None:
        return
    seen.add(id(one))
    yield where, one
    if isinstance(one, Mapping):
        inside = [(f"{where}[…]", value) for value in one.values()]
    elif isinstance(one, tuple | frozenset | list):
        inside = [(f"{where}[…]", value) for value in one]
    elif dataclasses.is_dataclass(one):
        inside = [(f"{where}.{field.name}", getattr(one, field.name)) for field in dataclasses.fields(one)]
    else:
        inside = [(f"{where}.{name}", value) for name, value in getattr(one, "__dict__", {}).items()]
    for way, value in inside:
        yield from parts(value, seen, way)


def test_nothing_of_a_result_can_be_changed_in_place() -> None:
    seen: set[int] = set()
    for result in [*results(), kcgrant.advice.localities()]:
        for where, one in parts(result, seen, type(result).__name__):
            assert not isinstance(one, list | set | bytearray), where
            assert type(one) is not dict, where
            if dataclasses.is_dataclass(one):
                assert one.__dataclass_params__.frozen, where  # type: ignore[union-attr]
            if isinstance(one, Record):
                with pytest.raises(ValueError, match="frozen"):
                    setattr(one, next(iter(type(one).model_fields)), 1)


def test_a_frozen_regulation_keeps_its_digest_and_can_be_copied_and_pickled() -> None:
    before = LAW.digest
    for change in ("norms", "fact_columns", "all_sources", "own_questions"):
        with pytest.raises(TypeError, match="this mapping does not change"):
            getattr(LAW, change)["x"] = 1
    for again in (copy.copy(LAW), copy.deepcopy(LAW), pickle.loads(pickle.dumps(LAW))):  # noqa: S301
        assert (again, again.digest) == (LAW, before)
    answer = assess(application(machine(800 * MILLION)))
    for same in (copy.deepcopy(answer), pickle.loads(pickle.dumps(answer))):  # noqa: S301
        assert same.to_json() == answer.to_json()


# --- schemas ----------------------------------------------------------------------------------------------------------

SCHEMAS = {
    "application": Application.model_json_schema(),
    "assessment": json_schema(),
    "regulation": Regulation.model_json_schema(),
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_field_has_a_description_and_an_example(name: str) -> None:
    schema = SCHEMAS[name]
    for record, part in {schema["title"]: schema, **schema["$defs"]}.items():
        for field, of in part.get("properties", {}).items():
            assert of.get("description"), (record, field)
            assert of.get("examples"), (record, field)


def test_nothing_is_described_that_is_no_field() -> None:
    told = tomllib.loads((Path(kcgrant.__file__).parent / "schema.toml").read_text(encoding="utf-8"))
    known: dict[str, set[str]] = {}
    for schema in SCHEMAS.values():
        for record, part in {schema["title"]: schema, **schema["$defs"]}.items():
            known.setdefault(record, set()).update(part.get("properties", {}))
    assert {record: set(fields) for record, fields in told.items()} == {k: v for k, v in known.items() if v}


@pytest.mark.parametrize("record", [Application, Activity, Establishment, PriorSupport])
def test_the_examples_of_what_is_stated_are_taken(record: Any) -> None:
    """All of them together make a record, days as the text that JSON has."""
    schema = record.model_json_schema()
    document = {field: of["examples"][0] for field, of in schema["properties"].items()}
    assert record.model_validate_json(json.dumps(document))
