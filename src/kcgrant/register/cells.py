"""Cells: what stands in a cell, as officers type it, turned into an amount, a day, a yes or no, a code or a text.

The decision taken here: a cell that can be read in one way only is read; any other is refused with what was given and what
to write. A blank cell is not stated. A number of Excel is a double, and a whole one up to 10^15 is exactly that integer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Final, get_args

from kcgrant import catalogue
from kcgrant.application import Area, Kind, Sector
from kcgrant.errors import InputError, Text, listed, nearest, shown
from kcgrant.money import MOST_VND, parse
from kcgrant.register.headings import folded, tidy
from kcgrant.regulation import Regulation
from kcgrant.wording import value_name


@dataclass(frozen=True, slots=True)
class Damaged:
    """A cell whose value is lost: an error such as `#REF!`, or a formula that was never calculated."""

    text: str
    formula: bool


Cell = str | int | float | bool | date | Damaged | None
"""What a table file holds in one cell."""

MOST_TEXT: Final = 32_767  # characters that a cell of Excel can hold


class UnreadableError(Exception):
    """A cell that cannot be read; the text says what was given and what to write."""

    def __init__(self, en: str, vi: str) -> None:
        """Keep what to say."""
        super().__init__(en)
        self.text = Text(en=en, vi=vi)


ERRORS: Final = re.compile(r"#(?:REF!|VALUE!|NAME\?|DIV/0!|N/A|NUM!|NULL!|SPILL!|CALC!|####+)", re.IGNORECASE)


def amount(value: Cell) -> int:
    """An amount in whole đồng, 1 to 10^15.

    Example:
        >>> amount(420000000.0), amount("420 triệu"), amount("420.000.000")
        (420000000, 420000000, 420000000)
    """
    if isinstance(value, str):
        return _typed_amount(value)
    if isinstance(value, float) and value.is_integer() and abs(value) <= MOST_VND:
        value = int(value)  # exact: a double holds every whole number up to 2^53
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST_VND:
        return value
    raise _expected(
        value,
        "a whole number of đồng from 1 to 10^15, such as 420000000",
        "một số nguyên đồng từ 1 đến 10^15, ví dụ 420000000",
    )


@lru_cache(maxsize=65536)
def _typed_amount(text: str) -> int:
    try:
        found = int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else parse(text)
    except InputError as error:
        fault = error.faults[0]
        raise UnreadableError(f"given {fault.line()}", f"giá trị {fault.line('vi')}") from None
    if found < 1:
        raise _expected(text, "an amount of at least 1 đồng", "số tiền từ 1 đồng trở lên")
    return found


_DAY_FIRST: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: 00?:00(?::00)?)?", re.ASCII)
_YEAR_FIRST: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T]00:00(?::00)?)?", re.ASCII)


def day(value: Cell) -> date:
    """A day, from a cell formatted as a date or from text such as 02/03/2026 (the day first, then the month).

    Example:
        >>> day("02/03/2026"), day("2026-03-02")
        (datetime.date(2026, 3, 2), datetime.date(2026, 3, 2))
    """
    if isinstance(value, str):
        return _typed_day(value)
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    raise _no_day(value)


@lru_cache(maxsize=4096)
def _typed_day(text: str) -> date:
    if found := _DAY_FIRST.fullmatch(text):
        order = int(found[3]), int(found[2]), int(found[1])
    elif found := _YEAR_FIRST.fullmatch(text):
        order = int(found[1]), int(found[2]), int(found[3])
    else:
        raise _no_day(text)
    try:
        return date(*order)
    except ValueError:
        raise _no_day(text) from None


def _no_day(value: Cell) -> UnreadableError:
    return _expected(
        value,
        "a day as dd/mm/yyyy, such as 02/03/2026, or a cell formatted as a date",
        "một ngày dạng ngày/tháng/năm, ví dụ 02/03/2026, hoặc ô có định dạng ngày",
    )


def text(value: Cell) -> str:
    r"""One line of text; a number that stands for a text, such as a tax code, is taken with its digits.

    Example:
        >>> text(" Cơ sở \n A "), text(900123456.0)
        ('Cơ sở A', '900123456')
    """
    if isinstance(value, str):
        return tidy(value)
    if isinstance(value, float) and value.is_integer() and abs(value) <= MOST_VND:
        return str(int(value))
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, date):
        raise UnreadableError(
            f"given a date, {value:%d/%m/%Y}; Excel turns text such as 3-2026 into a date: format the cell as text",
            f"giá trị là ngày {value:%d/%m/%Y}; Excel đã đổi chữ thành ngày: hãy định dạng ô kiểu Text rồi gõ lại",
        )
    raise _expected(value, "text", "chữ")


_YES: Final = frozenset(("co", "yes", "y", "x", "true", "dung", "1"))
_NO: Final = frozenset(("khong", "ko", "no", "n", "false", "sai", "0"))
_OPEN: Final = frozenset(("chua ro", "chua neu", "chua biet", "khong ro", "unknown", "not stated", "not known"))
_TICKS: Final = frozenset("✓✔☑xX×")


def yes(value: Cell) -> bool | None:
    """A yes or no; None where the cell says that it is not known.

    Example:
        >>> yes("x"), yes("Không"), yes("chưa rõ"), yes("✓")
        (True, False, None, True)
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, float | int) and value in (0, 1):
        return value == 1
    if isinstance(value, str):
        said = folded(value)
        if said in _YES or value in _TICKS:
            return True
        if said in _NO:
            return False
        if said in _OPEN or value == "?":
            return None
    raise _expected(
        value, "x or yes, no, unknown, or a blank cell (not stated)", "x hoặc có, không, chưa rõ, hoặc để trống (chưa nêu)"
    )


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
        if found is None and not (said in _OPEN or value == "?"):
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


def province(value: Cell) -> str:
    """The code of a province, from the code or from its name.

    Example:
        >>> province("Hưng Yên"), province("tỉnh Hưng Yên"), province("hung-yen")
        ('hung-yen', 'hung-yen', 'hung-yen')
    """
    return _province(text(value))


@lru_cache(maxsize=4096)
def _province(name: str) -> str:
    return folded(name).removeprefix("tinh ").removeprefix("thanh pho ").replace(" ", "-")


def norm(value: Cell, law: Regulation | None) -> str:
    """The id of a norm, from the id or from its title in either language; what is unknown is left for `assess` to refuse.

    Example:
        >>> norm("Mô hình trình diễn", None)
        'demonstration-model'
    """
    said = text(value)
    known = (_titles(law) if law is not None else {}).get(folded(said))
    return known or shipped_titles().get(folded(said), said)


@cache
def shipped_titles() -> Mapping[str, str]:
    """The folded ids and titles of the norms of every regulation that is shipped, with the id."""
    return dict(pair for law in map(catalogue.get, catalogue.ids()) for pair in _titles(law).items())


@lru_cache(maxsize=16)
def _titles(law: Regulation) -> Mapping[str, str]:
    return dict(_said(law))


def _said(law: Regulation) -> Iterator[tuple[str, str]]:
    for name, one in law.norms.items():
        yield folded(name), name
        if one.title:
            yield folded(one.title.en), name
            yield folded(one.title.vi), name


def _expected(value: Cell, en: str, vi: str) -> UnreadableError:
    return UnreadableError(f"given {shown(value)}; expected {en}", f"giá trị {shown(value)}; cần {vi}")


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
