"""Speaks with one server: tries again while nothing was answered, and tells what went wrong."""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections.abc import Callable, Generator, Iterator
from typing import Any, TypeVar

import msgspec

from assistant.core.errors import ModelError
from assistant.core.events import SentTo
from assistant.core.skills import Cancelled
from assistant.models.servers import failures, refusals
from assistant.models.servers.chunks import END, Chunk, EventReader, read_chunk
from assistant.models.servers.endpoint import Endpoint
from assistant.models.servers.exchange import (
    FAILURES,
    POLL_SECONDS,
    BrokenError,
    EndlessError,
    Exchange,
    Head,
    Line,
    Request,
)

T = TypeVar("T")
OK, REDIRECTS = 200, range(300, 400)
LONGEST_PAUSE = 30.0
"""Seconds between two tries; a server that asks for more is told to the person instead."""
MOST_REFUSAL_BYTES = 64 << 10
"""Read of a refusal."""


class _PassingError(Exception):
    """What failed may work in a moment; `told` is what the person reads if it doesn't."""

    def __init__(self, told: ModelError, after: float | None = None) -> None:
        super().__init__(told.message)
        self.told = told
        self.after = after


class ServerClient:
    """Requests to one server, several at a time where several threads ask.

    Args:
        endpoint: the server and its patience.
        name: the model's name in the catalogue, for messages.
    """

    def __init__(self, endpoint: Endpoint, name: str) -> None:
        self.endpoint = endpoint
        self._name = name
        self._source = endpoint.source
        self._lock = threading.Lock()
        self._idle: list[Line] = []
        self._busy: list[Line] = []
        self._closed = False

    def stream(
        self, path: str, body: dict[str, Any], cancelled: Cancelled
    ) -> Generator[Chunk, None, None]:
        """Chunks of a streamed chat; of one that comes in one piece, that piece.

        Ends early when `cancelled`. Leaving it early shuts the connection.

        Raises:
            RefusedError: the server said no.
            ModelError: it can't be reached, fell silent, broke off or sent nonsense.
        """
        request = Request(path, msgspec.json.encode(body))
        stopped = self._stopping(cancelled)
        retries = self.endpoint.retries
        return self._tried(
            lambda: self._chunks(request, stopped), _says_something, stopped, retries
        )

    def ask(
        self, path: str, body: dict[str, Any] | None, cancelled: Cancelled, *, once: bool = False
    ) -> Any:
        """The JSON a request is answered with; None when `cancelled`. Raises as `stream`.

        Args:
            path: below the server's address; one that begins with `http` stands for itself.
            body: None for a GET.
            once: a failure is not tried again.
        """
        request = Request(path, None if body is None else msgspec.json.encode(body))
        stopped = self._stopping(cancelled)
        retries = 0 if once else self.endpoint.retries
        answers = self._tried(lambda: self._answer(request, stopped), _counts, stopped, retries)
        return next(answers, None)

    def close(self) -> None:
        """Shut every connection; what is under way ends. May be called twice."""
        with self._lock:
            self._closed = True
            lines = [*self._idle, *self._busy]
            self._idle = []
        for line in lines:
            line.cut()

    def _stopping(self, cancelled: Cancelled) -> Cancelled:
        if self._closed:
            raise ModelError(f"The model {self._name} is closed.", "Load it again.")
        return lambda: self._closed or cancelled()

    def _tried(
        self,
        attempt: Callable[[], Iterator[T]],
        begins: Callable[[T], bool],
        stopped: Cancelled,
        retries: int,
    ) -> Generator[T, None, None]:
        """What an attempt gives; while nothing has begun, a passing failure is tried again."""
        pauses = backoff(self.endpoint.pause, retries)
        while True:
            begun = False
            try:
                for item in attempt():
                    begun = begun or begins(item)
                    yield item
            except _PassingError as error:
                pause = None if begun else next(pauses, None)
                if pause is None or (error.after or 0) > LONGEST_PAUSE:
                    raise error.told from error
                if not _slept(max(pause, error.after or 0), stopped):
                    return
            else:
                return

    def _chunks(self, request: Request, stopped: Cancelled) -> Iterator[Chunk]:
        """One attempt at a streamed chat."""
        with self._exchange(request, stopped) as exchange:
            head = exchange.head()
            if head is None:
                return
            self._check(head, exchange)
            if head.kind == "application/json":
                yield self._read(self._all(exchange.body()))
            else:
                yield from self._events(exchange.body(), stopped)
                exchange.settle()

    def _answer(self, request: Request, stopped: Cancelled) -> Iterator[Any]:
        """One attempt at JSON."""
        with self._exchange(request, stopped) as exchange:
            head = exchange.head()
            if head is None:
                return
            self._check(head, exchange)
            answer = self._all(exchange.body())
        if not stopped():
            yield self._decoded(answer)

    @contextlib.contextmanager
    def _exchange(self, request: Request, stopped: Cancelled) -> Iterator[Exchange]:
        """A request under way; what fails in it is told."""
        endpoint = self.endpoint
        if request.body is not None and not self._source.is_local:
            endpoint.sent.add(SentTo(self._source.destination, self._source.is_encrypted))
        line = self._line()
        exchange = Exchange(line, request, stopped, endpoint.wait_seconds)
        try:
            yield exchange
        except FAILURES as error:
            told = self._told(error)
            if isinstance(error, BrokenError) and failures.is_passing(error, self._source):
                raise _PassingError(told) from error
            raise told from error
        finally:
            exchange.finish()
            with self._lock:
                self._busy.remove(line)
                if not line.is_cut and not self._closed:
                    self._idle.append(line)

    def _line(self) -> Line:
        with self._lock:
            line = self._idle.pop() if self._idle else None
        line = line or Line(self.endpoint.client(), self._source.url)
        with self._lock:
            self._busy.append(line)
        return line

    def _told(self, error: Exception) -> ModelError:
        if isinstance(error, BrokenError):
            return failures.explain_broken(error, self.endpoint)
        if isinstance(error, EndlessError):
            return failures.explain_endless(self._source)
        return failures.explain_silence(self._source, self.endpoint.wait_seconds)

    def _check(self, head: Head, exchange: Exchange) -> None:
        """
        Raises:
            ModelError: this is the beginning of no good answer.
        """
        if head.status in REDIRECTS:
            raise failures.explain_redirect(head, self._source)
        if head.headers.get("content-encoding", "identity") != "identity":
            raise failures.explain_encoding(self._source)
        if head.status != OK:
            body = self._all(exchange.body(), MOST_REFUSAL_BYTES)
            self._refuse(refusals.read_refusal(head, body))
        if head.kind == "text/html":
            raise failures.explain_page(self._source)

    def _refuse(self, refusal: refusals.Refusal) -> None:
        """Raise what a refusal means."""
        hidden = self.endpoint.redacted(refusal.message)
        refusal = msgspec.structs.replace(refusal, message=hidden)
        problem = self.endpoint.key_problem
        told = refusals.explain(refusal, self._source, self._name, problem)
        if refusal.status in refusals.RETRIED and not refusal.is_too_long:
            raise _PassingError(told, refusal.retry_after)
        raise told

    def _all(self, blocks: Iterator[bytes], most: int = 0) -> bytes:
        """A body that has to be there as a whole in the time a piece may take.

        Args:
            most: bytes to read; 0 = to the end.
        """
        late = time.monotonic() + self.endpoint.wait_seconds
        whole = bytearray()
        for block in blocks:
            whole += block
            if 0 < most <= len(whole):
                break
            if time.monotonic() > late:
                raise failures.explain_silence(self._source, self.endpoint.wait_seconds)
        return bytes(whole)

    def _events(self, blocks: Iterator[bytes], stopped: Cancelled) -> Iterator[Chunk]:
        """Chunks until the end is announced.

        Raises:
            _PassingError: the connection ended before it.
        """
        reader, finished, waited = EventReader(), False, 0.0
        for block, seconds in _timed(blocks):
            waited += seconds
            for data in reader.feed(block) if block is not None else reader.close():
                waited = 0.0
                if data.strip() == END:
                    return
                chunk = self._read(data)
                finished = finished or any(c.finish_reason for c in chunk.choices or ())
                yield chunk
            if waited > self.endpoint.wait_seconds:  # bytes drip, or there are comments only
                raise failures.explain_silence(self._source, self.endpoint.wait_seconds)
        if not finished and not stopped():
            raise _PassingError(failures.explain_cut(self._source))

    def _read(self, data: bytes) -> Chunk:
        if refusals.is_page(data):
            raise failures.explain_page(self._source)
        chunk = read_chunk(data, self._source.host)
        if chunk.error:
            self._refuse(refusals.refusal_of({"error": chunk.error}, OK))
        return chunk

    def _decoded(self, answer: bytes) -> Any:
        try:
            return msgspec.json.decode(answer)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            if refusals.is_page(answer):
                raise failures.explain_page(self._source) from None
            raise ModelError(
                f"{self._source.host} sent something that is no JSON ({error}).",
                "See whether its address in config.toml is right, and the server's log.",
            ) from error


