"""The files of a collection: what each was when it was read, and how that went."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.contents import ContentTable, NewChunk
from index.database import transaction
from index.files import FileState, Known, Stamp


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file's line in the receipt."""

    path: str
    stamp: Stamp
    state: FileState
    reason: str
    chunks: int
    pending: int
    """Chunks without a vector of the embedder asked about."""


class FileTable:
    """Files and roots over one connection; every writing method is one transaction."""

    def __init__(self, connection: sqlite3.Connection, contents: ContentTable) -> None:
        self._connection = connection
        self._contents = contents

    def known(self) -> dict[str, Known]:
        """Every file by path."""
        rows = self._connection.execute("SELECT path,id,size,mtime_ns,sha256,state FROM files")
        return {
            os.fsdecode(path): Known(id, Stamp(size, mtime), digest, state)
            for path, id, size, mtime, digest, state in rows  # noqa: A001
        }

    def add_roots(self, paths: Iterable[Path]) -> None:
        """Remember what was asked to be indexed."""
        with transaction(self._connection):
            self._connection.executemany(
                "INSERT OR IGNORE INTO roots VALUES (?)", [(os.fsencode(p),) for p in paths]
            )

    def roots(self) -> tuple[str, ...]:
        """Paths added and not removed since, sorted."""
        rows = self._connection.execute("SELECT path FROM roots ORDER BY path")
        return tuple(os.fsdecode(path) for (path,) in rows)

    def forget_roots(self, paths: Iterable[str]) -> None:
        """Forget that these were asked to be indexed."""
        with transaction(self._connection):
            self._connection.executemany(
                "DELETE FROM roots WHERE path = ?", [(os.fsencode(p),) for p in paths]
            )

    def mark_waiting(self, files: Iterable[tuple[str, Stamp]]) -> None:
        """Note new files before they are read: what a kill interrupts is taken up again."""
        with transaction(self._connection):
            self._connection.executemany(
                "INSERT INTO files (path, size, mtime_ns, state) VALUES (?, ?, ?, 'waiting') "
                "ON CONFLICT (path) DO NOTHING",
                [(os.fsencode(path), s.size, s.mtime_ns) for path, s in files],
            )

    def touch(self, path: str, stamp: Stamp) -> None:
        """The file's time changed but not its bytes."""
        self._connection.execute(
            "UPDATE files SET size = ?, mtime_ns = ? WHERE path = ?",
            (stamp.size, stamp.mtime_ns, os.fsencode(path)),
        )

    def store_file(
        self, path: str, stamp: Stamp, sha256: bytes | None, chunks: Sequence[NewChunk]
    ) -> None:
        """Replace a file's chunks, all or nothing; it can be found by its words at once."""
        with transaction(self._connection):
            file = self._upsert(path, stamp, sha256, "indexed", "")
            self._contents.replace_chunks(file, chunks)

    def store_failure(self, path: str, stamp: Stamp, sha256: bytes | None, reason: str) -> None:
        """Note why a file can't be read; what was known of it before is dropped."""
        with transaction(self._connection):
            file = self._upsert(path, stamp, sha256, "failed", reason)
            self._contents.replace_chunks(file, ())

    def remove_files(self, paths: Sequence[str]) -> int:
        """Remove files and everything only they held; the number that was known."""
        removed = 0
        with transaction(self._connection):
            for path in paths:
                row = self._connection.execute(
                    "SELECT id FROM files WHERE path = ?", (os.fsencode(path),)
                ).fetchone()
                if row is None:
                    continue
                self._contents.replace_chunks(row[0], ())
                self._connection.execute("DELETE FROM files WHERE id = ?", row)
                removed += 1
        return removed

    def count_indexed(self) -> int:
        """Files that can be searched."""
        (count,) = self._connection.execute(
            "SELECT count(*) FROM files WHERE state = 'indexed'"
        ).fetchone()
        return int(count)

    def receipt(self, embedder: str) -> list[FileRecord]:
        """Every file, by path."""
        rows = self._connection.execute(
            "SELECT f.path, f.size, f.mtime_ns, f.state, f.reason, count(c.id), "
            "  count(c.id) - count(v.id) "
            "FROM files f LEFT JOIN chunks c ON c.file = f.id "
            "LEFT JOIN vectors v ON v.content = c.content AND v.embedder = "
            "  (SELECT id FROM embedders WHERE name = ?) "
            "GROUP BY f.id ORDER BY f.path",
            (embedder,),
        )
        return [
            FileRecord(os.fsdecode(path), Stamp(size, mtime), state, reason, chunks, pending)
            for path, size, mtime, state, reason, chunks, pending in rows
        ]

    def _upsert(
        self, path: str, stamp: Stamp, sha256: bytes | None, state: str, reason: str
    ) -> int:
        (file,) = self._connection.execute(
            "INSERT INTO files (path, size, mtime_ns, sha256, state, reason) "
            "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (path) DO UPDATE SET size = excluded.size, "
            "mtime_ns = excluded.mtime_ns, sha256 = excluded.sha256, state = excluded.state, "
            "reason = excluded.reason RETURNING id",
            (os.fsencode(path), stamp.size, stamp.mtime_ns, sha256, state, reason),
        ).fetchone()
        return int(file)
