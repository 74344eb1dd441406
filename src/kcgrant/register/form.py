"""Headings: the columns of a register, by every name that officers give them, and the folding by which names are compared.

The decision taken here: a heading is recognised without regard to capitals, accents, spaces and punctuation, in English or
Vietnamese; one that is not recognised is named and kept, never guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple, get_args

from kcgrant.application import Area, Kind, Sector
from kcgrant.errors import listed, nearest, shown
from kcgrant.language import Text, value_name
from kcgrant.parsing import NOT_KNOWN, Cell, UnreadableError, amount, day, folded, province, text, yes


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


MOST_TEXT: Final = 32_767  # characters that a cell of Excel can hold


ERRORS: Final = re.compile(r"#(?:REF!|VALUE!|NAME\?|DIV/0!|N/A|NUM!|NULL!|SPILL!|CALC!|####+)", re.IGNORECASE)


_SHORT: Final = {
    "htx": "cooperative",
    "dnnvv": "small-or-medium-enterprise",
    "doanh nghiep vua va nho": "small-or-medium-enterprise",
    "lien hiep htx": "union-of-cooperatives",
}


def _code(codes: tuple[str, ...], short: Mapping[str, str]) -> Callable[[Cell], str | None]:
    known = {**short, **{folded(code): code for code in codes}}
    for code in codes:
        known |= {folded(value_name(code, lang)): code for lang in ("en", "vi")}

    def read(value: Cell) -> str | None:
        said = folded(value) if isinstance(value, str) else ""
        found = known.get(said)
        if found is None and not (said in NOT_KNOWN or value == "?"):
            raise _not_one_of(value, codes, known)
        return found

    return read


def _not_one_of(value: Cell, codes: tuple[str, ...], known: Mapping[str, str]) -> UnreadableError:
    near = nearest(folded(value), known) if isinstance(value, str) else None
    guess = known[near] if near else None
    vi = listed(value_name(code, "vi") for code in codes)
    return UnreadableError(
        f"given {shown(value)}; expected one of {listed(codes)}" + (f". Did you mean {guess}?" if guess else ""),
        f"giá trị {shown(value)}; cần một trong: {vi}" + (f". Có phải ý bạn là {value_name(guess, 'vi')}?" if guess else ""),
    )


kind: Final = _code(get_args(Kind), _SHORT)
area: Final = _code(get_args(Area), {})
sector: Final = _code(get_args(Sector), {})


Reader = Callable[[Cell], object]
READERS: Final[Mapping[str, Reader]] = {
    **dict.fromkeys(("reference", "establishment", "tax_code", "activity", "norm"), text),
    **dict.fromkeys(("approved_on", "granted_on"), day),
    **dict.fromkeys(("cost_vnd", "amount_vnd"), amount),
    **dict.fromkeys(("lawfully_established", "direct_producer", "own_capital_committed", "other_state_support"), yes),
    **dict.fromkeys(("technology_line", "new_to_area", "performs_well"), yes),
    "province": province,
    "kind": kind,
    "area": area,
    "sector": sector,
}
"""How the cells of each column are read; norms are looked up later, when the law is known."""
