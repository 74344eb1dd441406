"""Files: what is read from them, written to them and guarded in them, the same for every kind.

The decision taken here: a file is read whole and once, of a bounded size; it is written beside its place and renamed when it
is whole; and no text that somebody typed becomes a formula in the program that opens it.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from errno import ENOSPC
from importlib import import_module
from io import BytesIO
from stat import S_IMODE
from typing import TYPE_CHECKING, Any, Final

from kcgrant.errors import Fault, InputError, KcgrantError, fault, path, printable, shown
from kcgrant.language import Text, say

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES: Final = 16 * 2**20  # a dossier is some kilobytes; more is a mistake, and is not read


def read_text(file: Path, error: type[KcgrantError], most: int = MOST_BYTES) -> str:
    """The text of a file that is to hold UTF-8 without a byte-order mark, of at most `most` bytes.

    Raises:
        KcgrantError: of the kind asked for: the file is missing, is a directory, may not be read, is too large, is not
            UTF-8, or begins with a byte-order mark.
    """
    where = printable(str(file))
    try:
        with file.open("rb") as opened:
            content = opened.read(most + 1)
    except (OSError, ValueError) as cause:
        raise error([unreadable(where, cause)]) from None
    return decoded(content, where, error, most)


def unreadable(where: str, cause: Exception) -> Fault:
    """The fault of a file that cannot be opened or read."""
    told = next((said for kind, said in _UNREADABLE.items() if isinstance(cause, kind)), "cannot be read: {reason}")
    return fault(where, told, reason=_reason(cause))


def unwritable(where: str, cause: OSError) -> Fault:
    """The fault of a file that cannot be written."""
    told = next((said for kind, said in _UNWRITABLE.items() if isinstance(cause, kind)), "cannot be written: {reason}")
    if isinstance(cause, PermissionError) and where.lower().endswith(".docx"):
        told = "cannot be written: it is open, or writing there is not allowed; close the file in Word and run again"
    if cause.errno == ENOSPC:
        told = "cannot be written: the disk is full; free some space and run again"
    return fault(where, told, reason=_reason(cause))


def _reason(cause: Exception) -> Text:
    """What the system says; in Vietnamese its number, since it speaks English."""
    number = getattr(cause, "errno", None)
    said = str(getattr(cause, "strerror", None) or cause)
    return Text(en=said, vi=said if number is None else say("system error {number}", "vi", number=str(number)))


_UNREADABLE: Final[Mapping[type[Exception], str]] = {
    FileNotFoundError: "no such file; check the path",
    IsADirectoryError: "this is a directory; name a file in it",
    PermissionError: "may not be read; check its permissions",
}


_UNWRITABLE: Final[Mapping[type[Exception], str]] = {
    FileNotFoundError: "cannot be written: there is no such folder; make it, or name another",
    NotADirectoryError: "cannot be written: there is no such folder; make it, or name another",
    IsADirectoryError: "cannot be written: this is a directory; name a file in it",
    PermissionError: "cannot be written: it is open, or writing there is not allowed; close the file in Excel and run again",
}


def atomically(target: Path, write_to: Callable[[Path], object]) -> None:
    """Has a file written beside, and puts it in the place of `target` when whole; what stood there is untouched till then.

    Raises:
        InputError: the file cannot be written.

    Example:
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     atomically(Path(folder) / "a.csv", lambda beside: beside.write_bytes(b"1"))
        ...     [path.name for path in Path(folder).iterdir()]
        ['a.csv']
    """
    from secrets import token_hex  # here, since only commands write

    beside = target.with_name(f".{target.name[:40]}.{token_hex(8)}.part")  # nobody can have put a link there
    try:
        beside.touch(exist_ok=False)
        write_to(beside)
        if target.exists():
            beside.chmod(S_IMODE(target.stat().st_mode))
        beside.replace(target.resolve() if target.is_symlink() else target)
    except OSError as error:
        raise InputError([unwritable(printable(str(target)), error)]) from None
    finally:
        with suppress(OSError):
            beside.unlink()


def packed_anew(content: BytesIO, change: Callable[[str, bytes], bytes] = lambda _, part: part) -> bytes:
    """An Office file with its parts changed, and without the times at which it was written: two runs give the same bytes."""
    import zipfile  # only Office files need it

    found = BytesIO()
    with zipfile.ZipFile(content) as packed, zipfile.ZipFile(found, "w") as whole:
        for one in packed.infolist():
            part = change(one.filename, packed.read(one))
            part = _MODIFIED.sub(b"", part) if one.filename == "docProps/core.xml" else part
            whole.writestr(zipfile.ZipInfo(one.filename), part, zipfile.ZIP_DEFLATED)
    return found.getvalue()


_MODIFIED: Final = re.compile(rb"<dcterms:modified[^>]*>[^<]*</dcterms:modified>")


def decoded(content: bytes, where: str, error: type[KcgrantError], most: int = MOST_BYTES) -> str:
    """The text of bytes that are to hold UTF-8 without a byte-order mark, of at most `most` bytes."""
    if len(content) > most:
        size = f"{most // 2**20} MiB" if most >= 2**20 else f"{most // 2**10} KiB"
        raise error([fault(where, "larger than {size}; not read", size=size)])
    if content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise error([fault(where, "begins with a byte-order mark; save it as UTF-8 without BOM")])
    try:
        return content.decode()
    except UnicodeDecodeError as cause:
        told = "not UTF-8: byte {place} is {byte}; save it as UTF-8"
        byte = f"0x{content[cause.start]:02x}"
        raise error([fault(where, told, place=str(cause.start + 1), byte=byte)]) from None


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
    return text[1:] if text[:1] == "'" and _DANGEROUS.match(text) else text


def write_csv(target: Path, rows: Iterable[Sequence[object]], separator: str = ",") -> None:
    """Writes rows as text that a spreadsheet opens as UTF-8; no cell becomes a formula there. `target` is overwritten."""
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=separator).writerows(_texts(rows))


def _texts(rows: Iterable[Sequence[object]]) -> Iterator[list[str]]:
    for cells in rows:
        # Most cells are harmless text, and there are half a million of them: that is looked at here, without a call.
        yield [cell if isinstance(cell, str) and cell[:1] not in _FIRST else guarded(as_text(cell)) for cell in cells]


def as_text(cell: object) -> str:
    """A cell as text: days as YYYY-MM-DD, yes and no as a spreadsheet writes them, nothing where there is nothing."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat().removesuffix("T00:00:00") if isinstance(cell, date) else str(cell)


