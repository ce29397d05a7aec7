"""Speed of `assistant index sync` and `status` over files that did not change.

    python -m benchmarks.sync [--files 10000] [--profile]

Files are made up and get made-up vectors, for what is timed makes none: looking at every file,
and comparing. Printed: milliseconds inside the process, and for the whole command.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from assistant.config import IndexSettings, Settings
from benchmarks.made_up import MadeUpEmbedder, never, write_texts
from index.service import DocumentIndex

ROUNDS = 5
FOLDER_FILES = 100


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--profile", action="store_true", help="show where the time goes")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_texts(root / "papers", options.files, FOLDER_FILES, paragraphs=2)
        embedder = MadeUpEmbedder(Settings().embed.model)
        index = DocumentIndex(
            root / "data" / "index",
            IndexSettings(),
            lambda: embedder,
            embedder_name=embedder.name,
        )
        started = time.perf_counter()
        list(index.add([root / "papers"], None, never))
        print(f"{options.files:,} files added in {time.perf_counter() - started:.1f} s")
        report(index, root, options.files)
        if options.profile:
            profile = cProfile.Profile()
            profile.runcall(lambda: list(index.sync(None, never)))
            pstats.Stats(profile).sort_stats("cumulative").print_stats(25)


def report(index: DocumentIndex, root: Path, files: int) -> None:
    """Time everything."""
    rows: dict[str, Callable[[], object]] = {
        "sync, in the process": lambda: list(index.sync(None, never)),
        "status, in the process": lambda: index.status(None),
        "assistant index sync": lambda: command(root, "sync"),
        "assistant index status": lambda: command(root, "status"),
    }
    for label, work in rows.items():
        print(f"{label:26} {timed(work) * 1000:8.0f} ms for {files:,} files")


def command(root: Path, name: str) -> None:
    """Run the whole command, on the data below `root`."""
    subprocess.run(
        [sys.executable, "-m", "assistant", "index", name],
        env={**os.environ, "ASSISTANT_DATA_DIR": str(root / "data")},
        check=True,
        capture_output=True,
    )


def timed(work: Callable[[], object]) -> float:
    """Median seconds of some rounds."""
    rounds: list[float] = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        rounds.append(time.perf_counter() - started)
    return median(rounds)


if __name__ == "__main__":
    main()
