"""Assessment: the most that the law allows for an application, with every step, every condition and what is open."""

from typing import TYPE_CHECKING, Any

from kcgrant.assessment.assess import assess, ceiling
from kcgrant.assessment.eligibility import Finding, Verdict
from kcgrant.assessment.explanation import explain, norms_of, sections, title_of
from kcgrant.assessment.record import Assessment, Line, Option, Question, Reference, json_schema

if TYPE_CHECKING:
    from kcgrant.assessment.sheet import places, write_sheet

__all__ = [
    "Assessment",
    "Finding",
    "Line",
    "Option",
    "Question",
    "Reference",
    "Verdict",
    "assess",
    "ceiling",
    "explain",
    "json_schema",
    "norms_of",
    "places",
    "sections",
    "title_of",
    "write_sheet",
]


def __getattr__(name: str) -> Any:
    """The papers, which few need, when they are first asked for (Python's protocol for modules)."""
    if name in ("places", "write_sheet"):
        from kcgrant.assessment import sheet

        return getattr(sheet, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
