"""Says which files pass a question's filters."""

from __future__ import annotations

import fnmatch
import os
import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime

from assistant.core.documents import Filters

Passes = Callable[[str, int], bool]
"""Whether a file passes, by its path and the time of its last change in ns."""
_Matches = Callable[[str, str], bool]
"""Whether a path matches, by what of it begins at its root's name, and the whole."""


def passing(filters: Filters, roots: Sequence[str]) -> Passes:
    """A test for files; a date that doesn't exist lets nothing pass.

    Args:
        roots: what was added to the collection. Part of a path is looked for in what of it
            begins at its root's name, and among the full names of the folders above; a
            pattern in either.
    """
    try:
        first, last = _day(filters.after), _day(filters.before)
    except ValueError:
        return lambda _path, _mtime: False
    wanted = [p for p in map(_plain, filters.paths) if p]
    matches = [_pattern(p) if "*" in p or "?" in p else _part(p) for p in wanted]
    endings = tuple(f".{t.lower().lstrip('.')}" for t in filters.types)

    def passes(path: str, mtime_ns: int) -> bool:
        if endings and not path.lower().endswith(endings):
            return False
        if matches:
            below, whole = _plain(_from_root(path, roots)), _plain(path)
            if not any(m(below, whole) for m in matches):
                return False
        return (first is None and last is None) or _is_between(mtime_ns, first, last)

    return passes


def _part(part: str) -> _Matches:
    names = f"/{part.strip('/')}/"
    return lambda below, whole: part in below or names in f"{whole}/"


def _pattern(pattern: str) -> _Matches:
    """`*` and `?` stand for any characters, in a name or across; a match of a folder is one of
    everything in it."""
    # Brackets are common in file names. Translated stars don't go back, so that no pattern
    # takes long.
    own = fnmatch.translate(pattern.strip("/").replace("[", "[[]"))
    anywhere = re.compile(f"(?:.*/)?(?:{own.removesuffix(_END)})(?:/.*)?{_END}", re.DOTALL)
    return lambda below, whole: bool(anywhere.match(below) or anywhere.match(whole))


_END = fnmatch.translate("")[-2:]
"""How this Python's patterns end: `\\Z`, or `\\z` since 3.14."""


def _plain(path: str) -> str:
    """Without differences of case, of composed letters, and between systems."""
    return unicodedata.normalize("NFC", path.replace(os.sep, "/")).casefold()


def _from_root(path: str, roots: Sequence[str]) -> str:
    holding = (r for r in roots if path == r or path.startswith(r.rstrip(os.sep) + os.sep))
    above = max(holding, key=len, default="")
    return os.path.relpath(path, os.path.dirname(above)) if above else path  # noqa: PTH120


def _day(day: str) -> date | None:
    return date.fromisoformat(day) if day else None


def _is_between(mtime_ns: int, first: date | None, last: date | None) -> bool:
    try:
        # In the local time zone: a person's days.
        changed = datetime.fromtimestamp(mtime_ns / 1e9, tz=UTC).astimezone().date()
    except (ValueError, OverflowError, OSError):  # a time no calendar has
        return False
    return (first is None or first <= changed) and (last is None or changed <= last)
