"""`assistant chat`: the terminal interface."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TextIO

import click

from assistant.cli.context import Context
from assistant.core.errors import UsageError


@click.command()
@click.option(
    "--plain", is_flag=True, help="Line by line, for screen readers and simple terminals."
)
@click.option("--served", is_flag=True, hidden=True, help="Drawn by a browser.")
@click.pass_obj
def command(context: Context, plain: bool, served: bool) -> None:
    """Open the chat."""
    if plain or (not served and is_plain(os.environ, *map(_is_terminal, (sys.stdin, sys.stdout)))):
        from assistant.plain.run import run_plain

        run_plain(context.settings, context.places)
        return
    if not served:
        require_terminal(is_terminal=_is_terminal(sys.stdin) and _is_terminal(sys.stdout))
    from assistant.tui.run import run_chat

    run_chat(context.settings, context.places, context.origins)


def is_plain(environ: Mapping[str, str], stdin: bool, stdout: bool) -> bool:
    """Whether the chat goes line by line unasked: a person is there to type, and the output
    can't be drawn on."""
    return stdin and (not stdout or environ.get("TERM") == "dumb")


def require_terminal(*, is_terminal: bool) -> None:
    """
    Raises:
        UsageError: nobody is there to chat with.
    """
    if not is_terminal:
        raise UsageError(
            "The chat needs a terminal, and this is a pipe, a file or a job.",
            'For one question: assistant ask "…". For lines from a pipe: assistant chat --plain.',
        )


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and not stream.closed and stream.isatty()
