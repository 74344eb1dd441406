"""Entry: a frame checked at the door: its columns by kind, its cells by value, and what is wrong put into words.

The decision taken here: a column of the wrong kind is refused before a single row is read; a faulty cell never becomes a
number, a "no" or a lost row, but a fault of its application.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final, NamedTuple

import narwhals.stable.v2 as nw

from kcgrant.application import COLUMNS, PRIOR_COLUMNS, Column
from kcgrant.columns.amounts import CANNOT, not_carried
from kcgrant.columns.conditions import Conditions, conditions_of
from kcgrant.columns.expressions import among, by_case, by_code, only_where, whole
from kcgrant.columns.names import ERA, FAULT, LARGEST_REFERENCE, MOST_ROWS, NO_REFERENCE, NORM, REFERENCE, ROW, ROWS, own
from kcgrant.columns.native import Given, Kinds, given
from kcgrant.errors import Fault, InputError, expect_day, fault, hint
from kcgrant.fields import one_of, wanted
from kcgrant.language import Text, both
from kcgrant.law.catalogue import named_law
from kcgrant.law.regulation import Regulation
from kcgrant.money import MOST_VND

_WHOLE: Final = (nw.Int8, nw.Int16, nw.Int32, nw.Int64, nw.Int128, nw.UInt8, nw.UInt16, nw.UInt32, nw.UInt64, nw.UInt128)
_WIDE: Final = (nw.Int128, nw.UInt64, nw.UInt128)
_TEXT: Final = (nw.String, nw.Categorical, nw.Enum)
_KNOWN: Final = own("known")


class Flaw(NamedTuple):
    """Something that can be wrong with a row: whether it is, the fault, and whether to repeat what the cell holds."""

    found: nw.Expr
    fault: Fault
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Intake:
    """Applications at the door: their rows with our columns beside the caller's, and all that was found out about them.

    `rows` and `prior` number the flaw of each row in the column `FAULT`, from 1 in the order of `flaws_of_rows`, 0 for
    none. `flaws_of_all` are those of an application as a whole, whose rows may not differ in the columns `shared`.
    `exact`: the backend divides integers as such. `named`: rows have a reference; `grouped`: some may share one. `given`
    is the frame as it came.
    """

    conditions: Conditions
    rows: nw.LazyFrame[Any]
    prior: nw.LazyFrame[Any] | None
    shared: tuple[str, ...]
    flaws_of_rows: tuple[Flaw, ...]
    flaws_of_all: tuple[Flaw, ...]
    named: bool
    grouped: bool
    exact: bool
    given: Given

    @property
    def eager(self) -> bool:
        """Whether the frame was computed as it came, so that its rows are in order."""
        return self.given.eager

    @property
    def flaws(self) -> tuple[Flaw, ...]:
        """Every flaw that the column of faults can number, in order."""
        return (*self.flaws_of_rows, *self.flaws_of_all)


PLACES: Final = ("province", "former_province")
"""The columns that say where an applicant lies, read where a text holds in a part of a province alone."""


def take(frame: object, law: Regulation | str, approved_on: date | None, prior_support: object | None) -> Intake:
    """Checks the kinds of the columns of a frame, and numbers the flaws of its rows.

    Raises:
        InputError: a column is missing, of the wrong kind, or one of ours; or both or neither of column and argument
            state the day.
        RegulationError: the regulation cannot be computed on columns.
        InputTypeError: the frame or the regulation is none.
    """
    law = named_law(law)
    refused = not_carried(law)
    came = given(frame, COLUMNS)
    _check_day(came.kinds, approved_on)
    if came.eager:
        came = came._replace(lazy=came.lazy.collect().with_row_index(ROW).lazy())
    needed = ["norm", "cost_vnd", *(["approved_on"] if approved_on is None else [])]
    rows, kinds, flaws = _read(came, COLUMNS, [*needed, *(["reference"] if prior_support is not None else [])], law)
    conditions = conditions_of(law, refused, approved_on, frozenset(kinds))
    if len(conditions.eras) > 1:
        rows = rows.with_columns(_era(conditions, kinds["approved_on"]))
    prior, flaws_of_prior = _prior(prior_support, came.library, rows, law, len(flaws))
    of_all = [name for name, column in COLUMNS.items() if column.owner != "activity" and name != "reference"]
    shared = tuple(name for name in of_all if name in kinds)
    return Intake(
        conditions=conditions,
        rows=rows,
        prior=prior,
        shared=shared,
        flaws_of_rows=(*flaws, *flaws_of_prior),
        flaws_of_all=tuple(_flaws_of_all(shared)),
        named="reference" in kinds,
        grouped="reference" in kinds and not (came.eager and prior is None and _each_once(rows)),
        exact=not rows.implementation.is_spark_like(),
        given=came,
    )


def _check_day(given: Kinds, approved_on: object) -> None:
    expect_day(approved_on, "approved_on", needed=False)
    if approved_on is None and "approved_on" not in given:
        raise InputError([fault("approved_on", "neither a column nor an argument; state the day whose law applies")])
    if approved_on is not None and "approved_on" in given:
        raise InputError([fault("approved_on", "both a column and an argument; state the day once")])


def _each_once(rows: nw.LazyFrame[Any]) -> bool:
    """Whether every reference stands on one row, so that nothing has to be gathered."""
    references = rows.select(REFERENCE).collect()[REFERENCE]
    return references.n_unique() == len(references)


def _era(conditions: Conditions, kind: nw.dtypes.DType) -> nw.Expr:
    """The era of conditions in which a row's day lies; a time of day does not matter."""
    *earlier, last = conditions.eras
    turns = [(era, conditions.law.turning_days[era]) for era in earlier]
    if kind == nw.Datetime:
        turns = [(era, datetime.combine(turn, time())) for era, turn in turns]
    day = nw.col(own("approved_on"))
    return by_case(((day < turn, whole(era)) for era, turn in turns), whole(last)).alias(ERA)


