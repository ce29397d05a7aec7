"""From a catalogue entry and the settings to a server that can be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from assistant.config.settings import Settings
from assistant.core.errors import ModelError, OfflineError
from assistant.models.catalogue import ModelEntry
from assistant.models.servers.client import ServerClient
from assistant.models.servers.embedder import ServerEmbedder
from assistant.models.servers.endpoint import Endpoint
from assistant.models.servers.facts import served_models
from assistant.models.servers.generator import ServerGenerator
from assistant.models.servers.keys import find_key
from assistant.models.servers.sent import SentLog
from assistant.models.sources.server import ServerSource


def open_generator(
    entry: ModelEntry, settings: Settings, environ: Mapping[str, str], sent: SentLog
) -> ServerGenerator:
    """
    Raises:
        OfflineError: offline is on.
        ModelError: the key is missing.
    """
    return ServerGenerator(
        endpoint_of(entry, settings, environ, sent),
        name=entry.name,
        context=entry.context,
        grounded=entry.grounded,
    )


def open_embedder(
    entry: ModelEntry, settings: Settings, environ: Mapping[str, str], sent: SentLog
) -> ServerEmbedder:
    """Raises as `open_generator`."""
    return ServerEmbedder(
        endpoint_of(entry, settings, environ, sent),
        name=entry.name,
        max_tokens=entry.context,
        batch_size=settings.embed.batch_size,
        prompts=(entry.query_prompt, entry.document_prompt),
    )


def look_at(entry: ModelEntry, settings: Settings, environ: Mapping[str, str]) -> tuple[str, ...]:
    """Names of the models an entry's server lists, asked briefly and once.

    Raises:
        OfflineError: offline is on.
        ModelError: the key is missing, or the server can't be asked.
    """
    endpoint = replace(
        endpoint_of(entry, settings, environ, SentLog()),
        connect_seconds=3,
        wait_seconds=5,
        retries=0,
    )
    client = ServerClient(endpoint, entry.name)
    try:
        return tuple(model.name for model in served_models(client, lambda: False))
    finally:
        client.close()


def endpoint_of(
    entry: ModelEntry, settings: Settings, environ: Mapping[str, str], sent: SentLog
) -> Endpoint:
    """The server of an entry. Raises as `open_generator`."""
    source = entry.server
    if source is None:
        raise ModelError(f"{entry.name} is not served.", "Its source begins with openai: if it is.")
    if settings.offline:
        raise refused_offline(entry.name, source)
    patience, found = settings.servers, find_key(entry, source, environ)
    return Endpoint(
        source,
        found.key,
        connect_seconds=patience.connect_seconds,
        wait_seconds=patience.wait_seconds,
        retries=patience.retries,
        ca_file=patience.ca_file,
        sent=sent,
        key_problem=found.problem,
    )


def refused_offline(name: str, source: ServerSource) -> OfflineError:
    """A server is not spoken to while offline, be it on this machine: no socket opens then."""
    where = "on this machine" if source.is_on_loopback else "on another machine"
    return OfflineError(
        f"{name} is served by {source.host}, {where}, and offline is on: no connection is opened.",
        "Turn it off in config.toml (offline = false), or choose a model that runs in the "
        "assistant itself.",
    )
