"""Workbook out: the result of a register as a workbook that an officer prints and an auditor recalculates.

The decision taken here: the officer's cells stand where they stood, row by row, and everything else beside them or on
sheets of its own. The numbers of the law stand on a locked sheet, and the live formulas of the ceilings lead there. Needs
the extra `excel` (XlsxWriter).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, Final, NamedTuple

from kcgrant.application import COLUMNS, PRIOR_COLUMNS
from kcgrant.assessment.explanation import title_of
from kcgrant.files import as_text
from kcgrant.language import NOT_ENTITLEMENT, Lang, say, value_name
from kcgrant.parsing import Cell
from kcgrant.register.form import OWN_SHEETS, RESULTS
from kcgrant.register.ledger import LAW_COLUMNS, STEP_COLUMNS, Ledger, law_rows, ledger_of, step_rows
from kcgrant.register.pages import (
    MOST_TITLE,
    Bad,
    Book,
    Cells,
    Values,
    allowed,
    append,
    new_book,
    new_sheet,
    on_paper,
    own_sheet,
    print_beside,
)
from kcgrant.register.pooling import Dossier, standing
from kcgrant.register.progress import counted
from kcgrant.register.result import SUMMARY, RegisterResult
from kcgrant.register.rows import Row, Sheet, letters
from kcgrant.register.understanding import understood
from kcgrant.register.whole import CopiedSheet, continued, whole_book

WIDTHS: Final = (
    dict.fromkeys((*COLUMNS, *PRIOR_COLUMNS), 11)
    | dict.fromkeys(("approved_on", "province"), 12)
    | dict.fromkeys(("tax_code", "kind", "cost_vnd", "amount_vnd"), 16)
    | dict.fromkeys(("sector", "norm"), 22)
    | {"reference": 14, "activity": 24, "establishment": 28}
)
RESULT_WIDTHS: Final = (
    dict.fromkeys(RESULTS, 16)
    | {"status": 20, "verdict": 18, "activity_verdict": 18}
    | {"questions": 40, "binding": 32, "used_by_earlier": 28, "remarks": 56}
)
MOST_REPEATED: Final = 60  # characters of the columns that stand again on every page
_WRAPPED: Final = frozenset(("establishment", "activity", "kind", "sector", "norm", "area"))
_AMOUNTS: Final = ("cost_read_vnd", "ceiling_vnd", "assured_vnd", "ceiling_formula", "assured_formula")
_RESULT_STYLES: Final = dict.fromkeys(RESULTS, "wrapped") | dict.fromkeys(_AMOUNTS, "number")

FORMULAS: Final = "The live formulas follow the sheets Calculation and Regulation; they should show what stands beside them."
POOLED: Final = (
    "Dossiers of one establishment share its cap, in order of approval: what an earlier one may get counts first."
)
FIRST_ROW: Final = "Amounts stand on the first row of each dossier, so that a column can be summed."
SHARING_ONLY: Final = "Only establishments with several dossiers in the register stand here."


def write_workbook(result: RegisterResult, path: Path, lang: Lang) -> None:
    """Writes the workbook, a copy of the officer's own where it can be one; `path` is overwritten."""
    register = result.register
    whole = register.original is not None
    with whole_book(register, path, lang) if whole else new_book(path, lang) as book:
        used = {title.casefold() for title in book.file.titles} if whole else set()
        tables = [_table(book, sheet, used, whole=whole) for sheet in register.tables]
        ours = {name: _free(say(title, lang), used) for name, title in OWN_SHEETS.items()}
        read_at = list(RESULTS).index("cost_read_vnd")
        ledger = ledger_of(result, lang, ours, {id(one.sheet): (one.title, letters(one.first + read_at)) for one in tables})
        for table in tables:
            if not table.sheet.prior:
                _dossiers(book, table, partial(_beside, result, ledger))
        _our_sheets(book, result, ledger)
        for table in tables:
            if table.sheet.prior and not table.copied:
                _earlier_support(book, table)


def _free(wanted: str, used: set[str]) -> str:
    """The title that Excel takes and no other sheet has, as near as can be to the one wanted; it is then used."""
    plain = allowed(wanted)
    titles = (plain if number == 1 else f"{plain[: MOST_TITLE - 5]} ({number})" for number in count(1))
    title = next(title for title in titles if title.casefold() not in used)
    used.add(title.casefold())
    return title


# --- the officer's rows -----------------------------------------------------------------------------------------------


class _Table(NamedTuple):
    """A sheet of the officer's: its title in the workbook, and the column in which the answers begin."""

    sheet: Sheet
    title: str
    first: int
    copied: CopiedSheet | None


def _table(book: Book, sheet: Sheet, used: set[str], *, whole: bool) -> _Table:
    if whole and not sheet.apart:
        copied = continued(book, sheet)
        return _Table(sheet, copied.page.title, len(copied.widths), copied)
    named = sheet.name or say("prior_support" if sheet.prior else "Register", book.lang)
    return _Table(sheet, _free(named, used), len(sheet.kept), None)


