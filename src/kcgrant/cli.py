"""Command line: `kcgrant`, a thin layer that reads a file, calls the library and prints.

The decision taken here: data goes to stdout, messages to stderr; exit 0 is done, 1 a check that was asked for failed, 2 bad
usage or input. Bad input never shows a stack trace and leaves stdout empty.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kcgrant import catalogue
from kcgrant.application import Application
from kcgrant.assess import assess
from kcgrant.errors import MOST_BYTES, Fault, InputError, KcgrantError, Lang, decoded, printable, read_text
from kcgrant.explain import Section, as_text, explain, norms_of, sections, view
from kcgrant.record import json_schema
from kcgrant.regulation import Regulation, read

if TYPE_CHECKING:
    from collections.abc import Callable


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code; `arguments` are those of the process unless given.

    Example:
        >>> main(["assess", "no-such-file.json"])
        2
    """
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], str] = options.command
    try:
        printed = command(options)
    except KcgrantError as error:
        for line in error.message(options.lang).splitlines():
            print(f"kcgrant: {line}", file=sys.stderr)
        return 2
    sys.stdout.write(printed)
    return 0


def run() -> None:
    """The command as it is installed: `main`, with text in UTF-8 and quiet ends for Ctrl-C and a closed pipe."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        code = main()
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 141
    sys.exit(code)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kcgrant",
        description="The most industrial-promotion (khuyến công) support that the law allows for an application, and why.",
        epilog="Exit: 0 done, 1 a check that was asked for failed, 2 bad usage or input.",
    )
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--lang", choices=("en", "vi"), default="en", help="language of what is printed (default: en)")

    one = commands.add_parser("assess", parents=[common], help="the ceiling of support for one application")
    one.add_argument("file", metavar="FILE", help="the application as JSON; - for standard input")
    one.add_argument("--regulation", metavar="ID", help="compare with this regulation: a shipped id, or a TOML file")
    form = one.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print the record as a JSON document")
    form.add_argument("--markdown", action="store_true", help="print the explanation as Markdown")
    one.set_defaults(command=_assess)

    norms = commands.add_parser("norms", parents=[common], help="the norms of the regulations that are known")
    norms.add_argument("regulation", metavar="ID", nargs="?", help="a shipped id, or a TOML file (default: all shipped)")
    norms.set_defaults(command=_norms)

    check = commands.add_parser("check", parents=[common], help="validate and proofread a regulation file")
    check.add_argument("file", metavar="FILE.toml")
    check.set_defaults(command=_check)

    schema = commands.add_parser("schema", parents=[common], help="the JSON schema of a document")
    schema.add_argument("document", choices=("application", "assessment", "regulation"))
    schema.set_defaults(command=_schema)
    return parser


def _version() -> str:
    from importlib.metadata import version

    return f"kcgrant {version('kcgrant')}"


def _assess(options: argparse.Namespace) -> str:
    law = _regulation(options.regulation) if options.regulation else None
    where = "<stdin>" if options.file == "-" else printable(options.file)
    if options.file == "-":
        text = decoded(sys.stdin.buffer.read(MOST_BYTES + 1), where, InputError)
    else:
        text = read_text(Path(options.file), InputError)
    try:
        answer = assess(Application.from_json(text), law)
    except KcgrantError as error:
        raise type(error)(Fault(f"{where}: {f.where}" if f.where else where, f.text) for f in error.faults) from None
    if options.json:
        return answer.to_json(indent=2) + "\n"
    if options.markdown:
        return explain(answer, options.lang, "markdown")
    return _shown(sections(answer, options.lang))


def _shown(parts: list[Section]) -> str:
    """The parts as plain text, or as a styled view where stdout is a terminal."""
    if not sys.stdout.isatty():
        return as_text(parts)
    from rich.console import Console

    console = Console()
    with console.capture() as captured:
        console.print(view(parts))
    return captured.get()


def _norms(options: argparse.Namespace) -> str:
    named = [options.regulation] if options.regulation else catalogue.ids()
    laws = [_regulation(name) for name in named]
    return _shown([part for law in laws if law.norms for part in norms_of(law, options.lang)])


def _check(options: argparse.Namespace) -> str:
    law = read(options.file)
    words = {
        "en": f"sound: {law.id} (norms: {len(law.norms)}, conditions: {len(law.all_conditions)})",
        "vi": f"hợp lệ: {law.id} (mức chi: {len(law.norms)}, điều kiện: {len(law.all_conditions)})",
    }
    lang: Lang = options.lang
    return f"{printable(options.file)}: {words[lang]}, SHA-256 {law.digest}\n"


def _schema(options: argparse.Namespace) -> str:
    schemas: dict[str, Callable[[], dict[str, Any]]] = {
        "application": Application.model_json_schema,
        "assessment": json_schema,
        "regulation": Regulation.model_json_schema,
    }
    return json.dumps(schemas[options.document](), ensure_ascii=False, indent=2) + "\n"


def _regulation(name: str) -> Regulation:
    """A regulation by its id, or from a file where the name looks like one."""
    return read(name) if name.endswith(".toml") or os.sep in name else catalogue.get(name)
