"""An index in a folder of the test's own, with an embedder that needs no model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.config import IndexSettings
from assistant.core.events import Event
from index.service import DocumentIndex
from tests.fakes import HashingEmbedder

Add = Callable[..., list[Event]]


def never() -> bool:
    """Nobody cancels."""
    return False


@pytest.fixture
def embedder() -> HashingEmbedder:
    return HashingEmbedder()


@pytest.fixture
def index(tmp_path: Path, embedder: HashingEmbedder) -> DocumentIndex:
    return DocumentIndex(tmp_path / "index", IndexSettings(), lambda: embedder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three files: a contract, a note in Chinese, a recipe."""
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "contract.txt").write_text(
        "The contract runs for two years.\n\nThe notice period is three months.\n"
    )
    (folder / "笔记.md").write_text("# 会议\n\n会议决定在周五发布新版本。\n")
    (folder / "recipe.txt").write_text("Bake the bread at 230 degrees for forty minutes.\n")
    return folder


@pytest.fixture
def add(index: DocumentIndex) -> Add:
    def adding(*paths: Path, collection: str | None = None) -> list[Event]:
        return list(index.add(paths, collection, never))

    return adding
