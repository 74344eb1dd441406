"""Layout: titled sections of labelled rows, as plain text, Markdown or a view for the terminal.

The decision taken here: whoever has something to say makes sections; how they look is settled once.
"""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from rich.console import Group


_WIDTH: Final = 100
_GLUE: Final = "\x00"  # keeps an amount on one line while text is wrapped; no stated text can contain it


class Row(NamedTuple):
    """One entry of a section: a label, which may be empty, and what it says; `strong` for what a reader looks for."""

    label: str
    value: str
    strong: bool = False


class Section(NamedTuple):
    """A titled part of an explanation."""

    title: str
    rows: tuple[Row, ...]


def as_text(parts: list[Section]) -> str:
    """Sections as plain text of at most 100 columns, the labels in a column of their own."""
    return "\n".join(_block(part) for part in parts)


def _block(part: Section) -> str:
    lines = [part.title, "-" * len(part.title)]
    wide = max(len(row.label) for row in part.rows)
    for row in part.rows:
        start = f"  {row.label:{wide}}  " if row.label else "  "
        kept = re.sub(r"(VND|VNĐ) (?=[0-9])|(?<=[0-9]) (?=đồng)", lambda found: found[0].replace(" ", _GLUE), row.value)
        rest = " " * len(start)
        lines += textwrap.wrap(
            kept, _WIDTH, initial_indent=start, subsequent_indent=rest, break_on_hyphens=False, break_long_words=False
        )
    return "\n".join(lines).replace(_GLUE, " ") + "\n"


def as_markdown(parts: list[Section]) -> str:
    """Sections as Markdown: a heading and a table each."""
    blocks = []
    for part in parts:
        lines = [f"## {escaped(part.title)}", "", "| | |", "|---|---|"]
        for row in part.rows:
            value = escaped(row.value)
            lines.append(f"| {escaped(row.label)} | {f'**{value}**' if row.strong else value} |")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def escaped(text: str) -> str:
    """Text that Markdown shows as it is, whatever an applicant is called."""
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", text)


def view(parts: list[Section]) -> Group:
    """Sections as a rich renderable, for a terminal."""
    from rich.console import Group
    from rich.panel import Panel
    from rich.table import Table
    from rich.text import Text as Styled

    panels = []
    for part in parts:
        grid = Table.grid(padding=(0, 2))
        for row in part.rows:
            grid.add_row(Styled(row.label, style="dim"), Styled(row.value, style="bold green" if row.strong else ""))
        panels.append(Panel(grid, title=Styled(part.title, style="bold"), title_align="left", border_style="dim"))
    return Group(*panels)
