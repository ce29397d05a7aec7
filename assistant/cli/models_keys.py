"""`assistant models key`: keys of servers."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from assistant.cli.context import Context
from assistant.cli.models_servers import with_scheme
from assistant.cli.speaking import say, told
from assistant.core.errors import ModelError

if TYPE_CHECKING:
    from assistant.models.sources.server import ServerSource


@click.group("key")
def keys() -> None:
    """Keys of servers, kept in the system's keyring."""


@keys.command("set")
@click.argument("name")
@click.pass_obj
def set_key(context: Context, name: str) -> None:
    """Keep the key of a model's server, or of an address; it is asked for and not shown.

    Piped in, it is read from standard input. It holds for every model of that server.
    """
    from assistant.models.servers.keys import store_key

    source = _source(context, name)
    if sys.stdin.isatty():
        key = str(click.prompt(told(f"Key for {source.origin}"), hide_input=True, err=True))
    else:
        key = sys.stdin.readline()
    store_key(source, key.strip())
    say(f"Kept for {source.origin}.", err=True)


@keys.command("remove")
@click.argument("name")
@click.pass_obj
def remove_key(context: Context, name: str) -> None:
    """Forget the key of a model's server."""
    from assistant.models.servers.keys import forget_key

    source = _source(context, name)
    gone = forget_key(source)
    say(f"Forgotten: {source.origin}." if gone else f"There was none for {source.origin}.")


@keys.command("status")
@click.argument("name")
@click.pass_obj
def show_key(context: Context, name: str) -> None:
    """Say whether there is a key for a model's server, and where; never the key."""
    from assistant.models.catalogue import Catalogue
    from assistant.models.servers.keys import stored_key

    source = _source(context, name)
    variable = "" if "://" in name else Catalogue.load(context.settings).get(name).key_env
    if variable and os.environ.get(variable, "").strip():
        say(f"{source.origin}: in the variable {variable}.")
    elif stored_key(source):
        say(f"{source.origin}: in the keyring.")
    else:
        say(f"{source.origin}: none.")


def _source(context: Context, name: str) -> ServerSource:
    """The server of a model, or at an address."""
    from assistant.models.catalogue import Catalogue
    from assistant.models.sources.server import parse_server

    if "://" in name:
        return parse_server(f"{with_scheme(name)}#any")
    source = Catalogue.load(context.settings).get(name).server
    if source is None:
        raise ModelError(
            f"{name} is not served: it runs in the assistant, and needs no key.",
            "Models with an openai: source are: assistant models list",
        )
    return source
