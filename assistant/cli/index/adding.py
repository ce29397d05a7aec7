"""`assistant index add`, `sync` and `watch`: documents come in and are kept up with."""

from __future__ import annotations

from pathlib import Path

import click

from assistant.cli.context import Context
from assistant.cli.index import opening
from assistant.cli.index.opening import collection_option
from assistant.cli.index.progress import show
from assistant.cli.speaking import say

_STOPPED = "Stopped; what was read so far is kept, and “assistant index sync” takes the work up."


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@collection_option
@click.pass_obj
def add(context: Context, paths: tuple[Path, ...], collection: str | None) -> None:
    """Read files and folders; what did not change is not read again.

    Ctrl-C stops; the next add or sync takes the work up where it was.
    """
    index = opening.open_index(context, embeds=True)
    show(lambda cancelled: index.add(paths, collection, cancelled), _STOPPED)


@click.command()
@collection_option
@click.pass_obj
def sync(context: Context, collection: str | None) -> None:
    """Bring a collection up to date with the folders that were added to it.

    What is new or changed is read, what was deleted leaves, what was moved is only renamed.
    A folder whose disk is not connected is left as it is.
    """
    index = opening.open_index(context, embeds=True)
    show(lambda cancelled: index.sync(collection, cancelled), _STOPPED)


@click.command()
@collection_option
@click.pass_obj
def watch(context: Context, collection: str | None) -> None:
    """Follow the changes in a collection's folders until Ctrl-C."""
    index = opening.open_index(context, embeds=True)
    say("Following changes; Ctrl-C stops.", err=True)
    show(lambda cancelled: index.watch(collection, cancelled), "Stopped following changes.")


COMMANDS = (add, sync, watch)
