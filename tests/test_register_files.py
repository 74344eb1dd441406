"""Old files: workbooks before .xlsx, encodings before UTF-8, fonts before Unicode, and what Excel escapes in a text."""

from __future__ import annotations

import re
import struct
import unicodedata
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.styles import Font

from kcgrant.errors import InputError
from kcgrant.register import Register, calamine_in, proving, read, workbook_in
from kcgrant.register.old_fonts import encoding_of, font_encoding, modern
from kcgrant.register.texts_in import decoded
from registers import NAMES, assessed, row, workbook

FILES = Path(__file__).parent / "data" / "registers"


def remarks(register: Register, *kinds: str) -> list[tuple[str, str]]:
    return [(one.line(), one.line("vi")) for one in register.remarks if one.kind in kinds]


def refused(path: Path, lang: Any = "en") -> str:
    with pytest.raises(InputError) as error:
        read(path)
    message = error.value.message(lang)
    assert "\n" not in message
    return message.removeprefix(f"{path}: ")


# --- workbooks before .xlsx -------------------------------------------------------------------------------------------

VALUES_ALONE = "read by values alone: errors and formulas without a value count as blank, and "
SAVE = "; save it as .xlsx to have them checked"


@pytest.mark.parametrize(
    ("name", "not_marked"),
    [("so.xls", "hidden rows are not marked"), ("so.ods", "neither hidden rows nor merged cells are marked")],
)
def test_an_old_workbook_is_read_and_said_to_be_read_in_part(name: str, not_marked: str) -> None:
    register = read(FILES / name)
    (sheet,) = register.sheets
    dossiers = [one for one in sheet.rows if one.kind == "activity"]
    assert [(one.number, one.values["reference"], one.values.get("cost_vnd")) for one in dossiers] == [
        (4, "KC-1", 850_500_000),
        (5, "KC-2", 420_000_000),  # the value that was stored with =400000000+20000000
        (6, "KC-3", None),  # =1/0
        (7, "KC-4", 420_000_000),
        (8, "KC-5", 420_000_000),
    ]
    first = dossiers[0].values
    assert (first["approved_on"], first["tax_code"]) == (date(2026, 3, 2), "0900123452")
    assert list(dossiers[0].others.items()) == [("Giờ nộp", "08:30:00")]
    assert [line for line, _ in remarks(register, "read-in-part")] == [f"{name}: {VALUES_ALONE}{not_marked}{SAVE}"]
    assert [line for line, _ in remarks(register, "hidden-sheet")] == [
        "'Ẩn'!1: the sheet is hidden; it is read as the others are"
    ]


def test_merged_cells_of_an_xls_are_for_each_row_and_of_an_ods_blanks() -> None:
    rows = read(FILES / "so.xls").sheets[0].rows
    assert [one.values.get("establishment") for one in rows[-2:]] == ["Cơ khí Hùng Phát"] * 2
    register = read(FILES / "so.ods")
    assert [line for line, _ in remarks(register, "merged-cells")] == []
    assert [one.values.get("establishment") for one in register.sheets[0].rows[-2:]] == ["Cơ khí Hùng Phát", None]


def test_an_error_of_an_old_workbook_grants_nothing() -> None:
    """Half of the cost, at most the cap of the norm, which the first dossier of the establishment uses up."""
    result = assessed(FILES / "so.xls")
    found = {reference: dossier.maximum_vnd for reference, dossier in result.dossiers.items()}
    assert found == {"KC-1": 300_000_000, "KC-2": 0, "KC-3": None, "KC-4": 0, "KC-5": 0}


