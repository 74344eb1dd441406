"""Workbook out: the result of a register as a workbook that an officer prints and an auditor recalculates.

The decision taken here: the officer's cells stand where they stood, row by row, and everything else beside them or on sheets of
its own. The numbers of the law stand on a locked sheet, and the live formulas of the ceilings lead there. Needs the extra
`excel` (openpyxl).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook

from kcgrant.errors import Lang
from kcgrant.register.headings import COLUMNS, PRIOR, RESULTS
from kcgrant.register.ledger import LAW_HEADINGS, STEP_HEADINGS, Ledger, law_rows, ledger_of, step_rows
from kcgrant.register.pooling import Dossier, standing
from kcgrant.register.result import RegisterResult, Value
from kcgrant.register.sheets import Formula, Pen, append, new_sheet, own_sheet
from kcgrant.register.table import Sheet, letters
from kcgrant.register.words import say
from kcgrant.register.writing import kept
from kcgrant.wording import say as say_word

WIDTHS: Final = {
    **dict.fromkeys((*COLUMNS, *PRIOR), 11),
    **{"reference": 14, "establishment": 28, "tax_code": 16, "kind": 16, "sector": 22, "norm": 22, "activity": 24},
    **{"cost_vnd": 16, "amount_vnd": 16, "approved_on": 12, "province": 12},
}
RESULT_WIDTHS: Final = {
    **dict.fromkeys(RESULTS, 17),
    **{"verdict": 16, "activity_verdict": 16, "binding": 34, "used_by_earlier": 34, "questions": 30, "remarks": 60, "status": 15},
}
_WRAPPED: Final = frozenset(("establishment", "activity", "kind", "sector", "norm", "area"))
_AMOUNTS: Final = frozenset(("cost_read_vnd", "ceiling_vnd", "assured_vnd"))

Cells = list[tuple[object, str]]


def write_workbook(result: RegisterResult, path: Path, lang: Lang) -> None:
    """Writes the workbook; `path` is overwritten."""
    book = Workbook(write_only=True)
    book.properties.creator = "kcgrant"
    register = result.register
    names = [sheet.name or say("register", lang) for sheet in register.sheets]
    costs = {
        id(sheet): (name, letters(len(kept(sheet)) + list(RESULTS).index("cost_read_vnd")))
        for sheet, name in zip(register.sheets, names, strict=True)
    }
    ledger = ledger_of(result, lang, costs)
    for sheet, name in zip(register.sheets, names, strict=True):
        _register(book, result, sheet, name, ledger)
    _summary(book, result, lang)
    _remarks(book, result, lang)
    _questions(book, result, lang)
    _pools(book, result, lang)
    own_sheet(book, "calculation", lang, STEP_HEADINGS, step_rows(ledger), len(ledger.steps), [say("formulas", lang)])
    notes = [say("formulas", lang), say("ceiling-not-entitlement", lang)]
    law = own_sheet(book, "regulation", lang, LAW_HEADINGS, law_rows(ledger), len(ledger.norms), notes)
    law.protection.sheet = True
    for sheet in register.prior:
        _copied(book, sheet, lang)
    book.save(path)


# --- the officer's rows -----------------------------------------------------------------------------------------------


def _register(book: Workbook, result: RegisterResult, sheet: Sheet, name: str, ledger: Ledger) -> None:
    lang, columns = ledger.lang, kept(sheet)
    known = {index: column for column, index in sheet.columns.items()}
    widths = [WIDTHS.get(known.get(index, ""), 16) for index in columns] + list(RESULT_WIDTHS.values())
    last = sheet.rows[-1].number if sheet.rows else 0
    page = new_sheet(book, name, widths, lang, heading_row=sheet.heading_row, rows=last)
    page.page_setup.fitToWidth = 2  # the officer's columns and the results, at a size that can be read
    page.print_title_cols = "A:A"
    page.freeze_panes = f"B{sheet.heading_row + 1}"
    headings = [(heading, "heading") for heading in _of(sheet.headings, columns)]
    headings += [(column.label[lang], "result-heading") for column in RESULTS.values()]
    rows: dict[int, Cells] = {sheet.heading_row: headings}
    for row in sheet.rows:
        own = _own(columns, _of(row.cells, columns), known)
        rows[row.number] = own if row.kind == "above" else own + _beside(result, ledger, result.beside(row, lang), row)
    _at_their_numbers(page, rows, widths)


def _at_their_numbers(page: Any, rows: dict[int, Cells], widths: Sequence[int]) -> None:
    """Writes rows where they stood, blank rows between them."""
    pen, written = Pen(page), 0
    for number in sorted(rows):
        for _ in range(written + 1, number):
            page.append([])
        append(page, pen, number, rows[number], widths)
        written = number


def _of(cells: Sequence[Any], columns: Sequence[int]) -> list[Any]:
    return [cells[index] if index < len(cells) else None for index in columns]


def _own(columns: Sequence[int], cells: Sequence[Any], known: dict[int, str]) -> Cells:
    """The officer's cells; long texts are wrapped, unless they look like formulas."""
    return [
        (value, "wrapped" if isinstance(value, str) and known.get(index) in _WRAPPED and value[:1].isalnum() else "own")
        for index, value in zip(columns, cells, strict=True)
    ]


