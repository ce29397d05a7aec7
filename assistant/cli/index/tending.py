"""`assistant index verify` and `rebuild`: a collection is checked, and put right."""

from __future__ import annotations

import sys

import click

from assistant.cli.context import Context
from assistant.cli.index import opening
from assistant.cli.index.opening import collection_option
from assistant.cli.index.progress import show
from assistant.cli.speaking import say


@click.command()
@collection_option
@click.pass_obj
def verify(context: Context, collection: str | None) -> None:
    """Check a collection's texts, words, vectors and figures against one another.

    Prints what is wrong and what to do about it; exit status 1 if anything is.
    """
    index = opening.open_index(context)
    problems = show(lambda cancelled: index.verify(collection, cancelled), "Stopped checking.")
    if problems:
        sys.exit(1)
    say("All is well.")


@click.command()
@collection_option
@click.option("--embed", is_flag=True, help="Make every vector anew as well; takes longest.")
@click.pass_obj
def rebuild(context: Context, collection: str | None, embed: bool) -> None:
    """Make the word index, the figures and the file of vectors anew from the texts.

    Questions are answered meanwhile. Ctrl-C stops; nothing is lost.
    """
    index = opening.open_index(context, embeds=embed)
    show(
        lambda cancelled: index.rebuild(collection, cancelled, embed=embed),
        "Stopped; run it again to finish.",
    )


COMMANDS = (verify, rebuild)
