"""Template: an empty register as a workbook, with lists to choose from, notes, an example and a guide.

The decision taken here: the lists hold the words of the officer's language, which are those that the register reads.
Needs the extra `excel` (XlsxWriter).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final

from kcgrant.application import COLUMNS, Column
from kcgrant.assessment.explanation import title_of
from kcgrant.errors import InputError
from kcgrant.files import atomically, not_a_file
from kcgrant.language import VALUE_NAMES, Lang, say, value_name
from kcgrant.law import catalogue
from kcgrant.law.regulation import Regulation
from kcgrant.register.form import DOSSIERS, EXAMPLE, PRIOR, Table
from kcgrant.register.pages import Book, append, new_book, new_sheet, own_sheet
from kcgrant.register.rows import letters

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
    "reference": EXAMPLE,
    "approved_on": date(2026, 3, 2),
    "province": "hung-yen",
    "former_province": "hung-yen",
    "tax_code": "0900123452",
    "kind": "cooperative",
    "area": "commune",
    "sector": "agricultural-forestry-aquatic-and-food-processing",
    **dict.fromkeys(("lawfully_established", "direct_producer", "own_capital_committed"), True),
    **dict.fromkeys(("other_state_support", "technology_line"), False),
    "establishment": "HTX nông nghiệp Minh Tiến",
    "norm": "advanced-machinery",
    "activity": "Tủ sấy nhãn",
    "cost_vnd": 420_000_000,
    # of the earlier support, beside its reference, norm and technology line
    "amount_vnd": 120_000_000,
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
    guide = say("Guide", lang)
    with new_book(path, lang) as book:
        lists = _lists(law, lang)
        _table(book, say("Register", lang), DOSSIERS, law)
        _table(book, say("prior_support", lang), PRIOR, law)
        own_sheet(book, guide, {guide: (120, "wrapped")}, [[say(one, lang)] for one in GUIDE])
        headings = [say("Words for “{column}”", lang, column=COLUMNS[name].label[lang]) for name in lists]
        own_sheet(book, say("Lists", lang), dict.fromkeys(headings, (40, "wrapped")), zip_longest(*lists.values()))


def _lists(law: Regulation, lang: Lang) -> dict[str, list[str]]:
    """The words that may be chosen in each column that has a list."""
    words = {
        name: [value_name(answer, lang) for answer in one.answers] for name, one in COLUMNS.items() if one.kind == "code"
    }
    return words | {
        "norm": [title_of(law, name, lang) for name in law.norms],
        "technology_line": [say("yes", lang), say("no", lang), say("not known", lang)],
    }


def _table(book: Book, title: str, table: Table, law: Regulation) -> None:
    lang, columns, lists = book.lang, table.columns.values(), _lists(law, book.lang)
    widths = [max(14, len(column.label[lang]) * 2 // 3) for column in columns]
    sheet = new_sheet(book, title, widths, 1, 2)
    append(book, sheet, 1, [(column.label[lang], "heading") for column in columns], widths)
    append(book, sheet, 2, [_shown(_EXAMPLE.get(column.name), column, law, lang) for column in columns], widths)
    for index, column in enumerate(columns):
        notes = ("Needed" if column.name in table.needed else None, _NOTES.get(column.name))
        if any(notes):
            sheet.write_comment(0, index, ". ".join([say(note, lang) for note in notes if note]))
        if column.name in ("tax_code", "reference"):
            sheet.set_column(index, index, widths[index], book.styles["text"])
        _offer(sheet, index, column, lists, lang)


def _offer(sheet: Any, index: int, offered: Column, lists: Mapping[str, Sequence[str]], lang: Lang) -> None:
    """A drop-down list in a column; other words may be typed as well, since the register reads codes too."""
    of = "technology_line" if offered.kind == "yes" else offered.name
    if of in lists:
        column = letters(list(lists).index(of))
        source = f"='{say('Lists', lang)}'!${column}${LISTS_TOP + 1}:${column}${len(lists[of]) + LISTS_TOP}"
        sheet.data_validation(1, index, ROWS, index, {"validate": "list", "source": source, "error_type": "warning"})


def _shown(value: object, column: Column, law: Regulation, lang: Lang) -> tuple[object, str]:
    if column.name == "norm":
        return title_of(law, str(value), lang), "plain"
    if isinstance(value, bool) or (isinstance(value, str) and value in VALUE_NAMES):
        return value_name(value, lang), "plain"
    return value, {"day": "day", "amount": "number"}.get(column.kind, "text")
