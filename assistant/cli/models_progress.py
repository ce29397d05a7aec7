"""Showing how far a pull is: a bar on a terminal, plain lines elsewhere; all on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from assistant.cli.speaking import told
from assistant.core.events import Progress

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

LINE_EVERY_PERCENT = 10


@contextmanager
def show_progress() -> Iterator[Callable[[Progress], None]]:
    """A listener fit for stderr as it is."""
    if not sys.stderr.isatty():
        yield PlainLines()
        return
    from rich.console import Console  # 50 ms, and of use on a terminal only
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[amount]}", markup=False),
    )
    with Bars(*columns, console=Console(stderr=True)) as bars:
        lines = BarLines(bars)
        yield lines
        lines.fill()


class PlainLines:
    """A line when the label changes, and one each ten percent."""

    def __init__(self) -> None:
        self._label = ""
        self._tenths = 0

    def __call__(self, progress: Progress) -> None:
        tenths = 0
        if progress.total:
            tenths = int(100 * progress.done / progress.total) // LINE_EVERY_PERCENT
        if (progress.label, tenths) == (self._label, self._tenths):
            return
        self._label, self._tenths = progress.label, tenths
        percent = f" {tenths * LINE_EVERY_PERCENT}%" if progress.total else ""
        click.echo(f"{told(progress.label)}{percent}", err=True)


class BarLines:
    """One bar a label; the one before is full when the next begins."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, progress: Progress) -> None:
        from assistant.models.disk import readable_size

        task = self._tasks.get(progress.label)
        if task is None:
            self.fill()
            task = self._tasks[progress.label] = self._bars.add_task(
                told(progress.label), total=None, amount=""
            )
        total = progress.total
        amount = told(f"{readable_size(progress.done)} of {readable_size(total)}") if total else ""
        self._bars.update(task, total=total, completed=progress.done, amount=amount)

    def fill(self) -> None:
        """Show every step so far as done."""
        for task in self._bars.tasks:
            total = task.total or 1
            self._bars.update(task.id, total=total, completed=total)
