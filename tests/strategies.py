"""Random applications, with weight on the edges of the norms, where faults hide."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, get_args

from hypothesis import strategies as st

from kcgrant import Activity, Application, Establishment, PriorSupport
from kcgrant.application import Area, Kind, Sector
from kcgrant.regulation import Norm, Regulation

YES = st.sampled_from([True, False, None])
DAYS = st.sampled_from([date(2025, 2, 18), date(2025, 10, 14), date(2025, 10, 15), date(2026, 3, 2)])


def costs(norm: Norm) -> st.SearchStrategy[int]:
    """Costs of 1 to 10^15 đồng, often within three đồng of a turning point of the norm."""
    caps = [norm.cap, norm.technology_line_cap_vnd or norm.cap]
    turns = [cap if norm.rate is None else cap * norm.rate.denominator // norm.rate.numerator for cap in caps]
    near = st.builds(
        lambda turn, step, parts: max(1, turn // parts + step), st.sampled_from(turns), st.integers(-3, 3), st.integers(1, 3)
    )
    return st.one_of(near, st.integers(1, 3 * max(turns)), st.integers(1, 9), st.just(10**15))


def activities(law: Regulation, yes: st.SearchStrategy[Any] = YES) -> st.SearchStrategy[Activity]:
    def of(name: str) -> st.SearchStrategy[Activity]:
        cost = costs(law.norms[name])
        return st.builds(
            Activity, norm=st.just(name), cost_vnd=cost, technology_line=yes, new_to_area=yes, performs_well=yes
        )

    return st.sampled_from(sorted(law.norms)).flatmap(of)


def establishments(unstated: bool = True) -> st.SearchStrategy[Establishment]:
    def one_of(values: tuple[str, ...]) -> st.SearchStrategy[Any]:
        return st.sampled_from([*values, None] if unstated else values)

    yes = YES if unstated else st.booleans()
    return st.builds(
        Establishment,
        name=st.just("Cơ sở A"),
        province=st.just("hung-yen"),
        kind=one_of(get_args(Kind)),
        area=one_of(get_args(Area)),
        sector=one_of(get_args(Sector)),
        lawfully_established=yes,
        direct_producer=yes,
    )


FAVOURABLE: Mapping[str, Any] = {
    "establishment": Establishment(
        name="Cơ sở A",
        province="hung-yen",
        kind="cooperative",
        area="commune",
        sector="handicraft",
        lawfully_established=True,
        direct_producer=True,
    ),
    "own_capital_committed": True,
    "other_state_support": False,
}


@st.composite
def applications(draw: st.DrawFn, law: Regulation, *, most: int = 4) -> Application:
    """Applications of which about half have an applicant that meets every condition, so that amounts are at stake."""
    if draw(st.booleans()):
        facts = dict(FAVOURABLE)
    else:
        facts = {
            "establishment": draw(establishments()),
            "own_capital_committed": draw(YES),
            "other_state_support": draw(YES),
        }
    prior = st.builds(
        PriorSupport,
        norm=st.sampled_from(sorted(law.norms)),
        amount_vnd=st.sampled_from([1, 100_000_000, 299_999_999, 300_000_000, 450_000_000, 10**15]),
        technology_line=YES,
    )
    return Application(
        approved_on=draw(DAYS),
        activities=draw(st.lists(activities(law), min_size=1, max_size=most).map(tuple)),
        prior_support=draw(st.lists(prior, max_size=2).map(tuple)),
        **facts,
    )
