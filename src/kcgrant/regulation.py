"""Regulation: what the law says, read from one TOML file and proofread against its own sentences.

The decision taken here: a norm or a condition is a table of numbers, words and a source; there is no expression language.
A file is refused as a whole, with every fault, unless each number of a norm stands in both of its sentences and no other
number does.
"""

from __future__ import annotations

import json
import re
import tomllib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    PlainSerializer,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from kcgrant.application import FACTS
from kcgrant.door import Code, Expected, Line, Record, clean, one_of, read_text, refused
from kcgrant.errors import Fault, KcgrantError, RegulationError, Text, listed, printable
from kcgrant.money import VND, Factor, Rate, share_of
from kcgrant.proofread import Parts, coherence, sentences

LAW: Final = Path(__file__).parent / "law"
"""The directory of the regulations that are shipped."""


MOST_BYTES: Final = 2**18  # of a regulation file, many times the largest that is shipped
MOST_ENTRIES: Final = 100  # norms, conditions, sources, readings or notes

Day = Annotated[date, Expected("a day without quotes, such as 2026-03-02", "một ngày không có ngoặc kép, ví dụ 2026-03-02")]


class _BothLanguages:
    """A sentence in both languages, each of them readable text of at most 2000 characters."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        a_sentence = Expected(
            "a sentence in quotes, of 1 to 2000 characters", "một câu trong ngoặc kép, từ 1 đến 2000 ký tự"
        )
        text = handler.generate_schema(
            Annotated[str, Field(strict=True, min_length=1, max_length=2000), a_sentence, AfterValidator(clean)]
        )
        fields = [core_schema.dataclass_field(lang, text, kw_only=False) for lang in ("en", "vi")]
        arguments = core_schema.dataclass_args_schema("Text", fields)
        return core_schema.dataclass_schema(
            Text, arguments, ["en", "vi"], slots=True, strict=False, config={"extra_fields_behavior": "forbid"}
        )


def _known_fact(fact: str) -> str:
    if fact not in FACTS:
        raise one_of(tuple(FACTS)).refusal()
    return fact


def _each_once(values: tuple[str, ...]) -> tuple[str, ...]:
    if repeated := [value for value, times in Counter(values).items() if times > 1]:
        raise Expected(
            f"each word once, not {listed(repeated)} twice", f"mỗi mã một lần, {listed(repeated)} bị lặp"
        ).refusal()
    return values


Sentence = Annotated[Text, _BothLanguages()]
Codes = Annotated[tuple[Code, ...], Field(strict=False, min_length=1, max_length=MOST_ENTRIES), AfterValidator(_each_once)]
_PER = ("model", "establishment")
_IS = ("one of", "yes", "no")
_ABOUT = ("rate-less", "per-model", "per-establishment", "technology-line")
_CERTAINTY = ("A", "B", "C")


class Source(Record):
    """Where a number of law was found. `certainty`: A legal publisher or portal, B trade or provincial press, C weak."""

    title: Line
    publisher: Line
    address: Line | None = None
    certainty: Annotated[Literal["A", "B", "C"], one_of(_CERTAINTY)]


class Norm(Record):
    """One kind of support: at most `rate` of the cost, and not over `cap` đồng per model or per establishment.

    `rate` is None where the law states no percentage: then the cost itself is the limit (reading `rate-less`).
    """

    title: Sentence | None = None
    rate: Rate | None = None
    cap: VND
    per: Annotated[Literal["model", "establishment"], one_of(_PER)]
    technology_line_factor: Factor | None = None
    source: Code
    states: Sentence

    @cached_property
    def technology_line_cap_vnd(self) -> int | None:
        """The cap in đồng when only technology lines are supported; None where the law knows no such cap."""
        return None if self.technology_line_factor is None else int(self.cap * self.technology_line_factor)

    @cached_property
    def shapes(self) -> frozenset[str]:
        """What the norm is, as far as a reading may be about it."""
        of_lines = {"technology-line"} if self.technology_line_factor is not None else set()
        return frozenset({f"per-{self.per}"} | of_lines | ({"rate-less"} if self.rate is None else set()))

    def limits(self, cost_vnd: int, prior_vnd: int = 0, *, technology_lines: bool = False) -> tuple[int, int, int]:
        """The curve of support: its two limits at a cost, and the cap between them; support is the lesser limit.

        Returns the rate's share of the cost, rounded down (the cost itself where no rate is stated); the cap, raised when
        only technology lines are supported; and what earlier support leaves of it, never below 0. All in whole đồng.

        Example:
            >>> from kcgrant import catalogue
            >>> machinery = catalogue.get("hung-yen-553-2025").norms["advanced-machinery"]
            >>> machinery.limits(800_000_000, 50_000_000, technology_lines=True)
            (400000000, 450000000, 400000000)
        """
        share = cost_vnd if self.rate is None else share_of(cost_vnd, self.rate)
        cap = (technology_lines and self.technology_line_cap_vnd) or self.cap
        return share, cap, cap - prior_vnd if prior_vnd < cap else 0


class Condition(Record):
    """What must be true of the applicant or an activity, on the days from `since` to `until`, both inclusive.

    It applies to the norms named in `norms`, or to all but those in `except_`, or to all. `accepted` holds the answers
    that meet it.
    """

    id: Code
    fact: Annotated[str, one_of(tuple(FACTS)), AfterValidator(_known_fact)]
    is_: Annotated[Literal["one of", "yes", "no"], one_of(_IS)] = Field(alias="is")
    values: Codes | None = None
    norms: Codes | None = None
    except_: Codes | None = Field(None, alias="except")
    since: Day | None = Field(None, alias="from")
    until: Day | None = None
    changeable: Annotated[bool | None, Expected("true or false", "true hoặc false")] = None
    question: Sentence
    source: Code

    @cached_property
    def accepted(self) -> frozenset[str | bool]:
        """The answers that meet the condition."""
        return frozenset(self.values or ()) if self.is_ == "one of" else frozenset([self.is_ == "yes"])

    def applies(self, norm: str, on: date) -> bool:
        """Whether the condition is asked of an activity under this norm on this day."""
        if (self.since and on < self.since) or (self.until and on > self.until):
            return False
        return norm in self.norms if self.norms is not None else norm not in (self.except_ or ())


class Reading(Record):
    """How an open text is read; it is used with the norms it names, or that are what it is `about`, else with all."""

    id: Code
    norms: Codes | None = None
    about: Annotated[Literal["rate-less", "per-model", "per-establishment", "technology-line"] | None, one_of(_ABOUT)] = None
    text: Sentence


class Note(Record):
    """What is not known, or should be known, about a regulation or a result; printed with every result it belongs to."""

    id: Code
    text: Sentence


class Period(Record):
    """The days on which a regulation is in force, both ends inclusive; `until` is None while it still is."""

    since: Day = Field(alias="from")
    until: Day | None = None

    def covers(self, on: date) -> bool:
        """Whether the day lies in the period."""
        return self.since <= on and (self.until is None or on <= self.until)


def _framework(value: object) -> object:
    """A framework named by its id is one that is shipped."""
    if value is None or isinstance(value, Regulation):
        return value
    if isinstance(value, str) and value in shipped():
        framework = _load(LAW / f"{value}.toml")
        if not framework.norms:
            return framework
    known = listed(name for name in shipped() if not _load(LAW / f"{name}.toml").norms)
    raise Expected(
        f"the id of a framework: a file of that name beside this one, or one that is shipped, {known}",
        f"mã của văn bản khung: tệp cùng tên trong cùng thư mục, hoặc văn bản khung có sẵn, {known}",
    ).refusal()


class Regulation(Record):
    """A regulation: its norms, the conditions of its own and of its framework, its sources, readings and notes.

    `province` is None for a national text. A framework (such as `decree-45-2012`) is a regulation without norms, whose
    conditions apply under every regulation that names it.

    Example:
        >>> regulation = read(LAW / "hung-yen-553-2025.toml")
        >>> regulation.norms["advanced-machinery"].technology_line_cap_vnd
        450000000
    """

    id: Code
    province: Code | None = None
    document: Line
    issued: Day | None = None
    in_force: Period | None = None
    framework: Annotated[
        Regulation | None,
        BeforeValidator(_framework),
        PlainSerializer(lambda framework: framework and framework.id, return_type=str | None),
        WithJsonSchema({"type": "string", "description": "id of the regulation whose conditions apply as well"}),
    ] = None
    title: Sentence
    norms: Annotated[Mapping[Code, Norm], Field(max_length=MOST_ENTRIES)] = {}
    sources: Annotated[Mapping[Code, Source], Field(max_length=MOST_ENTRIES)] = {}
    conditions: Annotated[tuple[Condition, ...], Field(strict=False, max_length=MOST_ENTRIES)] = ()
    readings: Annotated[tuple[Reading, ...], Field(strict=False, max_length=MOST_ENTRIES)] = ()
    notes: Annotated[tuple[Note, ...], Field(strict=False, max_length=MOST_ENTRIES)] = ()

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        faults = []
        if self.norms and self.in_force is None:
            faults.append(_fault("in_force", "missing; a regulation with norms has a first day", "còn thiếu ngày hiệu lực"))
        if not self.norms and not self.conditions:
            faults.append(_fault("norms", "missing; there are neither norms nor conditions", "còn thiếu mức chi, điều kiện"))
        if self.issued and self.in_force and self.in_force.since < self.issued:
            en, vi = (
                f"given {self.in_force.since}, before the day of issue, {self.issued}",
                f"sớm hơn ngày ban hành {self.issued}",
            )
            faults.append(_fault("in_force.from", en, vi))
        parts = self.norms, self.sources, self.conditions, self.readings, self.notes, self.in_force, self.framework
        faults += coherence(Parts(*parts))
        if faults:
            text = "; ".join(fault.line() for fault in faults).replace("{", "(").replace("}", ")")
            raise PydanticCustomError("faults", "{text}", {"text": text, "faults": faults})
        return self

    def __hash__(self) -> int:
        """Equal content, equal hash."""
        return hash(self.digest)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical content, the framework's included, in hexadecimal."""
        content = self.model_dump(mode="json", by_alias=True, exclude_none=True)
        content["framework"] = self.framework.digest if self.framework else None
        canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return sha256(canonical.encode()).hexdigest()

    @cached_property
    def all_conditions(self) -> tuple[Condition, ...]:
        """The conditions of the framework, then those of the regulation itself."""
        return (*(self.framework.conditions if self.framework else ()), *self.conditions)

    @cached_property
    def all_sources(self) -> Mapping[str, Source]:
        """The sources of the framework and of the regulation, by id."""
        return {**(self.framework.sources if self.framework else {}), **self.sources}

    @cached_property
    def all_notes(self) -> tuple[Note, ...]:
        """The notes of the regulation, then those of its framework."""
        return (*self.notes, *(self.framework.notes if self.framework else ()))

    def readings_for(self, norms: frozenset[str]) -> tuple[Note, ...]:
        """The readings, of the regulation and then of its framework, that bear on any of these norms."""
        readings = (*self.readings, *(self.framework.readings if self.framework else ()))
        shapes = {shape for name in norms for shape in self.norms[name].shapes}
        used = [
            reading
            for reading in readings
            if (reading.norms is None or norms & set(reading.norms)) and (reading.about is None or reading.about in shapes)
        ]
        return tuple(Note(id=reading.id, text=reading.text) for reading in used)

    @cached_property
    def turning_days(self) -> tuple[date, ...]:
        """The first days on which other conditions apply than on the day before, in order."""
        days = {condition.since for condition in self.all_conditions if condition.since}
        untils = {condition.until for condition in self.all_conditions if condition.until}
        return tuple(sorted(days | {until + timedelta(days=1) for until in untils - {date.max}}))

    def era(self, on: date) -> int:
        """The number of the span between turning days in which a day lies: the same conditions apply all through it."""
        return bisect_right(self.turning_days, on)


