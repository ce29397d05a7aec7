"""From the list of models to a network that runs: the permission given is the one shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.config import Places, Settings
from assistant.core.inventory import ModelInfo
from assistant.engine.wiring import Engine, build
from assistant.models.consent import ConsentMissingError
from tests.models import torch_repository


@pytest.fixture
def engine(places: Places, tmp_path: Path) -> Engine:
    folder = torch_repository.write(tmp_path / "mine")
    entry = {
        "role": "label",
        "source": f"torchhub:{folder}:colour?weights=colour.pth",
        "labels": "labels.txt",
        "image_size": 16,
    }
    return build(Settings(models={"colours": entry}), places)


def listed(engine: Engine) -> ModelInfo:
    return next(info for info in engine.inventory() if info.name == "colours")


def pull(engine: Engine, allowed: str = "") -> None:
    engine.pull(("colours",), lambda: False, lambda _: None, allowed)


def test_what_would_run_is_listed_until_it_is_allowed(engine: Engine, tmp_path: Path) -> None:
    code = listed(engine).code
    assert code.startswith(f"colour() in hubconf.py of {tmp_path / 'mine'} at sha256:")
    pull(engine, code)
    assert listed(engine).present
    assert listed(engine).code == ""


def test_models_that_are_data_only_have_nothing_to_allow(engine: Engine) -> None:
    assert [info.name for info in engine.inventory() if info.code] == ["colours"]


def test_a_permission_for_something_else_allows_nothing(engine: Engine) -> None:
    for allowed in ("", "yes", listed(engine).code.replace("colour()", "broken()")):
        with pytest.raises(ConsentMissingError):
            pull(engine, allowed)


def test_code_changed_after_it_was_shown_does_not_run(engine: Engine, tmp_path: Path) -> None:
    shown = listed(engine).code
    (tmp_path / "mine" / "hubconf.py").write_text("import os")
    with pytest.raises(ConsentMissingError):
        pull(engine, shown)


def test_a_repository_that_is_gone_leaves_the_list_whole(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "mine" / "hubconf.py").unlink()
    assert listed(engine).code == ""
