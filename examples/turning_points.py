"""The turning points of every norm: the least cost that reaches the cap, and what a support of 250 million takes.

Everything is read off the curves in closed form, exact to one đồng.
"""

from kcgrant import catalogue
from kcgrant.advice import best_by_cost, curves
from kcgrant.language import figures

law = catalogue.get("hung-yen-553-2025")
wanted_vnd = 250_000_000

print(f"{'norm':43}{'cap':>17}{'reached from':>19}{'250 million from':>19}{'own share':>17}")
for curve in curves(law):
    target = curve.costs_for(wanted_vnd)
    line = " (technology line)" if curve.technology_lines else ""
    least = "never" if target.least_vnd is None else figures(target.least_vnd)
    own = "" if target.own_share_vnd is None else figures(target.own_share_vnd)
    cap, reached = figures(curve.limit_vnd), figures(curve.reached_from_vnd)
    print(f"{curve.id + line:43}{cap:>17}{reached:>19}{least:>19}{own:>17}")

print("\nmachinery or a demonstration model?")
machinery, model = curves(law, "advanced-machinery", "demonstration-model")[0:3:2]
for segment in best_by_cost((machinery, model)):
    print(f"  from {figures(segment.least_vnd)}: {segment.curve.id}")
