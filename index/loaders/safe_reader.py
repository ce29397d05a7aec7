"""Reads any file safely: its text in a process of its own, its pictures with the models here."""

from __future__ import annotations

from pathlib import Path

from assistant.core.errors import DocumentError
from assistant.core.protocols import FilePages
from assistant.core.skills import Cancelled
from assistant.core.text import one_line
from index.loaders.document import Document, Limits
from index.loaders.frames import Looked
from index.loaders.pages import open_pages
from index.loaders.recognition import Readers, never, recognise
from index.loaders.registry import PICTURE_SUFFIXES, SUFFIXES
from index.loaders.sandbox import Sandbox


class SafeReader:
    """Reads files of every format, hostile ones too, at about 0.2 ms each over the reading itself.

    The process that reads holds no models; it draws scanned pages and pictures, and `readers`
    recognise what stands on them in this process, which has them loaded once for all.

    Args:
        limits: what a file may cost.
        readers: recognise text and subjects of pictures.
    """

    def __init__(
        self, limits: Limits, readers: Readers | None = None, sandbox: Sandbox | None = None
    ) -> None:
        self._limits = limits
        self._readers = readers or Readers()
        self._sandbox = sandbox or Sandbox(limits)

    @property
    def suffixes(self) -> frozenset[str]:
        """Endings of the files it reads; pictures only where something recognises them."""
        return SUFFIXES | PICTURE_SUFFIXES if self._readers.text else SUFFIXES

    def read(self, path: Path, cancelled: Cancelled = never) -> Document:
        """The document in a file.

        Raises:
            DocumentError: why it can't be read.
            ReadingStoppedError: cancelled; nothing is known of the file.
        """
        document = self._sandbox.load(path.absolute(), cancelled)
        return recognise(
            document,
            lambda page: self._sandbox.render(path.absolute(), page, cancelled),
            self._readers,
            self._limits,
            cancelled,
        )

    def look(self, path: Path, cancelled: Cancelled = never) -> Looked:
        """A picture as encoders get it, with what its camera wrote; errors as in `read`."""
        return self._sandbox.look(path.absolute(), cancelled)

    def text(self, path: Path) -> str:
        """Text of a file; errors as in `read`, with the file's name."""
        try:
            return self.read(path).text
        except DocumentError as error:
            raise DocumentError(f"{one_line(path.name)}: {error.message}", error.hint) from error

    def pages(self, path: Path, cancelled: Cancelled = never) -> FilePages:
        """The pages of a file one by one, their pictures not yet recognised; errors as in `text`,
        and `ReadingStoppedError`."""
        try:
            return open_pages(self._sandbox, path, cancelled)
        except DocumentError as error:
            raise DocumentError(f"{one_line(path.name)}: {error.message}", error.hint) from error

    def close(self) -> None:
        """End the reading process; the next file starts it again."""
        self._sandbox.close()
