"""What a collection knows of its files, and what changed since they were last read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

FileState = Literal["waiting", "indexed", "failed"]


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells cheaply that a file changed; times in nanoseconds."""

    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Known:
    """A file as the catalogue has it; `sha256` is None until it was read."""

    id: int
    stamp: Stamp
    sha256: bytes | None
    state: FileState


@dataclass(frozen=True, slots=True)
class Found:
    """What a walk over the given paths met."""

    files: Mapping[str, Stamp]
    missing: tuple[str, ...] = ()
    """Paths given that are not there, and folders whose disk is not."""
    skipped: int = 0
    """Files of formats without a reader, inside folders."""
    unreadable: tuple[str, ...] = ()
    """Folders that could not be opened."""
    uncertain: tuple[str, ...] = ()
    """Entries that can't be looked at, links to an unplugged disk among them."""
    ignored: int = 0
    """Files and folders left alone, as an ignore file says."""
    forgotten: int = 0
    """Files and folders left alone, as the person took them out of the collection."""

    def with_missing(self, paths: Iterable[str]) -> Found:
        """The same, and these were not there."""
        return replace(self, missing=(*self.missing, *paths))


@dataclass(frozen=True, slots=True)
class Changes:
    """What an add has to do. `gone` were known below the paths given and are no more."""

    read: tuple[str, ...]
    unchanged: tuple[str, ...]
    gone: tuple[str, ...]


def changes(
    found: Found,
    known: Mapping[str, Known],
    paths: Iterable[Path | str],
    *,
    retrying: bool = True,
) -> Changes:
    """Compares by size and time only; whoever reads a file compares its hash.

    Args:
        known: every file of the collection, by path.
        paths: what was looked at; known files below it that are no more are `gone`.
        retrying: read again what failed and did not change (a limit was raised, a reader mended);
            what could not even be opened is always tried again, for that costs little.
    """
    read: list[str] = []
    unchanged: list[str] = []
    for path, stamp in found.files.items():
        before = known.get(path)
        (read if _is_due(before, stamp, retrying) else unchanged).append(path)
    lost = [path for path in known if path not in found.files]
    closed = Below((*found.unreadable, *found.uncertain, *found.missing))
    looked_at = Below(paths)
    gone: list[str] = []
    for path in lost:
        if path in closed:
            continue  # an unplugged disk is no deletion
        if path in looked_at:
            gone.append(path)
        elif known[path].state == "waiting":  # interrupted work is taken up
            read.append(path)
    return Changes(tuple(read), tuple(unchanged), tuple(gone))


def _is_due(before: Known | None, now: Stamp, retrying: bool) -> bool:
    if before is None or before.stamp != now or before.state == "waiting":
        return True
    return before.state == "failed" and (retrying or before.sha256 is None)


class Below:
    """The paths given and everything inside of them; `in` costs a look-up a path, or one a
    folder above it where there are many paths."""

    def __init__(self, paths: Iterable[Path | str]) -> None:
        self._tops = frozenset(os.path.abspath(path) for path in paths)  # noqa: PTH100

    def __bool__(self) -> bool:
        return bool(self._tops)

    def __contains__(self, path: str) -> bool:
        if not self._tops:
            return False
        while path not in self._tops:
            above = os.path.dirname(path)  # noqa: PTH120  # a Path costs five times as much
            if above == path:
                return False
            path = above
        return True
