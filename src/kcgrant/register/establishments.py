"""Establishments: which dossiers of a register are of one establishment, and under how many spellings.

The decision taken here: the same tax code is the same establishment, a branch (suffix -001) with its parent. Without a
tax code the same name in the same province is taken to be the same, and said so; where that name has several tax codes it
is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from kcgrant.errors import shown
from kcgrant.language import listed
from kcgrant.parsing import BRANCH, DIGITS, PERSONAL, WHOLE_CODE, spelling, tax_identity
from kcgrant.register.dossiers import Draft
from kcgrant.register.rows import Place, Remark, Row, remark

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """The dossiers of one establishment, and by what they are taken to be so."""

    drafts: Sequence[Draft]
    by: Literal["tax-code", "name"]


def shared_by(drafts: Iterable[Draft], remarks: list[Remark]) -> list[Shared]:
    """The dossiers by establishment; what is doubtful about that goes to the remarks."""
    by_tax: dict[str, list[Draft]] = {}
    by_name: dict[tuple[str, str], list[Draft]] = {}
    alone: list[Draft] = []
    for draft in drafts:
        if code := draft.stated.get("tax_code"):
            by_tax.setdefault(tax_identity(code), []).append(draft)
        elif name := draft.stated.get("establishment"):
            by_name.setdefault(_named(draft, str(name)), []).append(draft)
        else:
            alone.append(draft)
    codes: dict[tuple[str, str], dict[str, Draft]] = {}
    for code, members in by_tax.items():
        for draft in members:
            codes.setdefault(_named(draft, str(draft.stated.get("establishment", ""))), {}).setdefault(code, draft)
    remarks += list(_two_codes(codes))
    shared: list[Shared] = []
    for named, members in by_name.items():
        known = codes.get(named, {})
        if len(known) == 1:
            remarks.append(_taken(members, [next(iter(known.values()))]))
            by_tax[next(iter(known))].extend(members)
            continue
        if known:
            remarks.append(_doubtful(members, known))
        if len(members) > 1:
            remarks.append(_taken(members, []))
        shared.append(Shared(members, "name"))
    shared += [Shared(members, "tax-code") for members in by_tax.values()]
    for one in shared:
        remarks += list(_spellings(one))
    return shared + [Shared([draft], "name") for draft in alone]


def _named(draft: Draft, name: str) -> tuple[str, str]:
    return spelling(name), str(draft.stated.get("province", ""))


def _rows(drafts: Iterable[Draft]) -> Iterator[Row]:
    for draft in drafts:
        yield from draft.rows


def _first(drafts: Iterable[Draft], column: str) -> list[Place]:
    return [draft.rows[0].place(column) for draft in drafts]


def _taken(members: Sequence[Draft], others: Sequence[Draft]) -> Remark:
    every = [*others, *members]
    names = listed(draft.reference for draft in every)
    en = f"{names}: taken to be the same establishment, since name and province are the same and not all state a tax code"
    vi = f"{names}: coi là cùng một cơ sở, vì cùng tên, cùng tỉnh và có hồ sơ không ghi mã số thuế"
    return remark("taken-to-be-the-same", _first(every, "establishment"), en, vi)


def _doubtful(members: Sequence[Draft], codes: Mapping[str, Draft]) -> Remark:
    en = f"no tax code, and the name is that of several: {listed(codes)}; no cap is shared with them until one is stated"
    vi = f"không ghi mã số thuế, mà tên này có nhiều mã: {listed(codes)}; chưa tính chung mức trần với cơ sở nào trong đó"
    return remark("whose-name", _first([*members, *codes.values()], "establishment"), en, vi)


def _two_codes(codes: Mapping[tuple[str, str], Mapping[str, Draft]]) -> Iterator[Remark]:
    for (name, _), known in codes.items():
        if name and len(known) > 1:
            en = f"one name with the tax codes {listed(known)}; taken to be different establishments"
            vi = f"cùng một tên nhưng có các mã số thuế {listed(known)}; coi là các cơ sở khác nhau"
            yield remark("two-tax-codes", _first(known.values(), "tax_code"), en, vi)


# --- two spellings ----------------------------------------------------------------------------------------------------


def _spellings(shared: Shared) -> Iterator[Remark]:
    """Names and tax codes of one establishment that are not written alike, with a row for each way."""
    names = _ways(shared.drafts, "establishment")
    if len(names) > 1:
        ways = listed(shown(way) for way in names)
        if len({spelling(way) for way in names}) == 1:
            en = f"one establishment is written in {len(names)} ways that look alike: {ways}"
            vi = f"một cơ sở được viết theo {len(names)} cách trông giống nhau: {ways}"
            yield remark("two-spellings", names.values(), en, vi)
        else:
            en, vi = f"one establishment under {len(names)} names: {ways}", f"một cơ sở mang {len(names)} tên: {ways}"
            yield remark("two-names", names.values(), en, vi)
    codes = _ways(shared.drafts, "tax_code")
    if len(codes) > 1:
        ways = listed(shown(way) for way in codes)
        en = f"one tax code is written in {len(codes)} ways, or with a branch: {ways}; taken to be one establishment"
        vi = f"một mã số thuế được viết theo {len(codes)} cách, hoặc có mã chi nhánh: {ways}; coi là cùng một cơ sở"
        yield remark("two-spellings", codes.values(), en, vi)
    for code, place in codes.items():
        yield from _odd_code(code, place)


def _ways(drafts: Iterable[Draft], column: str) -> dict[str, Place]:
    """Each way of writing in a column, as it stands in the file, with its first place."""
    ways: dict[str, Place] = {}
    for row in _rows(drafts):
        index = row.sheet.columns.get(column)
        if index is not None and column in row.values:
            raw = row.cell(index)
            way = raw if isinstance(raw, str) else str(row.values[column])
            if way not in ways:
                ways[way] = row.place(column)
    return ways


def _odd_code(code: str, place: Place) -> Iterator[Remark]:
    digits = len("".join(DIGITS.findall(code)))
    if digits in (WHOLE_CODE - 1, PERSONAL - 1):
        en = f"{shown(code)} has {digits} digits: a leading zero lost? Format the column as text and type 0{code}"
        vi = f"{shown(code)} có {digits} chữ số: mất số 0 ở đầu? Hãy định dạng cột kiểu Text rồi gõ 0{code}"
        yield remark("lost-zero", [place], en, vi)
    elif digits not in (WHOLE_CODE, BRANCH, PERSONAL):
        en = f"{shown(code)} has {digits} digits; a tax code has {WHOLE_CODE}, {PERSONAL}, or {BRANCH} with a branch"
        vi = f"{shown(code)} có {digits} chữ số; mã số thuế có {WHOLE_CODE}, {PERSONAL} hoặc {BRANCH} (chi nhánh) chữ số"
        yield remark("odd-tax-code", [place], en, vi)


# --- entered twice ----------------------------------------------------------------------------------------------------


def entered_twice(shared: Iterable[Shared]) -> Iterator[Remark]:
    """The items of one establishment with the same norm, name and cost, and references that look alike."""
    for one in shared:
        rows_of = [row for draft in one.drafts for row in draft.rows]
        if len(rows_of) == 1:
            continue
        for rows in (named for priced in _alike(rows_of, _price) for named in _alike(priced, _called)):
            names = listed(dict.fromkeys(str(row.values.get("reference", "–")) for row in rows))
            en = f"the same item, norm and cost of one establishment {len(rows)} times ({names}); entered twice?"
            vi = f"cùng hạng mục, mức chi và chi phí của một cơ sở xuất hiện {len(rows)} lần ({names}); có nhập trùng không?"
            yield remark("entered-twice", [row.place() for row in rows], en, vi)


def references_alike(drafts: Iterable[Draft]) -> Iterator[Remark]:
    """References that differ in capitals, spaces or look-alike letters only."""
    for alike in _alike(drafts, lambda draft: spelling(draft.reference) or None):
        names = listed(shown(draft.reference) for draft in alike)
        en, vi = (
            f"references that look alike: {names}; one dossier?",
            f"các số hồ sơ trông giống nhau: {names}; có phải một hồ sơ?",
        )
        yield remark("references-alike", _first(alike, "reference"), en, vi)


def _price(row: Row) -> tuple[object, ...] | None:
    values = row.values
    return (values["norm"], values["cost_vnd"]) if "norm" in values and "cost_vnd" in values else None


def _called(row: Row) -> str:
    return spelling(str(row.values.get("activity", "")))


def _alike(members: Iterable[_T], key: Callable[[_T], object]) -> Iterator[list[_T]]:
    found: dict[object, list[_T]] = {}
    for member in members:
        if (common := key(member)) is not None:
            found.setdefault(common, []).append(member)
    return (alike for alike in found.values() if len(alike) > 1)
