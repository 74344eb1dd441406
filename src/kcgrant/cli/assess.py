"""Commands about one application or one regulation: `assess`, `norms`, `check`, `cases` and `schema`.

The decision taken here: a command reads, calls the library, and returns what is printed.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from datetime import date
from functools import partial
from itertools import islice
from typing import Any

from kcgrant.application import MOST_ENTRIES, Application
from kcgrant.assessment.assess import assess
from kcgrant.assessment.explanation import Length, explain, norms_of, sections
from kcgrant.assessment.record import json_schema
from kcgrant.cli import terminal
from kcgrant.errors import MOST_FAULTS, Fault, InputError, NoRegulation, fault, printable, within
from kcgrant.fields import Record
from kcgrant.files import require
from kcgrant.language import say
from kcgrant.law import catalogue
from kcgrant.law.catalogue import find
from kcgrant.law.regulation import Regulation, no_norms, read, unknown_norms
from kcgrant.parsing import amount


def assessed(options: argparse.Namespace) -> str:
    """The ceiling of one application, explained or as a document."""
    law, text = terminal.given_regulation(options), terminal.text_of(options.file)
    with within(terminal.named(options.file)):
        try:
            answer = assess(read_application(text, law), law)
        except NoRegulation as error:
            faults = [fault(one.where, "{told} (--regulation ID)", told=one.text) for one in error.faults]
            raise NoRegulation(faults) from None
    if options.json:
        return answer.to_json(indent=2) + "\n"
    length: Length = "full" if options.full else "brief"
    if options.markdown or options.html:
        return explain(answer, options.lang, "html" if options.html else "markdown", length)
    return terminal.on_screen(sections(answer, options.lang, length))


def read_application(text: str, law: Regulation | None) -> Application:
    """The application, or every fault of it, unknown norms included, although the law is looked at later."""
    try:
        return Application.from_json(text)
    except InputError as error:
        raise InputError([*error.faults, *unknown_norms_in(text, law)], error.more) from None


def norms(options: argparse.Namespace) -> str:
    """The norms of a regulation, or of all that are known, in words or drawn."""
    if options.plot is not None or options.mark is not None:
        return _plot(options)
    if options.regulation is not None:
        return terminal.on_screen(norms_of(terminal.named_regulation(options.regulation), options.lang))
    laws = map(catalogue.get, catalogue.ids())
    return terminal.on_screen([part for law in laws if law.norms for part in norms_of(law, options.lang)])


def _plot(options: argparse.Namespace) -> str:
    """The norms of a regulation as a drawing."""
    from kcgrant.advice.chart import Drawn, as_chart
    from kcgrant.advice.curve import curves
    from kcgrant.advice.picture import draw

    if options.regulation is None or options.plot is None:
        told = "name the regulation and the file, as in: kcgrant norms hung-yen-553-2025 --plot norms.svg"
        raise InputError([fault("--plot", told)])
    law = terminal.named_regulation(options.regulation)
    drawn = [Drawn(law, curve) for curve in curves(law)]
    mark_vnd = terminal.typed("--mark", amount, options.mark)
    if options.plot == "-":
        wide = shutil.get_terminal_size().columns if sys.stdout and sys.stdout.isatty() else 100
        return as_chart(drawn, options.lang, mark_vnd=mark_vnd, width=min(wide, 100))
    require("plot", "matplotlib")
    draw(drawn, options.plot, options.lang, mark_vnd=mark_vnd)
    return f"{printable(options.plot)}\n"


def checked(options: argparse.Namespace) -> str:
    """What `check` finds of a regulation file that is sound, with the laws and proofs asked for."""
    law, lang = read(options.file), options.lang
    conditions = {condition.id for condition in law.all_conditions}
    sound = "sound: {law} (norms: {norms}, conditions: {conditions}), SHA-256 {digest}"
    lines = [say(sound, lang, law=law.id, norms=len(law.norms), conditions=len(conditions), digest=law.digest)]
    if law.norms and law.framework is None:
        lines.append(say("note: no framework, so nothing is asked beside the conditions of this file", lang))
    idle = [c.id for c in law.all_conditions if law.norms and c.norms is not None and not law.norms.keys() & set(c.norms)]
    if idle:
        told = "note: the conditions {idle} are never asked, since no norm here has an id that they name"
        lines.append(say(told, lang, idle=idle))
    if law.unexpressed:
        told = "note: it holds of the file, not of the text; {count} clauses are not expressed, and nothing is assured there"
        lines.append(say(told, lang, count=len(law.unexpressed)))
    if options.laws:
        require("testing", "hypothesis")
        from kcgrant import testing

        try:
            testing.check(law)
        except testing.LawsBroken as error:
            raise terminal.CheckFailedError(str(error)) from None
        lines.append(say("the laws hold: {count}", lang, count=len(testing.LAWS)))
    if options.prove:
        require("proof", "z3", "hypothesis")
        from kcgrant.testing.proof import prove

        proofs = prove(law)
        if refuted := [proof for proof in proofs if proof.outcome == "refuted"]:
            raise terminal.CheckFailedError("\n\n".join(f"{proof}\n\n{proof.test(law)}" for proof in refuted))
        lines += [proof.in_words(lang, law) for proof in proofs]
    return "".join(f"{printable(options.file)}: {line}\n" for line in lines)


def cases(options: argparse.Namespace) -> str:
    """The boundary cases of a regulation with their answers."""
    require("testing", "hypothesis")
    from kcgrant.testing import as_csv, boundary_cases

    law = terminal.named_regulation(options.regulation)
    if not law.norms:
        raise InputError([no_norms("regulation", law)])
    cases = boundary_cases(law)
    return as_csv(cases) if options.csv else terminal.as_json([case.to_dict() for case in cases])


def schema(options: argparse.Namespace) -> str:
    """The JSON schema of a document."""
    records: dict[str, type[Record]] = {"application": Application, "regulation": Regulation}
    record = records.get(options.document)
    return terminal.as_json(json_schema() if record is None else record.model_json_schema())


def unknown_norms_in(text: str, law: Regulation | None) -> list[Fault]:
    """The norms, in a text of JSON that is faulty otherwise, that the regulation does not have, as far as it can be told.

    So the faults of an application can all be told at once. Empty where the text tells neither place nor day.
    """
    try:
        document = json.loads(text)
        if law is None:
            here, on = document["establishment"], date.fromisoformat(document["approved_on"])
            law = find(here["province"], on, here.get("former_province"))
        lists = ("activities", "prior_support")
        named = {key: [entry["norm"] for entry in document.get(key, ())[:MOST_ENTRIES]] for key in lists}
    except NoRegulation as error:
        return list(error.faults)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return []
    return list(islice(unknown_norms(law, **named), MOST_FAULTS))


def add_to(commands: Any, common: argparse.ArgumentParser) -> None:
    """Adds the commands to a parser."""
    command = partial(terminal.add_command, commands, common)
    one = command("assess", assessed, "the ceiling of support for one application")
    one.add_argument("file", metavar="FILE", help="the application as JSON; - for standard input")
    terminal.add_regulation(one)
    forms = terminal.add_forms(one, "print the record as a JSON document", "print the explanation as Markdown")
    forms.add_argument("--html", action="store_true", help="print the explanation as a page of HTML, for A4")
    one.add_argument("--full", action="store_true", help="conditions, readings, notes and sources as well")

    listed = command("norms", norms, "the norms of the regulations that are known")
    listed.add_argument("regulation", metavar="ID", nargs="?", help="a shipped id, or a TOML file (default: all shipped)")
    listed.add_argument("--plot", metavar="FILE", help="draw them: FILE.svg or FILE.png (extra: plot); - for the terminal")
    listed.add_argument("--mark", metavar="AMOUNT", help="mark a cost on the drawing")

    check = command("check", checked, "validate and proofread a regulation file")
    check.add_argument("file", metavar="FILE.toml")
    check.add_argument("--laws", action="store_true", help="try the laws of any ceiling on it as well (extra: testing)")
    check.add_argument("--prove", action="store_true", help="prove the laws of each norm for all costs (extra: proof)")

    boundary = command("cases", cases, "boundary cases with answers, to accept other programs by")
    boundary.add_argument("regulation", metavar="ID", help="a shipped id, or a TOML file")
    boundary.add_argument("--csv", action="store_true", help="print a table instead of JSON")

    printed = command("schema", schema, "the JSON schema of a document")
    printed.add_argument("document", choices=("application", "assessment", "regulation"))