def _prior(
    support: object | None, library: str, rows: nw.LazyFrame[Any], law: Regulation, numbered: int
) -> tuple[nw.LazyFrame[Any] | None, tuple[Flaw, ...]]:
    """Earlier support at the door, its flaws numbered on from those of the rows."""
    if support is None:
        return None, ()
    came = given(support, PRIOR_COLUMNS, "prior_support.")
    if came.library != library:
        told = "a frame of {library}; expected one of {expected}, as the applications are"
        raise InputError([fault("prior_support", told, library=came.library, expected=library)])
    needed = [name for name, column in PRIOR_COLUMNS.items() if column.needed or name == "reference"]
    prior, kinds, flaws = _read(came, PRIOR_COLUMNS, needed, law, where="prior_support.", numbered=numbered)
    kind, expected = type(kinds["reference"]).__name__, rows.collect_schema()[REFERENCE]
    if prior.collect_schema()[REFERENCE] != expected:
        told = "a column of {kind}; expected {expected}, as in the frame"
        raise InputError([fault("prior_support.reference", told, kind=kind, expected=str(expected))])
    told = "earlier support of an application that the frame does not have; correct the reference or leave it out"
    of_nobody = Flaw(nw.col(_KNOWN).is_null(), fault("prior_support.reference", told), repeats=True)
    known = rows.select(REFERENCE).unique().with_columns(whole(1).alias(_KNOWN))
    unknown = (nw.col(FAULT) == 0) & of_nobody.found
    number = nw.when(unknown).then(whole(numbered + len(flaws) + 1)).otherwise(nw.col(FAULT)).alias(FAULT)
    return prior.join(known, on=REFERENCE, how="left").with_columns(number), (*flaws, of_nobody)


def strangers(intake: Intake) -> nw.LazyFrame[Any] | None:
    """The earlier support whose application the frame does not have, if any is given."""
    return None if intake.prior is None else intake.prior.filter(nw.col(_KNOWN).is_null())


# --- the columns of a frame -------------------------------------------------------------------------------------------


