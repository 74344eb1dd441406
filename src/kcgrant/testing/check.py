"""Counterexample: a case that breaks a law, as a test that runs.

The decision taken here: only what is stated is written, so that the test shows what matters and an officer can read it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from inspect import signature
from typing import Any, Final, NamedTuple

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky

from kcgrant.application import Application
from kcgrant.assessment.assess import assess
from kcgrant.assessment.eligibility import Verdict
from kcgrant.assessment.record import Assessment
from kcgrant.errors import InputError, InputTypeError, expect, fault, printable
from kcgrant.fields import Record, not_one_of
from kcgrant.law import catalogue
from kcgrant.law.catalogue import named_law
from kcgrant.law.regulation import Regulation, no_norms
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


def as_test(tried: Tried, regulation: Regulation, engine: Engine = assess, amounts: Amounts | None = None) -> str:
    """A test in Python of one law on one case, of this library's engine unless another one is named.

    It parses whatever the engine is called and whatever the message holds; what cannot be imported by a name is left open.
    """
    shipped = regulation.id in catalogue.ids() and catalogue.get(regulation.id) == regulation
    source = f'catalogue.get("{regulation.id}")' if shipped else f'read("{regulation.id}.toml")  # or where your file is'
    more = "".join(f", {key}={in_python(value)}" for key, value in tried.beside.items())
    other, own = [], engine if amounts is None else amounts
    if own is not assess:
        other, more = [_imported(own)], f"{more}, engine={'engine' if amounts is None else 'engine_of(engine)'}"
    lines = [
        "from datetime import date",
        "",
        f"from kcgrant import Activity, Application, Establishment, PriorSupport{', catalogue' if shipped else ''}",
        "from kcgrant.law.regulation import read",
        f"from kcgrant.testing import {'engine_of, ' if amounts else ''}laws",
        *other,
        "",
        "",
        f"def test_{tried.law}() -> None:",
        *[f"    # {printable(line)}" for line in tried.message.splitlines()],
        f"    regulation = {source}",
        f"    application = {in_python(tried.application, '    ')}",
        f"    laws.{tried.law}(regulation, application{more})",
        "",
    ]
    return "\n".join(lines)


def _imported(engine: Callable[..., object]) -> str:
    """The line by which a test has an engine; one without a name that can be imported is to be filled in."""
    module, name = (str(getattr(engine, key, "")) for key in ("__module__", "__name__"))
    if name.isidentifier() and all(part.isidentifier() for part in module.split(".")):
        return f"from {module} import {name} as engine"
    return "engine = ...  # the engine that was tested"


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

    def __reduce__(self) -> tuple[type[LawsBroken], tuple[tuple[Counterexample, ...]]]:
        """Pickled with its counterexamples, as a pool of processes needs it."""
        return type(self), (self.counterexamples,)


def check(
    regulation: Regulation | str,
    *,
    engine: Engine = assess,
    amounts: Amounts | None = None,
    max_examples: int | None = None,
    only: Collection[str] = (),
    settings: settings | None = None,
    seed: int | None = None,
) -> None:
    """Try every law on a regulation, or `only` those named, on `max_examples` cases (200), the same ones every time.

    `engine` is what computes the assessments: this library's unless another is to be tested. One that gives no more than
    `(verdict, assured_vnd, maximum_vnd)` is handed in as `amounts`: the laws about anything else are then passed over, and
    it has to agree with this library. With `settings` of hypothesis or a `seed` other cases are tried: those of the settings
    (their profile decides whether they are the same every time), or those of the seed.

    Raises:
        LawsBroken: with a counterexample for each law that is broken.
        InputError: the regulation is a framework, which has no norms; `only` names a law that there is not, or that asks for
            more than amounts; or the engine gives something else than it should.
    """
    told = {"engine": engine, "amounts": amounts, "only": only, "settings": settings, "seed": seed}
    if found := tuple(broken(regulation, max_examples=max_examples, **told)):  # type: ignore[arg-type]
        raise LawsBroken(found)


def broken(
    regulation: Regulation | str,
    *,
    engine: Engine = assess,
    amounts: Amounts | None = None,
    max_examples: int | None = None,
    only: Collection[str] = (),
    settings: settings | None = None,
    seed: int | None = None,
) -> Iterator[Counterexample]:
    """The laws that a regulation breaks, one after the other, each with the smallest case found; see `check`."""
    regulation = named_law(regulation)
    if not regulation.norms:
        raise InputError([no_norms("regulation", regulation)])
    if isinstance(only, str):
        raise InputTypeError([fault("only", "given {given}; expected {expected}", given=only, expected="a list of laws")])
    tried = engine if amounts is None else engine_of(amounts)
    _must_answer(regulation, tried, "engine" if amounts is None else "amounts")
    run = _Runs(max_examples, settings, seed)
    every_law = LAWS if amounts is None else LAWS | {"agreement": (laws.agreement, _beside(laws.agreement))}
    if unknown := [not_one_of("only", name, list(every_law)) for name in only if name not in every_law]:
        raise InputError(unknown)
    held: set[str] = set()
    every_law = {name: (_noting(law, held), more) for name, (law, more) in every_law.items()}
    beside = {name: more(regulation) for name, (_, more) in every_law.items() if name in (only or every_law)}
    every = applications(regulation)
    found: dict[str, Tried] = {}

    def attempt(name: str, application: Application, drawn: Mapping[str, Any]) -> None:
        own = {key: drawn[key] for key in beside[name]}
        try:
            every_law[name][0](regulation, application, **own, engine=tried)
        except _NotStatedError:
            return
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
    run(attempt_all, 1, (Phase.generate,), application=every, drawn=st.fixed_dictionaries(together))
    if passed_over := set(only) - held - found.keys():
        told = (
            "the law {law} asks for more than a verdict and two amounts; leave it out, or hand in an engine of assessments"
        )
        raise InputError([fault("only", told, law=name) for name in sorted(passed_over)])
    for name in [name for name in beside if name in found]:
        own = st.fixed_dictionaries(beside[name])
        phases = (Phase.generate, Phase.shrink)
        run(attempt, 10, phases, name=st.just(name), application=every, drawn=own)
        yield Counterexample(name, found[name].message, as_test(found[name], regulation, engine, amounts))


def _noting(law: Callable[..., None], held: set[str]) -> Callable[..., None]:
    """A law that notes its name where it holds: one that is never tried on an engine has not."""

    def tried(*given: Any, **more: Any) -> None:
        law(*given, **more)
        held.add(law.__name__)

    return tried


class _BrokenError(Exception):
    """Tells hypothesis that a case breaks a law, or that no law is left to try."""


@dataclass(frozen=True, slots=True)
class _Runs:
    """How cases are made: the same every time, unless settings of hypothesis or a seed are given."""

    max_examples: int | None
    given: settings | None
    seed: int | None

    def __call__(
        self, trial: Callable[..., None], times: int, phases: Collection[Phase], **strategies: st.SearchStrategy[Any]
    ) -> None:
        """Runs a trial until it is broken; of those cases that break it, the smallest is tried last."""
        most = self.max_examples or (200 if self.given is None else self.given.max_examples)
        quiet = settings(
            parent=self.given,
            max_examples=times * most,
            database=None,
            deadline=None,
            derandomize=self.seed is None and (self.given is None or self.given.derandomize),
            report_multiple_bugs=False,
            verbosity=Verbosity.quiet,
            phases=phases,
            suppress_health_check=tuple(HealthCheck),
        )
        trial = given(**strategies)(trial)
        if self.seed is not None:
            trial = seed(self.seed)(trial)
        with suppress(_BrokenError, Flaky):  # an engine need not answer the same twice
            quiet(trial)()


# --- engines of another shape -----------------------------------------------------------------------------------------

Amounts = Callable[[Application, Regulation], tuple[str, int, int]]
"""An engine that gives no more than the verdict and two amounts in whole đồng: `(verdict, assured_vnd, maximum_vnd)`."""


class _NotStatedError(AttributeError):
    """A law asks an engine for what it does not say; then that law is not tried on it."""


class _AmountsAlone:
    """What an engine of amounts says, in the shape of a record."""

    def __init__(self, said: tuple[str, int, int]) -> None:
        self.verdict, self.assured_vnd, self.maximum_vnd = Verdict(said[0]), said[1], said[2]

    def __getattr__(self, name: str) -> Any:
        raise _NotStatedError(name)


def engine_of(amounts: Amounts) -> Engine:
    """What gives no more than a verdict and two amounts, as an engine; laws that ask it for more are passed over."""

    def answer(application: Application, law: Regulation) -> Any:
        return _AmountsAlone(_three(amounts(application, law)))

    return answer


def _three(said: object) -> tuple[str, int, int]:
    """What an engine of amounts gives, if it is that.

    Raises:
        InputTypeError: it is something else.
    """
    whole = isinstance(said, tuple) and len(said) == 3 and said[0] in list(Verdict)
    if not whole or not all(isinstance(one, int) and not isinstance(one, bool) for one in said[1:]):  # type: ignore[index]
        wanted = f"(verdict, assured_vnd, maximum_vnd), the verdict one of {', '.join(Verdict)}, the amounts ints"
        raise InputTypeError([fault("amounts", "given {given}; expected {expected}", given=said, expected=wanted)])
    return said  # type: ignore[return-value]


def _must_answer(law: Regulation, engine: Engine, where: str) -> None:
    """Refuses, once and clearly, what is no engine at all: one that gives another type for a plain application."""
    expect(Callable, engine, where, "a function of an application and a regulation")  # type: ignore[arg-type]
    day = law.turning_days[-1] if law.turning_days else date(2026, 1, 1)
    norm = next(iter(law.norms))
    quantity = 1 if law.norms[norm].counted else None
    plain = Application.of(norm=norm, cost_vnd=10**9, province=law.province or "hung-yen", on=day, quantity=quantity)
    try:
        answer = engine(plain, law)
    except InputTypeError:
        raise
    except Exception:  # noqa: BLE001 - it is tried on many cases; what it raises there is told with its law
        return
    plausible: object = answer  # whatever its type says
    if not isinstance(plausible, Assessment | _AmountsAlone):
        wanted = "an Assessment; hand in a function that gives (verdict, assured_vnd, maximum_vnd) as amounts="
        raise InputTypeError([fault(where, "given {given}; expected {expected}", given=plausible, expected=wanted)])


class Disagreement(AssertionError):
    """What `agree` raises: `application` is the smallest on which the two differ, `test` shows it in Python."""

    def __init__(self, application: Application, message: str, test: str) -> None:
        """Keep the case; the message has it as a test that runs."""
        self.application, self.message, self.test = application, message, test
        super().__init__(f"{message}\n\n{test}")

    def __reduce__(self) -> tuple[type[Disagreement], tuple[Application, str, str]]:
        """Pickled with its case."""
        return type(self), (self.application, self.message, self.test)


def agree(
    amounts: Amounts,
    regulation: Regulation | str,
    *,
    max_examples: int | None = None,
    settings: settings | None = None,
    seed: int | None = None,
) -> None:
    """Try whether another program gives the verdict and amounts of this one; arguments as for `check`.

    Raises:
        Disagreement: with the smallest application found on which they differ.
        InputError: as `check`.

    Example:
        >>> def mine(application, law):
        ...     answer = assess(application, law)
        ...     return answer.verdict.value, answer.assured_vnd, answer.maximum_vnd
        >>> agree(mine, "national-28-2018", max_examples=20)
    """
    law = named_law(regulation)
    if not law.norms:
        raise InputError([no_norms("regulation", law)])
    _must_answer(law, engine_of(amounts), "amounts")
    found: list[tuple[Application, str]] = []

    def trial(application: Application) -> None:
        ours = assess(application, law)
        wanted = ours.verdict.value, ours.assured_vnd, ours.maximum_vnd
        try:
            said: object = tuple(_three(amounts(application, law)))
        except Exception as wrong:  # noqa: BLE001 - it may be anybody's, and fails in any way
            said = f"{type(wrong).__name__}: {wrong}"
        if said != wanted:
            found.append((application, f"given {said}, but this library says {wanted}"))
            raise _BrokenError

    _Runs(max_examples, settings, seed)(trial, 1, (Phase.generate, Phase.shrink), application=applications(law))
    if found:
        application, message = found[-1]
        raise Disagreement(application, message, in_python(application, "    "))
