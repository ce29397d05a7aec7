"""Amounts and times left of work under way."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from assistant.core.events import Progress
from assistant.tui.strings import Strings
from assistant.tui.widgets import remarks

SEPARATOR = " · "


def fitting(cells: int, least: int, most: int) -> int:
    """Columns for a bar in the room that is left beside its text: none where it is too narrow."""
    return min(cells, most) if cells >= least else 0


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


def joined(parts: Sequence[str], width: int) -> str:
    """Parts between dots, as many as there is room for; an ellipsis for those left out."""
    count = fitting_parts(parts, width)
    if parts and not count:
        return Content(parts[0]).truncate(max(1, width), ellipsis=True).plain
    return _cut(parts, count)


def fitting_parts(parts: Sequence[str], width: int) -> int:
    """How many of the parts `joined` shows."""
    counts = range(len(parts), 0, -1)
    return next((n for n in counts if Content(_cut(parts, n)).cell_length <= width), 0)


def _cut(parts: Sequence[str], count: int) -> str:
    whole = SEPARATOR.join(parts[:count])
    return whole if count == len(parts) else f"{whole} …"


def size(count: int) -> str:
    """Bytes as a person reads them: "98 MB", "2.1 GB"; "" when not known."""
    if count <= 0:
        return ""
    return f"{count / 1e9:.1f} GB" if count >= 1_000_000_000 else f"{max(1, count // 10**6)} MB"
