"""`assistant chat`: the terminal interface."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

import click

from assistant.cli.context import Context
from assistant.core.errors import UsageError


@click.command()
@click.pass_obj
def command(context: Context) -> None:
    """Open the chat."""
    require_terminal(os.environ, is_terminal=_is_terminal())
    from assistant.tui.run import run_chat

    run_chat(context.settings, context.places, context.origins)


def require_terminal(environ: Mapping[str, str], *, is_terminal: bool) -> None:
    """
    Raises:
        UsageError: the chat can't be drawn here.
    """
    if not is_terminal:
        raise UsageError(
            "The chat needs a terminal, and this is a pipe, a file or a job.",
            'For one question: assistant ask "…". All commands: assistant --help',
        )
    if environ.get("TERM") == "dumb":
        raise UsageError(
            "This terminal can't move its cursor (TERM is dumb), so the chat can't be drawn.",
            'For one question: assistant ask "…". For the chat: another terminal.',
        )


def _is_terminal() -> bool:
    return all(
        stream is not None and not stream.closed and stream.isatty()
        for stream in (sys.stdin, sys.stdout)
    )
