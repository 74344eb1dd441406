"""Application: what the applicant states, checked once at the door.

The decision taken here: a fact of eligibility that is not stated is `None`, which is neither zero nor "no"; an unknown
key, a float for money and text that is not clean Unicode are errors. What has passed this door is never checked again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Literal, Self, get_args

from pydantic import AfterValidator, Field, ValidationError

from kcgrant.errors import Fault, InputError, shown
from kcgrant.fields import A_TEXT, Code, Day, Line, Record, Yes, clean, one_of, refused
from kcgrant.files import decoded
from kcgrant.language import Text
from kcgrant.money import VND

MOST_ENTRIES: Final = 10_000  # of a list; a dossier has some dozens at most

Kind = Literal[
    "small-or-medium-enterprise",
    "large-enterprise",
    "cooperative",
    "cooperative-group",
    "union-of-cooperatives",
    "household-business",
]
Area = Literal[
    "commune",
    "township",
    "district-town",
    "ward-class-2-or-3-city",
    "ward-class-1-city-former-commune",
    "other-ward",
    "special-zone",
    "craft-village",
]
Sector = Literal[
    "agricultural-forestry-aquatic-and-food-processing",
    "consumer-export-or-import-substituting-goods",
    "agricultural-chemicals",
    "building-materials",
    "mechanical-electrical-electronic-and-it-equipment",
    "handicraft",
    "mining-in-disadvantaged-area",
    "mining-elsewhere",
    "cleaner-production-and-pollution-treatment",
    "high-technology",
    "clean-industry",
    "energy-saving",
    "environmental-industry",
    "environment-friendly-energy",
    "other",
]

YES_NO: Final = (True, False)
FACTS: Final[Mapping[str, tuple[str | bool, ...]]] = {
    "establishment.lawfully_established": YES_NO,
    "establishment.direct_producer": YES_NO,
    "establishment.kind": get_args(Kind),
    "establishment.area": get_args(Area),
    "establishment.sector": get_args(Sector),
    "application.own_capital_committed": YES_NO,
    "application.other_state_support": YES_NO,
    "activity.new_to_area": YES_NO,
    "activity.performs_well": YES_NO,
}
"""The facts that a condition of law may ask about, each with every answer it can have."""


class Establishment(Record):
    """The applicant: a rural industrial establishment, in the state of the day on which the plan is approved.

    `None` means not stated. `province` is a code such as `hung-yen`.

    Example:
        >>> Establishment(name="HTX nông nghiệp Minh Tiến", province="hung-yen", kind="cooperative").area is None
        True
    """

    name: Line
    province: Code
    tax_code: Line | None = None
    kind: Annotated[Kind | None, one_of(get_args(Kind), or_null=True)] = None
    lawfully_established: Yes = None
    direct_producer: Yes = None
    area: Annotated[Area | None, one_of(get_args(Area), or_null=True)] = None
    sector: Annotated[Sector | None, one_of(get_args(Sector), or_null=True)] = None


class Activity(Record):
    """One priced line of the dossier: one model, or one machine, under one norm; `cost_vnd` in whole đồng.

    Example:
        >>> Activity(norm="advanced-machinery", cost_vnd=800_000_000).technology_line is None
        True
    """

    norm: Code
    cost_vnd: VND
    name: Annotated[str, Field(max_length=1000), A_TEXT, AfterValidator(clean)] = ""
    technology_line: Yes = None
    new_to_area: Yes = None
    performs_well: Yes = None


class PriorSupport(Record):
    """Earlier support, in whole đồng, that counts against the cap of a norm (reading `per-establishment`).

    Example:
        >>> from datetime import date
        >>> PriorSupport(norm="advanced-machinery", amount_vnd=120_000_000, granted_on=date(2025, 6, 30)).amount_vnd
        120000000
    """

    norm: Code
    amount_vnd: VND
    technology_line: Yes = None
    granted_on: Day | None = None


class Application(Record):
    """A described application. `approved_on` is the day on which the support plan is approved: its law applies.

    Building one in Python raises pydantic's `ValidationError`; `from_json` and `from_dict` raise `InputError`.

    Example:
        >>> from datetime import date
        >>> application = Application(
        ...     approved_on=date(2026, 3, 2),
        ...     establishment=Establishment(name="Halo Mold Tech", province="hung-yen"),
        ...     activities=[Activity(norm="advanced-machinery", cost_vnd=800_000_000)],
        ... )
        >>> Application.from_json(application.to_json()) == application
        True
    """

    approved_on: Day
    establishment: Establishment
    activities: Annotated[tuple[Activity, ...], Field(strict=False, min_length=1, max_length=MOST_ENTRIES)]
    prior_support: Annotated[tuple[PriorSupport, ...], Field(strict=False, max_length=MOST_ENTRIES)] = ()
    reference: Line | None = None
    own_capital_committed: Yes = None
    other_state_support: Yes = None

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """The application that a JSON text describes (bytes are UTF-8).

        Raises:
            InputError: with every fault found: no JSON, a wrong type or value, an unknown key, a key written twice.

        Example:
            >>> Application.from_json('{"approved_on": "2026-03-02", "activities": [], "cost": 1}')
            Traceback (most recent call last):
            kcgrant.errors.InputError: establishment: missing; it must be stated
            activities: empty; at least one entry is needed
            cost: unknown key; known here: approved_on, establishment, activities, prior_support, reference,
            own_capital_committed, other_state_support
        """
        if isinstance(text, bytes | bytearray):
            text = decoded(bytes(text), "", InputError)
        if not isinstance(text, str):
            raise InputError([Fault("", Text(en=f"given {shown(text)}; expected JSON text", vi="cần một văn bản JSON"))])
        try:
            application = cls.model_validate_json(text)
        except ValidationError as error:
            if error.error_count() == 1 and error.errors(include_url=False)[0]["type"] == "json_invalid":
                raise InputError([_not_json(text, error)]) from None
            raise refused(InputError, error, cls, _repeated_keys(text)) from None
        # Every key that the text holds has become a field, unless one is repeated (or a quoted text looks like a key).
        if len(_KEY.findall(text)) != _stated(application) and (repeated := _repeated_keys(text)):
            raise InputError(repeated)
        return application

    @classmethod
    def from_dict(cls, document: object) -> Self:
        """The application that a document of Python values describes, as `from_json`; days may be `date`s.

        Raises:
            InputError: with every fault found.

        Example:
            >>> Application.from_dict({"approved_on": "today"})
            Traceback (most recent call last):
            kcgrant.errors.InputError: approved_on: given "today"; expected a day as "YYYY-MM-DD", such as "2026-03-02"
            establishment: missing; it must be stated
            activities: missing; it must be stated
        """
        try:
            return cls.model_validate(document)
        except ValidationError as error:
            raise refused(InputError, error, cls) from None

    def to_json(self) -> str:
        """The application as JSON text that `from_json` reads; the same bytes for equal applications."""
        return self.model_dump_json()


_KEY = re.compile(r'"\s*:')


def _stated(application: Application) -> int:
    records = (application, application.establishment, *application.activities, *application.prior_support)
    return sum([len(record.model_fields_set) for record in records])


def _not_json(text: str, error: ValidationError) -> Fault:
    if not text.strip():
        return Fault("", Text(en="empty; expected a JSON object", vi="tệp trống; cần một đối tượng JSON"))
    detail, _, position = error.errors(include_url=False)[0]["ctx"]["error"].partition(" at ")
    vi = position.replace("line", "dòng").replace("column", "cột")
    slip = detail.startswith(("expected", "trailing", "invalid", "key must"))  # where a person's hand is likely
    en = "; no dots in numbers, straight quotes, no comma before a closing bracket" if slip else ""
    hint = "; số không có dấu chấm, dùng ngoặc kép thẳng, không có dấu phẩy trước ngoặc đóng" if slip else ""
    return Fault("", Text(en=f"{position}: not JSON: {detail}{en}", vi=f"{vi}: không đúng cú pháp JSON ({detail}){hint}"))


class _Table(dict[str, object]):
    """An object of JSON, with the values of keys that it repeats."""

    repeated: tuple[tuple[str, object, object], ...] = ()


def _table(pairs: list[tuple[str, object]]) -> _Table:
    table = _Table()
    for key, value in pairs:
        if key in table:
            table.repeated += ((key, table[key], value),)
        table[key] = value
    return table


def _repeated_keys(text: str) -> list[Fault]:
    """The keys that stand twice in one object: JSON keeps the last silently, and an officer would lose a value."""
    return list(_repeated_in(json.loads(text, object_pairs_hook=_table), ""))


def _repeated_in(value: object, where: str) -> Iterator[Fault]:
    if isinstance(value, _Table):
        for key, first, second in value.repeated:
            en = f"written twice in one object, {shown(first)} and {shown(second)}; keep one"
            vi = f"viết hai lần trong cùng một nhóm, {shown(first)} và {shown(second)}; hãy giữ lại một"
            yield Fault(f"{where}.{shown(key)[1:-1]}".removeprefix("."), Text(en=en, vi=vi))
        for key, inner in value.items():
            yield from _repeated_in(inner, f"{where}.{shown(key)[1:-1]}".removeprefix("."))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _repeated_in(inner, f"{where}[{index}]")


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
