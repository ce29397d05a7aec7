"""What the commands of `assistant index` share: the index, and the option for a collection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.cli.context import Context

if TYPE_CHECKING:
    from index.service import DocumentIndex

collection_option = click.option(
    "--collection", "-c", metavar="NAME", help="Which collection; one of the settings by default."
)


def open_index(context: Context) -> DocumentIndex:
    """The index as the settings have it; loads no model."""
    from assistant.engine.wiring import build  # 0.1 s

    return build(context.settings, context.places).index
