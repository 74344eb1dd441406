"""Requests of a programme: dossiers that were assessed together, as what they ask of the budget.

The decision taken here: a plan is made of all the dossiers or of none, and of dossiers that were assessed together, so that
no cap is paid twice. The points or the place that the centre gave stand in a column of their own, the same in every row of
a dossier, or are handed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from kcgrant.assessment.record import Assessment
from kcgrant.errors import Fault, InputError, fault, shown
from kcgrant.language import Lang, Text, both, together
from kcgrant.programme.plan import LeftOut, Request
from kcgrant.register.form import RANKING, ranking_named
from kcgrant.register.pooling import Dossier
from kcgrant.register.result import RegisterResult

Standing = Mapping[Literal["points", "place"], object]
"""What the centre gave a dossier: its points, or its place in the centre's own order."""


def requests_from(
    result: RegisterResult, standings: Mapping[str, Standing] | None = None, *, without_faulty: bool = False
) -> list[Request]:
    """What the dossiers of a result ask of a budget, in their order, each by itself.

    `standings` are the points or places by reference; without them they are those of the register's own columns. What is at
    fault refuses all, or is left out `without_faulty`: `faulty` names it.

    Raises:
        InputError: with every fault of the result, and all points and places that are none, or differ within a dossier.

    Example:
        >>> from datetime import date
        >>> from kcgrant import Activity, Application, Establishment
        >>> from kcgrant.register import assess_together
        >>> halo = Establishment(name="Halo Mold Tech", province="hung-yen")
        >>> drill = Activity(norm="advanced-machinery", cost_vnd=800_000_000, technology_line=False)
        >>> stated = Application(reference="KC-1", approved_on=date(2026, 3, 2), establishment=halo, activities=[drill])
        >>> result = assess_together([stated, stated.model_copy(update={"reference": "KC-2"})])
        >>> for request in requests_from(result, {"KC-1": {"points": "87.5"}}):
        ...     print(request.reference, request.points, request.maximum_vnd)
        KC-1 175/2 300000000
        KC-2 None 300000000
    """
    faults = [Fault(one.places[0].says() if one.places else "", one.text) for one in result.faults]
    of = {reference: str(number) for number, (_, some) in enumerate(result.establishments) for reference in some}
    requests = []
    for dossier in result.dossiers.values():
        try:
            if dossier.planned is not None:
                requests.append(_request(dossier, dossier.planned, standings, of.get(dossier.reference, "")))
        except InputError as error:
            faults += error.within(dossier.draft.place().says()).faults
    if faults and not without_faulty:
        raise InputError(faults)
    return requests


def faulty(result: RegisterResult, standings: Mapping[str, Standing] | None = None) -> list[LeftOut]:
    """What a fault keeps from being planned: dossiers with their faults, and what belongs to no dossier, with its place.

    `standings` are as in `requests_from`.
    """
    found, named = [], set()
    for dossier in result.dossiers.values():
        said = [*dossier.draft.remarks, *(one for row in dossier.rows for one in result.remarks_on(row))]
        reasons = [one.text for one in said if one.fault]
        named.update(reasons)
        if dossier.planned is not None:
            try:
                _request(dossier, dossier.planned, standings)
            except InputError as error:
                reasons = [both("the centre's points or order: {text}", text=one.text) for one in error.faults]
        if dossier.planned is None or reasons:
            found.append(LeftOut(dossier.reference, dossier.establishment or "", together(dict.fromkeys(reasons))))
    loose = [one for one in result.faults if one.text not in named]
    return found + [LeftOut("–", "", Text(*[one.line(lang) for lang in get_args(Lang)])) for one in loose]


def _request(
    dossier: Dossier, planned: Assessment, standings: Mapping[str, Standing] | None, establishment: str = ""
) -> Request:
    standing = _stated(dossier) if standings is None else standings.get(dossier.reference, {})
    said = {name: dossier.said(name) for name in ("title", "address")}
    stated = [amount for row in dossier.rows if isinstance(amount := row.values.get("requested_vnd"), int)]
    return Request.of(
        planned,
        standing.get("points"),
        standing.get("place"),
        establishment=establishment,
        requested_vnd=sum(stated) if stated else None,
        **said,
    )


def _stated(dossier: Dossier) -> Standing:
    """What the rows of a dossier say under the headings of the ranking; two columns of one kind say the same."""
    headings = [(row, index, heading) for row in dossier.rows for index, heading in row.sheet.unknown.items()]
    cells = [(ranking_named(heading), row.cell(index)) for row, index, heading in headings]
    given = {
        name: list(dict.fromkeys([_typed(cell) for found, cell in cells if found == name and cell not in (None, "")]))
        for name in RANKING
    }
    told = "the rows, or two columns, of {reference} say {values}; write the same in each, or in one alone"
    faults = [
        fault(name, told, reference=dossier.reference, values=map(shown, values))
        for name, values in given.items()
        if len(values) > 1
    ]
    if faults:
        raise InputError(faults)
    return {"points": next(iter(given["points"]), None), "place": next(iter(given["place"]), None)}


def _typed(cell: object) -> object:
    """What was typed into a cell: a spreadsheet keeps 87.5 as a double, whose shortest form that is; text stays exact."""
    text = str(int(cell) if cell.is_integer() else cell) if isinstance(cell, float) else str(cell).strip()
    return int(text) if text.isascii() and text.isdigit() else text
