"""Workbook out: the result of a register as a workbook that an officer prints and an auditor recalculates.

The decision taken here: the officer's cells stand where they stood, row by row, and everything else beside them or on
sheets of its own. The numbers of the law stand on a locked sheet, and the live formulas of the ceilings lead there. Needs
the extra `excel` (XlsxWriter).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, Final

from kcgrant.application import COLUMNS, PRIOR_COLUMNS
from kcgrant.assessment.explanation import title_of
from kcgrant.files import as_text
from kcgrant.language import NOT_ENTITLEMENT, Lang, say, value_name
from kcgrant.parsing import Cell
from kcgrant.register.form import RESULTS
from kcgrant.register.ledger import LAW_COLUMNS, STEP_COLUMNS, Ledger, law_rows, ledger_of, step_rows
from kcgrant.register.pages import Bad, Book, Cells, Values, append, new_book, new_sheet, own_sheet
from kcgrant.register.pooling import Dossier, standing
from kcgrant.register.result import SUMMARY, RegisterResult
from kcgrant.register.rows import Row, Sheet, letters
from kcgrant.register.understanding import understood

WIDTHS: Final = (
    dict.fromkeys((*COLUMNS, *PRIOR_COLUMNS), 11)
    | dict.fromkeys(("approved_on", "province"), 12)
    | dict.fromkeys(("tax_code", "kind", "cost_vnd", "amount_vnd"), 16)
    | dict.fromkeys(("sector", "norm"), 22)
    | {"reference": 14, "activity": 24, "establishment": 28}
)
RESULT_WIDTHS: Final = (
    dict.fromkeys(RESULTS, 17)
    | {"status": 15, "verdict": 16, "activity_verdict": 16}
    | {"questions": 30, "binding": 34, "used_by_earlier": 34, "remarks": 60}
)
_WRAPPED: Final = frozenset(("establishment", "activity", "kind", "sector", "norm", "area"))
_AMOUNTS: Final = ("cost_read_vnd", "ceiling_vnd", "assured_vnd", "ceiling_formula", "assured_formula")

OWN_SHEETS: Final = {
    "summary": "Summary",
    "understanding": "How the list was read",
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
    used: set[str] = set()
    sheets = [(sheet, _free(sheet.name or say("Register", lang), used)) for sheet in register.sheets]
    priors = [(sheet, _free(sheet.name or say("prior_support", lang), used)) for sheet in register.prior]
    titles = {name: _free(say(title, lang), used) for name, title in OWN_SHEETS.items()}
    read_at = list(RESULTS).index("cost_read_vnd")
    costs = {id(sheet): (name, letters(len(sheet.kept) + read_at)) for sheet, name in sheets}
    ledger = ledger_of(result, lang, titles, costs)
    with new_book(path, lang) as book:
        for sheet, name in sheets:
            _copied(book, sheet, name, partial(_beside, result, ledger))
        _ours(
            book, titles["summary"], {"Counts and sums": (90, "wrapped"), "Number": (22, "number")}, _summary(result, lang)
        )
        _ours(book, titles["understanding"], _UNDERSTANDING, _understanding(result, lang))
        _ours(book, titles["remarks"], _REMARKS, _remarks(result, lang))
        questions = (row for dossier in result.dossiers.values() for row in _asked(dossier, lang))
        _ours(book, titles["questions"], _QUESTIONS, questions)
        _ours(book, titles["pools"], _POOLS, _pools(result, lang), POOLED, SHARING_ONLY)
        _ours(book, titles["calculation"], STEP_COLUMNS, step_rows(ledger), FORMULAS)
        _ours(book, titles["regulation"], LAW_COLUMNS, law_rows(ledger), FORMULAS, NOT_ENTITLEMENT).protect()
        for sheet, name in priors:
            _copied(book, sheet, name)


def _free(wanted: str, used: set[str]) -> str:
    """The title that Excel takes and no other sheet has, as near as can be to the one wanted; it is then used."""
    plain = _NOT_IN_TITLES.sub(" ", wanted).strip("' ")[:MOST_TITLE] or "Sheet"
    titles = (plain if number == 1 else f"{plain[: MOST_TITLE - 5]} ({number})" for number in count(1))
    title = next(title for title in titles if title.casefold() not in used)
    used.add(title.casefold())
    return title


# --- the officer's rows -----------------------------------------------------------------------------------------------


def _copied(book: Book, sheet: Sheet, title: str, beside: Callable[[Row | None], Cells] | None = None) -> None:
    """A sheet as it was, with the answers beside its rows where there are any."""
    known = {index: column for column, index in sheet.columns.items()}
    names = [known.get(index, "") for index in sheet.kept]
    widths = [*(WIDTHS.get(name, 16) for name in names), *(RESULT_WIDTHS.values() if beside else ())]
    # Two pages wide: the officer's columns and the results, at a size that can be read.
    page = new_sheet(book, title, widths, sheet.heading_row, sheet.last_row, pages_wide=2 if beside else 1)
    for number, cells, row in sheet.officers():
        own = [(cell, "heading") for cell in cells] if row is None else map(_styled, cells, names)
        append(book, page, number, [*own, *(beside(row) if beside else ())], widths)


def _styled(cell: Cell, column: str) -> tuple[Cell, str]:
    """A cell of the officer's; long texts are wrapped, unless they look like formulas; a code is no amount."""
    if column == "tax_code" and isinstance(cell, int | float):
        return as_text(cell), "own"
    return cell, "wrapped" if column in _WRAPPED and isinstance(cell, str) and cell[:1].isalnum() else "own"


