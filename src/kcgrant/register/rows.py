"""Table: the sheets and rows of a register as they were read, each row accounted for, with what is wrong named by cell.

The decision taken here: a row keeps the officer's cells untouched beside the values read from them; a row that is no dossier
(a title above the headings, a total, headings repeated) stays a row and says what it is. A remark is a fault, which keeps a
dossier from being assessed, or a finding, which somebody should look at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, TypeVar

from kcgrant.errors import Fault, InputError, fault, nearest, shown
from kcgrant.language import Lang, Text, both, listed
from kcgrant.parsing import Cell, Damaged, folded
from kcgrant.register.form import DOSSIERS, ERRORS, MOST_TEXT, PRIOR, RANKING, READERS, RESULT_HEADINGS, Table, recognised

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")

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


RowKind = Literal["activity", "above", "heading", "total"]


@dataclass(slots=True, eq=False)
class Row:
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
        found = {heading: self.cell(index) for index, heading in self.sheet.unknown.items()}
        return {heading: value for heading, value in found.items() if value not in (None, "")}

    def cell(self, index: int | None) -> Cell:
        """What stands in the column with this index; None past the end of the row, and where there is no such column."""
        return self.cells[index] if index is not None and index < len(self.cells) else None

    def filled(self, column: str) -> bool:
        """Whether anything stands in a column."""
        return self.cell(self.sheet.columns.get(column)) not in (None, "")


@dataclass(slots=True, eq=False)
class Sheet:
    """A sheet with the headings of a register, or the only table of a text file (its name is None).

    `columns` has the index of each known column, `unknown` the others' headings, `results` what an earlier run has written.
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

    @property
    def table(self) -> Table:
        """What it is a table of."""
        return PRIOR if self.prior else DOSSIERS

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


@dataclass(slots=True, eq=False)
class Register:
    """A register as it was read: sheets of dossiers and of earlier support, remarks, the separator (None: a workbook)."""

    sheets: list[Sheet] = field(default_factory=list)
    prior: list[Sheet] = field(default_factory=list)
    said: list[Remark] = field(default_factory=list)
    separator: str | None = None

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

    def known(self, table: Table) -> list[int]:
        """How many headings of a table are recognised in each of the rows among which they are looked for."""
        return [recognised(cells, table.headings) for _, cells in self.rows[:MOST_ABOVE]]


_Reader = Callable[[Cell], object]
_ColumnReader = tuple[str, int, _Reader, dict[object, object]]
"""A column's name, its index, how its cells are read, and texts that were read before, since most of them come again."""
MOST_KEPT: Final = 1000  # of those texts


def sheet_of(grid: Grid, *, prior: bool = False) -> Sheet:
    """The sheet that a grid holds, its rows read, with what is said of it.

    Raises:
        InputError: a needed column is missing, or a heading stands twice.
    """
    counts = grid.known(PRIOR if prior else DOSSIERS)
    at = counts.index(max(counts))
    sheet = Sheet(grid.name, *grid.rows[at], prior=prior)
    sheet.remarks += _place_columns(sheet)
    readers: list[_ColumnReader] = [(name, index, READERS[name], {}) for name, index in sheet.columns.items()]
    for place, (row_number, cells) in enumerate(grid.rows):
        if place != at and any([cell is not None and cell != "" for cell in cells]):
            row = Row(sheet, row_number, cells)
            sheet.rows.append(row)
            if place < at:
                row.kind = "above"
            elif aside := _aside(row):
                sheet.remarks.append(aside)
            else:
                sheet.remarks += _read(row, readers)
    sheet.remarks += [*_hidden(sheet, grid), *_merged(sheet, grid)]
    return sheet


def _place_columns(sheet: Sheet) -> list[Remark]:
    """Finds the columns that are known; what is said of those that are not."""
    faults: list[Fault] = []
    remarks: list[Remark] = []
    results: set[int] = set()
    known = sheet.table.headings
    for index, heading in enumerate(sheet.headings):
        if heading in (None, ""):
            continue
        said = folded(heading) if isinstance(heading, str) else ""
        place = Place(sheet.name, sheet.heading_row, index)
        if name := known.get(said):
            if name in sheet.columns:
                first = Place(sheet.name, sheet.heading_row, sheet.columns[name]).says()
                told = "the column {name} stands twice, first at {first}; keep one, or rename the other"
                faults.append(fault(place.says(), told, name=name, first=first))
            sheet.columns.setdefault(name, index)
        elif said in RESULT_HEADINGS and not sheet.prior:
            results.add(index)
        else:
            sheet.unknown[index] = str(heading)
            if not any(said in headings for headings in RANKING.values()):
                remarks.append(_unknown_heading(place, str(heading), known))
    sheet.results = frozenset(results)
    if missing := {name: sheet.table.columns[name].label for name in sheet.table.needed if name not in sheet.columns}:
        named = Text(
            en=listed(f"{name} ({label.en})" for name, label in missing.items()),
            vi=listed(f"{name} ({label.vi})" for name, label in missing.items()),
        )
        told = "the columns {missing} are missing; headings not recognised here: {others}"
        where = Place(sheet.name, sheet.heading_row).says()
        faults.append(fault(where, told, missing=named, others=map(shown, sheet.unknown.values())))
    if faults:
        raise InputError(faults)
    return remarks


