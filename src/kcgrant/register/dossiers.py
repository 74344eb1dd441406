"""Dossiers: the rows that share a reference, gathered into one application, or into what keeps it from being one.

The decision taken here: a dossier with one faulty row is not assessed, since its ceiling would be false. The facts of a
dossier may stand on any of its rows; where two rows state different things, both are named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

from pydantic import ValidationError

from kcgrant import parsing
from kcgrant.application import COLUMNS, Application, Column, PriorSupport
from kcgrant.errors import Fault, InputError, fault, shown
from kcgrant.fields import refused
from kcgrant.files import as_text
from kcgrant.language import Text, both
from kcgrant.law import catalogue
from kcgrant.law.regulation import Regulation
from kcgrant.parsing import Cell, folded, spelling, tax_code, tax_identity, text
from kcgrant.register.form import ONCE, PRIOR
from kcgrant.register.rows import Place, Register, Remark, Row, gathered, remark


def norm_named(value: Cell, law: Regulation | None) -> str:
    """The id of a norm, from the id or from its title in either language; what is unknown is left for `assess` to refuse.

    Example:
        >>> norm_named("Mô hình trình diễn", None)
        'demonstration-model'
    """
    said = text(value)
    known = _titles(law).get(folded(said)) if law is not None else None
    return known or _shipped_titles().get(folded(said)) or _of_officers(said, law) or said


def _of_officers(said: str, law: Regulation | None) -> str | None:
    """The norm that officers' words name, if the law has it."""
    named = parsing.norm_named(said)
    return named if named and (law is None or named in law.norms) else None


@cache
def _shipped_titles() -> Mapping[str, str]:
    return _titles(*map(catalogue.get, catalogue.ids()))


@lru_cache(maxsize=16)
def _titles(*laws: Regulation) -> Mapping[str, str]:
    """The folded ids and titles of the norms of regulations, with the id."""
    return {
        folded(said): name
        for law in laws
        for name, norm in law.norms.items()
        for said in (name, *((norm.title.en, norm.title.vi) if norm.title else ()))
    }


KEYS: Final[Mapping[str, Callable[[Any], object]]] = {"establishment": spelling, "tax_code": tax_identity}
"""What values have in common that are the same though they are not written alike."""

_FIRST_ROW: Final = Place(None, 1)


class Item(NamedTuple):
    """An activity as far as it can be told from another: its norm, its cost, and its name, folded."""

    norm: str
    cost_vnd: int
    name: str


@dataclass(slots=True, eq=False)
class Draft:
    """A dossier with what it states, and what is said of it; `application` is None where a fault keeps it from being one.

    It has the rows of one reference of a register, or is a document that stands `at` a place.
    """

    reference: str
    rows: list[Row] = field(default_factory=list)
    prior_rows: list[Row] = field(default_factory=list)
    stated: dict[str, Any] = field(default_factory=dict)
    norms: list[str] = field(default_factory=list)
    application: Application | None = None
    remarks: list[Remark] = field(default_factory=list)
    at: Place = _FIRST_ROW

    @property
    def approved_on(self) -> date | None:
        """The day of approval, if it is stated."""
        return self.stated.get("approved_on")

    @property
    def prior_support(self) -> Sequence[PriorSupport]:
        """The earlier support that its application lists; none while it has no application."""
        return self.application.prior_support if self.application else ()

    @property
    def at_fault(self) -> bool:
        """Whether something is said of it, or could not be read in one of its rows."""
        return bool(self.remarks) or any([row.at_fault for row in (*self.rows, *self.prior_rows)])

    def place(self, column: str | None = None) -> Place:
        """Where the dossier, or what it states in a column, stands."""
        return self.rows[0].place(column) if self.rows else self.at

    def prior_place(self, index: int) -> Place:
        """Where an earlier support of it stands."""
        return self.prior_rows[index].place() if self.prior_rows else self.at

    def written(self, column: str) -> Iterator[tuple[str, Place]]:
        """What is stated in a column as it was written, with its place, row by row."""
        for row in self.rows:
            if column in row.values and column in row.sheet.columns:
                yield as_text(row.cell(row.sheet.columns[column])), row.place(column)
        if self.application and not self.rows and column in self.stated:
            yield str(getattr(self.application.establishment, COLUMNS[column].field)), self.at

    def items(self) -> Iterator[tuple[Item, Place]]:
        """The activities whose norm and cost could be read, each with its place."""
        for row in self.rows:
            stated = row.values
            if "norm" in stated and isinstance(cost_vnd := stated.get("cost_vnd"), int):
                yield Item(str(stated["norm"]), cost_vnd, spelling(str(stated.get("activity", "")))), row.place()
        if self.application and not self.rows:
            for one in self.application.activities:
                yield Item(one.norm, one.cost_vnd, spelling(one.name)), self.at


