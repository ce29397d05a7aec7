"""Looks at the pictures of a collection: what their cameras wrote, fingerprints, vectors."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.core.errors import DocumentError, ModelError
from assistant.core.events import Event, Notice, Progress
from assistant.core.picture_search import PictureEncoder
from assistant.core.skills import Cancelled
from index.catalogue import Session
from index.fingerprints import fingerprint
from index.loaders.errors import ReadingStoppedError
from index.loaders.frames import Looked
from index.loaders.registry import PICTURE_SUFFIXES
from index.loaders.safe_reader import SafeReader
from index.picture_table import PictureFacts

if TYPE_CHECKING:
    from assistant.core.protocols import Pixels

BATCH = 16
"""Pictures looked at between two commits."""
_ENDINGS = tuple(PICTURE_SUFFIXES)

MakeEncoder = Callable[[], PictureEncoder | None]
"""Gives the encoder, which may load only when it is used; None where there is none here."""


def no_encoder() -> None:
    """There is none."""


class PictureLooker:
    """Looks at pictures in one session.

    Args:
        encoder: without one, pictures are known by time and fingerprint only.
    """

    def __init__(self, session: Session, reader: SafeReader, encoder: MakeEncoder) -> None:
        self._session = session
        self._reader = reader
        self._encoder = encoder

    def look_at_all(self, cancelled: Cancelled) -> Iterator[Event]:
        """Look at every picture the encoder in use has not seen; a commit a batch, so that what
        is interrupted goes on with the next call. `Progress` in pictures."""
        table = self._session.pictures
        if not any(path.lower().endswith(_ENDINGS) for path in self._session.files.known()):
            return
        encoder = self._encoder()
        name = encoder.name if encoder is not None else ""
        todo = [
            (file, path)
            for file, path in table.pending(name, _ENDINGS)
            if not table.copy_from_twin(file, name)
        ]
        started, unseen = time.monotonic(), 0
        for first in range(0, len(todo), BATCH):
            left = (time.monotonic() - started) / first * (len(todo) - first) if first else None
            yield Progress("Looking at pictures", first, len(todo), "pictures", left)
            try:
                unseen += self._look(todo[first : first + BATCH], encoder, cancelled)
            except ReadingStoppedError:
                return
            except ModelError as error:
                yield Notice(f"Pictures can't be searched yet: {error.message}", error.hint)
                return
        if todo:
            yield Progress("Looking at pictures", len(todo), len(todo), "pictures")
        if unseen:
            yield Notice(
                f"{unseen:,} picture(s) could not be looked at.",
                "They may have changed meanwhile: “assistant index sync” tries again.",
            )

    def _look(
        self,
        todo: Sequence[tuple[int, str]],
        encoder: PictureEncoder | None,
        cancelled: Cancelled,
    ) -> int:
        """The number of pictures that could not be opened."""
        import numpy as np

        files: list[int] = []
        facts: list[PictureFacts] = []
        images: list[Pixels] = []
        for file, path in todo:
            if cancelled():
                raise ReadingStoppedError("Reading was cancelled.")
            try:
                seen = self._reader.look(Path(path), cancelled)
            except DocumentError:
                continue
            pixels = np.frombuffer(seen.pixels, np.uint8).reshape(seen.height, seen.width, 3)
            files.append(file)
            facts.append(_facts(seen, pixels))
            images.append(pixels)
        rows = np.empty((len(images), 0), np.float32)
        if encoder is not None and images:
            rows = encoder.encode(images)
        name = encoder.name if encoder is not None else ""
        self._session.pictures.store(files, facts, name, rows)
        return len(todo) - len(files)


def _facts(seen: Looked, pixels: Pixels) -> PictureFacts:
    return PictureFacts(
        seen.taken,
        seen.latitude,
        seen.longitude,
        seen.camera,
        seen.full_width,
        seen.full_height,
        fingerprint(pixels),
    )
