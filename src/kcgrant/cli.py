"""Command line: `kcgrant`, a thin layer that reads a file, calls the library and prints.

The decision taken here: data goes to stdout, messages to stderr; exit 0 is done, 1 a check
that was asked for failed, 2 bad usage or input. Bad input never shows a stack trace and leaves stdout empty.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Sequence
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from kcgrant import catalogue, cli_advice
from kcgrant.application import Application
from kcgrant.assess import assess, unknown_norms
from kcgrant.cli_plan import add_plan
from kcgrant.cli_register import RowsAtFaultError, add_register
from kcgrant.door import read_text
from kcgrant.errors import Fault, InputError, KcgrantError, NoRegulation, Text, listed, printable
from kcgrant.explain import explain, norms_of, sections
from kcgrant.record import json_schema
from kcgrant.regulation import Regulation, read
from kcgrant.terminal import CheckFailedError, extra_module, named_regulation, on_screen, standard_input, typed_amount

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
    except CheckFailedError as failed:
        print(failed, file=sys.stderr or sys.stdout)
        return 1
    print(printed, end="")
    return 0


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

    cli_advice.add_to(commands, common)

    norms = commands.add_parser("norms", parents=[common], help="the norms of the regulations that are known")
    norms.add_argument("regulation", metavar="ID", nargs="?", help="a shipped id, or a TOML file (default: all shipped)")
    norms.add_argument("--plot", metavar="FILE", help="draw them: FILE.svg or FILE.png (extra: plot); - for the terminal")
    norms.add_argument("--mark", metavar="AMOUNT", help="mark a cost on the drawing")
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

    add_register(commands, common)
    add_plan(commands, common)

    schema = commands.add_parser("schema", parents=[common], help="the JSON schema of a document")
    schema.add_argument("document", choices=("application", "assessment", "regulation"))
    schema.set_defaults(command=_schema)
    return parser


def _version() -> str:
    from importlib.metadata import version

    return f"kcgrant {version('kcgrant')}"


def _assess(options: argparse.Namespace) -> str:
    law = None if options.regulation is None else named_regulation(options.regulation)
    where = "<stdin>" if options.file == "-" else printable(options.file)
    text = standard_input() if options.file == "-" else read_text(Path(options.file), InputError)
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
    return on_screen(sections(answer, options.lang))


def _application(text: str, law: Regulation | None) -> Application:
    """The application, or every fault of it, unknown norms included, although the law is looked at later."""
    try:
        return Application.from_json(text)
    except InputError as error:
        raise InputError([*error.faults, *unknown_norms(text, law)], error.more) from None


def _norms(options: argparse.Namespace) -> str:
    if options.plot is not None or options.mark is not None:
        return _plot(options)
    if options.regulation is not None:
        return on_screen(norms_of(named_regulation(options.regulation), options.lang))
    laws = map(catalogue.get, catalogue.ids())
    return on_screen([part for law in laws if law.norms for part in norms_of(law, options.lang)])


def _plot(options: argparse.Namespace) -> str:
    """The norms of a regulation as a drawing."""
    from kcgrant.chart import Drawn, as_chart
    from kcgrant.curve import curves
    from kcgrant.picture import draw

    if options.regulation is None or options.plot is None:
        example = "kcgrant norms hung-yen-553-2025 --plot norms.svg"
        text = Text(
            en=f"name the regulation and the file, as in: {example}", vi=f"hãy nêu văn bản và tên tệp, ví dụ: {example}"
        )
        raise InputError([Fault("--plot", text)])
    law = named_regulation(options.regulation)
    drawn = [Drawn(law, curve) for curve in curves(law)]
    mark_vnd = None if options.mark is None else typed_amount("--mark", options.mark)
    if options.plot == "-":
        wide = shutil.get_terminal_size().columns if sys.stdout and sys.stdout.isatty() else 100
        return as_chart(drawn, options.lang, mark_vnd=mark_vnd, width=min(wide, 100))
    extra_module("plot", "matplotlib")
    draw(drawn, options.plot, options.lang, mark_vnd=mark_vnd)
    return f"{printable(options.plot)}\n"


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
        testing = extra_module("testing", "kcgrant.testing")
        try:
            testing.check(law)
        except testing.LawsBroken as error:
            raise CheckFailedError(str(error)) from None
        held = len(testing.LAWS)
        lines.append(f"các luật đều đúng: {held}" if lang == "vi" else f"the laws hold: {held}")
    if options.prove:
        proofs = extra_module("proof", "kcgrant.testing.proof").prove(law)
        if refuted := [proof for proof in proofs if proof.outcome == "refuted"]:
            raise CheckFailedError("\n\n".join(f"{proof}\n\n{proof.test(law)}" for proof in refuted))
        lines += map(str, proofs)
    return "".join(f"{printable(options.file)}: {line}\n" for line in lines)


def _cases(options: argparse.Namespace) -> str:
    testing = extra_module("testing", "kcgrant.testing")
    cases = testing.boundary_cases(named_regulation(options.regulation))
    if options.csv:
        table: str = testing.as_csv(cases)
        return table
    return json.dumps([case.to_dict() for case in cases], ensure_ascii=False, indent=2) + "\n"


def _schema(options: argparse.Namespace) -> str:
    schemas: dict[str, Callable[[], dict[str, Any]]] = {
        "application": Application.model_json_schema,
        "assessment": json_schema,
        "regulation": Regulation.model_json_schema,
    }
    return json.dumps(schemas[options.document](), ensure_ascii=False, indent=2) + "\n"
