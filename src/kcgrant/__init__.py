"""kcgrant: the most industrial-promotion (khuyến công) support that the law allows for an application, and why.

The decision taken here: the everyday names are offered at the top, and each is loaded when it is first asked for; that loads
no optional package, reads no file and touches no network.
"""

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from kcgrant import advice as advice
    from kcgrant import columns as columns
    from kcgrant import programme as programme
    from kcgrant import register as register
    from kcgrant import testing as testing
    from kcgrant.advice import advise, compare, impact, repairs, worth
    from kcgrant.application import Activity, Application, Establishment, PriorSupport
    from kcgrant.assessment import Assessment, Verdict, assess, ceiling, explain
    from kcgrant.errors import InputError, KcgrantError, NoRegulation, RegulationError
    from kcgrant.law import Regulation, catalogue, read

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

_NAMES: Final = {
    "advice": ("advise", "compare", "impact", "repairs", "worth"),
    "application": ("Activity", "Application", "Establishment", "PriorSupport"),
    "assessment": ("Assessment", "Verdict", "assess", "ceiling", "explain"),
    "errors": ("InputError", "KcgrantError", "NoRegulation", "RegulationError"),
    "law": ("Regulation", "catalogue", "read"),
}
_MODULES: Final = {name: module for module, names in _NAMES.items() for name in names}
_PACKAGES: Final = frozenset(
    {"advice", "application", "assessment", "columns", "errors", "language", "law", "money", "parsing"}
    | {"programme", "register", "testing"}
)


def __getattr__(name: str) -> Any:
    """What is loaded when it is first asked for (Python's protocol for modules)."""
    if name == "__version__":
        from importlib.metadata import version

        return version("kcgrant")
    if name not in _PACKAGES and name not in _MODULES:
        raise AttributeError(f"module 'kcgrant' has no attribute {name!r}")
    from importlib import import_module

    module = import_module(f"kcgrant.{_MODULES.get(name, name)}")
    found = globals()[name] = getattr(module, name) if name in _MODULES else module
    return found


def __dir__() -> list[str]:
    """The public names, those to be loaded included."""
    return sorted({*__all__, *_PACKAGES, "__version__"})
