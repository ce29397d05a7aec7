"""Adding, asking, changing and removing documents."""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from filelock import FileLock

from assistant.config import IndexSettings
from assistant.core.errors import ModelMissingError, StoreError, UsageError
from assistant.core.events import Event, Notice, Progress
from assistant.core.protocols import Embedder, Vectors
from assistant.core.stopping import StoppedError
from index.catalogue import Catalogue, Session
from index.embedding import batches
from index.service import DocumentIndex
from index.vector_cache import VectorCache
from index.vectors import FaissStore
from tests.fakes import HashingEmbedder
from tests.index.conftest import Add, never


def first(index: DocumentIndex, question: str, collection: str | None = None) -> str:
    candidates = index.retrieve(question, collection, 3).candidates
    return Path(candidates[0].path).name if candidates else ""


def states(index: DocumentIndex) -> dict[str, str]:
    return {Path(f.path).name: f.state for f in index.status(None).files}


def notices(events: Sequence[Event]) -> str:
    return " ".join(e.text for e in events if isinstance(e, Notice))


def test_a_question_finds_the_file_that_speaks_of_it(
    index: DocumentIndex, add: Add, folder: Path
) -> None:
    add(folder)
    assert first(index, "What is the notice period?") == "contract.txt"
    assert first(index, "新版本什么时候发布？") == "笔记.md"
    found = index.retrieve("notice period", None, 5)
    assert (found.files, found.chunks, found.pending) == (3, 3, 0)


def test_a_candidate_is_text_of_its_file_at_its_offsets(
    index: DocumentIndex, add: Add, folder: Path
) -> None:
    add(folder)
    for candidate in index.retrieve("notice bread 会议", None, 5).candidates:
        assert Path(candidate.path).read_text()[candidate.start : candidate.end] == candidate.text


def test_other_words_than_the_questions_are_searched_by(
    index: DocumentIndex, add: Add, folder: Path
) -> None:
    add(folder)
    question = "通知期限是多久？"
    plain = index.retrieve(question, None, 5)
    told = index.retrieve(question, None, 5, words="notice period")
    contract = next(c for c in told.candidates if c.path.endswith("contract.txt"))
    assert contract.lexical > 0
    (near,) = (c.dense for c in plain.candidates if c.path == contract.path)
    assert contract.dense is not None
    assert near is not None
    assert contract.dense > near  # meaning goes half-way to them, too


def test_it_is_told_whether_any_text_is_in_chinese(
    index: DocumentIndex, add: Add, folder: Path
) -> None:
    add(folder)
    assert index.retrieve("notice period", None, 1).chinese
    index.forget([folder / "笔记.md"], None)
    assert not index.retrieve("notice period", None, 1).chinese


def test_an_empty_index_answers_with_nothing(index: DocumentIndex) -> None:
    assert index.is_empty(None)
    assert index.retrieve("anything", None, 5).candidates == ()
    assert index.collections() == ()
    assert index.status(None).files == ()


def test_asking_makes_no_folder(index: DocumentIndex, tmp_path: Path) -> None:
    index.retrieve("anything", None, 5)
    assert not (tmp_path / "index").exists()


def test_adding_again_reads_only_what_changed(
    index: DocumentIndex, add: Add, folder: Path, embedder: HashingEmbedder
) -> None:
    add(folder)
    calls = embedder.calls
    events = add(folder)
    assert "3 unchanged" in notices(events)
    assert embedder.calls == calls
    (folder / "recipe.txt").write_text("Boil the rice for ten minutes.")
    assert "1 read, 2 unchanged" in notices(add(folder))
    assert first(index, "How long does the rice boil?") == "recipe.txt"
    assert index.retrieve("bread degrees", None, 5).candidates[0].text.startswith("Boil") or (
        "bread" not in " ".join(c.text for c in index.retrieve("bread", None, 5).candidates)
    )


def test_a_touched_file_is_known_by_its_hash(add: Add, folder: Path) -> None:
    add(folder)
    os.utime(folder / "recipe.txt", (1, 1))
    assert "3 unchanged" in notices(add(folder))


