"""The annex of a plan: what a director signs, in million đồng, and who is not on it with the reason, ready for paper."""

from __future__ import annotations

import re
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from dossiers import application, demonstration, machine
from kcgrant import catalogue
from kcgrant.language import Lang
from kcgrant.money import MOST_VND
from kcgrant.programme import Programme, faulty, plan, requests_from, write
from kcgrant.register import assess_register, assess_together, read
from registers import csv_file, row

MILLION = 10**6
HEADINGS = {
    "en": [
        "No.",
        "Scheme",
        "Beneficiary",
        "Address",
        "Total cost",
        "Industrial promotion",
        "Own capital",
        "Legal basis",
        "Note",
    ],
    "vi": [
        *("TT", "Tên đề án, nhiệm vụ", "Đơn vị thụ hưởng", "Địa chỉ", "Tổng kinh phí", "Kinh phí khuyến công"),
        *("Vốn đối ứng", "Căn cứ", "Ghi chú"),
    ],
}


def dossiers() -> list[Any]:
    """Machines of 850.5 million, a model of 2 billion beside a machine, a large enterprise, and one that waits."""
    return [
        application(machine(850_500_000, name="Máy phay CNC"), reference="KC-1", name="Cơ khí A"),
        application(machine(401 * MILLION), demonstration(2000 * MILLION), reference="KC-2", name="=1+1"),
        application(machine(500 * MILLION), reference="KC-3", name="Tập đoàn C", kind="large-enterprise"),
        application(machine(500 * MILLION), reference="KC-4", name="HTX D", own_capital_committed=None),
        application(machine(600 * MILLION), reference="KC-5", name="HTX E"),
    ]


def planned(budget: int = 1_200_500_000, **options: Any) -> Programme:
    standings = {f"KC-{number}": {"points": 100 - number} for number in range(1, 6)}
    requests = requests_from(assess_together(dossiers()), standings)  # type: ignore[arg-type]
    return plan(requests, budget, "ranked", **options)


def cells(path: Path, sheet: str) -> list[list[Any]]:
    return [list(cells) for cells in load_workbook(path)[sheet].iter_rows(values_only=True)]


@pytest.mark.parametrize(("lang", "sheet"), [("en", "Annex"), ("vi", "Phụ lục")])
def test_the_annex_holds_each_award_by_kind_with_sums_in_words(tmp_path: Path, lang: Lang, sheet: str) -> None:
    """KC-1 half of 850.5 million is over the cap: 300. KC-2 half of 401: 200.5, and 30% of 2,000: 600. Of 1,200.5 million 100
    are left, and KC-5 would need 300. Own capital is the cost less the support."""
    file = tmp_path / "plan.xlsx"
    write(planned(), file, lang)
    rows = cells(file, sheet)
    head = rows.index(next(one for one in rows if one == HEADINGS[lang]))
    machines, models = (
        catalogue.get("hung-yen-553-2025").norms[norm].title for norm in ("advanced-machinery", "demonstration-model")
    )
    assert machines is not None
    assert models is not None
    named = {"en": ("advanced-machinery", "demonstration-model"), "vi": (machines.vi, models.vi)}[lang]
    order = sorted(zip(named, ((850.5 + 401, 500.5), (2000, 600)), strict=True))
    assert [one[1] for one in rows[head + 2 :] if one[0] in ("I", "II")] == [title for title, _ in order]
    assert [one[4:7] for one in rows if one[0] in ("I", "II")] == [[cost, paid, cost - paid] for _, (cost, paid) in order]
    first = next(one for one in rows if one[2] == "Cơ khí A")
    assert first[:2] == ["1", "Máy phay CNC"]
    assert first[4:8] == [850.5, 300, 550.5, "553/2025/NQ-HĐND"]
    assert [one[5] for one in rows if one[2] == "=1+1"] == [200.5, 600]
    total = next(one for one in rows if one[1] in ("Grand total", "TỔNG CỘNG"))
    assert total[4:7] == [3251.5, 1100.5, 2151]
    words = {
        "en": "Industrial promotion funds in words: One billion one hundred million five hundred thousand dong",
        "vi": "Kinh phí khuyến công bằng chữ: Một tỷ một trăm triệu năm trăm nghìn đồng.",
    }
    assert words[lang] in [one[0] for one in rows]


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_who_has_no_award_stands_behind_the_annex_with_the_reason(tmp_path: Path, lang: Lang) -> None:
    file = tmp_path / "plan.xlsx"
    write(planned(), file, lang)
    book = load_workbook(file)
    reserve, rest = (list(book.worksheets[number].iter_rows(values_only=True)) for number in (1, 2))
    assert [one[1:3] for one in reserve[3:]] == [("KC-5", "HTX E")]
    said = {one[1]: str(one[5]) for one in rest[3:]}
    large = {
        "en": "not eligible: kind of establishment: large enterprise [decree-235-2025]",
        "vi": "không đủ điều kiện: loại hình cơ sở: doanh nghiệp lớn [Nghị định 235/2025/NĐ-CP]",
    }
    assert said["KC-3"] == large[lang]
    waiting = {
        "en": "nothing assured yet; 250,000,000 is open: Own share committed",
        "vi": "chưa có mức chắc chắn; còn 250.000.000 chưa làm rõ: Cam kết vốn đối ứng",
    }
    assert said["KC-4"] == waiting[lang]


