"""What looking after a large collection costs: edits, forgetting, checking, moving.

    python -m benchmarks.upkeep [--files 10000]

Files are made up, five chunks each, and so are the vectors. Printed: seconds, and megabytes of
the database.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.config import IndexSettings
from benchmarks.made_up import MadeUpEmbedder, never, write_texts
from index.service import DocumentIndex


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--files", type=int, default=10_000)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        papers = place / "papers"
        write_texts(papers, options.files, 100, paragraphs=5)
        embedder = MadeUpEmbedder("made-up")
        index = DocumentIndex(
            place / "index", IndexSettings(), lambda: embedder, embedder_name=embedder.name
        )
        one, two = sorted(papers.rglob("*.txt"))[:2]
        timed("add", lambda: list(index.add([papers], None, never)))
        (summary,) = index.summaries()
        size = (place / "index" / "default" / "index.sqlite3").stat().st_size
        print(f"{summary.files:,} files, {summary.chunks:,} chunks, {size / (1 << 20):,.0f} MB")
        timed("sync, nothing changed", lambda: list(index.sync(None, never)))
        one.write_text("Another text altogether.")
        timed("sync, one file edited", lambda: list(index.sync(None, never)))
        timed("status", lambda: index.status(None))
        timed("forget one file", lambda: index.forget([two], None))
        timed("verify", lambda: list(index.verify(None, never)))
        timed("rebuild", lambda: list(index.rebuild(None, never)))
        file = place / "exported.zip"
        timed("export", lambda: list(index.export("default", file, never)))
        print(f"the exported file has {file.stat().st_size / (1 << 20):,.0f} MB")
        timed("import", lambda: list(index.import_(file, "copy", never)))


def timed(label: str, work: Callable[[], object]) -> None:
    """Print the seconds of some work."""
    started = time.perf_counter()
    work()
    print(f"{label:24}{time.perf_counter() - started:8.2f} s", flush=True)


if __name__ == "__main__":
    main()
