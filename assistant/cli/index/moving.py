"""`assistant index export` and `import`: a collection as one file."""

from __future__ import annotations

from pathlib import Path

import click

from assistant.cli.context import Context
from assistant.cli.index import opening
from assistant.cli.index.progress import show


@click.command("export")
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Write over a file that is there.")
@click.pass_obj
def export_collection(context: Context, name: str, file: Path, replace: bool) -> None:
    """Write a collection to one file: texts, vectors, file names, and the folders it follows.

    The documents themselves are not in it.
    """
    index = opening.open_index(context)
    show(
        lambda cancelled: index.export(name, file, cancelled, replace=replace),
        "Stopped; no file was written.",
    )


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "name", metavar="NAME", help="Another name than it had.")
@click.option("--replace", is_flag=True, help="Take the place of the collection of that name.")
@click.pass_obj
def import_collection(context: Context, file: Path, name: str | None, replace: bool) -> None:
    """Make a collection of an exported file. The file is not trusted; it is checked row by row."""
    index = opening.open_index(context)
    show(
        lambda cancelled: index.import_(file, name, cancelled, replace=replace),
        "Stopped; nothing was imported.",
    )


COMMANDS = (export_collection, import_collection)
