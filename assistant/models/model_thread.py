"""One thread that a model computes in, kept from one computation to the next.

The threads of OpenMP belong to the thread that started them: a new one each time would start them
anew, and more of them than there are cores would wait for one another asleep.
"""

from __future__ import annotations

import logging
import queue
import threading
import weakref
from collections.abc import Callable

_log = logging.getLogger(__name__)
Job = Callable[[], None]


class ModelThread:
    """Runs jobs one after the other; it ends when it is closed, or nobody holds it any more."""

    def __init__(self, name: str) -> None:
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=_work, args=(self._jobs,), name=name, daemon=True)
        self._thread.start()
        self._end = weakref.finalize(self, self._jobs.put, None)

    def start(self, job: Job) -> threading.Event:
        """Run it when those before it are done; the event is set when it ended, and how is the
        job's own to tell."""
        ended = threading.Event()
        self._jobs.put(lambda: _run(job, ended))
        return ended

    def close(self) -> None:
        """End it behind the last job, and wait for that; may be called twice."""
        self._end()
        self._thread.join()


def _work(jobs: queue.SimpleQueue[Job | None]) -> None:
    while (job := jobs.get()) is not None:
        job()
        del job  # it holds the model, which may leave before the next one comes


def _run(job: Job, ended: threading.Event) -> None:
    try:
        job()
    except Exception:  # noqa: BLE001 - the thread stays for the next job
        _log.exception("a model's job failed")
    finally:
        ended.set()
