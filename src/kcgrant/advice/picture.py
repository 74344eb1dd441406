"""Picture: a chart of curves of support as an SVG or PNG file for a report (extra `plot`: matplotlib).

The decision taken here: made for the width of a page in black and white, so lines differ by pattern and marker, and the
exact amounts stand in a table below; a label that finds no free place is left to it. Equal inputs give equal bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import cycle, product
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kcgrant.advice.chart import Chart, Drawn, chart, ticks
from kcgrant.errors import InputError, fault, printable
from kcgrant.files import atomically
from kcgrant.language import Lang

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.path import Path as MplPath
    from matplotlib.text import Annotation
    from matplotlib.transforms import Bbox


# All lengths are in points, 72 to the inch; 453 points are 16 cm, the width of the text on a page of A4.
INCH: Final = 72
DOTS: Final = 300  # to the inch, in a PNG
WIDTH: Final = 453
_PLOT: Final = 205
SIDE: Final = 12  # the margin of the picture, wide enough for half of the last amount on an axis
_LEFT, _BELOW, _ABOVE = 40, 32, 24  # around the plot, for its axes and the title
LEADING, _BETWEEN = 9, 2  # from line to line of a text, and between rows of the table
_GAP: Final = 10  # between columns of the table
_SAMPLE: Final = 34  # of a line, before its name in the table
_SIZE: Final = 7
_THIN: Final = 1 / 2
_GREY: Final = "dimgrey"
_FONT: Final = "DejaVu Sans"  # comes with matplotlib and has every letter of Vietnamese
_OFFSET: Final = "offset points"
_AWAY: Final = (4, 10, 16, 24, 32)  # how far a label may stand from its point
_SIDES: Final = ((-1, 1), (1, -1), (1, 1), (-1, -1), (0, 1), (0, -1))  # on which side of it: right, up
_SUFFIXES: Final = (".svg", ".png")

_PATTERNS: Final = ("solid", (0, (6, 2)), (0, (2, 1)), (0, (8, 2, 2, 2)), (0, (1, 1)))
_MARKERS: Final = ("o", "s", "^", "D", "v", "P", "X")
_STYLE: Final[dict[str, Any]] = {
    "font.family": _FONT,
    "font.size": _SIZE,
    "text.parse_math": False,
    "svg.fonttype": "none",  # text stays text
    "svg.hashsalt": "kcgrant",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "lines.linewidth": 1,
    "lines.markersize": 4,
    "lines.markerfacecolor": "white",
    "lines.color": "black",
    "lines.dash_capstyle": "butt",
}


def draw(
    drawn: Sequence[Drawn], path: str | Path, lang: Lang = "en", *, mark_vnd: int | None = None, title: str | None = None
) -> None:
    """Draws support against cost into an SVG or PNG file, 16 cm wide; its name says which.

    Each line is labelled where it reaches its most, in million đồng: the least cost that does, and the support. A cost
    marked stands with the support that each line yields there. The title is that of the regulations unless given.

    Raises:
        InputError: the file name ends otherwise or cannot be written, nothing is to be drawn, the language is neither "en"
            nor "vi", or the cost marked is not 1 to 10^15.
        ModuleNotFoundError: the extra `plot` is not installed.

    Example:
        >>> from kcgrant import catalogue
        >>> from kcgrant.advice.curve import curves
        >>> law = catalogue.get("hung-yen-553-2025")
        >>> draw([Drawn(law, curve) for curve in curves(law)], "hung-yen.pdf")
        Traceback (most recent call last):
        kcgrant.errors.InputError: hung-yen.pdf: expected a name that ends in .svg or .png
    """
    save(path, lambda: _figure(chart(drawn, lang, mark_vnd, title)))


def save(path: str | Path, figure: Callable[[], Figure]) -> None:
    """Draws a figure in the style of all pictures into an SVG or PNG file.

    Raises:
        InputError: the file name ends otherwise or cannot be written.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in _SUFFIXES:
        raise InputError([fault(printable(str(path)), "expected a name that ends in .svg or .png")])
    import matplotlib.style

    with matplotlib.style.context(_STYLE, after_reset=True):
        content = BytesIO()
        metadata = {"Date": None, "Creator": "kcgrant"} if suffix == ".svg" else {"Software": "kcgrant"}
        figure().savefig(content, format=suffix[1:], dpi=DOTS, metadata=metadata)
    atomically(path, lambda beside: beside.write_bytes(content.getvalue()))


# --- the page ---------------------------------------------------------------------------------------------------------