def test_a_dossier_at_fault_is_named_where_it_was_left_out(tmp_path: Path) -> None:
    result = assess_register(read(csv_file(tmp_path / "so.csv", [row(), row(reference="KC-9", cost_vnd="1.200")])))
    requests = requests_from(result, without_faulty=True)
    write(plan(requests, 10**9, "pro-rata", left_out=faulty(result)), tmp_path / "plan.xlsx", "vi")
    rows = cells(tmp_path / "plan.xlsx", "Chưa bố trí kinh phí")
    assert [(one[1], one[4]) for one in rows[3:]] == [("KC-9", "hồ sơ có lỗi")]
    assert '"1.200"' in rows[3][5]


def test_numbers_show_just_their_decimals_and_text_is_never_a_formula(tmp_path: Path) -> None:
    file = tmp_path / "plan.xlsx"
    write(planned(), file, "vi")
    sheet = load_workbook(file)["Phụ lục"]
    formats = {
        cell.value: cell.number_format
        for cells in sheet.iter_rows(min_row=8)
        for cell in cells
        if cell.data_type == "n" and cell.value
    }
    assert formats[850.5] == "#,##0.0"
    assert formats[300] == "#,##0"
    assert {cell.data_type for cells in sheet.iter_rows() for cell in cells} <= {"n", "s"}
    assert all(
        cell.font.name == "Times New Roman" and cell.font.sz >= 10
        for cells in sheet.iter_rows()
        for cell in cells
        if cell.value
    )


@pytest.mark.parametrize("count", [1, 300])
def test_every_award_is_there_whatever_the_names_and_amounts(count: int, tmp_path: Path) -> None:
    """The cost of a trillion is shared by half, with the cap of 300 million; nobody is lost, and nothing is shrunk."""
    name = "Công ty TNHH một thành viên Sản xuất Thương mại và Dịch vụ Xuất nhập khẩu Ánh "
    stated = [
        application(machine(10**12 + number), reference=f"KC-{number}", name=f"{name}{number}")
        for number in range(1, count + 1)
    ]
    file = tmp_path / "plan.xlsx"
    write(plan(requests_from(assess_together(stated)), MOST_VND, "pro-rata"), file, "vi")
    sheet = load_workbook(file)["Phụ lục"]
    rows = [cells for cells in sheet.iter_rows(values_only=True) if str(cells[8] or "").startswith("hồ sơ ")]
    assert [cells[8] for cells in rows] == [f"hồ sơ KC-{number}" for number in range(1, count + 1)]
    assert rows[0][4] == 1_000_000.000001
    assert sheet.print_title_rows == "$6:$6"
    assert sheet.column_dimensions["E"].width > len("1,000,000.000001")
    assert sum(sheet.column_dimensions[letter].width for letter in "ABCDEFGHI") <= 151  # at 10 points or more on A4 across


