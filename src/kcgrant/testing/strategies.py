"""Strategies: random applications and regulations, with weight on the edges, where faults hide.

The decision taken here: examples are built from the simplest values up, so that what is left after shrinking is something
that an officer can read. Two of three applicants fail no condition, so that amounts are at stake as often as eligibility.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

from hypothesis import strategies as st

from kcgrant.application import FACT_COLUMNS, FACTS, Activity, Application, Establishment, Place, PriorSupport, state_all
from kcgrant.assessment.assess import assess
from kcgrant.assessment.eligibility import Verdict
from kcgrant.errors import InputError
from kcgrant.fields import not_one_of
from kcgrant.law.catalogue import named_law
from kcgrant.law.norms import Condition, Norm
from kcgrant.law.regulation import Regulation, no_norms, unknown_norm
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
    return _about(tuple(edges(norm) or [10**9]))


def _about(points: Sequence[int]) -> st.SearchStrategy[int]:
    """Amounts of any size, many of them next to a point or a part of it, or up to three times the largest.

    An amount is drawn from one of several spans of which the first has all: so it shrinks to the smallest that does.
    """
    spans = [(1, MOST_VND), *[(1, 9)] * 3, *[(10**size, 10 ** (size + 1) - 1) for size in range(15)]]
    spans += [
        (max(1, part - 3), min(MOST_VND, part + 3)) for point in points for part in (point, point // 2, point // 3)
    ] * 5
    spans += [(1, min(MOST_VND, 3 * max(points)))] * 8 + [(MOST_VND, MOST_VND)]
    return st.sampled_from(spans).flatmap(lambda span: st.integers(*span))


def answers_for(regulation: Regulation, held: Collection[str] = ()) -> dict[Place, Any]:
    """Answers to the facts of variations by which exactly those named hold, of one activity and its applicant.

    Example:
        >>> from kcgrant import catalogue
        >>> answers_for(catalogue.get("hung-yen-553-2025"))
        {}
    """
    answers: dict[Place, Any] = {}
    for fact in dict.fromkeys(one.fact for one in regulation.variations):
        about = [one for one in regulation.variations if one.fact == fact]
        wanted = {one.id for one in about}.intersection(held)
        fits = [a for a in regulation.fact_columns[fact].answers if {one.id for one in about if a in one.accepted} == wanted]
        answers |= {(fact, 0 if fact.startswith("activity.") else None): answer for answer in fits[:1]}
    return answers


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
        numbers, more = regulation.numbers_of(name).values(), _facts(record, regulation)
        if record is Activity:
            more["cost_vnd"] = st.one_of(*map(costs, numbers))
            if regulation.norms[name].counted:
                more["quantity"] = st.integers(1, 4)
        else:
            caps = {cap for norm in numbers for cap in (norm.cap, norm.technology_line_cap_vnd) if cap is not None}
            more["amount_vnd"] = _about(tuple(sorted(caps) or [10**9]))
        each[name] = st.builds(record, norm=st.just(name), **more)
    return st.sampled_from(norms).flatmap(each.__getitem__)


def establishments(regulation: Regulation | None = None) -> st.SearchStrategy[Establishment]:
    """Establishments with any facts, each stated or not; with those that a regulation declares itself, if one is given."""
    return st.builds(Establishment, name=st.just("A"), province=st.just("somewhere"), **_facts(Establishment, regulation))


def _facts(record: Any, regulation: Regulation | None = None) -> dict[str, st.SearchStrategy[Any]]:
    owner = {Activity: "activity", PriorSupport: "prior_support", Establishment: "establishment"}[record]
    known = FACT_COLUMNS if regulation is None else regulation.fact_columns
    columns = [column for column in known.values() if column.owner == owner]
    facts = {column.field: _unstated(column.answers) for column in columns if "." not in column.field}
    if own := {column.name: _unstated(column.answers) for column in columns if "." in column.field}:
        facts["facts"] = st.fixed_dictionaries(own).map(_said)
    return facts


def _said(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value is not None}


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


def applications(
    regulation: Regulation | str,
    *,
    most: int = 4,
    norms: Collection[str] = (),
    verdict: Verdict | str | None = None,
    prior: bool | None = None,
) -> st.SearchStrategy[Application]:
    """Applications of one to `most` activities under a regulation, or the one of an id.

    A third of the applicants meet every condition, a third meet those that they state the facts for, and of a third
    anything may be stated. So amounts are at stake as often as eligibility and what is open. `norms` are those applied for,
    `verdict` is the one that they have, and `prior` says whether there is earlier support; without them, any.

    Raises:
        InputError: the regulation has no norms, or not those, or the verdict is none.
    """
    law = named_law(regulation)
    faults = [unknown_norm("norms", name, law) for name in norms if name not in law.norms]
    faults += [no_norms("regulation", law)] if not law.norms else []
    if verdict is not None and verdict not in list(Verdict):
        faults.append(not_one_of("verdict", verdict, [one.value for one in Verdict]))
    if faults:
        raise InputError(faults)
    every = _applications(law, most=most, only=tuple(norms), prior=prior, verdict=verdict)
    return every if verdict is None else every.filter(lambda one: assess(one, law).verdict == verdict)


_MEETING: Final[Mapping[str, tuple[str, ...]]] = {
    Verdict.ELIGIBLE: ("all",),
    Verdict.UNDETERMINED: ("all or open", "any"),
    Verdict.PARTLY_ELIGIBLE: ("all", "all or open", "any"),
    Verdict.INELIGIBLE: ("any",),
}
"""How much of the conditions to meet so that a verdict is had often."""


@st.composite
def _applications(
    draw: st.DrawFn, regulation: Regulation, *, most: int, only: tuple[str, ...], prior: bool | None, verdict: str | None
) -> Application:
    on = draw(days(regulation))
    # Often all under one norm, so that a cap is shared; and oftener where technology lines are a choice.
    of_lines = [name for name, norm in regulation.norms.items() if norm.technology_line_cap_vnd is not None]
    kinds = [name for name in (*regulation.norms, *of_lines, *of_lines) if not only or name in only]
    norms = draw(st.sampled_from([only, *((name,) for name in kinds)]))
    least = 2 if verdict == Verdict.PARTLY_ELIGIBLE and most > 1 else 1
    named = draw(st.lists(activities(regulation, *norms), min_size=least, max_size=most))
    facts: dict[str, dict[Any, Any]] = {"establishment": {}, "application": {}, "activity": {}}
    met = draw(st.sampled_from(_MEETING[verdict] if verdict else ("all", "all or open", "any")))
    order = ("establishment", "application", "activity", "prior_support")
    for fact, column in sorted(regulation.fact_columns.items(), key=lambda pair: order.index(pair[1].owner)):
        asked = [c for c in regulation.all_conditions if c.fact == fact and any(c.applies(a.norm, on) for a in named)]
        good = tuple(value for value in column.answers if all(value in condition.accepted for condition in asked))
        if met == "any" or not asked:
            good = ()
        if column.owner in ("establishment", "application"):
            value = draw(_answer(good, open_too=met != "all") if good else _unstated(column.answers))
            facts[column.owner][fact, None] = value
        elif good and column.asked:
            facts["activity"][fact] = good[0]
    own = tuple(sorted({activity.norm for activity in named}))
    earlier = prior_support(regulation, *(() if draw(_CHANCE) else own))
    mended = [index for index in range(len(named)) if not draw(_CHANCE)]
    drawn = Application(
        approved_on=on,
        establishment=Establishment(name="A", province=regulation.province or "somewhere"),
        activities=tuple(named),
        prior_support=tuple(draw(st.lists(earlier, min_size=1 if prior else 0, max_size=0 if prior is False else 2))),
    )
    of_activities = {(fact, index): value for index in mended for fact, value in facts["activity"].items()}
    return state_all(drawn, facts["establishment"] | facts["application"] | of_activities)


_OWN_WORDS: Final = ["low", "middle", "high"]
_ANSWERS: Final = {**FACTS, "establishment.facts.own": (True, False), "activity.facts.own-word": tuple(_OWN_WORDS)}


@st.composite
def regulations(draw: st.DrawFn) -> Regulation:
    """Well-formed regulations of one to three norms and up to four conditions, their sentences stating their numbers.

    Some have facts of their own, numbers that vary by a fact, units that are counted, or what they cannot express.
    """
    names = ["first", "second", "third"][: draw(st.integers(1, 3))]
    norms = {name: draw(_norms()) for name in names}
    words = {"en": "invented", "vi": "giả định"}
    return Regulation.model_validate(
        {
            "id": "invented",
            "document": "1",
            "title": words,
            "in_force": {"from": date(2024, 1, 1)},
            "sources": {"invented": {"title": "invented", "publisher": "nobody", "certainty": "C"}},
            "facts": {
                "own": {"of": "establishment", "label": words, "question": words},
                "own-word": {"of": "activity", "values": _OWN_WORDS, "label": words, "question": words},
            },
            "norms": norms,
            "conditions": _without_contradiction(draw(st.lists(_conditions(names), max_size=4)), names),
            "variations": [draw(_variations(name, norm)) for name, norm in norms.items() if draw(_CHANCE)],
            "unexpressed": [{"norms": names[:1], "text": words}] if draw(st.integers(0, 4)) == 4 else [],
        }
    )


@st.composite
def _norms(draw: st.DrawFn) -> dict[str, Any]:
    per = draw(st.sampled_from(["establishment", "establishment", "model", "model", "person"]))
    rate = draw(st.sampled_from([None, "50%", "30%", "33.3%", "100%", "0.7%"]))
    raised = draw(st.sampled_from([None, "1.5", "1.2", "2", "1", "cap"]))
    cap = draw(st.one_of(st.integers(1, 30), st.integers(1, 10**7))) * 100  # so that factors make whole đồng of it
    norm: dict[str, Any] = {"rate": rate, "cap": cap, "per": per, "source": "invented"}
    if rate and not draw(st.integers(0, 5)):
        norm["cap"] = None
    elif raised == "cap":
        norm["technology_line_cap"] = cap + 100 * draw(st.integers(0, 10**5))
    elif raised:
        norm["technology_line_factor"] = raised
    if per == "person" and norm["cap"] and draw(st.booleans()):
        norm |= {"counted": True, "at_most": draw(st.sampled_from([None, 1, 3]))}
    numbers = [norm.get(key) for key in ("rate", "cap", "technology_line_factor", "technology_line_cap", "at_most")]
    return norm | {"states": _stating(numbers)}


def _stating(numbers: Sequence[object]) -> dict[str, str]:
    """Two sentences that state these numbers."""
    stated = " ".join(str(number) for number in numbers if number is not None)
    return {"en": stated, "vi": stated.replace(".", ",")}


@st.composite
def _variations(draw: st.DrawFn, name: str, norm: dict[str, Any]) -> dict[str, Any]:
    """Other numbers for one norm, by a fact; for a cap that is shared, by one of the applicant."""
    facts = ["application.priority", "establishment.facts.own", "establishment.kind"]
    fact = draw(st.sampled_from(facts if norm["per"] == "establishment" else [*facts, "activity.facts.own-word"]))
    number: dict[str, Any] = {"rate": draw(st.sampled_from(["80%", "10%"]))}
    if norm["cap"] and (factor := draw(st.sampled_from([None, "1.5", "2"]))):
        number = {"cap_factor": factor}
    elif not norm.get("technology_line_cap") and draw(st.booleans()):
        number = {"cap": draw(st.integers(1, 100)) * 10}
    values = {"establishment.kind": ["cooperative", "large-enterprise"], "activity.facts.own-word": ["low", "high"]}.get(
        fact
    )
    asks: dict[str, Any] = {"is": "one of", "values": values} if values else {"is": draw(st.sampled_from(["yes", "no"]))}
    days = {"from": date(2025, 10, 15)} if draw(_CHANCE) else {}
    stated = {"source": "invented", "states": _stating([*number.values()])}
    return {"id": f"varied-{name}", "fact": fact, "norms": [name], **asks, **days, **number, **stated}


@st.composite
def _conditions(draw: st.DrawFn, names: list[str]) -> dict[str, Any]:
    fact = draw(st.sampled_from(sorted(_ANSWERS)))
    answers = _ANSWERS[fact]
    condition: dict[str, Any] = {"fact": fact, "question": {"en": "so?", "vi": "có đúng không?"}, "source": "invented"}
    condition["is"] = draw(st.sampled_from(["yes", "no"])) if True in answers else "one of"
    if condition["is"] == "one of":
        some = st.lists(st.sampled_from(answers), min_size=1, max_size=len(answers) - 1, unique=True)
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
        if all(set(_ANSWERS[new["fact"]]).intersection(*(c.accepted for c in some)) for some in asked):
            kept.append(new)
    return kept