def _read(
    came: Given, known: Mapping[str, Column], needed: Sequence[str], law: Regulation, *, where: str = "", numbered: int = 0
) -> tuple[nw.LazyFrame[Any], Kinds, tuple[Flaw, ...]]:
    """A frame with our columns beside its own, in the few kinds that we work with; the kinds as given; and the flaws.

    What is faulty has the number of its flaw, past those numbered before, and counts as nothing until it is reported.
    """
    lazy, schema = came.lazy, came.kinds
    copied = lazy.implementation.is_pandas_like()
    if copied:
        lazy, schema = _copied(lazy, known, schema)
    kinds = _checked(lazy, schema, known, needed, where)
    typed = {own(name): _typed(known[name], kinds[name], own(name) if copied else name) for name in sorted(kinds)}
    flaws = tuple(_flaws_of_rows(known, kinds, law, where))
    amount = own(next(name for name in kinds if known[name].kind == "amount"))
    references = (
        [nw.col(REFERENCE).fill_null(NO_REFERENCE if kinds["reference"] in _WHOLE else "")] if "reference" in kinds else []
    )
    lazy = lazy.with_columns(**typed).with_columns(_number_of(flaws, numbered).alias(FAULT))
    sound = only_where(nw.col(FAULT) == 0, nw.col(amount)).alias(amount)
    return lazy.with_columns(sound, nw.col(NORM).fill_null(""), *references), kinds, flaws


def _copied(lazy: nw.LazyFrame[Any], known: Mapping[str, Column], schema: Kinds) -> tuple[nw.LazyFrame[Any], Kinds]:
    """A pandas frame with nullable copies of the known columns under our names, and the kinds that these then have."""
    eager = lazy.collect()
    copies = _nullable(eager, [name for name in schema if name in known])
    kinds = dict(schema)
    for copy in copies:
        kind = known[copy.name].kind
        if str(getattr(copy.to_native().dtype, "pyarrow_dtype", "")) == "string_view":  # pandas can do nothing with it
            kinds[copy.name] = nw.Unknown()
            continue
        blank = schema[copy.name] in (nw.Object, nw.String) and copy.is_null().all()
        if blank and not (len(eager) and kind in ("amount", "day")):
            kinds[copy.name] = nw.Unknown()
        elif kind != "amount":  # of an amount, what was given decides: a float is a float
            kinds[copy.name] = copy.dtype
    return eager.with_columns(*(copy.alias(own(copy.name)) for copy in copies)).lazy(), kinds


def _nullable(eager: nw.DataFrame[Any], names: Iterable[str]) -> list[nw.Series[Any]]:
    """Columns of a pandas frame in kinds that a missing cell does not turn into others; those of Arrow are such already.

    Where one is of Arrow, all are made so: pandas combines truths of both only where nothing is missing.
    """
    columns = [eager[name] for name in names]
    columns = [_of_objects(one) if one.dtype == nw.Categorical else one for one in columns]
    of_arrow = [hasattr(one.to_native().dtype, "pyarrow_dtype") for one in columns]
    if not any(of_arrow):
        return [nw.maybe_convert_dtypes(one) for one in columns]
    into: Mapping[str, Any] = {"dtype_backend": "pyarrow"}
    return [one if has else nw.maybe_convert_dtypes(one, **into) for one, has in zip(columns, of_arrow, strict=True)]


def _of_objects(column: nw.Series[Any]) -> nw.Series[Any]:
    """The values of a pandas column of categories, whose comparisons are not those of their values."""
    return nw.from_native(column.to_native().astype(object), series_only=True)


def nullable(lines: nw.LazyFrame[Any], names: Iterable[str]) -> nw.LazyFrame[Any]:
    """The lines, on pandas with some columns of integers in the kind that a missing cell does not turn into floats."""
    if not lines.implementation.is_pandas_like():
        return lines
    eager = lines.collect()
    return eager.with_columns(*_nullable(eager, names)).lazy()


def _checked(
    lazy: nw.LazyFrame[Any], schema: Kinds, known: Mapping[str, Column], needed: Sequence[str], where: str
) -> Kinds:
    """The columns of a frame that kcgrant reads, each with its kind, which is right; one without a value is not stated.

    Raises:
        InputError: with every column that is missing, of the wrong kind, or named almost as one that is known.
    """
    missing = [name for name in needed if name not in schema]
    told = "no such column; it is needed. The frame has {names}"
    faults = [fault(f"{where}{name}", told, names=schema) for name in missing]
    kinds = dict(schema)
    for name, kind in schema.items():
        if name not in known:
            near = hint(name, [one for one in known if one not in schema], 85)
            faults += [fault(f"{where}{name}", "unknown column{hint}", hint=near)] if near.en else []
        elif expected := _expected(known[name], kind):
            if (kind == nw.Unknown or name not in needed) and _blank(lazy, name):
                kinds[name] = nw.Unknown()
                continue
            told = "a column of {kind}; expected {expected}"
            if kind == nw.Unknown:
                told = "a column of a kind that cannot be read here; convert it; expected {expected}"
            faults.append(fault(f"{where}{name}", told, kind=type(kind).__name__, expected=expected))
    if faults:
        raise InputError(faults)
    return {name: kind for name, kind in kinds.items() if name in known and (kind != nw.Unknown or name in needed)}


