"""Follows the changes below a collection's roots for as long as somebody wants."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from assistant.core.events import Event, Notice
from assistant.core.skills import Cancelled
from assistant.core.text import one_line
from assistant.files.ignore import GIT, OWN
from index.patience import patiently

if TYPE_CHECKING:
    from watchfiles import Change

SETTLED_SECONDS = 0.8
"""Without a change after which a file counts as written to its end."""
PATIENCE_SECONDS = 30.0
"""A file that never settles, a log say, is read so often."""
WHOLE_SECONDS = 900.0
"""Between syncs of everything: the system drops changes when there are too many."""
MANY = 500
"""Changes at once for which everything is looked at."""
_TICK_MS = 250
"""Between looks at what settled, which roots came or went, and whether to stop."""
_RULES = frozenset({GIT, OWN})

Sync = Callable[[Sequence[str] | None], Iterator[Event]]
"""Syncs all (None) or some paths; raises `CollectionBusyError` while somebody else writes."""


@dataclass
class Unsettled:
    """Changed paths that may still be being written; times in seconds."""

    _last: dict[str, float] = field(default_factory=dict)
    _first: dict[str, float] = field(default_factory=dict)

    def add(self, paths: Iterable[str], now: float) -> None:
        """These changed just now."""
        for path in paths:
            self._last[path] = now
            self._first.setdefault(path, now)

    def take(self, now: float) -> tuple[str, ...]:
        """Paths at rest, or waited for long enough; they are no longer here."""
        due = [
            path
            for path, last in self._last.items()
            if now - last >= SETTLED_SECONDS or now - self._first[path] >= PATIENCE_SECONDS
        ]
        for path in due:
            del self._last[path], self._first[path]
        return tuple(due)


class Watcher:
    """Syncs a collection when something below its roots changes.

    Args:
        sync: brings it up to date.
        roots: its roots now; others may be added while it is watched.
    """

    def __init__(self, sync: Sync, roots: Callable[[], Sequence[str]]) -> None:
        self._sync = sync
        self._roots = roots

    def run(self, cancelled: Cancelled) -> Iterator[Event]:
        """Sync, then follow until cancelled; roots may vanish and come back.

        Yields what `Indexer.sync` does each time something changed.
        """
        while not cancelled():
            yield from self._follow(_places(self._roots()), cancelled)

    def _follow(self, places: dict[str, _Place], cancelled: Cancelled) -> Iterator[Event]:
        """Until the roots are others, or a sync of everything is due."""
        unsettled = Unsettled()
        started: float | None = None
        for changes in _changes([root for root, place in places.items() if place], cancelled):
            if isinstance(changes, Notice):
                yield changes
                continue
            now = time.monotonic()
            unsettled.add(changes, now)
            if started is None:  # only now, for what changes meanwhile is noticed already
                started = now
                yield from patiently(lambda: self._sync(None), cancelled)
            due = unsettled.take(now)
            if len(due) > MANY or now - started > WHOLE_SECONDS or _places(self._roots()) != places:
                return
            if due:
                yield from patiently(partial(self._sync, due), cancelled)


_Place = tuple[int, int] | None
"""Device and inode: a folder that came back is another one. None where there is nothing."""


def _places(roots: Iterable[str]) -> dict[str, _Place]:
    places: dict[str, _Place] = {}
    for root in roots:
        try:
            status = os.stat(root)  # noqa: PTH116  # a path need not be valid text
        except OSError:
            places[root] = None
        else:
            places[root] = (status.st_dev, status.st_ino)
    return places


def _changes(roots: Sequence[str], cancelled: Cancelled) -> Iterator[frozenset[str] | Notice]:
    """Paths that changed, every tick, an empty set when none did; ends when cancelled.

    What the system can't watch is looked at again and again, as watchfiles does it.
    """
    while roots and not cancelled():
        try:
            yield from _notified(roots, cancelled, polling=None)
        except FileNotFoundError:
            yield frozenset()  # a root went; whoever listens will see
        except OSError as error:
            yield Notice(
                f"The system can't watch the folders ({one_line(str(error))}); they are looked "
                "through again and again.",
                "On Linux, raise the limit: sysctl fs.inotify.max_user_watches=1048576",
            )
            yield from _notified(roots, cancelled, polling=True)
    while not cancelled():  # there are no roots, or none of them is there
        time.sleep(_TICK_MS / 1000)
        yield frozenset()


class _Stop:
    """What watchfiles asks whether to stop."""

    def __init__(self, cancelled: Cancelled) -> None:
        self.is_set = cancelled


def _notified(
    roots: Sequence[str], cancelled: Cancelled, *, polling: bool | None
) -> Iterator[frozenset[str]]:
    from watchfiles import watch  # 0.1 s

    def is_of_interest(_change: Change, path: str) -> bool:
        return _is_of_interest(path, roots)

    for changes in watch(
        *roots,
        watch_filter=is_of_interest,
        step=50,
        stop_event=_Stop(cancelled),
        rust_timeout=_TICK_MS,
        debounce=_TICK_MS,
        yield_on_timeout=True,
        force_polling=polling,
        ignore_permission_denied=True,
    ):
        yield frozenset(_looked_at(path) for _, path in changes)


def _is_of_interest(path: str, roots: Sequence[str]) -> bool:
    """Not what is hidden below the roots; ignore files, though hidden, say what is read."""
    if os.path.basename(path) in _RULES:  # noqa: PTH119
        return True
    below = next((path[len(root) :] for root in roots if path.startswith(root)), path)
    return f"{os.sep}." not in below


def _looked_at(path: str) -> str:
    """What to look at because of a change: for an ignore file, its folder; for a name that is no
    text, which comes garbled, the folder as well."""
    folder, name = os.path.split(path)
    return folder if name in _RULES or "\ufffd" in name else path
