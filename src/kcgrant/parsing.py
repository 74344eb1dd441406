"""Parsing: what people type, read in one way everywhere: amounts, days, yes and no, names, provinces, tax codes.

The decision taken here: what can be read in one way only is read; any other is refused with what was given and what to
write. A blank is not stated. A number of Excel is a double, and a whole one up to 10^15 is exactly that integer. The words
of officers are data, `words.toml`; one that leaves a fact open is not stated either, and `unsettled` says so.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any, Final, get_args

from kcgrant.application import FACTS, Answer, Column
from kcgrant.errors import InputError, expected_one_of, fault, nearest, shown
from kcgrant.language import Lang, Text, both, decimal, grouped, value_name
from kcgrant.money import EN_SCALES, EN_SMALL, EN_TENS, MOST_VND, VI_DIGITS, words

# --- reading what a person typed --------------------------------------------------------------------------------------

_CURRENCY = re.compile(r"(?<![^\W\d])(?:vnd|vnđ|đồng|dong|đ)(?![^\W\d])|₫")
UNITS: Final = {
    **dict.fromkeys(("k", "nghìn", "ngàn", "thousand"), 10**3),
    **dict.fromkeys(("tr", "triệu", "million"), 10**6),
    **dict.fromkeys(("tỷ", "tỉ", "billion"), 10**9),
    **dict.fromkeys(("nghìn tỷ", "ngàn tỷ", "nghìn tỉ", "ngàn tỉ", "trillion"), 10**12),
}
_IN_THOUSANDS: Final = frozenset({"nghìn", "ngàn", "tr", "triệu"})
_PART = re.compile(
    r"\s*([0-9]+(?:[.,][0-9]+)*)\s*(" + "|".join(sorted(UNITS, key=len, reverse=True)) + r")?(?=[\s0-9]|$)", re.ASCII
)
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*", re.ASCII)
_POINTED = re.compile(r"(?:0|[1-9][0-9]*)[.,](?P<plain>[0-9]+)", re.ASCII)
_NO_PARTS = re.compile(r"[.,]\s*-+$")  # as in 850.500.000,-
_SPACED = re.compile(r"(?<![\w.,])[1-9][0-9]{0,2}(?: [0-9]{3}){2,}(?![\w.,])", re.ASCII)  # as in 850 500 000
_ABOUT = r"(?:khoảng|chừng|độ|gần|hơn|trên|dưới|tối đa|tối thiểu|không quá|ước|dự kiến|about)\b|[~≈<>]"
_REFUSED: Final = {
    r"/\s*(?:1\s)?[^\W\d]|\bmỗi\b": 'a price for one; write the whole amount of the row, such as 1200000000 or "1,2 tỷ"',
    r"[0-9][^0-9]*[x×*+]\s*[0-9]": 'a calculation; write its result, such as 1200000000 or "1,2 tỷ"',
    rf"{_ABOUT}|[^\W_]\s*[-–]\s*[0-9]": 'not an exact amount; write the amount itself, such as "850 triệu"',
}
_GROUPED_POINTED = re.compile(r"[1-9][0-9]{0,2}(?:([.,])[0-9]{3})+(?!\1)[.,](?P<plain>[0-9]{1,2}|[0-9]{4,})", re.ASCII)


def parse(text: str) -> int:
    """The amount in whole đồng, 0 to 10^15, that a person typed: figures, figures with a unit, or words.

    Meant for where a person types, as on a command line or in a table; JSON takes integers.

    Raises:
        InputError: the text is no amount, is not a whole number of đồng, lies outside 0 to 10^15, or could be read in
            two ways: then both are named.

    Example:
        >>> parse("1,2 tỷ"), parse("420 triệu"), parse("1.200.000.000"), parse("VND 1.2 billion")
        (1200000000, 420000000, 1200000000, 1200000000)
        >>> parse("một tỷ không trăm lẻ năm triệu đồng")
        1005000000
        >>> parse("1.200")
        Traceback (most recent call last):
        kcgrant.errors.InputError: "1.200": can be read as 1,200 or as 1.2; write the unit, such as "1.2 tỷ", or the full
        number of đồng
    """
    if len(text) > 200:  # the longest amount in words has some 150 characters
        raise _no_amount(text)
    typed = " ".join(_CURRENCY.sub(" ", unicodedata.normalize("NFC", text).casefold()).split())
    typed = _SPACED.sub(lambda spaced: spaced[0].replace(" ", ""), _NO_PARTS.sub("", typed))
    if (spoken := _spoken(typed)) is not None:
        return spoken
    total, smallest, end = Fraction(0), 0, 0
    while end < len(typed):
        part = _PART.match(typed, end)
        if part is None or (smallest and (part[2] is None or UNITS[part[2]] >= smallest)):
            raise _no_amount(text)
        smallest = UNITS[part[2]] if part[2] else 1
        total += _one_reading(part[1], part[2], text) * smallest
        end = part.end()
    if not smallest:
        raise _no_amount(text)
    if total > MOST_VND:
        raise InputError([fault(shown(text), "expected a whole number of đồng up to 10^15")])
    if total.denominator != 1:
        told = "expected a whole number of đồng; is a unit missing, such as triệu or tỷ?"
        raise InputError([fault(shown(text), told)])
    return total.numerator


def _one_reading(number: str, unit: str | None, text: str) -> Fraction:
    readings = _readings(number, unit)
    if not readings:
        raise _no_amount(text)
    whole, pointed = readings[0], readings[-1]
    if len(readings) > 1:
        told = 'can be read as {grouped} or as {pointed}; write the unit, such as "{clear}", or the full number of đồng'
        if unit:
            told = "can be read as {grouped} or as {pointed}; write {clear}, or the full number of đồng"
        clear = f"{whole} {unit}" if unit else _of_a_cost(pointed)
        raise InputError([fault(shown(text), told, grouped=_figures(whole), pointed=_figures(pointed), clear=clear)])
    return whole


def _figures(number: Fraction, unit: str = "") -> Text:
    en, vi = (grouped(int(number), lang) if number.denominator == 1 else decimal(number, lang) for lang in get_args(Lang))
    return Text(en=en + unit, vi=vi + unit)


def _of_a_cost(number: Fraction) -> Text:  # with the unit that makes it as large as costs are
    while number >= 10**3:
        number /= 10**3
    return _figures(number, " triệu" if number >= 10 else " tỷ")


def _readings(number: str, unit: str | None) -> list[Fraction]:
    """What a number with points or commas can mean: with them as thousands marks, as the decimal mark, or both."""
    if number.isdigit():
        return [Fraction(int(number))]
    readings = []
    if _GROUPED.fullmatch(number):
        readings.append(Fraction(int(re.sub("[.,]", "", number))))
    if unit and readings and (number.endswith("000") or ("." in number and unit in _IN_THOUSANDS)):
        # Nobody writes three zeros behind a decimal mark, and the point of 4.250 triệu is the Vietnamese mark of thousands:
        # nobody counts four million in millions. Of 4.250 tỷ both are as likely.
        return readings
    if pointed := _POINTED.fullmatch(number) or _GROUPED_POINTED.fullmatch(number):
        whole, plain = re.sub("[.,]", "", number[: pointed.start("plain") - 1]), pointed["plain"]
        # as in 420000.000, where another mark is as likely lost; beside a unit, more digits than three are a fraction
        lost = whole != "0" and pointed.re is _POINTED and (len(plain) == 3 or (len(plain) > 3 and not unit))
        if lost and not readings:
            readings.append(Fraction(int(whole + plain)))
        readings.append(Fraction(f"{whole}.{plain}"))
    return readings


def _spoken(typed: str) -> int | None:
    """The number whose words are given, in either language; None where the words are not exactly those of a number."""
    said = typed.replace("ngàn", "nghìn").replace("tỉ", "tỷ").replace("linh", "lẻ")
    for lang, numbers, scales in _VOCABULARY:
        tokens = said.replace("-", " ").split()
        if tokens and all(token in numbers or token in scales for token in tokens):
            number = _sum(tokens, numbers, scales)
            if number <= MOST_VND and words(number, lang) == said + (" đồng" if lang == "vi" else " dong"):
                return number
    return None


def _sum(tokens: list[str], numbers: dict[str, int], scales: dict[str, int]) -> int:
    total = group = digit = 0
    for token in tokens:
        if token in numbers:
            group, digit = group + digit, numbers[token]
        elif scales[token] <= 100:  # "mươi" and "trăm" raise the digit before them, inside a group
            digit *= scales[token]
        elif scales[token] == 10**9 and "tỷ" in scales:
            total, group, digit = (total + group + digit) * 10**9, 0, 0
        else:
            total, group, digit = total + (group + digit) * scales[token], 0, 0
    return total + group + digit


_VOCABULARY: Final[tuple[tuple[Lang, dict[str, int], dict[str, int]], ...]] = (
    (
        "vi",
        {**{word: n for n, word in enumerate(VI_DIGITS)}, "mốt": 1, "tư": 4, "lăm": 5, "mười": 10, "lẻ": 0},
        {"mươi": 10, "trăm": 100, "nghìn": 10**3, "triệu": 10**6, "tỷ": 10**9},
    ),
    (
        "en",
        {**{w: n for n, w in enumerate(EN_SMALL)}, **{w: 10 * n for n, w in enumerate(EN_TENS) if n}},
        {"hundred": 100, **{name: scale for scale, name in EN_SCALES}},
    ),
)


def _no_amount(text: str) -> InputError:
    typed = unicodedata.normalize("NFC", text[:200]).casefold()
    for form, told in _REFUSED.items():
        if re.search(form, typed):
            return InputError([fault(shown(text), told)])
    return InputError([fault(shown(text), 'not an amount; write 1200000000, "1.200.000.000", "1,2 tỷ" or "850 triệu"')])


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


_SPACES: Final = re.compile(r"\s+")


def tidy(text: str) -> str:
    """A text in Unicode form NFC, every run of spaces and line breaks one space, as it is taken over."""
    composed = text if text.isascii() else unicodedata.normalize("NFC", text)
    # What is printable has no other spaces than the usual one.
    return (composed if composed.isprintable() and "  " not in composed else _SPACES.sub(" ", composed)).strip()


@cache
def _vocabulary() -> Mapping[str, Any]:
    """The words of officers, read when the first is asked for."""
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))


def _key(text: str) -> str:
    """By what a word is looked up; nothing is left of a tick when it is folded."""
    return folded(text) or tidy(text)


@cache
def _yes_words() -> Mapping[str, bool | None]:
    answers, said = {"yes": True, "no": False, "not-known": None}, _vocabulary()["yes-or-no"]
    return {_key(word): answer for name, answer in answers.items() for word in said[name]}


def _is_not_known(value: Cell) -> bool:
    return isinstance(value, str) and _yes_words().get(_key(value), False) is None


# Letters that look like Latin ones, and Latin ones that look like Đ; capitals and small letters differ in some.
_LATIN: Final = str.maketrans(
    "АВЕЅІЈКМНОРСТУХԚԜавеѕіјкмнорстухԛԝһΑΒΕΖΗΙΚΜΝΟΡΤΥΧαβεικνορτυχÐðƉɖ",
    "ABESIJKMHOPCTYXQWabesijkmhopctyxqwhABEZHIKMNOPTYXabeikvoptyxĐđĐđ",
)
_WORDS: Final = re.compile(r"[^\W_]+")
_TONES: Final = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_ABBREVIATED: Final = {
    "cty": "công ty",
    "tnhh": "trách nhiệm hữu hạn",
    "mtv": "một thành viên",
    "cp": "cổ phần",
    "htx": "hợp tác xã",
    "dntn": "doanh nghiệp tư nhân",
    "kd": "kinh doanh",
    "hkd": "hộ kinh doanh",
    "cssx": "cơ sở sản xuất",
    "sx": "sản xuất",
    "tm": "thương mại",
    "dv": "dịch vụ",
    "xnk": "xuất nhập khẩu",
}
"""The words for a legal form, and for what is done, that officers write in short."""


@lru_cache(maxsize=65536)
def spelling(name: str) -> str:
    """What two spellings of one name have in common: no capitals, spaces or punctuation, look-alike letters as Latin ones.

    Accents stay, since Hùng and Hưng are two names; a tone mark may stand on either vowel, as in Hòa and Hoà; the words for
    a legal form are written out.

    Example:
        >>> spelling("CƠ KHÍ  Hoà Phát.") == spelling("Cơ khí Hòa Phát"), spelling("Hùng") == spelling("Hưng")
        (True, False)
        >>> spelling("Cty TNHH Halo Моld") == spelling("Công ty Trách nhiệm hữu hạn Halo Mold")  # with Cyrillic letters
        True
    """
    plain = unicodedata.normalize("NFKC", name).translate(_LATIN).casefold()
    return " ".join([_toneless(_ABBREVIATED.get(word, word)) for word in _WORDS.findall(plain)])


@lru_cache(maxsize=65536)
def _toneless(words: str) -> str:
    """Words with their tone marks behind them."""
    if words.isascii():
        return words
    marked = unicodedata.normalize("NFD", words).split()
    return " ".join([_TONES.sub("", word) + "".join(_TONES.findall(word)) for word in marked])


# --- tax codes --------------------------------------------------------------------------------------------------------

_WEIGHTS: Final = (31, 29, 23, 19, 17, 13, 7, 5, 3)
_BRANCH_DASH: Final = re.compile(r"[-\u2010-\u2015](\d{3})$", re.ASCII)
_NO_CODE: Final = frozenset(("", "chua co", "khong co", "khong", "chua", "chua cap", "n a", "na", "none", "no", "nil"))


def check_digit(code: str) -> str:
    """The tenth digit of a tax code, from the first nine; empty where no code begins so.

    Example:
        >>> check_digit("010023324")
        '8'
    """
    digit = 10 - sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, code, strict=False)) % 11
    return str(digit) if digit < 10 else ""


def is_checked(code: str) -> bool:
    """Whether the check digit of a code is right; a personal id has none."""
    return len(code) == PERSONAL or check_digit(code[:9]) == code[9]


WHOLE_CODE: Final = 10  # digits of a tax code
BRANCH: Final = 13  # with the three of a branch
PERSONAL: Final = 12  # a household business may use the owner's personal id, which begins with 0


def code_forms(digits: str) -> tuple[str, ...]:
    """The codes that some digits can be, leading zeros that a spreadsheet dropped restored; none where they are no code.

    A whole code is taken for what it is though its check digit is wrong; a shortened one only if the digit is right, or
    nothing else is possible.

    Example:
        >>> code_forms("0100233248001"), code_forms("900834561"), code_forms("123")
        (('0100233248-001',), ('0900834561',), ())
    """
    if len(digits) == WHOLE_CODE:
        return (digits,)
    found = []
    for length in (WHOLE_CODE, PERSONAL, BRANCH):
        code, lost = digits.rjust(length, "0"), length - len(digits)
        if not 0 <= lost <= 2 or (length == PERSONAL and (code[0] != "0" or not "001" <= code[:3] <= "096")):
            continue
        if length == BRANCH and code.endswith("000"):
            continue
        if lost <= 1 or length == PERSONAL or is_checked(code):
            found.append(f"{code[:10]}-{code[10:]}" if length == BRANCH else code)
    whole = [code for code in found if len(code.replace("-", "")) == len(digits)]
    return tuple(whole or found)


def tax_code(value: Cell) -> str | None:
    """A tax code or personal id as it is written in full; None where a cell says that there is none.

    Digits that can be several codes are returned as they stand: `code_forms` has them.

    Raises:
        InputError: it is no code, or its digits are gone, as in 3.3095E+10.

    Example:
        >>> tax_code("0100 233 248"), tax_code(100233248.0), tax_code("0100233248001"), tax_code("chưa có")
        ('0100233248', '0100233248', '0100233248-001', None)
    """
    if isinstance(value, str):
        typed = tidy(value).lstrip("'")
        if not typed.isdigit() and (folded(typed) in _NO_CODE or _is_not_known(typed)):
            return None
        digits = _BRANCH_DASH.sub(r"\1", "".join(typed.split()))
    else:
        digits = str(_exact(value))
    plain = digits.isascii() and digits.isdigit() and not isinstance(value, bool)
    if plain and not digits.strip("0"):
        return None
    if not plain or not (forms := code_forms(digits)):
        raise _expected(value, "a tax code of 10 digits, of 13 with its branch, or a personal id of 12 digits")
    return forms[0] if len(forms) == 1 else digits


def tax_identity(code: str) -> str:
    """What the tax codes of an establishment have in common: a branch has the code of its parent.

    Example:
        >>> tax_identity("0100233248"), tax_identity("0100233248-001")
        ('0100233248', '0100233248')
    """
    return code.partition("-")[0]


@dataclass(frozen=True, slots=True)
class Damaged:
    """A cell whose value is lost: an error such as `#REF!`, or a formula that was never calculated."""

    text: str
    formula: bool

    def __str__(self) -> str:
        """What the cell shows."""
        return self.text


Cell = str | int | float | bool | date | Damaged | None
"""What a table file holds in one cell."""


def amount(value: Cell) -> int:
    """An amount in whole đồng, 1 to 10^15.

    Raises:
        InputError: it is none, or can be read in two ways.

    Example:
        >>> amount(420000000.0), amount("420 triệu"), amount("420.000.000")
        (420000000, 420000000, 420000000)
    """
    if isinstance(value, str):
        return _typed_amount(value)
    value = _exact(value)
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST_VND:
        return value
    raise _expected(value, "a whole number of đồng from 1 to 10^15, such as 420000000")


def number(value: Cell) -> int:
    """A number of units, 1 to 1000000.

    Raises:
        InputError: it is none.

    Example:
        >>> number(30.0), number("30")
        (30, 30)
    """
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdecimal() and len(value) < 20:
        value = int(value)
    value = _exact(value)
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 10**6:
        return value
    raise _expected(value, "a whole number of units from 1 to 1000000, such as 30")


def _exact(value: Cell) -> Cell:
    """A whole number that Excel keeps as a double as the integer that it is: every one up to 2^53 is exact."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) <= MOST_VND else value


