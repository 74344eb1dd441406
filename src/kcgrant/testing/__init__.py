"""Testing: random cases and the laws that any ceiling of support obeys, for anybody's regulation and anybody's engine.

The decision taken here: `check` tries every law on edges and at random, and tells of all that are broken at once, each with
the smallest case found that breaks it, written as a test that runs. Needs the extra `testing`.

Example:
    >>> from kcgrant import catalogue
    >>> check(catalogue.get("hung-yen-553-2025"), max_examples=5)
"""

from kcgrant.testing import laws
from kcgrant.testing.cases import Case, as_csv, boundary_cases
from kcgrant.testing.check import (
    LAWS,
    Amounts,
    Counterexample,
    Disagreement,
    LawsBroken,
    agree,
    broken,
    check,
    engine_of,
    in_python,
)
from kcgrant.testing.laws import Engine, LawBroken
from kcgrant.testing.strategies import activities, applications, costs, edges, establishments, prior_support, regulations

__all__ = [
    "LAWS",
    "Amounts",
    "Case",
    "Counterexample",
    "Disagreement",
    "Engine",
    "LawBroken",
    "LawsBroken",
    "activities",
    "agree",
    "applications",
    "as_csv",
    "boundary_cases",
    "broken",
    "check",
    "costs",
    "edges",
    "engine_of",
    "establishments",
    "in_python",
    "laws",
    "prior_support",
    "regulations",
]
