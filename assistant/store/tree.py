"""Messages as a tree: the branch in view, the other versions of a question, changing branch.

A question's parent is the question before it, an answer's its question; a parent's number is
always the smaller one, so that no damage can make a walk go round in circles.
"""

from __future__ import annotations

import sqlite3

from msgspec import structs

from assistant.core.errors import StoreError
from assistant.store.database import Database
from assistant.store.records import StoredMessage
from assistant.store.rows import MESSAGE_COLUMNS, message_of

_PAGE = f"""
WITH RECURSIVE branch (id, parent, depth) AS (
    SELECT id, parent, 1 FROM messages WHERE id = :last AND conversation = :conversation
    UNION ALL
    SELECT m.id, m.parent, branch.depth + 1 FROM branch
    JOIN messages AS m ON m.id = branch.parent AND m.id < branch.id WHERE branch.depth < :limit
)
SELECT branch.depth, {MESSAGE_COLUMNS} FROM branch JOIN messages AS m ON m.id = branch.id
UNION ALL
SELECT branch.depth, {MESSAGE_COLUMNS} FROM branch JOIN messages AS m
    ON m.conversation = :conversation AND m.parent = branch.id AND m.role = 'assistant'
ORDER BY 1 DESC, 2
"""  # noqa: S608 - column names of our own
_LAST = """
SELECT coalesce(
    (SELECT q.id FROM messages AS q WHERE q.id = c.tip),
    (SELECT max(q.id) FROM messages AS q WHERE q.conversation = c.id AND q.role = 'user')
) FROM conversations AS c WHERE c.id = ?
"""
"""The second, where the tip was lost with a damaged part of the file."""
_VERSIONS = """
SELECT id FROM messages WHERE conversation = ? AND parent IS ? AND role = 'user' ORDER BY id
"""
_ABOVE = """
WITH RECURSIVE branch (id, parent) AS (
    SELECT id, parent FROM messages WHERE id = ?
    UNION ALL
    SELECT m.id, m.parent FROM branch
    JOIN messages AS m ON m.id = branch.parent AND m.id < branch.id
)
SELECT 1 FROM branch WHERE id = ?
"""
_NEWEST_BELOW = """
WITH RECURSIVE below (id) AS (
    SELECT ?1
    UNION
    SELECT m.id FROM below JOIN messages AS m
        ON m.conversation = ?2 AND m.parent = below.id AND m.role = 'user'
)
SELECT max(id) FROM below
"""


def page(
    database: Database, conversation: int, limit: int, before: int | None
) -> list[StoredMessage]:
    """The last `limit` questions of the branch in view (above the question `before`), each
    followed by its answers, oldest first."""
    if before is None:
        rows = database.read(_LAST, (conversation,))
    else:
        rows = database.read("SELECT parent FROM messages WHERE id = ?", (before,))
    last = rows[0][0] if rows else None
    if last is None:
        return []
    values = {"last": last, "conversation": conversation, "limit": limit}
    found = [message_of(row[1:]) for row in database.read(_PAGE, values)]
    return [_with_versions(database, message) for message in found]


def _with_versions(database: Database, message: StoredMessage) -> StoredMessage:
    if message.role == "assistant":
        return message
    versions = database.read(_VERSIONS, (message.conversation, message.parent))
    return structs.replace(message, versions=tuple(number for (number,) in versions))


def place_of_new(sql: sqlite3.Connection, conversation: int, instead_of: int | None) -> int | None:
    """The parent of a new question: the last one in view, or that of the one it replaces.

    Raises:
        StoreError: the replaced one doesn't exist.
    """
    if instead_of is None:
        row = sql.execute(_LAST, (conversation,)).fetchone()
    else:
        row = sql.execute(
            "SELECT parent FROM messages WHERE id = ? AND conversation = ? AND role = 'user'",
            (instead_of, conversation),
        ).fetchone()
        if row is None:
            raise _missing()
    return row[0] if row else None


def question_to_answer(sql: sqlite3.Connection, conversation: int, question: int | None) -> int:
    """The question named, else the last one in view.

    Raises:
        StoreError: there is none.
    """
    row = sql.execute(_LAST, (conversation,)).fetchone()
    last = row[0] if row else None
    if question is None and last is not None:
        return int(last)
    row = sql.execute(
        "SELECT id FROM messages WHERE id = ? AND conversation = ? AND role = 'user'",
        (question, conversation),
    ).fetchone()
    if row is None:
        raise _missing()
    return int(row[0])


def bring_into_view(sql: sqlite3.Connection, message: int) -> int:
    """Make a branch that has this message the one in view: the one that is, if it has it, else
    the newest. The message's question.

    Raises:
        StoreError: it doesn't exist.
    """
    row = sql.execute(
        "SELECT conversation, CASE role WHEN 'assistant' THEN parent ELSE id END"
        " FROM messages WHERE id = ?",
        (message,),
    ).fetchone()
    if row is None or row[1] is None:
        raise _missing()
    conversation, question = row
    last = sql.execute(_LAST, (conversation,)).fetchone()
    if last is None or not sql.execute(_ABOVE, (last[0], question)).fetchone():
        newest = sql.execute(_NEWEST_BELOW, (question, conversation)).fetchone()
        sql.execute("UPDATE conversations SET tip = ? WHERE id = ?", (newest[0], conversation))
    return int(question)


def _missing() -> StoreError:
    return StoreError("This message doesn't exist any more.", "Open the conversation again.")
