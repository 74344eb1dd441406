"""Columns: the norms on whole dataframes, from a laptop to a cluster (extra `columns`: narwhals).

The decision taken here: nothing of the law stands in this package; its expressions are built from the same `Norm` and
`Condition` objects as `assess` reads, and give the same answers (property tests). The frame's own engine computes them.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal, TypeVar

import narwhals.stable.v2 as nw

from kcgrant.assessment.eligibility import Verdict
from kcgrant.columns.amounts import BEST, CAP, LEAST, LEFT, LINES_CAP, LINES_LEFT, drawn, has_lines, lines_alone, share_on
from kcgrant.columns.conditions import shut
from kcgrant.columns.intake import Flaw, Intake, fault, nullable, take
from kcgrant.columns.lines import agreeing_flaws, applications, lines_of
from kcgrant.columns.names import ALL, FAULT, LINES_MOST, MOST, OPEN, PRIOR, ROW, ROWS, SURE, UNMET, own
from kcgrant.errors import MOST_FAULTS, Fault, InputError, shown
from kcgrant.language import Lang, Text
from kcgrant.law.regulation import Regulation

Frame = TypeVar("Frame")
OnFault = Literal["raise", "report"]
_REFERENCE = own("reference")
_ONLY, _COUNTED, _BASE, _SHARE, _CAP, _LEFT = (
    own(f"step_{name}") for name in ("lines", "some", "base", "share", "cap", "left")
)
_FLAGS = tuple(own(verdict.value) for verdict in (Verdict.ELIGIBLE, Verdict.UNDETERMINED, Verdict.INELIGIBLE))


def assess_frame(
    frame: Frame,
    regulation: Regulation,
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
        and `assured_vnd`, in whole đồng, in the order in which they
        first appear if the frame is not lazy. Without a column `reference`, every row is an application by itself, and the
        answers stand beside the frame's own columns. With `on_fault="report"`
        there is a column `fault`, null where nothing is wrong, and the amounts and the verdict of a faulty application are
        null.

    Raises:
        InputError: columns are missing or of the wrong kind (amounts are integers, never floats, decimals or text); or,
            with `on_fault="raise"`, rows are at fault, of which the first twenty are told. To find them, a lazy frame is
            computed once for the check.
        RegulationError: the regulation cannot be computed on columns; none that is shipped is such.
        TypeError: an argument is of the wrong type.

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
    intake = _taken(frame, regulation, approved_on, prior_support, ("verdict", "maximum_vnd", "assured_vnd", "fault"))
    judged, worlds = _judged(intake, lines_of(intake))
    answered = _summed(intake, judged, worlds) if intake.grouped else _alone(judged, worlds)
    done: Frame = _handed_back(intake, answered, ["verdict", "maximum_vnd", "assured_vnd"], on_fault, lang)
    return done


def assess_lines(
    frame: Frame,
    regulation: Regulation,
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
        `technology-lines`), `base_vnd`, `share_vnd`, `cap_vnd`, `prior_vnd`, `amount_vnd`, `binding` (`rate`, `cap` or
        `rate and cap`) and `assured_vnd`, in whole đồng. `amount_vnd` is the line's part of the maximum; where nothing of
        a line can be supported it is 0 and the steps are null. Without a column `reference`, every row is a line, and
        all but `norm` and `activities` stands beside the frame's own columns.

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
    intake = _taken(frame, regulation, approved_on, prior_support, (*steps, "fault"))
    if not intake.rules.single:
        en = "an open answer may shut one norm for another; use assess_frame, or assess"
        vi = "một câu trả lời có thể loại mức chi này để giữ mức chi kia; hãy dùng assess_frame hoặc assess"
        raise InputError([Fault(f"{regulation.id}: conditions", Text(en=en, vi=vi))])
    judged, _ = _judged(intake, lines_of(intake))
    if intake.named:
        judged = judged.with_columns(nw.col(own("norm")).alias("norm"), nw.col(ROWS).alias("activities"))
        steps = ["norm", "activities", *steps]
    done: Frame = _handed_back(intake, _stepped(intake, judged), steps, on_fault, lang)
    return done


def _taken(
    frame: object, regulation: Regulation, approved_on: date | None, prior: object | None, answers: tuple[str, ...]
) -> Intake:
    intake = take(frame, regulation, approved_on, prior)
    if taken := [] if intake.named else [name for name in answers if name in intake.given]:
        en, vi = "the answers stand under this name; rename the column", "kết quả dùng tên cột này; hãy đổi tên cột"
        raise InputError([Fault(name, Text(en=en, vi=vi)) for name in taken])
    return intake


# --- verdict and amounts ----------------------------------------------------------------------------------------------


def _judged(intake: Intake, lines: nw.LazyFrame[Any]) -> tuple[nw.LazyFrame[Any], tuple[list[str], list[str]]]:
    """The lines with what they receive, and the names of the columns that hold it for every world, for either end."""
    nought = nw.lit(0, nw.Int64)
    ends: tuple[list[str], list[str]] = ([], [])
    lines = drawn(lines, intake.law, prior=intake.prior is not None, exact=intake.exact)
    columns = []
    for names, amount, worlds in ((ends[0], BEST, intake.rules.most), (ends[1], LEAST, intake.rules.least)):
        for closed in shut(intake.rules, intake.present, worlds):
            names.append(f"{amount}_{len(names)}")
            columns.append(nw.when(nw.col(UNMET) | closed).then(nought).otherwise(nw.col(amount)).alias(names[-1]))
    return lines.with_columns(*columns), ends


def _alone(lines: nw.LazyFrame[Any], ends: tuple[list[str], list[str]]) -> nw.LazyFrame[Any]:
    """The answers where every row is an application."""
    unmet = nw.col(UNMET) | (nw.col(MOST) == 0)
    is_open = nw.col(OPEN) | (nw.col(SURE) == 0)
    state = nw.when(is_open).then(nw.lit(Verdict.UNDETERMINED.value)).otherwise(nw.lit(Verdict.ELIGIBLE.value))
    return lines.with_columns(
        nw.when(unmet).then(nw.lit(Verdict.INELIGIBLE.value)).otherwise(state).alias("verdict"),
        _extreme(ends[0], greatest=True).alias("maximum_vnd"),
        _extreme(ends[1], greatest=False).alias("assured_vnd"),
    )


def _summed(intake: Intake, lines: nw.LazyFrame[Any], ends: tuple[list[str], list[str]]) -> nw.LazyFrame[Any]:
    """The answers of applications of several lines: in each world their sum, and of the worlds the best and the worst."""
    met, some = ~nw.col(UNMET), nw.lit(1, nw.Int64)
    may_count, counts = nw.col(MOST) > nw.col(SURE), nw.col(SURE) > 0
    held = (
        met & ~nw.col(OPEN) & counts,
        met & (may_count | (nw.col(OPEN) & (nw.col(MOST) > 0))),
        nw.col(UNMET) | (nw.col(ALL) > nw.col(MOST)),
    )
    flags = [nw.when(one).then(some).otherwise(nw.lit(0, nw.Int64)).alias(n) for one, n in zip(held, _FLAGS, strict=True)]
    totals = [nw.col(name).sum() for name in (*ends[0], *ends[1])]
    grouped = lines.with_columns(*flags).group_by(_REFERENCE)
    order = [nw.col(ROW).min()] if intake.eager else []
    found = grouped.agg(*totals, *(nw.col(name).max() for name in (*_FLAGS, FAULT)), *order)
    eligible, undetermined, ineligible = (nw.col(name) == 1 for name in _FLAGS)
    other = nw.when(ineligible).then(nw.lit(Verdict.INELIGIBLE.value)).otherwise(nw.lit(Verdict.ELIGIBLE.value))
    mixed = nw.when(eligible & ineligible).then(nw.lit(Verdict.PARTLY_ELIGIBLE.value)).otherwise(other)
    return found.with_columns(
        nw.when(undetermined).then(nw.lit(Verdict.UNDETERMINED.value)).otherwise(mixed).alias("verdict"),
        _extreme(ends[0], greatest=True).cast(nw.Int64).alias("maximum_vnd"),
        _extreme(ends[1], greatest=False).cast(nw.Int64).alias("assured_vnd"),
    )


def _extreme(names: list[str], *, greatest: bool) -> nw.Expr:
    found = nw.col(names[0])
    for name in names[1:]:
        other = nw.col(name)
        found = nw.when(other > found if greatest else other < found).then(other).otherwise(found)
    return found


def _stepped(intake: Intake, lines: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """The lines with the steps of the option chosen for the maximum."""
    has_prior, both = intake.prior is not None, has_lines(intake.law)

    def step(*names: str) -> nw.Expr:
        """A step of the option for everything, or of the one for technology lines alone."""
        every = nw.col(names[0])
        return nw.when(nw.col(_ONLY)).then(nw.col(names[1])).otherwise(every) if both else every

    lines = lines.with_columns(
        lines_alone(intake.law, prior=has_prior).alias(_ONLY),
        (~shut(intake.rules, intake.present, intake.rules.most)[0] & (nw.col(MOST) > 0)).alias(_COUNTED),
    ).with_columns(
        step(MOST, LINES_MOST).alias(_BASE),
        step(share_on(MOST), share_on(LINES_MOST)).alias(_SHARE),
        step(CAP, LINES_CAP).alias(_CAP),
        step(LEFT, LINES_LEFT).alias(_LEFT),
    )
    name = nw.when(nw.col(_ONLY)).then(nw.lit("technology-lines")).otherwise(nw.lit("all"))
    at_one = nw.when(nw.col(_SHARE) < nw.col(_LEFT)).then(nw.lit("rate")).otherwise(nw.lit("cap"))
    binding = nw.when(nw.col(_SHARE) == nw.col(_LEFT)).then(nw.lit("rate and cap")).otherwise(at_one)
    steps = {
        "option": name,
        "base_vnd": nw.col(_BASE),
        "share_vnd": nw.col(_SHARE),
        "cap_vnd": nw.col(_CAP),
        "prior_vnd": nw.col(PRIOR) if has_prior else nw.lit(0, nw.Int64),
        "binding": binding,
    }
    ends = {"amount_vnd": nw.col(f"{BEST}_0"), "assured_vnd": nw.col(f"{LEAST}_0")}
    counted = nw.col(_COUNTED) & ~nw.col(UNMET)
    lines = lines.with_columns(**steps, **ends)
    lines = nullable(lines, [name for name in (*steps, *ends) if name.endswith("_vnd")])
    return lines.with_columns(*(nw.when(counted).then(nw.col(name)).alias(name) for name in steps))


# --- out --------------------------------------------------------------------------------------------------------------


def _handed_back(intake: Intake, answered: nw.LazyFrame[Any], names: list[str], on_fault: OnFault, lang: Lang) -> Any:
    """The answers as a frame of the caller's kind, and faults as they are asked for."""
    first = [nw.col(_REFERENCE).alias("reference")] if intake.named else [nw.col(name) for name in intake.given]
    if on_fault == "report":
        answered = nullable(answered, [name for name in names if name.endswith("_vnd") or name == "activities"])
        sound = nw.col(FAULT) == 0
        columns = [*(nw.when(sound).then(nw.col(name)).alias(name) for name in names if name != "norm"), said(intake, lang)]
        columns = [*([nw.col("norm")] if "norm" in names else []), *columns]
    elif on_fault == "raise":
        columns = [nw.col(name) for name in names]
        if not intake.eager:
            refuse(intake)
    else:
        raise TypeError(f'on_fault: given {on_fault!r}; expected "raise" or "report"')
    if not intake.eager:
        return answered.select(*first, *columns).to_native()
    collected = answered.select(*first, *columns, FAULT, ROW).collect()
    if on_fault == "raise" and len(collected) and collected[FAULT].max() > 0:
        refuse(intake)
    collected = collected.sort(ROW) if intake.grouped else collected
    return collected.drop(FAULT, ROW).to_native()


