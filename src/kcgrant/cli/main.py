"""Command line: `kcgrant`, a thin layer that reads a file, calls the library and prints.

The decision taken here: data goes to stdout, messages to stderr; exit 0 is done, 1 a check that was asked for failed, 2 bad
usage or input, 3 an error nobody foresaw. Nothing shows a stack trace, and bad input leaves stdout empty.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import Final, NoReturn

from kcgrant.cli.spoken import language_of, spoken, translate
from kcgrant.cli.terminal import CheckFailedError, RowsAtFaultError, tell
from kcgrant.errors import KcgrantError
from kcgrant.files import unwritable
from kcgrant.language import Lang, say

_OURS: Final = str(Path(__file__).parent.parent)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code; `arguments` are those of the process unless given.

    Example:
        >>> main(["assess", "no-such-file.json"])
        2
    """
    given = sys.argv[1:] if arguments is None else arguments
    lang = language_of(given)
    with spoken(lang):
        parser = _parser(next((word for word in given if not word.startswith("-")), None))
        if lang == "vi":
            translate(parser)
        options = parser.parse_args(given, argparse.Namespace(lang="en"))
    try:
        printed = options.command(options)
    except KcgrantError as error:
        tell("".join([f"kcgrant: {line}\n" for line in error.message(options.lang).split("\n")]), sys.stderr)
        return 2
    except RowsAtFaultError as failed:
        tell(failed.args[0], sys.stdout)
        return 1
    except CheckFailedError as failed:
        tell(f"{failed}\n", sys.stderr or sys.stdout)
        return 1
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, an officer is not shown a stack trace
        tell(f"kcgrant: {_unforeseen(error, options.lang)}\n", sys.stderr)
        return 3
    tell(printed, sys.stdout)
    return 0


def _unforeseen(error: Exception, lang: Lang) -> str:
    """What is said of an error that nobody foresaw: where it happened, and to whom it is of use."""
    from traceback import extract_tb  # only needed on failure

    ours = [one for one in extract_tb(error.__traceback__) if one.filename.startswith(_OURS)]
    where = f"{Path(ours[-1].filename).name} {ours[-1].lineno}"
    told = (
        "kcgrant itself has failed ({kind}, {where}); a file that was being written is as it was before. Please report this "
        "line, with the input if it may be shown"
    )
    return say(told, lang, kind=type(error).__name__, where=where)


def run() -> None:
    """The command as it is installed: `main`, with text in UTF-8, and a quiet end when stopped or not listened to."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.unraisablehook = lambda _: None  # what fails while things are let go of, after a full disk say, was told before
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):  # as an exception, so that nothing half-written stays behind
            signal.signal(getattr(signal, name), _stopped)
    try:
        code = main()
        if sys.stdout:
            sys.stdout.flush()
    except KeyboardInterrupt:
        code = 130
    except BrokenPipeError:
        code = 141
    except OSError as error:  # the disk is full, say
        code = 2
        with suppress(OSError):
            told = unwritable(str(error.filename or "<stdout>"), error).line(language_of(sys.argv[1:]))
            tell(f"kcgrant: {told}\n", sys.stderr or sys.stdout)
    with suppress(OSError):  # whatever is still held back goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.exit(code)


def _stopped(number: int, _: object) -> NoReturn:
    raise SystemExit(128 + number)


class _Parser(argparse.ArgumentParser):
    """Usage errors that a terminal shows and does not obey."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        tell(f"kcgrant: {message}\n", sys.stderr)
        self.exit(2)


class _Version(argparse.Action):
    """Looks the version up only where it is asked for, since that reads what is known of the installation."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        tell(f"kcgrant {version('kcgrant')}\n", sys.stdout)
        parser.exit()


_ROOMS: Final = {
    "assess": ("assess", "norms", "check", "cases", "schema"),
    "advice": ("route", "compare"),
    "register": ("register",),
    "plan": ("plan",),
    "sheet": ("sheet",),
}
"""The commands of each room; only that of the command asked for is loaded, or all to say what there is."""


def _parser(word: str | None) -> argparse.ArgumentParser:
    common = _Parser(add_help=False)
    languages = "language of what is printed (default: en)"
    common.add_argument("--lang", choices=("en", "vi"), default=argparse.SUPPRESS, help=languages)
    parser = _Parser(
        prog="kcgrant",
        parents=[common],
        description="The most industrial-promotion (khuyến công) support that the law allows for an application, and why.",
        epilog="Exit: 0 done, 1 a check that was asked for failed, 2 bad usage or input, 3 an error of kcgrant itself.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show program's version number and exit")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    known = any(word in names for names in _ROOMS.values())
    for room, names in _ROOMS.items():
        if word in names or not known:
            import_module(f"kcgrant.cli.{room}").add_to(commands, common)
    return parser
