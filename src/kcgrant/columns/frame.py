"""Frame: the applications of a whole dataframe assessed, or their lines, and its faulty rows refused or reported.

The decision taken here: answers come as a frame of the caller's own kind, lazy where that is, faults among them if they are
asked for; only to refuse faulty rows is a lazy frame computed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, Literal, TypeVar

import narwhals.stable.v2 as nw

from kcgrant.assessment.eligibility import Verdict
from kcgrant.columns.amounts import BEST, LEAST, ONLY_LINES, UNCAPPED, drawn, of_chosen, share_left_on, share_on
from kcgrant.columns.conditions import OPEN, UNMET, refuse_worlds, shut
from kcgrant.columns.expressions import among, by_case, only_where, whole
from kcgrant.columns.intake import Intake, applications, nullable, strangers, take
from kcgrant.columns.lines import lines_of
from kcgrant.columns.names import ALL, EVERYTHING, FAULT, NO_REFERENCE, NORM, PRIOR, REFERENCE, ROW, ROWS, own
from kcgrant.columns.native import given_back
from kcgrant.errors import MOST_FAULTS, Fault, InputError, InputTypeError, fault
from kcgrant.fields import not_one_of
from kcgrant.language import Lang
from kcgrant.law.catalogue import named_law
from kcgrant.law.regulation import Regulation

Frame = TypeVar("Frame")
OnFault = Literal["raise", "report"]
_STATES = (own("eligible"), own("undetermined"), own("ineligible"))
_COUNTED, _CHOSEN_LEFT, _SHARE_LEFT = own("counted"), own("chosen_left"), own("chosen_share_left")


def assess_frame(
    frame: Frame,
    regulation: Regulation | str,
    *,
    approved_on: date | None = None,
    prior_support: object | None = None,
    on_fault: OnFault = "raise",
    lang: Lang = "en",
) -> Frame:
    """The verdict and the ceiling of every application in a frame of activities, as `assess` gives them.

    One row of the frame is an activity. Its columns have the names of the fields of `Application`, `Establishment` and
    `Activity` (the flat form): `norm` and `cost_vnd` are needed; a column that is missing, and a null, is not stated.
    `approved_on` is a column or an argument. The rows that share a `reference` are one application; its facts may stand on
    any of them. `prior_support` is a frame of the same kind: `reference`, `norm`, `amount_vnd`, `technology_line`.

    Returns:
        A frame of the same kind, lazy if the frame is: one row an application with `reference`, `verdict`, `maximum_vnd`
        and `assured_vnd`, in whole đồng, in the order in which they first appear if the frame is not lazy. Without a column
        `reference`, every row is an application by itself, and the answers stand beside the frame's own columns. With
        `on_fault="report"` there is a column `fault`, null where nothing is wrong, and the amounts and the verdict of a
        faulty application are null.

    Raises:
        InputError: columns are missing or of the wrong kind (amounts are integers, never floats, decimals or text); or,
            with `on_fault="raise"`, rows are at fault, of which the first twenty are told. To find them, a lazy frame is
            computed once for the check.
        RegulationError: the regulation cannot be computed on columns; none that is shipped is such.
        InputTypeError: an argument is of the wrong type.

    Example:
        >>> import polars as pl
        >>> from kcgrant import catalogue
        >>> frame = pl.DataFrame(
        ...     {
        ...         "reference": ["KC-1", "KC-1", "KC-2"],
        ...         "norm": ["advanced-machinery"] * 3,
        ...         "cost_vnd": [400_000_000, 500_000_000, 820_000_000],
        ...         "sector": ["handicraft"] * 3,
        ...     }
        ... )
        >>> assess_frame(frame, catalogue.get("hung-yen-553-2025"), approved_on=date(2026, 3, 2)).rows()
        [('KC-1', 'undetermined', 450000000, 0), ('KC-2', 'undetermined', 410000000, 0)]
    """
    answers = ["verdict", "maximum_vnd", "assured_vnd"]
    intake = _taken(frame, regulation, approved_on, prior_support, answers, on_fault=on_fault)
    done: Frame = _handed_back(intake, _answered(intake), answers, on_fault, lang)
    return done


def assess_lines(
    frame: Frame,
    regulation: Regulation | str,
    *,
    approved_on: date | None = None,
    prior_support: object | None = None,
    on_fault: OnFault = "raise",
    lang: Lang = "en",
) -> Frame:
    """The lines of every application in a frame of activities: what shares a cap, and how its amount comes about.

    The arguments are those of `assess_frame`. A model is a line by itself; what has its cap per establishment is one line
    for each application and norm.

    Returns:
        A frame of the same kind: `reference`, `norm`, `activities` (their number), `option` (`all` or
        `technology-lines`), `base_vnd`, `share_vnd`, `cap_vnd`, `prior_vnd`, `amount_vnd`, `binding` (`rate`, or `cost`
        where none is stated, `cap`, or both as in `rate and cap`) and `assured_vnd`, in whole đồng; `cap_vnd` is null where
        the law states none. `amount_vnd` is the line's part of the maximum; where nothing of a line can be supported it is 0
        and the steps are null. Without a column `reference`, every row is a line, and all but `norm` and `activities` stands
        beside the frame's own columns.

    Raises:
        InputError, RegulationError, TypeError: as `assess_frame`. Also refused is a regulation of which an open answer may
            shut one norm for the sake of another: there the lines of an application cannot be told one by one.

    Example:
        >>> import polars as pl
        >>> from kcgrant import catalogue
        >>> frame = pl.DataFrame({"reference": ["KC-1"], "norm": ["demonstration-model"], "cost_vnd": [3_333_333_333]})
        >>> lines = assess_lines(frame, catalogue.get("hung-yen-553-2025"), approved_on=date(2026, 3, 2))
        >>> lines.select("base_vnd", "share_vnd", "cap_vnd", "amount_vnd", "binding").rows()
        [(3333333333, 999999999, 1000000000, 999999999, 'rate')]
    """
    steps = ["option", "base_vnd", "share_vnd", "cap_vnd", "prior_vnd", "amount_vnd", "binding", "assured_vnd"]
    law = named_law(regulation)
    intake = _taken(frame, law, approved_on, prior_support, steps, on_fault=on_fault)
    refuse_worlds(intake.conditions, f"{law.id}: conditions")
    lines = _stepped(intake)
    if intake.named:
        lines = lines.with_columns(nw.col(NORM).alias("norm"), nw.col(ROWS).alias("activities"))
        steps = ["norm", "activities", *steps]
    done: Frame = _handed_back(intake, lines, steps, on_fault, lang)
    return done


def _taken(
    frame: object,
    law: Regulation | str,
    approved_on: date | None,
    prior: object | None,
    answers: Sequence[str],
    *,
    on_fault: str,
) -> Intake:
    if on_fault not in ("raise", "report"):
        raise InputTypeError([not_one_of("on_fault", on_fault, ("raise", "report"))])
    intake = take(frame, law, approved_on, prior)
    if taken := [] if intake.named else [name for name in (*answers, "fault") if name in intake.given.kinds]:
        raise InputError([fault(name, "the answers stand under this name; rename the column") for name in taken])
    return intake


# --- verdict and amounts ----------------------------------------------------------------------------------------------


def _judged(intake: Intake) -> tuple[nw.LazyFrame[Any], list[str], list[str]]:
    """The lines with what they receive, and the names of the columns that hold it in every world, for either end."""
    conditions = intake.conditions
    most, least = (
        {
            f"{amount}_{number}": only_where(~(nw.col(UNMET) | closed), nw.col(amount))
            for number, closed in enumerate(shut(conditions, worlds))
        }
        for amount, worlds in ((BEST, conditions.most), (LEAST, conditions.least))
    )
    lines = drawn(lines_of(intake), conditions.law, prior=intake.prior is not None, exact=intake.exact)
    return lines.with_columns(**most, **least), list(most), list(least)


def _answered(intake: Intake) -> nw.LazyFrame[Any]:
    """The verdict on every application, and its amounts: in each world their sum, and of the worlds the best and worst."""
    lines, most, least = _judged(intake)
    every, may_count, counts = nw.col(ALL), nw.col(EVERYTHING.most), nw.col(EVERYTHING.sure)
    unmet, is_open = nw.col(UNMET), nw.col(OPEN)
    states = [
        ~unmet & ~is_open & (counts > 0),
        ~unmet & ((may_count > counts) | (is_open & (may_count > 0))),
        unmet | (every > may_count),
    ]
    if intake.grouped:
        flags = {name: only_where(holds) for name, holds in zip(_STATES, states, strict=True)}
        sums = [nw.col(name).sum() for name in (*most, *least)]
        order = [nw.col(ROW).min()] if intake.eager else []
        groups = lines.with_columns(**flags).group_by(REFERENCE)
        lines = groups.agg(*sums, *order, *(nw.col(name).max() for name in (*flags, FAULT)))
        states = [nw.col(name) == 1 for name in flags]
    eligible, undetermined, ineligible = states
    cases = (
        (undetermined, Verdict.UNDETERMINED),
        (eligible & ineligible, Verdict.PARTLY_ELIGIBLE),
        (ineligible, Verdict.INELIGIBLE),
    )
    return lines.with_columns(
        verdict=by_case(((holds, nw.lit(one.value)) for holds, one in cases), nw.lit(Verdict.ELIGIBLE.value)),
        maximum_vnd=_of_all(nw.max_horizontal, most),
        assured_vnd=_of_all(nw.min_horizontal, least),
    )


def _of_all(extreme: Callable[..., nw.Expr], names: Sequence[str]) -> nw.Expr:
    """The extreme of the worlds; Spark has none of a single column."""
    return (extreme(*names) if len(names) > 1 else nw.col(names[0])).cast(nw.Int64)


def _stepped(intake: Intake) -> nw.LazyFrame[Any]:
    """The lines with the steps of the choice that is best; null where nothing of a line can be supported."""
    conditions, law = intake.conditions, intake.conditions.law
    lines, [most], [least] = _judged(intake)
    [closed] = shut(conditions, conditions.most)
    share_left = share_left_on if intake.prior is not None else share_on
    counted = ~(nw.col(UNMET) | closed) & (nw.col(EVERYTHING.most) > 0)
    lines = lines.with_columns(
        option=nw.when(nw.col(ONLY_LINES)).then(nw.lit("technology-lines")).otherwise(nw.lit("all")),
        base_vnd=of_chosen(law, lambda choice: nw.col(choice.most)),
        share_vnd=of_chosen(law, lambda choice: nw.col(share_on(choice.most))),
        cap_vnd=of_chosen(law, lambda choice: nw.col(choice.cap)),
        prior_vnd=nw.col(PRIOR.amount_vnd) if intake.prior is not None else whole(0),
        amount_vnd=nw.col(most),
        assured_vnd=nw.col(least),
        **{_COUNTED: counted, _CHOSEN_LEFT: of_chosen(law, lambda choice: nw.col(choice.left))},
        **{_SHARE_LEFT: of_chosen(law, lambda choice: nw.col(share_left(choice.most)))},
    )
    share, left = nw.col(_SHARE_LEFT), nw.col(_CHOSEN_LEFT)
    both, alone = (_by_share(law, f"{{}}{more}") for more in (" and cap", ""))
    binding = by_case([(share == left, both), (share < left, alone)], nw.lit("cap"))
    steps = ["base_vnd", "share_vnd", "cap_vnd", "prior_vnd"]
    lines = nullable(lines.with_columns(binding=binding), [*steps, "amount_vnd", "assured_vnd"])
    capped = {name: nw.col(_COUNTED) for name in ("option", "binding", *steps)}
    capped["cap_vnd"] = nw.col(_COUNTED) & (nw.col("cap_vnd") < UNCAPPED)
    return lines.with_columns(*(_where(holds, name) for name, holds in capped.items()))


def _by_share(law: Regulation, phrase: str) -> nw.Expr:
    """What the share of a line's cost is called in a phrase: the rate, or the cost where no rate is stated."""
    rated = [name for name, norm in law.norms.items() if norm.rate is not None]
    return nw.when(among(nw.col(NORM), rated)).then(nw.lit(phrase.format("rate"))).otherwise(nw.lit(phrase.format("cost")))


