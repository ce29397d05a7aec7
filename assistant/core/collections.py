"""Collections of documents as they are reported: what became of every file."""

from __future__ import annotations

from typing import Literal

import msgspec

FileStatus = Literal["fresh", "stale", "failed", "waiting"]


class FileReceipt(msgspec.Struct, frozen=True):
    """One file: fresh, stale (changed or gone since it was read), failed (why), or waiting
    (not read yet, or its vectors are still to be made)."""

    path: str
    state: FileStatus
    reason: str
    chunks: int
    hint: str = ""
    """What to do about it."""


class CollectionStatus(msgspec.Struct, frozen=True):
    """A collection's files by path, and its figures."""

    name: str
    roots: tuple[str, ...]
    files: tuple[FileReceipt, ...]
    chunks: int
    pending: int
    """Chunks (equal ones counted once) whose vectors are still to be made."""

    def count(self, state: FileStatus) -> int:
        """Files in that state."""
        return sum(f.state == state for f in self.files)


class CollectionSummary(msgspec.Struct, frozen=True):
    """A collection in a list of them; costs no look at the files."""

    name: str
    files: int
    """Files that can be searched."""
    roots: tuple[str, ...] = ()
    chunks: int = 0
    pending: int = 0
    failed: int = 0
    waiting: int = 0
    pictures: int = 0
    """Files that are pictures and were looked at."""
