"""Vector stores, exact and trained: the same contract, and a file that is whole or not used."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from assistant.core.errors import StoreError
from assistant.core.protocols import Ids, Vectors, VectorStore
from index.training import Policy, nearest_of, recall, train
from index.vectors import FaissStore

DIMENSION = 16
COUNT = 600


def unit_rows(count: int, dimension: int = DIMENSION, seed: int = 5) -> Vectors:
    """Rows that lean one way and gather in groups, as embeddings do."""
    random = np.random.default_rng(seed)
    groups = random.normal(size=(8, dimension))
    rows = random.normal(size=(count, dimension)) * 0.5 + groups[np.arange(count) % 8] + 2.0
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def ids(*values: int) -> Ids:
    return np.array(values, dtype=np.int64)


def exact_store(rows: Vectors) -> FaissStore:
    store = FaissStore.empty(rows.shape[1])
    store.add(ids(*range(10, 10 + len(rows))), rows)
    return store


def trained_store(rows: Vectors) -> FaissStore:
    """Two thirds trained, the rest in the tail."""
    cut = len(rows) * 2 // 3
    first = ids(*range(10, 10 + cut))
    index = train(lambda: [(first, rows[:cut])], cut, Policy(recall=1.0), threads=1)
    store = FaissStore.of_trained(index, 9 + cut)
    store.add(ids(*range(10 + cut, 10 + len(rows))), rows[cut:])
    return store


Make = Callable[[Vectors], FaissStore]


@pytest.fixture(params=[exact_store, trained_store], ids=["exact", "trained"])
def store(request: pytest.FixtureRequest) -> FaissStore:
    make: Make = request.param
    return make(unit_rows(COUNT))


def test_a_vector_is_its_own_nearest_neighbour(store: FaissStore) -> None:
    rows = unit_rows(COUNT)
    for number in (0, 3, 250, 399, 400, 599):
        scores, found = store.search(rows[number : number + 1], 2)
        assert found[0][0] == 10 + number
        assert scores[0][0] == pytest.approx(1.0, abs=0.01)


def test_the_nearest_are_those_found_by_comparing_with_all(store: FaissStore) -> None:
    rows, asked = unit_rows(COUNT), unit_rows(40, seed=6)
    _, found = store.search(asked, 30)
    nearest = nearest_of(asked, [(ids(*range(10, 10 + COUNT)), rows)])
    assert recall(found, nearest) >= 0.98


def test_scores_come_best_first(store: FaissStore) -> None:
    scores, found = store.search(unit_rows(3, seed=7), 50)
    assert (np.diff(scores, axis=1) <= 0).all()
    assert all(len(set(row)) == 50 for row in found.tolist())


def test_asking_for_more_than_there_are_fills_with_minus_one(store: FaissStore) -> None:
    everything = ids(*range(10, 10 + COUNT))
    _, found = store.search(unit_rows(1), COUNT + 2, everything)
    assert set(found[0].tolist()) == {-1, *everything.tolist()}


def test_removed_vectors_are_not_found(store: FaissStore) -> None:
    rows = unit_rows(COUNT)
    assert store.remove(ids(13, 500, 9999)) == 2
    assert len(store) == COUNT - 2
    for number in (3, 490):
        _, found = store.search(rows[number : number + 1], 100)
        assert 10 + number not in found


def test_only_allowed_ids_are_found(store: FaissStore) -> None:
    allowed = ids(11, 12, 300, 301, 450, 609)
    _, found = store.search(unit_rows(4, seed=8), 10, allowed)
    for row in found.tolist():
        assert set(row) - {-1} == set(allowed.tolist())
    assert (store.search(unit_rows(1), 5, ids())[1] == -1).all()


def test_what_is_added_later_is_found(store: FaissStore) -> None:
    new = unit_rows(5, seed=9)
    store.add(ids(*range(700, 705)), new)
    assert store.last_id == 704
    assert [store.search(row[None], 1)[1][0][0] for row in new] == list(range(700, 705))


def test_a_saved_store_comes_back_whole(store: FaissStore, tmp_path: Path) -> None:
    path = tmp_path / "v.faiss"
    store.remove(ids(10 + COUNT - 1))
    store.save(path, 42)
    loaded = FaissStore.load(path)
    assert loaded is not None
    again, generation = loaded
    assert generation == 42
    # The highest id ever, also when its vector has left: it must not be followed again.
    assert (len(again), again.last_id) == (COUNT - 1, 10 + COUNT - 1)
    assert (again.trained_size, again.tail_size) == (store.trained_size, store.tail_size)
    asked = unit_rows(9, seed=4)
    for before, after in zip(store.search(asked, 10), again.search(asked, 10), strict=True):
        np.testing.assert_array_equal(before, after)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_damaged_file_is_not_used(store: FaissStore, tmp_path: Path) -> None:
    path = tmp_path / "v.faiss"
    store.save(path, 1)
    whole = path.read_bytes()
    for position in (*range(52), *range(52, len(whole), len(whole) // 150)):
        damaged = bytearray(whole)
        damaged[position] ^= 0x40
        path.write_bytes(damaged)
        assert FaissStore.load(path) is None
    for length in (0, 20, 51, len(whole) - 1):
        path.write_bytes(whole[:length])
        assert FaissStore.load(path) is None
    path.write_bytes(whole + b"x")
    assert FaissStore.load(path) is None
    assert FaissStore.load(tmp_path / "none") is None


def test_removed_vectors_are_in_no_byte_of_a_file(store: FaissStore, tmp_path: Path) -> None:
    row = np.full((1, DIMENSION), 0.25, dtype=np.float32)
    row[0, ::2] *= -1
    path = tmp_path / "v.faiss"
    store.add(ids(5000), row)
    store.save(path, 1)
    trace = row.astype(np.float16).tobytes()
    assert trace in path.read_bytes()
    store.remove(ids(5000))
    store.save(path, 2)
    assert trace not in path.read_bytes()


def test_a_save_that_fails_leaves_the_old_file(store: FaissStore, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="can't be written"):
        store.save(tmp_path / "no folder" / "v.faiss", 1)


def test_an_empty_store_can_be_asked() -> None:
    store: VectorStore = FaissStore.empty(4)
    assert len(store) == 0
    assert store.search(unit_rows(1, 4), 3)[1].tolist() == [[-1, -1, -1]]


def test_small_collections_are_searched_exactly_and_large_ones_trained() -> None:
    policy = Policy(train_from=300)
    assert not policy.is_due(exact_store(unit_rows(299)))
    assert policy.is_due(exact_store(unit_rows(300)))


def test_a_trained_store_is_due_again_when_much_came_or_left() -> None:
    policy = Policy(train_from=300)
    store = trained_store(unit_rows(COUNT))  # 400 trained, 200 in the tail
    assert policy.is_due(store)
    store.remove(ids(*range(450, 610)))
    assert not policy.is_due(store)
    store.remove(ids(*range(10, 131)))
    assert policy.is_due(store)


def test_training_visits_as_many_lists_as_the_recall_asks_for() -> None:
    rows = unit_rows(4000)
    everything = [(ids(*range(4000)), rows)]
    strict = train(lambda: everything, 4000, Policy(recall=1.0), threads=1)
    loose = train(lambda: everything, 4000, Policy(recall=0.3), threads=1)
    assert loose.nprobe < strict.nprobe <= strict.nlist
