"""Remembers the vectors of the names of ImageNet's classes, which take seconds to make."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.core.protocols import Embedder
from skills.describe_names import name_of
from skills.labelling.taxonomy import wordnet

if TYPE_CHECKING:
    from assistant.core.protocols import Vectors

_HAN = re.compile("[一-鿿]")


class ClassNames:
    """Compares texts with the names of the classes, Chinese ones with the Chinese names.

    Args:
        folder: where vectors are kept between runs.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[tuple[str, bool], tuple[Vectors, Vectors]] = {}

    def cosines(self, text: str, embedder: Embedder) -> Vectors:
        """Float32 [classes], in the taxonomy's order; of vectors less what all names share."""
        import numpy as np

        rows, mean = self._rows(embedder, chinese=bool(_HAN.search(text)))
        wanted = embedder.embed_queries([text])[0] - mean
        wanted /= max(float(np.linalg.norm(wanted)), 1e-9)
        return np.asarray(rows @ wanted, dtype=np.float32)

    def _rows(self, embedder: Embedder, *, chinese: bool) -> tuple[Vectors, Vectors]:
        import numpy as np

        key = embedder.name, chinese
        if key not in self._known:
            raw = self._kept(embedder, _names(chinese=chinese))
            mean = raw.mean(axis=0)
            rows = raw - mean
            rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
            self._known[key] = rows, mean
        return self._known[key]

    def _kept(self, embedder: Embedder, names: Sequence[str]) -> Vectors:
        import numpy as np

        words = "\n".join((embedder.name, *names)).encode()
        path = self._folder / f"class-names-{sha256(words).hexdigest()[:16]}.npy"
        with suppress(OSError, ValueError, EOFError):
            rows = np.load(path, allow_pickle=False)
            if rows.shape == (len(names), embedder.dimension) and np.isfinite(rows).all():
                return np.asarray(rows, dtype=np.float32)
        rows = embedder.embed_queries(names)
        with suppress(OSError):  # made again next time
            _save(path, rows)
        return rows


def _names(*, chinese: bool) -> tuple[str, ...]:
    names = (name_of(label) for label in wordnet().labels)
    return tuple(name.chinese if chinese else name.english for name in names)


def _save(path: Path, rows: Vectors) -> None:
    """Whole or not at all."""
    import numpy as np

    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, part = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            np.save(file, rows, allow_pickle=False)
        Path(part).replace(path)
    finally:
        with suppress(FileNotFoundError):
            Path(part).unlink()
