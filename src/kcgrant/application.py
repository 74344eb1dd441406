"""Application: what the applicant states, checked once at the door, and every fact declared once.

The decision taken here: a fact of eligibility that is not stated is `None`, which is neither zero nor "no"; an unknown
key, a float for money and text that is not clean Unicode are errors. What has passed this door is never checked again.
A fact is declared at its field: its answers are those of the field's type, and whatever lists facts, columns, questions or
words derives from there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from operator import attrgetter
from typing import Annotated, Any, Final, Literal, NamedTuple, Protocol, Self, get_args, get_origin

from pydantic import AfterValidator, Field, ValidationError

from kcgrant.errors import Fault, InputError, fault, hint
from kcgrant.fields import Code, Day, Expected, FrozenMap, LineOrEmpty, OneLine, Record, Several, Yes, one_of, refused
from kcgrant.files import json_value
from kcgrant.language import VALUE_NAMES, Lang, Text, value_name
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
Answer = str | bool
"""What a fact can be stated to be."""

_ANSWER: Final = Expected('true, false, or a word of small letters, digits and hyphens in quotes, such as "in-town"')
OwnFacts = Annotated[Mapping[Code, Annotated[bool | Code, _ANSWER]], Field(max_length=100), AfterValidator(FrozenMap)]
"""Answers to the facts that a regulation declares itself, by their ids; one that is not there is not stated."""


# --- facts and columns, declared at the fields ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heading:
    """Marks a field with the heading of its column in the flat form, in both languages, and what else it is called."""

    en: str
    vi: str
    also: tuple[str, ...] = ()

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        """The heading as the description of the field, unless there is another (pydantic's protocol)."""
        found: dict[str, Any] = handler(schema)
        return {"description": self.en} | found


@dataclass(frozen=True, slots=True)
class Fact(Heading):
    """Marks a field whose answer a condition of law may ask for, or with `asked=False` one that decides which cap holds.

    Inside a sentence it is called by its heading with a small letter, or by the `Text` that stands behind.
    """

    asked: bool = True


_TECHNOLOGY_LINE: Final = Fact("Technology line", "Dây chuyền công nghệ", asked=False)


Kinds = Literal["text", "code", "yes", "amount", "number", "day"]


Owner = Literal["application", "establishment", "activity", "prior_support"]


class Column(NamedTuple):
    """A column of the flat form: where what it states belongs, its headings, and the answers that a fact can have.

    `named` is what the answers of a fact that a regulation declares itself are called, as far as it says so.
    """

    name: str
    owner: Owner
    field: str
    kind: Kinds
    answers: tuple[Answer, ...]
    label: Text
    also: tuple[str, ...]
    said: Text
    needed: bool
    asked: bool
    named: Mapping[str, Text] = FrozenMap()

    @property
    def fact(self) -> str:
        """The name of the fact that it states, such as `activity.new_to_area`."""
        return f"{self.owner}.{self.field}"


_OWNERS: Final = (
    *("Cơ sở", "Cơ sở công nghiệp nông thôn", "Cơ sở CNNT", "Tên cơ sở CNNT", "Tên cơ sở công nghiệp nông thôn"),
    *("Tên đơn vị", "Đơn vị thụ hưởng", "Đơn vị hưởng lợi", "Đơn vị thụ hưởng đề án", "Cơ sở thụ hưởng", "Tên doanh nghiệp"),
)
_COSTS: Final = (
    *("Chi phí", "Cost", "Tổng chi phí", "Tổng kinh phí", "Tổng kinh phí thực hiện", "Kinh phí thực hiện", "Kinh phí"),
    *("Chi phí thực hiện", "Tổng kinh phí đề án", "Giá trị máy móc thiết bị", "Chi phí đầu tư máy móc thiết bị"),
)
_ITEMS: Final = (
    *("Tên hạng mục", "Nội dung thực hiện", "Tên máy móc thiết bị", "Tên thiết bị", "Máy móc thiết bị", "Tên máy"),
    *("Hạng mục máy móc thiết bị", "Máy móc thiết bị hỗ trợ", "Nội dung đề án"),
)


class Establishment(Record):
    """The applicant: a rural industrial establishment, in the state of the day on which the plan is approved.

    `None` means not stated. `province` is a code such as `hung-yen`, `former_province` that of the province in which the
    place lay before the merger of 1 July 2025.

    Example:
        >>> Establishment(name="HTX nông nghiệp Minh Tiến", province="hung-yen", kind="cooperative").area is None
        True
    """

    name: Annotated[OneLine, Heading("Establishment", "Tên cơ sở", _OWNERS)]
    province: Annotated[Code, Heading("Province", "Tỉnh", ("Tỉnh, thành phố",))]
    former_province: Annotated[Code | None, Heading("Former province", "Tỉnh cũ", ("Tỉnh trước sáp nhập",))] = None
    tax_code: Annotated[OneLine | None, Heading("Tax code", "Mã số thuế", ("MST",))] = None
    kind: Annotated[
        Kind | None, one_of(get_args(Kind), or_null=True), Fact("Kind of establishment", "Loại hình cơ sở", ("Loại hình",))
    ] = None
    lawfully_established: Annotated[
        Yes, Fact("Lawfully set up", "Thành lập hợp pháp"), Text("lawfully set up", "được thành lập hợp pháp")
    ] = None
    direct_producer: Annotated[
        Yes, Fact("Itself invests and produces", "Trực tiếp đầu tư, sản xuất", ("Trực tiếp sản xuất",))
    ] = None
    area: Annotated[Area | None, one_of(get_args(Area), or_null=True), Fact("Place", "Địa bàn")] = None
    sector: Annotated[Sector | None, one_of(get_args(Sector), or_null=True), Fact("Sector", "Ngành nghề")] = None
    difficult_area: Annotated[
        Yes,
        Fact("Difficult area", "Địa bàn khó khăn", ("Địa bàn đặc biệt khó khăn",)),
        Text("in a difficult or especially difficult area", "thuộc địa bàn khó khăn, đặc biệt khó khăn"),
    ] = None
    facts: OwnFacts = FrozenMap()


class Activity(Record):
    """One priced line of the dossier: one model, or one machine, under one norm; `cost_vnd` in whole đồng.

    `quantity` is the number of units, stated exactly where the norm counts units.

    Example:
        >>> Activity(norm="advanced-machinery", cost_vnd=800_000_000).technology_line is None
        True
    """

    norm: Annotated[Code, Heading("Norm", "Nội dung hỗ trợ", ("Mức chi",))]
    cost_vnd: Annotated[VND, Heading("Cost (VND)", "Chi phí (đồng)", _COSTS)]
    name: Annotated[LineOrEmpty, Heading("Activity", "Hạng mục", _ITEMS)] = ""
    technology_line: Annotated[Yes, _TECHNOLOGY_LINE, Text("is a technology line", "là dây chuyền công nghệ")] = None
    new_to_area: Annotated[Yes, Fact("New to its area", "Mới đối với địa phương")] = None
    performs_well: Annotated[Yes, Fact("Performs well", "Hoạt động hiệu quả")] = None
    quantity: Annotated[
        int | None,
        Field(ge=1, le=10**6),
        Expected("a whole number of units from 1 to 1000000, or null (not stated)"),
        Heading("Quantity", "Số lượng", ("Số lượng đơn vị",)),
    ] = None
    facts: OwnFacts = FrozenMap()


class PriorSupport(Record):
    """Earlier support, in whole đồng, that counts against the cap of a norm (reading `per-establishment`).

    Example:
        >>> from datetime import date
        >>> PriorSupport(norm="advanced-machinery", amount_vnd=120_000_000, granted_on=date(2025, 6, 30)).amount_vnd
        120000000
    """

    norm: Annotated[Code, Heading("Norm", "Nội dung hỗ trợ", ("Mức chi",))]
    amount_vnd: Annotated[
        VND,
        Heading(
            "Amount (VND)",
            "Số tiền đã hỗ trợ (đồng)",
            (
                *("Số tiền đã hỗ trợ", "Số tiền hỗ trợ", "Số tiền", "Kinh phí đã hỗ trợ", "KP đã hỗ trợ", "Kinh phí hỗ trợ"),
                *("Mức đã hỗ trợ", "Mức hỗ trợ", "Đã hỗ trợ", "Kinh phí khuyến công", "Kinh phí", "Amount"),
            ),
        ),
    ]
    technology_line: Annotated[
        Yes, _TECHNOLOGY_LINE, Text("was for a technology line", "đã hỗ trợ cho dây chuyền công nghệ")
    ] = None
    granted_on: Annotated[Day | None, Heading("Granted on", "Ngày hỗ trợ", ("Ngày cấp", "Ngày quyết định"))] = None


class Choice(NamedTuple):
    """An answer that a question can have: the value to state, and what it is called in both languages."""

    value: Answer
    label: Text


class Asking(Protocol):
    """A question as `Application.answer` needs it: which fact, of what, and its answers."""

    @property
    def fact(self) -> str:
        """The name of the fact."""

    @property
    def activity(self) -> int | None:
        """The index of the activity whose fact it is."""

    @property
    def prior_support(self) -> int | None:
        """The index of the earlier support whose fact it is."""

    @property
    def answers(self) -> tuple[Choice, ...]:
        """Every answer."""


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

    approved_on: Annotated[Day, Heading("Plan approved on", "Ngày phê duyệt kế hoạch", ("Ngày phê duyệt",))]
    establishment: Establishment
    activities: Annotated[Several[Activity], Field(strict=False, min_length=1, max_length=MOST_ENTRIES)]
    prior_support: Annotated[Several[PriorSupport], Field(strict=False, max_length=MOST_ENTRIES)] = ()
    reference: Annotated[OneLine | None, Heading("Reference", "Số hồ sơ", ("Mã hồ sơ", "Dossier"))] = None
    own_capital_committed: Annotated[
        Yes,
        Fact("Own share committed", "Cam kết vốn đối ứng", ("Đã cam kết vốn đối ứng", "Vốn đối ứng đã cam kết")),
        Text("own share invested or committed", "đã đầu tư hoặc cam kết đủ vốn đối ứng"),
    ] = None
    other_state_support: Annotated[
        Yes,
        Fact("Other State support", "Đã có nguồn Nhà nước khác", ("Nguồn Nhà nước khác",)),
        Text("whether another source of the State has paid", "nguồn kinh phí khác của Nhà nước đã hỗ trợ nội dung này"),
    ] = None
    priority: Annotated[
        Yes,
        Fact("Priority scheme", "Đề án ưu tiên", ("Thuộc diện ưu tiên",)),
        Text("approved as a priority scheme", "được phê duyệt là đề án ưu tiên"),
    ] = None
    facts: OwnFacts = FrozenMap()

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
            own_capital_committed, other_state_support, priority, facts
        """
        if not isinstance(text, str | bytes | bytearray):
            raise InputError([fault("", "given {given}; expected JSON text", given=text)])
        if isinstance(text, str):  # pydantic's own parser is the quickest; whatever it leaves open is looked at with care
            try:
                application = cls.model_validate_json(text)
            except ValidationError:
                return cls._checked(*json_value(text))
            if len(_KEY.findall(text)) == _stated(application, own='"facts"' in text):
                return application
        return cls._checked(*json_value(text))

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
        return cls._checked(document)

    @classmethod
    def _checked(cls, document: object, repeated: Sequence[Fault] = ()) -> Self:
        try:
            application = cls.model_validate(document)
        except ValidationError as error:
            raise refused(InputError, error, cls, repeated) from None
        if repeated:
            raise InputError(repeated)
        return application

    @classmethod
    def of(
        cls,
        *,
        norm: str,
        cost_vnd: int,
        province: str,
        on: date | str,
        name: str = "not stated",
        prior_support: Sequence[PriorSupport] = (),
        **facts: object,
    ) -> Self:
        """The application for one activity, every fact under its own name, whoever's it is.

        `on` is the day on which the plan is approved, `name` the establishment's; a fact that is not named is not stated.

        Raises:
            InputError: with every fault found; an unknown name is told with the nearest.

        Example:
            >>> stated = Application.of(
            ...     norm="advanced-machinery", cost_vnd=800_000_000, province="hung-yen", on="2026-03-02", kind="cooperative"
            ... )
            >>> stated.establishment.kind, stated.activities[0].technology_line
            ('cooperative', None)
        """
        document: dict[str, dict[str, object]] = {
            "application": {"approved_on": on, "prior_support": prior_support},
            "establishment": {"name": name, "province": province},
            "activity": {"norm": norm, "cost_vnd": cost_vnd},
        }
        free = {column.field: owner for owner, of in _OF.items() if owner in document for column in of.values()}
        known = [field for field in free if all(field not in taken for taken in document.values())]
        faults = []
        for fact, value in facts.items():
            if fact in known:
                document[free[fact]][fact] = value
            else:
                faults.append(fault(fact, "no such fact; known: {known}{hint}", known=known, hint=hint(fact, known)))
        try:
            nested = {"establishment": document["establishment"], "activities": [document["activity"]]}
            application = cls._checked(document["application"] | nested)
        except InputError as error:
            called = {"approved_on": "on", "establishment.name": "name", "establishment.province": "province"}
            for one in error.faults:
                where = called.get(one.where, one.where.removeprefix("establishment.").removeprefix("activities[0]."))
                faults.append(Fault(where, one.text))
        if faults:
            raise InputError(faults)
        return application

    def answer(self, question: Asking, value: Answer | None) -> Self:
        """The application with an answer to a question of its assessment; None leaves it open again.

        Raises:
            InputError: the answer is none of `question.answers`, or the question is about an activity that is not here.

        Example:
            >>> from kcgrant import assess
            >>> stated = Application.of(norm="advanced-machinery", cost_vnd=1, province="hung-yen", on=date(2026, 3, 2))
            >>> question = assess(stated).questions[0]
            >>> question.fact, stated.answer(question, "hung-yen").establishment.former_province
            ('establishment.former_province', 'hung-yen')
        """
        known = [choice.value for choice in question.answers]
        if value is not None and not any(value is one or (value == one and isinstance(value, str)) for one in known):
            told = "given {given}; expected one of {known}"
            words = [one if isinstance(one, str) else str(one) for one in known]
            raise InputError([fault(question.fact, told, given=value, known=words)])
        index = question.activity if question.prior_support is None else question.prior_support
        owner = question.fact.partition(".")[0]
        if owner in _LISTS and not 0 <= (index or 0) < len(getattr(self, _LISTS[owner])):
            told = "the question is about entry {number}, of which there are {count}"
            raise InputError([fault(question.fact, told, number=(index or 0) + 1, count=len(getattr(self, _LISTS[owner])))])
        return self.model_validate(state(self, (question.fact, index), value))

    def to_json(self) -> str:
        """The application as JSON text that `from_json` reads; the same bytes for equal applications."""
        return self.model_dump_json()


_KEY: Final = re.compile(r'"\s*:')


def _stated(application: Application, *, own: bool) -> int:
    """How many keys a document of the application has, unless one stands there twice; `own`: facts of a regulation too."""
    owners: tuple[Any, ...] = (application, application.establishment, *application.activities)
    stated = sum([len(record.model_fields_set) for record in (*owners, *application.prior_support)])
    return stated + sum([len(record.facts) for record in owners]) if own else stated


# --- what derives from the declarations -------------------------------------------------------------------------------

_RECORDS: Final[Mapping[str, type[Record]]] = {
    "application": Application,
    "establishment": Establishment,
    "activity": Activity,
    "prior_support": PriorSupport,
}


def _columns(owner: Any) -> dict[str, Column]:
    """The columns that the fields of a record declare; a name is called by what it is the name of."""
    found = {}
    for name, field in _RECORDS[owner].model_fields.items():
        marks = {type(mark): mark for mark in field.metadata}
        if heading := marks.get(Fact) or marks.get(Heading):
            called = owner if name == "name" else name
            label, asked = Text(heading.en, heading.vi), isinstance(heading, Fact) and heading.asked
            said = marks.get(Text) or Text(_small(heading.en), _small(heading.vi))
            kind, answers = _kind(name, field.annotation)
            found[called] = Column(called, owner, name, kind, answers, label, heading.also, said, field.is_required(), asked)
    return found


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


def _kind(name: str, annotation: Any) -> tuple[Kinds, tuple[Answer, ...]]:
    """The kind of a column from the name and type of its field, and the answers where it states a fact."""
    types = _types(annotation)
    if bool in types:
        return "yes", YES_NO
    if codes := next((one for one in types if get_origin(one) is Literal), None):
        return "code", get_args(codes)
    if int in types:
        return "amount" if name.endswith("_vnd") else "number", ()
    return "day" if date in types else "text", ()


def _types(annotation: Any) -> set[Any]:
    return {annotation}.union(*map(_types, get_args(annotation)))


_OF: Final = {owner: _columns(owner) for owner in _RECORDS}
_ROW: Final = _OF["application"] | _OF["establishment"] | _OF["activity"]
COLUMNS: Final[Mapping[str, Column]] = {
    name: _ROW[name]  # one that is named twice keeps its first place
    for names in (
        ("reference", "approved_on"),
        _OF["establishment"],
        _OF["application"],
        ("norm", "activity"),
        _OF["activity"],
    )
    for name in names
}
"""The flat form of a dossier: one row an activity, the rows of a dossier share the reference."""

PRIOR_COLUMNS: Final[Mapping[str, Column]] = {"reference": _OF["application"]["reference"]} | _OF["prior_support"]
"""The second table of the flat form: earlier support that counts, listed for a dossier."""

FACT_COLUMNS: Final[Mapping[str, Column]] = FrozenMap(
    {column.fact: column for columns in _OF.values() for column in columns.values() if column.answers}
)
"""Every fact with its column, by name; those that decide which cap holds included."""

FACTS: Final[Mapping[str, tuple[Answer, ...]]] = FrozenMap(
    {
        column.fact: column.answers
        for owner in ("establishment", "application", "activity")
        for column in _OF[owner].values()
        if column.asked
    }
)
"""The facts that a condition of law may ask about, each with every answer it can have."""


def answer_name(column: Column, value: Answer | None, lang: Lang) -> str:
    """An answer to a fact as an officer would write it; one that a regulation declares itself as the regulation says."""
    if isinstance(value, str) and value not in VALUE_NAMES:
        return column.named[value][lang] if value in column.named else value
    return value_name(value, lang)


def fact_name(fact: str, lang: Lang, known: Mapping[str, Column] = FACT_COLUMNS) -> str:
    """A fact as an officer would call it inside a sentence; `known` as for `places`."""
    return known[fact].said[lang]


OWN_FACT: Final = re.compile(r"(establishment|application|activity)\.facts\.([a-z0-9]+(?:-[a-z0-9]+)*)")
"""The name of a fact that a regulation declares itself."""


def own_column(name: str, owner: Any, answers: tuple[Answer, ...], label: Text, named: Mapping[str, Text]) -> Column:
    """The column of a fact that a regulation declares itself."""
    said = Text(_small(label.en), _small(label.vi))
    kind: Kinds = "yes" if True in answers else "code"
    return Column(name, owner, f"facts.{name}", kind, answers, label, (), said, needed=False, asked=True, named=named)


_LISTS: Final = {"activity": "activities", "prior_support": "prior_support"}
Place = tuple[str, int | None]
"""Where a fact stands: its name, and the index of the activity or earlier support that it belongs to."""


def places(application: Application, known: Mapping[str, Column] = FACT_COLUMNS) -> list[Place]:
    """Every place of an application at which a fact may be stated that an amount or a verdict can depend on.

    `known` are the facts with their columns: `Regulation.fact_columns` has those that a regulation declares as well.

    Example:
        >>> from datetime import date
        >>> from kcgrant import Activity, Establishment
        >>> halo = Establishment(name="Halo Mold Tech", province="hung-yen", former_province="hung-yen")
        >>> drill = Activity(norm="advanced-machinery", cost_vnd=800_000_000)
        >>> places(Application(approved_on=date(2026, 3, 2), establishment=halo, activities=[drill]))[-3:]
        [('activity.technology_line', 0), ('activity.new_to_area', 0), ('activity.performs_well', 0)]
    """
    owners = ("establishment", "application")
    found: list[Place] = [(fact, None) for owner in owners for fact, one in known.items() if one.owner == owner]
    for fact, column in known.items():
        if column.owner in _LISTS:
            found += [(fact, index) for index in range(len(getattr(application, _LISTS[column.owner])))]
    return found


def stated(application: Application, place: Place) -> Any:
    """What is stated at a place, or None."""
    owner, _, field = place[0].partition(".")
    record: Any = application
    if owner in _LISTS:
        record = getattr(application, _LISTS[owner])[place[1] or 0]
    elif owner == "establishment":
        record = application.establishment
    return reader_of_field(field)(record)


@cache
def reader_of_field(field: str) -> Callable[[Any], Answer | None]:
    """What reads a field off a record, one of its own facts included; None where it is not stated."""
    own = field.removeprefix("facts.")
    return attrgetter(field) if own == field else lambda record: record.facts.get(own)


def state(application: Application, place: Place, value: Any) -> Application:
    """The application with a value stated at a place; None leaves the fact open."""
    return state_all(application, {place: value})


def state_all(application: Application, values: Mapping[Place, Any]) -> Application:
    """The application with values stated at several places."""
    changes: dict[tuple[str, int], dict[str, Any]] = {("application", 0): {}}
    for (fact, index), value in values.items():
        owner, _, field = fact.partition(".")
        changes.setdefault((owner, index or 0), {})[field] = value

    def changed(record: Any, owner: str, index: int = 0) -> Any:
        update = changes.get((owner, index))
        return record.model_copy(update=_with_own(record, update)) if update else record

    update = _with_own(application, changes["application", 0])
    update["establishment"] = changed(application.establishment, "establishment")
    for owner, field in _LISTS.items():
        update[field] = tuple([changed(one, owner, index) for index, one in enumerate(getattr(application, field))])
    return application.model_copy(update=update)


def _with_own(record: Any, update: dict[str, Any]) -> dict[str, Any]:
    """The changes of a record, those of its own facts in the mapping that holds them."""
    own = {field.removeprefix("facts."): update.pop(field) for field in list(update) if field.startswith("facts.")}
    if own:
        update["facts"] = {name: value for name, value in {**record.facts, **own}.items() if value is not None}
    return update
