"""What the servers of these tests share: a thread that answers on this machine, and downloads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def serving(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """The address of a server that answers GETs like this, for as long as it lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def send(
    request: BaseHTTPRequestHandler,
    status: int,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
) -> None:
    """A whole answer."""
    request.send_response(status)
    request.send_header("Content-Length", str(len(body)))
    for name, value in (headers or {}).items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(body)


def send_file(
    request: BaseHTTPRequestHandler,
    content: bytes,
    asked: str | None,
    *,
    cut_after: list[int],
    says_length: bool = True,
    pause: Callable[[bytes], bytes] = lambda rest: rest,
) -> None:
    """A file, from the range `asked` for.

    Args:
        cut_after: bytes after which each of the coming downloads is cut off; the first is used up.
        pause: given what is to be sent, may send some of it and wait; gives the rest.
    """
    start = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
    if start >= len(content) > 0:
        send(request, 416)
        return
    request.send_response(206 if asked else 200)
    if says_length:
        request.send_header("Content-Length", str(len(content) - start))
    request.end_headers()
    end = start + cut_after.pop(0) if cut_after else len(content)
    with suppress(OSError):  # the client may have gone
        request.wfile.write(pause(content[start:end]))
    request.close_connection = True
