"""Columns: the norms on whole dataframes, from a laptop to a cluster (extra `columns`: narwhals).

The decision taken here: nothing of the law stands in this package; its expressions are built from the same `Norm` and
`Condition` objects as `assess` reads, and give the same answers (property tests). The frame's own engine computes them.
"""

from kcgrant.columns.frame import assess_frame, assess_lines
from kcgrant.columns.variants import VariantTotal, sweep, variant

__all__ = ["VariantTotal", "assess_frame", "assess_lines", "sweep", "variant"]
