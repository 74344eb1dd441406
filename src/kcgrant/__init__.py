"""kcgrant: the most industrial-promotion (khuyến công) support that the law allows for an application, and why.

The decision taken here: the everyday names are offered at the top, and importing them loads no optional package, reads no
file and touches no network. What is needed now and then, and the packages, are loaded when they are first asked for.
"""

from typing import TYPE_CHECKING, Any, Final

from kcgrant.application import Activity, Application, Establishment, PriorSupport
from kcgrant.assessment import Assessment, Verdict, assess, ceiling, explain
from kcgrant.errors import InputError, KcgrantError, NoRegulation, RegulationError
from kcgrant.law import Regulation, catalogue, read

if TYPE_CHECKING:
    from kcgrant import advice as advice
    from kcgrant import columns as columns
    from kcgrant import programme as programme
    from kcgrant import register as register
    from kcgrant import testing as testing
    from kcgrant.advice import advise, compare, impact, repairs, worth

    __version__: str

__all__ = [
    "Activity",
    "Application",
    "Assessment",
    "Establishment",
    "InputError",
    "KcgrantError",
    "NoRegulation",
    "PriorSupport",
    "Regulation",
    "RegulationError",
    "Verdict",
    "advise",
    "assess",
    "catalogue",
    "ceiling",
    "compare",
    "explain",
    "impact",
    "read",
    "repairs",
    "worth",
]

_OF_ADVICE: Final = frozenset({"advise", "compare", "impact", "repairs", "worth"})
_PACKAGES: Final = frozenset({"advice", "columns", "programme", "register", "testing"})


def __getattr__(name: str) -> Any:
    """What is loaded when it is first asked for (Python's protocol for modules)."""
    if name == "__version__":
        from importlib.metadata import version

        return version("kcgrant")
    if name in _OF_ADVICE or name in _PACKAGES:
        from importlib import import_module

        return import_module(f"kcgrant.{name}") if name in _PACKAGES else getattr(import_module("kcgrant.advice"), name)
    raise AttributeError(f"module 'kcgrant' has no attribute {name!r}")


def __dir__() -> list[str]:
    """The public names, those to be loaded included."""
    return sorted({*__all__, *_PACKAGES, "assessment", "law", "__version__"})
