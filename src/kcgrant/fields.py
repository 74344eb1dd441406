"""Fields: what is common to all that comes in from outside: records, kinds of text, files, and faults put into words.

The decision taken here: input is checked once, by pydantic, in strict mode; and whatever it finds is told in our words,
with the place, what was given and what is expected, in both languages.
"""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from functools import cache
from inspect import Parameter, Signature
from pathlib import Path
from threading import RLock
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, NoReturn, Self, TypeVar, Union, cast, get_args, get_origin

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, GetCoreSchemaHandler, TypeAdapter, ValidationError
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from kcgrant.errors import Fault, KcgrantError, fault, hint, nearest, path
from kcgrant.language import Text, both
from kcgrant.layout import Shown

MOST_WORDED: Final = 1000  # faults that are put into words; the rest is counted
MOST_COUNTED: Final = 50_000  # faults that are told one from the other; with more, the whole is a mistake


class _Told(str):
    """A text that stands in a signature without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        """The text itself."""
        return str(self)


if TYPE_CHECKING:
    Several = Sequence
    _Signed = type
else:

    class Several:
        """`Several[X]`: entries in an order, handed in as any sequence and kept as a tuple, which does not change."""

        def __class_getitem__(cls, entry: Any) -> Any:
            """The type of the field."""
            return tuple[entry, ...]

    class _Signed(type(BaseModel)):
        """Has the signature of a record there before its schema is built, each type as a reader would write it."""

        @property
        def __signature__(cls) -> Signature:
            parameters = [
                Parameter(
                    field.alias or name,
                    Parameter.KEYWORD_ONLY,
                    default=Parameter.empty if field.is_required() else field.get_default(),
                    annotation=_Told(_type_in_words(field.annotation)),
                )
                for name, field in cls.model_fields.items()
            ]
            return Signature(parameters)

        @__signature__.setter
        def __signature__(cls, _: object) -> None:
            """Pydantic's own, which comes late and spells out every constraint."""


def _type_in_words(annotation: Any) -> str:
    """A type in short: the words of a literal as `str`, what is marked without its marks."""
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _type_in_words(inside[0])
    if origin is Literal:
        return " | ".join(dict.fromkeys([type(one).__name__ for one in inside]))
    if origin in (Union, UnionType):
        return " | ".join(dict.fromkeys([_type_in_words(one) for one in inside]))
    if annotation in (None, NoneType):
        return "None"
    if annotation is Ellipsis:
        return "..."
    name = getattr(origin or annotation, "__name__", str(annotation))
    return f"{name}[{', '.join(map(_type_in_words, inside))}]" if inside else name


class Record(BaseModel, metaclass=_Signed):
    """A frozen, strict record; a copy with changes is checked as the original was."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", defer_build=True)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:  # noqa: ARG002
        """A copy with the fields of `update` replaced, validated (records are frozen, so `deep` has no effect)."""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self).model_validate(fields | dict(update or {}), by_name=True)

    @classmethod
    def model_json_schema(cls, *given: Any, **options: Any) -> dict[str, Any]:
        """The JSON schema, with what each field is and an example of it (arguments as pydantic has them)."""
        return described(super().model_json_schema(*given, **options))


def described(schema: dict[str, Any]) -> dict[str, Any]:
    """A JSON schema with what each field is and an example of it, from `schema.toml`.

    Example:
        >>> described({"title": "PriorSupport", "properties": {"amount_vnd": {"type": "integer"}}})["properties"]
        {'amount_vnd': {'type': 'integer', 'description': 'The amount in whole đồng', 'examples': [80000000]}}
    """
    told = tomllib.loads((Path(__file__).parent / "schema.toml").read_text(encoding="utf-8"))
    for name, part in {schema.get("title", ""): schema, **schema.get("$defs", {})}.items():
        for field, of in part.get("properties", {}).items():
            kinds = [one.get("type") for one in of.get("anyOf", [of])]
            description, example = told.get(name, {}).get(
                field, (of.get("description"), True if "boolean" in kinds else None)
            )
            if description is not None:
                of["description"] = description
            if example is not None:
                of.setdefault("examples", [json.loads(json.dumps(example, default=str))])
    return schema


class FrozenMap(dict[Any, Any]):
    """A mapping that does not change; equal content, equal hash.

    Example:
        >>> FrozenMap(cap=1) == {"cap": 1}, hash(FrozenMap(cap=1)) == hash(FrozenMap(cap=1))
        (True, True)
    """

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Any dict, for the schema of a default (pydantic's protocol)."""
        return core_schema.dict_schema()

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("this mapping does not change; make a copy of the record with another one (model_copy)")

    __setitem__ = __delitem__ = __ior__ = clear = pop = popitem = setdefault = update = _refuse

    def __hash__(self) -> int:  # type: ignore[override]
        """Equal content, equal hash."""
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[type[Self], tuple[dict[Any, Any]]]:
        """Copied and pickled as a whole, not entry by entry."""
        return type(self), (dict(self),)


