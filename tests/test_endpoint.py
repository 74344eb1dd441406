"""The endpoint of the examples: whatever is posted ends in an answer, or in 422 with the faults in both languages."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from dossiers import application, machine
from kcgrant import assess

EXAMPLE = Path(__file__).parents[1] / "examples" / "endpoint.py"
CLIENT = TestClient(runpy.run_path(str(EXAMPLE))["app"])
SOUND = json.loads(application(machine(800_000_000)).to_json())


def post(body: bytes | str) -> Any:
    return CLIENT.post("/ceiling", content=body)


def test_a_sound_dossier_has_the_answer_of_the_library() -> None:
    answer = post(json.dumps(SOUND))
    assert (answer.status_code, answer.json()["maximum_vnd"]) == (200, 300_000_000)
    assert answer.text == assess(application(machine(800_000_000))).to_json()


def changed(**changes: Any) -> str:
    return json.dumps(SOUND | changes)


HOSTILE: dict[str, bytes | str] = {
    "nothing": b"",
    "no JSON": b"{",
    "no object": b"[]",
    "null": b"null",
    "a number": b"1",
    "no UTF-8": b"\xff\xfe",
    "a byte-order mark": b"\xef\xbb\xbf{}",
    "a lone surrogate": json.dumps(SOUND | {"reference": "\ud800"}),
    "deep": b"[" * 100_000,
    "deep objects": b'{"a":' * 50_000,
    "a long number": b'{"approved_on": ' + b"9" * 10_000 + b"}",
    "a repeated key": json.dumps(SOUND)[:-1] + ', "reference": "a", "reference": "b"}',
    "an unknown norm": changed(activities=[{"norm": "no-such-norm", "cost_vnd": 1}]),
    "an unknown key": changed(cost=1),
    "NaN": changed(activities=[{"norm": "advanced-machinery", "cost_vnd": float("nan")}]),
    "infinity": changed(activities=[{"norm": "advanced-machinery", "cost_vnd": float("inf")}]),
    "a float": changed(activities=[{"norm": "advanced-machinery", "cost_vnd": 1.5}]),
    "a text": changed(activities=[{"norm": "advanced-machinery", "cost_vnd": "800 triệu"}]),
    "beyond the most": changed(activities=[{"norm": "advanced-machinery", "cost_vnd": 10**30}]),
    "too many": changed(activities=[{"norm": "advanced-machinery", "cost_vnd": 1}] * 10_001),
    "another day": changed(approved_on="2026-02-30"),
    "no law": changed(approved_on="1999-01-01"),
    "control characters": changed(reference="a\u0000b\u001b[2J"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_ends_in_422(name: str) -> None:
    answer = post(HOSTILE[name])
    assert answer.status_code == 422, answer.text[:200]
    faults = answer.json()["faults"]
    assert faults
    assert all(set(one) == {"where", "en", "vi"} and one["vi"] for one in faults)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )
)
def test_any_json_ends_in_422(value: Any) -> None:
    assert post(json.dumps(value)).status_code == 422


@given(st.binary(max_size=200))
def test_any_bytes_end_in_422(body: bytes) -> None:
    assert post(body).status_code == 422


def test_the_schema_says_of_every_field_what_it_is() -> None:
    document = CLIENT.get("/openapi.json").json()
    parts = document["components"]["schemas"]
    post = document["paths"]["/ceiling"]["post"]
    whole = [post["requestBody"], post["responses"]["200"]]
    for schema in [*parts.values(), *(one["content"]["application/json"]["schema"] for one in whole)]:
        assert all(field["description"] for field in schema.get("properties", {}).values())
    named = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document)))
    assert {"Activity", "Establishment", "Line"} <= named <= parts.keys()
