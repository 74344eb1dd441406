"""One cap, one establishment: dossiers in order, no cap used twice, and who is taken to be whom."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcgrant import Activity, Application, Establishment, InputError, catalogue
from kcgrant.application import COLUMNS
from kcgrant.register import Register, RegisterResult, Row, Sheet, assess_register, assess_together, read, write
from kcgrant.register.form import READERS
from registers import ROW, assessed, csv_file, row, workbook

LAW = catalogue.get("hung-yen-553-2025").norms["advanced-machinery"]
CAP, RAISED = LAW.cap, LAW.technology_line_cap_vnd


def of(rows: Sequence[dict[str, Any]], prior: Sequence[dict[str, Any]] = ()) -> RegisterResult:
    """A register of these rows, without a file: the values of each as they are read from cells."""
    sheets = []
    for entries, base in ((rows, ROW), (prior, {})):
        names = list(COLUMNS) if base else ["reference", "norm", "amount_vnd", "technology_line", "granted_on"]
        sheet = Sheet("S", 1, names, {name: place for place, name in enumerate(names)}, prior=not base)
        for number, changes in enumerate(entries, 2):
            cells = [(base | changes).get(name) for name in names]
            read_cells = {
                name: READERS[name](cell) for name, cell in zip(names, cells, strict=True) if cell not in (None, "")
            }
            values = {name: value for name, value in read_cells.items() if value is not None}
            sheet.rows.append(Row(sheet, number, cells, values=values))
        sheets.append(sheet)
    return assess_register(Register([sheets[0]], [sheets[1]]))


def amounts(result: RegisterResult) -> dict[str, tuple[int | None, int | None]]:
    return {reference: (dossier.maximum_vnd, dossier.assured_vnd) for reference, dossier in result.dossiers.items()}


def kinds(result: RegisterResult) -> list[str]:
    return sorted(one.kind for one in result.remarks)


def test_a_later_dossier_has_what_the_earlier_leaves() -> None:
    """50% of 420 is 210; of the cap of 300 million 90 are left, less than 50% of 400."""
    result = of([{"reference": "B", "cost_vnd": "400 triệu", "approved_on": "05/05/2026"}, {"reference": "A"}])
    assert amounts(result) == {"B": (90_000_000,) * 2, "A": (210_000_000,) * 2}
    assert [(use.reference, use.amount_vnd, use.technology_line) for use in result.dossiers["B"].uses] == [
        ("A", 210_000_000, False)
    ]
    used = "A: at most VND 210,000,000 of the cap for Advanced machinery and technology"
    assert result.beside(result.rows[0])["used_by_earlier"] == used


def test_on_one_day_the_reference_decides() -> None:
    result = of([{"reference": "B"}, {"reference": "A", "activity": "Máy hàn"}])
    assert amounts(result) == {"B": (90_000_000,) * 2, "A": (210_000_000,) * 2}


def test_technology_lines_leave_the_raised_cap_open() -> None:
    """50% of 600 is 300, for a line; 450 - 300 = 150 are left for a second line, and nothing of 300 for a machine."""
    line = {"cost_vnd": "600 triệu", "technology_line": "x"}
    after = {"reference": "KC-2", "cost_vnd": "600 triệu", "activity": "Máy hàn"}
    assert amounts(of([line, {**after, "technology_line": "x"}]))["KC-2"] == (150_000_000, 150_000_000)
    assert amounts(of([line, {**after, "technology_line": "không"}]))["KC-2"] == (0, 0)


def test_an_open_standing_is_open_for_the_later_dossier_too() -> None:
    """A line or not: 250 of the first; the second gets at most 450 - 250 = 200, and 300 - 250 = 50 if the first is no line."""
    first = {"cost_vnd": "500 triệu", "technology_line": ""}
    second = {"reference": "KC-2", "cost_vnd": "500 triệu", "technology_line": "x", "activity": "Máy hàn"}
    result = of([first, second])
    assert amounts(result) == {"KC-1": (250_000_000, 250_000_000), "KC-2": (200_000_000, 50_000_000)}
    assert str(result.beside(result.rows[1])["used_by_earlier"]).endswith("(a technology line? not stated)")


def test_models_do_not_share_a_cap() -> None:
    model = {"norm": "demonstration-model", "cost_vnd": "10 tỷ"}
    assert amounts(of([model, {**model, "reference": "B", "activity": "khác"}])) == {
        "KC-1": (10**9, 10**9),
        "B": (10**9, 10**9),
    }


def test_earlier_support_listed_for_one_dossier_counts_for_the_others_approved_after_it() -> None:
    """120 listed for B and granted before either: A has 300 - 120 = 180; B nothing. Listed for both, it is one support."""
    rows = [{"reference": "A", "cost_vnd": "800 triệu"}, {"reference": "B", "approved_on": "05/05/2026"}]
    support = {
        "norm": "advanced-machinery",
        "amount_vnd": "120 triệu",
        "technology_line": "không",
        "granted_on": "30/06/2025",
    }
    for listed in (["B"], ["A"], ["A", "B"]):
        result = of(rows, [{**support, "reference": reference} for reference in listed])
        assert amounts(result) == {"A": (180_000_000,) * 2, "B": (0, 0)}, listed


def test_support_granted_after_the_earlier_dossier_may_be_that_very_dossier() -> None:
    """A may have 210; the 210 listed for B, granted after A's approval, may be the same money: both count, and are named."""
    rows = [{"reference": "A"}, {"reference": "B", "approved_on": "05/05/2026", "activity": "Máy hàn"}]
    support = {"reference": "B", "norm": "advanced-machinery", "amount_vnd": "210 triệu", "granted_on": "03/04/2026"}
    result = of(rows, [support])
    assert amounts(result) == {"A": (210_000_000, 210_000_000), "B": (0, 0)}
    assert kinds(result) == ["counted-twice"]


