"""Explanations: complete, equal in both languages, and never at odds with the record."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossiers import application, cleaner_production, demonstration, line, machine, prior, replication
from kcgrant import Application, InputError, assess, catalogue, explain
from kcgrant.application import FACT_COLUMNS, FACTS
from kcgrant.assessment import sections
from kcgrant.assessment.explanation import Length
from kcgrant.language import VALUE_NAMES, figures
from kcgrant.layout import Row
from kcgrant.testing import applications

HUNG_YEN = catalogue.get("hung-yen-553-2025")
EVERYTHING = application(
    machine(700_000_000, name="Máy tiện | CNC"),
    machine(1_000_000_000, technology_line=None),
    demonstration(1_000_000_000, new_to_area=False),
    replication(90_000_000, performs_well=None),
    cleaner_production(1_666_666_667),
    prior_support=[prior(50_000_000, technology_line=True)],
    reference="KC-2026-001",
)


def numbers(text: str) -> Counter[str]:
    """The numbers of a text without their marks, so that both styles compare; a day counts by its parts."""
    return Counter(re.sub(r"[.,](?=\d)", "", number) for number in re.findall(r"\d+(?:[.,]\d+)*", text))


def uncited(row: Row) -> str:
    """A row without what is cited by its id in English and by its title in Vietnamese."""
    label = "" if re.fullmatch(r"[a-z0-9-]+(?: \([ABC]\))?", row.label) else row.label
    return f"{label} " + re.sub(r"\[[^\]]*\]|\([^()]*(?:SHA-256|bản dữ liệu)[^()]*\)", "", row.value)


def test_the_whole_explanation_of_one_machine_in_english() -> None:
    text = explain(assess(application(machine(800_000_000, name="CNC drill"), reference="KC-1")))
    digest = HUNG_YEN.digest[:12]
    assert text.startswith(
        f"""\
Hung Yen: spending norms for industrial promotion (553/2025/NQ-HĐND)
--------------------------------------------------------------------
  Application       KC-1
  Establishment     Halo Mold Tech
  Plan approved on  2026-03-02
  Law applied       553/2025/NQ-HĐND (hung-yen-553-2025, SHA-256 {digest}…)
  Verdict           eligible
  Ceiling           VND 300,000,000 (three hundred million dong)
  This is the most that the law allows, not an entitlement: the authority decides what it grants.

Support 1: Advanced machinery and technology
--------------------------------------------
  Activity 1                   CNC drill: VND 800,000,000; not a technology line
  What is supported            everything that counts, under the cap
  Cost counted                 VND 800,000,000
  50% of it, rounded down      VND 400,000,000
  Cap per establishment        VND 300,000,000
  Earlier support that counts  none stated, counted as none
  Support at most              VND 300,000,000: the cap binds
  The law                      Advanced machinery and equipment, technology transfer, scientific and