def not_a_file(file: str | Path, known: Iterable[str]) -> Fault:
    """The fault of a file name that does not say how the file is to be written."""
    return fault(printable(str(file)), "expected a name that ends in {known}", known=known)


def require(extra: str, *modules: str) -> None:
    """Makes sure that the packages of an extra are there, before they are used.

    Raises:
        InputError: one of them is not installed; the extra is named.
    """
    try:
        for module in modules:
            import_module(module)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {module.partition(".")[0] for module in modules}:
            raise
        told = "this needs the extra {extra}: install kcgrant[{extra}], as with: {command}"
        raise InputError([fault("", told, extra=extra, command=_installing(extra))]) from None


def _installing(extra: str) -> str:
    """The command that installs an extra into the Python that runs, wherever kcgrant itself came from."""
    from importlib.metadata import requires

    wanted = [one.partition(";") for one in requires("kcgrant") or ()]
    named = [f'"{one.strip()}"' for one, _, marker in wanted if re.search(rf"extra == .{extra}.$", marker.strip())]
    python = f'"{sys.executable}"' if " " in sys.executable else sys.executable
    return " ".join([python, "-m", "pip", "install", *named])


# --- JSON -------------------------------------------------------------------------------------------------------------


class _Repeating(dict[str, object]):
    """An object of JSON in which keys stand twice, with the values of each."""

    twice: list[tuple[str, object, object]]


def json_value(text: str | bytes) -> tuple[Any, list[Fault]]:
    """What a JSON text holds, and the keys that stand twice in one object: an officer would lose a value silently.

    Raises:
        InputError: it is no JSON, or no UTF-8.

    Example:
        >>> json_value('{"a": 1, "a": 2}')[1][0].line()
        'a: written twice in one object, 1 and 2; keep one'
    """
    repeating = False

    def table(pairs: list[tuple[str, object]]) -> dict[str, object]:
        nonlocal repeating
        found = dict(pairs)
        if len(found) == len(pairs):
            return found
        repeating, first = True, dict[str, object]()
        marked = _Repeating(found)
        marked.twice = [(key, first[key], value) for key, value in pairs if key in first or first.update({key: value})]
        return marked

    if isinstance(text, bytes | bytearray):
        text = decoded(bytes(text), "", InputError)
    if not text.strip():
        raise InputError([fault("", "empty; expected a JSON object")])
    try:
        value = json.loads(text, object_pairs_hook=table)
    except json.JSONDecodeError as error:
        slip = (
            "line {line} column {column}: not JSON; no dots in numbers, straight quotes, no comma before a closing bracket"
        )
        raise InputError([fault("", slip, line=str(error.lineno), column=str(error.colno))]) from None
    except RecursionError:
        raise InputError([fault("", "not JSON: nested too deeply")]) from None
    except ValueError:
        raise InputError([fault("", "not JSON: a number of thousands of digits")]) from None
    return value, list(_twice(value, ())) if repeating else []


def _twice(value: object, where: tuple[str | int, ...]) -> Iterator[Fault]:
    if isinstance(value, _Repeating):
        for key, first, second in value.twice:
            told = "written twice in one object, {first} and {second}; keep one"
            yield fault(path((*where, key)), told, first=shown(first), second=shown(second))
    if isinstance(value, dict | list):
        for place, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _twice(inner, (*where, place))
