"""`assistant index forget`: documents leave, and nothing of their text stays."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from assistant.cli.context import Context
from assistant.cli.index import opening
from assistant.cli.index.opening import collection_option
from assistant.cli.speaking import say, told


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@collection_option
@click.pass_obj
def forget(context: Context, paths: tuple[Path, ...], collection: str | None) -> None:
    """Take files or folders out of the index; the files themselves are not touched.

    No byte of their text, headings and names stays in the collection; for that its database is
    written anew (some 30 seconds a gigabyte). They stay out until they are added by name.
    """
    tell = _tell if sys.stderr.isatty() else _ignore
    forgotten = opening.open_index(context).forget(paths, collection, tell)
    if forgotten.files == forgotten.roots == 0:
        say("None of that was indexed.", err=True)
        sys.exit(1)
    say(
        f"Files forgotten: {forgotten.files:,}. No byte of their text is left in the index; "
        "the files themselves are untouched."
    )


@click.command(hidden=True)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@collection_option
@click.pass_context
def remove(ctx: click.Context, paths: tuple[Path, ...], collection: str | None) -> None:
    """The former name of `forget`."""
    ctx.invoke(forget, paths=paths, collection=collection)


def _tell(words: str) -> None:
    click.echo(f"{told(words)} …", err=True)


def _ignore(_words: str) -> None:
    """For logs and pipes, the result says it all."""


COMMANDS = (forget, remove)
