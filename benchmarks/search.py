"""Speed, recall and memory of retrieval on a made-up collection.

    python -m benchmarks.search [--chunks 10000 100000 1000000] [--questions 100] [--folder DIR]

For each size a collection is made (see `benchmarks/search_data.py`), its index trained, and
questions are asked through `Collection.retrieve` by one thread: all but the encoding of the
question is timed. CPU time stands beside, for machines that do other work. A million chunks take
2.6 GB of disk and, on two cores, seven minutes to make and two to train. Recall of the vectors:
share of the exact ten nearest among the candidates of that list; recall of the words: of the
ten best by BM25 over all terms. Both are measured again after a tenth of the files has left and
half as many new ones have come. Memory is what a fresh process gains by loading the vectors.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import psutil

from assistant.core.documents import Filters
from benchmarks.search_data import CHUNKS_A_FILE, DIMENSION, EMBEDDER, Maker, Question
from index.catalogue import Catalogue, Session
from index.collection import DATABASE, Collection
from index.dense_search import DenseSearch
from index.lexical import TermCounts
from index.restriction import Restriction
from index.retriever import POOL
from index.training import NEIGHBOURS, Policy, nearest_of, recall
from index.vector_cache import VectorCache
from index.vectors import FaissStore

CANDIDATES = 8
"""Chunks asked for."""
GONE, NEW = 10, 20
"""One file in `GONE` is removed, and one for every `NEW` comes anew."""
WORD_QUESTIONS = 20
"""Exact BM25 over a million chunks takes seconds a question."""
FILTERS = {
    "one file": Filters(paths=("file77.txt",)),
    "a hundredth": Filters(paths=("made-up/11/",)),
    "a ninth": Filters(paths=("made-up/1*/",)),
}


def measured(action: Callable[[Question], object], questions: Sequence[Question]) -> str:
    """Milliseconds a question, after three to warm up."""
    for question in questions[:3]:
        action(question)
    walls, works = [], []
    for question in questions:
        wall, work = time.perf_counter(), time.thread_time()
        action(question)
        walls.append(time.perf_counter() - wall)
        works.append(time.thread_time() - work)
    p50, p95 = np.percentile(walls, [50, 95]) * 1e3
    return f"p50 {p50:.1f} ms, p95 {p95:.1f} ms (CPU p50 {np.median(works) * 1e3:.1f} ms)"


class Bench:
    """A collection of a size, and questions about it."""

    def __init__(self, folder: Path, chunks: int, questions: int) -> None:
        self._folder = folder
        self._collection = Collection(folder)
        self._maker = Maker(folder / DATABASE, chunks)
        started = time.perf_counter()
        for _ in self._maker.add(chunks):
            pass
        self._questions = self._maker.questions(questions)
        size = (folder / DATABASE).stat().st_size
        print(
            f"{chunks:,} chunks: made in {time.perf_counter() - started:.0f} s, "
            f"database {size / 1e6:,.0f} MB",
            flush=True,
        )

    def run(self) -> None:
        """Print everything."""
        self._ask("untrained")
        self._save()
        self._ask("trained")
        self._recall()
        for name, filters in FILTERS.items():
            self._ask(f"filter, {name}", filters)
        self._change()
        self._ask("changed")
        self._recall()

    def _ask(self, state: str, filters: Filters = Filters()) -> None:  # noqa: B008
        def ask(question: Question) -> object:
            return self._collection.retrieve(
                question.text, CANDIDATES, question.vector, EMBEDDER, filters
            )

        print(f"  retrieve, {state}: {measured(ask, self._questions)}", flush=True)

    def _save(self) -> None:
        started, work = time.perf_counter(), time.process_time()
        with self._collection.writing() as session:
            self._collection.save_vectors(session, EMBEDDER, DIMENSION)
        (file,) = self._folder.glob("vectors-*")
        command = [sys.executable, "-m", "benchmarks.search", "--load", str(file)]
        loaded = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        print(
            f"  trained and saved in {time.perf_counter() - started:.1f} s (CPU "
            f"{time.process_time() - work:.1f} s), file {file.stat().st_size / 1e6:,.0f} MB; "
            f"{loaded.strip()}",
            flush=True,
        )

    def _change(self) -> None:
        with self._collection.writing() as session:
            files = list(session.files.known())
            session.files.remove_files(files[::GONE])
        for _ in self._maker.add(len(files) // NEW * CHUNKS_A_FILE):
            pass

    def _recall(self) -> None:
        catalogue = Catalogue(self._folder / DATABASE)
        cache = VectorCache(self._folder, Policy())
        with catalogue.session() as session, session.snapshot():
            store = cache.current(session, EMBEDDER, DIMENSION)
            self._dense_recall(session, cache, store)
            self._word_recall(session)

    def _dense_recall(self, session: Session, cache: VectorCache, store: FaissStore) -> None:
        table = session.vectors(EMBEDDER)
        asked = np.stack([q.vector for q in self._questions])
        found = []
        for query in asked:
            near = DenseSearch(table, query, partial(cache.neighbours, store, query))
            ids = table.ids_of(list(near.top(POOL)))
            found.append(np.array([*ids, *[-1] * (POOL - len(ids))]))
        share = recall(np.stack(found), nearest_of(asked, table.after(0)))
        print(f"  recall@{NEIGHBOURS} of the vectors {share:.4f}", flush=True)

    def _word_recall(self, session: Session) -> None:
        counts, everywhere = TermCounts(), Restriction(1, is_partial=False)
        shares = []
        for question in self._questions[:WORD_QUESTIONS]:
            quick = session.words(question.text, counts, everywhere)
            full = session.words(question.text, counts, everywhere, exact=sys.maxsize)
            best = set(full.top(NEIGHBOURS))
            shares.append(len(best & set(quick.top(POOL))) / max(1, len(best)))
        print(f"  recall@{NEIGHBOURS} of the words {np.mean(shares):.3f}", flush=True)


def report_load(file: Path) -> None:
    """Print what loading a vector file takes."""
    import faiss  # noqa: F401  its own memory is not the vectors'

    before = psutil.Process().memory_info().rss
    started = time.perf_counter()
    loaded = FaissStore.load(file)
    seconds = time.perf_counter() - started
    assert loaded is not None
    grown = psutil.Process().memory_info().rss - before
    print(
        f"loaded in {seconds:.2f} s, {grown / 1e6:,.0f} MB "
        f"({grown / len(loaded[0]) / 1e3:.2f} GB a million)"
    )


def main() -> None:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--chunks", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--folder", type=Path, help="where the collections are made for a while")
    parser.add_argument("--load", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.load is not None:
        report_load(arguments.load)
        return
    for chunks in arguments.chunks:
        with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
            Bench(Path(folder) / "made-up", chunks, arguments.questions).run()


if __name__ == "__main__":
    main()
