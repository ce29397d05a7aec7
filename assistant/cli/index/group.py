"""The group `assistant index` and its commands."""

from __future__ import annotations

import click

from assistant.cli.index import adding, forgetting, moving, pictures, showing, tending


@click.group("index")
def command() -> None:
    """Add documents to ask about, keep up with them, and take them out again."""


for _module in (adding, showing, pictures, forgetting, tending, moving):
    for _command in _module.COMMANDS:
        command.add_command(_command)