@lru_cache(maxsize=65536)
def _typed_amount(text: str) -> int:
    try:
        found = int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else parse(text)
    except InputError as error:
        (one,) = error.faults
        raise InputError([fault("", "given {text}", text=Text(en=one.line(), vi=one.line("vi")))]) from None
    if found < 1:
        raise _expected(text, "an amount of at least 1 đồng")
    return found


_DAYS: Final = (
    re.compile(r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})(?: 00?:00(?::00)?)?", re.ASCII),
    re.compile(r"(?P<day>\d{1,2})[/.](?P<month>\d{1,2})[/.](?P<year>[0-6]\d)", re.ASCII),  # not 26-03-02
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?:[ t]00:00(?::00)?)?", re.ASCII),
    re.compile(r"(?P<day>\d{1,2}) tháng (?P<month>\d{1,2}),? năm (?P<year>\d{4})", re.ASCII),
)
_AROUND_MARKS: Final = re.compile(r"\s*([/.-])\s*")
_NO_DAY: Final = re.compile(r"(?:(?:thang |t)?\d{1,2} |(?:quy |q)(?:[ivx]+|\d) )?(?:nam )?\d{4}|\d{4} \d{1,2}", re.ASCII)
_SERIALS: Final = range(date(1990, 1, 1).toordinal(), date(2101, 1, 1).toordinal())
_SERIAL_ZERO: Final = date(1899, 12, 30).toordinal()