def record(kind: int, content: bytes) -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
    return head + bytes([len(content) & 127 | 128, len(content) >> 7]) + content


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    """A workbook in the binary form: texts and numbers, as [MS-XLSB] writes them."""
    body = record(0x94, struct.pack("<4I", 0, len(rows) - 1, 0, len(rows[0]) - 1)) + record(0x91, b"")
    for number, cells in enumerate(rows):
        body += record(0, struct.pack("<I", number) + bytes(21))
        for column, cell in enumerate(cells):
            if cell is not None:
                text = isinstance(cell, str)
                body += record(
                    6 if text else 5, struct.pack("<II", column, 0) + (wide(cell) if text else struct.pack("<d", cell))
                )
    sheet = record(0x81, b"") + body + record(0x92, b"") + record(0x82, b"")
    bundle = record(0x8F, b"") + record(0x9C, struct.pack("<II", 0, 1) + wide("rId1") + wide("So")) + record(0x90, b"")
    relation = '<Relationship Id="rId1" Type="{0}/worksheet" Target="worksheets/sheet1.bin"/>'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr(
            "xl/_rels/workbook.bin.rels", f'<Relationships xmlns="{package}">{relation.format(office)}</Relationships>'
        )
        packed.writestr("xl/workbook.bin", record(0x83, b"") + bundle + record(0x84, b""))
        packed.writestr("xl/worksheets/sheet1.bin", sheet)
    return path


def test_a_binary_workbook_is_read(tmp_path: Path) -> None:
    register = read(xlsb(tmp_path / "so.xlsb", [NAMES, row(cost_vnd=850_500_000)]))
    (one,) = register.rows
    assert (one.values["establishment"], one.values["cost_vnd"]) == ("Cơ khí Hùng Phát", 850_500_000)
    assert register.faults == []


def test_more_columns_than_a_register_has_are_refused_in_an_old_workbook(tmp_path: Path) -> None:
    path = xlsb(tmp_path / "so.xlsb", [[*NAMES, *[None] * 482, "x"]])
    assert refused(path) == "So!SH1 is filled in; a register has at most 500 columns"


@pytest.mark.parametrize("suffix", [".xls", ".xlsb", ".ods"])
def test_what_is_no_workbook_of_its_kind_is_refused_in_one_line(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"so{suffix}"
    for content in (b"", b"<html>", b"PK\x03\x04xx", (FILES / "so.xls").read_bytes()[:700]):
        path.write_bytes(content)
        assert refused(path) == f"not a workbook of the kind {suffix}, or damaged; open it in Excel and save it as .xlsx"
        told = f"không phải bảng tính dạng {suffix}, hoặc tệp bị hỏng; hãy mở bằng Excel và lưu dạng .xlsx"
        assert refused(path, "vi") == told


def test_a_panic_of_the_reader_is_a_damaged_file_and_a_stop_is_a_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        """As the reader's own, which cannot be imported."""

    def raising(error: BaseException) -> Callable[[Any, str], None]:
        def raise_it(_: object, __: str) -> None:
            raise error

        return raise_it

    monkeypatch.setattr(calamine_in, "_grid", raising(PanicException()))
    told = "not a workbook of the kind .xls, or damaged; open it in Excel and save it as .xlsx"
    assert refused(FILES / "so.xls") == told
    monkeypatch.setattr(calamine_in, "_grid", raising(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        read(FILES / "so.xls")


def test_a_password_is_named() -> None:
    assert refused(FILES / "mat-khau.xls") == "protected by a password; save it in Excel as .xlsx without a password"
    assert refused(FILES / "mat-khau.xls", "vi") == "tệp có mật khẩu; trong Excel hãy lưu dạng .xlsx không đặt mật khẩu"


def test_an_old_workbook_that_is_too_large_or_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused(FILES / "khong-co.xls") == "no such file; check the path"
    monkeypatch.setattr(proving, "MOST_UNPACKED", 100)
    assert refused(FILES / "so.ods") == "too large for a register; not read"
    monkeypatch.setattr(calamine_in, "MOST_BYTES", 100)
    assert refused(FILES / "so.xls") == "too large for a register; not read"


# --- encodings --------------------------------------------------------------------------------------------------------

TEXT = "Số hồ sơ,Tên cơ sở,Tỉnh\r\nKC-1,Công ty TNHH Minh Phát,Hưng Yên\r\nKC-2,HTX Đồng Tiến,Phú Thọ\r\n"
MARKS = "\u0300\u0301\u0303\u0309\u0323"


def in_1258(text: str) -> bytes:
    """Text as Windows in Viet Nam saves it: letters with their hats, each tone a character of its own behind."""
    out = ""
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        tones = "".join(mark for mark in parts if mark in MARKS)
        out += unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in MARKS)) + tones
    return out.encode("cp1258")


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TEXT.encode(), None),
        (TEXT.encode("utf-8-sig"), None),
        (b"", None),
        (TEXT.encode("utf-16"), "UTF-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "UTF-16"),
        (TEXT.encode("utf-16-le"), "UTF-16"),
        (TEXT.encode("utf-16-be"), "UTF-16"),
        (in_1258(TEXT), "Windows-1258"),
        (in_1258("KC-1,Phú Thọ"), "Windows-1258"),
    ],
)
def test_the_encoding_of_a_text_file_is_told(content: bytes, encoding: str | None) -> None:
    text, name = decoded(content, "so.csv")
    assert name == encoding
    assert text in (TEXT, "", "KC-1,Phú Thọ")
    assert unicodedata.is_normalized("NFC", text)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"a,b\nNestl\xe9,M\xfcller\n", 2),
        (b"\xff\xfea", 1),
        ("Ж,Щ\n".encode("cp1251"), 1),
        (b"\x81\x8d\x90", 1),
        ("Số hồ sơ\n".encode() + in_1258("Tỉnh Hưng Yên Zoë Müller"), 2),
    ],
)
def test_an_encoding_that_cannot_be_told_is_refused(content: bytes, line: int) -> None:
    with pytest.raises(InputError) as error:
        decoded(content, "so.csv")
    told = f"so.csv: line {line}: not UTF-8; in Excel save it as “CSV UTF-8 (comma delimited)”, or as .xlsx"
    assert str(error.value) == told


