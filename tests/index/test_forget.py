"""Forgetting: of what was removed, no byte stays on the disk."""

from __future__ import annotations

import random
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from assistant.core.errors import StoreError
from index.erasing import is_due
from index.forgetting import Forgotten
from index.service import DocumentIndex
from tests.index.conftest import Add, never

LETTER = (
    "# The wyvern ledger\n\nThe passphrase is xyzzyplugh.\n\n## 绝密章节\n\n交货地点是青藏仓库。\n"
)
TRACES = ("wyvern", "Wyvern", "xyzzyplugh", "绝密", "青藏", "交货", "ledger", "quux-notes")


@pytest.fixture
def secret(folder: Path) -> Path:
    path = folder / "quux-notes.md"
    path.write_text(LETTER)
    return path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "index"


def traces(root: Path) -> list[str]:
    """Which of the secret's words stand in any file of the index."""
    held = b"".join(path.read_bytes() for path in root.rglob("*") if path.is_file())
    return [trace for trace in TRACES if trace.encode() in held]


@contextmanager
def reading(root: Path) -> Iterator[None]:
    """Another program is in the middle of a question."""
    with closing(sqlite3.connect(root / "default" / "index.sqlite3")) as connection:
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM contents").fetchone()
        yield


def test_words_headings_and_names_are_gone(
    index: DocumentIndex, add: Add, folder: Path, secret: Path, root: Path
) -> None:
    add(folder)
    assert set(traces(root)) >= {"wyvern", "xyzzyplugh", "绝密", "青藏", "quux-notes"}
    assert index.forget([secret], None) == Forgotten(files=1)
    assert traces(root) == []
    assert index.file_count(None) == 3
    assert index.retrieve("notice period", None, 3).pending == 0


def test_forgetting_a_folder_forgets_its_name(
    index: DocumentIndex, add: Add, folder: Path, secret: Path, root: Path
) -> None:
    inner = folder / "wyvern ledger"
    inner.mkdir()
    secret.rename(inner / secret.name)
    add(folder)
    add(inner)
    assert index.forget([inner], None) == Forgotten(files=1, roots=1)
    assert traces(root) == []


def test_no_old_copy_of_a_row_stays_in_a_page(
    index: DocumentIndex, add: Add, folder: Path, root: Path
) -> None:
    draw = random.Random(1)  # noqa: S311
    names: list[Path] = []
    for number in range(200):
        path = folder / f"file{number:03}.txt"
        paragraphs = [
            " ".join(
                f"d{number:03}q{draw.randrange(10**9):09}" for _ in range(draw.randint(20, 120))
            )
            for _ in range(draw.randint(1, 6))
        ]
        path.write_text("\n\n".join(paragraphs))
        names.append(path)
    add(folder)
    draw.shuffle(names)
    for first in range(0, 180, 20):
        index.forget(names[first : first + 20], None)
        held = b"".join(path.read_bytes() for path in root.rglob("*") if path.is_file())
        left = [p.stem for p in names[: first + 20] if f"d{p.stem[4:]}q".encode() in held]
        assert left == []


def test_text_that_another_file_holds_stays_until_that_goes_too(
    index: DocumentIndex, add: Add, folder: Path, secret: Path, root: Path
) -> None:
    other = folder / "other.md"
    other.write_text(LETTER)
    add(folder)
    index.forget([secret], None)
    assert "xyzzyplugh" in traces(root)
    assert "quux-notes" not in traces(root)
    index.forget([other], None)
    assert traces(root) == []


def test_the_text_of_a_file_that_failed_later_is_gone(
    index: DocumentIndex, add: Add, folder: Path, secret: Path, root: Path
) -> None:
    add(folder)
    secret.write_bytes(bytes(range(256)) * 9)
    add(folder)
    assert index.status(None).count("failed") == 1
    assert [t for t in traces(root) if t != "quux-notes"] == []
    index.forget([secret], None)
    assert traces(root) == []


def test_what_an_edit_or_a_deletion_removes_is_overwritten_by_the_sync(
    index: DocumentIndex, add: Add, folder: Path, secret: Path, root: Path
) -> None:
    add(folder)
    secret.write_text("# Nothing to see\n\nA harmless text.\n")
    list(index.sync(None, never))
    assert traces(root) == ["quux-notes"]
    secret.unlink()
    list(index.sync(None, never))
    assert traces(root) == []


