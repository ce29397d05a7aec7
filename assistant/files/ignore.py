"""Says which files a person wants left alone: `.gitignore`, `.assistantignore`, and what is
nobody's document.

The rules are git's (gitignore(5)): the last pattern of a file that matches decides, the files of
inner folders go before those of outer ones, and what lies in an ignored folder can't be taken
back. An `.assistantignore` goes before every `.gitignore`.
"""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

GIT = ".gitignore"
OWN = ".assistantignore"
_MOST_BYTES = 1 << 20
"""Of an ignore file that are read; people write some 100 lines."""
_NEVER = frozenset({"node_modules", "__pycache__", "__MACOSX"})
"""Folders full of other people's files; a pattern like “!node_modules” takes one back."""
_MACHINE_MADE = frozenset({"pyvenv.cfg", "CACHEDIR.TAG"})
"""Files that mark a folder as a virtual environment or cache (bford.info/cachedir)."""
_ESCAPE = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class _Pattern:
    """`parts` match the parts of a path one by one, None standing for any number (`**`)."""

    parts: tuple[re.Pattern[str] | None, ...]
    ignores: bool
    folders_only: bool
    by_name: bool
    """Whether it has no slash: it then matches at any depth."""

    def matches(self, parts: Sequence[str], is_folder: bool) -> bool:
        if self.folders_only and not is_folder:
            return False
        if self.by_name:
            name = self.parts[0]
            return name is not None and name.match(parts[-1]) is not None
        return _match_parts(self.parts, parts)


@dataclass(frozen=True, slots=True)
class Rules:
    """The patterns of one ignore file, which stands in `folder`."""

    folder: str
    patterns: tuple[_Pattern, ...]

    def verdict(self, path: str, is_folder: bool) -> bool | None:
        """Whether the path, which lies below the folder, is ignored; None: not its business."""
        parts = path[len(self.folder) :].strip(os.sep).split(os.sep)  # noqa: PTH206  # Path: 5 µs
        for pattern in self.patterns:  # the last line first
            if pattern.matches(parts, is_folder):
                return pattern.ignores
        return None


@dataclass(frozen=True, slots=True)
class Ignoring:
    """What is ignored in a folder, innermost rules first."""

    own: tuple[Rules, ...] = ()
    git: tuple[Rules, ...] = ()

    def ignores(self, path: str, is_folder: bool) -> bool:
        """Whether the entry of the folder is left alone."""
        for rules in (*self.own, *self.git):
            verdict = rules.verdict(path, is_folder)
            if verdict is not None:
                return verdict
        return is_folder and path.rpartition(os.sep)[2] in _NEVER

    def entered(self, folder: str, names: Iterable[str]) -> Ignoring:
        """What is ignored in a folder below, which holds entries of these names."""
        held, place = frozenset(names), Path(folder)
        own, git = self.own, self.git
        if ".git" in held:  # another repository: the outer one has no say
            git = _read(folder, place / ".git" / "info" / "exclude")
        if GIT in held:
            git = (*_read(folder, place / GIT), *git)
        if OWN in held:
            own = (*_read(folder, place / OWN), *own)
        return self if own is self.own and git is self.git else Ignoring(own, git)


def above(folder: str) -> Ignoring:
    """What the repository around a folder ignores in it; nothing when it ignores the folder
    itself, for then somebody asked for it by name all the same."""
    outer = _folders_above(Path(folder))
    ignoring = Ignoring()
    for place, following in pairwise([*outer, Path(folder)]):
        names = [name for name in (".git", GIT, OWN) if os.path.lexists(place / name)]
        ignoring = ignoring.entered(str(place), names)
        if ignoring.ignores(str(following), is_folder=True):
            return Ignoring()
    return ignoring


def is_machine_made(names: Iterable[str]) -> bool:
    """Whether a folder with entries of these names is a cache or a virtual environment."""
    return not _MACHINE_MADE.isdisjoint(names)


def _folders_above(folder: Path) -> list[Path]:
    """From the root of the repository down to the folder's parent; none outside of one."""
    outer: list[Path] = []
    for place in (folder, *folder.parents):
        if os.path.lexists(place / ".git"):
            return [*outer, place][:0:-1]
        outer.append(place)
    return []


def _read(folder: str, path: Path) -> tuple[Rules, ...]:
    """Rules of an ignore file; none when it can't be read."""
    try:
        with path.open("rb") as file:
            text = os.fsdecode(file.read(_MOST_BYTES).removeprefix(b"\xef\xbb\xbf"))
    except OSError:
        return ()
    patterns = [p for line in text.splitlines() if (p := parse(line)) is not None]
    return (Rules(folder, tuple(reversed(patterns))),) if patterns else ()


def parse(line: str) -> _Pattern | None:
    """The pattern of a line; None for comments and what means nothing."""
    line = re.sub(r"(?<!\\)[ \t]+$", "", line.rstrip("\r\n"))
    if not line or line.startswith("#"):
        return None
    ignores = not line.startswith("!")
    line = line if ignores else line[1:]
    body = line.rstrip("/")
    folders_only = body != line
    by_name = "/" not in body
    if not body:
        return None
    try:
        parts = tuple(
            None if part == "**" and not by_name else _compiled(part)
            for part in body.removeprefix("/").split("/")
        )
    except re.error:
        return None
    return _Pattern(parts, ignores, folders_only, by_name)


def _compiled(part: str) -> re.Pattern[str]:
    """fnmatch's expressions need no exponential time; it has no escapes and another negation."""
    part = _ESCAPE.sub(lambda m: f"[{m[1]}]" if m[1] in "*?[" else m[1], part)
    return re.compile(fnmatch.translate(part.replace("[^", "[!")))


def _match_parts(pattern: Sequence[re.Pattern[str] | None], path: Sequence[str]) -> bool:
    """Matches from the left, going back to the last `**` only. A `**` at the end stands for one
    part at least."""
    at = place = 0
    star, resume = -1, 0
    while place < len(path):
        part = pattern[at] if at < len(pattern) else None
        if at < len(pattern) and part is None:
            if at == len(pattern) - 1:
                return True
            star, resume = at, place
            at += 1
        elif part is not None and part.match(path[place]):
            at, place = at + 1, place + 1
        elif star >= 0:
            resume += 1
            at, place = star + 1, resume
        else:
            return False
    return at == len(pattern)