def test_a_dossier_that_is_not_assessed_may_use_the_whole_cap() -> None:
    """What A may use is not known: at best nothing, at worst everything."""
    rows = [
        {"reference": "A", "approved_on": ""},
        {"reference": "B", "activity": "Máy hàn"},
        {"reference": "C", "tax_code": "0900000235", "establishment": "X"},
    ]
    result = of(rows)
    assert amounts(result) == {"A": (None, None), "B": (210_000_000, 0), "C": (210_000_000, 210_000_000)}
    assert kinds(result) == ["earlier-not-assessed", "missing"]


# --- who is whom ------------------------------------------------------------------------------------------------------

SPELLINGS: list[tuple[str, dict[str, Any], list[str]]] = [
    ("Unicode form NFD", {"establishment": unicodedata.normalize("NFD", "Cơ khí Hùng Phát")}, ["two-spellings"]),
    ("capitals and spaces", {"establishment": "CƠ KHÍ  HÙNG PHÁT"}, ["two-spellings"]),
    ("Cyrillic letters", {"establishment": "Cơ khí Hùng Рhát"}, ["two-spellings"]),
    ("another name", {"establishment": "Hùng Phát JSC"}, ["two-names"]),
    ("a branch", {"tax_code": "0900123452-001"}, ["two-spellings"]),
    ("spaces in the code", {"tax_code": "0900 123 452"}, ["two-spellings"]),
    ("a lost zero", {"tax_code": 900123452}, ["lost-zero", "two-spellings"]),
    ("no tax code", {"tax_code": ""}, ["taken-to-be-the-same"]),
    (
        "no tax code, another spelling",
        {"tax_code": "", "establishment": "Cơ khí hùng phát"},
        ["taken-to-be-the-same", "two-spellings"],
    ),
]


@pytest.mark.parametrize(("what", "changes", "said"), SPELLINGS, ids=[one[0] for one in SPELLINGS])
def test_one_establishment_written_in_two_ways_shares_its_cap_and_is_reported(
    tmp_path: Path, what: str, changes: dict[str, Any], said: list[str]
) -> None:
    result = assessed(workbook(tmp_path / "a.xlsx", [row(), row(reference="KC-2", activity="Máy hàn", **changes)]))
    assert amounts(result)["KC-2"] == (90_000_000, 90_000_000), what
    assert kinds(result) == said
    both = next(one for one in result.remarks if one.kind != "lost-zero")
    assert {place.row for place in both.places} == {2, 3}


DIFFERENT: list[tuple[str, dict[str, Any], list[str]]] = [
    ("another tax code, the same name", {"tax_code": "0900999994"}, ["two-tax-codes"]),
    (
        "no tax code, another province",
        {
            "tax_code": "",
            "province": "phu-tho",
            "former_province": "hoa-binh",
            "norm": "demonstration-model",
            "approved_on": "31/12/2025",
        },
        [],
    ),
    ("another accent", {"tax_code": "", "establishment": "Cơ khí Hưng Phát"}, ["near-names"]),
]


@pytest.mark.parametrize(("what", "changes", "said"), DIFFERENT, ids=[one[0] for one in DIFFERENT])
def test_different_establishments_do_not_share(what: str, changes: dict[str, Any], said: list[str]) -> None:
    result = of([{}, {"reference": "KC-2", "activity": "Máy hàn", **changes}])
    assert not result.dossiers["KC-2"].uses, what
    assert kinds(result) == said


def test_a_name_with_two_tax_codes_is_nobody_in_particular() -> None:
    result = of([{}, {"reference": "B", "tax_code": "0900999994"}, {"reference": "C", "tax_code": ""}])
    assert kinds(result) == ["two-tax-codes", "whose-name"]
    assert not result.dossiers["C"].uses


def test_the_same_item_twice_is_reported_with_both_rows() -> None:
    result = of([{}, {"reference": "KC-2", "activity": "MÁY  CẮT"}, {"reference": "kc-2", "activity": "Máy hàn"}])
    said = {one.kind: one.line() for one in result.remarks}
    assert said["entered-twice"] == (
        "S!2, S!3: the same item, norm and cost of one establishment 2 times (KC-1, KC-2); entered twice?"
    )
    assert said["references-alike"] == 'S!A3, S!A4: references that look alike: "KC-2", "kc-2"; one dossier?'


# --- laws -------------------------------------------------------------------------------------------------------------