@given(st.binary(max_size=200))
@example(b"\0")
@example(b"\xff\xfe")
def test_any_bytes_are_text_or_refused(content: bytes) -> None:
    try:
        text, name = decoded(content, "a")
    except InputError as error:
        assert len(error.faults) == 1
    else:
        assert name is not None or text == content.decode("utf-8-sig")


def test_a_text_of_another_encoding_is_read_and_named(tmp_path: Path) -> None:
    """As Excel saves “Unicode Text”: UTF-16, with tabs."""
    path = tmp_path / "so.csv"
    path.write_text(
        "\n".join("\t".join(map(str, cells)) for cells in (NAMES, row(cost_vnd="850.500.000"))), encoding="utf-16"
    )
    register = read(path)
    assert [(one.values["establishment"], one.values["cost_vnd"]) for one in register.rows] == [
        ("Cơ khí Hùng Phát", 850_500_000)
    ]
    assert register.faults == []
    assert remarks(register, "encoding") == [
        (
            "so.csv: the file is in UTF-16, not in UTF-8; look whether its accents are right",
            "so.csv: tệp dùng bảng mã UTF-16, không phải UTF-8; hãy xem dấu tiếng Việt có đúng không",
        )
    ]


def test_a_register_in_windows_1258_is_read(tmp_path: Path) -> None:
    path = tmp_path / "so.csv"
    path.write_bytes(in_1258("\n".join(",".join(map(str, cells)) for cells in (NAMES, row()))))
    (one,) = read(path).rows
    assert (one.values["establishment"], one.values["area"]) == ("Cơ khí Hùng Phát", "commune")


# --- fonts ------------------------------------------------------------------------------------------------------------