class Document(Shown):
    """A dataclass that can be written as a document of plain values; pydantic reads it off the fields."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """The record as a document of plain values, as `to_json` writes it."""
        return document(self)

    def to_json(self, *, indent: int | None = None) -> str:
        """The record as JSON text: the same bytes for equal inputs, in one line unless an indent is given."""
        kind: Any = self.__class__
        return adapter(kind).serializer.to_json(self, indent=indent, by_alias=True).decode()


def maker(kind: type[T]) -> Callable[..., T]:
    """What makes frozen records quickly: their parts are set while the record is of a twin class that is not frozen.

    A frozen dataclass sets each of its parts by a call past its own guard, which takes more than half of what is left of an
    assessment. The parts are taken in order, or by name, all of them.
    """
    names = [one.name for one in fields(cast("Any", kind))]
    twin = type(kind.__name__, kind.__bases__, {"__slots__": tuple(names)})
    lines = [f"def make({', '.join(names)}):", "    record = new(twin)", *(f"    record.{name} = {name}" for name in names)]
    places: dict[str, Any] = {"new": object.__new__, "twin": twin, "kind": kind}
    exec("\n".join([*lines, "    record.__class__ = kind", "    return record"]), places)  # noqa: S102 - as `dataclass` does
    made: Callable[..., T] = places["make"]
    return made


def document(record: Any) -> dict[str, Any]:
    """A dataclass as a document of plain values, as JSON has them."""
    plain: dict[str, Any] = adapter(record.__class__).dump_python(record, mode="json", by_alias=True)
    return plain


T = TypeVar("T")
_MAKING: Final = RLock()


@cache
def adapter(kind: type) -> TypeAdapter[Any]:
    """What pydantic knows of a kind of record, made by one thread at a time: half-made parts would be taken for whole."""
    with _MAKING:
        return TypeAdapter(kind)


# --- what is expected -------------------------------------------------------------------------------------------------


class Expected:
    """Marks a field type with what is expected there, so that every refusal says what to write.

    Used inside `Annotated`; it costs nothing while values are right, since pydantic only reads it on failure.
    """

    def __init__(self, english: str, values: Sequence[str] = (), **places: str) -> None:
        """Keep the expectation, a phrase of the catalogue, and the words allowed, from which the nearest is offered."""
        words = {"words": ", ".join(f'"{value}"' for value in values)} if values else {}
        self.context: dict[str, Any] = {"english": english, "values": list(values), "places": words | places}

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Wrap the type's own schema (pydantic's protocol for metadata)."""
        return core_schema.custom_error_schema(
            handler(source), "expected", custom_error_message="expected {english}", custom_error_context=self.context
        )

    def refusal(self) -> PydanticCustomError:
        """The same refusal, for a validator of our own to raise."""
        return PydanticCustomError("expected", "expected {english}", self.context)


def one_of(values: Sequence[str], *, or_null: bool = False) -> Expected:
    """The expectation of one word out of a fixed list."""
    return Expected("one of {words}, or null (not stated)" if or_null else "one of {words}", values)


def not_one_of(where: str, given: object, known: Sequence[str]) -> Fault:
    """The fault of what is none of a fixed list of words, with the nearest of them."""
    return _unexpected(where, given, one_of(known).context)


def wanted(expected: Mapping[str, Any]) -> Text:
    """What is expected, in both languages, from the context of a refusal."""
    return both(expected["english"], **expected["places"])


