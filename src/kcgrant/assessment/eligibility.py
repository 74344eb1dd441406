"""Eligibility: the conditions of law judged against the facts stated, in three values.

The decision taken here: a fact that is not stated leaves its condition unknown, never unmet. Conditions are decided per
regulation, span of days and set of norms once, and remembered; judging an application is then a look-up per condition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property, lru_cache
from operator import attrgetter
from typing import Any, Final, Literal, NamedTuple, get_args

from kcgrant.application import Answer, Application, reader_of_field
from kcgrant.law.norms import Condition, Norm, Note, Variation
from kcgrant.law.regulation import Regulation
from kcgrant.law.territory import FORMER

Standing = Literal["met", "unknown", "unmet"]
"""How a condition stands; unknown because the fact is not stated."""


class Verdict(StrEnum):
    """Whether an activity or an application is eligible; `PARTLY_ELIGIBLE` is for applications alone."""

    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    UNDETERMINED = "undetermined"
    PARTLY_ELIGIBLE = "partly-eligible"


@dataclass(frozen=True, slots=True)
class Finding:
    """One condition judged: its id, the fact it asks about, the outcome, the value stated, and the source of the law.

    `activity` is the index of the activity whose fact it is; None where the fact is the applicant's.
    """

    condition: str
    fact: str
    outcome: Standing
    activity: int | None
    value: str | bool | None
    source: str


MOST_KEPT: Final = 1000  # applicants that state different things, for each set of rules
FIRST: Final = 8  # activities of an application whose findings are kept
MET, UNKNOWN, UNMET = range(3)  # ordered, so that the worst of several is their maximum
_OUTCOMES: Final[tuple[Standing, ...]] = get_args(Standing)
VERDICTS: Final = (Verdict.ELIGIBLE, Verdict.UNDETERMINED, Verdict.INELIGIBLE)  # on an activity, by its state


def judge(condition: Condition, value: str | bool | None, activity: int | None = None) -> Finding:
    """The finding on one condition, given the value stated for its fact.

    Example:
        >>> from kcgrant import catalogue
        >>> lawful = catalogue.get("decree-45-2012").conditions[0]
        >>> judge(lawful, True).outcome, judge(lawful, None).outcome, judge(lawful, False).outcome
        ('met', 'unknown', 'unmet')
    """
    outcome = _OUTCOMES[_state(condition, value)]
    return Finding(condition.id, condition.fact, outcome, activity, value, condition.source)


def _state(condition: Condition, value: str | bool | None) -> int:
    return UNKNOWN if value is None else MET if value in condition.accepted else UNMET


@dataclass(frozen=True, slots=True)
class Check:
    """A condition prepared for use: where its fact stands, which norms ask it, and its finding for each value.

    `field` is that of the record; for a fact that the regulation declares itself, `own` is its id instead. `of_first` keeps
    the findings on the first activities of an application.
    """

    condition: Condition
    field: str
    own: str | None
    norms: frozenset[str]
    answers: Mapping[str | bool | None, tuple[Finding, int]]
    of_first: tuple[dict[Answer | None, Finding], ...] = ()


@dataclass(frozen=True, slots=True)
class Varying:
    """A variation prepared for use: what reads its fact, all answers to it, and the norms whose numbers it changes."""

    variation: Variation
    read: Callable[[Any], Answer | None]
    answers: tuple[Answer, ...]
    norms: frozenset[str]


@dataclass(frozen=True, slots=True)
class Rules:
    """All that a regulation says, on a span of days, to an application under a given set of norms.

    `start` is how each norm stands before any condition is asked: open where the file cannot express what the text says,
    else met; `expressed` are the others. `of_own` are the conditions on facts of the applicant that the regulation declares
    itself. `varying` are the variations, and `of_unit` those that turn on an activity. `reads` is all that an applicant
    states and that bears on a rule, and `applicants` are those judged before, by it.
    """

    law: Regulation
    norms: Mapping[str, Norm]
    named: frozenset[str]
    start: Mapping[str, int]
    expressed: frozenset[str]
    plain: bool
    answers: Mapping[str, tuple[Answer, ...]]
    territory: Check | None
    varying: tuple[Varying, ...]
    of_unit: tuple[Varying, ...]
    of_establishment: tuple[Check, ...]
    of_application: tuple[Check, ...]
    of_own: tuple[Check, ...]
    of_activity: Mapping[str, tuple[Check, ...]]
    readings: tuple[Note, ...]
    notes: tuple[Note, ...]
    reads: Callable[[Application], tuple[object, ...]]
    applicants: dict[tuple[object, ...], Applicant] = field(default_factory=dict)


def rules_for(law: Regulation, on: date, norms: frozenset[str]) -> Rules:
    """The rules of a regulation for a day and a set of its norms; made once for each span of equal conditions.

    Raises:
        KeyError: the regulation does not have one of the norms.
    """
    return _rules(law, law.era(on), norms)


@lru_cache(maxsize=4096)
def _rules(law: Regulation, era: int, norms: frozenset[str]) -> Rules:
    if not norms <= law.norms.keys():
        raise KeyError(norms - law.norms.keys())
    on = law.turning_days[era - 1] if era else date.min
    columns, varying = law.fact_columns, [*_varying(law, on, norms)]
    unsaid = {norm for norm in norms if any(one.bounds(norm) for one in law.unexpressed)}
    checks: dict[str, list[Check]] = {"establishment": [], "application": [], "activity": []}
    for condition in law.all_conditions:
        if condition is not law.territory and (asked := frozenset(norm for norm in norms if condition.applies(norm, on))):
            owner, _, field = condition.fact.partition(".")
            values = (*columns[condition.fact].answers, None)
            answers = {value: (judge(condition, value), _state(condition, value)) for value in values}
            own = field.removeprefix("facts.")
            kept = tuple([dict[Answer | None, Finding]() for _ in range(FIRST)]) if owner == "activity" else ()
            checks[owner].append(Check(condition, field, None if own == field else own, asked, answers, kept))
    return Rules(
        law=law,
        named=norms,
        norms={norm: law.norms[norm] for norm in law.norms if norm in norms},
        start={norm: UNKNOWN if norm in unsaid else MET for norm in law.norms if norm in norms},
        expressed=norms - unsaid,
        plain=not (law.own_questions or any(law.norms[norm].counted for norm in norms)),
        answers={fact: column.answers for fact, column in columns.items()},
        territory=_territory(law, on, norms),
        varying=tuple(one for one in varying if not _of_activity(one)),
        of_unit=tuple(one for one in varying if _of_activity(one)),
        of_establishment=tuple(check for check in checks["establishment"] if check.own is None),
        of_application=tuple(check for check in checks["application"] if check.own is None),
        of_own=tuple(check for check in (*checks["establishment"], *checks["application"]) if check.own is not None),
        of_activity={norm: tuple(check for check in checks["activity"] if norm in check.norms) for norm in norms},
        readings=law.readings_for(norms),
        notes=(*_unexpressed(law, norms), *law.all_notes),
        reads=_reader([one.condition.fact for of in ("establishment", "application") for one in checks[of]], law, varying),
    )


def _reader(facts: list[str], law: Regulation, varying: Sequence[Varying]) -> Callable[[Application], tuple[object, ...]]:
    """What reads off an application all that some rules ask of its applicant."""
    facts = [*facts, *(one.variation.fact for one in varying if not _of_activity(one))]
    facts += ["establishment.province", FORMER] if law.territory is not None else []
    own = [fact.split(".facts.") for fact in facts if ".facts." in fact]
    stated = [fact.removeprefix("application.") for fact in facts if ".facts." not in fact]
    plain = attrgetter(*stated, "__class__", "__class__")  # a tuple, however few there are
    if not own:
        return plain

    def read(application: Application) -> tuple[object, ...]:
        owners: dict[str, Any] = {"application": application, "establishment": application.establishment}
        return (*plain(application), *(owners[owner].facts.get(name) for owner, name in own))

    return read


def _territory(law: Regulation, on: date, norms: frozenset[str]) -> Check | None:
    """The check of the former province on a day on which it matters."""
    condition = law.territory
    if condition is None or not any(condition.applies(norm, on) for norm in norms):
        return None
    known = (*law.fact_columns[FORMER].answers, None)
    answers = {value: (judge(condition, value), _state(condition, value)) for value in known}
    return Check(condition, "former_province", None, norms, answers)


def _varying(law: Regulation, on: date, norms: frozenset[str]) -> Iterator[Varying]:
    for one in law.variations:
        if changed := frozenset(norm for norm in norms if one.applies(norm, on)):
            field = one.fact.partition(".")[2]
            yield Varying(one, reader_of_field(field), law.fact_columns[one.fact].answers, changed)


def _unexpressed(law: Regulation, norms: frozenset[str]) -> Iterator[Note]:
    """What the text says and the file cannot express, as notes of the result."""
    for number, one in enumerate(law.unexpressed, 1):
        if any(one.bounds(norm) for norm in norms):
            yield Note(id=f"unexpressed-{number}", text=one.text)


def _of_activity(one: Varying) -> bool:
    return one.variation.fact.startswith("activity.")


class World(NamedTuple):
    """One way of answering what is open about the applicant: the norms whose conditions are met, what variations hold."""

    met: frozenset[str]
    held: frozenset[str]


class Applicant:
    """How the facts of an applicant stand under some rules: the same for all applicants that state the same.

    `of_norm` is how they stand for each norm: MET, UNKNOWN or UNMET; `open_checks` are the conditions whose fact is not
    stated. `questions` holds what has been asked about such applicants, by the norms for which it matters.
    """

    def __init__(self, application: Application, rules: Rules) -> None:
        """Judge every condition on an applicant."""
        findings: list[Finding] = []
        of_norm = dict(rules.start)
        open_checks: list[Check] = []
        territory = rules.territory  # elsewhere a text is only compared with, and nothing is asked
        if territory is not None and (here := application.establishment).province in territory.answers:
            former = here.former_province  # which may be no part of the province of today
            finding, state = territory.answers.get(former) or (judge(territory.condition, former), UNMET)
            findings.append(finding)
            if state:
                _count(territory, state, of_norm, open_checks)
        for checks, stated in ((rules.of_establishment, application.establishment), (rules.of_application, application)):
            for check in checks:
                finding, state = check.answers[getattr(stated, check.field)]
                findings.append(finding)
                if state:
                    _count(check, state, of_norm, open_checks)
        for check in rules.of_own:
            owner: Any = application if check.condition.fact.startswith("application.") else application.establishment
            finding, state = check.answers[owner.facts.get(check.own)]
            findings.append(finding)
            if state:
                _count(check, state, of_norm, open_checks)
        self.findings, self.of_norm, self.open_checks = tuple(findings), of_norm, tuple(open_checks)
        self.questions: dict[frozenset[str], tuple[Any, ...]] = {}
        self._rules = rules
        self._varying = standing_variations(rules.varying, application)

    @cached_property
    def worlds(self) -> set[World]:
        """For every way of answering the open questions about the applicant: what is then met, and which variations hold.

        One answer may meet one norm's condition and fail another's, so the norms cannot be looked at one by one.
        """
        rules, open_checks = self._rules, self.open_checks
        norms, (held, open_varying) = frozenset(rules.norms), self._varying
        reached, facts = {World(norms, held)}, [check.condition.fact for check in open_checks]
        for fact in dict.fromkeys([*facts, *(one.variation.fact for one in open_varying)]):
            about = [check for check in open_checks if check.condition.fact == fact]
            varying = [one.variation for one in open_varying if one.variation.fact == fact]
            answered = {
                World(
                    norms.difference(*(check.norms for check in about if check.answers[value][1] == UNMET)),
                    frozenset([one.id for one in varying if value in one.accepted]),
                )
                for value in rules.answers[fact]
            }
            reached = {World(one.met & other.met, one.held | other.held) for one in reached for other in answered}
        return reached

    @cached_property
    def reached(self) -> Sequence[frozenset[str]]:
        """The norms that are met together by some answers, fewest first."""
        return sorted({world.met for world in self.worlds}, key=lambda met: (len(met), sorted(met)))


class Judgement(NamedTuple):
    """The findings on an application, and what they mean.

    `of_activity` is how the facts of each activity stand by themselves, `states` how each stands with the applicant's: each
    MET, UNKNOWN or UNMET. `open_activity` are the conditions whose fact is not stated of an activity, with its index.
    """

    findings: tuple[Finding, ...]
    applicant: Applicant
    of_activity: Sequence[int]
    states: Sequence[int]
    open_activity: Sequence[tuple[int, Check]]

    @property
    def of_norm(self) -> Mapping[str, int]:
        """How the facts of the applicant stand for each norm."""
        return self.applicant.of_norm


def examine(application: Application, rules: Rules) -> Judgement:
    """Judges every condition that applies to an application, those of the applicant first."""
    stated = rules.reads(application)
    applicant = rules.applicants.get(stated)
    if applicant is None:
        if len(rules.applicants) >= MOST_KEPT:
            rules.applicants.clear()
        applicant = rules.applicants[stated] = Applicant(application, rules)
    findings: list[Finding] = []
    of_activity: list[int] = []
    states: list[int] = []
    open_activity: list[tuple[int, Check]] = []
    for index, activity in enumerate(application.activities):
        worst = MET
        for check in rules.of_activity[activity.norm]:
            value = getattr(activity, check.field) if check.own is None else activity.facts.get(check.own)
            findings.append(_judged(check, value, index))
            state = check.answers[value][1]
            worst = max(worst, state)
            if state == UNKNOWN:
                open_activity.append((index, check))
        of_activity.append(worst)
        of_norm = applicant.of_norm[activity.norm]
        states.append(max(worst, of_norm))
    every = (*applicant.findings, *findings) if findings else applicant.findings
    return Judgement(every, applicant, of_activity, states, open_activity)


def _judged(check: Check, value: Answer | None, index: int) -> Finding:
    """The finding on a condition on an activity; the first activities of all applications have theirs in common."""
    if index >= len(check.of_first):
        return judge(check.condition, value, index)
    found = check.of_first[index].get(value)
    if found is None:
        found = check.of_first[index][value] = judge(check.condition, value, index)
    return found


def _count(check: Check, state: int, of_norm: dict[str, int], open_checks: list[Check]) -> None:
    """Counts a condition that is open or unmet against the norms that ask it."""
    for norm in check.norms:
        of_norm[norm] = max(of_norm[norm], state)
    if state == UNKNOWN:
        open_checks.append(check)


def verdict_of_all(verdicts: Sequence[Verdict]) -> Verdict:
    """The verdict on an application, from those on its activities.

    Example:
        >>> verdict_of_all([Verdict.ELIGIBLE, Verdict.INELIGIBLE]).value
        'partly-eligible'
    """
    if verdicts.count(verdicts[0]) == len(verdicts):
        return verdicts[0]
    return Verdict.UNDETERMINED if Verdict.UNDETERMINED in verdicts else Verdict.PARTLY_ELIGIBLE


def standing_variations(varying: Sequence[Varying], application: Application) -> tuple[frozenset[str], list[Varying]]:
    """The variations that surely hold for an applicant, by id, and those of which it is open."""
    held, unknown = [], []
    for one in varying:
        owner = application if one.variation.fact.startswith("application.") else application.establishment
        value = one.read(owner)
        if value is None:
            unknown.append(one)
        elif value in one.variation.accepted:
            held.append(one.variation.id)
    return frozenset(held), unknown
