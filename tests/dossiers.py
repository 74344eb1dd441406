"""Dossiers for tests: applications in which every fact is stated and favourable, unless a test says otherwise; invented laws."""

from __future__ import annotations

from datetime import date
from typing import Any

from kcgrant import Activity, Application, Establishment, PriorSupport, catalogue
from kcgrant.language import Lang, day_in_words
from kcgrant.law import Regulation

FAVOURABLE: dict[str, Any] = {
    "lawfully_established": True,
    "direct_producer": True,
    "kind": "small-or-medium-enterprise",
    "area": "commune",
    "sector": "mechanical-electrical-electronic-and-it-equipment",
    "difficult_area": False,
}
DAY = date(2026, 3, 2)


def establishment(**facts: Any) -> Establishment:
    here = {"name": "Halo Mold Tech", "province": "hung-yen", "former_province": "hung-yen"}
    return Establishment(**(here | FAVOURABLE | facts))


def application(*activities: Activity, **facts: Any) -> Application:
    """An application whose facts are favourable; `facts` of the establishment and of the application may be mixed."""
    of_application = {key: facts.pop(key) for key in list(facts) if key in Application.model_fields}
    stated: dict[str, Any] = {
        "approved_on": DAY,
        "own_capital_committed": True,
        "other_state_support": False,
        "priority": False,
    }
    return Application(**(stated | {"establishment": establishment(**facts), "activities": activities} | of_application))


def machine(cost_vnd: int, technology_line: bool | None = False, **facts: Any) -> Activity:
    return Activity(norm="advanced-machinery", cost_vnd=cost_vnd, technology_line=technology_line, **facts)


def line(cost_vnd: int) -> Activity:
    return machine(cost_vnd, technology_line=True)


def demonstration(cost_vnd: int, new_to_area: bool | None = True, **facts: Any) -> Activity:
    return Activity(norm="demonstration-model", cost_vnd=cost_vnd, new_to_area=new_to_area, **facts)


def replication(cost_vnd: int, performs_well: bool | None = True) -> Activity:
    return Activity(norm="replication-model", cost_vnd=cost_vnd, performs_well=performs_well)


def cleaner_production(cost_vnd: int) -> Activity:
    return Activity(norm="cleaner-production-model", cost_vnd=cost_vnd)


def prior(amount_vnd: int, technology_line: bool | None = False, norm: str = "advanced-machinery") -> PriorSupport:
    return PriorSupport(norm=norm, amount_vnd=amount_vnd, technology_line=technology_line)


def invented(norms: dict[str, dict[str, Any]], *conditions: dict[str, Any]) -> Regulation:
    """A regulation of these norms, each per model unless it says otherwise, and of these conditions."""
    words = {"en": "invented", "vi": "giả định"}
    return Regulation.model_validate(
        {
            "id": "invented",
            "document": "1",
            "title": words,
            "in_force": {"from": date(2020, 1, 1)},
            "sources": {"s": {"title": "t", "publisher": "p", "certainty": "C"}},
            "norms": {name: {"per": "model", "source": "s", "states": words} | norm for name, norm in norms.items()},
            "conditions": [{"id": f"c{n}", "question": words, "source": "s"} | one for n, one in enumerate(conditions)],
        }
    )


def plain(law: Regulation) -> Regulation:
    """Of a regulation the norms that Hung Yen has as well, without what varies by a fact or is not expressed."""
    known = catalogue.get("hung-yen-553-2025").norms
    kept = {name: norm for name, norm in law.norms.items() if name in known}
    bare: dict[str, Any] = {"variations": (), "unexpressed": (), "conditions": (), "facts": {}}
    return law.model_copy(update={"norms": kept} | bare)


def shipped(lang: Lang = "en") -> str:
    """The regulations that are shipped, as a refusal lists them with their days."""
    listed = []
    for law in map(catalogue.get, catalogue.ids()):
        if law.in_force and law.norms:
            since = ("from " if lang == "en" else "từ ") + day_in_words(law.in_force.since, lang)
            until = law.in_force.until
            to = (" to " if lang == "en" else " đến ") + day_in_words(until, lang) if until else ""
            listed.append(f"{law.id} ({since}{to})")
    return ", ".join(listed)
