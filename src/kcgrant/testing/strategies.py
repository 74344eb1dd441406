"""Strategies: random applications and regulations, with weight on the edges, where faults hide.

The decision taken here: examples are built from the simplest values up, so that what is left after shrinking is something
that an officer can read. Two of three applicants fail no condition, so that amounts are at stake as often as eligibility.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

from hypothesis import strategies as st

from kcgrant.application import FACT_COLUMNS, FACTS, Activity, Application, Establishment, PriorSupport
from kcgrant.law.norms import Condition, Norm
from kcgrant.law.regulation import Regulation
from kcgrant.money import MOST_VND

_CHANCE: Final = st.sampled_from([False, False, True])


def edges(norm: Norm) -> list[int]:
    """The least costs in whole đồng that reach the cap of a norm, and its raised cap where it has one.

    Example:
        >>> from kcgrant import catalogue
        >>> edges(catalogue.get("hung-yen-553-2025").norms["advanced-machinery"])
        [600000000, 900000000]
    """
    caps = [cap for cap in (norm.cap, norm.technology_line_cap_vnd) if cap is not None]
    return [min(MOST_VND, cap if norm.rate is None else -int(-cap / norm.rate // 1)) for cap in caps]


def costs(norm: Norm) -> st.SearchStrategy[int]:
    """Costs of 1 to 10^15 đồng, with weight on what lies within three đồng of an edge of the norm, or of a part of it."""
    return _about(edges(norm) or [10**9]) | st.just(MOST_VND)


def _about(points: Sequence[int]) -> st.SearchStrategy[int]:
    """Amounts about some points: very small ones, those next to a point or a part of it, and any up to three times them."""

    def near(point: int, parts: int, step: int) -> int:
        return min(MOST_VND, max(1, point // parts + step))

    def far(parts: int, step: int) -> int:
        return near(3 * max(points) * parts, 1000, step)

    at_points = st.builds(near, st.sampled_from(points), st.sampled_from([1, 2, 3]), st.integers(-3, 3))
    anywhere = st.builds(far, st.integers(1, 1000), st.integers(-3, 3))  # in parts: long integers are mostly drawn short
    return st.integers(1, 9) | at_points | anywhere


def activities(regulation: Regulation, *norms: str) -> st.SearchStrategy[Activity]:
    """Activities under the norms named, or under any of a regulation; each fact may be stated or not."""
    return _under(Activity, regulation, norms or tuple(regulation.norms))


def prior_support(regulation: Regulation, *norms: str) -> st.SearchStrategy[PriorSupport]:
    """Earlier support under the norms named, or under any of a regulation, of amounts about its caps."""
    return _under(PriorSupport, regulation, norms or tuple(regulation.norms))


@lru_cache(maxsize=512)  # hypothesis takes longer to build a strategy than to draw from it
def _under(record: Any, regulation: Regulation, norms: tuple[str, ...]) -> st.SearchStrategy[Any]:
    each = {}
    for name in norms:
        norm = regulation.norms[name]
        caps = [cap for cap in (norm.cap, norm.technology_line_cap_vnd) if cap is not None] or [10**9]
        amount = {"cost_vnd": costs(norm)} if record is Activity else {"amount_vnd": _about(caps)}
        each[name] = st.builds(record, norm=st.just(name), **amount, **_facts(record))
    return st.sampled_from(norms).flatmap(each.__getitem__)


def establishments() -> st.SearchStrategy[Establishment]:
    """Establishments with any facts, each stated or not."""
    return st.builds(Establishment, name=st.just("A"), province=st.just("somewhere"), **_facts(Establishment))


def _facts(record: Any) -> dict[str, st.SearchStrategy[Any]]:
    owner = {Activity: "activity", PriorSupport: "prior_support", Establishment: "establishment"}[record]
    return {column.field: _unstated(column.answers) for column in FACT_COLUMNS.values() if column.owner == owner}


@lru_cache(maxsize=64)
def _unstated(values: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    """Not stated as often as stated; drawn at once, which is quicker than one of two."""
    return st.sampled_from((None,) * len(values) + values)


@lru_cache(maxsize=256)
def days(regulation: Regulation) -> st.SearchStrategy[date]:
    """Days on which a regulation is in force, with weight on those about which its conditions change."""
    first = regulation.in_force.since if regulation.in_force else date(2000, 1, 1)
    last = (regulation.in_force and regulation.in_force.until) or max(first, date(2099, 12, 31))
    turning = {day + timedelta(days=step) for day in regulation.turning_days if day > date.min for step in (-1, 0)}
    return st.sampled_from(sorted({first, last} | {day for day in turning if first <= day <= last}))


@lru_cache(maxsize=64)
def _answer(good: tuple[Any, ...], *, open_too: bool) -> st.SearchStrategy[Any]:
    return st.sampled_from(good + (good[0], None) * len(good) if open_too else good)


@st.composite
def applications(draw: st.DrawFn, regulation: Regulation, *, most: int = 4) -> Application:
    """Applications of one to `most` activities under a regulation.

    A third of the applicants meet every condition, a third meet those that they state the facts for, and of a third
    anything may be stated. So amounts are at stake as often as eligibility and what is open.
    """
    on = draw(days(regulation))
    # Often all under one norm, so that a cap is shared; and oftener where technology lines are a choice.
    of_lines = [name for name, norm in regulation.norms.items() if norm.technology_line_cap_vnd is not None]
    norms = draw(st.sampled_from([(), *((name,) for name in (*regulation.norms, *of_lines, *of_lines))]))
    named = draw(st.lists(activities(regulation, *norms), min_size=1, max_size=most))
    facts: dict[str, dict[str, Any]] = {"establishment": {}, "application": {}, "activity": {}}
    met = draw(st.sampled_from(["all", "all or open", "any"]))
    for fact in FACTS:
        owner, _, field = fact.partition(".")
        asked = [c for c in regulation.all_conditions if c.fact == fact and any(c.applies(a.norm, on) for a in named)]
        good = tuple(value for value in FACTS[fact] if all(value in condition.accepted for condition in asked))
        if met == "any" or not asked:
            good = ()
        if owner != "activity":
            facts[owner][field] = draw(_answer(good, open_too=met != "all") if good else _unstated(FACTS[fact]))
        elif good:
            facts[owner][field] = good[0]
    own = tuple(sorted({activity.norm for activity in named}))
    earlier = prior_support(regulation, *(() if draw(_CHANCE) else own))
    return Application(
        approved_on=on,
        establishment=Establishment(name="A", province=regulation.province or "somewhere", **facts["establishment"]),
        activities=tuple(a.model_copy(update={} if draw(_CHANCE) else facts["activity"]) for a in named),
        prior_support=tuple(draw(st.lists(earlier, max_size=2))),
        **facts["application"],
    )


@st.composite
def regulations(draw: st.DrawFn) -> Regulation:
    """Well-formed regulations of one to three norms and up to four conditions, their sentences stating their numbers."""
    names = ["first", "second", "third"][: draw(st.integers(1, 3))]
    return Regulation.model_validate(
        {
            "id": "invented",
            "document": "1",
            "title": {"en": "invented", "vi": "giả định"},
            "in_force": {"from": date(2024, 1, 1)},
            "sources": {"invented": {"title": "invented", "publisher": "nobody", "certainty": "C"}},
            "norms": {name: draw(_norms()) for name in names},
            "conditions": _without_contradiction(draw(st.lists(_conditions(names), max_size=4)), names),
        }
    )


@st.composite
def _norms(draw: st.DrawFn) -> dict[str, Any]:
    rate = draw(st.sampled_from([None, "50%", "30%", "33.3%", "100%", "0.7%"]))
    factor = draw(st.sampled_from([None, "1.5", "1.2", "2", "1"]))
    cap = draw(st.one_of(st.integers(1, 30), st.integers(1, 10**7))) * (10 if factor else 1)  # factor × cap is whole
    stated = f"{rate or ''} {cap} {factor or ''}"
    states = {"en": stated, "vi": stated.replace(".", ",")}
    per = draw(st.sampled_from(["establishment", "model"]))
    return {"rate": rate, "cap": cap, "per": per, "technology_line_factor": factor, "source": "invented", "states": states}


@st.composite
def _conditions(draw: st.DrawFn, names: list[str]) -> dict[str, Any]:
    fact = draw(st.sampled_from(sorted(FACTS)))
    condition: dict[str, Any] = {"fact": fact, "question": {"en": "so?", "vi": "có đúng không?"}, "source": "invented"}
    condition["is"] = draw(st.sampled_from(["yes", "no"])) if True in FACTS[fact] else "one of"
    if condition["is"] == "one of":
        some = st.lists(st.sampled_from(FACTS[fact]), min_size=1, max_size=len(FACTS[fact]) - 1, unique=True)
        condition["values"] = draw(some)
    if which := draw(st.sampled_from(["norms", "except", None])):
        condition[which] = draw(st.lists(st.sampled_from(names), min_size=1, unique=True))
    if when := draw(st.sampled_from(["from", "until", None])):
        condition[when] = date(2025, 10, 15)
    return condition


def _without_contradiction(drawn: list[dict[str, Any]], names: list[str]) -> list[dict[str, Any]]:
    """The conditions drawn, each with an id, without those that leave no answer to a fact together with earlier ones."""
    kept: list[dict[str, Any]] = []
    for number, condition in enumerate(drawn):
        new = condition | {"id": f"condition-{number}"}
        about = [Condition.model_validate(one) for one in (*kept, new) if one["fact"] == new["fact"]]
        days = [date(2024, 1, 1), date(2025, 10, 15), date(2025, 10, 16)]
        asked = [[c for c in about if c.applies(name, day)] for name in names for day in days]
        if all(set(FACTS[new["fact"]]).intersection(*(c.accepted for c in some)) for some in asked):
            kept.append(new)
    return kept
