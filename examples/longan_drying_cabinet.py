"""A cooperative buys a drying cabinet for longan: half its cost, as long as that stays under the cap.

The establishment is real (Minh Tien Agricultural Cooperative, Phu Cu); the cost is invented.
"""

from datetime import date

from kcgrant import Activity, Application, Establishment, assess, explain

cooperative = Establishment(
    name="HTX nông nghiệp Minh Tiến, Phù Cừ",
    province="hung-yen",
    former_province="hung-yen",
    kind="cooperative",
    lawfully_established=True,
    direct_producer=True,
    area="commune",
    sector="agricultural-forestry-aquatic-and-food-processing",
)
cabinet = Activity(
    norm="advanced-machinery", name="Tủ sấy nhãn (chi phí giả định)", cost_vnd=420_000_000, technology_line=False
)
application = Application(
    reference="KC-2026-007",
    approved_on=date(2026, 3, 2),
    establishment=cooperative,
    activities=(cabinet,),
    own_capital_committed=True,
    other_state_support=False,
)

print(explain(assess(application), "vi"))
