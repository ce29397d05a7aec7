"""Remembers which paths a person took out of a collection, without keeping their names."""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
from collections.abc import Iterable
from pathlib import Path

_PREFIX = "forgotten:"


_SEAL = re.compile("forgotten:[0-9a-f]{32}")


def is_seal(name: str) -> bool:
    """Whether a name in `meta` is that of a seal."""
    return _SEAL.fullmatch(name) is not None


class Seals:
    """Paths by keyed hashes: one can be recognised, but not read back.

    A forgotten file inside a folder that is followed would otherwise return with the next sync.

    Args:
        key: the collection's own, so that hashes of likely names can't be prepared.
    """

    def __init__(self, key: int, hashes: frozenset[str] = frozenset()) -> None:
        self._key = key.to_bytes(8, "big")
        self._hashes = hashes

    def __bool__(self) -> bool:
        return bool(self._hashes)

    def __contains__(self, path: str) -> bool:
        return bool(self._hashes) and self.seal(path) in self._hashes

    def seal(self, path: str) -> str:
        """The hash that stands for a path; 1 µs."""
        return hashlib.blake2b(os.fsencode(path), key=self._key, digest_size=16).hexdigest()


NO_SEALS = Seals(0)


class SealTable:
    """The seals of a collection, kept beside its figures in `meta`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def load(self) -> Seals:
        """Every path forgotten and not added again since."""
        (key,) = self._connection.execute("SELECT value FROM meta WHERE name = 'key'").fetchone()
        rows = self._connection.execute(
            "SELECT substr(name, ?) FROM meta WHERE name GLOB ?", (len(_PREFIX) + 1, f"{_PREFIX}*")
        )
        return Seals(int(key), frozenset(seal for (seal,) in rows))

    def add(self, paths: Iterable[Path | str]) -> None:
        """Keep these out from now on."""
        seals = self.load()
        self._connection.executemany(
            "INSERT OR IGNORE INTO meta VALUES (?, 1)",
            [(_PREFIX + seals.seal(str(path)),) for path in paths],
        )

    def lift(self, paths: Iterable[Path | str]) -> None:
        """Take these in again when they are met: they were asked for by name."""
        seals = self.load()
        if seals:
            self._connection.executemany(
                "DELETE FROM meta WHERE name = ?",
                [(_PREFIX + seals.seal(str(path)),) for path in paths],
            )
