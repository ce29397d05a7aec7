"""Brings an imported collection into its place: whole, or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.core.errors import StoreError, UsageError
from assistant.core.events import Event, Notice
from assistant.core.skills import Cancelled
from assistant.core.text import one_line
from index.catalogue import Session
from index.collection import DATABASE, LOCK_SECONDS, Collection
from index.database import transaction
from index.exporting import Manifest
from index.importing import foreign, unpack
from index.rows import CopyStoppedError, copy_rows

_PREFIX = ".import-"


class Arrival:
    """One exported file on its way in.

    Args:
        root: the folder of the collections.
        file: what was exported; not trusted.
        manifest: what it says of itself.
    """

    def __init__(self, root: Path, file: Path, manifest: Manifest) -> None:
        self._root = root
        self._file = file
        self._manifest = manifest

    def bring_in(self, collection: Collection, cancelled: Cancelled) -> Iterator[Event]:
        """Make the collection, or put the file's rows in the place of its own, in one
        transaction: a process killed meanwhile leaves what was there.

        Raises:
            UsageError: the file is refused, or there is such a collection by now.
            StoreError: the disk refuses, or another import is under way.
        """
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(self._root / f"{_PREFIX}lock", LOCK_SECONDS, 0o600, thread_local=False)
        try:
            lock.acquire()
        except Timeout as error:
            raise StoreError("Another import is under way.", "Wait until it is done.") from error
        try:
            for left in self._root.glob(f"{_PREFIX}*/"):  # by a killed import
                shutil.rmtree(left, ignore_errors=True)
            with tempfile.TemporaryDirectory(dir=self._root, prefix=_PREFIX) as folder:
                yield from self._bring_in(collection, Path(folder), cancelled)
        except CopyStoppedError:
            return
        finally:
            lock.release()

    def _bring_in(
        self, collection: Collection, folder: Path, cancelled: Cancelled
    ) -> Iterator[Event]:
        unpacked = folder / DATABASE
        yield from unpack(self._file, self._manifest, unpacked, cancelled)
        if cancelled():
            return
        is_new = not (collection.folder / DATABASE).exists()
        place = Collection(folder / "new") if is_new else collection
        with place.writing() as session:
            with (
                foreign(unpacked, self._file, cancelled) as source,
                transaction(session.connection),
            ):
                yield from copy_rows(source, session.connection, cancelled)
            place.drop_vectors()
            session.set_meta("saved", 0)
            arrived = _arrived(collection.folder.name, session)
            if not is_new:
                session.erase()
        if is_new:
            _rename(folder / "new", collection.folder)
        yield arrived


def _arrived(name: str, session: Session) -> Notice:
    roots = session.files.roots()
    away = [one_line(root) for root in roots if not os.path.lexists(root)]
    files, chunks = session.files.count_indexed(), session.meta("chunks")
    text = f"“{name}” holds {files:,} files in {chunks:,} chunks."
    if not away:
        return Notice(text)
    return Notice(
        f"{text} Not on this machine: {', '.join(away[:5])}{' …' if len(away) > 5 else ''}.",
        "Questions are answered all the same.",
    )


def _rename(made: Path, target: Path) -> None:
    try:
        made.rename(target)
    except OSError as error:
        raise UsageError(
            f"There is a collection “{target.name}” already.",
            "Choose another name with --as, or add --replace to take its place.",
        ) from error
