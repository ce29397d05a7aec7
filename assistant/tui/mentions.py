"""Files named in a prompt after an `@`: what is being typed, and which files it may mean."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from assistant.files.walk import walk
from assistant.tui.fuzzy import PathSearch

OFFERED = 50
FRESH_SECONDS = 15.0
"""A folder is walked again when the last walk is older."""
WALK_SECONDS = 3.0
"""Walks end after this; of a slow disk the near files are offered."""
MAX_ENTRIES = 5_000
"""Of a folder written out; more are not looked at."""

_MENTION = re.compile(r"(?<![A-Za-z0-9_.+\-@])@((?:[^\s@]|(?<=/)@)*)$")
_WRITTEN_OUT = ("/", "~", "./", "../")


@dataclass(frozen=True, slots=True)
class Mention:
    """An `@` at a column of the line, and what follows it."""

    column: int
    query: str


def mention_before(line: str) -> Mention | None:
    """The mention that ends where the line (cut at the cursor) ends; no e-mail addresses."""
    found = _MENTION.search(line)
    return None if found is None else Mention(found.start(), found.group(1))


def working_folder() -> Path:
    """Where the program was started; the home folder when that is gone."""
    try:
        return Path.cwd()
    except OSError:
        return Path.home()


class FileFinder:
    """Offers files of one folder and, when a path is written out, of any other.

    Walking and searching run in threads; what a walk found serves until it is stale.
    """

    def __init__(self, folder: Path, seconds: Callable[[], float] = monotonic) -> None:
        self.folder = folder
        self._seconds = seconds
        self._search = PathSearch(())
        self._walked = -FRESH_SECONDS
        self._walking: asyncio.Task[PathSearch] | None = None

    async def find(self, query: str) -> list[str]:
        """Paths below the folder, or beginning as the query does; folders end in a slash."""
        if query.startswith(_WRITTEN_OUT):
            return await asyncio.to_thread(listed, query, self.folder)
        if self._seconds() - self._walked >= FRESH_SECONDS:
            await self._walk()
        return await asyncio.to_thread(self._search.best, query, OFFERED)

    def path_of(self, choice: str) -> Path:
        """The file that something offered stands for."""
        return self.folder / Path(choice).expanduser()

    async def _walk(self) -> None:
        if self._walking is None:
            self._walking = asyncio.create_task(asyncio.to_thread(self._walked_through))
        # Whoever asked may lose interest (the next key); the walk goes on for the next.
        self._search = await asyncio.shield(self._walking)
        self._walking = None
        self._walked = self._seconds()

    def _walked_through(self) -> PathSearch:
        end = self._seconds() + WALK_SECONDS
        paths: list[str] = []
        for path in walk(str(self.folder)):
            paths.append(path)
            if self._seconds() > end:
                break
        return PathSearch(paths)


def listed(query: str, folder: Path) -> list[str]:
    """Entries of the folder a path names, searched by its last part; hidden ones only when
    that begins with a dot."""
    named, slash, last = query.rpartition("/")
    if not slash:
        return ["~/"] if query == "~" else []
    try:
        place = folder / Path(f"{named}/").expanduser()
        with os.scandir(place) as entries:
            among = [entry for entry, _ in zip(entries, range(MAX_ENTRIES), strict=False)]
        names = sorted(
            f"{entry.name}/" if entry.is_dir() else entry.name
            for entry in among
            if entry.name.startswith(".") == last.startswith(".") and "\n" not in entry.name
        )
    except (OSError, RuntimeError, ValueError):
        return []
    return [f"{named}/{name}" for name in PathSearch(names).best(last, OFFERED)]
