"""Lists the files below a folder: near ones first, hidden and ignored ones left out."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator

from assistant.files.ignore import Ignoring, above, is_machine_made

MOST_FILES = 100_000
"""A walk ends after so many; nobody picks from more, and they take some 10 MB."""


def walk(top: str) -> Iterator[str]:
    """Paths of files relative to `top`, with forward slashes; folders end in one.

    Folders that can't be read are passed over, links to folders not followed, and names that
    hold a line break left out. Some 5 µs a file.
    """
    waiting = deque([("", above(top))])
    left = MOST_FILES
    while waiting:
        inner, outer = waiting.popleft()
        for path, is_folder, ignoring in _entries(top, inner, outer):
            yield path
            left -= 1
            if left <= 0:
                return
            if is_folder:
                waiting.append((path, ignoring))


def _entries(top: str, inner: str, outer: Ignoring) -> Iterator[tuple[str, bool, Ignoring]]:
    folder = os.path.join(top, inner)  # noqa: PTH118 - a Path costs 5 µs a file
    try:
        with os.scandir(folder) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return
    names = [entry.name for entry in listed]
    if inner and is_machine_made(names):
        return
    ignoring = outer.entered(folder.rstrip(os.sep), names)
    for entry in listed:
        name = entry.name
        if name.startswith(".") or "\n" in name or "\r" in name:
            continue
        try:
            is_folder = entry.is_dir(follow_symlinks=False)
            is_listed = is_folder or entry.is_file()
        except OSError:
            continue
        if is_listed and not ignoring.ignores(entry.path, is_folder):
            yield f"{inner}{name}/" if is_folder else f"{inner}{name}", is_folder, ignoring