def _unknown_heading(place: Place, heading: str, known: Mapping[str, str]) -> Remark:
    near = nearest(folded(heading), known, 75)
    guess = both(". Did you mean {near}?", near=known[near]) if near else ""
    told = "the heading {given} is not known; the column is kept and not used{guess}"
    return remark("unknown-heading", [place], told, given=shown(heading), guess=guess)


# --- rows that are no dossiers ----------------------------------------------------------------------------------------

_TOTAL: Final = re.compile(r"(?:tong(?: so| cong)?|cong|tong cong so|total|grand total|subtotal|sum)")


def _aside(row: Row) -> Remark | None:
    """What a row below the headings is that is no dossier: a total, or headings once more; None where it is one."""
    table = row.sheet.table
    money = row.cell(row.sheet.columns[table.money])
    priced = money[:1].isdigit() if isinstance(money, str) else money is not None
    if not priced and recognised(row.cells, table.headings) >= FEWEST_KNOWN:
        row.kind = "heading"
        return remark("second-heading", [row.place()], "the headings stand here once more; not a dossier")
    if row.filled("norm"):
        return None
    for index, cell in enumerate(row.cells):
        if isinstance(cell, str) and len(cell) < MOST_ABOVE and _TOTAL.fullmatch(folded(cell)):
            row.kind = "total"
            return remark("total-row", [Place(row.sheet.name, row.number, index)], "a total, not a dossier; not counted")
    return None


def _hidden(sheet: Sheet, grid: Grid) -> Iterator[Remark]:
    """Hidden rows are read as the others are, and named: one remark for rows that follow each other."""
    hidden = {row.number for row in sheet.rows if row.kind != "above"}.intersection(grid.hidden)
    firsts = sorted(number for number in hidden if number - 1 not in hidden)
    lasts = sorted(number for number in hidden if number + 1 not in hidden)
    for first, last in zip(firsts, lasts, strict=True):
        told = "rows {span} are hidden; they are read as the others are"
        span = f"{first}–{last}" if last > first else f"{first}"
        yield remark("hidden-row", [Place(sheet.name, first)], told, span=span)


def _merged(sheet: Sheet, grid: Grid) -> Iterator[Remark]:
    """A merged cell has one value for several places: every row of dossiers that it touches is at fault."""
    of_dossiers = {row.number: row for row in sheet.rows if row.kind == "activity"}
    for top, left, bottom, right in grid.merged:
        if bottom < sheet.heading_row:
            continue
        rows = [of_dossiers[number] for number in range(top, bottom + 1) if number in of_dossiers]
        for row in rows:
            row.at_fault = True
        told = "the cells {span} are merged; unmerge them and fill in each cell"
        places = [Place(sheet.name, row.number, left) for row in rows] or [Place(sheet.name, top, left)]
        span = f"{letters(left)}{top}:{letters(right)}{bottom}"
        yield remark("merged-cells", places, told, fault=bool(rows), span=span)


# --- reading a row ----------------------------------------------------------------------------------------------------


def _read(row: Row, readers: Sequence[_ColumnReader]) -> list[Remark]:
    """Reads the cells of the known columns; whatever cannot be read is a fault of its cell."""
    remarks: list[Remark] = []
    values, cells, width = row.values, row.cells, len(row.cells)
    for name, index, reader, read in readers:
        value = cells[index] if index < width else None
        if value is None or value == "":
            continue
        if value.__class__ is str and value in read:
            found = read[value]
        else:
            try:
                found = _found(value, reader)
            except InputError as error:
                row.at_fault = True
                place = Place(row.sheet.name, row.number, index)
                remarks.append(Remark("unreadable", (place,), error.faults[0].text, fault=True))
                continue
            if isinstance(value, str) and len(read) < MOST_KEPT:
                read[value] = found
        if found is not None:
            values[name] = found
    return [*remarks, *_unheaded(row)]


def _found(value: Cell, reader: _Reader) -> object:
    value = value.strip() if isinstance(value, str) else value
    if lost := _lost(value):
        raise InputError([lost])
    if isinstance(value, str) and len(value) > MOST_TEXT:
        told = "{count} characters, more than a cell can hold ({most})"
        raise InputError([fault("", told, count=len(value), most=MOST_TEXT)])
    return None if value == "" else reader(value)


def _lost(value: Cell) -> Fault | None:
    """The fault of a cell whose value is lost; None where it is not."""
    if isinstance(value, Damaged) and value.formula:
        told = "given the formula {given} without a value; open the file in Excel and save it, or type the value"
        return fault("", told, given=value.text)
    if isinstance(value, Damaged) or (isinstance(value, str) and value[:1] == "#" and ERRORS.fullmatch(value)):
        return fault("", "given {given}, an error of the spreadsheet; type the value", given=str(value))
    return None


def _unheaded(row: Row) -> Iterator[Remark]:
    """Damage and values outside the known columns: in a text file a value without heading means that cells have shifted."""
    sheet, used = row.sheet, row.sheet.columns.values()
    shifted = False
    for index, value in enumerate(row.cells):
        if value is None or value == "" or index in used or index in sheet.results:
            continue
        place = Place(sheet.name, row.number, index)
        if lost := _lost(value):
            yield Remark("damaged-cell", (place,), lost.text)
        if index not in sheet.unknown and sheet.name is None and not shifted:
            shifted = row.at_fault = True
            told = "given {given}, which has no heading; a text with a separator in it needs quotes"
            yield remark("no-heading", [place], told, fault=True, given=shown(value))
