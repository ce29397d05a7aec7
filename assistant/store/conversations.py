"""Conversations kept in SQLite: messages saved as they happen, in a tree, and drafts."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.core.events import Event
from assistant.core.messages import Attachment, Message
from assistant.store import tree
from assistant.store.encoding import decode_attachments, encode, storable
from assistant.store.records import AnswerState, Draft, StoredMessage
from assistant.store.rows import index_message, insert_message, set_title
from assistant.store.settle import stop_answer
from assistant.store.shelf import Shelf, missing
from assistant.store.titles import title_of

PAGE = 25
"""Questions, with their answers, read at a time."""


class ConversationStore(Shelf):
    """The conversations in one SQLite file.

    Methods take a few milliseconds and may be called from any thread; several processes may
    use the same file. Every method raises `StoreError` when the file can't be used.

    Args:
        path: the database, created if missing.
        clock: seconds since the epoch.
        in_memory: work on a copy of what can be read of the file, which is gone when the
            program ends; for when nothing can be written.
    """

    def __init__(
        self, path: Path, clock: Callable[[], float] = time.time, *, in_memory: bool = False
    ) -> None:
        self._running: set[int] = set()
        super().__init__(path, clock, in_memory=in_memory)

    def close(self) -> None:
        """Close the file; answers this store began and did not finish become "stopped", what it
        deleted is erased."""
        try:
            if self._running:
                with self._database.writing() as sql:
                    for answer in self._running:
                        stop_answer(sql, answer)
        finally:
            self._running.clear()
            super().close()

    def messages(
        self, conversation: int, limit: int = PAGE, before: int | None = None
    ) -> list[StoredMessage]:
        """The last `limit` questions of the branch in view (of those above the question
        `before`), each followed by its answers, oldest first."""
        return tree.page(self._database, conversation, limit, before)

    def show_branch(self, message: int) -> int:
        """Bring the branch of a message into view, if it is not: of a question with several
        versions, this is how one of them is chosen. The number of the message's question.

        Raises:
            StoreError: there is no such message.
        """
        with self._database.writing() as sql:
            return tree.bring_into_view(sql, message)

    def add_user(self, conversation: int, message: Message, instead_of: int | None = None) -> int:
        """Save a person's message at the end of the branch in view, or as another version of
        an earlier one: what followed that stays, out of view. The first message names a
        conversation that has no title.

        Raises:
            StoreError: there is no such conversation or earlier message.
        """
        with self._database.writing() as sql:
            title = self._touch(sql, conversation)
            parent = tree.place_of_new(sql, conversation, instead_of)
            now = self._clock()
            new = insert_message(sql, conversation, message, parent, "complete", None, now)
            sql.execute("UPDATE conversations SET tip = ? WHERE id = ?", (new, conversation))
            index_message(sql, new, message.text)
            if not title:
                set_title(sql, conversation, title_of(message))
        return new

    def begin_answer(self, conversation: int, question: int | None = None) -> int:
        """A new, empty answer with the state "running" to a question, or to the last one.

        Raises:
            StoreError: there is no such conversation or question.
        """
        empty = Message("assistant", "")
        with self._database.writing() as sql:
            self._touch(sql, conversation)
            parent = tree.question_to_answer(sql, conversation, question)
            now = self._clock()
            new = insert_message(sql, conversation, empty, parent, "running", self._me, now)
        self._running.add(new)
        return new

    def save_partial(self, answer: int, text: str) -> None:
        """Keep what there is of an answer, in case the program ends before it is finished."""
        with self._database.writing() as sql:
            sql.execute(
                "UPDATE messages SET text = ? WHERE id = ? AND state = 'running'",
                (storable(text), answer),
            )

    def finish_answer(
        self, answer: int, text: str, state: AnswerState, events: Sequence[Event]
    ) -> None:
        """Save an answer whole; nothing happens if its conversation was erased meanwhile.

        Events that only repeat the text (`TextDelta`) or show work under way (`Progress`)
        are best left out of `events`.
        """
        with self._database.writing() as sql:
            saved = sql.execute(
                "UPDATE messages SET text = ?, state = ?, events = ?, owner = NULL WHERE id = ?"
                " RETURNING conversation",
                (storable(text), state, encode(events), answer),
            ).fetchone()
            if saved:
                index_message(sql, answer, text)
                self._touch(sql, saved[0])
        self._running.discard(answer)

    def save_draft(
        self, conversation: int | None, text: str, attachments: Sequence[Attachment] = ()
    ) -> None:
        """Keep what is written and not sent; None is the conversation not yet begun. An empty
        one is forgotten."""
        key = conversation or 0
        with self._database.writing() as sql:
            if text or attachments:
                sql.execute(
                    "INSERT OR REPLACE INTO drafts VALUES (?, ?, ?)",
                    (key, storable(text), encode(attachments)),
                )
            else:
                sql.execute("DELETE FROM drafts WHERE conversation = ?", (key,))

    def draft(self, conversation: int | None) -> Draft:
        """What was kept by `save_draft`; empty where nothing was."""
        query = "SELECT text, attachments FROM drafts WHERE conversation = ?"
        for text, attachments in self._database.read(query, (conversation or 0,)):
            return Draft(str(text), decode_attachments(attachments))
        return Draft()

    def _touch(self, sql: sqlite3.Connection, conversation: int) -> str:
        """Move a conversation to the top of the list; its title."""
        row = sql.execute(
            "UPDATE conversations SET updated = ? WHERE id = ? RETURNING title",
            (self._clock(), conversation),
        ).fetchone()
        if row is None:
            raise missing()
        return str(row[0])
