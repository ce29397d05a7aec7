"""The line-by-line chat: what is typed is answered in plain lines and kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import wait
from contextlib import closing
from pathlib import Path

import pytest

from assistant.core.documents import Label, Passage, Place
from assistant.core.errors import EngineError
from assistant.core.events import (
    Failed,
    Labelled,
    Notice,
    Picture,
    Planned,
    PlannedStep,
    Progress,
    Routed,
    Sources,
    StepDone,
    StepStarted,
    TextDelta,
)
from assistant.core.messages import ImageAttachment, Message
from assistant.engine.wire import MissingModel, Status
from assistant.plain.chat import PlainChat
from assistant.plain.loop import BackgroundLoop
from assistant.plain.strings import CHINESE, ENGLISH, PlainStrings
from assistant.store.conversations import ConversationStore
from assistant.tui import strings_en, strings_zh
from tests.tui.fakes import ROUTED, FakeEngine, Pause, Step, answer, done, make_store

SKILLS = ("generate", "qa", "translate")
Line = str | Callable[[], str]


class Terminal:
    """Types prepared lines; a line may be a function, called when it is its turn."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = list(lines)
        self.written = ""

    def read(self, prompt: str) -> str:
        self.write(prompt)
        if not self._lines:
            raise EOFError
        line = self._lines.pop(0)
        return line() if callable(line) else line

    def write(self, text: str) -> None:
        self.written += text


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ConversationStore]:
    with closing(make_store(tmp_path)) as opened:
        yield opened


def chat(
    store: ConversationStore,
    *lines: Line,
    scripts: Sequence[Sequence[Step]] = (),
    plain: PlainStrings = ENGLISH,
) -> tuple[str, FakeEngine]:
    """What was written, and the engine, after these lines were typed."""
    terminal, engine = Terminal(lines), FakeEngine(scripts)
    with closing(BackgroundLoop()) as loop:
        PlainChat(
            store,
            engine,
            loop,
            read=terminal.read,
            write=terminal.write,
            skills=SKILLS,
            strings=strings_zh.CHINESE if plain is CHINESE else strings_en.ENGLISH,
            plain=plain,
        ).run()
    return terminal.written, engine


def interrupt() -> str:
    raise KeyboardInterrupt


def test_a_message_is_answered_and_kept(store: ConversationStore) -> None:
    written, _ = chat(store, "hello", scripts=[answer("Hi there, **you**.")])
    assert "You: Assistant (Chat 97%):\nHi there, **you**.\n" in written
    kept = store.messages(store.recent(1)[0].id)
    assert [(m.role, m.text, m.state) for m in kept] == [
        ("user", "hello", "complete"),
        ("assistant", "Hi there, **you**.", "complete"),
    ]


def test_it_speaks_chinese(store: ConversationStore) -> None:
    written, _ = chat(store, "你好", "/help", scripts=[answer("你好！")], plain=CHINESE)
    assert "你：助手（聊天 97%）：\n你好！\n" in written
    assert "/help           这份帮助" in written


def test_nothing_but_plain_lines_is_written(store: ConversationStore) -> None:
    hostile = "\x1b[31mred\x07\x1b]0;title\x07 \u202eabc\rx"
    steps: list[Step] = [
        Routed("\x1b[1mbad", 0.5, 0.1, "x"),
        Progress("\x1b[2Jreading", 1, 2, "files"),
        TextDelta(hostile),
        Notice(hostile, hostile),
        Sources((Passage(f"/{hostile}", hostile, Place(page=2), 0, 3, 0.9),)),
        Picture(hostile, hostile),
        Labelled((Label(hostile, 0.5),), "m"),
        done(hostile),
    ]
    store.create(hostile)
    written, _ = chat(store, f"say {hostile}", "/list", "/search red", "/open 1", scripts=[steps])
    assert [c for c in written if ord(c) < 32 and c != "\n"] == []
    assert "\u202e" not in written


def test_sources_notices_and_labels_follow_the_text(store: ConversationStore) -> None:
    passage = Passage("/a.pdf", "Trains leave.", Place(page=3), 0, 13, 0.9)
    steps: list[Step] = [
        ROUTED,
        Sources((passage,)),
        Notice("Old index.", "Read it again."),
        TextDelta("They leave."),
        done("They leave."),
    ]
    written, _ = chat(store, "when?", scripts=[steps])
    assert "They leave.\nSources:\n1. /a.pdf p. 3: Trains leave.\nNote: Old index. Read" in written


def test_each_step_of_a_chain_is_named_on_a_line_of_its_own(store: ConversationStore) -> None:
    steps: list[Step] = [
        ROUTED,
        Planned((PlannedStep("describe"), PlannedStep("translate", "pt"))),
        StepStarted(0),
        TextDelta("A cat."),
        StepDone(0, "A cat."),
        StepStarted(1),
        TextDelta("Um gato."),
        StepDone(1, "Um gato."),
        done("Um gato."),
    ]
    written, _ = chat(store, "what is it, in Portuguese?", scripts=[steps])
    names = strings_en.ENGLISH
    first, second = names.skill("describe"), names.skill("translate")
    assert f"\n1. {first}:\nA cat.\n2. {second} (pt):\nUm gato.\n" in written


def test_work_is_named_once_and_never_drawn_over(store: ConversationStore) -> None:
    steps: list[Step] = [*(Progress("loading", n, 9, "MB") for n in range(9)), *answer("Done.")]
    written, _ = chat(store, "hi", scripts=[steps])
    assert written.count("loading") == 1