def day(value: Cell) -> date:
    """A day, from a cell formatted as a date, Excel's number for one, or text such as 02/03/2026 (the day first).

    Example:
        >>> day("02/03/2026"), day("ngày 2 tháng 3 năm 2026"), day(46083)
        (datetime.date(2026, 3, 2), datetime.date(2026, 3, 2), datetime.date(2026, 3, 2))
    """
    if isinstance(value, str):
        return _typed_day(value)
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    if on := _serial(_exact(value)):
        return on
    raise _no_day(value)


def _serial(number: Cell) -> date | None:  # the day of one of Excel's numbers
    found = isinstance(number, int) and number + _SERIAL_ZERO
    return date.fromordinal(found) if found in _SERIALS else None


@lru_cache(maxsize=4096)
def _typed_day(text: str) -> date:
    typed = _AROUND_MARKS.sub(r"\1", tidy(unicodedata.normalize("NFKC", text)).casefold()).removeprefix("ngày ")
    if typed.isdecimal() and (on := _serial(int(typed[:9]))):
        return on
    if found := next(filter(None, (form.fullmatch(typed) for form in _DAYS)), None):
        year, month, day = (int(found[part]) for part in ("year", "month", "day"))
        with suppress(ValueError):
            return date(year if year > 99 else 2000 + year, month, day)
    raise _no_day(text)


