"""Command line: `kcgrant`, a thin layer that reads a file, calls the library and prints.

The decision taken here: data goes to stdout, messages to stderr; exit 0 is done, 1 a check
that was asked for failed, 2 bad usage or input. Bad input never shows a stack trace and leaves stdout empty.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, NoReturn

from kcgrant import catalogue
from kcgrant.application import Application
from kcgrant.assess import assess, unknown_norms
from kcgrant.cli_register import RowsAtFaultError, add_register, register
from kcgrant.door import MOST_BYTES, decoded, read_text
from kcgrant.errors import Fault, InputError, KcgrantError, NoRegulation, Text, listed, printable
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
        if sys.stderr:
            for line in error.message(options.lang).splitlines():
                print(f"kcgrant: {line}", file=sys.stderr)
        return 2
    except RowsAtFaultError as failed:
        print(failed, end="")
        return 1
    except _CheckFailedError as failed:
        print(failed, file=sys.stderr or sys.stdout)
        return 1
    print(printed, end="")
    return 0


class _CheckFailedError(Exception):
    """A check that was asked for has failed; the message says how."""


def run() -> None:
    """The command as it is installed: `main`, with text in UTF-8, and a quiet end when stopped or not listened to."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
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
            print(f"kcgrant: cannot write: {error.strerror}", file=sys.stderr or sys.stdout)
    with suppress(OSError):  # whatever is still held back goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.exit(code)


class _Parser(argparse.ArgumentParser):
    """Usage errors that a terminal shows and does not obey."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(2, f"kcgrant: {printable(message)}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="kcgrant",
        description="The most industrial-promotion (khuyến công) support that the law allows for an application, and why.",
        epilog="Exit: 0 done, 1 a check that was asked for failed, 2 bad usage or input.",
    )
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    common = _Parser(add_help=False)
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
    check.add_argument("--laws", action="store_true", help="try the laws of any ceiling on it as well (extra: testing)")
    check.add_argument("--prove", action="store_true", help="prove the laws of each norm for all costs (extra: proof)")
    check.set_defaults(command=_check)

    cases = commands.add_parser("cases", parents=[common], help="boundary cases with answers, to accept other programs by")
    cases.add_argument("regulation", metavar="ID", help="a shipped id, or a TOML file")
    cases.add_argument("--csv", action="store_true", help="print a table instead of JSON")
    cases.set_defaults(command=_cases)

    add_register(commands, common, _register)

    schema = commands.add_parser("schema", parents=[common], help="the JSON schema of a document")
    schema.add_argument("document", choices=("application", "assessment", "regulation"))
    schema.set_defaults(command=_schema)
    return parser


def _version() -> str:
    from importlib.metadata import version

    return f"kcgrant {version('kcgrant')}"


def _assess(options: argparse.Namespace) -> str:
    law = None if options.regulation is None else _regulation(options.regulation)
    where = "<stdin>" if options.file == "-" else printable(options.file)
    text = _standard_input() if options.file == "-" else read_text(Path(options.file), InputError)
    try:
        answer = assess(_application(text, law), law)
    except KcgrantError as error:
        by_hand = " (--regulation ID)" if isinstance(error, NoRegulation) else ""
        faults = [
            Fault(
                f"{where}: {fault.where}" if fault.where else where, Text(fault.text.en + by_hand, fault.text.vi + by_hand)
            )
            for fault in error.faults
        ]
        raise type(error)(faults, error.more) from None
    if options.json:
        return answer.to_json(indent=2) + "\n"
    if options.markdown:
        return explain(answer, options.lang, "markdown")
    return _shown(sections(answer, options.lang))


def _standard_input() -> str:
    if sys.stdin is None:
        raise InputError([Fault("<stdin>", Text(en="there is no standard input", vi="không có dữ liệu vào chuẩn"))])
    return decoded(sys.stdin.buffer.read(MOST_BYTES + 1), "<stdin>", InputError)


def _application(text: str, law: Regulation | None) -> Application:
    """The application, or every fault of it, unknown norms included, although the law is looked at later."""
    try:
        return Application.from_json(text)
    except InputError as error:
        raise InputError([*error.faults, *unknown_norms(text, law)], error.more) from None


def _shown(parts: list[Section]) -> str:
    """The parts as plain text, or as a styled view where stdout is a terminal."""
    if not (sys.stdout and sys.stdout.isatty()):
        return as_text(parts)
    from rich.console import Console

    console = Console()
    with console.capture() as captured:
        console.print(view(parts))
    return captured.get()


def _norms(options: argparse.Namespace) -> str:
    if options.regulation is not None:
        return _shown(norms_of(_regulation(options.regulation), options.lang))
    laws = map(catalogue.get, catalogue.ids())
    return _shown([part for law in laws if law.norms for part in norms_of(law, options.lang)])


def _check(options: argparse.Namespace) -> str:
    law, lang = read(options.file), options.lang
    conditions = len({condition.id for condition in law.all_conditions})
    vi = f"hợp lệ: {law.id} (mức chi: {len(law.norms)}, điều kiện: {conditions})"
    en = f"sound: {law.id} (norms: {len(law.norms)}, conditions: {conditions})"
    lines = [f"{vi if lang == 'vi' else en}, SHA-256 {law.digest}"]
    if law.norms and law.framework is None:
        vi = "lưu ý: không có framework, nên không hỏi điều kiện nào ngoài những điều kiện trong tệp"
        lines.append(vi if lang == "vi" else "note: no framework, so nothing is asked beside the conditions of this file")
    idle = [c.id for c in law.all_conditions if law.norms and c.norms is not None and not law.norms.keys() & set(c.norms)]
    if idle:
        vi = f"lưu ý: các điều kiện {listed(idle)} không được hỏi, vì không mức chi nào ở đây có mã mà chúng nêu"
        en = f"note: the conditions {listed(idle)} are never asked, since no norm here has an id that they name"
        lines.append(vi if lang == "vi" else en)
    if options.laws:
        testing = _extra("testing", "kcgrant.testing")
        try:
            testing.check(law)
        except testing.LawsBroken as error:
            raise _CheckFailedError(str(error)) from None
        held = len(testing.LAWS)
        lines.append(f"các luật đều đúng: {held}" if lang == "vi" else f"the laws hold: {held}")
    if options.prove:
        proofs = _extra("proof", "kcgrant.testing.proof").prove(law)
        if refuted := [proof for proof in proofs if proof.outcome == "refuted"]:
            raise _CheckFailedError("\n\n".join(f"{proof}\n\n{proof.test(law)}" for proof in refuted))
        lines += map(str, proofs)
    return "".join(f"{printable(options.file)}: {line}\n" for line in lines)


def _extra(extra: str, module: str) -> ModuleType:
    """A module that needs an extra, or a word on how to have it."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name not in ("hypothesis", "z3"):
            raise
        en = f"this needs the extra {extra}: install kcgrant[{extra}]"
        vi = f"cần phần bổ sung {extra}: hãy cài kcgrant[{extra}]"
        raise InputError([Fault("", Text(en=en, vi=vi))]) from None


def _cases(options: argparse.Namespace) -> str:
    testing = _extra("testing", "kcgrant.testing")
    cases = testing.boundary_cases(_regulation(options.regulation))
    if options.csv:
        table: str = testing.as_csv(cases)
        return table
    return json.dumps([case.to_dict() for case in cases], ensure_ascii=False, indent=2) + "\n"


def _register(options: argparse.Namespace) -> str:
    return register(options, None if options.regulation is None else _regulation(options.regulation))


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