def test_a_failure_and_a_death_are_told_and_one_goes_on(store: ConversationStore) -> None:
    scripts: list[list[Step]] = [
        [ROUTED, Failed("No model.", "Pull it.")],
        [ROUTED, TextDelta("half"), EngineError("gone")],
        answer("At last."),
    ]
    written, engine = chat(store, "one", "two", "/again", scripts=scripts)
    assert "Error: No model. Pull it.\n" in written
    assert "half\nError: The engine stopped" in written
    assert "At last." in written
    assert [turn.text for turn in engine.turns] == ["one", "two", "two"]


def test_control_c_again_while_the_first_is_answered_leaves(
    store: ConversationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(terminal: Terminal, text: str) -> None:
        terminal.written += text
        if ENGLISH.quit_hint in text:
            raise KeyboardInterrupt

    monkeypatch.setattr(Terminal, "write", write)
    written, _ = chat(store, interrupt, "never read")
    assert written.endswith("Goodbye.\n")
    assert "never read" not in written


def test_a_line_that_ends_in_a_backslash_goes_on(store: ConversationStore) -> None:
    _, engine = chat(store, "first\\", "second")
    assert engine.turns[0].text == "first\nsecond"


def test_paths_and_attach_attach(store: ConversationStore, tmp_path: Path) -> None:
    photo, other = tmp_path / "cat.png", tmp_path / "dog.png"
    photo.write_bytes(b"\x89PNG\r\n\x1a\n")
    other.write_bytes(b"\x89PNG\r\n\x1a\n")
    written, engine = chat(
        store, f"/attach {other}", "/attach /no/such", f"what is {photo} here?", "next"
    )
    assert written.count("Attached: ") == 2
    assert "There is no file /no/such." in written
    assert engine.turns[0].attachments == (ImageAttachment(str(other)), ImageAttachment(str(photo)))
    assert engine.turns[0].text == "what is here?"
    assert engine.turns[1].attachments == ()


def test_a_skill_is_used_once_or_from_now_on(store: ConversationStore) -> None:
    written, engine = chat(
        store, "/translate good morning", "/skill qa", "one", "/skill auto", "two", "/skill x",
        "/skill", "/nonsense",
    )  # fmt: skip
    assert [turn.skill for turn in engine.turns] == ["translate", "qa", None]
    assert "There is no skill x." in written
    assert "There is no command /nonsense." in written


def test_conversations_are_listed_opened_and_gone_on_with(store: ConversationStore) -> None:
    conversation = store.create().id
    store.add_user(conversation, Message("user", "about trains"))
    store.finish_answer(store.begin_answer(conversation), "They leave.", "stopped", [ROUTED])
    written, engine = chat(store, "/list", "/open 1", "go on", "/open 9", "/open x", "/read 2")
    assert "1. about trains\n" in written
    assert "Opened: about trains\nYou: about trains\nAssistant (Chat 97%):\nThey leave.\n(stop" in (
        written
    )
    assert engine.turns[0].history[0].text == "about trains"
    assert written.count("Say a number from the last list") == 2
    assert written.endswith("You: Goodbye.\n")
    assert len(store.recent(9)) == 1


def test_a_search_opens_at_what_it_found(store: ConversationStore) -> None:
    conversation = store.create("long").id
    for number in range(40):
        store.add_user(conversation, Message("user", f"number {number} 火车"))
    written, _ = chat(store, "/search number 7", "/open 1", "/search", "/search zebra")
    assert "Opened: long\nYou: number 7 火车\n" in written
    assert "Nothing found." in written


def test_new_begins_another_conversation(store: ConversationStore) -> None:
    _, engine = chat(store, "one", "/new", "two", "/new", "/again")
    assert engine.turns[1].history == ()
    assert [c.title for c in store.recent(9)] == ["two", "one"]


def test_control_c_at_the_prompt_twice_leaves(store: ConversationStore) -> None:
    written, engine = chat(store, interrupt, "hello", interrupt, interrupt, "never")
    assert written.count(ENGLISH.quit_hint) == 2
    assert [turn.text for turn in engine.turns] == ["hello"]


def test_missing_models_are_named(store: ConversationStore) -> None:
    terminal = Terminal(())
    with closing(BackgroundLoop()) as loop:
        PlainChat(
            store, FakeEngine(), loop, read=terminal.read, write=terminal.write, skills=SKILLS,
            strings=strings_en.ENGLISH, plain=ENGLISH,
        ).heard(Status("ready", missing=(MissingModel("e5", 1),)))  # fmt: skip
    assert "not on this machine yet: e5. `assistant models pull`" in terminal.written


def test_control_c_stops_an_answer_and_keeps_what_is_written(
    store: ConversationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[object] = []

    def interrupted(*arguments: object, **options: object) -> object:
        waits.append(arguments)
        if len(waits) == 2:
            raise KeyboardInterrupt
        return wait(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("assistant.plain.chat.wait", interrupted)
    scripts: list[list[Step]] = [[ROUTED, TextDelta("Once upon"), Pause()], answer("Then.")]
    written, _ = chat(store, "a story", "and then?", scripts=scripts)
    assert "Once upon\n(stopped)\n" in written
    assert "Then." in written
    kept = store.messages(store.recent(1)[0].id)
    assert (kept[1].text, kept[1].state) == ("Once upon", "stopped")


def test_the_loop_runs_beside_the_main_thread() -> None:
    with closing(BackgroundLoop()) as loop:
        assert loop.run(asyncio.sleep(0, "done")) == "done"


def test_a_folder_attaches_its_images(store: ConversationStore, tmp_path: Path) -> None:
    for number in (2, 10):
        (tmp_path / f"photo{number}.png").touch()
    _, engine = chat(store, f"/attach {tmp_path}", "what are these?")
    names = [
        Path(one.path).name
        for one in engine.turns[0].attachments
        if isinstance(one, ImageAttachment)
    ]
    assert names == ["photo2.png", "photo10.png"]
