"""Pooling: the dossiers of one establishment assessed in order, so that one cap is not used twice.

The decision taken here: what an earlier dossier may receive at most counts as earlier support of the later one. It counts
as support for technology lines where only those were chosen and all are stated to be such, as open where one is not
stated to be, else as not. So the ceilings of an establishment under one norm never add up to more than its cap. The
lowest ceiling of a dossier is what no answers take from it, whether they are about it or about the earlier ones.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import zip_longest
from typing import Final

from kcgrant.application import Application, PriorSupport
from kcgrant.assessment.assess import assess
from kcgrant.assessment.eligibility import Verdict
from kcgrant.assessment.record import Assessment, Option
from kcgrant.errors import Fault, InputError, NoRegulation
from kcgrant.language import Text, figures
from kcgrant.law.regulation import Regulation
from kcgrant.layout import Shown
from kcgrant.money import MOST_VND
from kcgrant.parsing import Cell
from kcgrant.register.dossiers import Draft, as_remarks
from kcgrant.register.lowest import Standing, Walk
from kcgrant.register.rows import Remark, Row, gathered, remark

MOST_SAID: Final = 1000  # characters
MOST_LISTED: Final = 100  # earlier supports listed by other dossiers that are named one by one


@dataclass(frozen=True, slots=True)
class Use:
    """What another dossier uses of a cap, in whole đồng; `listed` where it is earlier support listed there."""

    reference: str
    norm: str
    amount_vnd: int
    technology_line: bool | None
    listed: bool = False


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Dossier(Shown):
    """One dossier of a register with its answer; `assessment` is None where a fault kept it from being assessed.

    `uses`, what earlier dossiers take from its caps at most, counts as earlier support after its own in `assessment`, of
    which `maximum_vnd` is read; `assured_vnd` is read off `cautious`. That is the same, or the dossier beside what earlier
    ones leave it at worst, whatever is open in them; beside the whole cap used, where one was not assessed.
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
        """The ceiling in whole đồng if the earlier dossiers use the most that they may; None where it is not assessed."""
        return self.assessment.maximum_vnd if self.assessment is not None else None

    @property
    def assured_vnd(self) -> int | None:
        """The lowest ceiling in whole đồng, whatever is open in it or in earlier ones; None where it is not assessed."""
        return self.cautious.assured_vnd if self.cautious is not None else None

    @property
    def planned(self) -> Assessment | None:
        """The assessment beside listed support alone, as if no other dossier were paid; None where it is not assessed.

        A plan starts from it: there the cap is used in the order of the plan, by the awards that are made.
        """
        application, answer = self.draft.application, self.assessment
        if application is None or answer is None or all(use.listed for use in self.uses):
            return answer
        return assess(_beside(application, [use for use in self.uses if use.listed]), answer.regulation)

    @property
    def verdict(self) -> Verdict | None:
        """The verdict; None where it is not assessed."""
        return self.assessment.verdict if self.assessment is not None else None

    @property
    def approved_on(self) -> date | None:
        """The day of approval, as far as it could be read."""
        return self.draft.approved_on

    @property
    def establishment(self) -> str | None:
        """The name of the establishment, as far as it could be read."""
        return self.draft.stated.get("establishment")

    @property
    def tax_code(self) -> str | None:
        """The tax code as stated."""
        return self.draft.stated.get("tax_code")

    def said(self, column: str) -> str:
        """What its rows say in a column that is no fact of law, such as `title`, in one line."""
        texts = (str(row.values[column]) for row in self.rows if row.values.get(column))
        return "; ".join(dict.fromkeys(" ".join(text.split()) for text in texts))[:MOST_SAID]

    @property
    def others(self) -> dict[str, Cell]:
        """What stands under headings that are not known, such as `points`: for each the first cell that is not blank."""
        return {heading: cell for row in reversed(self.rows) for heading, cell in row.others.items()}


def assess_in_order(drafts: Sequence[Draft], law: Regulation | None) -> Iterator[Dossier]:
    """The dossiers of one establishment, assessed in order of the day of approval, then of the reference."""
    ordered = sorted(drafts, key=lambda draft: (draft.approved_on or date.min, draft.reference))
    shared = _Shared(Walk() if len(ordered) > 1 else None)
    listed, approved = _Listed(ordered), _Approved()
    for place, draft in enumerate(ordered):
        carried = listed.before(draft, place) if draft.application and shared.walk else []
        dossier = _one(draft, law, carried, shared)
        if dossier.assessment is None:
            shared.missing.append(draft)
        else:
            shared.uses += _used(dossier.assessment)
            draft.remarks += approved.doubly(draft)
        approved.add(draft)
        yield dossier


@dataclass(slots=True)
class _Shared:
    """What the dossiers of an establishment so far use of its caps: at most, not known, and over all answers if several."""

    walk: Walk | None
    uses: list[Use] = field(default_factory=list)
    missing: list[Draft] = field(default_factory=list)


