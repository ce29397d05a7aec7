"""Nearest neighbours in memory with FAISS; a cache of what SQLite keeps."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.core.errors import StoreError
from index.vector_file import BLOCK, Stamp, SummedWriter, checked, replaced

if TYPE_CHECKING:
    from assistant.core.protocols import Ids, Vectors


class FaissStore:
    """A `VectorStore` of two parts: lists that were trained, and an exact tail of what came since.

    Below the size at which training pays (`index.training`) everything is tail. The tail
    holds float16 as SQLite does, so its neighbours are exact: 2 ms for 50,000 vectors of 384
    numbers, 0.8 kB each. The trained part is an inverted file of 8-bit vectors, 0.4 kB each;
    who asks takes more neighbours than needed and scores them anew from SQLite. Both parts
    drop removed vectors at once: no byte of them stays.

    The file is read into memory rather than mapped: its sum must be checked before FAISS sees
    it, which reads it all anyway; a mapped file would keep removed vectors on the disk after
    it was replaced, can't be replaced on Windows, and takes the process down when somebody
    cuts it short.

    Not thread-safe; its owner holds a lock.
    """

    def __init__(self, tail: Any, last_id: int, trained: Any = None, trained_size: int = 0) -> None:
        self._tail = tail
        self._trained = trained
        self.last_id = last_id
        """Highest id that was ever put in, 0 before the first."""
        self.trained_size = trained_size
        """Vectors the trained part had when it was made."""

    @classmethod
    def empty(cls, dimension: int) -> FaissStore:
        """A store for vectors of that many numbers."""
        return cls(_empty_tail(dimension), 0)

    @classmethod
    def of_trained(cls, trained: Any, last_id: int) -> FaissStore:
        """A store of a trained index that holds ids up to `last_id`."""
        return cls(_empty_tail(trained.d), last_id, trained, int(trained.ntotal))

    @classmethod
    def load(cls, path: Path) -> tuple[FaissStore, int] | None:
        """The store saved there and its generation; None when it is missing or damaged."""
        try:
            with path.open("rb") as file:
                stamp = checked(file)
                return None if stamp is None else (cls._read(file, stamp), stamp.generation)
        except (OSError, RuntimeError):  # the latter: written by another version of FAISS
            return None

    @classmethod
    def _read(cls, file: Any, stamp: Stamp) -> FaissStore:
        import faiss
        from faiss import PyCallbackIOReader  # type: ignore[attr-defined]

        reader = faiss.BufferedIOReader(PyCallbackIOReader(file.read), BLOCK)  # type: ignore[call-arg]
        tail = faiss.read_index(reader)
        trained = faiss.read_index(reader) if stamp.trained_size else None
        return cls(tail, stamp.last_id, trained, stamp.trained_size)

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        return int(self._tail.d)

    def __len__(self) -> int:
        return self.tail_size + (0 if self._trained is None else int(self._trained.ntotal))

    @property
    def tail_size(self) -> int:
        """Vectors that are compared one by one."""
        return int(self._tail.ntotal)

    @property
    def removed_since_training(self) -> int:
        """Vectors that left the trained part."""
        return 0 if self._trained is None else self.trained_size - int(self._trained.ntotal)

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add unit rows under ids above `last_id`; they join the tail."""
        if len(ids):
            self._tail.add_with_ids(vectors, ids)
            self.last_id = max(self.last_id, int(ids.max()))

    def remove(self, ids: Ids) -> int:
        """Number of vectors that were there and left; 10 ms a million kept."""
        removed = int(self._tail.remove_ids(ids))
        return removed + (0 if self._trained is None else int(self._trained.remove_ids(ids)))

    @staticmethod
    def no_ids() -> Ids:
        """An empty array of ids."""
        return np.empty(0, dtype=np.int64)

    def search(self, queries: Vectors, k: int, allowed: Ids | None = None) -> tuple[Vectors, Ids]:
        """Scores and ids [q, k], best first; id -1 where there are fewer than k.

        Scores of the trained part are cosines to within .01.

        Args:
            allowed: look at these ids only.
        """
        import faiss

        # A question can't be shared among threads, and on a busy machine waking and awaiting
        # them took ten times as long as the search.
        faiss.omp_set_num_threads(1)
        selector = None if allowed is None else _selector(allowed)
        parameters = None if selector is None else faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        scores, ids = self._tail.search(queries, k, params=parameters)
        if self._trained is None:
            return scores, ids
        distances, others = self._trained.search(
            queries, k, params=self._probing(selector, None if allowed is None else len(allowed))
        )
        # Unit vectors: |a - b|² = 2 - 2 a·b.
        return _merged(scores, ids, np.where(others < 0, -np.inf, 1 - distances / 2), others, k)

    def save(self, path: Path, generation: int) -> None:
        """Write to a temporary file and rename, so that a reader sees old or new, whole.

        Raises:
            StoreError: the disk refuses; the file that was there stays.
        """
        stamp = Stamp(generation, self.last_id, self.trained_size)
        try:
            with replaced(path, stamp) as file:
                self._write(file)
        except (OSError, RuntimeError) as error:
            raise StoreError(
                f"The vector index can't be written to {path}: {error}.", "Make space on the disk."
            ) from error

    def _write(self, file: SummedWriter) -> None:
        import faiss
        from faiss import PyCallbackIOWriter  # type: ignore[attr-defined]

        writer = faiss.BufferedIOWriter(PyCallbackIOWriter(file.write), BLOCK)  # type: ignore[call-arg]
        faiss.write_index(self._tail, writer)
        if self._trained is not None:
            faiss.write_index(self._trained, writer)
        del writer  # flushes

    def _probing(self, selector: Any, allowed: int | None) -> Any:
        """The fewer are allowed, the more lists are visited, for neighbours lie further off."""
        import faiss

        lists = int(self._trained.nprobe)
        if allowed is not None:
            lists = min(self._trained.nlist, lists * max(1, len(self) // max(1, allowed)) * 2)
        return faiss.SearchParametersIVF(nprobe=lists, sel=selector)  # type: ignore[call-arg]


def _empty_tail(dimension: int) -> Any:
    import faiss  # 0.2 s

    exact = faiss.IndexScalarQuantizer(
        dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
    )
    return faiss.IndexIDMap(exact)


def _selector(allowed: Ids) -> Any:
    """A bit an id: quicker to ask than a set."""
    import faiss

    marks = np.zeros(int(allowed.max(initial=0)) + 1, dtype=bool)
    marks[allowed] = True
    bits = np.packbits(marks, bitorder="little")
    return faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type]


def _merged(
    scores: Vectors, ids: Ids, other_scores: Vectors, other_ids: Ids, k: int
) -> tuple[Vectors, Ids]:
    scores = np.concatenate([scores, other_scores.astype(np.float32)], axis=1)
    ids = np.concatenate([ids, other_ids], axis=1)
    order = np.argsort(-np.where(ids < 0, -np.inf, scores), axis=1, kind="stable")[:, :k]
    return np.take_along_axis(scores, order, axis=1), np.take_along_axis(ids, order, axis=1)
