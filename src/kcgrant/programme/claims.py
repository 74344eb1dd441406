"""Claims: what a dossier asks of a budget beside the awards that its establishment has been given before it.

The decision taken here: the cap of an establishment is used in the order of the plan. An award that is made counts as
earlier support of the dossiers behind it, by the engine itself; one that is not made counts for nothing. Only what is
assured is paid, so that no answer to an open question can bring an establishment over its cap.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, NamedTuple, Self

from pydantic import Field, model_validator

from kcgrant.application import PriorSupport
from kcgrant.assessment.assess import assess
from kcgrant.assessment.record import Assessment
from kcgrant.errors import fault
from kcgrant.fields import Code, Expected, Record, found
from kcgrant.register.pooling import standing

_Amount = Annotated[int, Field(strict=True, ge=0), Expected("a whole number of đồng, 0 or more")]


class Share(Record):
    """What a dossier asks under one norm: at most `maximum_vnd`, of which `assured_vnd` whatever the open answers."""

    norm: Code
    maximum_vnd: _Amount
    assured_vnd: _Amount

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.assured_vnd > self.maximum_vnd:
            told = "given {assured}, more than the maximum of {maximum}; check both amounts"
            raise found(fault("assured_vnd", told, assured=str(self.assured_vnd), maximum=str(self.maximum_vnd)))
        return self


def shares_of(answer: Assessment) -> tuple[Share, ...]:
    """What an assessment comes to under each of its norms."""
    amounts: dict[str, tuple[int, int]] = {}
    for line in answer.lines:
        maximum_vnd, assured_vnd = amounts.get(line.norm, (0, 0))
        amounts[line.norm] = maximum_vnd + line.maximum_vnd, assured_vnd + line.assured_vnd
    return tuple([Share(norm=norm, maximum_vnd=most, assured_vnd=least) for norm, (most, least) in amounts.items()])


@dataclass(frozen=True, slots=True)
class Claim:
    """A dossier as it can be assessed anew: its assessment by itself, and the establishment that it is of, by any key."""

    answer: Assessment
    establishment: str


class Asked(NamedTuple):
    """What a dossier asks when its turn comes: under each norm, and the dossiers whose awards have used a cap of it.

    `answer` is the assessment beside those awards; None of a request that states amounts alone.
    """

    shares: Sequence[Share]
    used_by: tuple[str, ...] = ()
    answer: Assessment | None = None


@dataclass(slots=True)
class Claims:
    """The awards that are made, by establishment: each with the reference of its dossier, as earlier support of others."""

    made: dict[str, list[tuple[str, PriorSupport]]] = field(default_factory=dict)

    def ask(self, claim: Claim | None, shares: Sequence[Share]) -> Asked:
        """What a dossier asks beside the awards made so far; `shares` are those of it by itself."""
        if claim is None:
            return Asked(shares)
        answer, law = claim.answer, claim.answer.regulation
        pooled = {line.norm for line in answer.lines if law.norms[line.norm].pooled}
        before = [(by, support) for by, support in self.made.get(claim.establishment, ()) if support.norm in pooled]
        if not before:
            return Asked(shares, answer=answer)
        earlier = (*answer.application.prior_support, *(support for _, support in before))
        beside = assess(answer.application.model_copy(update={"prior_support": earlier}), law)
        return Asked(shares_of(beside), tuple(dict.fromkeys([by for by, _ in before])), beside)

    def pay(self, claim: Claim | None, asked: Asked, reference: str, paid: Mapping[str, int]) -> None:
        """Counts an award for the dossiers of the establishment that come behind."""
        if claim is None or asked.answer is None:
            return
        for line in asked.answer.lines:
            if paid.get(line.norm) and asked.answer.regulation.norms[line.norm].pooled:
                flag = standing(asked.answer, line.assured)
                support = PriorSupport(norm=line.norm, amount_vnd=paid[line.norm], technology_line=flag)
                self.made.setdefault(claim.establishment, []).append((reference, support))


def sharing(claims: Iterable[Claim | None]) -> dict[str, list[int]]:
    """The places of the claims that may use a cap of one another, by establishment: several under one norm with a pool."""
    under: dict[tuple[str, str], list[int]] = {}
    for place, claim in enumerate(claims):
        for line in claim.answer.lines if claim else ():
            if claim and claim.answer.regulation.norms[line.norm].pooled:
                under.setdefault((claim.establishment, line.norm), []).append(place)
    together: dict[str, set[int]] = {}
    for (establishment, _), places in under.items():
        if len(places) > 1:
            together.setdefault(establishment, set()).update(places)
    return {establishment: sorted(places) for establishment, places in together.items()}
