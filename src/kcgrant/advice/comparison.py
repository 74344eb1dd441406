"""Compare: one regulation against another, norm by norm, condition by condition, and dossier by dossier.

The decision taken here: what a change of law is worth is read off the two curves for every cost, or off two assessments of
the same application. A norm that only one regulation has is compared with nothing: its absence is not taken for zero.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import zip_longest
from operator import attrgetter
from typing import Annotated, Any, Final, Literal, overload

from pydantic import Field, ValidationError

from kcgrant.advice.curve import Curve, best_by_cost, first_excess, standings
from kcgrant.advice.document import InShort, Law, written
from kcgrant.application import Application
from kcgrant.assessment.assess import assess
from kcgrant.assessment.record import Assessment
from kcgrant.errors import InputTypeError, expect, fault
from kcgrant.fields import Document
from kcgrant.law.catalogue import named_law
from kcgrant.law.norms import Condition, Norm, Variation
from kcgrant.law.regulation import Regulation
from kcgrant.law.territory import TERRITORY
from kcgrant.layout import Shown

Differing = Literal["norm", "condition", "variation", "regulation"]
Plain = str | int | bool | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs: of a `norm`, a `condition`, a `variation` or the `regulation`; None where a side lacks it.

    `field` is the key of the regulation file, or `outcome` for how a condition was judged, or `holds` for whether a
    variation has a part in the amounts. Rates and factors are text, as in the file.
    """

    kind: Differing
    id: str
    field: str
    before: Plain
    after: Plain


@dataclass(frozen=True, slots=True)
class Tile:
    """Costs from `least_vnd` to `most_vnd`, both inclusive, at which a side gives at least as much; `same`: both give so."""

    least_vnd: int
    most_vnd: int
    at_least: Literal["before", "after", "same"]


@dataclass(frozen=True, slots=True, repr=False)
class CurveComparison(Shown):
    """One activity under a norm that both regulations have, as a technology line or not, where no variation holds.

    `tiles` cover all costs without gap or overlap; in the second, its side gives more. `first_more_vnd` and
    `first_less_vnd` are the least costs at which the later regulation gives more, or less; None where it never does.
    """

    norm: str
    technology_lines: bool
    tiles: tuple[Tile, ...]
    first_more_vnd: int | None
    first_less_vnd: int | None
    before: Annotated[Curve, Field(exclude=True)]
    after: Annotated[Curve, Field(exclude=True)]


@dataclass(frozen=True, slots=True, repr=False)
class Comparison(Document):
    """What differs between two regulations; `only_before` and `only_after` are the norms that one of them lacks."""

    before: Law
    after: Law
    differences: tuple[Difference, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    curves: tuple[CurveComparison, ...]


@overload
def compare(before: Regulation | str, after: Regulation | str) -> Comparison: ...
@overload
def compare(before: Assessment, after: Assessment) -> Effect: ...
def compare(before: Regulation | str | Assessment, after: Regulation | str | Assessment) -> Comparison | Effect:
    """What differs between two regulations, and what one activity receives under either, for every cost.

    Of two assessments it is how the amounts change, and which conditions, variations and norms say why.

    To check a province's norms against the national ceiling, compare the national text with the province's: the norms
    exceed it where `first_more_vnd` is a cost.

    Raises:
        InputTypeError: they are neither two regulations (or ids of such) nor two assessments.

    Example:
        >>> from kcgrant import catalogue
        >>> found = compare(catalogue.get("national-26-2014"), catalogue.get("hung-yen-553-2025"))
        >>> [(one.id, one.field, one.before, one.after) for one in found.differences if one.field == "cap"]
        [('demonstration-model', 'cap', 500000000, 1000000000), ('advanced-machinery', 'cap', 200000000, 300000000)]
        >>> [(one.norm, one.first_more_vnd) for one in found.curves if not one.technology_lines]
        [('demonstration-model', 1666666670), ('replication-model', None), ('advanced-machinery', 400000002)]
    """
    if isinstance(before, Assessment) and isinstance(after, Assessment):
        return _effect_of(before, after)
    if isinstance(before, Assessment) or isinstance(after, Assessment):
        told = "given an assessment and something else; expected two regulations, or two assessments"
        raise InputTypeError([fault("after", told)])
    return _comparison(named_law(before, "before"), named_law(after, "after"))


def _comparison(before: Regulation, after: Regulation) -> Comparison:
    shared = [name for name in before.norms if name in after.norms]
    return Comparison(
        before=before,
        after=after,
        differences=(
            *_differing("regulation", after.id, _of_law(before), _of_law(after)),
            *(one for name in shared for one in _of_norm(name, before.norms[name], after.norms[name])),
            *_of_conditions(before, after),
            *_of_variations(before, after),
        ),
        only_before=tuple(name for name in before.norms if name not in after.norms),
        only_after=tuple(name for name in after.norms if name not in before.norms),
        curves=tuple(curve for name in shared for curve in _curves(name, before.norms[name], after.norms[name])),
    )


# --- the texts --------------------------------------------------------------------------------------------------------

_NUMBERS: Final = ("rate", "cap", "per", "counted", "at_most", "technology_line_factor", "technology_line_cap")


def _differing(kind: Differing, name: str, before: Mapping[str, Plain], after: Mapping[str, Plain]) -> Iterator[Difference]:
    for field in dict.fromkeys([*before, *after]):
        if before.get(field) != after.get(field):
            yield Difference(kind, name, field, before.get(field), after.get(field))


def _of_law(law: Regulation) -> dict[str, Plain]:
    period = law.in_force.model_dump(mode="json", by_alias=True) if law.in_force else {}
    bounded = {"unexpressed": len(law.unexpressed)} if law.unexpressed else {}
    return {"province": law.province, "framework": law.framework and law.framework.id} | period | bounded


def _of_norm(name: str, before: Norm, after: Norm) -> Iterator[Difference]:
    return _differing("norm", name, *(norm.model_dump(mode="json", include=set(_NUMBERS)) for norm in (before, after)))


def _of_conditions(before: Regulation, after: Regulation) -> Iterator[Difference]:
    """Conditions of the same id are compared version by version, in the order of their days."""
    named = [condition.id for law in (before, after) for condition in law.all_conditions]
    for name in dict.fromkeys(name for name in named if name != TERRITORY):  # of a place, not of the text
        versions = ([c for c in law.all_conditions if c.id == name] for law in (before, after))
        for one, other in zip_longest(*(sorted(some, key=lambda c: c.since or date.min) for some in versions)):
            yield from _differing("condition", name, _said(one), _said(other))


def _of_variations(before: Regulation, after: Regulation) -> Iterator[Difference]:
    old, new = ({one.id: one for one in law.variations} for law in (before, after))
    for name in dict.fromkeys([*old, *new]):
        yield from _differing("variation", name, _said(old.get(name)), _said(new.get(name)))


def _said(one: Condition | Variation | None) -> dict[str, Plain]:
    """What a condition or a variation says, as in the file; nothing where there is none."""
    if one is None:
        return {}
    said = one.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"id", "question", "source", "states"})
    return {field: tuple(sorted(value)) if isinstance(value, list) else value for field, value in said.items()}


