"""Ways to let models write of images in tests."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from typing import TypeVar

from assistant.core.skills import Cancelled

T = TypeVar("T")
Item = TypeVar("Item")


def never() -> bool:
    return False


def whole(stream: Generator[str, None, T]) -> tuple[str, T]:
    """All a stream says, and what it returns."""
    pieces = []
    while True:
        try:
            pieces.append(next(stream))
        except StopIteration as end:
            return "".join(pieces), end.value


def cancelled_after(count: int, start: Callable[[Cancelled], Iterable[Item]]) -> list[Item]:
    """All that still comes of a stream that is cancelled once `count` items of it are there."""
    found: list[Item] = []

    def enough() -> bool:
        return len(found) >= count

    found.extend(start(enough))
    return found
