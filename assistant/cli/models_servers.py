"""`assistant models discover` and `assistant models key`: models that servers offer."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click
import msgspec

from assistant.cli.context import Context
from assistant.cli.speaking import cells, padded, say, speech, told
from assistant.core.errors import ModelError, OfflineError, UsageError

if TYPE_CHECKING:
    from assistant.models.catalogue import Catalogue
    from assistant.models.servers.discovery import FoundServer
    from assistant.models.servers.facts import ServedModel
    from assistant.models.sources.server import ServerSource

_ROLES = {"generate": "chat", "embed": "search"}


class OfferedModel(msgspec.Struct, frozen=True):
    """What `models discover --json` says about a model."""

    model: str
    role: str
    context: int
    source: str
    entry: str | None
    """Its name in config.toml, where it has one."""


class ServerRow(msgspec.Struct, frozen=True):
    """What `models discover --json` says about a server."""

    url: str
    kind: str
    wants_key: bool
    models: tuple[OfferedModel, ...]


@click.command("discover")
@click.option("--json", "as_json", is_flag=True, help="Write what was found as JSON.")
@click.option("--add", "wanted", metavar="MODEL", help="Write this model into config.toml.")
@click.option("--as", "name", metavar="NAME", help="Under this name.")
@click.option("--use", is_flag=True, help="And use it from now on.")
@click.pass_obj
def discover_models(
    context: Context, as_json: bool, wanted: str | None, name: str | None, use: bool
) -> None:
    """Show what the model servers of this machine offer.

    Ollama, LM Studio, llama-server, vLLM, SGLang and transformers serve, at their usual ports and
    where OLLAMA_HOST, LLAMA_ARG_PORT or OPENAI_BASE_URL say. Nothing but this machine is asked.
    """
    from assistant.models.catalogue import Catalogue
    from assistant.models.servers.discovery import addresses, discover

    if (name or use) and wanted is None:
        raise UsageError("--as and --use need a model.", "Name it: --add MODEL")
    if context.settings.offline:
        raise OfflineError(
            "Looking for servers opens connections, and offline is on.",
            "Allow it for this once: ASSISTANT_OFFLINE=false assistant models discover",
        )
    catalogue = Catalogue.load(context.settings)
    sources = [entry.server for entry in catalogue if entry.server]
    rows = [_row(server, catalogue) for server in discover(addresses(os.environ, sources))]
    if wanted is not None:
        _add(context, rows, wanted, name, use=use)
    elif as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(rows), indent=2))
    else:
        for line in _lines(rows):
            click.echo(line)


@click.group("key")
def keys() -> None:
    """Keys of servers, kept in the system's keyring."""


@keys.command("set")
@click.argument("name")
@click.pass_obj
def set_key(context: Context, name: str) -> None:
    """Keep the key of a model's server; it is asked for and not shown.

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

    entry, source = Catalogue.load(context.settings).get(name), _source(context, name)
    if entry.key_env and os.environ.get(entry.key_env, "").strip():
        say(f"{source.origin}: in the variable {entry.key_env}.")
    elif stored_key(source):
        say(f"{source.origin}: in the keyring.")
    else:
        say(f"{source.origin}: none.")


def _source(context: Context, name: str) -> ServerSource:
    from assistant.models.catalogue import Catalogue

    source = Catalogue.load(context.settings).get(name).server
    if source is None:
        raise ModelError(
            f"{name} is not served: it runs in the assistant, and needs no key.",
            "Models with an openai: source are: assistant models list",
        )
    return source


def _row(server: FoundServer, catalogue: Catalogue) -> ServerRow:
    models = tuple(_offered(server, model, catalogue) for model in server.models)
    return ServerRow(server.url, server.kind, server.wants_key, models)


def _offered(server: FoundServer, model: ServedModel, catalogue: Catalogue) -> OfferedModel:
    from assistant.models.sources.server import usual_role

    source = f"openai:{server.url}#{model.name}"
    known = next((entry.name for entry in catalogue if entry.source == source), None)
    return OfferedModel(model.name, usual_role(model.name), model.context, source, known)


def _lines(rows: Sequence[ServerRow]) -> list[str]:
    """What was found, by server; then how to use it."""
    from assistant.models.servers.discovery import KNOWN

    if not rows:
        usual = ", ".join(f"{kind} ({port})" for port, kind in KNOWN.items())
        return [told("No model server answers on this machine."), told(f"Looked for: {usual}.")]
    lines: list[str] = []
    width = max((len(m.model) for row in rows for m in row.models), default=0)
    for row in rows:
        state = "wants a key" if row.wants_key else "" if row.models else "lists no models"
        place = " · ".join(filter(None, (row.url, told(state))))
        lines.append(speech().named(told(row.kind), place))
        lines += [f"  {_model_line(model, width)}" for model in row.models]
    new = next((m for row in rows for m in row.models if m.entry is None), None)
    if new is not None:
        add = shlex.quote(new.model)  # it is a server's own text, and will be pasted
        lines += ["", told(f"To use one: assistant models discover --add {add} --use")]
    return lines


def _model_line(model: OfferedModel, width: int) -> str:
    context = told(f"{model.context:,} tokens") if model.context else ""
    known = told(f"in config.toml as {model.entry}") if model.entry else ""
    roles = {role: told(word) for role, word in _ROLES.items()}
    role = padded(roles[model.role], max(map(cells, roles.values())))
    parts = [model.model.ljust(width), role, context, known]
    return "  ".join(part for part in parts if part).rstrip()


def _add(
    context: Context, rows: Sequence[ServerRow], wanted: str, name: str | None, *, use: bool
) -> None:
    """Write an entry, in the two lines it needs."""
    from assistant.config.edit import add_model, save_setting
    from assistant.models.catalogue import Catalogue, read_entry
    from assistant.models.servers.discovery import free_name

    offered = [model for row in rows for model in row.models]
    model = next((m for m in offered if m.model == wanted), None)
    if model is None:
        there = ", ".join(m.model for m in offered) or "none"
        raise ModelError(f"No server of this machine offers “{wanted}”.", f"Offered: {there}.")
    taken = {entry.name for entry in Catalogue.load(context.settings)}
    name = name or model.entry or free_name(wanted, taken)
    setting = f"{model.role}.model"
    if model.entry != name:
        if name in taken:
            raise ModelError(f"There is a model {name} already.", "Give it another: --as NAME")
        entry = {"role": model.role, "source": model.source}
        read_entry(name, entry)
        add_model(context.places.config_file, name, entry)
        say(f"Added to {context.places.config_file}: [models.{name}]", err=True)
    if use:
        save_setting(context.places.config_file, setting, name)
        say(f"In use: {setting} = {name}", err=True)
    else:
        say(f"To use it: assistant config set {setting} {name}", err=True)
