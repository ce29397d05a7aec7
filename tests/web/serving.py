"""Starts `assistant serve` as a person does, on a free port, with folders of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Served:
    """A running server."""

    address: str
    folder: Path
    pid: int

    @property
    def host(self) -> str:
        return urlsplit(self.address).netloc

    @property
    def token(self) -> str:
        return urlsplit(self.address).path.strip("/")

    @property
    def conversations(self) -> Path:
        return self.folder / "data" / "conversations.sqlite3"


@contextmanager
def serving(folder: Path, *arguments: str) -> Iterator[Served]:
    environ = {
        **os.environ,
        "ASSISTANT_LANG": "en",
        "ASSISTANT_CONFIG": str(folder / "config.toml"),
        **{f"ASSISTANT_{k}_DIR": str(folder / k.lower()) for k in ("DATA", "CACHE", "STATE")},
    }
    command = [sys.executable, "-m", "assistant", *arguments, "serve", "--port", "0"]
    with subprocess.Popen(
        command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            if not (address := process.stdout.readline().strip()):
                raise AssertionError(process.stderr.read())
            yield Served(address, folder, process.pid)
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)
