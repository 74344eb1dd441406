"""Sheets: a grid understood as a table of dossiers, or of earlier support, and each of its rows read.

The decision taken here: what a list says once (the unit above its headings, the norm of a group, the value of a merged cell)
is taken for every row that it is about, and said; a row that is no dossier blocks nothing and is listed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from typing import Any, Final

from kcgrant.application import COLUMNS, Column, answer_name
from kcgrant.errors import Fault, InputError, fault, nearest, shown
from kcgrant.language import Text, both, listed
from kcgrant.law import catalogue
from kcgrant.law.territory import province_name
from kcgrant.parsing import (
    Cell,
    Damaged,
    code,
    folded,
    is_other_content,
    kind_from_name,
    norm_named,
    norm_near,
    place_of_province,
    text,
    tidy,
    unsettled,
    yes,
)
from kcgrant.register.form import (
    AMOUNTS,
    CARRIED,
    DOSSIERS,
    ERRORS,
    EXAMPLE,
    MOST_TEXT,
    OLD_EXAMPLE,
    RESULT_HEADINGS,
    Table,
    ranking_named,
)
from kcgrant.register.layouts import (
    Heading,
    Layout,
    group_label,
    is_numbering,
    is_strict_total,
    is_total,
    money,
    unit_below,
    unit_of_line,
    units_above,
)
from kcgrant.register.progress import counted
from kcgrant.register.rows import FEWEST_KNOWN, Grid, Place, Remark, Row, Sheet, letters, remark


@dataclass(frozen=True, slots=True)
class Given:
    """What is stated for all rows beside the file; `kind_from_name`: the kind is taken from the words of a name.

    `facts` are answers by the names of their columns.
    """

    province: str | None = None
    former_province: str | None = None
    approved_on: date | None = None
    unit: str | None = None
    kind_from_name: bool = False
    facts: tuple[tuple[str, object], ...] = ()

    def values(self) -> Iterator[tuple[str, str, object]]:
        """What is stated: the column, the flag by which, and the value."""
        for name, flag in _FLAGS.items():
            if (value := getattr(self, name)) is not None:
                yield name, flag, value
        for name, value in self.facts:
            yield name, "--for-all", value


NOTHING: Final = Given()
_FLAGS: Final = {"province": "--province", "former_province": "--former-province", "approved_on": "--approved-on"}

_Reader = Callable[[Cell], object]
_ColumnReader = tuple[str, int, _Reader, dict[object, object]]
"""A column's name, its index, how its cells are read, and texts that were read before, since most of them come again."""
MOST_KEPT: Final = 1000  # of those texts


def sheet_of(grid: Grid, *, prior: bool = False, given: Given = NOTHING, dossiers: Table = DOSSIERS) -> Sheet:
    """The sheet that a grid holds, its rows read, with what is said of it.

    Raises:
        InputError: a needed column is missing, a heading stands twice, or two units contradict each other.
    """
    sheet = Sheet(grid.name, prior=prior, dossiers=dossiers)
    layout = grid.laid_out(sheet.table)
    sheet.heading_row, sheet.headings = grid.rows[layout.last]
    sheet.heading_top = grid.rows[layout.first][0]
    sheet.titles = layout.headings
    faults = [*_place_columns(sheet), *_find_units(sheet, grid, layout, given)]
    if faults:
        raise InputError(faults)
    _fill_merged(sheet, grid)
    readers: list[_ColumnReader] = [
        (name, index, _reader(sheet, name), {}) for name, index in sheet.columns.items() if name != "serial"
    ]
    group, struck, other = _Group(), frozenset(grid.struck), False
    # A register in our own form states all of itself; there is nothing to be completed from elsewhere.
    whole = None if given != NOTHING or not CARRIED.keys().isdisjoint(sheet.columns) else sheet
    used = frozenset((*sheet.columns.values(), *sheet.results))
    marks = [sheet.columns.get(name, -1) for name in ("reference", sheet.table.money, "norm", "tax_code")]
    if sheet.results:  # what an earlier run has written says nothing of the list
        for place, (number, cells) in enumerate(grid.rows):
            grid.rows[place] = number, [None if index in sheet.results else cell for index, cell in enumerate(cells)]
    for place, (number, cells) in enumerate(counted("understanding", grid.rows, len(grid.rows))):
        if place != layout.last and (any(cells) or any([cell is not None and cell != "" for cell in cells])):
            row = Row(sheet, number, cells)
            sheet.rows.append(row)
            if place < layout.last:
                row.kind = "above"
            elif (place == layout.last + 1 or number in struck or not _is_plain(row, marks) or _is_subtotal(row)) and (
                aside := _aside(row, grid, group, next_to_headings=place == layout.last + 1)
            ):
                sheet.remarks.append(aside)
                other = other or _is_other_table(row)
            else:
                sheet.remarks += _read(row, readers, used)
                if other:
                    row.at_fault = True
                    told = "below a second table whose columns or unit are others; put it on a sheet of its own"
                    sheet.remarks.append(remark("second-table", [row.place()], told, fault=True))
                sheet.remarks += _place(row)
                if whole is None or group.levels:
                    _complete(row, group, given)
    _refuse_if_missing(sheet, given)
    sheet.remarks += [*_given_for_rows(sheet, given), *_hidden(sheet, grid)]
    return sheet


