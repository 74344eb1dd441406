"""Writes the forms of the sheets that are shipped, src/kcgrant/assessment/forms: `python tests/forms.py`. A test compares.

They follow the layout of official papers: A4 upright, Times New Roman 13, the national title, a place for the agency.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from kcgrant.assessment.sheet import FORMS

LEFT, CENTRE, RIGHT, BOTH = (
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)
NONE, FOR_EACH, END = "{%p if not can_bo_sung %}", "{{%p for {one} in {every} %}}", "{%p endfor %}"


class Words(NamedTuple):
    """What stands on the forms in one language."""

    agency: tuple[str, str]
    number: str
    nation: tuple[str, str]
    day: str
    drawn_up: str
    head: str
    sign: str
    copies: tuple[str, str, str]
    to: str
    dossier: str
    approved: str
    establishment: str
    tax_code: str
    address: str
    scheme: str
    law: str
    source: str
    appraisal: tuple[str, str]
    ceiling: str
    unit: str
    columns: tuple[str, ...]
    total: str
    in_words: str
    assured: str
    conditions: str
    missing: str
    nothing_missing: str
    verdict: str
    most_of_it: str
    note: str
    supplement: tuple[str, str]
    asked: str
    answer: str
    if_all: str
    until: str
    refusal: tuple[str, str]
    refused: str
    most: str
    objections: str


VI = Words(
    agency=("CƠ QUAN CHỦ QUẢN ………", "TÊN ĐƠN VỊ …………………"),
    number="Số: ………/………",
    nation=("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"),
    day="……………, ngày …… tháng …… năm ………",
    drawn_up="NGƯỜI LẬP PHIẾU",
    head="LÃNH ĐẠO ĐƠN VỊ",
    sign="(Ký, ghi rõ họ tên)",
    copies=("Nơi nhận:", "- Như trên;", "- Lưu: VT, ………"),
    to="Kính gửi: {{ co_so }}",
    dossier="Số hồ sơ: ",
    approved="; ngày phê duyệt kế hoạch: ",
    establishment="Cơ sở: ",
    tax_code="; mã số thuế: ",
    address="Địa chỉ: ",
    scheme="Đề án, nội dung: ",
    law="Quy định áp dụng: ",
    source="Nguồn của mức chi: ",
    appraisal=("PHIẾU THẨM ĐỊNH HỒ SƠ", "Đề nghị hỗ trợ kinh phí khuyến công"),
    ceiling="1. Mức hỗ trợ tối đa",
    unit="Đơn vị tính: đồng",
    columns=("Nội dung hỗ trợ", "Chi phí được tính", "Tỷ lệ", "Mức trần", "Đã hỗ trợ trước", "Mức tối đa"),
    total="Cộng",
    in_words="Bằng chữ: ",
    assured="Mức tối đa chắc chắn khi chưa làm rõ: ",
    conditions="2. Điều kiện hỗ trợ",
    missing="3. Nội dung cần bổ sung, làm rõ",
    nothing_missing="Không có.",
    verdict="4. Kết luận: ",
    most_of_it="mức tối đa ",
    note="Ghi chú: ",
    supplement=("V/v đề nghị bổ sung, làm rõ hồ sơ khuyến công", "ĐỀ NGHỊ BỔ SUNG HỒ SƠ"),
    asked=(
        "Căn cứ {{ van_ban }}, sau khi xem xét hồ sơ số {{ so_ho_so }} ({{ ten_de_an }}), đơn vị đề nghị cơ sở bổ sung, "
        "làm rõ các nội dung sau:"
    ),
    answer="Trả lời: ……………………………………………………………………………",
    if_all="Nếu mọi nội dung trên đều thuận lợi, mức hỗ trợ tối đa là {{ muc_toi_da }} (Bằng chữ: {{ bang_chu }}). ",
    until="Đề nghị gửi trả lời kèm tài liệu chứng minh về đơn vị trước ngày ……/……/………",
    refusal=("THÔNG BÁO", "Về việc hồ sơ không đủ điều kiện hỗ trợ kinh phí khuyến công"),
    refused=(
        "Căn cứ {{ van_ban }}, sau khi xem xét hồ sơ số {{ so_ho_so }} ({{ ten_de_an }}), đơn vị thông báo hồ sơ không được "
        "hỗ trợ, vì lý do sau:"
    ),
    most="Mức hỗ trợ tối đa: {{ muc_toi_da }}. ",
    objections="Nếu có ý kiến, đề nghị cơ sở gửi về đơn vị trước ngày ……/……/………",
)
EN = Words(
    agency=("SUPERIOR AUTHORITY ………", "AGENCY …………………"),
    number="No.: ………/………",
    nation=("SOCIALIST REPUBLIC OF VIET NAM", "Independence - Freedom - Happiness"),
    day="……………, day …… month …… year ………",
    drawn_up="DRAWN UP BY",
    head="HEAD OF THE UNIT",
    sign="(signature, full name)",
    copies=("Copies:", "- as above;", "- file: ………"),
    to="To: {{ co_so }}",
    dossier="Dossier: ",
    approved="; plan approved on: ",
    establishment="Establishment: ",
    tax_code="; tax code: ",
    address="Address: ",
    scheme="Scheme, content: ",
    law="Law applied: ",
    source="Source of the norm: ",
    appraisal=("APPRAISAL SHEET", "for industrial-promotion support"),
    ceiling="1. Ceiling of support",
    unit="Unit: đồng",
    columns=("Kind of support", "Cost counted", "Rate", "Cap", "Supported before", "Ceiling"),
    total="Total",
    in_words="In words: ",
    assured="Lowest ceiling, whatever the answers: ",
    conditions="2. Conditions",
    missing="3. To be supplied or clarified",
    nothing_missing="Nothing.",
    verdict="4. Verdict: ",
    most_of_it="ceiling ",
    note="Note: ",
    supplement=("Re: what is missing in an industrial-promotion dossier", "REQUEST FOR FURTHER PARTICULARS"),
    asked=(
        "Under {{ van_ban }}, having looked at dossier {{ so_ho_so }} ({{ ten_de_an }}), we ask the establishment to supply "
        "or clarify the following:"
    ),
    answer="Answer: ……………………………………………………………………………",
    if_all="If all of it is favourable, the ceiling of support is {{ muc_toi_da }} ({{ bang_chu }}). ",
    until="Please send the answer with its evidence to us before ……/……/………",
    refusal=("NOTICE", "of a dossier that is not eligible for industrial-promotion support"),
    refused=(
        "Under {{ van_ban }}, having looked at dossier {{ so_ho_so }} ({{ ten_de_an }}), we inform you that it cannot be "
        "supported, for these reasons:"
    ),
    most="Ceiling of support: {{ muc_toi_da }}. ",
    objections="If you do not agree, please write to us before ……/……/………",
)


def write(
    holder: Any, *parts: str, align: Any = BOTH, bold: bool = False, italic: bool = False, size: float = 13, **more: Any
) -> Any:
    """Adds a paragraph whose parts are alternately plain and filled in; a cell's first paragraph is used."""
    used = getattr(holder, "paragraphs", None)
    fresh = used and hasattr(holder, "_tc") and len(used) == 1 and not used[0].text
    paragraph = used[0] if used and fresh else holder.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.space_after = Pt(more.get("after", 2))
    paragraph.paragraph_format.space_before = Pt(more.get("before", 0))
    paragraph.paragraph_format.keep_with_next = more.get("kept", False)
    for part in parts:
        run = paragraph.add_run(part)
        run.bold, run.italic, run.underline = bold, italic, more.get("underline", False)
        run.font.size = Pt(size)
    return paragraph


