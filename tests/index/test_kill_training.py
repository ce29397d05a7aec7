"""A process killed while it trains leaves vectors that are whole and up to date."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from index.collection import Collection
from index.vectors import FaissStore
from tests.fakes import HashingEmbedder
from tests.index.killed_training import POLICY


@pytest.mark.parametrize("moment", [0.0, 0.01, 0.05, 0.13])
def test_a_collection_killed_while_it_trains_opens_and_finds_everything(
    tmp_path: Path, moment: float
) -> None:
    folder = tmp_path / "made"
    command = [sys.executable, "-m", "tests.index.killed_training", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as child:
        assert child.stdout is not None
        for _ in range(3):
            assert child.stdout.readline() == b"trained\n"
        time.sleep(moment)
        child.kill()
    for file in folder.glob("vectors-*.faiss"):
        assert FaissStore.load(file) is not None
    embedder = HashingEmbedder()
    collection = Collection(folder, POLICY)
    for number in (1, 77, 179):
        question = f"thing{number}"
        query = embedder.embed_queries([question])[0]
        found = collection.retrieve(question, 3, query, embedder.name)
        assert f"thing{number}." in found.candidates[0].text
        assert found.candidates[0].dense is not None
    with collection.writing() as session:
        collection.save_vectors(session, embedder.name, embedder.dimension)
    assert not list(folder.glob("*.part"))
