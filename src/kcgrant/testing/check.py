"""Counterexample: a case that breaks a law, as a test that runs.

The decision taken here: only what is stated is written, so that the test shows what matters and an officer can read it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from kcgrant.application import Application
from kcgrant.assessment.assess import assess
from kcgrant.fields import Record
from kcgrant.law import catalogue
from kcgrant.law.regulation import Regulation
from kcgrant.money import MOST_VND
from kcgrant.testing import laws
from kcgrant.testing.laws import Engine
from kcgrant.testing.strategies import activities, applications, costs, prior_support


def as_test(
    law: str, regulation: Regulation, case: tuple[Application, Mapping[str, Any]], message: str, *, engine: object = None
) -> str:
    """A test of one law in Python: on an application and what the law takes beside it; `engine` is one of another's."""
    application, beside = case
    shipped = regulation.id in catalogue.ids() and catalogue.get(regulation.id) == regulation
    source = f'catalogue.get("{regulation.id}")' if shipped else f'read("{regulation.id}.toml")  # or where your file is'
    more = "".join(f", {key}={in_python(value)}" for key, value in beside.items())
    other = ""
    if engine is not None:
        other = f"from {getattr(engine, '__module__', '…')} import {getattr(engine, '__name__', '…')} as engine\n"
        more += ", engine=engine"
    return f'''from datetime import date

from kcgrant import Activity, Application, Establishment, PriorSupport{", catalogue" if shipped else ""}
from kcgrant.law.regulation import read
from kcgrant.testing import laws
{other}

def test_{law}() -> None:
    """{message}"""
    regulation = {source}
    application = {in_python(application, "    ")}
    laws.{law}(regulation, application{more})
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
    fields = type(value).model_fields
    stated = {key: getattr(value, key) for key in fields if getattr(value, key) != fields[key].default}
    parts = [f"{key}={in_python(inner)}" for key, inner in stated.items()]
    if not indent:
        return f"{type(value).__name__}({', '.join(parts)})"
    inner = "".join(f"\n{indent}    {part}," for part in parts)
    return f"{type(value).__name__}({inner}\n{indent})"


_More = Callable[[Regulation], Mapping[str, st.SearchStrategy[Any]]]


def _nothing(_: Regulation) -> Mapping[str, st.SearchStrategy[Any]]:
    return {}


def _number(name: str, most: int = MOST_VND) -> _More:
    return lambda _: {name: st.integers(0, most)}


def _extra_cost(regulation: Regulation) -> Mapping[str, st.SearchStrategy[Any]]:
    """Amounts about the edges, and millions about 2^32, where numbers of 32 bits start again at nothing."""
    millions = st.integers(1, 5000).map(lambda number: number * 10**6)
    return {"extra_vnd": st.one_of(*map(costs, regulation.norms.values()), millions)}


LAWS: Final[Mapping[str, tuple[Callable[..., None], _More]]] = {
    "maximality": (laws.maximality, _nothing),
    "steps": (laws.steps, _nothing),
    "lawful_choices": (laws.lawful_choices, _number("answer", 20)),
    "pools": (laws.pools, _nothing),
    "bounds": (laws.bounds, _nothing),
    "verdicts": (laws.verdicts, _nothing),
    "indifference": (laws.indifference, _number("turn", 3)),
    "growth": (laws.growth, _extra_cost),
    "splitting": (laws.splitting, _number("part_vnd")),
    "addition": (laws.addition, lambda regulation: {"activity": activities(regulation)}),
    "idle_ineligible": (laws.idle_ineligible, lambda regulation: {"activity": activities(regulation)}),
    "earlier_support": (laws.earlier_support, lambda regulation: {"support": prior_support(regulation)}),
    "narrowing": (laws.narrowing, lambda _: {"which": st.integers(0, 30), "answer": st.integers(0, 30)}),
    "ends_reached": (laws.ends_reached, _nothing),
    "edge_binding": (laws.edge_binding, _nothing),
    "raised_cap": (laws.raised_cap, _nothing),
    "documents": (laws.documents, _nothing),
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
    names = [name for name in LAWS if not only or name in only]
    last: dict[str, _Case] = {}

    def try_all(application: Application, **beside: Mapping[str, Any]) -> None:
        for name in names:
            if name not in last:
                _try(name, regulation, engine, (application, beside[name]), last)

    strategies = {name: st.fixed_dictionaries(dict(more(regulation))) for name, (_, more) in LAWS.items() if name in names}
    _run(try_all, max_examples, (Phase.generate,), application=applications(regulation), **strategies)
    for name in [name for name in names if name in last]:
        beside = st.fixed_dictionaries(dict(LAWS[name][1](regulation)))
        try:
            trial = _raising(name, regulation, engine, last)
            _run(trial, 10 * max_examples, _SHRINK, application=applications(regulation), beside=beside)
        except InvalidArgument:  # a strategy is wrong, which is no matter of the engine
            raise
        except Exception:  # noqa: BLE001, S110  # what was tried last is the smallest case; it is kept, as is its message
            pass
        yield Counterexample(name, last[name].message, _as_test(name, regulation, engine, last[name]))


def _as_test(name: str, regulation: Regulation, engine: Engine, case: _Case) -> str:
    others = None if engine is assess else engine
    return as_test(name, regulation, (case.application, case.beside), case.message, engine=others)


def _raising(name: str, regulation: Regulation, engine: Engine, last: dict[str, _Case]) -> Callable[..., None]:
    def trial(application: Application, beside: Mapping[str, Any]) -> None:
        if (wrong := _try(name, regulation, engine, (application, beside), last)) is not None:
            raise wrong

    return trial


class _Case(NamedTuple):
    """A case in which a law is broken, and what is wrong."""

    application: Application
    beside: Mapping[str, Any]
    message: str


_SHRINK: Final = (Phase.generate, Phase.shrink)


def _try(
    name: str, regulation: Regulation, engine: Engine, case: tuple[Application, Mapping[str, Any]], last: dict[str, _Case]
) -> Exception | None:
    """Tries a law on a case; what breaks it is kept under its name. An engine that fails in any way breaks a law."""
    application, beside = case
    try:
        LAWS[name][0](regulation, application, **beside, engine=engine)
    except Exception as wrong:  # noqa: BLE001  # the engine may be anybody's
        last[name] = _Case(application, beside, str(wrong) or type(wrong).__name__)
        return wrong
    return None


def _run(
    trial: Callable[..., None], max_examples: int, phases: Collection[Phase], **strategies: st.SearchStrategy[Any]
) -> None:
    """Runs a trial on the same cases every time."""
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
    quiet(given(**strategies)(trial))()
