"""Lists as officers keep them: every file of tests/data/registers is read as the guide says, with amounts worked out by hand.

In most of them three dossiers stand for the same facts (a machine, not a line, all conditions met): 50% of 850.5 million is
over the cap of 300, 50% of 420 is 210, 50% of 1,250 is over the cap again; 300 + 210 + 300 = 810 million.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from kcgrant import InputError, cli
from kcgrant.register import RegisterResult, assess_register, read, write
from kcgrant.register.layouts import money, unit_of_format, unit_of_line
from registers import NAMES, assessed, code_of, csv_file, row, workbook

FILES = Path(__file__).parent / "data" / "registers"
GUIDE = Path(__file__).parents[1] / "docs" / "so-theo-doi.md"
M = 10**6
REALISTIC: dict[str, Any] = {"province": "hung-yen", "approved_on": date(2026, 3, 5)}

TABLE = re.findall(
    r"^\| `([^`]+)` \| ([^|]+) \| (\d+) \| (\d+) \| ([\d.]+) \| ([^|]*) \|$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE
)


def kinds(result: RegisterResult, kind: str) -> list[str]:
    return [one.line("vi") for one in result.remarks if one.kind == kind]


@pytest.mark.parametrize("line", TABLE, ids=[line[0] for line in TABLE])
def test_a_list_is_read_as_the_guide_says(line: tuple[str, ...]) -> None:
    name, about, dossiers, computed, maximum, cells = line
    result = assess_register(read(FILES / name, **(REALISTIC if "--province" in about else {})))
    summary = result.summary
    assert (summary["dossiers"], summary["dossiers-assessed"]) == (int(dossiers), int(computed))
    assert summary["maximum"] == int(maximum.replace(".", ""))
    named = [place.says("vi").rpartition("!")[2] for one in result.faults for place in one.places]
    assert named == [cell for cell in cells.strip().split(", ") if cell not in ("–", "")]


def test_the_guide_lists_every_file() -> None:
    numbered = {file.name for file in FILES.iterdir() if file.name[:2].isdigit()}
    assert {line[0] for line in TABLE} == numbered


def test_the_realistic_list_gives_each_dossier_the_ceiling_of_its_facts() -> None:
    """By hand: machinery 50% up to 450 million (a line is not ruled out), models 30% up to 1,000, replication up to 100, cleaner
    production 30% up to 500; what earlier dossiers of a tax code may take is taken from the 450."""
    result = assess_register(read(FILES / "01-danh-muc-thuc-te.xlsx", **REALISTIC))
    expected, group, used = {}, "", dict[Any, int]()
    sheet: Any = load_workbook(FILES / "01-danh-muc-thuc-te.xlsx").worksheets[0]
    for number, _, _, _, code, _, cost, *_ in sheet.iter_rows(min_row=9, max_row=52, values_only=True):
        if code is None:
            group = number
            continue
        cost_vnd = round(cost * M)
        share, cap = {"I": (cost_vnd // 2, 450 * M), "II": (cost_vnd * 3 // 10, 1000 * M)}.get(
            group, (cost_vnd, 100 * M) if group == "III" else (cost_vnd * 3 // 10, 500 * M)
        )
        taken = used.get(code, 0) if group == "I" else 0
        expected[f"{group}.{number}"] = min(share, cap - taken)
        used[code] = taken + expected[f"{group}.{number}"] if group == "I" else taken
    assert len(expected) == 40
    assert {name: one.maximum_vnd for name, one in result.dossiers.items()} == expected
    assert result.faults == []
    assert kinds(result, "requested-above") == [
        "'Biểu 01'!26: đề nghị 300.000.000, cao hơn mức tối đa 50.000.000 là 250.000.000"
    ]
    assert [one.partition("!")[2] for one in [*kinds(result, "total-row"), *kinds(result, "left-out")]] == [
        "B53: dòng tổng cộng, không phải hồ sơ; không tính",
        '55: không phải hồ sơ: "NGƯỜI LẬP BIỂU, GIÁM ĐỐC"; không tính',
    ]
    assert len(kinds(result, "group")) == 4


def test_how_a_list_is_read_is_shown_and_nothing_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    flags = ["--province", "Hưng Yên", "--approved-on", "05/03/2026", "--lang", "vi"]
    assert cli.main(["register", str(FILES / "01-danh-muc-thuc-te.xlsx"), *flags]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Nội dung có thể làm thay đổi số tiền\n")
    assert "C: Đơn vị thụ hưởng – Tên cơ sở CNNT            Tên cơ sở\n" in out
    assert "G: Kinh phí thực hiện – Tổng số                 Chi phí (đồng), đơn vị triệu đồng, ghi tại 'Biểu" in out
    assert list(tmp_path.iterdir()) == []


# --- units ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        ("ĐVT: triệu đồng", "triệu đồng"), ("Đơn vị tính: nghìn đồng", "nghìn đồng"), ("(ĐVT: 1.000 đồng)", "nghìn đồng"),
        ("Đơn vị: Tr.đ", "triệu đồng"), ("đvt: đồng", "đồng"), ("ĐVT: tỷ đồng", "tỷ đồng"), ("ĐVT: cái", None), ("triệu đồng", None),
        ("Đơn vị: Đông Hưng", None), ("Đơn vị: Đồng Tiến", None), ("Đơn vị: Triệu Sơn", None), ("Đơn vị thụ hưởng: Tỷ Phú", None),
    ],
)  # fmt: skip
def test_the_unit_of_a_line_above_the_headings(line: str, unit: str | None) -> None:
    assert unit_of_line(line) == unit


@pytest.mark.parametrize(
    "said",
    ["Chi phí (tr.đ)", "Chi phí (triệu đồng)", "Chi phí, ĐVT: triệu đồng", "CHI PHÍ (Tr đ)", "Tổng kinh phí [triệu đồng]"],
)
def test_the_unit_of_a_heading(tmp_path: Path, said: str) -> None:
    """50% of 850.5 million, over the cap."""
    headings = [said if name == "cost_vnd" else name for name in NAMES]
    result = assessed(workbook(tmp_path / "a.xlsx", [row(cost_vnd=420.5)], headings))
    assert result.dossiers["KC-1"].maximum_vnd == 210_250_000


def test_the_unit_of_the_format_of_cells(tmp_path: Path) -> None:
    assert unit_of_format('#,##0.0" triệu"') == "triệu đồng"
    book = Workbook()
    sheet: Any = book.active
    sheet.append(["Chi phí" if name == "cost_vnd" else name for name in NAMES])
    sheet.append(row(cost_vnd=420.5))
    sheet.cell(2, NAMES.index("cost_vnd") + 1).number_format = '#,##0.0" triệu"'
    book.save(tmp_path / "a.xlsx")
    assert assessed(tmp_path / "a.xlsx").dossiers["KC-1"].maximum_vnd == 210_250_000


UNSTATED = ["Chi phí" if name == "cost_vnd" else name for name in NAMES]


def test_an_amount_under_a_million_is_a_fault_unless_the_unit_is_stated(tmp_path: Path) -> None:
    file = csv_file(tmp_path / "a.csv", [row(cost_vnd="850")], UNSTATED)
    (said,) = assessed(file).faults
    assert said.line("vi") == (
        'dòng 2, cột 15: "850": trong sổ này chưa nêu đơn vị; ghi “ĐVT: triệu đồng” phía trên tiêu đề cột, hoặc --unit'
    )
    for unit, maximum in (("triệu đồng", 300 * M), ("đồng", 425), ("nghìn đồng", 425_000)):
        assert assess_register(read(file, unit=unit)).dossiers["KC-1"].maximum_vnd == maximum
    assert assessed(csv_file(tmp_path / "b.csv", [row(cost_vnd="850 đồng")], UNSTATED)).dossiers["KC-1"].maximum_vnd == 425


def test_units_that_contradict_each_other_are_refused_with_both(tmp_path: Path) -> None:
    headings = ["Chi phí (nghìn đồng)" if name == "cost_vnd" else name for name in NAMES]
    file = workbook(tmp_path / "a.xlsx", [headings, row(cost_vnd=850)], ["ĐVT: triệu đồng", *[None] * (len(NAMES) - 1)])
    with pytest.raises(InputError) as refused:
        read(file)
    assert refused.value.faults[0].text.vi == (
        "cùng một cột số tiền mà có hai đơn vị, nghìn đồng (Sheet1!O2), triệu đồng (Sheet1!A1); hãy giữ lại một"
    )
    with pytest.raises(InputError, match=r"two units for the same amounts, nghìn đồng .*, tỷ đồng"):
        read(csv_file(tmp_path / "b.csv", [row(cost_vnd=850)], headings), unit="tỷ đồng")
    with pytest.raises(InputError, match='--unit: given "dollars"; known: đồng, nghìn đồng, triệu đồng, tỷ đồng'):
        read(file, unit="dollars")


def test_an_amount_that_can_hardly_be_meant_in_the_unit_of_the_list_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        money(850_500_000, "triệu đồng")
    assert refused.value.faults[0].text.vi == (
        "850500000 tính theo triệu đồng là 850.500.000.000.000 đồng; nếu ô này dùng đơn vị khác, hãy ghi đơn vị ngay trong ô, "
        "ví dụ “850.500.000 đồng”"
    )


# --- rows -------------------------------------------------------------------------------------------------------------


def test_groups_give_the_norm_and_the_first_part_of_the_reference(tmp_path: Path) -> None:
    """30% of 1,000 million for a model; 50% of 420 for a machine."""
    headings = ["TT", "Tên cơ sở", "Mã số thuế", "Chi phí (triệu đồng)"]
    rows: list[list[Any]] = [
        ["A", "Đề án khuyến công địa phương", None, None],
        ["I", "Mô hình trình diễn kỹ thuật", None, 1000],
        [1, "HTX Một", code_of(1), 1000],
        ["II", "Ứng dụng máy móc, thiết bị tiên tiến", None, None],
        [1, "HTX Hai", code_of(2), 420],
        [None, "Cộng", None, 1420],
    ]
    result = assess_register(read(workbook(tmp_path / "a.xlsx", rows, headings), **REALISTIC))
    assert {name: one.maximum_vnd for name, one in result.dossiers.items()} == {"A.I.1": 300 * M, "A.II.1": 210 * M}
    assert result.faults == []


def test_a_dossier_whose_cost_is_missing_is_a_fault_and_no_title(tmp_path: Path) -> None:
    result = assessed(workbook(tmp_path / "a.xlsx", [row(), row(reference="KC-2", tax_code=code_of(2), cost_vnd=None)]))
    assert [one.kind for one in result.faults] == ["missing"]
    assert result.dossiers["KC-2"].assessment is None


def test_an_amount_that_several_rows_share_in_a_merged_cell_counts_for_none(tmp_path: Path) -> None:
    book = Workbook()
    sheet: Any = book.active
    for cells in (NAMES, row(), row(activity="Máy hàn", cost_vnd=None)):
        sheet.append(cells)
    sheet.merge_cells("O2:O3")
    book.save(tmp_path / "a.xlsx")
    result = assessed(tmp_path / "a.xlsx")
    assert kinds(result, "merged-cells") == [
        "Sheet!O2, Sheet!O3: số tiền trong ô gộp O2:O3 là của nhiều dòng; hãy bỏ gộp và ghi số tiền của từng dòng"
    ]
    assert result.dossiers["KC-1"].assessment is None


def test_what_is_struck_through_is_withdrawn_and_said(tmp_path: Path) -> None:
    book = Workbook()
    sheet: Any = book.active
    for cells in (NAMES, row(), row(reference="KC-2", tax_code=code_of(2))):
        sheet.append(cells)
    for cell in sheet[3]:
        cell.font = Font(strike=True)
    book.save(tmp_path / "a.xlsx")
    result = assessed(tmp_path / "a.xlsx")
    assert list(result.dossiers) == ["KC-1"]
    assert kinds(result, "withdrawn") == ["Sheet!3: dòng bị gạch ngang: đã rút; không tính"]


# --- earlier support, reasons, what is given --------------------------------------------------------------------------


def test_earlier_support_of_an_establishment_counts_for_its_dossiers_without_their_references(tmp_path: Path) -> None:
    """300 - 120 = 180 million are left for the first of 420 (210 at most); nothing is left for the second."""
    register = csv_file(tmp_path / "a.csv", [row(), row(reference="KC-2", approved_on="05/05/2026", activity="Máy hàn")])
    headings = ["Tên cơ sở", "Mã số thuế", "Nội dung hỗ trợ", "Số tiền đã hỗ trợ (triệu đồng)", "Ngày hỗ trợ"]
    entries = [
        ["CƠ KHÍ HÙNG PHÁT", "0900123452", "Ứng dụng MMTB tiên tiến", "120", "30/06/2025"],
        ["Ai đó", code_of(9), "Ứng dụng MMTB tiên tiến", "50", "30/06/2025"],
    ]
    result = assess_register(read(register, csv_file(tmp_path / "b.csv", entries, headings)))
    assert {name: one.maximum_vnd for name, one in result.dossiers.items()} == {"KC-1": 180 * M, "KC-2": 0}
    assert kinds(result, "prior-of-others") == [
        "'b.csv'!3: khoản hỗ trợ trước đây của \"Ai đó\", cơ sở không có hồ sơ trong sổ này; không tính"
    ]


def test_every_zero_has_its_reason_in_the_row(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        row(kind="doanh nghiệp lớn"),
        row(reference="KC-2", tax_code=code_of(2), establishment="B", cost_vnd=900 * M, activity="b"),
        row(reference="KC-3", tax_code=code_of(2), establishment="B", approved_on="05/05/2026", activity="c"),
    ]
    result = assessed(csv_file(tmp_path / "a.csv", rows))
    first, _, third = [result.beside(one, "vi") for one in result.rows]
    assert first["binding"] == "không đủ điều kiện: loại hình cơ sở: doanh nghiệp lớn [Nghị định 235/2025/NĐ-CP]"
    assert str(third["binding"]).endswith(
        "đã dùng hết mức trần; xem phần mức trần hồ sơ trước đã dùng và khoản đã hỗ trợ trước đây"
    )
    assert third["used_by_earlier"] == (
        "KC-2: tối đa 300.000.000 đồng thuộc mức trần Máy móc thiết bị tiên tiến, chuyển giao công nghệ"
    )


def test_what_is_given_for_all_rows_fills_what_is_blank_and_is_said(tmp_path: Path) -> None:
    cells = [
        row(province="", approved_on="", kind="", establishment="HTX A"),
        row(reference="KC-2", tax_code=code_of(2), kind=""),
    ]
    file = csv_file(tmp_path / "a.csv", cells)
    result = assess_register(read(file, province="hung-yen", approved_on=date(2026, 3, 5), kind_from_name=True))
    assert [one.approved_on for one in result.dossiers.values()] == [date(2026, 3, 5), date(2026, 3, 2)]
    assert [str(one.verdict) for one in result.dossiers.values()] == ["eligible", "undetermined"]
    assert [one.partition(": ")[2] for one in kinds(result, "given")] == [
        "Tỉnh: Hưng Yên, nêu bằng --province cho 1 dòng",
        "Ngày phê duyệt kế hoạch: 05/03/2026, nêu bằng --approved-on cho 1 dòng",
        "loại hình cơ sở suy từ tên, theo --kind-from-name, cho 1 dòng",
    ]


ANSWERS = {
    "Thành lập hợp pháp": "có",
    "trực tiếp đầu tư sản xuất": "x",
    "Loại hình cơ sở": "HTX",
    "Ngành nghề": "tiểu thủ công nghiệp",
    "own_capital_committed": "có",
    "Đã có nguồn Nhà nước khác": "không",
    "Dây chuyền công nghệ": "không",
}


def test_an_answer_for_all_rows_is_that_of_the_rows_which_state_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Half of 400 million is assured once all is stated; the second row says itself that its capital is not committed."""
    blank = dict.fromkeys(("kind", "lawfully_established", "direct_producer", "sector", "own_capital_committed"))
    blank |= dict.fromkeys(("other_state_support", "technology_line"))
    stated = {"reference": "KC-2", "tax_code": code_of(2), "establishment": "Khác", "own_capital_committed": "không"}
    rows = row(**blank, cost_vnd="400 triệu"), row(**{**blank, **stated, "cost_vnd": "400 triệu"})
    file, out = csv_file(tmp_path / "so.csv", rows, separator=";"), tmp_path / "out.csv"
    flags = [word for heading, answer in ANSWERS.items() for word in ("--for-all", f"{heading}={answer}")]
    assert cli.main(["register", str(file), str(out), "--lang", "vi", *flags]) == 0
    lines = out.read_text(encoding="utf-8-sig").splitlines()
    assert [";200000000;200000000;" in lines[1], ";0;0;" in lines[2]] == [True, True]
    capsys.readouterr()
    assert cli.main(["register", str(file), "--lang", "vi", *flags]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "Cam kết vốn đối ứng: có, nêu bằng --for-all cho 1 dòng" in shown
    assert "Loại hình cơ sở: hợp tác xã, nêu bằng --for-all cho 2 dòng" in shown
    plan = ["plan", str(file), "--budget", "1 tỷ", "--policy", "pro-rata", "--lang", "vi", *flags]
    assert cli.main(plan) == 0
    assert "200.000.000" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        (
            ["Thành lập=có"],
            "Thành lập: cần viết TIÊU ĐỀ=TRẢ LỜI, mỗi tiêu đề một lần; các tiêu đề: Loại hình cơ sở, Thành lập hợp",
        ),
        (["Chi phí=1 tỷ"], "Chi phí: cần viết TIÊU ĐỀ=TRẢ LỜI"),
        (["Thành lập hợp pháp"], "Thành lập hợp pháp: cần viết TIÊU ĐỀ=TRẢ LỜI"),
        (["Địa bàn=xã", "area=xã"], "area: cần viết TIÊU ĐỀ=TRẢ LỜI, mỗi tiêu đề một lần"),
        (["Địa bàn=hành tinh khác"], 'Địa bàn: giá trị "hành tinh khác"; hãy chọn trong danh sách ở mẫu'),
    ],
)
def test_an_answer_for_all_rows_that_is_none_is_refused(
    stated: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flags = [word for one in stated for word in ("--for-all", one)]
    file = csv_file(tmp_path / "so.csv", [row()])
    assert cli.main(["register", str(file), str(tmp_path / "out.csv"), "--lang", "vi", *flags]) == 2
    assert capsys.readouterr().err.startswith(f"kcgrant: --for-all {told}")
    assert not (tmp_path / "out.csv").exists()


def test_the_notes_of_an_application_reach_its_row_and_late_support_is_named(tmp_path: Path) -> None:
    prior: list[list[Any]] = [
        ["Số hồ sơ", "Nội dung hỗ trợ", "Số tiền (đồng)", "Ngày hỗ trợ"],
        ["KC-1", "advanced-machinery", 1000, "30/06/2027"],
    ]
    result = assessed(workbook(tmp_path / "a.xlsx", [row(cost_vnd=500_000)], prior_support=prior))
    assert [one.partition(": ")[2] for one in kinds(result, "note")] == [
        "Hạng mục 1 có chi phí 500.000 đồng, chưa tới một triệu. Có phải ý bạn là triệu đồng?"
    ]
    assert len(kinds(result, "support-not-earlier")) == 1


def test_one_item_under_two_norms_is_named(tmp_path: Path) -> None:
    result = assessed(csv_file(tmp_path / "a.csv", [row(), row(norm="demonstration-model")]))
    assert kinds(result, "two-norms") == [
        "dòng 2, dòng 3: cùng một hạng mục và chi phí của một cơ sở ghi ở nhiều nội dung hỗ trợ (advanced-machinery, "
        "demonstration-model); mỗi hạng mục chỉ được hỗ trợ một lần"
    ]


@pytest.mark.parametrize("flag", ["--budget", "--floor", "--committed"])
def test_an_amount_of_a_plan_without_a_unit_is_refused(
    flag: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = csv_file(tmp_path / "a.csv", [row()])
    given = {"--budget": "4 tỷ"} | {flag: "4200"}
    words = [word for pair in given.items() for word in pair]
    assert cli.main(["plan", str(file), "--policy", "pro-rata", *words]) == 2
    assert capsys.readouterr().err == f"kcgrant: {flag}: given 4200; write the unit, such as “4200 triệu” or “4200 đồng”\n"


# --- what was read wrong once -----------------------------------------------------------------------------------------

PLAIN = ["TT", "Tên cơ sở", "Địa chỉ", "Tổng kinh phí", "KP khuyến công đề nghị"]
WITH_NORM = ["TT", "Tên cơ sở", "Địa chỉ", "Nội dung hỗ trợ", "Tổng kinh phí", "KP khuyến công đề nghị"]
MACHINES, MODEL, MILLIONS = "Ứng dụng máy móc thiết bị tiên tiến", "Mô hình trình diễn kỹ thuật", ["ĐVT: triệu đồng"]


def listed(tmp_path: Path, *rows: Sequence[Any], merged: str = "") -> RegisterResult:
    book = Workbook()
    sheet: Any = book.active
    for cells in rows:
        sheet.append(cells)
    if merged:
        sheet.merge_cells(merged)
    book.save(tmp_path / "a.xlsx")
    return assess_register(read(tmp_path / "a.xlsx", **REALISTIC))


def ceilings(result: RegisterResult) -> dict[str, int | None]:
    return {name: one.maximum_vnd for name, one in result.dossiers.items()}


@pytest.mark.parametrize(
    "said",
    ["Danh sách năm 2026 (ĐVT: nghìn đồng)", "Đơn vị tính: nghìn đồng; thời gian: năm 2026", "Nghìn đồng", "(1.000 đ)"],
)
def test_a_unit_inside_a_title_or_alone_above_the_headings_is_read(tmp_path: Path, said: str) -> None:
    """50% of 850,000 thousand."""
    result = listed(tmp_path, [said], WITH_NORM, [1, "HTX Một", "xã A", MACHINES, 850_000, 300_000])
    assert ceilings(result) == {"1": 425 * M}


def test_a_row_of_units_below_the_headings_is_read(tmp_path: Path) -> None:
    units = [None, None, None, None, "(nghìn đồng)", "(nghìn đồng)"]
    assert ceilings(listed(tmp_path, WITH_NORM, units, [1, "HTX Một", "xã A", MACHINES, 850_000, 300_000])) == {"1": 425 * M}


def test_the_share_of_the_programme_is_never_taken_for_the_cost(tmp_path: Path) -> None:
    upper = ["TT", "Tên cơ sở", "Nội dung hỗ trợ", "Kinh phí khuyến công hỗ trợ", None]
    with pytest.raises(InputError, match=r"the columns cost_vnd"):
        listed(
            tmp_path,
            MILLIONS,
            upper,
            [None, None, None, "Tổng số", "Năm 2026"],
            [1, "HTX Một", MACHINES, 300, 300],
            merged="D2:E2",
        )
    upper = ["TT", "Tên cơ sở", "Nội dung hỗ trợ", "Kinh phí", None, None]
    lower = [None, None, None, "KC quốc gia", "KC địa phương", "Khác"]
    with pytest.raises(InputError, match=r"the columns cost_vnd"):
        listed(tmp_path, MILLIONS, upper, lower, [1, "HTX Một", MACHINES, 300, 0, 550], merged="D2:F2")


def test_a_second_table_with_other_columns_or_another_unit_is_a_fault(tmp_path: Path) -> None:
    first = [1, "HTX Một", "xã A", MACHINES, 850, 300]
    swapped = [*WITH_NORM[:4], WITH_NORM[5], WITH_NORM[4]]
    for between, second in ((["Bảng 2"], swapped), (["Bảng 2. ĐVT: nghìn đồng"], WITH_NORM)):
        result = listed(tmp_path, MILLIONS, WITH_NORM, first, between, second, [2, "HTX Hai", "xã B", MACHINES, 300, 1000])
        assert ceilings(result) == {"1": 425 * M, "2": None}
        assert [one.kind for one in result.faults] == ["second-table"]


def test_contents_that_are_no_norm_take_none_from_the_group_above(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["I", MODEL],
        [1, "HTX Một", "xã A", 1000, 300],
        ["II", "Đào tạo nghề lao động"],
        [1, "HTX Hai", "xã A", 100, 100],
    ]
    result = listed(tmp_path, MILLIONS, PLAIN, *rows)
    assert ceilings(result) == {"I.1": 300 * M, "II.1": None}
    result = listed(tmp_path, MILLIONS, PLAIN, [None, MODEL], *rows[1:2], [None, "Đào tạo nghề"], rows[3])
    assert list(ceilings(result).values()) == [300 * M, None]


def test_a_dossier_is_no_group_though_its_number_and_its_name_look_like_one(tmp_path: Path) -> None:
    headings = ["TT", "Tên đề án", "Tên cơ sở", "Tổng kinh phí"]
    rows: list[list[Any]] = [
        ["I", MACHINES, None, None],
        ["I.1", f"{MACHINES} trong sản xuất gạch", "HTX Một", 850],
        ["II", MODEL, None, None],
    ]
    result = listed(tmp_path, MILLIONS, headings, *rows, ["II.1", "Xây dựng mô hình sấy", "HTX Ba", 1000])
    assert ceilings(result) == {"I.1": 425 * M, "II.1": 300 * M}
    firm = ["A", "Công ty CP Ứng dụng máy móc thiết bị tiên tiến", "xã B", 1000, 300]
    assert ceilings(listed(tmp_path, MILLIONS, PLAIN, ["I", MODEL], firm)) == {"I.A": 300 * M}


def test_names_streets_and_notes_that_begin_like_a_total_are_none(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        [1, "HTX Một", "Tổng Phan, Ân Thi", 600, 300],
        [2, "Tổng Cty CP May", "xã B", 600, 300],
        [3, "Cộng Lực HTX", "Cộng Hòa", 600, 300],
    ]
    result = listed(tmp_path, MILLIONS, PLAIN, ["I", MODEL], *rows, [None, "Tổng cộng", None, 1800, 900])
    assert ceilings(result) == {"I.1": 180 * M, "I.2": 180 * M, "I.3": 180 * M}
    assert len(kinds(result, "total-row")) == 1


def test_the_sum_of_a_dossier_of_several_items_is_no_item(tmp_path: Path) -> None:
    """Half of 500 + 150."""
    headings = ["TT", "Tên cơ sở", "Nội dung hỗ trợ", "Hạng mục", "Tổng kinh phí"]
    items = [[1, "HTX Một", MACHINES, name, cost] for name, cost in (("Máy cắt", 500), ("Máy hàn", 150), ("Cộng", 650))]
    assert ceilings(listed(tmp_path, MILLIONS, headings, *items)) == {"1": 325 * M}


def test_letters_and_roman_numbers_are_levels_of_their_own(tmp_path: Path) -> None:
    one = [1, "HTX Một", "xã A", 1000, 300]
    groups: list[list[Any]] = [
        ["A", MODEL],
        one,
        ["B", MODEL],
        [1, "HTX Hai", *one[2:]],
        ["C", MODEL],
        [1, "HTX Ba", *one[2:]],
    ]
    assert list(ceilings(listed(tmp_path, MILLIONS, PLAIN, *groups))) == ["A.1", "B.1", "C.1"]


def test_numbers_that_begin_anew_in_an_unnumbered_group_or_on_another_sheet_are_other_dossiers(tmp_path: Path) -> None:
    one, other = [1, "HTX Một", "xã A", 1000, 300], [1, "HTX Hai", "xã A", 600, 300]
    assert sorted(
        map(str, ceilings(listed(tmp_path, MILLIONS, PLAIN, [None, MODEL], one, [None, MACHINES], other)).values())
    ) == sorted(map(str, [300 * M, 300 * M]))
    book = load_workbook(tmp_path / "a.xlsx")
    book.copy_worksheet(book.worksheets[0]).title = "Đợt 2"
    book.save(tmp_path / "a.xlsx")
    assert len(assess_register(read(tmp_path / "a.xlsx", **REALISTIC)).dossiers) == 4


def test_one_row_without_a_norm_does_not_refuse_the_list(tmp_path: Path) -> None:
    result = listed(
        tmp_path, MILLIONS, PLAIN, [1, "HTX Một", "xã A", 600, 300], ["I", MODEL], [1, "HTX Hai", "xã A", 1000, 300]
    )
    assert ceilings(result) == {"1": None, "I.1": 300 * M}
    assert [one.kind for one in result.faults] == ["missing"]


def test_an_amount_too_large_for_a_list_in_millions_is_a_fault_and_a_request_above_the_cost_is_named(tmp_path: Path) -> None:
    result = listed(
        tmp_path,
        MILLIONS,
        WITH_NORM,
        [1, "HTX Một", "xã A", MACHINES, 50_000, 300],
        [2, "HTX Hai", "xã A", MACHINES, 1, 250],
    )
    assert ceilings(result) == {"1": None, "2": 500_000}
    assert len(kinds(result, "requested-above-cost")) == 1


# --- answers ----------------------------------------------------------------------------------------------------------


def test_answers_typed_on_the_sheet_of_questions_are_taken_said_and_kept(tmp_path: Path) -> None:
    """With its kind and its own share answered, the former province is open: 50% of 850.5 million, the cap of 300 binds."""
    result = assess_register(read(FILES / "46-tra-loi-o-trang-cau-hoi.xlsx"))
    assert (result.dossiers["KC-1"].maximum_vnd, str(result.dossiers["KC-1"].verdict)) == (300 * M, "undetermined")
    assert kinds(result, "answer") == [
        "'Cần hỏi thêm'!E3, 'Danh mục'!F2: Loại hình cơ sở: \"doanh nghiệp nhỏ và vừa\", theo câu trả lời ở đây; đã ghi vào ô của dòng hồ sơ",
        "'Cần hỏi thêm'!E4, 'Danh mục'!J2: Cam kết vốn đối ứng: \"có\", theo câu trả lời ở đây; đã ghi vào ô của dòng hồ sơ",
    ]
    write(result, tmp_path / "b.xlsx", "vi")
    again = assess_register(read(tmp_path / "b.xlsx"))
    assert again.dossiers["KC-1"].maximum_vnd == 300 * M
    assert kinds(again, "answer") == []


@pytest.mark.parametrize(
    ("answer", "fault", "assured"),
    [("doanh nghiệp lớn", None, 0), ("có lẽ", "hãy chọn trong danh sách ở mẫu", 0), ("HTX", None, 0)],
)
def test_an_answer_counts_as_the_cell_would(tmp_path: Path, answer: str, fault: str | None, assured: int) -> None:
    """One of two questions answered leaves the other open, so that nothing is sure; no cooperative is refused, no large firm taken."""
    book = load_workbook(FILES / "46-tra-loi-o-trang-cau-hoi.xlsx")
    book["Cần hỏi thêm"]["E3"], book["Cần hỏi thêm"]["E4"] = answer, None
    book.save(tmp_path / "a.xlsx")
    result = assess_register(read(tmp_path / "a.xlsx"))
    dossier = result.dossiers["KC-1"]
    assert dossier.assured_vnd == assured
    assert dossier.maximum_vnd == (0 if answer == "doanh nghiệp lớn" else 300 * M)
    said = [one.text.vi for one in result.faults if one.kind == "answer"]
    assert (fault in said[0]) if fault else said == []


def test_an_answer_that_contradicts_its_row_is_a_fault(tmp_path: Path) -> None:
    book = load_workbook(FILES / "46-tra-loi-o-trang-cau-hoi.xlsx")
    book["Danh mục"]["F2"] = "HTX"
    book.save(tmp_path / "a.xlsx")
    result = assess_register(read(tmp_path / "a.xlsx"))
    assert result.dossiers["KC-1"].assessment is None
    assert [one.text.vi for one in result.faults if one.kind == "answer"] == [
        'Loại hình cơ sở: câu trả lời "doanh nghiệp nhỏ và vừa" trái với dòng hồ sơ; hãy sửa một trong hai'
    ]


@pytest.mark.parametrize(
    "above", [["A", "B", "C", "D", "E", "F"], ["Đ"], ["xã Đông"], ["Đơn vị: Đông Hưng"], ["Đơn vị: Đồng Tiến"]]
)
def test_letters_of_columns_and_names_of_places_are_no_unit(tmp_path: Path, above: list[Any]) -> None:
    """Else 850 would be read as 850 đồng."""
    result = listed(tmp_path, above, WITH_NORM, [1, "HTX Một", "xã A", MACHINES, 850, 300])
    assert ceilings(result) == {"1": None}
    assert [one.kind for one in result.faults] == ["unreadable"]


def test_earlier_support_of_a_name_that_several_have_is_a_fault(tmp_path: Path) -> None:
    rows = [
        row(establishment="HTX A", tax_code=code_of(1)),
        row(reference="KC-2", establishment="HTX A", tax_code=code_of(2)),
    ]
    headings = ["Tên cơ sở", "Mã số thuế", "Nội dung hỗ trợ", "Số tiền đã hỗ trợ (triệu đồng)"]
    register, entry = csv_file(tmp_path / "a.csv", rows), ["HTX A", "", "Ứng dụng MMTB", "120"]
    result = assess_register(read(register, csv_file(tmp_path / "b.csv", [entry], headings)))
    assert [one.kind for one in result.faults] == ["prior-of-several"]
    assert ceilings(result) == {"KC-1": None, "KC-2": None}
    entry[1] = code_of(2)
    result = assess_register(read(register, csv_file(tmp_path / "b.csv", [entry], headings)))
    assert ceilings(result) == {"KC-1": 210 * M, "KC-2": 180 * M}  # 300 - 120 are left of the cap


def test_in_a_former_province_its_own_rule_holds_whichever_column_says_so(tmp_path: Path) -> None:
    cells = [
        row(former_province="Thái Bình"),
        row(reference="KC-2", tax_code=code_of(2), former_province="Hưng Yên"),
        row(reference="KC-3", tax_code=code_of(3), former_province=""),
        row(reference="KC-4", tax_code=code_of(4), province="Thái Bình", former_province=""),
        row(reference="KC-5", tax_code=code_of(5), province="Thái Bình", former_province="Hưng Yên"),
    ]
    result = assessed(csv_file(tmp_path / "a.csv", cells))
    assert ceilings(result) == {"KC-1": None, "KC-2": 210 * M, "KC-3": 210 * M, "KC-4": None, "KC-5": None}
    open_one = result.dossiers["KC-3"].assessment
    assert open_one is not None
    assert [(one.fact, one.condition) for one in open_one.questions] == [("establishment.former_province", "territory")]
    told = [one.text.en for one in result.faults]
    assert [text.partition("(")[0].strip() for text in told if "no rule" in text] == [
        "hung-yen on 2026-03-02: no rule of the former thai-binh is known"
    ] * 2
    contradicted = 'given "Thái Bình", which the former province, "Hưng Yên", contradicts; correct one of them'
    assert [text for text in told if "contradicts" in text] == [contradicted]


@pytest.mark.parametrize("number", [float("inf"), float("nan"), 1e300, -850.5, True])
@pytest.mark.parametrize("unit", [None, "đồng", "triệu đồng"])
def test_what_is_no_amount_is_refused_in_every_unit(number: float, unit: str | None) -> None:
    with pytest.raises(InputError):
        money(number, unit)


def test_what_is_stated_for_all_rows_leaves_what_a_row_says(tmp_path: Path) -> None:
    """By hand: 50% of 420 million is 210; in former Thai Binh another rule holds, which is not known."""
    blank = {"former_province": "", "province": "Hưng Yên"}
    other = {"reference": "KC-2", "province": "Thái Bình", "tax_code": code_of(2), "establishment": "B"}
    rows = [row(**blank), row(**blank | other)]
    result = assess_register(read(csv_file(tmp_path / "a.csv", rows), former_province="hung-yen"))
    first, second = result.dossiers.values()
    assert (first.assured_vnd, first.maximum_vnd) == (210 * M, 210 * M)
    assert second.assessment is None
    assert kinds(result, "given") == ["dòng 1: Tỉnh cũ: Hưng Yên, nêu bằng --former-province cho 1 dòng"]


# --- sheets that are no list, and earlier support as officers keep it --------------------------------------------------

LIST: list[list[Any]] = [
    *([["DANH MỤC"], ["ĐVT: triệu đồng"], ["TT", "Tên cơ sở", "Nội dung hỗ trợ", "Chi phí", "Dây chuyền công nghệ"]]),
    [1, "HTX Minh Tiến", "Máy móc thiết bị tiên tiến", 600, "không"],
    [2, "HTX An Bình", "Máy móc thiết bị tiên tiến", 400, "không"],
]


def workbook_of(path: Path, **sheets: Sequence[Sequence[Any]]) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in {"2026": LIST, **sheets}.items():
        sheet: Any = book.create_sheet(name)
        for cells in rows:
            sheet.append(list(cells))
    book.save(path)
    return path


def ceilings_of(path: Path) -> list[int | None]:
    result = assess_register(read(path, **REALISTIC))
    assert not result.faults
    return [dossier.maximum_vnd for dossier in result.dossiers.values()]


EARLIER: dict[str, list[list[Any]]] = {
    "under the heading of a list": [
        ["TT", "Tên cơ sở", "Nội dung hỗ trợ", "Kinh phí", "Ngày hỗ trợ"],
        [1, "HTX Minh Tiến", "Máy móc thiết bị tiên tiến", 120, "30/06/2025"],
    ],
    "in groups that give the norm": [
        ["TT", "Tên cơ sở", "Số tiền hỗ trợ", "Ngày hỗ trợ"],
        ["I", "Máy móc thiết bị tiên tiến"],
        [1, "HTX Minh Tiến", 120, "30/06/2025"],
        ["", "Tổng cộng", 120],
    ],
    "in groups of years": [
        ["TT", "Tên cơ sở", "Nội dung hỗ trợ", "Kinh phí hỗ trợ"],
        ["I", "Năm 2025"],
        [1, "HTX Minh Tiến", "Máy móc thiết bị tiên tiến", 120],
    ],
    "with the whole cost beside it": [
        ["TT", "Tên cơ sở", "Nội dung hỗ trợ", "Tổng kinh phí", "Kinh phí hỗ trợ", "Địa chỉ"],
        [1, "HTX Minh Tiến", "Máy móc thiết bị tiên tiến", 500, 120, "xã A"],
    ],
}


@pytest.mark.parametrize("kind", EARLIER)
def test_earlier_support_is_deducted_however_it_is_listed(kind: str, tmp_path: Path) -> None:
    """By hand: 50% of 600 is 300, the cap less 120 is 180; 50% of 400 is 200."""
    title, unit = ["CÁC KHOẢN ĐÃ HỖ TRỢ"], ["ĐVT: triệu đồng"]
    file = workbook_of(tmp_path / "a.xlsx", **{"Đã hỗ trợ": [title, unit, *EARLIER[kind]]})
    assert ceilings_of(file) == [180 * M, 200 * M]


def test_sheets_that_only_look_like_lists_are_left_out_and_said(tmp_path: Path) -> None:
    summary: list[list[Any]] = [
        ["TT", "Nội dung hỗ trợ", "Số đề án", "Tổng kinh phí", "KP khuyến công đề nghị"],
        [1, "Máy móc", 2, 1000, 300],
    ]
    addresses: list[list[Any]] = [["TT", "Tên cơ sở", "Địa chỉ", "Mã số thuế"], [1, "HTX Minh Tiến", "xã A", "0900123452"]]
    file = workbook_of(tmp_path / "a.xlsx", **{"Tổng hợp": summary, "Danh bạ": addresses})
    assert ceilings_of(file) == [300 * M, 200 * M]
    assert kinds(assess_register(read(file, **REALISTIC)), "sheet-not-read") == [
        f"'{name}'!1: tiêu đề không có tên cơ sở hoặc không có số tiền nên không phải danh mục hồ sơ; không đọc trang này"
        for name in ("Tổng hợp", "Danh bạ")
    ]


def test_a_sheet_alone_that_lacks_a_column_says_which(tmp_path: Path) -> None:
    file = workbook(
        tmp_path / "a.xlsx", [[1, "HTX Minh Tiến", "xã A", "0900123452"]], ["TT", "Tên cơ sở", "Địa chỉ", "Mã số thuế"]
    )
    with pytest.raises(InputError, match=r"Sheet1!1: the columns norm \(Norm\), cost_vnd \(Cost \(VND\)\) are missing"):
        read(file, **REALISTIC)


def test_two_units_of_a_column_that_changes_no_ceiling_are_named_and_the_column_left_out(tmp_path: Path) -> None:
    rows = [["ĐVT: triệu đồng"], [*LIST[2], "Đối ứng (đồng)"], [*LIST[3], 300_000_000]]
    file = workbook_of(tmp_path / "a.xlsx", **{"2026": rows})
    assert ceilings_of(file) == [300 * M]
    assert kinds(assess_register(read(file, **REALISTIC)), "unknown-heading") == [
        "'2026'!F2: hai đơn vị cho cùng số tiền, triệu đồng ('2026'!A1), đồng ('2026'!F2); cột được giữ nguyên và không dùng"
    ]


def test_a_province_may_say_which_it_was(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Half of 420 million is 210, and nothing of it hangs on the former province, which the option names too."""
    file = csv_file(tmp_path / "so.csv", [row(province="", former_province="")])
    assert cli.main(["register", str(file), "--province", "Hưng Yên (cũ)", "--lang", "vi"]) == 0
    out = capsys.readouterr().out
    assert re.search(r"Tổng mức tối đa chắc chắn \(đồng\) +210\.000\.000 đồng", out)
    assert cli.main(["register", str(file), "--province", "Thái Bình", "--former-province", "Hưng Yên", "--lang", "vi"]) == 2
    told = "kcgrant: --province: nêu tỉnh cũ Thái Bình, còn --former-province nêu Hưng Yên; chỉ giữ một\n"
    assert capsys.readouterr().err == told
