"""Asks a server again while nothing was answered, after a growing pause."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import TypeVar

from assistant.core.errors import ModelError
from assistant.core.skills import Cancelled
from assistant.models.servers.exchange import POLL_SECONDS

T = TypeVar("T")
LONGEST_PAUSE = 30.0
"""Seconds between two tries; a server that asks for more is told to the person instead."""
LOADING_PAUSE = 1.0
"""Seconds until a server that loads its model is asked again."""


class PassingError(Exception):
    """What failed may work in a moment; `told` is what the person reads if it doesn't.

    Args:
        after: seconds the server asks to wait.
        loading: it is only not ready yet, which may take minutes.
        stale: a connection kept from an earlier answer was closed meanwhile; a new one may work.
    """

    def __init__(
        self,
        told: ModelError,
        after: float | None = None,
        *,
        loading: bool = False,
        stale: bool = False,
    ) -> None:
        super().__init__(told.message)
        self.told = told
        self.after = after
        self.loading = loading
        self.stale = stale


@dataclass(frozen=True, slots=True)
class Patience:
    """How long and how often to try.

    Args:
        retries: after the first try.
        pause: seconds of the first wait; it doubles.
        wait_seconds: for a model that is loading.
    """

    retries: int
    pause: float
    wait_seconds: float


def tried(
    attempt: Callable[[], Iterator[T]],
    begins: Callable[[T], bool],
    stopped: Cancelled,
    patience: Patience,
) -> Generator[T, None, None]:
    """What an attempt gives; while nothing has begun, a passing failure is tried again.

    Args:
        begins: whether an item is part of the answer, so that it can't be begun anew.

    Raises:
        ModelError: it failed too often, or for good.
    """
    pauses = backoff(patience.pause, patience.retries)
    late = time.monotonic() + patience.wait_seconds
    while True:
        begun = False
        try:
            for item in attempt():
                begun = begun or begins(item)
                yield item
        except PassingError as error:
            if error.stale and not begun:
                continue
            ready_soon = error.loading and patience.retries and time.monotonic() < late
            pause = None if begun else LOADING_PAUSE if ready_soon else next(pauses, None)
            if pause is None or (error.after or 0) > LONGEST_PAUSE:
                raise error.told from error
            if not _slept(max(pause, error.after or 0), stopped):
                return
        else:
            return


def backoff(pause: float, retries: int) -> Iterator[float]:
    """Seconds before each further try: between half and all of a pause that doubles, so that
    many clients a server sent away don't come back at once (AWS, "equal jitter")."""
    for attempt in range(retries):
        longest = min(LONGEST_PAUSE, pause * 2**attempt)
        yield longest / 2 + random.random() * longest / 2  # noqa: S311 - no secret


def _slept(seconds: float, stopped: Cancelled) -> bool:
    """Wait; False when stopped meanwhile."""
    end = time.monotonic() + seconds
    while not stopped():
        left = end - time.monotonic()
        if left <= 0:
            return True
        time.sleep(min(left, POLL_SECONDS))
    return False
