"""Writes times and durations for a person."""

from __future__ import annotations

from datetime import datetime, tzinfo

from assistant.core.events import Timings
from assistant.tui.strings import Strings


def at(moment: float, zone: tzinfo | None) -> datetime:
    """Epoch seconds in a zone (None: this machine's); the epoch where no calendar has them."""
    try:
        return datetime.fromtimestamp(moment, zone)
    except (OSError, OverflowError, ValueError):
        return datetime(1970, 1, 1, tzinfo=zone)


def written(moment: float | None, zone: tzinfo | None) -> str:
    """Epoch seconds as date and time in a zone (None: this machine's); empty when unknown."""
    return "" if moment is None else at(moment, zone).strftime("%Y-%m-%d %H:%M")


def took(timings: Timings | None, strings: Strings) -> list[str]:
    """How long each part of an answer took, and how much there was to read and write."""
    if timings is None:
        return []
    parts = []
    if timings.route_ms is not None:
        parts.append(strings.choosing.format(round(timings.route_ms)))
    if timings.first_token_ms is not None:
        parts.append(strings.first_word.format(f"{timings.first_token_ms / 1000:.2f}"))
    usage = timings.usage
    if usage is not None:
        parts.append(strings.tokens.format(usage.prompt_tokens, usage.new_tokens))
        if usage.tokens_per_second:
            parts.append(strings.speed.format(round(usage.tokens_per_second)))
    return parts
