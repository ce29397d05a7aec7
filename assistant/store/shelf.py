"""Conversations as wholes: listed, named, put away, deleted, restored, searched, moved."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.core.errors import StoreError
from assistant.core.text import one_line
from assistant.store.database import Database
from assistant.store.encoding import storable
from assistant.store.owner import this_process
from assistant.store.records import Conversation, Hit
from assistant.store.rows import CONVERSATION, conversation_of, set_title
from assistant.store.search import find
from assistant.store.settle import erase, erase_deleted, remake_outdated_index, stop_abandoned

if TYPE_CHECKING:  # not before something is exported or imported
    from assistant.store.portable import PortableConversation
    from assistant.store.transfer import Imported

TITLE_LIMIT = 200


class Shelf:
    """The part of `ConversationStore` that knows nothing of messages; see there."""

    def __init__(
        self, path: Path, clock: Callable[[], float] = time.time, *, in_memory: bool = False
    ) -> None:
        self._clock = clock
        self._deleted: set[int] = set()
        self._database = Database(path, in_memory=in_memory)
        try:
            remake_outdated_index(self._database)
            stop_abandoned(self._database)
            erase_deleted(self._database)
            self.recent(1)
        except StoreError:
            self._database.close()
            raise

    def close(self) -> None:
        """Close the file; what this store deleted is erased."""
        try:
            erase(self._database, tuple(self._deleted))
        finally:
            self._deleted.clear()
            self._database.close()

    def changed_elsewhere(self) -> bool:
        """Whether another process wrote conversations since this was last asked."""
        return self._database.changed_elsewhere()

    def create(self, title: str = "", collection: str | None = None) -> Conversation:
        """A new, empty conversation, asked about a collection of documents (None: the default
        one)."""
        now = self._clock()
        name = one_line(title, TITLE_LIMIT)
        with self._database.writing() as sql:
            row = sql.execute(
                "INSERT INTO conversations (title, created, updated, uid, collection)"
                " VALUES ('', ?, ?, lower(hex(randomblob(16))), ?)",
                (now, now, _named(collection)),
            )
            new = int(row.lastrowid or 0)
            set_title(sql, new, name)
        return Conversation(new, name, now, now, pinned=False, collection=_named(collection))

    def get(self, conversation: int) -> Conversation:
        """
        Raises:
            StoreError: there is no such conversation.
        """
        query = f"{CONVERSATION} WHERE id = ? AND deleted_by IS NULL"
        for row in self._database.read(query, (conversation,)):
            return conversation_of(row)
        raise missing()

    def recent(self, limit: int, offset: int = 0, *, archived: bool = False) -> list[Conversation]:
        """Conversations, the pinned first, then by the time of their last message."""
        rows = self._database.read(
            f"{CONVERSATION} WHERE deleted_by IS NULL AND archived = ?"
            " ORDER BY pinned DESC, updated DESC, id DESC LIMIT ? OFFSET ?",
            (int(archived), limit, offset),
        )
        return [conversation_of(row) for row in rows]

    def count(self, *, archived: bool = False) -> int:
        """How many conversations there are."""
        rows = self._database.read(
            "SELECT count(*) FROM conversations WHERE deleted_by IS NULL AND archived = ?",
            (int(archived),),
        )
        return int(rows[0][0])

    def rename(self, conversation: int, title: str) -> None:
        """Give a conversation a title; a blank one leaves it as it is."""
        if name := one_line(title, TITLE_LIMIT):
            with self._database.writing() as sql:
                set_title(sql, conversation, name)

    def set_pinned(self, conversation: int, pinned: bool) -> None:
        """Keep a conversation at the top of the list, or no longer."""
        with self._database.writing() as sql:
            sql.execute(
                "UPDATE conversations SET pinned = ? WHERE id = ?", (int(pinned), conversation)
            )

    def set_collection(self, conversation: int, collection: str | None) -> None:
        """Ask a conversation about another collection of documents; None is the default one."""
        with self._database.writing() as sql:
            sql.execute(
                "UPDATE conversations SET collection = ? WHERE id = ?",
                (_named(collection), conversation),
            )

    def set_archived(self, conversation: int, archived: bool) -> None:
        """Take a conversation out of the list, or put it back; the search finds it all the
        same."""
        with self._database.writing() as sql:
            sql.execute(
                "UPDATE conversations SET archived = ? WHERE id = ?", (int(archived), conversation)
            )

    def delete(self, conversation: int) -> None:
        """Take a conversation out of sight; it is erased when this store is closed, or once this
        process has ended."""
        self._deleted.add(conversation)
        with self._database.writing() as sql:
            sql.execute(
                "UPDATE conversations SET deleted_by = ? WHERE id = ?", (self._me, conversation)
            )

    def restore(self, conversation: int) -> None:
        """Undo `delete`.

        Raises:
            StoreError: it has been erased meanwhile.
        """
        self._deleted.discard(conversation)
        with self._database.writing() as sql:
            sql.execute("UPDATE conversations SET deleted_by = NULL WHERE id = ?", (conversation,))
        self.get(conversation)

    def search(self, query: str, limit: int = 50) -> list[Hit]:
        """Conversations whose title has every word of the query, then messages that do, the
        newest first and at most three a conversation; the last word may be a beginning."""
        return find(self._database, query, limit)

    def take_out(self, conversation: int) -> PortableConversation:
        """A conversation with all its branches, to be written elsewhere.

        Raises:
            StoreError: there is no such conversation.
        """
        from assistant.store.snapshot import snapshot
        from assistant.store.taking_out import take_out

        with snapshot(self._database) as now:
            if (found := take_out(now, conversation)) is None:
                raise missing()
            return found

    def take_out_all(self) -> Iterator[PortableConversation]:
        """Every conversation as it is when the first is taken, archived ones included, oldest
        first."""
        from assistant.store.snapshot import snapshot
        from assistant.store.taking_out import take_out

        with snapshot(self._database) as now:
            listed = now.read("SELECT id FROM conversations WHERE deleted_by IS NULL ORDER BY id")
            for (number,) in listed:
                if found := take_out(now, number):
                    yield found

    def put_in(self, content: bytes) -> Imported:
        """Add the conversations of an exported file; see `transfer.put_in`."""
        from assistant.store.transfer import put_in

        return put_in(self._database, content)

    @cached_property
    def _me(self) -> str:
        return this_process()


def _named(collection: str | None) -> str | None:
    return storable(one_line(collection or "", TITLE_LIMIT)) or None


def missing() -> StoreError:
    """The error for a conversation that isn't there."""
    return StoreError("This conversation doesn't exist any more.", "Choose another one.")
