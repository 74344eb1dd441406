"""Answers: what an officer typed on the sheet of questions of an earlier result, read back into the rows it is about.

The decision taken here: an answer states what a row leaves open, stands in its cell from then on, and is said; where the row
states something else, it is at fault until one of the two is corrected, since nobody can tell which is younger.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from kcgrant.application import FACT_COLUMNS
from kcgrant.errors import InputError, shown
from kcgrant.files import as_text
from kcgrant.language import Lang, say
from kcgrant.law import catalogue
from kcgrant.law.regulation import Regulation
from kcgrant.parsing import Cell, folded
from kcgrant.register.rows import Answer, Grid, Place, Register, Remark, Row, letters, remark

_WHERE: Final = re.compile(r"(?:'(?P<quoted>(?:[^']|'')*)'|(?P<plain>\w+))!(?P<column>[A-Z]*)(?P<row>\d+)")
_HEADINGS: Final = ("Reference", "Where", "Question", "Answer")
_LANGUAGES: Final[tuple[Lang, ...]] = ("en", "vi")


def take_answers(register: Register, grids: list[Grid], law: Regulation | None = None) -> None:
    """States in the rows of a register what was answered on the sheets of questions; each answer is a remark."""
    facts = _facts() if law is None else {**_facts(), **_own_facts(law)}
    rows = {(row.sheet.name, row.number): row for sheet in register.tables for row in sheet.rows}
    for grid in grids:
        for number, reference, where, question, answer, index in _answered(grid):
            found = _WHERE.fullmatch(where)
            sheet = (found["quoted"] or found["plain"] or "").replace("''", "'") if found else ""
            row = rows.get((sheet, int(found["row"]))) if found else None
            at = Place(grid.name, number, index)
            if found and row and (row.sheet.prior or row.values.get("reference") == reference):
                by_letters = {letters(index): name for name, index in row.sheet.columns.items()}
                name = by_letters.get(found["column"]) or facts.get(folded(question))
                register.said.append(_taken(register, row, name, (where, question, answer), at))
            else:
                told = "the answer {given} is for {reference} at {where}, which does not stand there; answer in its row"
                values = {"given": shown(answer), "reference": reference or "–", "where": where}
                register.said.append(remark("answer", [at], told, fault=True, **values))


def _answered(grid: Grid) -> Iterator[tuple[int, str, str, str, Cell, int]]:
    """The rows of a sheet of questions that have an answer: number, reference, place, question, answer and its column."""
    columns: dict[str, int] = {}
    for number, cells in grid.rows:
        texts = {folded(cell): index for index, cell in enumerate(cells) if isinstance(cell, str)}
        named = {one: texts[said] for one in _HEADINGS for lang in _LANGUAGES if (said := folded(say(one, lang))) in texts}
        if len(named) == len(_HEADINGS):
            columns = named
        elif columns and len(cells) > columns["Answer"] and cells[columns["Answer"]] not in (None, ""):
            reference, where, question, answer = [cells[columns[one]] for one in _HEADINGS]
            yield number, as_text(reference), str(where), str(question), answer, columns["Answer"]


def _taken(register: Register, row: Row, name: str | None, asked: tuple[str, str, Cell], at: Place) -> Remark:
    """States an answer in its row; a fault where it cannot be read, or contradicts the row."""
    where, question, answer = asked
    if name is None:
        told = "the answer {given}: its question is not known; answer in the row instead"
        return remark("answer", [at], told, fault=True, given=shown(answer))
    label = row.sheet.table.label(name)
    try:
        value = row.sheet.table.reader(name)(answer)
    except InputError as error:
        return Remark("answer", (at,), error.faults[0].text, fault=True)
    if value is not None and row.values.setdefault(name, value) != value:
        row.at_fault = True
        told = "{column}: the answer {given} contradicts the row; correct one of them"
        return remark("answer", [at, row.place(name)], told, fault=True, column=label, given=shown(answer))
    told = "{column}: {given}, as answered here; kept on the sheet of questions, since the list has no such column"
    if value is not None:
        register.answers.append(Answer(row, row.sheet.columns.get(name), where, question, answer))
    if (index := row.sheet.columns.get(name)) is not None:
        told = "{column}: {given}, as answered here; put into the cell of the row"
        cells = [*row.cells, *[None] * (index + 1 - len(row.cells))]
        row.cells = [*cells[:index], answer, *cells[index + 1 :]]
    return remark("answer", [at, row.place(name)], told, column=label, given=shown(answer))


def _own_facts(law: Regulation) -> Mapping[str, str]:
    """The columns of the facts that a regulation declares itself, by the questions it asks."""
    asked = [(law.fact_columns[fact].name, text) for fact, text in law.own_questions.items()]
    asked += [(law.fact_columns[one.fact].name, one.question) for one in law.all_conditions if one.fact in law.own_questions]
    return {folded(said): name for name, text in asked for said in (text.en, text.vi)}


@cache
def _facts() -> Mapping[str, str]:
    """The columns of facts by the questions that conditions ask, folded, in both languages."""
    every = [one for law in map(catalogue.get, catalogue.ids()) for one in law.all_conditions]
    asked = [one for one in every if one.fact in FACT_COLUMNS]  # the form has no columns for those of a regulation itself
    return {folded(said): FACT_COLUMNS[one.fact].name for one in asked for said in (one.question.en, one.question.vi)}
