"""The real embedded models, fetched once as a first start does and kept in the user's cache."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from assistant.config import find_places

_ENVIRON = dict(os.environ)
"""As it was before any test changed it."""
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def embedded_cache() -> Path:
    """The cache folder, with the embedded models in it."""
    subprocess.run([sys.executable, "-m", "assistant", "models", "pull"], check=True, env=_ENVIRON)
    return find_places(_ENVIRON).cache


@pytest.fixture(scope="session")
def embedded_models(embedded_cache: Path) -> Path:
    """The folder with one folder a model."""
    return embedded_cache / "models"


@pytest.fixture
def environ(embedded_cache: Path, tmp_path: Path) -> Mapping[str, str]:
    """The environment of a person who has the models, and nothing else yet."""
    own = {f"ASSISTANT_{kind}_DIR": str(tmp_path / kind.lower()) for kind in ("DATA", "STATE")}
    return (
        dict(os.environ)
        | own
        | {
            "ASSISTANT_CACHE_DIR": str(embedded_cache),
            "ASSISTANT_CONFIG": str(tmp_path / "config.toml"),
            "ASSISTANT_OFFLINE": "1",
            "PYTHONIOENCODING": "utf-8",
        }
    )


@pytest.fixture
def assistant(environ: Mapping[str, str]) -> Run:
    """Runs `assistant …` and returns what came of it."""

    def run(*arguments: str | Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "assistant", *map(str, arguments)],
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            env=environ,
            timeout=300,
            check=False,
        )

    return run
