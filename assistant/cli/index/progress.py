"""Shows the events of work on the index: bars on a terminal, lines elsewhere."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import click

from assistant.cli.speaking import say, speech, told
from assistant.core.events import Event, Notice, Progress
from assistant.core.skills import Cancelled

if TYPE_CHECKING:
    from rich.progress import Progress as Bars

_MINUTE, _HOUR = 60, 3600


def show(work: Callable[[Cancelled], Iterable[Event]], stopped: str) -> list[Notice]:
    """Do the work and show its events; the notices there were.

    Ctrl-C stops it with exit status 130 and the words given.
    """
    stop = threading.Event()
    shown = _show_bars if sys.stderr.isatty() else _show_lines
    try:
        return shown(work(stop.is_set))
    except KeyboardInterrupt:
        stop.set()
        say(stopped, err=True)
        sys.exit(130)


def time_left(seconds: float | None) -> str:
    """ "about 3 min left"; nothing while that can't be foretold, or is about to be over."""
    if seconds is None or seconds < 1:
        return ""
    if seconds < 2 * _MINUTE:
        return f"about {seconds:.0f} s left"
    if seconds < 2 * _HOUR:
        return f"about {seconds / _MINUTE:.0f} min left"
    return f"about {seconds / _HOUR:.1f} h left"


class _Rate:
    """Says how many files or chunks a second a stage has done so far."""

    def __init__(self) -> None:
        self._started: dict[str, tuple[float, float]] = {}

    def __call__(self, event: Progress) -> str:
        now = time.monotonic()
        started, last = self._started.get(event.label, (now, 0.0))
        if event.done < last:  # another round of the same stage
            started = now
        self._started[event.label] = started, event.done
        seconds = now - started
        return f"{event.done / seconds:,.1f} {told(event.unit)}/s" if seconds > 0 else "…"


def _show_lines(events: Iterable[Event]) -> list[Notice]:
    """One line a stage and a notice, for logs and pipes."""
    rate = _Rate()
    notices: list[Notice] = []
    for event in events:
        if isinstance(event, Notice):
            notices.append(event)
            click.echo(told(event.text, event.hint), err=True)
        elif isinstance(event, Progress):
            speed = rate(event)
            if event.done == event.total:
                done = f"{event.done:,.0f} {told(event.unit)} ({speed})"
                click.echo(speech().named(told(event.label), done), err=True)
    return notices


def _show_bars(events: Iterable[Event]) -> list[Notice]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[unit]}  {task.fields[speed]}  {task.fields[left]}"),
    )
    rate = _Rate()
    notices: list[Notice] = []
    with Bars(*columns, console=Console(stderr=True)) as bars:
        for event in events:
            if isinstance(event, Notice):
                notices.append(event)
                text = told(event.text, event.hint)
                bars.console.print(text, markup=False, highlight=False)
            elif isinstance(event, Progress):
                _advance(bars, event, rate(event))
    return notices


def _advance(bars: Bars, event: Progress, speed: str) -> None:
    left, label = told(time_left(event.seconds_left)), told(event.label)
    task = next((t.id for t in bars.tasks if t.description == label), None)
    if task is None:
        unit = told(event.unit)
        task = bars.add_task(label, total=event.total, unit=unit, speed="", left="")
    bars.update(task, completed=event.done, total=event.total, speed=speed, left=left)
