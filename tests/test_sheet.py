"""Sheets: what a director signs says what the engine answers, in forms that a centre can replace, and never half of it."""

from __future__ import annotations

import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from docx import Document

import forms
from dossiers import application, cleaner_production, demonstration, line, machine, prior
from kcgrant import Application, InputError, assess, catalogue, cli
from kcgrant.assessment import Assessment, places, write_sheet
from kcgrant.assessment.sheet import FORMS, NEEDED, PLACES, Kind, concerns
from kcgrant.language import Lang
from registers import csv_file, row
from test_pages import CHROMIUM, HOSTILE, Reader

MILLION = 10**6
NOT_ENTITLED = {"vi": "Đây là mức tối đa theo quy định, không phải mức được hưởng", "en": "not an entitlement"}


def answered() -> Assessment:
    """Half of 850.5 million is over the cap of 300; earlier support of 100 leaves 200. 30% of 2,000 million are 600."""
    stated = application(
        machine(850_500_000, name="Máy phay CNC"),
        demonstration(2000 * MILLION),
        reference="KC-1",
        name="Cơ khí A",
        tax_code="0900123452",
        prior_support=(prior(100 * MILLION),),
    )
    return assess(stated)


def opened() -> Assessment:
    return assess(application(machine(600 * MILLION, None), reference="KC-2", name="HTX B", own_capital_committed=None))


def refused() -> Assessment:
    return assess(application(machine(500 * MILLION), reference="KC-3", name="Tập đoàn C", kind="large-enterprise"))


FOR: dict[Kind, Any] = {"appraisal": answered, "supplement": opened, "refusal": refused}


def text_of(file: Path | bytes) -> str:
    """All text of a Word file, tables included, in its order; cells of a row parted by bars."""
    document = Document(BytesIO(file) if isinstance(file, bytes) else str(file))
    said = []
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            said += [" | ".join(cell.text for cell in cells.cells) for cells in block.rows]
        else:
            said.append(block.text)
    return "\n".join(said)


def form(folder: Path, *paragraphs: str, name: str = "mau.docx") -> Path:
    """A form of a centre's own with such paragraphs."""
    document = Document()
    document.add_picture(BytesIO(PICTURE))
    for one in paragraphs:
        document.add_paragraph(one)
    document.save(str(folder / name))
    return folder / name


PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301010018dd8db0000000"
    "0049454e44ae426082"
)
APPRAISAL = ("{{ co_so }} {{ bang_chu }} {{ luu_y }}", "{% for dong in cac_dong %}{{ dong.muc_toi_da }} {% endfor %}",
             "{% for muc in dieu_kien %}{{ muc.ket_qua }} {% endfor %}")  # fmt: skip


# --- what is said -----------------------------------------------------------------------------------------------------


def test_the_appraisal_says_what_the_engine_answers(tmp_path: Path) -> None:
    write_sheet(answered(), tmp_path / "a.docx", "appraisal", "vi", address="Xã Yên Mỹ", title="Hỗ trợ máy phay")
    said = text_of(tmp_path / "a.docx")
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in said
    assert "Độc lập - Tự do - Hạnh phúc" in said
    assert "Số hồ sơ: KC-1; ngày phê duyệt kế hoạch: 02/03/2026" in said
    assert "Cơ sở: Cơ khí A; mã số thuế: 0900123452" in said
    assert "Địa chỉ: Xã Yên Mỹ\nĐề án, nội dung: Hỗ trợ máy phay" in said
    document = "Nghị quyết số 553/2025/NQ-HĐND ngày 18/02/2025 của Hội đồng nhân dân tỉnh Hưng Yên"
    assert f"{document} (Hưng Yên: mức chi cho hoạt động khuyến công)" in said
    machines = "Máy móc thiết bị tiên tiến, chuyển giao công nghệ: Máy phay CNC"
    assert f"{machines} | 850.500.000 | 50% | 300.000.000 | 100.000.000 | 200.000.000" in said
    assert "Mô hình trình diễn | 2.000.000.000 | 30% | 1.000.000.000 | 0 | 600.000.000" in said
    assert "Cộng | 2.850.500.000 |  |  | 100.000.000 | 800.000.000" in said
    assert "Bằng chữ: Tám trăm triệu đồng." in said
    assert "Điều 7" in said
    assert "3. Nội dung cần bổ sung, làm rõ\nKhông có." in said
    assert f"4. Kết luận: đủ điều kiện; mức tối đa 800.000.000 đồng. {NOT_ENTITLED['vi']}" in said
    assert "NGƯỜI LẬP PHIẾU" in said
    assert "LÃNH ĐẠO ĐƠN VỊ" in said


