"""Errors: what kcgrant says when it refuses, and where the errors of others become ours.

The decision taken here: an error is a list of faults. A fault names its place, what was given, what was expected and
what to do, in English and Vietnamese, in one or two lines. At most twenty are printed, then their number.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal, get_args

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import GetCoreSchemaHandler, ValidationError
    from pydantic_core import CoreSchema

Lang = Literal["en", "vi"]

MOST_FAULTS = 20
MOST_BYTES = 16 * 2**20  # a dossier or a regulation is some kilobytes; more is a mistake, and is not read
MOST_SHOWN = 60  # characters of a faulty value that a message repeats


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in both languages, each in Unicode form NFC.

    Example:
        >>> Text(en="cap", vi="mức trần")["vi"]
        'mức trần'
    """

    en: str
    vi: str
    __pydantic_config__: ClassVar[Mapping[str, object]] = {"extra": "forbid", "strict": False}

    def __getitem__(self, lang: Lang) -> str:
        """The sentence in the language asked for."""
        return self.vi if lang == "vi" else self.en


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: `where` it stands (a path such as `activities[0].cost_vnd`) and `text`, what to do."""

    where: str
    text: Text

    def line(self, lang: Lang = "en") -> str:
        """The fault as one line in the language asked for."""
        return f"{self.where}: {self.text[lang]}" if self.where else self.text[lang]


class KcgrantError(Exception):
    """Every error that kcgrant raises on purpose; `faults` holds all that was found wrong, in the order of the input.

    Example:
        >>> error = InputError([Fault("cost_vnd", Text(en="missing", vi="còn thiếu"))])
        >>> str(error), error.message("vi")
        ('cost_vnd: missing', 'cost_vnd: còn thiếu')
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Keep the faults; the message is made when asked for."""
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def message(self, lang: Lang = "en") -> str:
        """One line for each fault, at most twenty, then how many more there are."""
        lines = [fault.line(lang) for fault in self.faults[:MOST_FAULTS]]
        more = len(self.faults) - len(lines)
        if more:
            lines.append({"en": f"… and {more} more", "vi": f"… và {more} lỗi nữa"}[lang])
        return "\n".join(lines)

    def __str__(self) -> str:
        """The message in English."""
        return self.message()


class InputError(KcgrantError):
    """What the caller states cannot be used: an application, an amount, a file, a name."""


class RegulationError(KcgrantError):
    """A regulation file cannot be trusted: its structure, a reference, or a number that its sentences do not bear out."""


class NoRegulation(KcgrantError):  # the name is part of the public interface
    """No single regulation is known for the place and the day asked for."""


class Expected:
    """Marks a field type with what is expected there, so that every refusal says what to write.

    Used inside `Annotated`; it costs nothing while values are right, since pydantic only reads it on failure.
    """

    def __init__(self, en: str, vi: str, values: Sequence[str] = ()) -> None:
        """Keep the expectation in both languages, and the words allowed, from which the nearest is offered."""
        self.context: dict[str, Any] = {"en": en, "vi": vi, "values": list(values)}

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Wrap the type's own schema (pydantic's protocol for metadata)."""
        from pydantic_core import core_schema  # only needed when a model is built

        return core_schema.custom_error_schema(
            handler(source),
            custom_error_type="expected",
            custom_error_message="expected {en}",
            custom_error_context=self.context,
        )


def one_of(values: Sequence[str], *, or_null: bool = False) -> Expected:
    """The expectation of one word out of a fixed list."""
    listed = ", ".join(values)
    return Expected(
        f"one of {listed}" + (", or null (not stated)" if or_null else ""),
        f"một trong các mã {listed}" + (", hoặc null (chưa nêu)" if or_null else ""),
        values,
    )


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like the one given, or None where none is near.

    Example:
        >>> nearest("advanced-machinary", ["advanced-machinery", "demonstration-model"])
        'advanced-machinery'
    """
    import difflib  # only needed on failure

    found = difflib.get_close_matches(word[:MOST_SHOWN], list(known), n=1)
    return found[0] if found else None


def shown(value: object) -> str:
    r"""A value as a message repeats it: in JSON notation, cut to sixty characters, nothing that a terminal would obey.

    Example:
        >>> shown("Hưng Yên"), shown(1.5), shown(True), shown("\x1b[2J")
        ('"Hưng Yên"', '1.5', 'true', '"\\u001b[2J"')
    """
    if isinstance(value, str):
        value = value[: MOST_SHOWN + 1]
    try:
        text = json.dumps(value, ensure_ascii=False, default=repr)
    except (ValueError, TypeError, RecursionError):  # an integer beyond Python's digit limit, a key that is no text, …
        text = f"<{type(value).__name__}>"
    text = printable(text[: MOST_SHOWN + 1])
    return text if len(text) <= MOST_SHOWN else text[:MOST_SHOWN] + "…"


def printable(text: str) -> str:
    r"""A text, such as the name of a file, without anything that a terminal would obey.

    Example:
        >>> printable("a\x1b[2J.json")
        'a\\u001b[2J.json'
    """
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


def path(location: Sequence[str | int]) -> str:
    """A place in a document, as in `activities[0].cost_vnd`.

    Example:
        >>> path(("activities", 0, "cost_vnd"))
        'activities[0].cost_vnd'
    """
    parts = [f"[{part}]" if isinstance(part, int) else "." + shown(part)[1:-1] for part in location]
    return "".join(parts).removeprefix(".")


def faults_of(error: ValidationError, model: type) -> list[Fault]:
    """Pydantic's findings about a document of the given model, in our words and in the order of the fields."""
    found = error.errors(include_url=False)
    at_fault = {one["loc"][: len(one["loc"]) - up] for one in found for up in (1, 2)}
    faults: list[Fault] = []
    for one in found:
        if one["type"] == "faults":  # a record that found several things wrong between its fields
            faults += one["ctx"]["faults"]
        elif one["type"] != "too_short" or one["loc"] not in at_fault:  # pydantic counts the faultless entries only
            faults.append(Fault(path(_place(one["loc"])), _text(one["type"], one, model)))
    return faults


