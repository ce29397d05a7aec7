"""Reads files in a process of its own, with limits of time and memory.

Readers of documents hold much native code; a file that crashes it, or keeps it busy forever,
ends that process, and a new one is started for the next file.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, TYPE_CHECKING, cast

import msgspec

from assistant.core.errors import DocumentError
from assistant.core.skills import Cancelled
from index.loaders.document import Document, Limits
from index.loaders.errors import ReaderDiedError, ReadingStoppedError
from index.loaders.frames import (
    Draw,
    Drawing,
    Load,
    Look,
    Looked,
    Refusal,
    Reply,
    Request,
    Text,
    receive,
    send,
)
from index.loaders.frames import reply as reply_of
from index.loaders.recognition import never

if TYPE_CHECKING:
    from assistant.core.protocols import Pixels

_TICK = 0.25
"""Seconds between looks at the time, the memory and whether somebody cancelled."""
_ROOT = Path(__file__).parents[2]
_PROGRAM = (
    "import sys; sys.path.append(sys.argv.pop()); from index.loaders.worker import main; main()"
)
"""Not -m, which would import from the working folder: it may be one that is being indexed."""
_SETTINGS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
_NO_WINDOW: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)
_LARGE = 512 << 20
"""Bytes the process may keep between files; above, a new one takes its place."""


class Sandbox:
    """One reading process at a time, started at the first file. Safe to use from threads.

    Args:
        command: another program to run than `index.loaders.worker`, for tests.
    """

    def __init__(self, limits: Limits, command: Sequence[str] = ()) -> None:
        self._limits = limits
        self._command = [
            *(command or [sys.executable, "-P", "-c", _PROGRAM]),
            str(limits.memory_bytes),
            str(_ROOT),
        ]
        self._lock = threading.Lock()
        self._worker: _Worker | None = None

    def load(self, path: Path, cancelled: Cancelled = never) -> Document:
        """Text of a file, see `registry.read_file`.

        Raises:
            DocumentError: it can't be read; `ReaderDiedError` where it broke the reader.
            ReadingStoppedError: cancelled.
        """
        answer = self._ask(Load(os.fsencode(path), self._limits), cancelled)
        if not isinstance(answer, Text):
            raise _fault()
        return answer.document()

    def render(self, path: Path, page: int, cancelled: Cancelled = never) -> Pixels:
        """Pixels of a page, see `registry.render`; errors as in `load`."""
        import numpy as np

        answer = self._ask(Draw(os.fsencode(path), page, self._limits.seconds), cancelled)
        if not isinstance(answer, Drawing):
            raise _fault()
        pixels = np.frombuffer(answer.pixels, np.uint8)
        if pixels.size != answer.height * answer.width * 3:
            raise _fault()
        return pixels.reshape(answer.height, answer.width, 3)

    def look(self, path: Path, cancelled: Cancelled = never) -> Looked:
        """A picture as encoders get it, see `registry.look`; errors as in `load`."""
        answer = self._ask(Look(os.fsencode(path), self._limits.seconds), cancelled)
        if not isinstance(answer, Looked):
            raise _fault()
        if len(answer.pixels) != answer.height * answer.width * 3:
            raise _fault()
        return answer

    def close(self) -> None:
        """End the process; the next file starts another one."""
        with self._lock:
            self._end()

    def _ask(self, request: Request, cancelled: Cancelled) -> Reply:
        with self._lock:
            started = time.monotonic()
            answer = self._answer(request, cancelled)
            if (
                time.monotonic() - started > _TICK
                and self._worker
                and self._worker.memory() > _LARGE
            ):
                self._end()
        if isinstance(answer, Refusal):
            raise DocumentError(answer.message, answer.hint)
        return answer

    def _answer(self, request: Request, cancelled: Cancelled) -> Reply:
        answer: Reply | None = None
        try:
            try:
                answer = self._running().ask(request, self._limits, cancelled)
            except _IdledError:
                self._end()
                answer = self._running().ask(request, self._limits, cancelled)
        except (_IdledError, OSError) as error:
            raise DocumentError(
                "The process that reads files can't be started.", "Is there memory left?"
            ) from error
        finally:
            if answer is None:  # what it still says must not be taken for the next answer
                self._end()
        return answer

    def _running(self) -> _Worker:
        if self._worker is None:
            self._worker = _Worker(self._command)
        return self._worker

    def _end(self) -> None:
        if self._worker is not None:
            self._worker.end()
        self._worker = None


class _IdledError(Exception):
    """The process had ended before the request reached it."""


class _Worker:
    """A running process; what it says is read by a thread, for pipes can't be waited for on
    every system."""

    def __init__(self, command: Sequence[str]) -> None:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **_SETTINGS},
            creationflags=_NO_WINDOW,
        )
        self._process = process
        self._requests = cast("IO[bytes]", process.stdin)
        self._replies: SimpleQueue[bytes | None] = SimpleQueue()
        threading.Thread(
            target=_read_all, args=(process.stdout, self._replies), daemon=True
        ).start()
        self.end = weakref.finalize(self, _end, process)

    def ask(self, request: Request, limits: Limits, cancelled: Cancelled) -> Reply:
        """The answer to a request."""
        started = time.monotonic()
        try:
            send(self._requests, request)
        except OSError as error:
            raise _IdledError from error
        while True:
            try:
                frame = self._replies.get(timeout=_TICK)
                break
            except Empty:
                self._check(started, limits, cancelled)
        if frame is None:
            raise self._death(time.monotonic() - started)
        try:
            return reply_of(frame)
        except msgspec.MsgspecError as error:
            raise _fault() from error

    def memory(self) -> int:
        """Bytes it holds; 0 when it is gone."""
        import psutil

        try:
            return int(psutil.Process(self._process.pid).memory_info().rss)
        except psutil.Error:
            return 0

    def _check(self, started: float, limits: Limits, cancelled: Cancelled) -> None:
        if cancelled():
            raise ReadingStoppedError("Reading was cancelled.")
        if time.monotonic() - started > limits.seconds:
            raise ReaderDiedError(
                f"Reading it took longer than {limits.seconds:,.0f} seconds and was stopped.",
                "Split the file, or save it again with the program that made it.",
            )
        if self.memory() > limits.memory_bytes:
            raise ReaderDiedError("Reading it takes too much memory.", "Split the file.")

    def _death(self, seconds: float) -> Exception:
        code = self._process.wait()
        if sys.platform != "win32" and code == -signal.SIGALRM and seconds < 1:
            return _IdledError()
        return _fault()


def _fault() -> ReaderDiedError:
    return ReaderDiedError(
        "The file crashed its reader.", "It is most likely damaged: save it again, or leave it out."
    )


def _read_all(stream: IO[bytes], replies: SimpleQueue[bytes | None]) -> None:
    with stream:
        while (frame := receive(stream)) is not None:
            replies.put(frame)
    replies.put(None)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    if process.stdin is not None:
        with suppress(OSError):  # what was to be written is of no use any more
            process.stdin.close()
    process.wait()