def _no_day(value: Cell) -> InputError:
    if isinstance(value, str) and _NO_DAY.fullmatch(folded(value)):
        told = "given {given}; the day is missing; write day, month and year: 02/03/2026"
        return InputError([fault("", told, given=value)])
    return _expected(value, "a day, such as 02/03/2026 (day, month, year) or 2026-03-02")


def text(value: Cell) -> str:
    r"""One line of text; a number that stands for a text, such as a tax code, is taken with its digits.

    Example:
        >>> text(" Cơ sở \n A "), text(900123452.0)
        ('Cơ sở A', '900123452')
    """
    if isinstance(value, str):
        return tidy(value)
    if isinstance(number := _exact(value), int) and not isinstance(number, bool):
        return str(number)
    if isinstance(value, date):
        told = "given a date, {day}; Excel turns text such as 3-2026 into a date: format the cell as text"
        raise InputError([fault("", told, day=f"{value:%d/%m/%Y}")])
    raise _expected(value, "text")


def yes(value: Cell) -> bool | None:
    """A yes or no; None where the cell says that it is not known.

    Example:
        >>> yes("x"), yes("Không"), yes("chưa"), yes("chưa rõ"), yes("✓")
        (True, False, False, None, True)
    """
    if isinstance(value, float | int) and value in (0, 1):
        return value == 1
    if isinstance(value, str) and (said := _key(value)) in _yes_words():
        return _yes_words()[said]
    if isinstance(value, float | int) or (isinstance(value, str) and folded(value)[:1].isdigit()):
        told = "given {given}, which looks like an amount or a share; expected yes or no: write có or không"
        raise InputError([fault("", told, given=value)])
    raise _expected(value, "yes (x), no or unknown; leave it out if it is not stated")