def _beside(result: RegisterResult, ledger: Ledger, answers: dict[str, Value], row: Any) -> Cells:
    dossier = result.dossier_of(row)
    formulas: tuple[Formula | None, Formula | None] = (None, None)
    if dossier is not None and dossier.rows[0] is row:
        formulas = ledger.totals.get(dossier.reference, formulas)
    status = "bad" if result.status(row) == "not-assessed" else "wrapped"
    every: dict[str, object] = {**answers, "ceiling_formula": formulas[0], "assured_formula": formulas[1]}
    return [
        (every.get(name), "number" if name in _AMOUNTS or "formula" in name else status if name == "status" else "wrapped")
        for name in RESULTS
    ]


def _copied(book: Workbook, sheet: Sheet, lang: Lang) -> None:
    """The table of earlier support as it was."""
    known = {index: column for column, index in sheet.columns.items()}
    columns = kept(sheet)
    widths = [WIDTHS.get(known.get(index, ""), 16) for index in columns]
    last = sheet.rows[-1].number if sheet.rows else 0
    page = new_sheet(book, (sheet.name or say("prior", lang))[:31], widths, lang, heading_row=sheet.heading_row, rows=last)
    rows = {row.number: _own(columns, _of(row.cells, columns), known) for row in sheet.rows}
    rows[sheet.heading_row] = [(heading, "heading") for heading in _of(sheet.headings, columns)]
    _at_their_numbers(page, rows, widths)


# --- sheets of our own ------------------------------------------------------------------------------------------------


def _summary(book: Workbook, result: RegisterResult, lang: Lang) -> None:
    rows: list[Cells] = [[(say(name, lang), "wrapped"), (number, "number")] for name, number in result.summary.items()]
    notes = [say(name, lang) for name in ("ceiling-not-entitlement", "pooled", "first-row", "formulas")]
    rows += [[], *([(note, "wrapped")] for note in notes)]
    own_sheet(book, "summary", lang, {"what": 90, "amount": 22}, rows, len(rows))


def _remarks(book: Workbook, result: RegisterResult, lang: Lang) -> None:
    ordered = sorted(result.remarks, key=lambda one: not one.fault)
    rows: Iterator[Cells] = (
        [
            (", ".join([place.says(lang) for place in one.places[:5]]) + (" …" if len(one.places) > 5 else ""), "wrapped"),
            (say("fault" if one.fault else "finding", lang), "bad" if one.fault else "wrapped"),
            (one.text[lang], "wrapped"),
        ]
        for one in ordered
    )
    own_sheet(book, "remarks", lang, {"where": 34, "kind": 12, "what": 110}, rows, len(ordered))


