"""Reading: a register from a file, whatever its form; which of its sheets hold dossiers, and which earlier support.

The decision taken here: every sheet with the headings of a register is read, and every sheet that is not is named. The
separator of a text file is the one that makes headings recognisable.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from kcgrant.errors import InputError, fault, printable
from kcgrant.files import unguarded, unreadable
from kcgrant.parsing import Cell
from kcgrant.register.form import DOSSIERS, PRIOR, recognised
from kcgrant.register.rows import (
    FEWEST_KNOWN,
    MOST_ABOVE,
    MOST_COLUMNS,
    OWN,
    Grid,
    Place,
    Register,
    Remark,
    remark,
    sheet_of,
)
from kcgrant.register.workbook_in import read_grids

MOST_BYTES: Final = 2**28  # many times the register of a province
SEPARATORS: Final = (",", ";", "\t")
WORKBOOKS: Final = (".xlsx", ".xlsm")
TEXTS: Final = (".csv", ".txt", ".tsv")


def read(path: str | Path, prior: str | Path | None = None) -> Register:
    r"""The register that a file holds: `.xlsx` (extra `excel`) or `.csv`; a row is an activity, a reference a dossier.

    Earlier support stands in a sheet of its own in a workbook, or in the file `prior`. Cells that cannot be read are
    faults of their rows (`register.faults`); what else should be looked at is in `register.findings`. No row is lost.

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
        'line 2, column 6: given "1.200": can be read as 1,200 or as 1.2; write 1200, or the full number of đồng'
    """
    grids, said = _grids(Path(path))
    register = Register(said=said)
    for grid in grids:
        number, cells = grid.rows[0]
        if isinstance(cells[0], str) and cells[0].startswith(OWN):
            continue  # an earlier run has written the sheet; it is written anew
        of_dossiers, of_prior = max(grid.known(DOSSIERS)), max(grid.known(PRIOR))
        if max(of_dossiers, of_prior) >= FEWEST_KNOWN:
            _take(grid, Path(path), register, prior=of_prior > of_dossiers)
            register.separator = grid.separator
        else:
            told = "no headings of a register stand here; the sheet is not read"
            register.said.append(remark("sheet-not-read", [Place(grid.name, number)], told))
    if not register.sheets:
        told = "no row has the headings of a register (reference, approved_on, establishment, …); make one with --template"
        raise InputError([fault(printable(str(path)), told)])
    if prior is not None:
        others, more = _grids(Path(prior))
        register.said += more
        for grid in others:
            grid.name = grid.name or Path(prior).name
            _take(grid, Path(prior), register, prior=True)
    return register


def _take(grid: Grid, path: Path, register: Register, *, prior: bool) -> None:
    try:
        (register.prior if prior else register.sheets).append(sheet_of(grid, prior=prior))
    except InputError as error:
        raise error.within(printable(str(path))) from None


def _grids(path: Path) -> tuple[list[Grid], list[Remark]]:
    """The sheets of a file that hold anything, and which of them are hidden."""
    where, suffix = printable(str(path)), path.suffix.lower()
    try:
        if suffix in WORKBOOKS:
            grids, hidden = read_grids(path)
            told = "the sheet is hidden; it is read as the others are"
            return grids, [remark("hidden-sheet", [Place(name, 1)], told) for name in hidden]
        if suffix in TEXTS:
            grid = read_grid(path)
            return [grid] if grid.rows else [], []
    except OSError as error:
        raise InputError([unreadable(where, error)]) from None
    told = "a register is a file {known}; save it in Excel as .xlsx, or as CSV UTF-8"
    raise InputError([fault(where, told, known=(*WORKBOOKS, *TEXTS))])


# --- text files -------------------------------------------------------------------------------------------------------


def read_grid(path: Path) -> Grid:
    """The rows of a text file, numbered by line.

    Raises:
        InputError: it cannot be read, is not UTF-8, is empty, or its quotes do not match.
    """
    where = printable(str(path))
    text = _decoded(path, where)
    separator = max(SEPARATORS, key=lambda one: _known(text, one))
    rows: list[tuple[int, Sequence[Cell]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    before = 0
    try:
        for cells in reader:
            if any(cells):
                rows.append((before + 1, [unguarded(cell) if cell[:1] == "'" else cell for cell in cells]))
                if len(cells) > MOST_COLUMNS and any(cells[MOST_COLUMNS:]):
                    told = "line {line}: more than {most} cells; a register has at most {most} columns"
                    raise InputError([fault(where, told, line=str(before + 1), most=MOST_COLUMNS)])
            before = reader.line_num
    except csv.Error:
        told = "line {line}: a quotation mark is not closed, or stands inside a text; mend it and run again"
        raise InputError([fault(where, told, line=str(before + 1))]) from None
    return Grid(None, rows, separator=separator)


def _known(text: str, separator: str) -> int:
    few = io.StringIO("\n".join(text[: 2**16].splitlines()[:MOST_ABOVE]), newline="")
    try:
        return max((recognised(cells, DOSSIERS.headings) for cells in csv.reader(few, delimiter=separator)), default=0)
    except csv.Error:
        return 0


def _decoded(path: Path, where: str) -> str:
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise InputError([fault(where, "larger than {size}; not read", size=f"{MOST_BYTES // 2**20} MiB")])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        told = "line {line}: not UTF-8; in Excel save it as “CSV UTF-8 (comma delimited)”, or as .xlsx"
        raise InputError([fault(where, told, line=str(content[: error.start].count(b"\n") + 1))]) from None
