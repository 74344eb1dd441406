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
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Final, Self, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from kcgrant.application import COLUMNS, FACT_COLUMNS, Column
from kcgrant.errors import Fault, InputError, RegulationError, fault, hint, printable
from kcgrant.fields import Code, Expected, FrozenMap, OneLine, Record, refused
from kcgrant.files import read_text
from kcgrant.language import Text, both, listed
from kcgrant.law.norms import (
    MOST_ENTRIES,
    Condition,
    Norm,
    Note,
    OwnFact,
    Period,
    Reading,
    Sentence,
    Source,
    Unexpressed,
    Variation,
    WrittenDay,
)
from kcgrant.law.proofreading import Parts, coherence, sentences, varied_sentences
from kcgrant.law.territory import SOURCE, former_provinces, is_of_old, merger, names_of, of_territory, reading_of

LAW: Final = Path(__file__).parent
"""The directory of the regulations that are shipped."""


MOST_BYTES: Final = 2**18  # of a regulation file, many times the largest that is shipped


def _framework(value: object) -> Regulation | None:
    """A framework named by its id is one that is shipped."""
    if value is None or isinstance(value, Regulation):
        return value
    if isinstance(value, str) and value in shipped():
        framework = read(LAW / f"{value}.toml")
        if not framework.norms:
            return framework
    known = listed(name for name in shipped() if not read(LAW / f"{name}.toml").norms)
    told = "the id of a framework: a file of that name beside this one, or one that is shipped, {known}"
    raise Expected(told, known=known).refusal()


_T = TypeVar("_T")
_Table = Annotated[Mapping[Code, _T], Field(max_length=MOST_ENTRIES), AfterValidator(FrozenMap)]
_List = Annotated[tuple[_T, ...], Field(strict=False, max_length=MOST_ENTRIES)]


