"""Form: the columns of a register, by every name that officers give them, and how the cells of each are read.

The decision taken here: a heading is recognised without regard to capitals, accents, spaces and punctuation, in English or
Vietnamese; one that is not recognised is named and kept, never guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Final, Literal, NamedTuple, get_args

from kcgrant.application import COLUMNS, PRIOR_COLUMNS, Column, Owner
from kcgrant.language import Lang, Text, say
from kcgrant.law.regulation import Regulation
from kcgrant.parsing import Cell, folded, reader_of, text

MOST_TEXT: Final = 32_767  # characters that a cell of Excel can hold
ERRORS: Final = re.compile(r"#(?:REF!|VALUE!|NAME\?|DIV/0!|N/A|NUM!|NULL!|SPILL!|CALC!|####+)", re.IGNORECASE)

EXAMPLE: Final = "VÍ DỤ-001"
"""The reference of the template's example rows; no centre has it."""

OLD_EXAMPLE: Final = ("KC-2026-001", 120_000_000, date(2025, 6, 30))
"""The example of earlier support in earlier templates: its reference, amount and day."""

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

OWN: Final = "kcgrant – "
"""How the first cell of every sheet begins that is written beside the officer's; one of these titles stands behind it."""

OWN_SHEETS: Final = {
    "summary": "Summary",
    "understanding": "How the list was read",
    "remarks": "Faults and findings",
    "questions": "Questions",
    "pools": "Establishments and caps",
    "calculation": "Calculation",
    "regulation": "Regulation",
}


_OF_TEMPLATE: Final = ("Guide", "Lists")


def is_own(cell: Cell) -> bool:
    """Whether a first cell is that of a sheet that an earlier run has written, in either language.

    Example:
        >>> is_own("kcgrant – Questions (2)"), is_own("kcgrant – sổ của tôi")
        (True, False)
    """
    if not isinstance(cell, str) or not cell.startswith(OWN):
        return False
    title = re.sub(r" \(\d+\)$", "", cell.removeprefix(OWN))
    return any(title == say(one, lang) for one in (*OWN_SHEETS.values(), *_OF_TEMPLATE) for lang in get_args(Lang))


RANKING: Final[Mapping[str, frozenset[str]]] = {
    "points": frozenset(
        {"points", "score", "diem", "diem so", "so diem", "tong diem", "diem cham", "tong so diem", "diem danh gia"}
    ),
    "place": frozenset({"rank", "thu tu", "thu tu uu tien", "xep hang"}),
}
"""The headings, folded, of the centre's own ranking of dossiers, which a plan reads and an assessment does not use."""

_OUT_OF: Final = re.compile(r"( thang( diem)?)?( toi da)? \d+$")


def ranking_named(heading: str) -> str | None:
    """Which ranking stands under a heading, `points` or `place`, also with the most that can be scored; None for another.

    Example:
        >>> ranking_named("Tổng điểm (thang 100)"), ranking_named("Điểm/100"), ranking_named("Địa điểm")
        ('points', 'points', None)
    """
    said = folded(heading)
    forms = (said, _OUT_OF.sub("", said))
    return next((name for name, headings in RANKING.items() if not headings.isdisjoint(forms)), None)


class Table(NamedTuple):
    """A table of the flat form: its columns, those needed, that of the money, and each folded heading with its column.

    `owned` are the columns by what they are of, and `shared` those in which the rows of a dossier agree.
    """

    columns: Mapping[str, Column]
    needed: tuple[str, ...]
    money: str
    headings: Mapping[str, str]
    owned: Mapping[str, Sequence[Column]]
    shared: Sequence[str]

    def reader(self, name: str) -> Callable[[Cell], object]:
        """How the cells of a column are read, amounts apart; norms are looked up later, when the law is known."""
        return READERS[name] if name in READERS else reader_of(self.columns[name])

    def label(self, name: str) -> Text:
        """What a column is called."""
        return self.columns[name].label if name in self.columns else CARRIED[name].label


class Carried(NamedTuple):
    """A column of officers' lists that is understood and is no fact of law: what it is called, and its headings."""

    label: Text
    headings: tuple[str, ...]
    kind: Literal["amount", "text"] = "text"