def test_a_paper_sums_up_what_counts_and_names_it_alone() -> None:
    """Of a machine of 500 and a line of 700 million the line alone is worth more: 350 over 300 for both. The machine does not
    count, neither in the sum (700 + 900) nor among the names; 30% of 900 are 270."""
    stated = application(
        machine(500 * MILLION, name="Máy CNC"),
        machine(700 * MILLION, True, name="Dây chuyền sơn"),
        cleaner_production(900 * MILLION),
        reference="1",
    )
    said = places(assess(stated), "vi")
    assert said["tong_chi_phi"] == "1.600.000.000"
    assert said["tong_muc_toi_da"] == "620.000.000"
    (row,) = [one for one in said["cac_dong"] if "Máy móc" in one["noi_dung"]]
    assert "Dây chuyền sơn" in row["noi_dung"]
    assert "CNC" not in row["noi_dung"]


def test_of_two_choices_of_the_same_worth_the_one_is_shown_that_supposes_nothing() -> None:
    """Half of 150 million is 75 under either cap, whether or not it is a line."""
    (row,) = places(assess(application(machine(150 * MILLION, None))), "vi")["cac_dong"]
    assert (row["muc_tran"], row["muc_toi_da"]) == ("300.000.000", "75.000.000")
    assert "giả định" not in row["noi_dung"]


def test_a_list_is_gone_through(tmp_path: Path) -> None:
    own = form(tmp_path, *APPRAISAL, "{{ cac_dong }}")
    with pytest.raises(InputError) as error:
        write_sheet(answered(), tmp_path / "a.docx", template=own)
    told = "cac_dong là một danh sách; hãy viết {%p for x in cac_dong %} … {%p endfor %}"
    assert error.value.message("vi") == f"{own}: {told}"


def test_what_is_open_stands_on_the_appraisal_and_in_the_letter_as_a_list_to_answer(tmp_path: Path) -> None:
    """A machine or a line of 600 million, the own share not stated: at most half, 300 million, and nothing is assured."""
    answer = opened()
    for kind in ("appraisal", "supplement"):
        write_sheet(answer, tmp_path / f"{kind}.docx", kind, "vi")
    sheet, letter = (text_of(tmp_path / f"{kind}.docx") for kind in ("appraisal", "supplement"))
    assert "Mức tối đa chắc chắn khi chưa làm rõ: 0 đồng." in sheet
    assert "Chưa nêu: đã đầu tư hoặc cam kết đủ vốn đối ứng" in sheet
    for number, question in enumerate(answer.questions, 1):
        assert f"{number}. {question.text.vi}" in sheet
        assert f"{number}. {question.text.vi}\nTrả lời: …" in letter
    assert "Kính gửi: HTX B" in letter
    assert "mức hỗ trợ tối đa là 300.000.000 đồng (Bằng chữ: Ba trăm triệu đồng)" in letter


def test_a_refusal_gives_the_reason_and_its_source(tmp_path: Path) -> None:
    write_sheet(refused(), tmp_path / "a.docx", "refusal", "vi")
    said = text_of(tmp_path / "a.docx")
    assert "Kính gửi: Tập đoàn C" in said
    assert "1. Loại hình cơ sở: doanh nghiệp lớn [Nghị định 235/2025/NĐ-CP]. " in said
    assert "Mức hỗ trợ tối đa: 0 đồng. " in said
    write_sheet(refused(), tmp_path / "b.docx", "appraisal", "vi")
    assert "- Không đạt: loại hình cơ sở: doanh nghiệp lớn (Nghị định 235/2025/NĐ-CP)." in text_of(tmp_path / "b.docx")


