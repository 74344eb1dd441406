"""The workbook out is the officer's own: whatever stood in it stands there still, and what cannot be kept is said before."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils.cell import rows_from_range
from xlsxwriter import Workbook

from kcgrant import InputError
from kcgrant.language import say
from kcgrant.register import RegisterResult, assess_register, read, write
from kcgrant.register.form import RESULTS
from kcgrant.register.whole import MOST_COPIED
from registers import NAMES, row, workbook

M = 10**6
PICTURE = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=")
GIVEN: dict[str, Any] = {"province": "hung-yen", "approved_on": date(2026, 3, 5)}


def officers(path: Path, *, more: bool = False) -> Path:
    """A list as an officer keeps it, with much that is no list in the workbook; `more`: also what cannot be kept."""
    with Workbook(path) as book:
        sheet, notes = book.add_worksheet("Biểu 01"), book.add_worksheet("Ghi chép")
        red = book.add_format({"bg_color": "#FFC7CE", "font_name": "Times New Roman", "font_size": 13, "border": 1})
        bold = book.add_format({"bold": True})
        sheet.merge_range("A1:G1", "DANH MỤC ĐỀ ÁN NĂM 2026", bold)
        sheet.write("G2", "ĐVT: triệu đồng")
        sheet.write_row("A3", ["TT", "Tên cơ sở", "Nội dung hỗ trợ", "Chi phí", "Loại hình", "Ngành nghề", "Ghi chú"], bold)
        for number, (name, factor) in enumerate([("HTX Minh Tiến", 1), ("Công ty Ánh Dương", 3), ("HTX Minh Tiến", 2)], 4):
            sheet.write_row(number - 1, 0, [number - 3, name, "Máy móc thiết bị tiên tiến"], red)
            sheet.write_formula(number - 1, 3, f"='Ghi chép'!A1*{factor}", red, 140 * factor)
        sheet.write_rich_string("G4", "đã ", bold, "nộp", " đủ")
        sheet.write("C7", "Tổng cộng")
        sheet.write_formula("D7", "=SUM(D4:D6)", bold, 840)
        sheet.set_column("B:B", 37)
        sheet.set_row(3, 40)
        sheet.write_comment("B4", "Gọi lại ngày 10/3")
        sheet.conditional_format("D4:D6", {"type": "cell", "criteria": ">", "value": 300, "format": red})
        sheet.data_validation("E4:E6", {"validate": "list", "source": ["Hợp tác xã", "Hộ kinh doanh"]})
        notes.write("A1", 140)
        notes.write_formula("A2", '="Quý "&A1', None, "Quý 140")
        notes.write_formula("A3", "=A1>1", None, True)
        notes.write_url("A4", "internal:'Biểu 01'!A1")
        notes.hide()
        book.define_name("Chi_phi", "='Biểu 01'!$D$4:$D$6")
        if more:
            chart = book.add_chart({"type": "column"})
            chart.add_series({"values": "='Biểu 01'!$D$4:$D$6"})
            sheet.insert_chart("A12", chart)
            sheet.insert_image("A30", "con-dau.png", {"image_data": io.BytesIO(PICTURE)})
            sheet.insert_textbox("C30", "Lưu ý")
            sheet.insert_button("E30", {"caption": "In"})
            sheet.add_sparkline("H4", {"range": "'Biểu 01'!D4:D6"})
            sheet.set_header("&L&[Picture]", {"image_left": "x.png", "image_data_left": io.BytesIO(PICTURE)})
    return path


def run(path: Path, out: Path) -> RegisterResult:
    result = assess_register(read(path, **GIVEN))
    write(result, out, "vi")
    return result


def everything(path: Path) -> Iterator[tuple[str, Any]]:
    """What stands in the officer's sheets, and how it looks."""
    book = load_workbook(path, rich_text=True)
    values = load_workbook(path, data_only=True)
    yield "names", sorted(book.defined_names)
    for title in ("Biểu 01", "Ghi chép"):
        sheet: Any = book[title]
        yield title, (sheet.sheet_state, sorted(map(str, sheet.merged_cells.ranges)))
        yield f"{title} widths", [sheet.column_dimensions[column].width for column in "BC"]
        yield (
            f"{title} rules",
            [(str(one.sqref), [rule.formula for rule in one.rules]) for one in sheet.conditional_formatting],
        )
        yield f"{title} lists", [(str(one.sqref), one.formula1) for one in sheet.data_validations.dataValidation]
        for place in (place for places in rows_from_range("A1:G10") for place in places):
            cell = sheet[place]
            look = (
                cell.font.name,
                cell.font.sz,
                cell.font.b,
                cell.fill.fgColor.rgb,
                cell.border.left.style,
                cell.number_format,
            )
            said = cell.comment.text if cell.comment else None
            yield f"{title} {place}", (repr(cell.value), values[title][place].value, look, said)


