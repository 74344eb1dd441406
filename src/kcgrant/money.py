"""Money: whole đồng, exact rates, and how both are read and shown in Vietnamese and English.

The decision taken here: an amount is an `int` of đồng, a rate is a `Fraction`, and `share_of` is the only place where an
amount is rounded: down to the whole đồng (reading `rounding`).
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from typing import Annotated, Final

from pydantic import Field, PlainSerializer, PlainValidator, WithJsonSchema

from kcgrant.door import Expected
from kcgrant.errors import Fault, InputError, Lang, Text, shown

MOST_VND: Final = 10**15  # a bound of the door, not of the law: a thousand times the largest cap's cost

VND = Annotated[
    int,
    Field(strict=True, ge=1, le=MOST_VND),
    Expected(
        "a whole number of đồng from 1 to 10^15; write it in digits alone, as 420000000, without quotes, point or comma",
        "một số nguyên đồng từ 1 đến 10^15; chỉ viết chữ số, ví dụ 420000000, không ngoặc kép, không dấu chấm hay phẩy",
    ),
]
"""An amount of money in whole đồng, 1 to 10^15."""


def share_of(cost_vnd: int, rate: Fraction) -> int:
    """The share of a cost in whole đồng, rounded down: the one rounding rule of kcgrant (reading `rounding`).

    Example:
        >>> share_of(3_333_333_333, Fraction(30, 100))
        999999999
        >>> share_of(3_333_333_334, Fraction(30, 100))
        1000000000
    """
    return cost_vnd * rate.numerator // rate.denominator


def cost_of(share_vnd: int, rate: Fraction) -> int:
    """The least cost in whole đồng whose share, rounded down, reaches an amount: the inverse of `share_of`.

    Example:
        >>> cost_of(1_000_000_000, Fraction(30, 100))
        3333333334
    """
    return -(-share_vnd * rate.denominator // rate.numerator)


# --- rates and factors ------------------------------------------------------------------------------------------------

_A_RATE = Expected(
    'a percentage above 0% and up to 100%, as text: "50%" or "12.5%"',
    'một tỷ lệ phần trăm trên 0% đến 100%, viết dạng chữ: "50%" hoặc "12.5%"',
)
_A_FACTOR = Expected('a factor of at least 1, as text: "1.5"', 'một hệ số từ 1 trở lên, viết dạng chữ: "1.5"')
_DECIMAL = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6})?", re.ASCII)


def _rate(value: object) -> Fraction:
    if isinstance(value, Fraction) and 0 < value <= 1:
        return value
    if isinstance(value, str) and value.endswith("%") and _DECIMAL.fullmatch(value[:-1]):
        rate = Fraction(value[:-1]) / 100
        if 0 < rate <= 1:
            return rate
    raise _A_RATE.refusal()


def _factor(value: object) -> Fraction:
    if isinstance(value, Fraction) and value >= 1:
        return value
    if isinstance(value, str) and _DECIMAL.fullmatch(value) and Fraction(value) >= 1:
        return Fraction(value)
    raise _A_FACTOR.refusal()


def decimal(number: Fraction, lang: Lang = "en") -> str:
    """A number as a decimal fraction, where it has one, in the style of the language.

    Example:
        >>> decimal(Fraction(3, 2)), decimal(Fraction(3, 2), "vi"), decimal(Fraction(1, 3))
        ('1.5', '1,5', '1/3')
    """
    scaled = number * 10**12
    if scaled.denominator != 1:
        return str(number)
    whole, rest = divmod(scaled.numerator, 10**12)
    digits = f"{rest:012d}".rstrip("0")
    return f"{whole}{',' if lang == 'vi' else '.'}{digits}" if digits else str(whole)


def percentage(rate: Fraction, lang: Lang = "en") -> str:
    """A rate as a percentage in the style of the language.

    Example:
        >>> percentage(Fraction(1, 2)), percentage(Fraction(1, 8), "vi")
        ('50%', '12,5%')
    """
    return decimal(rate * 100, lang) + "%"


Rate = Annotated[
    Fraction,
    PlainValidator(_rate),
    PlainSerializer(percentage, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?%$", "examples": ["50%"]}),
]
"""A share of a cost, above 0 and up to 1; written as text, `"50%"`, so that it stays exact."""

Factor = Annotated[
    Fraction,
    PlainValidator(_factor),
    PlainSerializer(decimal, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?$", "examples": ["1.5"]}),
]
"""What a cap is multiplied by, at least 1; written as text, `"1.5"`, so that it stays exact."""


# --- figures ----------------------------------------------------------------------------------------------------------


def figures(amount_vnd: int, lang: Lang = "en") -> str:
    """An amount in figures, as it stands in a decision of the language.

    Example:
        >>> figures(300_000_000), figures(300_000_000, "vi")
        ('VND 300,000,000', '300.000.000 đồng')
    """
    grouped = f"{amount_vnd:,}"
    return grouped.replace(",", ".") + " đồng" if lang == "vi" else f"VND {grouped}"


# --- words ------------------------------------------------------------------------------------------------------------

_VI_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_EN_SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_EN_TENS = ["zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_EN_SCALES = (
    (10**15, "quadrillion"),
    (10**12, "trillion"),
    (10**9, "billion"),
    (10**6, "million"),
    (10**3, "thousand"),
)


def words(amount_vnd: int, lang: Lang = "en") -> str:
    """An amount of 0 to 10^15 đồng in words, as the line under the figures in a decision.

    Raises:
        InputError: the amount lies outside 0 to 10^15.

    Example:
        >>> words(1_005_000_000, "vi")
        'một tỷ không trăm lẻ năm triệu đồng'
        >>> words(1_005_000_000)
        'one billion five million dong'
    """
    if not 0 <= amount_vnd <= MOST_VND:
        raise _fault(amount_vnd, "expected an amount from 0 to 10^15 đồng", "cần số tiền từ 0 đến 10^15 đồng")
    if lang == "vi":
        return " ".join(_vi_words(amount_vnd)) + " đồng" if amount_vnd else "không đồng"
    return _en_words(amount_vnd) + " dong"


def _vi_words(number: int) -> list[str]:
    """The words of a number above 0; what stands before "tỷ" is again such a number: "một nghìn tỷ"."""
    billions, rest = divmod(number, 10**9)
    spoken = [*_vi_words(billions), "tỷ"] if billions else []
    for scale, name in ((10**6, ["triệu"]), (10**3, ["nghìn"]), (1, [])):
        group, rest = divmod(rest, scale)
        if group:
            spoken += _vi_group(group, full=bool(spoken)) + name
    return spoken


def _vi_group(group: int, *, full: bool) -> list[str]:
    """Three digits; `full` where larger digits went before, so that the hundreds are spoken even when they are 0."""
    hundreds, rest = divmod(group, 100)
    tens, units = divmod(rest, 10)
    spoken = [_VI_DIGITS[hundreds], "trăm"] if hundreds or full else []
    if tens > 1:
        spoken += [_VI_DIGITS[tens], "mươi"]
        return spoken + ([{1: "mốt", 4: "tư", 5: "lăm"}.get(units, _VI_DIGITS[units])] if units else [])
    if tens:
        return [*spoken, "mười"] + ([{5: "lăm"}.get(units, _VI_DIGITS[units])] if units else [])
    return spoken + (["lẻ"] if units and spoken else []) + ([_VI_DIGITS[units]] if units else [])


def _en_words(number: int) -> str:
    if number < len(_EN_SMALL):
        return _EN_SMALL[number]
    if number < 100:  # a hundred is a hundred
        tens, units = divmod(number, 10)
        return _EN_TENS[tens] + (f"-{_EN_SMALL[units]}" if units else "")
    scale, name = next((pair for pair in _EN_SCALES if number >= pair[0]), (100, "hundred"))
    high, rest = divmod(number, scale)
    return f"{_en_words(high)} {name}" + (f" {_en_words(rest)}" if rest else "")


# --- reading what a person typed --------------------------------------------------------------------------------------

_CURRENCY = re.compile(r"(?<![^\W\d])(?:vnd|vnđ|đồng|dong|đ)(?![^\W\d])|₫")
UNITS: Final = {
    **dict.fromkeys(("k", "nghìn", "ngàn", "thousand"), 10**3),
    **dict.fromkeys(("tr", "triệu", "million"), 10**6),
    **dict.fromkeys(("tỷ", "tỉ", "billion"), 10**9),
    **dict.fromkeys(("nghìn tỷ", "ngàn tỷ", "nghìn tỉ", "ngàn tỉ", "trillion"), 10**12),
}
_PART = re.compile(
    r"\s*([0-9]+(?:[.,][0-9]+)*)\s*(" + "|".join(sorted(UNITS, key=len, reverse=True)) + r")?(?=[\s0-9]|$)", re.ASCII
)
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*", re.ASCII)
_POINTED = re.compile(r"(?:0|[1-9][0-9]*)[.,](?P<plain>[0-9]+)", re.ASCII)
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
        kcgrant.errors.InputError: "1.200": can be read as 1,200 or as 1.2; write 1200, or the full number of đồng
    """
    if len(text) > 200:  # the longest amount in words has some 150 characters
        raise _no_amount(text)
    typed = " ".join(_CURRENCY.sub(" ", unicodedata.normalize("NFC", text).casefold()).split())
    spoken = _spoken(typed)
    if spoken is not None:
        return spoken
    total = Fraction(0)
    smallest: int | None = None
    end = 0
    while end < len(typed):
        part = _PART.match(typed, end)
        if part is None or (smallest is not None and (part[2] is None or UNITS[part[2]] >= smallest)):
            raise _no_amount(text)
        smallest = UNITS[part[2]] if part[2] else 1
        total += _one_reading(part[1], part[2], text) * smallest
        end = part.end()
    if smallest is None:
        raise _no_amount(text)
    if total > MOST_VND:
        raise _fault(text, "expected a whole number of đồng up to 10^15", "cần một số nguyên đồng, tối đa 10^15")
    if total.denominator != 1:
        en = "expected a whole number of đồng; is a unit missing, such as triệu or tỷ?"
        raise _fault(text, en, "cần một số nguyên đồng; có thiếu đơn vị, ví dụ triệu hoặc tỷ không?")
    return total.numerator


