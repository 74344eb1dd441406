"""A technology line alone, and beside a machine: the higher cap is open only if nothing but lines is supported.

The establishment is real (Halo Mold Tech, Yen My); the costs are invented.
"""

from datetime import date

from kcgrant import Activity, Application, Establishment, assess
from kcgrant.language import figures

halo = Establishment(
    name="Halo Mold Tech, Yen My",
    province="hung-yen",
    former_province="hung-yen",
    kind="small-or-medium-enterprise",
    lawfully_established=True,
    direct_producer=True,
    sector="mechanical-electrical-electronic-and-it-equipment",
)
machine = Activity(norm="advanced-machinery", name="drilling machine", cost_vnd=700_000_000, technology_line=False)
line = Activity(norm="advanced-machinery", name="moulding line", cost_vnd=1_000_000_000, technology_line=True)
small_line = Activity(norm="advanced-machinery", name="small line", cost_vnd=500_000_000, technology_line=True)

for activities in ((machine,), (line,), (machine, line), (machine, small_line)):
    application = Application(
        approved_on=date(2026, 3, 2),
        establishment=halo,
        activities=activities,
        own_capital_committed=True,
        other_state_support=False,
    )
    print(" + ".join(f"{activity.name} {figures(activity.cost_vnd)}" for activity in activities))
    (pool,) = assess(application).lines
    for option in pool.options:
        mark = "->" if option is pool.chosen else "  "
        print(f"  {mark} support {option.id}: {figures(option.amount_vnd)}")
