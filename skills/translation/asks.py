"""Work that asks for translations as it goes, so that much of it can share one batch."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from assistant.core.skills import Cancelled

T = TypeVar("T")
Ask = Generator[Sequence[str], Sequence[str], T]
"""Yields texts, is sent their translations, returns what it makes of them."""
Translate = Callable[[Sequence[str]], Sequence[str]]

BATCH = 8
"""Texts translated at a time; between batches the work can be cancelled."""
WINDOW = 32
"""Pieces of work in hand at once: enough for batches of like length."""
_WINDOW_CHARACTERS = 8_000
_REMEMBERED = 20_000
"""Translations kept, for a document says many things twice."""


def answer(value: T) -> Ask[T]:
    """Work that needs no translation."""
    yield from ()
    return value


def together(asks: Sequence[Ask[T]]) -> Ask[list[T]]:
    """Several pieces of work that ask in step; their results in order."""
    done: dict[int, T] = {}
    waiting: dict[int, Sequence[str]] = {}
    for number, ask in enumerate(asks):
        try:
            waiting[number] = next(ask)
        except StopIteration as stop:
            done[number] = stop.value
    while waiting:
        replies = iter((yield [text for texts in waiting.values() for text in texts]))
        for number, texts in list(waiting.items()):
            try:
                waiting[number] = asks[number].send(list(islice(replies, len(texts))))
            except StopIteration as stop:
                del waiting[number]
                done[number] = stop.value
    return [done[number] for number in range(len(asks))]


def run(
    work: Iterable[tuple[int, Ask[T]]],
    translate: Translate,
    cancelled: Cancelled,
    at_once: int = WINDOW,
) -> Iterator[T]:
    """Results in order, the first ones early: the number in hand grows from one.

    Args:
        work: each piece with its length in characters.
        translate: translates a batch.
        cancelled: looked at between batches; what was not begun is left.
        at_once: most pieces in hand, and texts of a batch; with 1 nothing that a stop cut short
            is given as a result.
    """
    batches = _Batches(translate, cancelled, min(at_once, BATCH))
    waiting = iter(work)
    size = 1
    while window := _window(waiting, size):
        if cancelled():
            return
        results = batches.finish(together(window))
        if results is None:
            return
        yield from results
        size = min(2 * size, at_once)


def _window(work: Iterator[tuple[int, Ask[T]]], most: int) -> list[Ask[T]]:
    window: list[Ask[T]] = []
    characters = 0
    for length, ask in work:
        window.append(ask)
        characters += length
        if len(window) == most or characters >= _WINDOW_CHARACTERS:
            break
    return window


class _Batches:
    """Answers what is asked, in batches of like length, nothing twice."""

    def __init__(self, translate: Translate, cancelled: Cancelled, size: int) -> None:
        self._translate = translate
        self._cancelled = cancelled
        self._size = size
        self._known: dict[str, str] = {}

    def finish(self, ask: Ask[T]) -> T | None:
        """Its result; None where the work was cancelled on the way."""
        try:
            wanted = next(ask)
            while self._learn(wanted):
                wanted = ask.send([self._known[text] for text in wanted])
        except StopIteration as stop:
            result: T = stop.value
            return result
        ask.close()
        return None

    def _learn(self, wanted: Sequence[str]) -> bool:
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        missing = sorted({*wanted} - self._known.keys(), key=len)
        for begin in range(0, len(missing), self._size):
            if begin and self._cancelled():
                return False
            batch = missing[begin : begin + self._size]
            self._known.update(zip(batch, self._translate(batch), strict=True))
        return self._size > 1 or not self._cancelled()
