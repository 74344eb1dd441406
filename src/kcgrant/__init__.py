"""kcgrant: the most industrial-promotion (khuyến công) support that the law allows for an application, and why.

The decision taken here: the everyday names are offered at the top, and importing them loads no optional package, reads no
file and touches no network.
"""

from kcgrant.application import Activity, Application, Establishment, PriorSupport
from kcgrant.assessment import Assessment, Verdict, assess, explain
from kcgrant.errors import InputError, KcgrantError, NoRegulation, RegulationError
from kcgrant.law import catalogue

__all__ = [
    "Activity",
    "Application",
    "Assessment",
    "Establishment",
    "InputError",
    "KcgrantError",
    "NoRegulation",
    "PriorSupport",
    "RegulationError",
    "Verdict",
    "assess",
    "catalogue",
    "explain",
]
