"""Catalogue: the regulations that are shipped, found by place and day, or by id.

The decision taken here: exactly one regulation is in force in a place on a day, or there is an error that names what is
known, with its days. The last known law is never used silently.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache, lru_cache
from typing import get_args

from kcgrant.errors import Fault, NoRegulation, fault, hint, shown
from kcgrant.language import Lang, Text, both, listed
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
    where, near = shown(regulation_id)[1:-1], hint(regulation_id, shipped())
    raise NoRegulation([fault(where, "no such regulation is shipped; shipped: {known}{hint}", known=shipped(), hint=near)])


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
    there = [law for law in _in_place() if law.province == province]
    found = [law for law in there if law.in_force and law.in_force.covers(on)]
    if len(found) == 1:
        return found[0]
    raise NoRegulation([_not_one(province, on, there, found)])


@cache
def _in_place() -> Sequence[Regulation]:
    """Those with norms: a framework is in force nowhere by itself."""
    return [law for law in map(get, shipped()) if law.norms]


def _not_one(province: str | None, on: date, there: Sequence[Regulation], found: Sequence[Regulation]) -> Fault:
    if found:
        told = "{place} on {on}: {count} regulations are in force: {known}. Name the one that applies"
    elif there:
        told = "{place} on {on}: no regulation in force is known; known there: {known}. Name a regulation to compare with"
    else:
        told = "{place} on {on}: no regulation of this place is known; known are {known}. Name one to compare with{hint}"
    days = [(law.id, law.in_force.in_words()) for law in found or there or _in_place() if law.in_force]
    en, vi = ([f"{law} ({when[lang]})" for law, when in days] for lang in get_args(Lang))
    near = hint(province, [law.province for law in _in_place() if law.province])
    place, known = shown(province)[1:-1] if province else both("national"), Text(en=listed(en), vi=listed(vi))
    return fault("", told, place=place, on=on, count=len(found), known=known, hint=near)
