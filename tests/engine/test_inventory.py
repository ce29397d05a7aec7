"""What is here, what is in use, and what this machine could do with."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.config import GenerateSettings, Settings
from assistant.core.events import Notice
from assistant.core.inventory import ModelInfo
from assistant.engine.advice import Advice
from assistant.engine.inventory import offered, take
from assistant.models.cache import ModelCache, write_manifest
from assistant.models.catalogue import Catalogue, ModelEntry
from assistant.models.servers import discovery
from tests.models.ollama_stand_in import OllamaStandIn, Pulled
from tests.models.scripted_server import ScriptedServer, Visit


def entry(name: str, role: str = "generate") -> ModelEntry:
    formats = {"generate": "gguf", "translate": "seq2seq"}
    return ModelEntry(name, role, f"hf:someone/{name}", formats[role])


def made(cache: ModelCache, model: ModelEntry) -> None:
    folder = cache.root / model.name
    folder.mkdir(parents=True)
    (folder / "weights").write_bytes(b"w" * 10)
    write_manifest(model, folder)


def listed(tmp_path: Path, settings: Settings, *present: str) -> dict[str, ModelInfo]:
    entries = [entry("a"), entry("b"), entry("t", "translate")]
    cache = ModelCache(tmp_path)
    for model in entries:
        if model.name in present:
            made(cache, model)
    catalogue = Catalogue({e.name: e for e in entries})
    advice = {"b": Advice(("best",), recommended=True, memory=5, speed=9.0, plan="→ cpu")}
    infos = take(catalogue, cache, settings, {"a": "cpu"}, advice)
    return {info.name: info for info in infos}


def test_models_that_are_here_come_first_and_the_named_one_is_in_use(tmp_path: Path) -> None:
    settings = Settings(generate=GenerateSettings(model="a"))
    found = listed(tmp_path, settings, "a", "t")
    assert list(found) == ["a", "t", "b"]
    assert (found["a"].in_use, found["a"].device, found["a"].setting) == (
        True,
        "cpu",
        "generate.model",
    )
    assert not found["b"].present


def test_a_translator_serves_without_being_named(tmp_path: Path) -> None:
    found = listed(tmp_path, Settings(), "t")
    assert (found["t"].in_use, found["t"].setting) == (True, "")


def test_a_model_that_is_named_but_absent_is_not_in_use(tmp_path: Path) -> None:
    assert not listed(tmp_path, Settings(generate=GenerateSettings(model="b")))["b"].in_use


def test_what_is_advised_is_told_with_the_model(tmp_path: Path) -> None:
    found = listed(tmp_path, Settings(), "a")
    b = found["b"]
    assert (b.advice, b.recommended, b.memory, b.speed, b.plan) == (
        ("best",),
        True,
        5,
        9.0,
        "→ cpu",
    )
    assert (found["a"].advice, found["a"].recommended) == ((), False)


class Guarded(ScriptedServer):
    """Shows its models to nobody without a key."""

    def answer(self, visit: Visit) -> None:
        visit.send(401, b"{}")


@pytest.fixture
def nothing_usual(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "KNOWN", {})


def offered_by(server: ScriptedServer) -> tuple[tuple[ModelInfo, ...], tuple[Notice, ...]]:
    return offered(Catalogue.load(Settings()), Settings(), {"OPENAI_BASE_URL": server.url})


@pytest.mark.usefixtures("nothing_usual")
def test_what_servers_offer_is_told_with_its_role_and_where_text_goes() -> None:
    pulled = [
        Pulled("qwen3-8b:latest"),
        Pulled("paraphrase-multilingual:latest", "bert"),
        Pulled("gpt-oss:120b-cloud", remote_host="https://ollama.com:443"),
    ]
    with OllamaStandIn(pulled=pulled).serving() as server:
        models, notices = offered_by(server)
    assert notices == ()
    assert [(m.role, m.setting, m.remote) for m in models] == [
        ("generate", "generate.model", False),
        ("embed", "embed.model", False),
        ("generate", "generate.model", True),
    ]
    assert models[2].server == "ollama.com"
    assert "8.2B, Q4_K_M" in models[0].summary


@pytest.mark.usefixtures("nothing_usual")
def test_servers_that_show_nothing_are_told_with_the_way_on() -> None:
    with Guarded().serving() as guarded, OllamaStandIn().serving() as empty:
        (wants_key,) = offered_by(guarded)[1]
        (has_none,) = offered_by(empty)[1]
    assert f"assistant models key set {guarded.url.removesuffix('/v1')}" in wants_key.hint
    assert "ollama pull" in has_none.hint
