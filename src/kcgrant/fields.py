"""Door: what is common to all that comes in from outside: records, kinds of text, files, and faults put into words.

The decision taken here: input is checked once, by pydantic, in strict mode; and whatever it finds is told in our words,
with the place, what was given and what is expected, in both languages.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Final, Self, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, GetCoreSchemaHandler, ValidationError
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from kcgrant.errors import Fault, KcgrantError, listed, nearest, shown
from kcgrant.language import Text

MOST_WORDED: Final = 1000  # faults that are put into words; the rest is counted
MOST_COUNTED: Final = 50_000  # faults that are told one from the other; with more, the whole is a mistake


class Record(BaseModel):
    """A frozen, strict record; a copy with changes is checked as the original was."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", defer_build=True)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:  # noqa: ARG002
        """A copy with the fields of `update` replaced, validated (records are frozen, so `deep` has no effect)."""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self).model_validate(fields | dict(update or {}), by_name=True)


# --- what is expected -------------------------------------------------------------------------------------------------


class Expected:
    """Marks a field type with what is expected there, so that every refusal says what to write.

    Used inside `Annotated`; it costs nothing while values are right, since pydantic only reads it on failure.
    """

    def __init__(self, en: str, vi: str, values: Sequence[str] = ()) -> None:
        """Keep the expectation in both languages, and the words allowed, from which the nearest is offered."""
        self.context: dict[str, Any] = {"en": en, "vi": vi, "values": list(values)}

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Wrap the type's own schema (pydantic's protocol for metadata)."""
        return core_schema.custom_error_schema(
            handler(source),
            custom_error_type="expected",
            custom_error_message="expected {en}",
            custom_error_context=self.context,
        )

    def refusal(self) -> PydanticCustomError:
        """The same refusal, for a validator of our own to raise."""
        return PydanticCustomError("expected", "expected {en}", self.context)


def one_of(values: Sequence[str], *, or_null: bool = False) -> Expected:
    """The expectation of one word out of a fixed list."""
    words = ", ".join(f'"{value}"' for value in values)
    return Expected(
        f"one of {words}" + (", or null (not stated)" if or_null else ""),
        f"một trong các mã {words}" + (", hoặc null (chưa nêu)" if or_null else ""),
        values,
    )


# --- kinds of text and days -------------------------------------------------------------------------------------------

_NFC = Expected(
    "text in Unicode form NFC; its letters and accents are stored apart, type or convert it again",
    "chữ Unicode dựng sẵn (NFC); chữ và dấu đang lưu tách rời (tổ hợp), hãy gõ lại hoặc chuyển mã",
)
_VISIBLE = Expected(
    "one line of text without control, invisible or damaged characters; type it again",
    "một dòng chữ không có ký tự điều khiển, ký tự ẩn hay ký tự hỏng; hãy gõ lại",
)
_WRITTEN = Expected("text with at least one letter or digit", "chữ có ít nhất một chữ cái hoặc chữ số")

# Beside the categories below: characters that count as letters or marks but show nothing, and the sign of lost text.
_BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\ufffd]")
_UNSEEN: Final = ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")


def clean(text: str) -> str:
    """The text itself, if it is one readable line in Unicode form NFC (a pydantic validator); empty text is let through."""
    if not (text.isascii() and text.isprintable()):
        if not unicodedata.is_normalized("NFC", text):
            raise _NFC.refusal()
        # Whatever is unseen is unprintable too, so that nearly every text is settled without looking at each character.
        unseen = not text.isprintable() and any(unicodedata.category(character) in _UNSEEN for character in text)
        if unseen or _BLANK.search(text):
            raise _VISIBLE.refusal()
    if text and not any(map(str.isalnum, text)):
        raise _WRITTEN.refusal()
    return text


A_TEXT: Final = Expected("text in quotes, of 1 to 1000 characters", "chữ trong ngoặc kép, từ 1 đến 1000 ký tự")

Line = Annotated[str, Field(min_length=1, max_length=1000), A_TEXT, AfterValidator(clean)]
"""One line of text: 1 to 1000 characters in Unicode form NFC, none of them invisible, at least one letter or digit."""

Code = Annotated[
    str,
    Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100),
    Expected(
        "a code of at most 100 small letters, digits and hyphens, such as advanced-machinery or hung-yen",
        "một mã gồm tối đa 100 chữ thường không dấu, chữ số và gạch nối, ví dụ advanced-machinery hoặc hung-yen",
    ),
]
"""A code such as `hung-yen` or `advanced-machinery`."""

Yes = Annotated[
    bool | None,
    Expected("true, false, or null (not stated), without quotes", "true, false, hoặc null (chưa nêu), không ngoặc kép"),
]
"""A fact that holds, does not hold, or is not stated."""


class _DayInJson:
    """A day is a date, or text of the form YYYY-MM-DD and no other; pydantic's own reading is more generous."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        text = core_schema.str_schema(pattern=r"^\d{4}-\d{2}-\d{2}$", strict=True, regex_engine="rust-regex")
        written = core_schema.chain_schema([text, core_schema.date_schema(strict=False)])
        return core_schema.json_or_python_schema(
            json_schema=written,
            python_schema=core_schema.union_schema([handler(source), written]),
            serialization=core_schema.to_string_ser_schema(when_used="json"),
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: Any) -> dict[str, Any]:
        return {"type": "string", "format": "date"}


