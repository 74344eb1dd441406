"""Headings: the columns of a register, by every name that officers give them, and the folding by which names are compared.

The decision taken here: a heading is recognised without regard to capitals, accents, spaces and punctuation, in English or
Vietnamese; one that is not recognised is named and kept, never guessed at.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from kcgrant.errors import Text


class Column(NamedTuple):
    """A column of the flat form: its name there, its label in both languages, and what else it is called."""

    name: str
    label: Text
    also: tuple[str, ...] = ()


def _columns(*rows: tuple[str, ...]) -> dict[str, Column]:
    return {name: Column(name, Text(en=en, vi=vi), tuple(also)) for name, en, vi, *also in rows}


COLUMNS: Final[Mapping[str, Column]] = _columns(
    ("reference", "Reference", "Số hồ sơ", "Mã hồ sơ", "Dossier"),
    ("approved_on", "Plan approved on", "Ngày phê duyệt kế hoạch", "Ngày phê duyệt"),
    ("establishment", "Establishment", "Tên cơ sở", "Cơ sở", "Cơ sở công nghiệp nông thôn", "Tên đơn vị"),
    ("province", "Province", "Tỉnh", "Tỉnh, thành phố"),
    ("tax_code", "Tax code", "Mã số thuế", "MST"),
    ("kind", "Kind of establishment", "Loại hình cơ sở", "Loại hình"),
    ("lawfully_established", "Lawfully set up", "Thành lập hợp pháp"),
    ("direct_producer", "Itself invests and produces", "Trực tiếp đầu tư, sản xuất", "Trực tiếp sản xuất"),
    ("area", "Place", "Địa bàn"),
    ("sector", "Sector", "Ngành nghề"),
    ("own_capital_committed", "Own share committed", "Cam kết vốn đối ứng", "Vốn đối ứng"),
    ("other_state_support", "Other State support", "Đã có nguồn Nhà nước khác", "Nguồn Nhà nước khác"),
    ("norm", "Norm", "Mức chi", "Nội dung hỗ trợ"),
    ("activity", "Activity", "Hạng mục", "Tên hạng mục"),
    ("cost_vnd", "Cost (VND)", "Chi phí (đồng)", "Chi phí", "Cost", "Tổng chi phí (đồng)"),
    ("technology_line", "Technology line", "Dây chuyền công nghệ"),
    ("new_to_area", "New to its area", "Mới đối với địa phương"),
    ("performs_well", "Performs well", "Hoạt động hiệu quả"),
)
"""The flat form of a dossier: one row an activity, the rows of a dossier share the reference."""

PRIOR: Final[Mapping[str, Column]] = _columns(
    ("reference", "Reference", "Số hồ sơ", "Mã hồ sơ", "Dossier"),
    ("norm", "Norm", "Mức chi", "Nội dung hỗ trợ"),
    ("amount_vnd", "Amount (VND)", "Số tiền đã hỗ trợ (đồng)", "Số tiền đã hỗ trợ", "Số tiền", "Amount"),
    ("technology_line", "Technology line", "Dây chuyền công nghệ"),
    ("granted_on", "Granted on", "Ngày hỗ trợ"),
)
"""The second table: earlier support that counts, listed for a dossier."""

NEEDED: Final = ("reference", "approved_on", "establishment", "province", "norm", "cost_vnd")
NEEDED_PRIOR: Final = ("reference", "norm", "amount_vnd")

RESULTS: Final[Mapping[str, Column]] = _columns(
    ("status", "Status of the row", "Tình trạng dòng"),
    ("verdict", "Verdict on the dossier", "Kết luận về hồ sơ"),
    ("activity_verdict", "Verdict on the activity", "Kết luận về hạng mục"),
    ("cost_read_vnd", "Cost as read (VND)", "Chi phí đã đọc (đồng)"),
    ("ceiling_vnd", "Ceiling of the dossier (VND)", "Mức tối đa của hồ sơ (đồng)"),
    ("assured_vnd", "Lowest ceiling, whatever the answers (VND)", "Mức tối đa thấp nhất, dù trả lời thế nào (đồng)"),
    ("ceiling_formula", "Ceiling, as a live formula", "Mức tối đa, công thức sống"),
    ("assured_formula", "Lowest ceiling, as a live formula", "Mức thấp nhất, công thức sống"),
    ("binding", "What sets the limit", "Giới hạn quyết định"),
    ("used_by_earlier", "Cap used by earlier dossiers", "Mức trần hồ sơ trước đã dùng"),
    ("questions", "Still open: what to find out", "Còn bỏ ngỏ: cần làm rõ"),
    ("remarks", "Faults and findings", "Lỗi và điều cần lưu ý"),
)
"""What is written beside the officer's columns; a register that has them already gets them anew."""

