"""The program ends with its terminal, whoever stands between the two."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time

import pytest

from assistant.tui.hangup import terminal_watch

pty = pytest.importorskip("pty", reason="Windows has no pseudo-terminals")


def test_without_a_terminal_nothing_is_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    with open(os.devnull) as nothing:  # noqa: PTH123 - a stream, not its contents
        monkeypatch.setattr(sys, "__stdin__", nothing)
        assert terminal_watch() is None


def test_it_ends_with_its_terminal_even_where_the_hangup_reaches_only_its_parent() -> None:
    pid, terminal = pty.fork()
    if pid == 0:  # the session's leader, as make is: it hears the hangup and waits for its child
        signal.signal(signal.SIGHUP, lambda *_: None)
        subprocess.call([sys.executable, "-m", "assistant"])
        os._exit(0)
    try:
        shown = b""
        while b"assistant" not in shown:
            ready, _, _ = select.select([terminal], [], [], 180)
            assert ready, shown
            shown += os.read(terminal, 65_536)
        time.sleep(1)  # it may still be drawing: the hangup is to find it at rest
    finally:
        os.close(terminal)
    end = time.monotonic() + 120
    while os.waitpid(pid, os.WNOHANG) == (0, 0):
        if time.monotonic() > end:
            os.killpg(pid, signal.SIGKILL)
            raise AssertionError("it outlived its terminal")
        time.sleep(0.1)