def test_a_cap_that_is_used_up_is_a_reason() -> None:
    """300 million of 300 have been paid before: nothing is left, though every condition is met."""
    used = assess(application(machine(500 * MILLION), reference="KC-1", prior_support=(prior(300 * MILLION),)))
    assert concerns(used, "refusal") is None
    assert places(used, "vi")["ly_do"] == [
        "Máy móc thiết bị tiên tiến, chuyển giao công nghệ: hỗ trợ trước 300.000.000 đồng đã dùng hết mức trần 300.000.000 đồng "
        "[553/2025/NQ-HĐND]"
    ]


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("kind", ["appraisal", "supplement", "refusal"])
def test_every_paper_says_that_it_is_no_entitlement_and_leaves_no_place_open(kind: Kind, lang: Lang, tmp_path: Path) -> None:
    write_sheet(FOR[kind](), tmp_path / "a.docx", kind, lang)
    said = text_of(tmp_path / "a.docx")
    assert NOT_ENTITLED[lang] in said
    assert not re.search(r"[{}]|None|%", said.replace("50%", "").replace("30%", ""))
    if lang == "vi":
        assert not re.search(r"[a-z]+-[a-z]+-?[a-z]*\b", said), said
    write_sheet(FOR[kind](), tmp_path / "a.html", kind, lang)
    page = " ".join("".join(Reader((tmp_path / "a.html").read_text(encoding="utf-8")).said).split())
    for paragraph in said.replace(" | ", "\n").splitlines():
        assert " ".join(paragraph.split()) in page, paragraph


def test_the_places_are_those_that_are_filled() -> None:
    assert places(answered()).keys() == PLACES
    assert all(names <= PLACES for names in NEEDED.values())
    page = (Path(__file__).parents[1] / "docs" / "bieu-mau.md").read_text(encoding="utf-8")
    table = re.findall(r"^\| (`[^|]+) \|", page, re.MULTILINE)
    assert {name for cell in table for name in re.findall(r"`(\w+)`", cell)} == PLACES


def test_the_sum_of_the_lines_is_the_ceiling_under_every_law() -> None:
    for law in map(catalogue.get, ("hung-yen-553-2025", "national-28-2018")):
        stated = application(machine(850_500_001), line(10**9), demonstration(3 * 10**9 + 1))
        answer = assess(stated, law)
        said = places(answer, "vi")
        total = sum(int(one["muc_toi_da"].replace(".", "")) for one in said["cac_dong"])
        assert total == answer.maximum_vnd == int(said["tong_muc_toi_da"].replace(".", ""))


# --- forms ------------------------------------------------------------------------------------------------------------


def test_the_shipped_forms_are_those_of_the_script() -> None:
    made = forms.made()
    assert {path.name for path in FORMS.iterdir()} == made.keys()
    for name, document in made.items():
        content = BytesIO()
        document.save(content)
        with ZipFile(FORMS / name) as shipped, ZipFile(content) as fresh:
            assert shipped.read("word/document.xml") == fresh.read("word/document.xml"), (
                "write them anew: python tests/forms.py"
            )


def test_a_form_of_the_centre_keeps_its_letterhead_and_is_filled(tmp_path: Path) -> None:
    own = form(tmp_path, "SỞ CÔNG THƯƠNG", *APPRAISAL)
    write_sheet(answered(), tmp_path / "a.docx", "appraisal", "vi", template=own)
    said = text_of(tmp_path / "a.docx")
    assert "SỞ CÔNG THƯƠNG" in said
    assert "Cơ khí A Tám trăm triệu đồng Đây là mức tối đa" in said
    assert "200.000.000 600.000.000" in said
    with ZipFile(tmp_path / "a.docx") as package:
        assert [name for name in package.namelist() if name.startswith("word/media/")]


def test_a_place_that_word_has_split_is_read_as_one(tmp_path: Path) -> None:
    document = Document()
    paragraph = document.add_paragraph()
    for piece in ("{", "{ co_", "so }", "} {{ bang", "_chu }} {{ luu_y }}"):
        paragraph.add_run(piece).bold = piece == "so }"
    for one in APPRAISAL[1:]:
        document.add_paragraph(one)
    document.save(str(tmp_path / "mau.docx"))
    write_sheet(answered(), tmp_path / "a.docx", template=tmp_path / "mau.docx", lang="vi")
    assert "Cơ khí A Tám trăm triệu đồng" in text_of(tmp_path / "a.docx")


