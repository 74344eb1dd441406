"""Terminal: what every command does alike: reads what it is pointed at, and shows sections as the terminal allows.

The decision taken here: each group of commands is a thin module; what they share stands here and nowhere else.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from types import ModuleType
from typing import Final

from kcgrant.application import FACTS
from kcgrant.errors import InputError, fault
from kcgrant.files import MOST_BYTES, decoded
from kcgrant.law import catalogue
from kcgrant.law.regulation import Regulation, read
from kcgrant.layout import Section, as_text, view
from kcgrant.parsing import amount

FLAGS: Final = {f"--{fact.partition('.')[2].replace('_', '-')}": fact for fact in (*FACTS, "activity.technology_line")}
"""The flags by which facts are typed, with the fact of each."""


class RowsAtFaultError(Exception):
    """With `--strict`: some rows could not be assessed; the message is the summary."""


class CheckFailedError(Exception):
    """A check that was asked for has failed; the message says how."""


def named_regulation(name: str) -> Regulation:
    """A regulation by its id, or from a file where the name looks like one."""
    return read(name) if name.endswith(".toml") or os.sep in name else catalogue.get(name)


def typed_amount(flag: str, typed: str) -> int:
    """The amount in đồng, at least 1, that was typed after a flag: "850 triệu", "1,2 tỷ", 1200000000.

    Raises:
        InputError: it is none, or can be read in two ways.
    """
    try:
        return amount(typed)
    except InputError as error:
        raise error.within(flag) from None


def standard_input() -> str:
    """The text that is given on standard input.

    Raises:
        InputError: there is none, it is too large, or it is not UTF-8.
    """
    if sys.stdin is None:
        raise InputError([fault("<stdin>", "there is no standard input")])
    return decoded(sys.stdin.buffer.read(MOST_BYTES + 1), "<stdin>", InputError)


def on_screen(parts: list[Section]) -> str:
    """The parts as plain text, or as a styled view where stdout is a terminal."""
    if not (sys.stdout and sys.stdout.isatty()):
        return as_text(parts)
    from rich.console import Console

    console = Console()
    with console.capture() as captured:
        console.print(view(parts))
    return captured.get()


def extra_module(extra: str, module: str) -> ModuleType:
    """A module that needs an extra, or a word on how to have it."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if (error.name or "kcgrant").partition(".")[0] == "kcgrant":
            raise
        raise InputError([fault("", "this needs the extra {extra}: install kcgrant[{extra}]", extra=extra)]) from None