def results(path: Path) -> list[dict[str, Any]]:
    """What stands beside the rows, by heading."""
    sheet: Any = load_workbook(path, data_only=True)["Biểu 01"]
    headings = {cell.value: cell.column for cell in sheet[3] if cell.column > 7}
    return [{heading: sheet.cell(number, at).value for heading, at in headings.items()} for number in range(4, 8)]


def test_everything_of_the_officers_stands_where_it_stood(tmp_path: Path) -> None:
    file = officers(tmp_path / "so.xlsx")
    result = run(file, tmp_path / "ra.xlsx")
    assert dict(everything(tmp_path / "ra.xlsx")) == dict(everything(file))
    assert not [one for one in result.remarks if one.kind == "not-kept"]


def test_the_answers_stand_right_of_the_table_and_our_sheets_at_the_end(tmp_path: Path) -> None:
    """By hand: 50% of 140, 420 and 280 million are 70, 210 and 140; the third is of the first one's establishment: 210 of 300."""
    run(officers(tmp_path / "so.xlsx"), tmp_path / "ra.xlsx")
    book = load_workbook(tmp_path / "ra.xlsx")
    assert book.sheetnames[:3] == ["Biểu 01", "Ghi chép", say("Summary", "vi")]
    assert [cell.value for cell in book["Biểu 01"][3]][7:] == [say(one, "vi") for one in RESULTS.values()]
    beside = results(tmp_path / "ra.xlsx")
    for name in ("ceiling_vnd", "ceiling_formula"):
        assert [one[say(RESULTS[name], "vi")] for one in beside] == [70 * M, 210 * M, 140 * M, None], name
    assert [one[say(RESULTS["status"], "vi")] for one in beside][3] == say("a total; no dossier", "vi")


def test_the_live_formulas_lead_to_the_same_ceilings(tmp_path: Path) -> None:
    run(officers(tmp_path / "so.xlsx"), tmp_path / "ra.xlsx")
    book = load_workbook(tmp_path / "ra.xlsx")
    sheet: Any = book["Biểu 01"]
    column = next(cell.column for cell in sheet[3] if cell.value == say(RESULTS["ceiling_formula"], "vi"))
    own = say("Calculation", "vi")
    assert [str(sheet.cell(number, column).value).startswith(f"='{own}'!") for number in (4, 5, 6)] == [True] * 3
    read_at = sheet.cell(3, column - 3)
    assert read_at.value == say(RESULTS["cost_read_vnd"], "vi")
    assert f"'Biểu 01'!{read_at.column_letter}4" in str(book[own]["E4"].value)


def test_the_names_stand_beside_the_answers_on_paper(tmp_path: Path) -> None:
    run(officers(tmp_path / "so.xlsx"), tmp_path / "ra.xlsx")
    sheet: Any = load_workbook(tmp_path / "ra.xlsx")["Biểu 01"]
    assert (sheet.print_title_cols, sheet.print_title_rows) == ("$A:$B", "$3:$3")
    breaks = [one.id for one in sheet.col_breaks.brk]
    assert breaks[0] == 7
    assert 7 + list(RESULTS).index("binding") in breaks
    assert 91 <= sheet.page_setup.scale <= 100  # of 11 points at least 10
    assert sheet.page_setup.orientation == "landscape"