def _one_reading(number: str, unit: str | None, text: str) -> Fraction:
    readings = _readings(number)
    if not readings:
        raise _no_amount(text)
    if len(readings) > 1:
        grouped, pointed = (_plain(reading, "en") for reading in readings)
        vi = [_plain(reading, "vi") for reading in readings]
        clear = f"{readings[0]} {unit}" if unit else f"{readings[0]}"
        raise _fault(
            text,
            f"can be read as {grouped} or as {pointed}; write {clear}, or the full number of đồng",
            f"có thể hiểu là {vi[0]} hoặc là {vi[1]}; hãy viết {clear} hoặc viết đủ số đồng",
        )
    return readings[0]


def _plain(number: Fraction, lang: Lang) -> str:
    return figures(number.numerator, lang).strip(" đồngVND") if number.denominator == 1 else decimal(number, lang)


def _readings(number: str) -> list[Fraction]:
    """What a number with points or commas can mean: with them as thousands marks, as the decimal mark, or both."""
    if number.isdigit():
        return [Fraction(int(number))]
    readings = []
    if _GROUPED.fullmatch(number):
        readings.append(Fraction(int(re.sub("[.,]", "", number))))
    if pointed := _POINTED.fullmatch(number) or _GROUPED_POINTED.fullmatch(number):
        whole = re.sub("[.,]", "", number[: pointed.start("plain") - 1])
        readings.append(Fraction(f"{whole}.{pointed['plain']}"))
    return readings


