"""A store of its own for every test of the interface."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.store.conversations import ConversationStore
from tests.tui.fakes import make_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ConversationStore]:
    store = make_store(tmp_path)
    yield store
    store.close()
