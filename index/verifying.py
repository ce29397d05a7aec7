"""Checks a collection's parts against one another: texts, words, vectors, figures."""

from __future__ import annotations

import json
import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assistant.core.events import Event, Notice, Progress
from assistant.core.skills import Cancelled
from assistant.core.text import one_line
from assistant.language.terms import terms
from index.catalogue import Session
from index.collection import Collection
from index.contents import content_hash
from index.picture_table import is_unit
from index.schema import is_as_made
from index.vector_checks import check_vector_file, check_vectors

_SHOWN = 5
"""Files named in one problem, and lines of SQLite's own findings."""
_LONGEST_TERM = 32_768
"""Bytes after which FTS5 cuts a term (FTS5_MAX_TOKEN_SIZE)."""


@dataclass(frozen=True, slots=True)
class Remedies:
    """What to do, as commands for the collection at hand."""

    collection: str

    @property
    def rebuild(self) -> str:
        return f'Run: assistant index rebuild -c "{self.collection}"'

    @property
    def embed(self) -> str:
        return f'Run: assistant index rebuild --embed -c "{self.collection}"'

    @property
    def again(self) -> str:
        return "Forget these files and add them again; the files themselves are not touched."

    @property
    def anew(self) -> str:
        return "Delete the collection's folder and add the documents again; they are not touched."


Check = Callable[[sqlite3.Connection, Remedies, Cancelled], Iterator[Notice]]


def verify(collection: Collection, session: Session, cancelled: Cancelled) -> Iterator[Event]:
    """A `Notice` for each thing that is wrong, with what to do; `Progress` in checks.

    Costs some 0.2 ms a chunk, most of it for the words.
    """
    remedies = Remedies(collection.folder.name)
    checks: list[Check] = [_structure, _files, _texts, _figures, _words, check_vectors]
    for done, check in enumerate(checks):
        yield Progress("Checking", done, len(checks) + 1, "checks")
        found = list(check(session.connection, remedies, cancelled))
        yield from found
        if cancelled() or (found and check is _structure):
            return  # what stands on a broken structure tells nothing
    yield Progress("Checking", len(checks), len(checks) + 1, "checks")
    yield from check_vector_file(collection, session, remedies)
    yield Progress("Checking", len(checks) + 1, len(checks) + 1, "checks")


def _structure(
    connection: sqlite3.Connection, remedies: Remedies, _cancelled: Cancelled
) -> Iterator[Notice]:
    if not is_as_made(connection):
        yield Notice("The database's tables are not as the assistant makes them.", remedies.anew)
        return
    try:
        lines = [str(row[0]) for row in connection.execute(f"PRAGMA integrity_check({_SHOWN})")]
    except sqlite3.DatabaseError as error:  # so damaged that it can't even be checked
        lines = [str(error)]
    if lines != ["ok"]:
        yield Notice(f"The database is damaged: {one_line('; '.join(lines))}.", remedies.anew)


def _files(
    connection: sqlite3.Connection, remedies: Remedies, _cancelled: Cancelled
) -> Iterator[Notice]:
    broken = {row[0] for row in connection.execute("PRAGMA foreign_key_check")}
    if broken:
        yield Notice(f"Rows point to nothing ({', '.join(sorted(broken))}).", remedies.anew)
    failed = _paths(
        connection,
        "SELECT path FROM files WHERE state != 'indexed' "
        "AND EXISTS (SELECT 1 FROM chunks WHERE file = files.id)",
    )
    if failed:
        yield Notice(f"Files that were not read hold text: {failed}.", remedies.again)
    yield from _pictures(connection, remedies)


def _pictures(connection: sqlite3.Connection, remedies: Remedies) -> Iterator[Notice]:
    unread = _paths(
        connection,
        "SELECT path FROM files JOIN pictures ON file = files.id WHERE state != 'indexed'",
    )
    if unread:
        yield Notice(f"Files that were not read are known as pictures: {unread}.", remedies.again)
    wrong = [
        file
        for file, vector in connection.execute("SELECT file, vector FROM picture_vectors")
        if not is_unit(vector)
    ]
    if wrong:
        paths = _paths(
            connection,
            "SELECT path FROM files WHERE id IN (SELECT value FROM json_each(?))",
            json.dumps(wrong),
        )
        yield Notice(f"{len(wrong):,} vectors of pictures are damaged: {paths}.", remedies.again)


