"""Writes times and durations for a person."""

from __future__ import annotations

from datetime import datetime

from assistant.core.events import Timings


def written(moment: float | None) -> str:
    """Epoch seconds as local date and time; empty when unknown."""
    if moment is None:
        return ""
    try:
        return datetime.fromtimestamp(moment).astimezone().strftime("%Y-%m-%d %H:%M")
    except (OSError, OverflowError, ValueError):
        return ""


def details(timings: Timings, moment: float | None) -> str:
    """All there is to say about how long an answer took, part by part."""
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
    return " · ".join([*parts, *filter(None, [written(moment)])])
