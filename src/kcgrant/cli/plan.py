"""Command `plan`: dossiers in a file, a budget, and the plan as a table or as a file.

The decision taken here: a plan is made of all the dossiers or of none: one faulty dossier, and nothing is shared out, unless
it is asked for without those at fault, which it then names.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from textwrap import wrap
from typing import Any, Final, get_args

from kcgrant.application import Application
from kcgrant.assessment.explanation import title_of
from kcgrant.cli.terminal import (
    add_command,
    add_regulation,
    given_for_rows,
    given_regulation,
    kept_apart,
    tell,
    typed,
    without_rows,
)
from kcgrant.errors import MOST_FAULTS, Fault, InputError, fault, hint, printable, shown, within
from kcgrant.files import json_value, read_text
from kcgrant.language import Lang, Text, decimal, figures, grouped, listed, say
from kcgrant.law.regulation import Regulation
from kcgrant.layout import Row, Section, as_text
from kcgrant.parsing import parse
from kcgrant.programme.plan import LeftOut, Policy, Programme, Ranking, plan, without_standing
from kcgrant.programme.requests import Standing, faulty, requests_from
from kcgrant.programme.writing import columns, head, heading, value, write, writer_for
from kcgrant.register.dossiers import norm_named
from kcgrant.register.layouts import SMALL_VND
from kcgrant.register.reading import read
from kcgrant.register.result import RegisterResult, assess_register, assess_together
from kcgrant.register.rows import Place

POLICIES: Final = get_args(Policy)
RANKINGS: Final = get_args(Ranking)


def add_to(commands: Any, common: argparse.ArgumentParser) -> None:
    """Adds the command to those of the parser."""
    one = add_command(commands, common, "plan", planned, "a year's budget shared out over many applications")
    formats = "a register (.xlsx, extra: excel; .csv) with a column of points, or applications in JSON, one a line"
    one.add_argument("file", metavar="REGISTER", help=formats)
    add_regulation(one, prior=True)
    one.add_argument("--budget", metavar="AMOUNT", required=True, help='such as "4 tỷ" or 4000000000')
    one.add_argument("--policy", choices=POLICIES, required=True, help="how it is shared")
    one.add_argument("--by", choices=RANKINGS, help="the order of ranked (default: points)")
    one.add_argument("--partial-last", action="store_true", help="the last award of ranked may be a part")
    one.add_argument("--floor", metavar="AMOUNT", default="0", help="no award is smaller")
    one.add_argument("--committed", metavar="AMOUNT", default="0", help="taken from the budget first")
    envelope = "the most that may go to a norm; may be repeated, in the order in which they are filled"
    one.add_argument("--envelope", metavar="NORM=AMOUNT", action="append", default=[], help=envelope)
    rounding = "awards are rounded down to a multiple of it"
    one.add_argument("--round-to", metavar="AMOUNT", default="0", help=rounding)
    sound = "plan the sound dossiers and list those at fault, instead of refusing all"
    one.add_argument("--without-faulty", action="store_true", help=sound)
    one.add_argument("--out", metavar="FILE", help="write the list to FILE.xlsx (extra: excel), FILE.csv or FILE.json")


def _amount(text: str) -> int:
    """An amount as typed; one under a million without a unit is a slip, since lists are kept in millions."""
    found = parse(text)
    if 0 < found < SMALL_VND and not any(map(str.isalpha, text)):
        raise InputError([fault("", "given {typed}; write the unit, such as “{typed} triệu” or “{typed} đồng”", typed=text)])
    return found


_OPTIONS: Final = ("budget_vnd", "committed_vnd", "floor_vnd", "round_to_vnd", "partial_last", "policy", "by")
_WIDTH: Final = 120
_IN_FILES_ONLY: Final = ("approved_on", "maximum_vnd", "held_vnd")
_NUMBERS: Final = ("rank", "points", "place")
_MOST_OF_A_NAME: Final = 24
_LARGEST: Final = 256 * 2**20  # bytes of a file of many applications


def planned(options: argparse.Namespace) -> str:
    """Reads, assesses and shares out; what is printed is the table, or where a file is written its head."""
    if options.out:
        writer_for(Path(options.out))
        kept_apart(Path(options.out), options.file, options.prior, options.regulation)
    if options.by and options.policy != "ranked":
        raise InputError([fault("--by", "an order belongs to ranked, not to {policy}; leave it out", policy=options.policy)])
    by: Ranking = options.by or RANKINGS[0]
    committed, floor, unit, budget = [
        typed(f"--{name}", _amount, vars(options)[name.replace("-", "_")])
        for name in ("committed", "floor", "round-to", "budget")
    ]
    result, standings, refused = _assessed(options)
    laws = {one.assessment.regulation for one in result.dossiers.values() if one.assessment is not None}
    envelopes = _envelopes(options.envelope, laws)
    try:
        requests, unranked = requests_from(result, standings, without_faulty=options.without_faulty), list[LeftOut]()
        if options.without_faulty:
            requests, unranked = without_standing(requests, options.policy, by)
        programme = plan(
            requests,
            budget,
            options.policy,
            by=by,
            partial_last=options.partial_last,
            committed_vnd=committed,
            floor_vnd=floor,
            envelopes=envelopes,
            known_norms={norm for law in laws for norm in law.norms},
            round_to_vnd=unit,
            left_out=[*faulty(result, standings), *refused, *unranked] if options.without_faulty else (),
        )
    except InputError as error:
        places = [_place(one.where, options.file, options.lang) for one in error.faults]
        told = [Fault(where, one.text) for where, one in zip(places, error.faults, strict=True)]
        raise InputError(told, error.more) from None
    lang: Lang = options.lang
    if options.out:
        write(programme, options.out, lang, separator=result.register.separator or ",")
    for one in result.faults[:MOST_FAULTS] if options.without_faulty else ():
        tell(f"kcgrant: {one.line(lang)}\n", sys.stderr)
    rows = [Row(name, figures(one, lang) if isinstance(one, int) else one) for name, one in head(programme, lang)]
    parts = [Section(say("Plan of the programme", lang), tuple(rows))]
    if said := [one.line(lang) for one in result.findings[:MOST_FAULTS]]:
        parts.append(Section(say("Mind", lang), tuple(Row("", line) for line in said)))
    return as_text(parts) if options.out else f"{as_text(parts)}\n{_table(programme, lang)}"


def _place(where: str, file: str, lang: Lang) -> str:
    """Where a fault stands, in the words of the command line: behind an option, or in the file."""
    before, colon, last = where.rpartition(": ")
    if colon and lang == "vi" and last in ("points", "place"):
        where = before + colon + say("points" if last == "points" else "the stated order", lang)
    if where.startswith("envelopes."):
        return where.replace("envelopes.", "--envelope ", 1)
    if where in _OPTIONS:
        return "--" + where.removesuffix("_vnd").replace("_", "-")
    return f"{printable(file)}: {where}" if where else ""


def _envelopes(stated: Sequence[str], laws: Collection[Regulation]) -> dict[str, int]:
    """The envelopes as they were typed, each by the id of a norm, or by its title or the words that officers use."""
    envelopes: dict[str, int] = {}
    titles = {norm: title_of(law, norm, "vi") for law in laws for norm in law.norms}
    for one in stated:
        said, equals, text = one.rpartition("=")
        norm = next((found for law in laws if (found := norm_named(said, law)) in law.norms), said)
        if not equals or norm in envelopes:
            told = "named twice; keep one" if equals else 'expected NORM=AMOUNT, such as advanced-machinery="2 tỷ"'
            raise InputError([fault(f"--envelope: {shown(one)}", told)])
        envelopes[norm] = typed(f"--envelope {printable(said)}", parse, text)
    told, known = "no such norm here; known: {norms}{hint}", Text(en=listed(sorted(titles)), vi="; ".join(titles.values()))
    wrong = [norm for norm in envelopes if titles and norm not in titles]
    if wrong:
        raise InputError(
            [fault(f"--envelope {printable(norm)}", told, norms=known, hint=hint(norm, titles)) for norm in wrong]
        )
    return envelopes


# --- the dossiers -----------------------------------------------------------------------------------------------------


def _assessed(options: argparse.Namespace) -> tuple[RegisterResult, Mapping[str, Standing] | None, list[LeftOut]]:
    """The dossiers of a register, or the applications of a JSON file, assessed together, and what the centre gave them.

    With them come the applications of a JSON file that are none, where the sound ones are planned without them.
    """
    file, law = Path(options.file), given_regulation(options)
    if file.suffix.lower() in (".xlsx", ".csv"):
        return assess_register(read(file, options.prior, **given_for_rows(options)), law), None, []
    if options.prior is not None:
        told = "a second file of earlier support belongs to a register in CSV; in JSON it stands in each application"
        raise InputError([fault("--prior", told)])
    without_rows(options)
    stated: list[tuple[Application, Place]] = []
    standings: dict[str, Standing] = {}
    faults: list[Fault] = []
    refused: list[LeftOut] = []
    more = 0
    for place, document in _documents(file):
        # `points` and `place` stand beside the keys of an application.
        given = {key: document.pop(key, None) for key in ("points", "place")} if isinstance(document, dict) else {}
        try:
            application = Application.from_dict(document)
        except InputError as error:
            faults += error.within(place.says()).faults
            more += error.more
            reference = document.get("reference") if isinstance(document, dict) else None
            said = error.faults if reference else error.within(place.says()).faults
            reason = Text(*["; ".join([one.line(lang) for one in said]) for lang in get_args(Lang)])
            refused.append(LeftOut(str(reference or "–"), "", reason))
            continue
        stated.append((application, place))
        standings[str(application.reference)] = {"points": given.get("points"), "place": given.get("place")}
    with within(printable(options.file)):
        if faults and not options.without_faulty:
            raise InputError(faults, more)
        if not stated:
            raise InputError([fault("", "no applications in it; expected at least one")])
        return assess_together([one for one, _ in stated], law, places=[place for _, place in stated]), standings, refused


def _documents(file: Path) -> Iterator[tuple[Place, Any]]:
    """The documents of a JSON array, of one object, or of JSON Lines, with their places."""
    text = read_text(file, InputError, _LARGEST)
    if text.lstrip().startswith("["):
        yield from ((Place(f"[{index}]", 0), one) for index, one in enumerate(_parsed(text, file)))
        return
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if lines and lines[0][1].strip() == "{":  # one application, written over several lines
        yield Place(printable(file.name), 0), _parsed(text, file)
        return
    yield from ((Place(None, number), _parsed(line, file, f"line {number}")) for number, line in lines)


def _parsed(text: str, file: Path, where: str = "") -> Any:
    with within(printable(str(file)) + (f": {where}" if where else "")):
        value, repeated = json_value(text)
        if repeated:
            raise InputError(repeated)
    return value


# --- what is printed --------------------------------------------------------------------------------------------------


def _table(programme: Programme, lang: Lang) -> str:
    """The list as a table, as wide as the terminal or 120 columns where there is none: aligned in one pass."""
    names = [name for name in columns(programme) if name not in _IN_FILES_ONLY and ":" not in name]
    rows = [[heading(programme, name, lang) for name in names]]
    rows += [[_cell(value(award, name, lang), lang) for name in names] for award in programme.awards]
    wide = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    at = names.index("establishment")
    wide[at] = min(wide[at], _MOST_OF_A_NAME)
    *before, _ = wide
    screen = shutil.get_terminal_size((_WIDTH, 0)).columns if sys.stdout and sys.stdout.isatty() else _WIDTH
    left = sum(before) + 2 * len(before)
    lines = []
    for cells in rows:
        cells[at] = cells[at] if len(cells[at]) <= wide[at] else cells[at][: wide[at] - 1] + "…"
        start = "".join(
            [
                f"{cell:>{width}}  " if name.endswith("_vnd") or name in _NUMBERS else f"{cell:{width}}  "
                for name, cell, width in zip(names, cells, before, strict=False)
            ]
        )
        room, why = max(30, screen - left), cells[-1]
        first, *more = [why] if len(why) <= room and "\n" not in why else wrap(why, room) or [""]
        lines += [(start + first).rstrip(), *(" " * left + one for one in more)]
    return "\n".join(map(printable, lines)) + "\n"


@lru_cache(maxsize=1024)
def _points(points: Decimal, lang: Lang) -> str:
    return decimal(Fraction(points), lang)


def _cell(one: object, lang: Lang) -> str:
    if isinstance(one, int):
        return grouped(one, lang)
    if isinstance(one, Decimal):
        return _points(one, lang)
    return "" if one is None else str(one)