LETTERS = "àảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵăâêôơưđ"
TCVN3 = (
    "b5b6b7b8b9bbbcbdbec6c7c8c9cacbcccecfd0d1d2d3d4d5d6d7d8dcdddedfe1e2e3e4e5e6e7e8e9eaebecedeeeff1f2f3f4f5f6f7f8f9fafbfcfdfe"
    "a8a9aaabacadae"
)
IN_TCVN3 = dict(zip(LETTERS, bytes.fromhex(TCVN3).decode("latin-1"), strict=True))
IN_TCVN3 |= dict(zip("ĂÂÊÔƠƯĐ", bytes.fromhex("a1a2a3a4a5a6a7").decode("latin-1"), strict=True))
IN_VNI = dict(
    zip(
        LETTERS,
        (
            *("aø", "aû", "aõ", "aù", "aï", "aè", "aú", "aü", "aé", "aë", "aà", "aå", "aã", "aá", "aä"),
            *("eø", "eû", "eõ", "eù", "eï", "eà", "eå", "eã", "eá", "eä", "ì", "æ", "ó", "í", "ò"),
            *("oø", "oû", "oõ", "où", "oï", "oà", "oå", "oã", "oá", "oä", "ôø", "ôû", "ôõ", "ôù", "ôï"),
            *("uø", "uû", "uõ", "uù", "uï", "öø", "öû", "öõ", "öù", "öï", "yø", "yû", "yõ", "yù", "î"),
            *("aê", "aâ", "eâ", "oâ", "ô", "ö", "ñ"),
        ),
        strict=True,
    )
)
IN_VNI |= {letter.upper(): pair.upper() for letter, pair in IN_VNI.items()}
WORDS = [
    "Số",
    "hồ",
    "sơ",
    "ngày",
    "phê",
    "duyệt",
    "tên",
    "cơ",
    "sở",
    "tỉnh",
    "loại",
    "hình",
    "thành",
    "lập",
    "hợp",
    "pháp",
    "trực",
    "tiếp",
    "sản",
    "xuất",
    "ngành",
    "nghề",
    "cam",
    "kết",
    "vốn",
    "đối",
    "ứng",
    "nguồn",
    "Nhà",
    "nước",
    "khác",
    "nội",
    "dung",
    "hỗ",
    "trợ",
    "hạng",
    "mục",
    "chi",
    "phí",
    "dây",
    "chuyền",
    "công",
    "nghệ",
    "điểm",
    "doanh",
    "nghiệp",
    "nhỏ",
    "và",
    "vừa",
    "hợp",
    "tác",
    "xã",
    "hộ",
    "kinh",
    "doanh",
    "tiểu",
    "thủ",
    "công",
    "nghiệp",
    "máy",
    "móc",
    "thiết",
    "bị",
    "tiên",
    "tiến",
    "chuyển",
    "giao",
    "chế",
    "biến",
    "nông",
    "lâm",
    "thủy",
    "sản",
    "thực",
    "phẩm",
    "có",
    "không",
    "chưa",
    "rõ",
    "đã",
    "giếng",
    "quý",
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Huỳnh",
    "Vũ",
    "Võ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
    "Hưng",
    "Yên",
    "Phú",
    "Thọ",
    "Hòa",
    "Bình",
    "Đắk",
    "Lắk",
    "Thừa",
    "Thiên",
    "Huế",
    "Cần",
    "Thơ",
    "Quảng",
    "Ngãi",
    "Vĩnh",
    "Phúc",
    "Lâm",
    "Đồng",
    "Sóc",
    "Trăng",
    "khuỷu",
    "tay",
    "nghiêng",
    "ngoằn",
    "ngoèo",
    "quyển",
    "sách",
    "khuya",
    "thuở",
    "xưa",
    "quốc",
    "gia",
    "giặt",
    "ủi",
    "yếu",
    "ớt",
    "QĐ",
    "HĐND",
]


def typed(text: str, letters: dict[str, str]) -> str:
    return "".join(letters.get(letter, letter) for letter in text)


sentences = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)


@given(sentences)
def test_vietnamese_in_unicode_is_never_touched(text: str) -> None:
    assert modern(text) is None
    assert modern(text.upper()) is None


@given(sentences)
def test_text_of_an_old_font_comes_back_as_it_was(text: str) -> None:
    for letters, font in ((IN_TCVN3, ".VnTime"), (IN_VNI, "VNI-Times")):
        old = typed(text, letters)
        assert modern(old, font) == (None if old == text else text)
        assert modern(old) in (None, text)


@given(sentences)
def test_a_font_of_capitals_shows_capitals(text: str) -> None:
    old = typed(text.lower(), IN_TCVN3)
    assert modern(old, ".VnTimeH") == (None if old == text.lower() else text.upper())  # what reads the same is left alone


@given(sentences)
def test_capitals_of_vni_come_back(text: str) -> None:
    assert modern(typed(text.upper(), IN_VNI), "VNI-Helve") in (None, text.upper())


