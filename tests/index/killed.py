"""Indexes slowly until it is killed: `python -m tests.index.killed INDEX FOLDER`."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from assistant.config import IndexSettings
from assistant.core.protocols import Vectors
from index.service import DocumentIndex
from tests.fakes import HashingEmbedder


class SlowEmbedder(HashingEmbedder):
    """Takes its time, and says when it begins."""

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        time.sleep(0.02)
        return super().embed_documents(texts)


def main(root: str, folder: str) -> None:
    """Index the folder, a line of output an event."""
    index = DocumentIndex(Path(root), IndexSettings(), SlowEmbedder)
    for event in index.add([folder], None, lambda: False):
        print(type(event).__name__, flush=True)
    print("end", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
