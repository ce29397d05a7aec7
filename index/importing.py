"""Makes a collection of an exported file, which is not trusted.

The database in it is only read from: it must have exactly the tables of a new one, and every
row is checked and put into a database of our own making. Words, figures and hashes are made
anew, so nothing that was prepared by somebody else is ever run or searched.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec

from assistant.core.errors import StoreError, UsageError
from assistant.core.events import Event, Progress
from assistant.core.skills import Cancelled
from assistant.core.text import one_line
from index.exporting import DATABASE, FORMAT, MANIFEST, Manifest
from index.rows import CopyStoppedError
from index.schema import OLDEST_READ, VERSION, is_as_made

_MANIFEST_BYTES = 64 << 10
_EXPANSION = 60
"""Times its packed size that a database may have; texts pack to a third, vectors hardly."""
_SLACK = 4 << 20
"""Bytes it may have besides: empty pages pack to nothing."""
_BLOCK = 1 << 20
_STEPS = 1_000_000
"""SQLite's instructions between looks at whether to stop; some 10 ms."""
_INTACT = "Export it again; what was sent may have been cut short."


def read_manifest(file: Path) -> Manifest:
    """What an exported file says of itself.

    Raises:
        UsageError: it is none, or made by a newer version.
    """
    with _archive(file) as archive:
        names = sorted(info.filename for info in archive.infolist())
        if names != sorted((MANIFEST, DATABASE)):
            raise _refused(file, "it does not hold what an export holds")
        if archive.getinfo(MANIFEST).file_size > _MANIFEST_BYTES:
            raise _refused(file, "its description is too large")
        try:
            with archive.open(MANIFEST) as member:
                manifest = msgspec.json.decode(member.read(_MANIFEST_BYTES + 1), type=Manifest)
        except msgspec.MsgspecError as error:
            raise _refused(file, "its description can't be read") from error
    if manifest.format > FORMAT or manifest.schema > VERSION:
        raise UsageError(
            f"{one_line(file.name)} was made by a newer version.", "Update the assistant."
        )
    if manifest.format != FORMAT or manifest.schema < OLDEST_READ:
        raise UsageError(
            f"{one_line(file.name)} is of a version that is no longer read.",
            "Export it again with this version.",
        )
    return manifest


def unpack(file: Path, manifest: Manifest, target: Path, cancelled: Cancelled) -> Iterator[Event]:
    """Unpack the database, as far as it is what the manifest says.

    Raises:
        UsageError: it is not, or would not fit on the disk.
    """
    digest = hashlib.sha256()
    with _archive(file) as archive:
        info = archive.getinfo(DATABASE)
        if info.file_size != manifest.size:
            raise _refused(file, "it is damaged")
        if manifest.size > info.compress_size * _EXPANSION + _SLACK:
            raise _refused(file, "it would unpack to far more than an export does")
        if manifest.size * 3 > shutil.disk_usage(target.parent).free:
            raise UsageError(
                f"There is no room for the collection ({manifest.size >> 20:,} MB, three times).",
                "Make space on the disk.",
            )
        with archive.open(info) as member, target.open("xb") as output:
            done = 0
            while block := member.read(min(_BLOCK, manifest.size - done + 1)):
                done += len(block)
                if done > manifest.size or cancelled():
                    break
                digest.update(block)
                output.write(block)
                yield Progress("Unpacking", done, manifest.size, "bytes")
    if not cancelled() and (done != manifest.size or digest.hexdigest() != manifest.sha256):
        raise _refused(file, "it is damaged")


@contextmanager
def foreign(path: Path, file: Path, cancelled: Cancelled) -> Iterator[sqlite3.Connection]:
    """A connection to a database of unknown making, which it can only read from.

    Raises:
        UsageError: it is damaged, or not made as the assistant makes them.
        CopyStoppedError: cancelled.
    """
    uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as connection:
        try:
            _check(connection, file, cancelled)
        except (sqlite3.Error, UnicodeError) as error:
            if cancelled():
                raise CopyStoppedError from error
            why = f"its database can't be read ({one_line(str(error), 80)})"
            raise _refused(file, why) from error
        yield connection


def _check(connection: sqlite3.Connection, file: Path, cancelled: Cancelled) -> None:
    for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0"):
        connection.execute(f"PRAGMA {pragma}")
    connection.set_progress_handler(cancelled, _STEPS)
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if not OLDEST_READ <= version <= VERSION or not is_as_made(connection, version):
        raise _refused(file, "its database is not as the assistant makes them")
    (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    if verdict != "ok" or broken is not None:
        raise _refused(file, "its database is damaged")


@contextmanager
def _archive(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise _refused(file, "it is damaged, or something else") from error
    except OSError as error:
        raise StoreError(
            f"{one_line(str(file))} can't be read: {error.strerror or error}.",
            "Check the path, its permissions, and the free space.",
        ) from error


def _refused(file: Path, why: str) -> UsageError:
    return UsageError(f"{one_line(file.name)} can't be imported: {why}.", _INTACT)