# --- columns and units ------------------------------------------------------------------------------------------------


def _place_columns(sheet: Sheet) -> Iterator[Fault]:
    """Finds the columns that are known, and says which are not; a fault for each that stands twice."""
    known, results = sheet.table.headings, set()
    for index, heading in sheet.titles.items():
        said, place = folded(heading.written), Place(sheet.name, sheet.heading_row, index)
        if name := heading.name_in(known):
            if name in sheet.columns and name not in CARRIED:
                first = Place(sheet.name, sheet.heading_row, sheet.columns[name]).says()
                told = "the column {name} stands twice, first at {first}; keep one, or rename the other"
                yield fault(place.says(), told, name=Text(name, f"“{sheet.table.columns[name].label.vi}”"), first=first)
            sheet.columns.setdefault(name, index)
        elif said in RESULT_HEADINGS and not sheet.prior:
            results.add(index)
        else:
            sheet.unknown[index] = heading.written
            if ranking_named(heading.written) is None:
                sheet.remarks.append(_unknown_heading(place, heading, known))
    sheet.results = frozenset(results)


def _unknown_heading(place: Place, heading: Heading, known: Mapping[str, str]) -> Remark:
    near = nearest(folded(heading.lower or heading.upper), known, 75)
    guess = both(". Did you mean {near}?", near=known[near]) if near else ""
    told = "the heading {given} is not known; the column is kept and not used{guess}"
    return remark("unknown-heading", [place], told, given=shown(heading.written), guess=guess)


def _find_units(sheet: Sheet, grid: Grid, layout: Layout, given: Given) -> Iterator[Fault]:
    """The unit of each column of amounts, from its heading, a line above, the format of its cells, or what is given."""
    doubtful = set()
    above = [(unit, Place(sheet.name, row, column).says()) for unit, row, column in units_above(grid.rows, layout.first)]
    if below := unit_below(grid.rows, layout.last):
        above.append((below[0], Place(sheet.name, grid.rows[below[1]][0]).says()))
    for name, index in sheet.columns.items():
        if name in AMOUNTS:
            own, at = layout.headings[index].unit, Place(sheet.name, sheet.heading_row, index).says()
            found = [(own, at)] if own else []
            found += above
            rows = sorted(row for row, column in grid.units if column == index and row > sheet.heading_row)
            found += [(grid.units[row, index], Place(sheet.name, row, index).says()) for row in rows]
            found += [(given.unit, "--unit")] if given.unit else []
            units = dict(reversed(found))
            if len(units) > 1:
                named = [f"{unit} ({place})" for unit, place in sorted(units.items())]
                if name in CARRIED:  # it changes no ceiling
                    doubtful.add(name)
                    told = "two units for the same amounts, {units}; the column is kept and not used"
                    place = Place(sheet.name, sheet.heading_row, index)
                    sheet.remarks.append(remark("unknown-heading", [place], told, units=named))
                else:
                    yield fault(at, "two units for the same amounts, {units}; keep one", units=named)
            elif found:
                sheet.units[name] = found[0]
    sheet.columns = {name: index for name, index in sheet.columns.items() if name not in doubtful}