class Regulation(Record):
    """A regulation: its norms with their variations, conditions, own facts, sources, readings and notes.

    `province` is None for a national text; `comparison_only` marks one of which no day, or no number, is known, so that it
    is never found by place and day. `unexpressed` is what the text says and the file cannot. A framework (such as
    `decree-45-2012`) is a regulation without norms, whose conditions apply under every regulation that names it.

    Example:
        >>> regulation = read(LAW / "hung-yen-553-2025.toml")
        >>> regulation.norms["advanced-machinery"].technology_line_cap_vnd
        450000000
    """

    id: Code
    province: Code | None = None
    document: OneLine
    issued: WrittenDay | None = None
    in_force: Period | None = None
    comparison_only: Annotated[bool | None, Expected("true or false")] = None
    framework: Annotated[
        Regulation | None,
        BeforeValidator(_framework),
        PlainSerializer(lambda framework: framework and framework.id, return_type=str | None),
        WithJsonSchema({"type": "string", "description": "id of the regulation whose conditions apply as well"}),
    ] = None
    title: Sentence
    norms: _Table[Norm] = FrozenMap()
    sources: _Table[Source] = FrozenMap()
    facts: _Table[OwnFact] = FrozenMap()
    conditions: _List[Condition] = ()
    variations: _List[Variation] = ()
    unexpressed: _List[Unexpressed] = ()
    readings: _List[Reading] = ()
    notes: _List[Note] = ()

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if faults := [*self._own_faults(), *coherence(self.parts)]:
            text = "; ".join(one.line() for one in faults).replace("{", "(").replace("}", ")")
            raise PydanticCustomError("faults", "{text}", {"text": text, "faults": faults})
        return self

    def _own_faults(self) -> Iterator[Fault]:
        """What is wrong with the regulation as a whole."""
        if self.norms and self.in_force is None and not self.comparison_only:
            yield fault("in_force", "missing; a regulation with norms has a first day, or comparison_only = true")
        if not self.norms and not self.conditions:
            yield fault("norms", "missing; there are neither norms nor conditions")
        if self.issued and self.in_force and self.in_force.since < self.issued:
            told = "given {since}, before the day of issue, {issued}"
            yield fault("in_force.from", told, since=self.in_force.since, issued=self.issued)

    @property
    def parts(self) -> Parts:
        """The parts that refer to each other, those of the framework included."""
        parts = {name: getattr(self, name) for name in Parts._fields}
        return Parts(**parts | {"framework": self.framework and self.framework.parts})

    def __repr_args__(self) -> Iterator[tuple[str, object]]:
        """What is told of it in one line (pydantic's protocol)."""
        yield from (("id", self.id), ("norms", [*self.norms]))

    def __hash__(self) -> int:
        """Equal content, equal hash."""
        return hash(self.digest)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical content, the framework's included, in hexadecimal."""
        content = self.model_dump(mode="json", by_alias=True, exclude_none=True)
        content["framework"] = self.framework.digest if self.framework else None
        for later in ("facts", "variations", "unexpressed"):  # what a file does not use changes no digest
            if not content[later]:
                del content[later]
        canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return sha256(canonical.encode()).hexdigest()

    @cached_property
    def territory(self) -> Condition | None:
        """The condition on the former province, of a text that a province signed before it was merged; None of others."""
        signed_on = self.issued or (self.in_force.since if self.in_force else date.max)
        return of_territory(self.province) if self.province and is_of_old(self.province, signed_on) else None

    @cached_property
    def all_conditions(self) -> tuple[Condition, ...]:
        """That on the territory, if there is one, then those of the framework, then those of the regulation itself."""
        first = () if self.territory is None else (self.territory,)
        return (*first, *(self.framework.conditions if self.framework else ()), *self.conditions)

    @cached_property
    def fact_columns(self) -> Mapping[str, Column]:
        """Every fact that may be stated under it, by name, with its answers; those that it declares itself included."""
        own = {**(self.framework.facts if self.framework else {}), **self.facts}
        columns = [fact.column(name) for name, fact in own.items()]
        if self.province and self.territory is not None:
            now = merger().merged.get(self.province, self.province)
            parts = former_provinces(now)
            named = names_of(parts)
            columns.append(COLUMNS["former_province"]._replace(kind="code", answers=parts, asked=True, named=named))
        return FrozenMap({**FACT_COLUMNS, **{column.fact: column for column in columns}}) if columns else FACT_COLUMNS

    @cached_property
    def own_questions(self) -> Mapping[str, Text]:
        """The questions of the facts that it, or its framework, declares itself, by the names of the facts."""
        own = {**(self.framework.facts if self.framework else {}), **self.facts}
        return FrozenMap({fact.column(name).fact: fact.question for name, fact in own.items()})

    def norm_under(self, name: str, held: Iterable[str] = ()) -> Norm:
        """A norm with the numbers that it has where the variations named hold.

        Example:
            >>> read(LAW / "hung-yen-553-2025.toml").norm_under("advanced-machinery").cap
            300000000
        """
        named = frozenset(held)
        return _norm_under(self, name, named) if named else self.norms[name]

    def numbers_of(self, name: str) -> Mapping[frozenset[str], Norm]:
        """A norm with all numbers that it may have on some day, by the ids of the variations that hold; first its own."""
        held = {frozenset[str]()}
        about = [one for one in self.variations if (name in one.norms if one.norms else name not in (one.except_ or ()))]
        for fact in dict.fromkeys(one.fact for one in about):
            asking = [one for one in about if one.fact == fact]
            ways = {
                frozenset(one.id for one in asking if answer in one.accepted) for answer in self.fact_columns[fact].answers
            }
            held |= {some | way for some in held for way in ways}
        return {some: self.norm_under(name, some) for some in sorted(held, key=lambda some: (len(some), sorted(some)))}

    @cached_property
    def all_sources(self) -> Mapping[str, Source]:
        """The sources of the framework and of the regulation, by id."""
        territory = {} if self.territory is None else {SOURCE: merger().source}
        return FrozenMap({**territory, **(self.framework.sources if self.framework else {}), **self.sources})

    @cached_property
    def all_notes(self) -> tuple[Note, ...]:
        """The notes of the regulation, then those of its framework."""
        return (*self.notes, *(self.framework.notes if self.framework else ()))

    def norm(self, name: str, where: str = "") -> Norm:
        """The norm of this name.

        Raises:
            InputError: there is none; the fault, at the place `where`, names those that there are.

        Example:
            >>> read(LAW / "hung-yen-553-2025.toml").norm("machinery", "--norm")
            Traceback (most recent call last):
            kcgrant.errors.InputError: --norm: given "machinery"; hung-yen-553-2025 has the norms demonstration-model,
            replication-model, cleaner-production-model, advanced-machinery. Did you mean advanced-machinery?
        """
        if name not in self.norms:
            raise InputError([unknown_norm(where, name, self)])
        return self.norms[name]

    def variant(self, norm: str, *, cap: int | None = None, rate: Fraction | str | None = None) -> Self:
        """The regulation with another cap, in whole đồng, or rate of one norm; its sentences still state the old ones.

        Raises:
            InputError: there is no such norm.
            pydantic.ValidationError: the number is not one that a norm can have.

        Example:
            >>> law = read(LAW / "hung-yen-553-2025.toml").variant("advanced-machinery", cap=350_000_000)
            >>> law.norms["advanced-machinery"].technology_line_cap_vnd
            525000000
        """
        changes = {name: value for name, value in (("cap", cap), ("rate", rate)) if value is not None}
        return self.model_copy(update={"norms": {**self.norms, norm: self.norm(norm, "norm").model_copy(update=changes)}})

    def readings_for(self, norms: frozenset[str]) -> tuple[Note, ...]:
        """The readings, of the regulation and then of its framework, that bear on any of these norms."""
        readings = (*self.readings, *(self.framework.readings if self.framework else ()))
        shapes = {shape for name in norms for shape in self.norms[name].shapes}
        of_norms = [reading for reading in readings if reading.norms is None or norms & set(reading.norms)]
        used = [reading for reading in of_norms if reading.about is None or reading.about in shapes]
        territory = (reading_of(self.province),) if self.province and self.territory is not None else ()
        return (*territory, *[Note(id=reading.id, text=reading.text) for reading in used])

    @cached_property
    def turning_days(self) -> tuple[date, ...]:
        """The first days on which other conditions apply than on the day before, in order."""
        asking = (*self.all_conditions, *self.variations)
        days = {one.since for one in asking if one.since}
        untils = {one.until for one in asking if one.until}
        return tuple(sorted(days | {until + timedelta(days=1) for until in untils - {date.max}}))

    def era(self, on: date) -> int:
        """The number of the span between turning days in which a day lies: the same conditions apply all through it."""
        return bisect_right(self.turning_days, on)


