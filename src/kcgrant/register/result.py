"""Result: a register assessed, every row with its answer beside it, and what is said about each.

The decision taken here: rows in are rows out. What stands beside a row is plain values under fixed names, from which the
workbook, the text file and the JSON lines are all written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Final

from kcgrant.application import Application
from kcgrant.assessment.explanation import title_of, why_nothing
from kcgrant.assessment.record import Assessment, Line, Question
from kcgrant.errors import Fault, InputError, expect, fault
from kcgrant.fields import FrozenMap
from kcgrant.language import Lang, figures, percentage, say, value_name
from kcgrant.law.catalogue import named_law
from kcgrant.law.norms import Limit
from kcgrant.law.regulation import Regulation
from kcgrant.layout import Shown
from kcgrant.register.dossiers import Draft, drafted, drafts_of
from kcgrant.register.establishments import entered_twice, references_alike, shared_by
from kcgrant.register.form import RESULTS
from kcgrant.register.pooling import Dossier, Use, assess_in_order, list_once
from kcgrant.register.progress import counted
from kcgrant.register.rows import Place, Register, Remark, Row, gathered, remark

Value = str | int | None
FORMULAS: Final = ("ceiling_formula", "assured_formula")
PLAIN: Final = tuple(name for name in RESULTS if name not in FORMULAS)
"""The names of the results that every form of output has, in order."""

STATUSES: Final = {
    "assessed": "assessed",
    "not-assessed": "NOT ASSESSED: see the faults",
    "above": "above the headings",
    "heading": "headings repeated; no dossier",
    "total": "a total; no dossier",
    "numbers": "numbers of the columns; no dossier",
    "group": "a group of dossiers",
    "withdrawn": "struck through; withdrawn",
    "left-out": "no dossier; left out",
}
SUMMARY: Final = {
    "rows": "Rows that are not blank, the headings left out",
    "rows-assessed": "of these: rows of dossiers assessed",
    "rows-not-assessed": "of these: rows of dossiers not assessed",
    "rows-aside": "of these: titles, groups, totals, signatures",
    "dossiers": "Dossiers",
    "dossiers-assessed": "Dossiers assessed",
    "eligible": "Dossiers eligible",
    "partly-eligible": "Dossiers partly eligible",
    "undetermined": "Dossiers not determined",
    "ineligible": "Dossiers not eligible",
    "establishments": "Establishments",
    "sharing": "Establishments with several dossiers",
    "maximum": "Sum of the ceilings (VND)",
    "assured": "Sum of the lowest ceilings (VND)",
    "faults": "Faults",
    "findings": "Findings",
}


@dataclass(frozen=True, eq=False, repr=False)
class RegisterResult(Shown):
    """A register with the answer to each dossier, by reference, in the order of the register, and all remarks.

    `establishments` holds by what each is known and its references, in the order in which they use its caps.
    """

    register: Register
    dossiers: Mapping[str, Dossier]
    establishments: Sequence[tuple[str, Sequence[str]]]
    remarks: Sequence[Remark]

    @property
    def faults(self) -> list[Remark]:
        """What kept dossiers from being assessed, or rows from being dossiers."""
        return [one for one in self.remarks if one.fault]

    @property
    def findings(self) -> list[Remark]:
        """What somebody should look at."""
        return [one for one in self.remarks if not one.fault]

    @property
    def rows(self) -> list[Row]:
        """Every row of the register, in order."""
        return self.register.rows

    @cached_property
    def _said(self) -> dict[tuple[str | None, int], list[Remark]]:
        rows = [(one, dict.fromkeys([(place.sheet, place.row) for place in one.places])) for one in self.remarks]
        return gathered((at, one) for one, places in rows for at in places)

    @cached_property
    def _places(self) -> dict[int, tuple[int, Line]]:
        """For each row of an assessed dossier, by identity: the index of its activity, and the line in which it stands."""
        return {
            id(dossier.rows[index]): (index, line)
            for dossier in self.dossiers.values()
            for line in (dossier.assessment.lines if dossier.assessment is not None else ())
            for index in line.activities
        }

    def dossier_of(self, row: Row) -> Dossier | None:
        """The dossier to which a row belongs, if it names one."""
        return self.dossiers.get(str(row.values.get("reference"))) if row.kind == "activity" else None

    def remarks_on(self, row: Row) -> list[Remark]:
        """What is said of a row, and the faults of the other rows of its dossier, and of its earlier support."""
        own = self._said.get(row.place()[:2], [])
        dossier = self.dossier_of(row)
        if dossier is None or dossier.assessment is not None:
            return own
        others = (*dossier.rows, *dossier.draft.prior_rows)
        faults = [one for other in others for one in self._said.get(other.place()[:2], []) if one.fault]
        return list(dict.fromkeys([*own, *faults]))

    def status(self, row: Row) -> str:
        """What became of a row: `assessed`, `not-assessed`, or `above`, `heading`, `total` for what is no dossier."""
        if row.kind != "activity":
            return row.kind
        dossier = self.dossier_of(row)
        return "assessed" if dossier and dossier.assessment is not None else "not-assessed"

    def beside(self, row: Row, lang: Lang = "en") -> dict[str, Value]:
        """What stands beside a row, under the names of `PLAIN`; amounts in đồng, on the first row of a dossier."""
        if row.kind == "above":
            return {}
        dossier = self.dossier_of(row)
        found: dict[str, Value] = {"status": say(STATUSES[self.status(row)], lang)}
        if isinstance(cost := row.values.get("cost_vnd"), int):
            found["cost_read_vnd"] = cost
        if dossier and (answer := dossier.assessment) is not None:
            index, line = self._places[id(row)]
            found["verdict"] = value_name(answer.verdict, lang)
            found["activity_verdict"] = value_name(answer.activity_verdicts[index], lang)
            found["binding"] = _limit_of(answer, line, lang)
            if index == 0:
                used = [_said_of_use(use, answer.regulation, lang) for use in dossier.uses]
                asked = dict.fromkeys([asked_in(one, answer.regulation, lang) for one in answer.questions])
                found["ceiling_vnd"] = dossier.maximum_vnd
                found["assured_vnd"] = dossier.assured_vnd
                found["used_by_earlier"] = "\n".join(used) or None
                found["questions"] = "; ".join(asked) or None
        found["remarks"] = "\n".join([one.line(lang) for one in self.remarks_on(row)]) or None
        return found

    @cached_property
    def summary(self) -> dict[str, int]:
        """The counts and sums of the register, by the names that `words` puts into sentences; amounts in whole đồng."""
        states = Counter([self.status(row) for row in self.rows])
        assessed = [dossier for dossier in self.dossiers.values() if dossier.assessment is not None]
        verdicts = Counter([str(dossier.verdict) for dossier in assessed])
        return {
            "rows": len(self.rows),
            "rows-assessed": states["assessed"],
            "rows-not-assessed": states["not-assessed"],
            "rows-aside": len(self.rows) - states["assessed"] - states["not-assessed"],
            "dossiers": len(self.dossiers),
            "dossiers-assessed": len(assessed),
            **{verdict: verdicts[verdict] for verdict in ("eligible", "partly-eligible", "undetermined", "ineligible")},
            "establishments": len(self.establishments),
            "sharing": sum([len(references) > 1 for _, references in self.establishments]),
            "maximum": sum([dossier.maximum_vnd or 0 for dossier in assessed]),
            "assured": sum([dossier.assured_vnd or 0 for dossier in assessed]),
            "faults": len(self.faults),
            "findings": len(self.findings),
        }


def assess_register(register: Register, regulation: Regulation | str | None = None) -> RegisterResult:
    """Every dossier of a register assessed, those of one establishment in order under its caps.

    Without a regulation each dossier is assessed under the one in force in its province on its day.

    Example:
        >>> from kcgrant.register import Register
        >>> assess_register(Register()).summary["rows"]
        0
    """
    expect(Register, register, "register", "a Register, such as register.read(file)")
    law = None if regulation is None else named_law(regulation)
    return _assessed(register, *drafts_of(register, law), law)


def assess_together(
    applications: Iterable[Application], regulation: Regulation | str | None = None, *, places: Sequence[Place] | None = None
) -> RegisterResult:
    """Applications assessed as the dossiers of a register are, those of one establishment in order under its caps.

    `places` say where each application stands, by which remarks name it; else it is its number, as of a line.

    Raises:
        InputError: with every reference that is missing or stands twice, and every tax code that is none.

    Example:
        >>> from datetime import date
        >>> from kcgrant import Activity, Establishment
        >>> halo = Establishment(name="Halo", province="hung-yen", tax_code="0100233248")
        >>> drill = Activity(norm="advanced-machinery", cost_vnd=800_000_000, technology_line=False)
        >>> one = Application(reference="KC-1", approved_on=date(2026, 3, 2), establishment=halo, activities=[drill])
        >>> other = one.model_copy(update={"reference": "KC-2"})
        >>> result = assess_together([one, other])
        >>> [dossier.maximum_vnd for dossier in result.dossiers.values()]
        [300000000, 0]
    """
    law, every = None if regulation is None else named_law(regulation), list(applications)
    for one in every:
        expect(Application, one, "applications", "Applications, such as Application.from_dict(document)")
    drafts: dict[str, Draft] = {}
    faults: list[Fault] = []
    for application, at in zip(every, places or [Place(None, number + 1) for number in range(len(every))], strict=True):
        try:
            draft = drafted(application, at)
        except InputError as error:
            faults += error.within(at.says()).faults
            continue
        if before := drafts.get(draft.reference):
            told = "given {given}, as in {before}; each dossier has a reference of its own"
            faults.append(fault(f"{at.says()}: reference", told, given=draft.reference, before=before.at.says()))
        drafts[draft.reference] = draft
    if faults:
        raise InputError(faults)
    return _assessed(Register(), list(drafts.values()), [], law)


def _assessed(
    register: Register, drafts: Sequence[Draft], remarks: Sequence[Remark], law: Regulation | None
) -> RegisterResult:
    shared, doubts = shared_by(drafts)
    doubts += [*entered_twice(shared), *references_alike(drafts)]
    doubts += [one for group in shared for one in list_once(group.drafts)]
    groups = [(group.by, list(assess_in_order(group.drafts, law))) for group in counted("assessing", shared, len(shared))]
    found = {dossier.reference: dossier for _, dossiers in groups for dossier in dossiers}
    doubts += [one for dossier in found.values() for one in _doubtful(dossier)]
    return RegisterResult(
        register=register,
        dossiers=FrozenMap({draft.reference: found[draft.reference] for draft in drafts}),
        establishments=tuple([(by, tuple([dossier.reference for dossier in dossiers])) for by, dossiers in groups]),
        remarks=(*register.remarks, *remarks, *(one for draft in drafts for one in draft.remarks), *doubts),
    )


@lru_cache(maxsize=64)
def _notes_of(law: Regulation) -> frozenset[str]:
    """The ids of the notes that a law has of its own, whoever applies."""
    return frozenset(note.id for note in (*law.notes, *(law.framework.notes if law.framework else ())))


def _doubtful(dossier: Dossier) -> Iterator[Remark]:
    """What the list says of a dossier that should be looked at beside its ceiling: what it asks for, notes, late support."""
    answer = dossier.assessment
    if answer is None:
        return
    asked = {row.place(): amount for row in dossier.rows if isinstance(amount := row.values.get("requested_vnd"), int)}
    if (requested_vnd := sum(asked.values())) > answer.maximum_vnd:
        told = "{amount} requested, {over} more than the ceiling of {ceiling}"
        over = requested_vnd - answer.maximum_vnd
        yield remark("requested-above", asked, told, amount=requested_vnd, over=over, ceiling=answer.maximum_vnd)
    of_law = _notes_of(answer.regulation)
    if requested_vnd > sum(one.cost_vnd for one in answer.application.activities):
        told = "more is requested than the whole cost; have the columns shifted?"
        yield remark("requested-above-cost", asked, told)
    for note in answer.notes:
        if note.id not in of_law:
            yield Remark("note", (dossier.draft.place(),), note.text)
    for index, support in enumerate(answer.application.prior_support[: len(dossier.draft.prior_support)]):
        if support.granted_on and support.granted_on >= answer.approved_on:
            told = "earlier support of {day}, not before the approval on {approved}; it is counted: is the day right?"
            place = dossier.draft.prior_place(index)
            yield remark("support-not-earlier", [place], told, day=support.granted_on, approved=answer.approved_on)


# --- the answers beside a row -----------------------------------------------------------------------------------------


def asked_in(question: Question, law: Regulation, lang: Lang) -> str:
    """The column in which the answer to a question belongs."""
    label = law.fact_columns[question.fact].label[lang]
    return label if question.prior_support is None else f"{say('prior_support', lang)}: {label}"


def _limit_of(answer: Assessment, line: Line, lang: Lang) -> str:
    """Which limit sets the ceiling of a line, with its amount."""
    if line.chosen is None:
        return why_nothing(answer, lang, line.activities)
    cap = "the raised cap for technology lines" if line.chosen.id == "technology-lines" else "the cap"
    share = _share_said(answer.regulation.norm_under(line.norm, line.chosen.variations).rate, lang)
    said: dict[Limit, str] = {"rate": share, "cost": share, "cap": say(cap, lang)}
    if line.chosen.cap_left_vnd == 0:
        told = "the cap is used up; see the cap used by earlier dossiers and the earlier support"
        return f"{title_of(answer.regulation, line.norm, lang)}: {say(told, lang)}"
    what = " = ".join([told for limit, told in said.items() if limit in line.chosen.binding])
    return f"{title_of(answer.regulation, line.norm, lang)}: {what}, {figures(line.maximum_vnd, lang)}"


@lru_cache(maxsize=64)
def _share_said(rate: Fraction | None, lang: Lang) -> str:
    return say("the cost itself", lang) if rate is None else say("{rate} of the cost", lang, rate=percentage(rate, lang))


def _said_of_use(use: Use, law: Regulation, lang: Lang) -> str:
    phrase = "{reference}: at most {amount} of the cap for {norm}"
    if use.listed:
        phrase = "{amount} of the cap for {norm}, as listed for another dossier"
    amount, title = figures(use.amount_vnd, lang), title_of(law, use.norm, lang)
    said = say(phrase, lang, reference=use.reference, amount=amount, norm=title)
    if use.technology_line is None and law.norms[use.norm].technology_line_cap_vnd:
        return say("{use} (a technology line? not stated)", lang, use=said)
    return said
