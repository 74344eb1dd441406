"""Counterexample: a case that breaks a law, as a test that runs.

The decision taken here: only what is stated is written, so that the test shows what matters and an officer can read it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from datetime import date
from inspect import signature
from typing import Any, Final, NamedTuple

from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky

from kcgrant.application import Application
from kcgrant.assessment.assess import assess
from kcgrant.fields import Record
from kcgrant.law import catalogue
from kcgrant.law.regulation import Regulation
from kcgrant.money import MOST_VND
from kcgrant.testing import laws
from kcgrant.testing.laws import Engine
from kcgrant.testing.strategies import activities, applications, costs, prior_support


class Tried(NamedTuple):
    """A law, and a case in which it is broken: the application, what the law takes beside it, and what is wrong."""

    law: str
    application: Application
    beside: Mapping[str, Any]
    message: str


def as_test(tried: Tried, regulation: Regulation, engine: Engine = assess) -> str:
    """A test in Python of one law on one case, of this library's engine unless another one is named."""
    shipped = regulation.id in catalogue.ids() and catalogue.get(regulation.id) == regulation
    source = f'catalogue.get("{regulation.id}")' if shipped else f'read("{regulation.id}.toml")  # or where your file is'
    more = "".join(f", {key}={in_python(value)}" for key, value in tried.beside.items())
    other = ""
    if engine is not assess:
        other = f"from {getattr(engine, '__module__', '…')} import {getattr(engine, '__name__', '…')} as engine\n"
        more += ", engine=engine"
    return f'''from datetime import date

from kcgrant import Activity, Application, Establishment, PriorSupport{", catalogue" if shipped else ""}
from kcgrant.law.regulation import read
from kcgrant.testing import laws
{other}

def test_{tried.law}() -> None:
    """{tried.message}"""
    regulation = {source}
    application = {in_python(tried.application, "    ")}
    laws.{tried.law}(regulation, application{more})
'''


def in_python(value: object, indent: str = "") -> str:
    """A record as the Python that builds it, without what is not stated.

    Example:
        >>> from kcgrant import Activity
        >>> in_python(Activity(norm="training", cost_vnd=5, technology_line=False))
        "Activity(norm='training', cost_vnd=5, technology_line=False)"
    """
    if isinstance(value, date):
        return f"date({value.year}, {value.month}, {value.day})"
    if isinstance(value, tuple):
        return "[" + ", ".join(in_python(item) for item in value) + "]"
    if not isinstance(value, Record):
        return repr(value)
    stated = {key: inner for key, inner in value if inner != type(value).model_fields[key].default}
    parts = [f"{key}={in_python(inner)}" for key, inner in stated.items()]
    inside = "".join(f"\n{indent}    {part}," for part in parts) + f"\n{indent}" if indent else ", ".join(parts)
    return f"{type(value).__name__}({inside})"


# Millions about 2^32 are where numbers of 32 bits start again at nothing.
_BESIDE: Final[Mapping[str, Callable[[Regulation], st.SearchStrategy[Any]]]] = {
    "activity": activities,
    "answer": lambda _: st.integers(0, 30),
    "extra_vnd": lambda law: st.one_of(*map(costs, law.norms.values()), st.integers(1, 5000).map((10**6).__mul__)),
    "part_vnd": lambda _: st.integers(0, MOST_VND),
    "support": prior_support,
    "turn": lambda _: st.integers(0, 3),
    "which": lambda _: st.integers(0, 30),
}


def _beside(law: Callable[..., None]) -> Callable[[Regulation], dict[str, st.SearchStrategy[Any]]]:
    names = [name for name in signature(law).parameters if name in _BESIDE]
    return lambda regulation: {name: _BESIDE[name](regulation) for name in names}


