"""Lists the catalogue's models as they stand on this machine."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from assistant.config import Settings
from assistant.core.errors import ModelError, OfflineError
from assistant.core.events import Notice
from assistant.core.inventory import ModelInfo
from assistant.engine.advice import Advice
from assistant.models import roles
from assistant.models.cache import ModelCache
from assistant.models.catalogue import Catalogue, ModelEntry
from assistant.models.consent import Consents, code_of, describe
from assistant.models.sources.server import ServerSource, usual_role

if TYPE_CHECKING:
    from assistant.models.servers.discovery import FoundServer

SETTINGS: Mapping[str, str] = {
    role: setting
    for role, setting in roles.SETTINGS.items()
    if role not in {"translate", "classify"}
}
"""Role → the setting that names its model, where only the one named serves. Translators and
readers serve as soon as they are here."""


def take(
    catalogue: Catalogue,
    cache: ModelCache,
    settings: Settings,
    devices: Mapping[str, str],
    advice: Mapping[str, Advice],
    language: str = "en",
) -> tuple[ModelInfo, ...]:
    """The models, those that are here first.

    Args:
        devices: model name → device, of those that are loaded.
        advice: what can be said of models on this machine, by name.
        language: of the interface.
    """
    infos = [
        _info(entry, cache, settings, devices, advice.get(entry.name, Advice()), language)
        for entry in catalogue
    ]
    return tuple(sorted(infos, key=lambda info: not info.present))


def offered(
    catalogue: Catalogue, settings: Settings, environ: Mapping[str, str]
) -> tuple[tuple[ModelInfo, ...], tuple[Notice, ...]]:
    """Models that servers of this machine offer and no entry names yet, under names that are free;
    and what makes a server offer some that shows none.

    Raises:
        OfflineError: offline is on.
    """
    from assistant.models.servers.discovery import addresses, discover
    from assistant.models.servers.keys import kept_key

    if settings.offline:
        raise OfflineError(
            "Looking for servers opens connections, and offline is on.",
            "Turn it off in the settings (offline = false).",
        )
    sources = [entry.server for entry in catalogue if entry.server]
    servers = discover(addresses(environ, sources), lambda source: kept_key(source).key)
    known = {str(source) for source in sources}
    return _new_models(servers, catalogue, known), tuple(_ways_on(servers))


def _new_models(
    servers: Iterable[FoundServer], catalogue: Catalogue, known: Collection[str]
) -> tuple[ModelInfo, ...]:
    from assistant.models.servers.discovery import free_name

    taken = {entry.name for entry in catalogue}
    infos = []
    for server in servers:
        for model in server.models:
            source = ServerSource(server.url, model.name)
            if str(source) in known:
                continue
            name = free_name(model.name, taken)
            taken.add(name)
            role = model.role or usual_role(model.name)
            infos.append(
                ModelInfo(
                    name=name,
                    role=role,
                    present=True,
                    in_use=False,
                    summary=" · ".join(filter(None, (model.name, model.detail, server.kind))),
                    setting=SETTINGS[role],
                    server=model.passed_to or source.destination,
                    remote=bool(model.passed_to) or not source.is_local,
                    source=str(source),
                )
            )
    return tuple(infos)


def _ways_on(servers: Iterable[FoundServer]) -> Iterator[Notice]:
    for server in servers:
        source = ServerSource(server.url, "any")
        if server.wants_key:
            yield Notice(
                f"The server at {source.host} wants a key.",
                f"Keep it, then look again: assistant models key set {source.origin}",
            )
        elif server.kind == "Ollama" and not server.models:
            yield Notice(
                f"Ollama runs at {source.host}, and has no models yet.",
                "Fetch one with Ollama, then look again: ollama pull qwen3:4b",
            )


def _info(
    entry: ModelEntry,
    cache: ModelCache,
    settings: Settings,
    devices: Mapping[str, str],
    advice: Advice,
    language: str,
) -> ModelInfo:
    present, source = cache.is_present(entry), entry.server
    return ModelInfo(
        name=entry.name,
        role=entry.role,
        present=present,
        in_use=present and _is_in_use(entry, settings),
        size=(entry.disk or entry.size) if present else entry.size,
        device="" if source else devices.get(entry.name, ""),
        server=source.destination if source else "",
        remote=source is not None and not source.is_local,
        licence=entry.licence,
        languages=entry.languages,
        summary=entry.about(language),
        setting=SETTINGS.get(entry.role, ""),
        code=_code_to_allow(entry, cache),
        recommended=advice.recommended,
        advice=advice.kinds,
        memory=advice.memory,
        speed=advice.speed,
        plan=advice.plan,
        non_commercial=entry.non_commercial,
    )


def _code_to_allow(entry: ModelEntry, cache: ModelCache) -> str:
    try:
        code = code_of(entry)
    except ModelError:
        return ""  # a repository that is not there runs nothing; pulling says what is wrong
    allowed = code is None or Consents(cache.root).given(entry, code)
    return "" if code is None or allowed else describe(code)


def _is_in_use(entry: ModelEntry, settings: Settings) -> bool:
    named = SETTINGS.get(entry.role)
    if named is None:
        return True
    section, _, name = named.partition(".")
    return bool(getattr(getattr(settings, section), name) == entry.name)
