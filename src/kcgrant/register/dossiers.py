"""Dossiers: the rows that share a reference, gathered into one application, or into what keeps it from being one.

The decision taken here: a dossier with one faulty row is not assessed, since its ceiling would be false. The facts of a
dossier may stand on any of its rows; where two rows state different things, both are named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache, partial
from typing import Any, Final

from pydantic import ValidationError

from kcgrant.application import COLUMNS, Application, PriorSupport
from kcgrant.errors import Fault, InputError, shown
from kcgrant.fields import refused
from kcgrant.language import listed
from kcgrant.law import catalogue
from kcgrant.law.regulation import Regulation
from kcgrant.parsing import Cell, folded, spelling, tax_identity, text
from kcgrant.register.rows import Place, Register, Remark, Row, remark


def norm_named(value: Cell, law: Regulation | None) -> str:
    """The id of a norm, from the id or from its title in either language; what is unknown is left for `assess` to refuse.

    Example:
        >>> norm_named("Mô hình trình diễn", None)
        'demonstration-model'
    """
    said = text(value)
    known = (_titles(law) if law is not None else {}).get(folded(said))
    return known or shipped_titles().get(folded(said), said)


@cache
def shipped_titles() -> Mapping[str, str]:
    """The folded ids and titles of the norms of every regulation that is shipped, with the id."""
    return dict(pair for law in map(catalogue.get, catalogue.ids()) for pair in _titles(law).items())


@lru_cache(maxsize=16)
def _titles(law: Regulation) -> Mapping[str, str]:
    return dict(_said(law))


def _said(law: Regulation) -> Iterator[tuple[str, str]]:
    for name, one in law.norms.items():
        yield folded(name), name
        if one.title:
            yield folded(one.title.en), name
            yield folded(one.title.vi), name


OF_ESTABLISHMENT: Final = tuple(name for name, column in COLUMNS.items() if column.owner == "establishment")
OF_DOSSIER: Final = tuple(name for name, column in COLUMNS.items() if column.owner == "application" and name != "reference")
OF_ACTIVITY: Final = tuple(name for name, column in COLUMNS.items() if column.owner == "activity")
OF_ROW: Final = frozenset(("reference", *OF_ACTIVITY))
NEEDED_ONCE: Final = ("approved_on", "establishment", "province")


KEYS: Final[Mapping[str, Callable[[Any], object]]] = {"establishment": spelling, "tax_code": tax_identity}
"""What values have in common that are the same though they are not written alike."""


@dataclass(slots=True, eq=False)
class Draft:
    """The rows of one reference with what they state; `application` is None where a fault keeps it from being assessed."""

    reference: str
    rows: list[Row]
    prior_rows: list[Row] = field(default_factory=list)
    stated: dict[str, Any] = field(default_factory=dict)
    norms: list[str] = field(default_factory=list)
    application: Application | None = None

    @property
    def approved_on(self) -> date | None:
        """The day of approval, if it is stated."""
        return self.stated.get("approved_on")


def drafts_of(register: Register, law: Regulation | None, remarks: list[Remark]) -> list[Draft]:
    """Every dossier of a register in the order of its rows, drafted; faults go to the remarks."""
    by_reference: dict[str, Draft] = {}
    for row in register.rows:
        if row.kind == "activity" and (reference := _reference(row, remarks)) is not None:
            by_reference.setdefault(reference, Draft(reference, [])).rows.append(row)
    for sheet in register.prior:
        for row in sheet.rows:
            if row.kind == "activity" and (reference := _reference(row, remarks)) is not None:
                _file_prior(by_reference.get(reference), reference, row, remarks)
    for draft in by_reference.values():
        _fill(draft, law, remarks)
    return list(by_reference.values())


def _reference(row: Row, remarks: list[Remark]) -> str | None:
    reference = row.values.get("reference")
    if reference is None and not row.at_fault:
        remarks.append(_missing(row, "reference"))
        row.at_fault = True
    return None if reference is None else str(reference)


def _missing(row: Row, column: str) -> Remark:
    said = column if row.sheet.prior else f"{column} ({COLUMNS[column].label.en})"
    en, vi = f"{said}: missing; fill it in", f"{said}: còn trống; ô này bắt buộc phải điền"
    if not row.sheet.prior:
        vi = f"{COLUMNS[column].label.vi}: còn trống; ô này bắt buộc phải điền"
    return remark("missing", [row.place(column)], en, vi, fault=True)


def _file_prior(draft: Draft | None, reference: str, row: Row, remarks: list[Remark]) -> None:
    if draft is None:
        en = f"earlier support for {shown(reference)}, which is no dossier of this register; correct the reference"
        vi = f"khoản hỗ trợ trước đây của {shown(reference)}, nhưng sổ không có hồ sơ này; hãy sửa số hồ sơ"
        remarks.append(remark("prior-of-nobody", [row.place("reference")], en, vi, fault=True))
        row.at_fault = True
        return
    draft.prior_rows.append(row)


def _fill(draft: Draft, law: Regulation | None, remarks: list[Remark]) -> None:
    """Gathers what the rows of a dossier state and builds its application, if nothing is at fault."""
    rows = draft.rows
    found: list[Remark] = []
    if len(rows) == 1:
        draft.stated = {name: value for name, value in rows[0].values.items() if name not in OF_ROW}
    else:
        for column in (*OF_DOSSIER, *OF_ESTABLISHMENT):
            _agree(draft, column, KEYS.get(column), found)
    unstated = [column for column in NEEDED_ONCE if column not in draft.stated]
    found += [_missing(rows[0], column) for column in unstated if not any([_filled(row, column) for row in rows])]
    for row in (*rows, *draft.prior_rows):
        money = "amount_vnd" if row.sheet.prior else "cost_vnd"
        found += [_missing(row, name) for name in ("norm", money) if name not in row.values and not _filled(row, name)]
        if name := row.values.get("norm"):
            row.values["norm"] = norm_named(str(name), law)
    draft.norms = [str(row.values["norm"]) for row in rows if "norm" in row.values]
    remarks += found
    if not found and not any([row.at_fault for row in (*rows, *draft.prior_rows)]):
        _build(draft, remarks)


def _filled(row: Row, column: str) -> bool:
    index = row.sheet.columns.get(column)
    return index is not None and row.cell(index) not in (None, "")


def _agree(draft: Draft, column: str, key: Callable[[Any], object] | None, found: list[Remark]) -> None:
    """The one value that the rows state in a column; a fault that names each cell where they differ."""
    stated = [row for row in draft.rows if column in row.values]
    if not stated:
        return
    if all([row.values[column] == stated[0].values[column] for row in stated]):
        draft.stated[column] = stated[0].values[column]
        return
    values = sorted({row.values[column] for row in stated}, key=str)
    draft.stated[column] = values[0]
    if len(values) > 1 and (key is None or len({key(value) for value in values}) > 1):
        label = COLUMNS[column].label
        given = listed(f"{value:%d/%m/%Y}" if isinstance(value, date) else shown(value) for value in values)
        en = f"the rows of {draft.reference} differ in {column}: {given}; one dossier has one value"
        vi = f"các dòng của hồ sơ {draft.reference} ghi khác nhau ở cột {label.vi}: {given}; mỗi hồ sơ chỉ có một giá trị"
        found.append(remark("rows-differ", [row.place(column) for row in stated], en, vi, fault=True))


def _build(draft: Draft, remarks: list[Remark]) -> None:
    stated = draft.stated
    document: dict[str, Any] = {name: stated[name] for name in OF_DOSSIER if name in stated}
    document["reference"] = draft.reference
    document["establishment"] = _fields(stated, OF_ESTABLISHMENT)
    document["activities"] = [_fields(row.values, OF_ACTIVITY) for row in draft.rows]
    if draft.prior_rows:
        document["prior_support"] = [
            {name: row.values[name] for name in PriorSupport.model_fields if name in row.values} for row in draft.prior_rows
        ]
    try:
        draft.application = Application.model_validate(document)
    except ValidationError as error:
        remarks += as_remarks(refused(InputError, error, Application).faults, draft)


def _fields(values: Mapping[str, object], columns: Sequence[str]) -> dict[str, object]:
    """What is stated in some columns, by the names of the fields."""
    return {COLUMNS[name].field: values[name] for name in columns if name in values}


# --- faults of an application, back to cells --------------------------------------------------------------------------

_WHERE: Final = re.compile(r"(?:(activities|prior_support)\[(\d+)\]|establishment)?\.?(\w*)")


def as_remarks(faults: Iterable[Fault], draft: Draft) -> list[Remark]:
    """The faults that the library finds in an application, at the cells from which it was built."""
    return list(map(partial(_as_remark, draft=draft), faults))


def _as_remark(fault: Fault, draft: Draft) -> Remark:
    where = _WHERE.fullmatch(fault.where)
    listing, index, name = where.groups() if where else (None, None, "")
    rows: Sequence[Row] = draft.prior_rows if listing == "prior_support" else draft.rows
    if index is not None:
        rows = rows[int(index) : int(index) + 1]
    column = {"name": "activity" if listing else "establishment"}.get(name, name) or None
    places = tuple(_places(rows, column))
    return Remark("refused", places or tuple(_places(draft.rows, None)), fault.text, fault=True)


def _places(rows: Sequence[Row], column: str | None) -> Iterator[Place]:
    holding = [row for row in rows if column is not None and column in row.values]
    for row in holding or rows:
        yield row.place(column)
