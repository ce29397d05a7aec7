"""A store in a folder of its own, and a clock that ticks one second a look."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from assistant.store.conversations import ConversationStore

Clock = Callable[[], float]


@pytest.fixture
def clock() -> Clock:
    ticks = count(1000)
    return lambda: float(next(ticks))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "conversations.sqlite3"


@pytest.fixture
def store(path: Path, clock: Clock) -> Iterator[ConversationStore]:
    opened = ConversationStore(path, clock)
    yield opened
    opened.close()