def _texts(
    connection: sqlite3.Connection, remedies: Remedies, cancelled: Cancelled
) -> Iterator[Notice]:
    wrong: list[int] = []
    rows = connection.execute("SELECT id, hash, heading, text FROM contents")
    for content, digest, heading, text in rows:
        if content_hash(heading, text) != digest:
            wrong.append(content)
        if cancelled():
            return
    if wrong:
        paths = _paths(
            connection,
            "SELECT DISTINCT path FROM files JOIN chunks ON file = files.id "
            "WHERE content IN (SELECT value FROM json_each(?))",
            json.dumps(wrong),
        )
        yield Notice(f"{len(wrong):,} texts are not what was read, of: {paths}.", remedies.again)
    yield from _chunks(connection, remedies)


def _chunks(connection: sqlite3.Connection, remedies: Remedies) -> Iterator[Notice]:
    shifted = _paths(
        connection,
        "SELECT DISTINCT path FROM files JOIN chunks c ON c.file = files.id "
        'JOIN contents t ON t.id = c.content WHERE c."end" - c.start != length(t.text)',
    )
    if shifted:
        yield Notice(f"Chunks are not as long as their texts, in: {shifted}.", remedies.again)
    (left,) = connection.execute(
        "SELECT count(*) FROM contents WHERE NOT EXISTS "
        "(SELECT 1 FROM chunks WHERE content = contents.id)"
    ).fetchone()
    if left:
        yield Notice(f"{left:,} texts belong to no file.", remedies.rebuild)


def _figures(
    connection: sqlite3.Connection, remedies: Remedies, _cancelled: Cancelled
) -> Iterator[Notice]:
    for name in ("contents", "chunks"):
        kept, counted = connection.execute(
            f"SELECT (SELECT value FROM meta WHERE name = ?), (SELECT count(*) FROM {name})",  # noqa: S608
            (name,),
        ).fetchone()
        if kept != counted:
            yield Notice(f"{kept:,} {name} are kept in mind, {counted:,} there.", remedies.rebuild)
    rows = connection.execute(
        "SELECT name, vectors, (SELECT count(*) FROM vectors WHERE embedder = e.id) "
        "FROM embedders e"
    )
    for name, kept, counted in rows:
        if kept != counted:
            yield Notice(
                f"{kept:,} vectors of {one_line(name, 80)} are kept in mind, {counted:,} there.",
                remedies.rebuild,
            )


def _words(
    connection: sqlite3.Connection, remedies: Remedies, cancelled: Cancelled
) -> Iterator[Notice]:
    """Compares how often each term occurs, and how many terms each text has."""
    files: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    sizes = dict(connection.execute("SELECT id, sz FROM words_docsize"))
    wrong = 0
    for content, heading, text in connection.execute("SELECT id, heading, text FROM contents"):
        found = terms(f"{heading}\n{text}")
        wrong += _first_varint(sizes.pop(content, b"")) != len(found)
        counts.update(found)
        files.update(set(found))
        if cancelled():
            return
    wrong += len(sizes)
    expected = {_cut(term): (files[term], counts[term]) for term in counts}
    connection.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab(main, words, row)"
    )
    for term, in_files, count in connection.execute("SELECT term, doc, cnt FROM vocabulary"):
        wrong += expected.pop(term, (0, 0)) != (in_files, count)
    if wrong or expected:
        yield Notice(
            f"The word index differs from the texts in {wrong + len(expected):,} places.",
            remedies.rebuild,
        )


def _cut(term: str) -> str:
    return term.encode()[:_LONGEST_TERM].decode("utf-8", "ignore")


def _first_varint(blob: bytes) -> int:
    """SQLite's number of variable length: seven bits a byte, the highest first; -1 for none."""
    number = 0
    for byte in blob:
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            return number
    return -1


def _paths(connection: sqlite3.Connection, statement: str, *values: str) -> str:
    """The first few paths a statement gives, "" for none."""
    rows = connection.execute(statement, values).fetchmany(_SHOWN + 1)
    names = [one_line(os.fsdecode(path)) for (path,) in rows]
    return ", ".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")
