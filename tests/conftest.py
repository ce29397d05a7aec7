"""Every test gets folders of its own; nobody's settings or conversations are touched."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assistant.config import Places, find_places

_NAMED = 60
"""Characters of a text that name a case; the whole of a long one says no more."""


def pytest_make_parametrize_id(val: object) -> str | None:
    """Names of cases that are the same in every process: files made by a case hold the time."""
    if isinstance(val, bytes):
        return "bytes"
    if isinstance(val, str) and len(val) > _NAMED:
        return f"{val[:_NAMED]}…"
    return None


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
