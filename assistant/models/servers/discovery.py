"""Finds the model servers that run on this machine, and what they offer.

Only loopback addresses are asked unasked, in parallel and briefly; a key is sent to the server it
was kept for alone, and only if that wants one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import chain, count
from typing import Any

from assistant.core.errors import ModelError
from assistant.models.servers.client import ServerClient
from assistant.models.servers.endpoint import Endpoint
from assistant.models.servers.facts import ServedModel, read_models
from assistant.models.servers.natives import (
    LM_STUDIO,
    OLLAMA,
    Native,
    told_by_lm_studio,
    told_by_ollama,
)
from assistant.models.servers.refusals import RefusedError
from assistant.models.sources.server import ServerSource, parse_server, usual_role

KNOWN: Mapping[int, str] = {
    11434: "Ollama",
    1234: "LM Studio",
    8080: "llama-server",
    8000: "vLLM, transformers serve",
    30000: "SGLang",
}
"""The ports these listen at unless told otherwise."""
VARIABLES: Mapping[str, int] = {"OLLAMA_HOST": 11434, "LLAMA_ARG_PORT": 8080, "OPENAI_BASE_URL": 0}
"""Environment variables that move a server, with the port where they name none."""
CONNECT_SECONDS, WAIT_SECONDS = 0.5, 2.0
"""A server on this machine connects in a millisecond and lists its models in some ten."""
_BRIEFLY: Mapping[str, Any] = {"wait_seconds": WAIT_SECONDS, "retries": 0}
OWNERS: Mapping[str, str] = {
    OLLAMA: "Ollama",
    LM_STUDIO: "LM Studio",
    "llamacpp": "llama-server",
    "vllm": "vLLM",
    "sglang": "SGLang",
}
"""What servers call the owner of a model → their kind."""
OTHER = "OpenAI-compatible server"
KeyOf = Callable[[ServerSource], str]
"""The key kept for a server; "" where there is none."""


def no_key(_: ServerSource) -> str:
    """None is ever sent."""
    return ""


@dataclass(frozen=True, slots=True)
class FoundServer:
    """A server that answered."""

    url: str
    kind: str
    models: tuple[ServedModel, ...]
    wants_key: bool = False


def addresses(environ: Mapping[str, str], sources: Iterable[ServerSource] = ()) -> tuple[str, ...]:
    """Where to look: the usual ports, what the environment says, what config.toml names; each
    with IPv4, and with IPv6 where the port is a usual one."""
    found = [f"http://{host}:{port}/v1" for port in KNOWN for host in ("127.0.0.1", "[::1]")]
    for name, port in VARIABLES.items():
        if url := _address_in(environ.get(name, "").strip(), port):
            found.append(url)
    found += [source.url for source in sources if source.is_on_loopback]
    return tuple(dict.fromkeys(found))


def discover(urls: Sequence[str], key_of: KeyOf = no_key) -> tuple[FoundServer, ...]:
    """The servers that answer at these addresses, in that order; one that listens with IPv4 and
    IPv6 counts once. Takes as long as the slowest, at most some seconds.

    Args:
        key_of: asked for the key of a server that wants one.
    """
    if not urls:
        return ()
    with ThreadPoolExecutor(len(urls)) as pool:
        answers = pool.map(lambda url: _answering(url, key_of), urls)
        found = [server for server in answers if server is not None]
    kept: list[FoundServer] = []
    for server in found:
        if not any(_is_twin(server, other) for other in kept):
            kept.append(server)
    return tuple(kept)


def entry_name(model: str) -> str:
    """A name for the catalogue: "Qwen/Qwen3-8B" → "qwen3-8b"."""
    last = re.sub(r"\.gguf$", "", model.rstrip("/").rpartition("/")[2].lower())
    return re.sub(r"[^a-z0-9._-]+", "-", last).strip("-._") or "model"


def free_name(model: str, taken: Collection[str], *, suffix: str = "served") -> str:
    """A name for the catalogue that none of its models has: "qwen3-8b", "qwen3-8b-served", …"""
    name = entry_name(model)
    further = (f"{name}-{suffix}{number}" for number in chain([""], count(2)))
    return next(each for each in chain([name], further) if each not in taken)


def _address_in(value: str, port: int) -> str | None:
    """The loopback address a variable names, in any of the forms in use; None for another."""
    if not value:
        return None
    if value.isdigit():
        value = f"127.0.0.1:{value}"
    text = value if "://" in value else f"http://{value}"
    text = re.sub(r"//(0\.0\.0\.0|\[::\])(?=[:/]|$)", "//127.0.0.1", text)  # "everywhere" is here
    if port and not re.search(r"//[^/]*:\d+(/|$)", text):
        text = re.sub(r"^(\w+://[^/]+)", rf"\1:{port}", text)
    try:
        source = parse_server(f"{text}#any")
    except ModelError:
        return None
    return source.url if source.is_on_loopback else None


def ask_server(
    url: str, key_of: KeyOf = no_key, *, connect_seconds: float = CONNECT_SECONDS
) -> FoundServer:
    """The server at an address, without a key unless it wants one.

    Raises:
        ModelError: nothing answers there, or nothing that is a model server.
    """
    source = parse_server(f"{url}#any")
    try:
        return _asked(Endpoint(source, connect_seconds=connect_seconds, **_BRIEFLY))
    except RefusedError as error:
        if error.refusal.status not in {401, 403}:
            raise
    if key := key_of(source):
        try:
            return _asked(Endpoint(source, key, connect_seconds=connect_seconds, **_BRIEFLY))
        except RefusedError as error:
            if error.refusal.status not in {401, 403}:
                raise
    return FoundServer(url, OTHER, (), wants_key=True)


def _answering(url: str, key_of: KeyOf) -> FoundServer | None:
    try:
        return ask_server(url, key_of)
    except ModelError:
        return None


def _asked(endpoint: Endpoint) -> FoundServer:
    """One request for the list of models, and what tells a server's kind."""
    client = ServerClient(endpoint, "any")
    try:
        answer = client.ask("/models", None, lambda: False)
        if not isinstance(answer, dict) or not isinstance(answer.get("data", 0), list | None):
            raise _no_server(endpoint.source)
        models = read_models(answer)
        kind = _kind(client, answer, models)
        if answer["data"] is None and kind == OTHER:  # Ollama says so of an empty list
            raise _no_server(endpoint.source)
        return FoundServer(endpoint.source.url, kind, _told_more(client, kind, models))
    finally:
        client.close()