def test_a_second_run_writes_its_answers_in_the_place_of_the_first(tmp_path: Path) -> None:
    run(officers(tmp_path / "so.xlsx"), tmp_path / "mot.xlsx")
    run(tmp_path / "mot.xlsx", tmp_path / "hai.xlsx")
    first, second = (load_workbook(tmp_path / name, data_only=True) for name in ("mot.xlsx", "hai.xlsx"))
    assert second.sheetnames == first.sheetnames
    for title in first.sheetnames:
        if title != say("How the list was read", "vi"):  # its questions stand in the order of their number
            cells = [[[cell.value for cell in cells] for cells in one[title].iter_rows()] for one in (first, second)]
            assert cells[0] == cells[1], title
    assert dict(everything(tmp_path / "hai.xlsx")) == dict(everything(tmp_path / "so.xlsx"))


def test_columns_that_the_officer_adds_behind_the_answers_stay(tmp_path: Path) -> None:
    run(officers(tmp_path / "so.xlsx"), tmp_path / "mot.xlsx")
    book = load_workbook(tmp_path / "mot.xlsx")
    sheet: Any = book["Biểu 01"]
    last = sheet.max_column
    for number, said in ((3, "Người theo dõi"), (4, "Lan"), (5, "Hùng"), (6, "Lan")):
        sheet.cell(number, last + 1).value = said
    for number, cost in ((4, 140), (5, 420), (6, 280)):
        sheet.cell(number, 4).value = cost
    book.save(tmp_path / "mot.xlsx")
    run(tmp_path / "mot.xlsx", tmp_path / "hai.xlsx")
    after: Any = load_workbook(tmp_path / "hai.xlsx")["Biểu 01"]
    assert [after.cell(number, last + 1).value for number in (3, 4, 5, 6)] == ["Người theo dõi", "Lan", "Hùng", "Lan"]
    assert [cell.value for cell in after[3] if cell.value].count(say(RESULTS["ceiling_vnd"], "vi")) == 1


def answered(path: Path, *answers: str) -> int:
    """Types answers to the first questions after that on the former province; how many questions there are."""
    book = load_workbook(path)
    sheet: Any = book[say("Questions", "vi")]
    top = next(cell.row for cell in sheet["E"] if cell.value == say("Answer", "vi"))
    for number, answer in enumerate(answers, top + 2):
        sheet.cell(number, 5).value = answer
    for number, cost in ((4, 140), (5, 420), (6, 280)):
        book["Biểu 01"].cell(number, 4).value = cost  # as Excel would store them with the formulas
    book.save(path)
    return sum(sheet.cell(number, 4).value is not None for number in range(top + 1, sheet.max_row + 1))


def test_answers_are_put_into_their_cells_or_kept_for_the_next_run(tmp_path: Path) -> None:
    """Two questions of the first dossier have no column; the next two, on kind and sector, have one."""
    run(officers(tmp_path / "so.xlsx"), tmp_path / "mot.xlsx")
    asked = answered(tmp_path / "mot.xlsx", "có", "có", "hợp tác xã", "thủ công mỹ nghệ")
    run(tmp_path / "mot.xlsx", tmp_path / "hai.xlsx")
    book = load_workbook(tmp_path / "hai.xlsx")
    assert [book["Biểu 01"][place].value for place in ("E4", "F4")] == ["hợp tác xã", "thủ công mỹ nghệ"]
    kept: Any = book[say("Questions", "vi")]
    assert [[cell.value for cell in cells][2:] for cells in kept.iter_rows(min_row=3, max_row=4)] == [
        ["'Biểu 01'!4", "Cơ sở có được thành lập hợp pháp không?", "có"],
        ["'Biểu 01'!4", "Cơ sở có trực tiếp đầu tư, sản xuất hàng công nghiệp hoặc tiểu thủ công nghiệp không?", "có"],
    ]
    run(tmp_path / "hai.xlsx", tmp_path / "ba.xlsx")
    values = {
        title: [[cell.value for cell in cells] for cells in load_workbook(tmp_path / title)[kept.title]]
        for title in ("hai.xlsx", "ba.xlsx")
    }
    assert values["hai.xlsx"] == values["ba.xlsx"]
    assert len(values["ba.xlsx"]) - 2 == asked - 2  # two were answered in their cells; two stand here with their answers


