"""The pages of a document one by one: stored text, or a drawing to be read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.core.skills import Cancelled
from index.loaders.document import Document
from index.loaders.sandbox import Sandbox

if TYPE_CHECKING:
    from assistant.core.protocols import Pixels


@dataclass(frozen=True, slots=True)
class SandboxedPages:
    """Pages of a file that another process reads and draws; a document without pages has one."""

    sandbox: Sandbox
    path: Path
    document: Document
    cancelled: Cancelled

    def __len__(self) -> int:
        return len(self.document.pages) or 1

    def text(self, page: int) -> str:
        if page in self.document.scans:
            return ""
        starts = (*self.document.pages, len(self.document.text)) if self.document.pages else ()
        if not starts:
            return self.document.text
        return self.document.text[starts[page - 1] : starts[page]].strip()

    def draw(self, page: int) -> Pixels:
        return self.sandbox.render(self.path, page, self.cancelled)


def open_pages(sandbox: Sandbox, path: Path, cancelled: Cancelled) -> SandboxedPages:
    """
    Raises:
        DocumentError: it can't be read.
        ReadingStoppedError: cancelled.
    """
    absolute = path.absolute()
    return SandboxedPages(sandbox, absolute, sandbox.load(absolute, cancelled), cancelled)
