"""Command `plan`: dossiers in a file, a budget, and the plan as a table or as a file.

The decision taken here: a plan is made of all the dossiers or of none: one faulty dossier, and nothing is shared out.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kcgrant.application import Application
from kcgrant.assessment.assess import assess
from kcgrant.cli.terminal import named_regulation
from kcgrant.errors import Fault, InputError, KcgrantError, printable, shown
from kcgrant.files import read_text
from kcgrant.language import Lang, Text, decimal, figures, grouped, say
from kcgrant.law.regulation import Regulation
from kcgrant.layout import Row, Section, as_text
from kcgrant.parsing import parse
from kcgrant.programme.plan import Programme, plan
from kcgrant.programme.requests import Candidate, requests_from
from kcgrant.programme.writing import columns, head, heading, value, write, writer_for

if TYPE_CHECKING:
    from collections.abc import Sequence


POLICIES: Final = ("ranked", "pro-rata", "best")
RANKINGS: Final = ("points", "place", "date")


def add_to(commands: Any, common: argparse.ArgumentParser) -> None:
    """Adds the command to those of the parser."""
    one = commands.add_parser("plan", parents=[common], help="a year's budget shared out over many applications")
    formats = "a register (.xlsx, extra: excel; .csv) with a column of points, or applications in JSON, one a line"
    one.add_argument("file", metavar="REGISTER", help=formats)
    one.add_argument("--prior", metavar="FILE", help="earlier support, where it does not stand in a sheet of the register")
    one.add_argument("--regulation", metavar="ID", help="compare with this regulation: a shipped id, or a TOML file")
    one.add_argument("--budget", metavar="AMOUNT", required=True, help='such as "4 tỷ" or 4000000000')
    one.add_argument("--policy", choices=POLICIES, required=True, help="how it is shared")
    one.add_argument("--by", choices=RANKINGS, default="points", help="the order of ranked (default: points)")
    one.add_argument("--partial-last", action="store_true", help="the last award of ranked may be a part")
    one.add_argument("--floor", metavar="AMOUNT", default="0", help="no award is smaller")
    one.add_argument("--committed", metavar="AMOUNT", default="0", help="taken from the budget first")
    envelope = "the most that may go to a norm; may be repeated, in the order in which they are filled"
    one.add_argument("--envelope", metavar="NORM=AMOUNT", action="append", default=[], help=envelope)
    one.add_argument("--out", metavar="FILE", help="write the list to FILE.xlsx (extra: excel), FILE.csv or FILE.json")
    one.set_defaults(command=planned)


_OPTIONS: Final = {
    "budget_vnd": "--budget",
    "committed_vnd": "--committed",
    "floor_vnd": "--floor",
    "partial_last": "--partial-last",
    "policy": "--policy",
    "by": "--by",
}
_WIDTH: Final = 120
_IN_FILES_ONLY: Final = ("establishment", "approved_on", "maximum_vnd", "held_vnd")
_LARGEST: Final = 256 * 2**20  # bytes of a file of many applications


def planned(options: argparse.Namespace) -> str:
    """Reads, assesses and shares out; what is printed is the table, or where a file is written its head."""
    if options.out:
        writer_for(Path(options.out))
    committed, floor = _amount("--committed", options.committed), _amount("--floor", options.floor)
    budget, envelopes = _amount("--budget", options.budget), _envelopes(options.envelope)
    dossiers = _dossiers(options)
    with _telling(printable(options.file)):
        programme = plan(
            requests_from(dossiers),
            budget,
            options.policy,
            by=options.by,
            partial_last=options.partial_last,
            committed_vnd=committed,
            floor_vnd=floor,
            envelopes=envelopes,
            known_norms={norm for dossier in dossiers for norm in dossier.assessment.regulation.norms},
        )
        if options.out:
            write(programme, options.out, options.lang)
    above = as_text([Section(say("Plan of the programme", options.lang), tuple(_head(programme, options.lang)))])
    return above if options.out else f"{above}\n{_table(programme, options.lang)}"


@contextmanager
def _telling(file: str) -> Iterator[None]:
    """Says where a fault stands in the words of the command line, and which extra is missing."""
    try:
        yield
    except InputError as error:
        raise InputError([Fault(_place(fault.where, file), fault.text) for fault in error.faults], error.more) from None
    except ModuleNotFoundError as error:
        extra = {"ortools": "best", "openpyxl": "excel"}.get((error.name or "").split(".")[0])
        if extra is None:
            raise
        en = f"this needs the extra {extra}: install kcgrant[{extra}]"
        vi = f"cần phần bổ sung {extra}: hãy cài kcgrant[{extra}]"
        raise InputError([Fault("", Text(en=en, vi=vi))]) from None


def _place(where: str, file: str) -> str:
    if where.startswith("envelopes."):
        return where.replace("envelopes.", "--envelope ", 1)
    return _OPTIONS.get(where) or (where if where.startswith(file) else f"{file}: {where}")


def _amount(option: str, text: str) -> int:
    try:
        return parse(text)
    except InputError as error:
        raise InputError([Fault(f"{option}: {fault.where}", fault.text) for fault in error.faults]) from None


def _envelopes(stated: Sequence[str]) -> dict[str, int]:
    envelopes: dict[str, int] = {}
    for one in stated:
        norm, equals, text = one.partition("=")
        if not equals or norm in envelopes:
            en = "named twice; keep one" if equals else 'expected NORM=AMOUNT, such as advanced-machinery="2 tỷ"'
            vi = "nêu hai lần; hãy giữ lại một" if equals else 'cần MỨC-CHI=SỐ-TIỀN, ví dụ advanced-machinery="2 tỷ"'
            raise InputError([Fault(f"--envelope: {shown(one)}", Text(en=en, vi=vi))])
        envelopes[norm] = _amount(f"--envelope {printable(norm)}", text)
    return envelopes


# --- the dossiers -----------------------------------------------------------------------------------------------------


def _dossiers(options: argparse.Namespace) -> list[Candidate]:
    """The dossiers of a register, or the applications of a JSON file, assessed; a fault in any of them refuses all."""
    file, law = Path(options.file), None if options.regulation is None else named_regulation(options.regulation)
    if file.suffix.lower() in (".xlsx", ".csv"):
        from kcgrant.programme.requests import dossiers_of
        from kcgrant.register.reading import read
        from kcgrant.register.result import assess_register

        return dossiers_of(assess_register(read(file, options.prior), law), printable(options.file))
    if options.prior is not None:
        en = "a second file of earlier support belongs to a register in CSV; in JSON it stands in each application"
        vi = "tệp hỗ trợ trước đây chỉ dùng với sổ dạng CSV; với JSON, hãy ghi trong từng hồ sơ"
        raise InputError([Fault("--prior", Text(en=en, vi=vi))])
    return list(_applications(file, law))


def _applications(file: Path, law: Regulation | None) -> Iterator[Candidate]:
    """`points` and `place` stand beside the keys of an application and are taken out before it is read."""
    faults: list[Fault] = []
    more = read = 0
    for where, document in _documents(file):
        read += 1
        extra = {key: document.pop(key, None) for key in ("points", "place")} if isinstance(document, dict) else {}
        try:
            yield Candidate(where, assess(Application.from_dict(document), law), **extra)
        except KcgrantError as error:
            faults += [Fault(f"{where}: {fault.where}" if fault.where else where, fault.text) for fault in error.faults]
            more += error.more
    if faults:
        raise InputError(faults, more)
    if not read:
        text = Text(en="no applications in it; expected at least one", vi="không có hồ sơ nào; cần ít nhất một hồ sơ")
        raise InputError([Fault(printable(str(file)), text)])


def _documents(file: Path) -> Iterator[tuple[str, Any]]:
    """The documents of a JSON array, of one object, or of JSON Lines, with their places."""
    name, text = printable(str(file)), read_text(file, InputError, _LARGEST)
    if text.lstrip().startswith("["):
        yield from ((f"{name}: [{index}]", one) for index, one in enumerate(_parsed(text, name)))
        return
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not lines:
        raise InputError([Fault(name, Text(en="empty; expected applications in JSON", vi="tệp trống; cần hồ sơ dạng JSON"))])
    if lines[0][1].strip() == "{":  # one application, written over several lines
        yield name, _parsed(text, name)
        return
    yield from ((f"{name}: line {number}", _parsed(line, f"{name}: line {number}")) for number, line in lines)


def _parsed(text: str, where: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_unique)
    except InputError as error:
        raise InputError([Fault(where, fault.text) for fault in error.faults]) from None
    except (ValueError, RecursionError) as error:
        place = f"line {error.lineno} column {error.colno}: " if isinstance(error, json.JSONDecodeError) else ""
        vi = place.replace("line", "dòng").replace("column", "cột")
        hint = Text(
            en=f"{place}not JSON; expected an array of applications, or one application a line",
            vi=f"{vi}không đúng cú pháp JSON; cần một mảng các hồ sơ, hoặc mỗi dòng một hồ sơ",
        )
        raise InputError([Fault(where, hint)]) from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = shown(next(key for key in keys if keys.count(key) > 1))
        en, vi = (
            f"{twice} is written twice in one object; keep one",
            f"{twice} viết hai lần trong cùng một nhóm; hãy giữ lại một",
        )
        raise InputError([Fault("", Text(en=en, vi=vi))])
    return table


# --- what is printed --------------------------------------------------------------------------------------------------


def _head(programme: Programme, lang: Lang) -> Iterator[Row]:
    for name, stated in head(programme, lang):
        yield Row(name, figures(stated, lang) if isinstance(stated, int) else stated)


def _table(programme: Programme, lang: Lang) -> str:
    """The list as a table, as wide as the terminal or 120 columns where there is none."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text as Plain

    names = [name for name in columns(programme) if name not in _IN_FILES_ONLY and ":" not in name]
    table = Table(box=None, pad_edge=False, header_style="")
    for name in names:
        amount = name.endswith("_vnd") or name in ("rank", "points", "place")
        table.add_column(
            Plain(heading(name, lang)), justify="right" if amount else "left", no_wrap=name != "reason", overflow="fold"
        )
    for award in programme.awards:
        cells = [value(award, name, lang) for name in names]
        table.add_row(*[Plain(_cell(one, lang)) for one in cells])
    console = Console(width=None if sys.stdout and sys.stdout.isatty() else _WIDTH, color_system=None)
    with console.capture() as captured:
        console.print(table)
    return "".join(f"{line.rstrip()}\n" for line in captured.get().splitlines())


def _cell(one: object, lang: Lang) -> str:
    if isinstance(one, int):
        return grouped(one, lang)
    if isinstance(one, Decimal):
        return decimal(Fraction(one), lang)
    return "" if one is None else str(one)