def _blank(lazy: nw.LazyFrame[Any], name: str) -> bool:
    """Whether no row has a value in a column, whatever its kind; one that cannot be looked at has."""
    try:
        found = lazy.select((~nw.col(name).is_null()).sum().alias("stated")).collect()["stated"]
        return not len(found) or int(found[0] or 0) == 0
    except Exception:  # noqa: BLE001 - each library fails in its own way on a kind that it does not know
        return False


def _expected(column: Column, kind: nw.dtypes.DType) -> Text | None:
    """What a column should be instead, or None where it is right."""
    if column.kind == "amount":
        return None if kind in _WHOLE else both("whole đồng, a column of integers")
    if column.kind == "yes":
        return None if kind == nw.Boolean else both("true, false or null")
    if column.name == "approved_on":
        plain = kind in (nw.Date, nw.Datetime) and not getattr(kind, "time_zone", None)
        return None if plain else both("days, without a time zone")
    if column.kind == "code" or column.name in ("norm", *PLACES) or (column.name == "reference" and kind not in _WHOLE):
        return None if kind in _TEXT else both("codes as text")
    if kind == nw.Unknown:  # of the others nothing is read but whether the rows of an application differ
        return both("text, numbers or days")
    return None


def _typed(column: Column, kind: nw.dtypes.DType, stands: str) -> nw.Expr:
    """A column in one of the few kinds that we work with; `stands` is the name under which it is found."""
    cells = nw.col(stands)
    if kind == nw.Unknown:  # nothing but nulls, in a column that is needed; pandas has no null of a plain kind
        some = whole(0) if column.kind == "amount" else nw.lit(date.min) if column.kind == "day" else nw.lit("")
        return nw.when(~cells.is_null()).then(some)
    if kind in _TEXT:
        return cells.cast(nw.String)
    if column.kind == "amount" and kind in _WIDE:
        # A wide integer is narrowed without a wrap: what lies beyond either bound is out of range at the bound as well.
        cells = cells.clip(0, MOST_VND + 1)
    if column.name == "reference" and kind in _WIDE:
        cells = cells.clip(NO_REFERENCE if kind == nw.Int128 else 0, LARGEST_REFERENCE)
    return cells.cast(nw.Int64) if column.kind == "amount" or column.name == "reference" else cells


# --- the flaws --------------------------------------------------------------------------------------------------------


def _flaws_of_rows(known: Mapping[str, Column], kinds: Kinds, law: Regulation, where: str) -> Iterator[Flaw]:
    """What can be wrong with the cells of a row, in the order in which it is looked for."""
    if "reference" in kinds:
        reference = nw.col(REFERENCE)
        absent = reference.is_null() if kinds["reference"] in _WHOLE else reference.is_null() | (reference == "")
        yield Flaw(absent, fault(f"{where}reference", "missing; every row needs one"))
        if kinds["reference"] in _WIDE:
            beyond = (reference == LARGEST_REFERENCE) | (reference == NO_REFERENCE)
            told = "a number of more than 63 bits; write the references as text"
            yield Flaw(beyond, fault(f"{where}reference", told), repeats=True)
    yield Flaw(nw.col(NORM).is_null(), fault(f"{where}norm", "missing; it must be stated"))
    unknown = fault(f"{where}norm", "{law} has the norms {known}", law=law.id, known=law.norms)
    yield Flaw(~among(nw.col(NORM), law.norms), unknown, repeats=True)
    # Earlier support under a norm that columns cannot carry bears on no other.
    refused = {} if where else not_carried(law)
    for feature in dict.fromkeys(refused.values()):
        norms = [name for name, other in refused.items() if other == feature]
        yield Flaw(among(nw.col(NORM), norms), fault(f"{where}norm", CANNOT, features=feature), repeats=True)
    [money] = (name for name in kinds if known[name].kind == "amount")
    amount = nw.col(own(money))
    yield Flaw(amount.is_null(), fault(f"{where}{money}", "missing; it must be stated"))
    outside = fault(f"{where}{money}", "expected whole đồng from 1 to 10^15")
    yield Flaw((amount < 1) | (amount > MOST_VND), outside, repeats=True)
    if "approved_on" in kinds:  # its law decides how a row is read
        yield Flaw(nw.col(own("approved_on")).is_null(), fault("approved_on", "missing; every row states the day"))
    for name in sorted(kinds):
        if known[name].kind == "code":
            answers = [str(answer) for answer in known[name].answers]
            expected = wanted(one_of(answers, or_null=True).context)
            cell = nw.col(own(name))
            unknown = fault(f"{where}{name}", "expected {expected}", expected=expected)
            yield Flaw(~cell.is_null() & ~among(cell, answers), unknown, repeats=True)