def test_the_annex_of_a_plan_without_awards_says_nought(tmp_path: Path) -> None:
    write(plan([], 10**9, "pro-rata"), tmp_path / "plan.xlsx", "vi")
    rows = cells(tmp_path / "plan.xlsx", "Phụ lục")
    assert "KẾ HOẠCH KINH PHÍ KHUYẾN CÔNG NĂM ……" in [one[0] for one in rows]
    assert "Kinh phí khuyến công bằng chữ: Không đồng." in [one[0] for one in rows]


def test_no_code_and_no_english_stands_in_the_vietnamese_annex(tmp_path: Path) -> None:
    write(planned(envelopes={"advanced-machinery": 900 * MILLION}), tmp_path / "plan.xlsx", "vi")
    for sheet in load_workbook(tmp_path / "plan.xlsx").worksheets:
        for cells in sheet.iter_rows(values_only=True):
            for text in filter(None, map(str, cells)):
                assert not re.search(r"[a-z]+-[a-z]+-?[a-z]*\b", text), text


@pytest.mark.skipif(shutil.which("soffice") is None or shutil.which("pdfinfo") is None, reason="no LibreOffice here")
def test_on_paper_the_annex_is_one_page_wide(tmp_path: Path) -> None:
    """One page for five dossiers, one for each of the lists behind it, the list in two parts, and the sums."""
    write(planned(), tmp_path / "plan.xlsx", "vi")
    command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "plan.xlsx")]
    subprocess.run(
        [*command, f"-env:UserInstallation=file://{tmp_path / 'office'}"], check=True, capture_output=True, timeout=180
    )
    info = [str(shutil.which("pdfinfo")), str(tmp_path / "plan.pdf")]
    told = subprocess.run(info, check=True, capture_output=True, encoding="utf-8").stdout
    pages = re.search(r"Pages: +(\d+)", told)
    assert pages
    assert int(pages[1]) <= 7


@pytest.mark.parametrize("count", [*range(1, 4), *range(7, 13), *range(18, 26), 60])
def test_the_signatures_of_the_annex_never_stand_alone(tmp_path: Path, count: int) -> None:
    """The last page has the last award, the sum of all and the signatures; a group has its first row with it. The heights
    are those of the file: a row without one has 15 points, and A4 across has 509 between its margins at 100 percent."""
    every = [application(machine((400 + one) * MILLION), reference=f"KC-{one}", name=f"{one:C>60}") for one in range(count)]
    file = tmp_path / "plan.xlsx"
    write(plan(requests_from(assess_together(every)), 10**11, "pro-rata"), file, "en")
    sheet = load_workbook(file)["Annex"]
    texts = {row: [str(cell.value or "") for cell in sheet[row]] for row in range(1, sheet.max_row + 1)}
    heights = {row: sheet.row_dimensions[row].height or 15 for row in texts}
    total = next(row for row, told in texts.items() if told[1] == "Grand total")
    starts = [1, *(one.id + 1 for one in sheet.row_breaks.brk), sheet.max_row + 1]
    assert starts[-2] < total  # an award stands above the sum, on its page
    assert texts[total - 1][0] == str(count)
    assert not getattr(sheet.sheet_properties.pageSetUpPr, "fitToPage", None)  # for then breaks would not count
    assert sheet.page_setup.scale
    room = 509 * 100 / sheet.page_setup.scale
    for begin, end in pairwise(starts):
        assert sum(heights[row] for row in range(begin, end)) + heights[6] * (begin > 1) <= room
        assert texts[end - 1][0] != "I"
