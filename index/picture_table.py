"""The pictures of a collection as SQLite keeps them: what is known of each, and its vector."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.database import transaction
from index.erasing import note_removed

if TYPE_CHECKING:
    from assistant.core.protocols import Vectors

STORED = "float16"
"""Halves the table; scores move by less than 0.001."""
BYTES = 2
"""Of a number so stored."""
_UNIT = 0.01


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """What was seen of a picture when it was looked at."""

    taken: str
    """Local time of the camera as `2023-01-31T12:00:00`, "" where it left none."""
    latitude: float | None
    longitude: float | None
    camera: str
    width: int
    height: int
    fingerprint: int
    """As `index.fingerprints` makes it, in the range of a signed number of 64 bits."""


@dataclass(frozen=True, slots=True)
class PictureRow:
    """A picture and its file; `vector` is float16 bytes, empty without one of the encoder."""

    path: str
    sha256: bytes | None
    size: int
    mtime_ns: int
    taken: str
    fingerprint: int
    vector: bytes


class PictureTable:
    """Pictures over one connection; writing methods are one transaction each."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def count(self) -> int:
        """Pictures that were looked at."""
        (count,) = self._connection.execute("SELECT count(*) FROM pictures").fetchone()
        return int(count)

    def pending(self, encoder: str, endings: tuple[str, ...]) -> list[tuple[int, str]]:
        """Id and path of indexed files with one of these endings that were not looked at yet,
        or not by this encoder ("": whichever it was)."""
        rows = self._connection.execute(
            "SELECT f.id, f.path FROM files f LEFT JOIN pictures p ON p.file = f.id "
            "LEFT JOIN picture_vectors v ON v.file = f.id AND v.encoder = ? "
            "WHERE f.state = 'indexed' AND (p.file IS NULL OR (? != '' AND v.file IS NULL))",
            (encoder, encoder),
        )
        found = ((file, os.fsdecode(path)) for file, path in rows)
        return [(file, path) for file, path in found if path.lower().endswith(endings)]

    def copy_from_twin(self, file: int, encoder: str) -> bool:
        """Give a file what is known of another one with the same bytes, if there is one."""
        row = self._connection.execute(
            "SELECT o.id FROM files f JOIN files o ON o.sha256 = f.sha256 AND o.id != f.id "
            "JOIN pictures p ON p.file = o.id LEFT JOIN picture_vectors v ON v.file = o.id "
            "WHERE f.id = ? AND (? = '' OR v.encoder = ?) LIMIT 1",
            (file, encoder, encoder),
        ).fetchone()
        if row is None:
            return False
        with transaction(self._connection):
            drop_picture(self._connection, file)
            for statement in (
                "INSERT INTO pictures SELECT ?, taken, latitude, longitude, camera, width, "
                "height, fingerprint FROM pictures WHERE file = ?",
                "INSERT INTO picture_vectors SELECT ?, encoder, vector FROM picture_vectors "
                "WHERE file = ?",
            ):
                self._connection.execute(statement, (file, row[0]))
        return True

    def store(
        self, files: Sequence[int], facts: Sequence[PictureFacts], encoder: str, rows: Vectors
    ) -> None:
        """Keep what was seen in place of what is known; files that left meanwhile are passed over.

        Args:
            encoder: "" where nothing made vectors; `rows` [n, d] is not looked at then.
        """
        with transaction(self._connection):
            for at, (file, one) in enumerate(zip(files, facts, strict=True)):
                drop_picture(self._connection, file)
                self._connection.execute(
                    "INSERT INTO pictures SELECT id, ?, ?, ?, ?, ?, ?, ? FROM files WHERE id = ?",
                    (
                        one.taken,
                        one.latitude,
                        one.longitude,
                        one.camera,
                        one.width,
                        one.height,
                        one.fingerprint,
                        file,
                    ),
                )
                if encoder:
                    self._connection.execute(
                        "INSERT INTO picture_vectors SELECT file, ?, ? FROM pictures "
                        "WHERE file = ?",
                        (encoder, rows[at].astype(STORED).tobytes(), file),
                    )

    def rows(self, encoder: str) -> list[PictureRow]:
        """Every picture of a searchable file, by path."""
        rows = self._connection.execute(
            "SELECT f.path, f.sha256, f.size, f.mtime_ns, p.taken, p.fingerprint, "
            "coalesce(v.vector, x'') FROM pictures p JOIN files f ON f.id = p.file "
            "LEFT JOIN picture_vectors v ON v.file = p.file AND v.encoder = ? "
            "WHERE f.state = 'indexed' ORDER BY f.path",
            (encoder,),
        )
        return [PictureRow(os.fsdecode(path), *rest) for path, *rest in rows]


def drop_picture(connection: sqlite3.Connection, file: int) -> None:
    """Remove what is known of a file's picture; inside a transaction."""
    cursor = connection.execute("DELETE FROM pictures WHERE file = ?", (file,))
    note_removed(connection, cursor.rowcount)


def is_unit(vector: bytes) -> bool:
    """Whether bytes are a vector as it is stored, of length 1."""
    import numpy as np

    if not vector or len(vector) % BYTES:
        return False
    length = float(np.linalg.norm(np.frombuffer(vector, STORED).astype(np.float32)))
    return abs(length - 1) <= _UNIT