def _flaws_of_all(shared: Sequence[str]) -> Iterator[Flaw]:
    """What can be wrong with an application as a whole: too many rows, the first of all, or rows that differ in a fact."""
    yield Flaw(nw.col(ROWS) > MOST_ROWS, fault("reference", "more than {most} rows; split it", most=MOST_ROWS))
    for name in shared:
        differing = fault(name, "the rows of one application differ; write one value, or leave cells blank")
        least, greatest = nw.col(_least(name)), nw.col(_greatest(name))
        yield Flaw(least < greatest if COLUMNS[name].kind == "code" else least != greatest, differing)


def _least(name: str) -> str:
    """The column of the least value among the rows of an application; a code stands there by its number."""
    return own(f"least_{name}")


def _greatest(name: str) -> str:
    """The column of the greatest; what is no code stands under the name of its own column."""
    return own(f"greatest_{name}" if COLUMNS[name].kind == "code" else name)


def _numbered(name: str, *, none: int) -> nw.Expr:
    """A code as its number, which backends compare sooner and in less room than text; `none` where there is none."""
    answers = enumerate(map(str, COLUMNS[name].answers))
    cases = [(nw.col(own(name)) == code, nw.lit(number, nw.Int8)) for number, code in answers]
    return by_case(cases, nw.lit(none, nw.Int8))


def _number_of(flaws: Sequence[Flaw], numbered: int = 0) -> nw.Expr:
    """The number of the first flaw that a row has, past those numbered before; 0 where it has none."""
    found = [flaw.found.fill_null(value=False) for flaw in flaws]
    return by_case(((one, whole(number)) for number, one in enumerate(found, numbered + 1)), whole(0))


def applications(intake: Intake, rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """One row an application: the facts that its rows state, on whichever of them, and the number of its flaw."""
    codes = [name for name in intake.shared if COLUMNS[name].kind == "code"]
    plain = [name for name in intake.shared if name not in codes]
    numbers = {_greatest(name): _numbered(name, none=-1) for name in codes}
    numbers |= {_least(name): _numbered(name, none=len(COLUMNS[name].answers)) for name in codes}
    words = {own(name): by_code(nw.col(_greatest(name)), [*map(str, COLUMNS[name].answers)]) for name in codes}
    rows = rows.with_columns(**numbers) if codes else rows
    found = rows.group_by(REFERENCE).agg(
        *(nw.col(_greatest(name)).max() for name in intake.shared),
        *(nw.col(_least(name)).min() for name in codes),
        *(nw.col(own(name)).min().alias(_least(name)) for name in plain),
        nw.len().alias(ROWS),
        nw.col(FAULT).max(),
    )
    found = found.with_columns(**words) if codes else found
    of_all = _number_of(intake.flaws_of_all, len(intake.flaws_of_rows))
    fault = nw.when(nw.col(FAULT) == 0).then(of_all).otherwise(nw.col(FAULT)).alias(FAULT)
    return found.select(REFERENCE, *(own(name) for name in intake.shared if COLUMNS[name].answers or name in PLACES), fault)
