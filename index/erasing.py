"""Makes sure that no byte of what was removed stays on the disk.

SQLite overwrites what is deleted (`secure_delete`), with three gaps: the word index keeps the
terms of deleted texts until its segments are merged, a page may keep an old copy of a row that
moved to another page, and the log keeps pages as they were. Merging, `VACUUM` and emptying the
log close them, at the cost of writing the whole database anew: some 30 seconds a gigabyte.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable

from assistant.core.errors import StoreError

READERS_SECONDS = 20.0
"""How long readers of an older state are waited for; a question takes some 10 ms."""
_SMALL = 5_000
"""Contents up to which erasing costs less than a second."""
_SHARE = 50
"""One in so many contents must have been removed for erasing to be worth its cost."""
_RETRY_SECONDS = 0.1


def note_removed(connection: sqlite3.Connection, count: int) -> None:
    """Keep in mind, with the removal itself, that something was removed."""
    if count:
        connection.execute(
            "INSERT INTO meta VALUES ('unerased', ?) "
            "ON CONFLICT (name) DO UPDATE SET value = value + excluded.value",
            (count,),
        )


def is_due(removed: int, contents: int) -> bool:
    """Whether so much was removed that erasing is worth its cost without being asked for."""
    return removed > 0 and (contents <= _SMALL or removed * _SHARE >= contents)


def erase(
    connection: sqlite3.Connection,
    patience: float,
    tell: Callable[[str], None],
) -> None:
    """Write the database anew without a trace of what was removed.

    Safe to kill; the next call takes it up.

    Args:
        patience: seconds to wait for others who still read the state before.
        tell: hears what is being done.

    Raises:
        StoreError: somebody went on reading, so what they read is still in the log; or the disk
            is full.
    """
    try:
        tell("Overwriting words")
        connection.execute("INSERT INTO words (words) VALUES ('optimize')")
        tell("Overwriting texts")
        connection.execute("VACUUM")
        tell("Emptying the log")
        _empty_log(connection, patience)
    except sqlite3.Error as error:
        raise StoreError(
            "What was removed can't be found any more, but its bytes could not all be "
            f"overwritten: {error}.",
            "Make as much space on the disk as the index takes, then run “assistant index "
            "forget” once more.",
        ) from error
    connection.execute("UPDATE meta SET value = 0 WHERE name = 'unerased'")


def _empty_log(connection: sqlite3.Connection, patience: float) -> None:
    deadline = time.monotonic() + patience
    while True:
        busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if not busy:
            return
        if time.monotonic() >= deadline:
            raise StoreError(
                "What was removed can't be found any more, but another program that is reading "
                "the index keeps its bytes from being overwritten.",
                "Close the other program, then run “assistant index forget” once more.",
            )
        time.sleep(_RETRY_SECONDS)
