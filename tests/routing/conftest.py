"""What the router learned from its examples, made once for all tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.routing.router import SkillRouter
from tests.fakes import HashingEmbedder
from tests.routing.test_router import CARDS


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("routing")
    embedder = HashingEmbedder(dimension=256)
    SkillRouter(lambda: embedder, CARDS, lambda _: False, None, folder).prepare()
    return folder