# --- reading a file ---------------------------------------------------------------------------------------------------


def read(path: str | Path) -> Regulation:
    """The regulation that a TOML file holds, proofread.

    Its `framework` is looked for beside the file, then among those shipped.

    Raises:
        RegulationError: with every fault: the file cannot be read, is no TOML, has unknown, missing or wrong keys, refers
            to what is not there, or states numbers in its sentences that are not those of its norms.

    Example:
        >>> read(LAW / "hung-yen-553-2025.toml").document
        '553/2025/NQ-HĐND'
    """
    return _load(Path(path))


def proofread(regulation: Regulation) -> list[Fault]:
    """The numbers of each norm that its two sentences do not state, and the numbers there that the norm lacks.

    Empty where the regulation may be trusted. It catches a wrong zero, 35 for 30, and 1.5 in a Vietnamese sentence.

    Example:
        >>> proofread(read(LAW / "hung-yen-553-2025.toml"))
        []
    """
    return [fault for name, norm in regulation.norms.items() for fault in sentences(name, norm)]


def shipped() -> tuple[str, ...]:
    """The ids of the regulations and frameworks that are shipped, in order."""
    return tuple(sorted(path.stem for path in LAW.glob("*.toml")))


def _load(path: Path) -> Regulation:
    content = _toml(path)
    named = content.get("framework")
    if isinstance(named, str) and _ID.fullmatch(named) and (beside := path.with_name(f"{named}.toml")).is_file():
        content["framework"] = _framework_beside(path, beside, named)
    try:
        regulation = Regulation.model_validate(content)
    except ValidationError as error:
        raise _in_file(path, refused(RegulationError, error, Regulation, list(_otherwise_faulty(content, error)))) from None
    if faults := proofread(regulation):
        raise _in_file(path, RegulationError(faults))
    return regulation


