"""Money: whole đồng, exact rates, and how both are read and shown in Vietnamese and English.

The decision taken here: an amount is an `int` of đồng, a rate is a `Fraction`, and `share_of` is the only place where an
amount is rounded: down to the whole đồng (reading `rounding`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Annotated, Final

from pydantic import Field, PlainSerializer, PlainValidator, WithJsonSchema

from kcgrant.errors import InputError, fault, shown
from kcgrant.fields import Expected
from kcgrant.language import Lang, decimal, percentage

MOST_VND: Final = 10**15  # a bound of the door, not of the law: a thousand times the largest cap's cost

VND = Annotated[
    int,
    Field(strict=True, ge=1, le=MOST_VND),
    Expected(
        "a whole number of đồng from 1 to 10^15; write it in digits alone, as 420000000, without quotes, point or comma"
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
    return part_of(cost_vnd, rate.numerator, rate.denominator)


def part_of(cost_vnd: int, numerator: int, denominator: int) -> int:
    """The same where the rate has been taken apart; here, and nowhere else, money is rounded.

    Example:
        >>> part_of(3_333_333_333, 3, 10)
        999999999
    """
    return cost_vnd * numerator // denominator


def cost_of(share_vnd: int, rate: Fraction) -> int:
    """The least cost in whole đồng whose share, rounded down, reaches an amount: the inverse of `share_of`.

    Example:
        >>> cost_of(1_000_000_000, Fraction(30, 100))
        3333333334
    """
    return -(-share_vnd * rate.denominator // rate.numerator)


# --- rates and factors ------------------------------------------------------------------------------------------------

_DECIMAL: Final = r"[0-9]{1,6}(?:\.[0-9]{1,6})?"


def exact(form: str, holds: Callable[[Fraction], bool], expected: Expected, *, whole: bool = False) -> PlainValidator:
    """What reads a `Fraction`, text of a form, or with `whole` an `int`, within bounds; pydantic refuses all else."""

    def read(value: object) -> Fraction:
        if isinstance(value, str) and re.fullmatch(form, value):
            value = Fraction(value.rstrip("%").replace(",", ".")) / (100 if value.endswith("%") else 1)
        elif whole and isinstance(value, int) and not isinstance(value, bool):
            value = Fraction(value)
        if isinstance(value, Fraction) and holds(value):
            return value
        raise expected.refusal()

    return PlainValidator(read)


Rate = Annotated[
    Fraction,
    exact(
        _DECIMAL + "%",
        lambda rate: 0 < rate <= 1,
        Expected('a percentage above 0% and up to 100%, as text: "50%" or "12.5%"'),
    ),
    PlainSerializer(percentage, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?%$", "examples": ["50%"]}),
]
"""A share of a cost, above 0 and up to 1; written as text, `"50%"`, so that it stays exact."""

Factor = Annotated[
    Fraction,
    exact(_DECIMAL, lambda factor: factor >= 1, Expected('a factor of at least 1, as text: "1.5"')),
    PlainSerializer(decimal, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?$", "examples": ["1.5"]}),
]
"""What a cap is multiplied by, at least 1; written as text, `"1.5"`, so that it stays exact."""


# --- words ------------------------------------------------------------------------------------------------------------

VI_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
EN_SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
EN_TENS = ("zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
EN_SCALES = ((10**15, "quadrillion"), (10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (10**3, "thousand"))


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
        raise InputError([fault(shown(amount_vnd), "expected an amount from 0 to 10^15 đồng")])
    if lang == "vi":
        return " ".join(_vi_words(amount_vnd)) + " đồng" if amount_vnd else "không đồng"
    return _en_words(amount_vnd) + " dong"


def sentence(amount_vnd: int, lang: Lang = "en") -> str:
    """An amount in words as they begin a line.

    Example:
        >>> sentence(300_000_000, "vi")
        'Ba trăm triệu đồng'
    """
    said = words(amount_vnd, lang)
    return said[:1].upper() + said[1:]


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
    spoken = [VI_DIGITS[hundreds], "trăm"] if hundreds or full else []
    spoken += [VI_DIGITS[tens], "mươi"] if tens > 1 else ["mười"] if tens else ["lẻ"] if units and spoken else []
    changed = {1: "mốt", 4: "tư", 5: "lăm"} if tens > 1 else {5: "lăm"} if tens else {}
    return spoken + ([changed.get(units, VI_DIGITS[units])] if units else [])


def _en_words(number: int) -> str:
    if number < len(EN_SMALL):
        return EN_SMALL[number]
    if number < 100:  # a hundred is a hundred
        tens, units = divmod(number, 10)
        return EN_TENS[tens] + (f"-{EN_SMALL[units]}" if units else "")
    scale, name = next((pair for pair in EN_SCALES if number >= pair[0]), (100, "hundred"))
    high, rest = divmod(number, scale)
    return f"{_en_words(high)} {name}" + (f" {_en_words(rest)}" if rest else "")