def _beside(result: RegisterResult, ledger: Ledger, row: Row | None) -> Cells:
    """The answers beside a row, or their headings."""
    if row is None:
        return [(say(heading, ledger.lang), "result-heading") for heading in RESULTS.values()]
    if row.kind == "above":
        return []
    answers: dict[str, object] = {**result.beside(row, ledger.lang)}
    dossier = result.dossier_of(row)
    if dossier is not None and dossier.rows[0] is row and dossier.reference in ledger.totals:
        answers["ceiling_formula"], answers["assured_formula"] = ledger.totals[dossier.reference]
    status = "bad" if result.status(row) == "not-assessed" else "wrapped"
    styles = {**dict.fromkeys(_AMOUNTS, "number"), "status": status}
    return [(answers.get(name), styles.get(name, "wrapped")) for name in RESULTS]


# --- sheets of our own ------------------------------------------------------------------------------------------------


def _ours(book: Book, title: str, columns: Mapping[str, tuple[int, str]], rows: Iterable[Values], *notes: str) -> Any:
    """A sheet of ours, its headings and notes in the language of the book."""
    said = {say(heading, book.lang): shape for heading, shape in columns.items()}
    return own_sheet(book, title, said, rows, notes=[say(note, book.lang) for note in notes])


def _summary(result: RegisterResult, lang: Lang) -> Iterator[Values]:
    for name, number in result.summary.items():
        yield say(SUMMARY[name], lang), number
    yield ()
    for note in (NOT_ENTITLEMENT, POOLED, FIRST_ROW, FORMULAS):
        yield (say(note, lang),)


_UNDERSTANDING: Final = {"About": (34, "wrapped"), "Column or fact": (40, "wrapped"), "How it was read": (90, "wrapped")}


def _understanding(result: RegisterResult, lang: Lang) -> Iterator[Values]:
    for section in understood(result, lang):
        for entry in section.rows:
            yield section.title, entry.label, Bad(entry.value) if entry.strong else entry.value


_REMARKS: Final = {"Where": (34, "wrapped"), "Kind": (12, "wrapped"), "What it is, and what to do": (110, "wrapped")}


def _remarks(result: RegisterResult, lang: Lang) -> Iterator[Values]:
    for one in (*result.faults, *result.findings):
        where = ", ".join([place.says(lang) for place in one.places[:5]]) + (" …" if len(one.places) > 5 else "")
        yield where, Bad(say("fault", lang)) if one.fault else say("finding", lang), one.text[lang]


_QUESTIONS: Final = {
    "Reference": (14, "text"),
    "Establishment": (28, "wrapped"),
    "Where": (20, "wrapped"),
    "Question": (80, "wrapped"),
    "Answer": (16, "wrapped"),
}


def _asked(dossier: Dossier, lang: Lang) -> Iterator[Values]:
    """The open questions of a dossier, each with the cell into which the answer belongs."""
    for question in dossier.assessment.questions if dossier.assessment is not None else ():
        rows, index, text = dossier.rows, question.activity or 0, question.text[lang]
        if question.prior_support is not None:
            rows, index = dossier.draft.prior_rows, question.prior_support
        if index < len(rows):
            where = rows[index].place(question.fact.partition(".")[2]).says(lang)
        else:  # support that an earlier dossier uses, or has listed
            where, text = "–", f"{text} ({dossier.uses[index - len(rows)].reference})"
        yield dossier.reference, dossier.establishment, where, text


_POOLS: Final = {
    "Establishment": (30, "wrapped"),
    "Tax code": (16, "text"),
    "Known by": (12, "wrapped"),
    "Norm": (34, "wrapped"),
    "Reference": (14, "text"),
    "Approved on": (12, "day"),
    **dict.fromkeys(("Cap (VND)", "Used before it (VND)", "May use at most (VND)", "Used with it (VND)"), (16, "number")),
    "For technology lines only": (14, "wrapped"),
}


def _pools(result: RegisterResult, lang: Lang) -> Iterator[Values]:
    """What each dossier of an establishment may use at most of its caps, norm by norm, in order."""
    for by, references in result.establishments:
        dossiers = [result.dossiers[reference] for reference in references if len(references) > 1]
        for norm in dict.fromkeys(norm for dossier in dossiers for norm in dossier.norms):
            for dossier in dossiers:
                if norm in dossier.norms:
                    law = dossier.assessment.regulation if dossier.assessment is not None else None
                    yield [
                        *(dossier.establishment, dossier.tax_code, say("tax code" if by == "tax-code" else "name", lang)),
                        *(title_of(law, norm, lang) if law else norm, dossier.reference, dossier.approved_on),
                        *_share(dossier, norm, lang),
                    ]


def _share(dossier: Dossier, norm: str, lang: Lang) -> Values:
    answer = dossier.assessment
    if answer is None:
        return None, None, None, None, Bad(say("NOT ASSESSED: see the faults", lang))
    lines = [line for line in answer.lines if line.norm == norm]
    at_most, chosen = sum(line.maximum_vnd for line in lines), lines[0].chosen
    if chosen is None or not answer.regulation.norms[norm].pooled:
        return None, None, at_most
    only_lines = value_name(standing(answer, lines[0]), lang) if at_most else None
    return chosen.cap_vnd, chosen.prior_vnd, at_most, chosen.prior_vnd + at_most, only_lines
