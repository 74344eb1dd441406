"""The door: what an application may look like, and how each fault is named."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from dossiers import application, machine
from kcgrant import Activity, Application, Establishment, InputError

MONEY = (
    "expected a whole number of đồng from 1 to 10^15; write it in digits alone, as 420000000, without quotes, point or comma"
)
DAY = 'expected a day as "YYYY-MM-DD", such as "2026-03-02"'
YES = "expected true, false, or null (not stated), without quotes"
CODE = "expected a code of at most 100 small letters, digits and hyphens, such as advanced-machinery or hung-yen"
TEXT = "expected text in quotes, of 1 to 1000 characters"
NFC = "expected text in Unicode form NFC; its letters and accents are stored apart, type or convert it again"
PLAIN = "expected one line of text without control, invisible or damaged characters; type it again"


def document(**changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(application(machine(800_000_000)).to_json())
    return found | changes


def refusal(text: str, lang: Any = "en") -> list[str]:
    with pytest.raises(InputError) as refused:
        Application.from_json(text)
    return refused.value.message(lang).splitlines()


def test_an_application_comes_back_from_its_json() -> None:
    stated = application(machine(800_000_000, name="Máy tiện"), reference="KC-1")
    assert Application.from_json(stated.to_json()) == stated
    assert Application.from_dict(stated.model_dump()) == stated


def test_what_is_not_stated_is_none() -> None:
    text = '{"approved_on":"2026-03-02","establishment":{"name":"A","province":"hung-yen"},"activities":[{"norm":"x","cost_vnd":1}]}'
    stated = Application.from_json(text)
    facts = stated.establishment.model_dump(exclude={"name", "province", "facts"}) | stated.activities[0].model_dump(
        exclude={"norm", "cost_vnd", "name", "facts"}
    )
    assert set(facts.values()) == {None}
    assert (stated.own_capital_committed, stated.other_state_support, stated.reference) == (None, None, None)


@pytest.mark.parametrize(
    ("cost", "given"),
    [
        ("1.5", "1.5"),
        ("420000000.0", "420000000.0"),
        ("true", "true"),
        ("NaN", "NaN"),
        ("Infinity", "Infinity"),
        ('"420000000"', '"420000000"'),
        ("-1", "-1"),
        ("0", "0"),
        ("1000000000000001", "1000000000000001"),
        ("1e9", "1000000000.0"),
        ("null", "null"),
        ("[1]", "[1]"),
    ],
)
def test_money_is_a_whole_number_in_json(cost: str, given: str) -> None:
    text = json.dumps(document()).replace("800000000", cost)
    assert refusal(text) == [f"activities[0].cost_vnd: given {given}; {MONEY}"]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"approved_on": "2026-02-30"}, f'approved_on: given "2026-02-30"; {DAY}'),
        ({"approved_on": "02/03/2026"}, f'approved_on: given "02/03/2026"; {DAY}'),
        ({"approved_on": "2026-03-02T00:00:00"}, f'approved_on: given "2026-03-02T00:00:00"; {DAY}'),
        ({"approved_on": "1772409600"}, f'approved_on: given "1772409600"; {DAY}'),
        ({"approved_on": "0"}, f'approved_on: given "0"; {DAY}'),
        ({"approved_on": 20260302}, f"approved_on: given 20260302; {DAY}"),
        ({"approved_on": None}, f"approved_on: given null; {DAY}"),
        ({"activities": []}, "activities: empty; at least one entry is needed"),
        ({"activities": {}}, "activities: given {}; expected a list"),
        ({"activities": [7]}, "activities[0]: given 7; expected an object with named fields"),
        ({"establishment": None}, "establishment: given null; expected an object with named fields"),
        ({"prior_support": "none"}, 'prior_support: given "none"; expected a list'),
        ({"own_capital_committed": "yes"}, f'own_capital_committed: given "yes"; {YES}'),
        ({"other_state_support": 0}, f"other_state_support: given 0; {YES}"),
        ({"reference": ""}, f'reference: given ""; {TEXT}'),
        ({"reference": 14}, f"reference: given 14; {TEXT}"),
        ({"reference": "Hu\u031bng Ye\u0302n"}, f'reference: given "Hu\u031bng Ye\u0302n"; {NFC}'),
        ({"reference": "a\x1b[2Jb"}, f'reference: given "a\\u001b[2Jb"; {PLAIN}'),
        ({"reference": " "}, 'reference: given " "; expected text with at least one letter or digit'),
        ({"reference": "\u3164"}, f'reference: given "\u3164"; {PLAIN}'),
        ({"reference": "H\ufffdng"}, f'reference: given "H\ufffdng"; {PLAIN}'),
        ({"reference": "a\U000e0041"}, f'reference: given "a\\udb40\\udc41"; {PLAIN}'),
        ({"": 1}, '"": unknown key; known here: '),
        ({"reference": "a\nb"}, f'reference: given "a\\nb"; {PLAIN}'),
        ({"reference": "a\u202eb"}, f'reference: given "a\\u202eb"; {PLAIN}'),
        ({"other_state_suport": True}, "other_state_suport: unknown key. Did you mean other_state_support?"),
        (
            {"zzz": 1},
            "zzz: unknown key; known here: approved_on, establishment, activities, prior_support, reference, "
            "own_capital_committed, other_state_support, priority, facts",
        ),
        ({"\x1b[2J": 1}, "\\u001b[2J: unknown key; known here: "),
        ({"establishment": {"name": "A", "province": "Hưng Yên"}}, f'establishment.province: given "Hưng Yên"; {CODE}'),
        ({"establishment": {"province": "hung-yen"}}, "establishment.name: missing; it must be stated"),
        (
            {"establishment": {"name": "A", "province": "hung-yen", "kind": "coop"}},
            'establishment.kind: given "coop"; expected one of "small-or-medium-enterprise", "large-enterprise", '
            '"cooperative", "cooperative-group", "union-of-cooperatives", "household-business", or null (not stated)',
        ),
        (
            {"establishment": {"name": "A", "province": "hung-yen", "sector": "handicrafts"}},
            "or null (not stated). Did you mean handicraft?",
        ),
        (
            {"activities": [{"norm": "x", "cost_vnd": 1, "tecnology_line": True}]},
            "activities[0].tecnology_line: unknown key. Did you mean technology_line?",
        ),
        (
            {"prior_support": [{"norm": "x", "amount_vnd": 1, "granted_on": "soon"}]},
            f'prior_support[0].granted_on: given "soon"; {DAY}',
        ),
    ],
)
def test_each_fault_says_where_what_was_given_and_what_is_expected(changes: dict[str, Any], fault: str) -> None:
    (line,) = refusal(json.dumps(document(**changes)))
    assert fault in line
    assert line.startswith(fault.partition(":")[0]) or fault.startswith("or null")


def test_all_faults_are_told_at_once_in_both_languages() -> None:
    text = json.dumps(document(approved_on="today", own_capital_committed=1, activities=[], colour="red"))
    assert refusal(text) == [
        f'approved_on: given "today"; {DAY}',
        "activities: empty; at least one entry is needed",
        f"own_capital_committed: given 1; {YES}",
        "colour: unknown key; known here: approved_on, establishment, activities, prior_support, reference, "
        "own_capital_committed, other_state_support, priority, facts",
    ]
    assert refusal(text, "vi")[:2] == [
        'approved_on: giá trị "today"; cần một ngày dạng "NĂM-THÁNG-NGÀY", ví dụ "2026-03-02"',
        "activities: đang trống; cần ít nhất một mục",
    ]


def test_at_most_twenty_faults_are_told_then_their_number() -> None:
    lines = refusal(json.dumps(document(activities=[{"norm": "x", "cost_vnd": 0}] * 25)))
    assert len(lines) == 21
    assert lines[-1] == "… and 5 more"
    assert refusal(json.dumps(document(activities=[{}] * 15)), "vi")[-1] == "… và 10 lỗi nữa"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "empty; expected a JSON object"),
        (" ", "empty; expected a JSON object"),
        ("nul", "line 1 column 1: not JSON; no dots in numbers, straight quotes, no comma before a closing bracket"),
        ("{", "line 1 column 2: not JSON; no dots in numbers, straight quotes, no comma before a closing bracket"),
        ("[" * 500, "line 1 column 501: not JSON; no dots in numbers, straight quotes, no comma before a closing bracket"),
        ("[" * 100_000, "not JSON: nested too deeply"),
        ('{"a": 1' + "0" * 5000 + "}", "not JSON: a number of thousands of digits"),
        ("[]", "given []; expected an object with named fields"),
        ("7", "given 7; expected an object with named fields"),
    ],
)
def test_what_is_no_json_object_is_refused_in_one_line(text: str, line: str) -> None:
    assert refusal(text) == [line]


def test_a_key_written_twice_is_refused_although_json_would_keep_the_last() -> None:
    text = json.dumps(document()).replace('"cost_vnd": 800000000', '"cost_vnd": 80000000, "cost_vnd" : 800000000')
    assert refusal(text) == ["activities[0].cost_vnd: written twice in one object, 80000000 and 800000000; keep one"]
    assert refusal(text.replace("hung-yen", "Hung Yen"))[2:] == [
        "activities[0].cost_vnd: written twice in one object, 80000000 and 800000000; keep one"
    ]


@pytest.mark.parametrize("name", ['a": b', '"a":"b":', 'a\\": {"x":1}'])
def test_text_that_looks_like_keys_is_text(name: str) -> None:
    stated = application(machine(1, name=name))
    assert Application.from_json(stated.to_json()) == stated


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda x: st.lists(x) | st.dictionaries(st.text(), x),
    )
)
def test_any_json_value_is_an_application_or_an_input_error(value: Any) -> None:
    with pytest.raises(InputError):
        Application.from_json(json.dumps(value))
    with pytest.raises(InputError):
        Application.from_dict(value)


@given(
    st.dictionaries(
        st.sampled_from(sorted(Application.model_fields)), st.none() | st.integers() | st.text() | st.just(10**5000)
    )
)
def test_any_python_values_are_an_application_or_an_input_error(value: Any) -> None:
    with pytest.raises(InputError) as refused:
        Application.from_dict(value)
    assert refused.value.message("vi")


def test_in_python_a_day_is_a_date_or_its_text_and_a_list_will_do() -> None:
    assert Application.from_dict(document()) == application(machine(800_000_000))
    with pytest.raises(InputError, match='approved_on: given "2/3/2026"; expected a day as'):
        Application.from_dict(document(approved_on="2/3/2026"))
    with pytest.raises(ValidationError, match='expected a day as "YYYY-MM-DD"'):
        application(machine(1), approved_on=datetime(2026, 3, 2))  # noqa: DTZ001
    assert application(machine(1), approved_on=date(2026, 3, 2)).activities == (machine(1),)


def test_records_are_frozen_and_copies_are_checked() -> None:
    activity = machine(5)
    with pytest.raises(ValidationError, match="frozen"):
        activity.cost_vnd = 6  # type: ignore[misc]
    with pytest.raises(ValidationError, match="expected a whole number of đồng"):
        activity.model_copy(update={"cost_vnd": 1.5})
    assert activity.model_copy(update={"cost_vnd": 6}) == machine(6)
    with pytest.raises(ValidationError, match="Extra inputs"):
        Activity(norm="x", cost_vnd=1, colour="red")  # type: ignore[call-arg]
    assert hash(Establishment(name="A", province="b")) == hash(Establishment(name="A", province="b"))


def test_bytes_are_read_as_utf_8_and_nothing_else_is_json_text() -> None:
    stated = application(machine(1_000_000, name="Tủ sấy nhãn"))
    assert Application.from_json(stated.to_json().encode()) == stated
    with pytest.raises(InputError, match="begins with a byte-order mark"):
        Application.from_json(b"\xef\xbb\xbf{}")
    with pytest.raises(InputError, match="given null; expected JSON text"):
        Application.from_json(None)  # type: ignore[arg-type]


def test_very_many_faults_are_counted_and_not_all_put_into_words() -> None:
    with pytest.raises(InputError) as refused:
        Application.from_json(json.dumps(document(activities=[{}] * 9_000)))
    assert len(refused.value.faults) == 1000
    assert str(refused.value).splitlines()[-1] == "… and 17980 more"
    entry = {"norm": "advanced-machinery", "cost_vnd": 1}
    assert refusal(json.dumps(document(activities=[entry] * 10_001))) == [
        "activities: more than 10,000 entries; split the document"
    ]
    assert refusal(json.dumps(document(activities=[1] * 60_000))) == [
        "60,001 faults; this is not a document of the form expected"
    ]


def test_what_is_long_or_deep_is_shown_in_short() -> None:
    value: object = [{"a": "x" * 10_000}] * 10_000
    for _ in range(50):
        value = [value]
    (line,) = refusal(json.dumps(document(reference=value)))
    assert line == f'reference: given [[[["…"]]]]; {TEXT}'
