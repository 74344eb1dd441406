"""Commands of advice: `route` and `compare`.

The decision taken here: an owner may type what is known instead of writing a file. Where the day of approval is not given,
today is taken and said; this is the one place that looks at a clock.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import Any, Final

from kcgrant.advice import words
from kcgrant.advice.comparison import compare, impact
from kcgrant.advice.curve import curves
from kcgrant.advice.level_picture import draw_levels
from kcgrant.advice.level_tables import levels_as_csv, levels_as_markdown, levels_on_screen
from kcgrant.advice.levels import localities
from kcgrant.advice.repairs import mending
from kcgrant.advice.routes import advise
from kcgrant.application import FACT_COLUMNS, FACTS, YES_NO, Application, Place, state_all
from kcgrant.assessment.assess import assess
from kcgrant.assessment.explanation import Length
from kcgrant.assessment.record import reference_to
from kcgrant.cli import terminal
from kcgrant.errors import Fault, InputError, expected_one_of, fault, hint, printable, within
from kcgrant.fields import document
from kcgrant.files import require
from kcgrant.language import say
from kcgrant.law.catalogue import find
from kcgrant.law.regulation import Regulation, no_norms
from kcgrant.law.territory import place_on
from kcgrant.layout import Section, as_markdown
from kcgrant.parsing import amount, day, former_province, number, province_of_today, reader_of

FLAGS: Final = {f"--{fact.partition('.')[2].replace('_', '-')}": fact for fact in (*FACTS, "activity.technology_line")}
"""The flags by which facts are typed, with the fact of each."""
_PROVINCE: Final = "hung-yen"  # whose law is the first that was written down


# --- kcgrant route ----------------------------------------------------------------------------------------------------


def route(options: argparse.Namespace) -> str:
    """The routes for a project, in a file or typed, or the costs that a support takes."""
    law = terminal.given_regulation(options)
    given = [name for name in ("file", "cost", "want") if getattr(options, name) is not None]
    if len(given) != 1:
        raise InputError([fault("", 'expected one of FILE, --cost or --want; for example: kcgrant route --cost "1,2 tỷ"')])
    if law is not None and not law.norms:
        raise InputError([no_norms("--regulation", law)])
    if given == ["file"]:
        return _route_of_file(options, law)
    assumed = {name for name in ("on", "province") if getattr(options, name) is None}
    if options.province is None:
        options.province = place_on((law and law.province) or _PROVINCE, date.max, None).province
    if given == ["want"]:
        return _costs_of(options, law, assumed)
    advice = advise(_typed(options, law), law)
    if options.json:
        return terminal.as_json(advice.to_dict())
    return _printed(words.advice_in_words(advice, options.lang, assumed=assumed, length=_length(options)), options)


def _length(options: argparse.Namespace) -> Length:
    return "full" if options.full else "brief"


def _route_of_file(options: argparse.Namespace, law: Regulation | None) -> str:
    """The routes of the project in a file (where it has one activity), and what would make the application eligible."""
    _not_used(
        options, [*FLAGS.values(), "quantity", "fact", "on", "province"], "not used beside a FILE; write it into the file"
    )
    stated = _from_file(options.file)
    with within(terminal.named(options.file)):
        answer = assess(stated, law)
        advice = advise(stated, law) if len(stated.activities) == 1 else None
    if options.json:
        project = advice.to_dict() if advice else {"application": stated.model_dump(mode="json")}
        return terminal.as_json(project | mending(answer))
    parts = [words.one_project_only(stated, options.lang)]
    if advice:
        parts = words.advice_in_words(advice, options.lang, length=_length(options))
    mended, *worths = words.repairs_in_words(answer, options.lang)
    return _printed([*parts, mended, *(worths if options.full else ())], options)


def _costs_of(options: argparse.Namespace, law: Regulation | None, assumed: set[str]) -> str:
    """Which costs yield a wanted support."""
    _not_used(options, [*FLAGS.values(), "quantity", "fact"], "not used beside --want")
    wanted_vnd, on = terminal.typed("--want", amount, options.want), _day(options.on)
    former = terminal.typed("--former-province", former_province, options.former_province)
    law = law or find(terminal.typed("--province", province_of_today, options.province), on, former)
    if options.json:
        targets = [
            {"norm": curve.id, "technology_lines": curve.technology_lines} | curve.costs_for(wanted_vnd)._asdict()
            for curve in curves(law)
        ]
        return terminal.as_json({"regulation": document(reference_to(law)), "approved_on": str(on), "targets": targets})
    told, *notes = words.targets_in_words(law, curves(law), wanted_vnd, on, options.lang, assumed=assumed)
    return _printed([told, *(notes if options.full else ())], options)


def _not_used(options: argparse.Namespace, names: Sequence[str], english: str) -> None:
    """Refuses what would be ignored."""
    used = [name.rpartition(".")[2].replace("_", "-") for name in names if getattr(options, name) is not None]
    if used:
        raise InputError([fault(f"--{name}", english) for name in used])


def _typed(options: argparse.Namespace, law: Regulation | None) -> Application:
    """The application that the flags describe; every fault of them is told at once."""
    readers: dict[str, Callable[[Any], Any]] = {
        "quantity": partial(terminal.typed, "--quantity", number),
        **{fact: partial(terminal.typed, flag, reader_of(FACT_COLUMNS[fact])) for flag, fact in FLAGS.items()},
        "cost": partial(terminal.typed, "--cost", amount),
        "on": _day,
        "province": partial(terminal.typed, "--province", province_of_today),
        "former_province": partial(terminal.typed, "--former-province", former_province),
    }
    found: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, read in readers.items():
        try:
            found[name] = read(getattr(options, name))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    project = {
        "approved_on": found["on"],
        "establishment": {
            "name": say("not stated", options.lang),
            "province": found["province"],
            "former_province": found["former_province"],
        },
        "activities": [{"norm": "any", "cost_vnd": found["cost"]}],
    }
    with within("--province"):  # all else has been looked at
        stated = Application.from_dict(project)
    facts: dict[Place, Any] = {(fact, None): found[fact] for fact in FLAGS.values()}
    facts["activity.quantity", 0] = found["quantity"]
    if options.fact:
        facts |= _own_facts(options.fact, law or find(found["province"], found["on"], found["former_province"]))
    return state_all(stated, facts)


def _own_facts(typed: Sequence[str], law: Regulation) -> dict[Place, Any]:
    """The facts that a regulation declares itself, as they were typed: `tier=low`."""
    own = {column.name: (fact, column) for fact, column in law.fact_columns.items() if column.field.startswith("facts.")}
    found: dict[Place, Any] = {}
    for text in typed:
        name, _, answer = text.partition("=")
        if name not in own:
            raise InputError([expected_one_of(name, own, "--fact")])
        fact, column = own[name]
        found[fact, 0 if column.owner == "activity" else None] = terminal.typed(f"--fact {name}", reader_of(column), answer)
    return found


def _day(typed: str | None) -> date:
    """The day that was typed; today where none was."""
    return terminal.typed("--on", day, typed) or date.today()  # noqa: DTZ011  # the applicant's own calendar


def _from_file(file: str) -> Application:
    text = terminal.text_of(file)
    with within(terminal.named(file)):
        return Application.from_json(text)


# --- kcgrant compare --------------------------------------------------------------------------------------------------


def compared(options: argparse.Namespace) -> str:
    """What changes from one regulation to another, and the effect on applications; with `--all`, all localities."""
    beside = [flag for flag in _OF_ALL if getattr(options, flag)]
    if options.all:
        return _localities(options)
    if beside:
        raise InputError([fault(f"--{flag}", "used with --all only") for flag in beside])
    if options.after is None:
        raise InputError([fault("", "expected BEFORE and AFTER, or --all; for example: kcgrant compare --all")])
    before, after = terminal.named_regulation(options.before), terminal.named_regulation(options.after)
    found = compare(before, after)
    names = [terminal.named(file) for file in options.applications]
    stated = [_from_file(file) for file in options.applications]
    known = sorted(before.norms.keys() | after.norms.keys())
    if faults := [one.within(name) for name, each in zip(names, stated, strict=True) for one in _unknown(each, known)]:
        raise InputError(faults)
    effect = impact(stated, before, after) if stated else None
    if options.json:
        return terminal.as_json(found.to_dict() | ({"impact": effect.to_dict()} if effect else {}))
    told = words.impact_in_words(effect, options.lang, names) if effect else []
    return _printed(words.comparison_in_words(found, options.lang) + told, options)


_OF_ALL: Final = ("on", "norms", "full", "csv", "plot")
"""The flags that only the comparison of all localities takes."""


def _localities(options: argparse.Namespace) -> str:
    """Where Hung Yen stands among all localities."""
    if options.before is not None or options.applications:
        raise InputError([fault("--all", "takes neither regulations nor applications; leave them out")])
    on, lang = terminal.typed("--on", day, options.on), options.lang
    found = localities(on, norms=options.norms, full=options.full, home=_PROVINCE)
    if options.plot is not None:
        require("plot", "matplotlib")
        draw_levels(found, options.plot, lang)
        return f"{printable(options.plot)}\n"
    if options.json:
        return terminal.as_json(found.to_dict())
    if options.csv:
        return levels_as_csv(found, lang)
    return levels_as_markdown(found, lang) if options.markdown else levels_on_screen(found, lang, full=options.full)


def _unknown(stated: Application, known: Sequence[str]) -> Iterator[Fault]:
    """The norms that neither regulation has: slips of the pen, not differences between them."""
    told = "given {given}; neither regulation has it; known are {known}{hint}"
    for index, norm in enumerate(activity.norm for activity in stated.activities):
        if norm not in known:
            yield fault(f"activities[{index}].norm", told, given=norm, known=known, hint=hint(norm, known))


def _printed(parts: list[Section], options: argparse.Namespace) -> str:
    return as_markdown(parts) if options.markdown else terminal.on_screen(parts)


def add_to(commands: Any, common: argparse.ArgumentParser) -> None:
    """Adds the two commands to the parser of commands."""
    one = terminal.add_command(commands, common, "route", route, "which kind of support is best, and what it takes")
    one.add_argument("file", metavar="FILE", nargs="?", help="an application as JSON, instead of the flags; - for stdin")
    one.add_argument("--cost", metavar="AMOUNT", help='the cost of the project: "1,2 tỷ", "850 triệu", 1200000000')
    one.add_argument("--want", metavar="AMOUNT", help="instead of a cost: which costs yield this support")
    one.add_argument("--on", metavar="DAY", help="day on which the plan is approved: 2026-03-02 or 02/03/2026 (today)")
    one.add_argument("--province", metavar="CODE", help="a code or a name (hung-yen)")
    one.add_argument("--former-province", metavar="CODE", help="the province before the merger of 2025-07-01")
    terminal.add_regulation(one, "another regulation")
    known = one.add_argument_group("what is known about the project; what is left out is asked")
    for flag, fact in FLAGS.items():
        yes_no = FACTS.get(fact, YES_NO) == YES_NO
        known.add_argument(flag, dest=fact, metavar="yes|no" if yes_no else "CODE")
    one.add_argument("--full", action="store_true", help="each norm with its law, what answers are worth, and notes as well")
    known.add_argument("--quantity", metavar="NUMBER", help="the units, where the norm counts units")
    known.add_argument("--fact", metavar="ID=ANSWER", action="append", help="a fact that the regulation declares itself")
    terminal.add_forms(one)

    about = "what changes from one regulation to another, or where Hung Yen stands among all localities"
    two = terminal.add_command(commands, common, "compare", compared, about)
    two.add_argument("before", metavar="BEFORE", nargs="?", help="a shipped id, or a TOML file")
    two.add_argument("after", metavar="AFTER", nargs="?", help="likewise")
    effect = "applications as JSON: the effect on each, and the sums"
    two.add_argument("--applications", metavar="FILE", nargs="+", default=[], help=effect)
    every = two.add_argument_group("all localities, in place of two regulations")
    every.add_argument("--all", action="store_true", help="rate, cap and rank of every locality, norm by norm")
    every.add_argument("--on", metavar="DAY", help="only the texts in force on a day (all that are known)")
    every.add_argument("--norms", metavar="ID", nargs="+", default=(), help="these norms (those of Hung Yen)")
    every.add_argument("--full", action="store_true", help="every norm, earlier texts, and the documents")
    every.add_argument("--plot", metavar="FILE", help="draw the caps: FILE.svg or FILE.png (extra: plot)")
    terminal.add_forms(two).add_argument("--csv", action="store_true", help="print a table, each figure in a row")
