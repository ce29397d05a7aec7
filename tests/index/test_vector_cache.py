"""The vectors of a collection follow its database: training, swapping, damage, forgetting."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from assistant.core.documents import Retrieval
from index.collection import Collection
from index.training import Policy, train
from index.vector_cache import VectorCache
from index.vectors import FaissStore
from tests.fakes import HashingEmbedder
from tests.index.filling import fill

POLICY = Policy(train_from=200, recall=1.0)
TOPICS = ("bread", "contract", "zebra", "engine", "violin", "glacier", "harbour", "lantern")


def texts(first: int, count: int) -> list[str]:
    return [f"Note {n} tells of the {TOPICS[n % 8]} and of thing{n}." for n in range(first, count)]


@pytest.fixture
def collection(tmp_path: Path, embedder: HashingEmbedder) -> Collection:
    """300 notes, their index trained."""
    made = Collection(tmp_path / "made", POLICY)
    fill(made, embedder, texts(0, 300))
    save(made, embedder)
    return made


def save(collection: Collection, embedder: HashingEmbedder) -> None:
    with collection.writing() as session:
        collection.save_vectors(session, embedder.name, embedder.dimension)


def ask(collection: Collection, embedder: HashingEmbedder, question: str, k: int = 3) -> Retrieval:
    query = embedder.embed_queries([question])[0]
    return collection.retrieve(question, k, query, embedder.name)


def first(collection: Collection, embedder: HashingEmbedder, question: str) -> str:
    return ask(collection, embedder, question).candidates[0].text


def vector_file(collection: Collection) -> Path:
    (file,) = collection.folder.glob("vectors-*")
    return file


def kept(collection: Collection) -> FaissStore:
    loaded = FaissStore.load(vector_file(collection))
    assert loaded is not None
    return loaded[0]


def test_a_large_collection_is_trained_and_answers_alike(
    collection: Collection, embedder: HashingEmbedder, tmp_path: Path
) -> None:
    assert kept(collection).trained_size == 300
    shutil.copytree(collection.folder, tmp_path / "copy")
    exact = Collection(tmp_path / "copy", Policy(train_from=10_000))
    vector_file(exact).unlink()
    for number in (7, 150, 299):
        question = f"What of thing{number} and the {TOPICS[number % 8]}?"
        ours, theirs = (ask(c, embedder, question, 8) for c in (collection, exact))
        assert ours == Retrieval(**{**_fields(theirs), "collection": "made"})


def _fields(found: Retrieval) -> dict[str, Any]:
    return {name: getattr(found, name) for name in found.__struct_fields__}


def test_new_vectors_are_found_at_once_and_trained_later(
    collection: Collection, embedder: HashingEmbedder
) -> None:
    fill(collection, embedder, texts(300, 320), first=300)
    assert "thing310" in first(collection, embedder, "thing310")
    save(collection, embedder)
    assert kept(collection).trained_size == 300  # not for twenty
    fill(collection, embedder, texts(320, 440), first=320)
    save(collection, embedder)
    assert kept(collection).trained_size == 440
    assert "thing439" in first(collection, embedder, "thing439")


def test_removed_contents_are_not_found_and_their_vectors_leave_the_trained_part(
    collection: Collection, embedder: HashingEmbedder
) -> None:
    with collection.writing() as session:
        session.files.remove_files([f"/papers/{n}.txt" for n in range(0, 300, 10)])
    for number in (0, 150, 290):
        found = ask(collection, embedder, f"thing{number}", 20).candidates
        assert found
        assert all(f"thing{number}." not in c.text for c in found)


def test_a_question_is_answered_while_the_index_is_trained_and_the_new_one_is_used_after(
    collection: Collection, embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[str] = []

    def training(*arguments: Any, **named: Any) -> Any:
        asking = threading.Thread(
            target=lambda: answers.append(first(collection, embedder, "thing355"))
        )
        asking.start()
        asking.join(60)
        assert not asking.is_alive(), "the question waited for the training"
        return train(*arguments, **named)

    fill(collection, embedder, texts(300, 420), first=300)
    monkeypatch.setattr("index.vector_cache.train", training)
    save(collection, embedder)
    assert "thing355" in answers[0]
    assert kept(collection).trained_size == 420
    assert "thing355" in first(collection, embedder, "thing355")


def test_what_comes_and_goes_while_it_is_trained_is_followed(
    collection: Collection, embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(collection, embedder, texts(300, 420), first=300)

    def training(*arguments: Any, **named: Any) -> Any:
        index = train(*arguments, **named)
        with collection.catalogue.session() as session:  # the lock is ours already
            session.files.remove_files(["/papers/7.txt"])
        return index

    monkeypatch.setattr("index.vector_cache.train", training)
    save(collection, embedder)
    found = ask(collection, embedder, "thing7", 20).candidates
    assert all(c.text != texts(7, 8)[0] for c in found)
    assert all(c.dense is not None for c in found)


def test_cancelled_training_leaves_what_there_was(
    collection: Collection, embedder: HashingEmbedder
) -> None:
    fill(collection, embedder, texts(300, 420), first=300)
    with collection.writing() as session:
        collection.save_vectors(session, embedder.name, embedder.dimension, lambda: True)
    assert kept(collection).trained_size == 300
    assert "thing400" in first(collection, embedder, "thing400")


def test_a_damaged_trained_file_is_made_anew_from_the_database(
    collection: Collection, embedder: HashingEmbedder
) -> None:
    file = vector_file(collection)
    file.write_bytes(file.read_bytes()[:-100])
    again = Collection(collection.folder, POLICY)
    assert "thing123" in first(again, embedder, "thing123")
    save(again, embedder)
    assert kept(again).trained_size == 300


def test_a_start_after_a_kill_catches_up_from_an_older_file(
    collection: Collection, embedder: HashingEmbedder
) -> None:
    old = vector_file(collection).read_bytes()
    fill(collection, embedder, texts(300, 330), first=300)
    with collection.writing() as session:
        session.files.remove_files(["/papers/5.txt"])
    vector_file(collection).write_bytes(old)
    again = Collection(collection.folder, POLICY)
    assert "thing325" in first(again, embedder, "thing325")
    assert all("thing5." not in c.text for c in ask(again, embedder, "thing5", 20).candidates)


def test_a_database_restored_from_a_backup_is_searched_as_it_is(
    collection: Collection, embedder: HashingEmbedder, tmp_path: Path
) -> None:
    shutil.copytree(collection.folder, tmp_path / "backup")
    fill(collection, embedder, texts(300, 440), first=300)
    save(collection, embedder)
    newer = vector_file(collection).read_bytes()
    restored = Collection(tmp_path / "backup", POLICY)
    vector_file(restored).write_bytes(newer)
    found = ask(restored, embedder, "thing299", 8)
    assert "thing299" in found.candidates[0].text
    assert found.chunks == 300
    assert all(c.dense is not None for c in found.candidates)


def test_what_another_process_trained_is_taken_over(
    collection: Collection, embedder: HashingEmbedder
) -> None:
    reader = VectorCache(collection.folder, POLICY)
    with current(reader, collection, embedder) as store:
        assert store.trained_size == 300
    fill(collection, embedder, texts(300, 440), first=300)
    with current(reader, collection, embedder) as store:
        assert (store.trained_size, store.tail_size) == (300, 140)
    save(collection, embedder)
    with current(reader, collection, embedder) as store:
        assert (store.trained_size, store.tail_size) == (440, 0)


@contextmanager
def current(
    cache: VectorCache, collection: Collection, embedder: HashingEmbedder
) -> Iterator[FaissStore]:
    with collection.catalogue.session() as session, session.snapshot():
        yield cache.current(session, embedder.name, embedder.dimension)


def test_what_a_killed_writer_left_half_written_is_cleared_away(
    collection: Collection, embedder: HashingEmbedder
) -> None:
    part = collection.folder / "vectors-1-1.faissxyz.part"
    part.write_bytes(b"half")
    save(collection, embedder)
    assert not part.exists()


def test_forgetting_keeps_a_trained_index_without_what_left(
    collection: Collection, embedder: HashingEmbedder
) -> None:
    before = len(kept(collection))
    with collection.writing() as session:
        session.files.remove_files(["/papers/9.txt"])
        collection.forget_vectors()
    again = kept(collection)
    assert (again.trained_size, len(again)) == (300, before - 1)
    assert "thing10" in first(collection, embedder, "thing10")


def test_forgetting_a_small_collection_deletes_its_file(
    tmp_path: Path, embedder: HashingEmbedder
) -> None:
    small = Collection(tmp_path / "small", POLICY)
    fill(small, embedder, texts(0, 10))
    save(small, embedder)
    with small.writing() as session:
        session.files.remove_files(["/papers/9.txt"])
        small.forget_vectors()
    assert list(small.folder.glob("vectors-*")) == []
    assert "thing3" in first(small, embedder, "thing3")


def test_a_small_change_is_followed_and_not_written(
    tmp_path: Path, embedder: HashingEmbedder
) -> None:
    small = Collection(tmp_path / "small", POLICY)
    fill(small, embedder, texts(0, 10))
    save(small, embedder)
    before = vector_file(small).read_bytes()
    fill(small, embedder, texts(10, 12), first=10)
    save(small, embedder)
    assert vector_file(small).read_bytes() == before
    again = Collection(small.folder, POLICY)
    assert "thing11" in first(again, embedder, "thing11")
