"""Understanding: how a register was read, said before a sum of it is trusted.

The decision taken here: what could change a sum stands first (open questions, faults); then sheet by sheet the rows of the
headings, what each column is taken for, the unit of the amounts and where it was read, groups, and what was left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from kcgrant.assessment.eligibility import Verdict
from kcgrant.assessment.explanation import why_nothing
from kcgrant.errors import MOST_FAULTS
from kcgrant.language import Lang, listed, say
from kcgrant.layout import Row as Entry
from kcgrant.layout import Section, shows
from kcgrant.register.form import AMOUNTS, CARRIED, ranking_named
from kcgrant.register.result import SUMMARY, RegisterResult, asked_in
from kcgrant.register.rows import Remark, Sheet, gathered, letters

MOST_OF_A_KIND: Final = 10  # findings that are told one by one
MOST_REFUSED: Final = 20
LEFT_OUT: Final = ("numbers", "second-heading", "total-row", "withdrawn", "left-out", "sheet-not-read")
ASSUMED: Final = ("group", "given", "hidden-row", "hidden-sheet", "encoding", "old-font", "read-in-part", "unknown-heading")


def understood(result: RegisterResult, lang: Lang) -> list[Section]:
    """How a register was read, as sections: what could change a sum first, then each sheet, what was taken and left out."""
    kinds: dict[str, list[Remark]] = {one: [] for one in ("first", "taken", "left-out")}
    for one in result.remarks:
        place = "taken" if one.kind in ASSUMED else "left-out" if one.kind in LEFT_OUT else "first"
        kinds["first" if one.fault else place].append(one)
    sections = [
        Section(say("What could change a sum", lang), (*_open(result, lang), *_told(kinds["first"], lang))),
        *refused(result, lang),
        *(_sheet(sheet, lang) for sheet in result.register.tables),
        Section(say("What was taken so", lang), tuple(_told(kinds["taken"], lang))),
        Section(say("Rows and sheets left out", lang), tuple(_told(kinds["left-out"], lang))),
    ]
    return [section for section in sections if section.rows]


def refused(result: RegisterResult, lang: Lang) -> list[Section]:
    """The dossiers that cannot be supported, the first of them with the reason; no section where there are none."""
    entries = [
        Entry(f"{one.reference} ({one.establishment})", why_nothing(one.assessment, lang))
        for one in result.dossiers.values()
        if one.assessment is not None and one.verdict is Verdict.INELIGIBLE
    ]
    if len(entries) > MOST_REFUSED:
        more = Entry("", say("… and {count} more of this kind", lang, count=len(entries) - MOST_REFUSED))
        entries = [*entries[:MOST_REFUSED], more]
    return [Section(say("Dossiers not eligible", lang), tuple(entries))] if entries else []


@shows(RegisterResult)
def _as_shown(result: RegisterResult) -> list[Section]:
    """What a notebook shows: how the register was read, and its counts and sums."""
    counts = tuple([Entry(say(SUMMARY[name], "en"), f"{number:,}") for name, number in result.summary.items()])
    return [*understood(result, "en"), Section(say("Counts and sums", "en"), counts)]


def _open(result: RegisterResult, lang: Lang) -> Iterator[Entry]:
    """A list that names no unit, and the open questions, counted by what they ask."""
    for sheet in result.register.tables:
        if sheet.table.money not in sheet.units:
            told = "no unit is stated; every amount has 7 digits or more, or names its unit, and is read in đồng"
            yield Entry(sheet.name or "", say(told, lang), strong=True)
    asked: Counter[str] = Counter()
    for dossier in result.dossiers.values():
        if dossier.assessment is not None:
            law = dossier.assessment.regulation
            asked.update(dict.fromkeys([asked_in(one, law, lang) for one in dossier.assessment.questions]).keys())
    for label, count in asked.most_common():
        told = "not stated in {count} dossiers whose ceiling or verdict depends on it"
        yield Entry(label, say(told, lang, count=count))


def _told(remarks: list[Remark], lang: Lang) -> Iterator[Entry]:
    """Faults, then findings, those of a kind one under the other; of many of a kind the first."""
    by_kind = gathered(((not one.fault, one.kind), one) for one in remarks)
    for (finding, _), of_kind in sorted(by_kind.items(), key=lambda pair: pair[0][0]):
        most = MOST_OF_A_KIND if finding else MOST_FAULTS
        for one in of_kind[:most]:
            yield Entry("", one.line(lang), strong=one.fault)
        if len(of_kind) > most:
            yield Entry("", say("… and {count} more of this kind", lang, count=len(of_kind) - most))


def _sheet(sheet: Sheet, lang: Lang) -> Section:
    rows = Counter([row.kind for row in sheet.rows])
    told = "rows of dossiers: {count}; headings in row {row}"
    entries = [Entry("", say(told, lang, count=rows["activity"], row=str(sheet.heading_row)))]
    by_index = {index: name for name, index in sheet.columns.items()}
    for index, heading in sorted(sheet.titles.items()):
        if index in sheet.results:
            continue
        label = f"{letters(index)}: {heading.written}"
        entries.append(Entry(label, _taken_for(sheet, by_index.get(index), heading.written, lang)))
    title = say("prior_support", lang) if sheet.prior else say("Register", lang)
    return Section(f"{title}: {sheet.name}" if sheet.name else title, tuple(entries))


def _taken_for(sheet: Sheet, name: str | None, heading: str, lang: Lang) -> str:
    """What a column is taken for, and the unit of its amounts."""
    if name is None:
        return say("the centre's own ranking, for a plan" if ranking_named(heading) else "not used; kept as it is", lang)
    said = sheet.table.label(name)[lang]
    if name in AMOUNTS:
        unit, where = sheet.units.get(name, ("", ""))
        unit_said = (
            say("in {unit}, stated at {place}", lang, unit=unit, place=where) if unit else say("no unit stated", lang)
        )
        return listed([said, unit_said])
    return said if name not in CARRIED else say("{column}; no fact of law", lang, column=said)