Day = Annotated[
    date,
    _DayInJson(),
    Expected(
        'a day as "YYYY-MM-DD", such as "2026-03-02"',
        'một ngày dạng "NĂM-THÁNG-NGÀY", ví dụ "2026-03-02"',
    ),
]
"""A day: a `datetime.date`, or text such as `"2026-03-02"`."""


# --- faults in our words ----------------------------------------------------------------------------------------------


def path(location: Sequence[str | int]) -> str:
    """A place in a document, as in `activities[0].cost_vnd`.

    Example:
        >>> path(("activities", 0, "cost_vnd"))
        'activities[0].cost_vnd'
    """
    parts = [f"[{part}]" if isinstance(part, int) else "." + (shown(part)[1:-1] or '""') for part in location]
    return "".join(parts).removeprefix(".")


def refused(kind: type[KcgrantError], error: ValidationError, model: type, more: Sequence[Fault] = ()) -> KcgrantError:
    """Pydantic's findings about a document of the given model as an error of ours, in the order of the document.

    Of very many only the first thousand are put into words. `more` are faults found otherwise.
    """
    if error.error_count() > MOST_COUNTED:
        en = f"{error.error_count()} faults; this is not a document of the form expected"
        vi = f"{error.error_count()} lỗi; tài liệu không đúng mẫu"
        return kind([Fault("", Text(en=en, vi=vi))])
    found = error.errors(include_url=False)
    at_fault = {one["loc"][: len(one["loc"]) - up] for one in found for up in (1, 2)}
    # Pydantic counts the faultless entries of a list only, and so finds it empty where they are all faulty.
    found = [one for one in found if one["type"] != "too_short" or one["loc"] not in at_fault]
    faults: list[Fault] = []
    for one in found[:MOST_WORDED]:
        if one["type"] == "faults":  # a record that found several things wrong between its fields
            faults += one["ctx"]["faults"]
        else:
            faults.append(Fault(path(_place(one["loc"])), _text(one["type"], one, model)))
    return kind([*faults, *more], len(found[MOST_WORDED:]))


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
            vi=f"giá trị {given}; cần {context['vi']}" + (f". Có phải ý bạn là {near}?" if near else ""),
        )
    if kind in ("model_type", "dataclass_type", "mapping_type", "dict_type"):
        return Text(
            en=f"given {given}; expected an object with named fields",
            vi=f"giá trị {given}; cần một nhóm mục có tên, đặt trong {{ }}",
        )
    if kind == "tuple_type":
        return Text(en=f"given {given}; expected a list", vi=f"giá trị {given}; cần một danh sách")
    if kind == "too_short":
        return Text(en="empty; at least one entry is needed", vi="đang trống; cần ít nhất một mục")
    if kind == "too_long":
        most = context["max_length"]
        return Text(en=f"more than {most} entries; split the document", vi=f"hơn {most} mục; hãy tách nhỏ tài liệu")
    return Text(en=f"given {given}; {found['msg']}", vi=f"giá trị {given}; {found['msg']}")


def _unknown_key(location: Sequence[str | int], model: type) -> Text:
    known = _keys(model, location[:-1])
    near = nearest(str(location[-1]), known)
    if near:
        return Text(en=f"unknown key. Did you mean {near}?", vi=f"mục không có trong mẫu. Có phải ý bạn là {near}?")
    return Text(
        en=f"unknown key; known here: {listed(known)}", vi=f"mục không có trong mẫu; các mục được dùng: {listed(known)}"
    )


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