def _unexpected(where: str, given: object, context: Mapping[str, Any]) -> Fault:
    told = "given {given}; expected {expected}{hint}"
    return fault(where, told, given=given, expected=wanted(context), hint=hint(given, context["values"]))


# --- kinds of text and days -------------------------------------------------------------------------------------------

_NFC = Expected("text in Unicode form NFC; its letters and accents are stored apart, type or convert it again")
_VISIBLE = Expected("one line of text without control, invisible or damaged characters; type it again")
_WRITTEN = Expected("text with at least one letter or digit")

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


A_TEXT: Final = Expected("text in quotes, of 1 to 1000 characters")

LineOrEmpty = Annotated[str, Field(max_length=1000), A_TEXT, AfterValidator(clean)]
"""`OneLine`, or no text at all."""

OneLine = Annotated[str, Field(min_length=1, max_length=1000), A_TEXT, AfterValidator(clean)]
"""One line of text: 1 to 1000 characters in Unicode form NFC, none of them invisible, at least one letter or digit."""

Code = Annotated[
    str,
    Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100),
    Expected("a code of at most 100 small letters, digits and hyphens, such as advanced-machinery or hung-yen"),
]
"""A code such as `hung-yen` or `advanced-machinery`."""

Yes = Annotated[bool | None, Expected("true, false, or null (not stated), without quotes")]
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


Day = Annotated[date, _DayInJson(), Expected('a day as "YYYY-MM-DD", such as "2026-03-02"')]
"""A day: a `datetime.date`, or text such as `"2026-03-02"`."""


def found(*faults: Fault) -> PydanticCustomError:
    """What a validator of a record raises of faults between its fields, each in our words."""
    text = faults[0].text.en if faults else ""
    return PydanticCustomError("faults", "{text}", {"text": text, "faults": list(faults)})


# --- faults in our words ----------------------------------------------------------------------------------------------


def refused(kind: type[KcgrantError], error: ValidationError, model: type, more: Sequence[Fault] = ()) -> KcgrantError:
    """Pydantic's findings about a document of the given model as an error of ours, in the order of the document.

    Of very many only the first thousand are put into words. `more` are faults found otherwise.
    """
    if error.error_count() > MOST_COUNTED:
        return kind([fault("", "{count} faults; this is not a document of the form expected", count=error.error_count())])
    found = error.errors(include_url=False)
    at_fault = {one["loc"][: len(one["loc"]) - up] for one in found for up in (1, 2)}
    # Pydantic counts the faultless entries of a list only, and so finds it empty where they are all faulty.
    found = [one for one in found if one["type"] != "too_short" or one["loc"] not in at_fault]
    faults: list[Fault] = []
    for one in found[:MOST_WORDED]:
        if one["type"] == "faults":  # a record that found several things wrong between its fields
            faults += one["ctx"]["faults"]
        else:
            # The key of a table of tables is marked by pydantic with one more part when the key itself is at fault.
            location = one["loc"][:-1] if one["loc"] and one["loc"][-1] == "[key]" else one["loc"]
            faults.append(_in_words(path(location), one, model))
    return kind([*faults, *more], len(found[MOST_WORDED:]))


_AN_OBJECT: Final = "given {given}; expected an object with named fields"
_PHRASES: Final = {
    "missing": "missing; it must be stated",
    "tuple_type": "given {given}; expected a list",
    "too_short": "empty; at least one entry is needed",
    **dict.fromkeys(("model_type", "dataclass_type", "mapping_type", "dict_type"), _AN_OBJECT),
}


def _in_words(where: str, found: Mapping[str, Any], model: type) -> Fault:
    """One finding of pydantic's, in our words."""
    kind, value, context = found["type"], found["input"], found.get("ctx", {})
    if kind in ("extra_forbidden", "unexpected_keyword_argument"):
        known = _keys(model, found["loc"][:-1])
        if near := nearest(str(found["loc"][-1]), known):
            return fault(where, "unknown key. Did you mean {near}?", near=near)
        return fault(where, "unknown key; known here: {known}", known=known)
    if kind == "expected":
        return _unexpected(where, value, context)
    if kind == "too_long":
        return fault(where, "more than {most} entries; split the document", most=context["max_length"])
    return fault(where, _PHRASES.get(kind, "given {given}; {message}"), given=value, message=found["msg"])


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
