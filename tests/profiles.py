"""Profiles: how many cases the random tests try, none of them against the clock; `quick` unless `thorough` is asked for.

`HYPOTHESIS_PROFILE=thorough` or `--hypothesis-profile=thorough` asks for it; KCGRANT_EXAMPLES states another number.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Final, TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

T = TypeVar("T")

THOROUGH: Final = 200
for _name, _number in {"quick": 20, "thorough": THOROUGH}.items():
    settings.register_profile(
        _name,
        max_examples=int(os.environ.get("KCGRANT_EXAMPLES", _number)),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


def cases(number: int) -> int:
    """As many cases as a test needs in the profile `thorough`, and in another the same part of them as of all."""
    return max(1, number * settings().max_examples // THOROUGH)


def size(number: int) -> int:
    """The size of one large case in the profile `thorough`, and in a smaller one the same part of it as of the cases."""
    return min(number, cases(number))


def some(every: Iterable[T], number: int) -> list[T]:
    """All in the profile `thorough`; in a smaller one the first of them, where each is dear and much like the others."""
    return list(every)[: number if settings().max_examples < THOROUGH else None]


def examples(number: int) -> settings:
    """The settings of a test that needs more or fewer cases than the others."""
    return settings(max_examples=cases(number))


def drawn(strategy: st.SearchStrategy[T], number: int, *, derandomize: bool = False) -> list[T]:
    """So many cases of a strategy for a test that wants them all at once; other ones at every run, unless told otherwise."""
    found: list[T] = []

    @settings(examples(number), phases=[Phase.generate], derandomize=derandomize)
    @given(strategy)
    def collect(one: T) -> None:
        found.append(one)

    collect()
    return found
