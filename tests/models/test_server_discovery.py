"""Finding the servers of this machine: where to look, what answers, what is written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.models.servers.discovery import addresses, discover, entry_name
from assistant.models.sources.server import parse_server
from tests.models.real_servers import free_port, llama_server
from tests.models.scripted_server import ScriptedServer, Visit
from tests.models.tiny_gguf import write_tiny_gguf


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer().serving() as running:
        yield running


def test_looks_at_the_usual_ports_of_this_machine() -> None:
    urls = addresses({})
    for port in (11434, 1234, 8080, 8000, 30000):
        assert f"http://127.0.0.1:{port}/v1" in urls
        assert f"http://[::1]:{port}/v1" in urls


@pytest.mark.parametrize(
    ("variable", "value", "url"),
    [
        ("OLLAMA_HOST", "127.0.0.1:5000", "http://127.0.0.1:5000/v1"),
        ("OLLAMA_HOST", "localhost", "http://localhost:11434/v1"),
        ("OLLAMA_HOST", "0.0.0.0", "http://127.0.0.1:11434/v1"),  # noqa: S104
        ("OLLAMA_HOST", "0.0.0.0:5000", "http://127.0.0.1:5000/v1"),
        ("OLLAMA_HOST", "[::]:5000", "http://127.0.0.1:5000/v1"),
        ("OLLAMA_HOST", "http://127.0.0.1:5000/", "http://127.0.0.1:5000/v1"),
        ("LLAMA_ARG_PORT", "9090", "http://127.0.0.1:9090/v1"),
        ("OPENAI_BASE_URL", "http://127.0.0.1:7000/api/v1", "http://127.0.0.1:7000/api/v1"),
    ],
)
def test_looks_where_the_environment_says(variable: str, value: str, url: str) -> None:
    assert url in addresses({variable: value})


@pytest.mark.parametrize(
    "value",
    ["gpu-box:11434", "192.168.1.5", "https://api.openai.com/v1", "", "://", "http://", "a b",
     "http://me:pw@127.0.0.1:11434", "99999999"],
)  # fmt: skip
def test_never_looks_at_another_machine(value: str) -> None:
    assert addresses({"OLLAMA_HOST": value, "OPENAI_BASE_URL": value}) == addresses({})


def test_looks_where_the_models_of_the_settings_are_served_on_this_machine() -> None:
    here, away = parse_server("http://127.0.0.1:7#m"), parse_server("http://away.example#m")
    assert set(addresses({}, [here, away])) - set(addresses({})) == {here.url}


@pytest.mark.parametrize(
    ("owner", "kind"),
    [("library", "Ollama"), ("organization_owner", "LM Studio"), ("vllm", "vLLM"),
     ("sglang", "SGLang"), ("me", "OpenAI-compatible server")],
)  # fmt: skip
def test_tells_servers_apart_by_what_they_say(
    server: ScriptedServer, owner: str, kind: str
) -> None:
    server.models = [{"id": "m", "owned_by": owner, "max_model_len": 8192}]
    (found,) = discover([server.url])
    assert (found.kind, found.url, found.wants_key) == (kind, server.url, False)
    assert [(m.name, m.context) for m in found.models] == [("m", 8192)]


def test_finds_a_real_llama_server(tmp_path: Path) -> None:
    with llama_server(write_tiny_gguf(tmp_path), context=256) as url:
        (found,) = discover([url, f"http://127.0.0.1:{free_port()}/v1"])
    assert found.kind == "llama-server"
    assert len(found.models) == 1


def test_sends_no_key(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-1")
    discover([server.url])
    assert all("authorization" not in visit.headers for visit in server.visits)


class Odd(ScriptedServer):
    """Answers a list of models as a test says."""

    status = 200
    said = b""

    def answer(self, visit: Visit) -> None:
        visit.send(self.status, self.said)


@pytest.mark.parametrize(
    ("status", "said", "found"),
    [(200, b"<html>", 0), (200, b"[]", 0), (200, b'{"data":3}', 0), (404, b"{}", 0),
     (500, b"{}", 0), (401, b"{}", 1), (200, b'{"data":[]}', 1)],
)  # fmt: skip
def test_what_is_no_model_server_is_passed_over(status: int, said: bytes, found: int) -> None:
    odd = Odd()
    odd.status, odd.said = status, said
    with odd.serving():
        servers = discover([odd.url])
    assert len(servers) == found
    assert all(server.wants_key == (status == 401) for server in servers)


def test_names_that_could_mislead_a_terminal_are_left_out() -> None:
    odd = Odd()
    odd.said = json.dumps({"data": [{"id": "a\x1b[31mb"}, {"id": "ok"}, {"id": 3}, 4]}).encode()
    with odd.serving():
        (found,) = discover([odd.url])
    assert [model.name for model in found.models] == ["ok"]


@pytest.mark.parametrize(
    ("model", "name"),
    [("Qwen/Qwen3-8B", "qwen3-8b"), ("qwen3:8b", "qwen3-8b"), ("/models/a b.gguf", "a-b"),
     ("模型", "model"), ("meta/Llama-3.1-8B-Instruct", "llama-3.1-8b-instruct"), ("..", "model")],
)  # fmt: skip
def test_a_name_for_the_catalogue_is_made_of_the_models(model: str, name: str) -> None:
    assert entry_name(model) == name
