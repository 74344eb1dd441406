"""Commands of advice: `route` and `compare`.

The decision taken here: an owner may type what is known instead of writing a file. Where the day of approval is not given,
today is taken and said; this is the one place that looks at a clock.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from kcgrant.advice.comparison import compare, impact
from kcgrant.advice.curve import curves
from kcgrant.advice.repairs import mending
from kcgrant.advice.routes import advise, no_norms
from kcgrant.advice.words import (
    advice_in_words,
    comparison_in_words,
    impact_in_words,
    one_project_only,
    repairs_in_words,
    targets_in_words,
)
from kcgrant.application import FACT_COLUMNS, FACTS, YES_NO, Application
from kcgrant.assessment.assess import assess
from kcgrant.assessment.record import reference_to
from kcgrant.cli.terminal import FLAGS, named_regulation, on_screen, standard_input, typed_amount
from kcgrant.errors import Fault, InputError, KcgrantError, nearest, printable, shown
from kcgrant.files import read_text
from kcgrant.language import Text, listed, say
from kcgrant.law.catalogue import find
from kcgrant.law.regulation import Regulation
from kcgrant.layout import Section, as_markdown
from kcgrant.parsing import day, province, reader_of

_PROVINCE = "hung-yen"  # whose law is the first that was written down
# --- kcgrant route ----------------------------------------------------------------------------------------------------


def route(options: argparse.Namespace) -> str:
    """The routes for a project, in a file or typed, or the costs that a support takes."""
    law = None if options.regulation is None else named_regulation(options.regulation)
    given = [name for name in ("file", "cost", "want") if getattr(options, name) is not None]
    if len(given) != 1:
        raise InputError([_one_of_three()])
    if law is not None and not law.norms:
        raise InputError([no_norms("--regulation", law)])
    if given == ["file"]:
        return _route_of_file(options, law)
    assumed = {name for name in ("on", "province") if getattr(options, name) is None}
    if options.province is None:
        options.province = (law and law.province) or _PROVINCE
    if given == ["want"]:
        return _costs_of(options, law, assumed)
    advice = advise(_typed(options), law)
    return (
        _json(advice.to_dict())
        if options.json
        else _printed(advice_in_words(advice, options.lang, assumed=assumed), options)
    )


def _one_of_three() -> Fault:
    en = 'expected one of FILE, --cost or --want; for example: kcgrant route --cost "1,2 tỷ"'
    return Fault("", Text(en=en, vi='cần một trong ba: FILE, --cost hoặc --want; ví dụ: kcgrant route --cost "1,2 tỷ"'))


def _route_of_file(options: argparse.Namespace, law: Regulation | None) -> str:
    """The routes of the project in a file (where it has one activity), and what would make the application eligible."""
    _not_used(options, [*FLAGS.values(), "on", "province"], "a FILE; write it into the file")
    stated = _from_file(options.file)
    alone = len(stated.activities) == 1
    with _named(options.file):
        answer = assess(stated, law)
        advice = advise(stated, law) if alone else None
    if options.json:
        return _json((advice.to_dict() if advice else {"application": json.loads(stated.to_json())}) | mending(answer))
    parts = advice_in_words(advice, options.lang) if advice else [one_project_only(stated, options.lang)]
    return _printed([*parts, *repairs_in_words(answer, options.lang)], options)


def _not_used(options: argparse.Namespace, names: Sequence[str], beside: str) -> None:
    """Refuses what would be ignored."""
    for name in names:
        if getattr(options, name) is not None:
            flag = f"--{name.rpartition('.')[2].replace('_', '-')}"
            vi = {"a": "không dùng cùng với FILE; hãy ghi vào tệp", "-": "không dùng cùng với --want"}[beside[0]]
            raise InputError([Fault(flag, Text(en=f"not used beside {beside}", vi=vi))])


@contextmanager
def _named(name: str) -> Iterator[None]:
    """Says in which file a fault stands."""
    where = "<stdin>" if name == "-" else printable(name)
    try:
        yield
    except KcgrantError as error:
        faults = [Fault(f"{where}: {fault.where}" if fault.where else where, fault.text) for fault in error.faults]
        raise type(error)(faults, error.more) from None


def _from_file(name: str) -> Application:
    text = standard_input() if name == "-" else read_text(Path(name), InputError)
    with _named(name):
        return Application.from_json(text)


def _costs_of(options: argparse.Namespace, law: Regulation | None, assumed: set[str]) -> str:
    """Which costs yield a wanted support."""
    _not_used(options, list(FLAGS.values()), "--want")
    wanted_vnd, on = typed_amount("--want", options.want), _typed_day(options.on)
    law = law or find(province(options.province), on)
    if options.json:
        targets = [(curve, curve.costs_for(wanted_vnd)._asdict()) for curve in curves(law)]
        found = [{"norm": curve.id, "technology_lines": curve.technology_lines} | one for curve, one in targets]
        return _json({"regulation": asdict(reference_to(law)), "approved_on": str(on), "targets": found})
    return _printed(targets_in_words(law, curves(law), wanted_vnd, on, options.lang, assumed=assumed), options)


def _typed(options: argparse.Namespace) -> Application:
    """The application that the flags describe; every fault of them is told at once."""
    faults: list[Fault] = []
    facts: dict[str, dict[str, Any]] = {"establishment": {}, "application": {}, "activity": {}}
    for flag, fact in FLAGS.items():
        owner, _, field = fact.partition(".")
        typed = getattr(options, fact)
        facts[owner][field] = None if typed is None else _tried(faults, flag, reader_of(FACT_COLUMNS[fact]), typed)
    cost_vnd = _tried(faults, "", partial(typed_amount, "--cost"), options.cost)
    on = _tried(faults, "--on", _day, options.on)
    place = _tried(faults, "--province", province, options.province)
    if faults:
        raise InputError(faults)
    name = say("not stated", options.lang)
    document = {
        "approved_on": on,
        "establishment": {"name": name, "province": place, **facts["establishment"]},
        "activities": [{"norm": "any", "cost_vnd": cost_vnd, **facts["activity"]}],
        **facts["application"],
    }
    try:
        return Application.from_dict(document)
    except InputError as error:  # all else has been looked at
        raise InputError([Fault("--province", fault.text) for fault in error.faults]) from None


def _tried(faults: list[Fault], flag: str, read_one: Callable[[str], Any], typed: str) -> Any:
    """What a reader makes of what was typed behind a flag, or None with its faults kept."""
    try:
        return read_one(typed)
    except InputError as error:
        faults += (error.within(flag) if flag else error).faults
        return None


def _typed_day(typed: str | None) -> date:
    try:
        return _day(typed)
    except InputError as error:
        raise error.within("--on") from None


def _day(typed: str | None) -> date:
    """The day that was typed; today where none was."""
    return date.today() if typed is None else day(typed)  # noqa: DTZ011  # the applicant's own calendar


# --- kcgrant compare --------------------------------------------------------------------------------------------------


def compared(options: argparse.Namespace) -> str:
    """What changes from one regulation to another, and the effect on applications."""
    before, after = named_regulation(options.before), named_regulation(options.after)
    found = compare(before, after)
    stated = [(name, _from_file(name)) for name in options.applications]
    for name, application in stated:
        _known_somewhere(name, application, before, after)
    effect = impact([application for _, application in stated], before, after) if stated else None
    if options.json:
        document = found.to_dict()
        return _json(document | {"impact": effect.to_dict()} if effect else document)
    parts = comparison_in_words(found, options.lang)
    names = [printable(name) for name in options.applications]
    return _printed(parts + (impact_in_words(effect, options.lang, names) if effect else []), options)


def _known_somewhere(name: str, stated: Application, before: Regulation, after: Regulation) -> None:
    """Refuses a norm that neither regulation has: a slip of the pen, not a difference between them."""
    known = sorted(before.norms.keys() | after.norms.keys())
    for index, activity in enumerate(stated.activities):
        if activity.norm not in known:
            where = f"{printable(name)}: activities[{index}].norm"
            near = nearest(activity.norm, known)
            en = f"given {shown(activity.norm)}; neither regulation has it; known are {listed(known)}"
            vi = f"giá trị {shown(activity.norm)}; không văn bản nào có; các mức chi: {listed(known)}"
            more = (f". Did you mean {near}?", f". Có phải ý bạn là {near}?") if near else ("", "")
            raise InputError([Fault(where, Text(en=en + more[0], vi=vi + more[1]))])


def _printed(parts: list[Section], options: argparse.Namespace) -> str:
    return as_markdown(parts) if options.markdown else on_screen(parts)


def _json(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def add_to(commands: Any, common: argparse.ArgumentParser) -> None:
    """Adds the two commands to the parser of commands."""
    one = commands.add_parser("route", parents=[common], help="which kind of support is best, and what it takes")
    one.add_argument("file", metavar="FILE", nargs="?", help="an application as JSON, instead of the flags; - for stdin")
    one.add_argument("--cost", metavar="AMOUNT", help='the cost of the project: "1,2 tỷ", "850 triệu", 1200000000')
    one.add_argument("--want", metavar="AMOUNT", help="instead of a cost: which costs yield this support")
    one.add_argument("--on", metavar="DAY", help="day on which the plan is approved: 2026-03-02 or 02/03/2026 (today)")
    one.add_argument("--province", metavar="CODE", help="a code or a name (hung-yen)")
    one.add_argument("--regulation", metavar="ID", help="another regulation: a shipped id, or a TOML file")
    known = one.add_argument_group("what is known about the project; what is left out is asked")
    for flag, fact in FLAGS.items():
        yes_no = FACTS.get(fact, YES_NO) == YES_NO
        known.add_argument(flag, dest=fact, metavar="yes|no" if yes_no else "CODE")
    _forms(one)
    one.set_defaults(command=route)

    two = commands.add_parser("compare", parents=[common], help="what changes from one regulation to another")
    two.add_argument("before", metavar="BEFORE", help="a shipped id, or a TOML file")
    two.add_argument("after", metavar="AFTER", help="likewise")
    effect = "applications as JSON: the effect on each, and the sums"
    two.add_argument("--applications", metavar="FILE", nargs="+", default=[], help=effect)
    _forms(two)
    two.set_defaults(command=compared)


def _forms(command: argparse.ArgumentParser) -> None:
    form = command.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print a JSON document")
    form.add_argument("--markdown", action="store_true", help="print Markdown")
