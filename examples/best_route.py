"""Which kind of support for a project, and from which cost on would another be better?

The establishment is real (Viet Bach Food, An Thi); the cost is invented.
"""

from datetime import date

from kcgrant import Activity, Application, Establishment, catalogue
from kcgrant.advice import advise
from kcgrant.assessment import title_of
from kcgrant.language import figures

viet_bach = Establishment(
    name="Viet Bach Food, An Thi",
    province="hung-yen",
    former_province="hung-yen",
    kind="small-or-medium-enterprise",
    lawfully_established=True,
    direct_producer=True,
    sector="agricultural-forestry-aquatic-and-food-processing",
)
project = Application(
    approved_on=date(2026, 3, 2),
    establishment=viet_bach,
    activities=(Activity(norm="advanced-machinery", name="Packaging hall", cost_vnd=1_200_000_000),),
    own_capital_committed=True,
    other_state_support=False,
)
law = catalogue.get("hung-yen-553-2025")
for ranking in advise(project).rankings:
    print("as a technology line" if ranking.technology_line else "as separate machines")
    for route in ranking.routes:
        answer = route.assessment
        to_show = ", ".join(question.fact for question in answer.questions) or "nothing"
        print(f"  {route.rank}. {title_of(law, route.norm, 'en'):34} {figures(answer.maximum_vnd):>15}  to show: {to_show}")
    for segment in ranking.segments:
        print(f"     from {figures(segment.least_vnd):>17}  {title_of(law, segment.curve.id, 'en')}")