@pytest.mark.parametrize(
    ("written", "en", "vi"),
    [
        ("{{ co_sso }}", "there is no place co_sso; did you mean co_so?", "không có chỗ điền co_sso; có phải là co_so?"),
        (
            "{% for dong in cac_dong %}{{ dong.muc_tan }}{% endfor %}",
            "there is no place muc_tan; did you mean muc_tran?",
            "không có chỗ điền muc_tan; có phải là muc_tran?",
        ),
        (
            "{{ co_so ",
            "a place is not written well: {{ co_so; write it as {{ co_so }}, in one piece",
            "chỗ điền viết chưa đúng: {{ co_so; hãy viết liền như {{ co_so }}",
        ),
        (
            "{{ co so }}",
            "a place is not written well: {{ co so }}; write it as {{ co_so }}, in one piece",
            "chỗ điền viết chưa đúng: {{ co so }}; hãy viết liền như {{ co_so }}",
        ),
        (
            "{{ co_so.__class__.__mro__ }}",
            "a place is not written well: {{ co_so.__class__.__mro__ }}; write it as {{ co_so }}, in one piece",
            "chỗ điền viết chưa đúng: {{ co_so.__class__.__mro__ }}; hãy viết liền như {{ co_so }}",
        ),
        (
            "{%p for dong in cac_dong %}",
            "what begins with for or if is not closed in the form; put {% endfor %} or {% endif %} behind it",
            "biểu mẫu có for hoặc if chưa được đóng; hãy thêm {% endfor %} hoặc {% endif %} ở sau",
        ),
    ],
)
def test_a_misspelt_place_is_refused_with_the_nearest(written: str, en: str, vi: str, tmp_path: Path) -> None:
    own = form(tmp_path, written, *APPRAISAL)
    with pytest.raises(InputError) as error:
        write_sheet(answered(), tmp_path / "a.docx", template=own)
    assert (str(error.value), error.value.message("vi")) == (f"{own}: {en}", f"{own}: {vi}")
    assert not (tmp_path / "a.docx").exists()


@pytest.mark.parametrize(
    "written",
    [
        *(
            "{% for i in range(10**9) %}x{% endfor %}",
            "{% set x = 5 %}",
            "{% macro f() %}{% endmacro %}",
            "{{ co_so|upper }}",
        ),
        *("{% include '/etc/passwd' %}", "{{ 'x' * 10**10 }}", "{{ cac_dong[0] }}", "{{", "{# comment"),
    ],
)
@pytest.mark.parametrize("where", ["text", "heading", "foot"])
def test_a_form_is_no_program(written: str, where: str, tmp_path: Path) -> None:
    document = Document()
    for one in APPRAISAL:
        document.add_paragraph(one)
    section = document.sections[0]
    holder: Any = {"text": document, "heading": section.header, "foot": section.footer}[where]
    holder.add_paragraph(written)
    document.save(str(tmp_path / "mau.docx"))
    with pytest.raises(InputError, match="a place is not written well: "):
        write_sheet(answered(), tmp_path / "a.docx", template=tmp_path / "mau.docx")


def test_places_in_headings_and_feet_are_filled_or_refused(tmp_path: Path) -> None:
    document = Document()
    for one in APPRAISAL:
        document.add_paragraph(one)
    document.sections[0].header.paragraphs[0].text = "Hồ sơ {{ so_ho_so }}"
    document.save(str(tmp_path / "mau.docx"))
    write_sheet(answered(), tmp_path / "a.docx", template=tmp_path / "mau.docx")
    assert Document(str(tmp_path / "a.docx")).sections[0].header.paragraphs[0].text == "Hồ sơ KC-1"
    document.sections[0].footer.paragraphs[0].text = "{{ co_sso }}"
    document.save(str(tmp_path / "mau.docx"))
    with pytest.raises(InputError, match="there is no place co_sso; did you mean co_so"):
        write_sheet(answered(), tmp_path / "a.docx", template=tmp_path / "mau.docx")