def _where(holds: nw.Expr, name: str) -> nw.Expr:
    return nw.when(holds).then(nw.col(name)).alias(name)


# --- out --------------------------------------------------------------------------------------------------------------


def _handed_back(intake: Intake, answered: nw.LazyFrame[Any], names: list[str], on_fault: OnFault, lang: Lang) -> Any:
    """The answers as a frame of the caller's kind, and faults as they are asked for."""
    beside = intake.given.beside is not None
    columns = [_reference(intake).alias("reference")] if intake.named else []
    columns += [] if intake.named or beside else [nw.col(name) for name in intake.given.kinds]
    if on_fault == "report":
        answered = nullable(answered, [name for name in names if name.endswith("_vnd") or name == "activities"])
        sound = nw.col(FAULT) == 0
        columns += [nw.col(name) if name == "norm" else _where(sound, name) for name in names]
        columns.append(_said(intake, lang))
    else:
        columns += [nw.col(name) for name in names]
        refuse_unseen(intake)
    if not intake.eager:
        return _with_strangers(intake, answered.select(*columns), on_fault, lang).to_native()
    collected = answered.select(*columns, FAULT, ROW).collect()
    if on_fault == "raise" and len(collected) and collected[FAULT].max() > 0:
        refuse(intake)
    collected = collected.sort(ROW) if intake.grouped else collected
    told = _with_strangers(intake, collected.drop(FAULT, ROW).lazy(), on_fault, lang).collect()
    return given_back(told, intake.given.beside, alone=intake.named) if beside else told.to_native()


