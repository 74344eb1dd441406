"""Language: what kcgrant says, in English where it is said and in Vietnamese from one catalogue.

The decision taken here: the English phrase is the key of the catalogue `vi.toml`, so that one phrase has one translation
wherever it is said, and both fill the same places with the same values. The catalogue is TOML and not gettext's, since that
would add a compiled file beside each readable one, and a language for each process where we need both at once.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path
from typing import ClassVar, Final, Literal

Lang = Literal["en", "vi"]


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in both languages, each in Unicode form NFC.

    Example:
        >>> Text(en="cap", vi="mức trần")["vi"]
        'mức trần'
    """

    en: str
    vi: str
    __pydantic_config__: ClassVar[Mapping[str, object]] = {"extra": "forbid", "strict": False}

    def __getitem__(self, lang: Lang) -> str:
        """The sentence in the language asked for."""
        return self.vi if lang == "vi" else self.en


NOT_ENTITLEMENT: Final = "This is the most that the law allows, not an entitlement: the authority decides what it grants."


@cache
def vietnamese() -> Mapping[str, str]:
    """The Vietnamese of every phrase, by its English."""
    return tomllib.loads((Path(__file__).parent / "vi.toml").read_text(encoding="utf-8"))


def say(english: str, lang: Lang, **values: object) -> str:
    """A phrase in the language asked for, its places filled: numbers, days and lists as the language writes them.

    Raises:
        KeyError: the phrase is not in the catalogue.

    Example:
        >>> say("Support {number}: {norm}", "vi", number=1, norm="Mô hình trình diễn")
        'Nội dung hỗ trợ 1: Mô hình trình diễn'
    """
    phrase = english if lang == "en" else vietnamese()[english]
    return phrase.format(**{name: _filled(value, lang) for name, value in values.items()}) if values else phrase


def both(english: str, **values: object) -> Text:
    """A phrase in both languages, its places filled.

    Example:
        >>> both("budget left {left} of {needed}", left=120_000_000, needed=300_000_000)
        Text(en='budget left 120,000,000 of 300,000,000', vi='kinh phí chỉ còn 120.000.000, trong khi cần 300.000.000')
    """
    # What can be gone through once only is listed here, so that both languages have it.
    once = {name: listed(map(str, value)) for name, value in values.items() if isinstance(value, Iterator)}
    return Text(en=say(english, "en", **values | once), vi=say(english, "vi", **values | once))


def together(texts: Iterable[Text]) -> Text:
    """Several sentences in one line."""
    every = list(texts)
    return Text(en="; ".join(text.en for text in every), vi="; ".join(text.vi for text in every))


MOST_LISTED: Final = 20


def listed(names: Iterable[str]) -> str:
    """Names in one line, at most twenty of them.

    Example:
        >>> listed(["rate", "cap"]), listed([])
        ('rate, cap', '–')
    """
    every = list(names)
    return ", ".join(every[:MOST_LISTED]) + (f", … ({len(every)})" if len(every) > MOST_LISTED else "") or "–"


def _filled(value: object, lang: Lang) -> object:
    """A value as a phrase of the language holds it."""
    if isinstance(value, str):
        return value
    if isinstance(value, Text):
        return value[lang]
    if isinstance(value, bool | Fraction):
        raise TypeError(f"{value!r} has no form of its own in a phrase")
    if isinstance(value, int):
        return grouped(value, lang)
    if isinstance(value, date):
        return day_in_words(value, lang)
    return listed(map(str, value)) if isinstance(value, Iterable) else value


def day_in_words(on: date, lang: Lang) -> str:
    """A day as it is written in the language.

    Example:
        >>> day_in_words(date(2026, 3, 2), "en"), day_in_words(date(2026, 3, 2), "vi")
        ('2026-03-02', '02/03/2026')
    """
    return f"{on:%d/%m/%Y}" if lang == "vi" else f"{on:%Y-%m-%d}"