def _figure(seen: Chart) -> Figure:
    """The whole picture: title, plot, table."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(dpi=DOTS)
    FigureCanvasAgg(figure)
    title = wrapped(figure, seen.title, WIDTH - 2 * SIDE, "bold")
    cells = [[cell.split("\n") for cell in row] for row in seen.table()]
    edges = _edges(figure, cells)
    for row in cells:
        row[0] = wrapped(figure, row[0][0], edges[0] - SIDE - _SAMPLE)
    table = sum(LEADING * max(map(len, row)) + _BETWEEN for row in cells)
    foot = table + SIDE + _BELOW
    height = foot + _PLOT + _ABOVE + LEADING * len(title)
    figure.set_size_inches(WIDTH / INCH, height / INCH)
    page = figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(0, height))
    page.set_axis_off()
    page.text(SIDE, height - SIDE, "\n".join(title), va="top", weight="bold")
    _table(page, seen, cells, edges, table)
    _plot(figure.add_axes((_LEFT / WIDTH, foot / height, (WIDTH - _LEFT - SIDE) / WIDTH, _PLOT / height)), seen)
    return figure


def _width(figure: Figure, text: str, weight: str = "normal") -> int:
    """The width of a text in points, rounded up."""
    from matplotlib.font_manager import FontProperties

    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    font = FontProperties(family=_FONT, size=_SIZE, weight=weight)
    dots, _, _ = renderer.get_text_width_height_descent(text, font, ismath=False)
    return int(dots * INCH / DOTS) + 1


def wrapped(figure: Figure, text: str, width: int, weight: str = "normal") -> list[str]:
    """The text in lines that are no wider, broken between words."""
    lines: list[str] = []
    for word in text.split():
        if lines and _width(figure, f"{lines[-1]} {word}", weight) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _edges(figure: Figure, cells: list[list[list[str]]]) -> list[int]:
    """Where the columns end on the right, that of the names first."""
    edges = [WIDTH - SIDE]
    for column in reversed(range(1, len(cells[0]))):
        edges.append(edges[-1] - _GAP - max(_width(figure, line) for row in cells for line in row[column]))
    return edges[::-1]


def _table(page: Axes, seen: Chart, cells: list[list[list[str]]], edges: list[int], top: int) -> None:
    """What each line is, with its exact amounts, below the plot."""
    for number, row in enumerate(cells):
        for column, lines in enumerate(row):
            at, align = (SIDE + _SAMPLE, "left") if column == 0 else (edges[column], "right")
            for index, text in enumerate(lines):
                page.text(at, top - LEADING * (index + 1) + 2, text, ha=align, va="baseline")
        middle = top - LEADING // 2
        if number:
            page.plot((SIDE, SIDE + _SAMPLE - _GAP), (middle, middle), color="black", **_looks(seen)[number - 1])
        top -= LEADING * max(map(len, row)) + _BETWEEN
        if number == 0:
            page.plot((SIDE, WIDTH - SIDE), (top + 1, top + 1), color="black", linewidth=_THIN)


def _looks(seen: Chart) -> list[dict[str, Any]]:
    """The pattern and marker of each line; they repeat together only after 35 lines."""
    looks = zip(cycle(_PATTERNS), cycle(_MARKERS), seen.lines, strict=False)
    return [{"linestyle": pattern, "marker": marker} for pattern, marker, _ in looks]


# --- the plot ---------------------------------------------------------------------------------------------------------


def _plot(axes: Axes, seen: Chart) -> None:
    """The lines on their axes: solid as far as the rate leads up to the cap, each in its pattern from there on."""
    axes.set_xlim(0, float(seen.most_cost_vnd))
    axes.set_ylim(0, float(seen.most_support_vnd))
    for axis, amounts in ((axes.xaxis, ticks(seen.most_cost_vnd, 8)), (axes.yaxis, ticks(seen.most_support_vnd, 6))):
        axis.set_ticks([*map(float, amounts)], [seen.short(amount) for amount in amounts])
    axes.set_xlabel(seen.axis("Cost ({unit})"))
    axes.set_ylabel(seen.axis("Support at most ({unit})"))
    room = _Room(axes)
    if seen.mark_vnd is not None:
        room.line((seen.mark_vnd, seen.mark_vnd), (0, seen.most_support_vnd), color=_GREY, linewidth=_THIN)
    for line, look in zip(seen.lines, _looks(seen), strict=True):
        cost, support = line.curve.reached_from_vnd, line.curve.limit_vnd
        if not line.curve.capped:  # straight on, out of the picture
            room.line((0, seen.most_cost_vnd), (0, line.curve.support(seen.most_cost_vnd)), linewidth=1)
            continue
        room.line((0, cost), (0, support), linewidth=1)
        room.line((cost, seen.most_cost_vnd), (support, support), clip_on=False, zorder=3, **look)
        room.mark(cost, support)
        room.mark(seen.most_cost_vnd, support)
    _labels(room, seen)


def _labels(room: _Room, seen: Chart) -> None:
    """The turning points and, at the cost marked, the amounts, each where it touches nothing else."""
    capped = [line.curve for line in seen.lines if line.curve.capped]
    turns = {(curve.reached_from_vnd, curve.limit_vnd): seen.turn(curve) for curve in capped}
    if seen.mark_vnd is not None:
        text, top = (
            seen.word("cost {cost}", cost=seen.amount(seen.mark_vnd)),
            (float(seen.mark_vnd), float(seen.most_support_vnd)),
        )
        side = "left" if seen.mark_vnd * 2 < seen.most_cost_vnd else "right"
        room.axes.annotate(text, top, (0, 2), textcoords=_OFFSET, ha=side)
        for support in {line.curve.support(seen.mark_vnd): None for line in seen.lines}:
            room.axes.plot(float(seen.mark_vnd), float(support), marker="x", color="black", zorder=4)
            room.mark(seen.mark_vnd, support)
            if (seen.mark_vnd, support) not in turns:
                room.label((seen.mark_vnd, support), seen.amount(support))
    for (cost, support), label in turns.items():
        if not room.label((cost, support), label):  # then it stands at the end of its line
            room.label((seen.most_cost_vnd, support), label)


@dataclass(frozen=True, slots=True)
class _Room:
    """A plot, and what of it is taken: `boxes` of labels and markers, `paths` of lines, both in dots."""

    axes: Axes
    boxes: list[Bbox] = field(default_factory=list)
    paths: list[MplPath] = field(default_factory=list)

    def line(self, costs: tuple[int, int], supports: tuple[int, int], **look: Any) -> None:
        """A straight line; its ends as places on the page, since some are past the whole numbers of 64 bits."""
        from matplotlib.path import Path as MplPath

        (left, right), (low, high) = map(float, costs), map(float, supports)
        self.axes.plot((left, right), (low, high), **{"color": "black"} | look)
        self.paths.append(MplPath(self.axes.transData.transform([(left, low), (right, high)])))

    def mark(self, cost_vnd: int, support_vnd: int) -> None:
        """A marker takes room."""
        from matplotlib.transforms import Bbox

        (x, y), reach = self.axes.transData.transform((float(cost_vnd), float(support_vnd))), 3 * DOTS / INCH
        self.boxes.append(Bbox([[x - reach, y - reach], [x + reach, y + reach]]))

    def label(self, place: tuple[int, int], text: str) -> bool:
        """A label near a place, with a thin line to it where it stands away; False where there is no room for it."""
        point = float(place[0]), float(place[1])
        for away, (right, up) in product(_AWAY, _SIDES):
            offset = (right * away, up * away)
            ha, va = ("center", "left", "right")[right], ("center", "bottom", "top")[up]
            label = self.axes.annotate(text, point, offset, textcoords=_OFFSET, zorder=5, ha=ha, va=va)
            if self._takes(label, point, offset):
                if away > _AWAY[0]:
                    arrow = {"arrowstyle": "-", "linewidth": _THIN, "shrinkA": 0, "shrinkB": 2, "color": _GREY}
                    self.axes.annotate("", point, offset, textcoords=_OFFSET, arrowprops=arrow)
                return True
            label.remove()
        return False

    def _takes(self, label: Annotation, point: tuple[float, float], offset: tuple[int, int]) -> bool:
        """Takes the room of a label and of the line to it, if it is free."""
        from matplotlib.path import Path as MplPath

        box, inside = label.get_window_extent().padded(2 * DOTS / INCH), self.axes.bbox
        start = self.axes.transData.transform(point)
        tie = MplPath([start + [way * DOTS / INCH / part for way in offset] for part in (2, 1)])
        free = (
            inside.contains(box.x0, box.y0)
            and inside.contains(box.x1, box.y1)
            and not box.count_overlaps(self.boxes)
            and not any(path.intersects_bbox(box, filled=False) for path in self.paths)
            and not any(tie.intersects_bbox(other, filled=False) for other in self.boxes)
        )
        if free:
            self.boxes.append(box)
            self.paths.append(tie)
        return free
