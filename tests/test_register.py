"""The register: cells as officers type them, every fault by its cell, no row lost, the same rows out again."""

from __future__ import annotations

import csv
import io
import json
import sys
import time
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from kcgrant import InputError, cli
from kcgrant.application import COLUMNS
from kcgrant.cli import register as cli_register
from kcgrant.files import guarded, unguarded
from kcgrant.language import Lang, say
from kcgrant.parsing import folded, tidy
from kcgrant.register import Place, RegisterResult, assess_register, form, proving, read, reading, template, write
from kcgrant.register.form import READERS
from kcgrant.register.progress import counted, told_to
from profiles import examples
from registers import NAMES, assessed, code_of, csv_file, row, workbook

CELLS: list[tuple[str, Any, Any]] = [
    ("cost_vnd", 420_000_000, 420_000_000),
    ("cost_vnd", 420_000_000.0, 420_000_000),  # a number of Excel is a double; a whole one is that integer
    ("cost_vnd", "420.000.000", 420_000_000),
    ("cost_vnd", "420,000,000 đ", 420_000_000),
    ("cost_vnd", "420 triệu", 420_000_000),
    ("cost_vnd", "1,2 tỷ", 1_200_000_000),
    ("cost_vnd", 1e15, 10**15),
    ("approved_on", "2/3/2026", date(2026, 3, 2)),
    ("approved_on", "02-03-2026", date(2026, 3, 2)),
    ("approved_on", "2026-03-02", date(2026, 3, 2)),
    ("approved_on", "2/3/26", date(2026, 3, 2)),
    ("approved_on", 46083, date(2026, 3, 2)),
    ("approved_on", datetime(2026, 3, 2, 14, 30), date(2026, 3, 2)),  # noqa: DTZ001 - as openpyxl reads a cell
    ("technology_line", "x", True),
    ("technology_line", "Có", True),
    ("technology_line", "✓", True),
    ("technology_line", True, True),
    ("technology_line", "KHÔNG", False),
    ("technology_line", 0, False),
    ("technology_line", "chưa rõ", None),
    ("technology_line", "?", None),
    ("technology_line", "-", None),
    ("kind", "HTX", "cooperative"),
    ("kind", "Hợp tác xã", "cooperative"),
    ("kind", "ho kinh doanh", "household-business"),
    ("kind", "household-business", "household-business"),
    ("area", "Làng nghề được công nhận", "craft-village"),
    ("sector", "Building materials", "building-materials"),
    ("province", "Tỉnh Hưng Yên", "hung-yen"),
    ("tax_code", "0900123452", "0900123452"),
    ("tax_code", 900123452.0, "0900123452"),
    ("tax_code", "0900123452001", "0900123452-001"),
    ("tax_code", "chưa có", None),
    ("establishment", "  Cơ\u00a0khí \n Hùng ", "Cơ khí Hùng"),
]


@pytest.mark.parametrize(("column", "typed", "meant"), CELLS)
def test_a_cell_is_read_as_officers_type_it(column: str, typed: Any, meant: Any) -> None:
    assert READERS[column](typed) == meant
    assert type(READERS[column](typed)) is type(meant)


REFUSED: list[tuple[str, Any, str]] = [
    (
        "cost_vnd",
        "1.200",
        'given "1.200": can be read as 1,200 or as 1.2; write the unit, such as "1.2 tỷ", or the full number of đồng',
    ),
    ("cost_vnd", 420_000_000.5, "given 420000000.5; expected a whole number of đồng from 1 to 10^15, such as 420000000"),
    ("cost_vnd", 2e15, "given 2000000000000000.0; expected a whole number of đồng from 1 to 10^15, such as 420000000"),
    ("cost_vnd", 0, "given 0; expected a whole number of đồng from 1 to 10^15, such as 420000000"),
    ("cost_vnd", "0", 'given "0"; expected an amount of at least 1 đồng'),
    ("cost_vnd", True, "given true; expected a whole number of đồng from 1 to 10^15, such as 420000000"),
    ("cost_vnd", float("nan"), "given NaN; expected a whole number of đồng from 1 to 10^15, such as 420000000"),
    ("approved_on", "31/02/2026", 'given "31/02/2026"; expected a day, such as 02/03/2026 (day, month, year) or 2026-03-02'),
    ("technology_line", 2, "given 2, which looks like an amount or a share; expected yes or no: write có or không"),
    ("kind", "hợp tác xả hội", 'given "hợp tác xả hội"; choose from the list in the form. Did you mean “cooperative”?'),
    (
        "reference",
        datetime(2026, 3, 1),  # noqa: DTZ001 - as openpyxl reads a cell
        "given a date, 01/03/2026; Excel turns text such as 3-2026 into a date: format the cell as text",
    ),
]