def test_forgetting_what_a_sync_removed_overwrites_it(
    index: DocumentIndex,
    add: Add,
    folder: Path,
    secret: Path,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("index.indexer.is_due", lambda *_: False)  # as in a large collection
    add(folder)
    secret.unlink()
    list(index.sync(None, never))
    assert traces(root) != []
    assert index.forget([secret], None) == Forgotten()
    assert traces(root) == []


@pytest.mark.parametrize(
    ("removed", "contents", "due"),
    [(0, 10, False), (1, 5_000, True), (1, 100_000, False), (2_000, 100_000, True)],
)
def test_a_sync_overwrites_when_that_is_worth_it(removed: int, contents: int, due: bool) -> None:
    assert is_due(removed, contents) is due


def test_a_reader_that_ends_is_waited_for(
    index: DocumentIndex, add: Add, folder: Path, secret: Path, root: Path
) -> None:
    add(folder)
    done = threading.Event()
    seen: list[Forgotten] = []

    def forget() -> None:
        seen.append(index.forget([secret], None))
        done.set()

    with reading(root):
        thread = threading.Thread(target=forget)
        thread.start()
        assert not done.wait(0.5)
    thread.join(60)
    assert seen == [Forgotten(files=1)]
    assert traces(root) == []


def test_a_reader_that_does_not_end_is_told_and_the_next_call_finishes(
    index: DocumentIndex,
    add: Add,
    folder: Path,
    secret: Path,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    add(folder)
    monkeypatch.setattr("index.catalogue.READERS_SECONDS", 0.1)
    monkeypatch.setattr("index.database.BUSY_SECONDS", 0.1)
    with reading(root), pytest.raises(StoreError, match="another program") as caught:
        index.forget([secret], None)
    assert "index forget" in caught.value.hint
    assert "xyzzyplugh" not in " ".join(
        c.text for c in index.retrieve("xyzzyplugh", None, 9).candidates
    )
    index.forget([secret], None)
    assert traces(root) == []


def test_what_was_forgotten_does_not_come_back_with_a_sync(
    index: DocumentIndex, add: Add, folder: Path, secret: Path, root: Path
) -> None:
    add(folder)
    index.forget([secret], None)
    list(index.sync(None, never))
    add(folder)
    assert traces(root) == []
    assert index.file_count(None) == 3


def test_what_was_forgotten_comes_back_when_it_is_added_by_name(
    index: DocumentIndex, add: Add, folder: Path, secret: Path
) -> None:
    add(folder)
    index.forget([secret], None)
    add(secret)
    assert index.file_count(None) == 4
    list(index.sync(None, never))
    assert index.file_count(None) == 4


def test_a_forgotten_folder_stays_out_as_a_whole(
    index: DocumentIndex, add: Add, folder: Path
) -> None:
    inner = folder / "inner"
    inner.mkdir()
    (inner / "a.txt").write_text("One of two.")
    (inner / "b.txt").write_text("Two of two.")
    add(folder)
    assert index.forget([inner], None).files == 2
    list(index.sync(None, never))
    assert index.file_count(None) == 3
    add(inner)
    assert index.file_count(None) == 5


def test_the_file_of_vectors_is_made_anew(
    index: DocumentIndex, add: Add, folder: Path, secret: Path, root: Path
) -> None:
    add(folder)
    (before,) = root.rglob("vectors-*")
    size = before.stat().st_size
    index.forget([secret], None)
    (after,) = root.rglob("vectors-*")
    assert after.stat().st_size < size


def test_forgetting_happens_as_a_whole_or_not_at_all(
    index: DocumentIndex, add: Add, folder: Path, secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(folder)

    def fail(*_: object) -> int:
        raise StoreError("The disk is full.")

    monkeypatch.setattr("index.file_table.FileTable.remove_files", fail)
    with pytest.raises(StoreError, match="full"):
        index.forget([secret], None)
    monkeypatch.undo()
    list(index.sync(None, never))
    assert index.file_count(None) == 4
