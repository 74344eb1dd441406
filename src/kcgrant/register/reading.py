"""Text file: a register as comma- or semicolon-separated text, read and written.

The decision taken here: the separator is the one that makes headings recognisable. Text by which a spreadsheet would start a
formula is written behind an apostrophe, and one is taken off where it is read, so that the officer's text stays the same.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Final

from kcgrant.errors import Fault, InputError, printable
from kcgrant.files import unguarded
from kcgrant.language import Text, listed
from kcgrant.parsing import Cell
from kcgrant.register.form import HEADINGS, PRIOR_HEADINGS
from kcgrant.register.rows import FEWEST_KNOWN, MOST_ABOVE, MOST_COLUMNS, OWN, Grid, Place, Register, remark, sheet_of

MOST_BYTES: Final = 2**28  # many times the register of a province
SEPARATORS: Final = (",", ";", "\t")


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
                    raise InputError([Fault(where, _too_wide(before + 1))])
            before = reader.line_num
    except csv.Error as error:
        en = f"line {before + 1}: {error}; look for a quotation mark that is not closed, or stands inside a text"
        vi = f"dòng {before + 1}: dấu ngoặc kép chưa đóng hoặc nằm giữa chữ; hãy sửa rồi chạy lại"
        raise InputError([Fault(where, Text(en=en, vi=vi))]) from None
    return Grid(None, rows, separator=separator)


def _too_wide(line: int) -> Text:
    return Text(
        en=f"line {line}: more than {MOST_COLUMNS} cells; a register has at most {MOST_COLUMNS} columns",
        vi=f"dòng {line}: hơn {MOST_COLUMNS} ô; sổ chỉ được có tối đa {MOST_COLUMNS} cột",
    )


def _known(text: str, separator: str) -> int:
    few = io.StringIO("\n".join(text[: 2**16].splitlines()[:MOST_ABOVE]), newline="")
    rows: list[tuple[int, Sequence[Cell]]] = []
    try:
        rows.extend((0, list(cells)) for cells in csv.reader(few, delimiter=separator))
    except csv.Error:
        return 0
    return Grid(None, rows).known(HEADINGS)


def _decoded(path: Path, where: str) -> str:
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        size = f"{MOST_BYTES // 2**20} MiB"
        raise InputError([Fault(where, Text(en=f"larger than {size}; not read", vi=f"lớn hơn {size}; không đọc"))])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        en = f"line {line}: not UTF-8; in Excel save it as “CSV UTF-8 (comma delimited)”, or as .xlsx"
        vi = f"dòng {line}: không phải UTF-8; trong Excel hãy lưu dạng “CSV UTF-8 (Comma delimited)” hoặc .xlsx"
        raise InputError([Fault(where, Text(en=en, vi=vi))]) from None


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
    register = Register()
    grids = _grids(Path(path), register)
    for grid, is_prior in [(grid, _is_prior(grid)) for grid in grids if not _is_own(grid)]:
        if max(grid.known(HEADINGS), grid.known(PRIOR_HEADINGS)) >= FEWEST_KNOWN:
            _take(grid, register, Path(path), prior=is_prior)
        else:
            en, vi = (
                "no headings of a register stand here; the sheet is not read",
                "không có tiêu đề của sổ; trang này không được đọc",
            )
            register.remarks.append(remark("sheet-not-read", [Place(grid.name, grid.rows[0][0])], en, vi))
    if not register.sheets:
        raise InputError([_no_headings(path)])
    if prior is not None:
        for grid in _grids(Path(prior), register):
            grid.name = grid.name or Path(prior).name
            _take(grid, register, Path(prior), prior=True)
    return register


def _take(grid: Grid, register: Register, path: Path, *, prior: bool) -> None:
    try:
        sheet = sheet_of(grid, register, prior=prior)
    except InputError as error:
        name = printable(str(path))
        raise InputError([Fault(f"{name}: {fault.where}", fault.text) for fault in error.faults]) from None
    (register.prior if prior else register.sheets).append(sheet)
    register.separator = register.separator or grid.separator


def _is_own(grid: Grid) -> bool:
    """Whether an earlier run has written the sheet; it is written anew."""
    first = grid.rows[0][1][0]
    return isinstance(first, str) and first.startswith(OWN)


def _is_prior(grid: Grid) -> bool:
    return grid.known(PRIOR_HEADINGS) > grid.known(HEADINGS)


def _grids(path: Path, register: Register) -> list[Grid]:
    where, suffix = printable(str(path)), path.suffix.lower()
    try:
        if suffix in WORKBOOKS:
            grids, hidden = workbooks("workbook_in").read_grids(path)
            for name in hidden:
                en, vi = (
                    "the sheet is hidden; it is read as the others are",
                    "trang tính đang ẩn; vẫn được đọc như các trang khác",
                )
                register.remarks.append(remark("hidden-sheet", [Place(name, 1)], en, vi))
            return list(grids)
        if suffix in TEXTS:
            grid = read_grid(path)
            return [grid] if grid.rows else []
    except OSError as error:
        raise InputError([Fault(where, _unreadable(error))]) from None
    known = listed((*WORKBOOKS, *TEXTS))
    en = f"a register is a file {known}; save it in Excel as .xlsx, or as CSV UTF-8"
    vi = f"sổ phải là tệp {known}; trong Excel hãy lưu dạng .xlsx hoặc CSV UTF-8"
    raise InputError([Fault(where, Text(en=en, vi=vi))])


def _unreadable(error: OSError) -> Text:
    if isinstance(error, FileNotFoundError):
        return Text(en="no such file; check the path", vi="không có tệp này; hãy kiểm tra đường dẫn")
    return Text(en=f"cannot be read: {error.strerror}", vi=f"không đọc được tệp: {error.strerror}")


def _no_headings(path: str | Path) -> Fault:
    en = "no row has the headings of a register (reference, approved_on, establishment, …); make one with --template"
    vi = "không dòng nào có tiêu đề của sổ (Số hồ sơ, Ngày phê duyệt, …); tạo mẫu bằng kcgrant register --template"
    return Fault(printable(str(path)), Text(en=en, vi=vi))


def workbooks(room: str) -> ModuleType:
    """A room that needs the extra `excel`.

    Raises:
        InputError: the extra is not installed.
    """
    try:
        return import_module(f"kcgrant.register.{room}")
    except ModuleNotFoundError as error:
        if error.name not in ("openpyxl", "xlsxwriter"):
            raise
        en = "an .xlsx workbook needs the extra excel: install kcgrant[excel], or use .csv"
        vi = "tệp .xlsx cần phần bổ sung excel: hãy cài kcgrant[excel], hoặc dùng .csv"
        raise InputError([Fault("", Text(en=en, vi=vi))]) from None