@pytest.mark.parametrize(("column", "typed", "says"), REFUSED)
def test_a_cell_that_cannot_be_read_in_one_way_is_refused(column: str, typed: Any, says: str) -> None:
    with pytest.raises(InputError) as caught:
        READERS[column](typed)
    assert caught.value.faults[0].text.en == says


def faults(result: RegisterResult) -> list[str]:
    return [one.line() for one in result.faults]


def kinds(result: RegisterResult) -> list[str]:
    return sorted(one.kind for one in result.remarks)


def test_a_dossier_of_two_rows_is_one_application(tmp_path: Path) -> None:
    """420 + 100 million, half of it 260: below the cap of 300, so the rate binds."""
    rows = [row(), row(activity="Máy hàn", cost_vnd="100 triệu", establishment="", approved_on="")]
    result = assessed(csv_file(tmp_path / "a.csv", rows))
    dossier = result.dossiers["KC-1"]
    assert (dossier.maximum_vnd, dossier.assured_vnd, str(dossier.verdict)) == (260_000_000, 260_000_000, "eligible")
    assert (dossier.approved_on, dossier.establishment, dossier.tax_code) == (
        date(2026, 3, 2),
        "Cơ khí Hùng Phát",
        "0900123452",
    )
    assert list(dossier.norms) == ["advanced-machinery"] * 2
    assert result.remarks == ()


