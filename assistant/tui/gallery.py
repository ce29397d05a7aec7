"""Which pictures of a conversation were shown already, so that none is drawn again and again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from assistant.core.events import Picture
from assistant.tui.session import Exchange

MOST_PICTURES = 3
"""Drawn of those attached to a question; the others are named."""


class Gallery:
    """Knows the exchanges of the conversation in view, oldest first; `exchanges` is replaced
    when another conversation comes into view."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []

    def was_shown(self, path: str, before: Exchange) -> bool:
        """Whether a picture was shown, as it is now, in an exchange before this one."""
        shown: Exchange | None = None
        for exchange in self.exchanges:
            if exchange is before:
                break
            if path in _shown(exchange):
                shown = exchange
        return shown is not None and not _changed(path, shown.created)

    def number(self, path: str) -> int:
        """Which one of the conversation's pictures it is, from 1, in the order they came."""
        seen: dict[str, None] = {}
        for exchange in self.exchanges:
            seen.update(dict.fromkeys(_all(exchange)))
            if path in seen:
                break
        return list(seen).index(path) + 1 if path in seen else len(seen) + 1


def _changed(path: str, since: float | None) -> bool:
    """Whether the file is another one by now: a screenshot saved under the name of the last."""
    try:
        return since is not None and Path(path).stat().st_mtime > since
    except (OSError, ValueError):
        return False


def _shown(exchange: Exchange) -> tuple[str, ...]:
    return (*exchange.user.images[:MOST_PICTURES], *_of_answer(exchange))


def _all(exchange: Exchange) -> tuple[str, ...]:
    return (*exchange.user.images, *_of_answer(exchange))


def _of_answer(exchange: Exchange) -> Iterator[str]:
    """Pictures of the newest answer; earlier ones are folded."""
    for answer in exchange.answers[-1:]:
        yield from (event.path for event in answer.events if isinstance(event, Picture))
