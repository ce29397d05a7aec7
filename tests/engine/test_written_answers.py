"""Only a model that is here, and whose entry says so, writes answers from quotes."""

from __future__ import annotations

import msgspec
import pytest

from assistant.config import Places, Settings
from assistant.engine import wiring
from assistant.models.cache import ModelCache
from assistant.models.catalogue import Catalogue


@pytest.mark.parametrize(
    ("model", "present", "writes"),
    [
        ("qwen3-1.7b", True, True),
        ("qwen3-1.7b", False, False),
        ("smollm2-135m-instruct", True, False),
    ],
)
def test_a_grounded_model_that_is_present_writes(
    places: Places, monkeypatch: pytest.MonkeyPatch, model: str, present: bool, writes: bool
) -> None:
    monkeypatch.setattr(ModelCache, "is_present", lambda _self, _entry: present)
    generate = msgspec.structs.replace(Settings().generate, model=model)
    settings = msgspec.structs.replace(Settings(), generate=generate)
    catalogue, cache = Catalogue.load(settings), ModelCache(places.models)
    assert wiring._writes_answers(settings, catalogue, cache) is writes
