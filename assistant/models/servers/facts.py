"""What a server says of its models: which there are, and how much text they take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assistant.core.errors import AssistantError
from assistant.core.skills import Cancelled
from assistant.core.text import one_line
from assistant.models.servers import natives
from assistant.models.servers.client import ServerClient

_LIMITS = ("max_model_len", "loaded_context_length", "context_length", "context_window",
           "max_context_length")  # fmt: skip
"""vLLM and SGLang; LM Studio; OpenRouter; Groq; Mistral."""
MOST_MODELS = 2000


@dataclass(frozen=True, slots=True)
class ServedModel:
    """A model a server lists; `context` in tokens, 0 = not said."""

    name: str
    context: int = 0
    owner: str = ""
    """What the server calls the model's owner, which tells many a server's kind."""
    role: str = ""
    """What it is for; "" where the server doesn't say."""
    detail: str = ""
    """How large it is: "8.2B, Q4_K_M"."""
    passed_to: str = ""
    """The host that runs it in truth, where the server passes text on."""


def served_models(client: ServerClient, cancelled: Cancelled) -> tuple[ServedModel, ...]:
    """The models of `GET /models`, asked for once.

    Raises:
        ModelError: it can't be asked.
    """
    return read_models(client.ask("/models", None, cancelled, once=True))


def read_models(answer: Any) -> tuple[ServedModel, ...]:
    """Those of a list in the form of the OpenAI interface; what is no model is passed over."""
    listed = answer.get("data") if isinstance(answer, dict) else answer
    models = []
    for item in listed[:MOST_MODELS] if isinstance(listed, list) else ():
        name = item.get("id") if isinstance(item, dict) else None
        if isinstance(name, str) and name and name == one_line(name):
            owner = one_line(str(item.get("owned_by") or ""), 40)
            models.append(ServedModel(name, _limit(item), owner))
    return tuple(models)


def context_of(client: ServerClient, cancelled: Cancelled) -> int | None:
    """Tokens the model takes, prompt and answer together; 0 where the server doesn't say, None
    where it could not be asked."""
    try:
        models = served_models(client, cancelled)
        wanted = client.endpoint.source.model
        found = next((m for m in models if m.name == wanted), models[0] if models else None)
        if found is None or found.context:
            return found.context if found else 0
        return _context_beside(client, found, cancelled)
    except AssistantError:  # the question itself will tell what is wrong
        return None


def _context_beside(client: ServerClient, model: ServedModel, cancelled: Cancelled) -> int | None:
    """What a server tells beside the interface; None where the model has to be loaded first."""
    if model.owner == "llamacpp":
        return _llama_server_context(client, cancelled)
    source = client.endpoint.source
    if model.owner == natives.LM_STUDIO:
        told = natives.told_by_lm_studio(client, cancelled).get(source.model)
        return (told.context or None) if told else 0
    if model.owner == natives.OLLAMA or source.origin.endswith(natives.OLLAMA_PORT):
        loaded = natives.loaded_in_ollama(client, cancelled)
        names = natives.names_in_ollama(source.model)
        return 0 if loaded is None else next((loaded[n] for n in names if n in loaded), None)
    return 0


def _llama_server_context(client: ServerClient, cancelled: Cancelled) -> int:
    """From llama-server's properties, which stand beside the interface, not in it."""
    answer = client.ask(f"{client.endpoint.source.origin}/props", None, cancelled, once=True)
    settings = answer.get("default_generation_settings") if isinstance(answer, dict) else None
    found = settings.get("n_ctx") if isinstance(settings, dict) else 0
    return found if isinstance(found, int) and found > 0 else 0


def _limit(item: dict[str, Any]) -> int:
    found = (item.get(key) for key in _LIMITS)
    return next((n for n in found if isinstance(n, int) and n > 0), 0)
