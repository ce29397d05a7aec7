"""Kills a process that works on an index at a moment of its work, and checks what is left."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from assistant.config import IndexSettings
from assistant.core.events import Notice
from index.service import DocumentIndex
from tests.fakes import HashingEmbedder
from tests.index.killed import WORKS, never

FILES = 120
_LONGEST = {"add": 0.7, "sync": 0.4, "forget": 0.1, "rebuild": 0.5, "transfer": 0.35}
"""Seconds the work takes about; it is killed at some moment of them."""


@dataclass(frozen=True, slots=True)
class Kill:
    """What was going on, and what was found afterwards."""

    work: str
    seconds: float
    is_killed: bool
    files: int


class Killer:
    """Works, kills and checks, round after round, on one index.

    Args:
        place: an empty folder.
    """

    def __init__(self, place: Path, seed: int) -> None:
        self._draw = random.Random(seed)  # noqa: S311 - no secret
        self.root = place / "index"
        self.folder = place / "papers"
        self.folder.mkdir()
        for number in range(FILES):
            self._write(number)
        self._committed: set[str] = set()

    def index(self) -> DocumentIndex:
        """The index as a program that starts now finds it."""
        return DocumentIndex(self.root, IndexSettings(), HashingEmbedder, embedder_name="hashing")

    def round(self) -> Kill:
        """Change something, work, kill, and check.

        Raises:
            AssertionError: something was lost or broken.
        """
        work = self._draw.choice(sorted(WORKS) if self._committed else ["add"])
        forgettable = work == "forget"
        for number in self._draw.sample(range(FILES), 12):
            self._write(number)
        seconds = self._draw.uniform(0, _LONGEST[work])
        is_killed = self._killed(work, seconds)
        return Kill(work, seconds, is_killed, self._check(forgettable=forgettable))

    def finish(self) -> None:
        """Take up what was interrupted, and check that all of it is there."""
        index = self.index()
        list(index.add([self.folder, *self.folder.glob("*.txt")], None, never))
        status = index.status(None)
        assert (status.count("fresh"), status.pending) == (FILES, 0), status
        assert problems(index) == []

    def _killed(self, work: str, seconds: float) -> bool:
        command = [sys.executable, "-m", "tests.index.killed", work, str(self.root)]
        with subprocess.Popen(
            [*command, str(self.folder)], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
        ) as child:
            assert child.stdout is not None
            assert child.stdout.readline(), "the child did not start"
            time.sleep(seconds)
            child.kill()
            return not child.stdout.read().endswith(b"end\n")

    def _check(self, *, forgettable: bool) -> int:
        index = self.index()
        assert problems(index) == []
        held = {f.path for f in index.status(None).files if f.chunks}
        lost = self._committed - held
        assert forgettable or not lost, f"committed files were lost: {sorted(lost)}"
        assert "copy" not in index.collections() or problems(index, "copy") == []
        found = index.retrieve("Which paper tells of topic 2?", None, 3).candidates
        assert bool(found) == bool(held)
        self._committed = held
        return len(held)

    def _write(self, number: int) -> None:
        draw = self._draw.randrange(10**6)
        text = "\n\n".join(
            f"Paragraph {n} of paper {number} tells of topic {n} in the year {draw}. " * 9
            for n in range(3)
        )
        (self.folder / f"paper{number:03}.txt").write_text(text)


def problems(index: DocumentIndex, collection: str | None = None) -> list[str]:
    """What `verify` finds."""
    return [e.text for e in index.verify(collection, never) if isinstance(e, Notice)]
