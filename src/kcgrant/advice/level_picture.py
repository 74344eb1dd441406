"""Level picture: the caps of all localities as bars, norm by norm, for a report (extra `plot`: matplotlib).

The decision taken here: made like the other pictures, 16 cm wide, in black and white. The home text is black, others that
are ranked are white, what is not ranked is hatched; each bar ends with its percentage and cap, so that no axis is needed.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kcgrant.advice.level_tables import called, cell, head_of, rank_in_words, remarks, title_of_all, years_of
from kcgrant.advice.levels import Localities, NormLevels
from kcgrant.advice.picture import DOTS, INCH, LEADING, SIDE, WIDTH, save, wrapped
from kcgrant.language import Lang

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# In points, as in every picture.
_HALF: Final = (WIDTH - 3 * SIDE) // 2  # two norms beside each other
_NAMES: Final = 88  # for the names of places with their years
_FIGURES: Final = 62  # for the figures behind the longest bar
_ROW: Final = LEADING + 2
_BAR: Final = 7


def draw_levels(found: Localities, path: str | Path, lang: Lang = "en") -> None:
    """Draws the caps of all texts, the highest first, into an SVG or PNG file, 16 cm wide; its name says which.

    Raises:
        InputError: the file name ends otherwise or cannot be written.
        ModuleNotFoundError: the extra `plot` is not installed.
    """
    save(path, lambda: _figure(found, lang))


def _figure(found: Localities, lang: Lang) -> Figure:
    """The whole picture: title, norms two by two, and what it says."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(dpi=DOTS)
    FigureCanvasAgg(figure)
    heads = {one.norm: wrapped(figure, _head(found, one, lang), _HALF, "bold") for one in found.norms if one.levels}
    drawn = [one for one in found.norms if _bars(found, one)]
    bands = [drawn[start : start + 2] for start in range(0, len(drawn), 2)]
    heights = [max(len(heads[one.norm]) * LEADING + len(_bars(found, one)) * _ROW for one in band) for band in bands]
    title = wrapped(figure, title_of_all(found, lang), WIDTH - 2 * SIDE, "bold")
    told = [line for remark in remarks(found, lang, full=False) for line in wrapped(figure, remark, WIDTH - 2 * SIDE)]
    height = sum(heights) + LEADING * (len(title) + len(told) + 2 * len(bands)) + 3 * SIDE
    figure.set_size_inches(WIDTH / INCH, height / INCH)
    page = figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(0, height))
    page.set_axis_off()
    page.text(SIDE, height - SIDE, "\n".join(title), va="top", weight="bold")
    top = height - 2 * SIDE - LEADING * len(title)
    for band, high in zip(bands, heights, strict=True):
        for number, one in enumerate(band):
            _panel(page, found, (one, heads[one.norm]), (SIDE + number * (_HALF + SIDE), top), lang)
        top -= high + 2 * LEADING
    page.text(SIDE, SIDE, "\n".join(told), va="bottom")
    return figure


def _head(found: Localities, norm: NormLevels, lang: Lang) -> str:
    """What a norm is called, and how high the cap of the home text is among the others."""
    head, own = head_of(found, norm.norm, lang), found.level(norm.norm)
    rank = own.ranks.get("cap_vnd") if own else None
    return f"{head}: {rank_in_words(rank, lang)}" if rank else head


def _bars(found: Localities, norm: NormLevels) -> list[tuple[int, int]]:
    """The numbers of the texts that state a cap, with it: ranked before others, the highest first."""
    caps = [(number, found.level(norm.norm, one.law.id)) for number, one in enumerate(found.texts)]
    stated = [(number, level.cap_vnd) for number, level in caps if level and level.cap_vnd is not None]
    return sorted(stated, key=lambda pair: (not found.texts[pair[0]].ranked, -pair[1], pair[0]))


def _panel(page: Axes, found: Localities, titled: tuple[NormLevels, list[str]], at: tuple[int, int], lang: Lang) -> None:
    """One norm: its title, and a bar for each text."""
    (norm, head), (left, top) = titled, at
    bars = _bars(found, norm)
    page.text(left, top, "\n".join(head), va="top", weight="bold")
    most, middle = max(cap for _, cap in bars), top - LEADING * len(head) - _ROW
    for number, cap in bars:
        one = found.texts[number]
        wide = (_HALF - _NAMES - _FIGURES) * cap // most
        page.text(left, middle, f"{called(found, one, lang)} {years_of(one.law)}", va="center")
        page.barh(middle, wide, _BAR, left + _NAMES, edgecolor="black", linewidth=1 / 2, **_look(found, number))
        page.text(left + _NAMES + wide + 3, middle, cell(found.level(norm.norm, one.law.id), lang), va="center")
        middle -= _ROW


def _look(found: Localities, number: int) -> dict[str, Any]:
    one = found.texts[number]
    if one.law.id == found.home:
        return {"facecolor": "black"}
    return {"facecolor": "white"} if one.ranked else {"facecolor": "white", "hatch": "//////"}
