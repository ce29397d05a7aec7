"""The person's corrections of the router, in a file they can read and edit.

One correction a line, tabs between: skill, language, day, message. Lines that start with `#`, and
lines that can't be read, are kept as they are when the file is written.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant.core.errors import StoreError
from assistant.core.routing import Correction
from assistant.core.text import one_line

MAX_TEXT = 2_000
"""Characters of a message that are kept and compared."""
MAX_CORRECTIONS = 1_000
"""The latest count; each costs about 0.1 ms of every refit."""
_MAX_BYTES = 4_000_000
_LOCK_SECONDS = 5.0
_HEADER = (
    "# Corrections of the router, one a line: skill, language, day, message; tabs between.\n"
    "# Edit them as you like; the file is read again when it changes.\n"
)
_SKILL = re.compile(r"[A-Za-z][\w-]{0,63}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")

Stamp = tuple[int, int] | None
"""What changes with the file: modification time in nanoseconds and size; None where absent."""


@dataclass(frozen=True, slots=True)
class Corrections:
    """What a file holds: corrections in its order, and what is wrong with it, a line each."""

    kept: tuple[Correction, ...] = ()
    problems: tuple[str, ...] = ()


def same_message(text: str) -> str:
    """The form in which two messages are compared: case and spaces don't count."""
    return " ".join(text[: 2 * MAX_TEXT].casefold().split())[:MAX_TEXT].rstrip()


class CorrectionFile:
    """Reads and writes the corrections; several processes may use one file at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def stamp(self) -> Stamp:
        """Compare two to see whether the file changed; costs 10 µs."""
        try:
            status = self.path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size

    def read(self) -> Corrections:
        """What the file says; a later line on the same message replaces an earlier one."""
        try:
            lines = self._lines()
        except StoreError as error:
            return Corrections((), (str(error),))
        kept: dict[str, Correction] = {}
        problems: list[str] = []
        for number, line in enumerate(lines, 1):
            parsed = _parsed(line)
            if isinstance(parsed, Correction):
                kept.pop(same_message(parsed.text), None)
                kept[same_message(parsed.text)] = parsed
            elif parsed:
                problems.append(f"line {number}: {parsed}")
        return Corrections(tuple(kept.values())[-MAX_CORRECTIONS:], tuple(problems))

    def add(self, correction: Correction) -> None:
        """Keep a correction; one of the same message is replaced.

        Raises:
            StoreError: the file can't be read or written.
        """
        flat = " ".join(correction.text.split())[:MAX_TEXT]
        language, date = correction.language, correction.date
        with self._locked():
            others = [line for line in self._lines() if not _is_about(line, flat)]
            self._write([*others, f"{correction.skill}\t{language}\t{date}\t{flat}\n"])

    def remove(self, text: str | None = None) -> Correction | None:
        """Take out the correction of a message (None: the last in the file), and say which.

        Raises:
            StoreError: the file can't be read or written.
        """
        with self._locked():
            lines = self._lines()
            wanted = (
                [line for line in lines if isinstance(_parsed(line), Correction)][-1:]
                if text is None
                else [line for line in lines if _is_about(line, text)]
            )
            if not wanted:
                return None
            self._write([line for line in lines if line not in wanted])
        removed = _parsed(wanted[-1])
        return removed if isinstance(removed, Correction) else None

    def _lines(self) -> list[str]:
        """Lines with their ends, undecodable bytes as lone surrogates."""
        try:
            with self.path.open("rb") as file:
                content = file.read(_MAX_BYTES + 1)
        except FileNotFoundError:
            return []
        except OSError as error:
            raise _refused("read", self.path, error) from error
        if len(content) > _MAX_BYTES:
            raise StoreError(
                f"{self.path} is larger than {_MAX_BYTES // 1_000_000} MB.",
                "It is not read; delete the lines that are no corrections.",
            )
        text = content.decode("utf-8-sig", "surrogateescape").replace("\r\n", "\n")
        lines = text.split("\n")
        return [f"{line}\n" for line in lines[:-1]] + ([f"{lines[-1]}\n"] if lines[-1] else [])

    def _write(self, lines: list[str]) -> None:
        """By temporary file and rename, for its owner alone."""
        content = "".join(lines if self.path.exists() else [_HEADER, *lines])
        try:
            handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=".corrections-")
            part = Path(name)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(content.encode("utf-8", "surrogateescape"))
                part.replace(self.path)
            except OSError:
                part.unlink(missing_ok=True)
                raise
        except OSError as error:
            raise _refused("written", self.path, error) from error

    @contextmanager
    def _locked(self) -> Iterator[None]:
        from filelock import FileLock, Timeout

        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with FileLock(self.path.with_name(".corrections.lock"), timeout=_LOCK_SECONDS):
                yield
        except Timeout as error:
            raise StoreError(
                f"Another process is writing {self.path}.", "Try again in a moment."
            ) from error
        except OSError as error:
            raise _refused("written", self.path, error) from error


def _parsed(line: str) -> Correction | str:
    """The correction of a line; or what is wrong with it, "" for comments and empty lines."""
    line = line.rstrip("\r\n")
    if not line.strip() or line.startswith("#"):
        return ""
    parts = line.split("\t", 3)
    if len(parts) < 4 or not parts[3].strip():
        return "there are not four fields with a tab between them"
    skill, language, date, text = (part.strip() for part in parts)
    if not _SKILL.fullmatch(skill):
        return f"“{one_line(skill, 40)}” is no name of a skill"
    if not _LANGUAGE.fullmatch(language):
        return f"“{one_line(language, 40)}” is no language code"
    if not _DAY.fullmatch(date):
        return f"“{one_line(date, 40)}” is no day like 2026-01-31"
    if any("\ud800" <= character <= "\udfff" for character in text):
        return "the message is not UTF-8"
    return Correction(skill, language, date, text[:MAX_TEXT])


def _is_about(line: str, text: str) -> bool:
    parsed = _parsed(line)
    return isinstance(parsed, Correction) and same_message(parsed.text) == same_message(text)


def _refused(what: str, path: Path, error: OSError) -> StoreError:
    return StoreError(
        f"The corrections can't be {what}: {error.strerror}.", f"Make {path} readable and writable."
    )