def test_a_moved_file_is_not_embedded_again(
    index: DocumentIndex, add: Add, folder: Path, embedder: HashingEmbedder
) -> None:
    add(folder)
    calls = embedder.calls
    (folder / "recipe.txt").rename(folder / "bread.txt")
    add(folder)
    assert embedder.calls == calls
    assert states(index) == {"contract.txt": "fresh", "bread.txt": "fresh", "笔记.md": "fresh"}
    assert first(index, "Bake the bread") == "bread.txt"


def test_copies_of_a_text_come_once(index: DocumentIndex, add: Add, folder: Path) -> None:
    for number in range(3):
        (folder / f"copy{number}.txt").write_text((folder / "recipe.txt").read_text())
    add(folder)
    found = [c for c in index.retrieve("bake bread", None, 10).candidates if "Bake" in c.text]
    assert len(found) == 1
    assert index.file_count(None) == 6


def test_a_copy_stays_when_the_other_is_removed(
    index: DocumentIndex, add: Add, folder: Path
) -> None:
    (folder / "copy.txt").write_text((folder / "recipe.txt").read_text())
    add(folder)
    assert index.forget([folder / "recipe.txt"], None).files == 1
    assert first(index, "bake bread") == "copy.txt"


def test_deleted_files_leave_with_the_next_add(
    index: DocumentIndex, add: Add, folder: Path
) -> None:
    add(folder)
    (folder / "recipe.txt").unlink()
    assert states(index)["recipe.txt"] == "stale"
    assert "1 no longer there" in notices(add(folder))
    assert "recipe.txt" not in states(index)


def test_an_unplugged_folder_is_no_deletion(
    index: DocumentIndex, add: Add, folder: Path, tmp_path: Path
) -> None:
    add(folder)
    folder.rename(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="no file or folder"):
        add(folder)
    assert index.file_count(None) == 3


def test_the_receipt_says_what_became_of_each_file(
    index: DocumentIndex, add: Add, folder: Path
) -> None:
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    (folder / "notes.xyz").write_text("no reader")
    events = add(folder)
    (folder / "recipe.txt").write_text("Something else now.")
    receipt = {Path(f.path).name: f for f in index.status(None).files}
    assert receipt["contract.txt"].state == "fresh"
    assert receipt["recipe.txt"].state == "stale"
    assert receipt["broken.pdf"].state == "failed"
    assert "damaged" in receipt["broken.pdf"].reason
    assert "notes.xyz" not in receipt
    assert index.file_count(None) == 3
    assert "Files that could not be read: 1" in notices(events)
    assert "1 of other formats" in notices(events)


def test_a_file_given_by_name_without_a_reader_is_a_failure(
    index: DocumentIndex, add: Add, folder: Path
) -> None:
    (folder / "notes.xyz").write_text("no reader")
    add(folder / "notes.xyz")
    assert states(index) == {"notes.xyz": "failed"}
    assert index.is_empty(None)


def test_a_file_that_breaks_is_no_longer_answered_from(
    index: DocumentIndex, add: Add, folder: Path
) -> None:
    add(folder)
    (folder / "recipe.txt").write_bytes(bytes(range(256)) * 9)
    add(folder)
    assert states(index)["recipe.txt"] == "failed"
    assert all("bread" not in c.text for c in index.retrieve("bread", None, 9).candidates)


def test_removed_text_leaves_no_byte_behind(
    index: DocumentIndex, add: Add, folder: Path, tmp_path: Path
) -> None:
    (folder / "secret.txt").write_text("The passphrase is xyzzyplugh and the place is 绝密地点.")
    add(folder)
    assert b"xyzzyplugh" in held_bytes(tmp_path / "index")
    assert index.forget([folder / "secret.txt"], None).files == 1
    left = held_bytes(tmp_path / "index")
    for trace in ("xyzzyplugh", "绝密", "secret.txt"):
        assert trace.encode() not in left
    assert first(index, "What is the notice period?") == "contract.txt"


def held_bytes(root: Path) -> bytes:
    return b"".join(p.read_bytes() for p in root.rglob("*") if p.is_file())


def test_removing_a_folder_takes_its_files_out(
    index: DocumentIndex, add: Add, folder: Path
) -> None:
    add(folder)
    assert index.forget([folder], None).files == 3
    assert index.is_empty(None)
    assert index.status(None).roots == ()
    assert index.forget([folder], None).files == 0


