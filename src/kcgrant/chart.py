"""Chart: curves of support as lines of one chart, and the chart in plain characters for a terminal.

The decision taken here: curves that are equal at every cost are one line with all their names; amounts are read off the
curves as integers and stand exactly in the table under the chart, and only labels inside it are rounded, with a "≈".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from io import StringIO
from itertools import chain, count, repeat
from string import ascii_uppercase
from typing import TYPE_CHECKING, Final, NamedTuple

from kcgrant.curve import Curve
from kcgrant.errors import Fault, InputError, Lang, Text, shown
from kcgrant.money import MOST_VND, decimal, figures, percentage
from kcgrant.regulation import Regulation

if TYPE_CHECKING:
    from rich.table import Table

_MILLION: Final = 10**6
_HEIGHT: Final = 11  # rows of the plain chart above that of zero

_WORDS: Final = {
    "cost": Text(en="Cost ({unit})", vi="Chi phí ({unit})"),
    "support": Text(en="Support at most ({unit})", vi="Hỗ trợ tối đa ({unit})"),
    "unit_million": Text(en="million VND", vi="triệu đồng"),
    "unit_dong": Text(en="VND", vi="đồng"),
    "turn_million": Text(en="{cost} → {support} million", vi="{cost} → {support} triệu"),
    "turn_dong": Text(en="VND {cost} → {support}", vi="{cost} → {support} đồng"),
    "amount_million": Text(en="{amount} million", vi="{amount} triệu"),
    "amount_dong": Text(en="VND {amount}", vi="{amount} đồng"),
    "marked": Text(en="cost {cost}", vi="chi phí {cost}"),
    "lines": Text(en="{name}, technology lines only", vi="{name}, chỉ dây chuyền công nghệ"),
    "prior": Text(en="{name}, after {prior} of earlier support", vi="{name}, sau khi trừ {prior} đã hỗ trợ"),
    "no_rate": Text(en="not stated", vi="không nêu"),
    "head_name": Text(en="Support for", vi="Nội dung hỗ trợ"),
    "head_rate": Text(en="Rate", vi="Tỷ lệ"),
    "head_limit": Text(en="At most\n(VND)", vi="Tối đa\n(đồng)"),
    "head_reached": Text(en="Reached from\na cost of (VND)", vi="Đạt tối đa khi\nchi phí từ (đồng)"),
    "head_marked": Text(en="At a cost of\n{cost}", vi="Khi chi phí là\n{cost}"),
}


class Drawn(NamedTuple):
    """A curve that is to be drawn, and the regulation that it is of."""

    law: Regulation
    curve: Curve


class Line(NamedTuple):
    """One line of a chart: a curve, the names of all curves drawn that are equal to it, and their rate in words."""

    name: str
    rate: str
    curve: Curve


class Chart(NamedTuple):
    """What a chart shows, in any form: its lines, highest first, the costs and supports up to which it goes, in đồng."""

    title: str
    lines: tuple[Line, ...]
    most_cost_vnd: int
    most_support_vnd: int
    mark_vnd: int | None
    lang: Lang

    def word(self, name: str, **values: str) -> str:
        """A word of the chart in its language."""
        return _WORDS[name][self.lang].format(**values)

    @property
    def unit(self) -> tuple[str, int]:
        """The unit of the axes and labels: million đồng, or đồng where the whole chart lies below a million."""
        return ("dong", 1) if self.most_cost_vnd < _MILLION else ("million", _MILLION)

    def short(self, amount_vnd: int) -> str:
        """An amount in the unit of the chart: exact with up to two decimals or below one unit, else rounded, with a "≈"."""
        _, unit = self.unit
        exact = amount_vnd * 100 % unit == 0 or amount_vnd < unit
        whole, rest = divmod(
            Fraction(amount_vnd, unit) if exact else Fraction(round(amount_vnd * Fraction(100, unit)), 100), 1
        )
        return ("" if exact else "≈ ") + self.figures(whole) + decimal(rest, self.lang)[1:]

    def figures(self, amount_vnd: int) -> str:
        """An amount in đồng in figures alone, for where the unit stands beside it."""
        return figures(amount_vnd, self.lang).strip(" đồngVND")

    def turn(self, curve: Curve) -> str:
        """The label of a turning point: the least cost that yields the most support, and that support."""
        cost, support = self.short(curve.reached_from_vnd), self.short(curve.limit_vnd)
        return self.word(f"turn_{self.unit[0]}", cost=cost, support=support)

    def amount(self, amount_vnd: int) -> str:
        """The label of an amount."""
        return self.word(f"amount_{self.unit[0]}", amount=self.short(amount_vnd))

    def axis(self, name: str) -> str:
        """The title of an axis, `cost` or `support`, with its unit."""
        return self.word(name, unit=self.word(f"unit_{self.unit[0]}"))

    def heads(self) -> list[str]:
        """The heads of the columns of the table, some in two rows."""
        names = ["head_name", "head_rate", "head_limit", "head_reached"]
        marked = [] if self.mark_vnd is None else [self.word("head_marked", cost=self.figures(self.mark_vnd))]
        return [self.word(name) for name in names] + marked

    def cells(self, line: Line) -> list[str]:
        """A row of the table: name, rate, the most support, from which cost, and the support at the cost marked."""
        amounts = [line.curve.limit_vnd, line.curve.reached_from_vnd]
        amounts += [] if self.mark_vnd is None else [line.curve.support(self.mark_vnd)]
        return [line.name, line.rate, *map(self.figures, amounts)]


def chart(drawn: Sequence[Drawn], lang: Lang, mark_vnd: int | None = None, title: str | None = None) -> Chart:
    """What is to be seen: lines, extent, and the title, which is that of the regulations unless given.

    Raises:
        InputError: nothing is to be drawn, the language is neither "en" nor "vi", or the cost marked not 1 to 10^15.

    Example:
        >>> from kcgrant import catalogue
        >>> from kcgrant.curve import curves
        >>> law = catalogue.get("hung-yen-553-2025")
        >>> seen = chart([Drawn(law, curve) for curve in curves(law)], "vi")
        >>> [seen.turn(line.curve) for line in seen.lines][:3]
        ['≈ 3.333,33 → 1.000 triệu', '≈ 1.666,67 → 500 triệu', '900 → 450 triệu']
    """
    if lang not in ("en", "vi"):
        raise _fault(f"lang: {shown(lang)}", 'expected "en" or "vi"', 'cần "en" hoặc "vi"')
    if mark_vnd is not None and not (type(mark_vnd) is int and 1 <= mark_vnd <= MOST_VND):
        en, vi = "expected a whole number of đồng from 1 to 10^15", "cần một số nguyên đồng từ 1 đến 10^15"
        raise _fault(f"mark: {shown(mark_vnd)}", en, vi)
    if not drawn:
        raise _fault("", "there is no norm to draw", "không có mức chi nào để vẽ")
    lines = _lines(drawn, lang)
    laws = {one.law.id: one.law for one in drawn}.values()
    named = "; ".join(f"{law.title[lang]} ({law.document})" for law in laws)
    # A fifth of room to the right of the last turning point shows that the support stays what it is.
    farthest = max([line.curve.reached_from_vnd for line in lines] + [mark_vnd or 1])
    highest = max([line.curve.limit_vnd for line in lines] + [1])
    return Chart(named if title is None else title, lines, -(-farthest * 6 // 5), -(-highest * 8 // 7), mark_vnd, lang)


def _lines(drawn: Sequence[Drawn], lang: Lang) -> tuple[Line, ...]:
    """The curves, those together that are equal at every cost, the highest first."""
    equal: dict[tuple[int, Fraction], list[Drawn]] = {}
    for one in drawn:
        equal.setdefault((-one.curve.limit_vnd, -one.curve.rate), []).append(one)
    several = len({one.law.id for one in drawn}) > 1
    lines = []
    for _, group in sorted(equal.items(), key=lambda pair: pair[0]):
        documents: dict[str, dict[str, None]] = {}
        for one in group:
            documents.setdefault(_name(one.curve, lang), {})[one.law.document] = None
        names = [f"{name} ({', '.join(where)})" if several else name for name, where in documents.items()]
        rates = [one.curve.norm.rate for one in group]
        words = [_WORDS["no_rate"][lang] if rate is None else percentage(rate, lang) for rate in rates]
        lines.append(Line("; ".join(names), "; ".join(dict.fromkeys(words)), group[0].curve))
    return tuple(lines)


def _name(curve: Curve, lang: Lang) -> str:
    name = curve.norm.title[lang] if curve.norm.title else curve.id
    if curve.technology_lines:
        name = _WORDS["lines"][lang].format(name=name)
    return _WORDS["prior"][lang].format(name=name, prior=figures(curve.prior_vnd, lang)) if curve.prior_vnd else name


def _fault(where: str, en: str, vi: str) -> InputError:
    return InputError([Fault(where, Text(en=en, vi=vi))])


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
        >>> from kcgrant.curve import curves
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
        console.print(seen.title, seen.axis("support"), "", sep="\n", markup=False, highlight=False)
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
            cells[_row(seen, line.curve.support(cost))][column] = "─" if cost >= line.curve.reached_from_vnd else "·"
    for letter, line in zip(_letters(), seen.lines, strict=False):
        row, column = _row(seen, line.curve.limit_vnd), line.curve.reached_from_vnd * wide // seen.most_cost_vnd
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
    return [f"{start}└{''.join(line)}", f"{start} {''.join(amounts)}", f"{start} {seen.axis('cost'):>{wide}}"]


def _letters() -> Iterator[str]:
    """A to Z; more lines than that share the last."""
    return chain(ascii_uppercase, repeat("Z"))


def _table(seen: Chart) -> Table:
    from rich.table import Table
    from rich.text import Text as Plain

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column("")
    for number, head in enumerate(seen.heads()):
        table.add_column(Plain(head), justify="right" if number else "left", no_wrap=number > 1)
    for letter, line in zip(_letters(), seen.lines, strict=False):
        table.add_row(letter, *map(Plain, seen.cells(line)))
    return table