def test_headings_are_known_in_both_languages_in_any_order_and_others_are_kept(tmp_path: Path) -> None:
    headings = [COLUMNS[name].label.vi.upper() for name in NAMES] + ["Điểm", "activty"]
    rows = [[*row(), 87, "?"]]
    reversed_rows = [list(reversed(cells)) for cells in rows]
    result = assessed(workbook(tmp_path / "a.xlsx", reversed_rows, list(reversed(headings))))
    assert result.dossiers["KC-1"].maximum_vnd == 210_000_000
    assert result.dossiers["KC-1"].others == {"Điểm": 87, "activty": "?"}
    # The points are the centre's own, for a plan; what is not known at all is named.
    assert [one.line() for one in result.findings] == [
        'Sheet1!A1: the heading "activty" is not known; the column is kept and not used. Did you mean activity?'
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_text_files_may_have_any_separator_and_a_byte_order_mark(tmp_path: Path, separator: str, mark: str) -> None:
    file = csv_file(tmp_path / "a.csv", [row()], separator=separator)
    file.write_text(mark + file.read_text(encoding="utf-8"), encoding="utf-8")
    assert assessed(file).dossiers["KC-1"].maximum_vnd == 210_000_000


def test_every_fault_is_named_by_its_cell_and_the_other_dossiers_are_assessed(tmp_path: Path) -> None:
    rows = [
        row(reference="KC-1", cost_vnd="1.200", approved_on="30/02/2026"),
        row(reference="KC-1", tax_code="0900999994", activity="Máy hàn"),
        row(reference="", tax_code="0900000235"),
        row(reference="KC-4", tax_code="0900000147", norm="advanced-machinry"),
        row(reference="KC-5", tax_code="0900000154", cost_vnd=""),
        row(reference="KC-6", tax_code="0900000161", province="Thái Bình"),  # and formerly Hưng Yên
        row(reference="KC-7", tax_code="0900000179", establishment="Cơ khí\u200b Hùng"),
        row(reference="KC-8", tax_code="0900000186", cost_vnd="#REF!"),
        row(reference="KC-9", tax_code="0900000193"),
    ]
    result = assessed(workbook(tmp_path / "a.xlsx", rows))
    said = faults(result)
    assert [one.split(": ")[0] for one in said] == [
        "Sheet1!B2", "Sheet1!O2", "Sheet1!D7", "Sheet1!O9", "Sheet1!A4", "Sheet1!E2, Sheet1!E3", "Sheet1!M5", "Sheet1!O6", "Sheet1!C8",
    ]  # fmt: skip
    assert 'Sheet1!O9: given "#REF!", an error of the spreadsheet; type the value' in said
    assert "Sheet1!A4: reference (Reference): missing; fill it in" in said
    assert (
        'Sheet1!E2, Sheet1!E3: the rows of KC-1 differ in tax_code: "0900123452", "0900999994"; one dossier has one value'
        in said
    )
    assert 'Sheet1!M5: given "advanced-machinry"' in said[6]
    assert {reference: dossier.maximum_vnd for reference, dossier in result.dossiers.items()} == {
        "KC-1": None, "KC-4": None, "KC-5": None, "KC-6": None, "KC-7": None, "KC-8": None, "KC-9": 210_000_000,
    }  # fmt: skip
    assert [result.status(one) for one in result.rows] == ["not-assessed"] * 8 + ["assessed"]
    assert "Sheet1!O2" in str(result.beside(result.rows[1])["remarks"])  # the sound row says why, too


def test_what_is_no_dossier_is_a_row_all_the_same(tmp_path: Path) -> None:
    labels = [COLUMNS[name].label.vi for name in NAMES]
    total = ["Tổng cộng", *[None] * 13, 840_000_000]
    rows = [
        labels,
        row(),
        [None],
        row(reference="KC-2", tax_code="0900000122", establishment="Tổng công ty B"),
        NAMES,
        total,
    ]
    result = assessed(workbook(tmp_path / "a.xlsx", rows))
    assert [(one.number, result.status(one)) for one in result.rows] == [
        (2, "heading"), (3, "assessed"), (5, "assessed"), (6, "heading"), (7, "total"),
    ]  # fmt: skip
    assert [one.line() for one in result.findings] == [
        "Sheet1!2: the headings stand here once more; not a dossier",
        "Sheet1!6: the headings stand here once more; not a dossier",
        "Sheet1!A7: a total, not a dossier; not counted",
    ]
    assert (result.summary["rows"], result.summary["rows-aside"], result.summary["maximum"]) == (5, 3, 420_000_000)


def test_hidden_merged_and_uncalculated_cells_are_reported(tmp_path: Path) -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "Sổ 2026"
    for cells in (NAMES, *(row(reference=f"KC-{n}", tax_code=code_of(n), establishment=f"Cơ sở {n}") for n in range(2, 9))):
        sheet.append(cells)
    sheet["O3"] = "=420000000*2"
    sheet.merge_cells("A4:A5")
    for number in (6, 7):
        sheet.row_dimensions[number].hidden = True
    book.create_sheet("Ghi chú").append(["chỉ là ghi chú"])
    book.create_sheet("Ẩn").sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    result = assessed(tmp_path / "a.xlsx")
    assert faults(result) == [
        "'Sổ 2026'!O3: given the formula \"=420000000*2\" without a value; open the file in Excel and save it, or type the value",
        "'Sổ 2026'!C4, 'Sổ 2026'!C5: the rows of KC-4 differ in establishment: \"Cơ sở 4\", \"Cơ sở 5\"; one dossier has one value",
        f"'Sổ 2026'!E4, 'Sổ 2026'!E5: the rows of KC-4 differ in tax_code: \"{code_of(4)}\", \"{code_of(5)}\"; one dossier has one value",
    ]
    assert [one.line() for one in result.findings][:3] == [
        "'Ẩn'!1: the sheet is hidden; it is read as the others are",
        "'Ghi chú'!1: no headings of a register stand here; the sheet is not read",
        "'Sổ 2026'!6: rows 6–7 are hidden; they are read as the others are",
    ]
    assert [result.status(one) for one in result.rows] == ["assessed", *["not-assessed"] * 3, *["assessed"] * 3]


def test_a_formula_counts_with_the_value_stored(tmp_path: Path) -> None:
    """As Excel stores it: the formula and, beside it, its value."""
    from xlsxwriter import Workbook as Excel

    book = Excel(tmp_path / "a.xlsx")
    sheet = book.add_worksheet("Sheet1")
    sheet.write_row(0, 0, NAMES)
    sheet.write_row(1, 0, row())
    sheet.write_formula(1, NAMES.index("cost_vnd"), "=400000000+20000000", None, 420_000_000)
    sheet.write_row(2, 0, row(reference="KC-2", tax_code="0900000122"))
    sheet.write_formula(2, NAMES.index("cost_vnd"), "=Sheet9!A1", None, "#REF!")
    book.close()
    result = assessed(tmp_path / "a.xlsx")
    assert result.dossiers["KC-1"].maximum_vnd == 210_000_000
    assert faults(result) == ['Sheet1!O3: given "#REF!", an error of the spreadsheet; type the value']


def test_earlier_support_stands_in_a_second_sheet_or_file(tmp_path: Path) -> None:
    """300 - 120 million are left of the cap, less than half of 800."""
    prior = [["Số hồ sơ", "Mức chi", "Số tiền", "Ngày hỗ trợ"], ["KC-1", "advanced-machinery", "120 triệu", "30/06/2025"]]
    result = assessed(workbook(tmp_path / "a.xlsx", [row(cost_vnd="800 triệu")], prior_support=prior))
    assert result.dossiers["KC-1"].maximum_vnd == 180_000_000
    register = csv_file(tmp_path / "a.csv", [row(cost_vnd="800 triệu")])
    support = csv_file(tmp_path / "b.csv", prior[1:], prior[0])
    assert assess_register(read(register, support)).dossiers["KC-1"].maximum_vnd == 180_000_000


def test_faulty_earlier_support_keeps_its_dossier_from_being_assessed(tmp_path: Path) -> None:
    prior: list[list[Any]] = [
        ["reference", "norm", "amount_vnd"],
        ["KC-1", "advanced-machinery", "1.200"],
        ["KC-9", "advanced-machinery", 5],
    ]
    result = assessed(workbook(tmp_path / "a.xlsx", [row()], prior_support=prior))
    assert result.dossiers["KC-1"].maximum_vnd is None
    assert faults(result) == [
        'prior_support!C2: given "1.200": can be read as 1,200 or as 1.2; write the unit, such as "1.2 tỷ", or the full number of đồng',
        'prior_support!A3: earlier support for "KC-9", which is no dossier of this register; correct the reference',
    ]
    assert "prior_support!C2" in str(result.beside(result.rows[0])["remarks"])


FILES: list[tuple[str, bytes, str]] = [
    ("a.csv", b"", "no row has the headings of a register"),
    ("a.csv", b"\n" * 1000, "no row has the headings of a register"),
    ("a.csv", (",".join(NAMES) + "\n" + "," * 600 + "x\n").encode(), "line 2: more than 500 cells; a register has at most 500 columns"),
    ("a.csv", b"\x00" * 1000, "no row has the headings of a register"),
    ("a.csv", b"Nestl\xe9", "line 1: not UTF-8; in Excel save it as"),
    ("a.csv", (",".join(NAMES) + '\nKC-1,"mở').encode(), "line 2: a quotation mark is not closed, or stands inside a text; mend it and run again"),
    ("a.csv", b"reference,norm,cost_vnd\n", "the columns approved_on (Plan approved on), establishment (Establishment), province (Province) are missing"),
    ("a.csv", (",".join([*NAMES, "Chi phí"]) + "\n").encode(), "line 1, column 20: the column cost_vnd stands twice, first at line 1, column 15"),
    ("a.xlsx", b"PK\x03\x04nonsense", "not an .xlsx workbook, or protected by a password"),
    ("a.xlsx", b"", "not an .xlsx workbook, or protected by a password"),
    ("a.xls", b"\xd0\xcf\x11\xe0", "not a workbook of the kind .xls, or damaged; open it in Excel and save it as .xlsx"),
    ("a.pdf", b"", "a register is a file .xlsx, .xlsm, .xls, .xlsb, .ods, .csv, .txt, .tsv; save it in Excel as .xlsx"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "says"), FILES)
def test_a_file_that_is_no_register_is_refused(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        read(tmp_path / name)
    assert says in str(caught.value)
    assert len(str(caught.value).splitlines()) <= 2


def test_headings_alone_are_an_empty_register(tmp_path: Path) -> None:
    for name in ("a.csv", "b.xlsx"):
        file = csv_file(tmp_path / name, []) if name.endswith("csv") else workbook(tmp_path / name, [])
        result = assessed(file)
        write(result, tmp_path / f"out-{name}")
        assert assessed(tmp_path / f"out-{name}").summary["rows"] == 0


def test_cells_that_have_shifted_are_a_fault(tmp_path: Path) -> None:
    """A comma in a name without quotes pushes the rest of the row to the right."""
    file = csv_file(tmp_path / "a.csv", [row(performs_well="x,y")])
    assert 'line 2, column 20: given "hung-yen", which has no heading; a text with a separator in it needs quotes' in faults(
        assessed(file)
    )


# --- written ----------------------------------------------------------------------------------------------------------

DANGEROUS = [
    "=1+1",
    "+84 321",
    "-x",
    "@sum",
    "\t=1",
    "'=1",
    "''@",
    "＝1",
    '=HYPERLINK("http://x")',
    "'",
    "#REF!",
    "007",
    "1,5",
]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_no_text_becomes_a_formula_and_the_officers_cells_come_back(tmp_path: Path, suffix: str) -> None:
    rows = [[*row(reference=f"KC-{n}", tax_code=code_of(n)), text, text] for n, text in enumerate(DANGEROUS, 10)]
    headings = [*NAMES, "ghi chú", "@ghi chú khác"]
    first = workbook(tmp_path / "a.xlsx", [], headings)
    book = load_workbook(first)
    for number, cells in enumerate(rows, 2):
        for column, value in enumerate(cells, 1):
            cell = book["Sheet1"].cell(number, column, value)
            cell.data_type = "s" if isinstance(value, str) else cell.data_type
    book.save(first)
    out, again = tmp_path / f"b{suffix}", tmp_path / f"c{suffix}"
    write(assessed(first), out, "vi")
    write(assessed(out), again, "vi")
    for file in (out, again):
        kept = [list(one.cells[: len(headings)]) for one in read(file).rows]
        assert [cells[18:] for cells in kept] == [cells[18:] for cells in rows]
    if suffix == ".xlsx":
        cells = [cell for line in load_workbook(out)["Sheet1"].iter_rows(max_col=20) for cell in line]
        assert {cell.data_type for cell in cells} <= {"s", "n"}
    else:
        with out.open(encoding="utf-8-sig", newline="") as opened:
            assert not [cell for line in csv.reader(opened) for cell in line if cell.startswith(tuple("=+-@\t＝"))]


@examples(500)  # few texts begin with a sign that a spreadsheet takes for a formula
@given(st.text())
def test_guarding_a_text_is_undone_by_reading(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert guarded(text)[:1] not in tuple("=+-@\t\r\n")


def test_rows_in_are_rows_out_and_a_result_is_a_register_again(tmp_path: Path) -> None:
    rows = [["SỔ THEO DÕI HỒ SƠ"], NAMES, row(), row(reference="KC-2", cost_vnd="1.200"), ["Tổng", *[None] * 13, 5]]
    source = workbook(tmp_path / "a.xlsx", rows[1:], rows[0])
    result = assessed(source)
    for name in ("b.xlsx", "b.csv"):
        write(result, tmp_path / name)
        again = assessed(tmp_path / name)
        assert again.summary == result.summary
        assert (
            [one.kind for one in again.rows]
            == [one.kind for one in result.rows]
            == ["above", "activity", "activity", "total"]
        )
    write(result, tmp_path / "b.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "b.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(line["row"], line["status"]) for line in lines] == [
        (1, "above"),
        (3, "assessed"),
        (4, "not-assessed"),
        (5, "total"),
    ]
    assert (lines[1]["maximum_vnd"], lines[1]["regulation"], lines[1]["cells"]["cost_vnd"]) == (
        210_000_000,
        "hung-yen-553-2025",
        420_000_000,
    )
    assert lines[2]["remarks"][0]["where"] == ["Sheet1!O4"]


def test_a_workbook_of_several_sheets_is_read_and_written_sheet_by_sheet(tmp_path: Path) -> None:
    more = [NAMES, row(reference="KC-2", tax_code="0900000122")]
    result = assessed(workbook(tmp_path / "a.xlsx", [row()], Summary=more))
    assert list(result.dossiers) == ["KC-1", "KC-2"]
    write(result, tmp_path / "b.xlsx")
    assert load_workbook(tmp_path / "b.xlsx").sheetnames[:3] == ["Sheet1", "Summary", "Summary (2)"]
    assert assessed(tmp_path / "b.xlsx").summary["maximum"] == 420_000_000
    with pytest.raises(
        InputError, match=r"a text file holds one sheet, and the register has several: Sheet1, Summary; write .xlsx or"
    ):
        write(result, tmp_path / "b.csv")
    assert not list(tmp_path.glob("*.csv"))


@pytest.mark.parametrize("title", ["'x'", "Calculation", "SORT(1)", "Hồ sơ 'mới' 2026"])
def test_a_sheet_may_have_any_title(tmp_path: Path, title: str) -> None:
    file = workbook(tmp_path / "a.xlsx", [row()])
    book = load_workbook(file)
    book["Sheet1"].title = title
    book.save(file)
    result = assessed(file)
    assert [one.kind for one in result.findings] == (["sheet-renamed"] if title == "'x'" else [])
    write(result, tmp_path / "b.xlsx")
    again = assessed(tmp_path / "b.xlsx")
    assert (again.register.sheets[0].name, again.summary["maximum"]) == (title.strip("'"), 210_000_000)


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_the_template_is_a_register(tmp_path: Path, lang: Any) -> None:
    """Half of 420 million is 210; 300 - 120 million are left of the cap."""
    template(tmp_path / "t.xlsx", lang)
    untouched = assessed(tmp_path / "t.xlsx")
    assert [one.kind for one in untouched.faults] == ["template-example"] * 2
    assert untouched.summary["maximum"] == 0
    book = load_workbook(tmp_path / "t.xlsx")
    for sheet in book.worksheets[:2]:
        sheet["A2"] = "KC-1"
    book.save(tmp_path / "t.xlsx")
    result = assessed(tmp_path / "t.xlsx")
    assert (result.remarks, result.summary["maximum"], result.summary["assured"]) == ((), 180_000_000, 180_000_000)
    first: Any = load_workbook(tmp_path / "t.xlsx").worksheets[0]
    assert len(first.data_validations.dataValidation) == 13
    assert first["A1"].comment is not None


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx", "out.jsonl"])
def test_an_interrupted_run_leaves_the_old_file_whole(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    result = assessed(csv_file(tmp_path / "a.csv", [row(), row(reference="KC-2")]))
    target = tmp_path / name
    target.write_text("as it was", encoding="utf-8")
    calls: list[int] = []

    def stopped(*_: Any) -> Any:
        calls.append(1)
        raise KeyboardInterrupt

    monkeypatch.setattr(RegisterResult, "status", stopped)
    with pytest.raises(KeyboardInterrupt):
        write(result, target)
    assert calls
    assert target.read_text(encoding="utf-8") == "as it was"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["a.csv", name])


def test_places_are_said_as_officers_find_them() -> None:
    assert Place("O'Neil", 3, 27).says() == "'O''Neil'!AB3"
    assert Place(None, 3, 0).says("vi") == "dòng 3, cột 1"


@given(st.text(max_size=20))
def test_tidy_is_idempotent(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_command_writes_the_result_and_prints_a_summary(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = csv_file(tmp_path / "a.csv", [row(), row(reference="KC-2", cost_vnd="1.200", tax_code="0900000122")])
    target = str(tmp_path / "b.csv")
    assert cli.main(["register", str(source), target, "--lang", "vi"]) == 0
    out, err = capsys.readouterr()
    assert "Tổng mức tối đa (đồng)                        210.000.000 đồng\n" in out
    assert out.endswith(f"ghi vào {target}\n")
    assert err.splitlines() == [
        'kcgrant: dòng 3, cột 15: giá trị "1.200": có thể hiểu là 1.200 hoặc là 1,2; hãy viết kèm đơn vị, ví dụ "1,2 tỷ", hoặc viết đủ số đồng'
    ]
    assert cli.main(["register", str(source), target, "--strict"]) == 1
    out, err = capsys.readouterr()
    assert "Rows that are not blank, the headings left out  2\n" in out
    assert len(err.splitlines()) == 1


def test_the_command_compares_with_another_regulation_and_takes_earlier_support(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The cap of 100 million of Hậu Giang, less 50 million."""
    source = csv_file(tmp_path / "a.csv", [row()])
    prior = csv_file(tmp_path / "p.csv", [["KC-1", "advanced-machinery", "50 triệu"]], ["reference", "norm", "amount_vnd"])
    arguments = ["register", str(source), str(tmp_path / "b.jsonl"), "--prior", str(prior), "--regulation", "hau-giang-2014"]
    assert cli.main([*arguments, "--strict"]) == 0
    capsys.readouterr()
    assert json.loads((tmp_path / "b.jsonl").read_text(encoding="utf-8"))["maximum_vnd"] == 50_000_000


BAD_USAGE = [
    ([], "kcgrant: register: name the register, and the file for the result: IN OUT"),
    (["a.csv", "a.csv"], "kcgrant: a.csv: this file is read as well; name another for the result"),
    (["a.csv", "b.doc"], "kcgrant: b.doc: expected a name that ends in .xlsx, .csv, .jsonl"),
    (["none.csv", "b.csv"], "kcgrant: none.csv: no such file; check the path"),
    (
        [".", "b.csv"],
        "kcgrant: .: a register is a file .xlsx, .xlsm, .xls, .xlsb, .ods, .csv, .txt, .tsv; save it in Excel as .xlsx, or as CSV UTF-8",
    ),
    (["a.csv", "none/b.csv"], "kcgrant: none/b.csv: cannot be written: there is no such folder; make it, or name another"),
    (["--template", "a.csv"], "kcgrant: a.csv: expected a name that ends in .xlsx"),
    (["a.csv", "--template", "a.xlsx"], "kcgrant: register: --template is written alone; leave out IN and OUT"),
]


@pytest.mark.parametrize(("arguments", "says"), BAD_USAGE)
def test_bad_usage_is_told_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    csv_file(tmp_path / "a.csv", [row()])
    assert cli.main(["register", *arguments]) == 2
    assert capsys.readouterr() == ("", says + "\n")
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_the_command_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for room in ("workbook", "pages", "ledger", "blank"):
        monkeypatch.delitem(sys.modules, f"kcgrant.register.{room}", raising=False)
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    assert cli.main(["register", str(csv_file(tmp_path / "a.csv", [row()])), str(tmp_path / "b.xlsx")]) == 2
    assert capsys.readouterr().err.startswith("kcgrant: this needs the extra excel: install kcgrant[excel], as with: ")


def test_progress_is_shown_on_a_terminal_after_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("TERM", "xterm")
    for seconds, seen in ((0.0, False), (1.3, True)):
        terminal = Terminal()
        monkeypatch.setattr(sys, "stderr", terminal)
        with cli_register._progress("vi"):
            for _ in counted("assessing", range(2), 2):
                time.sleep(seconds / 2)
        assert ("đang tính" in terminal.getvalue() and "42%" in terminal.getvalue()) is seen


def test_progress_goes_from_nothing_to_nearly_all_and_never_back(tmp_path: Path) -> None:
    told: list[tuple[str, int]] = []
    file = workbook(tmp_path / "a.xlsx", [row(reference=f"KC-{number}", tax_code=code_of(number)) for number in range(200)])
    with told_to(lambda stage, done: told.append((stage, done))):
        write(assessed(file), tmp_path / "b.xlsx")
    assert list(dict.fromkeys(stage for stage, _ in told)) == ["reading", "understanding", "assessing", "writing"]
    done = [hundredths for _, hundredths in told]
    assert done == sorted(done)
    assert (done[0], done[-1] >= 99) == (0, True)


# --- corners ----------------------------------------------------------------------------------------------------------


def test_days_and_ticks_of_a_workbook_come_out_as_text_that_is_read_again(tmp_path: Path) -> None:
    cells = row(approved_on=datetime(2026, 3, 2), technology_line=False, cost_vnd=420_000_000.0, tax_code=900123452)  # noqa: DTZ001 - as openpyxl writes it
    result = assessed(workbook(tmp_path / "a.xlsx", [[*cells, 1.5, "#N/A"]], [*NAMES, "hệ số", "ghi chú"]))
    for name in ("b.csv", "b.xlsx"):
        write(result, tmp_path / name)
        assert assessed(tmp_path / name).summary == result.summary
    text = (tmp_path / "b.csv").read_text(encoding="utf-8-sig").splitlines()[1]
    assert text.startswith("KC-1,2026-03-02,Cơ khí Hùng Phát,hung-yen,900123452,")
    assert ",420000000,FALSE,có,có,hung-yen,1.5,#N/A," in text
    assert [one.kind for one in result.findings] == ["unknown-heading", "unreadable", "lost-zero"]


def test_what_is_no_tax_code_is_a_fault_and_a_wrong_check_digit_is_reported(tmp_path: Path) -> None:
    result = assessed(
        csv_file(
            tmp_path / "a.csv",
            [row(tax_code="12345"), row(reference="B", tax_code="0900123456", establishment="B", activity="b")],
        )
    )
    assert faults(result) == [
        'line 2, column 5: given "12345"; expected a tax code of 10 digits, of 13 with its branch, or a personal id of 12 digits'
    ]
    assert [one.text.en for one in result.findings] == [
        '"0900123456": the last digit does not check the others; typed wrongly?'
    ]


def test_a_workbook_with_a_damaged_part_is_refused(tmp_path: Path) -> None:
    source, target = workbook(tmp_path / "a.xlsx", [row()]), tmp_path / "b.xlsx"
    with zipfile.ZipFile(source) as packed, zipfile.ZipFile(target, "w") as spoiled:
        for name in packed.namelist():
            content = packed.read(name)
            spoiled.writestr(name, content[: len(content) // 2] if name.endswith("sheet1.xml") else content)
    with pytest.raises(
        InputError, match=r"the workbook is damaged and cannot be read \(.*\); open it in Excel and save it anew"
    ):
        read(target)


def test_files_too_large_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_BYTES", 100)
    with pytest.raises(InputError, match=r"larger than 0 MiB; not read"):
        read(csv_file(tmp_path / "a.csv", [row()]))
    monkeypatch.setattr(proving, "MOST_UNPACKED", 100)
    with pytest.raises(InputError, match="too large for a register; not read"):
        read(workbook(tmp_path / "a.xlsx", [row()]))


def test_cells_far_to_the_right_are_refused_in_a_workbook(tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", [[*row(), *[None] * 600, "x"]])
    with pytest.raises(InputError, match=r"Sheet1!WV2 is filled in; a register has at most 500 columns"):
        read(file)


def test_a_text_longer_than_a_cell_is_a_fault(tmp_path: Path) -> None:
    result = assessed(csv_file(tmp_path / "a.csv", [row(activity="x" * 40_000)]))
    assert faults(result) == ["line 2, column 14: 40,000 characters, more than a cell can hold (32,767)"]


def test_questions_name_the_cell_or_the_dossier_that_answers_them(tmp_path: Path) -> None:
    rows = [row(technology_line=""), row(reference="KC-2", technology_line="x", activity="Máy hàn", cost_vnd="800 triệu")]
    prior: list[list[Any]] = [["reference", "norm", "amount_vnd"], ["KC-1", "advanced-machinery", 5_000_000]]
    result = assessed(workbook(tmp_path / "a.xlsx", rows, prior_support=prior))
    write(result, tmp_path / "b.xlsx")
    sheet: Any = load_workbook(tmp_path / "b.xlsx")["Questions"]
    asked = [
        (line[0].value, line[2].value, str(line[3].value).split(",")[0], str(line[3].value)[-6:])
        for line in sheet.iter_rows(min_row=3)
    ]
    assert asked == [
        ("KC-2", "–", "Was earlier support 1", "(KC-1)"),  # the 5 million listed for KC-1
        ("KC-2", "–", "Was earlier support 2", "(KC-1)"),  # what KC-1 may receive itself
    ]
    # Of 400, what is left of the raised cap, 450 - 215 = 235 million, or of the cap, 300 - 215 = 85.
    assert (result.dossiers["KC-2"].maximum_vnd, result.dossiers["KC-2"].assured_vnd) == (235_000_000, 85_000_000)
    assert result.beside(result.rows[1])["questions"] == "prior_support: Technology line"


def test_every_heading_that_a_run_writes_is_known_to_the_next() -> None:
    """In both languages, and as earlier versions wrote it: the columns are written anew, and are none of the officer's."""
    written = [say(english, lang) for english in form.RESULTS.values() for lang in get_args(Lang)]
    assert {folded(one) for one in [*written, "Lỗi và điều cần lưu ý", "Faults and findings"]} <= form.RESULT_HEADINGS


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        (
            "TT,Tên cơ sở,Nội dung,Chi phí (triệu đồng),Điểm,Ghi gì đó",
            "line 1: thiếu các cột “Ngày phê duyệt kế hoạch”, “Tỉnh”, “Nội dung hỗ trợ”; các tiêu đề không nhận ra: "
            '"Nội dung", "Ghi gì đó". Nội dung giống nhau ở mọi dòng có thể nêu bằng --province và --approved-on',
        ),
        (
            "TT,Tên cơ sở,Nội dung hỗ trợ,Chi phí (triệu đồng),Điểm",
            "line 1: thiếu các cột “Ngày phê duyệt kế hoạch”, “Tỉnh”; các tiêu đề không nhận ra: không có. "
            "Nội dung giống nhau ở mọi dòng có thể nêu bằng --province và --approved-on",
        ),
        (
            "TT,Tên cơ sở,Nội dung hỗ trợ,Chi phí (triệu đồng),Chi phí (triệu đồng)",
            "line 1, column 5: cột “Chi phí (đồng)” có hai lần, lần đầu tại line 1, column 4; "
            "hãy giữ lại một cột hoặc đổi tên",
        ),
    ],
)
def test_an_officer_is_told_of_columns_by_their_headings(tmp_path: Path, heading: str, said: str) -> None:
    """Points are no heading that is not recognised: a plan reads them."""
    path = tmp_path / "a.csv"
    path.write_text(f"{heading}\n1,Cơ sở A,Máy,850,80,x\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read(path)
    assert caught.value.faults[0].line("vi").endswith(said)
