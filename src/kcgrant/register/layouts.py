"""Layouts: where the headings of a list stand, what unit its amounts are in, and which of its rows are no dossiers.

The decision taken here: a list is taken as officers keep it, with a title, headings of one row or two, groups that give the
norm, totals and signatures; whatever is no dossier is named and left out. The unit of amounts is what the list says, two
that contradict each other are refused, and it is never guessed from the amounts.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from fractions import Fraction
from typing import Final, NamedTuple

from kcgrant.errors import InputError, fault
from kcgrant.files import as_text
from kcgrant.money import MOST_VND
from kcgrant.parsing import Cell, amount, folded, tidy

# --- units of amounts -------------------------------------------------------------------------------------------------

UNITS: Final[Mapping[str, int]] = {"đồng": 1, "nghìn đồng": 10**3, "triệu đồng": 10**6, "tỷ đồng": 10**9}
"""The units in which lists state amounts, in đồng."""

_WORDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("dong", "vnd", "d", "dong viet nam"), "đồng"),
    **dict.fromkeys(
        ("nghin dong", "ngan dong", "nghin", "ngan", "1000 dong", "1000d", "1 000 dong", "1 000 d"), "nghìn đồng"
    ),
    **dict.fromkeys(("trieu dong", "trieu", "tr d", "trd", "tr dong", "tr", "million vnd", "million dong"), "triệu đồng"),
    **dict.fromkeys(("ty dong", "ty", "ti dong", "billion vnd", "billion dong"), "tỷ đồng"),
}
_LINE: Final = re.compile(
    r"(?:|.*[\s(\[])(?:đvt|dvt|đơn vị tính|đơn vị|don vi tinh|don vi|unit)\s*[:–-]?\s*([^;,()\[\]]+?)\s*(?:[;,()\[\]].*)?",
    re.IGNORECASE,
)
_BEHIND: Final = re.compile(
    r"(.+?)[\s,;:–-]*[(\[,;:–-]\s*(?:(?:ĐVT|đvt|[ĐđUu](?:ơn vị(?: tính)?|nit))\s*:?\s*)?([^()\[\]]+?)[)\]]?\s*"
)
SMALL_VND: Final = 10**6  # less is a slip, unless the unit đồng is stated
LARGE_VND: Final = 2 * 10**10  # more, in a list of thousands or millions, is an amount in đồng


def unit_named(text: str) -> str | None:
    """The unit that some words name; None where they name none.

    Example:
        >>> unit_named("tr.đ"), unit_named("1.000 đồng"), unit_named("cái")
        ('triệu đồng', 'nghìn đồng', None)
    """
    return None if "đông" in tidy(text).casefold() else _WORDS.get(folded(text))  # a place such as Đông Hưng


def unit_alone(cell: Cell) -> str | None:
    """The unit that a cell names and nothing else; a letter or two may as well number a column.

    Example:
        >>> unit_alone("Nghìn đồng"), unit_alone("D"), unit_alone("Xã Đồng Than")
        ('nghìn đồng', None, None)
    """
    return unit_named(cell) if isinstance(cell, str) and len(folded(cell)) > 2 else None


def unit_of_line(text: str) -> str | None:
    """The unit that a line above a table states, by itself or inside a title.

    Example:
        >>> (
        ...     unit_of_line("ĐVT: triệu đồng"),
        ...     unit_of_line("Danh mục (đơn vị tính: 1.000 đồng)"),
        ...     unit_of_line("Đơn vị: Đồng Tiến"),
        ... )
        ('triệu đồng', 'nghìn đồng', None)
    """
    found = _LINE.fullmatch(tidy(text))
    return unit_named(found[1]) if found else None


def without_unit(heading: str) -> tuple[str, str | None]:
    """A heading without the unit that stands behind it, folded, and that unit.

    Example:
        >>> without_unit("Chi phí (tr.đ)"), without_unit("cost_vnd"), without_unit("Chi phí, ĐVT: triệu đồng")
        (('chi phi', 'triệu đồng'), ('cost', 'đồng'), ('chi phi', 'triệu đồng'))
    """
    if (found := _BEHIND.fullmatch(tidy(heading))) and (unit := unit_named(found[2])):
        return folded(found[1]), unit
    said = folded(heading)
    for word, unit in _WORDS.items():
        if len(word) > 2 and said.endswith(f" {word}"):
            return said.removesuffix(f" {word}"), unit
    return said, None


def unit_of_format(number_format: str) -> str | None:
    """The unit that a spreadsheet shows behind the numbers of a cell.

    Example:
        >>> unit_of_format('#,##0.0 "tr.đ"'), unit_of_format("#,##0"), unit_of_format('#,##0 "₫"')
        ('triệu đồng', None, 'đồng')
    """
    parts = re.findall(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)', number_format.partition(";")[0])
    words = "".join(map("".join, parts)).replace("₫", "đ")
    return unit_named(words) if words.strip() else None


def money(value: Cell, unit: str | None) -> int:
    """An amount in whole đồng, from a cell of a list whose amounts are in a unit; None: no unit is stated.

    Raises:
        InputError: it is none, can be read in two ways, or can hardly be meant in that unit.

    Example:
        >>> money(850.5, "triệu đồng"), money("1.250,75", "triệu đồng"), money("2 tỷ", "triệu đồng"), money(420000000, None)
        (850500000, 1250750000, 2000000000, 420000000)
    """
    named = isinstance(value, str) and any(map(str.isalpha, value))
    if named or unit in (None, "đồng"):
        found = amount(value)
        if found < SMALL_VND and not named and unit is None:
            told = "{given}: no unit is stated in this list; write “ĐVT: triệu đồng” above the headings, or --unit"
            raise InputError([fault("", told, given=value)])
        return found
    if isinstance(value, float | int) and not isinstance(value, bool) and abs(value) <= MOST_VND:
        exact = Fraction(f"{value:.15g}") * UNITS[str(unit)]  # what a spreadsheet shows of a double
        found = amount(exact.numerator if exact.denominator == 1 else value)
    else:
        found = amount(f"{value} {str(unit).removesuffix(' đồng')}" if isinstance(value, str) else value)
    if found > LARGE_VND:
        told = "{given} in {unit} is {amount} đồng; if this cell is in another unit, write it there, as “850.500.000 đồng”"
        raise InputError([fault("", told, given=value, unit=unit, amount=found)])
    return found


# --- headings ---------------------------------------------------------------------------------------------------------

MOST_ABOVE: Final = 30  # rows among which the headings are looked for
_SUMS: Final = frozenset(("tong so", "tong", "tong cong", "cong", "tong kinh phi"))
_OF_COSTS: Final = ("kinh phi", "chi phi", "tong kinh phi", "tong chi phi", "von")
_OF_SUPPORT: Final = (
    "khuyen cong",
    "ho tro",
    "ngan sach",
    "ns",
    "nsnn",
    "de nghi",
    "doi ung",
    "tu co",
)  # a part of the costs


class Heading(NamedTuple):
    """What stands above a column: the text next to it, and the text over that where the headings have two rows."""

    lower: str
    upper: str = ""

    @property
    def written(self) -> str:
        """As it is shown."""
        return " – ".join(dict.fromkeys(tidy(text) for text in (self.upper, self.lower) if text))

    @property
    def unit(self) -> str | None:
        """The unit that it states."""
        return without_unit(self.lower)[1] or without_unit(self.upper)[1]

    def name_in(self, known: Mapping[str, str]) -> str | None:
        """The column that it is, among those known by their folded headings."""
        (upper, _), (lower, _) = without_unit(self.upper), without_unit(self.lower)
        costs = upper.startswith(_OF_COSTS) and not any(f" {part} " in f" {upper} " for part in _OF_SUPPORT)
        sums = "tong kinh phi" if lower in _SUMS and costs else ""
        readings = (
            folded(self.lower),
            sums,
            f"{upper} {lower}",
            lower,
            "" if lower else folded(self.upper),
            "" if lower else upper,
        )
        return next((known[said] for said in readings if said and said in known), None)


class Layout(NamedTuple):
    """The headings of a list: the first and the last of their rows, by their places among those read, and each by column.

    `names` are those of the columns that are known.
    """

    first: int
    last: int
    headings: Mapping[int, Heading]
    names: AbstractSet[str]


Rows = Sequence[tuple[int, Sequence[Cell]]]
Merged = Sequence[tuple[int, int, int, int]]


def laid_out(rows: Rows, merged: Merged, known: Mapping[str, str]) -> Layout:
    """Where the headings of a list stand: in the row, or the two rows, in which most of them are recognised."""
    best = Layout(0, 0, {}, frozenset())
    for at in range(min(len(rows), MOST_ABOVE)):
        for last in (at, at + 1):
            if last < len(rows) and (last == at or _is_second(rows[at][1], rows[last][1])):
                headings = _headings(rows, at, last, merged)
                names = {name for one in headings.values() if (name := one.name_in(known))}
                same, more = at == best.first < last, len(names) - len(best.names)
                wide = same and _is_wide(rows, at, merged) and more >= -1
                if more > 0 or wide or (more == 0 and same and _spans(rows, at, merged)):
                    best = Layout(at, last, headings, names)
    return best


def _text(cells: Sequence[Cell], index: int) -> str:
    cell = cells[index] if index < len(cells) else None
    return cell if isinstance(cell, str) and len(cell) < 200 else ""


def _is_second(upper: Sequence[Cell], lower: Sequence[Cell]) -> bool:
    """Whether a row below one of headings can be a part of them: it holds texts alone, and not under every heading."""
    texts = [cell for cell in lower if cell not in (None, "")]
    gaps = any(not _text(lower, index) for index in range(len(upper)) if _text(upper, index))
    return bool(texts) and all(isinstance(cell, str) and not cell[:1].isdigit() for cell in texts) and gaps


def _spans(rows: Rows, at: int, merged: Merged) -> bool:
    """Whether merged cells reach from a row into the next."""
    return any(top <= rows[at][0] and bottom >= rows[at + 1][0] for top, _, bottom, _ in merged)


def _is_wide(rows: Rows, at: int, merged: Merged) -> bool:
    """Whether a heading reaches over several columns, so that what stands below it belongs to the headings."""
    number, cells = rows[at]
    return any(top == number and right > left and _text(cells, left) and len(cells) > 1 for top, left, _, right in merged)


def _headings(rows: Rows, at: int, last: int, merged: Merged) -> dict[int, Heading]:
    (number, upper), (_, lower) = rows[at], rows[last]
    if at == last:
        return {index: Heading(_text(lower, index)) for index in range(len(lower)) if lower[index] not in (None, "")}
    wide = {column: left for top, left, _, right in merged if top == number for column in range(left, right + 1)}
    found, over = {}, ""
    for index in range(max(len(upper), len(lower))):
        below = _text(lower, index)
        own = _text(upper, wide.get(index, index))
        over = own or (over if below and not wide else "")  # a text file does not say how far a heading reaches
        if below or own:
            found[index] = Heading(below, own or over)
    return found


# --- rows that are no dossiers ----------------------------------------------------------------------------------------

_SERIAL: Final = re.compile(r"[IVXLC]{1,6}|[A-ZĐ]|[IVXLC]+\.\d+|[A-ZĐ]\.(?:[IVXLC]+|\d+)")
_NUMBERING: Final = re.compile(r"\(?\d{1,2}\)?|\(?[A-Z]\)?|\(?\d{1,2}\)?\s*=.+")
_TOTAL: Final = re.compile(
    r"(?:tổng(?! công ty| cty| c\.ty| ct)|cộng|luỹ kế|lũy kế|total|grand total|subtotal|sum)\b.*", re.DOTALL
)
_STRICT: Final = re.compile(
    r"(?:tong|cong|tong so|tong cong(?: .*)?|cong (?:nhom|muc|i|ii|iii|iv|v|a|b|c)(?: .*)?|tong kinh phi)"
)
_IN_WORDS: Final = re.compile(r"(?:bang chu|so tien bang chu|viet bang chu)\b.*")


def group_label(cell: Cell) -> str | None:
    """The number of a group, such as II or A, where a cell holds one."""
    text = tidy(str(cell)).rstrip(".)") if isinstance(cell, str) else ""
    return text if _SERIAL.fullmatch(text) else None


def is_numbering(cells: Sequence[Cell]) -> bool:
    """Whether a row below the headings only numbers the columns."""
    texts = [as_text(cell) for cell in cells if cell not in (None, "")]
    small = all(_NUMBERING.fullmatch(text.strip()) for text in texts)
    digits = [int(found[0]) for text in texts if (found := re.search(r"\d+", text))]
    return len(texts) > 2 and small and digits == sorted(digits) and len(digits) > 1


def is_total(cells: Sequence[Cell], columns: Collection[int], *, strict: bool) -> int | None:
    """The column, of these or the first with a text, in which a row says that it is a total; None where it does not.

    Strictly it is one only in so many words, such as "Tổng cộng": a name or a street may begin like a total.
    """
    first = next((index for index, cell in enumerate(cells) if isinstance(cell, str) and cell), None)
    for index, cell in enumerate(cells):
        if isinstance(cell, str) and cell and (index == first or index in columns):
            said = tidy(cell).casefold()
            if (
                _IN_WORDS.fullmatch(folded(cell))
                or is_strict_total(cell)
                or (not strict and len(said) < 60 and _TOTAL.fullmatch(said))
            ):
                return index
    return None


def is_strict_total(cell: Cell) -> bool:
    """Whether a cell holds a word for a total and nothing that could be a name."""
    if not isinstance(cell, str) or cell[:1] not in "TtCc" or len(cell) > 60:
        return False
    accented = tidy(cell).casefold()
    return bool(_STRICT.fullmatch(folded(cell))) and (accented.isascii() or accented.startswith(("tổng", "cộng")))


def units_above(rows: Rows, before: int) -> Iterator[tuple[str, int, int]]:
    """The units that lines above the headings state, each with its row and column."""
    for number, cells in rows[:before]:
        for index, cell in enumerate(cells):
            if isinstance(cell, str) and len(cell) < 200 and (unit := unit_of_line(cell) or unit_alone(cell)):
                yield unit, number, index


def unit_below(rows: Rows, last: int) -> tuple[str, int] | None:
    """The unit that a row right below the headings states, all of whose texts name it, and the place of the row."""
    if last + 1 < len(rows):
        texts = [cell for cell in rows[last + 1][1] if cell not in (None, "")]
        units = {unit_alone(cell) for cell in texts}
        if len(units) == 1 and (unit := units.pop()):
            return unit, last + 1
    return None
