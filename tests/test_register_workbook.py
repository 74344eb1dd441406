"""The workbook that comes out: its formulas recalculated by LibreOffice, what is locked, what a printed page needs."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from random import Random
from typing import Any

import pytest
from openpyxl import load_workbook

from kcgrant import catalogue
from kcgrant.assessment import Assessment
from kcgrant.law import Regulation
from kcgrant.law import read as read_law
from kcgrant.register import RegisterResult, assess_register, read, write
from kcgrant.register.form import RESULTS
from profiles import size
from registers import NAMES, assessed, csv_file, row, workbook

SOFFICE = shutil.which("soffice")
EDGES = [1, 2, 599_999_999, 600_000_000, 600_000_001, 899_999_999, 3_333_333_333, 3_333_333_334, 999_999_999_999_999, 10**15]


def a_register(path: Path, most_items: int = 3) -> Path:
    """Dossiers of every shape: edges of cost, lines, models, open facts, shared caps, a faulty row, a title above."""
    random = Random(5)  # noqa: S311 - the same register at every run
    rows: list[list[Any]] = []
    for number in range(80):
        for item in range(min(most_items, random.choice([1, 1, 2, 3]))):
            rows.append(  # noqa: PERF401 - a comprehension of three levels reads worse
                row(
                    reference=f"KC-{number:02}",
                    tax_code=f"09000000{number % 50:02}",
                    establishment=f"Cơ sở {number % 50}",
                    approved_on=f"{1 + number % 28:02}/03/2026",
                    norm=random.choice(["advanced-machinery"] * 3 + ["demonstration-model", "replication-model"]),
                    activity=f"Hạng mục {number}-{item}",
                    cost_vnd=random.choice([*EDGES, random.randrange(10**7, 2 * 10**9)]),
                    technology_line=["x", "không", ""][number % 3 if item else random.randrange(3)],
                    kind=["HTX", "", "HTX", "doanh nghiệp lớn"][number % 4],
                )
            )
    rows.append(row(reference="KC-99", tax_code="0900000179", establishment="Cơ sở 7", cost_vnd="1.200"))
    support: list[list[Any]] = [
        ["reference", "norm", "amount_vnd", "technology_line"],
        ["KC-03", "advanced-machinery", 7_000_001, "x"],
    ]
    return workbook(path, [NAMES, *rows], ["SỔ THEO DÕI"], prior_support=support)


def recalculated(folder: Path, *paths: Path) -> Path:
    """The folder of the workbooks as LibreOffice calculates them; the values stored are thrown away first, so that it must."""
    for path in paths:
        load_workbook(path).save(path)
    command = [str(SOFFICE), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", "xlsx"]
    done = folder / "recalculated"
    subprocess.run([*command, "--outdir", str(done), *map(str, paths)], check=True, capture_output=True, timeout=180)
    return done


def formulas_agree(path: Path, result: RegisterResult) -> int:
    """How many ceilings were compared; each formula of the first sheet has the value of the library."""
    sheet: Any = load_workbook(path, data_only=True).worksheets[0]
    column = {sheet.cell(2, number).value: number for number in range(1, sheet.max_column + 1)}
    compared = 0
    for dossier in result.dossiers.values():
        if dossier.assessment is not None:
            number = dossier.rows[0].number
            for name, amount in (("ceiling_formula", dossier.maximum_vnd), ("assured_formula", dossier.assured_vnd)):
                cell = sheet.cell(number, column[RESULTS[name]]).value
                stands = sum(activity.cost_vnd for activity in dossier.assessment.application.activities) > 10**15
                assert cell == (None if stands else amount), (dossier.reference, name)
                compared += cell is not None
    return compared


@pytest.mark.libreoffice
@pytest.mark.no_cover  # coverage is not to hang on what is installed
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed: nothing recalculates the workbook")
def test_an_independent_program_finds_the_amounts_of_the_library_and_of_another_law(tmp_path: Path) -> None:
    """Another rate, cap and factor typed on the sheet of the regulation give what the library finds under such a law.

    One item a dossier there: where there is a choice of what to support, other numbers may make another choice the best.
    """
    result = assessed(a_register(tmp_path / "a.xlsx"))
    write(result, tmp_path / "own.xlsx")
    source = a_register(tmp_path / "b.xlsx", most_items=1)
    write(assessed(source), tmp_path / "other.xlsx")
    book = load_workbook(tmp_path / "other.xlsx")
    sheet: Any = book["Regulation"]
    line = next(number for number in range(5, 9) if sheet.cell(number, 2).value == "advanced-machinery")
    for place, value in {4: 9, 5: 40, 6: 280_000_005, 7: 7, 8: 5}.items():
        sheet.cell(line, place, value)
    book.save(tmp_path / "other.xlsx")
    changed = assess_register(read(source), like_hung_yen(rate="22.5%", cap=280_000_005, factor="1.4"))
    folder = recalculated(tmp_path, tmp_path / "own.xlsx", tmp_path / "other.xlsx")
    assert formulas_agree(folder / "own.xlsx", result) > 100
    assert formulas_agree(folder / "other.xlsx", changed) > 100


WIDE = """
id = "wide"
document = "2/2026"
province = "hung-yen"
in_force = { from = 2026-01-01 }
title = { en = "Invented", vi = "Giả định" }
[sources.s]
title = "t"
publisher = "p"
certainty = "C"
[norms.advanced-machinery]
rate = "50%"
cap = 300_000_000
per = "establishment"
technology_line_cap = 450_000_000
source = "s"
states.en = "50%, not over VND 300 million per establishment, VND 450 million for lines"
states.vi = "50%, không quá 300 triệu đồng/cơ sở, 450 triệu đồng đối với dây chuyền"
[norms.training]
rate = "33.3%"
cap = 2_000_000
per = "person"
counted = true
at_most = 30
source = "s"
states = { en = "33.3%, VND 2 million per person, 30 persons", vi = "33,3%, 2 triệu đồng/người, 30 người" }
[norms.fair]
rate = "80%"
per = "round"
source = "s"
states = { en = "80%", vi = "80%" }
[[variations]]
id = "priority"
fact = "application.priority"
is = "yes"
norms = ["advanced-machinery"]
cap_factor = "1.5"
source = "s"
states = { en = "1.5 times", vi = "1,5 lần" }
[[variations]]
id = "hard"
fact = "establishment.difficult_area"
is = "yes"
except = ["fair"]
rate = "70%"
source = "s"
states = { en = "70%", vi = "70%" }
"""


def a_wide_register(tmp_path: Path) -> tuple[Path, Regulation]:
    """Dossiers under a law whose numbers vary, with units that are counted, no cap, and earlier support for the same unit."""
    (tmp_path / "wide.toml").write_text(WIDE, encoding="utf-8")
    random, rows = Random(7), []  # noqa: S311 - the same register at every run
    names = [
        "reference",
        "approved_on",
        "establishment",
        "province",
        "former_province",
        "tax_code",
        "priority",
        "difficult_area",
    ]
    names += ["norm", "activity", "cost_vnd", "technology_line", "quantity"]
    for number in range(60):
        norm = ["advanced-machinery", "training", "fair"][number % 3]
        owner = [f"Cơ sở {number % 20}", "hung-yen", "Hưng Yên", f"09000000{number % 20:02}"]
        facts = [random.choice(["x", "không", ""]) for _ in range(3)]
        quantity = random.choice([1, 7, 30, 31]) if norm == "training" else None
        cost = random.choice([*EDGES[:-2], random.randrange(10**6, 2 * 10**9)])
        rows.append([f"KC-{number:02}", "02/03/2026", *owner, *facts[:2], norm, f"Mục {number}", cost, facts[2], quantity])
    support: list[list[Any]] = [
        ["reference", "norm", "amount_vnd"],
        ["KC-01", "training", 3_000_001],
        ["KC-02", "fair", 7_000_001],
    ]
    file = workbook(tmp_path / "wide.xlsx", [names, *rows], ["SỔ THEO DÕI"], prior_support=support)
    return file, read_law(tmp_path / "wide.toml")


@pytest.mark.libreoffice
@pytest.mark.no_cover  # coverage is not to hang on what is installed
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed: nothing recalculates the workbook")
def test_an_independent_program_finds_the_amounts_of_a_law_whose_numbers_vary(tmp_path: Path) -> None:
    file, law = a_wide_register(tmp_path)
    result = assess_register(read(file), law)
    assert result.faults == []
    assert len({option for one in result.dossiers.values() for option in varied(one.assessment)}) == 4
    write(result, tmp_path / "out.xlsx")
    assert formulas_agree(recalculated(tmp_path, tmp_path / "out.xlsx") / "out.xlsx", result) > 90


def varied(answer: Assessment | None) -> list[tuple[str, ...]]:
    """The variations that the options of a record have."""
    return [option.variations for line in answer.lines for option in line.options] if answer is not None else []


def test_the_formulas_of_a_law_whose_numbers_vary_have_the_values_of_the_library(tmp_path: Path) -> None:
    file, law = a_wide_register(tmp_path)
    result = assess_register(read(file), law)
    write(result, tmp_path / "out.xlsx", "vi")
    book = load_workbook(tmp_path / "out.xlsx")
    rows: Any = book["Quy định"].iter_rows(min_row=5, values_only=True)
    named = {row[2]: row[3:6] for row in rows if row[1] == "advanced-machinery"}
    assert named["advanced-machinery, khi được phê duyệt là đề án ưu tiên: có"] == (1, 2, 450_000_000)
    first = result.dossiers["KC-01"].assessment
    assert first is not None
    assert "MAX(0,MIN(F" in str([cell.value for row in book["Tính toán"].iter_rows() for cell in row])


def like_hung_yen(rate: str, cap: int, factor: str) -> Regulation:
    law = catalogue.get("hung-yen-553-2025")
    norm = law.norms["advanced-machinery"].model_dump() | {"rate": rate, "cap": cap, "technology_line_factor": factor}
    norms = {name: one.model_dump() for name, one in law.norms.items()} | {"advanced-machinery": norm}
    document = {name: getattr(law, name) for name in type(law).model_fields} | {"norms": norms}
    return Regulation.model_validate(document, by_name=True)


def test_the_values_stored_with_the_formulas_are_those_of_the_library(tmp_path: Path) -> None:
    result = assessed(a_register(tmp_path / "a.xlsx"))
    write(result, tmp_path / "b.xlsx")
    assert formulas_agree(tmp_path / "b.xlsx", result) > 100


def test_the_workbook_is_ready_to_be_printed_and_its_law_is_locked(tmp_path: Path) -> None:
    result = assessed(
        csv_file(tmp_path / "a.csv", [row(technology_line="", kind=""), row(reference="KC-2", activity="Máy hàn")])
    )
    write(result, tmp_path / "b.xlsx", "vi")
    book = load_workbook(tmp_path / "b.xlsx")
    assert book.sheetnames == [
        "Sổ theo dõi",
        "Tổng hợp",
        "Cách hiểu sổ",
        "Lỗi và điều cần lưu ý",
        "Cần hỏi thêm",
        "Cơ sở và mức trần",
        "Tính toán",
        "Quy định",
    ]
    for sheet in book.worksheets:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.freeze_panes
        assert sheet.auto_filter.ref
        assert sheet.print_area
        assert sheet.print_title_rows
        assert sheet.protection.sheet == (sheet.title == "Quy định")
    register: Any = book["Sổ theo dõi"]
    assert (register["A2"].value, register["O2"].value, register["O2"].number_format) == ("KC-1", "420000000", "General")
    assert [cell.value for cell in register[1]][19:21] == ["Tình trạng dòng", "Kết luận về hồ sơ"]
    questions: Any = book["Cần hỏi thêm"]
    assert [questions.cell(3, column).value for column in (1, 3)] == ["KC-1", "dòng 2, cột 6"]
    pools: Any = book["Cơ sở và mức trần"]
    found = [[cell.value for cell in line] for line in pools.iter_rows(min_row=5, min_col=5)]
    assert [line[:1] + line[2:] for line in found] == [
        ["KC-1", 450_000_000, 0, 210_000_000, 210_000_000, "chưa nêu"],
        ["KC-2", 300_000_000, 210_000_000, 90_000_000, 300_000_000, "không"],
    ]


def test_thousands_of_rows_of_one_dossier_keep_their_formulas_short(tmp_path: Path) -> None:
    """Rows that follow each other are one range; 2,000 x 1,000 đồng, half of it 1,000,000; or fewer, in the quick profile."""
    many = size(2000)
    rows = [row(activity=f"Máy {number}", cost_vnd=1000) for number in range(many)]
    result = assessed(csv_file(tmp_path / "a.csv", rows))
    write(result, tmp_path / "b.xlsx")
    sheet: Any = load_workbook(tmp_path / "b.xlsx", read_only=True)["Calculation"]
    assert sheet["E4"].value == f"=SUM(Register!W2:W{many + 1})"
    assert result.dossiers["KC-1"].maximum_vnd == many * 500
