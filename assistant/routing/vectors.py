"""Vectors of the router's examples, kept on disk by content so that each is encoded once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.core.protocols import Embedder
from assistant.routing.array_file import read_arrays, write_arrays
from assistant.routing.encoding import encoded, width
from assistant.routing.shipped import ShippedVectors, shipped_vectors

if TYPE_CHECKING:
    import numpy.typing as npt

    from assistant.core.protocols import Vectors

VectorProgress = Callable[[int, int], None]
"""Called with examples done and their total."""

_BATCH = 512
"""Examples between two progress reports, 0.5 to 1 s; the encoder sorts them by length, and wastes
the less the more it has to choose from."""
_KEPT_AFTER = 4
"""Batches after which what is encoded so far is kept: who leaves before the end need not begin
again."""


class ExampleVectors:
    """Looks texts up among those that come with the package, then in a file of the cache folder,
    and encodes the ones that are new.

    The file is float16 [n, w] by digest of the text, one file an embedder; it may be deleted
    at any time, and one that can't be read or written only costs the encoding again.

    Args:
        shipped: reads what comes with the package; used with the encoder that made it.
    """

    def __init__(
        self, folder: Path, shipped: Callable[[], ShippedVectors | None] = shipped_vectors
    ) -> None:
        self._folder = folder
        self._read_shipped = shipped
        self._shipped: dict[str, ShippedVectors | None] = {}

    def path(self, embedder: str) -> Path:
        """Where the vectors of an embedder are kept."""
        return self._folder / f"vectors-{file_name(embedder)}.npz"

    def get(
        self,
        texts: Sequence[str],
        embedder: Embedder,
        progress: VectorProgress,
        *,
        keep: bool = False,
    ) -> Vectors:
        """Rows float32 [n, w] as `encoded` gives them, in the order of the texts.

        2 to 6 ms a text not seen before (2 cores, multilingual-e5-small).

        Args:
            keep: leave in the file what was not asked for this time.
        """
        ready = self._from_package(texts, embedder)
        others = [text for at, text in enumerate(texts) if at not in ready]
        rows = np.empty((len(texts), width(embedder)), np.float32)
        for at, row in ready.items():
            rows[at] = row[: rows.shape[1]]
        if others:
            kept = [at for at in range(len(texts)) if at not in ready]
            rows[kept] = self._from_folder(others, embedder, progress, keep=keep)
        return rows

    def _from_package(self, texts: Sequence[str], embedder: Embedder) -> dict[int, Vectors]:
        """Rows by place, of the texts that came with vectors of this encoder."""
        if embedder.name not in self._shipped:
            shipped = self._read_shipped()
            fits = shipped is not None and shipped.are_of(embedder)
            self._shipped[embedder.name] = shipped if fits else None
        known = self._shipped[embedder.name]
        return known.of(texts) if known is not None else {}

    def _from_folder(
        self, texts: Sequence[str], embedder: Embedder, progress: VectorProgress, *, keep: bool
    ) -> Vectors:
        path = self.path(embedder.name)
        known = _read(path, width(embedder))
        digests = [_digest(text) for text in texts]
        new = {d: text for d, text in zip(digests, texts, strict=True) if d not in known}
        for number, batch in enumerate(_batched(new, _BATCH), start=1):
            vectors = encoded(embedder, [new[digest] for digest in batch]).astype(np.float16)
            known.update(zip(batch, vectors, strict=True))
            progress(min(number * _BATCH, len(new)), len(new))
            if number % _KEPT_AFTER == 0:
                _write(path, known)
        rows = np.array([known[digest] for digest in digests], np.float16)
        if new:
            _write(path, known if keep else {digest: known[digest] for digest in digests})
        return rows.astype(np.float32).reshape(len(texts), width(embedder))


def file_name(name: str) -> str:
    """A model's name as part of a file's."""
    return re.sub(r"[^A-Za-z0-9._-]+", "_", name)


def _batched(digests: Iterable[str], size: int) -> Iterator[tuple[str, ...]]:
    rest = iter(digests)
    while batch := tuple(islice(rest, size)):
        yield batch


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _write(path: Path, known: Mapping[str, npt.NDArray[Any]]) -> None:
    write_arrays(
        path, {"digests": np.array(list(known)), "vectors": np.array(list(known.values()))}
    )


def _read(path: Path, numbers: int) -> dict[str, npt.NDArray[Any]]:
    stored = read_arrays(path, ("digests", "vectors"))
    if stored is None or stored["vectors"].shape != (len(stored["digests"]), numbers):
        return {}
    return dict(zip(stored["digests"].tolist(), stored["vectors"], strict=True))