def _no_server(source: ServerSource) -> ModelError:
    return ModelError(
        f"{source.url} is no model server: it lists no models.",
        "Correct the address; most end in /v1.",
    )


def _told_more(
    client: ServerClient, kind: str, models: tuple[ServedModel, ...]
) -> tuple[ServedModel, ...]:
    """The models with what the server tells beside the interface."""
    ways = {"Ollama": told_by_ollama, "LM Studio": told_by_lm_studio}
    told = ways[kind](client, lambda: False) if kind in ways else {}
    return tuple(_completed(model, told.get(model.name, Native())) for model in models)


def _completed(model: ServedModel, told: Native) -> ServedModel:
    return replace(
        model,
        role=told.role or usual_role(model.name),
        detail=told.detail,
        context=told.context or model.context,
        passed_to=told.passed_to,
    )


def _kind(client: ServerClient, answer: Any, models: Sequence[ServedModel]) -> str:
    for model in models:
        if kind := OWNERS.get(model.owner):
            return kind
    listed = answer["data"] or ()
    if any(isinstance(m, dict) and isinstance(m.get("status"), dict) for m in listed):
        return "transformers serve"
    try:
        version = client.ask(f"{client.endpoint.source.origin}/api/version", None, lambda: False)
    except ModelError:
        return OTHER
    return "Ollama" if isinstance(version, dict) and "version" in version else OTHER


def _is_twin(server: FoundServer, other: FoundServer) -> bool:
    """Whether both are one server, reached with IPv6 and IPv4."""
    there = server.url.replace("[::1]", "127.0.0.1")
    return there == other.url and replace(server, url=other.url) == other
