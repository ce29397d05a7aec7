"""Fills a collection without files: texts, words and vectors through its own tables."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.core.protocols import Embedder
from index.catalogue import Session
from index.collection import Collection
from index.contents import NewChunk
from index.files import Stamp

DAY_NS = 86_400 * 10**9


def fill(
    collection: Collection,
    embedder: Embedder,
    texts: Sequence[str],
    paths: Sequence[str] = (),
    first: int = 0,
) -> None:
    """A file a text, changed on the day of its number since 1970, with its vector."""
    with collection.writing() as session:
        for number, text in enumerate(texts, first):
            path = paths[number - first] if paths else f"/papers/{number}.txt"
            chunk = NewChunk(text, "", 0, len(text), None, 1)
            stamp = Stamp(len(text), number * DAY_NS + DAY_NS // 2)
            session.files.store_file(path, stamp, None, [chunk])
        embed(session, embedder)


def embed(session: Session, embedder: Embedder) -> None:
    """Make the vectors that are pending."""
    table = session.vectors(embedder.name)
    contents = [content for content, _ in table.pending()]
    texts = session.contents.texts(contents)
    if texts:
        vectors = embedder.embed_documents([text for _, text in texts.values()])
        table.store(embedder.dimension, list(texts), vectors)
