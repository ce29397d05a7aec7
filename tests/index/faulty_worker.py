"""A reading process whose files say what goes wrong: crash, hang, fault, hog, chatter, die."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from assistant.core.errors import DocumentError
from assistant.core.protocols import Pixels
from index.loaders.document import Document, Limits
from index.loaders.worker import restrict, serve


def load(path: Path, limits: Limits) -> Document:
    what = path.read_text()
    if what == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif what == "hang":
        time.sleep(600)
    elif what == "fault":
        raise ZeroDivisionError
    elif what == "hog":
        return Document("x" * (4 << 30))
    elif what == "chatter":
        print("hello from a library")
    elif what == "refuse":
        raise DocumentError("No.", "Try again.")
    elif what == "connect":
        import socket

        socket.getaddrinfo("localhost", 80)
    return Document(what, scans=(1,) if what == "picture" else ())


def render(path: Path, page: int) -> Pixels:
    import numpy as np

    return np.full((2, 4, 3), page, np.uint8)


if __name__ == "__main__":
    restrict(int(sys.argv[1]))
    serve(load, render)
