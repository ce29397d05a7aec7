"""Waits for another writer of a collection instead of giving up."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from assistant.core.events import Event, Notice
from assistant.core.skills import Cancelled
from index.collection import CollectionBusyError

_RETRY_SECONDS = 0.3


def patiently(work: Callable[[], Iterator[Event]], cancelled: Cancelled) -> Iterator[Event]:
    """The events of some work, begun again until no other writer is in its way."""
    is_said = False
    while not cancelled():
        try:
            yield from work()
        except CollectionBusyError:
            if not is_said:
                yield Notice("Another program is changing the collection; waiting for it.")
            is_said = True
            time.sleep(_RETRY_SECONDS)
        else:
            return
