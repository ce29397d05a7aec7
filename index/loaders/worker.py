"""The process that reads files for the program, so that a broken one costs itself only.

It reads requests from its standard input and writes replies to its standard output, opens no
network, and ends when its input does, when a file takes too long, or when it was idle a while.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.core.errors import DocumentError
from index.loaders import registry
from index.loaders.document import Document, Limits
from index.loaders.frames import (
    Draw,
    Drawing,
    Load,
    Look,
    Refusal,
    Reply,
    Request,
    Text,
    receive,
    request,
    send,
)

if TYPE_CHECKING:
    from assistant.core.protocols import Pixels

GRACE = 5
"""Seconds after the time limit at which the process ends itself, its parent being gone."""
IDLE = 60
"""Seconds without a request after which it ends itself, giving its memory back."""

Read = Callable[[Path, Limits], Document]
Render = Callable[[Path, int], "Pixels"]


def main() -> None:
    """Serve; the first argument is the memory limit in bytes."""
    restrict(int(sys.argv[1]))
    serve(registry.read_file, registry.render)


def restrict(memory_bytes: int) -> None:
    """Limit the memory where the system can (POSIX), and forbid the network."""
    from assistant.models.network import forbid_network

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # ^C is for the program, which ends this
    forbid_network()
    if sys.platform != "win32":
        import resource

        for limit, most in ((resource.RLIMIT_AS, memory_bytes), (resource.RLIMIT_CORE, 0)):
            _, hard = resource.getrlimit(limit)
            if hard == resource.RLIM_INFINITY or most <= hard:
                resource.setrlimit(limit, (most, hard))


def serve(load: Read, render: Render) -> None:
    """Answer requests until the input ends."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print must not get between the frames
    _alarm(IDLE)
    while (frame := receive(sys.stdin.buffer)) is not None:
        asked = request(frame)
        seconds = asked.limits.seconds if isinstance(asked, Load) else asked.seconds
        _alarm(int(seconds) + GRACE)
        answer = _answer(asked, load, render)
        _alarm(IDLE)
        send(replies, answer)


def _answer(asked: Request, load: Read, render: Render) -> Reply:
    """Errors that are no `DocumentError` end the process: the reader has a fault."""
    path = Path(os.fsdecode(asked.path))
    try:
        if isinstance(asked, Draw):
            pixels = render(path, asked.page)
            return Drawing(pixels.shape[0], pixels.shape[1], pixels.tobytes())
        if isinstance(asked, Look):
            return registry.look(path)
        return Text.of(load(path, asked.limits))
    except DocumentError as error:
        return Refusal(error.message, error.hint)
    except MemoryError:
        return Refusal("Reading it takes too much memory.", "Split the file.")


def _alarm(seconds: int) -> None:
    """End the process after so many seconds, even in native code (POSIX)."""
    if sys.platform != "win32":
        signal.alarm(seconds)


if __name__ == "__main__":
    main()
