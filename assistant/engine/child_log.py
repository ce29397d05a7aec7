"""Keeps what the engine process writes to its standard error, in a file that rotates."""

from __future__ import annotations

import logging
import logging.handlers
from collections import deque
from collections.abc import Iterable
from pathlib import Path

from assistant.config import make_private_folder
from assistant.core.errors import EngineError

_BYTES = 2_000_000
_FILES = 3


class ChildLog:
    """The log file of one engine, for its owner only."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._logger = logging.getLogger("assistant.engine.child")
        self._last_words: deque[str] = deque(maxlen=5)

    @property
    def last_word(self) -> str:
        """The last line the engine said, "" before the first."""
        return self._last_words[-1] if self._last_words else ""

    def open(self) -> None:
        """Make the file, unless it is open.

        Raises:
            EngineError: it can't be written.
        """
        if self._logger.handlers:
            return
        try:
            make_private_folder(self.path.parent)
            self.path.touch(mode=0o600)
            handler = logging.handlers.RotatingFileHandler(
                self.path, maxBytes=_BYTES, backupCount=_FILES, encoding="utf-8"
            )
        except OSError as error:
            raise EngineError(
                f"The log file {self.path} can't be written: {error.strerror}.",
                "Make the folder writable, or set ASSISTANT_STATE_DIR to another one.",
            ) from error
        handler.setFormatter(logging.Formatter("%(message)s"))
        self._logger.addHandler(handler)
        self._logger.setLevel(logging.INFO)
        self._logger.propagate = False

    def write(self, lines: Iterable[bytes]) -> None:
        """Keep lines the engine said."""
        for line in (raw.decode("utf-8", "replace").rstrip() for raw in lines):
            if line:
                self.remember(line)
                self._logger.info("%s", line)

    def note(self, text: str, *values: object, exc_info: bool = False) -> None:
        """Keep what happened to the engine."""
        self._logger.error(text, *values, exc_info=exc_info)

    def remember(self, line: str) -> None:
        """Take a line for the last word."""
        self._last_words.append(line)

    def close(self) -> None:
        """Close the file."""
        for handler in self._logger.handlers[:]:
            self._logger.removeHandler(handler)
            handler.close()
