"""Spoken: the command line in Vietnamese, its help and what argparse itself says of a call that is wrong.

The decision taken here: commands describe themselves in English where they are defined, and one catalogue has the
Vietnamese. Argparse asks `gettext` for its own words; while a call is read, it is given ours, since gettext would want a
compiled catalogue and one language for the whole process.
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from kcgrant.language import Lang


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """The Vietnamese of the command line: of its help, of the places to fill in, and of argparse."""
    return tomllib.loads((Path(__file__).parent / "vi.toml").read_text(encoding="utf-8"))


def language_of(words: Sequence[str]) -> Lang:
    """The language that a call asks for, before it is read.

    Example:
        >>> language_of(["plan", "--lang", "vi"]), language_of(["--lang=vi"]), language_of(["--language"])
        ('vi', 'vi', 'en')
    """
    for place, word in enumerate(words):
        flag, equals, value = word.partition("=")
        if len(flag) > 2 and "--lang".startswith(flag):
            return "vi" if (value if equals else "".join(words[place + 1 : place + 2])) == "vi" else "en"
    return "en"


@contextmanager
def spoken(lang: Lang) -> Iterator[None]:
    """Has argparse speak a language while a parser is made and a call is read."""
    if lang == "en":
        yield
        return
    words, places = catalogue()["argparse"], ("_", "ngettext")
    before = {name: getattr(argparse, name) for name in places}
    vars(argparse)["_"] = lambda text: words.get(text, text)
    vars(argparse)["ngettext"] = lambda one, many, number: words.get(one if number == 1 else many, many)
    try:
        yield
    finally:
        vars(argparse).update(before)


def translate(parser: argparse.ArgumentParser) -> None:
    """Puts the help of a parser, and of its commands, into Vietnamese."""
    words, places = catalogue()["help"], catalogue()["places"]
    parser.description = words.get(parser.description or "", parser.description)
    parser.epilog = words.get(parser.epilog or "", parser.epilog)
    for group in parser._action_groups:  # noqa: SLF001 - argparse has no other way to its own parts
        group.title = words.get(group.title or "", group.title)
    for action in parser._actions:  # noqa: SLF001
        action.help = words.get(action.help or "", action.help)
        if isinstance(action.metavar, str):
            action.metavar = places.get(action.metavar, action.metavar)
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for told in action._choices_actions:  # noqa: SLF001
                told.help = words.get(told.help or "", told.help)
            for command in action.choices.values():
                translate(command)