def _reader(sheet: Sheet, name: str) -> _Reader:
    if name == "province":
        return place_of_province
    if name == "own_capital_vnd":
        return partial(_own_capital, unit=sheet.units.get(name, (None, ""))[0])
    return partial(money, unit=sheet.units.get(name, (None, ""))[0]) if name in AMOUNTS else sheet.table.reader(name)


def _own_capital(value: Cell, unit: str | None) -> object:
    """An amount; under such a heading some write yes or no, which says that it is committed."""
    if isinstance(value, str):
        with suppress(InputError):
            return yes(value)
    return money(value, unit)


def _refuse_if_missing(sheet: Sheet, given: Given) -> None:
    """Refuses a sheet that lacks a needed column, unless what it would state comes from elsewhere for every row."""
    rows = [row for row in sheet.rows if row.kind == "activity"]
    elsewhere = {"reference": "serial" in sheet.columns, "norm": any("norm" in row.values for row in rows)}
    if sheet.prior:
        elsewhere["reference"] = not {"tax_code", "establishment"}.isdisjoint(sheet.columns)
    elsewhere |= {"province": given.province is not None, "approved_on": given.approved_on is not None}
    missing = [name for name in sheet.table.needed if name not in sheet.columns and not elsewhere.get(name)]
    if missing:
        labels = {name: sheet.table.columns[name].label for name in missing}
        named = Text(
            en=listed(f"{name} ({label.en})" for name, label in labels.items()),
            vi=listed(f"“{label.vi}”" for label in labels.values()),
        )
        told = "the columns {missing} are missing; headings not recognised here: {others}{hint}"
        others = [shown(one) for one in sheet.unknown.values() if ranking_named(one) is None] or both("none")
        hint = both(". What is the same for all rows can be stated with --province and --approved-on")
        hint = hint if {"province", "approved_on"} & set(missing) else Text(en="", vi="")
        where = Place(sheet.name, sheet.heading_row).says()
        raise InputError([fault(where, told, missing=named, others=others, hint=hint)])


# --- rows that are no dossiers, and what they say ---------------------------------------------------------------------


class _Group:
    """The group in which a row stands: the numbers of its levels, and the norm that each gives."""

    def __init__(self) -> None:
        """Begin outside any group."""
        self.levels: list[tuple[str, str | None, bool]] = []
        self.unnumbered = 0

    def enter(self, label: str, norm: str | None) -> None:
        """Begin a group; one numbered like an earlier level (letters, or roman numbers) ends that and what is below it.

        A C behind a B is a letter; `norm` is empty where the title names a content that is no norm of the law.
        """
        letters = [one for one, _, roman in self.levels if not roman and len(one) == 1]
        follows = len(label) == 1 and any(ord(one) + 1 == ord(label) for one in letters)
        roman = bool(label) and set(label) <= set("IVXLC") and not follows
        kinds = [kind for _, _, kind in self.levels]
        del self.levels[kinds.index(roman) if roman in kinds else len(kinds) :]
        if not label:
            self.unnumbered += 1
            label = f"({self.unnumbered})"
            self.levels = []
        self.levels.append((label, norm, roman))

    def referring(self, number: str) -> str:
        """The reference of a row with a number of its own in the group."""
        last = self.levels[-1][0] if self.levels else ""
        if last and number.startswith(f"{last}."):
            return number
        return "".join(f"{label}." for label, _, _ in self.levels) + number

    @property
    def norm(self) -> str | None:
        """The norm that the innermost level gives that says anything of one."""
        return next((norm for _, norm, _ in reversed(self.levels) if norm is not None), None) or None


