"""Makes a stream of events of work that reports through a callback."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from assistant.core.events import Progress


def streamed(work: Callable[[Callable[[Progress], None]], None]) -> Iterator[Progress]:
    """What `work` reports through its callback, as a stream that ends or raises as `work` does."""
    reports: queue.SimpleQueue[Progress | None] = queue.SimpleQueue()
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(work, reports.put)
        future.add_done_callback(lambda _: reports.put(None))
        while (report := reports.get()) is not None:
            yield report
        future.result()
