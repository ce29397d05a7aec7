"""In a Chinese interface people read Chinese; what is kept and sent stays English."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.core.collections import CollectionStatus, CollectionSummary, FileReceipt
from assistant.core.errors import EngineError, StoreError
from assistant.core.events import Failed, Notice, Progress, Routed, TextDelta
from assistant.core.inventory import ModelInfo
from assistant.store.conversations import ConversationStore
from assistant.tui.strings_en import ENGLISH
from assistant.tui.strings_zh import CHINESE
from tests.tui.fakes import (
    ROUTED,
    FakeEngine,
    Pause,
    answer,
    done,
    make_app,
    make_store,
    screen_text,
    send,
    toasts,
    until,
    until_answered,
)

NO_PAIR = Failed(
    "No model on this machine translates from English to German.",
    "opus-mt-en-de would: assistant models pull opus-mt-en-de",
)
WORDS_ONLY = Notice(
    "The text embedder is not here, so documents are searched by words only.",
    "assistant models pull",
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ConversationStore]:
    store = make_store(tmp_path)
    yield store
    store.close()


async def test_a_failure_is_told_in_chinese_and_kept_in_english(store: ConversationStore) -> None:
    engine = FakeEngine([[ROUTED, NO_PAIR]])
    async with make_app(store, engine, strings=CHINESE).run_test(size=(120, 30)) as pilot:
        await send(pilot, "translate into German: hello")
        await until_answered(pilot)
        shown = screen_text(pilot)
    assert "这台电脑上没有英语译德语的模型。" in shown
    assert "opus-mt-en-de 可以：assistant models pull opus-mt-en-de" in shown
    assert NO_PAIR in store.messages(store.recent(1)[0].id)[-1].events


async def test_a_failure_stays_english_in_an_english_interface(store: ConversationStore) -> None:
    engine = FakeEngine([[ROUTED, NO_PAIR]])
    async with make_app(store, engine, strings=ENGLISH).run_test(size=(120, 30)) as pilot:
        await send(pilot, "translate into German: hello")
        await until_answered(pilot)
        assert NO_PAIR.message in screen_text(pilot)


async def test_a_notice_is_told_in_chinese(store: ConversationStore) -> None:
    engine = FakeEngine([[ROUTED, WORDS_ONLY, TextDelta("At nine."), done("At nine.")]])
    async with make_app(store, engine, strings=CHINESE).run_test(size=(120, 30)) as pilot:
        await send(pilot, "when?")
        await until_answered(pilot)
        assert "文本向量模型不在这里，只能按词语查找文档。" in screen_text(pilot)


async def test_work_under_way_is_told_in_chinese(store: ConversationStore) -> None:
    pause = Pause()
    engine = FakeEngine([[ROUTED, Progress("Looking at images", 1, 4, "images"), pause, done("")]])
    async with make_app(store, engine, strings=CHINESE).run_test(size=(120, 30)) as pilot:
        await send(pilot, "what is this?")
        await until(pilot, lambda: "正在看图片 25%" in screen_text(pilot))
        pause.over.set()


async def test_an_answer_that_reads_like_a_message_stays_as_it_is(
    store: ConversationStore,
) -> None:
    text = "The file is empty. Check the path."
    engine = FakeEngine([answer(text)])
    async with make_app(store, engine, strings=CHINESE).run_test(size=(120, 30)) as pilot:
        await send(pilot, "what does the log say?")
        await until_answered(pilot)
        assert text in screen_text(pilot)
        assert "文件是空的" not in screen_text(pilot)


async def test_why_a_skill_was_chosen_is_told_in_chinese(store: ConversationStore) -> None:
    routed = Routed("translate", 0.9, 0.8, "asks for a translation, names German")
    engine = FakeEngine([answer("Hallo.", routed)])
    async with make_app(store, engine, strings=CHINESE).run_test(size=(120, 40)) as pilot:
        await send(pilot, "hello in German")
        await until_answered(pilot)
        await pilot.press("alt+up", "w")
        await until(pilot, lambda: "要求翻译，提到德语" in screen_text(pilot))


async def test_why_a_file_was_not_read_is_told_in_chinese(store: ConversationStore) -> None:
    engine = FakeEngine()
    engine.collections = (CollectionSummary("default", 0, ("/home/me",), failed=1),)
    reason = "It is named .pdf but it holds a PNG image. Give it the ending it should have."
    engine.receipts = {
        "default": CollectionStatus(
            "default", ("/home/me",), (FileReceipt("/home/me/a.pdf", "failed", reason, 0),), 0, 0
        )
    }
    async with make_app(store, engine, strings=CHINESE).run_test(size=(160, 36)) as pilot:
        await pilot.press("f3")
        await until(pilot, lambda: "后缀是 .pdf，内容却是 PNG 图片。" in screen_text(pilot))


async def test_what_a_model_is_for_is_told_in_chinese(store: ConversationStore) -> None:
    engine = FakeEngine()
    summary = "Good answers on an ordinary laptop; writes answers from your documents."
    engine.models = (ModelInfo("qwen3-1.7b", "generate", False, False, summary=summary),)
    async with make_app(store, engine, strings=CHINESE).run_test(size=(120, 36)) as pilot:
        await pilot.press("f4")
        await until(pilot, lambda: "普通笔记本电脑上就能好好回答" in screen_text(pilot))


async def test_an_engine_that_does_not_start_is_told_in_chinese(store: ConversationStore) -> None:
    class Refusing(FakeEngine):
        async def start(self) -> None:
            raise EngineError("The engine's stream is out of step.", "Start the assistant again.")

    async with make_app(store, Refusing(), strings=CHINESE).run_test(size=(120, 30)) as pilot:
        await until(pilot, lambda: "与引擎的通信乱了。请重新启动 assistant。" in toasts(pilot))


def test_errors_are_told_with_their_remedy() -> None:
    error = StoreError("The disk that holds /tmp is full.", "Make space on the disk.")
    assert CHINESE.tell_error(error) == "/tmp 所在的磁盘已满。请腾出磁盘空间。"
    assert CHINESE.tell_error(PermissionError(13, "Permission denied", "/x")) == (
        "没有权限（错误 13）：'/x'"
    )
    assert ENGLISH.tell_error(error) == str(error)
