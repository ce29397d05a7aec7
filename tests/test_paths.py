"""What people write for a path may be none: nothing fails of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.core.messages import ImageAttachment, Message
from assistant.core.paths import is_file, is_folder, is_there, with_home
from assistant.core.skills import Params, SkillRequest
from assistant.models.sources.reference import PathSource, parse_source
from skills.attached_images import image_paths

NOBODY = "~nobody-of-this-name/x.png"


def test_the_home_of_nobody_is_left_as_it_stands() -> None:
    assert with_home(NOBODY) == Path(NOBODY)


def test_ones_own_home_is_put_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    assert with_home("~/x.png") == Path("/home/me/x.png")


@pytest.mark.parametrize("asks", [is_there, is_file, is_folder])
@pytest.mark.parametrize("path", ["a" * 5000, "a\0b"], ids=["too long", "with a zero byte"])
def test_what_can_be_no_path_is_not_there(asks: Callable[[Path], bool], path: str) -> None:
    assert not asks(Path(path))


def test_images_and_sources_take_such_paths_as_they_stand() -> None:
    message = Message("user", "look", (ImageAttachment(NOBODY),))
    request = SkillRequest(message, (), Params(), lambda: False)
    assert image_paths(request) == (Path(NOBODY),)
    assert parse_source(f"path:{NOBODY}") == PathSource(Path(NOBODY))
