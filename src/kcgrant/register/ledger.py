"""Ledger: the steps of every ceiling as formulas, row by row, from the costs as read and the numbers of the regulation.

The decision taken here: formulas are exact although a spreadsheet counts in doubles. A share is taken of the whole part of
cost / denominator and of what remains, so that no product exceeds 2^53 and the remainder mends a quotient that was rounded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from kcgrant.assessment.record import Assessment, Line, Option
from kcgrant.language import Lang, say
from kcgrant.law.regulation import Regulation
from kcgrant.register.pages import Formula, cell_of
from kcgrant.register.pooling import Dossier
from kcgrant.register.result import RegisterResult
from kcgrant.register.rows import Row

MOST_COUNTED: Final = 10**15  # đồng; above it, which no dossier is, amounts are written without a formula
MOST_LONG: Final = 8000  # characters of a formula; Excel takes 8192
LAW_TOP: Final = 4  # the row of the headings on the sheet of the regulation
STEPS_TOP: Final = 3  # likewise on the sheet of the calculation


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the calculation: an option of a line; `end` says whether it makes the ceiling or the lowest ceiling."""

    row: int
    dossier: Dossier
    answer: Assessment
    line: Line
    option: Option
    end: str


@dataclass(slots=True)
class Ledger:
    """Where everything stands: the norms on the sheet of the regulation, the options on that of the calculation.

    `titles` are those of our own sheets; `costs` gives the sheet and the letters of the column of costs as read, for each
    sheet of the register.
    """

    lang: Lang
    titles: Mapping[str, str]
    costs: Mapping[int, tuple[str, str]]
    norms: dict[tuple[str, str], int] = field(default_factory=dict)
    laws: dict[str, Regulation] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    ceilings: dict[tuple[str, str], str] = field(default_factory=dict)
    totals: dict[str, tuple[Formula | None, Formula | None]] = field(default_factory=dict)

    @property
    def next_row(self) -> int:
        """The row of the calculation in which the next step stands."""
        return STEPS_TOP + 1 + len(self.steps)

    def law_cell(self, law: Regulation, norm: str, column: str) -> str:
        """A number of a norm on the sheet of the regulation."""
        return cell_of(self.titles["regulation"], column, self.norms[law.digest, norm], fixed=True)


def ledger_of(result: RegisterResult, lang: Lang, titles: Mapping[str, str], costs: Mapping[int, tuple[str, str]]) -> Ledger:
    """The ledger of a result, every row placed, dossiers in the order in which they use the caps."""
    ledger = Ledger(lang, titles, costs)
    for _, references in result.establishments:
        for reference in references:
            dossier = result.dossiers[reference]
            if dossier.assessment is not None and dossier.cautious is not None:
                _place(ledger, dossier, dossier.assessment, dossier.cautious)
    return ledger


def _place(ledger: Ledger, dossier: Dossier, answer: Assessment, cautious: Assessment) -> None:
    law = answer.regulation
    if law.digest not in ledger.laws:
        ledger.laws[law.digest] = law
        for norm in law.norms:
            ledger.norms[law.digest, norm] = LAW_TOP + 1 + len(ledger.norms)
    most: list[str] = []
    least: list[str] = []
    for line, low in zip(answer.lines, cautious.lines, strict=True):
        first = ledger.next_row
        if line.chosen is not None:
            for option in line.options:
                ledger.steps.append(Step(ledger.next_row, dossier, answer, line, option, "end-ceiling"))
            last = ledger.next_row - 1
            amount = f"I{first}" if first == last else f"MAX(I{first}:I{last})"
            ledger.ceilings[dossier.reference, line.norm] = amount
            most.append(_there(amount, ledger))
        if low.assured is not None:
            if low.assured in line.options and len(line.options) == 1 and line.chosen is not None:
                least.append(most[-1])
            else:
                ledger.steps.append(Step(ledger.next_row, dossier, cautious, low, low.assured, "end-lowest"))
                least.append(_there(f"I{ledger.next_row - 1}", ledger))
    counted = sum(activity.cost_vnd for activity in answer.application.activities) <= MOST_COUNTED
    if counted:
        ledger.totals[dossier.reference] = _sum(most, answer.maximum_vnd), _sum(least, cautious.assured_vnd)


def _there(amount: str, ledger: Ledger) -> str:
    sheet = cell_of(ledger.titles["calculation"], "I", 1).removesuffix("I1")
    return amount.replace("MAX(", f"MAX({sheet}") if amount.startswith("MAX(") else sheet + amount


def _sum(parts: Sequence[str], value: int) -> Formula | None:
    formula = "=" + ("+".join(parts) or "0")
    return Formula(formula, value) if len(formula) < MOST_LONG else None


# --- the sheet of the calculation -------------------------------------------------------------------------------------

