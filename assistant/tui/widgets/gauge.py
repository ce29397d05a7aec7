"""Bars, amounts and times left of work under way."""

from __future__ import annotations

from textual.content import Content

from assistant.core.events import Progress
from assistant.tui.strings import Strings
from assistant.tui.widgets import remarks

SEPARATOR = " · "


def bar(share: float, cells: int, colour: str = "$primary") -> Content:
    """A bar filled to a share in [0, 1]."""
    filled = round(max(0.0, min(1.0, share)) * cells)
    return Content.assemble(("━" * filled, colour), ("━" * (cells - filled), "$panel"))


def share(event: Progress | None) -> float:
    """How much is done, in [0, 1]; 0 while the total is unknown."""
    return event.done / event.total if event is not None and event.total else 0.0


def left(seconds: float | None, strings: Strings) -> str:
    """ "about 2 min left"; "" while that can't be foretold."""
    if seconds is None or seconds < 0:
        return ""
    times = strings.screens.times
    if seconds < 90:
        return times.seconds_left.format(max(5, 5 * round(seconds / 5)))
    if seconds < 90 * 60:
        return times.minutes_left.format(round(seconds / 60))
    return times.hours_left.format(f"{seconds / 3600:.1f}")


def summary(event: Progress, strings: Strings) -> str:
    """ "120 / 400 files · about 2 min left"."""
    unit = event.unit
    if unit not in remarks.BYTES:
        unit = strings.screens.times.units.get(unit) or strings.tell(unit)
    amount = remarks.amount(Progress(event.label, event.done, event.total, unit))
    return SEPARATOR.join(part for part in (amount, left(event.seconds_left, strings)) if part)


def size(count: int) -> str:
    """Bytes as a person reads them: "98 MB", "2.1 GB"; "" when not known."""
    if count <= 0:
        return ""
    return f"{count / 1e9:.1f} GB" if count >= 1_000_000_000 else f"{max(1, count // 10**6)} MB"
