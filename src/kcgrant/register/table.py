"""Table: the sheets and rows of a register as they were read, each row accounted for, with what is wrong named by cell.

The decision taken here: a row keeps the officer's cells untouched beside the values read from them; a row that is no dossier
(a title above the headings, a total, headings repeated) stays a row and says what it is. A remark is a fault, which keeps a
dossier from being assessed, or a finding, which somebody should look at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from kcgrant.errors import Lang, Text
from kcgrant.register.cells import Cell
from kcgrant.register.headings import recognised

OWN: Final = "kcgrant – "
"""How the first cell of every sheet begins that is written, and not the officer's."""

MOST_ABOVE: Final = 30  # rows among which the headings are looked for
MOST_COLUMNS: Final = 500
FEWEST_KNOWN: Final = 3  # recognised headings that make a row one of headings


def letters(column: int) -> str:
    """The letters by which a spreadsheet calls a column, counted from 0.

    Example:
        >>> letters(0), letters(25), letters(26)
        ('A', 'Z', 'AA')
    """
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


class Place(NamedTuple):
    """Where something stands: a sheet of a workbook, or None for a text file; the row from 1; the column from 0, if any."""

    sheet: str | None
    row: int
    column: int | None = None

    def says(self, lang: Lang = "en") -> str:
        """The place as an officer finds it: `Sheet1!C12` in a workbook, the line and the column in a text file.

        Example:
            >>> Place("2026", 12, 2).says(), Place("Hồ sơ 2026", 12).says(), Place(None, 12, 2).says("vi")
            ("'2026'!C12", "'Hồ sơ 2026'!12", 'dòng 12, cột 3')
        """
        if self.sheet is None:
            if self.column is None:
                return f"dòng {self.row}" if lang == "vi" else f"line {self.row}"
            return (
                f"dòng {self.row}, cột {self.column + 1}" if lang == "vi" else f"line {self.row}, column {self.column + 1}"
            )
        column = "" if self.column is None else letters(self.column)
        return f"{quoted(self.sheet)}!{column}{self.row}"


def quoted(sheet: str) -> str:
    """The name of a sheet as a formula writes it."""
    return sheet if re.fullmatch(r"[A-Za-z_]\w*", sheet, re.ASCII) else "'" + sheet.replace("'", "''") + "'"


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to be said about rows of a register: its kind, where it stands, what it is, and whether it is a fault."""

    kind: str
    places: tuple[Place, ...]
    text: Text
    fault: bool = False

    def line(self, lang: Lang = "en") -> str:
        """The remark as one line, its places first (at most five of them)."""
        where = ", ".join(dict.fromkeys(place.says(lang) for place in self.places[:5]))
        more = f", … ({len(self.places)})" if len(self.places) > 5 else ""
        return f"{where}{more}: {self.text[lang]}" if where else self.text[lang]


def remark(kind: str, places: Iterable[Place], en: str, vi: str, *, fault: bool = False) -> Remark:
    """A remark from its two sentences."""
    return Remark(kind, tuple(places), Text(en=en, vi=vi), fault)


RowKind = Literal["activity", "above", "heading", "total"]


@dataclass(slots=True, eq=False)
class Row:
    """One row that is not blank: its cells as the file has them, and the values read from the columns that are known.

    `values` holds what is stated: a blank cell, or one that says "not known", is not in it. `at_fault` says that something
    in it could not be read.
    """

    sheet: Sheet
    number: int
    cells: Sequence[Cell]
    kind: RowKind = "activity"
    values: dict[str, object] = field(default_factory=dict)
    at_fault: bool = False

    def place(self, column: str | None = None) -> Place:
        """Where the row, or its cell in a column, stands."""
        return Place(self.sheet.name, self.number, None if column is None else self.sheet.columns.get(column))

    @property
    def others(self) -> dict[str, Cell]:
        """The cells under headings that are not known, such as `points`, by heading as written; blank ones are left out."""
        found = {heading: self.cell(index) for index, heading in self.sheet.unknown.items()}
        return {heading: value for heading, value in found.items() if value not in (None, "")}

    def cell(self, index: int) -> Cell:
        """What stands in the column with this index; None past the end of the row."""
        return self.cells[index] if index < len(self.cells) else None


@dataclass(slots=True, eq=False)
class Sheet:
    """A sheet with the headings of a register, or the only table of a text file (its name is None).

    `columns` gives the index of each known column, `unknown` the heading of each other, `results` the indices of columns
    that an earlier run has written and this one writes anew.
    """

    name: str | None
    heading_row: int = 0
    headings: Sequence[Cell] = ()
    columns: dict[str, int] = field(default_factory=dict)
    unknown: dict[int, str] = field(default_factory=dict)
    results: frozenset[int] = frozenset()
    rows: list[Row] = field(default_factory=list)
    prior: bool = False

    @property
    def last_row(self) -> int:
        """The number of the last row that is not blank."""
        return max([self.heading_row, *(row.number for row in self.rows)])


@dataclass(slots=True, eq=False)
class Register:
    """A register as it was read: its sheets of dossiers, the table of earlier support, and every remark.

    `separator` is that of a text file; None for a workbook.
    """

    sheets: list[Sheet] = field(default_factory=list)
    prior: list[Sheet] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    separator: str | None = None

    @property
    def rows(self) -> list[Row]:
        """Every row of the sheets of dossiers that is not blank, the headings left out."""
        return [row for sheet in self.sheets for row in sheet.rows]

    @property
    def faults(self) -> list[Remark]:
        """What keeps dossiers from being assessed."""
        return [one for one in self.remarks if one.fault]

    @property
    def findings(self) -> list[Remark]:
        """What somebody should look at, though everything was assessed."""
        return [one for one in self.remarks if not one.fault]


@dataclass(slots=True, eq=False)
class Grid:
    """What a file holds before it is understood: rows by number, and what a workbook says of hidden and merged cells.

    `merged` holds ranges as (first row, first column, last row, last column), rows from 1, columns from 0.
    """

    name: str | None
    rows: list[tuple[int, Sequence[Cell]]]
    hidden: Sequence[int] = ()
    merged: Sequence[tuple[int, int, int, int]] = ()
    separator: str | None = None

    @property
    def first(self) -> list[tuple[int, Sequence[Cell]]]:
        """The rows among which the headings are."""
        return self.rows[:MOST_ABOVE]

    def known(self, headings: Mapping[str, str]) -> int:
        """How many headings are recognised in the row that has most of them."""
        return max((recognised(cells, headings) for _, cells in self.first), default=0)
