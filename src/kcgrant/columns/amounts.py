"""Amounts: the curve of support of every line of a frame, as column expressions over whole numbers of 64 bits.

The decision taken here: no product is formed that could pass 2^63, and no backend's own division is trusted beyond what
is exact; the numbers are read off the same `Norm` objects as the engine reads, at the moment the expression is built.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from itertools import chain
from typing import Any, Final, NamedTuple, TypeVar

import narwhals.stable.v2 as nw

from kcgrant.application import FACTS
from kcgrant.columns.expressions import among, by_case, only_where, quotient, whole
from kcgrant.columns.names import EVERYTHING, LINES, NORM, PRIOR, Choice, own
from kcgrant.errors import RegulationError, fault
from kcgrant.language import Text, both, percentage
from kcgrant.law.norms import Norm, Variation
from kcgrant.law.regulation import Regulation

T = TypeVar("T")


UNCAPPED: Final = 2**63 - 1
CANNOT: Final = "columns cannot carry {features}; assess each application by itself"


class Bounds(NamedTuple):
    """What bounds the support under a norm: the rate of its share, its cap, and the cap of technology lines alone.

    Where no rate is stated, the share is the cost itself; where no cap is, it is more than any cost; where no cap is raised,
    technology lines have the common one.
    """

    rate: Fraction
    cap_vnd: int
    lines_cap_vnd: int


def bounds_of(norm: Norm) -> Bounds:
    """The rate and the caps of `Norm.limits`: the one place where columns read them."""
    caps = (norm.limits(1, technology_lines=lines).cap_vnd for lines in (False, True))
    return Bounds(norm.rate or Fraction(1), *(UNCAPPED if cap_vnd is None else cap_vnd for cap_vnd in caps))


def not_carried(law: Regulation) -> Mapping[str, Text]:
    """The norms that columns cannot carry, each with what they cannot carry of it.

    Raises:
        RegulationError: they can carry no norm; or numerator and denominator of a rate multiply to 2^62 or more, or a raised
            cap passes it.
    """
    refused = {name: why for name in law.norms if (why := [*_too_much(law, name)])}
    if law.norms and len(refused) == len(law.norms):
        features = dict.fromkeys(chain.from_iterable(refused.values()))
        raise RegulationError([fault(law.id, CANNOT, features=both(feature)) for feature in features])
    for name in law.norms.keys() - refused.keys():
        _check(f"{law.id}: norms.{name}", bounds_of(law.norms[name]))
    return {name: both(why[0]) for name, why in refused.items()}


def _too_much(law: Regulation, name: str) -> Iterator[str]:
    """What columns cannot carry of a norm."""
    if not all(_only_raises(law, one) for one in law.variations if one.is_of(name)):
        yield "its variations"
    if law.norms[name].counted:
        yield "its norms that count units"
    if any(one.bounds(name) for one in law.unexpressed):
        yield "what the file cannot express"
    if any(one.fact in law.own_questions and one.is_of(name) for one in (*law.all_conditions, *law.variations)):
        yield "the facts that it declares itself"


def _check(where: str, bounds: Bounds) -> None:
    """Refuses numbers that columns of 64 bits cannot compute with."""
    rate, _, cap = bounds
    if 2**62 <= cap < UNCAPPED:
        told = "the raised cap, {cap}, is too large for columns of 64 bits; use assess"
        raise RegulationError([fault(f"{where}.technology_line_factor", told, cap=cap)])
    if rate.denominator * rate.numerator >= 2**62:
        told = "the rate {rate} is too fine for columns of 64 bits; use assess"
        figures = Text(en=percentage(rate), vi=percentage(rate, "vi"))
        raise RegulationError([fault(f"{where}.rate", told, rate=figures)])


def by_norm(norms: Mapping[str, Norm], value: Callable[[Bounds], T], as_column: Callable[[T], nw.Expr]) -> nw.Expr:
    """What the norm that a row is under has for a value; norms of one value share a case."""
    having: dict[T, list[str]] = {}
    for name, norm in norms.items():
        having.setdefault(value(bounds_of(norm)), []).append(name)
    *others, last = having
    return by_case(((among(nw.col(NORM), having[one]), as_column(one)) for one in others), as_column(last))


# --- caps that vary ---------------------------------------------------------------------------------------------------


def _only_raises(law: Regulation, one: Variation) -> bool:
    """Whether a variation does no more than raise a cap by a fact of the applicant that nothing else asks for.

    Then it holds for the most wherever its fact is open, and for what is assured only where it is stated.
    """
    facts = [condition.fact for condition in law.all_conditions] + [other.fact for other in law.variations]
    varied = [(norm, law.norm_under(name, [one.id])) for name, norm in law.norms.items() if one.is_of(name)]
    raises = all(norm.cap is not None and (after.cap or 0) >= norm.cap for norm, after in varied)
    plain = one.sets == {"cap"} and one.since is None and one.until is None and one.fact in FACTS
    return plain and raises and facts.count(one.fact) == 1 and not one.fact.startswith("activity.")


def _caps(law: Regulation, value: Callable[[Bounds], int], given: Collection[str], *, if_open: bool) -> nw.Expr:
    """The cap of each row, raised where a variation holds; where its fact is open, as told."""
    cases = []
    for one in law.variations:
        if not (names := [name for name in law.norms if one.is_of(name)]):
            continue
        fact = own(law.fact_columns[one.fact].name)
        holds = nw.lit(value=if_open)
        if fact in given:
            stated = nw.col(fact)
            words = sorted(map(str, one.values or ()))
            fits = among(stated, words) if words else stated if True in one.accepted else ~stated
            holds = nw.when(stated.is_null()).then(holds).otherwise(fits)
        raised = {name: law.norm_under(name, [one.id]) for name in names}
        cases.append((among(nw.col(NORM), names) & holds, by_norm(raised, value, whole)))
    return by_case(cases, by_norm(law.norms, value, whole))


BEST, LEAST, ONLY_LINES = own("best"), own("least"), own("only_lines")


def share_on(base: str) -> str:
    """The name of the column that holds the share of a cost."""
    return f"{base}_share"


def share_left_on(base: str) -> str:
    """The name of the column that holds what earlier support leaves of a share."""
    return f"{base}_share_left"


def amount_on(base: str) -> str:
    """The name of the column that holds the support on a cost."""
    return f"{base}_amount"


def drawn(lines: nw.LazyFrame[Any], law: Regulation, *, prior: bool, exact: bool) -> nw.LazyFrame[Any]:
    """The lines with the steps of each choice, and in `BEST` and `LEAST` what the better of them yields.

    `BEST` is what a line receives if its conditions are met and open technology lines are such; `LEAST`, what it receives
    of what surely counts, if they are not. Each step is a column, so that no backend computes it twice.
    """
    raising = _raising(law)
    choices = (EVERYTHING, LINES) if raising else (EVERYTHING,)
    given, least = frozenset(lines.collect_schema()), "_sure" if law.variations else ""
    left_on = {choice.most: choice.left for choice in choices} | {choice.sure: choice.left + least for choice in choices}
    caps = {}
    for choice in choices:
        value = _lines_cap if choice is LINES else _cap
        caps[choice.cap] = _caps(law, value, given, if_open=True)
        caps[choice.cap + least] = _caps(law, value, given, if_open=not law.variations)
    lines = _shared(lines, law, list(left_on), exact=exact).with_columns(**caps)
    lefts = {choice.left + end: _left(choice.cap + end, prior=prior) for choice in choices for end in ("", least)}
    lines = lines.with_columns(**lefts)
    if prior:
        units = [name for name, norm in law.norms.items() if not norm.pooled]
        lines = lines.with_columns(**{share_left_on(base): _share_left(share_on(base), units) for base in left_on})
    share = share_left_on if prior else share_on
    lines = lines.with_columns(**{amount_on(base): _lesser(share(base), left) for base, left in left_on.items()})
    return lines.with_columns(**_chosen(raising, prior=prior))


def _cap(bounds: Bounds) -> int:
    return bounds.cap_vnd


def _lines_cap(bounds: Bounds) -> int:
    return bounds.lines_cap_vnd


def _raising(law: Regulation) -> list[str]:
    """The norms with a cap of their own for technology lines."""
    return [name for name, norm in law.norms.items() if norm.technology_line_cap_vnd is not None]


def _left(cap: str, *, prior: bool) -> nw.Expr:
    """What earlier support leaves of a cap, never below nought."""
    return _less(cap) if prior else nw.col(cap)


def _share_left(share: str, units: Sequence[str]) -> nw.Expr:
    """What earlier support leaves of a share: all of it, but for a unit of its own (reading `prior-model`)."""
    return nw.when(among(nw.col(NORM), units)).then(_less(share)).otherwise(nw.col(share))


def _less(column: str) -> nw.Expr:
    received = nw.col(PRIOR.amount_vnd)
    return only_where(received < nw.col(column), nw.col(column) - received)


def _lesser(one: str, other: str) -> nw.Expr:
    return nw.when(nw.col(one) < nw.col(other)).then(nw.col(one)).otherwise(nw.col(other))


def _chosen(raising: Sequence[str], *, prior: bool) -> dict[str, nw.Expr]:
    """The larger amount at either end, and whether technology lines alone are supported for the most.

    The raised cap is open where the norm has one and earlier support does not shut it. Where everything is a technology
    line, support for everything is not offered beside support for the lines.
    """
    most, sure = (nw.col(amount_on(base)) for base in (EVERYTHING.most, EVERYTHING.sure))
    if not raising:
        return {BEST: most, LEAST: sure, ONLY_LINES: nw.lit(value=False)}
    of_lines, sure_of_lines = (nw.col(amount_on(base)) for base in (LINES.most, LINES.sure))
    raised = among(nw.col(NORM), raising)
    may_be_open, is_open = (raised & nw.col(flag) if prior else raised for flag in (PRIOR.may_be_open, PRIOR.is_open))
    return {
        BEST: nw.when(may_be_open & (of_lines > most)).then(of_lines).otherwise(most),
        LEAST: nw.when(is_open & (sure_of_lines > sure)).then(sure_of_lines).otherwise(sure),
        ONLY_LINES: may_be_open & ((nw.col(LINES.most) == nw.col(EVERYTHING.most)) | (of_lines > most)),
    }


def of_chosen(law: Regulation, step: Callable[[Choice], nw.Expr]) -> nw.Expr:
    """A step of the choice by which a line is best supported."""
    every = step(EVERYTHING)
    return nw.when(nw.col(ONLY_LINES)).then(step(LINES)).otherwise(every) if _raising(law) else every


# --- the share of a cost ----------------------------------------------------------------------------------------------


def _shared(lines: nw.LazyFrame[Any], law: Regulation, bases: Sequence[str], *, exact: bool) -> nw.LazyFrame[Any]:
    """The shares of costs, rounded down: equal to `money.share_of`, with no product that could pass 2^63.

    With the rate n/d and the cost c = q × d + r, where r < d, c × n / d = q × n + r × n / d, and q × n is whole: so
    rounding down r × n / d alone is the same as rounding the whole. q × n is at most c, and r × n is below d × n.
    """

    def share(base: str, rate: Fraction) -> nw.Expr:
        if rate == 1:
            return nw.col(base)
        found = nw.col(_quotient_on(base, rate.denominator))
        if rate.numerator == 1:
            return found
        rest = nw.col(base) - found * rate.denominator
        return found * rate.numerator + quotient(rest * rate.numerator, rate.denominator, exact=exact)

    divisors = {bounds_of(norm).rate.denominator for norm in law.norms.values()} - {1}
    quotients = {_quotient_on(base, d): quotient(nw.col(base), d, exact=exact) for base in bases for d in divisors}
    lines = lines.with_columns(**quotients) if quotients else lines
    shares = {share_on(base): by_norm(law.norms, lambda bounds: bounds.rate, partial(share, base)) for base in bases}
    return lines.with_columns(**shares)


def _quotient_on(base: str, divisor: int) -> str:
    return f"{base}_by_{divisor}"
