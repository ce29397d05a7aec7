"""Every test gets folders and surroundings of its own; nobody's settings or conversations are
touched, and no terminal or server of the machine is asked."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.config import Places, find_places

SURROUNDINGS = frozenset({
    "NO_COLOR", "FORCE_COLOR", "COLORTERM", "TERM_PROGRAM", "VTE_VERSION", "TMUX", "STY", "ZELLIJ",
    "KITTY_WINDOW_ID", "WT_SESSION", "KONSOLE_VERSION", "WEZTERM_PANE", "SSH_TTY", "VISUAL",
    "EDITOR", "OLLAMA_HOST", "LLAMA_ARG_PORT", "OPENAI_BASE_URL", "OPENAI_API_KEY",
})  # fmt: skip
"""What the program asks of the terminal it is in, and of the machine's servers."""
NAME_MOST = 200
"""Characters of a value that go into the name of a test."""


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Files made on the spot hold the time, and workers that name a test differently give up;
    a name of a hundred thousand characters fits into no environment either."""
    is_named = not isinstance(val, bytes | str) or (isinstance(val, str) and len(val) <= NAME_MOST)
    return None if is_named else argname


@pytest.fixture(autouse=True, scope="session")
def _surroundings() -> Iterator[None]:
    """For what is made once for many tests, too: a hub's client keeps the proxies it found."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        for name in [*os.environ]:
            if name in SURROUNDINGS or name.lower().endswith("_proxy"):
                monkeypatch.delenv(name)
        for name, value in (("TERM", "xterm-256color"), ("COLUMNS", "80"), ("LINES", "24")):
            monkeypatch.setenv(name, value)
        yield


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [n for n in os.environ if n.startswith("ASSISTANT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ASSISTANT_LANG", "en")  # whatever the locale of the machine
    # Nobody's keys either.
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    home = tmp_path / "assistant-home"
    monkeypatch.setenv("ASSISTANT_CONFIG", str(home / "config.toml"))
    for kind in ("DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"ASSISTANT_{kind}_DIR", str(home / kind.lower()))


@pytest.fixture
def places() -> Places:
    """The test's own folders, as the program finds them."""
    return find_places(os.environ)
