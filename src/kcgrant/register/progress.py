"""Progress: how far the work on a register is, in hundredths of the whole, for whoever wants to show it.

The decision taken here: who works through many rows says so where he does it, and asks nobody; where nobody listens, it
costs nothing.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, Literal, TypeVar

_Item = TypeVar("_Item")
Stage = Literal["reading", "understanding", "assessing", "writing"]
_SPANS: Final[dict[Stage, tuple[int, int]]] = {
    "reading": (0, 25),
    "understanding": (25, 35),
    "assessing": (35, 50),
    "writing": (50, 100),
}
"""From what hundredth to what each stage leads, as measured with a register of a province."""

_listener: ContextVar[Callable[[Stage, int], None] | None] = ContextVar("listener", default=None)


@contextmanager
def told_to(listener: Callable[[Stage, int], None]) -> Iterator[None]:
    """Tells a listener of the stage and of the hundredths that are done, while the block runs."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def counted(stage: Stage, items: Iterable[_Item], total: int) -> Iterable[_Item]:
    """The items of a stage, told of as they are taken.

    Example:
        >>> told = []
        >>> with told_to(lambda stage, done: told.append(done)):
        ...     every = list(counted("assessing", "abcd", 4))
        >>> every, told
        (['a', 'b', 'c', 'd'], [35, 38, 42, 46])
    """
    return items if _listener.get() is None else _told(stage, items, total)


def _told(stage: Stage, items: Iterable[_Item], total: int) -> Iterator[_Item]:
    step = max(1, total // 100)
    for number, item in enumerate(items):
        if number % step == 0:
            _tell(stage, number, total)
        yield item


def _tell(stage: Stage, done: int, total: int) -> None:
    if listener := _listener.get():
        first, last = _SPANS[stage]
        listener(stage, first + (last - first) * min(done, total) // max(1, total))


class Counted(io.BytesIO):
    """The bytes of a file, told of as they are read."""

    taken = 0

    def read(self, size: int | None = -1) -> bytes:
        """The next bytes."""
        found = super().read(size)
        _tell("reading", self.taken, self.getbuffer().nbytes)
        self.taken += len(found)
        return found
