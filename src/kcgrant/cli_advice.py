"""Commands of advice: the places of `route` and `compare` among the commands, and their options.

The decision taken here: the rooms of advice are loaded when advice is asked for, not by every command.
"""

from __future__ import annotations

import argparse
from typing import Any

from kcgrant.application import FACTS, YES_NO
from kcgrant.terminal import FLAGS


def add_to(commands: Any, common: argparse.ArgumentParser) -> None:
    """Adds the two commands to the parser of commands."""
    route = commands.add_parser("route", parents=[common], help="which kind of support is best, and what it takes")
    route.add_argument("file", metavar="FILE", nargs="?", help="an application as JSON, instead of the flags; - for stdin")
    route.add_argument("--cost", metavar="AMOUNT", help='the cost of the project: "1,2 tỷ", "850 triệu", 1200000000')
    route.add_argument("--want", metavar="AMOUNT", help="instead of a cost: which costs yield this support")
    route.add_argument("--on", metavar="DAY", help="day on which the plan is approved: 2026-03-02 or 02/03/2026 (today)")
    route.add_argument("--province", metavar="CODE", help="a code or a name (hung-yen)")
    route.add_argument("--regulation", metavar="ID", help="another regulation: a shipped id, or a TOML file")
    known = route.add_argument_group("what is known about the project; what is left out is asked")
    for flag, fact in FLAGS.items():
        yes_no = FACTS.get(fact, YES_NO) == YES_NO
        known.add_argument(flag, dest=fact, metavar="yes|no" if yes_no else "CODE")
    _forms(route)
    route.set_defaults(command=_route)

    two = commands.add_parser("compare", parents=[common], help="what changes from one regulation to another")
    two.add_argument("before", metavar="BEFORE", help="a shipped id, or a TOML file")
    two.add_argument("after", metavar="AFTER", help="likewise")
    effect = "applications as JSON: the effect on each, and the sums"
    two.add_argument("--applications", metavar="FILE", nargs="+", default=[], help=effect)
    _forms(two)
    two.set_defaults(command=_compare)


def _forms(command: argparse.ArgumentParser) -> None:
    form = command.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print a JSON document")
    form.add_argument("--markdown", action="store_true", help="print Markdown")


def _route(options: argparse.Namespace) -> str:
    from kcgrant.advice_command import route

    return route(options)


def _compare(options: argparse.Namespace) -> str:
    from kcgrant.advice_command import compared

    return compared(options)
