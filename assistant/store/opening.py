"""Opening the conversations so that the chat can begin, whatever state their file is in."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from assistant.store.conversations import ConversationStore
from assistant.store.database import move_aside
from assistant.store.failures import DamagedStoreError, UnwritableStoreError, explained


def open_conversations(
    path: Path, clock: Callable[[], float] = time.time
) -> tuple[ConversationStore, str]:
    """The store, and what the person should know of it, else "".

    A damaged file is kept under another name, and what can be read of it is carried over. Where
    nothing can be written, a copy in memory takes the file's place.

    Raises:
        StoreError: a newer version of the program wrote the file.
    """
    try:
        return ConversationStore(path, clock), ""
    except UnwritableStoreError as error:
        return _without_file(path, clock, error)
    except DamagedStoreError:
        try:
            return _mended(path, clock)
        except UnwritableStoreError as error:
            return _without_file(path, clock, error)


def _mended(path: Path, clock: Callable[[], float]) -> tuple[ConversationStore, str]:
    from assistant.store.salvage import salvage  # hardly ever needed

    with explained(path):
        fresh, saved = salvage(path)
        kept = move_aside(path)
        fresh.replace(path)
    told = (
        f"{saved.conversations} of them, with {saved.messages} messages, could be read and are "
        "here."
        if saved.conversations
        else "None of them could be read."
    )
    notice = f"The conversations were damaged. {told} The old file is kept: {kept}"
    return ConversationStore(path, clock), notice


def _without_file(
    path: Path, clock: Callable[[], float], error: UnwritableStoreError
) -> tuple[ConversationStore, str]:
    notice = f"{error.message} What you write now is lost when you leave. {error.hint}"
    return ConversationStore(path, clock, in_memory=True), notice
