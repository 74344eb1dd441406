"""Catalogue: regulations found by place and day, or by id: those that are shipped, or those of a directory of one's own.

The decision taken here: exactly one regulation is in force in a place on a day, or there is an error that names what is
known, with its days. The last known law is never used silently. Of a file only the head, up to its first table, is looked at
until the regulation is asked for, so that a catalogue of many answers without reading them all.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cache, lru_cache
from itertools import takewhile
from pathlib import Path
from types import NoneType
from typing import Annotated, get_args

from pydantic import Field, ValidationError

from kcgrant.errors import Fault, NoRegulation, RegulationError, expect, expect_day, fault, hint, printable, shown
from kcgrant.fields import Code, OneLine, Record, one_of, refused
from kcgrant.files import read_text
from kcgrant.language import Lang, Text, both, listed
from kcgrant.law.norms import Certainty, Period, Sentence, WrittenDay
from kcgrant.law.regulation import LAW, MOST_BYTES, Regulation, read, regulation_files, toml
from kcgrant.law.territory import Place, former_provinces, is_of_old, merger, place_on


class Head(Record):
    """What the head of a file says of a regulation: where and when it holds."""

    id: Code
    province: Code | None = None
    issued: WrittenDay | None = None
    in_force: Period | None = None
    comparison_only: bool | None = None

    def covers(self, on: date) -> bool:
        """Whether it is in force on a day, as far as a place and a day can find it."""
        return not self.comparison_only and self.in_force is not None and self.in_force.covers(on)

    @property
    def of_old(self) -> bool:
        """Whether it holds only in the territory of a province that was merged later."""
        signed_on = self.issued or (self.in_force.since if self.in_force else date.max)
        return is_of_old(self.province, signed_on)


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """The regulations of a directory: the heads of its files, by id, and those that have been read."""

    files: Mapping[str, Path]
    heads: Mapping[str, Head]
    _read: dict[str, Regulation] = field(default_factory=dict, repr=False)

    def ids(self) -> tuple[str, ...]:
        """The ids of the regulations, frameworks included, in alphabetical order."""
        return tuple(sorted(self.files))

    def get(self, regulation_id: str) -> Regulation:
        """The regulation, or framework, with this id.

        Raises:
            NoRegulation: there is none; the error names those that there are.
            RegulationError: its file is faulty.
        """
        if regulation_id not in self.files:
            where, known = shown(regulation_id)[1:-1], self.ids()
            told = "no such regulation is shipped; shipped: {known}{hint}"
            raise NoRegulation([fault(where, told, known=known, hint=hint(regulation_id, known))])
        if regulation_id not in self._read:
            self._read[regulation_id] = read(self.files[regulation_id])
        return self._read[regulation_id]


@cache
def _shipped() -> Catalogue:
    return read_directory(LAW)


def read_directory(path: str | Path) -> Catalogue:
    """The catalogue of the regulations in a directory, one in each TOML file; for `find(..., among=...)`.

    Raises:
        RegulationError: there is no such directory, a file has no head of a regulation, or an id stands twice.

    Example:
        >>> read_directory(LAW).get("national-28-2018").document
        '28/2018/TT-BTC'
    """
    directory, faults = Path(path), list[Fault]()
    if not directory.is_dir():
        raise RegulationError([fault(printable(str(path)), "no such directory")])
    files: dict[str, Path] = {}
    heads: dict[str, Head] = {}
    for file in regulation_files(directory):
        try:
            head = _head(file)
        except RegulationError as error:
            faults += error.faults
            continue
        if head.id in files:
            told = "{given} stands twice, here and in {file}; give it another id"
            faults.append(fault(printable(str(file)), told, given=head.id, file=files[head.id].name))
        files[head.id], heads[head.id] = file, head
    if faults:
        raise RegulationError(faults)
    return Catalogue(files, heads)


def _head(file: Path) -> Head:
    """What stands before the first table of a file; where it is not all there, the whole file is looked at."""
    text, where = read_text(file, RegulationError, MOST_BYTES), printable(str(file))
    lines = takewhile(lambda line: not line.startswith("["), text.splitlines())
    try:
        content = toml("\n".join(lines), where)
    except RegulationError:  # a line of a text may begin like a table
        content = toml(text, where)
    if "in_force" not in content and "in_force" in text:
        content = toml(text, where)
    try:
        return Head.model_validate({key: content[key] for key in Head.model_fields if key in content})
    except ValidationError as error:
        raise refused(RegulationError, error, Head).within(where) from None


def ids() -> tuple[str, ...]:
    """The ids of what is shipped, frameworks included, in alphabetical order.

    Example:
        >>> ids()[:2]
        ('bac-giang-30-2019', 'bac-giang-734-2014')
    """
    return _shipped().ids()


@cache
def get(regulation_id: str) -> Regulation:
    """The shipped regulation, or framework, with this id.

    Raises:
        NoRegulation: there is none; the error names those that are shipped.

    Example:
        >>> get("national-28-2018").norms["advanced-machinery"].cap
        300000000
    """
    expect(str, regulation_id, "regulation", "the id of a regulation, such as hung-yen-553-2025")
    return _shipped().get(regulation_id)


# --- places -----------------------------------------------------------------------------------------------------------


class Known(Record):
    """A text that exists and whose figures nobody could read, or that no text was found; for a province."""

    province: Code
    document: OneLine | None = None
    text: Sentence
    certainty: Annotated[Certainty, one_of(get_args(Certainty))]


class _KnownTexts(Record):
    texts: Annotated[tuple[Known, ...], Field(strict=False)]


@cache
def known_texts() -> tuple[Known, ...]:
    """The texts that exist and whose figures nobody could read."""
    return _KnownTexts.model_validate(tomllib.loads((LAW / "known.toml").read_text(encoding="utf-8"))).texts


# --- found by place and day -------------------------------------------------------------------------------------------


def law_of(regulation: Regulation | str | None, province: str | None, on: date, former_province: str | None) -> Regulation:
    """The regulation that is handed in, or named by its id, or else the one in force.

    Raises:
        NoRegulation: as `get` and `find`.
        InputTypeError: it is none.
    """
    if regulation is None:
        return _found(province, on, former_province, None)
    return named_law(regulation)


def named_law(regulation: Regulation | str, where: str = "regulation") -> Regulation:
    """The regulation that is handed in, or named by its id.

    Raises:
        NoRegulation: there is none of that id.
        InputTypeError: it is none.

    Example:
        >>> named_law("hung-yen-553-2025").province
        'hung-yen'
    """
    if isinstance(regulation, str):
        return get(regulation)
    expect(Regulation, regulation, where, "a Regulation, such as catalogue.get(id), or the id of one that is shipped")
    return regulation


def find(
    province: str | None, on: date, former_province: str | None = None, *, among: Catalogue | None = None
) -> Regulation:
    """The regulation in force in a province on a day; `None` as province finds the national one.

    What a province that was merged on 1 July 2025 signed before holds from that day only where `former_province` is that
    province (reading `territory`). Where it is not stated, the older text of the province of the same name is found, and
    `assess` asks. `among` is a catalogue of one's own (`read_directory`), in place of what is shipped.

    Raises:
        NoRegulation: none is known for that place and day (or more than one); the error names what is known, with days.
        InputTypeError: a place is no text, or the day no day.

    Example:
        >>> find("hung-yen", date(2026, 3, 2), "hung-yen").id
        'hung-yen-553-2025'
        >>> find("hung-yen", date(2024, 3, 2))
        Traceback (most recent call last):
        kcgrant.errors.NoRegulation: hung-yen on 2024-03-02: no regulation in force is known; known there:
        hung-yen-553-2025 (from 2025-02-28). Name one to compare with
    """
    for where, name in (("province", province), ("former_province", former_province)):
        expect((str, NoneType), name, where, "a code of a province, such as hung-yen, or None")
    expect_day(on, "on")
    return _found(province, on, former_province, among)


@lru_cache(maxsize=1024)
def _found(province: str | None, on: date, former_province: str | None, among: Catalogue | None) -> Regulation:
    among = among or _shipped()
    place = place_on(province, on, former_province)
    there = [head for head in among.heads.values() if _holds_in(head, place, on)]
    found = [head for head in there if head.covers(on)]
    newer = [head for head in found if not head.of_old] if on >= merger().day else []
    laws = [law for law in (among.get(head.id) for head in newer or found) if law.norms]
    if len(laws) == 1:
        return laws[0]
    found = [among.heads[law.id] for law in laws]
    raise NoRegulation([_not_one(province, on, place, found or there, among)])


@dataclass(frozen=True, slots=True)
class KnownNorm:
    """A norm in force: its id, its title and the law it stands in; amounts in whole đồng, None where the law states none."""

    id: str
    title: Text | None
    rate: Fraction | None
    cap_vnd: int | None
    technology_line_cap_vnd: int | None
    per: str | None
    regulation: str
    document: str


def norms(province: str | None, on: date, former_province: str | None = None) -> tuple[KnownNorm, ...]:
    """The norms in force in a province on a day, one record each, in the order of the law.

    Raises:
        NoRegulation: as `find`.

    Example:
        >>> [(one.id, one.cap_vnd) for one in norms("hung-yen", date(2026, 3, 2), "hung-yen")][:2]
        [('demonstration-model', 1000000000), ('replication-model', 100000000)]
    """
    law = find(province, on, former_province)
    return tuple(
        KnownNorm(name, one.title, one.rate, one.cap, one.technology_line_cap_vnd, one.per, law.id, law.document)
        for name, one in law.norms.items()
    )


def _holds_in(head: Head, place: Place, on: date) -> bool:
    """Whether a text is of a place: since the merger an older one holds only where its own province lay."""
    if on >= merger().day and place.former and head.of_old:
        return head.province == place.former
    return head.province == place.province


def _not_one(province: str | None, on: date, place: Place, there: Sequence[Head], among: Catalogue) -> Fault:
    """The fault of none, or of several, of a place that are in force on a day."""
    parts, known = former_provinces(place.province or ""), [head for head in there if head.in_force]
    if place.former and place.former not in parts:
        told = "{place}: given the former province {given}; its former provinces are {known}{hint}"
        return fault("", told, place=province, given=place.former, known=parts, hint=hint(place.former, parts))
    called = shown(province)[1:-1] if province else both("national")
    if any(head.covers(on) for head in known):
        told = "{place} on {on}: {count} regulations are in force: {known}. Name the one that applies"
    elif known:
        told = "{place} on {on}: no regulation in force is known{exists}; known there: {known}. Name one to compare with"
    elif place.former:
        told = "{place} on {on}: no rule of the former {former} is known{exists}; known: {known}. Name one to compare with"
    elif parts and on >= merger().day:
        told = "{place} on {on}: which rule holds depends on the former province, one of {parts}{exists}; known: {known}"
    else:
        told = (
            "{place} on {on}: no regulation of this place is known{exists}; known: {known}. Name one to compare with{hint}"
        )
    count, known = len(known), known or [head for head in among.heads.values() if head.in_force]
    real = {*merger().unmerged, *merger().merged, *merger().merged.values()}  # quang-ninh is no slip for quang-nam
    near = hint(None if province in real else province, [head.province for head in among.heads.values() if head.province])
    more = {"exists": _existing(place), "hint": near, "parts": parts, "former": place.former or ""}
    return fault("", told, place=called, on=on, count=count, known=_with_days(known), **more)


def _with_days(heads: Sequence[Head]) -> Text:
    days = [(head.id, head.in_force.in_words()) for head in sorted(heads, key=lambda head: head.id) if head.in_force]
    en, vi = ([f"{law} ({when[lang]})" for law, when in days] for lang in get_args(Lang))
    return Text(en=listed(en), vi=listed(vi))


def _existing(place: Place) -> Text:
    """The texts that exist there and could not be read, to stand inside a sentence; empty where there is none."""
    here = [one for one in known_texts() if one.province in ((place.former, place.province) if place.former else place[:1])]
    parts = [_existing_one(one) for one in here]
    return Text(en="".join(f" ({part.en})" for part in parts), vi="".join(f" ({part.vi})" for part in parts))


def _existing_one(one: Known) -> Text:
    if one.document is None:
        return one.text
    return both("there is {document}, {text}", document=one.document, text=one.text)