def test_every_letter_of_both_fonts_is_read() -> None:
    for letters, font in ((IN_TCVN3, ".VnArial"), (IN_VNI, "VNI Times")):
        read_back = {letter: modern(f"x{old} t", font) or f"x{old} t" for letter, old in letters.items()}  # ý is ý in TCVN3
        assert read_back == {letter: f"x{letter} t" for letter in letters}


def test_text_of_a_whole_register_is_told_without_a_font() -> None:
    text = " ".join(WORDS)
    assert encoding_of(typed(text, IN_TCVN3), whole=True) == ".VnTime (TCVN3)"
    assert encoding_of(typed(text, IN_VNI), whole=True) == "VNI-Times (VNI)"
    assert encoding_of(text, whole=True) is None


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Nestlé",
            "Müller",
            "Citroën",
            "Bühler 5 µm",
            "Honda®",
            "© 2026",
            "5 N·m",
            "Ø20",
            "15×20",
            "½ tấn",
            "§ 5",
            "100 µm",
            "São Paulo",
        ),
        *(
            "m²",
            "25 °C",
            "«Hà Nam»",
            "hop\u00adtac",
            "cã",
            "NIÑO",
            "El Niño",
            "Số 5 µm",
            "Cơ khí «Hùng Phát»",
            "",
            "abc",
            "\u4e2d",
        ),
    ],
)
def test_other_text_is_never_touched(text: str) -> None:
    assert modern(text) is None


def test_a_font_is_known_by_its_name() -> None:
    names = (".VnTime", ".vnArial NarrowH", "VNI-Times", "vni helve", "Times New Roman", "Calibri", "", None)
    tcvn3, vni = ".VnTime (TCVN3)", "VNI-Times (VNI)"
    assert [font_encoding(name) for name in names] == [tcvn3, tcvn3, vni, vni, None, None, None, None]


def test_unicode_in_a_cell_that_kept_an_old_font_is_not_touched() -> None:
    """Where the letters leave no doubt; else the font is what the officer sees."""
    assert [modern(text, ".VnTime") for text in ("Hưng Yên", "KC-1", "Đã có")] == [None, None, None]
    assert modern("kết quả", "VNI-Times") is None
    assert modern("nguyên", ".VnTime") is None


AS_26 = [
    ("Công ty TNHH Minh Phát", "hung-yen", "small-or-medium-enterprise", 850_500_000),
    ("HTX Minh Tiến", "hung-yen", "cooperative", 420_000_000),
    ("Cơ sở sản xuất Hoàng Yến", "hung-yen", "household-business", 1_250_000_000),
]


@pytest.mark.parametrize(
    ("name", "place", "count", "activity"),
    [
        ("26-tcvn3.xlsx", "Sheet!1", 49, "Máy"),
        ("28-ten-tcvn3.xlsx", "Sheet!1", 6, "Máy sấy nông sản"),  # three by their font, three by their letters
        ("tcvn3.xls", "So!1", 49, "Máy"),  # of a format whose fonts nobody tells
    ],
)
def test_a_workbook_typed_in_an_old_font_is_read(name: str, place: str, count: int, activity: str) -> None:
    register = read(FILES / name)
    names = ("establishment", "province", "kind", "cost_vnd")
    assert [tuple(one.values[name] for name in names) for one in register.rows] == AS_26
    assert {one.values["activity"] for one in register.rows} == {activity}
    assert register.faults == []
    assert remarks(register, "old-font") == [
        (
            f"{place}: {count} cells typed in an old font, .VnTime (TCVN3), are read as Unicode; check them",
            f"{place}: {count} ô gõ bằng phông chữ cũ .VnTime (TCVN3) đã được đọc thành Unicode; hãy rà lại",
        )
    ]


