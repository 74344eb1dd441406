"""Errors: what kcgrant says when it refuses.

The decision taken here: an error is a list of faults. A fault names its place, what was given, what was expected and
what to do, in English and Vietnamese, in one or two lines. At most twenty are printed, then their number.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Self

from kcgrant.language import Lang, Text, both

MOST_FAULTS = 20
MOST_SHOWN = 60  # characters of a faulty value that a message repeats


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: `where` it stands (a path such as `activities[0].cost_vnd`) and `text`, what to do."""

    where: str
    text: Text

    def within(self, place: str) -> Fault:
        """The fault, its place named from farther out: in which file, on which row."""
        return Fault(f"{place}: {self.where}" if self.where else place, self.text)

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

    def __init__(self, faults: Iterable[Fault], uncounted: int = 0) -> None:
        """Keep the faults, and the number of further ones that were found but not put into words."""
        self.faults = tuple(faults)
        self.more = uncounted
        super().__init__(self.faults, uncounted)

    def within(self, place: str) -> Self:
        """The same error, the places of its faults named from farther out; `raise error.within(file) from None`."""
        return type(self)([fault.within(place) for fault in self.faults], self.more)

    def message(self, lang: Lang = "en") -> str:
        """One line for each fault, at most twenty, then how many more there are."""
        lines = [fault.line(lang) for fault in self.faults[:MOST_FAULTS]]
        if more := len(self.faults) - len(lines) + self.more:
            lines.append({"en": f"… and {more} more", "vi": f"… và {more} lỗi nữa"}[lang])
        return "\n".join(lines)

    def __str__(self) -> str:
        """The message in English."""
        return self.message()


class InputError(KcgrantError):
    """What the caller states cannot be used: an application, an amount, a file, a name."""


class InputTypeError(InputError, TypeError):
    """What is handed to a function is of another kind than it takes."""


class RegulationError(KcgrantError):
    """A regulation file cannot be trusted: its structure, a reference, or a number that its sentences do not bear out."""


class NoRegulation(KcgrantError):
    """No single regulation is known for the place and the day asked for."""


def fault(where: str, english: str, **values: object) -> Fault:
    """A fault at a place, in the words of a phrase of the catalogue; a value called `given` is repeated as `shown` does.

    Example:
        >>> fault("on", "given {given}; expected {expected}", given="1/2", expected="a day").line()
        'on: given "1/2"; expected a day'
    """
    if "given" in values:
        values["given"] = shown(values["given"])
    return Fault(where, both(english, **values))


def expect(kind: type | tuple[type, ...], value: object, where: str, expected: str) -> None:
    """Refuses a value of another kind; `expected` says in a few words what is wanted.

    Raises:
        InputTypeError: naming the place, what was given and what is expected.

    Example:
        >>> expect(int, "5", "cost_vnd", "an int")
        Traceback (most recent call last):
        kcgrant.errors.InputTypeError: cost_vnd: given "5"; expected an int
    """
    if not isinstance(value, kind):
        raise InputTypeError([fault(where, "given {given}; expected {expected}", given=value, expected=expected)])


def expect_day(value: object, where: str, *, needed: bool = True) -> None:
    """Refuses what is no day: a text, or a `datetime`, which is a moment.

    Raises:
        InputTypeError: naming the place and what was given.
    """
    if value is None and not needed:
        return
    if not isinstance(value, date) or isinstance(value, datetime):
        told = "given {given}; expected a datetime.date, such as date(2026, 3, 2)"
        raise InputTypeError([fault(where, told, given=value)])


@contextmanager
def within(place: str) -> Iterator[None]:
    """Names from farther out where the faults stand that are raised inside: behind which flag, in which file."""
    try:
        yield
    except KcgrantError as error:
        raise error.within(place) from None


def expected_one_of(given: object, known: Iterable[str], where: str = "", likeness: int = 60) -> Fault:
    """The fault of a word that is none of those known, with the nearest of them where one is near.

    Example:
        >>> expected_one_of("advanced-machinary", ["advanced-machinery", "demonstration-model"]).line()
        'given "advanced-machinary"; known: advanced-machinery, demonstration-model. Did you mean advanced-machinery?'
    """
    words = list(known)
    return fault(where, "given {given}; known: {known}{hint}", given=given, known=words, hint=hint(given, words, likeness))


def hint(given: object, known: Iterable[str], likeness: int = 60) -> Text:
    """The question whether the nearest word known was meant, to stand behind a sentence; empty where none is near."""
    near = nearest(given, known, likeness) if isinstance(given, str) else None
    return both(". Did you mean {near}?", near=near) if near else Text(en="", vi="")


def nearest(word: str, known: Iterable[str], likeness: int = 60) -> str | None:
    """The known word most like the one given, or None where none is at least `likeness` percent like it.

    Example:
        >>> nearest("advanced-machinary", ["advanced-machinery", "demonstration-model"])
        'advanced-machinery'
    """
    import difflib  # only needed on failure

    found = difflib.get_close_matches(word[:MOST_SHOWN], list(known), n=1, cutoff=likeness / 100)
    return found[0] if found else None


def shown(value: object) -> str:
    r"""A value as a message repeats it: in JSON notation, cut to sixty characters, nothing that a terminal would obey.

    Example:
        >>> shown("Hưng Yên"), shown(1.5), shown(True), shown("\x1b[2J")
        ('"Hưng Yên"', '1.5', 'true', '"\\u001b[2J"')
    """
    try:
        text = json.dumps(_little(value), ensure_ascii=False, default=repr)
    except (ValueError, TypeError):  # an integer beyond Python's digit limit, a key that is no text
        text = "a number of thousands of digits" if isinstance(value, int) else f"<{type(value).__name__}>"
    if isinstance(value, date):
        text = str(value)
    text = printable(text[: MOST_SHOWN + 1])
    return text if len(text) <= MOST_SHOWN else text[:MOST_SHOWN] + "…"


def _little(value: object, depth: int = 3) -> object:
    """As much of a value as can fit into a message."""
    if isinstance(value, str):
        return value[: MOST_SHOWN + 1]
    if isinstance(value, list | tuple):
        return [_little(item, depth - 1) for item in value[:MOST_SHOWN]] if depth else ["…"]
    if isinstance(value, dict):
        few = islice(value.items(), MOST_SHOWN) if depth else ()
        return {key[: MOST_SHOWN + 1] if isinstance(key, str) else key: _little(item, depth - 1) for key, item in few}
    return value


def printable(text: str) -> str:
    r"""A text, such as the name of a file, without anything that a terminal would obey.

    Example:
        >>> printable("a\x1b[2J.json")
        'a\\u001b[2J.json'
    """
    return text if text.isprintable() else "".join([c if c.isprintable() else _as_code(c) for c in text])


def _as_code(character: str) -> str:
    """A character as JSON writes it by number, so that a document stays what it is."""
    code = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join([f"\\u{code[at : at + 4]}" for at in range(0, len(code), 4)])


def path(location: Sequence[str | int]) -> str:
    """A place in a document, as in `activities[0].cost_vnd`.

    Example:
        >>> path(("activities", 0, "cost_vnd"))
        'activities[0].cost_vnd'
    """
    parts = [f"[{part}]" if isinstance(part, int) else "." + (shown(part)[1:-1] or '""') for part in location]
    return "".join(parts).removeprefix(".")