def _aside(row: Row, grid: Grid, group: _Group, *, next_to_headings: bool) -> Remark | None:
    """What a row below the headings is that is no dossier; None where it is one."""
    sheet = row.sheet
    if row.number in grid.struck:
        row.kind = "withdrawn"
        return remark("withdrawn", [row.place()], "struck through: withdrawn; not counted")
    if next_to_headings and (is_numbering(row.cells) or unit_below([(0, ()), (row.number, row.cells)], 0)):
        row.kind = "numbers"
        return remark("numbers", [row.place()], "the numbers of the columns; not a dossier")
    priced = _priced(row)
    if _is_subtotal(row):
        row.kind = "total"
        return remark("total-row", [row.place("activity")], "a total, not a dossier; not counted")
    if priced and row.filled("reference") and (row.filled("norm") or row.filled("tax_code")):
        return None
    if (
        not priced
        and sum([isinstance(cell, str) and folded(cell) in sheet.table.headings for cell in row.cells]) >= FEWEST_KNOWN
    ):
        row.kind = "heading"
        return remark("second-heading", [row.place()], "the headings stand here once more; not a dossier")
    if row.filled("norm") and not is_strict_total(row.cell(sheet.columns.get("norm"))):
        return None
    named = ("reference", "serial", "establishment", "title", "norm")
    columns = {sheet.columns[name] for name in named if name in sheet.columns}
    whole = (
        priced
        and row.filled("establishment")
        and (row.filled("serial") or row.filled("reference") or row.filled("tax_code"))
    )
    total = is_total(row.cells, columns, strict=whole)
    if total is not None and not (row.filled("tax_code") and priced):
        row.kind = "total"
        return remark("total-row", [Place(sheet.name, row.number, total)], "a total, not a dossier; not counted")
    if (said := _group_of(row, priced=priced)) and not row.filled("tax_code"):
        row.kind = "group"
        label, title = said
        norm = norm_named(title)
        group.enter(label, norm or ("" if is_other_content(title) else None))
        return _said_of_group(row, title, norm)
    serial = row.filled("reference") or row.filled("serial")
    if not priced and not (serial and row.filled("establishment")) and not row.filled("tax_code"):
        row.kind = "left-out"
        if not serial and any(isinstance(cell, str) and is_other_content(cell) for cell in row.cells):
            group.enter("", "")  # what follows is under no norm of the law
        words = listed([tidy(str(cell)) for cell in row.cells if cell not in (None, "")])
        return remark("left-out", [row.place()], "no dossier: {words}; left out", words=shown(words))
    return None


def _is_other_table(row: Row) -> bool:
    """Whether a row begins a table whose columns, or the unit of whose amounts, are not those of the sheet."""
    sheet = row.sheet
    if row.kind == "heading":
        texts = [(index, cell) for index, cell in enumerate(row.cells) if isinstance(cell, str)]
        names = [(index, Heading(cell).name_in(sheet.table.headings)) for index, cell in texts]
        return any(name in sheet.columns and sheet.columns[name] != index for index, name in names if name)
    units = {unit for cell in row.cells if isinstance(cell, str) and (unit := unit_of_line(cell))}
    return row.kind == "left-out" and bool(units - {unit for unit, _ in sheet.units.values()})


def _is_subtotal(row: Row) -> bool:
    """Whether the item of a row is a word for a total: the sum of a dossier whose cells are merged."""
    return is_strict_total(row.cell(row.sheet.columns.get("activity")))


def _is_plain(row: Row, marks: Sequence[int]) -> bool:
    """Whether a row has a reference, an amount, and a norm or a tax code, as nearly all have; it is a dossier's then."""
    cells, width = row.cells, len(row.cells)
    own, amount, norm, owner = [cells[index] if -1 < index < width else None for index in marks]
    return bool(own and (norm or owner) and (amount[:1].isdigit() if isinstance(amount, str) else amount))


def _priced(row: Row) -> bool:
    """Whether something like an amount stands in the column of the money."""
    cell = row.cell(row.sheet.columns.get(row.sheet.table.money))
    return cell[:1].isdigit() if isinstance(cell, str) else cell is not None


_FIRM: Final = re.compile(r"(?:htx|hop tac xa|cong ty|cty|dntn|doanh nghiep|dn|ho|hkd|co so|cs|to hop tac|tht|lien hiep)\b")


