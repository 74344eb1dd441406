"""Template: an empty register as a workbook, with lists to choose from, notes, an example and a guide.

The decision taken here: the lists hold the words of the officer's language, which are those that the register reads.
Needs the extra `excel` (XlsxWriter).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

from kcgrant.application import COLUMNS, PRIOR_COLUMNS, Column
from kcgrant.errors import InputError
from kcgrant.files import atomically, not_a_file
from kcgrant.language import VALUE_NAMES, Lang, say, value_name
from kcgrant.law import catalogue
from kcgrant.law.regulation import Regulation
from kcgrant.register.form import NEEDED, NEEDED_PRIOR
from kcgrant.register.pages import Book, append, new_book, new_sheet, own_sheet
from kcgrant.register.rows import OWN, letters

LISTS_TOP: Final = 2  # the row of the headings on the sheet of the lists
ROWS: Final = 500  # for which the lists are offered
GUIDE: Final = (
    "One row is one machine or one model. The rows of one dossier share its reference.",
    "A blank cell means: not stated. It is neither zero nor “no”.",
    "Amounts: 420000000, 420.000.000 or 420 triệu. 1.200 is refused, since it can be read in two ways.",
    "Days: 02/03/2026, the day first. Yes or no: x, có, không, chưa rõ.",
    "Earlier support that counts stands on the second sheet, under the reference of the dossier.",
    "Columns of your own may be added; they are kept as they are.",
    "Overwrite the example before use, in both sheets.",
)
_NOTES: Final = {
    "reference": "The same on every row of the dossier",
    "approved_on": "The day whose law applies, dd/mm/yyyy",
    "tax_code": "As text: a leading zero stays",
    "cost_vnd": "In đồng: 420000000, 420.000.000 or 420 triệu",
}
_EXAMPLE: Final[Mapping[str, object]] = {
    "reference": "KC-2026-001",
    "approved_on": date(2026, 3, 2),
    "province": "hung-yen",
    "tax_code": "0900123452",
    "kind": "cooperative",
    "area": "commune",
    "sector": "agricultural-forestry-aquatic-and-food-processing",
    "lawfully_established": True,
    "direct_producer": True,
    "own_capital_committed": True,
    "other_state_support": False,
    "establishment": "HTX nông nghiệp Minh Tiến",
    "norm": "advanced-machinery",
    "technology_line": False,
    "activity": "Tủ sấy nhãn",
    "cost_vnd": 420_000_000,
}
_EXAMPLE_PRIOR: Final[Mapping[str, object]] = {
    "reference": "KC-2026-001",
    "norm": "advanced-machinery",
    "amount_vnd": 120_000_000,
    "technology_line": False,
    "granted_on": date(2025, 6, 30),
}


def template(path: str | Path, lang: Lang = "en") -> None:
    """Writes an empty register as a workbook: headings with notes, drop-down lists, an example, a guide.

    Raises:
        InputError: the suffix is not `.xlsx`, the extra `excel` is not installed, or the file cannot be written.
    """
    if Path(path).suffix.lower() != ".xlsx":
        raise InputError([not_a_file(path, (".xlsx",))])
    atomically(Path(path), lambda file: _write(file, lang))


def _write(path: Path, lang: Lang) -> None:
    law = catalogue.get("hung-yen-553-2025")
    with new_book(path, lang) as book:
        lists = _lists(law, lang)
        _table(book, _Form(say("Register", lang), COLUMNS, NEEDED, _EXAMPLE), lists, law)
        _table(book, _Form(say("prior_support", lang), PRIOR_COLUMNS, NEEDED_PRIOR, _EXAMPLE_PRIOR), lists, law)
        own_sheet(book, say("Guide", lang), {"Guide": 120}, [[(say(one, lang), "wrapped")] for one in GUIDE], len(GUIDE))
        _choices(book, lists)


def _choices(book: Book, lists: Mapping[str, Sequence[str]]) -> None:
    """The sheet of the words that may be chosen, one column a list."""
    lang, widths = book.lang, [40] * len(lists)
    deepest = max(map(len, lists.values()))
    sheet = new_sheet(book, say("Lists", lang), widths, LISTS_TOP, deepest + LISTS_TOP)
    append(book, sheet, 1, [(OWN + say("Lists", lang), "title")], widths)
    headings = [(say("Words for “{column}”", lang, column=COLUMNS[name].label[lang]), "heading") for name in lists]
    append(book, sheet, LISTS_TOP, headings, widths)
    for place in range(deepest):
        row = [(values[place] if place < len(values) else None, "wrapped") for values in lists.values()]
        append(book, sheet, LISTS_TOP + 1 + place, row, widths)


def _lists(law: Regulation, lang: Lang) -> dict[str, list[str]]:
    """The words that may be chosen in each column that has a list."""
    found = {
        name: [value_name(answer, lang) for answer in column.answers]
        for name, column in COLUMNS.items()
        if column.kind == "code"
    }
    found["norm"] = [norm.title[lang] if norm.title else name for name, norm in law.norms.items()]
    found["technology_line"] = [say("yes", lang), say("no", lang), say("not known", lang)]
    return found


class _Form(NamedTuple):
    """What a table of the template is made of."""

    title: str
    columns: Mapping[str, Column]
    needed: Sequence[str]
    example: Mapping[str, object]


def _table(book: Book, form: _Form, lists: Mapping[str, Sequence[str]], law: Regulation) -> None:
    lang, (title, columns, needed, example) = book.lang, form
    widths = [max(14, len(column.label[lang]) * 2 // 3) for column in columns.values()]
    sheet = new_sheet(book, title, widths, 1, 2, pages_wide=1)
    append(book, sheet, 1, [(column.label[lang], "heading") for column in columns.values()], widths)
    append(book, sheet, 2, [_shown(example.get(name), name, law, lang) for name in columns], widths)
    for index, name in enumerate(columns):
        notes = [say("Needed", lang)] if name in needed else []
        if name in _NOTES:
            notes.append(say(_NOTES[name], lang))
        if notes:
            sheet.write_comment(0, index, ". ".join(notes))
        if name in ("tax_code", "reference"):
            sheet.set_column(index, index, widths[index], book.styles["text"])
        _offer(sheet, index, name, lists, lang)


def _offer(sheet: Any, index: int, name: str, lists: Mapping[str, Sequence[str]], lang: Lang) -> None:
    """A drop-down list in a column; other words may be typed as well, since the register reads codes too."""
    of = "technology_line" if name in COLUMNS and COLUMNS[name].kind == "yes" else name
    if of in lists:
        column = letters(list(lists).index(of))
        source = f"='{say('Lists', lang)}'!${column}${LISTS_TOP + 1}:${column}${len(lists[of]) + LISTS_TOP}"
        sheet.data_validation(1, index, ROWS, index, {"validate": "list", "source": source, "error_type": "warning"})


def _shown(value: object, name: str, law: Regulation, lang: Lang) -> tuple[object, str]:
    if isinstance(value, bool):
        return say("yes" if value else "no", lang), "plain"
    if name == "norm":
        norm = law.norms[str(value)]
        return (norm.title[lang] if norm.title else value), "plain"
    if isinstance(value, str) and value in VALUE_NAMES:
        return value_name(value, lang), "plain"
    return value, {"approved_on": "day", "granted_on": "day", "cost_vnd": "number", "amount_vnd": "number"}.get(name, "text")