def backoff(pause: float, retries: int) -> Iterator[float]:
    """Seconds before each further try: between half and all of a pause that doubles, so that
    many clients a server sent away don't come back at once (AWS, "equal jitter")."""
    for attempt in range(retries):
        longest = min(LONGEST_PAUSE, pause * 2**attempt)
        yield longest / 2 + random.random() * longest / 2  # noqa: S311 - no secret


def _counts(_: object) -> bool:
    """Any whole answer does."""
    return True


def _says_something(chunk: Chunk) -> bool:
    for choice in chunk.choices or ():
        delta = choice.delta or choice.message
        if delta is not None and (delta.text or delta.reasoning or delta.reasoning_content):
            return True
    return False


def _timed(blocks: Iterator[bytes]) -> Iterator[tuple[bytes | None, float]]:
    """Each block with the seconds it was waited for, and None after the last. What the reader of
    an answer takes its time for does not count."""
    while True:
        began = time.monotonic()
        block = next(blocks, None)
        yield block, time.monotonic() - began
        if block is None:
            return


def _slept(seconds: float, stopped: Cancelled) -> bool:
    """Wait; False when stopped meanwhile."""
    end = time.monotonic() + seconds
    while not stopped():
        left = end - time.monotonic()
        if left <= 0:
            return True
        time.sleep(min(left, POLL_SECONDS))
    return False
