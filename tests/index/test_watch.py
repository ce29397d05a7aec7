"""Following changes: real ones, on a real disk."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock

from assistant.core.events import Event, Notice
from index.collection import CollectionBusyError
from index.service import DocumentIndex
from index.watching import (
    PATIENCE_SECONDS,
    SETTLED_SECONDS,
    Unsettled,
    Watcher,
    _is_of_interest,
    _looked_at,
)
from tests.index.conftest import Add

DEADLINE = 60.0
"""Seconds after which a change that was not seen never will be."""


class Following:
    """A watch under way in a thread."""

    def __init__(self, index: DocumentIndex) -> None:
        self.index = index
        self.events: list[Event] = []
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        self.events.extend(self.index.watch(None, self.stop.is_set))

    def until(self, condition: Callable[[], bool]) -> bool:
        """Whether it came true in time."""
        deadline = time.monotonic() + DEADLINE
        while not condition() and time.monotonic() < deadline:
            time.sleep(0.02)
        return condition()

    def holds(self, *names: str) -> bool:
        """Whether the index comes to hold these files, searchable, and no others."""
        return self.until(lambda: self._names() == set(names))

    def said(self, words: str) -> bool:
        """Whether a notice comes to say so."""
        return self.until(lambda: words in " ".join(str(e) for e in self.index_notices()))

    def index_notices(self) -> list[str]:
        return [e.text for e in self.events if isinstance(e, Notice)]

    def _names(self) -> set[str]:
        return {Path(f.path).name for f in self.index.status(None).files if f.state == "fresh"}


@contextmanager
def following(index: DocumentIndex) -> Iterator[Following]:
    watch = Following(index)
    try:
        yield watch
    finally:
        watch.stop.set()
        watch.thread.join(DEADLINE)
        assert not watch.thread.is_alive()


def test_edits_new_files_moves_and_deletions_are_followed(
    index: DocumentIndex, add: Add, folder: Path
) -> None:
    add(folder)
    with following(index) as watch:
        (folder / "letter.txt").write_text("Dear Anna, the garden is in bloom.")
        assert watch.holds("contract.txt", "recipe.txt", "笔记.md", "letter.txt")
        (folder / "letter.txt").write_text("Dear Anna, the kangaroo jumps.")
        assert watch.until(
            lambda: "kangaroo" in index.retrieve("kangaroo", None, 1).candidates[0].text
        )
        (folder / "sub").mkdir()
        (folder / "letter.txt").rename(folder / "sub" / "post.txt")
        (folder / "recipe.txt").unlink()
        assert watch.holds("contract.txt", "笔记.md", "post.txt")


def test_what_changed_before_the_watch_is_synced_first(
    index: DocumentIndex, add: Add, folder: Path
) -> None:
    add(folder)
    (folder / "recipe.txt").unlink()
    with following(index) as watch:
        assert watch.holds("contract.txt", "笔记.md")


def test_ignore_files_are_honoured_and_followed(
    index: DocumentIndex, add: Add, folder: Path
) -> None:
    (folder / ".assistantignore").write_text("draft*\n")
    add(folder)
    with following(index) as watch:
        (folder / "draft.txt").write_text("Not to be read.")
        (folder / "final.txt").write_text("To be read.")
        assert watch.holds("contract.txt", "recipe.txt", "笔记.md", "final.txt")
        (folder / ".assistantignore").write_text("recipe.txt\n")
        assert watch.holds("contract.txt", "笔记.md", "final.txt", "draft.txt")


def test_a_root_that_vanishes_and_comes_back_is_followed_again(
    index: DocumentIndex, add: Add, folder: Path, tmp_path: Path
) -> None:
    add(folder)
    with following(index) as watch:
        assert watch.said("3 unchanged")
        folder.rename(tmp_path / "unplugged")
        assert watch.said("is not there; what was read from it is kept")
        assert index.file_count(None) == 3
        (tmp_path / "unplugged").rename(folder)
        (folder / "late.txt").write_text("A text that came late.")
        assert watch.holds("contract.txt", "recipe.txt", "笔记.md", "late.txt")
        (folder / "later.txt").write_text("A text that came later.")
        assert watch.holds("contract.txt", "recipe.txt", "笔记.md", "late.txt", "later.txt")


def test_a_root_added_meanwhile_is_followed_too(
    index: DocumentIndex, add: Add, folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    with following(index) as watch:  # before there is a collection
        add(folder / "recipe.txt")
        (other / "a.txt").write_text("A first text.")
        add(other)
        assert watch.holds("recipe.txt", "a.txt")
        (other / "b.txt").write_text("A second text.")
        assert watch.holds("recipe.txt", "a.txt", "b.txt")


def test_another_writer_is_waited_for(
    index: DocumentIndex, add: Add, folder: Path, tmp_path: Path
) -> None:
    add(folder)
    lock = FileLock(tmp_path / "index" / "default" / "writing.lock")
    with following(index) as watch:
        assert watch.said("3 unchanged")
        with lock:
            (folder / "letter.txt").write_text("Dear Anna.")
            assert watch.said("waiting for it")
        assert watch.holds("contract.txt", "recipe.txt", "笔记.md", "letter.txt")


def test_a_watch_ends_while_it_waits_for_another_writer(
    index: DocumentIndex, add: Add, folder: Path, tmp_path: Path
) -> None:
    add(folder)
    with FileLock(tmp_path / "index" / "default" / "writing.lock"), following(index) as watch:
        assert watch.said("waiting for it")


def test_a_system_that_can_not_watch_is_polled(
    index: DocumentIndex, add: Add, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import watchfiles

    watch_for_real = watchfiles.watch

    def refusing(*paths: str, force_polling: bool | None, **settings: object) -> object:
        if not force_polling:
            raise OSError("OS file watch limit reached.")
        return watch_for_real(*paths, force_polling=True, **settings)  # type: ignore[arg-type]

    monkeypatch.setattr(watchfiles, "watch", refusing)
    add(folder)
    with following(index) as watch:
        assert watch.said("looked through again and again")
        (folder / "letter.txt").write_text("Dear Anna.")
        assert watch.holds("contract.txt", "recipe.txt", "笔记.md", "letter.txt")


def test_a_busy_collection_is_tried_again_and_said_once() -> None:
    tries: list[Sequence[str] | None] = []

    def sync(changed: Sequence[str] | None) -> Iterator[Event]:
        tries.append(changed)
        if len(tries) < 3:
            raise CollectionBusyError("busy")
        yield Notice("done")

    events = list(Watcher(sync, lambda: ()).run(lambda: len(tries) == 3))
    assert tries == [None, None, None]
    assert [e.text for e in events if isinstance(e, Notice)] == [
        "Another program is changing the collection; waiting for it.",
        "done",
    ]


def test_a_file_is_read_when_it_came_to_rest() -> None:
    unsettled = Unsettled()
    unsettled.add(["/a", "/b"], now=0.0)
    unsettled.add(["/a"], now=SETTLED_SECONDS)
    assert unsettled.take(SETTLED_SECONDS) == ("/b",)
    assert unsettled.take(2 * SETTLED_SECONDS) == ("/a",)
    assert unsettled.take(99.0) == ()


def test_a_file_that_never_rests_is_read_all_the_same() -> None:
    unsettled = Unsettled()
    seen: list[float] = []
    for now in range(100):
        unsettled.add(["/log"], now / 2)
        if unsettled.take(now / 2):
            seen.append(now / 2)
    assert seen == [PATIENCE_SECONDS]


@pytest.mark.parametrize(
    ("path", "is_of_interest"),
    [
        ("/home/.notes/a.txt", True),
        ("/home/.notes/.git/index", False),
        ("/home/.notes/sub/.hidden", False),
        ("/home/.notes/sub/.gitignore", True),
        ("/home/.notes/.assistantignore", True),
    ],
)
def test_hidden_files_below_a_root_are_of_no_interest(path: str, is_of_interest: bool) -> None:
    assert _is_of_interest(path, ["/home/.notes"]) is is_of_interest


def test_a_change_of_rules_or_a_garbled_name_has_its_folder_looked_at() -> None:
    assert _looked_at("/d/a.txt") == "/d/a.txt"
    assert _looked_at("/d/.gitignore") == "/d"
    assert _looked_at("/d/caf\ufffd.txt") == "/d"
