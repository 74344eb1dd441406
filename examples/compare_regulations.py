"""What a new text would be worth: a higher cap for machinery, on three invented dossiers, against the text in force."""

from datetime import date

from kcgrant import Activity, Application, Establishment, catalogue
from kcgrant.advice import compare, impact
from kcgrant.language import figures
from kcgrant.law import proofread

law = catalogue.get("hung-yen-553-2025")
text = {"en": "At most 50%, not over VND 350 million; 1.5 times for lines.", "vi": "50%, 350 triệu đồng; 1,5 lần."}
machinery = law.norms["advanced-machinery"].model_copy(update={"cap": 350_000_000, "states": text})
draft = law.model_copy(update={"id": "draft", "norms": {**law.norms, "advanced-machinery": machinery}})
if faults := proofread(draft):
    raise SystemExit(faults)
workshop = Establishment(
    name="A workshop",
    province="hung-yen",
    former_province="hung-yen",
    kind="household-business",
    lawfully_established=True,
    direct_producer=True,
    sector="handicraft",
)
dossiers = [
    Application(
        approved_on=date(2026, 3, 2),
        reference=f"KC-{number}",
        establishment=workshop,
        activities=(Activity(norm="advanced-machinery", cost_vnd=cost_vnd, technology_line=line),),
        own_capital_committed=True,
        other_state_support=False,
    )
    for number, cost_vnd, line in ((1, 500_000_000, False), (2, 640_000_000, False), (3, 1_200_000_000, True))
]
found = compare(law, draft)
print(f"first cost that gains: {figures(next(one.first_more_vnd for one in found.curves if one.first_more_vnd))}")
for effect in impact(dossiers, law, draft).effects:
    print(f"{effect.application.reference}: {effect.change_vnd:+,} đồng")
