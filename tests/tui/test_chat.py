"""The chat, driven by its keys: asking, stopping, failing, keeping, finding again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual import events
from textual.widgets import Input

from assistant.config import UiSettings
from assistant.core.documents import Passage, Place
from assistant.core.errors import EngineError, StoreError
from assistant.core.events import (
    Alternative,
    Failed,
    Notice,
    Picture,
    Progress,
    Routed,
    Sources,
    TextDelta,
)
from assistant.core.messages import FileAttachment, ImageAttachment, Message, TextAttachment
from assistant.engine.wire import (
    ExplainRoute,
    IndexAdd,
    MissingModel,
    PullModels,
    Status,
    Teach,
    Unteach,
    WarmUp,
)
from assistant.store.conversations import ConversationStore
from assistant.tui.app import AssistantApp
from assistant.tui.screens.attach import AttachScreen
from assistant.tui.screens.chat import ChatScreen
from assistant.tui.screens.download import DownloadScreen
from assistant.tui.screens.help import HelpScreen
from assistant.tui.screens.skill import SkillScreen
from assistant.tui.screens.why import WhyScreen
from assistant.tui.strings import Strings
from assistant.tui.strings_en import ENGLISH
from assistant.tui.strings_zh import CHINESE
from assistant.tui.widgets.conversation_list import ConversationList
from assistant.tui.widgets.desk import Desk
from assistant.tui.widgets.question import QuestionView
from assistant.tui.widgets.sidebar import Sidebar
from assistant.tui.widgets.sources import SourceRow
from assistant.tui.widgets.status import StatusLine
from assistant.tui.widgets.transcript import Transcript
from tests.tui.fakes import (
    ROUTED,
    AppPilot,
    FakeEngine,
    Pause,
    StandingClock,
    Step,
    answer,
    answers,
    desk,
    done,
    make_app,
    make_store,
    screen_text,
    send,
    until,
    until_answered,
    write,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ConversationStore]:
    store = make_store(tmp_path)
    yield store
    store.close()


def toasts(pilot: AppPilot) -> list[str]:
    return [note.message for note in pilot.app._notifications]


async def test_a_message_is_answered_as_it_streams_and_is_kept(store: ConversationStore) -> None:
    pause = Pause()
    engine = FakeEngine([[ROUTED, TextDelta("Hello "), pause, TextDelta("**you**."), done("")]])
    async with make_app(store, engine).run_test() as pilot:
        await send(pilot, "hi")
        conversation = store.recent(1)[0]
        kept = store.messages(conversation.id)
        assert [(m.role, m.text) for m in kept] == [("user", "hi"), ("assistant", "")]
        await until(pilot, lambda: "Hello" in screen_text(pilot))
        assert desk(pilot).prompt.text == ""
        pause.over.set()
        await until_answered(pilot)
        assert "Hello you." in screen_text(pilot)
        last = store.messages(conversation.id)[-1]
        assert (last.text, last.state) == ("Hello **you**.", "complete")
        assert ROUTED in last.events


async def test_the_badge_says_skill_and_confidence_and_the_status_the_numbers(
    store: ConversationStore,
) -> None:
    async with make_app(store).run_test(size=(120, 36)) as pilot:
        await send(pilot, "hi")
        await until_answered(pilot)
        text = screen_text(pilot)
        assert "Chat" in text
        assert "97%" in text
        assert "Chat (auto) · smollm2-135m-instruct · cpu" in text
        assert "90 tok/s · 12 documents" in text


async def test_escape_stops_and_keeps_what_is_written(store: ConversationStore) -> None:
    engine = FakeEngine([[ROUTED, TextDelta("Once upon a time"), Pause()]])
    async with make_app(store, engine).run_test() as pilot:
        await send(pilot, "a story")
        await pilot.press("escape")
        await until_answered(pilot)
        assert "Once upon a time" in screen_text(pilot)
        assert "stopped" in screen_text(pilot)
        kept = store.messages(store.recent(1)[0].id)[-1]
        assert (kept.text, kept.state) == ("Once upon a time", "stopped")


async def test_while_an_answer_is_written_another_message_waits_in_the_prompt(
    store: ConversationStore,
) -> None:
    engine = FakeEngine([[ROUTED, Pause()]])
    async with make_app(store, engine).run_test() as pilot:
        await send(pilot, "one")
        await send(pilot, "two")
        assert desk(pilot).prompt.text == "two"
        assert len(engine.turns) == 1
        assert ENGLISH.keyed(ENGLISH.busy) in toasts(pilot)


async def test_a_failed_turn_gives_the_message_back_and_says_what_to_do(
    store: ConversationStore, tmp_path: Path
) -> None:
    engine = FakeEngine([[ROUTED, Failed("The model is not here.", "Pull it.")]])
    photo = ImageAttachment(str(tmp_path / "a.png"))
    async with make_app(store, engine).run_test() as pilot:
        desk(pilot).attach([photo])
        await send(pilot, "what is this?")
        await until_answered(pilot)
        assert "The model is not here." in screen_text(pilot)
        assert "Pull it." in screen_text(pilot)
        assert desk(pilot).prompt.text == "what is this?"
        assert desk(pilot).chips.attachments == (photo,)


async def test_a_failed_turn_does_not_overwrite_what_is_being_written(
    store: ConversationStore,
) -> None:
    pause = Pause()
    engine = FakeEngine([[ROUTED, pause, Failed("No.")]])
    async with make_app(store, engine).run_test() as pilot:
        await send(pilot, "one")
        await write(pilot, "two")
        pause.over.set()
        await until_answered(pilot)
        assert desk(pilot).prompt.text == "two"


async def test_when_the_engine_dies_one_key_runs_the_turn_again(store: ConversationStore) -> None:
    engine = FakeEngine([[ROUTED, TextDelta("Once"), EngineError("gone")], answer("A whole tale.")])
    async with make_app(store, engine).run_test() as pilot:
        await send(pilot, "a story")
        await until_answered(pilot)
        assert "The engine stopped" in screen_text(pilot)
        assert "Once" in screen_text(pilot)
        await pilot.press("ctrl+r")
        await until_answered(pilot)
        assert "A whole tale." in screen_text(pilot)
        assert [turn.text for turn in engine.turns] == ["a story", "a story"]
        states = [m.state for m in store.messages(store.recent(1)[0].id)]
        assert states == ["complete", "failed", "complete"]


async def test_keys_that_come_fast_start_one_turn(store: ConversationStore) -> None:
    engine = FakeEngine([answer("One."), [ROUTED, Pause()]])
    async with make_app(store, engine).run_test() as pilot:
        await send(pilot, "hi")
        await until_answered(pilot)
        await pilot.press("alt+up")
        for _ in range(3):
            answers(pilot)[0].action_regenerate()
        await pilot.pause()
        assert len(engine.turns) == 2


async def test_a_message_too_large_for_the_engine_fails_with_the_reason(
    store: ConversationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = FakeEngine()

    def refuse(job: object) -> object:
        raise StoreError("Too large.", "Attach it as a file.")

    async with make_app(store, engine).run_test() as pilot:
        monkeypatch.setattr(engine, "submit", refuse)
        await send(pilot, "x")
        await until_answered(pilot)
        assert "Too large." in screen_text(pilot)


async def test_earlier_turns_go_along_and_failed_ones_do_not(store: ConversationStore) -> None:
    engine = FakeEngine([answer("First."), [ROUTED, Failed("No.")], answer("Third.")])
    async with make_app(store, engine).run_test() as pilot:
        for text in ("one", "two"):
            await send(pilot, text)
            await until_answered(pilot)
        desk(pilot).fill("")
        await send(pilot, "three")
        await until_answered(pilot)
        history = engine.turns[-1].history
        assert history == (Message("user", "one"), Message("assistant", "First."))


async def test_a_new_conversation_starts_without_history(store: ConversationStore) -> None:
    engine = FakeEngine()
    async with make_app(store, engine).run_test() as pilot:
        await send(pilot, "one")
        await until_answered(pilot)
        await pilot.press("ctrl+n")
        await send(pilot, "two")
        await until_answered(pilot)
        assert engine.turns[-1].history == ()
        assert [c.title for c in store.recent(9)] == ["two", "one"]


async def test_an_answer_goes_on_while_another_conversation_is_open(
    store: ConversationStore,
) -> None:
    pause = Pause()
    engine = FakeEngine([[ROUTED, TextDelta("Slow "), pause, TextDelta("answer."), done("")]])
    async with make_app(store, engine).run_test(size=(120, 36)) as pilot:
        await send(pilot, "one")
        slow = store.recent(1)[0].id
        await pilot.press("ctrl+n")
        assert "Slow" not in screen_text(pilot)
        pilot.app.screen.query_one(Sidebar).post_message(Sidebar.Chosen(slow))
        await until(pilot, lambda: "Slow" in screen_text(pilot))
        pause.over.set()
        await until_answered(pilot)
        assert "Slow answer." in screen_text(pilot)
        assert store.messages(slow)[-1].text == "Slow answer."


async def test_shift_enter_and_control_j_break_the_line(store: ConversationStore) -> None:
    engine = FakeEngine()
    async with make_app(store, engine).run_test() as pilot:
        await pilot.press("a", "ctrl+j", "b", "shift+enter", "c", "enter")
        await until_answered(pilot)
        assert engine.turns[0].text == "a\nb\nc"


async def test_the_prompt_grows_to_ten_rows_and_no_further(store: ConversationStore) -> None:
    async with make_app(store).run_test(size=(80, 30)) as pilot:
        prompt = desk(pilot).prompt
        assert prompt.content_size.height == 1
        await write(pilot, "a\nb\nc")
        assert prompt.content_size.height == 3
        await write(pilot, "\n" * 20)
        assert prompt.content_size.height == 10


async def test_arrows_at_the_edges_walk_the_history(store: ConversationStore) -> None:
    async with make_app(store).run_test() as pilot:
        for text in ("first", "second"):
            await send(pilot, text)
            await until_answered(pilot)
        await write(pilot, "draft")
        await pilot.press("up")
        assert desk(pilot).prompt.text == "second"
        await pilot.press("up")
        assert desk(pilot).prompt.text == "first"
        await pilot.press("down", "down")
        assert desk(pilot).prompt.text == "draft"


async def test_pasted_paths_become_attachments(store: ConversationStore, tmp_path: Path) -> None:
    photo = tmp_path / "my cat.png"
    photo.write_bytes(b"\x89PNG\r\n\x1a\n")
    engine = FakeEngine()
    async with make_app(store, engine).run_test() as pilot:
        desk(pilot).prompt.post_message(events.Paste(str(photo).replace(" ", "\\ ")))
        await pilot.pause()
        assert "my cat.png" in screen_text(pilot)
        await send(pilot, "what is this?")
        await until_answered(pilot)
        assert engine.turns[0].attachments == (ImageAttachment(str(photo)),)
        assert desk(pilot).chips.attachments == ()


async def test_a_paste_of_100_kb_folds_into_a_chip(store: ConversationStore) -> None:
    engine = FakeEngine()
    pasted = "a line of forty characters, more or less\n" * 2_500
    async with make_app(store, engine).run_test() as pilot:
        desk(pilot).prompt.post_message(events.Paste(pasted))
        await pilot.pause()
        assert desk(pilot).prompt.text == ""
        await send(pilot, "summarise")
        await until_answered(pilot)
        (attached,) = engine.turns[0].attachments
        assert isinstance(attached, TextAttachment)
        assert attached.text == pasted


async def test_a_short_paste_is_written_out_without_escapes(store: ConversationStore) -> None:
    async with make_app(store).run_test() as pilot:
        desk(pilot).prompt.post_message(events.Paste("two\r\nlines \x1b[31mred\x07"))
        await pilot.pause()
        assert desk(pilot).prompt.text == "two\nlines red"


async def test_backspace_in_an_empty_prompt_and_a_click_take_attachments_off(
    store: ConversationStore,
) -> None:
    one, two = TextAttachment("one", "1"), TextAttachment("two", "2")
    async with make_app(store).run_test() as pilot:
        desk(pilot).attach([one, two])
        await pilot.press("backspace")
        assert desk(pilot).chips.attachments == (one,)
        await pilot.pause()
        await pilot.click("Chip")
        assert desk(pilot).chips.attachments == ()


async def test_attach_asks_for_a_path_until_it_exists(
    store: ConversationStore, tmp_path: Path
) -> None:
    notes = tmp_path / "notes.md"
    notes.write_text("x")
    async with make_app(store).run_test() as pilot:
        await pilot.press("ctrl+o")
        await pilot.pause()
        asked = pilot.app.screen.query_one(Input)
        asked.value = str(tmp_path / "nothing")
        await pilot.press("enter")
        assert isinstance(pilot.app.screen, AttachScreen)
        asked.value = str(notes)
        await pilot.press("enter")
        await pilot.pause()
        assert "notes.md" in screen_text(pilot)


async def test_what_is_attached_can_be_looked_for_in_its_folder(
    store: ConversationStore, tmp_path: Path
) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "notes.md").write_text("x")
    async with make_app(store).run_test(size=(100, 30)) as pilot:
        await pilot.press("ctrl+o")
        await pilot.pause()
        asked = pilot.app.screen.query_one(Input)
        asked.insert_text_at_cursor(f"'{tmp_path}/de")
        await until(pilot, lambda: "▸ deep/" in screen_text(pilot))
        assert asked.value == f"{tmp_path}/de", "a whole path takes the place of the first one"
        await pilot.press("enter")
        await until(pilot, lambda: "notes.md" in screen_text(pilot))
        await pilot.press("down", "enter")
        await until(pilot, lambda: len(pilot.app.screen_stack) == 1)
        assert desk(pilot).chips.attachments == (
            FileAttachment(str(tmp_path / "deep" / "notes.md")),
        )


async def test_a_folder_without_images_is_not_attached(
    store: ConversationStore, tmp_path: Path
) -> None:
    async with make_app(store).run_test() as pilot:
        await pilot.press("ctrl+o")
        await pilot.pause()
        pilot.app.screen.query_one(Input).value = f"{tmp_path}/"
        await pilot.press("enter")
        await until(pilot, lambda: "There are no images in" in screen_text(pilot))


async def test_a_skill_command_overrules_the_router(store: ConversationStore) -> None:
    engine = FakeEngine()
    async with make_app(store, engine).run_test() as pilot:
        await send(pilot, "/translate good morning")
        await until_answered(pilot)
        assert (engine.turns[0].skill, engine.turns[0].text) == ("translate", "good morning")


async def test_commands_are_offered_chosen_and_completed(store: ConversationStore) -> None:
    engine = FakeEngine()
    async with make_app(store, engine).run_test() as pilot:
        await pilot.press("slash", "t")
        assert ENGLISH.skill_summaries["translate"] in screen_text(pilot)
        await pilot.press("enter")
        assert desk(pilot).prompt.text == "/translate "
        assert engine.turns == []
        desk(pilot).fill("/")
        await pilot.pause()
        third = desk(pilot).completion.choices[2].name
        await pilot.press("down", "down", "tab")
        assert desk(pilot).prompt.text == f"{third} "
        desk(pilot).fill("/")
        await pilot.pause()
        await pilot.press("escape")
        assert not desk(pilot).completion.choices


async def test_keys_that_come_faster_than_the_list_follows_take_nothing_from_it(
    store: ConversationStore,
) -> None:
    async with make_app(store).run_test() as pilot:
        desk(pilot).fill("/re")
        await pilot.pause()
        assert desk(pilot).completion.choices[0].name == "/read"
        desk(pilot).prompt.put("name Oaks")
        desk(pilot).prompt.action_send()
        assert desk(pilot).prompt.text == "/rename Oaks"
        await pilot.pause()
        assert desk(pilot).prompt.text == ""


async def test_an_unknown_command_stays_in_the_prompt_and_the_valid_ones_are_named(
    store: ConversationStore,
) -> None:
    engine = FakeEngine()
    async with make_app(store, engine).run_test() as pilot:
        await send(pilot, "/transalte x")
        assert desk(pilot).prompt.text == "/transalte x"
        assert "/translate" in toasts(pilot)[0]
        assert engine.turns == []


async def test_the_index_command_reads_a_folder_and_says_so(
    store: ConversationStore, tmp_path: Path
) -> None:
    engine = FakeEngine(
        [[Progress("Reading", 3, 8, "files"), Notice("One was skipped."), done("")]]
    )
    async with make_app(store, engine).run_test(size=(140, 36)) as pilot:
        await send(pilot, f"/index {tmp_path}")
        await until_answered(pilot)
        assert IndexAdd((str(tmp_path),)) in engine.jobs
        assert "One was skipped." in screen_text(pilot)
        assert "✓ Read" in screen_text(pilot)


async def test_the_index_command_needs_an_existing_path(store: ConversationStore) -> None:
    engine = FakeEngine()
    async with make_app(store, engine).run_test() as pilot:
        await send(pilot, "/index")
        await send(pilot, "/index /no/such/place")
        assert len(toasts(pilot)) == 2
        assert not any(isinstance(job, IndexAdd) for job in engine.jobs)


@pytest.mark.parametrize("path", ["~nobody-by-this-name/x", "x" * 300])
@pytest.mark.parametrize("command", ["index", "export md", "import"])
async def test_a_path_that_cannot_be_is_told(
    store: ConversationStore, command: str, path: str
) -> None:
    async with make_app(store).run_test() as pilot:
        await send(pilot, "hi")
        await until_answered(pilot)
        await send(pilot, f"/{command} {path}")
        await until(pilot, lambda: len(toasts(pilot)) == 1)


async def test_a_file_whose_path_cannot_be_is_not_opened(store: ConversationStore) -> None:
    app = make_app(store)
    async with app.run_test() as pilot:
        app.services.opener(app.get_default_screen()).open_file(Path("x" * 300))
        await until(pilot, lambda: len(toasts(pilot)) == 1)


async def test_an_editor_that_cannot_be_started_is_told(
    store: ConversationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", 'vim "')
    async with make_app(store).run_test() as pilot:
        await pilot.press("ctrl+g")
        await until(pilot, lambda: len(toasts(pilot)) == 1)


async def test_walking_to_an_answer_copies_regenerates_and_explains_it(
    store: ConversationStore,
) -> None:
    engine = FakeEngine([answer("First."), answer("Second.")])
    async with make_app(store, engine).run_test() as pilot:
        await send(pilot, "hi")
        await until_answered(pilot)
        await pilot.press("alt+up")
        assert answers(pilot)[-1].has_focus
        await pilot.press("y")
        assert pilot.app.clipboard == "First."
        await pilot.press("w")
        await pilot.pause()
        assert isinstance(pilot.app.screen, WhyScreen)
        assert "No other skill fits." in screen_text(pilot)
        assert "how do the Dutch say hello (yours)" in screen_text(pilot)
        assert "without “dutch”  → Translate 71%" in screen_text(pilot)
        await pilot.press("escape", "r")
        await until_answered(pilot)
        assert [view.has_class("-earlier") for view in answers(pilot)] == [True, False]
        await pilot.press("alt+up", "alt+up", "alt+up")
        assert pilot.app.screen.query_one(QuestionView).has_focus
        await pilot.press("e")
        assert desk(pilot).prompt.text == "hi"


async def test_a_key_asks_what_in_the_picture_speaks_for_what_was_said(
    store: ConversationStore, tmp_path: Path
) -> None:
    photo = ImageAttachment(str(tmp_path / "a.png"))
    engine = FakeEngine([answer("A dog."), answer("A poodle."), answer("Here.")])
    async with make_app(store, engine).run_test() as pilot:
        desk(pilot).attach([photo])
        await send(pilot, "what is this?")
        await until_answered(pilot)
        await send(pilot, "which breed?")
        await until_answered(pilot)
        assert engine.turns[-1].history[0].images == (photo.path,), "it can be asked on about"
        await pilot.press("alt+up", "h")
        await until(pilot, lambda: len(engine.turns) == 3)
        await until_answered(pilot)
        asked = engine.turns[-1]
        assert (asked.text, asked.skill, asked.attachments) == ("why?", "describe", (photo,))


async def test_without_a_picture_that_key_asks_nothing(store: ConversationStore) -> None:
    engine = FakeEngine([answer("First.")])
    async with make_app(store, engine).run_test() as pilot:
        await send(pilot, "hi")
        await until_answered(pilot)
        await pilot.press("alt+up", "h")
        await pilot.pause()
        assert len(engine.turns) == 1


@pytest.mark.parametrize(
    ("routed", "is_said"),
    [
        (Routed("qa", 1.0, 1.0, "you chose it yourself"), False),
        (Routed("qa", 0.6, 0.2, "A question.", (Alternative("generate", 0.4),)), True),
    ],
)
async def test_what_the_person_named_is_not_said_to_go_elsewhere_now(
    store: ConversationStore, routed: Routed, is_said: bool
) -> None:
    engine = FakeEngine([answer("First.", routed)])
    async with make_app(store, engine).run_test() as pilot:
        await send(pilot, "hi")
        await until_answered(pilot)
        await pilot.press("alt+up", "w")
        await until(pilot, lambda: "how do the Dutch" in screen_text(pilot))
        assert ("now it would go to" in screen_text(pilot)) is is_said


async def test_an_explanation_is_asked_for_the_collection_in_scope(
    store: ConversationStore,
) -> None:
    engine = FakeEngine()
    app = make_app(store, engine)
    async with app.run_test() as pilot:
        app.services.indexing.choose("papers")
        await send(pilot, "hi")
        await until_answered(pilot)
        await pilot.press("alt+up", "w")
        await pilot.pause()
        asked = [job.collection for job in engine.jobs if isinstance(job, ExplainRoute)]
        assert asked == ["papers"]


async def test_what_was_sent_is_answered_where_it_was_sent(store: ConversationStore) -> None:
    other = store.create("Other").id
    store.add_user(other, Message("user", "an old question"))
    engine = FakeEngine([answer("For the first.")])
    async with make_app(store, engine).run_test() as pilot:
        await write(pilot, "hi")
        screen = pilot.app.screen
        assert isinstance(screen, ChatScreen)
        # Both lie in the queue before the turn begins.
        screen.post_message(Desk.Asked(Message("user", "hi"), None))
        screen.post_message(Sidebar.Chosen(other))
        await until(pilot, lambda: len(engine.turns) == 1)
        await until_answered(pilot)
        assert not answers(pilot)
        assert [m.text for m in store.messages(other, 9)] == ["an old question"]
        first = next(c.id for c in store.recent(9, 0) if c.id != other)
        assert [m.text for m in store.messages(first, 9)] == ["hi", "For the first."]
        assert engine.turns[0].history == ()


async def test_another_skill_can_be_chosen_for_an_answer(store: ConversationStore) -> None:
    engine = FakeEngine()
    async with make_app(store, engine).run_test() as pilot:
        await send(pilot, "hi")
        await until_answered(pilot)
        await pilot.press("alt+up", "s")
        await pilot.pause()
        assert isinstance(pilot.app.screen, SkillScreen)
        await pilot.press("down", "enter")
        await until_answered(pilot)
        assert isinstance(pilot.app, AssistantApp)
        assert [turn.skill for turn in engine.turns] == [None, pilot.app.services.skills[1]]


async def test_another_skill_is_remembered_and_one_key_undoes_it(store: ConversationStore) -> None:
    engine = FakeEngine()
    async with make_app(store, engine).run_test() as pilot:
        await send(pilot, "hi")
        await until_answered(pilot)
        await pilot.press("alt+up", "s")
        await pilot.pause()
        assert isinstance(pilot.app, AssistantApp)
        down = ["down"] * pilot.app.services.skills.index("translate")
        await pilot.press(*down, "enter")
        await until_answered(pilot)
        assert Teach("hi", "translate") in engine.jobs
        assert "Remembered: this is for Translate. u undoes." in toasts(pilot)
        await pilot.press("u")
        await until_answered(pilot)
        assert engine.jobs[-1] == Unteach("hi")
        assert "Forgotten: this was for Translate." in toasts(pilot)


async def test_with_an_image_another_skill_for_images_is_remembered(
    store: ConversationStore, tmp_path: Path
) -> None:
    engine = FakeEngine()
    image = tmp_path / "cat.png"
    image.write_bytes(b"\x89PNG")
    async with make_app(store, engine).run_test() as pilot:
        await send(pilot, f"{image} what is it")
        await until_answered(pilot)
        await pilot.press("alt+up", "s")
        await pilot.pause()
        assert isinstance(pilot.app, AssistantApp)
        down = ["down"] * pilot.app.services.skills.index("describe")
        await pilot.press(*down, "enter")
        await until_answered(pilot)
        assert Teach("what is it", "describe", with_images=True) in engine.jobs


UNSURE = Routed("qa", 0.48, 0.03, "unsure", (Alternative("generate", 0.45),), unsure=True)


@pytest.mark.parametrize(("key", "skill"), [("enter", "qa"), ("1", "qa"), ("2", "generate")])
async def test_in_doubt_one_key_chooses_the_skill(
    store: ConversationStore, key: str, skill: str
) -> None:
    engine = FakeEngine([[UNSURE, done("")], answer("Settled.")])
    async with make_app(store, engine).run_test() as pilot:
        await send(pilot, "and the numbers?")
        assert "What is this for?" in screen_text(pilot)
        assert "1  Documents 48%" in screen_text(pilot)
        await pilot.press(key)
        await until_answered(pilot)
        assert [turn.skill for turn in engine.turns] == [None, skill]
        assert [turn.ask_if_unsure for turn in engine.turns] == [True, False]
        assert answers(pilot)[-1].answer.text == "Settled."
        assert "What is this for?" not in screen_text(pilot)
        assert desk(pilot).prompt.has_focus


async def test_a_key_that_is_no_choice_leaves_the_question(store: ConversationStore) -> None:
    engine = FakeEngine([[UNSURE, done("")], answer("Settled.")])
    async with make_app(store, engine).run_test() as pilot:
        await send(pilot, "and the numbers?")
        await pilot.press("7", "²", "x")
        assert "What is this for?" in screen_text(pilot)
        await pilot.press("escape")
        await until_answered(pilot)
        assert len(engine.turns) == 1
        assert answers(pilot)[-1].answer.state == "stopped"


async def test_what_is_typed_and_pasted_on_while_the_question_stands_is_kept(
    store: ConversationStore,
) -> None:
    engine = FakeEngine([[UNSURE, done("")], answer("Settled.")])
    async with make_app(store, engine).run_test() as pilot:
        await send(pilot, "and the numbers?")
        await pilot.press(*"and 2 yesx", "backspace", "space", "再")
        pilot.app.screen.focused.post_message(events.Paste("见"))  # type: ignore[union-attr]
        await pilot.pause()
        assert desk(pilot).prompt.text == "and 2 yes 再见"
        assert "What is this for?" in screen_text(pilot)
        await pilot.press("enter")
        await until_answered(pilot)
        assert [turn.skill for turn in engine.turns] == [None, "qa"]
        assert desk(pilot).prompt.text == "and 2 yes 再见"


async def test_opening_another_conversation_lets_the_safer_skill_answer(
    store: ConversationStore,
) -> None:
    engine = FakeEngine([[UNSURE, done("")], answer("Settled.")])
    async with make_app(store, engine).run_test() as pilot:
        await send(pilot, "and the numbers?")
        await pilot.press("ctrl+n")
        await until_answered(pilot)
        assert [turn.skill for turn in engine.turns] == [None, "qa"]


async def test_asking_in_doubt_can_be_switched_off(store: ConversationStore) -> None:
    engine = FakeEngine()
    async with make_app(store, engine, ui=UiSettings(ask_when_unsure=False)).run_test() as pilot:
        await send(pilot, "hi")
        await until_answered(pilot)
        assert [turn.ask_if_unsure for turn in engine.turns] == [False]


async def test_regenerating_an_earlier_answer_asks_again_at_the_end(
    store: ConversationStore,
) -> None:
    engine = FakeEngine()
    async with make_app(store, engine).run_test() as pilot:
        for text in ("one", "two"):
            await send(pilot, text)
            await until_answered(pilot)
        await pilot.press("alt+up", "alt+up", "alt+up", "r")
        await until_answered(pilot)
        assert [turn.text for turn in engine.turns] == ["one", "two", "one"]


async def test_sources_fold_open_to_their_context_and_open_their_file(
    store: ConversationStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quote = "Oaks drink a lot."
    passage = Passage("/gone/oaks.md", quote, Place(line=3), 0, 17, 1.0, f"Trees. {quote} Indeed.")
    steps: list[Step] = [ROUTED, TextDelta("> Oaks."), Sources((passage,)), done("> Oaks.")]
    async with make_app(store, FakeEngine([steps])).run_test() as pilot:
        await send(pilot, "oaks?")
        await until_answered(pilot)
        assert "oaks.md · line 3" in screen_text(pilot)
        assert "Indeed." not in screen_text(pilot)
        await pilot.press("alt+up", "enter", "enter")
        await pilot.pause()
        assert "Indeed." in screen_text(pilot)
        await pilot.press("o")
        assert "/gone/oaks.md" in toasts(pilot)[0]
        assert isinstance(pilot.app.focused, SourceRow)


async def test_a_conversation_is_found_by_a_word_of_it_and_opened(tmp_path: Path) -> None:
    clock = StandingClock()
    store = make_store(tmp_path, clock)
    for text in ("the night train to Lisbon", "给奶奶写一封生日信"):
        conversation = store.create()
        store.add_user(conversation.id, Message("user", text))
        store.finish_answer(store.begin_answer(conversation.id), "An answer.", "complete", [])
    async with make_app(store).run_test(size=(120, 36)) as pilot:
        await pilot.press("ctrl+f")
        for character in "生日":
            await pilot.press(character)
        shown = pilot.app.screen.query_one(ConversationList)
        await until(pilot, lambda: shown.option_count == 1)
        await pilot.press("enter", "enter")
        await pilot.pause()
        assert [v.exchange.user.text for v in answers(pilot)] == ["给奶奶写一封生日信"]
        await pilot.press("ctrl+f", "escape")
        await until(pilot, lambda: shown.option_count == 3)
    store.close()


async def test_keys_faster_than_the_search_are_all_searched_for(store: ConversationStore) -> None:
    for text in ("trains", "treasure"):
        store.add_user(store.create().id, Message("user", text))
    async with make_app(store).run_test(size=(120, 36)) as pilot:
        await pilot.press("ctrl+f")
        shown = pilot.app.screen.query_one(ConversationList)
        for character in "trea":
            pilot.app.post_message(events.Key(character, character))
        await until(pilot, lambda: shown.option_count == 1)
        assert "treasure" in screen_text(pilot)


async def test_conversations_are_deleted_with_undo_and_pinned(store: ConversationStore) -> None:
    for text in ("one", "two"):
        store.add_user(store.create().id, Message("user", text))
    async with make_app(store).run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: pilot.app.screen.query_one(ConversationList).option_count == 3)
        pilot.app.screen.query_one(ConversationList).focus()
        await pilot.press("home", "d")
        assert len(store.recent(9)) == 1
        await pilot.press("u")
        assert len(store.recent(9)) == 2
        await pilot.press("end", "p")
        assert store.recent(1)[0].pinned
        assert ENGLISH.pinned in screen_text(pilot)


async def test_new_text_does_not_pull_a_reader_down(store: ConversationStore) -> None:
    pause = Pause()
    long = "\n\n".join(f"paragraph {number}" for number in range(40))
    engine = FakeEngine([[ROUTED, TextDelta(long), pause, TextDelta("\n\nthe end"), done("")]])
    async with make_app(store, engine).run_test() as pilot:
        await send(pilot, "long")
        transcript = pilot.app.screen.query_one(Transcript)
        await until(pilot, lambda: "paragraph 39" in screen_text(pilot))
        transcript.scroll_to(y=5, animate=False)
        await pilot.pause()
        pause.over.set()
        await until_answered(pilot)
        assert transcript.scroll_y == 5
        await pilot.press("escape")
        await pilot.pause()
        assert "the end" in screen_text(pilot)


async def test_hostile_text_is_shown_literally(store: ConversationStore) -> None:
    hostile = (
        "[bold red]not markup[/] <script>x</script> \x1b[31mred \u202eabc\x07 [@click=app.quit]x"
    )
    shown = "[bold red]not markup[/] <script>x</script> red abc [@click=app.quit]x"
    steps: list[Step] = [
        Routed("[b]x[/b]", 0.5, 0.1, "[red]because[/]"),
        TextDelta(hostile),
        Notice("[blink]n[/blink]", "[u]h[/u]"),
        done(hostile),
    ]
    async with make_app(store, FakeEngine([steps])).run_test(size=(120, 36)) as pilot:
        await send(pilot, hostile)
        await until_answered(pilot)
        text = screen_text(pilot)
        assert text.count(shown) == 2
        assert "[b]x[/b]" in text
        assert "[blink]n[/blink] [u]h[/u]" in text
        await pilot.press("alt+up", "w")
        await pilot.pause()
        assert "[red]because[/]" in screen_text(pilot)


async def test_hostile_tables_and_links_survive_the_mouse(
    store: ConversationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    text = (
        "| a [/b] | [@click=app.quit]b[/] |\n|---|---|\n| [/red] | [bold |\n\n"
        "[web](https://example.org/') [file](file:///etc/passwd) [odd](x'\"\\)"
    )
    async with make_app(store, FakeEngine([answer(text)])).run_test(tooltips=True) as pilot:
        monkeypatch.setattr(pilot.app, "open_url", opened.append)
        await send(pilot, "x")
        await until_answered(pilot)
        for cell in pilot.app.screen.query("MarkdownTableCellContents"):
            await pilot.hover(cell)
            await pilot.pause(0.6)
        for column in (1, 5, 10):
            await pilot.click("MarkdownParagraph", offset=(column, 0))
        assert pilot.app.is_running
        assert opened == ["https://example.org/'"]


@pytest.mark.parametrize(
    "text",
    [
        '# 你好 [x] 😀 #hash "quoted" /slash\n\n## \n\n#\n',
        "```no-such{language} [b]\n[/b] code\n```\n\n    indented [/red]\n",
        "```\nunclosed [bold",
        "| a |\n|--\n| b | c | d |\n\n|x|\n|-|",
        "- [ ] task\n- [x] done\n  1. one\n     ```py\n     x = [1]\n     ```\n",
        "> > > [/b] deep\n\n***\n\n![alt [b]](http://x/[y].png) <https://a.b/[c]> a@b.c",
        "[ref]: http://x\n\n[ref] [^1]\n\n[^1]: note",
        "\u200b\u200d\ufeff👩‍👩‍👧 ﷽ " + "长" * 500 + " " + "w" * 500,
        "[" * 300 + "]" * 300,
        "*" * 400 + "a" + "_" * 400,
        "",
        "   \n\n  ",
    ],
    ids=lambda text: repr(text[:12]),
)
async def test_markdown_of_every_kind_is_survived_streamed_and_stored(
    store: ConversationStore, text: str
) -> None:
    async with make_app(store, FakeEngine([answer(text)])).run_test() as pilot:
        await send(pilot, "x")
        await until_answered(pilot)
        conversation = store.recent(1)[0].id
        pilot.app.screen.query_one(Sidebar).post_message(Sidebar.Chosen(conversation))
        await until(pilot, lambda: len(answers(pilot)) == 1)
        assert pilot.app.is_running
        assert store.messages(conversation)[-1].state == "complete"


async def test_chinese_is_written_wrapped_and_shown_to_the_column(
    store: ConversationStore,
) -> None:
    engine = FakeEngine([answer("火车九点出发。" * 20)])
    async with make_app(store, engine, strings=CHINESE).run_test(size=(80, 24)) as pilot:
        for character in "你好":
            await pilot.press(character)
        await pilot.press("left", "们", "enter")
        await until_answered(pilot)
        assert engine.turns[0].text == "你们好"
        text = screen_text(pilot)
        assert CHINESE.ready in text
        assert text.count("火车九点出发。") >= 15


async def test_help_lists_the_keys_as_they_are_bound(store: ConversationStore) -> None:
    app = make_app(store, keys={"new": "f4"})
    async with app.run_test(size=(100, 50)) as pilot:
        await pilot.press("f1")
        await pilot.pause()
        assert isinstance(pilot.app.screen, HelpScreen)
        lines = [x for x in screen_text(pilot).splitlines() if ENGLISH.keys["new"] in x]
        assert any("F4" in line for line in lines)
        await pilot.press("escape")
        await send(pilot, "one")
        await until_answered(pilot)
        await pilot.press("ctrl+n")
        assert answers(pilot)
        await pilot.press("f4")
        assert not answers(pilot)


async def test_settings_that_are_wrong_are_said_with_the_valid_ones(
    store: ConversationStore,
) -> None:
    async with make_app(store, theme="no-such", keys={"nwe": "f4"}).run_test() as pilot:
        await pilot.pause()
        theme, key = toasts(pilot)
        assert "paper" in theme
        assert "regenerate" in key


async def test_control_c_quits_only_when_it_is_pressed_twice(
    store: ConversationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.tui.app.TWICE_SECONDS", 600.0)  # however busy the machine is
    async with make_app(store).run_test() as pilot:
        await pilot.press("ctrl+c")
        assert pilot.app.is_running
        assert ENGLISH.keyed(ENGLISH.quit_hint) in toasts(pilot)
        await pilot.press("ctrl+c")
        await pilot.pause()
        assert pilot.app.return_value == 0


async def test_quitting_in_the_middle_keeps_the_partial_answer_and_ends_the_engine(
    store: ConversationStore,
) -> None:
    engine = FakeEngine([[ROUTED, TextDelta("Half of"), Pause()]])
    async with make_app(store, engine).run_test() as pilot:
        await send(pilot, "x")
        await pilot.press("ctrl+q")
    assert engine.closed
    kept = store.messages(store.recent(1)[0].id)[-1]
    assert (kept.text, kept.state) == ("Half of", "stopped")


async def test_the_first_start_downloads_what_is_missing(store: ConversationStore) -> None:
    steps: list[Step] = [Progress("Fetching tiny", 10e6, 40e6, "bytes"), Pause()]
    engine = FakeEngine(
        [steps],
        Status("ready", missing=(MissingModel("tiny", 0), MissingModel("large", 9_000_000))),
    )
    async with make_app(store, engine).run_test() as pilot:
        await pilot.pause()
        assert isinstance(pilot.app.screen, DownloadScreen)
        assert not any(isinstance(job, PullModels) for job in engine.jobs)
        await pilot.press("enter")
        await pilot.pause()
        assert PullModels(("tiny", "large")) in engine.jobs
        assert "10 / 40 MB" in screen_text(pilot)
        await pilot.press("escape")
        await pilot.pause()
        assert not isinstance(pilot.app.screen, DownloadScreen)


async def test_a_failed_download_says_why_and_can_be_tried_again(store: ConversationStore) -> None:
    engine = FakeEngine([[Failed("No network.", "Connect.")], [done("")]])
    engine._status = Status("ready", missing=(MissingModel("tiny", 40_000_000),))
    async with make_app(store, engine).run_test() as pilot:
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert "No network." in screen_text(pilot)
        await pilot.press("r")
        await pilot.pause()
        assert not isinstance(pilot.app.screen, DownloadScreen)
        engine.say(Status("ready"))
        await pilot.pause()
        assert any(isinstance(job, WarmUp) for job in engine.jobs)


async def test_the_status_line_follows_the_engine(store: ConversationStore) -> None:
    engine = FakeEngine(status=Status("starting"))
    async with make_app(store, engine).run_test() as pilot:
        await pilot.pause()
        assert ENGLISH.starting in screen_text(pilot)
        engine.say(Status("loading", detail="language model"))
        await pilot.pause()
        assert "loading language model" in screen_text(pilot)
        engine.say(Status("stopped"))
        await pilot.pause()
        assert ENGLISH.engine_off in screen_text(pilot)


@pytest.mark.parametrize(
    ("strings", "told"),
    [(ENGLISH, "learning the router's examples"), (CHINESE, "正在学习路由的例句")],
)
async def test_the_router_learns_and_is_not_loaded(
    store: ConversationStore, strings: Strings, told: str
) -> None:
    engine = FakeEngine(status=Status("loading", detail="the router's examples"))
    async with make_app(store, engine, strings=strings).run_test() as pilot:
        await pilot.pause()
        assert told in screen_text(pilot)


async def test_the_sidebar_has_a_place_from_100_columns_on(store: ConversationStore) -> None:
    async with make_app(store).run_test(size=(99, 30)) as pilot:
        sidebar = pilot.app.screen.query_one(Sidebar)
        assert not sidebar.has_class("-shown")
        await pilot.resize_terminal(100, 30)
        await pilot.pause()
        assert sidebar.has_class("-shown")
        await pilot.press("ctrl+b")
        assert sidebar.has_class("-shown"), "the key goes to the list where it is shown"
        assert sidebar.list.has_focus
        await pilot.press("ctrl+b")
        assert not sidebar.has_class("-shown")
        assert desk(pilot).prompt.has_focus
        await pilot.resize_terminal(60, 20)
        await pilot.press("ctrl+b")
        assert sidebar.has_class("-shown")
        await pilot.press("escape")
        assert not sidebar.has_class("-shown")


@pytest.mark.parametrize("size", [(20, 8), (40, 10), (300, 100)])
async def test_odd_sizes_are_survived(store: ConversationStore, size: tuple[int, int]) -> None:
    async with make_app(store).run_test(size=size) as pilot:
        await send(pilot, "a question of some length, to be wrapped")
        await until_answered(pilot)
        await pilot.press("f1", "escape", "ctrl+b", "ctrl+b")
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert "An answer." in screen_text(pilot)


async def test_a_store_that_refuses_is_said_once_and_the_chat_goes_on(
    store: ConversationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_more: object) -> int:
        raise StoreError("The disk is full.", "Free some space.")

    for name in ("create", "add_user", "begin_answer", "finish_answer"):
        monkeypatch.setattr(store, name, refuse)
    engine = FakeEngine([answer("One."), answer("Two.")])
    async with make_app(store, engine).run_test() as pilot:
        for text in ("a", "b"):
            await send(pilot, text)
            await until_answered(pilot)
        assert "Two." in screen_text(pilot)
        assert len([t for t in toasts(pilot) if "The disk is full." in t]) == 1
        assert engine.turns[-1].history == (Message("user", "a"), Message("assistant", "One."))


async def test_the_examples_put_their_text_into_the_prompt(store: ConversationStore) -> None:
    async with make_app(store).run_test(size=(120, 36)) as pilot:
        await pilot.click("ExampleCard")
        assert desk(pilot).prompt.text == ENGLISH.examples[0].text
        assert desk(pilot).prompt.has_focus


async def test_up_in_an_empty_prompt_goes_to_the_examples(store: ConversationStore) -> None:
    async with make_app(store).run_test(size=(120, 36)) as pilot:
        await pilot.press("up", "up", "enter")
        assert desk(pilot).prompt.text == ENGLISH.examples[2].text
        await pilot.press("ctrl+u", "up", "down")
        assert desk(pilot).prompt.has_focus


async def test_the_status_line_says_what_the_keys_do_on_a_message(
    store: ConversationStore,
) -> None:
    async with make_app(store).run_test() as pilot:
        await send(pilot, "hi")
        await until_answered(pilot)
        await pilot.press("alt+up")
        assert pilot.app.screen.query_one(StatusLine).hint == (
            "{copy} copy   {edit} edit   {regenerate} again   {skill} skill   {why} why"
        )
        await pilot.press("alt+down")
        assert pilot.app.screen.query_one(StatusLine).hint == ""


async def test_h_on_an_answer_with_a_picture_asks_where_that_is_seen(
    store: ConversationStore,
) -> None:
    seen: list[Step] = [
        Routed("describe", 0.9, 0.8, "an image is attached"),
        Picture("/a/cat.jpg", "cat.jpg"),
        TextDelta("A cat."),
        done("A cat."),
    ]
    engine = FakeEngine([seen, answer("On the left.")])
    async with make_app(store, engine).run_test() as pilot:
        desk(pilot).attach([ImageAttachment("/a/cat.jpg")])
        await send(pilot, "what is this?")
        await until_answered(pilot)
        await pilot.press("alt+up")
        assert "   h where   " in screen_text(pilot)
        await pilot.press("h")
        await until_answered(pilot)
        turn = engine.turns[-1]
        assert (turn.text, turn.skill) == (ENGLISH.heat_question, "describe")
        assert turn.attachments == (ImageAttachment("/a/cat.jpg"),)
