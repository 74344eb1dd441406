"""Proving: what a workbook holds is counted before it is read, so that no small file fills the memory.

The decision taken here: every part is looked through once, element by element. What a register has no use for in such
numbers, and a part that defines entities of its own, is refused with what to do.
"""

from __future__ import annotations

import re
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import IO, Final
from xml.parsers import expat  # the parser by which the parts are read later

from kcgrant.errors import Fault, InputError, fault

MOST_BYTES: Final = 2**27  # of the file
MOST_UNPACKED: Final = 2**28  # of its parts that are text; pictures are not unpacked
MOST_CELLS: Final = 1_500_000  # filled in, formatted, merged or linked; a register of 25,000 rows has 700,000
MOST_OTHERS: Final = 300_000  # elements of styles, drawings and the like; Excel itself allows 64,000 styles
MOST_PARTS: Final = 4_500_000  # of cells and texts: values, formulas, stretches of one format
MOST_PLACES: Final = 20_000_000  # up to the last cell of a sheet, where a library makes one for every place
_TEXTS: Final = (".xml", ".rels", ".vml")
_AREA: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7}):\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_IN_CELLS: Final = frozenset({"v", "is", "t", "f", "r", "rPr", "si", "p", "span", "s"})
_NO_WORKBOOK: Final = "not an .xlsx workbook, or protected by a password; save it in Excel as .xlsx without a password"


class _Refused(Exception):
    def __init__(self, told: str, **values: object) -> None:
        self.found = fault("", told, **values)


def prove(path: Path, where: str) -> None:
    """Looks through an Office file before it is read; what is damaged is left to be told by whoever reads it.

    Raises:
        InputError: it is none, is protected by a password, or holds more than a register can.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            texts = [one for one in packed.infolist() if one.filename.lower().endswith(_TEXTS)]
            if path.stat().st_size > MOST_BYTES or sum(one.file_size for one in texts) > MOST_UNPACKED:
                raise InputError([fault(where, "too large for a register; not read")])
            found = _Found()
            for one in texts:
                with suppress(RuntimeError, EOFError, expat.ExpatError, zipfile.BadZipFile), packed.open(one) as part:
                    found.look_through(part)
    except _Refused as refused:
        raise InputError([Fault(where, refused.found.text)]) from None
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise InputError([fault(where, _NO_WORKBOOK)]) from None


class _Found:
    """What was found in the parts of a workbook so far: its cells, and all other elements."""

    def __init__(self) -> None:
        self._cells = self._parts = self._others = 0
        self._row = self._column = self._repeated = 0

    def look_through(self, part: IO[bytes]) -> None:
        """Counts the elements of a part."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.StartDoctypeDeclHandler = self._start, self._doctype
        while content := part.read(2**20):
            parser.Parse(content)
        parser.Parse(b"", True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name in ("c", "row", "si"):
            self._cells += 1
        elif name in ("mergeCell", "hyperlink"):  # every cell of its area is made
            self._cells += _places(attributes.get("ref", ""))
        elif name in ("table", "table-row", "table-cell", "covered-table-cell"):
            self._place(name, {key.rpartition(":")[2]: value for key, value in attributes.items()})
        elif name in _IN_CELLS:
            self._parts += 1
        else:
            self._others += 1
        if self._cells > MOST_CELLS or self._parts > MOST_PARTS:
            told = (
                "more than {most} cells that are filled in, formatted, merged or linked; delete the empty rows and columns "
                "behind the list and save"
            )
            raise _Refused(told, most=MOST_CELLS)
        if self._others > MOST_OTHERS:
            raise _Refused("more formats and drawings than a register can have; copy the list into a new workbook")

    def _place(self, name: str, attributes: dict[str, str]) -> None:
        """Follows the rows and cells of an `.ods`, which says how often one is repeated."""
        rows, columns = (_whole(attributes.get(f"number-{of}-repeated")) for of in ("rows", "columns"))
        if name == "table":
            self._row = self._column = self._repeated = 0
        elif name == "table-row":
            self._row, self._column, self._repeated = self._row + self._repeated, 0, rows
        else:
            self._column += columns
            if "value-type" in attributes:
                self._cells += columns * self._repeated
                if (self._row + self._repeated) * self._column > MOST_PLACES:
                    raise _Refused("too large for a register; not read")

    def _doctype(self, *_: object) -> None:
        raise _Refused("defines entities of its own, which no workbook needs; open it in Excel and save it anew as .xlsx")


def _whole(text: str | None) -> int:
    return (
        int(text) if text and text.isdecimal() and len(text) < len(str(MOST_PLACES)) else 1 if text is None else MOST_PLACES
    )


def _places(area: str) -> int:
    """The number of cells of an area; of one that cannot be told, too many."""
    if ":" not in area:
        return 1
    if not (found := _AREA.fullmatch(area)):
        return MOST_CELLS + 1
    (left, right), (top, bottom) = (map(_number, found.group(1, 3)), map(int, found.group(2, 4)))
    return (abs(right - left) + 1) * (abs(bottom - top) + 1)


def _number(letters: str) -> int:
    return sum((ord(one) - 64) * 26**power for power, one in enumerate(reversed(letters.upper())))
