"""Standard input and output made fit for every language, and closed without a complaint."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Mapping

BROKEN_PIPE_STATUS = 141
"""What a shell reports for a program ended by SIGPIPE (128 + 13)."""


def prepare_streams(environ: Mapping[str, str], platform: str = sys.platform) -> None:
    """Make any text printable.

    Where the encoding can't hold most languages (the C locale) or differs between the
    console and a pipe (Windows) it becomes UTF-8, unless PYTHONIOENCODING asks for another;
    what still can't be encoded is written as an escape instead of failing.
    """
    chosen = "PYTHONIOENCODING" in environ
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            narrow = platform == "win32" or stream.encoding.lower() in {"ascii", "us-ascii"}
            encoding = "utf-8" if narrow and not chosen else stream.encoding
            stream.reconfigure(encoding=encoding, errors="backslashreplace")
    if platform == "win32" and not chosen and isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")


def flush_output() -> None:
    """Write out what is buffered.

    Raises:
        BrokenPipeError: nobody reads it any more.
        OSError: it can't be written (a full disk behind a redirection).
    """
    if sys.stdout is not None and not sys.stdout.closed:
        sys.stdout.flush()


def silence_output() -> None:
    """Send what is still buffered nowhere, so that the interpreter's own last flush is quiet."""
    try:
        descriptor = sys.stdout.fileno()
    except (AttributeError, ValueError, OSError):
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)