def blank() -> Any:
    """A document without a word: A4 upright, the margins of official papers, Times New Roman 13."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(2.6), Cm(1.6)
    section.top_margin, section.bottom_margin = Cm(1.6), Cm(1.4)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Times New Roman", Pt(13)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), "Times New Roman")
    normal.paragraph_format.line_spacing = 1.0
    return document


def table(document: Any, widths: Sequence[float], style: str | None = None) -> Any:
    made = document.add_table(rows=1, cols=len(widths))
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    if style:
        made.style = style
        margins = OxmlElement("w:tblCellMar")
        for side in ("left", "right"):
            margin = OxmlElement(f"w:{side}")
            margin.set(qn("w:w"), "60")
            margin.set(qn("w:type"), "dxa")
            margins.append(margin)
        made._tbl.tblPr.append(margins)  # python-docx has no name for it
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Cm(width)
        for cell in column.cells:
            cell.width = Cm(width)
    return made


def row(made: Any, widths: Sequence[float]) -> Any:
    cells = made.add_row().cells
    for cell, width in zip(cells, widths, strict=True):
        cell.width = Cm(width)
    return cells


def heading(document: Any, said: Words, about: str = "") -> None:
    """The agency and its number on the left, the national title and the day on the right."""
    left, right = table(document, (7, 9.6)).rows[0].cells
    write(left, said.agency[0], align=CENTRE, size=12, after=0)
    write(left, said.agency[1], align=CENTRE, bold=True, size=12, after=0)
    write(left, said.number, align=CENTRE, before=3)
    if about:
        write(left, about, align=CENTRE, size=12, after=0)
    write(right, said.nation[0], align=CENTRE, bold=True, size=12, after=0)
    write(right, said.nation[1], align=CENTRE, bold=True, underline=True, after=0)
    write(right, said.day, align=CENTRE, italic=True, before=3)


def signatures(document: Any, said: Words, *, letter: bool) -> None:
    left, right = table(document, (8.3, 8.3)).rows[0].cells
    if letter:
        write(left, said.copies[0], align=LEFT, bold=True, italic=True, size=12, after=0)
        for one in said.copies[1:]:
            write(left, one, align=LEFT, size=11, after=0)
    for cell, title in ((left, said.drawn_up), (right, said.head)):
        if cell is right or not letter:
            write(cell, title, align=CENTRE, bold=True, before=4, after=0)
            write(cell, said.sign, align=CENTRE, italic=True, size=12, after=0)


def appraisal(said: Words) -> Any:
    document = blank()
    heading(document, said)
    write(document, said.appraisal[0], align=CENTRE, bold=True, size=15, before=8, after=0)
    write(document, said.appraisal[1], align=CENTRE, bold=True, after=6)
    write(document, said.dossier, "{{ so_ho_so }}", said.approved, "{{ ngay_phe_duyet }}")
    write(document, said.establishment, "{{ co_so }}", said.tax_code, "{{ ma_so_thue }}")
    write(document, said.address, "{{ dia_chi }}")
    write(document, said.scheme, "{{ ten_de_an }}")
    write(document, said.law, "{{ van_ban }}")
    write(document, said.source, "{{ nguon }}", size=12)
    write(document, said.ceiling, align=LEFT, bold=True, before=4, kept=True)
    write(document, said.unit, align=RIGHT, italic=True, size=12, after=0, kept=True)
    widths = (4.0, 3.3, 1.2, 2.9, 2.5, 2.9)
    made = table(document, widths, "Table Grid")
    for cell, text in zip(made.rows[0].cells, said.columns, strict=True):
        write(cell, text, align=CENTRE, bold=True, size=12, after=0)
    row(made, widths)[0].paragraphs[0].add_run("{%tr for dong in cac_dong %}")
    names = ("noi_dung", "chi_phi", "ty_le", "muc_tran", "da_ho_tro", "muc_toi_da")
    for cell, name in zip(row(made, widths), names, strict=True):
        align = LEFT if name == "noi_dung" else CENTRE if name == "ty_le" else RIGHT
        write(cell, f"{{{{ dong.{name} }}}}", align=align, size=11.5, after=0)
    row(made, widths)[0].paragraphs[0].add_run("{%tr endfor %}")
    sums = (said.total, "{{ tong_chi_phi }}", "", "", "{{ tong_da_ho_tro }}", "{{ tong_muc_toi_da }}")
    for cell, text in zip(row(made, widths), sums, strict=True):
        write(cell, text, align=LEFT if text == said.total else RIGHT, bold=True, size=11.5, after=0)
    write(document, said.in_words, "{{ bang_chu }}.", italic=True, before=3)
    write(document, "{%p if chua_chac_chan %}")
    write(document, said.assured, "{{ muc_chac_chan }}.")
    write(document, "{%p endif %}")
    write(document, said.conditions, align=LEFT, bold=True, before=4, kept=True)
    write(document, FOR_EACH.format(one="muc", every="dieu_kien"))
    write(document, "- {{ muc.ket_qua }}: {{ muc.noi_dung }}.", size=12)
    write(document, END)
    write(document, said.missing, align=LEFT, bold=True, before=4, kept=True)
    write(document, FOR_EACH.format(one="cau", every="can_bo_sung"))
    write(document, "{{ loop.index }}. {{ cau }}", size=12, after=1)
    write(document, END)
    write(document, NONE)
    write(document, said.nothing_missing)
    write(document, "{%p endif %}")
    write(
        document,
        said.verdict,
        "{{ ket_luan }}; ",
        said.most_of_it,
        "{{ muc_toi_da }}. ",
        "{{ luu_y }}",
        bold=True,
        before=4,
        kept=True,
    )
    write(document, FOR_EACH.format(one="dieu", every="ghi_chu"))
    write(document, said.note, "{{ dieu }}", italic=True)
    write(document, END)
    signatures(document, said, letter=False)
    return titled(document, said.appraisal[0])


def supplement(said: Words) -> Any:
    document = blank()
    heading(document, said, said.supplement[0])
    write(document, said.to, align=CENTRE, bold=True, before=16, after=8)
    write(document, said.asked, after=6)
    write(document, FOR_EACH.format(one="cau", every="can_bo_sung"))
    write(document, "{{ loop.index }}. {{ cau }}", kept=True)
    write(document, said.answer, align=LEFT, after=6)
    write(document, END)
    write(document, said.if_all, "{{ luu_y }}", before=4, after=6)
    write(document, said.until, after=10)
    signatures(document, said, letter=True)
    return titled(document, said.supplement[1])


def refusal(said: Words) -> Any:
    document = blank()
    heading(document, said)
    write(document, said.refusal[0], align=CENTRE, bold=True, size=15, before=10, after=0)
    write(document, said.refusal[1], align=CENTRE, bold=True, after=8)
    write(document, said.to, align=CENTRE, bold=True, after=8)
    write(document, said.refused, after=6)
    write(document, FOR_EACH.format(one="dieu", every="ly_do"))
    write(document, "{{ loop.index }}. {{ dieu }}", after=4)
    write(document, END)
    write(document, said.most, "{{ luu_y }}", before=4, after=6)
    write(document, said.objections, after=10)
    signatures(document, said, letter=True)
    return titled(document, said.refusal[0])


def titled(document: Any, title: str) -> Any:
    document.core_properties.title = title
    document.core_properties.author = "kcgrant"
    return document


MADE: dict[str, Callable[[Words], Any]] = {"appraisal": appraisal, "supplement": supplement, "refusal": refusal}


def made() -> dict[str, Any]:
    """Every form by the name of its file."""
    return {f"{kind}.{lang}.docx": make(said) for kind, make in MADE.items() for lang, said in (("vi", VI), ("en", EN))}


if __name__ == "__main__":
    FORMS.mkdir(exist_ok=True)
    for name, document in made().items():
        document.save(str(FORMS / name))
