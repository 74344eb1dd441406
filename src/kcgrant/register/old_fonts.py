"""Old fonts: text typed for the fonts of TCVN3 (.VnTime) and VNI (VNI-Times), before Unicode, read as Unicode.

The decision taken here: the font of a cell settles it. Without a font, text is converted only if every accented word of it
is a Vietnamese syllable once converted, and one at least is none as it stands; a whole sheet without fonts and without a
letter that only Unicode has is judged as one. What looks like such text and cannot be told is kept, and named.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Final

from kcgrant.register.rows import Grid, Place, Remark, remark

TCVN3: Final = ".VnTime (TCVN3)"
VNI: Final = "VNI-Times (VNI)"

_TCVN3: Final = str.maketrans(
    "¡¢£¤¥¦§¨©ª«¬\u00ad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
    "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
)  # the soft hyphen is ư; capitals with a tone have a font of their own, whose name ends in H
_TONES: Final = "\u0300\u0301\u0309\u0303\u0323"
_VNI_VOWELS: Final = {**{vowel: vowel for vowel in "aeouy"}, "ô": "ơ", "ö": "ư"}
_VNI_ALONE: Final = {**dict(zip("ìíæóò", "ìíỉĩị", strict=True)), **dict(zip("ôöîñ", "ơưỵđ", strict=True))}
_VNI_MARKS: Final = (
    ("aeouyôö", "", "øùûõï"),  # where each tone stands behind the vowel, in the order of `_TONES`
    ("aeo", "\u0302", "àáåãä"),
    ("a", "\u0306", "èéúüë"),
)


@cache
def _vni() -> tuple[re.Pattern[str], Mapping[str, str]]:
    """The pairs and single letters of VNI: a vowel, and behind it one mark for its hat, its tone, or both."""
    pairs = {"aâ": "â", "eâ": "ê", "oâ": "ô", "aê": "ă", **_VNI_ALONE}
    for vowels, hat, marks in _VNI_MARKS:
        for vowel in vowels:
            toned = {vowel + mark: _VNI_VOWELS[vowel] + hat + tone for mark, tone in zip(marks, _TONES, strict=True)}
            pairs |= {pair: unicodedata.normalize("NFC", letter) for pair, letter in toned.items()}
    pairs |= {case(pair): new.upper() for pair, new in pairs.items() for case in (str.capitalize, str.upper)}
    return re.compile("|".join(sorted(pairs, key=len, reverse=True))), pairs


def _from_vni(text: str) -> str:
    pattern, pairs = _vni()
    return pattern.sub(lambda found: pairs[found[0]], text)


_CONVERTERS: Final[Mapping[str, Callable[[str], str]]] = {TCVN3: lambda text: text.translate(_TCVN3), VNI: _from_vni}

_SYLLABLE: Final = re.compile(
    r"(?:b|ch?|[dđ]r?|gh?|gi|h|kh?|kr|l|m|ngh?|nh?|ph?|[pbg][lr]|qu?|r|s|th?|tr|v|x)?"
    r"(?:(?:oa|oă|oe|oo|ua|uâ|uê|uô|uơ|uyê?|iê|yê|ươ|[aăâeêioôơuưy])(?:ch?|k|m|ngh?|nh?|p|t)?"
    r"|a[iouy]|oa[iouy]|oeo|u[aâ]y|uai|uao|â[uy]|eo|êu|i[au]|[iy]êu|[oôơ]i|u[aiu]|uôi|uy[au]|uêu|ư[aiu]|ươ[iu])"
)
_STOPPED: Final = re.compile(r"(?:ch?|p|t)$")  # such a syllable has one of two tones
_WORDS: Final = re.compile(r"(?:[^\W\d_]|[¡-¯µ-ÿ])+")  # signs that are letters in an old font are letters here
_TONE: Final = re.compile(f"[{_TONES}]")
_NEWER: Final = re.compile("[^\u0000-\u00ff\u2000-\u206f\u20ac\u2122]")  # beside Latin-1: quotes, dashes, €, ™
_NEVER: Final = re.compile("[¡-¯µ-¿ÄÅÆÇËÎÏÐÑÖ×ØÛÜÞßäåæçëîïñö÷øûüþÿ]")  # no letters of Vietnamese in Unicode
_INITIALS: Final = re.compile("[B-DF-HJ-NP-TV-XĐ]{2,6}")  # as in QĐ, HĐND


@lru_cache(maxsize=65536)
def _is_syllable(word: str) -> bool:
    marked = unicodedata.normalize("NFD", word.lower())
    tones = _TONE.findall(marked)
    plain = unicodedata.normalize("NFC", _TONE.sub("", marked))
    fits = len(tones) < 2 and _SYLLABLE.fullmatch(plain) is not None
    ends = not _STOPPED.search(plain) or tones in (["\u0301"], ["\u0323"])
    return (fits and ends) or _INITIALS.fullmatch(word) is not None


@lru_cache(maxsize=65536)
def _is_sign(word: str, encoding: str) -> bool:
    """Whether a word is a syllable in an old font, begins like one with a consonant, and is none in Unicode.

    A short word with a middle dot may be a unit, such as N·m.
    """
    new = _CONVERTERS[encoding](word)
    begins = unicodedata.normalize("NFD", new[0].lower())[0] not in "aeiouy"
    return begins and _is_syllable(new) and not _is_syllable(word) and not (len(word) < 4 and "·" in word)


def _accented(text: str) -> list[str]:
    return [word for word in _WORDS.findall(text) if not word.isascii()]


def share(text: str) -> tuple[int, int]:
    """How many accented words a text has, and how many of them are Vietnamese syllables."""
    words = _accented(text)
    return len(words), sum([_is_syllable(word) for word in words])


def encoding_of(text: str, *, whole: bool = False) -> str | None:
    """For which fonts a text was typed, if it can be told; of a `whole` sheet, one accented word in ten may be foreign.

    Example:
        >>> encoding_of("C«ng ty TNHH Minh Ph¸t"), encoding_of("Coâng ty Minh Phaùt"), encoding_of("Hà Nam, có")
        ('.VnTime (TCVN3)', 'VNI-Times (VNI)', None)
    """
    if text.isascii() or _NEWER.search(text):
        return None
    words = _accented(text)
    found = []
    for encoding, converted in _CONVERTERS.items():
        signs = sum([_is_sign(word, encoding) for word in words])
        right = sum([_is_syllable(converted(word)) for word in words]) if signs else 0
        if (2 * signs > len(words) and right * 10 >= len(words) * 9) if whole else (signs and right == len(words)):
            found.append(encoding)
    return found[0] if len(found) == 1 else None


def font_encoding(font: str | None) -> str | None:
    """For which letters a font was made, by its name; None for a font of Unicode."""
    name = (font or "").casefold()
    return TCVN3 if name.startswith(".vn") else VNI if name.startswith("vni") else None


@lru_cache(maxsize=65536)
def modern(text: str, font: str | None = None) -> str | None:
    """The Unicode text of one typed for an old font; None where it was not, or where that cannot be told.

    Example:
        >>> modern("M¸y sÊy n«ng s¶n"), modern("Hưng Yên"), modern("cã", ".VnTime"), modern("c«ng ty", ".VnTimeH")
        ('Máy sấy nông sản', None, 'có', 'CÔNG TY')
    """
    if text.isascii() or _NEWER.search(text):
        return None
    encoding = font_encoding(font) or encoding_of(text)
    if encoding is None:
        return None
    new = _CONVERTERS[encoding](text)
    if new == text or (
        share(text)[0] == share(text)[1] and share(new)[0] > share(new)[1]
    ):  # Unicode in a cell of an old font
        return None
    return new.upper() if encoding == TCVN3 and (font or "").endswith("H") else new


def renew(grid: Grid, fonts: Mapping[tuple[int, int], str] | None = None) -> list[Remark]:
    """Reads the cells of a sheet as Unicode where they were typed for an old font, by row and column; what is said of it."""
    fonts = fonts or {}
    places = [
        (at, index, cell)
        for at, (_, cells) in enumerate(grid.rows)
        for index, cell in enumerate(cells)
        if isinstance(cell, str) and not cell.isascii()
    ]
    whole = None if fonts else encoding_of("\n".join([cell for _, _, cell in places]), whole=True)
    if not fonts:  # as nearly always: then each text is looked at once, and few are odd
        odd = {cell for cell in {cell for _, _, cell in places} if _NEVER.search(cell) or modern(cell, whole) is not None}
        places = [place for place in places if place[2] in odd]
    counts = Counter[str]()
    unsure: list[Place] = []
    for at, index, cell in places:
        number, cells = grid.rows[at]
        font = fonts.get((number, index), whole)
        if (new := modern(cell, font)) is not None:
            grid.rows[at] = (number, [*cells[:index], new, *cells[index + 1 :]])
            counts[font_encoding(font) or encoding_of(cell) or ""] += 1
        elif _NEVER.search(cell) and any([_is_sign(word, one) for word in _accented(cell) for one in _CONVERTERS]):
            unsure.append(Place(grid.name, number, index))
    told = "{count} cells typed in an old font, {font}, are read as Unicode; check them"
    said = [
        remark("old-font", [Place(grid.name, grid.rows[0][0])], told, count=count, font=font)
        for font, count in counts.items()
    ]
    if unsure:
        told = "{count} cells look typed in an old font, {fonts}, and cannot be told; kept as they are; type them in Unicode"
        said.append(remark("old-font", unsure, told, count=len(unsure), fonts=tuple(_CONVERTERS)))
    return said
