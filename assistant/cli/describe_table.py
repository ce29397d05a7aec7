"""`assistant describe … --csv`: many images into a table, with progress, and on again later."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import click

from assistant.cli.image_table import columns, finished, name_of, writing
from assistant.cli.speaking import told
from assistant.core.errors import UsageError
from assistant.core.text import sanitize

if TYPE_CHECKING:
    from skills.survey import Row, Survey, Wish

_MOST_TOLD = 20
"""Images that could not be read named at the end; the table has all."""
_CLEAR = "\r\x1b[K"
"""Back to the beginning of the line, which is wiped."""
_EVERY = 0.5
"""Seconds between two reports."""


@dataclass(slots=True)
class Tally:
    """How far a run is."""

    total: int
    done: int = 0
    failed: list[Row] = field(default_factory=list)
    started: float = field(default_factory=monotonic)
    last_told: float = 0.0

    def count(self, row: Row) -> None:
        self.done += 1
        if row.width is None:
            self.failed.append(row)

    def report(self) -> None:
        """The state of the run on one line of the terminal, now and then."""
        now = monotonic()
        if not sys.stderr.isatty() or now - self.last_told < _EVERY:
            return
        self.last_told = now
        rate = self.done / max(now - self.started, 1e-6)
        left = (self.total - self.done) / rate if rate else 0.0
        state = f"{self.done} of {self.total} images · {rate:.1f}/s · {left:.0f} s left"
        sys.stderr.write(_CLEAR + told(state))
        sys.stderr.flush()


def write_table(
    survey: Survey, paths: Sequence[Path], wish: Wish, table: Path, *, force: bool
) -> int:
    """Add a row for each image that has none yet.

    Returns:
        How many of them could not be read.

    Raises:
        UsageError: the file is no such table, or in no folder.
        DocumentError: it can't be written.
    """
    from assistant.core.events import Notice

    if not table.parent.is_dir() or table.is_dir():
        raise UsageError(f"There is no folder {table.parent}.", "Make it first.")
    names = columns(places=wish.places)
    known = frozenset() if force else finished(table, names)
    left = [path for path in dict.fromkeys(paths) if name_of(path) not in known]
    skipped = len(dict.fromkeys(paths)) - len(left)
    if skipped:
        _say(f"{skipped} of {skipped + len(left)} images are in {table} already and left out.")
    tally = Tally(len(left))
    with writing(table, names, anew=force) as writer:
        for row in survey.rows(left, wish):
            if isinstance(row, Notice):
                _say(f"{row.text} {row.hint}".strip())
                continue
            writer.add(row)
            tally.count(row)
            tally.report()
    _summary(tally, table)
    return len(tally.failed)


def _summary(tally: Tally, table: Path) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(_CLEAR)
    _say(f"{tally.done - len(tally.failed)} of {tally.total} images described in {table}.")
    if not tally.failed:
        return
    _say(f"{len(tally.failed)} could not be read:")
    for row in tally.failed[:_MOST_TOLD]:
        _say(f"  {row.error}")
    if len(tally.failed) > _MOST_TOLD:
        _say(f"  … and {len(tally.failed) - _MOST_TOLD} more; the table names them.")


def _say(text: str) -> None:
    click.echo(sanitize(told(text)), err=True)
