"""Faults: what is wrong with rows and applications of a frame, as a column, or as an error that names the first of them.

The decision taken here: a fault names the application, the column, the value given and what is expected; in a column of
faults the value is left out, since it stands in the caller's frame.
"""

from __future__ import annotations

from typing import Any, Final

import narwhals.stable.v2 as nw

from kcgrant.columns.entry import Flaw, fault
from kcgrant.columns.intake import Intake
from kcgrant.columns.lines import agreeing_flaws, applications
from kcgrant.columns.names import FAULT, ROW, own
from kcgrant.errors import MOST_FAULTS, Fault, InputError, Lang, shown

_REFERENCE: Final = own("reference")


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
