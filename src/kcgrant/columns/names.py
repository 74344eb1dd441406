"""Names: what kcgrant calls the columns that it works with, beside those of the caller.

The decision taken here: the columns read are those of the flat form, as `application` declares them, and no others; ours
stand under a prefix, and every other column of a frame is left alone.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from kcgrant.money import MOST_VND

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


REFERENCE, NORM, FAULT, ERA, ROWS, ROW = (own(name) for name in ("reference", "norm", "fault", "era", "rows", "row"))
ALL = own("all")


class PriorColumns(NamedTuple):
    """The columns of earlier support under a norm: its sum, and whether all of it is, or may be, for technology lines."""

    amount_vnd: str
    is_open: str
    may_be_open: str


PRIOR: Final = PriorColumns(own("prior"), own("prior_open"), own("prior_may_be_open"))


class Choice(NamedTuple):
    """The columns of a choice of what to support: the cost that may count, that which surely does, its cap, what is left."""

    most: str
    sure: str
    cap: str
    left: str


EVERYTHING: Final = Choice(own("most"), own("sure"), own("cap"), own("left"))
LINES: Final = Choice(own("lines_most"), own("lines_sure"), own("lines_cap"), own("lines_left"))

LARGEST_REFERENCE: Final = 2**63 - 1
"""What a larger number of an application is cut to, to be refused."""

NO_REFERENCE: Final = -(2**63)
"""What stands for a missing number of an application while rows are gathered; the least there is, and nobody's."""