def _place(location: Sequence[str | int]) -> Sequence[str | int]:
    # The key of a table of tables is marked by pydantic with one more part when the key itself is at fault.
    return location[:-1] if location and location[-1] == "[key]" else location


def _text(kind: str, found: Mapping[str, Any], model: type) -> Text:
    value = found["input"]
    given = shown(value)
    context = found.get("ctx", {})
    if kind == "missing":
        return Text(en="missing; it must be stated", vi="còn thiếu; mục này bắt buộc phải có")
    if kind in ("extra_forbidden", "unexpected_keyword_argument"):
        return _unknown_key(found["loc"], model)
    if kind == "expected":
        near = nearest(value, context["values"]) if isinstance(value, str) else None
        return Text(
            en=f"given {given}; expected {context['en']}" + (f". Did you mean {near}?" if near else ""),
            vi=f"giá trị {given}; cần {context['vi']}" + (f". Có phải ý là {near}?" if near else ""),
        )
    if kind in ("model_type", "dataclass_type", "mapping_type", "dict_type"):
        return Text(en=f"given {given}; expected an object with named fields", vi=f"giá trị {given}; cần một đối tượng")
    if kind == "tuple_type":
        return Text(en=f"given {given}; expected a list", vi=f"giá trị {given}; cần một danh sách")
    if kind == "too_short":
        return Text(en="empty; at least one entry is needed", vi="đang trống; cần ít nhất một mục")
    return Text(en=f"given {given}; {found['msg']}", vi=f"giá trị {given}; {found['msg']}")


def _unknown_key(location: Sequence[str | int], model: type) -> Text:
    known = _keys(model, location[:-1])
    near = nearest(str(location[-1]), known)
    if near:
        return Text(en=f"unknown key. Did you mean {near}?", vi=f"mục không có trong mẫu. Có phải ý là {near}?")
    listed = ", ".join(known)
    return Text(en=f"unknown key; known here: {listed}", vi=f"mục không có trong mẫu; các mục được dùng: {listed}")


def _keys(model: type, location: Sequence[str | int]) -> list[str]:
    fields = _fields(model)
    for part in location:
        if part in fields:  # an index or the key of a table of tables stays with the record that it numbers
            fields = _fields(_record_in(fields[str(part)]))
    return list(fields)


def _fields(record: Any) -> dict[str, Any]:
    if hasattr(record, "model_fields"):
        return {field.alias or name: field.annotation for name, field in record.model_fields.items()}
    return {"en": str, "vi": str} if record is Text else {}


def _record_in(annotation: Any) -> Any:
    if hasattr(annotation, "model_fields") or annotation is Text:
        return annotation
    inner = (_record_in(argument) for argument in get_args(annotation))
    return next((record for record in inner if record is not None), None)


def read_text(file: Path, error: type[KcgrantError]) -> str:
    """The text of a file that is to hold at most 16 MiB of UTF-8 without a byte-order mark.

    Raises:
        KcgrantError: of the kind asked for: the file is missing, is a directory, may not be read, is too large, is not
            UTF-8, or begins with a byte-order mark.
    """
    where = printable(str(file))
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except (OSError, ValueError) as cause:
        raise error([Fault(where, _unreadable(cause))]) from None
    return decoded(content, where, error)


def _unreadable(cause: Exception) -> Text:
    if isinstance(cause, FileNotFoundError):
        return Text(en="no such file; check the path", vi="không có tệp này; hãy kiểm tra đường dẫn")
    if isinstance(cause, IsADirectoryError):
        return Text(en="this is a directory; name a file in it", vi="đây là thư mục; hãy nêu tên tệp")
    if isinstance(cause, PermissionError):
        return Text(en="may not be read; check its permissions", vi="không được phép đọc tệp; hãy kiểm tra quyền")
    return Text(en=f"cannot be read: {cause}", vi=f"không đọc được tệp: {cause}")


def decoded(content: bytes, where: str, error: type[KcgrantError]) -> str:
    """The text of bytes that are to hold at most 16 MiB of UTF-8 without a byte-order mark."""
    if len(content) > MOST_BYTES:
        size = f"{MOST_BYTES // 2**20} MiB"
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
