"""Workbook out: the result of a register as a workbook that an officer prints and an auditor recalculates.

The decision taken here: the officer's cells stand where they stood, row by row, and everything else beside them or on
sheets of its own. The numbers of the law stand on a locked sheet, and the live formulas of the ceilings lead there. Needs
the extra `excel` (XlsxWriter).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any, Final

from kcgrant.application import COLUMNS, PRIOR_COLUMNS
from kcgrant.language import NOT_ENTITLEMENT, Lang, say, value_name
from kcgrant.register.form import RESULTS
from kcgrant.register.ledger import LAW_HEADINGS, STEP_HEADINGS, Ledger, law_rows, ledger_of, step_rows
from kcgrant.register.pages import Book, Cells, append, new_book, new_sheet, own_sheet
from kcgrant.register.pooling import Dossier, standing
from kcgrant.register.result import SUMMARY, RegisterResult
from kcgrant.register.rows import Row, Sheet, letters

WIDTHS: Final = {
    **dict.fromkeys((*COLUMNS, *PRIOR_COLUMNS), 11),
    "reference": 14,
    "establishment": 28,
    "tax_code": 16,
    "kind": 16,
    "sector": 22,
    "norm": 22,
    "activity": 24,
    "cost_vnd": 16,
    "amount_vnd": 16,
    "approved_on": 12,
    "province": 12,
}
RESULT_WIDTHS: Final = {
    **dict.fromkeys(RESULTS, 17),
    "verdict": 16,
    "activity_verdict": 16,
    "binding": 34,
    "used_by_earlier": 34,
    "questions": 30,
    "remarks": 60,
    "status": 15,
}
_WRAPPED: Final = frozenset(("establishment", "activity", "kind", "sector", "norm", "area"))
_AMOUNTS: Final = ("cost_read_vnd", "ceiling_vnd", "assured_vnd", "ceiling_formula", "assured_formula")

OWN_SHEETS: Final = {
    "summary": "Summary",
    "remarks": "Faults and findings",
    "questions": "Questions",
    "pools": "Establishments and caps",
    "calculation": "Calculation",
    "regulation": "Regulation",
}
MOST_TITLE: Final = 31  # characters of the title of a sheet
_NOT_IN_TITLES: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
FORMULAS: Final = "The live formulas follow the sheets Calculation and Regulation; they should show what stands beside them."
POOLED: Final = (
    "Dossiers of one establishment share its cap, in order of approval: what an earlier one may get counts first."
)
FIRST_ROW: Final = "Amounts stand on the first row of each dossier, so that a column can be summed."
SHARING_ONLY: Final = "Only establishments with several dossiers in the register stand here."


def write_workbook(result: RegisterResult, path: Path, lang: Lang) -> None:
    """Writes the workbook; `path` is overwritten."""
    register = result.register
    free = _free_titles()
    names = [free(sheet.name or say("Register", lang)) for sheet in register.sheets]
    priors = [free(sheet.name or say("prior_support", lang)) for sheet in register.prior]
    titles = {name: free(say(title, lang)) for name, title in OWN_SHEETS.items()}
    costs = {
        id(sheet): (name, letters(len(sheet.kept) + list(RESULTS).index("cost_read_vnd")))
        for sheet, name in zip(register.sheets, names, strict=True)
    }
    ledger = ledger_of(result, lang, titles, costs)
    with new_book(path, lang) as book:
        for sheet, name in zip(register.sheets, names, strict=True):
            _register(book, result, sheet, name, ledger)
        _summary(book, result, titles["summary"])
        _remarks(book, result, titles["remarks"])
        _questions(book, result, titles["questions"])
        _pools(book, result, titles["pools"])
        notes = [say(FORMULAS, lang)]
        own_sheet(book, titles["calculation"], STEP_HEADINGS, step_rows(ledger), len(ledger.steps), notes=notes)
        notes = [say(FORMULAS, lang), say(NOT_ENTITLEMENT, lang)]
        own_sheet(book, titles["regulation"], LAW_HEADINGS, law_rows(ledger), len(ledger.norms), notes=notes).protect()
        for sheet, name in zip(register.prior, priors, strict=True):
            _copied(book, sheet, name)


def _free_titles() -> Callable[[str], str]:
    """Gives a sheet a title that Excel takes and no other has, as near as can be to the one asked for."""
    used: set[str] = set()

    def free(wanted: str) -> str:
        plain = _NOT_IN_TITLES.sub(" ", wanted).strip("' ")[:MOST_TITLE] or "Sheet"
        titles = (plain if number == 1 else f"{plain[: MOST_TITLE - 5]} ({number})" for number in count(1))
        title = next(title for title in titles if title.casefold() not in used)
        used.add(title.casefold())
        return title

    return free


# --- the officer's rows -----------------------------------------------------------------------------------------------


def _register(book: Book, result: RegisterResult, sheet: Sheet, name: str, ledger: Ledger) -> None:
    columns, known = sheet.kept, {index: column for column, index in sheet.columns.items()}
    widths = [WIDTHS.get(known.get(index, ""), 16) for index in columns] + list(RESULT_WIDTHS.values())
    # Two pages wide: the officer's columns and the results, at a size that can be read.
    page = new_sheet(book, name, widths, sheet.heading_row, sheet.last_row, pages_wide=2)
    headings = [(heading, "heading") for heading in _of(sheet.headings, columns)]
    headings += [(say(heading, book.lang), "result-heading") for heading in RESULTS.values()]
    append_at: dict[int, Row | None] = {row.number: row for row in sheet.rows} | {sheet.heading_row: None}
    for number in sorted(append_at):
        row = append_at[number]
        if row is None:
            append(book, page, number, headings, widths)
        else:
            beside = [] if row.kind == "above" else _beside(result, ledger, row)
            append(book, page, number, _own(columns, _of(row.cells, columns), known) + beside, widths)


def _of(cells: Sequence[Any], columns: Sequence[int]) -> list[Any]:
    return [cells[index] if index < len(cells) else None for index in columns]


def _own(columns: Sequence[int], cells: Sequence[Any], known: Mapping[int, str]) -> list[tuple[object, str]]:
    """The officer's cells; long texts are wrapped, unless they look like formulas."""
    return [
        (value, "wrapped" if isinstance(value, str) and known.get(index) in _WRAPPED and value[:1].isalnum() else "own")
        for index, value in zip(columns, cells, strict=True)
    ]


