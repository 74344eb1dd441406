"""A demonstration model against its cap: up to which cost does the percentage bind, and from which the cap?

The establishment is real (Vy Dung Trading and Production, Kim Dong); the costs are invented.
"""

from datetime import date

from kcgrant import Activity, Application, Establishment, assess
from kcgrant.language import figures

vy_dung = Establishment(
    name="Vy Dung Trading and Production, Kim Dong",
    province="hung-yen",
    former_province="hung-yen",
    kind="small-or-medium-enterprise",
    lawfully_established=True,
    direct_producer=True,
    sector="mechanical-electrical-electronic-and-it-equipment",
)

print(f"{'cost of the model':>20}  {'support at most':>20}  bound by")
for cost_vnd in (1_000_000_000, 3_333_333_333, 3_333_333_334, 3_333_333_337, 5_000_000_000):
    model = Activity(norm="demonstration-model", name="CNC line", cost_vnd=cost_vnd, new_to_area=True)
    application = Application(
        approved_on=date(2026, 3, 2),
        establishment=vy_dung,
        activities=(model,),
        own_capital_committed=True,
        other_state_support=False,
    )
    answer = assess(application)
    option = answer.lines[0].options[0]
    limits = " and ".join(sorted(option.binding, reverse=True))
    print(f"{figures(cost_vnd):>20}  {figures(answer.maximum_vnd):>20}  {limits}")