def test_collections_are_apart(index: DocumentIndex, add: Add, folder: Path) -> None:
    add(folder / "recipe.txt", collection="kitchen")
    add(folder / "contract.txt", collection="合同 2024")
    assert index.collections() == ("kitchen", "合同 2024")
    assert first(index, "notice period bread", "kitchen") == "recipe.txt"
    assert index.is_empty(None)


@pytest.mark.parametrize("name", ["../up", "a/b", ".hidden", "x" * 65, "tab\tname", " "])
def test_a_collection_can_not_be_named_like_a_path(
    index: DocumentIndex, folder: Path, name: str
) -> None:
    with pytest.raises(UsageError, match="name of a collection"):
        list(index.add([folder], name, never))


def test_hidden_files_and_circles_of_links_are_no_trouble(
    index: DocumentIndex, add: Add, folder: Path
) -> None:
    (folder / ".hidden.txt").write_text("hidden")
    (folder / ".git").mkdir()
    (folder / ".git" / "a.txt").write_text("hidden")
    (folder / "circle").symlink_to(folder, target_is_directory=True)
    (folder / "nowhere.txt").symlink_to(folder / "none")
    add(folder)
    assert index.file_count(None) == 3


def test_a_file_name_that_is_no_text_survives(index: DocumentIndex, add: Add, folder: Path) -> None:
    name = os.fsencode(folder) + b"/caf\xe9.txt"
    Path(os.fsdecode(name)).write_text("The zebra crossing is painted white.")
    add(folder)
    found = index.retrieve("zebra crossing", None, 1).candidates[0]
    assert found.path.endswith("caf\ufffd.txt")
    assert "4 unchanged" in notices(add(folder))


def test_words_are_searched_while_the_model_is_missing(tmp_path: Path, folder: Path) -> None:
    def missing() -> Embedder:
        raise ModelMissingError("e5 is not here.", "assistant models pull e5")

    index = DocumentIndex(tmp_path / "index", IndexSettings(), missing)
    events = list(index.add([folder], None, never))
    assert "by their words only" in notices(events)
    found = index.retrieve("notice period", None, 3)
    assert found.candidates[0].dense is None
    assert found.pending == found.chunks == 3
    assert states(index) == dict.fromkeys(("contract.txt", "recipe.txt", "笔记.md"), "waiting")


def test_files_are_found_by_words_before_their_vectors_are_made(
    index: DocumentIndex, folder: Path
) -> None:
    events = index.add([folder], None, never)
    for event in events:
        if isinstance(event, Progress) and event.unit == "chunks":
            break
    found = index.retrieve("notice period", None, 3)
    assert Path(found.candidates[0].path).name == "contract.txt"
    assert found.pending == 3
    assert list(events)
    assert index.retrieve("notice period", None, 3).pending == 0


def test_cancelled_work_is_taken_up_by_the_next_add(
    index: DocumentIndex, add: Add, folder: Path, tmp_path: Path
) -> None:
    list(index.add([folder], None, lambda: index.file_count(None) == 1))
    assert sorted(states(index).values()) == ["waiting"] * 3
    assert index.file_count(None) == 1
    other = tmp_path / "other.txt"
    other.write_text("Another file altogether.")
    add(other)
    assert set(states(index).values()) == {"fresh"}
    assert index.file_count(None) == 4


def test_another_embedder_makes_its_own_vectors(
    index: DocumentIndex, add: Add, folder: Path, embedder: HashingEmbedder
) -> None:
    add(folder)
    embedder.name, embedder.dimension = "other", 32
    assert index.retrieve("bread", None, 3).pending == 3
    add(folder)
    assert index.retrieve("bread", None, 3).pending == 0
    assert first(index, "bake the bread") == "recipe.txt"


