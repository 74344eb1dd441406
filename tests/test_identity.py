"""Identity: who is the same establishment, asked of one function by a register and by a plan; and what a tax code can be."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.vn import mst

from dossiers import application, machine, prior
from kcgrant import Application, InputError, cli
from kcgrant.parsing import check_digit, code_forms, spelling, tax_code
from kcgrant.register import assess_together

MILLION = 10**6
CODE, OTHER = "0900123452", "0900000122"


def amounts(*dossiers: Application) -> tuple[dict[str, int | None], list[str]]:
    result = assess_together(dossiers)
    found = {reference: dossier.maximum_vnd for reference, dossier in result.dossiers.items()}
    return found, sorted({one.kind for one in result.remarks})


def dossier(reference: str, cost_vnd: int = 900 * MILLION, name: str = "Cơ khí Hòa Phát", **facts: Any) -> Application:
    return application(machine(cost_vnd, name=reference), reference=reference, **{"name": name} | facts)


# --- the same establishment -------------------------------------------------------------------------------------------

SAME: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"name": "Cơ khí Hòa Phát"}, {"name": "CƠ KHÍ  Hoà Phát"}, "two-spellings"),
    ({"name": "Cơ khí Hòa Phát"}, {"name": unicodedata.normalize("NFC", "Cơ khí Hòa Phát.")}, "two-spellings"),
    ({"name": "Cơ khí Đông"}, {"name": "Cơ khí Ðông"}, "two-spellings"),  # U+0110, U+00D0
    ({"name": "Cơ khí Đông"}, {"name": "Cơ khí Ɖông"}, "two-spellings"),  # U+0189
    ({"name": "Halo Mold"}, {"name": "Halo Моld"}, "two-spellings"),  # Cyrillic
    ({"name": "Công ty TNHH Hòa Phát"}, {"name": "Cty TNHH Hòa Phát"}, "two-spellings"),
    ({"name": "Công ty TNHH Hòa Phát"}, {"name": "CÔNG TY TRÁCH NHIỆM HỮU HẠN HÒA PHÁT"}, "two-spellings"),
    ({"name": "Cty CP Hòa Phát"}, {"name": "Công ty Cổ phần Hòa Phát"}, "two-spellings"),
    ({"name": "Công ty TNHH MTV Hòa Phát"}, {"name": "Công ty TNHH Một thành viên Hòa Phát"}, "two-spellings"),
    ({"name": "HTX Minh Tiến"}, {"name": "Hợp tác xã Minh Tiến"}, "two-spellings"),
    ({"name": "DNTN Lan"}, {"name": "Doanh nghiệp tư nhân Lan"}, "two-spellings"),
    ({"name": "Hộ KD Lan"}, {"name": "hộ kinh doanh Lan"}, "two-spellings"),
    ({"name": "CSSX Lan"}, {"name": "Cơ sở sản xuất Lan"}, "two-spellings"),
    ({"tax_code": CODE}, {"tax_code": "0900 123 452"}, "two-spellings"),
    ({"tax_code": CODE}, {"tax_code": "0900123452-001"}, "two-spellings"),
    ({"tax_code": CODE}, {"tax_code": "0900123452001"}, "two-spellings"),
    ({"tax_code": CODE}, {"tax_code": "900123452"}, "lost-zero"),
    ({"tax_code": CODE}, {"tax_code": "900123452001"}, "lost-zero"),
    ({"tax_code": CODE}, {}, "taken-to-be-the-same"),
    ({}, {"tax_code": "chưa có"}, "taken-to-be-the-same"),
]


@pytest.mark.parametrize(("one", "other", "kind"), SAME)
def test_one_establishment_has_one_cap_and_is_reported(one: dict[str, Any], other: dict[str, Any], kind: str) -> None:
    """300 million is the cap of an establishment; half of 900 million is more. The later dossier has nothing left."""
    found, kinds = amounts(dossier("KC-1", **one), dossier("KC-2", **other))
    assert found == {"KC-1": 300 * MILLION, "KC-2": 0}
    assert kind in kinds


DIFFERENT: list[tuple[dict[str, Any], dict[str, Any], list[str]]] = [
    ({"name": "Cơ khí Hùng"}, {"name": "Cơ khí Hưng"}, ["near-names"]),
    ({"name": "Cơ khí Hòa Phát"}, {"name": "Co khi Hoa Phat"}, ["near-names"]),
    ({"name": "Cơ khí Hòa Phát"}, {"name": "Cơ khí Hòa Phátt"}, ["near-names"]),
    ({"name": "Cơ khí Hòa Phát"}, {"name": "Cơ khí Hòa Phát Mới"}, ["near-names"]),
    ({"name": "Công ty TNHH Hòa Phát"}, {"name": "Hòa Phát"}, ["near-names"]),
    ({"name": "Công ty TNHH Hòa Phát"}, {"name": "Công ty CP Hòa Phát"}, []),
    ({"name": "Hộ kinh doanh Lan"}, {"name": "Hộ kinh doanh Minh"}, []),
    ({"name": "Cơ khí A"}, {"name": "Cơ khí B"}, []),
    ({"name": "Tổ may 12"}, {"name": "Tổ may 13"}, []),
    ({"tax_code": CODE}, {"tax_code": OTHER}, ["two-tax-codes"]),
    ({"tax_code": CODE, "name": "Lan Anh"}, {"tax_code": OTHER, "name": "Lan Ánh"}, []),
    ({"tax_code": "0"}, {"tax_code": "N/A", "name": "Khác"}, []),
]


@pytest.mark.parametrize(("one", "other", "kinds"), DIFFERENT)
def test_what_is_only_nearly_the_same_is_never_joined(one: dict[str, Any], other: dict[str, Any], kinds: list[str]) -> None:
    assert amounts(dossier("KC-1", **one), dossier("KC-2", **other)) == (
        {"KC-1": 300 * MILLION, "KC-2": 300 * MILLION},
        kinds,
    )


def test_a_name_with_two_tax_codes_and_a_third_dossier_without_one() -> None:
    found, kinds = amounts(dossier("A", tax_code=CODE), dossier("B", tax_code=OTHER), dossier("C"))
    assert found == {"A": 300 * MILLION, "B": 300 * MILLION, "C": 300 * MILLION}
    assert kinds == ["two-tax-codes", "whose-name"]


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_name_is_spelled_like_itself_whatever_its_capitals_and_spaces(name: str, other: str) -> None:
    assert spelling(name) == spelling(f" {name} ") == spelling(name.replace(" ", "  "))
    assert spelling(f"{name} {other}") == " ".join(filter(None, (spelling(name), spelling(other))))


# --- tax codes --------------------------------------------------------------------------------------------------------


@given(st.text("0123456789", min_size=9, max_size=9))
def test_the_check_digit_is_that_of_the_authority(first: str) -> None:
    expected = mst.calc_check_digit(first)
    assert check_digit(first) == (expected if len(expected) == 1 else "")


@given(st.text("0123456789", min_size=9, max_size=9).filter(check_digit), st.sampled_from(["", "-001", "-123"]))
def test_a_whole_code_is_read_however_it_is_written(first: str, branch: str) -> None:
    code = first + check_digit(first) + branch
    for typed in (code, code.replace("-", ""), f" {code[:4]} {code[4:]} ", f"'{code}"):
        assert tax_code(typed) == (None if not code.strip("0-") else code)


CODES: list[tuple[Any, str | None]] = [
    (900123452.0, "0900123452"),
    (900123452001, "0900123452-001"),
    ("033095000001", "033095000001"),  # a personal id
    (33095000001, "033095000001"),
    ("chưa có", None), ("không có", None), ("chưa rõ", None), ("N/A", None), ("0", None), ("-", None), (0, None), ("", None),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "code"), CODES)
def test_a_tax_code_is_read_as_what_it_can_be(typed: Any, code: str | None) -> None:
    assert tax_code(typed) == code


@pytest.mark.parametrize(
    "typed",
    [
        "3.3095E+10",
        "3,3095E+10",
        "900123452.0",
        "0900.123.452",
        "12345",
        "MST 0900123452",
        "0900123452-01",
        3.5,
        1e300,
        True,
    ],
)
def test_what_is_no_tax_code_is_refused(typed: Any) -> None:
    with pytest.raises(InputError, match="expected a tax code of 10 digits, of 13 with its branch, or a personal id of 12"):
        tax_code(typed)


def test_digits_that_can_be_two_codes_are_named_with_both() -> None:
    """Eleven digits: a personal id that lost one zero, or, since the check digit is right, a branch that lost two."""
    first = "0001095"
    code = next(f"{first}{n:02}" for n in range(100) if check_digit(f"{first}{n:02}"))
    digits = (code + check_digit(code) + "001")[2:]
    forms = code_forms(digits)
    assert [len(form.replace("-", "")) for form in forms] == [12, 13]
    result = assess_together([dossier("A", tax_code=digits), dossier("B", name="Khác")])
    (finding,) = result.findings
    assert finding.line() == (
        f'line 1: "{digits}" can be either of {forms[0]}, {forms[1]}; format the column as text and type the whole code'
    )


# --- earlier support listed twice -------------------------------------------------------------------------------------


def test_earlier_support_that_is_listed_twice_is_one() -> None:
    """50 million of 2025, listed by both: 300 - 50 = 250 for the first, nothing for the second."""
    listed = prior(50 * MILLION)
    both = [dossier("A", prior_support=[listed]), dossier("B", prior_support=[listed])]
    assert amounts(*both) == ({"A": 250 * MILLION, "B": 0}, ["listed-twice", "taken-to-be-the-same"])
    assert amounts(dossier("A", prior_support=[listed, listed])) == ({"A": 250 * MILLION}, ["listed-twice"])


def test_earlier_support_listed_with_and_without_its_technology_line_is_one_and_what_is_stated_holds() -> None:
    """As support for a machine it shuts the raised cap for both: a line of 900 million gets 300 - 50 = 250, not 400."""
    stated, silent = prior(50 * MILLION, technology_line=False), prior(50 * MILLION, technology_line=None)
    first = application(machine(900 * MILLION, technology_line=True), reference="A", prior_support=[silent])
    second = application(machine(900 * MILLION, technology_line=True, name="x"), reference="B", prior_support=[stated])
    assert amounts(first, second) == ({"A": 250 * MILLION, "B": 0}, ["listed-twice", "taken-to-be-the-same"])


# --- the JSON door of a plan ------------------------------------------------------------------------------------------


def awarded(tmp_path: Path, capsys: pytest.CaptureFixture[str], *dossiers: Application) -> int:
    file, out = tmp_path / "year.json", tmp_path / "plan.json"
    documents = [one.model_dump(mode="json") | {"points": "80"} for one in dossiers]
    file.write_text(json.dumps(documents), encoding="utf-8")
    assert cli.main(["plan", str(file), "--budget", "4 tỷ", "--policy", "ranked", "--out", str(out)]) == 0
    capsys.readouterr()
    return int(json.loads(out.read_bytes())["awarded_vnd"])


@pytest.mark.parametrize(
    ("listed", "amount"),
    [([], 300 * MILLION), ([prior(1)], 300 * MILLION - 1), ([prior(50 * MILLION)], 250 * MILLION)],
    ids=["none", "one đồng", "50 million"],
)
def test_a_plan_of_documents_pools_as_a_register_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], listed: list[Any], amount: int
) -> None:
    """Two dossiers of one establishment, a cap of 300 million: what is listed by both is counted once, the rest shared."""
    pair = [dossier("KC-1", prior_support=listed), dossier("KC-2", name="CƠ KHÍ  Hoà Phát", prior_support=listed)]
    assert awarded(tmp_path, capsys, *pair) == amount
