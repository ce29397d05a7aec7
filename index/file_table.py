"""The files of a collection: what each was when it was read, and how that went."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.contents import ContentTable, NewChunk
from index.database import transaction
from index.erasing import note_removed
from index.files import FileState, Known, Stamp
from index.picture_table import drop_picture


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file's line in the receipt."""

    path: str
    stamp: Stamp
    state: FileState
    reason: str
    """The fact, and in a second line what to do about it."""
    chunks: int
    pending: int
    """Chunks without a vector of the embedder asked about."""


@dataclass(frozen=True, slots=True)
class FileCounts:
    """Files by state."""

    indexed: int = 0
    waiting: int = 0
    failed: int = 0


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
        files = list(files)
        if not files:
            return
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
    ) -> int:
        """Replace a file's chunks, all or nothing; it can be found by its words at once.
        Returns the file's id."""
        with transaction(self._connection):
            file = self._upsert(path, stamp, sha256, "indexed", "")
            drop_picture(self._connection, file)
            self._contents.replace_chunks(file, chunks)
        return file

    def is_held(self, file: int, sha256: bytes) -> bool:
        """Whether the file of that id still has these bytes' chunks."""
        row = self._connection.execute(
            "SELECT 1 FROM files WHERE id = ? AND sha256 = ? AND state = 'indexed'", (file, sha256)
        ).fetchone()
        return row is not None

    def store_copy(self, path: str, stamp: Stamp, sha256: bytes | None, twin: int) -> None:
        """Give a file the chunks of another one with the same bytes and the same reader."""
        with transaction(self._connection):
            file = self._upsert(path, stamp, sha256, "indexed", "")
            drop_picture(self._connection, file)
            self._contents.copy_chunks(twin, file)

    def store_failure(self, path: str, stamp: Stamp, sha256: bytes | None, reason: str) -> None:
        """Note why a file can't be read; what was known of it before is dropped."""
        with transaction(self._connection):
            file = self._upsert(path, stamp, sha256, "failed", reason)
            drop_picture(self._connection, file)
            self._contents.replace_chunks(file, ())

    def remove_files(self, paths: Sequence[str]) -> int:
        """Remove files, and every text that no file holds any more; the number of files that
        were known."""
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
            note_removed(self._connection, removed)
            self._contents.drop_loose()
        return removed

    def counts(self) -> FileCounts:
        """How many files are in each state."""
        rows = self._connection.execute("SELECT state, count(*) FROM files GROUP BY state")
        return FileCounts(**dict(rows))

    def count_indexed(self) -> int:
        """Files that can be searched."""
        return self.counts().indexed

    def receipt(self, embedder: str) -> list[FileRecord]:
        """Every file, by path; 0.2 s for 10,000 files of a million chunks."""
        chunks = dict(self._connection.execute("SELECT file, count(*) FROM chunks GROUP BY file"))
        pending = self._pending(embedder)
        rows = self._connection.execute(
            "SELECT id, path, size, mtime_ns, state, reason FROM files ORDER BY path"
        )
        return [
            FileRecord(
                os.fsdecode(path),
                Stamp(size, mtime),
                state,
                reason,
                chunks.get(file, 0),
                pending.get(file, 0),
            )
            for file, path, size, mtime, state, reason in rows
        ]

    def _pending(self, embedder: str) -> dict[int, int]:
        """Chunks without a vector, by file; looks only where some are known to be missing."""
        (missing,) = self._connection.execute(
            "SELECT (SELECT value FROM meta WHERE name = 'contents') - "
            "coalesce((SELECT vectors FROM embedders WHERE name = ?), 0)",
            (embedder,),
        ).fetchone()
        if not missing:
            return {}
        return dict(
            self._connection.execute(
                "SELECT file, count(*) FROM chunks WHERE content NOT IN (SELECT content FROM "
                "vectors WHERE embedder = (SELECT id FROM embedders WHERE name = ?)) GROUP BY file",
                (embedder,),
            )
        )

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
