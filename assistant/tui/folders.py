"""What is in a folder, as far as it matches what is being typed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

MAX_ENTRIES = 20_000
"""A folder is looked through this far."""
MAX_MATCHES = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or folder; `offsets` are the characters of its name that matched."""

    name: str
    is_folder: bool
    offsets: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """The folder a typed path speaks of, and its matching entries, the best first."""

    folder: Path
    entries: tuple[Entry, ...]
    has_more: bool = False


def look(typed: str) -> Listing:
    """The entries that what is typed could become; reads the disk, so not for the event loop.

    Names that begin with a point are left out unless one is asked for. A folder that can't be
    read has no entries.
    """
    beginning, wanted = split(typed)
    folder = as_path(beginning)
    found = [entry for entry in _entries(folder) if _is_meant(entry, wanted)]
    ranked = _ranked(found, wanted)
    return Listing(folder, tuple(ranked[:MAX_MATCHES]), len(ranked) > MAX_MATCHES)


def split(typed: str) -> tuple[str, str]:
    """The folder, with its separator, and the beginning of a name in it."""
    cut = max(typed.rfind("/"), typed.rfind(os.sep)) + 1
    if not cut and typed == "~":
        return "~/", ""
    return typed[:cut], typed[cut:]


def as_path(typed: str) -> Path:
    """The absolute path of what is typed; links are not followed."""
    try:
        path = Path(typed or ".").expanduser()
    except RuntimeError:  # a ~user that is none
        path = Path(typed)
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links


def exists(path: Path) -> bool:
    """Whether it is there, as far as one may look; asks the disk."""
    try:
        return path.exists()
    except (OSError, ValueError):  # a name too long, a folder one may not enter
        return False


def _entries(folder: Path) -> list[Entry]:
    try:
        with os.scandir(folder) as entries:
            return [Entry(e.name, _is_folder(e)) for e in islice(entries, MAX_ENTRIES)]
    except (OSError, ValueError):
        return []


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_meant(entry: Entry, wanted: str) -> bool:
    return wanted.startswith(".") or not entry.name.startswith(".")


def _ranked(entries: Sequence[Entry], wanted: str) -> list[Entry]:
    """Folders first by name while nothing is typed, else the best match first."""
    if not wanted:
        return sorted(entries, key=lambda e: (not e.is_folder, e.name.casefold()))
    scored = []
    for entry in entries:
        offsets = subsequence(wanted, entry.name)
        if offsets is not None:
            rank = _rank(wanted, entry, offsets)
            scored.append((rank, Entry(entry.name, entry.is_folder, offsets)))
    return [entry for _, entry in sorted(scored, key=lambda pair: pair[0])]


def _rank(wanted: str, entry: Entry, offsets: tuple[int, ...]) -> tuple[bool, int, bool, int, str]:
    """Names that begin as typed first, then those whose matched characters lie close together."""
    name = entry.name.casefold()
    begins = name.startswith(wanted.casefold())
    spread = offsets[-1] - offsets[0] - len(offsets) + 1
    return (not begins, spread, not entry.is_folder, len(name), name)


def subsequence(wanted: str, name: str) -> tuple[int, ...] | None:
    """Where the characters of `wanted` stand in `name`, in order: together if they do anywhere,
    else the first of each; None where one is missing. Case does not count."""
    wanted, name = wanted.lower(), name.lower()
    start = name.find(wanted)
    if start >= 0:
        return tuple(range(start, start + len(wanted)))
    offsets = []
    at = -1
    for character in wanted:
        at = name.find(character, at + 1)
        if at < 0:
            return None
        offsets.append(at)
    return tuple(offsets)
