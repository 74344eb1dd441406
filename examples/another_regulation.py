"""The same model under other regulations and on other days: a comparison, and the error where no law is known.

The establishment is real (Vy Dung Trading and Production, Kim Dong); the cost is invented.
"""

from datetime import date

from kcgrant import Activity, Application, Establishment, NoRegulation, assess, catalogue
from kcgrant.language import figures

vy_dung = Establishment(
    name="Vy Dung Trading and Production, Kim Dong",
    province="hung-yen",
    former_province="hung-yen",
    kind="small-or-medium-enterprise",
    lawfully_established=True,
    direct_producer=True,
    area="commune",
    sector="mechanical-electrical-electronic-and-it-equipment",
)
model = Activity(norm="demonstration-model", name="CNC line", cost_vnd=2_400_000_000, new_to_area=True)

for day in (date(2026, 3, 2), date(2017, 6, 1)):
    application = Application(
        approved_on=day,
        establishment=vy_dung,
        activities=(model,),
        own_capital_committed=True,
        other_state_support=False,
        priority=False,
    )
    try:
        print(f"{day}  law in force: {figures(assess(application).maximum_vnd)}")
    except NoRegulation as error:
        print(f"{day}  {error}")
    for regulation in (catalogue.find(None, day), catalogue.get("hoa-binh-20-2019")):
        answer = assess(application, regulation)
        remarks = [note.text["en"] for note in answer.notes if note.id.startswith("other-")]
        print(f"{day}  {regulation.id}: {figures(answer.maximum_vnd)}", *remarks, sep="\n    ")