def test_a_form_without_a_place_that_it_needs_is_refused(tmp_path: Path) -> None:
    own = form(tmp_path, "{{ co_so }} {{ luu_y }}")
    with pytest.raises(InputError) as error:
        write_sheet(opened(), tmp_path / "a.docx", "supplement", "vi", template=own)
    assert error.value.message("vi") == f"{own}: biểu mẫu thiếu chỗ điền {{{{ can_bo_sung }}}}; hãy đặt vào nơi cần ghi"


def broken_package() -> bytes:
    content = BytesIO()
    with ZipFile(content, "w") as package:
        package.writestr("a.txt", "x")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "an old file of Word (.doc); in Word, save it as .docx, and name that"),
        (b"{\\rtf1}", "no Word file; a form is a .docx, saved in Word"),
        (b"", "no Word file; a form is a .docx, saved in Word"),
        (b"PK\x03\x04 cut off", "no Word file; a form is a .docx, saved in Word"),
        (broken_package(), "no Word file; a form is a .docx, saved in Word"),
        (None, "no such file; check the path"),
    ],
)
def test_what_is_no_word_file_is_refused(content: bytes | None, told: str, tmp_path: Path) -> None:
    own = tmp_path / "mau.docx"
    if content is not None:
        own.write_bytes(content)
    with pytest.raises(InputError) as error:
        write_sheet(answered(), tmp_path / "a.docx", template=own)
    assert str(error.value) == f"{own}: {told}"
    assert not (tmp_path / "a.docx").exists()


