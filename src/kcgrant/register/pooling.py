"""Pooling: the dossiers of one establishment assessed in order, so that one cap is not used twice.

The decision taken here: what an earlier dossier may receive at most counts as earlier support of the later one. It counts
as support for technology lines where only those were chosen and all are stated to be such, as open where one is not
stated to be, else as not. So the ceilings of an establishment under one norm never add up to more than its cap.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from kcgrant.application import Application, PriorSupport
from kcgrant.assessment.assess import assess
from kcgrant.assessment.eligibility import Verdict
from kcgrant.assessment.record import Assessment, Line
from kcgrant.errors import Fault, InputError, NoRegulation
from kcgrant.language import Text, figures
from kcgrant.law.regulation import Regulation
from kcgrant.parsing import Cell
from kcgrant.register.dossiers import Draft, as_remarks
from kcgrant.register.rows import Place, Remark, Row, remark


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


def assess_in_order(drafts: Sequence[Draft], law: Regulation | None) -> Iterator[Dossier]:
    """The dossiers of one establishment, assessed in order of the day of approval, then of the reference."""
    ordered = sorted(drafts, key=lambda draft: (draft.approved_on or date.min, draft.reference))
    uses: list[Use] = []
    missing: list[Draft] = []
    for place, draft in enumerate(ordered):
        carried = list(_carried(draft, ordered, place)) if draft.application and len(ordered) > 1 else []
        dossier = _one(draft, law, [*carried, *uses], missing)
        if dossier.assessment is None:
            missing.append(draft)
        else:
            uses += _used(dossier.assessment)
            draft.remarks += _doubly(draft, ordered[:place])
        yield dossier


def _one(draft: Draft, law: Regulation | None, uses: Sequence[Use], missing: Sequence[Draft]) -> Dossier:
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
        faults = [Fault(fault.where or "establishment.province", fault.text) for fault in error.faults]
        draft.remarks += as_remarks(faults, draft)
        return Dossier(draft)
    before = [other for other in missing if _may_use(other, pooled, alone.regulation)]
    cautious = answer
    if before and pooled:
        cautious = assess(_beside(application, [*counted, *(_whole(norm, alone.regulation) for norm in pooled)]), law)
        draft.remarks.append(_held(draft, before))
    return Dossier(draft, answer, cautious, counted)


def _may_use(other: Draft, pooled: Sequence[str], law: Regulation) -> bool:
    """Whether a dossier that is not assessed may use one of these caps: it names one, or its norms are not all known."""
    known = other.norms and len(other.norms) >= len(other.rows) and law.norms.keys() >= set(other.norms)
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
    told = "{references} comes before it under the same cap and is not assessed: the lowest ceiling takes it as used up"
    places = [one.place("reference") for one in (draft, *before)]
    return remark("earlier-not-assessed", places, told, references=[other.reference for other in before])


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


# --- earlier support that is listed -----------------------------------------------------------------------------------

_Entry = tuple[str, int, date | None]
"""What two lists of one support have in common; whether it was for a technology line may stand in one of them alone."""


def _entry(support: PriorSupport) -> _Entry:
    return support.norm, support.amount_vnd, support.granted_on


def list_once(drafts: Sequence[Draft]) -> Iterator[Remark]:
    """Takes earlier support that the dossiers of an establishment list twice for one, and says so.

    What one list says of a technology line and another leaves open holds for both; where they contradict each other, they
    are two. Afterwards no dossier lists an entry twice.
    """
    flags: dict[_Entry, set[bool]] = {}
    places: dict[_Entry, list[Place]] = {}
    twice = set()
    for draft in drafts:
        for index, support in enumerate(draft.application.prior_support if draft.application else ()):
            entry = _entry(support)
            twice |= {entry} if entry in places else set()
            places.setdefault(entry, []).append(draft.prior_place(index))
            flags.setdefault(entry, set()).update(() if support.technology_line is None else (support.technology_line,))
    for draft in drafts if twice else ():
        _keep_once(draft, {entry: next(iter(flags[entry])) for entry in twice if len(flags[entry]) == 1})
    told = "the same earlier support ({amount}, {norm}) is listed {count} times; counted once"
    for entry in sorted(twice, key=str):
        norm, amount_vnd, _ = entry
        amount = Text(en=figures(amount_vnd), vi=figures(amount_vnd, "vi"))
        yield remark("listed-twice", places[entry], told, amount=amount, norm=norm, count=len(places[entry]))


def _keep_once(draft: Draft, stated: Mapping[_Entry, bool]) -> None:
    """Leaves one of the entries that a dossier lists twice, with what is stated of it anywhere."""
    if draft.application is None:
        return
    kept: dict[tuple[_Entry, bool | None], tuple[PriorSupport, Row | None]] = {}
    for support, row in zip_longest(draft.application.prior_support, draft.prior_rows):
        entry = _entry(support)
        flag = stated.get(entry, support.technology_line)
        kept.setdefault((entry, flag), (support.model_copy(update={"technology_line": flag}), row))
    draft.prior_rows = [row for _, row in kept.values() if row is not None]
    support = tuple(support for support, _ in kept.values())
    draft.application = draft.application.model_copy(update={"prior_support": support})


def _carried(draft: Draft, ordered: Sequence[Draft], place: int) -> Iterator[Use]:
    """Earlier support that is listed for another dossier of the establishment and was granted before this one's approval.

    Without a day it counts for the dossiers that come after. What several list is one.
    """
    seen = {(_entry(one), one.technology_line) for one in draft.application.prior_support} if draft.application else set()
    for index, other in enumerate(ordered):
        for support in other.application.prior_support if other.application else ():
            granted, key = support.granted_on, (_entry(support), support.technology_line)
            before = index < place if granted is None else bool(draft.approved_on and granted < draft.approved_on)
            if before and key not in seen:
                seen.add(key)
                yield Use(other.reference, support.norm, support.amount_vnd, support.technology_line, listed=True)


def _doubly(draft: Draft, earlier: Sequence[Draft]) -> Iterator[Remark]:
    """Earlier support granted since an earlier dossier was approved may be for that very dossier, and so count twice."""
    told = "is this the support of {reference}, which is in the list? Both are counted; leave one out"
    for index, support in enumerate(draft.application.prior_support if draft.application else ()):
        for other in earlier:
            since = support.granted_on and other.approved_on and support.granted_on >= other.approved_on
            if since and support.norm in other.norms:
                places = [draft.prior_place(index), other.place("reference")]
                yield remark("counted-twice", places, told, reference=other.reference)