def flaws_of(intake: Intake) -> list[Flaw]:
    """Every flaw that the column of faults can number, in order."""
    return [*intake.flaws, *agreeing_flaws(intake)] if intake.grouped else list(intake.flaws)


def said(intake: Intake, lang: Lang) -> nw.Expr:
    """The column `fault`: the flaw of a row in words, null where there is none."""
    first, *others = [nw.lit(f"{flaw.column}: {flaw.expected[lang]}") for flaw in flaws_of(intake)]
    words: nw.Expr = nw.when(nw.col(FAULT) == 1).then(first)
    for number, text in enumerate(others, 2):
        words = nw.when(nw.col(FAULT) == number).then(text).otherwise(words)
    return words.alias("fault")


def refuse(intake: Intake) -> None:
    """Raises for the first faults of a frame, if there are any.

    Raises:
        InputError: the first twenty faulty rows and applications, each with what is wrong.
    """
    found = [_of_rows(intake, intake.rows, "cost_vnd")]
    if intake.prior is not None:
        found += [_of_rows(intake, intake.prior, "amount_vnd"), _of_nobody(intake, intake.prior)]
    if intake.grouped and not any(faults for faults, _ in found):
        found = [_of_applications(intake)]
    if any(faults for faults, _ in found):
        raise InputError([fault for faults, _ in found for fault in faults], sum(more for _, more in found))


