"""Layout: titled sections of labelled rows, as plain text, Markdown, HTML or a view for the terminal.

The decision taken here: whoever has something to say makes sections; how they look is settled once.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Sequence, Sized
from dataclasses import fields
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

if TYPE_CHECKING:
    from rich.console import Group

T = TypeVar("T")


_WIDTH: Final = 100
MOST_OF_A_VALUE: Final = 40  # characters of a value in one line
_LABEL: Final = 48  # columns of labels at most
_AMOUNT: Final = re.compile(r"(VND|VNĐ) (?=[0-9])|(?<=[0-9]) (?=đồng)")
_PLAIN: Final = re.compile(r"\S+(?: \S+)*")  # words with one space between: nothing to wrap, and nothing to put right
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
    wide = min(_LABEL, max(len(row.label) for row in part.rows))
    for row in part.rows:
        start = f"  {row.label:{wide}}  " if row.label else "  "
        if len(row.label) > wide:  # it stands above what it says, so that this has room
            lines += textwrap.wrap(row.label, _WIDTH, initial_indent="  ", subsequent_indent="  ")
            start = " " * 6
        lines += _wrapped(start, row.value)
    return "\n".join(lines) + "\n"


@lru_cache(maxsize=4096)
def _wrapped(start: str, value: str) -> tuple[str, ...]:
    """What a row says, behind its start; the readings, notes and sources of a law are the same at every answer."""
    if len(start) + len(value) <= _WIDTH and _PLAIN.fullmatch(value):
        return (start + value,)
    kept = _AMOUNT.sub(lambda found: found[0].replace(" ", _GLUE), value)
    rest = " " * len(start)
    lines = textwrap.wrap(
        kept, _WIDTH, initial_indent=start, subsequent_indent=rest, break_on_hyphens=False, break_long_words=False
    )
    return tuple([line.replace(_GLUE, " ") for line in lines])


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
    return re.sub(r"([\\`*_\[\]<>|#&~])", r"\\\1", text)


# --- HTML -------------------------------------------------------------------------------------------------------------

_STYLE: Final = """
@page { size: A4; margin: 18mm 16mm 18mm 20mm }
.kcgrant { font: 11pt/1.4 "Times New Roman", "Liberation Serif", serif; max-width: 174mm; overflow-wrap: anywhere }
.kcgrant h2 { font-size: 12.5pt; margin: 1.1em 0 .3em; border-bottom: .6pt solid #888; break-after: avoid }
.kcgrant table { width: 100%; border-collapse: collapse; table-layout: fixed; font-size: inherit }
.kcgrant tr { break-inside: avoid; background: none }
.kcgrant th { width: 32%; text-align: left; font-weight: normal; color: #444; vertical-align: top; padding: .1em .8em 0 0 }
.kcgrant td { text-align: left; vertical-align: top; padding: .1em 0; white-space: pre-line }
.kcgrant .narrow th { width: 7% }
"""
_NARROW: Final = 4  # letters of labels such as "12.", which need no third of the page


def as_html(parts: Sequence[Section]) -> str:
    """Sections as a part of an HTML page that brings its own style and refers to nothing outside; all text is escaped.

    Example:
        >>> as_html([Section("A & B", (Row("<b>", "1", strong=True),))]).splitlines()[-3]
        '<tr><th>&lt;b&gt;</th><td><strong>1</strong></td></tr>'
    """
    blocks = [f'<div class="kcgrant"><style>{_STYLE}</style>']
    for part in parts:
        narrow = ' class="narrow"' if all(len(row.label) <= _NARROW for row in part.rows) else ""
        blocks += [f"<h2>{_safe(part.title)}</h2>", f"<table{narrow}>", *map(_html_row, part.rows), "</table>"]
    return "\n".join([*blocks, "</div>"])


def _html_row(row: Row) -> str:
    value = f"<strong>{_safe(row.value)}</strong>" if row.strong else _safe(row.value)
    return f"<tr><th>{_safe(row.label)}</th><td>{value}</td></tr>" if row.label else f'<tr><td colspan="2">{value}</td></tr>'


def _safe(text: str) -> str:
    """Text that a page shows as it is, whatever an applicant is called."""
    from html import escape  # only pages need it

    return escape(text)


def as_page(parts: Sequence[Section], lang: str) -> str:
    """Sections as a whole HTML page, which prints on A4."""
    title = _safe(parts[0].title) if parts else ""
    head = f'<!doctype html>\n<html lang="{lang}">\n<head><meta charset="utf-8"><title>{title}</title>\n'
    head += "<style>body { margin: 8mm auto; max-width: 174mm } @media print { body { margin: 0 } }</style></head>\n<body>\n"
    return f"{head}{as_html(parts)}\n</body>\n</html>\n"


_SHOWN: Final[dict[type, Callable[[Any], Sequence[Section]]]] = {}


def shows(kind: type[T]) -> Callable[[Callable[[T], Sequence[Section]]], Callable[[T], Sequence[Section]]]:
    """Marks what a notebook is to show of a kind of record: the brief part of what is said of it."""

    def mark(told: Callable[[T], Sequence[Section]]) -> Callable[[T], Sequence[Section]]:
        _SHOWN[kind] = told
        return told

    return mark


def in_one_line(record: Any) -> str:
    """A dataclass in one line: its own values, of a list how many, of a record of its own what it is called.

    Example:
        >>> from kcgrant.assessment.record import Reference
        >>> from kcgrant.language import Text
        >>> in_one_line(Reference("x", "1/2025", Text("a", "b"), "0" * 100))
        "Reference(id='x', document='1/2025', title=Text, digest='00000000000000000000000000000000000000…)"
    """
    parts = []
    for field in fields(record):
        value = getattr(record, field.name)
        if value is None or isinstance(value, str | int | Fraction | date):
            said = repr(value.value if isinstance(value, Enum) else value)
            said = said if len(said) <= MOST_OF_A_VALUE else said[: MOST_OF_A_VALUE - 1] + "…"
        elif isinstance(value, Sized):
            said = f"<{len(value)}>"
        else:
            said = str(getattr(value, "id", None) or getattr(value, "reference", None) or type(value).__name__)
        parts.append(f"{field.name}={said}")
    return f"{type(record).__name__}({', '.join(parts)})"


class Shown:
    """A record that is one line where it is printed; a notebook shows its sections, once their room is loaded."""

    __slots__ = ()

    def __repr__(self) -> str:
        """The record in one line."""
        return in_one_line(self)

    def _repr_html_(self) -> str | None:
        """What a notebook shows; None leaves it to `repr`."""
        told = _SHOWN.get(type(self))
        return None if told is None else as_html(told(self))


# --- the terminal -----------------------------------------------------------------------------------------------------


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
