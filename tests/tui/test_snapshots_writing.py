"""Pictures of writing, reading and editing at three sizes, dark and light.

Renew them with `pytest tests/tui/test_snapshots_writing.py --snapshot-update`, and look.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.core.events import TextDelta
from assistant.core.messages import ImageAttachment, TextAttachment
from assistant.store.conversations import ConversationStore
from assistant.tui.demo import StandingClock, fill
from assistant.tui.widgets.half_cells import HalfCells
from benchmarks.pictures import landscape
from tests.tui.fakes import (
    NOW,
    ROUTED,
    AppPilot,
    FakeEngine,
    Step,
    answer,
    desk,
    done,
    make_app,
    send,
    until,
    until_answered,
    write,
)

Snap = Callable[..., bool]
CODE = """Two ways:

1. a loop, which says what it does, step by step
   - and can stop early
2. a comprehension

```python
squares = [number ** 2 for number in range(10)]
```

用一行就够了：

| n | n² |
|---|----|
| 3 | 9  |
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ConversationStore]:
    clock = StandingClock(NOW)
    store = ConversationStore(tmp_path / "conversations.sqlite3", clock)
    fill(store, clock)
    yield store
    store.close()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "work"
    for name in ("papers/oak trees.pdf", "papers/橡树.pdf", "notes/oaks.md", "photos/oak.jpg"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("theme", ["ink", "paper"])
@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 50)])
class TestStates:
    def test_files_offered_and_chips(
        self,
        snap_compare: Snap,
        store: ConversationStore,
        folder: Path,
        size: tuple[int, int],
        theme: str,
    ) -> None:
        async def before(pilot: AppPilot) -> None:
            await pilot.pause()
            desk(pilot).attach([TextAttachment("pasted text, 1200 lines", "x" * 98_000)])
            desk(pilot).attach([ImageAttachment(str(folder / "photos" / "oak.jpg"))])
            await write(pilot, "把这个和 👩‍👩‍👧 比较 @oak")
            await until(pilot, lambda: len(desk(pilot).completion.choices) == 3)
            await pilot.press("down")

        app = make_app(store, theme=theme)
        assert snap_compare(app, terminal_size=size, run_before=before)

    def test_picture_attached(
        self,
        snap_compare: Snap,
        store: ConversationStore,
        folder: Path,
        size: tuple[int, int],
        theme: str,
    ) -> None:
        photo = landscape(folder / "evening.png")

        async def before(pilot: AppPilot) -> None:
            await pilot.pause()
            desk(pilot).attach([ImageAttachment(str(photo))])
            await send(pilot, "What does this show?")
            await until_answered(pilot)
            await until(pilot, lambda: bool(pilot.app.screen.query(HalfCells)))

        steps: list[Step] = [ROUTED, TextDelta("A **valley**."), done("A **valley**.")]
        app = make_app(store, FakeEngine([steps]), theme=theme)
        assert snap_compare(app, terminal_size=size, run_before=before)

    def test_code_list_and_table_with_times_and_the_code_walked_to(
        self, snap_compare: Snap, store: ConversationStore, size: tuple[int, int], theme: str
    ) -> None:
        async def before(pilot: AppPilot) -> None:
            await send(pilot, "Squares in Python?")
            await until_answered(pilot)
            await pilot.press("ctrl+t")
            pilot.app.screen.query("CodeBlock").first().focus()

        app = make_app(store, FakeEngine([answer(CODE)]), theme=theme)
        assert snap_compare(app, terminal_size=size, run_before=before)

    def test_a_message_edited_for_the_second_time(
        self, snap_compare: Snap, store: ConversationStore, size: tuple[int, int], theme: str
    ) -> None:
        long = "\n\n".join(f"Paragraph {number}." for number in range(30))

        async def before(pilot: AppPilot) -> None:
            await send(pilot, "first")
            await until_answered(pilot)
            await pilot.press("alt+up", "e", "!", "enter")
            await until_answered(pilot)
            await pilot.press("alt+up", "alt+up", "e")
            await pilot.pause()
            pilot.app.screen.query_one("Transcript").scroll_to(y=0, animate=False)

        app = make_app(store, FakeEngine([answer("One."), answer(long)]), theme=theme)
        assert snap_compare(app, terminal_size=size, run_before=before)
