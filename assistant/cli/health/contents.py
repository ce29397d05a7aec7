"""Checks of what is the person's own: settings, conversations, documents, models."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, NoReturn

from assistant.cli.health.finding import Finding, Level, run_checks
from assistant.config import Places, Settings
from assistant.core.errors import AssistantError, ConfigError, ModelMissingError

if TYPE_CHECKING:
    from assistant.models.catalogue import ModelEntry
    from index.service import DocumentIndex

NEEDED_IN_TURNS = ("generate", "embed")
"""Roles without whose model nothing can be answered; the others only lack their skill."""


def check_config(
    places: Places, environ: Mapping[str, str], refusal: ConfigError | None
) -> Iterator[Finding]:
    """The configuration file and the environment; `refusal` is why they could not be used."""
    from assistant.config.load import find_problems

    problems = find_problems(places, environ) or ([refusal] if refusal else [])
    for problem in problems:
        yield Finding("Settings", "failure", problem.message, problem.hint)
    if not problems:
        absent = "" if places.config_file.exists() else " (not there; the defaults hold)"
        yield Finding("Settings", "ok", f"{places.config_file}{absent}")


def check_offline(settings: Settings) -> Iterator[Finding]:
    """Whether the network is closed."""
    yield Finding("Offline mode", "ok", "on: the network is blocked" if settings.offline else "off")


def check_conversations(places: Places) -> Iterator[Finding]:
    """The conversations' database is sound; it is only read."""
    from assistant.store.database import find_damage

    path = places.conversations
    if not path.exists():
        yield Finding("Conversations", "ok", "none yet")
        return
    damage = find_damage(path)
    size = f"{path.stat().st_size / 1e6:.1f} MB"
    if damage:
        remedy = f"Copy it to a safe place, then move it away; a new one is begun: {path}"
        yield Finding("Conversations", "failure", f"damaged: {damage[0]}", remedy)
    else:
        yield Finding("Conversations", "ok", f"{path}, {size}, sound")


def check_documents(places: Places, settings: Settings) -> Iterator[Finding]:
    """Each collection of documents can be read."""
    if not places.indexes.is_dir() or not any(places.indexes.iterdir()):
        yield Finding("Documents", "ok", "none indexed yet")
        return
    from index.service import DocumentIndex

    documents = DocumentIndex(places.indexes, settings.index, _no_embedder)
    yield from run_checks(
        (f"Documents in {name}", partial(_check_collection, documents, name))
        for name in documents.collections()
    )


def _check_collection(documents: DocumentIndex, name: str) -> Iterator[Finding]:
    files = documents.status(name).files
    failed = [file for file in files if file.state == "failed"]
    detail = f"{len(files)} files"
    if failed:
        detail += f", {len(failed)} of them could not be read"
    yield Finding(
        f"Documents in {name}",
        "warning" if failed else "ok",
        detail,
        f"Which and why: assistant index status --collection {name}" if failed else "",
    )


def check_models(places: Places, settings: Settings) -> Iterator[Finding]:
    """The embedded models, and those the settings name, are on this machine."""
    from assistant.models.cache import ModelCache
    from assistant.models.catalogue import Catalogue

    catalogue, cache = Catalogue.load(settings), ModelCache(places.models)
    chosen = (settings.generate.model, settings.embed.model, settings.describe.label_model)
    embedded = {entry.name: entry for entry in catalogue.embedded()}
    for entry in {**embedded, **{name: catalogue.get(name) for name in chosen}}.values():
        if entry.server is not None:
            yield _check_server(entry, settings)
        elif cache.is_present(entry):
            yield Finding(f"Model {entry.name}", "ok", f"here ({entry.role})")
        else:
            level: Level = "failure" if entry.role in NEEDED_IN_TURNS else "warning"
            remedy = f"Fetch it: assistant models pull {entry.name}"
            yield Finding(f"Model {entry.name}", level, f"not here yet ({entry.role})", remedy)


def _check_server(entry: ModelEntry, settings: Settings) -> Finding:
    """A model's server answers; only its list of models is asked for, and no text sent."""
    from assistant.models.servers.natives import names_in_ollama
    from assistant.models.servers.opening import look_at

    assert entry.server is not None  # noqa: S101 - only served models come here
    place = "this machine" if entry.server.is_local else "another machine, which text is sent to"
    try:
        offered = look_at(entry, settings, os.environ)
    except AssistantError as error:
        level: Level = "failure" if entry.role in NEEDED_IN_TURNS else "warning"
        return Finding(f"Model {entry.name}", level, error.message, error.hint)
    detail = f"served by {entry.server.destination}, {place} ({entry.role})"
    if offered and not set(offered).intersection(names_in_ollama(entry.server.model)):
        there = ", ".join(offered[:8])
        return Finding(
            f"Model {entry.name}",
            "warning",
            f"{detail}; the server does not list “{entry.server.model}”",
            f"It lists: {there}.",
        )
    return Finding(f"Model {entry.name}", "ok", detail)


def _no_embedder() -> NoReturn:
    raise ModelMissingError("The doctor loads no models.")