def _with_strangers(intake: Intake, told: nw.LazyFrame[Any], on_fault: OnFault, lang: Lang) -> nw.LazyFrame[Any]:
    """The answers, and where faults are reported a row for each reference that earlier support alone has."""
    if on_fault == "raise" or (others := strangers(intake)) is None:
        return told
    others = others.group_by(REFERENCE).agg(nw.col(FAULT).max())
    kinds = {name: kind for name, kind in told.collect_schema().items() if name not in ("reference", "fault")}
    numbers = [name for name, kind in kinds.items() if kind.is_integer()]
    empty = {name: nw.when(nw.col(FAULT) < 0).then(whole(0) if name in numbers else nw.lit("")) for name in kinds}
    others = others.with_columns(_reference(intake).alias("reference"), _said(intake, lang), **empty)
    others = nullable(others.select("reference", *kinds, "fault"), numbers)
    return nullable(nw.concat([told, others], how="vertical"), numbers)  # those of Arrow, and not, make objects


def _reference(intake: Intake) -> nw.Expr:
    """The reference of an application; nothing where its rows have none."""
    of_text = intake.rows.collect_schema()[REFERENCE] == nw.String
    return nw.when(nw.col(REFERENCE) != ("" if of_text else NO_REFERENCE)).then(nw.col(REFERENCE))


