"""Command `plan`: its place among the commands, and its options.

The decision taken here: the rooms of the programme are loaded when a plan is asked for, not by every command.
"""

from __future__ import annotations

import argparse
from typing import Any, Final

POLICIES: Final = ("ranked", "pro-rata", "best")
RANKINGS: Final = ("points", "place", "date")


def add_plan(commands: Any, common: argparse.ArgumentParser) -> None:
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
    one.set_defaults(command=run_plan)


def run_plan(options: argparse.Namespace) -> str:
    """Reads, assesses and shares out; what is printed is the table, or where a file is written its head."""
    from kcgrant.programme.command import planned

    return planned(options)
