"""What is here, what is in use, and what this machine could do with."""

from __future__ import annotations

from pathlib import Path

from assistant.config import GenerateSettings, Settings
from assistant.core.inventory import ModelInfo
from assistant.engine.advice import Advice
from assistant.engine.inventory import take
from assistant.models.cache import ModelCache, write_manifest
from assistant.models.catalogue import Catalogue, ModelEntry


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