def drafted(application: Application, at: Place) -> Draft:
    """The dossier that an application is, wherever it stands.

    Raises:
        InputError: it has no reference, or its tax code is none.
    """
    if application.reference is None:
        raise InputError([fault("reference", "missing; each dossier has one of its own")])
    owner = application.establishment
    stated = {"approved_on": application.approved_on, "establishment": owner.name, "province": owner.province}
    try:
        if owner.tax_code is not None and (code := tax_code(owner.tax_code)):
            stated["tax_code"] = code
    except InputError as error:
        raise error.within("establishment.tax_code") from None
    norms = [activity.norm for activity in application.activities]
    return Draft(application.reference, stated=stated, norms=norms, application=application, at=at)


def drafts_of(register: Register, law: Regulation | None) -> tuple[list[Draft], list[Remark]]:
    """Every dossier of a register in the order of its rows, drafted; and the faults of rows that are of no dossier."""
    own = gathered((_reference(row), row) for row in register.rows)
    by_reference = {reference: Draft(reference, rows) for reference, rows in own.items() if reference}
    remarks: list[Remark] = []
    for sheet in register.prior:
        for row in sheet.rows:
            reference = _reference(row)
            if row.kind == "activity" and not reference and (row.filled("tax_code") or row.filled("establishment")):
                remarks += _of_its_owner(row, by_reference.values())
            elif reference in by_reference:
                by_reference[reference].prior_rows.append(row)
            elif reference:
                row.at_fault = True
                told = "earlier support for {given}, which is no dossier of this register; correct the reference"
                remarks.append(remark("prior-of-nobody", [row.place("reference")], told, fault=True, given=shown(reference)))
    for row in (row for sheet in register.tables for row in sheet.rows):
        owned = row.sheet.prior and (row.filled("tax_code") or row.filled("establishment"))
        if row.kind == "activity" and "reference" not in row.values and not row.at_fault and not owned:
            row.at_fault = True
            remarks.append(_missing(row, "reference"))
    for draft in by_reference.values():
        _fill(draft, law)
    return list(by_reference.values()), remarks


def _of_its_owner(row: Row, drafts: Iterable[Draft]) -> Iterator[Remark]:
    """Counts earlier support that names an establishment for the first dossier of it, from which the later ones take it."""
    code, name = row.values.get("tax_code"), row.values.get("establishment")
    by_code = [one for one in drafts if code and any(code_of(each) == tax_identity(str(code)) for each in one.rows)]
    same = [one for one in drafts if name and any(spelled(each) == spelling(str(name)) for each in one.rows)]
    owned = by_code or [one for one in same if not code or not any(each.values.get("tax_code") for each in one.rows)]
    several = {code_of(each) for one in same for each in one.rows} - {""}
    if not code and len(several) > 1:
        row.at_fault = True  # so that none of them is assessed without what may be its own
        for one in same:
            one.prior_rows.append(row)
        told = "{given} is the name of several establishments here; state the tax code of the one that had the support"
        yield remark("prior-of-several", [row.place()], told, fault=True, given=shown(str(name)))
    elif owned:
        min(owned, key=_order).prior_rows.append(row)
    else:
        told = "earlier support of {given}, which has no dossier in this register; not counted"
        yield remark("prior-of-others", [row.place()], told, given=shown(str(name or code)))


def _order(draft: Draft) -> tuple[str, str]:
    """By the day of approval, then the reference, as the dossiers of an establishment use its caps."""
    days = [str(row.values["approved_on"]) for row in draft.rows if "approved_on" in row.values]
    return min(days, default=""), draft.reference


def code_of(row: Row) -> str:
    """What the tax code of a row has in common with that of its branches."""
    return tax_identity(str(row.values.get("tax_code", "")))


def spelled(row: Row) -> str:
    """What the name of a row has in common with its other spellings."""
    return spelling(str(row.values.get("establishment", "")))


def _reference(row: Row) -> str:
    return str(row.values.get("reference", "")) if row.kind == "activity" else ""


_CODE: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def _no_norm(row: Row, said: str) -> Remark:
    """The fault of words that name no norm, with the one that is near."""
    near = parsing.norm_near(said)
    laws = [law for law in map(catalogue.get, catalogue.ids()) if near in law.norms]
    title = laws[-1].norms[near].title if laws and near else None
    meant = both(". Did you mean {near}?", near=Text(en=title.en, vi=title.vi)) if title else ""
    told = "given {given}, which names no kind of support; choose from the list of the template{hint}"
    return remark("no-norm", [row.place("norm")], told, fault=True, given=shown(said), hint=meant)


