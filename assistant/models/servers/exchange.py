"""One request to a server in a thread of its own: the answer as it comes, cut at any time."""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.core.errors import AssistantError
from assistant.core.skills import Cancelled

if TYPE_CHECKING:
    import httpx2

POLL_SECONDS = 0.05
"""How often `cancelled` is asked while the server is silent."""
SETTLE_SECONDS = 0.2
"""For the few bytes after the last event."""
MOST_BYTES = 64 << 20
"""Of one answer; what is longer is cut off."""


class BrokenError(Exception):
    """The connection failed; the cause says why."""


class SilentError(Exception):
    """Nothing came for as long as may be waited."""


class EndlessError(Exception):
    """An answer is larger than any could be."""


FAILURES = (BrokenError, SilentError, EndlessError)


class _CutError(Exception):
    """Raised inside a request to end it before it is sent."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a server: a path below its address, or a whole address of its own; `body`
    is JSON, None for a GET."""

    path: str
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of an answer; names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]

    @property
    def kind(self) -> str:
        """The media type alone."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Line:
    """A client with one connection, for one request at a time, which any thread may cut.

    Closing a socket doesn't wake a thread that reads from it, shutting it does; the socket is
    learnt from the client's trace of what it does.
    """

    def __init__(self, client: httpx2.Client, base: str) -> None:
        self._client = client
        self._base = base
        self._lock = threading.Lock()
        self._in_use = False
        self._cut = threading.Event()
        self._network: Any = None

    @property
    def is_cut(self) -> bool:
        """Whether it can't be used any more."""
        return self._cut.is_set()

    @contextlib.contextmanager
    def stream(self, request: Request) -> Iterator[httpx2.Response]:
        """The response to a request, its body still to come."""
        with self._lock:
            if self._cut.is_set():
                raise _CutError
            self._in_use = True
        try:
            with self._client.stream(
                "GET" if request.body is None else "POST",
                request.path if request.path.startswith("http") else self._base + request.path,
                content=request.body,
                headers={} if request.body is None else {"content-type": "application/json"},
                extensions={"trace": self._trace},
            ) as response:
                yield response
        finally:
            with self._lock:
                self._in_use = False
                if self._cut.is_set():
                    self._client.close()

    def cut(self) -> None:
        """End what is under way, whatever it waits for, and give the connection back."""
        with self._lock:
            self._cut.set()
            if not self._in_use:
                self._client.close()
                return
            network = self._network
        if network is not None:
            found = network.get_extra_info("socket")
            with contextlib.suppress(OSError):  # not connected any more
                # Past SSLSocket.shutdown, which takes the session from a thread that reads.
                socket.socket.shutdown(found, socket.SHUT_RDWR)

    def _trace(self, event: str, info: dict[str, Any]) -> None:
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._network = info["return_value"]
        if self._cut.is_set() and not event.endswith(
            (".failed", "closed.started", "closed.complete")
        ):
            if self._network is not None:
                self._network.close()  # one just connected is not the client's yet
            raise _CutError


class Exchange:
    """Sends a request and hands out the parts of the answer.

    Waiting happens in the thread, so that cancelling takes hold at once in every phase: while a
    name is looked up, a connection made, the prompt read, or the answer written. The connection
    is shut then, which is how servers learn that nobody listens any more.

    Args:
        stopped: asked at least every 50 ms; the parts end when it says so.
        wait_seconds: longest silence.
    """

    def __init__(
        self, line: Line, request: Request, stopped: Cancelled, wait_seconds: float
    ) -> None:
        self._line = line
        self._stopped = stopped
        self._wait = wait_seconds
        self._parts: queue.SimpleQueue[Head | bytes | Exception | None] = queue.SimpleQueue()
        self._complete = threading.Event()
        thread = threading.Thread(target=self._work, args=(request,), name="server", daemon=True)
        thread.start()

    def head(self) -> Head | None:
        """The beginning of the answer; None when stopped.

        Raises:
            BrokenError, SilentError: there is none.
        """
        part = self._next()
        return part if isinstance(part, Head) else None

    def body(self) -> Iterator[bytes]:
        """Blocks of bytes until the answer ends or is stopped.

        Raises:
            BrokenError, SilentError, EndlessError: it doesn't end well.
        """
        while isinstance(part := self._next(), bytes):
            yield part

    def finish(self) -> None:
        """Cut the connection unless the answer is complete; does not wait."""
        if not self._complete.is_set():
            self._line.cut()

    def settle(self) -> None:
        """All of use was read: let the rest come, so that the connection can be used again."""
        self._complete.wait(SETTLE_SECONDS)

    def _next(self) -> Head | bytes | None:
        silent_since = time.monotonic()
        while not self._stopped():
            try:
                part = self._parts.get(timeout=POLL_SECONDS)
            except queue.Empty:
                if time.monotonic() - silent_since > self._wait:
                    raise SilentError from None
                continue
            if isinstance(part, Exception):
                raise part
            return part
        return None

    def _work(self, request: Request) -> None:
        import httpx2

        try:
            self._send(request)
            self._complete.set()
        except _CutError:
            pass  # somebody asked for it
        except httpx2.HTTPError as error:
            self._parts.put(_caused(error))
        except (httpx2.InvalidURL, OSError, ValueError, RuntimeError) as error:
            self._parts.put(_caused(error))  # also a client that was closed meanwhile
        except (AssistantError, EndlessError) as error:  # the offline guard's is one
            self._parts.put(error)
        finally:
            self._parts.put(None)

    def _send(self, request: Request) -> None:
        with self._line.stream(request) as response:
            headers = {name.lower(): value for name, value in response.headers.items()}
            self._parts.put(Head(response.status_code, headers))
            size = 0
            for block in response.iter_raw():
                if self._line.is_cut:  # a shut socket still gives what keeps coming
                    raise _CutError
                size += len(block)
                if size > MOST_BYTES:
                    raise EndlessError
                self._parts.put(block)


def _caused(error: Exception) -> BrokenError:
    broken = BrokenError(str(error))
    broken.__cause__ = error
    return broken
