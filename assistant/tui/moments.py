"""Writes times and durations for a person."""

from __future__ import annotations

from datetime import datetime, tzinfo

from assistant.core.events import Timings


def written(moment: float | None, zone: tzinfo | None) -> str:
    """Epoch seconds as date and time in a zone (None: this machine's); empty when unknown."""
    if moment is None:
        return ""
    try:
        return datetime.fromtimestamp(moment, zone).strftime("%Y-%m-%d %H:%M")
    except (OSError, OverflowError, ValueError):
        return ""


def details(timings: Timings | None, moment: float | None, zone: tzinfo | None) -> str:
    """All there is to say about when an answer came and how long each part of it took."""
    when = written(moment, zone)
    if timings is None:
        return when
    parts = [f"{timings.total_ms / 1000:.1f} s"]
    if timings.route_ms is not None:
        parts.append(f"⇢ {timings.route_ms:.0f} ms")
    if timings.first_token_ms is not None:
        parts.append(f"⇥ {timings.first_token_ms / 1000:.2f} s")
    usage = timings.usage
    if usage is not None:
        parts.append(f"{usage.prompt_tokens}→{usage.new_tokens} tok")
        if usage.tokens_per_second:
            parts.append(f"{usage.tokens_per_second:.0f} tok/s")
    return " · ".join([*parts, when] if when else parts)
