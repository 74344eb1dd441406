"""Pooling: the dossiers of one establishment assessed in order, so that one cap is not used twice.

The decision taken here: what an earlier dossier may receive at most counts as earlier support of the later one. It counts
as support for technology lines where only those were chosen and all are stated to be such, as open where one is not
stated to be, else as not. So the ceilings of an establishment under one norm never add up to more than its cap.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from kcgrant.application import Application, PriorSupport
from kcgrant.assessment.assess import assess
from kcgrant.assessment.eligibility import Verdict
from kcgrant.assessment.record import Assessment, Line
from kcgrant.errors import Fault, InputError, NoRegulation
from kcgrant.language import both, listed
from kcgrant.law.regulation import Regulation
from kcgrant.parsing import Cell
from kcgrant.register.dossiers import Draft, as_remarks
from kcgrant.register.rows import Remark, Row, remark


@dataclass(frozen=True, slots=True)
class Use:
    """What another dossier uses of a cap, in whole đồng; `listed` where it is earlier support listed there."""

    reference: str
    norm: str
    amount_vnd: int
    technology_line: bool | None
    listed: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Dossier:
    """One dossier of a register with its answer; `assessment` is None where a fault kept it from being assessed.

    `uses` is what earlier dossiers of the establishment take from its caps; the assessment counts it as earlier support,
    after that of its own. `cautious` is the assessment that `assured_vnd` is read off: it differs from `assessment` where
    an earlier dossier under the same cap could not be assessed, and counts the whole cap as used.
    """

    draft: Draft
    assessment: Assessment | None = None
    cautious: Assessment | None = None
    uses: Sequence[Use] = ()

    @property
    def reference(self) -> str:
        """The number of the dossier."""
        return self.draft.reference

    @property
    def rows(self) -> Sequence[Row]:
        """Its rows, one for each activity, in the order of the register."""
        return self.draft.rows

    @property
    def norms(self) -> Sequence[str]:
        """The norms of its activities, row by row, as far as they could be read."""
        return self.draft.norms

    @property
    def maximum_vnd(self) -> int | None:
        """The ceiling in whole đồng, after what earlier dossiers may use; None where it is not assessed."""
        return self.assessment.maximum_vnd if self.assessment is not None else None

    @property
    def assured_vnd(self) -> int | None:
        """The lowest ceiling in whole đồng, whatever the open answers; None where it is not assessed."""
        return self.cautious.assured_vnd if self.cautious is not None else None

    @property
    def verdict(self) -> Verdict | None:
        """The verdict; None where it is not assessed."""
        return self.assessment.verdict if self.assessment is not None else None

    @property
    def approved_on(self) -> date | None:
        """The day of approval, as far as it could be read."""
        found = self.draft.stated.get("approved_on")
        return found if isinstance(found, date) else None

    @property
    def establishment(self) -> str | None:
        """The name of the establishment, as far as it could be read."""
        return str(self.draft.stated["establishment"]) if "establishment" in self.draft.stated else None

    @property
    def tax_code(self) -> str | None:
        """The tax code as stated."""
        return str(self.draft.stated["tax_code"]) if "tax_code" in self.draft.stated else None

    @property
    def others(self) -> dict[str, Cell]:
        """What stands under headings that are not known, such as `points`: for each the first cell that is not blank."""
        found: dict[str, Cell] = {}
        for row in self.rows:
            found = row.others | found
        return found


def assess_in_order(drafts: Sequence[Draft], law: Regulation | None, remarks: list[Remark]) -> Iterator[Dossier]:
    """The dossiers of one establishment, assessed in order of the day of approval, then of the reference."""
    if len(drafts) == 1:
        yield _one(drafts[0], law, (), [], remarks)
        return
    ordered = sorted(drafts, key=lambda draft: (draft.approved_on or date.min, draft.reference))
    uses: list[Use] = []
    missing: list[Draft] = []
    for place, draft in enumerate(ordered):
        carried = list(_carried(draft, ordered, place)) if draft.application else []
        dossier = _one(draft, law, [*carried, *uses], missing, remarks)
        if dossier.assessment is None:
            missing.append(draft)
        else:
            uses += _used(dossier.assessment)
            remarks += _doubly(draft, ordered[:place])
        yield dossier


def _one(
    draft: Draft, law: Regulation | None, uses: Sequence[Use], missing: Sequence[Draft], remarks: list[Remark]
) -> Dossier:
    """One dossier assessed beside the uses of its caps by others; or its faults."""
    application = draft.application
    if application is None:
        return Dossier(draft)
    try:
        alone = assess(application, law)
        pooled = [norm for norm in dict.fromkeys(draft.norms) if alone.regulation.norms[norm].per == "establishment"]
        counted = [use for use in uses if use.norm in pooled]
        answer = assess(_beside(application, counted), law) if counted else alone
    except (InputError, NoRegulation) as error:
        # That no regulation is known is a matter of the province and the day; the cell of the province stands for both.
        remarks += as_remarks([Fault(fault.where or "establishment.province", fault.text) for fault in error.faults], draft)
        return Dossier(draft)
    before = [other for other in missing if _may_use(other, pooled, alone.regulation)]
    cautious = answer
    if before and pooled:
        cautious = assess(_beside(application, [*counted, *(_whole(norm, alone.regulation) for norm in pooled)]), law)
        remarks.append(_held(draft, before))
    return Dossier(draft, answer, cautious, counted)


def _may_use(other: Draft, pooled: Sequence[str], law: Regulation) -> bool:
    """Whether a dossier that is not assessed may use one of these caps: it names one, or its norms are not all known."""
    known = len(other.norms) == len(other.rows) and law.norms.keys() >= set(other.norms)
    return not known or not set(other.norms).isdisjoint(pooled)


def _beside(application: Application, uses: Sequence[Use]) -> Application:
    """The application with the uses of its caps by others as earlier support."""
    more = [PriorSupport(norm=u.norm, amount_vnd=u.amount_vnd, technology_line=u.technology_line) for u in uses]
    return application.model_copy(update={"prior_support": (*application.prior_support, *more)})


def _whole(norm: str, law: Regulation) -> Use:
    """The whole cap as used, for what is not known."""
    cap = law.norms[norm].technology_line_cap_vnd or law.norms[norm].cap
    return Use("", norm, cap, technology_line=False)


def _held(draft: Draft, before: Sequence[Draft]) -> Remark:
    names = listed(other.reference for other in before)
    places = [one.rows[0].place("reference") for one in (draft, *before)]
    text = both(
        "{references} comes before it under the same cap and is not assessed: the lowest ceiling takes it as used up",
        references=names,
    )
    return Remark("earlier-not-assessed", tuple(places), text)


def _used(answer: Assessment) -> Iterator[Use]:
    """What a dossier may use at most of each cap per establishment, and whether that is for technology lines."""
    for line in answer.lines:
        if line.maximum_vnd and answer.regulation.norms[line.norm].per == "establishment":
            yield Use(str(answer.reference), line.norm, line.maximum_vnd, standing(answer, line))


def standing(answer: Assessment, line: Line) -> bool | None:
    """Whether the support chosen on a line is for technology lines only; None where that is supposed and not stated."""
    if line.chosen is None or line.chosen.id != "technology-lines":
        return False
    flags = [answer.application.activities[index].technology_line for index in line.chosen.activities]
    return True if all(flags) else None


# --- earlier support listed for one dossier ---------------------------------------------------------------------------

_Entry = tuple[str, int, bool | None, date | None]


def _entries(draft: Draft) -> Counter[_Entry]:
    support = draft.application.prior_support if draft.application else ()
    return Counter([(prior.norm, prior.amount_vnd, prior.technology_line, prior.granted_on) for prior in support])


def _carried(draft: Draft, ordered: Sequence[Draft], place: int) -> Iterator[Use]:
    """Earlier support that is listed for another dossier of the establishment and was granted before this one's approval.

    Without a day it counts for the dossiers that come after. Entries that are equal are one, as often as one dossier has
    them.
    """
    own = _entries(draft)
    found: Counter[_Entry] = Counter()
    by: dict[_Entry, str] = {}
    for index, other in enumerate(ordered):
        for entry, times in _entries(other).items():
            granted = entry[3]
            before = index < place if granted is None else bool(draft.approved_on and granted < draft.approved_on)
            if other is not draft and before and times > found[entry]:
                found[entry] = times
                by.setdefault(entry, other.reference)
    for entry, times in found.items():
        for _ in range(times - own[entry]):
            yield Use(by[entry], entry[0], entry[1], entry[2], listed=True)


def _doubly(draft: Draft, earlier: Sequence[Draft]) -> Iterator[Remark]:
    """Earlier support granted since an earlier dossier was approved may be for that very dossier, and so count twice."""
    for row in draft.prior_rows:
        granted, norm = row.values.get("granted_on"), row.values.get("norm")
        for other in earlier:
            if isinstance(granted, date) and other.approved_on and granted >= other.approved_on and norm in other.norms:
                en = f"is this the support of {other.reference}, which is in the register? Both are counted; leave one out"
                vi = f"đây có phải khoản hỗ trợ của hồ sơ {other.reference} trong sổ? Hiện tính cả hai; hãy bỏ một"
                yield remark("counted-twice", [row.place(), other.rows[0].place("reference")], en, vi)
