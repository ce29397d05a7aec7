"""Keeps the collector of garbage from stopping the drawing: old objects are looked at when
nobody waits.

A pass over everything takes 100-200 ms once a long conversation is shown, and allocation starts
one at any time: every second while an answer streams, and in the middle of a key. Here what
survives such a pass is set aside (`gc.freeze`), so that the next one has only new objects to look
at, 5-20 ms. Garbage among what was set aside waits until the person has done nothing for a while.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from time import monotonic

QUIET_SECONDS = 15.0
"""Without a key, the mouse, or an answer under way."""
GROWTH = 20_000
"""Objects set aside before everything is worth looking at again."""
MOST_PASSES = 200
"""After so many the time has come, quiet or not: what was set aside must not grow for ever."""
_OLDEST = 2


class GarbageKeeper:
    """Sets survivors aside from `begin` to `end`; the collector is one for the whole process."""

    def __init__(self, seconds: Callable[[], float] = monotonic) -> None:
        self._seconds = seconds
        self._touched = seconds()
        self._passes = 0
        self._set_aside = 0

    def begin(self) -> None:
        """Set aside all there is now, and from now on what survives each pass."""
        gc.freeze()
        self._set_aside = gc.get_freeze_count()
        gc.callbacks.append(self._after)

    def end(self) -> None:
        """Leave the collector alone. What was set aside stays so: the process is about to end, and
        would look at everything once more on its way out."""
        if self._after in gc.callbacks:
            gc.callbacks.remove(self._after)

    def touched(self) -> None:
        """Somebody is there, and would notice a pause."""
        self._touched = self._seconds()

    def sweep_if_quiet(self) -> bool:
        """Look at everything if nobody waits and enough has come; whether that was done."""
        is_quiet = self._seconds() - self._touched >= QUIET_SECONDS
        if not (is_quiet and self._has_grown()) and self._passes < MOST_PASSES:
            return False
        gc.unfreeze()
        gc.collect()
        self._passes = 0
        self._set_aside = gc.get_freeze_count()
        return True

    def _has_grown(self) -> bool:
        return gc.get_freeze_count() - self._set_aside >= GROWTH

    def _after(self, phase: str, info: dict[str, int]) -> None:
        if phase == "stop" and info["generation"] == _OLDEST:
            self._passes += 1
            gc.freeze()
