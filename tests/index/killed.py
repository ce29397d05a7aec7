"""Works on an index, slowly, until it is killed: `python -m tests.index.killed WORK INDEX FOLDER`.

WORK is one of `WORKS`. A line of output an event, so that whoever kills knows where it is.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from assistant.config import IndexSettings
from assistant.core.events import Notice
from assistant.core.protocols import Vectors
from index import embedding
from index.service import DocumentIndex
from tests.fakes import HashingEmbedder


class SlowEmbedder(HashingEmbedder):
    """Takes its time."""

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        time.sleep(0.02)
        return super().embed_documents(texts)


def never() -> bool:
    """Nobody cancels."""
    return False


def _forget(index: DocumentIndex, folder: Path) -> Iterator[object]:
    yield Notice("begins")
    yield index.forget(sorted(folder.glob("*.txt"))[::7], None)


def _transfer(index: DocumentIndex, folder: Path) -> Iterator[object]:
    file = folder.parent / "exported.zip"
    yield Notice("begins")
    yield from index.export("default", file, never, replace=True)
    yield from index.import_(file, "copy", never, replace=True)


WORKS: Mapping[str, Callable[[DocumentIndex, Path], Iterator[object]]] = {
    "add": lambda index, folder: index.add([folder, *folder.glob("*.txt")], None, never),
    "sync": lambda index, _: index.sync(None, never),
    "forget": _forget,
    "rebuild": lambda index, _: index.rebuild(None, never, embed=True),
    "transfer": _transfer,
}


def main(work: str, root: str, folder: str) -> None:
    """Do the work, a line of output an event."""
    embedding.BATCH_MOST = 16  # many commits to be killed between
    index = DocumentIndex(Path(root), IndexSettings(), SlowEmbedder, embedder_name="hashing")
    for event in WORKS[work](index, Path(folder)):
        print(type(event).__name__, flush=True)
    print("end", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
