"""Decides when a store of vectors is worth training, and trains it beside the one in use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from index.vectors import FaissStore

if TYPE_CHECKING:
    from assistant.core.protocols import Ids, Vectors

NEIGHBOURS = 10
"""Recall is measured at this many."""
_POINTS_A_LIST = 50
"""Vectors k-means sees for each list; FAISS advises 39 to 256."""
_ASKED = 200
"""Made-up questions the number of visited lists is tuned with."""
_ASIDE = 0.75
"""Of the difference of two vectors, added to a third: as far from it as e5's questions are from
the passages that answer them (a cosine of some .88), and spread as the collection is."""

Batches = Callable[[], Iterable[tuple["Ids", "Vectors"]]]
"""Ids and unit rows of everything, in batches; may be asked for several times."""


@dataclass(frozen=True, slots=True)
class Policy:
    """When to train, and how well the trained part must do."""

    train_from: int = 50_000
    """Vectors; below, comparing with each takes some 2 ms."""
    tail_share: float = 0.05
    """Of the trained size: a tail larger than this, and than half of `train_from`, …"""
    removed_share: float = 0.3
    """… or as large a part removed, and it is trained again."""
    recall: float = 0.99
    """Of the exact ten nearest that must be among those looked at."""
    fetched: int = 100
    """Neighbours fetched to find ten."""

    def is_due(self, store: FaissStore) -> bool:
        """Whether the store should be trained (again)."""
        if len(store) < self.train_from:
            return False
        longest = max(self.train_from // 2, self.tail_share * store.trained_size)
        return (
            store.trained_size == 0
            or store.tail_size > longest
            or store.removed_since_training > self.removed_share * store.trained_size
        )


BY_SIZE = Policy()
"""What was measured to be quick enough."""


def train(batches: Batches, count: int, policy: Policy, *, threads: int) -> Any:
    """A FAISS index of everything in `batches`: about a minute a million on two cores.

    Lists: 2 √n, a power of two. The number visited a question is raised until, of questions
    made up from the collection, the share of the exact ten nearest found reaches the policy's.

    Args:
        count: of the vectors.
        threads: that FAISS may use.
    """
    import faiss

    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(threads)  # for calls of this thread only
    try:
        lists = 1 << round(np.log2(2 * np.sqrt(count)))
        sample, asked = _sampled(batches, count, lists * _POINTS_A_LIST)
        index = _clustered(sample, lists)
        del sample
        nearest = _filled(index, batches, asked)
        index.nprobe = _tuned(index, asked, nearest, policy)
        return index
    finally:
        faiss.omp_set_num_threads(before)


def _sampled(batches: Batches, count: int, wanted: int) -> tuple[Vectors, Vectors]:
    """Rows drawn evenly to cluster, and made-up questions."""
    random = np.random.default_rng(0)
    parts = []
    for _, rows in batches():
        parts.append(rows[random.random(len(rows)) < wanted / count])
    sample = np.concatenate(parts)
    of, a, b = (random.integers(len(sample), size=_ASKED) for _ in range(3))
    asked = sample[of] + _ASIDE * (sample[a] - sample[b])
    return sample, np.asarray(asked / np.linalg.norm(asked, axis=1, keepdims=True), np.float32)


def _clustered(sample: Vectors, lists: int) -> Any:
    import faiss

    dimension = sample.shape[1]
    # L2 rather than inner product: vectors that all lean one way differ by little, and
    # clusters by inner product would be of very unequal size.
    quantizer = faiss.IndexFlatL2(dimension)
    index = faiss.IndexIVFScalarQuantizer(
        quantizer, dimension, lists, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_L2, False
    )
    index.cp.min_points_per_centroid = 1
    index.train(sample)
    return index


def _filled(index: Any, batches: Batches, asked: Vectors) -> Ids:
    """Puts everything into the index; the exact nearest ids [q, n] of the questions."""

    def adding() -> Iterator[tuple[Ids, Vectors]]:
        for ids, rows in batches():
            index.add_with_ids(rows, ids)
            yield ids, rows

    return nearest_of(asked, adding())


def nearest_of(asked: Vectors, batches: Iterable[tuple[Ids, Vectors]]) -> Ids:
    """Ids [q, n] of the vectors nearest to the rows asked, by comparing with each."""
    scores = np.empty((len(asked), 0), dtype=np.float32)
    nearest = np.empty((len(asked), 0), dtype=np.int64)
    for ids, rows in batches:
        scores = np.concatenate([scores, asked @ rows.T], axis=1)
        nearest = np.concatenate([nearest, np.broadcast_to(ids, (len(asked), len(ids)))], axis=1)
        best = np.argsort(-scores, axis=1)[:, :NEIGHBOURS]
        scores = np.take_along_axis(scores, best, axis=1)
        nearest = np.take_along_axis(nearest, best, axis=1)
    return nearest


def _tuned(index: Any, asked: Vectors, nearest: Ids, policy: Policy) -> int:
    """Lists to visit: twice as many as suffice, for real questions may lie further off than those
    made up (with a quarter more, .981 on a made-up million instead of .99)."""
    import faiss

    probes = 1
    while probes < index.nlist:
        _, found = index.search(
            asked,
            policy.fetched,
            params=faiss.SearchParametersIVF(nprobe=probes),  # type: ignore[call-arg]
        )
        if recall(found, nearest) >= policy.recall:
            break
        probes = max(probes + 1, probes * 5 // 4)
    return min(int(index.nlist), 2 * probes)


def recall(found: Ids, nearest: Ids) -> float:
    """Share of the nearest ids [q, n] that are among the found [q, m]."""
    hits = [np.isin(n, f).sum() for n, f in zip(nearest, found, strict=True)]
    return float(np.sum(hits) / max(1, nearest.size))
