"""Names: the columns that kcgrant reads, what kind each is of, and those that it works with in between.

The decision taken here: the columns are those of the flat form (one row an activity), under these names and no others;
text columns hold the codes of `Application`, and every other column of a frame is left alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kcgrant.application import FACTS
from kcgrant.money import MOST_VND

FACT_OF: Final[Mapping[str, str]] = {fact.partition(".")[2]: fact for fact in FACTS}
"""The fact that each column states."""

OF_ACTIVITY: Final = tuple(name for name, fact in FACT_OF.items() if fact.startswith("activity."))
OF_APPLICANT: Final = tuple(name for name in FACT_OF if name not in OF_ACTIVITY)
IDENTITY: Final = ("establishment", "province", "tax_code")  # no rule of a given regulation turns on them
COLUMNS: Final = ("reference", "approved_on", *IDENTITY, *OF_APPLICANT, "norm", "activity", "cost_vnd", "technology_line")
"""With those of `OF_ACTIVITY`, the columns of the flat form."""

MOST_ROWS: Final = 9_000
"""Activities, or earlier supports, of one application: so many amounts of 10^15 add up to less than 2^63."""

assert MOST_ROWS * MOST_VND < 2**63  # noqa: S101 - what the docstring above promises

_OURS: Final = "kcgrant_"


def own(name: str) -> str:
    """The name under which kcgrant works with a column, apart from every column of the caller.

    Example:
        >>> own("cost_vnd")
        'kcgrant_cost_vnd'
    """
    return _OURS + name


FAULT, ERA, ROWS, ROW = own("fault"), own("era"), own("rows"), own("row")
UNMET, OPEN = own("unmet"), own("open")
ALL, MOST, SURE, LINES_MOST, LINES_SURE = (own(name) for name in ("all", "most", "sure", "lines_most", "lines_sure"))
PRIOR, PRIOR_OPEN, PRIOR_MAY_BE_OPEN = (own(name) for name in ("prior", "prior_open", "prior_may_be_open"))
