"""Advice: which support, what it takes, what would mend an application, and what another regulation changes."""

from kcgrant.advice.chart import Drawn, as_chart
from kcgrant.advice.comparison import Comparison, CurveComparison, Difference, Effect, Impact, Tile, compare, impact
from kcgrant.advice.curve import Curve, Segment, Target, best_by_cost, curves, first_excess
from kcgrant.advice.level_picture import draw_levels
from kcgrant.advice.level_tables import levels_as_csv, levels_as_markdown, levels_on_screen
from kcgrant.advice.levels import Level, Localities, LocalText, NormLevels, Rank, localities
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
    "Level",
    "LocalText",
    "Localities",
    "NormLevels",
    "Prospect",
    "Rank",
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
    "draw_levels",
    "first_excess",
    "impact",
    "impact_in_words",
    "levels_as_csv",
    "levels_as_markdown",
    "levels_on_screen",
    "localities",
    "repairs",
    "repairs_in_words",
    "stuck",
    "targets_in_words",
    "worth",
]
