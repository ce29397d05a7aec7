"""Pictures of pictures: asked on about, and nearly the same, at two sizes, in both languages."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.core.events import Picture, TextDelta
from assistant.core.messages import ImageAttachment
from assistant.core.picture_search import PictureGroup
from assistant.store.conversations import ConversationStore
from assistant.tui.strings import Strings
from assistant.tui.strings_en import ENGLISH
from assistant.tui.strings_zh import CHINESE
from assistant.tui.widgets.half_cells import HalfCells
from benchmarks.pictures import landscape
from tests.tui.fakes import (
    ROUTED,
    AppPilot,
    FakeEngine,
    Step,
    at_rest,
    desk,
    done,
    make_app,
    make_store,
    send,
    until,
    until_answered,
)

Snap = Callable[..., bool]
LOOKS = [
    (size, theme, strings)
    for size in ((80, 24), (120, 36))
    for theme, strings in (("ink", ENGLISH), ("paper", CHINESE))
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ConversationStore]:
    store = make_store(tmp_path / "store")
    yield store
    store.close()


def drawn(pilot: AppPilot) -> int:
    return len(pilot.app.screen.query(HalfCells))


@pytest.mark.parametrize(("size", "theme", "strings"), LOOKS)
class TestPictures:
    def test_asked_on_about(
        self,
        snap_compare: Snap,
        store: ConversationStore,
        tmp_path: Path,
        size: tuple[int, int],
        theme: str,
        strings: Strings,
    ) -> None:
        photo = landscape(tmp_path / "evening.png")
        os.utime(photo, (1e9, 1e9))  # long before the conversation
        steps: list[Step] = [
            ROUTED,
            Picture(str(photo), photo.name),
            TextDelta("A **valley**."),
            done("A **valley**."),
        ]

        async def before(pilot: AppPilot) -> None:
            await pilot.pause()
            desk(pilot).attach([ImageAttachment(str(photo))])
            for text in ("What does this show?", "And what time of day is it?"):
                await send(pilot, text)
                await until_answered(pilot)
            await until(pilot, lambda: drawn(pilot) == 1)

        app = make_app(store, FakeEngine([steps, steps]), theme=theme, strings=strings)
        assert snap_compare(app, terminal_size=size, run_before=before)

    def test_nearly_the_same(
        self,
        snap_compare: Snap,
        store: ConversationStore,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        size: tuple[int, int],
        theme: str,
        strings: Strings,
    ) -> None:
        monkeypatch.chdir(tmp_path)  # so that paths are the same everywhere
        names = [
            str(landscape(Path(name))) for name in ("evening.png", "evening (1).png", "夜.png")
        ]
        engine = FakeEngine()
        engine.duplicates = (
            PictureGroup((names[0], names[1], names[2]), False),
            PictureGroup((names[0], names[2]), True),
        )

        async def before(pilot: AppPilot) -> None:
            await pilot.press("f3", "p")
            await until(pilot, lambda: drawn(pilot) >= 2)
            await pilot.press("down")
            await at_rest(pilot)

        app = make_app(store, engine, theme=theme, strings=strings)
        assert snap_compare(app, terminal_size=size, run_before=before)