_R = TypeVar("_R", bound=Record)
_ID: Final = re.compile(r"[a-z0-9-]{1,100}")


def _framework_beside(path: Path, beside: Path, named: str) -> Regulation:
    """The framework in a file beside; it stands on no other, so that files cannot name each other in a circle."""
    if beside.samefile(path) or "framework" in _toml(beside):
        fault = _fault("framework", f"{named} stands on a framework itself; name another", f"{named} lại dựa vào khung khác")
        raise _in_file(path, RegulationError([fault]))
    framework = _load(beside)
    if framework.norms or framework.id != named:
        fault = _fault(
            "framework", f"{beside.name} is no framework {named}", f"{beside.name} không phải văn bản khung {named}"
        )
        raise _in_file(path, RegulationError([fault]))
    return framework


def _otherwise_faulty(content: Mapping[str, Any], error: ValidationError) -> Iterator[Fault]:
    """What coherence and proofreading find in the sound parts, so that one fault does not hide another.

    Nothing where the parts were coherent checked already, that is, where the fault is one of coherence itself.
    """
    if any(found["type"] == "too_long" for found in error.errors(include_input=False)):
        return
    norms = {str(name): _sound(Norm, table) for name, table in _table(content, "norms").items()}
    if all(found["type"] != "faults" for found in error.errors(include_input=False)):
        framework = content.get("framework")
        yield from coherence(
            Parts(
                norms=norms,
                sources={str(name): _sound(Source, table) for name, table in _table(content, "sources").items()},
                conditions=[_sound(Condition, table) for table in _list(content, "conditions")],
                readings=[_sound(Reading, table) for table in _list(content, "readings")],
                notes=[_sound(Note, table) for table in _list(content, "notes")],
                in_force=_sound(Period, content.get("in_force")),
                framework=framework if isinstance(framework, Regulation) else _sound_framework(framework),
            )
        )
    for name, norm in norms.items():
        if norm:
            yield from sentences(name, norm)


