"""Commands of advice: `kcgrant route` and `kcgrant compare`.

The decision taken here: an owner may type what is known instead of writing a file. Where the day of approval is not given,
today is taken and said; this is the one place that looks at a clock.
"""

from __future__ import annotations

import argparse
import json
import re
import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from kcgrant.advise import advise
from kcgrant.application import FACTS, YES_NO, Application
from kcgrant.assess import assess
from kcgrant.catalogue import find
from kcgrant.compare import compare, impact
from kcgrant.contrast import comparison_in_words, impact_in_words
from kcgrant.curve import curves
from kcgrant.door import read_text
from kcgrant.errors import Fault, InputError, Text, listed, nearest, printable, shown
from kcgrant.layout import Section, as_markdown
from kcgrant.money import parse
from kcgrant.regulation import Regulation
from kcgrant.tell import advice_in_words, repairs_in_words, targets_in_words
from kcgrant.terminal import named_regulation, on_screen, standard_input
from kcgrant.wording import say, value_name

_FLAGS = {f"--{fact.partition('.')[2].replace('_', '-')}": fact for fact in (*FACTS, "activity.technology_line")}


def add_to(commands: Any, common: argparse.ArgumentParser) -> None:
    """Adds the two commands to the parser of commands."""
    route = commands.add_parser("route", parents=[common], help="which kind of support is best, and what it takes")
    route.add_argument("file", metavar="FILE", nargs="?", help="an application as JSON, instead of the flags; - for stdin")
    route.add_argument("--cost", metavar="AMOUNT", help='the cost of the project: "1,2 tỷ", "850 triệu", 1200000000')
    route.add_argument("--want", metavar="AMOUNT", help="instead of a cost: which costs yield this support")
    route.add_argument("--on", metavar="DAY", help="day on which the plan is approved: 2026-03-02 or 02/03/2026 (today)")
    route.add_argument("--province", metavar="CODE", default="hung-yen", help="default: hung-yen")
    route.add_argument("--regulation", metavar="ID", help="another regulation: a shipped id, or a TOML file")
    known = route.add_argument_group("what is known about the project; what is left out is asked")
    for flag, fact in _FLAGS.items():
        yes_no = FACTS.get(fact, YES_NO) == YES_NO
        known.add_argument(flag, dest=fact, metavar="yes|no" if yes_no else "CODE")
    _forms(route)
    route.set_defaults(command=_route)

    two = commands.add_parser("compare", parents=[common], help="what changes from one regulation to another")
    two.add_argument("before", metavar="BEFORE", help="a shipped id, or a TOML file")
    two.add_argument("after", metavar="AFTER", help="likewise")
    two.add_argument("files", metavar="FILE", nargs="*", help="applications as JSON: the effect on each, and the sums")
    _forms(two)
    two.set_defaults(command=_compare)


def _forms(command: argparse.ArgumentParser) -> None:
    form = command.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print a JSON document")
    form.add_argument("--markdown", action="store_true", help="print Markdown")


# --- kcgrant route ----------------------------------------------------------------------------------------------------


def _route(options: argparse.Namespace) -> str:
    law = None if options.regulation is None else named_regulation(options.regulation)
    given = [name for name in ("file", "cost", "want") if getattr(options, name) is not None]
    if len(given) != 1:
        raise InputError([_one_of_three()])
    if given == ["file"]:
        return _route_of_file(options, law)
    if given == ["want"]:
        return _costs_of(options, law)
    advice = advise(_typed(options), law)
    if options.json:
        return _json(advice.to_dict())
    return _printed(advice_in_words(advice, options.lang, today=options.on is None), options)


def _one_of_three() -> Fault:
    en = 'expected one of FILE, --cost or --want; for example: kcgrant route --cost "1,2 tỷ"'
    return Fault("", Text(en=en, vi='cần một trong ba: FILE, --cost hoặc --want; ví dụ: kcgrant route --cost "1,2 tỷ"'))


def _route_of_file(options: argparse.Namespace, law: Regulation | None) -> str:
    """The routes of the project in a file (where it has one activity), and what would make the application eligible."""
    typed = [flag for flag, fact in _FLAGS.items() if getattr(options, fact) is not None]
    typed += ["--on"] if options.on is not None else []
    if typed:
        raise InputError([_not_beside_a_file(typed[0])])
    stated = _from_file(options.file)
    answer = assess(stated, law)
    alone = len(stated.activities) == 1
    if options.json:
        return _json(advise(stated, law).to_dict())
    parts = advice_in_words(advise(stated, law), options.lang) if alone else []
    return _printed([*parts, *repairs_in_words(answer, options.lang)], options)


def _not_beside_a_file(flag: str) -> Fault:
    en = "given beside a FILE; write it into the file, or leave the file out and give --cost"
    return Fault(flag, Text(en=en, vi="không dùng cùng với FILE; hãy ghi vào tệp, hoặc bỏ tệp và dùng --cost"))


def _from_file(name: str) -> Application:
    text = standard_input() if name == "-" else read_text(Path(name), InputError)
    where = "<stdin>" if name == "-" else printable(name)
    try:
        return Application.from_json(text)
    except InputError as error:
        faults = [Fault(f"{where}: {fault.where}" if fault.where else where, fault.text) for fault in error.faults]
        raise InputError(faults, error.more) from None


