"""Ledger: the steps of every ceiling as formulas, row by row, from the costs as read and the numbers of the regulation.

The decision taken here: formulas are exact although a spreadsheet counts in doubles. A share is taken of the whole part of
cost / denominator and of what remains, so that no product exceeds 2^53 and the remainder mends a quotient that was rounded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby
from typing import Final, NamedTuple

from kcgrant.assessment.explanation import title_of, variations_in_words
from kcgrant.assessment.record import Assessment, Option
from kcgrant.language import Lang, say
from kcgrant.law.norms import unit_name
from kcgrant.law.regulation import Regulation
from kcgrant.register.pages import Formula, Values, cell_of
from kcgrant.register.pooling import Dossier
from kcgrant.register.result import RegisterResult
from kcgrant.register.rows import Row, quoted

MOST_COUNTED: Final = 10**15  # đồng; above it, which no dossier is, amounts are written without a formula
MOST_LONG: Final = 8000  # characters of a formula; Excel takes 8192
LAW_TOP: Final = 4  # the row of the headings on the sheet of the regulation
STEPS_TOP: Final = 3  # likewise on the sheet of the calculation


class Step(NamedTuple):
    """One row of the calculation: an option of a line, and what it makes: the ceiling or the lowest ceiling."""

    dossier: Dossier
    law: Regulation
    norm: str
    option: Option
    makes: str


@dataclass(slots=True)
class Ledger:
    """Where everything stands: the norms on the sheet of the regulation, the options on that of the calculation.

    `titles` are those of our sheets; `costs` has the title and the column of costs as read of each sheet of the register.
    """

    lang: Lang
    titles: Mapping[str, str]
    costs: Mapping[int, tuple[str, str]]
    norms: dict[tuple[str, str, tuple[str, ...]], int] = field(default_factory=dict)
    laws: dict[str, Regulation] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    ceilings: dict[tuple[str, str], str] = field(default_factory=dict)
    totals: dict[str, tuple[Formula | None, Formula | None]] = field(default_factory=dict)

    @property
    def last_row(self) -> int:
        """The row of the calculation in which the last step stands."""
        return STEPS_TOP + len(self.steps)


def ledger_of(result: RegisterResult, lang: Lang, titles: Mapping[str, str], costs: Mapping[int, tuple[str, str]]) -> Ledger:
    """The ledger of a result, every row placed, dossiers in the order in which they use the caps."""
    ledger = Ledger(lang, titles, costs)
    for dossier in (result.dossiers[reference] for _, references in result.establishments for reference in references):
        if dossier.assessment is not None and dossier.cautious is not None:
            _place(ledger, dossier, dossier.assessment, dossier.cautious)
    return ledger


def _place(ledger: Ledger, dossier: Dossier, answer: Assessment, cautious: Assessment) -> None:
    law = answer.regulation
    if law.digest not in ledger.laws:
        ledger.laws[law.digest] = law
        for norm in law.norms:
            for held in law.numbers_of(norm):
                ledger.norms[law.digest, norm, tuple(sorted(held))] = LAW_TOP + 1 + len(ledger.norms)
    most: list[str] = []
    least: list[str] = []
    sheet = quoted(ledger.titles["calculation"]) + "!"
    for line, low in zip(answer.lines, cautious.lines, strict=True):
        if line.chosen is not None:
            first = ledger.last_row + 1
            ledger.steps += [Step(dossier, law, line.norm, option, "ceiling") for option in line.options]
            ledger.ceilings[dossier.reference, line.norm] = _most(first, ledger.last_row)
            most.append(_most(first, ledger.last_row, sheet))
        if low.assured is not None:
            if low.assured in line.options and len(line.options) == 1 and line.chosen is not None:
                least.append(most[-1])
            else:
                ledger.steps.append(Step(dossier, law, line.norm, low.assured, "lowest ceiling"))
                least.append(_most(ledger.last_row, ledger.last_row, sheet))
    if sum(activity.cost_vnd for activity in answer.application.activities) <= MOST_COUNTED:
        ledger.totals[dossier.reference] = _sum(most, answer.maximum_vnd), _sum(least, cautious.assured_vnd)


def _most(first: int, last: int, sheet: str = "") -> str:
    """The highest amount of some steps, as a part of a formula."""
    return f"{sheet}I{first}" if first == last else f"MAX({sheet}I{first}:I{last})"


def _sum(parts: Sequence[str], value: int) -> Formula | None:
    formula = "=" + ("+".join(parts) or "0")
    return Formula(formula, value) if len(formula) < MOST_LONG else None


# --- the sheet of the calculation -------------------------------------------------------------------------------------

STEP_COLUMNS: Final = {
    "Reference": (14, "text"),
    "Norm": (34, "wrapped"),
    "For": (12, "wrapped"),
    "What is supported": (16, "wrapped"),
    **dict.fromkeys(("Cost counted (VND)", "Share of the cost (VND)"), (17, "number")),
    **dict.fromkeys(("Cap (VND)", "Earlier support (VND)", "At most (VND)"), (16, "number")),
}


def step_rows(ledger: Ledger) -> Iterator[Values]:
    """The rows of the calculation, each an option with its limits as formulas, columns A to I."""
    lang = ledger.lang
    for row, step in enumerate(ledger.steps, STEPS_TOP + 1):
        option = step.option
        what = "everything" if option.id == "all" else "technology lines only"
        numbers = (option.base_vnd, option.share_vnd, option.cap_vnd, option.prior_vnd, option.amount_vnd)
        formulas = _formulas(ledger, step, row) or [None] * len(numbers)
        limits = [
            number if formula is None or number is None else Formula("=" + formula, number)
            for number, formula in zip(numbers, formulas, strict=True)
        ]
        yield [step.dossier.reference, title_of(step.law, step.norm, lang), say(step.makes, lang), say(what, lang), *limits]


def _formulas(ledger: Ledger, step: Step, row: int) -> list[str | None] | None:
    option = step.option
    base = _base(ledger, [step.dossier.rows[index] for index in option.activities])
    if option.base_vnd > MOST_COUNTED or base is None:
        return None
    sheet, norm_row = ledger.titles["regulation"], ledger.norms[step.law.digest, step.norm, option.variations]
    cap_column = "I" if option.id == "technology-lines" else "F"
    upper, lower, cap = (cell_of(sheet, column, norm_row, fixed=True) for column in ("D", "E", cap_column))
    cap += _times(step)
    whole = f"INT(E{row}/{lower})"
    return [
        base,
        f"{whole}*{upper}+INT((E{row}-{whole}*{lower})*{upper}/{lower})",
        cap,
        _prior(ledger, step),
        _least_of(step, row),
    ]


def _times(step: Step) -> str:
    """The units for which a cap holds, as a part of a formula; empty where none are counted."""
    application, at_most = step.dossier.draft.application, step.law.norms[step.norm].at_most
    quantity = application.activities[step.option.activities[0]].quantity if application else None
    return "" if quantity is None else f"*{quantity if at_most is None else min(at_most, quantity)}"


def _least_of(step: Step, row: int) -> str:
    """The least of the limits, as a formula; earlier support is taken from the cap, and of a unit from the share as well."""
    capped = step.option.cap_vnd is not None
    if step.law.norms[step.norm].pooled:
        return f"MIN(F{row},MAX(0,G{row}-H{row}))" if capped else f"F{row}"
    return f"MAX(0,MIN(F{row},G{row})-H{row})" if capped else f"MAX(0,F{row}-H{row})"


def _prior(ledger: Ledger, step: Step) -> str | None:
    """Earlier support: what is listed, as a number, and what earlier dossiers use at most, as the cells that say so.

    A lowest ceiling for which they may use something else, or all that is left, has the number alone.
    """
    if step.makes == "lowest ceiling" and step.dossier.cautious is not step.dossier.assessment:
        return None
    uses = [use for use in step.dossier.uses if use.norm == step.norm and not use.listed]
    listed = step.option.prior_vnd - sum(use.amount_vnd for use in uses)
    cells = [ledger.ceilings[use.reference, use.norm] for use in uses]
    formula = "+".join([str(listed), *cells] if listed else cells)
    return formula if cells and len(formula) < MOST_LONG else None


def _base(ledger: Ledger, rows: Sequence[Row]) -> str | None:
    """The sum of the costs as read of some rows, as a formula; None where it would be too long."""
    parts: list[str] = []
    for _, run in groupby(enumerate(rows), lambda placed: (id(placed[1].sheet), placed[1].number - placed[0])):
        (_, first), *following = run
        sheet, column = ledger.costs[id(first.sheet)]
        cell = cell_of(sheet, column, first.number)
        parts.append(f"SUM({cell}:{column}{following[-1][1].number})" if following else cell)
    formula = "+".join(parts)
    return formula if len(formula) < MOST_LONG else None


# --- the sheet of the regulation --------------------------------------------------------------------------------------

LAW_COLUMNS: Final = {
    "Document": (22, "wrapped"),
    "Id": (26, "wrapped"),
    "Title": (34, "wrapped"),
    **dict.fromkeys(("Rate: numerator", "Rate: denominator"), (10, "number")),
    "Cap (VND)": (16, "number"),
    **dict.fromkeys(("Factor for lines: numerator", "Factor: denominator"), (12, "number")),
    "Raised cap (VND)": (16, "number"),
    "Per": (10, "wrapped"),
    "What the law says": (60, "wrapped"),
    "Source": (26, "wrapped"),
}


def law_rows(ledger: Ledger) -> Iterator[Values]:
    """The numbers of every norm that was applied, columns A to L; a rate that is not stated is 1/1: the cost itself."""
    lang = ledger.lang
    for (digest, name, held), row in ledger.norms.items():
        law = ledger.laws[digest]
        norm, facts = law.norm_under(name, held), variations_in_words(law, held, lang)
        title = norm.title[lang] if norm.title else None
        called = say("{norm}, where {facts}", lang, norm=title or name, facts=facts) if facts else title
        rate, factor, source = norm.rate or Fraction(1), norm.technology_line_factor, law.all_sources[norm.source]
        raising: Values = [None, None, norm.technology_line_cap]
        if factor is not None:
            raised = Formula(f"=INT(F{row}*G{row}/H{row})", norm.technology_line_cap_vnd or 0)
            raising = [factor.numerator, factor.denominator, raised]
        yield [
            *(f"{law.document} ({law.id})", name, called),
            *(rate.numerator, rate.denominator, norm.cap, *raising),
            *(unit_name(norm.per)[lang], norm.states[lang], f"{source.publisher} ({source.certainty})"),
        ]