def test_a_text_file_typed_in_an_old_font_is_read(tmp_path: Path) -> None:
    path = tmp_path / "so.csv"
    lines = "\n".join(
        ",".join(map(str, cells)) for cells in (NAMES, row(activity="Máy sấy nông sản"), row(reference="KC-2"))
    )
    contents = [
        typed(lines, IN_TCVN3).encode("cp1252"),
        typed(lines, IN_TCVN3).encode(),
        typed(lines, IN_VNI).encode("cp1252"),
    ]
    for content in contents:
        path.write_bytes(content)
        register = read(path)
        assert [one.values["activity"] for one in register.rows] == ["Máy sấy nông sản", "Máy cắt"]
        assert [one.values["lawfully_established"] for one in register.rows] == [True, True]  # có, typed cã or coù
        assert [one.kind for one in register.findings if one.kind == "old-font"] == ["old-font"]
    assert [one.line() for one in read(path).said] == [
        "so.csv: the file is in Windows-1252, not in UTF-8; look whether its accents are right",
        "line 1: 22 cells typed in an old font, VNI-Times (VNI), are read as Unicode; check them",
    ]


def test_old_text_beside_unicode_that_cannot_be_told_is_kept_and_named(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "so.xlsx", [row(establishment="C«ng ty Müller"), row(reference="KC-2", activity="Máy mới, M¸y sÊy")]
    )
    register = read(path)
    assert [one.values["establishment"] for one in register.rows] == ["C«ng ty Müller", "Cơ khí Hùng Phát"]
    told = "2 cells look typed in an old font, .VnTime (TCVN3), VNI-Times (VNI), and cannot be told; kept as they are; type them in Unicode"
    said = "2 ô có vẻ gõ bằng phông chữ cũ (.VnTime (TCVN3), VNI-Times (VNI)) nhưng không chắc chắn nên giữ nguyên; hãy gõ lại bằng Unicode"
    assert remarks(register, "old-font") == [(f"Sheet1!C2, Sheet1!N3: {told}", f"Sheet1!C2, Sheet1!N3: {said}")]


def test_a_formula_takes_the_font_of_its_cell(tmp_path: Path) -> None:
    book = Workbook()
    sheet: Any = book.active
    for cells in (NAMES, row()):
        sheet.append(cells)
    place = sheet.cell(2, NAMES.index("lawfully_established") + 1)
    place.value, place.font = '="c"&"ã"', Font(name=".VnTime")
    book.save(tmp_path / "so.xlsx")
    with zipfile.ZipFile(tmp_path / "so.xlsx") as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    name = "xl/worksheets/sheet1.xml"
    at = re.sub(
        rb'(<c r="G2"[^>]*?)>(<f>.*?</f>)<v ?/?>(?:</v>)?', rb'\1 t="str">\2<v>' + "cã".encode() + b"</v>", parts[name]
    )
    assert at != parts[name]
    with zipfile.ZipFile(tmp_path / "so.xlsx", "w") as packed:
        for part, content in (parts | {name: at}).items():
            packed.writestr(part, content)
    (one,) = read(tmp_path / "so.xlsx").rows
    assert one.values["lawfully_established"] is True


# --- what Excel escapes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("Cơ khí_x000D_\nHùng Phát", "Cơ khí\nHùng Phát"),
        ("a_x000D_b", "a\nb"),
        ("a_x0009_b_x000a_", "a\tb\n"),
        ("_x005F_x000D_", "_x000D_"),
        ("a_x005f_b", "a_b"),
        ("ma_x0041_y_xD800_ _x00_", "ma_x0041_y_xD800_ _x00_"),
    ],
)
def test_an_escaped_character_is_that_character(stored: str, text: str, tmp_path: Path) -> None:
    path = workbook(tmp_path / "so.xlsx", [row(activity=stored)])
    (grid,), *_ = workbook_in.read_grids(path)
    assert grid.rows[1][1][NAMES.index("activity")] == text


def test_one_establishment_with_an_escaped_line_break_is_one() -> None:
    result = assessed(FILES / "F07-x000D.xlsx")
    assert [one.values["establishment"] for one in result.register.rows] == ["Cơ khí Hùng Phát", "Cơ khí Hùng Phát"]


def test_a_strict_workbook_is_refused_by_its_name() -> None:
    path = FILES / "F19-strict-open-xml.xlsx"
    assert refused(path) == "saved as “Strict Open XML Spreadsheet”; save it in Excel as “Excel Workbook (.xlsx)”"
    told = "tệp lưu dạng “Strict Open XML Spreadsheet”; trong Excel hãy lưu dạng “Excel Workbook (.xlsx)”"
    assert refused(path, "vi") == told
