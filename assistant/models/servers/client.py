"""Speaks with one server: tries again while nothing was answered, and tells what went wrong."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Generator, Iterator
from itertools import chain
from typing import Any

import msgspec

from assistant.core.errors import ModelError
from assistant.core.events import SentTo
from assistant.core.skills import Cancelled
from assistant.models.servers import failures, refusals
from assistant.models.servers.chunks import Chunk, read_chunk
from assistant.models.servers.endpoint import Endpoint
from assistant.models.servers.exchange import (
    FAILURES,
    BrokenError,
    EndlessError,
    Exchange,
    Head,
    Line,
    Request,
)
from assistant.models.servers.reading import read_all, read_events, says_something
from assistant.models.servers.retrying import PassingError, Patience, tried

OK, REDIRECTS = 200, range(300, 400)
MOST_REFUSAL_BYTES = 64 << 10
"""Read of a refusal."""


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
        return tried(
            lambda: self._chunks(request, stopped), says_something, stopped, self._patience()
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
        patience = self._patience(once=once)
        answers = tried(lambda: self._answer(request, stopped), _counts, stopped, patience)
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

    def _patience(self, *, once: bool = False) -> Patience:
        endpoint = self.endpoint
        return Patience(0 if once else endpoint.retries, endpoint.pause, endpoint.wait_seconds)

    def _chunks(self, request: Request, stopped: Cancelled) -> Iterator[Chunk]:
        """One attempt at a streamed chat."""
        with self._exchange(request, stopped) as exchange:
            head = exchange.head()
            if head is None:
                return
            self._check(head, exchange)
            blocks = exchange.body()
            first = next(blocks, b"")
            if first.lstrip().startswith(b"{"):  # not streamed, whatever was asked for
                yield self._read(read_all(chain([first], blocks), self.endpoint))
            else:
                yield from read_events(chain([first], blocks), self._read, self.endpoint, stopped)
                exchange.settle()

    def _answer(self, request: Request, stopped: Cancelled) -> Iterator[Any]:
        """One attempt at JSON."""
        with self._exchange(request, stopped) as exchange:
            head = exchange.head()
            if head is None:
                return
            self._check(head, exchange)
            answer = read_all(exchange.body(), self.endpoint)
        if not stopped():
            yield self._decoded(answer)

    @contextlib.contextmanager
    def _exchange(self, request: Request, stopped: Cancelled) -> Iterator[Exchange]:
        """A request under way; what fails in it is told."""
        endpoint = self.endpoint
        if request.body is not None and not self._source.is_local:
            endpoint.sent.add(SentTo(self._source.destination, self._source.is_encrypted))
        line, is_kept = self._line()
        exchange = Exchange(line, request, stopped, endpoint.wait_seconds)
        try:
            yield exchange
        except FAILURES as error:
            told = self._told(error)
            if isinstance(error, BrokenError) and failures.is_passing(error, self._source):
                raise PassingError(told, stale=is_kept) from error
            raise told from error
        finally:
            exchange.finish()
            with self._lock:
                self._busy.remove(line)
                if not line.is_cut and not self._closed:
                    self._idle.append(line)

    def _line(self) -> tuple[Line, bool]:
        """A connection, and whether it was kept from an earlier answer."""
        with self._lock:
            kept = self._idle.pop() if self._idle else None
        line = kept or Line(self.endpoint.client(), self._source.url)
        with self._lock:
            self._busy.append(line)
        return line, kept is not None

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
            body = read_all(exchange.body(), self.endpoint, MOST_REFUSAL_BYTES)
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
            raise PassingError(told, refusal.retry_after, loading=refusal.is_loading)
        raise told

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


def _counts(_: object) -> bool:
    """Any whole answer does."""
    return True