_KIND_OF_PLACE: Final = re.compile(r"^(?:tinh|thanh pho|tp|t) ")


def province(value: Cell) -> str:
    """The code of a province, from the code or from its name; of one that was merged, that of today.

    Example:
        >>> province("Hưng Yên"), province("T. Hưng Yên"), province("hung-yen"), province("Thái Bình")
        ('hung-yen', 'hung-yen', 'hung-yen', 'hung-yen')
    """
    return place_of_province(value)[0]


def former_province(value: Cell) -> str | None:
    """The code of a province before the merger of 1 July 2025; None where it is said not to be known."""
    now, former = (None, None) if _is_not_known(value) else place_of_province(value)
    return former or now


@cache
def _merged() -> Mapping[str, str]:
    """The provinces that ceased on 1 July 2025, each with the one that its territory belongs to."""
    table: Mapping[str, str] = tomllib.loads((Path(__file__).parent / "law" / "provinces.toml").read_text("utf-8"))["merged"]
    return table


def place_of_province(value: Cell) -> tuple[str, str | None]:
    """The code of a province today, and of the one before the merger where the name says which it was.

    Example:
        >>> place_of_province("Thái Bình"), place_of_province("Hưng Yên"), place_of_province("Hưng Yên (cũ)")
        (('hung-yen', 'thai-binh'), ('hung-yen', None), ('hung-yen', 'hung-yen'))
    """
    said, known, merged = _KIND_OF_PLACE.sub("", folded(text(value))), _vocabulary()["provinces"], _merged()
    bare = said.removesuffix(" moi").removesuffix(" cu")
    found = known["short"].get(bare, bare.replace(" ", "-"))
    if not found:
        raise _expected(value, "the name of a province, such as Hưng Yên")
    if found in merged:
        return merged[found], found
    return found, found if said.endswith(" cu") else None


