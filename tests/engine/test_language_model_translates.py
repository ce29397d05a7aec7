"""Which language model may translate, told without loading it."""

from __future__ import annotations

import msgspec
import pytest

from assistant.config import Places, Settings
from assistant.engine.wiring import build
from assistant.models.cache import ModelCache
from skills.translation.generated import fallback_of


@pytest.mark.parametrize(
    ("model", "present", "serves"),
    [
        ("qwen3-1.7b", True, True),
        ("qwen3-1.7b", False, False),
        ("smollm2-135m-instruct", True, False),  # not grounded
        ("english-only", True, False),
    ],
)
def test_only_a_grounded_model_that_is_here_and_speaks_both(
    places: Places, monkeypatch: pytest.MonkeyPatch, model: str, present: bool, serves: bool
) -> None:
    monkeypatch.setattr(ModelCache, "is_present", lambda _self, _entry: present)
    english = {
        "role": "generate",
        "source": "hf:org/name:model.gguf",
        "languages": ["en"],
        "grounded": True,
    }
    generate = msgspec.structs.replace(Settings().generate, model=model)
    settings = Settings(generate=generate, models={"english-only": english})
    found = fallback_of(build(settings, places).services)("pt", "de")
    assert (found is not None) is serves
    if found is not None:
        assert found.name == model
        assert set(found.pairs) == {("pt", "de")}
