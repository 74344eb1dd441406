"""Text file: a register as comma- or semicolon-separated text, read and written.

The decision taken here: the separator is the one that makes headings recognisable. Text by which a spreadsheet would start a
formula is written behind an apostrophe, and one is taken off where it is read, so that the officer's text stays the same.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from kcgrant.errors import Fault, InputError, Text, printable
from kcgrant.register.cells import Cell, Damaged
from kcgrant.register.headings import HEADINGS
from kcgrant.register.table import MOST_ABOVE, MOST_COLUMNS, Grid

MOST_BYTES: Final = 2**28  # many times the register of a province
SEPARATORS: Final = (",", ";", "\t")
_ESCAPED: Final = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")
_FIRST: Final = frozenset("'=+-@\t\r\n＝＋－＠")
_DANGEROUS: Final = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def guarded(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula.

    Example:
        >>> guarded("=1+1"), guarded("KC-1"), unguarded(guarded("'-x"))
        ("'=1+1", 'KC-1', "'-x")
    """
    return "'" + text if text[:1] in _FIRST and _DANGEROUS.match(text) else text


def unguarded(text: str) -> str:
    """The text as it was before `guarded`."""
    return text[1:] if text[:1] == "'" and _ESCAPED.match(text) else text


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


def write_rows(path: Path, rows: Iterable[Sequence[Cell]], separator: str) -> None:
    """Writes rows as text that Excel opens as UTF-8; `path` is overwritten."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=separator).writerows(_texts(rows))


def _texts(rows: Iterable[Sequence[Cell]]) -> Iterator[list[str]]:
    for cells in rows:
        # Most cells are harmless text, and there are half a million of them: that is looked at here, without a call.
        yield [cell if isinstance(cell, str) and cell[:1] not in _FIRST else _guarded_cell(cell) for cell in cells]


def _guarded_cell(cell: Cell) -> str:
    return "" if cell is None else guarded(as_text(cell))


def as_text(cell: Cell) -> str:
    """A cell as text: days as YYYY-MM-DD, yes and no as Excel writes them."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, Damaged):
        return cell.text
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date):
        return cell.isoformat().removesuffix("T00:00:00")
    return str(cell)
