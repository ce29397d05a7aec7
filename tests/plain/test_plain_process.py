"""`assistant chat --plain` in a terminal of its own, with the real keys."""

from __future__ import annotations

import codecs
import io
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from assistant.plain.run import read
from assistant.store.conversations import ConversationStore

pty = pytest.importorskip("pty", reason="Windows has no pseudo-terminals")


class Session:
    """A program in a pseudo-terminal."""

    def __init__(self, terminal: int) -> None:
        self._terminal = terminal
        # What is read may end within a character.
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self.seen = ""

    def until(self, text: str, seconds: float = 180.0) -> None:
        """Read until the program has written a text."""
        end = time.monotonic() + seconds
        while text not in self.seen:
            ready, _, _ = select.select([self._terminal], [], [], end - time.monotonic())
            assert ready, f"{text!r} did not come, but {self.seen!r}"
            self.seen += self._decoder.decode(os.read(self._terminal, 65_536))

    def comes(self, text: str, within: float) -> bool:
        """Whether the program writes a text in time."""
        try:
            self.until(text, within)
        except AssertionError:
            return False
        return True

    def type(self, text: str) -> None:
        self.seen = ""
        os.write(self._terminal, text.encode())


@contextmanager
def chat(folder: Path, term: str, *arguments: str) -> Iterator[Session]:
    environ = {
        **os.environ,
        "TERM": term,
        "ASSISTANT_LANG": "en",
        "ASSISTANT_CONFIG": str(folder / "config.toml"),
        **{f"ASSISTANT_{k}_DIR": str(folder / k.lower()) for k in ("DATA", "CACHE", "STATE")},
    }
    pid, terminal = pty.fork()
    if pid == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # ignored where a shell runs the tests aside
        command = [sys.executable, "-m", "assistant", "chat", *arguments]
        os.execvpe(command[0], command, environ)  # noqa: S606 - our own interpreter
    try:
        yield Session(terminal)
    finally:
        os.close(terminal)
        end = time.monotonic() + 60
        while os.waitpid(pid, os.WNOHANG) == (0, 0):
            if time.monotonic() > end:
                os.kill(pid, signal.SIGKILL)
                raise AssertionError("it did not end")
            time.sleep(0.05)


@pytest.mark.parametrize(("term", "arguments"), [("xterm", ["--plain"]), ("dumb", [])])
def test_a_conversation_from_welcome_to_goodbye(
    tmp_path: Path, term: str, arguments: list[str]
) -> None:
    with chat(tmp_path, term, *arguments) as session:
        session.until("/help lists the commands")
        session.until("You: ")
        session.type("hello there\n")
        session.until("assistant models pull")  # there are no models here
        session.until("You: ")
        session.type("\x03")
        session.until("Press Ctrl+C again to quit.")
        assert "\x1b" not in session.seen
        session.type("/quit\n")
        session.until("Goodbye.")
    with closing(ConversationStore(tmp_path / "data" / "conversations.sqlite3")) as store:
        assert [c.title for c in store.recent(9)] == ["hello there"]


def test_control_c_twice_leaves_and_leaves_no_process(tmp_path: Path) -> None:
    with chat(tmp_path, "dumb") as session:
        session.until("You: ")
        session.type("\x03")
        session.until("again to quit")
        # Twice within two seconds: on a busy machine the second may come too late.
        while not session.comes("Goodbye.", within=1.0):
            session.type("\x03")


def test_control_c_that_another_thread_got_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = pty.openpty()

    def interrupt() -> None:
        signal.pthread_kill(threading.get_ident(), signal.SIGINT)
        if not heard.wait(20):
            late.append(os.write(ours, b"a line, for a wait without an end\n"))

    heard, late = threading.Event(), list[int]()
    other = threading.Timer(0.2, interrupt)
    # A shell has what it starts in the background ignore it.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with os.fdopen(theirs) as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)
        monkeypatch.setattr(sys, "stdout", io.StringIO())
        other.start()
        with pytest.raises(KeyboardInterrupt):
            read("You: ")
        heard.set()
    other.join(60)
    signal.signal(signal.SIGINT, before)
    os.close(ours)
    assert late == []