def _dossiers(book: Book, table: _Table, beside: Callable[[Row | None], Cells]) -> None:
    """The rows of dossiers with the answers beside them; in a copy the officer's cells stand there already."""
    sheet, names = table.sheet, _columns(table)
    widths = [*(table.copied.widths if table.copied else _widths(names)), *RESULT_WIDTHS.values()]
    page = table.copied or new_sheet(book, table.title, widths, sheet.heading_row, sheet.last_row)
    for number, cells, row in counted("writing", sheet.officers(), len(sheet.rows)):
        if table.copied:
            own: Cells = [(None, "own")] * table.first
        elif row is None or (row.kind == "above" and number >= sheet.heading_top):
            own = [(cell, "heading") for cell in cells]
        else:
            own = list(map(_styled, cells, names))
        append(book, page, number, [*own, *beside(row)], widths)
    if table.copied:
        for index in range(table.first, len(widths)):
            page.set_column(index, index, widths[index])
        page.print_area(0, 0, max(sheet.last_row, page.page.max_row) - 1, len(widths) - 1)
        on_paper(book, page)
    page.repeat_rows(sheet.heading_top - 1, sheet.heading_row - 1)
    texts = table.first + list(RESULTS).index("binding")
    print_beside(page, widths, _who(names, widths), [table.first, texts])


def _earlier_support(book: Book, table: _Table) -> None:
    """A sheet of earlier support as it was."""
    sheet, names = table.sheet, _columns(table)
    page = new_sheet(book, table.title, _widths(names), sheet.heading_row, sheet.last_row)
    for number, cells, row in sheet.officers():
        own = [(cell, "heading") for cell in cells] if row is None else list(map(_styled, cells, names))
        append(book, page, number, own, _widths(names))


def _columns(table: _Table) -> list[str]:
    """What stands in each of the officer's columns; empty where it is not known."""
    known = {index: column for column, index in table.sheet.columns.items()}
    return [known.get(index, "") for index in (range(table.first) if table.copied else table.sheet.kept)]


def _widths(names: Sequence[str]) -> list[int]:
    return [WIDTHS.get(name, 16) for name in names]


def _who(names: Sequence[str], widths: Sequence[float]) -> range:
    """The columns that say whose a row is: its reference or number up to the name, unless that takes much of a page."""
    at = {name: index for index, name in enumerate(names) if name in ("serial", "reference", "establishment")}
    last = at.get("establishment", min(at.values(), default=0))
    first = min(at.values(), default=0)
    return range(first if sum(widths[first : last + 1]) <= MOST_REPEATED else last, last + 1)


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
        return ()
    answers: dict[str, object] = {**result.beside(row, ledger.lang)}
    dossier = result.dossier_of(row)
    if dossier is not None and dossier.rows[0] is row and dossier.reference in ledger.totals:
        answers["ceiling_formula"], answers["assured_formula"] = ledger.totals[dossier.reference]
    styles = {**_RESULT_STYLES, "status": "bad"} if result.status(row) == "not-assessed" else _RESULT_STYLES
    return [(answers.get(name), style) for name, style in styles.items()]


# --- sheets of our own ------------------------------------------------------------------------------------------------


def _our_sheets(book: Book, result: RegisterResult, ledger: Ledger) -> None:
    lang, titles = ledger.lang, ledger.titles
    _ours(book, titles["summary"], {"Counts and sums": (90, "wrapped"), "Number": (22, "number")}, _summary(result, lang))
    _ours(book, titles["understanding"], _UNDERSTANDING, _understanding(result, lang))
    _ours(book, titles["remarks"], _REMARKS, _remarks(result, lang))
    questions = (row for dossier in result.dossiers.values() for row in _asked(dossier, lang))
    _ours(book, titles["questions"], _QUESTIONS, [*_answered(result), *questions])
    _ours(book, titles["pools"], _POOLS, _pools(result, lang), POOLED, SHARING_ONLY)
    _ours(book, titles["calculation"], STEP_COLUMNS, step_rows(ledger), FORMULAS)
    _ours(book, titles["regulation"], LAW_COLUMNS, law_rows(ledger), FORMULAS, NOT_ENTITLEMENT).protect()


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


def _answered(result: RegisterResult) -> Iterator[Values]:
    """The answers for which the list has no column; they stand here for the next run to read."""
    for one in result.register.answers:
        if one.column is None:
            values = one.row.values
            yield values.get("reference"), values.get("establishment"), one.where, one.question, one.given


def _asked(dossier: Dossier, lang: Lang) -> Iterator[Values]:
    """The open questions of a dossier, each with the cell into which the answer belongs."""
    for question in dossier.assessment.questions if dossier.assessment is not None else ():
        rows, index, text = dossier.rows, question.activity or 0, question.text[lang]
        if question.prior_support is not None:
            rows, index = dossier.draft.prior_rows, question.prior_support
        if index < len(rows):
            where = rows[index].place(question.fact.rpartition(".")[2]).says(lang)
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
    only_lines = value_name(standing(answer, lines[0].chosen), lang) if at_most else None
    return chosen.cap_vnd, chosen.prior_vnd, at_most, chosen.prior_vnd + at_most, only_lines
