"""What the commands of `assistant index` share: the index, and the option for a collection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.cli.context import Context
from assistant.cli.speaking import say

if TYPE_CHECKING:
    from index.service import DocumentIndex

collection_option = click.option(
    "--collection", "-c", metavar="NAME", help="Which collection; one of the settings by default."
)


def open_index(context: Context, *, embeds: bool = False) -> DocumentIndex:
    """The index as the settings have it; loads no model.

    Args:
        embeds: the text of documents goes to the embedder; said where that is another machine.
    """
    from assistant.engine.wiring import build  # 0.1 s

    engine = build(context.settings, context.places)
    source = engine.catalogue.get(context.settings.embed.model).server if embeds else None
    if source is not None and not source.is_local:
        say(
            f"Note: the text of the documents is sent to {source.destination}, where "
            f"{context.settings.embed.model} is served.",
            err=True,
        )
    return engine.index