@lru_cache(maxsize=4096)
def _norm_under(law: Regulation, name: str, held: frozenset[str]) -> Norm:
    norm = law.norms[name]
    changes = [one.changes(norm) for one in law.variations if one.id in held]
    return norm.model_copy(update={key: value for change in changes for key, value in change.items()})


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
    path = Path(path)
    content, where = _toml(path), printable(str(path))
    named = content.get("framework")
    if isinstance(named, str) and _ID.fullmatch(named) and (beside := path.with_name(f"{named}.toml")).is_file():
        content["framework"] = _framework_beside(path, beside, named)
    try:
        regulation = Regulation.model_validate(content)
    except ValidationError as error:
        raise refused(RegulationError, error, Regulation, [*_otherwise_faulty(content, error)]).within(where) from None
    if faults := proofread(regulation):
        raise RegulationError(faults).within(where)
    return regulation


def proofread(regulation: Regulation) -> list[Fault]:
    """The numbers of each norm that its two sentences do not state, and the numbers there that the norm lacks.

    Empty where the regulation may be trusted. It catches a wrong zero, 35 for 30, and 1.5 in a Vietnamese sentence.

    Example:
        >>> proofread(read(LAW / "hung-yen-553-2025.toml"))
        []
    """
    norms = [found for name, norm in regulation.norms.items() for found in sentences(name, norm)]
    return norms + [found for index, one in enumerate(regulation.variations) for found in varied_sentences(index, one)]


def shipped() -> tuple[str, ...]:
    """The ids of the regulations and frameworks that are shipped, in order."""
    return tuple(sorted(path.stem for path in regulation_files(LAW)))


def regulation_files(directory: Path) -> list[Path]:
    """The files of a directory that hold regulations: all TOML but the two that tell of places."""
    return sorted(path for path in directory.glob("*.toml") if path.name not in ("known.toml", "provinces.toml"))


_R = TypeVar("_R", bound=Record)
_ID: Final = re.compile(r"[a-z0-9-]{1,100}")


def _framework_beside(path: Path, beside: Path, named: str) -> Regulation:
    """The framework in a file beside; it stands on no other, so that files cannot name each other in a circle."""
    if beside.samefile(path) or "framework" in _toml(beside):
        told = "{framework} stands on a framework itself; name another"
    elif (framework := read(beside)).norms or framework.id != named:
        told = "{file} is no framework {framework}"
    else:
        return framework
    raise RegulationError([fault("framework", told, framework=named, file=beside.name).within(printable(str(path)))])


