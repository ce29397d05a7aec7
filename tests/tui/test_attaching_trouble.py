"""What is no file that can be attached is told for what it is, and nothing hangs."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from textual.widgets import Input

from assistant.store.conversations import ConversationStore
from assistant.tui.screens.attach import AttachScreen
from assistant.tui.strings import Strings
from assistant.tui.strings_en import ENGLISH
from assistant.tui.strings_zh import CHINESE
from tests.tui.fakes import desk, make_app, make_store, screen_text, until


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ConversationStore]:
    store = make_store(tmp_path / "store")
    yield store
    store.close()


@pytest.mark.parametrize(
    ("make", "strings", "said"),
    [
        (os.mkfifo, ENGLISH, "is no regular file"),
        (os.mkfifo, CHINESE, "不是普通文件"),
        (lambda path: path.symlink_to(path.name), ENGLISH, "leads back to itself"),
        (lambda path: path.symlink_to(path.name), CHINESE, "指回自身"),
        (lambda path: path.symlink_to("gone"), ENGLISH, "There is no file"),
    ],
)
async def test_what_can_not_be_attached_is_told_for_what_it_is(
    store: ConversationStore,
    tmp_path: Path,
    make: Callable[[Path], object],
    strings: Strings,
    said: str,
) -> None:
    path = tmp_path / "a 图.png"
    make(path)
    async with make_app(store, strings=strings).run_test(size=(160, 40)) as pilot:
        await pilot.press("ctrl+o")
        await until(pilot, lambda: isinstance(pilot.app.screen, AttachScreen))
        pilot.app.screen.query_one(Input).value = str(path)
        await pilot.press("enter")
        await until(pilot, lambda: unbroken(said) in unbroken(screen_text(pilot)))
        await pilot.press("escape")
        assert desk(pilot).chips.attachments == ()


def unbroken(text: str) -> str:
    """Without what a line is broken by in a dialog."""
    return re.sub(r"[\s│]", "", text)