def _beside(result: RegisterResult, ledger: Ledger, row: Row) -> list[tuple[object, str]]:
    answers: dict[str, object] = {**result.beside(row, ledger.lang)}
    dossier = result.dossier_of(row)
    if dossier is not None and dossier.rows[0] is row and dossier.reference in ledger.totals:
        answers["ceiling_formula"], answers["assured_formula"] = ledger.totals[dossier.reference]
    status = "bad" if result.status(row) == "not-assessed" else "wrapped"
    styles = {**dict.fromkeys(_AMOUNTS, "number"), "status": status}
    return [(answers.get(name), styles.get(name, "wrapped")) for name in RESULTS]


def _copied(book: Book, sheet: Sheet, name: str) -> None:
    """The table of earlier support as it was."""
    columns, known = sheet.kept, {index: column for column, index in sheet.columns.items()}
    widths = [WIDTHS.get(known.get(index, ""), 16) for index in columns]
    page = new_sheet(book, name, widths, sheet.heading_row, sheet.last_row)
    rows = {row.number: _own(columns, _of(row.cells, columns), known) for row in sheet.rows}
    rows[sheet.heading_row] = [(heading, "heading") for heading in _of(sheet.headings, columns)]
    for number in sorted(rows):
        append(book, page, number, rows[number], widths)


