"""Jobs about collections, on a real index: what the interface is told."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from filelock import FileLock

from assistant.config import IndexSettings
from assistant.core.events import Collections, Duplicates, Event, Notice, Progress, Receipt
from assistant.engine.host import _lane
from assistant.engine.index_jobs import IndexJob, index_events
from assistant.engine.wire import (
    IndexAdd,
    IndexDuplicates,
    IndexForget,
    IndexList,
    IndexStatus,
    IndexSync,
    IndexWatch,
)
from index.service import DocumentIndex
from tests.fakes import HashingEmbedder


@pytest.fixture
def index(tmp_path: Path) -> DocumentIndex:
    return DocumentIndex(tmp_path / "index", IndexSettings(), HashingEmbedder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "a.txt").write_text("The first text.")
    (folder / "b.txt").write_text("The second text.")
    return folder


def run(index: DocumentIndex, job: IndexJob) -> list[Event]:
    return list(index_events(index, job, lambda: False))


def said(events: list[Event]) -> str:
    return " ".join(e.text for e in events if isinstance(e, Notice))


def test_collections_and_receipts_come_as_one_event(index: DocumentIndex, folder: Path) -> None:
    assert run(index, IndexList()) == [Collections(())]
    run(index, IndexAdd((str(folder),), "work"))
    (listed,) = run(index, IndexList())
    assert isinstance(listed, Collections)
    assert [(c.name, c.files, c.roots) for c in listed.collections] == [("work", 2, (str(folder),))]
    (receipt,) = run(index, IndexStatus("work"))
    assert isinstance(receipt, Receipt)
    assert [f.state for f in receipt.status.files] == ["fresh", "fresh"]


def test_pictures_that_are_nearly_the_same_come_as_one_event(
    index: DocumentIndex, folder: Path
) -> None:
    assert run(index, IndexDuplicates()) == [Duplicates(())], "nothing was ever added"
    run(index, IndexAdd((str(folder),), "work"))
    assert run(index, IndexDuplicates("work")) == [Duplicates(())]


def test_a_sync_tells_its_progress_and_what_changed(index: DocumentIndex, folder: Path) -> None:
    run(index, IndexAdd((str(folder),)))
    (folder / "c.txt").write_text("The third text.")
    events = run(index, IndexSync())
    assert "1 read, 2 unchanged" in said(events)
    assert any(isinstance(e, Progress) for e in events)


def test_forgetting_tells_how_many_files_went(index: DocumentIndex, folder: Path) -> None:
    run(index, IndexAdd((str(folder),)))
    events = run(index, IndexForget((str(folder / "a.txt"),)))
    assert "Files forgotten: 1. No byte" in said(events)
    assert Progress("Overwriting texts", 0, None, "") in events
    assert said(run(index, IndexForget((str(folder / "a.txt"),)))) == "None of that was indexed."


def test_a_watch_goes_on_until_it_is_cancelled(index: DocumentIndex, folder: Path) -> None:
    run(index, IndexAdd((str(folder),)))
    stop = threading.Event()
    events: list[Event] = []
    thread = threading.Thread(
        target=lambda: events.extend(index_events(index, IndexWatch(), stop.is_set))
    )
    thread.start()
    (folder / "c.txt").write_text("The third text.")
    deadline = time.monotonic() + 60
    while index.file_count(None) < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    stop.set()
    thread.join(60)
    assert not thread.is_alive()
    assert index.file_count(None) == 3
    assert "1 read" in said(events)


def test_a_watch_blocks_neither_the_index_nor_another_watch() -> None:
    lanes = {
        _lane(job)
        for job in (IndexWatch(), IndexWatch("work"), IndexAdd(("/a",)), IndexStatus(), IndexSync())
    }
    assert len(lanes) == 4
    assert _lane(IndexAdd(("/a",))) == _lane(IndexSync()) == _lane(IndexForget(("/a",)))


def test_a_job_waits_for_another_writer_until_it_is_cancelled(
    index: DocumentIndex, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.collection.LOCK_SECONDS", 0.05)
    run(index, IndexAdd((str(folder),)))
    lock = FileLock(tmp_path / "index" / "default" / "writing.lock")
    jobs: list[IndexJob] = [
        IndexAdd((str(folder),)),
        IndexSync(),
        IndexForget((str(folder / "a.txt"),)),
    ]
    for job in jobs:
        with lock:
            events = index_events(index, job, lambda: False)
            assert "waiting for it" in said([next(events)])
        assert said(list(events))
    with lock:
        assert list(index_events(index, IndexSync(), lambda: True)) == []