def test_a_damaged_vector_file_is_made_anew(
    index: DocumentIndex, add: Add, folder: Path, tmp_path: Path, embedder: HashingEmbedder
) -> None:
    add(folder)
    (file,) = (tmp_path / "index").rglob("vectors-*")
    whole = file.read_bytes()
    for damaged in (b"", whole[:50], whole[:-9], whole[:60] + b"\xff" * 8 + whole[68:]):
        file.write_bytes(damaged)
        again = DocumentIndex(tmp_path / "index", IndexSettings(), lambda: embedder)
        assert again.retrieve("bread", None, 3).candidates[0].dense is not None


def test_an_older_vector_file_is_brought_up_to_date(
    index: DocumentIndex, add: Add, folder: Path, tmp_path: Path, embedder: HashingEmbedder
) -> None:
    add(folder)
    (file,) = (tmp_path / "index").rglob("vectors-*")
    old = file.read_bytes()
    (folder / "recipe.txt").write_text("The kangaroo jumps over the fence.")
    add(folder)
    file.write_bytes(old)
    again = DocumentIndex(tmp_path / "index", IndexSettings(), lambda: embedder)
    found = again.retrieve("kangaroo jumps", None, 9).candidates
    assert len(found) == 3
    assert all(c.dense is not None for c in found)


def test_another_process_sees_what_was_added(
    index: DocumentIndex, add: Add, folder: Path, tmp_path: Path, embedder: HashingEmbedder
) -> None:
    add(folder / "contract.txt")
    reader = DocumentIndex(tmp_path / "index", IndexSettings(), lambda: embedder)
    assert first(reader, "bake the bread") == "contract.txt"
    add(folder)
    assert first(reader, "bake the bread") == "recipe.txt"
    index.forget([folder / "recipe.txt"], None)
    assert first(reader, "bake the bread") != "recipe.txt"