def _spoken(typed: str) -> int | None:
    """The number whose words are given, in either language; None where the words are not exactly those of a number."""
    said = typed.replace("ngàn", "nghìn").replace("tỉ", "tỷ").replace("linh", "lẻ")
    for lang, numbers, scales in _VOCABULARY:
        tokens = said.replace("-", " ").split()
        if tokens and all(token in numbers or token in scales for token in tokens):
            number = _sum(tokens, numbers, scales)
            currency = " đồng" if lang == "vi" else " dong"
            if number <= MOST_VND and words(number, lang) == said + currency:
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
        {**{word: n for n, word in enumerate(_VI_DIGITS)}, "mốt": 1, "tư": 4, "lăm": 5, "mười": 10, "lẻ": 0},
        {"mươi": 10, "trăm": 100, "nghìn": 10**3, "triệu": 10**6, "tỷ": 10**9},
    ),
    (
        "en",
        {**{w: n for n, w in enumerate(_EN_SMALL)}, **{w: 10 * n for n, w in enumerate(_EN_TENS) if n}},
        {"hundred": 100, **{name: scale for scale, name in _EN_SCALES}},
    ),
)


def _no_amount(text: str) -> InputError:
    return _fault(
        text,
        'not an amount; write 1200000000, "1.200.000.000", "1,2 tỷ" or "850 triệu"',
        'không phải số tiền; hãy viết 1200000000, "1.200.000.000", "1,2 tỷ" hoặc "850 triệu"',
    )


def _fault(given: str | int, en: str, vi: str) -> InputError:
    return InputError([Fault(shown(given), Text(en=en, vi=vi))])
