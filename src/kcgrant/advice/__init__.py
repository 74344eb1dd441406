"""Advice: which support, what it takes, what would mend an application, and what another regulation changes."""

from kcgrant.advice.chart import Drawn, as_chart
from kcgrant.advice.comparison import Comparison, CurveComparison, Difference, Effect, Impact, Tile, compare, impact
from kcgrant.advice.curve import Curve, Segment, Target, best_by_cost, curves, first_excess
from kcgrant.advice.picture import draw
from kcgrant.advice.repairs import Change, Prospect, Repair, repairs, stuck, worth
from kcgrant.advice.routes import Advice, Route, RouteOrder, advise
from kcgrant.advice.words import advice_in_words, comparison_in_words, impact_in_words, repairs_in_words, targets_in_words

__all__ = [
    "Advice",
    "Change",
    "Comparison",
    "Curve",
    "CurveComparison",
    "Difference",
    "Drawn",
    "Effect",
    "Impact",
    "Prospect",
    "Repair",
    "Route",
    "RouteOrder",
    "Segment",
    "Target",
    "Tile",
    "advice_in_words",
    "advise",
    "as_chart",
    "best_by_cost",
    "compare",
    "comparison_in_words",
    "curves",
    "draw",
    "first_excess",
    "impact",
    "impact_in_words",
    "repairs",
    "repairs_in_words",
    "stuck",
    "targets_in_words",
    "worth",
]