DOSSIERS = st.lists(
    st.fixed_dictionaries(
        {
            "reference": st.sampled_from([f"KC-{n}" for n in range(6)]),
            "approved_on": st.sampled_from(["02/03/2026", "03/03/2026", "04/06/2026"]),
            "establishment": st.sampled_from(["Một", "Hai"]),
            "cost_vnd": st.one_of(
                st.integers(1, 2 * 10**9), st.sampled_from([2 * 10**8, 6 * 10**8, 9 * 10**8, 9 * 10**8 + 1])
            ),
            "technology_line": st.sampled_from(["x", "không", ""]),
            "kind": st.sampled_from(["HTX", "", "doanh nghiệp lớn"]),
            "activity": st.sampled_from(["a", "b", "c", "d"]),
        }
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda one: one["reference"],
)
TAX = {"Một": "0900000115", "Hai": "0900000122"}
SUPPORT = st.lists(
    st.fixed_dictionaries(
        {
            "amount_vnd": st.integers(1, 4 * 10**8),
            "technology_line": st.sampled_from(["x", "không", ""]),
            "granted_on": st.sampled_from(["", "01/01/2025"]),
        }
    ),
    max_size=2,
)


def with_codes(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**one, "tax_code": TAX[one["establishment"]]} for one in rows]


@given(DOSSIERS, SUPPORT, st.integers(0, 7))
def test_the_ceilings_of_one_establishment_never_add_up_to_more_than_its_cap(
    rows: list[dict[str, Any]], support: list[dict[str, Any]], who: int
) -> None:
    """The raised cap if what is chosen is, or may be, for technology lines only; else the cap. The lowest ceilings likewise."""
    listed = [{**one, "reference": rows[who % len(rows)]["reference"], "norm": "advanced-machinery"} for one in support]
    result = of(with_codes(rows), listed)
    for _, references in result.establishments:
        dossiers = [result.dossiers[reference] for reference in references]
        granted = [
            (line.chosen, line.maximum_vnd) for d in dossiers if d.assessment is not None for line in d.assessment.lines
        ]
        only_lines = all(chosen is not None and chosen.id == "technology-lines" for chosen, amount in granted if amount)
        most = sum(amount for _, amount in granted)
        assert most <= (RAISED if only_lines else CAP)  # type: ignore[operator]
        assert sum(dossier.assured_vnd or 0 for dossier in dossiers) <= most


@given(DOSSIERS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows: list[dict[str, Any]], random: Any) -> None:
    other = with_codes(rows)
    random.shuffle(other)
    one, two = of(with_codes(rows)), of(other)
    assert amounts(one) == amounts(two)
    assert kinds(one) == kinds(two)
    assert one.summary == two.summary


@given(DOSSIERS)
def test_the_register_of_several_files_is_that_of_their_union_where_no_establishment_is_shared(
    rows: list[dict[str, Any]],
) -> None:
    parts = [[one for one in with_codes(rows) if one["establishment"] == name] for name in TAX]
    assert amounts(of(with_codes(rows))) == {k: v for part in parts if part for k, v in amounts(of(part)).items()}


@given(DOSSIERS, st.integers(0, 7))
def test_what_is_assured_holds_whatever_an_earlier_dossier_turns_out_to_be(rows: list[dict[str, Any]], which: int) -> None:
    """Stating the open facts of one dossier never takes a later one below its lowest ceiling."""
    before = amounts(of(with_codes(rows)))
    place = which % len(rows)
    for flag in ("x", "không"):
        for kind in ("HTX", "doanh nghiệp lớn"):
            settled = dict(rows[place])
            settled["technology_line"] = settled["technology_line"] or flag
            settled["kind"] = settled["kind"] or kind
            after = amounts(of(with_codes([*rows[:place], settled, *rows[place + 1 :]])))
            for reference, (_, assured) in before.items():
                assert (after[reference][1] or 0) >= (assured or 0)


def test_text_and_workbook_give_the_same_answers(tmp_path: Path) -> None:
    rows = [row(), row(reference="KC-2", technology_line="x", activity="Máy hàn"), row(reference="KC-3", cost_vnd="1.200")]
    one, two = assessed(csv_file(tmp_path / "a.csv", rows)), assessed(workbook(tmp_path / "a.xlsx", rows))
    assert amounts(one) == amounts(two)
    assert kinds(one) == kinds(two)


def test_a_register_is_read_from_a_path_as_text() -> None:
    with TemporaryDirectory() as folder:
        assert read(str(csv_file(Path(folder) / "a.csv", [row()]))).rows[0].number == 2


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv", "a.jsonl"])
def test_dossiers_that_stand_in_no_table_are_not_written_beside_rows(tmp_path: Path, name: str) -> None:
    halo = Establishment(name="Halo", province="hung-yen")
    drill = Activity(norm="advanced-machinery", cost_vnd=800_000_000)
    stated = Application(reference="KC-1", approved_on=date(2026, 3, 2), establishment=halo, activities=(drill,))
    with pytest.raises(InputError, match="these dossiers stand in no table"):
        write(assess_together([stated]), tmp_path / name)
    assert list(tmp_path.iterdir()) == []