def _sound(record: type[_R], table: object) -> _R | None:
    try:
        return record.model_validate(table)
    except ValidationError:
        return None


def _table(content: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = content.get(key)
    return found if isinstance(found, dict) else {}


def _list(content: Mapping[str, Any], key: str) -> list[Any]:
    found = content.get(key)
    return found if isinstance(found, list) else []


def _sound_framework(named: object) -> Regulation | None:
    try:
        framework = _framework(named)
    except PydanticCustomError:
        return None
    return framework if isinstance(framework, Regulation) else None


def _fault(where: str, en: str, vi: str) -> Fault:
    return Fault(where, Text(en=en, vi=vi))


_LONG_KEY: Final = re.compile(r"(?<![\w\"'-])(?:[\w\"'-]++[ \t]*+\.[ \t]*+){16}")


def _toml(path: Path) -> dict[str, Any]:
    text = read_text(path, RegulationError, MOST_BYTES)
    if _LONG_KEY.search(text):  # the parser's time grows with the square of a dotted key
        fault = _fault("", "a key with more than sixteen dots; write tables", "một khóa có hơn mười sáu dấu chấm")
        raise _in_file(path, RegulationError([fault]))
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        fault = _fault("", f"not TOML: {error}", f"không đúng cú pháp TOML ({error})")
    except ValueError:
        fault = _fault("", "not TOML: a number of thousands of digits", "không đúng cú pháp TOML: số có hàng nghìn chữ số")
    except RecursionError:
        fault = _fault("", "not TOML: nested too deeply", "không đúng cú pháp TOML: lồng quá sâu")
    raise _in_file(path, RegulationError([fault]))


def _in_file(path: Path, error: KcgrantError) -> RegulationError:
    name = printable(str(path))
    faults = [Fault(f"{name}: {fault.where}" if fault.where else name, fault.text) for fault in error.faults]
    return RegulationError(faults, error.more)