_Carried = tuple[str, PriorSupport]
"""Earlier support, behind the reference of the dossier for which it is listed."""


def _one(draft: Draft, law: Regulation | None, carried: Sequence[_Carried], shared: _Shared) -> Dossier:
    """One dossier assessed beside the uses of its caps by others; or its faults."""
    application = draft.application
    if application is None:
        return Dossier(draft)
    try:
        alone = assess(application, law)
        pooled = [norm for norm in dict.fromkeys(draft.norms) if alone.regulation.norms[norm].pooled]
        listed = [Use(by, s.norm, s.amount_vnd, s.technology_line, listed=True) for by, s in carried]
        counted = [use for use in (*listed, *shared.uses) if use.norm in pooled]
        answer = assess(_beside(application, counted), law) if counted else alone
    except (InputError, NoRegulation) as error:
        # That no regulation is known is a matter of the province and the day; the cell of the province stands for both.
        faults = [Fault(fault.where or "establishment.province", fault.text) for fault in error.faults]
        draft.remarks += as_remarks(faults, draft)
        return Dossier(draft)
    cautious = answer
    if before := [other for other in shared.missing if pooled and _may_use(other, pooled, alone.regulation)]:
        # What is not known may have used up the whole cap.
        cautious = assess(_used_up(application, counted, pooled, alone.regulation), law)
        told = "{references} comes before it under the same cap and is not assessed: the lowest ceiling takes it as used up"
        places = [one.place("reference") for one in (draft, *before)]
        references = [other.reference for other in before]
        draft.remarks.append(remark("earlier-not-assessed", places, told, references=references))
    if shared.walk is not None:
        standing = Standing(alone, [support for _, support in carried if support.norm in pooled])
        if not before and alone.assured_vnd and shared.walk.is_open(pooled):
            found = [assess(beside, law) for beside in shared.walk.stand(standing)]
            low = min(found, key=lambda one: one.assured_vnd, default=None)
            if low is None:
                low = assess(_used_up(application, counted, pooled, alone.regulation), law)
                # The exact amount is neither below this one nor above either of the others.
                if low.assured_vnd < min(alone.assured_vnd, answer.maximum_vnd):
                    told = "too much is open in earlier dossiers under the same cap: the lowest ceiling takes it as used up"
                    draft.remarks.append(remark("lowest-bound", [draft.place("reference")], told))
            cautious = answer if low.assured_vnd == answer.assured_vnd else low
        shared.walk.pass_by(standing)
    return Dossier(draft, answer, cautious, tuple(counted))


def _used_up(application: Application, counted: Sequence[Use], pooled: Sequence[str], law: Regulation) -> Application:
    """The application beside the uses of its caps by others, and beside the whole of each cap as used."""
    numbers = {norm: law.numbers_of(norm).values() for norm in pooled}
    caps = {norm: [one.technology_line_cap_vnd or one.cap or 0 for one in every] for norm, every in numbers.items()}
    whole = [Use("", norm, max(each), technology_line=False) for norm, each in caps.items() if max(each)]
    return _beside(application, [*counted, *whole])


def _may_use(other: Draft, pooled: Sequence[str], law: Regulation) -> bool:
    """Whether a dossier that is not assessed may use one of these caps: it names one, or its norms are not all known."""
    known = other.norms and len(other.norms) >= len(other.rows) and law.norms.keys() >= set(other.norms)
    return not known or not set(other.norms).isdisjoint(pooled)


def _beside(application: Application, uses: Sequence[Use]) -> Application:
    """The application with the uses of its caps by others as earlier support."""
    more = [PriorSupport(norm=u.norm, amount_vnd=u.amount_vnd, technology_line=u.technology_line) for u in uses]
    return application.model_copy(update={"prior_support": (*application.prior_support, *more)})


def _used(answer: Assessment) -> Iterator[Use]:
    """What a dossier may use at most of each cap per establishment, and whether that is for technology lines."""
    for line in answer.lines:
        if line.maximum_vnd and answer.regulation.norms[line.norm].pooled:
            yield Use(str(answer.reference), line.norm, line.maximum_vnd, standing(answer, line.chosen))


def standing(answer: Assessment, option: Option | None) -> bool | None:
    """Whether what is chosen to be supported is technology lines only; None where that is supposed and not stated."""
    if option is None or option.id != "technology-lines":
        return False
    flags = [answer.application.activities[index].technology_line for index in option.activities]
    return True if all(flags) else None


# --- earlier support that is listed -----------------------------------------------------------------------------------

_Entry = tuple[str, int, date | None]
"""What two lists of one support have in common; whether it was for a technology line may stand in one of them alone."""


def _entry(support: PriorSupport) -> _Entry:
    return support.norm, support.amount_vnd, support.granted_on


