"""`assistant index`: the documents that questions are answered from."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli.context import Context
from assistant.core.events import Event, Notice, Progress

if TYPE_CHECKING:
    from rich.progress import Progress as Bars

    from assistant.core.collections import CollectionStatus
    from index.service import DocumentIndex

_collection = click.option(
    "--collection", "-c", metavar="NAME", help="Which collection; one of the settings by default."
)
_paths = click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))


@click.group("index")
def command() -> None:
    """Add documents to ask about, see what became of them, take them out again."""


@command.command()
@_paths
@_collection
@click.pass_obj
def add(context: Context, paths: tuple[Path, ...], collection: str | None) -> None:
    """Read files and folders; what did not change is not read again.

    Ctrl-C stops; the next add takes the work up where it was.
    """
    stop = threading.Event()
    show = _show_bars if sys.stderr.isatty() else _show_lines
    try:
        show(_index(context).add(paths, collection, stop.is_set))
    except KeyboardInterrupt:
        stop.set()
        click.echo("Stopped; what was read so far is kept.", err=True)
        sys.exit(130)


@command.command("list")
@click.pass_obj
def list_collections(context: Context) -> None:
    """Show the collections and how many files each has."""
    index = _index(context)
    names = index.collections()
    if not names:
        click.echo("No documents yet. Add some: assistant index add FOLDER")
    for name in names:
        marked = " (default)" if name == context.settings.index.collection else ""
        click.echo(f"{name}{marked}: {index.file_count(name):,} files")


@command.command()
@_collection
@click.option("--json", "as_json", is_flag=True, help="Machine-readable, one JSON object.")
@click.pass_obj
def status(context: Context, collection: str | None, as_json: bool) -> None:
    """Show what became of every file: fresh, stale, failed (why) or waiting."""
    receipt = _index(context).status(collection)
    if as_json:
        import msgspec

        click.echo(msgspec.json.encode(receipt).decode())
        return
    for line in _receipt_lines(receipt):
        click.echo(line)


@command.command()
@_paths
@_collection
@click.pass_obj
def remove(context: Context, paths: tuple[Path, ...], collection: str | None) -> None:
    """Take files or folders out of the index; the files themselves are not touched."""
    removed = _index(context).forget(paths, collection)
    if removed == 0:
        click.echo("None of that was indexed.", err=True)
        sys.exit(1)
    click.echo(f"{removed:,} files removed from the index.")


def _index(context: Context) -> DocumentIndex:
    from assistant.engine.wiring import build  # 0.1 s

    return build(context.settings, context.places).index


def _receipt_lines(receipt: CollectionStatus) -> Iterator[str]:
    for file in receipt.files:
        reason = f" — {file.reason}" if file.reason else ""
        yield f"{file.state:8}{file.path} ({file.chunks:,} chunks){reason}"
    counts = ", ".join(
        f"{receipt.count(state):,} {state}"
        for state in ("fresh", "stale", "failed", "waiting")
        if receipt.count(state)
    )
    yield f"{receipt.name}: {counts or 'no files'}; {receipt.chunks:,} chunks."


class _Rate:
    """Says how many files or chunks a second a stage has done so far."""

    def __init__(self) -> None:
        self._started: dict[str, float] = {}

    def __call__(self, event: Progress) -> str:
        now = time.monotonic()
        seconds = now - self._started.setdefault(event.label, now)
        return f"{event.done / seconds:,.1f} {event.unit}/s" if seconds > 0 else "…"


def _show_lines(events: Iterable[Event]) -> None:
    """One line a stage and a notice, for logs and pipes."""
    rate = _Rate()
    for event in events:
        if isinstance(event, Notice):
            click.echo(_notice(event), err=True)
        elif isinstance(event, Progress):
            speed = rate(event)
            if event.done == event.total:
                click.echo(f"{event.label}: {event.done:,.0f} {event.unit} ({speed})", err=True)


def _show_bars(events: Iterable[Event]) -> None:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[unit]}  {task.fields[speed]}"),
        TimeRemainingColumn(),
    )
    rate = _Rate()
    with Bars(*columns, console=Console(stderr=True)) as bars:
        for event in events:
            if isinstance(event, Notice):
                bars.console.print(_notice(event), markup=False, highlight=False)
            elif isinstance(event, Progress):
                _advance(bars, event, rate(event))


def _advance(bars: Bars, event: Progress, speed: str) -> None:
    task = next((t.id for t in bars.tasks if t.description == event.label), None)
    if task is None:
        task = bars.add_task(event.label, total=event.total, unit=event.unit, speed=speed)
    bars.update(task, completed=event.done, total=event.total, speed=speed)


def _notice(notice: Notice) -> str:
    return f"{notice.text} {notice.hint}".strip()
