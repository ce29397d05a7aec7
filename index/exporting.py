"""Writes a collection to one file that `index.importing` reads."""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import msgspec

from assistant.core.errors import StoreError, UsageError
from assistant.core.events import Event, Notice, Progress
from assistant.core.skills import Cancelled
from assistant.core.text import one_line
from index.catalogue import Session
from index.collection import LEFT_BY_EXPORT, Collection
from index.schema import VERSION

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "index.sqlite3"
_BLOCK = 1 << 20
_LEVEL = 3
"""Of compression: 6 takes three times as long and saves 3 %."""


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an exported file says of itself."""

    format: int
    schema: int
    """Version of the database's tables."""
    name: str
    files: int
    chunks: int
    size: int
    """Bytes of the database."""
    sha256: str
    """Of the database."""


def export(
    collection: Collection, session: Session, target: Path, cancelled: Cancelled, *, replace: bool
) -> Iterator[Event]:
    """Write texts, vectors and file names of a collection to `target`, whole or not at all.

    Questions are answered meanwhile. Needs space for the database twice, and some 30 seconds a
    gigabyte.

    Raises:
        UsageError: there is a file already.
        StoreError: the disk refuses.
    """
    if target.exists() and not replace:
        raise UsageError(f"{one_line(str(target))} is there already.", "Add --replace.")
    try:
        with tempfile.TemporaryDirectory(dir=collection.folder, prefix=LEFT_BY_EXPORT) as folder:
            copy = Path(folder) / DATABASE
            yield Progress("Copying", 0, None, "bytes")
            session.connection.execute("VACUUM INTO ?", (str(copy),))
            yield from _written(collection.folder.name, session, copy, target, cancelled)
    except OSError as error:
        raise StoreError(
            f"The collection can't be written to {one_line(str(target))}: "
            f"{error.strerror or error}.",
            "Check the folder's permissions and the free space.",
        ) from error
    if not cancelled():
        size = target.stat().st_size
        yield Notice(f"Exported to {one_line(str(target))} ({size / (1 << 20):,.1f} MB).")


def _written(
    name: str, session: Session, copy: Path, target: Path, cancelled: Cancelled
) -> Iterator[Event]:
    with copy.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    size = copy.stat().st_size
    manifest = Manifest(
        FORMAT,
        VERSION,
        name,
        session.files.count_indexed(),
        session.meta("chunks"),
        size,
        digest,
    )
    descriptor, part = tempfile.mkstemp(dir=target.parent, prefix=target.name, suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as output:  # mkstemp makes it 0600
            yield from _packed(output, manifest, copy, cancelled)
            output.flush()
            os.fsync(output.fileno())
        if not cancelled():
            Path(part).replace(target)
    finally:
        with suppress(FileNotFoundError):
            Path(part).unlink()


def _packed(
    output: BinaryIO, manifest: Manifest, copy: Path, cancelled: Cancelled
) -> Iterator[Event]:
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        archive.writestr(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))
        with copy.open("rb") as source, archive.open(DATABASE, "w", force_zip64=True) as sink:
            done = 0
            while (block := source.read(_BLOCK)) and not cancelled():
                sink.write(block)
                done += len(block)
                yield Progress("Writing", done, manifest.size, "bytes")
