"""The interface's end of the engine: starts the child process and talks to it.

The child inherits no terminal: its standard input and output carry frames, its standard
error (logs, native messages, crash reports) goes to a rotating file in the state folder.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from itertools import chain
from pathlib import Path

from assistant.core.errors import EngineError
from assistant.core.events import Done, Event, Failed
from assistant.engine.child_log import ChildLog
from assistant.engine.wire import (
    HEADER_BYTES,
    Cancel,
    FromEngine,
    Happened,
    Job,
    Status,
    Submit,
    frame_length,
    pack,
    unpack_from_engine,
)

_QUICK_DEATH_SECONDS = 10.0
_MAX_QUICK_DEATHS = 3
_GRACE_SECONDS = 2.0


class EngineDiedError(EngineError):
    """The engine process ended while it still owed an answer."""


class JobStream:
    """The events of one submitted job; iterate it once."""

    def __init__(self, job_id: int, cancel: Callable[[int], None]) -> None:
        self.id = job_id
        self._cancel = cancel
        self._queue: asyncio.Queue[Event | EngineDiedError] = asyncio.Queue()

    def cancel(self) -> None:
        """Ask the engine to stop; the stream still ends with `Done` or `Failed`."""
        self._cancel(self.id)

    def put(self, item: Event | EngineDiedError) -> None:
        """Called by the client for everything the engine says about this job."""
        self._queue.put_nowait(item)

    async def __aiter__(self) -> AsyncIterator[Event]:
        while True:
            item = await self._queue.get()
            if isinstance(item, EngineDiedError):
                raise item
            yield item
            if isinstance(item, Done | Failed):
                return


class EngineClient:
    """Owns the engine process: start, submit, restart after a crash, close.

    Args:
        command: the program to run, e.g. `[sys.executable, "-m", "assistant.engine.host"]`.
        log: file for the child's standard error.
        on_status: called on the event loop whenever the engine's state changes.
    """

    def __init__(
        self, command: Sequence[str], log: Path, on_status: Callable[[Status], None]
    ) -> None:
        self._command = tuple(command)
        self._log = ChildLog(log)
        self._on_status = on_status
        self._process: asyncio.subprocess.Process | None = None
        self._supervisor: asyncio.Task[None] | None = None
        self._streams: dict[int, JobStream] = {}
        self._waiting: dict[int, list[bytes]] = {}
        """Frames of the jobs that no child has been told of yet, by job."""
        self._next_id = 1
        self._closing = False
        self._restarting = False
        self.status = Status("starting")

    @property
    def pid(self) -> int | None:
        """Process id of the running child."""
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Start the child; returns at once, jobs submitted meanwhile wait.

        Raises:
            EngineError: the log file or the process can't be made.
        """
        if self._supervisor is None or self._supervisor.done():
            self._log.open()
            self._supervisor = asyncio.create_task(self._supervise())

    def submit(self, job: Job) -> JobStream:
        """Hand over a job. After a series of crashes this also tries a fresh engine.

        Raises:
            UsageError: it can't be put into a message; see `pack`.
        """
        stream = JobStream(self._next_id, self._send_cancel)
        frame = pack(Submit(stream.id, job))
        self._next_id += 1
        self._streams[stream.id] = stream
        if not self._write(frame):
            self._waiting[stream.id] = [frame]
        if self._supervisor is not None and self._supervisor.done() and not self._closing:
            self._supervisor = asyncio.create_task(self._supervise())
        return stream

    def restart(self) -> None:
        """End the child and start another, which reads the settings anew; jobs under way end
        with `EngineDiedError`."""
        if self._process is not None and not self._closing:
            self._restarting = True
            self._hang_up()

    async def close(self) -> None:
        """End the child: ask, then insist. No process is left when this returns."""
        self._closing = True
        if self._supervisor is not None:
            self._hang_up()
            for insist in (asyncio.subprocess.Process.terminate, asyncio.subprocess.Process.kill):
                await asyncio.wait([self._supervisor], timeout=_GRACE_SECONDS)
                if self._process is not None and self._process.returncode is None:
                    insist(self._process)
            await self._supervisor
        self._log.close()

    def _hang_up(self) -> None:
        """End the child's standard input, which ends the child."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()

    def _send_cancel(self, job_id: int) -> None:
        if job_id in self._waiting:
            self._waiting[job_id].append(pack(Cancel(job_id)))
        elif job_id in self._streams:
            self._write(pack(Cancel(job_id)))

    def _write(self, frame: bytes) -> bool:
        """Write to the child, unless there is none or it is about to end."""
        process = self._process
        if process is None or process.stdin is None or process.returncode is not None:
            return False
        if self._restarting:  # its standard input is closed
            return False
        process.stdin.write(frame)
        return True

    async def _supervise(self) -> None:
        """Run the child, and run it again when it dies, unless it dies at once every time."""
        loop = asyncio.get_running_loop()
        quick_deaths = 0
        while quick_deaths < _MAX_QUICK_DEATHS:
            self._set_status(Status("starting"))
            started = loop.time()
            await self._run_once()
            if self._closing:
                break
            quick = loop.time() - started < _QUICK_DEATH_SECONDS and not self._restarting
            self._restarting = False
            quick_deaths = quick_deaths + 1 if quick else 0
        self._waiting.clear()
        self._fail_open_jobs()
        if not self._closing:
            self._set_status(Status("stopped", detail=self._log.last_word))

    async def _run_once(self) -> None:
        """Start the child, read it to its end, and tell every open job that it is gone."""
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
        except OSError as error:
            self._log.remember(str(error))
            self._fail_open_jobs()
            return
        self._process = process
        waiting, self._waiting = self._waiting, {}
        for frame in chain.from_iterable(waiting.values()):
            self._write(frame)
        if self._closing:
            self._hang_up()
        try:
            await asyncio.gather(self._read_frames(process), self._read_errors(process))
            await _end(process)
        finally:
            self._process = None
        if not self._closing and not self._restarting:
            self._log.note("the engine ended with status %s", process.returncode)
        self._fail_open_jobs()

    async def _read_frames(self, process: asyncio.subprocess.Process) -> None:
        if process.stdout is None:
            return
        try:
            while True:
                header = await process.stdout.readexactly(HEADER_BYTES)
                body = await process.stdout.readexactly(frame_length(header))
                self._receive(unpack_from_engine(body))
        except asyncio.IncompleteReadError:
            return
        except EngineError as error:
            self._log.note("bad frame from the engine", exc_info=True)
            self._log.remember(error.message)
            process.kill()

    async def _read_errors(self, process: asyncio.subprocess.Process) -> None:
        if process.stderr is None:
            return
        rest = b""
        while chunk := await process.stderr.read(65536):
            *lines, rest = (rest + chunk).split(b"\n")
            self._log.write(lines)
        self._log.write([rest])

    def _receive(self, message: FromEngine) -> None:
        if isinstance(message, Status):
            self._set_status(message)
        elif isinstance(message, Happened) and (stream := self._streams.get(message.id)):
            if isinstance(message.event, Done | Failed):
                del self._streams[message.id]
            stream.put(message.event)

    def _fail_open_jobs(self) -> None:
        """Tell the jobs the child knew of that it is gone; those still waiting go to the next."""
        error = EngineDiedError(
            "The engine stopped unexpectedly.",
            f"It is being started again; its log is {self._log.path}.",
        )
        for job_id in self._streams.keys() - self._waiting.keys():
            self._streams.pop(job_id).put(error)

    def _set_status(self, status: Status) -> None:
        self.status = status
        self._on_status(status)


async def _end(process: asyncio.subprocess.Process) -> None:
    """Wait for the child; terminate, then kill it if it stays."""
    for insist in (process.terminate, process.kill):
        try:
            await asyncio.wait_for(process.wait(), _GRACE_SECONDS)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                insist()
        else:
            return
    await process.wait()
