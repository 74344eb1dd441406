"""kcgrant: the most industrial-promotion (khuyến công) support that the law allows for an application, and why.

The decision taken here: the everyday names are offered at the top, and importing them loads no optional package, reads no
file and touches no network.
"""

from kcgrant import catalogue
from kcgrant.application import Activity, Application, Establishment, PriorSupport
from kcgrant.assess import Assessment, assess
from kcgrant.eligibility import Verdict
from kcgrant.errors import InputError, KcgrantError, NoRegulation, RegulationError
from kcgrant.explain import explain

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
