"""`assistant models discover`: models that servers offer."""

from __future__ import annotations

import os
import shlex
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
PATIENT_SECONDS = 3.0
"""For the connection to a server that was named: it may be another machine's."""
MOST_NAMED = 20


class OfferedModel(msgspec.Struct, frozen=True):
    """What `models discover --json` says about a model."""

    model: str
    role: str
    context: int
    source: str
    entry: str | None
    """Its name in config.toml, where it has one."""
    detail: str = ""
    """How large it is, where the server says."""
    sent_to: str = ""
    """The other machine that text for it is sent to."""


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
@click.option("--use", is_flag=True, help="And use it from now on; the only one needs no name.")
@click.option("--at", "address", metavar="ADDRESS", help="Ask this server, and no other.")
@click.pass_obj
def discover_models(
    context: Context,
    as_json: bool,
    wanted: str | None,
    name: str | None,
    use: bool,
    address: str | None,
) -> None:
    """Show what the model servers of this machine offer.

    Ollama, LM Studio, llama-server, vLLM, SGLang and transformers serve, at their usual ports and
    where OLLAMA_HOST, LLAMA_ARG_PORT or OPENAI_BASE_URL say. Nothing but this machine is asked,
    unless --at names another.
    """
    if name and wanted is None and not use:
        raise UsageError("--as needs a model.", "Name it: --add MODEL")
    if context.settings.offline:
        raise OfflineError(
            "Looking for servers opens connections, and offline is on.",
            "Allow it for this once: ASSISTANT_OFFLINE=false assistant models discover",
        )
    rows = _found(context, address)
    if wanted is None and use:
        wanted = _only_one(rows)
    if wanted is not None:
        _add(context, rows, wanted, name, use=use)
    elif as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(rows), indent=2))
    else:
        for line in _lines(rows, address):
            click.echo(line)


def _found(context: Context, address: str | None) -> list[ServerRow]:
    from assistant.models.catalogue import Catalogue
    from assistant.models.servers.discovery import addresses, ask_server, discover
    from assistant.models.servers.keys import kept_key
    from assistant.models.sources.server import parse_server

    def key_of(source: ServerSource) -> str:
        return kept_key(source).key

    catalogue = Catalogue.load(context.settings)
    if address is not None:
        url = parse_server(f"{with_scheme(address)}#any").url
        servers: Sequence[FoundServer] = [ask_server(url, key_of, connect_seconds=PATIENT_SECONDS)]
    else:
        sources = [entry.server for entry in catalogue if entry.server]
        servers = discover(addresses(os.environ, sources), key_of)
    return [_row(server, catalogue) for server in servers]


def with_scheme(address: str) -> str:
    """An address as one types it, "box:8000" or "http://box:8000/v1", as a URL."""
    address = address.removeprefix("openai:").partition("#")[0]
    return address if "://" in address else f"http://{address}"


def _only_one(rows: Sequence[ServerRow]) -> str:
    """The model meant where there is one to chat with.

    Raises:
        UsageError: there are several, or none.
    """
    offered = [m.model for row in rows for m in row.models if m.role == "generate"]
    if len(offered) == 1:
        return offered[0]
    if not offered:
        raise UsageError(
            "No server of this machine offers a model to chat with.",
            "What there is: assistant models discover",
        )
    raise UsageError(
        "There are several models; --use needs to know which.",
        f"Name one: --add MODEL --use. Offered: {', '.join(offered[:MOST_NAMED])}.",
    )


def _row(server: FoundServer, catalogue: Catalogue) -> ServerRow:
    models = tuple(_offered(server, model, catalogue) for model in server.models)
    return ServerRow(server.url, server.kind, server.wants_key, models)


def _offered(server: FoundServer, model: ServedModel, catalogue: Catalogue) -> OfferedModel:
    from assistant.models.sources.server import ServerSource, usual_role

    source = ServerSource(server.url, model.name)
    known = next((entry.name for entry in catalogue if entry.server == source), None)
    away = model.passed_to or ("" if source.is_local else source.destination)
    role = model.role or usual_role(model.name)
    return OfferedModel(
        model.name, role, model.context, str(source), known, model.detail, sent_to=away
    )


def _lines(rows: Sequence[ServerRow], address: str | None) -> list[str]:
    """What was found, by server; then how to use it."""
    from assistant.models.servers.discovery import KNOWN

    if not rows:
        usual = ", ".join(f"{kind} ({port})" for port, kind in KNOWN.items())
        return [
            told("No model server answers on this machine."),
            told(f"Looked for: {usual}."),
            told("One that is elsewhere: assistant models discover --at http://HOST:PORT"),
        ]
    lines: list[str] = []
    width = max((len(m.model) for row in rows for m in row.models), default=0)
    for row in rows:
        state = "wants a key" if row.wants_key else "" if row.models else "lists no models"
        place = " · ".join(filter(None, (row.url, told(state))))
        lines.append(speech().named(told(row.kind), place))
        lines += [f"  {_model_line(model, width)}" for model in row.models]
        lines += [f"  {told(way)}" for way in _ways_on(row)]
    new = next((m for row in rows for m in row.models if m.entry is None), None)
    if new is not None:
        add = shlex.quote(new.model)  # it is a server's own text, and will be pasted
        at = f" --at {address}" if address else ""
        lines += ["", told(f"To use one: assistant models discover{at} --add {add} --use")]
    return lines


def _ways_on(row: ServerRow) -> tuple[str, ...]:
    """What makes a server that lists nothing list something."""
    if row.wants_key:
        origin = row.url.removesuffix("/v1")
        return (f"Keep its key, then look again: assistant models key set {origin}",)
    if row.kind == "Ollama" and not row.models:
        return ("Fetch one with Ollama, then look again: ollama pull qwen3:4b",)
    return ()


def _model_line(model: OfferedModel, width: int) -> str:
    context = told(f"{model.context:,} tokens") if model.context else ""
    known = told(f"in config.toml as {model.entry}") if model.entry else ""
    away = told(f"text is sent to {model.sent_to}") if model.sent_to else ""
    roles = {role: told(word) for role, word in _ROLES.items()}
    role = padded(roles[model.role], max(map(cells, roles.values())))
    parts = [model.model.ljust(width), role, model.detail, context, away, known]
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