def _group_of(row: Row, *, priced: bool) -> tuple[str, str] | None:
    """The number and the title of the group that a row begins; None where it begins none."""
    serial = row.cell(row.sheet.columns.get("reference", row.sheet.columns.get("serial")))
    label = group_label(serial)
    texts = [tidy(cell) for cell in row.cells if isinstance(cell, str) and cell and cell is not serial]
    title = max(texts, key=len, default="")
    owner = row.cell(row.sheet.columns.get("establishment"))
    named = isinstance(owner, str) and tidy(owner) == title and len(set(texts)) == 1 and not _FIRM.match(folded(title))
    if label and title and (not priced or ((not row.filled("establishment") or named) and "." not in label)):
        return label, title
    alone = len(set(texts)) == 1 and not priced and serial in (None, "", title)
    return ("", title) if alone and norm_named(title) else None


@cache
def _norm_title(norm: str) -> Text:
    """What officers call a norm: its title in the youngest of the regulations that have it."""
    laws = [law for law in map(catalogue.get, catalogue.ids()) if norm in law.norms]
    titles = [law.norms[norm].title for law in sorted(laws, key=lambda law: str(law.issued), reverse=True)]
    return next((Text(en=title.en, vi=title.vi) for title in titles if title), Text(en=norm, vi=norm))


def _said_of_group(row: Row, title: str, norm: str | None) -> Remark:
    if norm:
        told = "a group: {title}; its rows are under {norm}"
        return remark("group", [row.place()], told, title=shown(title), norm=_norm_title(norm))
    if near := norm_near(title):
        told = "a group: {title}; it names no norm (did you mean {near}?); its rows have to name theirs"
        return remark("group", [row.place()], told, title=shown(title), near=_norm_title(near))
    return remark("group", [row.place()], "a group: {title}; it names no norm, so its rows have to", title=shown(title))


def _fill_merged(sheet: Sheet, grid: Grid) -> None:
    """Gives each row its own copy of a merged cell; an amount that several rows share is a fault, since it counts once."""
    by_number = dict(grid.rows)
    shared = {index for name, index in sheet.columns.items() if name in AMOUNTS}
    for top, left, bottom, right in grid.merged:
        rows = [number for number in range(max(top, sheet.heading_row + 1), bottom + 1) if number in by_number]
        if top <= sheet.heading_row or len(rows) < 2:
            continue
        cells = by_number.get(top, ())
        value = cells[left] if left < len(cells) else None
        if left in shared and value not in (None, ""):
            told = "the amount in the merged cells {span} is for several rows; unmerge them and fill in each"
            span = f"{letters(left)}{top}:{letters(right)}{bottom}"
            places = [Place(sheet.name, number, left) for number in rows]
            sheet.remarks.append(remark("merged-cells", places, told, fault=True, span=span))
            continue
        for number in rows[1:]:
            own = list(by_number[number])
            own.extend([None] * (left + 1 - len(own)))
            own[left] = value
            by_number[number] = own
    grid.rows[:] = sorted(by_number.items())


def _hidden(sheet: Sheet, grid: Grid) -> Iterator[Remark]:
    """Hidden rows are read as the others are, and named: one remark for rows that follow each other."""
    hidden = {row.number for row in sheet.rows if row.kind != "above"}.intersection(grid.hidden)
    firsts = sorted(number for number in hidden if number - 1 not in hidden)
    lasts = sorted(number for number in hidden if number + 1 not in hidden)
    for first, last in zip(firsts, lasts, strict=True):
        told = "rows {span} are hidden; they are read as the others are"
        span = f"{first}–{last}" if last > first else f"{first}"
        yield remark("hidden-row", [Place(sheet.name, first)], told, span=span)


# --- reading a row ----------------------------------------------------------------------------------------------------


def _read(row: Row, readers: Sequence[_ColumnReader], used: frozenset[int]) -> list[Remark]:
    """Reads the cells of the known columns; whatever cannot be read is a fault of its cell; `used` has all columns known."""
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
                law = name not in CARRIED  # what is only carried along keeps no dossier from being assessed
                row.at_fault = row.at_fault or law
                place = Place(row.sheet.name, row.number, index)
                remarks.append(Remark("unreadable", (place,), error.faults[0].text, fault=law))
                continue
            if isinstance(value, str) and len(read) < MOST_KEPT:
                read[value] = found
        if found is not None:
            values[name] = found
        elif name in COLUMNS and COLUMNS[name].kind == "code" and (told := unsettled(value, COLUMNS[name].answers)):
            remarks.append(Remark("unsettled", (Place(row.sheet.name, row.number, index),), told))
    return [*remarks, *_unheaded(row, used)]


