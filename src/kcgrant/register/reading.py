"""Reading: a register from a file, whatever its form; which of its sheets hold dossiers, and which earlier support.

The decision taken here: every sheet with the headings of a register is read, and every sheet that is not is named. The
separator of a text file is the one that makes headings recognisable.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from kcgrant.errors import InputError, expected_one_of, fault, printable
from kcgrant.files import unguarded, unreadable
from kcgrant.law.regulation import Regulation
from kcgrant.parsing import Cell, folded
from kcgrant.register.answers import take_answers
from kcgrant.register.form import AMOUNTS, DOSSIERS, PRIOR, Table, dossiers_under, is_own, recognised
from kcgrant.register.layouts import MOST_ABOVE, UNITS, unit_named
from kcgrant.register.old_fonts import renew
from kcgrant.register.rows import FEWEST_KNOWN, MOST_COLUMNS, Grid, Place, Register, Remark, remark
from kcgrant.register.sheets import Given, sheet_of
from kcgrant.register.texts_in import decoded

MOST_BYTES: Final = 2**28  # many times the register of a province
SEPARATORS: Final = (",", ";", "\t")
WORKBOOKS: Final = (".xlsx", ".xlsm")
OTHER_WORKBOOKS: Final = (".xls", ".xlsb", ".ods")
TEXTS: Final = (".csv", ".txt", ".tsv")
_OWNERS: Final = frozenset({"reference", "establishment", "tax_code"})  # a list of dossiers, or of support, has one of them
_EARLIER: Final = re.compile(r"\b(?:da ho tro|ho tro truoc|nam truoc|da cap)\b")


def read(
    path: str | Path,
    prior: str | Path | None = None,
    *,
    province: str | None = None,
    former_province: str | None = None,
    approved_on: date | None = None,
    unit: str | None = None,
    kind_from_name: bool = False,
    regulation: Regulation | None = None,
    for_all: Mapping[str, object] | None = None,
) -> Register:
    r"""The register in a file: `.xlsx`, `.xls`, `.ods` (extra `excel`), `.csv`; a row is an activity, a reference a dossier.

    Earlier support stands in a sheet of its own in a workbook, or in the file `prior`. Cells that cannot be read are
    faults of their rows (`register.faults`); what else should be looked at is in `register.findings`. No row is lost.
    What a list does not say can be stated for all its rows: `province` and `former_province` (codes), `approved_on`, the
    `unit` of amounts ("triệu đồng"), and `for_all`, answers by the names of their columns; `kind_from_name` takes the
    kind of establishment from the words of its name (HTX). What a row says itself holds for it. With a `regulation` there
    is a column for each fact that it declares itself.

    Raises:
        InputError: the file cannot be read at all, has no headings of a register, lacks a needed column, or has one twice.

    Example:
        >>> import tempfile
        >>> text = "reference,approved_on,establishment,province,norm,cost_vnd\n"
        >>> text += "KC-1,02/03/2026,Halo,Hưng Yên,advanced-machinery,1.200"
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = Path(folder) / "register.csv"
        ...     _ = file.write_text(text, encoding="utf-8")
        ...     register = read(file)
        >>> register.faults[0].line()
        'line 2, column 6: given "1.200": can be read as 1,200 or as 1.2; write the unit, such as "1.2 tỷ", or the
        full number of đồng'
    """
    facts = tuple((for_all or {}).items())
    given = Given(province, former_province, approved_on, _unit(unit), kind_from_name, facts)
    table = dossiers_under(regulation)
    grids, said, original = _grids(Path(path))
    register, ours, others = Register(said=said, original=original), list[Grid](), list[Grid]()
    for grid in grids:
        number, cells = grid.rows[0]
        if is_own(cells[0]):
            ours.append(grid)  # an earlier run has written the sheet; it is written anew
            continue
        names, of_prior = grid.laid_out(table).names, grid.laid_out(PRIOR).names
        earlier = bool(_EARLIER.search(folded(grid.name or ""))) and {"amount_vnd"} <= of_prior
        a_list = not _OWNERS.isdisjoint(names | of_prior) and not AMOUNTS.isdisjoint(names | of_prior)
        if a_list and max(len(names), len(of_prior)) >= FEWEST_KNOWN:
            _take(grid, Path(path), register, given, table, prior=earlier or len(of_prior) > len(names))
            register.separator = grid.separator
        else:
            others.append(grid)
            told = "no headings of a register stand here; the sheet is not read"
            if len(names) >= FEWEST_KNOWN:
                told = "the headings name no establishment, or no amount: no list of dossiers; the sheet is not read"
            register.said.append(remark("sheet-not-read", [Place(grid.name, number)], told))
    _tell_apart(register)
    take_answers(register, ours, regulation)
    if not register.sheets:
        for grid in others:
            if len(grid.laid_out(table).names) >= FEWEST_KNOWN:
                _take(grid, Path(path), register, given, table, prior=False)  # says what is missing
        told = "no row has the headings of a register (reference, approved_on, establishment, …); make one with --template"
        raise InputError([fault(printable(str(path)), told)])
    if prior is not None:
        grids, more, _ = _grids(Path(prior))
        register.said += more
        if not grids:
            raise InputError([fault(printable(str(prior)), "empty; expected a list of earlier support, or leave it out")])
        for grid in grids:
            titles = {sheet.name for sheet in register.tables}
            grid.name = grid.name if grid.name and grid.name not in titles else Path(prior).name
            _take(grid, Path(prior), register, given, table, prior=True)
            register.prior[-1].apart = True
    return register


def _tell_apart(register: Register) -> None:
    """Numbers in a list begin anew on each sheet: with several sheets they are told apart by the names of the sheets."""
    for sheet in register.sheets if len(register.sheets) > 1 else ():
        for row in sheet.rows if "reference" not in sheet.columns else ():
            if "reference" in row.values:
                row.values["reference"] = f"{sheet.name}/{row.values['reference']}"


def _unit(given: str | None) -> str | None:
    if given is None or (unit := unit_named(given)):
        return None if given is None else unit
    raise InputError([expected_one_of(given, UNITS, "--unit")])


def _take(grid: Grid, path: Path, register: Register, given: Given, table: Table, *, prior: bool) -> None:
    try:
        (register.prior if prior else register.sheets).append(sheet_of(grid, prior=prior, given=given, dossiers=table))
    except InputError as error:
        raise error.within(printable(str(path))) from None


def _grids(path: Path) -> tuple[list[Grid], list[Remark], bytes | None]:
    """The sheets of a file that hold anything, what is said of it, and the workbook that the result can be a copy of."""
    where, suffix = printable(str(path)), path.suffix.lower()
    try:
        if suffix in WORKBOOKS:
            from kcgrant.register.workbook_in import read_grids

            return read_grids(path)
        if suffix in OTHER_WORKBOOKS:
            from kcgrant.register import calamine_in

            return *calamine_in.read_grids(path), None
        if suffix in TEXTS:
            grid, encoding = read_grid(path)
            told = "the file is in {encoding}, not in UTF-8; look whether its accents are right"
            said = [remark("encoding", [Place(printable(path.name), 0)], told, encoding=encoding)] if encoding else []
            return [grid] if grid.rows else [], [*said, *renew(grid)], None
    except OSError as error:
        raise InputError([unreadable(where, error)]) from None
    told = "a register is a file {known}; save it in Excel as .xlsx, or as CSV UTF-8"
    raise InputError([fault(where, told, known=(*WORKBOOKS, *OTHER_WORKBOOKS, *TEXTS))])


# --- text files -------------------------------------------------------------------------------------------------------


def read_grid(path: Path) -> tuple[Grid, str | None]:
    """The rows of a text file, numbered by line, and its encoding where that is not UTF-8.

    Raises:
        InputError: it cannot be read, its encoding cannot be told, it is empty, or its quotes do not match.
    """
    where = printable(str(path))
    text, encoding = _decoded(path, where)
    separator = max(SEPARATORS, key=lambda one: _known(text, one))
    rows: list[tuple[int, Sequence[Cell]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    before, guards = 0, "'" in text
    try:
        for cells in reader:
            if any(cells):
                rows.append((before + 1, list(map(unguarded, cells)) if guards else cells))
                if len(cells) > MOST_COLUMNS and any(cells[MOST_COLUMNS:]):
                    told = "line {line}: more than {most} cells; a register has at most {most} columns"
                    raise InputError([fault(where, told, line=str(before + 1), most=MOST_COLUMNS)])
            before = reader.line_num
    except csv.Error:
        told = "line {line}: a quotation mark is not closed, or stands inside a text; mend it and run again"
        raise InputError([fault(where, told, line=str(before + 1))]) from None
    return Grid(None, rows, separator=separator), encoding


def _known(text: str, separator: str) -> int:
    few = io.StringIO("\n".join(text[: 2**16].splitlines()[:MOST_ABOVE]), newline="")
    try:
        return max((recognised(cells, DOSSIERS.headings) for cells in csv.reader(few, delimiter=separator)), default=0)
    except csv.Error:
        return 0


def _decoded(path: Path, where: str) -> tuple[str, str | None]:
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise InputError([fault(where, "larger than {size}; not read", size=f"{MOST_BYTES // 2**20} MiB")])
    return decoded(content, where)