def _otherwise_faulty(content: Mapping[str, Any], error: ValidationError) -> Iterator[Fault]:
    """What coherence and proofreading find in the sound parts, so that one fault does not hide another.

    Nothing where the parts were coherent checked already, that is, where the fault is one of coherence itself.
    """
    found = {one["type"] for one in error.errors(include_input=False)}
    if "too_long" in found:
        return
    norms = _sound_table(Norm, content.get("norms"))
    if "faults" not in found:
        framework = _sound_framework(content.get("framework"))
        yield from coherence(
            Parts(
                id=str(content.get("id", "")),
                norms=norms,
                sources=_sound_table(Source, content.get("sources")),
                facts=_sound_table(OwnFact, content.get("facts")),
                conditions=_sound_list(Condition, content.get("conditions")),
                variations=_sound_list(Variation, content.get("variations")),
                unexpressed=_sound_list(Unexpressed, content.get("unexpressed")),
                readings=_sound_list(Reading, content.get("readings")),
                notes=_sound_list(Note, content.get("notes")),
                in_force=_sound(Period, content.get("in_force")),
                framework=framework.parts if framework else None,
            )
        )
    for name, norm in norms.items():
        if norm:
            yield from sentences(name, norm)
    for index, one in enumerate(_sound_list(Variation, content.get("variations"))):
        if one:
            yield from varied_sentences(index, one)


def _sound(record: type[_R], table: object) -> _R | None:
    try:
        return record.model_validate(table)
    except ValidationError:
        return None


def _sound_table(record: type[_R], table: object) -> dict[str, _R | None]:
    return {str(name): _sound(record, one) for name, one in table.items()} if isinstance(table, dict) else {}


def _sound_list(record: type[_R], entries: object) -> list[_R | None]:
    return [_sound(record, one) for one in entries] if isinstance(entries, list) else []


def _sound_framework(named: object) -> Regulation | None:
    try:
        return _framework(named)
    except PydanticCustomError:
        return None


MOST_DOTS: Final = 16
_PART: Final = r"""(?:[\w-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')"""  # of a key, bare or quoted
_LONG_KEY: Final = re.compile(rf"""(?<![\w"'\\-])(?:{_PART}[ \t]*+\.[ \t]*+){{{MOST_DOTS}}}""")


def _toml(path: Path) -> dict[str, Any]:
    return toml(read_text(path, RegulationError, MOST_BYTES), printable(str(path)))


def toml(text: str, where: str) -> dict[str, Any]:
    """What a text in TOML holds.

    Raises:
        RegulationError: it is no TOML, is nested too deeply, or has a key with more than sixteen dots.
    """
    # The parser's time grows with the square of a dotted key, which stands on one line.
    if text.count(".") >= MOST_DOTS and any(
        [line.count(".") >= MOST_DOTS and _LONG_KEY.search(line) for line in text.split("\n")]
    ):
        raise RegulationError([fault(where, "a key with more than sixteen dots; write tables")])
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reason: str | Text = str(error)
    except ValueError:
        reason = both("a number of thousands of digits")
    except RecursionError:
        reason = both("nested too deeply")
    raise RegulationError([fault(where, "not TOML: {reason}", reason=reason)])


def unknown_norms(law: Regulation, **named: Iterable[object]) -> Iterator[Fault]:
    """The faults of the norms that a regulation does not have, among those that the lists of an application name."""
    for key, norms in named.items():
        for index, norm in enumerate(norms):
            if isinstance(norm, str) and norm not in law.norms:
                yield unknown_norm(f"{key}[{index}].norm", norm, law)


def unknown_norm(where: str, norm: str, law: Regulation) -> Fault:
    """The fault of a norm that a regulation does not have."""
    if not law.norms:
        return no_norms(where, law)
    told, near = "given {given}; {law} has the norms {known}{hint}", hint(norm, law.norms)
    return fault(where, told, given=norm, law=law.id, known=law.norms, hint=near)


def no_norms(where: str, law: Regulation) -> Fault:
    """The fault of a framework where a regulation with norms is expected."""
    return fault(where, "{law} is a framework without norms; name a regulation", law=law.id)
