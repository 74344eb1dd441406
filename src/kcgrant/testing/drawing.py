"""Drawing: tells hypothesis how our records are drawn by their types, `st.from_type(Application)`.

The decision taken here: hypothesis calls this while it is itself being imported, so that nothing of the kit is loaded before
something is drawn.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

from kcgrant.application import Activity, Application, Establishment, PriorSupport
from kcgrant.law import Regulation, catalogue

_SHOWN: Final = "hung-yen-553-2025"


def register_types() -> None:
    """Registers a strategy for each kind of record; those of applications are under the law of Hung Yen.

    Example:
        >>> from hypothesis import strategies as st
        >>> st.from_type(Application).validate()
    """
    from hypothesis import strategies as st

    def kit() -> Any:
        return import_module("kcgrant.testing.strategies")

    st.register_type_strategy(Application, lambda _: kit().applications(_SHOWN))
    st.register_type_strategy(Activity, lambda _: kit().activities(catalogue.get(_SHOWN)))
    st.register_type_strategy(PriorSupport, lambda _: kit().prior_support(catalogue.get(_SHOWN)))
    st.register_type_strategy(Establishment, lambda _: kit().establishments(catalogue.get(_SHOWN)))
    st.register_type_strategy(Regulation, lambda _: kit().regulations())
