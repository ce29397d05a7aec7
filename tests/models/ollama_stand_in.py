"""A stand-in that answers as Ollama does, by the shapes its source gives them.

Sources: `api/types.go`, `openai/openai.go` and `middleware/openai.go` of Ollama: the lists, an
unknown model (404), a model that is not loaded yet, the chunks with empty content around thoughts,
usage in a chunk without choices, a mid-stream failure that becomes an empty chunk.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from tests.models.scripted_server import ScriptedServer, Visit


@dataclass
class Pulled:
    """A model on that machine; the length it has once it is loaded."""

    name: str
    family: str = "qwen3"
    size: str = "8.2B"
    quantisation: str = "Q4_K_M"
    context: int = 8192
    remote_host: str = ""
    capabilities: tuple[str, ...] = ()
    """Newer versions tell them, older ones don't."""


@dataclass
class OllamaStandIn(ScriptedServer):
    """Chats answer with `thoughts` and `answer` unless a script says otherwise."""

    pulled: list[Pulled] = field(default_factory=list)
    thoughts: str = ""
    said: str = "Hello, you"
    loaded: set[str] = field(default_factory=set)
    breaks: bool = False
    """Whether the model's runner dies in the midst of an answer."""

    def answer(self, visit: Visit) -> None:
        self.visits.append(visit)
        ways = {
            "/api/version": self._version,
            "/api/tags": self._tags,
            "/api/ps": self._loaded,
            "/v1/models": self._list,
            "/v1/chat/completions": self._chat,
            "/v1/embeddings": self._embed,
        }
        way = ways.get(visit.path)
        if way is None:
            visit.send(404, b"404 page not found", "text/plain")
        else:
            way(visit)

    def _version(self, visit: Visit) -> None:
        _json(visit, {"version": "0.13.1"})

    def _tags(self, visit: Visit) -> None:
        _json(visit, {"models": [self._entry(model) for model in self.pulled]})

    def _loaded(self, visit: Visit) -> None:
        models = [
            {"name": m.name, "model": m.name, "size_vram": 0, "context_length": m.context}
            for m in self.pulled
            if m.name in self.loaded
        ]
        _json(visit, {"models": models})

    def _list(self, visit: Visit) -> None:
        data = [
            {
                "id": m.name,
                "object": "model",
                "created": 1764028800,
                "owned_by": m.name.rpartition("/")[0].rpartition("/")[2] or "library",
            }
            for m in self.pulled
        ]
        _json(visit, {"object": "list", "data": data or None})  # an empty list is null

    def _entry(self, model: Pulled) -> dict[str, Any]:
        entry: dict[str, Any] = {
            "name": model.name,
            "model": model.name,
            "modified_at": "2025-11-25T08:00:00Z",
            "size": 5_225_388_164,
            "digest": "500a1f067a9f",
            "details": {
                "parent_model": "",
                "format": "gguf",
                "family": model.family,
                "families": [model.family],
                "parameter_size": model.size,
                "quantization_level": model.quantisation,
            },
        }
        if model.remote_host:
            entry |= {"remote_model": model.name, "remote_host": model.remote_host}
        if model.capabilities:
            entry["capabilities"] = list(model.capabilities)
        return entry

    def _chat(self, visit: Visit) -> None:
        if not self._has(visit):
            return
        visit.begin()
        if self.thoughts:
            visit.event(_chunk(visit, {"content": "", "reasoning": self.thoughts}))
        for word in re.findall(r"\S+\s*", self.said):
            visit.event(_chunk(visit, {"content": word}))
            if self.breaks:
                visit.event(_chunk(visit, {"content": ""}))
                return
        visit.event(_chunk(visit, {"content": ""}, "stop"))
        if (visit.body.get("stream_options") or {}).get("include_usage"):
            usage = {"prompt_tokens": 11, "completion_tokens": 3, "total_tokens": 14}
            visit.event({**_chunk(visit, {"content": ""}), "choices": [], "usage": usage})
        visit.event("[DONE]")

    def _embed(self, visit: Visit) -> None:
        if self._has(visit):
            rows = [
                {"object": "embedding", "embedding": [1.0, 2.0, 2.0], "index": index}
                for index, _ in enumerate(visit.body["input"])
            ]
            _json(visit, {"object": "list", "data": rows, "model": visit.body["model"]})

    def _has(self, visit: Visit) -> bool:
        """Whether the model is there, which loads it; says so where it isn't."""
        wanted = visit.body["model"]
        names = {name for m in self.pulled for name in (m.name, m.name.removesuffix(":latest"))}
        if wanted in names:
            self.loaded |= {wanted, f"{wanted}:latest"}
            return True
        message = f"model '{wanted}' not found"
        error = {"message": message, "type": "not_found_error", "param": None, "code": None}
        _json(visit, {"error": error}, 404)
        return False


def _json(visit: Visit, answer: object, status: int = 200) -> None:
    visit.send(status, json.dumps(answer).encode() + b"\n")


def _chunk(visit: Visit, delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": finish}
    return {
        "id": "chatcmpl-421",
        "object": "chat.completion.chunk",
        "created": 1764028800,
        "model": visit.body["model"],
        "system_fingerprint": "fp_ollama",
        "choices": [choice],
    }