def grouped(number: int, lang: Lang) -> str:
    """A whole number in figures, without a currency.

    Example:
        >>> grouped(300_000_000, "en"), grouped(300_000_000, "vi")
        ('300,000,000', '300.000.000')
    """
    return f"{number:,}".replace(",", "." if lang == "vi" else ",")


VALUE_NAMES: Final[Mapping[str, str]] = {
    **{
        said.replace(" ", "-"): said
        for said in (
            *("small or medium enterprise", "large enterprise", "household business"),
            *("cooperative", "cooperative group", "union of cooperatives"),
            *("commune", "township", "district town", "other ward", "special zone"),
            *("agricultural chemicals", "building materials", "handicraft", "cleaner production and pollution treatment"),
            *("high technology", "clean industry", "energy saving", "environmental industry", "other"),
            *("eligible", "partly eligible", "met"),  # of verdicts and conditions
            *("funded", "partly funded", "waiting"),  # of a dossier in a plan
        )
    },
    "ward-class-2-or-3-city": "ward of a class 2 or 3 city",
    "ward-class-1-city-former-commune": "ward of a class 1 city that was a commune less than five years ago",
    "craft-village": "recognised craft village",
    "agricultural-forestry-aquatic-and-food-processing": "agricultural, forestry, aquatic and food processing",
    "consumer-export-or-import-substituting-goods": "consumer, export or import-substituting goods",
    "mechanical-electrical-electronic-and-it-equipment": (
        "mechanical, electrical, electronic and IT equipment; parts, repair, subcontracting, supporting industry"
    ),
    "mining-in-disadvantaged-area": "mining and mineral processing in a disadvantaged area",
    "mining-elsewhere": "mining and mineral processing elsewhere",
    "environment-friendly-energy": "environment-friendly energy",
    "ineligible": "not eligible",
    "undetermined": "not determined: facts are missing",
    "unmet": "NOT MET",
    "unknown": "not stated",
    "all": "everything that counts, under the cap",
    "technology-lines": "only the technology lines, under the raised cap",
    "reserve": "reserve list",
    "below-floor": "below the floor",
    "nothing": "nothing to fund",
}
"""What an officer calls each answer."""


def value_name(value: str | bool | None, lang: Lang) -> str:
    """An answer as an officer would write it; None is "not stated"."""
    if value is None:
        return say("not stated", lang)
    if isinstance(value, bool):
        return say("yes" if value else "no", lang)
    return say(VALUE_NAMES[value], lang)


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


@lru_cache(maxsize=256)
def percentage(rate: Fraction, lang: Lang = "en") -> str:
    """A rate as a percentage in the style of the language.

    Example:
        >>> percentage(Fraction(1, 2)), percentage(Fraction(1, 8), "vi")
        ('50%', '12,5%')
    """
    return decimal(rate * 100, lang) + "%"


# --- figures ----------------------------------------------------------------------------------------------------------


def figures(amount_vnd: int, lang: Lang = "en") -> str:
    """An amount in figures, as it stands in a decision of the language.

    Example:
        >>> figures(300_000_000), figures(300_000_000, "vi")
        ('VND 300,000,000', '300.000.000 đồng')
    """
    return f"{grouped(amount_vnd, lang)} đồng" if lang == "vi" else f"VND {grouped(amount_vnd, lang)}"


def short_figures(amount_vnd: int, lang: Lang = "en") -> str:
    """An amount as people say it, in millions or billions, where that is exact; else in figures.

    Example:
        >>> short_figures(600_000_000, "vi"), short_figures(1_500_000_000, "vi"), short_figures(600_000_002, "vi")
        ('600 triệu đồng', '1,5 tỷ đồng', '600.000.002 đồng')
    """
    if amount_vnd < 10**6 or amount_vnd % 10**6:
        return figures(amount_vnd, lang)
    unit, phrase = (10**9, "VND {amount} billion") if amount_vnd >= 10**9 else (10**6, "VND {amount} million")
    whole, rest = divmod(amount_vnd, unit)
    amount = decimal(Fraction(amount_vnd, unit), lang) if rest else grouped(whole, lang)
    return say(phrase, lang, amount=amount)
