"""What holds for all tests: the profile of the random ones, and that coverage counts only what the others reach."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator

import pytest
from hypothesis import is_hypothesis_test, settings

from profiles import cases

collect_ignore = ["benchmarks"]  # they are run on demand
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.fixture
def _few_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    """`kcgrant check --laws` tries as many cases as the profile has it."""
    from kcgrant.testing import check  # here, since coverage begins after this file is read

    assert check.__kwdefaults__
    monkeypatch.setitem(check.__kwdefaults__, "max_examples", cases(200))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Random tests run without coverage: it then is the same at every run, and they are quicker by half."""
    for item in items:
        if isinstance(item, pytest.Function) and is_hypothesis_test(item.obj):
            item.add_marker("no_cover")


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """What pytest-cov pauses for `no_cover` goes on in the processes of pytest-xdist, in a measurement that nobody reads."""
    if not item.get_closest_marker("no_cover"):
        return (yield)
    tracing = sys.gettrace()
    sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(tracing)