def province_of_today(value: Cell) -> str:
    """The code of a province where the former one cannot be stated beside it.

    Raises:
        InputError: it is none, or was merged into another: which law holds there depends on it.
    """
    now, former = place_of_province(value)
    if former:
        told = "given {given}, merged on 2025-07-01; write the province of today here, and this one as the former province"
        raise InputError([fault("", told, given=value)])
    return now


def _expected(value: Cell, expected: str) -> InputError:
    return InputError([fault("", "given {given}; expected {expected}", given=value, expected=both(expected))])


_OF_A_SECTOR: Final = re.compile(r"^(?:san xuat|sx|nganh nghe|nganh|nghe|cong nghiep) ")
_Meanings = Mapping[str, tuple[str, ...]]


@cache
def _words(answers: tuple[Answer, ...]) -> tuple[_Meanings, _Meanings]:
    """The words for the answers of a fact, each with what it can mean: whole, folded; and those that begin a text."""
    codes = [str(answer) for answer in answers]
    entries = [entry for entry in _vocabulary()["answers"] if {*entry["are"]} <= {*codes}]
    said = {word: tuple(entry["are"]) for entry in entries for word in entry["words"]}
    called = {folded(word): (code,) for code in codes for word in (code, value_name(code, "en"), value_name(code, "vi"))}
    # "doanh nghiệp lớn" is looked for before "doanh nghiệp"
    begin = {word.rstrip(" .…").casefold(): said[word] for word in sorted(said, key=len, reverse=True) if word.endswith("…")}
    return {folded(word): meant for word, meant in said.items()} | called, begin


