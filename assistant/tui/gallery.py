"""Which pictures of a conversation were shown already, so that none is drawn again and again."""

from __future__ import annotations

from collections.abc import Iterator

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
        """Whether a picture was shown in an exchange before this one."""
        for exchange in self.exchanges:
            if exchange is before:
                return False
            if path in _shown(exchange):
                return True
        return False

    def number(self, path: str) -> int:
        """Which one of the conversation's pictures it is, from 1, in the order they came."""
        seen: dict[str, None] = {}
        for exchange in self.exchanges:
            seen.update(dict.fromkeys(_all(exchange)))
            if path in seen:
                break
        return list(seen).index(path) + 1 if path in seen else len(seen) + 1


def _shown(exchange: Exchange) -> tuple[str, ...]:
    return (*exchange.user.images[:MOST_PICTURES], *_of_answer(exchange))


def _all(exchange: Exchange) -> tuple[str, ...]:
    return (*exchange.user.images, *_of_answer(exchange))


def _of_answer(exchange: Exchange) -> Iterator[str]:
    """Pictures of the newest answer; earlier ones are folded."""
    for answer in exchange.answers[-1:]:
        yield from (event.path for event in answer.events if isinstance(event, Picture))
