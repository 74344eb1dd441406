"""Counterexample: a case that breaks a law, as a test that runs.

The decision taken here: only what is stated is written, so that the test shows what matters and an officer can read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from kcgrant import catalogue
from kcgrant.application import Application
from kcgrant.door import Record
from kcgrant.regulation import Regulation


def as_test(
    law: str,
    regulation: Regulation,
    case: tuple[Application, Mapping[str, Any]],
    message: str,
    *,
    engine: object = None,
) -> str:
    """A test of one law in Python: on an application and what the law takes beside it; `engine` is one of another's."""
    application, beside = case
    shipped = regulation.id in catalogue.ids() and catalogue.get(regulation.id) == regulation
    source = f'catalogue.get("{regulation.id}")' if shipped else f'read("{regulation.id}.toml")  # or where your file is'
    more = "".join(f", {key}={in_python(value)}" for key, value in beside.items())
    other = ""
    if engine is not None:
        other = f"from {getattr(engine, '__module__', '…')} import {getattr(engine, '__name__', '…')} as engine\n"
        more += ", engine=engine"
    return f'''from datetime import date

from kcgrant import Activity, Application, Establishment, PriorSupport{", catalogue" if shipped else ""}
from kcgrant.regulation import read
from kcgrant.testing import laws
{other}

def test_{law}() -> None:
    """{message}"""
    regulation = {source}
    application = {in_python(application, "    ")}
    laws.{law}(regulation, application{more})
'''


def in_python(value: object, indent: str = "") -> str:
    """A record as the Python that builds it, without what is not stated.

    Example:
        >>> from kcgrant import Activity
        >>> in_python(Activity(norm="training", cost_vnd=5, technology_line=False))
        "Activity(norm='training', cost_vnd=5, technology_line=False)"
    """
    if isinstance(value, date):
        return f"date({value.year}, {value.month}, {value.day})"
    if isinstance(value, tuple):
        return "[" + ", ".join(in_python(item) for item in value) + "]"
    if not isinstance(value, Record):
        return repr(value)
    fields = type(value).model_fields
    stated = {key: getattr(value, key) for key in fields if getattr(value, key) != fields[key].default}
    parts = [f"{key}={in_python(inner)}" for key, inner in stated.items()]
    if not indent:
        return f"{type(value).__name__}({', '.join(parts)})"
    inner = "".join(f"\n{indent}    {part}," for part in parts)
    return f"{type(value).__name__}({inner}\n{indent})"
