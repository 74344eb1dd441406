"""Texts in: the characters of a text file, whichever of the encodings of Excel in Viet Nam it was saved in.

The decision taken here: UTF-8 and UTF-16 are known by their bytes. Another encoding is taken only if nine in ten of the
accented words come out as Vietnamese syllables, which is surer in so small a file than any guess by frequencies of letters.
"""

from __future__ import annotations

import unicodedata

from kcgrant.errors import InputError, fault
from kcgrant.register.old_fonts import encoding_of, share


def decoded(content: bytes, where: str) -> tuple[str, str | None]:
    r"""The text of a file, and the name of its encoding where that is not UTF-8.

    Raises:
        InputError: the encoding cannot be told.

    Example:
        >>> decoded("Tỉnh".encode("utf-16"), ""), decoded(b"C\xf4ng ty TNHH S\xf4\xec 1", "")
        (('Tỉnh', 'UTF-16'), ('Công ty TNHH Số 1', 'Windows-1258'))
    """
    try:
        if wide := _wide(content):
            return content.decode(wide), "UTF-16"
        return content.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        found = [] if wide else _by_syllables(content)
        if len(found) == 1:
            return found[0]
        told = "line {line}: not UTF-8; in Excel save it as “CSV UTF-8 (comma delimited)”, or as .xlsx"
        line = str(content[: error.start].count(b"\n") + 1)
        raise InputError([fault(where, told, line=line)]) from None


def _wide(content: bytes) -> str | None:
    """The codec of UTF-16: by its mark or, without one, by the zeros that every other byte of Latin letters is."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if content.count(0) * 4 < len(content) or not content:
        return None
    return "utf-16-le" if content[1::2].count(0) > content[::2].count(0) else "utf-16-be"


def _by_syllables(content: bytes) -> list[tuple[str, str]]:
    found = []
    text = unicodedata.normalize("NFC", _loosely(content, "cp1258"))  # there the tones are characters of their own
    words, right = share(text)
    if right and right * 10 >= words * 9:
        found.append((text, "Windows-1258"))
    text = _loosely(content, "cp1252")
    if encoding_of(text, whole=True):  # the letters of an old font, which `old_fonts.renew` reads
        found.append((text, "Windows-1252"))
    return found


def _loosely(content: bytes, codec: str) -> str:
    try:
        return content.decode(codec)
    except UnicodeDecodeError:
        return ""
