"""Kills a process that works on an index at random moments, and checks what is left.

    python -m benchmarks.kills [--kills 100] [--seed N]

Each round some files are changed, a process adds, syncs, forgets, rebuilds, or exports and
imports, and is killed (SIGKILL) at a random moment of it. Then the index must open, verify, answer,
and hold every file it held before. Made-up vectors; needs no model. Ends with status 1 at the
first loss.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.index.kills import Killer


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a line a kill, and their number by work."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    killed: Counter[str] = Counter()
    finished: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        killer = Killer(Path(folder), options.seed)
        while (number := sum(killed.values())) < options.kills:
            kill = killer.round()
            (killed if kill.is_killed else finished)[kill.work] += 1
            what = "killed" if kill.is_killed else "had ended"
            print(f"{number:4} {kill.work:9}{what} at {kill.seconds:.3f} s: {kill.files} files")
        killer.finish()
    works = ", ".join(f"{work} {count}" for work, count in sorted(killed.items()))
    print(f"{sum(killed.values())} kills ({works}), {sum(finished.values())} had ended; none lost.")


if __name__ == "__main__":
    main()