def _complete(row: Row, group: _Group, given: Given) -> None:
    """States for a row what its group, its number, its address and what is given for all rows say of it."""
    values, sheet = row.values, row.sheet
    if isinstance(own := values.pop("own_capital_vnd", None), bool):
        values.setdefault("own_capital_committed", own)
    elif own is not None:
        values["own_capital_vnd"] = own
    if group.norm and not row.filled("norm"):
        values["norm"] = group.norm
    if sheet.prior:
        return
    if "reference" not in sheet.columns and row.filled("serial"):
        with suppress(InputError):
            values["reference"] = group.referring(text(row.cell(sheet.columns["serial"])))
    if "area" not in values and isinstance(address := values.get("address"), str):
        with suppress(InputError):
            if area := code(address, COLUMNS["area"].answers):
                values["area"] = area
    if given.kind_from_name and "kind" not in values and (kind := kind_from_name(str(values.get("establishment", "")))):
        values["kind"] = kind
    for name, _, value in given.values():
        if not row.filled(name):
            values.setdefault(name, value)


def _place(row: Row) -> Iterator[Remark]:
    """Splits what was read of the province into that of today and the former one, and names an example of the template."""
    values, sheet = row.values, row.sheet
    if isinstance(place := values.get("province"), tuple):
        values["province"], former = place
        if former and values.setdefault("former_province", former) != former:
            row.at_fault = True  # which rule holds there depends on it
            told = "given {given}, which the former province, {former}, contradicts; correct one of them"
            given, cell = shown(row.cell(sheet.columns.get("province"))), row.cell(sheet.columns.get("former_province"))
            yield remark("former-province", [row.place("province")], told, fault=True, given=given, former=shown(cell))
    stated = ("reference", "amount_vnd", "granted_on")
    if values.get("reference") == EXAMPLE or (sheet.prior and tuple(map(values.get, stated)) == OLD_EXAMPLE):
        row.at_fault = True
        told = "the example of the template; overwrite or delete the row"
        yield remark("template-example", [row.place("reference")], told, fault=True)


def _given_for_rows(sheet: Sheet, given: Given) -> Iterator[Remark]:
    """What was stated for all rows beside the file, and for how many of them it was needed."""
    rows = [row for row in sheet.rows if row.kind == "activity"]
    for name, flag, value in given.values() if not sheet.prior else ():
        needed = sum([not row.filled(name) and row.values.get(name) == value for row in rows])
        told = "{column}: {value}, stated with {flag} for {count} rows"
        said = value if isinstance(value, date) else _called(sheet.table.columns[name], value)
        at = [Place(sheet.name, sheet.heading_row)]
        yield remark("given", at, told, column=sheet.table.label(name), value=said, flag=flag, count=needed)
    if given.kind_from_name and not sheet.prior:
        named = [row for row in rows if not row.filled("kind") and kind_from_name(str(row.values.get("establishment", "")))]
        told = "kind of establishment taken from the name, with --kind-from-name, for {count} rows"
        yield remark("given", [Place(sheet.name, sheet.heading_row)], told, count=len(named))


def _called(column: Column, value: Any) -> Text:
    """What was stated for all rows, as an officer would write it."""
    if column.name in _FLAGS:
        return province_name(value)
    return Text(en=answer_name(column, value, "en"), vi=answer_name(column, value, "vi"))


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


def _unheaded(row: Row, used: frozenset[int]) -> Iterator[Remark]:
    """Damage and values outside the known columns: in a text file a value without heading means that cells have shifted."""
    sheet, shifted = row.sheet, False
    for index, value in enumerate(row.cells):
        if index in used or value is None or value == "":
            continue
        place = Place(sheet.name, row.number, index)
        if lost := _lost(value):
            yield Remark("damaged-cell", (place,), lost.text)
        if index not in sheet.unknown and sheet.name is None and not shifted:
            shifted = row.at_fault = True
            told = "given {given}, which has no heading; a text with a separator in it needs quotes"
            yield remark("no-heading", [place], told, fault=True, given=shown(value))
