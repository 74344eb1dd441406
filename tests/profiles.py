"""Profiles: how many cases the random tests try, none of them against the clock; `quick` unless `thorough` is asked for.

`HYPOTHESIS_PROFILE=thorough` or `--hypothesis-profile=thorough` asks for it; KCGRANT_EXAMPLES states another number.
"""

from __future__ import annotations

import os
from typing import Final

from hypothesis import HealthCheck, settings

THOROUGH: Final = 200
for _name, _number in {"quick": 25, "thorough": THOROUGH}.items():
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


def examples(number: int) -> settings:
    """The settings of a test that needs more or fewer cases than the others."""
    return settings(max_examples=cases(number))
