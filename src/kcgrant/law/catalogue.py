"""Catalogue: the regulations that are shipped, found by place and day, or by id.

The decision taken here: exactly one regulation is in force in a place on a day, or there is an error that names what is
known, with its days. The last known law is never used silently.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache, lru_cache

from kcgrant.errors import Fault, NoRegulation, nearest, shown
from kcgrant.language import Lang, Text
from kcgrant.law.regulation import LAW, Regulation, read, shipped


def ids() -> tuple[str, ...]:
    """The ids of what is shipped, frameworks included, in alphabetical order.

    Example:
        >>> ids()
        ('decree-45-2012', 'hoa-binh-20-2019', 'hung-yen-553-2025', 'national-26-2014', 'national-28-2018')
    """
    return shipped()


@cache
def get(regulation_id: str) -> Regulation:
    """The shipped regulation, or framework, with this id.

    Raises:
        NoRegulation: there is none; the error names those that are shipped.

    Example:
        >>> get("national-28-2018").norms["advanced-machinery"].cap
        300000000
    """
    if regulation_id in shipped():
        return read(LAW / f"{regulation_id}.toml")
    listed = ", ".join(shipped())
    near = nearest(regulation_id, shipped())
    en = f"no such regulation is shipped; shipped: {listed}" + (f". Did you mean {near}?" if near else "")
    vi = f"không có văn bản này; các văn bản có sẵn: {listed}" + (f". Có phải ý bạn là {near}?" if near else "")
    raise NoRegulation([Fault(shown(regulation_id)[1:-1], Text(en=en, vi=vi))])


@lru_cache(maxsize=1024)
def find(province: str | None, on: date) -> Regulation:
    """The regulation in force in a province on a day; `None` as province finds the national one.

    Raises:
        NoRegulation: none is known for that place and day (or more than one); the error names what is known, with days.

    Example:
        >>> find("hung-yen", date(2026, 3, 2)).id
        'hung-yen-553-2025'
        >>> find("hung-yen", date(2024, 3, 2))
        Traceback (most recent call last):
        kcgrant.errors.NoRegulation: hung-yen on 2024-03-02: no regulation in force is known; known there:
        hung-yen-553-2025 (from 2025-02-18). Name a regulation to compare with
    """
    there = _in_place().get(province, ())
    found = [regulation for regulation in there if regulation.in_force and regulation.in_force.covers(on)]
    if len(found) == 1:
        return found[0]
    raise NoRegulation([_not_one(province, on, there, found)])


@cache
def _in_place() -> dict[str | None, tuple[Regulation, ...]]:
    """Those with norms, by province; frameworks are in force nowhere by themselves."""
    places: dict[str | None, tuple[Regulation, ...]] = {}
    for regulation in map(get, shipped()):
        if regulation.norms:
            places[regulation.province] = (*places.get(regulation.province, ()), regulation)
    return places


def _not_one(province: str | None, on: date, there: Sequence[Regulation], found: Sequence[Regulation]) -> Fault:
    places = _in_place()
    place = shown(province)[1:-1] if province else ""
    en, vi = f"{place or 'national'} on {on:%Y-%m-%d}", f"{place or 'toàn quốc'}, ngày {on:%d/%m/%Y}"
    if found:
        en += f": {len(found)} regulations are in force: {_listed(found, 'en')}. Name the one that applies"
        vi += f": có {len(found)} văn bản cùng hiệu lực: {_listed(found, 'vi')}. Hãy nêu văn bản áp dụng"
    elif there:
        en += f": no regulation in force is known; known there: {_listed(there, 'en')}"
        vi += f": chưa có văn bản nào đang có hiệu lực; tại đây đã có {_listed(there, 'vi')}"
        en, vi = f"{en}. Name a regulation to compare with", f"{vi}. Hãy nêu một văn bản để so sánh"
    else:
        every = [regulation for regulations in places.values() for regulation in regulations]
        en += f": no regulation of this place is known; known are {_listed(every, 'en')}"
        vi += f": chưa có văn bản của địa phương này; đã có {_listed(every, 'vi')}"
        en, vi = f"{en}. Name one to compare with", f"{vi}. Hãy nêu một văn bản để so sánh"
        if near := nearest(province or "", [known for known in places if known]):
            en, vi = f"{en}. Did you mean {near}?", f"{vi}. Có phải ý bạn là {near}?"
    return Fault("", Text(en=en, vi=vi))


def _listed(regulations: Sequence[Regulation], lang: Lang) -> str:
    style, since, until = ("%d/%m/%Y", "từ", "đến") if lang == "vi" else ("%Y-%m-%d", "from", "to")
    days = []
    for regulation in regulations:
        if period := regulation.in_force:
            to = f" {until} {period.until:{style}}" if period.until else ""
            days.append(f"{regulation.id} ({since} {period.since:{style}}{to})")
    return ", ".join(days)
