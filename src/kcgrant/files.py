"""Files: what is read from them, written to them and guarded in them, the same for every kind.

The decision taken here: a file is read whole and once, of a bounded size; it is written beside its place and renamed when it
is whole; and no text that somebody typed becomes a formula in the program that opens it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from kcgrant.errors import Fault, InputError, KcgrantError, printable
from kcgrant.language import Text

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
        raise error([Fault(where, _unreadable(cause))]) from None
    return decoded(content, where, error, most)


def _unreadable(cause: Exception) -> Text:
    if isinstance(cause, FileNotFoundError):
        return Text(en="no such file; check the path", vi="không có tệp này; hãy kiểm tra đường dẫn")
    if isinstance(cause, IsADirectoryError):
        return Text(en="this is a directory; name a file in it", vi="đây là thư mục; hãy nêu tên tệp")
    if isinstance(cause, PermissionError):
        return Text(en="may not be read; check its permissions", vi="không được phép đọc tệp; hãy kiểm tra quyền")
    reason = getattr(cause, "strerror", None) or cause
    return Text(en=f"cannot be read: {reason}", vi=f"không đọc được tệp: {reason}")


def atomically(path: Path, write_to: Callable[[Path], object]) -> None:
    """Has a file written beside, and puts it in the place of `path` when whole; what stood there is untouched till then.

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
    import os  # here, since only commands write

    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        write_to(beside)
        beside.replace(path)
    except OSError as error:
        opened = isinstance(error, PermissionError)
        en = f"cannot be written: {error.strerror}" + ("; is it open in another program?" if opened else "")
        vi = f"không ghi được tệp: {error.strerror}" + ("; tệp có đang mở ở chương trình khác không?" if opened else "")
        raise InputError([Fault(printable(str(path)), Text(en=en, vi=vi))]) from None
    finally:
        with suppress(OSError):
            beside.unlink()


def decoded(content: bytes, where: str, error: type[KcgrantError], most: int = MOST_BYTES) -> str:
    """The text of bytes that are to hold UTF-8 without a byte-order mark, of at most `most` bytes."""
    if len(content) > most:
        size = f"{most // 2**20} MiB" if most >= 2**20 else f"{most // 2**10} KiB"
        raise error([Fault(where, Text(en=f"larger than {size}; not read", vi=f"lớn hơn {size}; không đọc"))])
    if content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        text = Text(
            en="begins with a byte-order mark; save it as UTF-8 without BOM",
            vi="tệp có dấu BOM ở đầu; hãy lưu lại dạng UTF-8 không BOM",
        )
        raise error([Fault(where, text)])
    try:
        return content.decode()
    except UnicodeDecodeError as cause:
        text = Text(
            en=f"not UTF-8: byte {cause.start + 1} is 0x{content[cause.start]:02x}; save it as UTF-8",
            vi=f"không phải UTF-8: byte thứ {cause.start + 1} là 0x{content[cause.start]:02x}; hãy lưu lại dạng UTF-8",
        )
        raise error([Fault(where, text)]) from None


_ESCAPED: Final = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")
GUARDED: Final = frozenset("'=+-@\t\r\n＝＋－＠")
_DANGEROUS: Final = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def guarded(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula.

    Example:
        >>> guarded("=1+1"), guarded("KC-1"), unguarded(guarded("'-x"))
        ("'=1+1", 'KC-1', "'-x")
    """
    return "'" + text if text[:1] in GUARDED and _DANGEROUS.match(text) else text


def unguarded(text: str) -> str:
    """The text as it was before `guarded`."""
    return text[1:] if text[:1] == "'" and _ESCAPED.match(text) else text