def _said(intake: Intake, lang: Lang) -> nw.Expr:
    """The column `fault`: the flaw of a row in words, null where there is none."""
    *others, last = [nw.lit(flaw.fault.line(lang)) for flaw in intake.flaws]
    words = by_case(((nw.col(FAULT) == number, text) for number, text in enumerate(others, 1)), last)
    return nw.when(nw.col(FAULT) > 0).then(words).alias("fault")


def refuse_unseen(intake: Intake) -> None:
    """Raises at once for faults that the answers may not show: a lazy frame has none yet, and a stranger's stand nowhere.

    Raises:
        InputError: as `refuse`.
    """
    if not intake.eager or intake.prior is not None:
        refuse(intake)


def refuse(intake: Intake) -> None:
    """Raises for the first faults of a frame, if there are any.

    Raises:
        InputError: the first twenty faulty rows and applications, each with what is wrong.
    """
    faulty, told = nw.col(FAULT) > 0, partial(_told, intake)
    found = [_first(intake.rows.filter(faulty), told)]
    if intake.prior is not None:
        found.append(_first(intake.prior.filter(faulty).sort(REFERENCE), told))
    if intake.grouped and not any(faults for faults, _ in found):
        found = [_first(applications(intake, intake.rows).filter(faulty).sort(REFERENCE), told)]
    if faults := [one for faults, _ in found for one in faults]:
        raise InputError(faults, sum(more for _, more in found))


Row = Mapping[str, Any]


def _first(faulty: nw.LazyFrame[Any], told: Callable[[Row], Fault]) -> tuple[list[Fault], int]:
    """The faults of the first faulty rows, and the number of the other rows."""
    faults = [told(row) for row in faulty.head(MOST_FAULTS).collect().iter_rows(named=True)]
    more = int(faulty.select(nw.len()).collect().item()) - len(faults) if len(faults) == MOST_FAULTS else 0
    return faults, more


def _told(intake: Intake, row: Row) -> Fault:
    """The fault of a row, or of an application; a row is known by its reference, or else by its place."""
    flaw = intake.flaws[row[FAULT] - 1]
    where, column = flaw.fault.where, flaw.fault.where.rpartition(".")[2]
    if REFERENCE in row and not (column == "reference" and column in row):  # where it is missing, a row has but its place
        where = f"{row[REFERENCE]}, {where}"
    elif ROW in row:
        where = f"row {row[ROW] + 1}, {where}"
    if not flaw.repeats:
        return Fault(where, flaw.fault.text)
    return fault(where, "given {given}; {message}", given=row[column], message=flaw.fault.text)
