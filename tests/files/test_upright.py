"""Pictures of text are set upright, and readers stopped, through what stands for a reader, too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

import numpy as np

from assistant.core.documents import TextLine
from assistant.core.protocols import Pixels, TextReader
from assistant.core.skills import Cancelled
from assistant.engine.residents import House, Resident
from assistant.files.upright import read_upright
from assistant.models.placement import ModelNeed
from assistant.models.sizes import of_bytes
from skills.reading.scanning import until

SIDEWAYS = np.zeros((20, 10, 3), np.uint8)
T = TypeVar("T")


class Plain:
    """Tells the height of what it is given."""

    name = "plain"

    def read(self, image: Pixels) -> tuple[TextLine, ...]:
        return (TextLine(str(len(image)), 1.0, (0, 0, 1, 1)),)


class Able(Plain):
    """Turns what is higher than wide, and notes how it was to be stopped."""

    def __init__(self) -> None:
        self.stops: list[Cancelled] = []

    def quarter_turns(self, image: Pixels, lines: Sequence[TextLine]) -> int:
        return 1 if lines[0].text == "20" else 0

    @contextmanager
    def stopping(self, cancelled: Cancelled) -> Iterator[None]:
        self.stops.append(cancelled)
        yield


def standing_for(model: T) -> T:
    """What the program hands out in a model's place."""
    need = ModelNeed("reader", of_bytes(1), portable=True)
    return Resident("reader", "reader", lambda: model, lambda: need, House(), lambda _: None)()


def test_what_stands_for_a_reader_turns_and_stops_as_the_reader_does() -> None:
    reader = Able()
    standing: TextReader = standing_for(reader)
    with until(standing, lambda: True):
        upright, (line,), turns = read_upright(standing, SIDEWAYS)
    assert (upright.shape[:2], line.text, turns) == ((10, 20), "10", 1)
    assert len(reader.stops) == 1


def test_a_reader_that_can_neither_reads_as_it_is() -> None:
    standing: TextReader = standing_for(Plain())
    with until(standing, lambda: True):
        upright, (line,), turns = read_upright(standing, SIDEWAYS)
    assert (upright.shape[:2], line.text, turns) == ((20, 10), "20", 0)