def test_an_answer_whose_row_has_moved_is_not_taken_for_another(tmp_path: Path) -> None:
    run(officers(tmp_path / "so.xlsx"), tmp_path / "mot.xlsx")
    answered(tmp_path / "mot.xlsx", "có")
    book = load_workbook(tmp_path / "mot.xlsx")
    book["Biểu 01"].cell(4, 1).value, book["Biểu 01"].cell(5, 1).value = 2, 1  # sorted otherwise since
    book.save(tmp_path / "mot.xlsx")
    result = assess_register(read(tmp_path / "mot.xlsx", **GIVEN))
    assert [one.text.vi for one in result.faults if one.kind == "answer"] == [
        "câu trả lời \"có\" là của hồ sơ 1 tại 'Biểu 01'!4, nhưng hồ sơ đó không nằm ở đây; hãy ghi vào dòng của hồ sơ"
    ]
    assert not result.register.answers


def test_what_cannot_be_kept_is_said_before_it_is_lost(tmp_path: Path) -> None:
    result = run(officers(tmp_path / "so.xlsx", more=True), tmp_path / "ra.xlsx")
    said = [one.line("vi") for one in result.remarks if one.kind == "not-kept"]
    assert said == [
        "so.xlsx: tệp kết quả là bản sao của tệp này nhưng không giữ được: biểu đồ thu nhỏ trong ô, hình vẽ và hộp văn bản, "
        "hình ở đầu trang và chân trang, một số chi tiết trình bày của biểu đồ; hãy giữ lại cả tệp này"
    ]
    book = load_workbook(tmp_path / "ra.xlsx")
    sheet: Any = book["Biểu 01"]
    assert (len(sheet._charts), len(sheet._images)) == (1, 1)


@pytest.mark.parametrize(
    ("part", "what"),
    [
        ("xl/vbaProject.bin", "macros"),
        ("xl/ctrlProps/ctrlProp1.xml", "buttons and form controls"),
        ("xl/slicers/slicer1.xml", "slicers"),
        ("xl/threadedComments/threadedComment1.xml", "replies to comments"),
        ("xl/embeddings/oleObject1.bin", "embedded objects"),
        ("xl/media/image1.emf", "pictures"),
    ],
)
def test_each_part_that_openpyxl_leaves_out_is_named(tmp_path: Path, part: str, what: str) -> None:
    file = officers(tmp_path / "so.xlsx")
    with zipfile.ZipFile(file, "a") as packed:
        packed.writestr(part, b"x")
    (one,) = [one for one in read(file, **GIVEN).remarks if one.kind == "not-kept"]
    assert one.text.en == f"the workbook out is a copy of this one, which cannot keep: {what}; keep this one too"


def test_past_a_size_the_plain_workbook_is_written_and_said(tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", [row(reference=f"KC-{number}") for number in range(MOST_COPIED)], Khac=[["x"]])
    register = read(file)
    assert [one.line() for one in register.remarks if one.kind == "not-kept"] == [
        "a.xlsx: more than 5,000 rows: the workbook out holds the lists and the answers, not a copy of this one"
    ]
    assert register.original is None


def test_a_list_in_an_old_font_stays_in_it_and_our_words_do_not(tmp_path: Path) -> None:
    book = load_workbook(workbook(tmp_path / "a.xlsx", [row()], NAMES))
    usual: Any = book
    usual._fonts[0].name = ".VnTime"
    book.save(tmp_path / "a.xlsx")
    write(assess_register(read(tmp_path / "a.xlsx")), tmp_path / "b.xlsx")
    sheet: Any = load_workbook(tmp_path / "b.xlsx")["Sheet1"]
    assert sheet["A2"].font.name == ".VnTime"
    assert {cell.font.name for cell in sheet[2] if cell.column > len(NAMES) and cell.value is not None} == {
        "Times New Roman"
    }


def test_what_openpyxl_cannot_save_is_told_in_words_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_: object) -> None:
        raise KeyError("rId7")

    result = assess_register(read(workbook(tmp_path / "a.xlsx", [row()])))
    monkeypatch.setattr("openpyxl.workbook.workbook.Workbook.save", stumble)
    with pytest.raises(InputError, match=r"the workbook cannot be copied \(.*rId7.*\); save it anew in Excel as .xlsx"):
        write(result, tmp_path / "b.xlsx")
    assert [file.name for file in tmp_path.iterdir()] == ["a.xlsx"]
