"""Pictures of the main states. Renew them with `pytest tests/tui --snapshot-update`, and look."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from assistant.core.documents import Label
from assistant.core.errors import EngineError
from assistant.core.events import (
    Alternative,
    Failed,
    Labelled,
    Notice,
    Picture,
    Progress,
    Routed,
    TextDelta,
)
from assistant.core.messages import FileAttachment, ImageAttachment, Message, TextAttachment
from assistant.engine.wire import MissingModel, Status
from assistant.store.conversations import ConversationStore
from assistant.tui.app import AssistantApp
from assistant.tui.demo import SCRIPT, fill
from assistant.tui.demo import StandingClock as DemoClock
from assistant.tui.strings_zh import CHINESE
from assistant.tui.widgets.library import Library
from assistant.tui.widgets.sidebar import Sidebar
from tests.tui.fakes import (
    NOW,
    READY,
    ROUTED,
    AppPilot,
    FakeEngine,
    Pause,
    Step,
    at_rest,
    desk,
    done,
    make_app,
    send,
    until,
    until_answered,
    write,
)

Snap = Callable[..., bool]
Before = Callable[[AppPilot], Awaitable[None]]
SIZES = [(80, 24), (120, 36), (200, 50)]
THEMES = ["ink", "paper"]
SMALL_DARK_AND_LARGE_LIGHT = [((80, 24), "ink"), ((120, 36), "paper")]
MODELS = (
    MissingModel("smollm2-135m-instruct", 92_900_000),
    MissingModel("multilingual-e5-small", 91_200_000),
)
MISSING = Status("ready", missing=MODELS)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ConversationStore]:
    clock = DemoClock(NOW)
    store = ConversationStore(tmp_path / "conversations.sqlite3", clock)
    fill(store, clock)
    yield store
    store.close()


def ask(*questions: str) -> Before:
    async def run(pilot: AppPilot) -> None:
        for question in questions:
            await send(pilot, question)
            await until_answered(pilot)

    return run


def demo_engine() -> FakeEngine:
    return FakeEngine([list(events) for events in SCRIPT.values()])


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES)
def test_conversation(
    snap_compare: Snap, store: ConversationStore, size: tuple[int, int], theme: str
) -> None:
    app = make_app(store, demo_engine(), theme=theme)
    assert snap_compare(app, terminal_size=size, run_before=ask(*SCRIPT))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES)
def test_welcome(
    snap_compare: Snap, store: ConversationStore, size: tuple[int, int], theme: str
) -> None:
    assert snap_compare(make_app(store, theme=theme), terminal_size=size)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES)
class TestInChinese:
    def test_conversation(
        self, snap_compare: Snap, store: ConversationStore, size: tuple[int, int], theme: str
    ) -> None:
        app = make_app(store, demo_engine(), theme=theme, strings=CHINESE)
        assert snap_compare(app, terminal_size=size, run_before=ask(*SCRIPT))

    def test_welcome_with_commands_offered(
        self, snap_compare: Snap, store: ConversationStore, size: tuple[int, int], theme: str
    ) -> None:
        async def before(pilot: AppPilot) -> None:
            await pilot.pause()
            await write(pilot, "/")

        app = make_app(store, theme=theme, strings=CHINESE)
        assert snap_compare(app, terminal_size=size, run_before=before)


@pytest.mark.parametrize(("size", "theme"), [((80, 24), "paper"), ((120, 36), "ink")])
class TestDialogsInChinese:
    def test_why(
        self, snap_compare: Snap, store: ConversationStore, size: tuple[int, int], theme: str
    ) -> None:
        async def before(pilot: AppPilot) -> None:
            await ask(next(iter(SCRIPT)))(pilot)
            await pilot.press("alt+up", "w")
            await until_answered(pilot)

        app = make_app(store, demo_engine(), theme=theme, strings=CHINESE)
        assert snap_compare(app, terminal_size=size, run_before=before)

    def test_help(
        self, snap_compare: Snap, store: ConversationStore, size: tuple[int, int], theme: str
    ) -> None:
        app = make_app(store, theme=theme, strings=CHINESE)
        assert snap_compare(app, terminal_size=size, press=["f1"])

    def test_failure(
        self, snap_compare: Snap, store: ConversationStore, size: tuple[int, int], theme: str
    ) -> None:
        failed = Failed("这台电脑上没有这个模型。", "运行 assistant models pull x 下载。")
        app = make_app(store, FakeEngine([[ROUTED, failed]]), theme=theme, strings=CHINESE)
        assert snap_compare(app, terminal_size=size, run_before=ask("你好？"))


@pytest.mark.parametrize(("size", "theme"), SMALL_DARK_AND_LARGE_LIGHT)
class TestStates:
    def test_chinese(
        self, snap_compare: Snap, store: ConversationStore, size: tuple[int, int], theme: str
    ) -> None:
        steps: list[Step] = [
            Routed("generate", 0.98, 0.96, "没有别的技能更合适。"),
            TextDelta(
                "好的，这是三条建议：\n\n1. **早睡**早起\n2. 多走路，少坐着\n3. 每天读一页书"
            ),
            done(""),
        ]
        app = make_app(store, FakeEngine([steps]), strings=CHINESE, theme=theme)
        before = ask("给我三条健康生活的建议。")
        assert snap_compare(app, terminal_size=size, run_before=before)

    def test_writing_with_commands_offered(
        self, snap_compare: Snap, store: ConversationStore, size: tuple[int, int], theme: str
    ) -> None:
        async def before(pilot: AppPilot) -> None:
            await pilot.pause()
            desk(pilot).attach([ImageAttachment("/a/猫.jpg"), FileAttachment("/a/report.pdf")])
            desk(pilot).attach([TextAttachment("pasted text, 1200 lines", "…")])
            await write(pilot, "/")

        app = make_app(store, theme=theme)
        assert snap_compare(app, terminal_size=size, run_before=before)

    def test_streaming(
        self, snap_compare: Snap, store: ConversationStore, size: tuple[int, int], theme: str
    ) -> None:
        steps: list[Step] = [ROUTED, TextDelta("Once upon a time there was a fox."), Pause()]

        async def before(pilot: AppPilot) -> None:
            await send(pilot, "Tell me a story.")
            await at_rest(pilot)

        app = make_app(store, FakeEngine([steps]), theme=theme)
        assert snap_compare(app, terminal_size=size, run_before=before)

    def test_image_described_and_walked_to(
        self, snap_compare: Snap, store: ConversationStore, size: tuple[int, int], theme: str
    ) -> None:
        labels = (Label("tabby, tabby cat", 0.62), Label("Egyptian cat", 0.21))
        steps: list[Step] = [
            Routed("describe", 0.9, 0.8, "An image is attached."),
            Picture("/a/cat.jpg", "640 × 480"),
            TextDelta("Most likely a **tabby cat** (62%), possibly an Egyptian cat."),
            Labelled(labels, "efficientnet-lite2"),
            Notice("No text was found in it."),
            done(""),
        ]

        async def before(pilot: AppPilot) -> None:
            await ask("What is this?")(pilot)
            await pilot.press("alt+up")

        app = make_app(store, FakeEngine([steps]), theme=theme)
        assert snap_compare(app, terminal_size=size, run_before=before)

    def test_failure(
        self, snap_compare: Snap, store: ConversationStore, size: tuple[int, int], theme: str
    ) -> None:
        failed = Failed("The model is not on this machine.", "Fetch it: assistant models pull x")
        app = make_app(store, FakeEngine([[ROUTED, failed]]), theme=theme)
        assert snap_compare(app, terminal_size=size, run_before=ask("Hello?"))

    def test_engine_death(
        self, snap_compare: Snap, store: ConversationStore, size: tuple[int, int], theme: str
    ) -> None:
        steps: list[Step] = [ROUTED, TextDelta("Once upon a"), EngineError("gone")]
        app = make_app(store, FakeEngine([steps]), theme=theme)
        assert snap_compare(app, terminal_size=size, run_before=ask("Tell me a story."))

    def test_source_unfolded(
        self, snap_compare: Snap, store: ConversationStore, size: tuple[int, int], theme: str
    ) -> None:
        async def before(pilot: AppPilot) -> None:
            await ask(next(iter(SCRIPT)))(pilot)
            await pilot.press("alt+up", "enter", "enter")

        app = make_app(store, demo_engine(), theme=theme)
        assert snap_compare(app, terminal_size=size, run_before=before)

    def test_why(
        self, snap_compare: Snap, store: ConversationStore, size: tuple[int, int], theme: str
    ) -> None:
        async def before(pilot: AppPilot) -> None:
            await ask(next(iter(SCRIPT)))(pilot)
            await pilot.press("alt+up", "w")
            await until_answered(pilot)

        app = make_app(store, demo_engine(), theme=theme)
        assert snap_compare(app, terminal_size=size, run_before=before)

    def test_unsure(
        self, snap_compare: Snap, store: ConversationStore, size: tuple[int, int], theme: str
    ) -> None:
        async def before(pilot: AppPilot) -> None:
            await send(pilot, "And the numbers?")

        unsure = Routed("qa", 0.48, 0.03, "", (Alternative("generate", 0.45),), unsure=True)
        app = make_app(store, FakeEngine([[unsure, done("")]]), theme=theme)
        assert snap_compare(app, terminal_size=size, run_before=before)

    def test_help(
        self, snap_compare: Snap, store: ConversationStore, size: tuple[int, int], theme: str
    ) -> None:
        assert snap_compare(make_app(store, theme=theme), terminal_size=size, press=["f1"])

    def test_search(
        self, snap_compare: Snap, store: ConversationStore, size: tuple[int, int], theme: str
    ) -> None:
        async def before(pilot: AppPilot) -> None:
            await pilot.pause()
            await pilot.press("ctrl+f", *"week")
            await searched(pilot, "week")

        app = make_app(store, theme=theme)
        assert snap_compare(app, terminal_size=size, run_before=before)

    def test_download(
        self, snap_compare: Snap, store: ConversationStore, size: tuple[int, int], theme: str
    ) -> None:
        steps: list[Step] = [
            Progress("Fetching smollm2-135m-instruct", 98e6, 98e6, "bytes"),
            Progress("Fetching multilingual-e5-small", 31e6, 72e6, "bytes"),
            Pause(),
        ]

        async def before(pilot: AppPilot) -> None:
            await pilot.pause()
            await pilot.press("enter")
            await at_rest(pilot)

        app: AssistantApp = make_app(store, FakeEngine([steps], MISSING), theme=theme)
        assert snap_compare(app, terminal_size=size, run_before=before)


def test_the_engine_starting_is_shown_on_the_first_screen(
    snap_compare: Snap, store: ConversationStore
) -> None:
    app = make_app(store, FakeEngine(status=Status("loading", "language model", READY.model)))
    assert snap_compare(app, terminal_size=(80, 24))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES)
class TestLibrary:
    """The list of conversations, beside the transcript or over it."""

    def test_renaming(
        self, snap_compare: Snap, store: ConversationStore, size: tuple[int, int], theme: str
    ) -> None:
        store.set_pinned(store.recent(3)[2].id, True)
        app = make_app(store, theme=theme)
        before = in_library("home", "down", "r", "end", "!")
        assert snap_compare(app, terminal_size=size, run_before=before)

    def test_archive(
        self, snap_compare: Snap, store: ConversationStore, size: tuple[int, int], theme: str
    ) -> None:
        for conversation in store.recent(3):
            store.set_archived(conversation.id, True)
        app = make_app(store, theme=theme, strings=CHINESE)
        assert snap_compare(app, terminal_size=size, run_before=in_library("v"))

    def test_hits_in_titles_and_messages(
        self, snap_compare: Snap, store: ConversationStore, size: tuple[int, int], theme: str
    ) -> None:
        conversation = store.create("Heating").id
        question = store.add_user(conversation, Message("user", "How does a heat pump work?"))
        answer = store.begin_answer(conversation, question)
        store.finish_answer(
            answer, "It moves heat 热泵 from outside; no heat is made.", "complete", ()
        )

        async def before(pilot: AppPilot) -> None:
            await pilot.pause()
            await pilot.press("ctrl+f", *"heat")
            await searched(pilot, "heat")

        app = make_app(store, theme=theme)
        assert snap_compare(app, terminal_size=size, run_before=before)


async def searched(pilot: AppPilot, text: str) -> None:
    """Wait until the last key is searched for: the keys before it may be together."""
    await until(pilot, lambda: pilot.app.screen.query_one(Sidebar)._searched == text)
    await at_rest(pilot)


def in_library(*keys: str) -> Before:
    async def run(pilot: AppPilot) -> None:
        await pilot.pause()
        library = pilot.app.screen.query_one(Library)
        library.show(True)
        library.focus_list()
        await pilot.press(*keys)
        await at_rest(pilot)

    return run
