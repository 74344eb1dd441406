"""Establishments: which dossiers are of one establishment, for a register and for a plan alike.

The decision taken here: the same tax code is the same establishment, a branch (suffix -001) with its parent. Without a
tax code the same name in the same province is taken to be the same, and said so; where that name has several tax codes it
is not. Names that are nearly the same are never joined, and reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal, NamedTuple

from kcgrant.errors import shown
from kcgrant.parsing import PERSONAL, code_forms, folded, is_checked, spelling, tax_identity
from kcgrant.register.dossiers import Draft, Item
from kcgrant.register.rows import Place, Remark, gathered, remark

_Named = tuple[str, str]
"""A name, folded, and the province: what stands for an establishment that states no tax code."""


class Shared(NamedTuple):
    """The dossiers of one establishment, and by what they are taken to be so."""

    drafts: Sequence[Draft]
    by: Literal["tax-code", "name"]


def shared_by(drafts: Sequence[Draft]) -> tuple[list[Shared], list[Remark]]:
    """The dossiers by establishment, and what is doubtful about that."""
    by_tax = gathered((tax_identity(draft.stated["tax_code"]), draft) for draft in drafts if "tax_code" in draft.stated)
    nameless = [draft for draft in drafts if "tax_code" not in draft.stated]
    by_name = gathered((_named(draft), draft) for draft in nameless if "establishment" in draft.stated)
    codes: dict[_Named, dict[str, Draft]] = {}
    for code, members in by_tax.items():
        for draft in members:
            codes.setdefault(_named(draft), {}).setdefault(code, draft)
    shared: list[Shared] = []
    told = "one name with the tax codes {codes}; taken to be different establishments"
    remarks = [
        remark("two-tax-codes", _places(known.values(), "tax_code"), told, codes=known)
        for (name, _), known in codes.items()
        if name and len(known) > 1
    ]
    for named, members in by_name.items():
        known = codes.get(named, {})
        if len(known) == 1:
            remarks.append(_taken([*known.values(), *members]))
            by_tax[next(iter(known))] += members
            continue
        if known:
            told = "no tax code, and the name is that of several: {codes}; no cap is shared with them until one is stated"
            places = _places([*members, *known.values()], "establishment")
            remarks.append(remark("whose-name", places, told, codes=known))
        if len(members) > 1:
            remarks.append(_taken(members))
        shared.append(Shared(members, "name"))
    shared += [Shared(members, "tax-code") for members in by_tax.values()]
    for one in shared:
        remarks += _spellings(one.drafts)
    remarks += _nearly_alike(shared)
    alone = [Shared([draft], "name") for draft in nameless if "establishment" not in draft.stated]
    return shared + alone, remarks


def _named(draft: Draft) -> _Named:
    return spelling(str(draft.stated.get("establishment", ""))), str(draft.stated.get("province", ""))


def _places(drafts: Iterable[Draft], column: str) -> list[Place]:
    return [draft.place(column) for draft in drafts]


def _taken(members: Sequence[Draft]) -> Remark:
    told = "{names}: taken to be the same establishment, since name and province are the same and not all state a tax code"
    names = [draft.reference for draft in members]
    return remark("taken-to-be-the-same", _places(members, "establishment"), told, names=names)


# --- two spellings ----------------------------------------------------------------------------------------------------


def _spellings(drafts: Sequence[Draft]) -> Iterator[Remark]:
    """Names and tax codes of one establishment that are not written alike, with a row for each way."""
    single = len(drafts) == 1 and len(drafts[0].rows) == 1  # as most are
    names = {} if single else _ways(drafts, "establishment")
    if len(names) > 1:
        alike = len({spelling(way) for way in names}) == 1
        told = "one establishment under {count} names: {ways}"
        if alike:
            told = "one establishment is written in {count} ways that look alike: {ways}"
        kind = "two-spellings" if alike else "two-names"
        yield remark(kind, names.values(), told, count=len(names), ways=map(shown, names))
    codes: dict[str, Place] = {}
    read: dict[str, str] = {}
    for draft in drafts:
        for way, place in draft.written("tax_code"):
            if way not in codes:
                codes[way], read[way] = place, draft.stated["tax_code"]
    if len(codes) > 1:
        told = "one tax code is written in {count} ways, or with a branch: {ways}; taken to be one establishment"
        yield remark("two-spellings", codes.values(), told, count=len(codes), ways=map(shown, codes))
    for way, place in codes.items():
        if way != read[way] or not is_checked(way):
            yield from _odd_code(way, read[way], place)


def _ways(drafts: Iterable[Draft], column: str) -> dict[str, Place]:
    """Each way of writing in a column, as it stands in the file, with its first place."""
    ways: dict[str, Place] = {}
    for draft in drafts:
        for way, place in draft.written(column):
            ways.setdefault(way, place)
    return ways


def _odd_code(way: str, code: str, place: Place) -> Iterator[Remark]:
    """What should be looked at about a tax code: a zero that was lost, a check digit that is wrong, two possible codes."""
    digits = "".join(filter(str.isdigit, way))
    forms = code_forms(digits)
    if len(forms) > 1:
        told = "{given} can be either of {forms}; format the column as text and type the whole code"
        yield remark("two-forms", [place], told, given=shown(way), forms=forms)
    elif len(digits) < len(code.replace("-", "")):
        told = "{given} has {count} digits: a leading zero lost? Taken for {code}; format the column as text and type it so"
        yield remark("lost-zero", [place], told, given=shown(way), count=len(digits), code=code)
    if len(forms) == 1 and not is_checked(code):
        told = "{given}: the last digit does not check the others; typed wrongly?"
        if len(digits) < PERSONAL and "001" <= digits.rjust(PERSONAL, "0")[:3] <= "096":
            told = "{given}: the last digit does not check the others; typed wrongly, or a personal id that lost its zeros?"
        yield remark("check-digit", [place], told, given=shown(way))


# --- nearly the same name ---------------------------------------------------------------------------------------------

_FEWEST_LETTERS: Final = 3  # of a word in which one letter more or less may be a slip; "Cơ khí A" is not "Cơ khí B"

_FORMS: Final = tuple(
    f"{spelling(form)} "
    for form in (
        *("công ty TNHH MTV", "công ty TNHH", "công ty CP", "công ty", "DNTN", "HTX", "hộ kinh doanh"),
        *("cơ sở sản xuất", "cơ sở", "tổ hợp tác"),
    )
)


def _nearly_alike(shared: Sequence[Shared]) -> Iterator[Remark]:
    """Names of different establishments of a province that differ in accents alone, in one letter, or in one word."""
    first: dict[_Named, tuple[Shared, Draft]] = {}
    for one in shared if any([one.by == "name" for one in shared]) else ():
        for draft in one.drafts:
            first.setdefault(_named(draft), (one, draft))
    told = "{names}: nearly the same name; taken to be different establishments. If they are one, write the name alike"
    for pair in sorted(_near_pairs(first, {named for named, (one, _) in first.items() if one.by == "name"})):
        (one, draft), (other, another) = [first[named] for named in pair]
        if one is not other:
            names = [shown(each.stated["establishment"]) for each in (draft, another)]
            yield remark("near-names", _places((draft, another), "establishment"), told, names=names)


def _near_pairs(names: Iterable[_Named], doubtful: set[_Named]) -> set[tuple[_Named, _Named]]:
    """Pairs of names that are near, one of them doubtful: not borne out by a tax code.

    They are found by what is left of each without one letter, so that no two need be compared.
    """
    known = gathered(((one[1], *rest), one) for one in doubtful for rest in _rests(one[0]))
    found = set()
    for one in names if known else ():
        for rest in _rests(one[0]):
            alike = known.get((one[1], *rest), ())
            if len(alike) < 50:  # more than that is a common word, not a slip
                found |= {(min(one, other), max(one, other)) for other in alike if other != one and _near(one[0], other[0])}
    return found


def _rests(name: str) -> Iterator[tuple[str, str]]:
    """What a name has in common with those that are near it: itself without accents, legal form, a letter, or a word."""
    words = name.split()
    yield from {("accents", folded(name)), ("form", _without_form(name)), ("letter", name), ("word", name)}
    yield from {("letter", rest) for rest in _one_letter_less(words)}
    yield from {("word", rest) for rest in _one_less(words) if len(words) > 2}


def _one_letter_less(words: Sequence[str]) -> Iterator[str]:
    """Each way of leaving a letter out of a word in which that may be a slip."""
    for place, word in enumerate(words):
        if len(word) >= _FEWEST_LETTERS and not any(map(str.isdigit, word)):
            before, after = " ".join([*words[:place], ""]), " ".join(["", *words[place + 1 :]])
            yield from (before + word[:letter] + word[letter + 1 :] + after for letter in range(len(word)))


def _one_less(words: Sequence[str]) -> Iterator[str]:
    """Each way of leaving one out."""
    return (" ".join([*words[:place], *words[place + 1 :]]) for place in range(len(words)))


def _without_form(name: str) -> str:
    return next((name.removeprefix(form) for form in _FORMS if name.startswith(form)), name)


def _near(one: str, other: str) -> bool:
    if one == other or not (one and other):
        return False
    if folded(one) == folded(other) or _without_form(one) == other or one == _without_form(other):
        return True
    words, others = one.split(), other.split()
    if len(words) != len(others):
        return one in _one_less(others) or other in _one_less(words)
    differing = [pair for pair in zip(words, others, strict=True) if pair[0] != pair[1]]
    return len(differing) == 1 and _one_letter(*differing[0])


def _one_letter(word: str, other: str) -> bool:
    """Whether a letter more, less or other makes one word of the other; figures number things and are no slips."""
    if min(len(word), len(other)) < _FEWEST_LETTERS or any(map(str.isdigit, word + other)):
        return False
    if len(word) == len(other):
        return sum(a != b for a, b in zip(word, other, strict=True)) == 1
    short, long = sorted((word, other), key=len)
    return any(long[:place] + long[place + 1 :] == short for place in range(len(long)))


# --- entered twice ----------------------------------------------------------------------------------------------------


def entered_twice(shared: Iterable[Shared]) -> Iterator[Remark]:
    """The items of one establishment with the same norm, name and cost."""
    told = "the same item, norm and cost of one establishment {count} times ({names}); entered twice?"
    twice = "the same item and cost of one establishment under several norms ({norms}); an item is supported once"
    for one in shared:
        items = gathered((item, (draft.reference, at)) for draft in one.drafts for item, at in draft.items())
        for alike in items.values():
            if len(alike) > 1:
                names = dict.fromkeys(reference for reference, _ in alike)
                yield remark("entered-twice", [at for _, at in alike], told, count=len(alike), names=names)
        named = _items(one) if len({item.norm for item in items}) > 1 else ()
        priced = gathered(((item.cost_vnd, item.name), (item.norm, at)) for item, at in named)
        for entries in priced.values():
            norms = dict.fromkeys(norm for norm, _ in entries)
            if len(norms) > 1:
                yield remark("two-norms", [at for _, at in entries], twice, norms=norms)


def _items(one: Shared) -> Iterator[tuple[Item, Place]]:
    """The items of an establishment that have a name."""
    return ((item, at) for draft in one.drafts for item, at in draft.items() if item.name)


def references_alike(drafts: Iterable[Draft]) -> Iterator[Remark]:
    """References that differ in capitals, spaces or look-alike letters only."""
    for way, alike in gathered((spelling(draft.reference), draft) for draft in drafts).items():
        if way and len(alike) > 1:
            told = "references that look alike: {names}; one dossier?"
            names = [shown(draft.reference) for draft in alike]
            yield remark("references-alike", _places(alike, "reference"), told, names=names)
