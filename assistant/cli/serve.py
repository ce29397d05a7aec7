"""`assistant serve`: the chat in a browser of this machine."""

from __future__ import annotations

import sys

import click

from assistant.cli.context import Context
from assistant.cli.speaking import say


@click.command()
@click.option(
    "-p",
    "--port",
    type=click.IntRange(0, 65535),
    default=8666,
    show_default=True,
    help="To listen on; 0 takes a free one.",
)
@click.pass_obj
def command(context: Context, port: int) -> None:
    """Open the chat in a browser of this machine.

    Prints an address with a secret in it, new each time: who has it can read your conversations
    and documents. The server listens on the loopback interface only, also with `offline = true`;
    from another machine, use a tunnel (ssh -L 8666:127.0.0.1:8666 HOST).
    """
    assert context.settings is not None  # noqa: S101 - read now, so that a broken file is told
    from assistant.web.server import serve

    serve([sys.executable, "-m", "assistant", "chat", "--served"], port, _tell)


def _tell(address: str) -> None:
    click.echo(address)
    say("Open it in a browser on this machine. Ctrl+C ends it.", err=True)
