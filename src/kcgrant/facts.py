"""Facts: what an application states at each place, and the application with something else stated there.

The decision taken here: a place is the name of a fact and the index of what it belongs to, so that questions, advice and
tests speak of facts in one way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kcgrant.application import FACTS, Application
from kcgrant.door import Record

Place = tuple[str, int | None]
"""Where a fact stands: its name, and the index of the activity or earlier support that it belongs to."""


def places(application: Application) -> list[Place]:
    """Every place of an application at which a fact may be stated that an amount or a verdict can depend on.

    Example:
        >>> from datetime import date
        >>> from kcgrant import Activity, Establishment
        >>> halo = Establishment(name="Halo Mold Tech", province="hung-yen")
        >>> drill = Activity(norm="advanced-machinery", cost_vnd=800_000_000)
        >>> places(Application(approved_on=date(2026, 3, 2), establishment=halo, activities=[drill]))[-3:]
        [('activity.technology_line', 0), ('activity.new_to_area', 0), ('activity.performs_well', 0)]
    """
    found: list[Place] = [(fact, None) for fact in FACTS if not fact.startswith("activity.")]
    for fact in ("activity.technology_line", "activity.new_to_area", "activity.performs_well"):
        found += [(fact, index) for index in range(len(application.activities))]
    return found + [("prior_support.technology_line", index) for index in range(len(application.prior_support))]


def stated(application: Application, place: Place) -> Any:
    """What is stated at a place, or None."""
    return getattr(_owner(application, place), place[0].partition(".")[2])


def state(application: Application, place: Place, value: Any) -> Application:
    """The application with a value stated at a place; None leaves the fact open."""
    return state_all(application, {place: value})


def state_all(application: Application, values: Mapping[Place, Any]) -> Application:
    """The application with values stated at several places."""
    changes: dict[str, Any] = {}
    items: dict[str, dict[int, dict[str, Any]]] = {}
    for (fact, index), value in values.items():
        owner, _, field = fact.partition(".")
        if owner == "application":
            changes[field] = value
        else:
            items.setdefault(_FIELDS[owner], {}).setdefault(index or 0, {})[field] = value
    for key, wanted in items.items():
        if key == "establishment":
            changes[key] = application.establishment.model_copy(update=wanted[0])
        else:
            before = getattr(application, key)
            changes[key] = tuple(
                one.model_copy(update=wanted[index]) if index in wanted else one for index, one in enumerate(before)
            )
    return application.model_copy(update=changes)


_FIELDS: Final = {"establishment": "establishment", "activity": "activities", "prior_support": "prior_support"}


def _owner(application: Application, place: Place) -> Record:
    owner, index = place[0].partition(".")[0], place[1] or 0
    if owner == "application":
        return application
    if owner == "establishment":
        return application.establishment
    return application.activities[index] if owner == "activity" else application.prior_support[index]
