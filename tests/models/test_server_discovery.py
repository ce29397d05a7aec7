"""Finding the servers of this machine: where to look, what answers, what is written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.core.errors import ModelError
from assistant.models.servers.discovery import addresses, ask_server, discover, entry_name
from assistant.models.servers.endpoint import Endpoint
from assistant.models.servers.generator import ServerGenerator
from assistant.models.sources.server import parse_server
from tests.models.contracts.generator import answer
from tests.models.ollama_stand_in import OllamaStandIn, Pulled
from tests.models.real_servers import deaf_port, llama_server
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


def test_an_ipv6_address_without_a_port_is_at_the_usual_one() -> None:
    assert addresses({"OLLAMA_HOST": "[::1]"}) == addresses({})


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
    with llama_server(write_tiny_gguf(tmp_path), context=256) as url, deaf_port() as port:
        (found,) = discover([url, f"http://127.0.0.1:{port}/v1"])
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


class TestOllama:
    """What Ollama tells besides, by a stand-in."""

    def test_says_how_large_a_model_is_and_what_it_is_for(self) -> None:
        pulled = [
            Pulled("qwen3:8b"),
            Pulled("paraphrase-multilingual:latest", "bert", "278.35M", "F16"),
            Pulled("granite:latest", capabilities=("embedding",)),
            Pulled("hf.co/me/mine-GGUF:Q4_K_M", capabilities=("completion", "tools")),
        ]
        with OllamaStandIn(pulled=pulled).serving() as ollama:
            (found,) = discover([ollama.url])
        assert found.kind == "Ollama"
        assert [(m.name, m.role, m.detail) for m in found.models] == [
            ("qwen3:8b", "generate", "8.2B, Q4_K_M"),
            ("paraphrase-multilingual:latest", "embed", "278.35M, F16"),
            ("granite:latest", "embed", "8.2B, Q4_K_M"),
            ("hf.co/me/mine-GGUF:Q4_K_M", "generate", "8.2B, Q4_K_M"),
        ]

    def test_without_a_model_is_found_all_the_same(self) -> None:
        with OllamaStandIn().serving() as ollama:
            (found,) = discover([ollama.url])
        assert (found.kind, found.models) == ("Ollama", ())

    def test_with_models_of_others_only_is_known_by_its_version(self) -> None:
        with OllamaStandIn(pulled=[Pulled("hf.co/me/mine-GGUF:Q8_0")]).serving() as ollama:
            (found,) = discover([ollama.url])
        assert found.kind == "Ollama"

    def test_a_model_it_passes_on_is_told(self) -> None:
        away = Pulled("gpt-oss:120b-cloud", "gptoss", remote_host="https://ollama.com:443")
        with OllamaStandIn(pulled=[away]).serving() as ollama:
            (found,) = discover([ollama.url])
        assert [model.passed_to for model in found.models] == ["ollama.com"]

    def test_says_how_much_a_loaded_model_takes(self) -> None:
        ollama = OllamaStandIn(pulled=[Pulled("qwen3:8b", context=16384)], loaded={"qwen3:8b"})
        with ollama.serving():
            (found,) = discover([ollama.url])
        assert [model.context for model in found.models] == [16384]

    @pytest.mark.parametrize(
        ("pulled", "asked"), [("qwen3:8b", "qwen3:8b"), ("qwen3:latest", "qwen3")]
    )
    def test_the_length_is_learnt_once_the_model_is_loaded(self, pulled: str, asked: str) -> None:
        others = Pulled("gemma3:4b", context=2048)
        stand_in = OllamaStandIn(
            pulled=[others, Pulled(pulled, context=16384)], loaded={"gemma3:4b"}
        )
        with stand_in.serving() as ollama:
            source = parse_server(f"{ollama.url}#{asked}")
            generator = ServerGenerator(Endpoint(source), name="m", context=0, grounded=False)
            assert generator.context_length == 4096, "not loaded: nobody knows"
            answer(generator)
            assert generator.context_length == 16384
            generator.close()


class LmStudio(ScriptedServer):
    """Answers as LM Studio does: more is told beside the interface (REST API v0)."""

    loaded: int = 0

    def answer(self, visit: Visit) -> None:
        model: dict[str, object] = {"id": "qwen2-vl-7b-instruct", "object": "model"}
        if visit.path == "/v1/models":
            said = {**model, "owned_by": "organization_owner"}
        elif visit.path == "/api/v0/models":
            said = {**model, "type": "vlm", "quantization": "4bit", "max_context_length": 32768}
            if self.loaded:
                said |= {"state": "loaded", "loaded_context_length": self.loaded}
        else:
            visit.send(200, b'{"error":"Unexpected endpoint or method."}')
            return
        visit.send(200, json.dumps({"object": "list", "data": [said]}).encode())


@pytest.mark.parametrize("loaded", [0, 4096])
def test_lm_studio_tells_the_length_a_model_is_loaded_with(loaded: int) -> None:
    studio = LmStudio()
    studio.loaded = loaded
    with studio.serving():
        (found,) = discover([studio.url])
    (model,) = found.models
    assert found.kind == "LM Studio"
    assert (model.role, model.detail, model.context) == ("generate", "4bit", loaded)


class Guarded(ScriptedServer):
    """Lists its models to who has the key."""

    def answer(self, visit: Visit) -> None:
        if visit.headers.get("authorization") == "Bearer sk-right":
            super().answer(visit)
        else:
            self.visits.append(visit)
            visit.send(401, b'{"error":{"message":"Invalid API Key"}}')


@pytest.mark.parametrize(("key", "listed"), [("sk-right", 1), ("sk-wrong", 0), ("", 0)])
def test_a_server_that_wants_a_key_gets_the_one_kept_for_it(key: str, listed: int) -> None:
    with Guarded(models=[{"id": "m"}]).serving() as guarded:
        (found,) = discover([guarded.url], lambda source: key)
    assert len(found.models) == listed
    assert found.wants_key is not bool(listed)
    assert "authorization" not in guarded.visits[0].headers, "not before it is asked for"


def test_a_server_that_was_named_is_told_of_where_it_does_not_answer(
    server: ScriptedServer,
) -> None:
    assert ask_server(server.url).kind == "OpenAI-compatible server"
    with deaf_port() as port, pytest.raises(ModelError, match="No server is running"):
        ask_server(f"http://127.0.0.1:{port}/v1")
    odd = Odd()
    odd.status, odd.said = 404, b"{}"
    with odd.serving(), pytest.raises(ModelError, match="has nothing at"):
        ask_server(odd.url)
    odd.status, odd.said = 200, b'{"data":null}'
    with odd.serving(), pytest.raises(ModelError, match="is no model server"):
        ask_server(odd.url)