def list_once(drafts: Sequence[Draft]) -> Iterator[Remark]:
    """Takes earlier support that the dossiers of an establishment list twice for one, and says so.

    What one list says of a technology line and another leaves open holds for both; contradicting each other they are two.
    """
    every = gathered(
        (_entry(support), (support.technology_line, draft.prior_place(index)))
        for draft in drafts
        for index, support in enumerate(draft.prior_support)
    )
    twice = {entry: listed for entry, listed in every.items() if len(listed) > 1}
    flags = {entry: {flag for flag, _ in listed if flag is not None} for entry, listed in twice.items()}
    for draft in drafts if twice else ():
        _keep_once(draft, {entry: next(iter(found)) for entry, found in flags.items() if len(found) == 1})
    told = "the same earlier support ({amount}, {norm}) is listed {count} times; counted once"
    for (norm, amount_vnd, _), listed in sorted(twice.items(), key=lambda pair: str(pair[0])):
        amount = Text(en=figures(amount_vnd), vi=figures(amount_vnd, "vi"))
        yield remark("listed-twice", [at for _, at in listed], told, amount=amount, norm=norm, count=len(listed))


def _keep_once(draft: Draft, stated: Mapping[_Entry, bool]) -> None:
    """Leaves one of the entries that a dossier lists twice, with what is stated of it anywhere."""
    if draft.application is None:
        return
    kept: dict[PriorSupport, Row | None] = {}
    for support, row in zip_longest(draft.prior_support, draft.prior_rows):
        flag = stated.get(_entry(support), support.technology_line)
        kept.setdefault(support.model_copy(update={"technology_line": flag}), row)
    draft.prior_rows = [row for row in kept.values() if row is not None]
    draft.application = draft.application.model_copy(update={"prior_support": tuple(kept)})


class _Listed:
    """Support listed by the dossiers of an establishment, as it comes to count for later ones: each once.

    Past a bound it is added up, so that time and memory do not grow with the square of the dossiers.
    """

    def __init__(self, ordered: Sequence[Draft]) -> None:
        """All that is listed, that with a day in order of the days, that without in the order of the dossiers."""
        every = [(index, other.reference, one) for index, other in enumerate(ordered) for one in other.prior_support]
        dated = [(one.granted_on, *entry) for entry in every if (one := entry[2]).granted_on]
        self._dated = deque(sorted(dated, key=lambda entry: entry[0] or date.max))
        self._undated = deque([entry for entry in every if entry[2].granted_on is None])
        self._first: dict[PriorSupport, tuple[int, str]] = {}
        self._sums = Counter[tuple[str, bool | None]]()

    def before(self, draft: Draft, place: int) -> list[_Carried]:
        """That of others granted before this one's approval or, without a day, listed by a dossier before it."""
        while self._dated and draft.approved_on and (self._dated[0][0] or date.max) < draft.approved_on:
            self._add(*self._dated.popleft()[1:])
        while self._undated and self._undated[0][0] < place:
            self._add(*self._undated.popleft())
        own = set(draft.prior_support)
        if len(self._first) <= MOST_LISTED:
            kept = [(entry, support) for support, entry in self._first.items() if support not in own]
            return [(reference, support) for (_, reference), support in sorted(kept, key=lambda one: one[0][0])]
        sums = self._sums.copy()
        for one in [one for one in own if one in self._first]:
            sums[one.norm, one.technology_line] -= one.amount_vnd
        return [
            ("…", PriorSupport(norm=norm, amount_vnd=min(MOST_VND, total - counted), technology_line=flag))
            for (norm, flag), total in sums.items()
            for counted in range(0, total, MOST_VND)
        ]

    def _add(self, index: int, reference: str, support: PriorSupport) -> None:
        if support not in self._first:
            self._first[support] = index, reference
            self._sums[support.norm, support.technology_line] += support.amount_vnd


class _Approved:
    """The days on which the dossiers so far were approved, by norm, in order."""

    def __init__(self) -> None:
        """Begins before the first dossier."""
        self._by_norm: dict[str, list[tuple[date, Draft]]] = {}

    def doubly(self, draft: Draft) -> Iterator[Remark]:
        """Support granted since an earlier dossier was approved may be for that very dossier, and so count twice."""
        told = "is this the support of {reference}, which is in the list? Both are counted; leave one out"
        for index, support in enumerate(draft.prior_support):
            days = self._by_norm.get(support.norm, [])
            if support.granted_on and (since := bisect_right(days, support.granted_on, key=lambda one: one[0])):
                other = days[since - 1][1]
                places = [draft.prior_place(index), other.place("reference")]
                yield remark("counted-twice", places, told, reference=other.reference)

    def add(self, draft: Draft) -> None:
        """Takes a dossier for the next in order."""
        if draft.approved_on:
            for norm in dict.fromkeys(draft.norms):
                self._by_norm.setdefault(norm, []).append((draft.approved_on, draft))