def _questions(book: Workbook, result: RegisterResult, lang: Lang) -> None:
    rows = [row for dossier in result.dossiers.values() for row in _asked(dossier, lang)]
    widths = {"reference": 14, "establishment": 28, "where": 20, "question": 80, "answer": 16}
    own_sheet(book, "questions", lang, widths, rows, len(rows))


def _asked(dossier: Dossier, lang: Lang) -> Iterator[Cells]:
    """The open questions of a dossier, each with the cell into which the answer belongs."""
    if dossier.assessment is None:
        return
    for question in dossier.assessment.questions:
        column = question.fact.partition(".")[2]
        row = dossier.rows[question.activity or 0]
        text, where = question.text[lang], row.place(column).says(lang)
        if question.prior_support is not None:
            own = len(dossier.draft.prior_rows)
            listed = question.prior_support < own
            where = dossier.draft.prior_rows[question.prior_support].place(column).says(lang) if listed else "–"
            used = None if listed else dossier.uses[question.prior_support - own]
            text += f" ({used.reference})" if used else ""
        yield [
            (dossier.reference, "text"),
            (dossier.establishment, "wrapped"),
            (where, "wrapped"),
            (text, "wrapped"),
            (None, "wrapped"),
        ]


_POOLS: Final = {
    **{"establishment": 30, "tax_code": 16, "same-by": 12, "norm": 34, "reference": 14, "approved_on": 12},
    **{"cap-vnd": 16, "earlier": 16, "at-most": 16, "used": 16, "standing": 14},
}


def _pools(book: Workbook, result: RegisterResult, lang: Lang) -> None:
    rows = [row for by, references in result.establishments for row in _pool(result, by, references, lang)]
    own_sheet(book, "pools", lang, _POOLS, rows, len(rows), [say("pooled", lang)])


def _pool(result: RegisterResult, by: str, references: Sequence[str], lang: Lang) -> Iterator[Cells]:
    """What each dossier of an establishment may use at most of its caps, norm by norm, in order."""
    dossiers = [result.dossiers[reference] for reference in references]
    for norm in dict.fromkeys(norm for dossier in dossiers for norm in dossier.norms):
        for dossier in dossiers:
            if norm in dossier.norms:
                head: Cells = [
                    (dossier.establishment, "wrapped"),
                    (dossier.tax_code, "text"),
                    (say(by, lang), "wrapped"),
                    (_title(dossier, norm, lang), "wrapped"),
                    (dossier.reference, "text"),
                    (dossier.approved_on, "day"),
                ]
                yield head + _share(dossier, norm, lang)


def _title(dossier: Dossier, norm: str, lang: Lang) -> str:
    if dossier.assessment is None:
        return norm
    found = dossier.assessment.regulation.norms[norm].title
    return found[lang] if found else norm


def _share(dossier: Dossier, norm: str, lang: Lang) -> Cells:
    answer = dossier.assessment
    if answer is None:
        return [(None, "number")] * 4 + [(say("not-assessed", lang), "bad")]
    lines = [line for line in answer.lines if line.norm == norm]
    at_most = sum(line.maximum_vnd for line in lines)
    if answer.regulation.norms[norm].per == "model":
        return [(None, "number"), (None, "number"), (at_most, "number")]
    chosen = lines[0].chosen
    if chosen is None:
        return [(None, "number"), (None, "number"), (0, "number")]
    only_lines = say_word({True: "yes", False: "no", None: "unknown"}[standing(answer, lines[0])], lang)
    numbers = (chosen.cap_vnd, chosen.prior_vnd, at_most, chosen.prior_vnd + at_most)
    return [*((number, "number") for number in numbers), (only_lines if at_most else None, "wrapped")]
