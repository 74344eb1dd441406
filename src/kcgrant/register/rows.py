"""Table: the sheets and rows of a register as they were read, each row accounted for, with what is wrong named by cell.

The decision taken here: a row keeps the officer's cells untouched beside the values read from them; a row that is no dossier
(a title above the headings, a total, headings repeated) stays a row and says what it is. A remark is a fault, which keeps a
dossier from being assessed, or a finding, which somebody should look at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Final, Literal, NamedTuple, TypeVar

from kcgrant.language import Lang, Text, both
from kcgrant.layout import Shown
from kcgrant.parsing import Cell
from kcgrant.register.form import DOSSIERS, PRIOR, Table
from kcgrant.register.layouts import Heading, Layout, laid_out

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")

MOST_COLUMNS: Final = 500
FEWEST_KNOWN: Final = 3  # recognised headings that make a row one of headings


@cache
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


def distinct(headings: Mapping[int, str]) -> dict[int, str]:
    """A name for each column: its heading, or its letters where that is blank or stands over an earlier one.

    Example:
        >>> distinct({0: "B", 1: "B", 2: "", 3: "x"})
        {0: 'B', 1: '(B)', 2: 'C', 3: 'x'}
    """
    names, taken = dict[int, str](), set(headings.values())
    for index, heading in headings.items():
        names[index] = heading
        if not heading or heading in list(names.values())[:-1]:
            names[index] = letters(index)
            while names[index] in taken:
                names[index] = f"({names[index]})"
            taken.add(names[index])
    return names


class Place(NamedTuple):
    """Where something stands: sheet (None: a text file), row from 1 (0: what `sheet` names is no table), column from 0."""

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
            line, column = ("dòng", "cột") if lang == "vi" else ("line", "column")
            return f"{line} {self.row}" + ("" if self.column is None else f", {column} {self.column + 1}")
        if not self.row:  # a document that is no row of a table
            return self.sheet
        column = "" if self.column is None else letters(self.column)
        return f"{quoted(self.sheet)}!{column}{self.row}"


@lru_cache(maxsize=256)
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


def remark(kind: str, places: Iterable[Place], english: str, *, fault: bool = False, **values: object) -> Remark:
    """A remark in the words of a phrase of the catalogue."""
    return Remark(kind, tuple(places), both(english, **values), fault)


def gathered(pairs: Iterable[tuple[_Key, _Value]]) -> dict[_Key, list[_Value]]:
    """What comes with each key, both in the order in which they come."""
    found: dict[_Key, list[_Value]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


RowKind = Literal["activity", "above", "heading", "numbers", "group", "total", "withdrawn", "left-out"]


@dataclass(slots=True, eq=False, repr=False)
class Row(Shown):
    """One row that is not blank: its cells as the file has them, and the values read from the columns that are known.

    `values` lacks what is blank or said not to be known; `at_fault` says that something could not be read.
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
        found = {name: self.cell(index) for index, name in distinct(self.sheet.unknown).items()}
        return {name: value for name, value in found.items() if value not in (None, "")}

    def cell(self, index: int | None) -> Cell:
        """What stands in the column with this index; None past the end of the row, and where there is no such column."""
        return self.cells[index] if index is not None and index < len(self.cells) else None

    def filled(self, column: str) -> bool:
        """Whether anything stands in a column."""
        return self.cell(self.sheet.columns.get(column)) not in (None, "")


@dataclass(slots=True, eq=False, repr=False)
class Sheet(Shown):
    """A sheet with the headings of a register, or the only table of a text file (its name is None).

    The headings stand in the rows from `heading_top` to `heading_row`.
    `columns` has the index of each known column, `unknown` the others' headings, `results` what an earlier run has written;
    `units` the unit of the amounts in a column, and what says so. `apart`: it was read from a second file.
    """

    name: str | None
    heading_row: int = 0
    headings: Sequence[Cell] = ()
    columns: dict[str, int] = field(default_factory=dict)
    unknown: dict[int, str] = field(default_factory=dict)
    results: frozenset[int] = frozenset()
    rows: list[Row] = field(default_factory=list)
    prior: bool = False
    remarks: list[Remark] = field(default_factory=list)
    titles: Mapping[int, Heading] = field(default_factory=dict)
    units: dict[str, tuple[str, str]] = field(default_factory=dict)
    heading_top: int = 0
    dossiers: Table = DOSSIERS
    apart: bool = False

    @property
    def table(self) -> Table:
        """What it is a table of."""
        return PRIOR if self.prior else self.dossiers

    @property
    def kept(self) -> list[int]:
        """The columns that are the officer's, in order: all but those that an earlier run has written."""
        width = max([len(self.headings), *(len(row.cells) for row in self.rows)])
        return [index for index in range(width) if index not in self.results]

    def officers(self) -> Iterator[tuple[int, list[Cell], Row | None]]:
        """The officer's cells row by row in order, each with its number; the headings are among them and are no row."""
        kept = self.kept
        numbered: dict[int, Row | None] = {row.number: row for row in self.rows} | {self.heading_row: None}
        for number in sorted(numbered):
            cells = self.headings if (row := numbered[number]) is None else row.cells
            yield number, [cells[index] if index < len(cells) else None for index in kept], row

    @property
    def last_row(self) -> int:
        """The number of the last row that is not blank."""
        return max([self.heading_row, *(row.number for row in self.rows)])


class Answer(NamedTuple):
    """An answer that was typed on the sheet of questions: the row it was taken for, and its column (None: there is none)."""

    row: Row
    column: int | None
    where: str
    question: str
    given: Cell


@dataclass(slots=True, eq=False, repr=False)
class Register(Shown):
    """A register as it was read: sheets of dossiers and of earlier support, remarks, the separator (None: a workbook).

    `answers` were taken from a sheet of questions; `original` is the workbook itself, where the result can be a copy of it.
    """

    sheets: list[Sheet] = field(default_factory=list)
    prior: list[Sheet] = field(default_factory=list)
    said: list[Remark] = field(default_factory=list)
    separator: str | None = None
    answers: list[Answer] = field(default_factory=list)
    original: bytes | None = None

    @property
    def tables(self) -> list[Sheet]:
        """The sheets of dossiers, then those of earlier support."""
        return [*self.sheets, *self.prior]

    @property
    def remarks(self) -> list[Remark]:
        """What is said of the file, and of each of its sheets."""
        return [*self.said, *(one for sheet in self.tables for one in sheet.remarks)]

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
    """What a file holds before it is understood; `merged` are first and last cells, rows from 1 and columns from 0."""

    name: str | None
    rows: list[tuple[int, Sequence[Cell]]]
    hidden: Sequence[int] = ()
    merged: Sequence[tuple[int, int, int, int]] = ()
    separator: str | None = None
    struck: Sequence[int] = ()
    units: Mapping[tuple[int, int], str] = field(default_factory=dict)

    def laid_out(self, table: Table) -> Layout:
        """Where the headings of a table stand in it."""
        return laid_out(self.rows, self.merged, table.headings)
