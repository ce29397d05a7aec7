"""Keeping up with the disk: edits, moves, deletions, and disks that are not there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.config import IndexSettings
from assistant.core.documents import Filters
from assistant.core.errors import UsageError
from assistant.core.events import Event, Notice, Progress
from assistant.core.skills import Cancelled
from index.files import Found, Known, Stamp, changes
from index.loaders.document import Document, Limits
from index.loaders.recognition import never
from index.loaders.safe_reader import SafeReader
from index.service import DocumentIndex
from index.walking import Part, find
from tests.fakes import HashingEmbedder
from tests.index.conftest import Add


class CountingReader(SafeReader):
    """Keeps the names of the files it read."""

    def __init__(self) -> None:
        super().__init__(Limits())
        self.names: list[str] = []

    def read(self, path: Path, cancelled: Cancelled = never) -> Document:
        self.names.append(path.name)
        return super().read(path, cancelled)

    def taken(self) -> list[str]:
        """The names since the last call."""
        names, self.names = sorted(self.names), []
        return names


@pytest.fixture
def reader() -> CountingReader:
    return CountingReader()


@pytest.fixture
def index(tmp_path: Path, embedder: HashingEmbedder, reader: CountingReader) -> DocumentIndex:
    return DocumentIndex(
        tmp_path / "index", IndexSettings(), lambda: embedder, reader, embedder_name=embedder.name
    )


def sync(index: DocumentIndex) -> str:
    """What a sync says."""
    return said(list(index.sync(None, never)))


def said(events: Sequence[Event]) -> str:
    return " ".join(f"{e.text} {e.hint}" for e in events if isinstance(e, Notice))


def states(index: DocumentIndex) -> dict[str, str]:
    return {Path(f.path).name: f.state for f in index.status(None).files}


def texts(index: DocumentIndex, question: str) -> str:
    return " ".join(c.text for c in index.retrieve(question, None, 20).candidates)


def test_a_sync_without_changes_reads_nothing_and_loads_no_model(
    index: DocumentIndex, add: Add, folder: Path, reader: CountingReader, tmp_path: Path
) -> None:
    add(folder)
    reader.taken()

    def refuse() -> HashingEmbedder:
        raise AssertionError("the embedder was loaded")

    idle = DocumentIndex(
        tmp_path / "index", IndexSettings(), refuse, reader, embedder_name="hashing"
    )
    assert "Files: 3 unchanged." in sync(idle)
    assert reader.taken() == []


def test_edits_new_files_and_deletions_are_seen(
    index: DocumentIndex, add: Add, folder: Path, reader: CountingReader
) -> None:
    add(folder)
    reader.taken()
    (folder / "recipe.txt").write_text("Boil the rice.")
    (folder / "letter.txt").write_text("Dear Anna, the garden is in bloom.")
    (folder / "contract.txt").unlink()
    assert "Files: 2 read, 1 unchanged, 1 no longer there." in sync(index)
    assert reader.taken() == ["letter.txt", "recipe.txt"]
    assert set(states(index)) == {"recipe.txt", "letter.txt", "笔记.md"}
    assert "notice period" not in texts(index, "notice period")


def test_every_root_is_synced(index: DocumentIndex, add: Add, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    add(folder / "recipe.txt")
    (other / "a.txt").write_text("A first text.")
    add(other)
    (folder / "recipe.txt").write_text("Boil the rice.")
    (other / "b.txt").write_text("A second text.")
    assert "2 read, 1 unchanged" in sync(index)
    assert set(states(index)) == {"recipe.txt", "a.txt", "b.txt"}


def test_a_moved_file_is_neither_read_nor_embedded_again(
    index: DocumentIndex, add: Add, folder: Path, reader: CountingReader, embedder: HashingEmbedder
) -> None:
    add(folder)
    reader.taken()
    calls = embedder.calls
    (folder / "sub").mkdir()
    (folder / "笔记.md").rename(folder / "sub" / "会议.md")
    assert "1 moved or copied, 2 unchanged, 1 no longer there" in sync(index)
    assert (reader.taken(), embedder.calls) == ([], calls)
    found = index.retrieve("新版本什么时候发布？", None, 1).candidates[0]
    assert (Path(found.path).name, found.place.heading, found.place.line) == ("会议.md", "会议", 1)
    assert set(states(index).values()) == {"fresh"}


def test_a_copy_made_in_the_same_run_is_read_once(
    index: DocumentIndex, add: Add, folder: Path, reader: CountingReader
) -> None:
    shutil.copy(folder / "recipe.txt", folder / "copy.txt")
    add(folder)
    assert len(reader.taken()) == 3
    assert index.file_count(None) == 4


def test_the_same_bytes_under_another_ending_are_read_by_the_other_reader(
    index: DocumentIndex, add: Add, folder: Path, reader: CountingReader
) -> None:
    add(folder)
    reader.taken()
    shutil.copy(folder / "笔记.md", folder / "笔记.txt")
    sync(index)
    assert reader.taken() == ["笔记.txt"]
    (copy,) = [f for f in index.status(None).files if f.path.endswith(".txt") and "笔记" in f.path]
    assert copy.state == "fresh"
    headings = {
        ending: index.retrieve("会议决定在周五发布", None, 1, Filters(types=(ending,)))
        .candidates[0]
        .place.heading
        for ending in ("md", "txt")
    }
    assert headings == {"md": "会议", "txt": ""}


def test_a_copy_of_a_file_that_failed_is_read(
    index: DocumentIndex, add: Add, folder: Path, reader: CountingReader
) -> None:
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    add(folder)
    reader.taken()
    shutil.copy(folder / "broken.pdf", folder / "again.pdf")
    sync(index)
    assert reader.taken() == ["again.pdf"]
    assert states(index)["again.pdf"] == "failed"


def test_what_failed_is_tried_again_by_add_and_not_by_sync(
    index: DocumentIndex, add: Add, folder: Path, reader: CountingReader
) -> None:
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    add(folder)
    reader.taken()
    sync(index)
    assert reader.taken() == []
    add(folder)
    assert reader.taken() == ["broken.pdf"]


def test_files_that_change_places_keep_their_vectors(
    index: DocumentIndex, add: Add, folder: Path, embedder: HashingEmbedder
) -> None:
    for number in range(6):
        (folder / f"log.{number}.txt").write_text(f"Entry number {number} of the journal.")
    add(folder)
    calls = embedder.calls
    for number in reversed(range(6)):
        (folder / f"log.{number}.txt").rename(folder / f"log.{number + 1}.txt")
    for number in range(1, 7):
        os.utime(folder / f"log.{number}.txt", (number, number))
    sync(index)
    assert embedder.calls == calls
    assert index.retrieve("journal", None, 3).pending == 0


def test_a_missing_folder_is_no_deletion_and_is_said(
    index: DocumentIndex, add: Add, folder: Path, tmp_path: Path
) -> None:
    add(folder)
    folder.rename(tmp_path / "elsewhere")
    text = sync(index)
    assert f"{folder} is not there; what was read from it is kept." in text
    assert "index forget" in text
    assert index.file_count(None) == 3
    (tmp_path / "elsewhere").rename(folder)
    assert "3 unchanged" in sync(index)


def test_an_empty_mount_point_is_no_deletion(
    index: DocumentIndex, add: Add, folder: Path, tmp_path: Path
) -> None:
    add(folder)
    folder.rename(tmp_path / "the disk")
    folder.mkdir()
    os.utime(folder, (1_000_000_000, 1_000_000_000))  # as it was before the disk was mounted
    assert "is not there; what was read from it is kept" in sync(index)
    assert index.file_count(None) == 3


def test_a_folder_that_was_emptied_is_a_deletion(
    index: DocumentIndex, add: Add, folder: Path
) -> None:
    add(folder)
    sync(index)
    for file in folder.iterdir():
        file.unlink()
    assert "3 no longer there" in sync(index)
    assert index.file_count(None) == 0


def test_what_lies_behind_a_link_to_an_unplugged_disk_stays(
    index: DocumentIndex, add: Add, folder: Path, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    (disk / "far.txt").write_text("The text on the disk.")
    (folder / "link").symlink_to(disk, target_is_directory=True)
    add(folder)
    disk.rename(tmp_path / "unplugged")
    text = sync(index)
    assert "link leads nowhere; what was read from it is kept." in text
    assert "far.txt" in states(index)
    (folder / "link").unlink()
    sync(index)
    assert "far.txt" not in states(index)


def test_what_an_ignore_file_names_by_now_leaves(
    index: DocumentIndex, add: Add, folder: Path
) -> None:
    add(folder)
    (folder / ".assistantignore").write_text("recipe.txt\n")
    assert "1 no longer there" in sync(index)
    assert set(states(index)) == {"contract.txt", "笔记.md"}


def test_interrupted_work_is_taken_up_by_a_sync(index: DocumentIndex, folder: Path) -> None:
    list(index.add([folder], None, lambda: index.file_count(None) == 1))
    assert sorted(states(index).values()) == ["waiting"] * 3
    sync(index)
    assert set(states(index).values()) == {"fresh"}


def test_a_file_that_changes_while_it_is_read_is_not_taken_for_known(
    index: DocumentIndex, folder: Path, reader: CountingReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = (folder / "recipe.txt").read_text()

    def read(path: Path, cancelled: Cancelled = never) -> Document:
        if path.name == "recipe.txt":
            path.write_text("Something else was written meanwhile.")
        return CountingReader.read(reader, path, cancelled)

    monkeypatch.setattr(reader, "read", read)
    list(index.add([folder / "recipe.txt"], None, never))
    monkeypatch.undo()
    (folder / "old.txt").write_text(first)
    list(index.add([folder / "old.txt"], None, never))
    assert "Bake the bread" in texts(index, "bake bread")


def test_a_collection_that_is_none_can_not_be_synced(index: DocumentIndex, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no collection “work”"):
        list(index.sync("work", never))
    assert not (tmp_path / "index").exists()


def test_a_second_sync_of_some_paths_looks_at_nothing_else(tmp_path: Path) -> None:
    for name in ("a/x.txt", "a/deep/y.txt", "b/z.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / ".assistantignore").write_text("y.txt\n")

    def found(*parts: str) -> list[str]:
        files = find([tmp_path], frozenset({".txt"}), Part(str(tmp_path / p) for p in parts)).files
        return sorted(str(Path(path).relative_to(tmp_path)) for path in files)

    assert found("a/x.txt") == ["a/x.txt"]
    assert found("a") == ["a/x.txt"]  # the rules of the folder above hold
    assert found("a/deep/y.txt", "b") == ["b/z.txt"]
    assert found("c.txt") == []


@pytest.mark.parametrize(
    ("before", "retrying", "is_read"),
    [
        (Known(1, Stamp(1, 1), b"x" * 32, "failed"), True, True),
        (Known(1, Stamp(1, 1), b"x" * 32, "failed"), False, False),
        (Known(1, Stamp(1, 1), None, "failed"), False, True),
        (Known(1, Stamp(1, 2), b"x" * 32, "failed"), False, True),
        (Known(1, Stamp(1, 1), None, "waiting"), False, True),
    ],
)
def test_which_files_are_tried_again(before: Known, retrying: bool, is_read: bool) -> None:
    todo = changes(Found({"/d/a": Stamp(1, 1)}), {"/d/a": before}, ["/d"], retrying=retrying)
    assert (todo.read == ("/d/a",)) is is_read


def test_a_file_waiting_on_an_unplugged_disk_goes_on_waiting() -> None:
    before = {"/disk/a": Known(1, Stamp(1, 1), None, "waiting")}
    assert changes(Found({}, missing=("/disk",)), before, ["/other"]).read == ()


def test_progress_tells_the_time_left(index: DocumentIndex, folder: Path) -> None:
    list(index.add([folder / "recipe.txt"], None, never))  # learns the speed
    events = [e for e in index.add([folder], None, never) if isinstance(e, Progress)]
    assert [e.label for e in events][-1] == "Making vectors"
    assert events[0].seconds_left is None  # what the files bring is not known yet
    assert all(e.seconds_left is not None and e.seconds_left >= 0 for e in events[1:-1])


def test_when_reading_lasts_some_vectors_are_made_to_learn_the_speed(
    index: DocumentIndex, folder: Path, embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.indexer.LEARNING_SECONDS", 0.0)
    monkeypatch.setattr("index.indexer._TICK", 0.0)
    told = [
        event.seconds_left
        for event in index.add([folder], None, never)
        if isinstance(event, Progress) and event.label == "Reading"
    ]
    assert told[0] is None
    assert told[-1] is not None
    assert embedder.calls == 2  # the sample, and the rest
    assert index.retrieve("bread", None, 3).pending == 0
