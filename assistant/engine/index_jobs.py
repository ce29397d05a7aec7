"""What the engine does for jobs about collections of documents."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import assert_never

from assistant.core.events import Collections, Duplicates, Event, Notice, Progress, Receipt
from assistant.core.skills import Cancelled
from assistant.engine.streaming import streamed
from assistant.engine.wire import (
    IndexAdd,
    IndexDuplicates,
    IndexForget,
    IndexList,
    IndexStatus,
    IndexSync,
    IndexWatch,
)
from index.patience import patiently
from index.service import DocumentIndex

IndexJob = (
    IndexAdd | IndexDuplicates | IndexForget | IndexList | IndexStatus | IndexSync | IndexWatch
)


def index_events(index: DocumentIndex, job: IndexJob, cancelled: Cancelled) -> Iterator[Event]:
    """The events of one job, without the last. Writers wait for one another, for most often the
    other one is a watch of ours.

    Raises:
        AssistantError: the job failed.
    """
    match job:
        case IndexAdd(paths, collection):
            yield from patiently(lambda: index.add(paths, collection, cancelled), cancelled)
        case IndexSync(collection):
            yield from patiently(lambda: index.sync(collection, cancelled), cancelled)
        case IndexWatch(collection):
            yield from index.watch(collection, cancelled)
        case IndexForget(paths, collection):
            yield from patiently(lambda: _forget(index, paths, collection), cancelled)
        case IndexList():
            yield Collections(index.summaries())
        case IndexStatus(collection):
            yield Receipt(index.status(collection))
        case IndexDuplicates(collection):
            known = not index.is_unknown(collection)
            yield Duplicates(index.near_duplicates(collection) if known else ())
        case _:
            assert_never(job)


def _forget(
    index: DocumentIndex, paths: tuple[str, ...], collection: str | None
) -> Iterator[Event]:
    files = 0

    def work(tell: Callable[[Progress], None]) -> None:
        nonlocal files
        told = index.forget(paths, collection, lambda words: tell(Progress(words, 0, None, "")))
        files = told.files

    yield from streamed(work)
    if files:
        yield Notice(
            f"Files forgotten: {files:,}. No byte of their text is left in the index; "
            "the files themselves are untouched."
        )
    else:
        yield Notice("None of that was indexed.")
