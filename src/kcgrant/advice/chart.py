"""Chart: curves of support as lines of one chart, and the chart in plain characters for a terminal.

The decision taken here: curves that are equal at every cost are one line with all their names; amounts are read off the
curves as integers and stand exactly in the table under the chart, and only labels inside it are rounded, with a "≈".
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from io import StringIO
from itertools import count
from string import ascii_uppercase
from typing import TYPE_CHECKING, Final, NamedTuple

from kcgrant.advice.curve import Curve
from kcgrant.assessment.explanation import variations_in_words
from kcgrant.errors import InputError, fault
from kcgrant.fields import not_one_of
from kcgrant.language import Lang, both, decimal, figures, grouped, percentage, say
from kcgrant.law.regulation import Regulation
from kcgrant.money import MOST_VND

if TYPE_CHECKING:
    from rich.table import Table


_MILLION: Final = 10**6
_HEIGHT: Final = 11  # rows of the plain chart above that of zero


class Drawn(NamedTuple):
    """A curve that is to be drawn, and the regulation that it is of."""

    law: Regulation
    curve: Curve


class Graph(NamedTuple):
    """One line of a chart: a curve, the names of all curves drawn that are equal to it, and their rate in words."""

    name: str
    rate: str
    curve: Curve


class Chart(NamedTuple):
    """What a chart shows, in any form: its lines, highest first, the costs and supports up to which it goes, in đồng."""

    title: str
    lines: tuple[Graph, ...]
    most_cost_vnd: int
    most_support_vnd: int
    mark_vnd: int | None
    lang: Lang

    def word(self, english: str, **values: object) -> str:
        """A phrase in the language of the chart."""
        return say(english, self.lang, **values)

    @property
    def unit(self) -> int:
        """The unit of the axes and labels: million đồng, or đồng where the whole chart lies below a million."""
        return 1 if self.most_cost_vnd < _MILLION else _MILLION

    def short(self, amount_vnd: int) -> str:
        """An amount in the unit of the chart: exact with up to two decimals or below one unit, else rounded, with a "≈"."""
        number = Fraction(amount_vnd, self.unit)
        exact = amount_vnd < self.unit or (number * 100).denominator == 1
        whole, rest = divmod(number if exact else Fraction(round(number * 100), 100), 1)
        return ("" if exact else "≈ ") + grouped(whole, self.lang) + decimal(rest, self.lang)[1:]

    def turn(self, curve: Curve) -> str:
        """The label of a turning point: the least cost that yields the most support, and that support."""
        return f"{self.short(curve.reached_from_vnd)} → {self.amount(curve.limit_vnd)}"

    def amount(self, amount_vnd: int) -> str:
        """The label of an amount."""
        return self.word("{amount} million" if self.unit == _MILLION else "VND {amount}", amount=self.short(amount_vnd))

    def axis(self, name: str) -> str:
        """The title of an axis with its unit."""
        return self.word(name, unit=self.word("million VND" if self.unit == _MILLION else "VND"))

    def table(self) -> list[list[str]]:
        """Heads, some in two rows; then each line: name, rate, most support, from which cost, and at the cost marked."""
        heads = ("Support for", "Rate", "At most\n(VND)", "Reached from\na cost of (VND)")
        rows = [[self.word(head) for head in heads]]
        for line in self.lines:
            amounts = line.curve.limit_vnd, line.curve.reached_from_vnd
            none = self.word("none")
            told = [grouped(amount, self.lang) if line.curve.capped else none for amount in amounts]
            rows.append([line.name, line.rate, *told])
        if self.mark_vnd is not None:
            rows[0].append(self.word("At a cost of\n{cost}", cost=self.mark_vnd))
            for row, line in zip(rows[1:], self.lines, strict=True):
                row.append(grouped(line.curve.support(self.mark_vnd), self.lang))
        return rows


_UNCAPPED_COST: Final = 10**9  # how far a chart goes whose curves have no cap


def chart(drawn: Sequence[Drawn], lang: Lang, mark_vnd: int | None = None, title: str | None = None) -> Chart:
    """What is to be seen: lines, extent, and the title, which is that of the regulations unless given.

    Raises:
        InputError: nothing is to be drawn, the language is neither "en" nor "vi", or the cost marked not 1 to 10^15.

    Example:
        >>> from kcgrant import catalogue
        >>> from kcgrant.advice.curve import curves
        >>> law = catalogue.get("hung-yen-553-2025")
        >>> seen = chart([Drawn(law, curve) for curve in curves(law)], "vi")
        >>> [seen.turn(line.curve) for line in seen.lines][:3]
        ['≈ 3.333,33 → 1.000 triệu', '≈ 1.666,67 → 500 triệu', '900 → 450 triệu']
    """
    if lang not in ("en", "vi"):
        raise InputError([not_one_of("lang", lang, ("en", "vi"))])
    if mark_vnd is not None and not (type(mark_vnd) is int and 1 <= mark_vnd <= MOST_VND):
        whole = both("a whole number of đồng from 1 to 10^15, such as 420000000")
        raise InputError([fault("mark", "given {given}; expected {expected}", given=mark_vnd, expected=whole)])
    if not drawn:
        raise InputError([fault("", "there is no norm to draw")])
    lines = _lines(drawn, lang)
    laws = {one.law.id: one.law for one in drawn}.values()
    named = "; ".join(f"{law.title[lang]} ({law.document})" for law in laws)
    # A fifth of room to the right of the last turning point shows that the support stays what it is.
    capped = [line.curve for line in lines if line.curve.capped]
    farthest = max([curve.reached_from_vnd for curve in capped] + [mark_vnd or (1 if capped else _UNCAPPED_COST)])
    highest = max([line.curve.limit_vnd if line.curve.capped else line.curve.support(farthest) for line in lines] + [1])
    return Chart(named if title is None else title, lines, -(-farthest * 6 // 5), -(-highest * 8 // 7), mark_vnd, lang)


def _lines(drawn: Sequence[Drawn], lang: Lang) -> tuple[Graph, ...]:
    """The curves, those together that are equal at every cost, the highest first."""
    equal: dict[tuple[Fraction, int], list[Drawn]] = {}
    for one in drawn:
        equal.setdefault(one.curve.shape, []).append(one)
    several = len({one.law.id for one in drawn}) > 1
    highest_first = sorted(equal, key=lambda shape: shape[::-1], reverse=True)
    return tuple(_graph(equal[shape], lang, several=several) for shape in highest_first)


def _graph(equal: Sequence[Drawn], lang: Lang, *, several: bool) -> Graph:
    """One line for curves that are equal; each name once, with its documents where those of `several` laws are drawn."""
    documents: dict[str, dict[str, None]] = {}
    for law, curve in equal:
        documents.setdefault(_name(law, curve, lang), {})[law.document] = None
    names = [f"{name} ({', '.join(where)})" if several else name for name, where in documents.items()]
    rates = [one.curve.norm.rate for one in equal]
    words = [say("none", lang) if rate is None else percentage(rate, lang) for rate in rates]
    return Graph("; ".join(names), "; ".join(dict.fromkeys(words)), equal[0].curve)


def _name(law: Regulation, curve: Curve, lang: Lang) -> str:
    name = curve.norm.title[lang] if curve.norm.title else curve.id
    if curve.technology_lines:
        name = say("{name}, technology lines only", lang, name=name)
    if held := variations_in_words(law, curve.variations, lang):
        name = say("{norm}, where {facts}", lang, norm=name, facts=held)
    if not curve.prior_vnd:
        return name
    return say("{name}, after {prior} of earlier support", lang, name=name, prior=figures(curve.prior_vnd, lang))


def ticks(most_vnd: int, at_most: int) -> list[int]:
    """Round amounts from 0 on, at most so many steps, for an axis that ends at an amount.

    Example:
        >>> ticks(4_000_000_001, 8), ticks(3, 8)
        ([0, 500000000, 1000000000, 1500000000, 2000000000, 2500000000, 3000000000, 3500000000, 4000000000], [0, 1, 2, 3])
    """
    steps = (digit * 10**power for power in count() for digit in (1, 2, 5))
    step: int = next(step for step in steps if most_vnd // step <= at_most)
    return list(range(0, most_vnd + 1, step))


# --- in plain characters ----------------------------------------------------------------------------------------------


def as_chart(drawn: Sequence[Drawn], lang: Lang, *, mark_vnd: int | None = None, width: int = 100) -> str:
    r"""The chart for a terminal, without colour: each line has a letter, and stands exactly in the table below.

    A letter stands where its line reaches its most, and again at its end on the right.

    Raises:
        InputError: nothing is to be drawn, the language is neither "en" nor "vi", or the cost marked not 1 to 10^15.

    Example:
        >>> from kcgrant import catalogue
        >>> from kcgrant.advice.curve import curves
        >>> law = catalogue.get("hung-yen-553-2025")
        >>> rows = as_chart([Drawn(law, curve) for curve in curves(law, "advanced-machinery")], "en", width=60).splitlines()
        >>> print("\n".join(rows[5:10]))
            │                                           A──────── A
        400 │                                       ····
            │                                  ·····
            │                              ····
        300 │                         ···B─────────────────────── B
    """
    from rich.console import Console

    seen = chart(drawn, lang, mark_vnd)
    console = Console(file=StringIO(), width=width, color_system=None, force_terminal=False, legacy_windows=False)
    with console.capture() as captured:
        console.print(seen.title, seen.axis("Support at most ({unit})"), "", sep="\n", markup=False, highlight=False)
        for row in _grid(seen, width):
            console.print(row, markup=False, highlight=False, soft_wrap=True)
        console.print()
        console.print(_table(seen))
    return "\n".join(line.rstrip() for line in captured.get().splitlines()) + "\n"


def _grid(seen: Chart, width: int) -> list[str]:
    """The chart itself, row by row from the top, with its axes."""
    heights = {_row(seen, amount): seen.short(amount) for amount in ticks(seen.most_support_vnd, 5)}
    margin = max(map(len, heights.values()))
    wide = max(10, width - margin - 3 - len(seen.lines))
    cells = [[" "] * wide for _ in range(_HEIGHT + 1)]
    if seen.mark_vnd is not None:
        for across in cells:
            across[seen.mark_vnd * wide // seen.most_cost_vnd] = "┊"
    ends = [""] * (_HEIGHT + 1)
    for line in seen.lines:
        for column in range(wide):
            cost = max(1, seen.most_cost_vnd * column // wide)
            support = min(line.curve.support(cost), seen.most_support_vnd)
            cells[_row(seen, support)][column] = "─" if cost >= line.curve.reached_from_vnd else "·"
    for letter, line in zip(_letters(seen), seen.lines, strict=True):
        most_vnd, at_vnd = line.curve.limit_vnd, line.curve.reached_from_vnd
        if not line.curve.capped:  # it leaves the chart on the right
            at_vnd = seen.most_cost_vnd - 1
            most_vnd = min(line.curve.support(at_vnd), seen.most_support_vnd)
        row, column = _row(seen, most_vnd), at_vnd * wide // seen.most_cost_vnd
        cells[row][column] = letter if cells[row][column] in "·─┊ " else "*"
        ends[row] += letter
    rows = [f"{heights.get(at, ''):>{margin}} │{''.join(cells[at])} {ends[at]}" for at in reversed(range(_HEIGHT + 1))]
    return [*rows, *_foot(seen, margin, wide)]


def _row(seen: Chart, support_vnd: int) -> int:
    """The row nearest to a support, from 0 at the bottom."""
    return (2 * support_vnd * _HEIGHT + seen.most_support_vnd) // (2 * seen.most_support_vnd)


def _foot(seen: Chart, margin: int, wide: int) -> list[str]:
    """The axis of costs, its amounts, and its title."""
    line, amounts = ["─"] * wide, [" "] * wide
    for amount in ticks(seen.most_cost_vnd, wide // 12):
        at, label = amount * wide // seen.most_cost_vnd, seen.short(amount)
        if at + len(label) <= wide:
            line[at] = "┴"
            amounts[at : at + len(label)] = label
    start = " " * (margin + 1)
    return [f"{start}└{''.join(line)}", f"{start} {''.join(amounts)}", f"{start} {seen.axis('Cost ({unit})'):>{wide}}"]


def _letters(seen: Chart) -> str:
    """A letter for each line, from A to Z; more lines than that share the last."""
    return ascii_uppercase[: len(seen.lines)].ljust(len(seen.lines), "Z")


def _table(seen: Chart) -> Table:
    from rich.table import Table
    from rich.text import Text as Plain

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column("")
    heads, *rows = seen.table()
    for number, head in enumerate(heads):
        table.add_column(Plain(head), justify="right" if number else "left", no_wrap=number > 1)
    for letter, row in zip(_letters(seen), rows, strict=True):
        table.add_row(letter, *map(Plain, row))
    return table
