"""Terminal: what every command does alike: reads what it is pointed at, and shows sections as the terminal allows.

The decision taken here: each group of commands is a thin module; what they share stands here and nowhere else.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TextIO

from kcgrant.errors import InputError, fault, printable, within
from kcgrant.files import MOST_BYTES, decoded, read_text
from kcgrant.language import Text, listed
from kcgrant.law import catalogue
from kcgrant.law.regulation import Regulation, read
from kcgrant.law.territory import province_name
from kcgrant.layout import Row, Section, as_text, view
from kcgrant.parsing import day, folded, former_province, place_of_province


class RowsAtFaultError(Exception):
    """With `--strict`: some rows could not be assessed; the message is the summary."""


class CheckFailedError(Exception):
    """A check that was asked for has failed; the message says how."""


def named_regulation(name: str) -> Regulation:
    """A regulation by its id, or from a file where the name looks like one."""
    return read(name) if name.endswith(".toml") or os.sep in name else catalogue.get(name)


def given_regulation(options: argparse.Namespace) -> Regulation | None:
    """The regulation that `--regulation` names, if it is there."""
    return None if options.regulation is None else named_regulation(options.regulation)


def given_for_rows(options: argparse.Namespace) -> dict[str, Any]:
    """What is stated on the command line for all rows of a register, as arguments of `register.read`."""
    law = given_regulation(options)
    province, named = typed("--province", place_of_province, options.province) or (None, None)
    former = typed("--former-province", former_province, options.former_province)
    if named and former and named != former:
        told = "names the former province {first}, and --former-province {second}; keep one"
        values = {"first": province_name(named), "second": province_name(former)}
        raise InputError([fault("--province", told, **values)])
    return {
        "regulation": law,
        "for_all": _for_all(options.for_all, law),
        "province": province,
        "former_province": former or named,
        "approved_on": typed("--approved-on", day, options.approved_on),
        "unit": options.unit,
        "kind_from_name": options.kind_from_name,
    }


def without_rows(options: argparse.Namespace) -> None:
    """Refuses, for a file in JSON, what is stated for all rows of a register: nothing that was typed is left unheeded."""
    names = ("province", "former_province", "approved_on", "unit", "for_all", "kind_from_name")
    if given := [name for name in names if vars(options)[name]]:
        told = "belongs to a register; in JSON it stands in each application"
        raise InputError([fault("--" + name.replace("_", "-"), told) for name in given])


def _for_all(stated: Sequence[str], law: Regulation | None) -> dict[str, object]:
    """Answers for all rows, each as `HEADING=ANSWER`, by the names of their columns."""
    from kcgrant.register.form import dossiers_under

    table, found = dossiers_under(law), dict[str, object]()
    asked = {name: one for name, one in table.columns.items() if one.kind in ("yes", "code") and name != "norm"}
    for one in stated:
        heading, equals, answer = one.partition("=")
        name = table.headings.get(folded(heading))
        with within(f"--for-all {printable(heading)}"):
            if not equals or name not in asked or name in found:
                told = "expected HEADING=ANSWER, each heading once, one of {known}"
                known = Text(en=listed(c.label.en for c in asked.values()), vi=listed(c.label.vi for c in asked.values()))
                raise InputError([fault("", told, known=known)])
            if (value := table.reader(name)(answer)) is not None:
                found[name] = value
    return found


def typed(flag: str, reader: Callable[[Any], Any], text: str | None) -> Any:
    """What a reader makes of what was typed behind a flag, its faults named by the flag; None where nothing was."""
    with within(flag):
        return None if text is None else reader(text)


def kept_apart(out: Path, *inputs: str | None) -> None:
    """Refuses to write over what is read.

    Raises:
        InputError: the file to be written is one of the inputs, under whatever name.
    """
    for one in filter(None, inputs):
        if out.exists() and Path(one).exists() and out.samefile(one):
            raise InputError([fault(printable(str(out)), "this file is read as well; name another for the result")])


def named(file: str) -> str:
    """A file as a message names it; `-` is standard input."""
    return "<stdin>" if file == "-" else printable(file)


def text_of(file: str) -> str:
    """The text of a file, or with `-` that of standard input.

    Raises:
        InputError: there is none, it may not be read, is too large, or is not UTF-8.
    """
    if file != "-":
        return read_text(Path(file), InputError)
    if sys.stdin is None:
        raise InputError([fault("<stdin>", "there is no standard input")])
    return decoded(sys.stdin.buffer.read(MOST_BYTES + 1), "<stdin>", InputError)


def as_json(plain: Any) -> str:
    """Plain values as a JSON document to be read by people too."""
    return json.dumps(plain, ensure_ascii=False, indent=2) + "\n"


class Styled(str):
    """What holds the codes of a terminal on purpose, and nothing else that it would obey."""

    __slots__ = ()


def tell(text: str, stream: TextIO | None) -> None:
    """Prints a text, the only way in which anything is printed: no character of it is obeyed by a terminal, or hidden."""
    if stream is not None:
        plain = text if isinstance(text, Styled) else "\t".join(map(_plain, text.split("\t")))
        stream.write(plain)


def on_screen(parts: list[Section]) -> str:
    """The parts as plain text, or as a styled view where stdout is a terminal."""
    if not (sys.stdout and sys.stdout.isatty()):
        return as_text(parts)
    parts = [
        Section(
            printable(part.title), tuple([Row(printable(row.label), _plain(row.value), row.strong) for row in part.rows])
        )
        for part in parts
    ]
    from rich.console import Console

    console = Console()
    with console.capture() as captured:
        console.print(view(parts))
    return Styled(captured.get())


def _plain(text: str) -> str:
    return "\n".join(map(printable, text.split("\n")))


def add_command(
    commands: Any, common: argparse.ArgumentParser, name: str, run: Callable[[argparse.Namespace], str], told: str
) -> argparse.ArgumentParser:
    """The parser of a command that is added to the others: its name, what runs it, and what is told of it."""
    parser: argparse.ArgumentParser = commands.add_parser(name, parents=[common], help=told)
    parser.set_defaults(command=run)
    return parser


def add_regulation(
    command: argparse.ArgumentParser, told: str = "compare with this regulation", *, prior: bool = False
) -> None:
    """Adds `--regulation`, and for a register `--prior`."""
    if prior:
        told_prior = "earlier support, where it does not stand in a sheet of the register"
        command.add_argument("--prior", metavar="FILE", help=told_prior)
        command.add_argument("--province", metavar="NAME", help="the province of all rows that state none")
        told_former = "the province, before the merger of 2025-07-01, of all rows that state none"
        command.add_argument("--former-province", metavar="NAME", help=told_former)
        command.add_argument("--approved-on", metavar="DAY", help="the day of approval of all rows that state none")
        command.add_argument("--unit", metavar="UNIT", help='the unit of amounts in the list, such as "triệu đồng"')
        told_all = "an answer for all rows that state none, by the heading of its column; may be repeated"
        command.add_argument("--for-all", metavar="HEADING=ANSWER", action="append", default=[], help=told_all)
        by_name = "take the kind of an establishment from the words of its name, such as HTX"
        command.add_argument("--kind-from-name", action="store_true", help=by_name)
    command.add_argument("--regulation", metavar="ID", help=f"{told}: a shipped id, or a TOML file")


def add_forms(
    command: argparse.ArgumentParser, document: str = "print a JSON document", table: str = "print Markdown"
) -> Any:
    """Adds `--json` and `--markdown`, of which one can be given; returns their group."""
    form = command.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help=document)
    form.add_argument("--markdown", action="store_true", help=table)
    return form