CARRIED: Final[Mapping[str, Carried]] = {
    "serial": Carried(Text(en="Number in the list", vi="Số thứ tự"), ("TT", "STT", "Số TT", "No")),
    "requested_vnd": Carried(
        Text(en="Support requested", vi="Kinh phí khuyến công đề nghị"),
        (
            *("KP khuyến công đề nghị", "KPKC đề nghị", "Kinh phí đề nghị hỗ trợ", "Đề nghị hỗ trợ", "Mức đề nghị hỗ trợ"),
            *(
                "Kinh phí khuyến công",
                "KP khuyến công",
                "Kinh phí hỗ trợ",
                "Số tiền đề nghị",
                "Kinh phí đề nghị",
                "NSNN hỗ trợ",
            ),
        ),
        "amount",
    ),
    "own_capital_vnd": Carried(
        Text(en="Own capital", vi="Vốn đối ứng"), ("Đối ứng", "Vốn tự có", "Vốn của cơ sở"), "amount"
    ),
    "address": Carried(Text(en="Address", vi="Địa chỉ"), ("Địa điểm", "Địa điểm thực hiện", "Nơi sản xuất")),
    "title": Carried(Text(en="Scheme", vi="Tên đề án"), ("Tên đề án, nhiệm vụ", "Đề án", "Tên nhiệm vụ")),
    "period": Carried(Text(en="Period", vi="Thời gian thực hiện"), ("Thời gian", "Tiến độ")),
    "comment": Carried(Text(en="Comment", vi="Ghi chú"), ("Nội dung khác", "Note", "Notes")),
}
"""The columns that lists have beside those of the flat form; they are named, compared or kept, and change no ceiling."""


def _table(columns: Mapping[str, Column], money: str, *once: str) -> Table:
    carried = {
        folded(said): name for name, one in CARRIED.items() for said in (name, one.label.en, one.label.vi, *one.headings)
    }
    headings = carried | {
        folded(said): name
        for name, column in columns.items()
        for said in (name, column.label.en, column.label.vi, *column.also)
    }
    owned = {owner: [one for one in columns.values() if one.owner == owner] for owner in get_args(Owner)}
    shared = [one.name for owner in ("application", "establishment") for one in owned[owner] if one.name != "reference"]
    return Table(columns, ("reference", *once, "norm", money), money, headings, owned, shared)


ONCE: Final = ("approved_on", "establishment", "province")
"""What is needed on one row of a dossier at least."""

DOSSIERS: Final = _table(COLUMNS, "cost_vnd", *ONCE)


@lru_cache(maxsize=16)
def dossiers_under(law: Regulation | None) -> Table:
    """The table of dossiers under a regulation: that of any register, and a column for each fact that it declares itself."""
    own = {} if law is None else {one.name: one for fact, one in law.fact_columns.items() if fact in law.own_questions}
    return _table({**COLUMNS, **own}, DOSSIERS.money, *ONCE) if own else DOSSIERS


_OWNERS: Final = {name: COLUMNS[name] for name in ("establishment", "tax_code")}
PRIOR: Final = _table({**PRIOR_COLUMNS, **_OWNERS}, "amount_vnd")
"""Earlier support names a dossier of the list, or the establishment that had it."""
RESULT_HEADINGS: Final = frozenset(
    folded(said) for name, english in RESULTS.items() for said in (name, english, say(english, "vi"))
)


def recognised(cells: Sequence[object], known: Mapping[str, str]) -> int:
    """How many of the cells of a row are headings that are known."""
    return sum([isinstance(cell, str) and len(cell) < 100 and folded(cell) in known for cell in cells])


READERS: Final[Mapping[str, Callable[[Cell], object]]] = {
    **{name: reader_of(column) for name, column in {**COLUMNS, **PRIOR_COLUMNS}.items()},
    **dict.fromkeys(CARRIED, text),
}

AMOUNTS: Final = frozenset((*(name for name, one in CARRIED.items() if one.kind == "amount"), DOSSIERS.money, PRIOR.money))
"""The columns whose cells are amounts in the unit of the list."""