# --- the curves -------------------------------------------------------------------------------------------------------


def _curves(name: str, before: Norm, after: Norm) -> Iterator[CurveComparison]:
    for technology_lines in standings(before, after):
        one, other = Curve(name, before, technology_lines), Curve(name, after, technology_lines)
        same = one.shape == other.shape
        yield CurveComparison(
            norm=name,
            technology_lines=technology_lines,
            tiles=tuple(
                Tile(span.least_vnd, span.most_vnd, "same" if same else "before" if span.curve is one else "after")
                for span in best_by_cost((one, other))
            ),
            first_more_vnd=first_excess(other, one),
            first_less_vnd=first_excess(one, other),
            before=one,
            after=other,
        )


# --- the effect on applications ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, repr=False)
class Effect(Shown):
    """One application under both regulations; `change_vnd` is by how much the maximum grows, `reasons` say why.

    Where a regulation lacks a norm that the application names, or counts units of it and the other does not, it is not
    compared: `lacking` names the norms, and both assessments are None.
    """

    application: Annotated[Application, written(attrgetter("reference")), Field(serialization_alias="reference")]
    lacking: tuple[str, ...]
    before: InShort | None
    after: InShort | None
    change_vnd: int
    change_assured_vnd: int
    reasons: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Impact(Document):
    """The effect of one regulation in place of another on a list of applications; sums in whole đồng over `compared`."""

    before_vnd: int
    after_vnd: int
    before_assured_vnd: int
    after_assured_vnd: int
    winners: int
    losers: int
    compared: int
    effects: tuple[Effect, ...]


def impact(applications: Iterable[Application], before: Regulation | str, after: Regulation | str) -> Impact:
    """What each application may receive under either regulation, on its own day, and the sums.

    Winners are those whose maximum grows, losers those whose maximum falls. Swapping the regulations swaps both and turns
    every change around.

    Example:
        >>> from datetime import date
        >>> from kcgrant import Activity, Establishment, catalogue
        >>> vy_dung = Establishment(name="Vy Dung", province="hung-yen", former_province="hung-yen")
        >>> model = Activity(norm="demonstration-model", cost_vnd=2_400_000_000)
        >>> stated = Application(approved_on=date(2026, 3, 2), establishment=vy_dung, activities=[model], priority=False)
        >>> found = impact([stated], catalogue.get("national-26-2014"), catalogue.get("hung-yen-553-2025"))
        >>> found.before_vnd, found.after_vnd, found.winners, found.effects[0].reasons[0].field
        (500000000, 720000000, 1, 'cap')
    """
    before, after, every = named_law(before, "before"), named_law(after, "after"), list(applications)
    for one in every:
        expect(Application, one, "applications", "Applications, such as Application.from_dict(document)")
    effects = tuple(_effect(application, before, after) for application in every)
    both = [(effect.before, effect.after) for effect in effects if effect.before is not None and effect.after is not None]
    return Impact(
        before_vnd=sum(one.maximum_vnd for one, _ in both),
        after_vnd=sum(other.maximum_vnd for _, other in both),
        before_assured_vnd=sum(one.assured_vnd for one, _ in both),
        after_assured_vnd=sum(other.assured_vnd for _, other in both),
        winners=sum(effect.change_vnd > 0 for effect in effects),
        losers=sum(effect.change_vnd < 0 for effect in effects),
        compared=len(both),
        effects=effects,
    )