"""
    )
    titles = [title for title, under in zip(text.splitlines(), text.splitlines()[1:], strict=False) if under[:3] == "---"]
    assert titles[2:] == ["Conditions", "How the law is read", "What is not known, and what to check", "Sources"]


def test_what_fails_what_is_open_and_what_would_mend_it_is_said() -> None:
    parts = {part.title: part for part in sections(assess(EVERYTHING), "en")}
    assert [row.value for row in parts["What fails, and what would mend it"].rows] == [
        "Activity 3, new to its area: no [circular-20-2017]. Needed: yes. It bars activity 3. The applicant cannot change "
        "this."
    ]
    assert [row.value for row in parts["Still open: what to find out"].rows] == [
        "Does the establishment that others are to copy perform well? [activity.performs_well]",
        "Is activity 2 a technology line? The cap is VND 450,000,000 when only technology lines are supported, otherwise "
        "VND 300,000,000. [activity.technology_line]",
    ]
    assert [row.value for row in parts["Support 2: Demonstration model"].rows][:2] == [
        "VND 1,000,000,000, adds nothing: not eligible",
        "VND 0: nothing of this can be supported",
    ]
    machinery = {row.label: row.value for row in parts["Support 1: Advanced machinery and technology"].rows}
    # 450,000,000 - 50,000,000 = 400,000,000 as lines; 300,000,000 - 50,000,000 = 250,000,000 together
    assert machinery["Cap per establishment, 1.5 times VND 300,000,000"] == "VND 450,000,000"
    assert machinery["Left of the cap"] == "VND 400,000,000"
    assert machinery["What is supported"] == (
        "only the technology lines, under the raised cap, supposing that activity 2 is one"
    )
    assert machinery["Cost counted"] == "VND 1,000,000,000 (activities 2)"
    together = (
        "everything that counts, under the cap: cost VND 1,700,000,000; limits VND 850,000,000 (rate) and "
        "VND 250,000,000 (cap); at most VND 250,000,000: the cap binds"
    )
    assert machinery["The other lawful choice"] == machinery["Its part of the lowest ceiling"] == together
    head = {row.label: row.value for row in sections(assess(EVERYTHING), "en")[0].rows}
    # 400,000,000 + 0 + 90,000,000 + 500,000,000, and without the open answers 250,000,000 + 500,000,000
    assert head["Sum of the lines"] == "VND 400,000,000 + VND 0 + VND 90,000,000 + VND 500,000,000 = VND 990,000,000"
    assert head["Ceiling if all open answers are favourable"] == "VND 990,000,000 (nine hundred ninety million dong)"
    assert head["Lowest ceiling, whatever the answers"] == "VND 750,000,000 (seven hundred fifty million dong)"


def test_the_cost_binds_where_no_rate_is_stated() -> None:
    below = explain(assess(application(replication(99_999_999))))
    assert "No percentage stated: the cost itself  VND 99,999,999" in below
    assert "VND 99,999,999: the cost binds" in below
    assert "the cost binds and the cap binds" in explain(assess(application(replication(100_000_000))))


def test_a_failure_that_can_be_mended_says_so() -> None:
    open_framework = HUNG_YEN.framework
    assert open_framework is not None
    conditions = [c.model_copy(update={"changeable": None}) for c in open_framework.conditions]
    unsure = HUNG_YEN.model_copy(update={"framework": open_framework.model_copy(update={"conditions": conditions})})
    stated = application(machine(1_000_000), own_capital_committed=False)

    def said(*arguments: Any) -> str:
        return " ".join(explain(*arguments).split())

    assert "The applicant can still change this." in said(assess(stated))
    assert "Cơ sở còn có thể khắc phục." in said(assess(stated), "vi")
    assert "Whether this can be changed is not known." in said(assess(stated, unsure))
    large = said(assess(application(machine(1_000_000), kind="large-enterprise")))
    assert "Needed: small or medium enterprise, cooperative, cooperative group, union of cooperatives, household" in large


@given(applications(HUNG_YEN))
def test_both_languages_hold_the_same_numbers_and_the_record_s_amounts(stated: Application) -> None:
    answer = assess(stated, HUNG_YEN)
    for length in get_args(Length):
        for part_en, part_vi in zip(sections(answer, "en", length), sections(answer, "vi", length), strict=True):
            assert len(part_en.rows) == len(part_vi.rows)
            for row_en, row_vi in zip(part_en.rows, part_vi.rows, strict=True):
                assert numbers(uncited(row_en)) == numbers(uncited(row_vi))
    for lang in ("en", "vi"):
        text = explain(answer, lang)
        for amount in (answer.maximum_vnd, answer.assured_vnd, *(one.maximum_vnd for one in answer.lines)):
            assert figures(amount, lang) in text


def test_no_text_of_an_applicant_becomes_markdown() -> None:
    stated = application(machine(1_000_000, name="a | b **c** <script> `d` [e](f) #g"), name="H_T_X * 1")
    text = explain(assess(stated), "en", "markdown")
    assert r"a \| b \*\*c\*\* \<script\> \`d\` \[e\](f) \#g" in text
    assert r"H\_T\_X \* 1" in text
    rows = [row for row in text.splitlines() if row.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {3}


def test_no_line_of_plain_text_is_wider_than_a_page_and_no_amount_is_broken() -> None:
    for lang in ("en", "vi"):
        text = explain(assess(EVERYTHING), lang)
        assert max(map(len, text.splitlines())) <= 100
        assert not re.search(r"VND\s*\n|\d\s*\n\s*đồng", text)


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (("fr",), 'lang: given "fr"; expected one of "en", "vi"'),
        (("en", "pdf"), 'form: given "pdf"; expected one of "text", "markdown", "html"'),
        (("en", "text", "short"), 'length: given "short"; expected one of "brief", "full"'),
    ],
)
def test_an_unknown_language_or_form_is_refused(arguments: Any, fault: str) -> None:
    with pytest.raises(InputError) as refused:
        explain(assess(application(machine(1_000_000))), *arguments)
    assert str(refused.value) == fault


def test_every_fact_and_every_answer_has_a_name() -> None:
    assert FACT_COLUMNS.keys() == FACTS.keys() | {"activity.technology_line", "prior_support.technology_line"}
    assert {value for values in FACTS.values() for value in values if isinstance(value, str)} <= VALUE_NAMES.keys()


@given(st.sampled_from(["en", "vi"]))
def test_an_explanation_is_the_same_text_twice(lang: Any) -> None:
    assert explain(assess(EVERYTHING), lang) == explain(assess(EVERYTHING), lang)


def test_a_line_is_called_by_its_id_where_the_law_gives_no_title() -> None:
    norm = HUNG_YEN.norms["advanced-machinery"].model_copy(update={"title": None})
    law = HUNG_YEN.model_copy(update={"norms": {**HUNG_YEN.norms, "advanced-machinery": norm}})
    assert "Support 1: advanced-machinery\n" in explain(assess(application(line(1_000_000)), law))
