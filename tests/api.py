"""Writes the page of the public names, docs/api.md: `python tests/api.py`. A test compares it with what is there."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import itertools
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "api.md"
PACKAGES = (
    "kcgrant",
    *(f"kcgrant.{name}" for name in ("law", "assessment", "advice", "columns", "register", "programme", "testing")),
)
ROOMS = tuple(
    f"kcgrant.{name}" for name in ("money", "parsing", "language", "fields", "application", "files", "errors", "layout")
)

HEAD = """\
# Every public name

Written by `python tests/api.py` out of the code; a test compares. What is not here may change without notice. An import from
a package, as `from kcgrant.law import proofread`, stays; the rooms inside a package are its own business.
"""


def said_in_source(room: str) -> dict[str, str]:
    """The first line that stands under each constant of a room."""
    found = {}
    found_at = importlib.util.find_spec(room)
    assert found_at
    assert found_at.origin
    body = ast.parse(Path(found_at.origin).read_text(encoding="utf-8")).body
    for node, below in itertools.pairwise(body):
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(target, ast.Name) and isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
            found[target.id] = str(below.value.value)
    return found


def line_of(name: str, thing: object, homes: dict[str, dict[str, str]]) -> str:
    told = next((texts[name] for texts in homes.values() if name in texts), None)
    if told is None and (inspect.isclass(thing) or inspect.isroutine(thing) or inspect.ismodule(thing)):
        told = inspect.getdoc(thing)
    first = re.split(r"(?<=[.?!])\s|\n\n", (told or "").strip().replace("|", "\\|"), maxsplit=1)[0]
    return " ".join(first.split())


def public(module: str) -> Iterator[tuple[str, object]]:
    """The names that a package offers, or those that a room defines and says something of."""
    home = importlib.import_module(module)
    own = said_in_source(module)
    for name in getattr(home, "__all__", None) or vars(home):
        thing = getattr(home, name)
        defined = getattr(thing, "__module__", None) == module and (inspect.isclass(thing) or inspect.isroutine(thing))
        if hasattr(home, "__all__") or (not name.startswith("_") and (defined or name in own)):
            yield name, thing


def page() -> str:
    sections = [HEAD]
    for module in (*PACKAGES, *ROOMS):
        home = importlib.import_module(module)
        rooms = [
            f"{module}.{room.name}" for room in pkgutil.iter_modules(getattr(home, "__path__", ())) if not room.ispkg
        ] or [module]
        homes = {room: said_in_source(room) for room in rooms}
        about = " ".join((inspect.getdoc(home) or "").split("\n\n")[0].split())
        rows = [
            f"| `{name}` | {line_of(name, thing, homes)} |"
            for name, thing in sorted(public(module), key=lambda one: one[0].casefold())
        ]
        sections.append("\n".join([f"## `{module}`", "", about, "", "| name | is |", "|---|---|", *rows]) + "\n")
    return "\n".join(sections)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