def _first(faulty: nw.LazyFrame[Any]) -> tuple[list[dict[str, Any]], int]:
    """The first faulty rows, and the number of the others."""
    first = list(faulty.head(MOST_FAULTS).collect().iter_rows(named=True))
    more = int(faulty.select(nw.len()).collect().item()) - len(first) if len(first) == MOST_FAULTS else 0
    return first, more


def _of_rows(intake: Intake, rows: nw.LazyFrame[Any], money: str) -> tuple[list[Fault], int]:
    """The rows that are faulty by themselves; a row is known by its reference, or else by its place."""
    faulty = rows.filter(nw.col(FAULT) > 0)
    if rows is intake.rows and intake.eager:
        faulty = faulty.sort(ROW)
    faults = []
    first, more = _first(faulty)
    for row in first:
        flaw = intake.flaws[row[FAULT] - 1]
        column = flaw.column.rpartition(".")[2]
        given = row.get(column) if column == money or own(column) not in row or column == "reference" else row[own(column)]
        who = _who(row, column)
        missing = given is None or given != given or given == ""  # noqa: PLR0124 - NaN, from pandas
        en, vi = (flaw.expected.en, flaw.expected.vi)
        if not missing:
            en, vi = f"given {shown(given)}; {en}", f"giá trị {shown(given)}; {vi}"
        faults.append(fault(f"{who}{flaw.column}", en, vi))
    return faults, more


