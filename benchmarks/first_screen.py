"""Time from exec to the first painted screen: ours beside an empty Textual app.

`python -m benchmarks.first_screen` starts each in a pseudo-terminal of 120×36, in turn, and
stops the clock when the terminal has received text that only the painted screen has: our
prompt's placeholder (without its first letter, which the cursor lies on), or the empty app's
one line. Medians of five, after one run of each that warms the file cache. The store holds
2,000 conversations unless `--conversations` says else.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time
from contextlib import closing
from pathlib import Path

from assistant.store.conversations import ConversationStore
from benchmarks.library import fill

SIZE = struct.pack("HHHH", 36, 120, 0, 0)
"""Rows, columns; pixels unknown."""
TIMEOUT_SECONDS = 20.0
EMPTY_APP = """
from textual.app import App
from textual.widgets import Static

class Empty(App):
    def compose(self):
        yield Static("nothing-but-this")

Empty().run()
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--conversations", type=int, default=2_000)
    options = parser.parse_args()
    print(f"difference {difference(options.runs, options.conversations):.3f} s")


def difference(runs: int, conversations: int) -> float:
    """Seconds that our first screen takes longer than an empty app's; prints both."""
    with tempfile.TemporaryDirectory() as folder:
        environ = _environ(Path(folder), conversations)
        ours = [sys.executable, "-m", "assistant", "chat"]
        empty = [sys.executable, "-c", EMPTY_APP]
        times: dict[str, list[float]] = {"assistant": [], "empty app": []}
        for run in range(runs + 1):
            for name, command, text in (
                ("assistant", ours, b"sk anything"),
                ("empty app", empty, b"nothing-but-this"),
            ):
                seconds = first_paint(command, text, environ)
                if run > 0:
                    times[name].append(seconds)
    for name, measured in times.items():
        spread = f"{min(measured):.2f}-{max(measured):.2f}"
        print(f"{name:10} {statistics.median(measured):.3f} s  ({spread})")
    return statistics.median(times["assistant"]) - statistics.median(times["empty app"])


def first_paint(command: list[str], text: bytes, environ: dict[str, str]) -> float:
    """Seconds until a program in a new terminal has written `text`; it is ended after that."""
    started = time.perf_counter()
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvpe(command[0], command, environ)  # noqa: S606 - our own interpreter
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, SIZE)
    seen = b""
    try:
        while text not in seen:
            ready, _, _ = select.select([terminal], [], [], TIMEOUT_SECONDS)
            if not ready:
                raise TimeoutError(f"{command} did not paint in {TIMEOUT_SECONDS:.0f} s")
            seen += os.read(terminal, 65_536)
        return time.perf_counter() - started
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(terminal)


def _environ(folder: Path, conversations: int) -> dict[str, str]:
    environ = {
        **os.environ,
        "TERM": "xterm-256color",
        "ASSISTANT_LANG": "en",
        "ASSISTANT_CONFIG": str(folder / "config.toml"),
        **{f"ASSISTANT_{k}_DIR": str(folder / k.lower()) for k in ("DATA", "CACHE", "STATE")},
    }
    with closing(ConversationStore(folder / "data" / "conversations.sqlite3")) as store:
        fill(store, conversations, exchanges=1)
    return environ


if __name__ == "__main__":
    main()
