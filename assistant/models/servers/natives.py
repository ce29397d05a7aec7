"""What Ollama and LM Studio tell beside the OpenAI interface: size, use, length, and whether a
model really runs there.

Sources: Ollama, `api/types.go` (`ListModelResponse`, `ProcessModelResponse`); LM Studio, REST API
v0 (`GET /api/v0/models`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.core.errors import ModelError
from assistant.core.skills import Cancelled
from assistant.core.text import one_line
from assistant.models.servers.client import ServerClient

OLLAMA, LM_STUDIO = "library", "organization_owner"
"""Whom these servers call the owner of their models."""
OLLAMA_PORT = ":11434"
_ENCODERS = re.compile(r"bert|embed", re.IGNORECASE)
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Native:
    """What is told of one model; "" and 0 = nothing."""

    role: str = ""
    detail: str = ""
    """How large it is: "8.2B, Q4_K_M"."""
    context: int = 0
    """Tokens it takes as it is loaded now."""
    passed_to: str = ""
    """The host that runs it in truth."""


def told_by_ollama(client: ServerClient, cancelled: Cancelled) -> Mapping[str, Native]:
    """By the models' names; nothing where it can't be asked."""
    loaded = loaded_in_ollama(client, cancelled) or {}
    models = _listed(_asked(client, "/api/tags", cancelled), "models")
    found = {}
    for model in models:
        details = model.get("details")
        details = details if isinstance(details, dict) else {}
        name = _text(model, "name")
        size = (_text(details, key) for key in ("parameter_size", "quantization_level"))
        found[name] = Native(
            _role_in_ollama(model, details),
            ", ".join(filter(None, size)),
            loaded.get(name, 0),
            re.sub(r"^https?://|:443$", "", _text(model, "remote_host")),
        )
    return found


def loaded_in_ollama(client: ServerClient, cancelled: Cancelled) -> Mapping[str, int] | None:
    """The length each loaded model was given, in tokens; None where this is no Ollama."""
    answer = _asked(client, "/api/ps", cancelled)
    if not isinstance(answer, dict) or "models" not in answer:
        return None
    return {_text(m, "name"): _count(m, "context_length") for m in _listed(answer, "models")}


def names_in_ollama(model: str) -> tuple[str, ...]:
    """A model's name as it may be listed: without a tag "latest" is meant."""
    return (model, f"{model}:latest")


def told_by_lm_studio(client: ServerClient, cancelled: Cancelled) -> Mapping[str, Native]:
    """By the models' names; nothing where it can't be asked."""
    roles = {"embeddings": "embed", "llm": "generate", "vlm": "generate"}
    return {
        _text(model, "id"): Native(
            roles.get(_text(model, "type"), ""),
            _text(model, "quantization"),
            _count(model, "loaded_context_length"),
        )
        for model in _listed(_asked(client, "/api/v0/models", cancelled), "data")
    }


def _role_in_ollama(model: Mapping[str, Any], details: Mapping[str, Any]) -> str:
    able = model.get("capabilities")
    if isinstance(able, list) and able:
        return "generate" if "completion" in able else "embed" if "embedding" in able else ""
    return "embed" if _ENCODERS.search(_text(details, "family")) else ""


def _asked(client: ServerClient, path: str, cancelled: Cancelled) -> Any:
    try:
        return client.ask(f"{client.endpoint.source.origin}{path}", None, cancelled, once=True)
    except ModelError:  # it is asked besides; the interface itself tells what is wrong
        return None


def _listed(answer: Any, key: str) -> list[dict[str, Any]]:
    listed = answer.get(key) if isinstance(answer, dict) else None
    return [m for m in listed if isinstance(m, dict)] if isinstance(listed, list) else []


def _text(fields: Mapping[str, Any], key: str) -> str:
    value = fields.get(key)
    return one_line(value, _LONGEST) if isinstance(value, str) else ""


def _count(fields: Mapping[str, Any], key: str) -> int:
    value = fields.get(key)
    return value if isinstance(value, int) and value > 0 else 0
