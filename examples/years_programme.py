"""Kế hoạch kinh phí một năm: a budget shared out over three dossiers, in the centre's order and in proportion.

The establishments are real; the costs, the points and the budget are invented.
"""

from datetime import date

from kcgrant import Activity, Application, Establishment
from kcgrant.language import figures
from kcgrant.programme import plan, requests_from
from kcgrant.register import assess_together

DOSSIERS = [("Halo Mold Tech", 800_000_000, "87,5"), ("Viet Bach Food", 640_000_000, 80), ("Vy Dung", 360_000_000, 72)]


def dossier(number: int, name: str, cost_vnd: int) -> Application:
    """One dossier, a machine that is no technology line."""
    establishment = Establishment(
        name=name, province="hung-yen", former_province="hung-yen", kind="small-or-medium-enterprise", sector="handicraft",
        lawfully_established=True, direct_producer=True,
    )  # fmt: skip
    machine = Activity(norm="advanced-machinery", cost_vnd=cost_vnd, technology_line=False)
    facts = {"establishment": establishment, "activities": (machine,), "reference": f"KC-{number}"}
    settled = {"own_capital_committed": True, "other_state_support": False, "approved_on": date(2026, 3, 2)}
    return Application.from_dict(facts | settled)


result = assess_together(dossier(number, name, cost) for number, (name, cost, _) in enumerate(DOSSIERS, 1))
requests = requests_from(result, {f"KC-{n}": {"points": points} for n, (_, _, points) in enumerate(DOSSIERS, 1)})
ranked = plan(requests, 520_000_000, "ranked", partial_last=True)
for award in ranked.awards:
    print(f"{award.reference}  {figures(award.awarded_vnd)}  {award.reason.en.removeprefix('in part: ')}")

shared = plan(requests, 520_000_000, "pro-rata")
print("\nIn proportion:", ", ".join(f"{award.reference} {figures(award.awarded_vnd)}" for award in shared.awards))
print("Sum:", figures(shared.awarded_vnd))
