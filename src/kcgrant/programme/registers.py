"""Registers of a programme: the dossiers of a register as what they ask of a budget.

The decision taken here: a plan is made of all the dossiers or of none, so a register with a fault is refused; the points or
the place that the centre gave stand in a column of their own, the same in every row of a dossier.
"""

from __future__ import annotations

from collections.abc import Iterator

from kcgrant.errors import Fault, InputError, Text, shown
from kcgrant.programme.requests import Dossier
from kcgrant.register import Dossier as Assessed
from kcgrant.register import RegisterResult
from kcgrant.register.headings import RANKING, folded


def dossiers_of(result: RegisterResult, file: str) -> list[Dossier]:
    """The dossiers of an assessed register, with their points and places; `file` is what it is called in messages.

    Raises:
        InputError: with every fault of the register, and every dossier whose rows state different points or places.

    Example:
        >>> from kcgrant.register import Register, assess_register
        >>> dossiers_of(assess_register(Register()), "empty.csv")
        []
    """
    faults = [Fault(f"{file}: {one.places[0].says()}" if one.places else file, one.text) for one in result.faults]
    found = []
    for dossier in result.dossiers.values():
        where = f"{file}: {dossier.rows[0].place().says()}"
        stated = {name: _stated(dossier, name) for name in RANKING}
        for name, given in stated.items():
            if len(given) > 1:
                values = ", ".join(map(shown, given))
                en = f"the rows of {dossier.reference} say {values}; write the same in each, or in one alone"
                vi = f"các dòng của {dossier.reference} ghi {values}; hãy ghi giống nhau, hoặc chỉ ghi ở một dòng"
                faults.append(Fault(f"{where}: {name}", Text(en=en, vi=vi)))
        if dossier.assessment is not None:
            ranking = {name: given[0] if given else None for name, given in stated.items()}
            found.append(Dossier(where, dossier.assessment, **ranking))
    if faults:
        raise InputError(faults)
    return found


def _stated(dossier: Assessed, name: str) -> list[object]:
    """What the rows of a dossier say under a heading of the ranking, each once."""
    return list(dict.fromkeys(_said(dossier, RANKING[name])))


def _said(dossier: Assessed, headings: frozenset[str]) -> Iterator[object]:
    for row in dossier.rows:
        for heading, cell in row.others.items():
            if folded(heading) in headings:
                # A spreadsheet keeps 87.5 as a double; its shortest form is what was typed, and text is read exactly.
                yield repr(cell) if isinstance(cell, float) and not cell.is_integer() else _whole(cell)


def _whole(cell: object) -> object:
    text = str(int(cell)) if isinstance(cell, float) else str(cell).strip()
    return int(text) if text.isascii() and text.isdigit() else text