# --- sheets of our own ------------------------------------------------------------------------------------------------


def _summary(book: Book, result: RegisterResult, title: str) -> None:
    lang = book.lang
    rows: list[list[tuple[object, str]]] = [
        [(say(SUMMARY[name], lang), "wrapped"), (number, "number")] for name, number in result.summary.items()
    ]
    notes = [say(note, lang) for note in (NOT_ENTITLEMENT, POOLED, FIRST_ROW, FORMULAS)]
    rows.append([])
    rows += [[(note, "wrapped")] for note in notes]
    own_sheet(book, title, {"Counts and sums": 90, "Number": 22}, rows, len(rows))


def _remarks(book: Book, result: RegisterResult, title: str) -> None:
    lang = book.lang
    ordered = sorted(result.remarks, key=lambda one: not one.fault)
    rows: Iterator[Cells] = (
        [
            (", ".join([place.says(lang) for place in one.places[:5]]) + (" …" if len(one.places) > 5 else ""), "wrapped"),
            (say("fault" if one.fault else "finding", lang), "bad" if one.fault else "wrapped"),
            (one.text[lang], "wrapped"),
        ]
        for one in ordered
    )
    own_sheet(book, title, {"Where": 34, "Kind": 12, "What it is, and what to do": 110}, rows, len(ordered))


def _questions(book: Book, result: RegisterResult, title: str) -> None:
    lang = book.lang
    rows = [row for dossier in result.dossiers.values() for row in _asked(dossier, lang)]
    widths = {"Reference": 14, "Establishment": 28, "Where": 20, "Question": 80, "Answer": 16}
    own_sheet(book, title, widths, rows, len(rows))


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
    "Establishment": 30,
    "Tax code": 16,
    "Known by": 12,
    "Norm": 34,
    "Reference": 14,
    "Approved on": 12,
    "Cap (VND)": 16,
    "Used before it (VND)": 16,
    "May use at most (VND)": 16,
    "Used with it (VND)": 16,
    "For technology lines only": 14,
}


def _pools(book: Book, result: RegisterResult, title: str) -> None:
    lang = book.lang
    rows = [
        row for by, references in result.establishments if len(references) > 1 for row in _pool(result, by, references, lang)
    ]
    own_sheet(book, title, _POOLS, rows, len(rows), notes=[say(POOLED, lang), say(SHARING_ONLY, lang)])


def _pool(result: RegisterResult, by: str, references: Sequence[str], lang: Lang) -> Iterator[Cells]:
    """What each dossier of an establishment may use at most of its caps, norm by norm, in order."""
    dossiers = [result.dossiers[reference] for reference in references]
    for norm in dict.fromkeys(norm for dossier in dossiers for norm in dossier.norms):
        for dossier in dossiers:
            if norm in dossier.norms:
                head: list[tuple[object, str]] = [
                    (dossier.establishment, "wrapped"),
                    (dossier.tax_code, "text"),
                    (say("tax code" if by == "tax-code" else "name", lang), "wrapped"),
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


def _share(dossier: Dossier, norm: str, lang: Lang) -> list[tuple[object, str]]:
    answer = dossier.assessment
    if answer is None:
        return [(None, "number")] * 4 + [(say("NOT ASSESSED: see the faults", lang), "bad")]
    lines = [line for line in answer.lines if line.norm == norm]
    at_most = sum(line.maximum_vnd for line in lines)
    if answer.regulation.norms[norm].per == "model":
        return [(None, "number"), (None, "number"), (at_most, "number")]
    chosen = lines[0].chosen
    if chosen is None:
        return [(None, "number"), (None, "number"), (0, "number")]
    only_lines = value_name(standing(answer, lines[0]), lang)
    numbers = (chosen.cap_vnd, chosen.prior_vnd, at_most, chosen.prior_vnd + at_most)
    return [*((number, "number") for number in numbers), (only_lines if at_most else None, "wrapped")]
