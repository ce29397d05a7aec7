"""Lets work that takes no `Cancelled` of its own notice that the person stopped it.

An embedder is called from many depths, mostly for milliseconds; one behind a slow server may keep
somebody waiting for minutes. Whoever runs a job says once who may stop it; it holds for the thread
it is said in.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from assistant.core.errors import AssistantError
from assistant.core.skills import Cancelled


class StoppedError(AssistantError):
    """The person stopped it: nothing failed, and there is no result."""

    def __init__(self) -> None:
        super().__init__("Stopped.")


def _never() -> bool:
    return False


_stops: ContextVar[Cancelled] = ContextVar("stops", default=_never)


@contextmanager
def stopped_by(cancelled: Cancelled) -> Iterator[None]:
    """For as long as this lasts, `cancelled` is what stops the work of this thread."""
    token = _stops.set(cancelled)
    try:
        yield
    finally:
        _stops.reset(token)


def is_stopped() -> bool:
    """Whether the job this thread works for was stopped; False outside of any."""
    return _stops.get()()
