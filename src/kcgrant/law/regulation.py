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
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Final, Self, TypeVar

from pydantic import BeforeValidator, Field, PlainSerializer, ValidationError, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from kcgrant.errors import Fault, KcgrantError, RegulationError, nearest, printable, shown
from kcgrant.fields import Code, Expected, Line, Record, refused
from kcgrant.files import read_text
from kcgrant.language import Text, listed
from kcgrant.law.norms import MOST_ENTRIES, Condition, Day, Norm, Note, Period, Reading, Sentence, Source
from kcgrant.law.proofreading import Parts, coherence, sentences

LAW: Final = Path(__file__).parent
"""The directory of the regulations that are shipped."""


MOST_BYTES: Final = 2**18  # of a regulation file, many times the largest that is shipped


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
        "the id of a framework: a file of that name beside this one, or one that is shipped, {known}", known=known
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
        faults += coherence(self.parts)
        if faults:
            text = "; ".join(fault.line() for fault in faults).replace("{", "(").replace("}", ")")
            raise PydanticCustomError("faults", "{text}", {"text": text, "faults": faults})
        return self

    @property
    def parts(self) -> Parts:
        """The parts that refer to each other, those of the framework included."""
        return Parts(
            id=self.id,
            norms=self.norms,
            sources=self.sources,
            conditions=self.conditions,
            readings=self.readings,
            notes=self.notes,
            in_force=self.in_force,
            framework=self.framework.parts if self.framework else None,
        )

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
        named = content.get("framework")
        framework = named if isinstance(named, Regulation) else _sound_framework(named)
        yield from coherence(
            Parts(
                id=str(content.get("id", "")),
                norms=norms,
                sources={str(name): _sound(Source, table) for name, table in _table(content, "sources").items()},
                conditions=[_sound(Condition, table) for table in _list(content, "conditions")],
                readings=[_sound(Reading, table) for table in _list(content, "readings")],
                notes=[_sound(Note, table) for table in _list(content, "notes")],
                in_force=_sound(Period, content.get("in_force")),
                framework=framework.parts if framework else None,
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


def unknown_norm(where: str, norm: str, law: Regulation) -> Fault:
    """The fault of a norm that a regulation does not have."""
    if not law.norms:
        en = f"given {shown(norm)}; {law.id} is a framework without norms; name a regulation"
        vi = f"giá trị {shown(norm)}; {law.id} là văn bản khung, không có mức chi; hãy nêu văn bản khác"
        return Fault(where, Text(en=en, vi=vi))
    known = listed(law.norms)
    near = nearest(norm, law.norms)
    en = f"given {shown(norm)}; {law.id} has the norms {known}" + (f". Did you mean {near}?" if near else "")
    vi = f"giá trị {shown(norm)}; {law.id} có các mức chi {known}" + (f". Có phải ý bạn là {near}?" if near else "")
    return Fault(where, Text(en=en, vi=vi))
