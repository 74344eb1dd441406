"""Assessment: the most that the law allows for an application, with every step, every condition and what is open."""

from kcgrant.assessment.assess import assess, ceiling
from kcgrant.assessment.eligibility import Finding, Verdict
from kcgrant.assessment.explanation import explain, norms_of, sections, title_of
from kcgrant.assessment.record import Assessment, Line, Option, Question, Reference, json_schema
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
