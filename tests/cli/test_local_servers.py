"""Somebody who runs a model server already: found, put to use and asked in two commands."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.config import Places
from assistant.models.servers import discovery
from tests.cli.test_served_models import ring, run  # noqa: F401 - a fixture
from tests.models.ollama_stand_in import OllamaStandIn, Pulled
from tests.models.real_servers import llama_server
from tests.models.scripted_server import ScriptedServer, Visit
from tests.models.test_server_source import MemoryKeyring
from tests.models.tiny_gguf import write_tiny_gguf


@pytest.fixture
def ollama(monkeypatch: pytest.MonkeyPatch) -> Iterator[OllamaStandIn]:
    monkeypatch.setattr(discovery, "KNOWN", {})
    with OllamaStandIn(pulled=[Pulled("qwen3:8b")]).serving() as running:
        monkeypatch.setenv("OLLAMA_HOST", running.url.removesuffix("/v1"))
        yield running


def test_one_command_puts_the_only_model_to_use(ollama: OllamaStandIn, places: Places) -> None:
    ollama.pulled.append(Pulled("nomic-embed-text:latest", "nomic-bert", "137M", "F16"))
    result = run("models", "discover", "--use")
    assert result.exit_code == 0, result.output
    written = tomllib.loads(places.config_file.read_text())
    assert written["models"]["qwen3-8b-served"]["source"] == f"openai:{ollama.url}#qwen3:8b"
    assert written["generate"]["model"] == "qwen3-8b-served"
    answered = run("ask", "-s", "generate", "hello")
    assert answered.exit_code == 0, answered.output
    assert answered.stdout == "Hello, you\n"
    assert "sent to" not in answered.stderr


def test_of_several_one_has_to_be_named(ollama: OllamaStandIn, places: Places) -> None:
    ollama.pulled.append(Pulled("gemma3:4b"))
    result = run("models", "discover", "--use")
    assert result.exit_code == 2
    assert "Offered: qwen3:8b, gemma3:4b." in result.output
    assert not places.config_file.exists()
    assert run("models", "discover", "--add", "gemma3:4b", "--use").exit_code == 0


def test_its_models_are_listed_with_their_size(ollama: OllamaStandIn) -> None:
    ollama.loaded.add("qwen3:8b")
    line = run("models", "discover").stdout.splitlines()[1]
    assert line.split() == ["qwen3:8b", "chat", "8.2B,", "Q4_K_M", "8,192", "tokens"]


def test_without_a_model_says_how_to_get_one(ollama: OllamaStandIn) -> None:
    ollama.pulled.clear()
    result = run("models", "discover")
    assert "lists no models" in result.stdout
    assert "ollama pull qwen3:4b" in result.stdout
    assert "no server" in run("models", "discover", "--use").output.lower()


def test_a_model_it_passes_on_is_not_called_local(ollama: OllamaStandIn, places: Places) -> None:
    ollama.pulled = [Pulled("gpt-oss:120b-cloud", remote_host="https://ollama.com:443")]
    assert "text is sent to ollama.com" in run("models", "discover").stdout
    (found,) = json.loads(run("models", "discover", "--json").stdout)
    assert found["models"][0]["sent_to"] == "ollama.com"
    run("models", "discover", "--use")
    assert "text is sent to ollama.com" in run("ask", "-s", "generate", "hello").stderr
    rows = json.loads(run("models", "list", "--json").stdout)
    row = next(row for row in rows if row["source"].startswith("openai:"))
    assert (row["server"], row["remote"]) == ("ollama.com", True)
    assert "text is sent to ollama.com" in run("devices").stdout


def test_thoughts_are_not_part_of_the_answer(ollama: OllamaStandIn) -> None:
    ollama.thoughts = "The person greets me."
    run("models", "discover", "--use")
    assert run("ask", "-s", "generate", "hello").stdout == "Hello, you\n"


def test_a_model_that_was_removed_since_is_told_with_those_there_are(ollama: OllamaStandIn) -> None:
    run("models", "discover", "--use")
    ollama.pulled = [Pulled("gemma3:4b")]
    result = run("ask", "-s", "generate", "hello")
    assert result.exit_code == 1
    assert "has no model “qwen3:8b”" in result.stderr
    assert "gemma3:4b" in result.stderr


def test_an_answer_that_breaks_off_is_told(ollama: OllamaStandIn) -> None:
    run("models", "discover", "--use")
    ollama.breaks = True
    result = run("ask", "-s", "generate", "hello")
    assert result.exit_code == 1
    assert "broke off in the midst of the answer" in result.stderr


def test_ollama_that_was_ended_is_told_at_once(ollama: OllamaStandIn, places: Places) -> None:
    run("models", "discover", "--use")
    text = places.config_file.read_text().replace(ollama.url, "http://127.0.0.1:9/v1")
    places.config_file.write_text(text)
    result = run("ask", "-s", "generate", "hello")
    assert "No server is running at 127.0.0.1:9 on this machine." in result.stderr
    assert "assistant models discover" in result.stderr


def test_its_embedder_is_used_for_search(ollama: OllamaStandIn, places: Places) -> None:
    ollama.pulled = [Pulled("paraphrase-multilingual:latest", "bert")]
    result = run("models", "discover", "--add", "paraphrase-multilingual:latest", "--use")
    assert result.exit_code == 0, result.output
    assert "embed.model = paraphrase-multilingual-latest" in result.stderr


class Guarded(ScriptedServer):
    """A server on this machine that shows its models to who has the key."""

    def answer(self, visit: Visit) -> None:
        if visit.headers.get("authorization") == "Bearer sk-right":
            super().answer(visit)
        else:
            visit.send(401, b'{"error":{"message":"Invalid API Key"}}')


def test_a_server_that_wants_a_key_is_used_after_two_commands(
    places: Places,
    monkeypatch: pytest.MonkeyPatch,
    ring: MemoryKeyring,  # noqa: F811
) -> None:
    monkeypatch.setattr(discovery, "KNOWN", {})
    with Guarded(models=[{"id": "m1"}]).serving() as server:
        origin = server.url.removesuffix("/v1")
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        asked = run("models", "discover").stdout
        assert "wants a key" in asked
        assert f"assistant models key set {origin}" in asked
        assert run("models", "key", "set", origin, input="sk-right\n").exit_code == 0
        assert "in the keyring" in run("models", "key", "status", origin).output
        assert run("models", "discover", "--use").exit_code == 0
        assert run("ask", "-s", "generate", "hello").stdout == "Hello, you\n"


def test_a_server_elsewhere_is_asked_when_it_is_named(places: Places) -> None:
    with OllamaStandIn(pulled=[Pulled("qwen3:8b")]).serving() as ollama:
        address = ollama.url.removesuffix("/v1").removeprefix("http://")
        shown = run("models", "discover", "--at", address)
        assert f"--at {address} --add qwen3:8b --use" in shown.stdout
        assert run("models", "discover", "--at", address, "--use").exit_code == 0
    assert run("models", "discover", "--at", "http://127.0.0.1:9").exit_code == 1


def test_it_is_told_in_chinese_too(ollama: OllamaStandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_LANG", "zh")
    ollama.pulled = [Pulled("a:cloud", remote_host="https://ollama.com:443")]
    assert "文字会发送到 ollama.com" in run("models", "discover").stdout
    ollama.pulled = []
    assert "请先用 Ollama 下载一个" in run("models", "discover").stdout
    assert "都没有聊天模型" in run("models", "discover", "--use").output


def test_a_real_llama_server_is_put_to_use_and_answers(
    places: Places, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(discovery, "KNOWN", {})
    with llama_server(write_tiny_gguf(tmp_path), context=512) as url:
        monkeypatch.setenv("LLAMA_ARG_PORT", url.removesuffix("/v1").rpartition(":")[2])
        used = run("models", "discover", "--use")
        assert used.exit_code == 0, used.output
        answered = run("ask", "-s", "generate", "--json", "hello")
    assert answered.exit_code == 0, answered.output
    assert json.loads(answered.stdout)["error"] is None
