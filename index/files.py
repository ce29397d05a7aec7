"""Finds the files to index and says what changed since they were last read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from assistant.files.ignore import Ignoring, above, is_machine_made

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
    """Paths given that are not there."""
    skipped: int = 0
    """Files of formats without a reader, inside folders."""
    unreadable: tuple[str, ...] = ()
    """Folders that could not be opened."""
    ignored: int = 0
    """Files and folders left alone, as an ignore file says."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What an add has to do. `gone` were known below the paths given and are no more."""

    read: tuple[str, ...]
    unchanged: tuple[str, ...]
    gone: tuple[str, ...]


@dataclass
class _Walk:
    suffixes: frozenset[str]
    files: dict[str, Stamp] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)
    skipped: int = 0
    ignored: int = 0
    folders: set[tuple[int, int]] = field(default_factory=set)
    """Device and inode of the folders entered: links may form a circle."""


def find(paths: Iterable[Path], suffixes: frozenset[str]) -> Found:
    """Files given, and those in the folders given, with one of the suffixes.

    A file given by name is taken whatever its suffix. Inside folders, hidden files and folders,
    caches, and what `.gitignore` and `.assistantignore` name are passed over; links are
    followed once. Some 10 ms for 1,000 files.
    """
    walk = _Walk(suffixes)
    missing: list[str] = []
    for path in paths:
        absolute = os.path.abspath(path)  # noqa: PTH100  # resolve() would replace links
        try:
            status = os.stat(absolute)  # noqa: PTH116
        except OSError:
            missing.append(absolute)
            continue
        if stat.S_ISDIR(status.st_mode):
            _enter(walk, absolute)
        else:
            walk.files[absolute] = Stamp(status.st_size, status.st_mtime_ns)
    return Found(
        walk.files, tuple(missing), walk.skipped, tuple(walk.unreadable), ignored=walk.ignored
    )


def _enter(walk: _Walk, top: str) -> None:
    waiting = [(top, above(top))]
    while waiting:
        folder, outer = waiting.pop()
        try:
            status = os.stat(folder)  # noqa: PTH116
            if (status.st_dev, status.st_ino) in walk.folders:
                continue
            walk.folders.add((status.st_dev, status.st_ino))
            # scandir, for it tells the kind of an entry without a second system call.
            with os.scandir(folder) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            walk.unreadable.append(folder)
            continue
        names = [entry.name for entry in listed]
        if folder != top and is_machine_made(names):
            walk.ignored += 1
            continue
        ignoring = outer.entered(folder, names)
        folders = [entry.path for entry in listed if _take(walk, entry, ignoring)]
        waiting.extend((path, ignoring) for path in reversed(folders))


def _take(walk: _Walk, entry: os.DirEntry[str], ignoring: Ignoring) -> bool:
    """Notes a file; whether the entry is a folder to enter."""
    if entry.name.startswith("."):
        return False
    try:
        is_folder = entry.is_dir()
        if ignoring.ignores(entry.path, is_folder):
            walk.ignored += 1
            return False
        if is_folder:
            return True
        status = entry.stat()
    except OSError:
        return False
    if not stat.S_ISREG(status.st_mode) or not _has_suffix(entry.name, walk.suffixes):
        walk.skipped += 1
        return False
    walk.files[entry.path] = Stamp(status.st_size, status.st_mtime_ns)
    return False


def _has_suffix(name: str, suffixes: frozenset[str]) -> bool:
    return os.path.splitext(name)[1].lower() in suffixes  # noqa: PTH122


def changes(found: Found, known: Mapping[str, Known], paths: Iterable[Path]) -> Changes:
    """Compares by size and time only; whoever reads a file compares its hash.

    Args:
        known: every file of the collection, by path.
        paths: what was asked to be added; known files below it that are no more are `gone`.
    """
    read: list[str] = []
    unchanged: list[str] = []
    for path, stamp in found.files.items():
        before = known.get(path)
        # What failed is tried again: a limit was raised, a reader mended.
        same = before is not None and before.stamp == stamp and before.state == "indexed"
        (unchanged if same else read).append(path)
    closed = (*found.unreadable, *found.missing)  # an unplugged disk is no deletion
    gone = [p for p in known if p not in found.files and is_below(p, paths, closed)]
    interrupted = [p for p, k in known.items() if k.state == "waiting" and p not in found.files]
    gone_set = set(gone)
    read.extend(p for p in interrupted if p not in gone_set)
    return Changes(tuple(read), tuple(unchanged), tuple(gone))


def is_below(path: str, tops: Iterable[Path | str], but: Iterable[str] = ()) -> bool:
    """Whether the path is one of `tops` or inside one, and inside none of `but`."""
    inside = any(_contains(os.path.abspath(top), path) for top in tops)  # noqa: PTH100
    return inside and not any(_contains(top, path) for top in but)


def _contains(top: str, path: str) -> bool:
    return path == top or path.startswith(top.rstrip(os.sep) + os.sep)
