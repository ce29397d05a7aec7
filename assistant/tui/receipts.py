"""The receipt of a collection as rows: folders, and the files below them that pass a filter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.core.collections import CollectionStatus, FileReceipt

Filter = Literal["all", "failed", "stale", "waiting"]
FILTERS: tuple[Filter, ...] = ("all", "failed", "stale", "waiting")


@dataclass(frozen=True, slots=True)
class RootRow:
    """A folder that was added, and how many of its files pass the filter."""

    path: str
    files: int


Row = RootRow | FileReceipt


@dataclass(frozen=True, slots=True)
class Counts:
    """Files of a collection by state."""

    all: int = 0
    failed: int = 0
    stale: int = 0
    waiting: int = 0


def count(status: CollectionStatus) -> Counts:
    """How many files are in which state."""
    states = [file.state for file in status.files]
    return Counts(
        len(states), states.count("failed"), states.count("stale"), states.count("waiting")
    )


def rows(status: CollectionStatus, which: Filter, needle: str) -> list[Row]:
    """Folders by path, each with its files below it; files added singly stand by themselves.

    `needle` is looked for in the paths, whatever its case. A folder without such files is
    left out unless everything is shown. 50,000 files take about 50 ms.
    """
    wanted = needle.casefold()
    files: Iterable[FileReceipt] = status.files
    if which != "all":
        files = [file for file in files if file.state == which]
    if wanted:
        files = [file for file in files if wanted in file.path.casefold()]
    groups: dict[str, list[FileReceipt]] = {root: [] for root in sorted(status.roots)}
    loose: list[FileReceipt] = []
    deepest_first = [(r, _as_folder(r)) for r in sorted(status.roots, key=len, reverse=True)]
    for file in files:
        root = _root_of(file.path, deepest_first)
        (loose if root is None or root == file.path else groups[root]).append(file)
    single = {file.path for file in loose}
    listed: list[Row] = [*loose]
    for root, below in groups.items():
        if root not in single and (below or (which == "all" and not wanted)):
            listed += [RootRow(root, len(below)), *below]
    return listed


def relative(path: str, roots: Sequence[str]) -> str:
    """The path below the deepest root that holds it; whole where none does."""
    holding = [folder for root in roots if path.startswith(folder := _as_folder(root))]
    return path[max(map(len, holding)) :] if holding else path


def _root_of(path: str, deepest_first: Sequence[tuple[str, str]]) -> str | None:
    for root, folder in deepest_first:
        if path.startswith(folder) or path == root:
            return root
    return None


def _as_folder(root: str) -> str:
    """With the separator at its end, so that `/a/b` does not hold `/a/bc`."""
    separator = "\\" if "\\" in root and "/" not in root else "/"
    return root if root.endswith(separator) else root + separator