def _missing(row: Row, column: str) -> Remark:
    label = row.sheet.table.columns[column].label
    said = Text(en=f"{column} ({label.en})", vi=label.vi)
    return remark("missing", [row.place(column)], "{column}: missing; fill it in", fault=True, column=said)


def _fill(draft: Draft, law: Regulation | None) -> None:
    """Gathers what the rows of a dossier state and builds its application, if nothing is at fault."""
    rows, shared = draft.rows, draft.rows[0].sheet.table.shared
    first = rows[0].values
    draft.stated = {name: value for name, value in first.items() if name in shared}
    differing = {name for row in rows[1:] for name, _ in first.items() ^ row.values.items()}
    for column in shared if differing else ():
        if column in differing:
            draft.remarks += _agree(draft, column)
    for column in ONCE:
        if column not in draft.stated and not any([row.filled(column) for row in rows]):
            draft.remarks.append(_missing(rows[0], column))
    for row in (*rows, *draft.prior_rows):
        for column in ("norm", row.sheet.table.money):
            if column not in row.values and not row.filled(column):
                draft.remarks.append(_missing(row, column))
        if name := row.values.get("norm"):
            row.values["norm"] = norm_named(str(name), law)
            if not _CODE.fullmatch(str(row.values["norm"])):
                del row.values["norm"]
                draft.remarks.append(_no_norm(row, str(name)))
    draft.norms = [str(row.values["norm"]) for row in rows if "norm" in row.values]
    if not draft.at_fault:
        _build(draft)


def _agree(draft: Draft, column: str) -> Iterator[Remark]:
    """States the one value that the rows have in a column; a fault that names each cell where they differ."""
    stated = [row for row in draft.rows if column in row.values]
    values = sorted({row.values[column] for row in stated}, key=str)
    if values:
        draft.stated[column] = values[0]
    if len(set(map(KEYS.get(column, str), values))) > 1:
        told = "the rows of {reference} differ in {column}: {values}; one dossier has one value"
        given = [f"{value:%d/%m/%Y}" if isinstance(value, date) else shown(value) for value in values]
        called = Text(en=column, vi=draft.rows[0].sheet.table.label(column).vi)
        places = [row.place(column) for row in stated]
        yield remark("rows-differ", places, told, fault=True, reference=draft.reference, column=called, values=given)


def _build(draft: Draft) -> None:
    owned = draft.rows[0].sheet.table.owned
    document = _fields(draft.stated, owned["application"]) | {
        "reference": draft.reference,
        "establishment": _fields(draft.stated, owned["establishment"]),
        "activities": [_fields(row.values, owned["activity"]) for row in draft.rows],
        "prior_support": [_fields(row.values, PRIOR.owned["prior_support"]) for row in draft.prior_rows],
    }
    try:
        draft.application = Application.model_validate(document)
    except ValidationError as error:
        draft.remarks += as_remarks(refused(InputError, error, Application).faults, draft)


def _fields(values: Mapping[str, object], columns: Sequence[Column]) -> dict[str, object]:
    """What is stated in the columns of one owner, by the names of the fields; the facts of a regulation by themselves."""
    stated: dict[str, object] = {}
    own = {}
    for column in columns:
        if column.name in values:
            if column.field.startswith("facts."):
                own[column.name] = values[column.name]
            else:
                stated[column.field] = values[column.name]
    return stated | {"facts": own} if own else stated


# --- faults of an application, back to cells --------------------------------------------------------------------------

_WHERE: Final = re.compile(r"(?:(activities|prior_support)\[(\d+)\]|establishment)?\.?(\w*)")


def as_remarks(faults: Iterable[Fault], draft: Draft) -> list[Remark]:
    """The faults that the library finds in an application, at the cells from which it was built."""
    return [_as_remark(one, draft) for one in faults]


def _as_remark(fault: Fault, draft: Draft) -> Remark:
    where = _WHERE.fullmatch(fault.where)
    listing, index, name = where.groups() if where else (None, None, "")
    rows: Sequence[Row] = draft.prior_rows if listing == "prior_support" else draft.rows
    if index is not None:
        rows = rows[int(index) : int(index) + 1]
    column = {"name": "activity" if listing else "establishment"}.get(name, name)
    holding = [row for row in rows if column in row.values] or rows
    places = [row.place(column) for row in holding] or [row.place() for row in draft.rows] or [draft.at]
    return Remark("refused", tuple(places), fault.text, fault=True)
