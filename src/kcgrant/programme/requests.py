"""Requests of a programme: assessed dossiers, one by one, as what they ask of the budget.

The decision taken here: dossiers of one establishment share the cap that the law sets per establishment, so the later one
must count the earlier, or the plan is refused; otherwise one cap would be paid twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from kcgrant.assessment.record import Assessment
from kcgrant.errors import Fault, InputError, shown
from kcgrant.language import Text, grouped
from kcgrant.parsing import folded
from kcgrant.programme.plan import Request
from kcgrant.register.form import RANKING
from kcgrant.register.pooling import Dossier
from kcgrant.register.result import RegisterResult


class Candidate(NamedTuple):
    """An assessed dossier: `where` it stands (a line, a cell), and the points or the place that the centre gave it."""

    where: str
    assessment: Assessment
    points: object = None
    place: object = None


def requests_from(dossiers: Iterable[Candidate]) -> list[Request]:
    """What the dossiers ask of a budget, in their order.

    Two dossiers are of one establishment if they state the same tax code, or the same name and province without stating
    different tax codes. Where both can receive something under a norm whose cap is per establishment, the later (by
    `approved_on`, then `reference`) must list earlier support under that norm.

    Raises:
        InputError: with every fault found, each where its dossier stands: no reference, points or a place that are none, a
            cap per establishment that an earlier dossier uses as well.

    Example:
        >>> from datetime import date
        >>> from kcgrant import Activity, Application, Establishment, assess
        >>> halo = Establishment(name="Halo Mold Tech", province="hung-yen")
        >>> drill = Activity(norm="advanced-machinery", cost_vnd=800_000_000, technology_line=False)
        >>> stated = Application(reference="KC-1", approved_on=date(2026, 3, 2), establishment=halo, activities=[drill])
        >>> [request.reference for request in requests_from([Candidate("line 1", assess(stated), points="87.5")])]
        ['KC-1']
        >>> again = stated.model_copy(update={"reference": "KC-2"})
        >>> requests_from([Candidate("line 1", assess(stated)), Candidate("line 2", assess(again))])
        Traceback (most recent call last):
        kcgrant.errors.InputError: line 2: the establishment of line 1, and both ask under advanced-machinery, whose cap is
        per establishment; list what KC-1 can receive (300,000,000) as prior_support of KC-2
    """
    every = list(dossiers)
    requests, faults = [], []
    for dossier in every:
        try:
            requests.append(Request.of(dossier.assessment, dossier.points, dossier.place))
        except InputError as error:
            faults += [Fault(f"{dossier.where}: {fault.where}", fault.text) for fault in error.faults]
    if not faults:
        faults = list(_caps_used_twice(every))
    if faults:
        raise InputError(faults)
    return requests


def _caps_used_twice(dossiers: Sequence[Candidate]) -> Iterator[Fault]:
    earlier: dict[tuple[str, ...], list[Candidate]] = {}
    for dossier in sorted(dossiers, key=lambda one: (one.assessment.approved_on, one.assessment.reference or "")):
        stated = dossier.assessment.application
        keys: list[tuple[str, ...]] = [("name", stated.establishment.name.casefold(), stated.establishment.province)]
        keys += [("tax code", stated.establishment.tax_code)] if stated.establishment.tax_code else []
        found = {id(one): one for key in keys for one in earlier.get(key, ()) if _same(one, dossier)}
        faults = [fault for one in found.values() for fault in _both_under(one, dossier)]
        yield from faults[:1]
        for key in keys:
            earlier.setdefault(key, []).append(dossier)


def _same(one: Candidate, other: Candidate) -> bool:
    codes = {dossier.assessment.application.establishment.tax_code for dossier in (one, other)}
    return len(codes - {None}) <= 1


def _both_under(one: Candidate, later: Candidate) -> Iterator[Fault]:
    """The norms with a cap per establishment under which both can receive something, the later not counting the earlier."""
    law = later.assessment.regulation
    counted = {prior.norm for prior in later.assessment.application.prior_support}
    asked = {
        line.norm for line in later.assessment.lines if line.maximum_vnd and law.norms[line.norm].per == "establishment"
    }
    for line in one.assessment.lines:
        if line.maximum_vnd and line.norm in asked - counted:
            first, second = one.assessment.reference, later.assessment.reference
            en = (
                f"the establishment of {one.where}, and both ask under {line.norm}, whose cap is per establishment; list "
                f"what {first} can receive ({line.maximum_vnd:,}) as prior_support of {second}"
            )
            vi = (
                f"cùng cơ sở với {one.where}, và cả hai đều xin hỗ trợ theo {line.norm}, có mức trần tính cho mỗi cơ sở; "
                f"hãy kê khai mức mà {first} có thể nhận ({grouped(line.maximum_vnd, 'vi')}) vào prior_support của {second}"
            )
            yield Fault(later.where, Text(en=en, vi=vi))


def dossiers_of(result: RegisterResult, file: str) -> list[Candidate]:
    """The dossiers of an assessed register, with their points and places; `file` is what it is called in messages.

    Raises:
        InputError: with every fault of the register, and every dossier whose rows state different points or places.

    Example:
        >>> from kcgrant.register.rows import Register
        >>> from kcgrant.register.result import assess_register
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
            found.append(Candidate(where, dossier.assessment, **ranking))
    if faults:
        raise InputError(faults)
    return found


def _stated(dossier: Dossier, name: str) -> list[object]:
    """What the rows of a dossier say under a heading of the ranking, each once."""
    return list(dict.fromkeys(_said(dossier, RANKING[name])))


def _said(dossier: Dossier, headings: frozenset[str]) -> Iterator[object]:
    for row in dossier.rows:
        for heading, cell in row.others.items():
            if folded(heading) in headings:
                # A spreadsheet keeps 87.5 as a double; its shortest form is what was typed, and text is read exactly.
                yield repr(cell) if isinstance(cell, float) and not cell.is_integer() else _whole(cell)


def _whole(cell: object) -> object:
    text = str(int(cell)) if isinstance(cell, float) else str(cell).strip()
    return int(text) if text.isascii() and text.isdigit() else text