def test_a_second_writer_is_told_and_readers_go_on(
    index: DocumentIndex, add: Add, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(folder)
    monkeypatch.setattr("index.collection.LOCK_SECONDS", 0.05)
    with FileLock(tmp_path / "index" / "default" / "writing.lock"):
        with pytest.raises(StoreError, match="being changed by another program"):
            add(folder)
        assert first(index, "bake the bread") == "recipe.txt"


def test_questions_from_many_threads_are_answered_while_files_are_added(
    index: DocumentIndex, add: Add, folder: Path
) -> None:
    add(folder)
    answers: list[str] = []
    threads = [
        threading.Thread(
            target=lambda: answers.extend(first(index, "bake the bread") for _ in range(10))
        )
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for number in range(5):
        (folder / f"more{number}.txt").write_text(f"Text number {number} of the series.")
        add(folder)
    for thread in threads:
        thread.join()
    assert answers == ["recipe.txt"] * 40


def test_what_is_kept_is_for_the_owner_only(add: Add, folder: Path, tmp_path: Path) -> None:
    add(folder)
    kept = list((tmp_path / "index" / "default").iterdir())
    assert {stat.S_IMODE(p.stat().st_mode) for p in kept} == {0o600}
    assert stat.S_IMODE((tmp_path / "index" / "default").stat().st_mode) == 0o700


def test_a_damaged_database_says_so(
    index: DocumentIndex, add: Add, folder: Path, tmp_path: Path
) -> None:
    add(folder)
    (tmp_path / "index" / "default" / "index.sqlite3").write_bytes(b"not a database" * 400)
    with pytest.raises(StoreError, match="damaged") as caught:
        index.retrieve("bread", None, 3)
    assert "add the documents again" in caught.value.hint


def test_a_database_of_a_newer_version_is_left_alone(
    index: DocumentIndex, add: Add, folder: Path, tmp_path: Path
) -> None:
    add(folder)
    connection = sqlite3.connect(tmp_path / "index" / "default" / "index.sqlite3")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreError, match="newer version"):
        index.retrieve("bread", None, 3)


def test_a_word_index_of_older_rules_is_made_anew(
    index: DocumentIndex, add: Add, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(folder)
    monkeypatch.setattr("assistant.language.terms.VERSION", 99)
    (folder / "recipe.txt").write_text("Boil the rice.")
    add(folder)
    assert first(index, "boil rice") == "recipe.txt"


def test_a_question_without_words_finds_by_meaning_only(
    index: DocumentIndex, add: Add, folder: Path
) -> None:
    add(folder)
    assert len(index.retrieve("?!…", None, 3).candidates) == 3


def test_a_question_that_looks_like_search_syntax_is_only_words(
    index: DocumentIndex, add: Add, folder: Path
) -> None:
    add(folder)
    for question in ('bread" OR "x', "NEAR(bread)", "bread AND NOT *", "words:bread", "-bread^2"):
        assert first(index, question) == "recipe.txt"


def test_a_collection_that_many_open_at_once_is_made_once(tmp_path: Path) -> None:
    path = tmp_path / "index" / "default" / "index.sqlite3"
    start = threading.Barrier(6)
    counts: list[int] = []

    def open_it() -> None:
        start.wait()
        with Catalogue(path).session() as session:
            counts.append(session.files.count_indexed())

    threads = [threading.Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [0] * 6


def test_another_model_under_the_same_name_searches_by_words_until_its_vectors_are_made(
    tmp_path: Path, folder: Path
) -> None:
    def opened(dimension: int) -> DocumentIndex:
        embedder = HashingEmbedder(dimension=dimension)
        return DocumentIndex(tmp_path / "index", IndexSettings(), lambda: embedder)

    list(opened(64).add([folder], None, never))
    larger = opened(96)
    found = larger.retrieve("notice period", None, 3).candidates
    assert found[0].path.endswith("contract.txt")
    assert found[0].dense is None
    list(larger.add([folder], None, never))
    assert larger.retrieve("notice period", None, 3).candidates[0].dense is not None
    assert opened(96).retrieve("notice period", None, 3).candidates[0].dense is not None


def test_vectors_are_followed_before_anything_of_the_snapshot_is_read(
    index: DocumentIndex, add: Add, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(folder)
    seen: list[bool] = []
    follow = VectorCache.current

    def current(cache: VectorCache, session: Session, name: str, dimension: int) -> FaissStore:
        with index._collection(None).catalogue.session() as other:
            other.files.add_roots([Path("/late")])
        seen.append("/late" in session.files.roots())
        return follow(cache, session, name, dimension)

    monkeypatch.setattr(VectorCache, "current", current)
    assert first(index, "notice period") == "contract.txt"
    assert seen == [True]


def test_collections_are_summed_up(index: DocumentIndex, add: Add, folder: Path) -> None:
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    add(folder)
    add(folder / "recipe.txt", collection="kitchen")
    default, kitchen = index.summaries()
    assert (default.name, default.files, default.chunks, default.failed) == ("default", 3, 3, 1)
    assert (default.roots, default.pending, default.waiting) == ((str(folder),), 0, 0)
    assert kitchen.roots == (str(folder / "recipe.txt"),)


def test_texts_are_embedded_in_batches_of_like_length_and_bounded_size() -> None:
    sizes = [100] * 300 + [60_000, 20_000, 20_000, 20_000]
    cut = list(batches(list(enumerate(sizes))))
    assert sorted(content for batch in cut for content, _ in batch) == list(range(304))
    assert all(len(batch) <= 256 for batch in cut)
    assert all(len(batch) == 1 or sum(s for _, s in batch) <= 48 << 10 for batch in cut)
    assert [(s > 59_999) for batch in cut for _, s in batch if len(batch) == 1].count(True) == 1


def test_vectors_stopped_in_the_middle_are_kept_and_the_rest_made_later(
    index: DocumentIndex, add: Add, tmp_path: Path, embedder: HashingEmbedder
) -> None:
    many = tmp_path / "many"
    many.mkdir()
    for number in range(80):
        (many / f"{number}.txt").write_text(f"Tulip number {number} is red. " * 40)
    embed, calls = embedder.embed_documents, []

    def stopping(texts: Sequence[str]) -> Vectors:
        calls.append(texts)
        if len(calls) > 1:
            raise StoppedError
        return embed(texts)

    embedder.embed_documents = stopping  # type: ignore[method-assign]
    events = add(many)
    assert not any("failed" in e.text for e in events if isinstance(e, Notice))
    embedder.embed_documents = embed  # type: ignore[method-assign]
    found = index.retrieve("tulip", None, 5)
    assert 0 < found.pending < found.chunks
    add(many)
    assert index.retrieve("tulip", None, 5).pending == 0
