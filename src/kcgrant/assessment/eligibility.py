"""Eligibility: the conditions of law judged against the facts stated, in three values.

The decision taken here: a fact that is not stated leaves its condition unknown, never unmet. Conditions are decided per
regulation, span of days and set of norms once, and remembered; judging an application is then a look-up per condition.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Final, Literal, NamedTuple, get_args

from kcgrant.application import FACTS, Application
from kcgrant.law.norms import Condition, Norm, Note
from kcgrant.law.regulation import Regulation

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
    """A condition prepared for use: where its fact stands, which norms ask it, and its finding for each value."""

    condition: Condition
    field: str
    norms: frozenset[str]
    answers: Mapping[str | bool | None, tuple[Finding, int]]


@dataclass(frozen=True, slots=True)
class Rules:
    """All that a regulation says, on a span of days, to an application under a given set of norms."""

    norms: Mapping[str, Norm]
    of_establishment: tuple[Check, ...]
    of_application: tuple[Check, ...]
    of_activity: Mapping[str, tuple[Check, ...]]
    readings: tuple[Note, ...]
    notes: tuple[Note, ...]


def rules_for(law: Regulation, on: date, norms: frozenset[str]) -> Rules:
    """The rules of a regulation for a day and a set of its norms; made once for each span of equal conditions."""
    return _rules(law, law.era(on), norms)


@lru_cache(maxsize=4096)
def _rules(law: Regulation, era: int, norms: frozenset[str]) -> Rules:
    on = law.turning_days[era - 1] if era else date.min
    checks: dict[str, list[Check]] = {"establishment": [], "application": [], "activity": []}
    for condition in law.all_conditions:
        if asked := frozenset(norm for norm in norms if condition.applies(norm, on)):
            owner, _, field = condition.fact.partition(".")
            values = (*FACTS[condition.fact], None)
            answers = {value: (judge(condition, value), _state(condition, value)) for value in values}
            checks[owner].append(Check(condition, field, asked, answers))
    return Rules(
        norms={norm: law.norms[norm] for norm in law.norms if norm in norms},
        of_establishment=tuple(checks["establishment"]),
        of_application=tuple(checks["application"]),
        of_activity={norm: tuple(check for check in checks["activity"] if norm in check.norms) for norm in norms},
        readings=law.readings_for(norms),
        notes=law.all_notes,
    )


class Judgement(NamedTuple):
    """The findings on an application, and what they mean.

    `of_norm` is how the facts of the applicant stand for each norm, `of_activity` how the facts of each activity stand
    by themselves, `states` how each activity stands by both: each MET, UNKNOWN or UNMET. `open_checks` are the conditions
    whose fact is not stated; `open_activity` those of activities, with the index.
    """

    findings: tuple[Finding, ...]
    of_norm: Mapping[str, int]
    of_activity: Sequence[int]
    states: Sequence[int]
    open_checks: Sequence[Check]
    open_activity: Sequence[tuple[int, Check]]


def examine(application: Application, rules: Rules) -> Judgement:
    """Judges every condition that applies to an application, those of the applicant first."""
    findings: list[Finding] = []
    of_norm = dict.fromkeys(rules.norms, MET)
    open_checks: list[Check] = []
    for checks, stated in ((rules.of_establishment, application.establishment), (rules.of_application, application)):
        for check in checks:
            finding, state = check.answers[getattr(stated, check.field)]
            findings.append(finding)
            if state:
                for norm in check.norms:
                    of_norm[norm] = max(of_norm[norm], state)
                if state == UNKNOWN:
                    open_checks.append(check)
    of_activity: list[int] = []
    states: list[int] = []
    open_activity: list[tuple[int, Check]] = []
    for index, activity in enumerate(application.activities):
        worst = MET
        for check in rules.of_activity[activity.norm]:
            value = getattr(activity, check.field)
            findings.append(judge(check.condition, value, index))
            state = check.answers[value][1]
            worst = max(worst, state)
            if state == UNKNOWN:
                open_activity.append((index, check))
        of_activity.append(worst)
        states.append(max(worst, of_norm[activity.norm]))
    return Judgement(tuple(findings), of_norm, of_activity, states, open_checks, open_activity)


def verdict_of_all(verdicts: Sequence[Verdict]) -> Verdict:
    """The verdict on an application, from those on its activities.

    Example:
        >>> verdict_of_all([Verdict.ELIGIBLE, Verdict.INELIGIBLE]).value
        'partly-eligible'
    """
    kinds = set(verdicts)
    if len(kinds) == 1:
        return verdicts[0]
    return Verdict.UNDETERMINED if Verdict.UNDETERMINED in kinds else Verdict.PARTLY_ELIGIBLE


def worlds(rules: Rules, open_checks: Sequence[Check]) -> set[frozenset[str]]:
    """For every way of answering the open questions about the applicant: the norms whose conditions are then met.

    One answer may meet one norm's condition and fail another's, so the norms cannot be looked at one by one.
    """
    norms = frozenset(rules.norms)
    reached = {norms}
    for fact in dict.fromkeys(check.condition.fact for check in open_checks):
        about = [check for check in open_checks if check.condition.fact == fact]
        met = {
            norms.difference(*(check.norms for check in about if check.answers[value][1] == UNMET)) for value in FACTS[fact]
        }
        reached = {world & passing for world in reached for passing in met}
    return reached