RANKING: Final[Mapping[str, frozenset[str]]] = {
    "points": frozenset({"points", "score", "diem", "diem so", "so diem"}),
    "place": frozenset({"rank", "thu tu", "thu tu uu tien", "xep hang"}),
}
"""The headings, folded, of the centre's own ranking of dossiers, which a plan reads and an assessment does not use."""

_ACCENTS: Final = re.compile("[\u0300-\u036f]+")
_GAPS: Final = re.compile(r"[\W_]+")


@lru_cache(maxsize=65536)
def folded(text: str) -> str:
    """A text without capitals, accents and punctuation, by which headings and the names of codes are compared.

    Example:
        >>> folded("  Chi phí (ĐỒNG) "), folded("cost_vnd")
        ('chi phi dong', 'cost vnd')
    """
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold())).replace("đ", "d")
    return _GAPS.sub(" ", plain).strip()


def names(columns: Mapping[str, Column]) -> dict[str, str]:
    """Every folded heading, with the name of its column."""
    return {
        folded(said): column.name
        for column in columns.values()
        for said in (column.name, column.label.en, column.label.vi, *column.also)
    }


HEADINGS: Final = names(COLUMNS)
PRIOR_HEADINGS: Final = names(PRIOR)
RESULT_HEADINGS: Final = names(RESULTS)


def recognised(cells: Sequence[object], known: Mapping[str, str]) -> int:
    """How many of the cells of a row are headings that are known."""
    return sum([isinstance(cell, str) and len(cell) < 100 and folded(cell) in known for cell in cells])


_SPACES: Final = re.compile(r"\s+")


def tidy(text: str) -> str:
    """A text in Unicode form NFC, every run of spaces and line breaks one space, as it is taken over."""
    if text.isascii() and " " not in text and text.isprintable():
        return text
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


# Letters of the Cyrillic and Greek alphabets that look like Latin ones; capitals and small letters differ in some.
_LATIN: Final = str.maketrans(
    "АВЕЅІЈКМНОРСТУХԚԜавеѕіјкмнорстухԛԝһΑΒΕΖΗΙΚΜΝΟΡΤΥΧαβεικνορτυχ",
    "ABESIJKMHOPCTYXQWabesijkmhopctyxqwhABEZHIKMNOPTYXabeikvoptyx",
)
_WORDS: Final = re.compile(r"[^\W_]+")
_TONES: Final = re.compile("[\u0300\u0301\u0303\u0309\u0323]")


@lru_cache(maxsize=65536)
def spelling(name: str) -> str:
    """What two spellings of one name have in common: no capitals, spaces or punctuation, look-alike letters as Latin ones.

    Accents stay, since Hùng and Hưng are two names; a tone mark may stand on either vowel, as in Hòa and Hoà.

    Example:
        >>> spelling("CƠ KHÍ  Hoà Phát.") == spelling("Cơ khí Hòa Phát"), spelling("Hùng") == spelling("Hưng")
        (True, False)
        >>> spelling("Halo Моld") == spelling("Halo Mold")  # with Cyrillic letters
        True
    """
    if name.isascii():
        return " ".join(_WORDS.findall(name.casefold()))
    text = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", name).translate(_LATIN).casefold())
    words = []
    for word in re.sub(r"[^\w\u0300-\u036f]+|_", " ", text).split():
        tones = _TONES.findall(word)
        words.append(_TONES.sub("", word) + "".join(tones))
    return " ".join(words)


DIGITS: Final = re.compile(r"\d+", re.ASCII)
WHOLE_CODE: Final = 10  # digits of a tax code
BRANCH: Final = 13  # with the three of a branch
PERSONAL: Final = 12  # a household business may use the owner's personal number


@lru_cache(maxsize=65536)
def tax_identity(code: str) -> str:
    """What a tax code has in common with other spellings of it: no separators, no branch suffix, the lost zero back.

    Example:
        >>> tax_identity("0900 123 456"), tax_identity("0900123456-001"), tax_identity("900123456")
        ('0900123456', '0900123456', '0900123456')
    """
    digits = "".join(DIGITS.findall(code))
    if len(digits) == BRANCH:
        digits = digits[:WHOLE_CODE]
    if len(digits) in (WHOLE_CODE - 1, PERSONAL - 1):
        digits = "0" + digits
    return digits or spelling(code)