def _effect(application: Application, before: Regulation, after: Regulation) -> Effect:
    named = [activity.norm for activity in application.activities] + [prior.norm for prior in application.prior_support]
    both = before.norms.keys() & after.norms.keys()
    alike = {name for name in both if bool(before.norms[name].counted) == bool(after.norms[name].counted)}
    if lacking := tuple(dict.fromkeys(name for name in named if name not in alike)):
        return Effect(application, lacking, None, None, 0, 0, ())
    one, other = (assess(_as_declared(application, law), law) for law in (before, after))
    return replace(_effect_of(one, other), application=application)


def _effect_of(before: Assessment, after: Assessment) -> Effect:
    """How one assessment differs from another, whatever is stated in each."""
    more, surely = after.maximum_vnd - before.maximum_vnd, after.assured_vnd - before.assured_vnd
    reasons = tuple(dict.fromkeys(_reasons(before, after))) if more or surely else ()
    return Effect(after.application, (), before, after, more, surely, reasons)


def _as_declared(application: Application, law: Regulation) -> Application:
    """The application with those of its facts alone that a regulation declares; about others it does not ask."""

    def kept(record: Any, owner: str) -> Any:
        facts = {name: value for name, value in record.facts.items() if f"{owner}.facts.{name}" in law.fact_columns}
        return record if len(facts) == len(record.facts) else record.model_copy(update={"facts": facts})

    activities = tuple(kept(activity, "activity") for activity in application.activities)
    changes = {"establishment": kept(application.establishment, "establishment"), "activities": activities}
    return kept(application, "application").model_copy(update=changes)  # type: ignore[no-any-return]


def _reasons(before: Assessment, after: Assessment) -> Iterator[Difference]:
    """Why the amounts differ: conditions that stand otherwise, and the numbers of norms without which it would not be so."""
    old, new = ({(one.condition, one.activity): one.outcome for one in answer.findings} for answer in (before, after))
    for key in dict.fromkeys([*old, *new]):
        if old.get(key, "met") != new.get(key, "met"):  # a condition that is not asked stands in nobody's way
            yield Difference("condition", key[0], "outcome", old.get(key), new.get(key))
    earlier, later = before.regulation, after.regulation
    named = dict.fromkeys(activity.norm for answer in (before, after) for activity in answer.application.activities)
    names = {name: None for name in named if name in earlier.norms and name in later.norms}
    told = [one for name in names for one in _of_norm(name, earlier.norms[name], later.norms[name])]
    for one in reversed(tuple(told)):  # of two that would each do, the factor goes first
        law = _with_numbers(earlier, later, frozenset((other.id, other.field) for other in told if other is not one))
        if law is not None and _amounts(assess(after.application, law)) == _amounts(after):
            told.remove(one)
    yield from told
    held, then = (_held(answer) for answer in (before, after))
    for name in sorted(held ^ then):
        yield Difference("variation", name, "holds", name in held or None, name in then or None)
    yield from [one for one in _of_variations(earlier, later) if one.id in held & then]
    left_out = tuple(_left_out(law, names.keys()) for law in (earlier, later))
    if left_out[0] != left_out[1]:
        yield Difference("regulation", later.id, "unexpressed", *left_out)


def _left_out(law: Regulation, norms: Collection[str]) -> int:
    """How many clauses on some norms the file cannot express."""
    return sum(any(map(one.bounds, norms)) for one in law.unexpressed)


def _held(answer: Assessment) -> set[str]:
    """The variations that have a part in the amounts of a record."""
    options = [option for line in answer.lines for option in (line.chosen, line.assured) if option is not None]
    return {name for option in options for name in option.variations}


def _amounts(answer: Assessment) -> list[tuple[int, int]]:
    return [(line.maximum_vnd, line.assured_vnd) for line in answer.lines]


@lru_cache(maxsize=256)
def _with_numbers(before: Regulation, after: Regulation, changed: frozenset[tuple[str, str]]) -> Regulation | None:
    """The later regulation with the numbers of the earlier one, but for those named as norm and field.

    None where they make no sound norm, such as a factor that does not make whole đồng of the cap.
    """
    norms = dict(after.norms)
    try:
        for name in before.norms.keys() & after.norms.keys():
            fields = [field for field in _NUMBERS if (name, field) not in changed]
            norms[name] = norms[name].model_copy(update={field: getattr(before.norms[name], field) for field in fields})
        return after.model_copy(update={"norms": norms})
    except ValidationError:
        return None
