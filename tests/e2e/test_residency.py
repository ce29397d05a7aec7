"""The embedded models take turns in memory that is too small for all of them."""

from __future__ import annotations

from pathlib import Path

from assistant.config import MemorySettings, Places, Settings
from assistant.core.events import TextDelta
from assistant.core.turns import TurnRequest
from assistant.engine.wiring import Engine, build

LIMIT = 0.5
"""GB; the embedder takes 0.43, the language model 0.26 and the translator 0.19."""


def answered(engine: Engine, text: str) -> str:
    events = engine.turns.run(TurnRequest(text=text), lambda: False)
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def test_models_make_room_for_one_another_and_come_back(
    embedded_cache: Path, tmp_path: Path
) -> None:
    places = Places(tmp_path / "config.toml", tmp_path / "data", embedded_cache, tmp_path)
    loads: list[str] = []
    engine = build(
        Settings(memory=MemorySettings(limit_gb=LIMIT)),
        places,
        lambda label: loads.append(label) if label else None,
    )
    for text in ("write a haiku about rain", "translate into Portuguese: good morning"):
        answer = answered(engine, text)
        assert answer
        assert sum(inmate.holds for inmate in engine.house.inmates()) <= LIMIT * 1e9
    assert answer == "Bom dia"
    assert loads.count("the text embedder") == 2, "it had left for the language model"
    assert engine.generator.loaded is None, "it left for the embedder in turn"
