"""Form: the columns of a register, by every name that officers give them, and how the cells of each are read.

The decision taken here: a heading is recognised without regard to capitals, accents, spaces and punctuation, in English or
Vietnamese; one that is not recognised is named and kept, never guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from kcgrant.application import COLUMNS, PRIOR_COLUMNS, Column
from kcgrant.language import say
from kcgrant.parsing import Cell, folded, reader_of

MOST_TEXT: Final = 32_767  # characters that a cell of Excel can hold
ERRORS: Final = re.compile(r"#(?:REF!|VALUE!|NAME\?|DIV/0!|N/A|NUM!|NULL!|SPILL!|CALC!|####+)", re.IGNORECASE)

RESULTS: Final = {
    "status": "Status of the row",
    "verdict": "Verdict on the dossier",
    "activity_verdict": "Verdict on the activity",
    "cost_read_vnd": "Cost as read (VND)",
    "ceiling_vnd": "Ceiling of the dossier (VND)",
    "assured_vnd": "Lowest ceiling, whatever the answers (VND)",
    "ceiling_formula": "Ceiling, as a live formula",
    "assured_formula": "Lowest ceiling, as a live formula",
    "binding": "What sets the limit",
    "used_by_earlier": "Cap used by earlier dossiers",
    "questions": "Still open: what to find out",
    "remarks": "Faults and findings",
}
"""What is written beside the officer's columns; a register that has them already gets them anew."""

RANKING: Final[Mapping[str, frozenset[str]]] = {
    "points": frozenset({"points", "score", "diem", "diem so", "so diem"}),
    "place": frozenset({"rank", "thu tu", "thu tu uu tien", "xep hang"}),
}
"""The headings, folded, of the centre's own ranking of dossiers, which a plan reads and an assessment does not use."""


class Table(NamedTuple):
    """A table of the flat form: its columns, those needed, that of the money, and each folded heading with its column."""

    columns: Mapping[str, Column]
    needed: tuple[str, ...]
    money: str
    headings: Mapping[str, str]


def _table(columns: Mapping[str, Column], money: str, *once: str) -> Table:
    headings = {
        folded(said): name
        for name, column in columns.items()
        for said in (name, column.label.en, column.label.vi, *column.also)
    }
    return Table(columns, ("reference", *once, "norm", money), money, headings)


ONCE: Final = ("approved_on", "establishment", "province")
"""What is needed on one row of a dossier at least."""

DOSSIERS: Final = _table(COLUMNS, "cost_vnd", *ONCE)
PRIOR: Final = _table(PRIOR_COLUMNS, "amount_vnd")
RESULT_HEADINGS: Final = frozenset(
    folded(said) for name, english in RESULTS.items() for said in (name, english, say(english, "vi"))
)


def recognised(cells: Sequence[object], known: Mapping[str, str]) -> int:
    """How many of the cells of a row are headings that are known."""
    return sum([isinstance(cell, str) and len(cell) < 100 and folded(cell) in known for cell in cells])


READERS: Final[Mapping[str, Callable[[Cell], object]]] = {
    name: reader_of(column) for name, column in {**COLUMNS, **PRIOR_COLUMNS}.items()
}
"""How the cells of each column are read; norms are looked up later, when the law is known."""
