"""Three machines in one application share the establishment's cap; so does support received earlier.

The establishment is real (Viet Bach Food, An Thi); costs and earlier support are invented.
"""

from datetime import date

from kcgrant import Activity, Application, Establishment, PriorSupport, assess
from kcgrant.language import figures

bakery = Establishment(
    name="Viet Bach Food, An Thi",
    province="hung-yen",
    former_province="hung-yen",
    kind="small-or-medium-enterprise",
    lawfully_established=True,
    direct_producer=True,
    sector="agricultural-forestry-aquatic-and-food-processing",
)
machines = (
    Activity(norm="advanced-machinery", name="spiral mixer 1", cost_vnd=150_000_000, technology_line=False),
    Activity(norm="advanced-machinery", name="spiral mixer 2", cost_vnd=150_000_000, technology_line=False),
    Activity(norm="advanced-machinery", name="packaging machine", cost_vnd=380_000_000, technology_line=False),
)
earlier = PriorSupport(norm="advanced-machinery", amount_vnd=80_000_000, technology_line=False)
first = Application(
    approved_on=date(2026, 3, 2),
    establishment=bakery,
    activities=machines,
    own_capital_committed=True,
    other_state_support=False,
)

for application in (first, first.model_copy(update={"prior_support": (earlier,)})):
    option = assess(application).lines[0].options[0]
    print(f"Three machines of {figures(option.base_vnd)} together, {figures(option.prior_vnd)} received before:")
    print(f"  half the cost      {figures(option.share_vnd)}")
    print(f"  left of the cap    {figures(option.cap_left_vnd or 0)}")
    print(f"  support at most    {figures(option.amount_vnd)}, bound by the {' and the '.join(sorted(option.binding))}")