def _meant(value: Cell, answers: tuple[Answer, ...]) -> tuple[str, ...]:
    """The answers that a text can mean: one where it settles the fact, several where it leaves it open, else none."""
    if not isinstance(value, str):
        return ()
    whole, begin = _words(answers)
    if found := whole.get(said := folded(value)) or whole.get(_OF_A_SECTOR.sub("", said)):
        return found
    for part in value.split(","):
        said, typed = f"{folded(part)} ", tidy(part).casefold()
        for word, meant in begin.items():  # in the very letters, or without any accents: "xả" begins no commune
            if said.startswith(f"{folded(word)} ") and (typed.isascii() or typed.startswith(word)):
                return meant
    return ()


def code(value: Cell, answers: tuple[Answer, ...]) -> str | None:
    """One of the answers of a fact, from its code or from what it is called.

    None where it is said not to be known, or where the word leaves it open: `unsettled` says so.

    Raises:
        InputError: it is none of them; the nearest is offered.

    Example:
        >>> from kcgrant.application import FACTS
        >>> code("HTX", FACTS["establishment.kind"]), code("Công ty TNHH", FACTS["establishment.kind"])
        ('cooperative', None)
    """
    if (meant := _meant(value, answers)) or _is_not_known(value):
        return meant[0] if len(meant) == 1 else None
    whole, _ = _words(answers)
    near = nearest(folded(value), whole, likeness=75) if isinstance(value, str) else None
    meaning = both(". Did you mean {near}?", near=_either(whole[near])) if near else ""
    raise InputError([fault("", "given {given}; choose from the list in the form{hint}", given=value, hint=meaning)])


