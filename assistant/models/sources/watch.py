"""What a fetch reports while it runs, and how it is stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assistant.core.events import Progress
from assistant.core.skills import Cancelled


class PullCancelledError(Exception):
    """The person asked to stop; never shown, the pull ends quietly."""


@dataclass(frozen=True, slots=True)
class Watch:
    """The listener of a pull, and the switch that stops it."""

    cancelled: Cancelled
    progress: Callable[[Progress], None]

    def check(self) -> None:
        """Raises `PullCancelledError` once stopping was asked for."""
        if self.cancelled():
            raise PullCancelledError

    def report(self, label: str, done: int = 0, total: int = 0) -> None:
        """Tell how far the work is, in bytes; a `total` of 0 is unknown.

        Raises:
            PullCancelledError: stopping was asked for.
        """
        self.check()
        self.progress(Progress(label, done, total or None, "bytes" if total or done else ""))