LAWS: Final = {
    law.__name__: (law, _beside(law))
    for law in (
        *(laws.maximality, laws.steps, laws.lawful_choices, laws.pools, laws.bounds, laws.verdicts),
        *(laws.indifference, laws.growth, laws.splitting, laws.addition, laws.idle_ineligible, laws.earlier_support),
        *(laws.narrowing, laws.ends_reached, laws.edge_binding, laws.raised_cap, laws.documents),
        *(laws.idle_variations, laws.quantities, laws.unexpressed),
    )
}
"""Every law by name: the function, and the strategies for what it takes beside a regulation and an application."""


class Counterexample(NamedTuple):
    """A law that is broken: its name, what is wrong in a sentence, and the smallest case found, as a test that runs."""

    law: str
    message: str
    test: str


class LawsBroken(AssertionError):
    """What `check` raises; `counterexamples` has one for each law that is broken."""

    def __init__(self, counterexamples: tuple[Counterexample, ...]) -> None:
        """Keep the counterexamples; the message holds their tests."""
        self.counterexamples = counterexamples
        told = [f"{one.law}: {one.message}\n\n{one.test}" for one in counterexamples]
        super().__init__("\n\n".join([f"laws broken: {len(counterexamples)} of {len(LAWS)}", *told]))


def check(regulation: Regulation, *, engine: Engine = assess, max_examples: int = 200, only: Collection[str] = ()) -> None:
    """Try every law on a regulation, or `only` those named, on `max_examples` cases, the same ones every time.

    `engine` is what computes the assessments: this library's unless another is to be tested.

    Raises:
        LawsBroken: with a counterexample for each law that is broken.
    """
    if found := tuple(broken(regulation, engine=engine, max_examples=max_examples, only=only)):
        raise LawsBroken(found)


def broken(
    regulation: Regulation, *, engine: Engine = assess, max_examples: int = 200, only: Collection[str] = ()
) -> Iterator[Counterexample]:
    """The laws that a regulation breaks, one after the other, each with the smallest case found; see `check`."""
    beside = {name: more(regulation) for name, (_, more) in LAWS.items() if name in (only or LAWS)}
    every = applications(regulation)
    found: dict[str, Tried] = {}

    def attempt(name: str, application: Application, drawn: Mapping[str, Any]) -> None:
        own = {key: drawn[key] for key in beside[name]}
        try:
            LAWS[name][0](regulation, application, **own, engine=engine)
        except Exception as wrong:  # the engine may be anybody's, and fails in any way
            found[name] = Tried(name, application, own, str(wrong) or type(wrong).__name__)
            raise _BrokenError from wrong

    def attempt_all(application: Application, drawn: Mapping[str, Any]) -> None:
        for name in beside:
            with suppress(_BrokenError):
                if name not in found:
                    attempt(name, application, drawn)
        if found.keys() == beside.keys():
            raise _BrokenError

    together = {key: strategy for more in beside.values() for key, strategy in more.items()}
    _run(attempt_all, max_examples, (Phase.generate,), application=every, drawn=st.fixed_dictionaries(together))
    for name in [name for name in beside if name in found]:
        own = st.fixed_dictionaries(beside[name])
        phases = (Phase.generate, Phase.shrink)
        _run(attempt, 10 * max_examples, phases, name=st.just(name), application=every, drawn=own)
        yield Counterexample(name, found[name].message, as_test(found[name], regulation, engine))


class _BrokenError(Exception):
    """Tells hypothesis that a case breaks a law, or that no law is left to try."""


def _run(
    trial: Callable[..., None], max_examples: int, phases: Collection[Phase], **strategies: st.SearchStrategy[Any]
) -> None:
    """Runs a trial on the same cases every time, until it is broken; of those that break it, the smallest is tried last."""
    quiet = settings(
        max_examples=max_examples,
        database=None,
        deadline=None,
        derandomize=True,
        report_multiple_bugs=False,
        verbosity=Verbosity.quiet,
        phases=phases,
        suppress_health_check=tuple(HealthCheck),
    )
    with suppress(_BrokenError, Flaky):  # an engine need not answer the same twice
        quiet(given(**strategies)(trial))()