def _either(codes: Iterable[str]) -> Text:
    """Answers by their names, as a choice."""
    en, vi = ([f"“{value_name(code, lang)}”" for code in codes] for lang in get_args(Lang))
    return Text(en=" or ".join(en), vi=" hay ".join(vi))


def unsettled(value: Cell, answers: tuple[Answer, ...]) -> Text | None:
    """What a word leaves open that `code` therefore reads as not stated; None where it leaves nothing open."""
    meant = _meant(value, answers)
    told = "{given} does not say whether {choices}: counted as not stated"
    return both(told, given=shown(value), choices=_either(meant)) if len(meant) > 1 else None


def kind_from_name(name: str) -> str | None:
    """The kind of establishment that a name begins with; None where it names none, or one that leaves the size open."""
    meant = _meant(name, FACTS["establishment.kind"])
    return meant[0] if len(meant) == 1 else None


@cache
def _norm_words() -> Mapping[str, list[str]]:
    return {norm: [folded(word) for word in (norm, *words)] for norm, words in _vocabulary()["norms"].items()}


def norm_named(value: str) -> str | None:
    """The norm that a title or a short name names; None where it names none, or two, or a content such as training.

    Example:
        >>> norm_named("Đề án hỗ trợ ứng dụng máy móc, thiết bị tiên tiến"), norm_named("Đề án mô hình")
        ('advanced-machinery', None)
    """
    said = f" {folded(value)} "
    named = [norm for norm, words in _norm_words().items() if any(f" {word} " in said for word in words)]
    return named[0] if len(named) == 1 and not is_other_content(value) else None


def is_other_content(value: str) -> bool:
    """Whether a title names a content that is none of the norms, such as training or a fair."""
    said = f" {folded(value)} "
    return any(f" {folded(word)} " in said for word in _vocabulary()["other-contents"]["words"])


def norm_near(value: str) -> str | None:
    """The norm that a text most likely means, to be offered: most of its words are those of this one, and of no other."""
    said = {*folded(value).split()}
    shared = {norm: max(len(said & {*word.split()}) for word in words) for norm, words in _norm_words().items()}
    first, second = sorted(shared, key=lambda norm: -shared[norm])[:2]
    return first if shared[first] > shared[second] and 2 * shared[first] > len(said) else None


def _own_answer(value: Cell, column: Column) -> str | None:
    """An answer to a fact that a regulation declares itself, from its code or from what the regulation calls it."""
    words = {folded(word): code for code, named in column.named.items() for word in (named.en, named.vi)}
    words |= {folded(str(code)): str(code) for code in column.answers}
    if not (found := words.get(folded(text(value)))) and not _is_not_known(value):
        raise InputError([expected_one_of(value, map(str, column.answers), "")])
    return found


def reader_of(column: Column) -> Callable[[Cell], object]:
    """What reads the cells of a column of the flat form, or what is typed for it."""
    if column.field.startswith("facts.") and column.kind == "code":
        return partial(_own_answer, column=column)
    if column.kind == "code":
        return partial(code, answers=column.answers)
    return _SPECIAL.get(column.name) or _READERS[column.kind]


_PLACES: Final = {"province": province_of_today, "former_province": former_province}
_SPECIAL: Final[Mapping[str, Callable[[Cell], object]]] = {**_PLACES, "tax_code": tax_code}
_READERS: Final[Mapping[str, Callable[[Cell], object]]] = {
    "amount": amount,
    "number": number,
    "day": day,
    "text": text,
    "yes": yes,
}