STEP_HEADINGS: Final = {
    "Reference": 14,
    "Norm": 34,
    "For": 12,
    "What is supported": 16,
    "Cost counted (VND)": 17,
    "Share of the cost (VND)": 17,
    "Cap (VND)": 16,
    "Earlier support (VND)": 16,
    "At most (VND)": 16,
}


def step_rows(ledger: Ledger) -> Iterator[list[tuple[object, str]]]:
    """The rows of the calculation, each an option with its limits as formulas, columns A to I."""
    for step in ledger.steps:
        norm, lang, option = step.answer.regulation.norms[step.line.norm], ledger.lang, step.option
        head: list[tuple[object, str]] = [
            (step.dossier.reference, "text"),
            (norm.title[lang] if norm.title else step.line.norm, "wrapped"),
            (say("ceiling" if step.end == "end-ceiling" else "lowest ceiling", lang), "wrapped"),
            (say("everything" if option.id == "all" else "technology lines only", lang), "wrapped"),
        ]
        limits = (option.share_vnd, option.cap_vnd, option.prior_vnd, option.amount_vnd)
        numbers = [option.base_vnd, *limits]
        formulas = _formulas(ledger, step) or [None] * len(numbers)
        yield head + [
            (number if formula is None else Formula("=" + formula, number), "number")
            for number, formula in zip(numbers, formulas, strict=True)
        ]


def _formulas(ledger: Ledger, step: Step) -> list[str | None] | None:
    option, row = step.option, step.row
    base = _base(ledger, [step.dossier.rows[index] for index in option.activities])
    if option.base_vnd > MOST_COUNTED or base is None:
        return None
    law, norm = step.answer.regulation, step.line.norm
    upper, lower = (ledger.law_cell(law, norm, column) for column in "DE")
    whole = f"INT(E{row}/{lower})"
    return [
        base,
        f"{whole}*{upper}+INT((E{row}-{whole}*{lower})*{upper}/{lower})",
        ledger.law_cell(law, norm, "I" if option.id == "technology-lines" else "F"),
        _prior(ledger, step),
        f"MIN(F{row},MAX(0,G{row}-H{row}))",
    ]


def _prior(ledger: Ledger, step: Step) -> str | None:
    """Earlier support: what is listed, as a number, and what earlier dossiers use at most, as the cells that say so."""
    uses = [u for u in step.dossier.uses if u.norm == step.line.norm and not u.listed]
    listed = step.option.prior_vnd - sum(use.amount_vnd for use in uses)
    cells = [ledger.ceilings[use.reference, use.norm] for use in uses]
    formula = "+".join([str(listed), *cells] if listed else cells)
    return formula if cells and len(formula) < MOST_LONG else None


def _base(ledger: Ledger, rows: Sequence[Row]) -> str | None:
    """The sum of the costs as read of some rows, as a formula; None where it would be too long."""
    parts: list[str] = []
    start = 0
    for place, row in enumerate(rows):
        following = rows[place + 1] if place + 1 < len(rows) else None
        if following is None or following.sheet is not row.sheet or following.number != row.number + 1:
            sheet, column = ledger.costs[id(row.sheet)]
            first = cell_of(sheet, column, rows[start].number)
            parts.append(first if start == place else f"SUM({first}:{column}{row.number})")
            start = place + 1
    formula = "+".join(parts)
    return formula if len(formula) < MOST_LONG else None


# --- the sheet of the regulation --------------------------------------------------------------------------------------

LAW_HEADINGS: Final = {
    "Document": 22,
    "Id": 26,
    "Title": 34,
    "Rate: numerator": 10,
    "Rate: denominator": 10,
    "Cap (VND)": 16,
    "Factor for lines: numerator": 12,
    "Factor: denominator": 12,
    "Raised cap (VND)": 16,
    "Per": 10,
    "What the law says": 60,
    "Source": 26,
}


def law_rows(ledger: Ledger) -> Iterator[list[tuple[object, str]]]:
    """The numbers of every norm that was applied, columns A to L; a rate that is not stated is 1/1: the cost itself."""
    lang = ledger.lang
    for digest, name in ledger.norms:
        law = ledger.laws[digest]
        norm, row = law.norms[name], ledger.norms[digest, name]
        rate, factor, source = norm.rate, norm.technology_line_factor, law.all_sources[norm.source]
        yield [
            (f"{law.document} ({law.id})", "wrapped"),
            (name, "wrapped"),
            (norm.title[lang] if norm.title else None, "wrapped"),
            (rate.numerator if rate is not None else 1, "number"),
            (rate.denominator if rate is not None else 1, "number"),
            (norm.cap, "number"),
            (factor.numerator if factor is not None else None, "number"),
            (factor.denominator if factor is not None else None, "number"),
            (
                None if factor is None else Formula(f"=INT(F{row}*G{row}/H{row})", norm.technology_line_cap_vnd or 0),
                "number",
            ),
            (say(norm.per, lang), "wrapped"),
            (norm.states[lang], "wrapped"),
            (f"{source.publisher} ({source.certainty})", "wrapped"),
        ]