def _who(row: dict[str, Any], column: str) -> str:
    if _REFERENCE in row and column != "reference":
        return f"{row[_REFERENCE]}, "
    return f"row {row[ROW] + 1}, " if ROW in row else ""


def _of_applications(intake: Intake) -> tuple[list[Fault], int]:
    faulty = applications(intake, intake.rows).filter(nw.col(FAULT) > 0).sort(_REFERENCE)
    flaws, (first, more) = flaws_of(intake), _first(faulty)
    found = [(row[_REFERENCE], flaws[row[FAULT] - 1]) for row in first]
    return [Fault(f"{reference}, {flaw.column}", flaw.expected) for reference, flaw in found], more


def _of_nobody(intake: Intake, prior: nw.LazyFrame[Any]) -> tuple[list[Fault], int]:
    """Earlier support whose application is not in the frame: it would go unnoticed."""
    nobody = prior.join(intake.rows.select(_REFERENCE).unique(), on=_REFERENCE, how="anti").select(_REFERENCE)
    en = "earlier support of an application that the frame does not have; correct the reference or leave it out"
    vi = "khoản hỗ trợ trước đây của hồ sơ không có trong bảng; hãy sửa số hồ sơ hoặc bỏ dòng này"
    rows, more = _first(nobody)
    return [fault(f"{row[_REFERENCE]}, prior_support.reference", en, vi) for row in rows], more
