"""The vector store: exact neighbours, removal, a file that is whole or not used."""

from __future__ import annotations

import stat
from pathlib import Path

import numpy as np
import pytest

from assistant.core.errors import StoreError
from assistant.core.protocols import Ids, Vectors, VectorStore
from index.vectors import FaissStore


def unit_rows(count: int, dimension: int = 16) -> Vectors:
    rows = np.random.default_rng(5).normal(size=(count, dimension)).astype(np.float32)
    unit: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


def ids(*values: int) -> Ids:
    return np.array(values, dtype=np.int64)


@pytest.fixture
def store() -> FaissStore:
    store = FaissStore.empty(16)
    store.add(ids(*range(10, 20)), unit_rows(10))
    return store


def test_a_vector_is_its_own_nearest_neighbour(store: FaissStore) -> None:
    scores, found = store.search(unit_rows(10)[3:4], 2)
    assert found[0][0] == 13
    assert scores[0][0] == pytest.approx(1.0, abs=1e-3)  # kept as float16


def test_asking_for_more_than_there_are_fills_with_minus_one(store: FaissStore) -> None:
    _, found = store.search(unit_rows(1), 12)
    assert list(found[0][10:]) == [-1, -1]


def test_removed_vectors_are_not_found(store: FaissStore) -> None:
    assert store.remove(ids(13, 99)) == 1
    _, found = store.search(unit_rows(10)[3:4], 9)
    assert 13 not in found
    assert len(store) == 9


def test_a_saved_store_comes_back_with_its_generation(store: FaissStore, tmp_path: Path) -> None:
    path = tmp_path / "v.faiss"
    store.save(path, 42)
    loaded = FaissStore.load(path)
    assert loaded is not None
    assert (len(loaded[0]), loaded[0].last_id, loaded[1]) == (10, 19, 42)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_damaged_file_is_not_used(store: FaissStore, tmp_path: Path) -> None:
    path = tmp_path / "v.faiss"
    store.save(path, 1)
    whole = path.read_bytes()
    for position in range(0, len(whole), 37):
        damaged = bytearray(whole)
        damaged[position] ^= 0x40
        path.write_bytes(damaged)
        assert FaissStore.load(path) is None
    assert FaissStore.load(tmp_path / "none") is None


def test_a_save_that_fails_leaves_the_old_file(store: FaissStore, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="can't be written"):
        store.save(tmp_path / "no folder" / "v.faiss", 1)


def test_an_empty_store_can_be_asked() -> None:
    store: VectorStore = FaissStore.empty(4)
    assert len(store) == 0
    assert store.search(unit_rows(1, 4), 3)[1].tolist() == [[-1, -1, -1]]