def test_a_form_that_unpacks_to_very_much_is_not_unpacked(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "mau.docx", "w", ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", "x" * (65 * 2**20))
    with pytest.raises(InputError, match="larger than 64 MiB; not read"):
        write_sheet(answered(), tmp_path / "a.docx", template=tmp_path / "mau.docx")


def test_a_workbook_is_no_form(tmp_path: Path) -> None:
    from openpyxl import Workbook

    Workbook().save(tmp_path / "so.xlsx")
    with pytest.raises(InputError, match="no Word file"):
        write_sheet(answered(), tmp_path / "a.docx", template=tmp_path / "so.xlsx")


def test_no_text_of_an_applicant_is_obeyed(tmp_path: Path) -> None:
    """Neither markup of Word or of a page, nor a place, nor what the form's own language would do."""
    name = HOSTILE + " </w:t><w:br/> {% for x in y %} {_{ co_so }_}"
    answer = assess(application(machine(600 * MILLION, name=name), name=name))
    write_sheet(answer, tmp_path / "a.docx", "appraisal", "vi", title=name, address=name)
    assert text_of(tmp_path / "a.docx").count("<script>alert('1')</script> & \"Cơ sở\" </table>") >= 3
    write_sheet(answer, tmp_path / "a.html", "appraisal", "vi", title=name)
    read = Reader((tmp_path / "a.html").read_text(encoding="utf-8"))
    assert "script" not in read.tags
    assert read.references == []


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"kind": "letter"}, 'kind: given "letter"; expected one of "appraisal", "supplement", "refusal"'),
        ({"kind": "supplement"}, "nothing is open; this letter asks for what is missing"),
        ({"kind": "refusal"}, "800,000,000 can be supported; this letter is for a dossier that cannot be supported"),
    ],
)
def test_a_paper_that_is_not_for_a_dossier_is_refused(options: dict[str, Any], told: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        write_sheet(answered(), tmp_path / "a.docx", **options)
    assert str(error.value) == told


@pytest.mark.parametrize("name", ["a.doc", "a.pdf", "a"])
def test_another_ending_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        write_sheet(answered(), tmp_path / name)
    assert str(error.value) == f"{tmp_path / name}: expected a name that ends in .docx, .html"


def test_a_form_makes_no_page(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        write_sheet(answered(), tmp_path / "a.html", template=form(tmp_path, *APPRAISAL))
    told = "biểu mẫu riêng chỉ cho ra tệp .docx; hãy đặt tên tệp như vậy, hoặc bỏ biểu mẫu riêng"
    assert error.value.message("vi") == f"{tmp_path / 'a.html'}: {told}"


# --- the command ------------------------------------------------------------------------------------------------------


def run(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str, str]:
    code = cli.main(["sheet", *map(str, words)])
    out, err = capsys.readouterr()
    return code, out, err


def register(folder: Path) -> Path:
    """KC-1 answered; KC-2 of the same establishment behind it; KC-3 open; KC-4 refused; KC/5 at fault."""
    rows = [
        row(),
        row(reference="KC-2", cost_vnd=500 * MILLION, approved_on="03/03/2026"),
        row(reference="KC-3", tax_code="", establishment="HTX B", own_capital_committed=""),
        row(reference="KC-4", tax_code="", establishment="Tập đoàn C", kind="doanh nghiệp lớn"),
        row(reference="KC/5", tax_code="", establishment="HTX E", cost_vnd="1.200"),
    ]
    return csv_file(folder / "so.csv", rows)


def test_all_dossiers_get_the_paper_that_is_for_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = register(tmp_path)
    code, out, err = run(capsys, file, "--all", "--out", tmp_path / "phieu.docx", "--lang", "vi")
    assert code == 0
    assert err.startswith("kcgrant: dòng 6, cột ")
    names = [f"phieu-KC-{number}.docx" for number in (1, 2, 3, 4)]
    assert out == "".join(f"{tmp_path / name}\n" for name in names) + (
        "4 văn bản cho 5 hồ sơ; 0 hồ sơ không cần, 1 hồ sơ có lỗi\n"
    )
    assert sorted(path.name for path in tmp_path.glob("*.docx")) == names
    # Half of 500 million, 250: nothing has been granted to KC-1 yet, which shares the cap, as both papers say.
    said = text_of(tmp_path / "phieu-KC-2.docx")
    assert "| 0 | 250.000.000" in said
    assert "Ghi chú: tính riêng cho hồ sơ này; mức trần mỗi cơ sở dùng chung với KC-1 của cùng cơ sở" in said
    assert "dùng chung với KC-2 của cùng cơ sở" in text_of(tmp_path / "phieu-KC-1.docx")
    assert "Ghi chú" not in text_of(tmp_path / "phieu-KC-3.docx")
    for kind, number in (("supplement", 3), ("refusal", 4)):
        code, out, _ = run(capsys, file, "--all", "--kind", kind, "--out", tmp_path / f"{kind}.docx")
        assert code == 0
        assert out.startswith(f"{tmp_path / f'{kind}-KC-{number}.docx'}\n1 papers for 5 dossiers")


def test_one_dossier_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, out_file = register(tmp_path), tmp_path / "a.docx"
    assert run(capsys, file, "--dossier", "KC-4", "--kind", "refusal", "--out", out_file) == (0, f"{out_file}\n", "")
    for words, told in (
        (("--dossier", "KC-44"), f"--dossier KC-44: no such dossier in {file}. Did you mean KC-4?"),
        ((), f"{file}: 5 dossiers in it; name one with --dossier, or write all with --all: KC-1, KC-2, KC-3, KC-4, KC/5"),
        (("--dossier", "KC-1", "--kind", "supplement"), "KC-1: nothing is open; this letter asks for what is missing"),
    ):
        assert run(capsys, file, *words, "--out", tmp_path / "b.docx") == (2, "", f"kcgrant: {told}\n")
    code, out, err = run(capsys, file, "--dossier", "KC/5", "--out", tmp_path / "b.docx")
    assert (code, out) == (2, "")
    assert 'line 6, column 15: given "1.200": can be read as 1,200 or as 1.2' in err
    assert not (tmp_path / "b.docx").exists()


def test_two_dossiers_never_stand_in_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = csv_file(tmp_path / "so.csv", [row(reference="1/2"), row(reference="1-2", tax_code="", establishment="B")])
    code, out, err = run(capsys, file, "--all", "--out", tmp_path / "a.docx")
    assert (code, out) == (2, "")
    told = "two dossiers would stand in a-1-2.docx; write them one by one with --dossier"
    assert err == f"kcgrant: {tmp_path / 'a.docx'}: {told}\n"
    assert list(tmp_path.glob("*.docx")) == []


def test_a_dossier_in_json_has_its_paper(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stated: Application = answered().application
    file = tmp_path / "a.json"
    file.write_text(stated.to_json(), encoding="utf-8")
    assert run(capsys, file, "--out", tmp_path / "a.html", "--lang", "vi")[:2] == (0, f"{tmp_path / 'a.html'}\n")
    assert "Tám trăm triệu đồng" in (tmp_path / "a.html").read_text(encoding="utf-8")
    code, _, err = run(capsys, file, "--all", "--out", tmp_path / "a.html")
    assert (code, err) == (2, "kcgrant: --all: belongs to a register; a file in JSON holds one application\n")
    code, _, err = run(capsys, file, "--unit", "triệu đồng", "--for-all", "Có vốn=có", "--out", tmp_path / "a.html")
    told = "belongs to a register; in JSON it stands in each application"
    assert (code, err) == (2, f"kcgrant: --unit: {told}\nkcgrant: --for-all: {told}\n")


def test_where_nothing_can_be_written_that_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = register(tmp_path)
    code, _, err = run(capsys, file, "--dossier", "KC-1", "--out", tmp_path / "no" / "a.docx", "--lang", "vi")
    told = "không ghi được tệp: không có thư mục này; hãy tạo thư mục hoặc nêu thư mục khác"
    assert (code, err) == (2, f"kcgrant: KC-1: {tmp_path / 'no' / 'a.docx'}: {told}\n")
    code, _, err = run(capsys, file, "--dossier", "KC-1", "--out", tmp_path / "a.doc", "--lang", "vi")
    assert (code, err) == (2, f"kcgrant: {tmp_path / 'a.doc'}: cần tên tệp có đuôi .docx, .html\n")


def test_a_paper_that_is_open_in_word_is_said_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.docx"
    file.write_bytes(b"before")

    def locked(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", locked)
    with pytest.raises(InputError) as error:
        write_sheet(answered(), file)
    told = "không ghi được tệp: tệp đang mở hoặc không có quyền ghi. Hãy đóng tệp trong Word rồi chạy lại"
    assert error.value.message("vi") == f"{file}: {told}"
    assert file.read_bytes() == b"before"
    assert [path.name for path in tmp_path.iterdir()] == ["a.docx"]


# --- on paper ---------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("soffice") is None or shutil.which("pdfinfo") is None, reason="no LibreOffice here")
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_each_paper_is_one_page(tmp_path: Path, lang: Lang) -> None:
    """A machine and a model with a long name and amounts of 10^12, several questions, and a refusal."""
    name = "Công ty TNHH một thành viên Sản xuất Thương mại và Dịch vụ Xuất nhập khẩu Ánh Dương"
    large = assess(application(machine(10**12, name="Máy phay CNC 5 trục"), demonstration(10**12), reference="1", name=name))
    write_sheet(large, tmp_path / "large.docx", "appraisal", lang, title=name, address=name)
    for kind, make in FOR.items():
        write_sheet(make(), tmp_path / f"{kind}.docx", kind, lang)
    command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), *map(str, tmp_path.glob("*.docx"))]
    where = f"-env:UserInstallation=file://{tmp_path / 'office'}"
    subprocess.run([*command, where], check=True, capture_output=True, timeout=180)
    for file in tmp_path.glob("*.pdf"):
        info = [str(shutil.which("pdfinfo")), str(file)]
        told = subprocess.run(info, check=True, capture_output=True, encoding="utf-8").stdout
        assert re.search(r"Pages: +1\n", told), file.name
        assert re.search(r"Page size: +595\S* x 84\S* pts \(A4\)", told)


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
def test_the_page_has_no_overflow_on_a4(tmp_path: Path) -> None:
    write_sheet(assess(application(machine(10**12, name="M" * 120), name="N" * 200)), tmp_path / "a.html", "appraisal", "vi")
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    probe = "<script>document.title = document.documentElement.scrollWidth <= innerWidth ? 'fits' : 'overflows'</script>"
    (tmp_path / "b.html").write_text(page.replace("</body>", f"{probe}</body>"), encoding="utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--window-size=794,1123", "--dump-dom"]  # fmt: skip
    command = [str(CHROMIUM), *options, f"--user-data-dir={tmp_path / 'profile'}", (tmp_path / "b.html").as_uri()]
    shown = subprocess.run(command, check=True, capture_output=True, encoding="utf-8", timeout=120).stdout
    assert "<title>fits</title>" in shown