def _costs_of(options: argparse.Namespace, law: Regulation | None) -> str:
    """Which costs yield a wanted support."""
    wanted_vnd = _amount("--want", options.want)
    law = law or find(options.province, _day(options.on))
    if not law.norms:
        raise InputError([_no_norms(law)])
    if options.json:
        targets = [(curve, curve.costs_for(wanted_vnd)._asdict()) for curve in curves(law)]
        return _json([{"norm": curve.id, "technology_lines": curve.technology_lines} | one for curve, one in targets])
    return _printed(targets_in_words(law, curves(law), wanted_vnd, options.lang), options)


def _no_norms(law: Regulation) -> Fault:
    en = f"given {law.id}, a framework without norms; name a regulation"
    return Fault("--regulation", Text(en=en, vi=f"{law.id} là văn bản khung, không có mức chi; hãy nêu văn bản khác"))


def _typed(options: argparse.Namespace) -> Application:
    """The application that the flags describe; every fault of them is told at once."""
    faults: list[Fault] = []
    facts: dict[str, dict[str, Any]] = {"establishment": {}, "application": {}, "activity": {}}
    for flag, fact in _FLAGS.items():
        owner, _, field = fact.partition(".")
        typed = getattr(options, fact)
        facts[owner][field] = None if typed is None else _tried(faults, _answer, flag, typed, FACTS.get(fact, YES_NO))
    cost_vnd = _tried(faults, _amount, "--cost", options.cost)
    on = _tried(faults, _day, options.on)
    if faults:
        raise InputError(faults)
    name = say("unknown", options.lang)
    document = {
        "approved_on": on,
        "establishment": {"name": name, "province": options.province, **facts["establishment"]},
        "activities": [{"norm": "any", "cost_vnd": cost_vnd, **facts["activity"]}],
        **facts["application"],
    }
    try:
        return Application.from_dict(document)
    except InputError as error:  # all else has been looked at
        raise InputError([Fault("--province", fault.text) for fault in error.faults]) from None


def _tried(faults: list[Fault], read_one: Callable[..., Any], *given: Any) -> Any:
    """What a reader makes of what is given, or None with its faults kept."""
    try:
        return read_one(*given)
    except InputError as error:
        faults += error.faults
        return None


def _answer(flag: str, typed: str, allowed: tuple[str | bool, ...]) -> str | bool:
    """The answer that was typed: yes or no, a code, or what the code is called in either language."""
    known = {name.casefold(): code for code in allowed for name in (str(code), *_names(code))}
    wanted = unicodedata.normalize("NFC", typed).strip().casefold()
    if wanted in known:
        return known[wanted]
    codes = [value_name(code, "en") if isinstance(code, bool) else code for code in allowed]
    near = nearest(wanted, known)
    hint = f"{near} ({known[near]})" if near and near != known[near] else near
    en = f"given {shown(typed)}; expected {listed(codes)}" + (f". Did you mean {hint}?" if hint else "")
    vi = f"giá trị {shown(typed)}; cần {listed(codes)}" + (f". Có phải ý bạn là {hint}?" if hint else "")
    raise InputError([Fault(flag, Text(en=en, vi=vi))])


def _names(code: str | bool) -> tuple[str, str]:
    return value_name(code, "en"), value_name(code, "vi")


def _amount(flag: str, typed: str) -> int:
    try:
        amount_vnd = parse(typed)
    except InputError as error:
        raise InputError([Fault(f"{flag} {fault.where}", fault.text) for fault in error.faults]) from None
    if amount_vnd < 1:
        text = Text(en=f"given {shown(typed)}; expected at least 1 đồng", vi=f"giá trị {shown(typed)}; cần ít nhất 1 đồng")
        raise InputError([Fault(flag, text)])
    return amount_vnd


_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", re.ASCII)


def _day(typed: str | None) -> date:
    """The day that was typed, as 2026-03-02 or 02/03/2026; today where none was."""
    if typed is None:
        return date.today()  # noqa: DTZ011  # the applicant's own calendar
    slashed = _DAY.fullmatch(typed.strip())
    try:
        return date(int(slashed[3]), int(slashed[2]), int(slashed[1])) if slashed else date.fromisoformat(typed.strip())
    except ValueError:
        en = f"given {shown(typed)}; expected a day, as 2026-03-02 or 02/03/2026 (day, month, year)"
        vi = f"giá trị {shown(typed)}; cần một ngày, ví dụ 2026-03-02 hoặc 02/03/2026 (ngày, tháng, năm)"
        raise InputError([Fault("--on", Text(en=en, vi=vi))]) from None


# --- kcgrant compare --------------------------------------------------------------------------------------------------


def _compare(options: argparse.Namespace) -> str:
    before, after = named_regulation(options.before), named_regulation(options.after)
    found = compare(before, after)
    effect = impact(map(_from_file, options.files), before, after) if options.files else None
    if options.json:
        document = found.to_dict()
        return _json(document | {"impact": effect.to_dict()} if effect else document)
    parts = comparison_in_words(found, options.lang)
    return _printed(parts + (impact_in_words(effect, options.lang) if effect else []), options)


def _printed(parts: list[Section], options: argparse.Namespace) -> str:
    return as_markdown(parts) if options.markdown else on_screen(parts)


def _json(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
