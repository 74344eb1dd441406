"""Command `kcgrant register`: a register in, the same rows with their answers out, a summary at the end.

The decision taken here: faults go to stderr, the summary to stdout; what takes over a second shows its progress on
stderr, if that is a terminal.
"""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kcgrant.cli.terminal import (
    RowsAtFaultError,
    add_command,
    add_regulation,
    given_for_rows,
    given_regulation,
    kept_apart,
    on_screen,
    tell,
)
from kcgrant.errors import MOST_FAULTS, InputError, fault, printable
from kcgrant.language import Lang, figures, say
from kcgrant.law.regulation import Regulation
from kcgrant.layout import Row, Section, as_text
from kcgrant.register.result import RegisterResult

SUMS = ("maximum", "assured")
STAGES = {"reading": "reading", "understanding": "reading", "assessing": "assessing", "writing": "writing"}


def add_to(commands: Any, common: argparse.ArgumentParser) -> None:
    """Adds the command to a parser."""
    purpose = "many applications in a table file, answers beside the rows"
    parser = add_command(commands, common, "register", register, purpose)
    parser.add_argument("input", metavar="IN", nargs="?", help="the register: .xlsx (extra: excel) or .csv")
    parser.add_argument("output", metavar="OUT", nargs="?", help="the result: .xlsx, .csv or .jsonl")
    add_regulation(parser, prior=True)
    parser.add_argument("--strict", action="store_true", help="exit 1 if any row could not be assessed")
    parser.add_argument("--template", metavar="OUT.xlsx", help="write an empty register with lists, notes and an example")


def register(options: argparse.Namespace) -> str:
    """Runs the command and returns what it prints.

    Raises:
        InputError: the files cannot be read or written, or are not both named.
        RowsAtFaultError: `--strict`, and a row could not be assessed.
    """
    from kcgrant.register.template import template

    law = given_regulation(options)
    if options.template is not None:
        if options.input is not None:
            raise InputError([fault("register", "--template is written alone; leave out IN and OUT")])
        template(options.template, options.lang)
        return printable(options.template) + "\n"
    if options.input is None:
        raise InputError([fault("register", "name the register, and the file for the result: IN OUT")])
    if options.output is None:
        return _shown(options, Path(options.input), law)
    source, target = Path(options.input), Path(options.output)
    kept_apart(target, options.input, options.prior, options.regulation)
    return _run(options, source, target, law)


def _shown(options: argparse.Namespace, source: Path, law: Regulation | None) -> str:
    """How a register is read, without anything being written."""
    from kcgrant.register.reading import read
    from kcgrant.register.result import assess_register
    from kcgrant.register.understanding import understood

    with _progress(options.lang):
        result = assess_register(read(source, options.prior, **given_for_rows(options)), law)
    counts = tuple([Row(name, number) for name, number in _counted(result.summary, options.lang).items()])
    shown = on_screen([*understood(result, options.lang), Section(say("Counts and sums", options.lang), counts)])
    if options.strict and result.faults:
        raise RowsAtFaultError(shown)
    return shown


def _run(options: argparse.Namespace, source: Path, target: Path, law: Regulation | None) -> str:
    from kcgrant.register.reading import read
    from kcgrant.register.result import assess_register
    from kcgrant.register.understanding import refused
    from kcgrant.register.writing import write, writer

    lang: Lang = options.lang
    writer(target)  # a suffix that cannot be written is told before the work
    gc.disable()  # nothing is let go of before the end, and looking for it again and again takes a third of the time
    try:
        with _progress(lang):
            result = assess_register(read(source, options.prior, **given_for_rows(options)), law)
            write(result, target, lang)
    finally:
        gc.enable()
    tell_faults(result, lang)
    shown = _counted(result.summary, lang)
    width = max(map(len, shown))
    summary = "".join(f"{name:<{width}}  {value}\n" for name, value in shown.items())
    summary += say("to {path}", lang, path=printable(str(target))) + "\n"
    if parts := refused(result, lang):
        summary += "\n" + as_text(parts)
    if options.strict and (result.faults or result.summary["rows-not-assessed"]):
        raise RowsAtFaultError(summary)
    return summary


def tell_faults(result: RegisterResult, lang: Lang) -> None:
    """Says on stderr what kept dossiers from being assessed."""
    for one in result.faults[:MOST_FAULTS]:
        tell(f"kcgrant: {one.line(lang)}\n", sys.stderr)
    if (more := len(result.faults) - MOST_FAULTS) > 0:
        tell(f"kcgrant: {say('… and {count} more', lang, count=more)}\n", sys.stderr)


def _counted(summary: Mapping[str, int], lang: Lang) -> dict[str, str]:
    """The counts and sums of a register, each by what it is called."""
    from kcgrant.register.result import SUMMARY

    return {
        say(SUMMARY[name], lang): figures(number, lang) if name in SUMS else str(number) for name, number in summary.items()
    }


@contextmanager
def _progress(lang: Lang) -> Iterator[None]:
    """How much is done and what is being done, on stderr, once a second has passed; nothing where that is no terminal."""
    if not (sys.stderr and sys.stderr.isatty()):
        yield
        return
    from threading import Timer

    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    from kcgrant.register.progress import told_to

    columns = TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn()
    shown = Progress(*columns, console=Console(stderr=True), transient=True)
    task = shown.add_task("", total=100)
    timer = Timer(1, shown.start)
    timer.start()
    try:
        with told_to(lambda stage, done: shown.update(task, description=say(STAGES[stage], lang), completed=done)):
            yield
    finally:
        timer.cancel()
        shown.stop()
