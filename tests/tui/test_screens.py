"""Documents, models, settings: driven by their keys and the mouse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from textual.command import CommandList
from textual.widgets import Input

from assistant.config import LoadedSettings, find_places, load_with_origins
from assistant.core.collections import CollectionStatus, FileReceipt
from assistant.core.errors import EngineError
from assistant.core.events import Abstained, Failed, Notice, Progress, Sources, TextDelta
from assistant.engine.wire import (
    IndexAdd,
    IndexForget,
    IndexStatus,
    IndexSync,
    IndexWatch,
    PullModels,
)
from assistant.store.conversations import ConversationStore
from assistant.tui.opener import Opener
from assistant.tui.receipts import RootRow
from assistant.tui.screens.browse import EntryList
from assistant.tui.screens.documents import DocumentsScreen
from assistant.tui.screens.models import ModelsScreen
from assistant.tui.screens.name import NameScreen
from assistant.tui.screens.page import Page
from assistant.tui.screens.pick import PickScreen
from assistant.tui.screens.settings import SettingList, SettingsScreen
from assistant.tui.strings_en import ENGLISH
from assistant.tui.strings_zh import CHINESE
from assistant.tui.widgets.collections import CollectionList
from assistant.tui.widgets.keybar import KeyBar
from assistant.tui.widgets.models import ModelList
from assistant.tui.widgets.receipt import ReceiptList
from assistant.tui.widgets.sources import SourceRow
from assistant.tui.widgets.status import StatusLine
from assistant.tui.widgets.tabs import Tabs
from tests.tui.fakes import (
    ROUTED,
    AppPilot,
    FakeEngine,
    Pause,
    Step,
    at_rest,
    desk,
    done,
    make_app,
    make_store,
    screen_text,
    send,
    until,
    until_answered,
)
from tests.tui.screen_data import PASSAGE, SCOPE, stocked_engine

TEXTS = ENGLISH.screens


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ConversationStore]:
    store = make_store(tmp_path)
    yield store
    store.close()


def scripted(*scripts: list[Step]) -> FakeEngine:
    engine = stocked_engine()
    engine.scripts.extend(scripts)
    return engine


def toasts(pilot: AppPilot) -> str:
    return "\n".join(note.message for note in pilot.app._notifications)


def status_text(pilot: AppPilot) -> str:
    return pilot.app.screen_stack[0].query_one(StatusLine).render().plain


async def open_documents(pilot: AppPilot) -> ReceiptList:
    await pilot.press("f3")
    assert isinstance(pilot.app.screen, DocumentsScreen)
    files = pilot.app.screen.query_one(ReceiptList)
    await until(pilot, lambda: bool(files.rows))
    return files


# --- every page ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "command", "kind"),
    [
        ("f2", "settings", SettingsScreen),
        ("f3", "documents", DocumentsScreen),
        ("f4", "models", ModelsScreen),
    ],
)
async def test_a_page_opens_by_key_and_by_command_and_closes_by_escape(
    store: ConversationStore, key: str, command: str, kind: type[Page]
) -> None:
    async with make_app(store, stocked_engine()).run_test() as pilot:
        await pilot.press(key)
        assert isinstance(pilot.app.screen, kind)
        await pilot.press("escape")
        assert len(pilot.app.screen_stack) == 1
        await send(pilot, f"/{command}")
        assert isinstance(pilot.app.screen, kind)
        await pilot.press("q")
        assert len(pilot.app.screen_stack) == 1


async def test_pages_take_each_other_s_place_and_their_key_closes_them(
    store: ConversationStore,
) -> None:
    async with make_app(store, stocked_engine()).run_test() as pilot:
        await pilot.press("f2", "f3", "f4")
        assert isinstance(pilot.app.screen, ModelsScreen)
        assert len(pilot.app.screen_stack) == 2
        await pilot.press("f4")
        assert len(pilot.app.screen_stack) == 1


async def test_the_keys_of_a_page_can_be_clicked(store: ConversationStore) -> None:
    async with make_app(store, stocked_engine()).run_test(size=(120, 36)) as pilot:
        await open_documents(pilot)
        bar = pilot.app.screen.query_one(KeyBar)
        await pilot.click(bar, offset=(3, 0))
        assert isinstance(pilot.app.screen, PickScreen)


async def test_the_palette_offers_the_pages(store: ConversationStore) -> None:
    async with make_app(store, stocked_engine()).run_test() as pilot:
        await pilot.press("ctrl+p", *"models")
        found = pilot.app.screen.query_one(CommandList)
        await until(pilot, lambda: found.option_count == 1)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ModelsScreen))


async def test_the_palette_of_a_page_offers_nothing_only_the_chat_can_do(
    store: ConversationStore,
) -> None:
    app = make_app(store, stocked_engine())
    async with app.run_test() as pilot:
        in_chat = {offer.title for offer in app.get_system_commands(app.screen)}
        await pilot.press("f4")
        on_page = {offer.title for offer in app.get_system_commands(app.screen)}
        chats = {ENGLISH.keys["again"], *ENGLISH.library.actions.values()}
        assert chats <= in_chat
        assert not chats & on_page
        assert ENGLISH.keys["documents"] in on_page


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (200, 50)])
async def test_pages_bear_any_size(store: ConversationStore, size: tuple[int, int]) -> None:
    async with make_app(store, stocked_engine()).run_test(size=size) as pilot:
        for key in ("f2", "f3", "f4"):
            await pilot.press(key)
            await pilot.pause()
            await pilot.resize_terminal(60, 20)
            await pilot.pause()
            await pilot.resize_terminal(*size)
            await pilot.press("down", "end", "pageup", "home")
        assert isinstance(pilot.app.screen, ModelsScreen)


# --- documents ----------------------------------------------------------------------------


async def test_the_receipt_lists_files_below_their_folders_with_reasons(
    store: ConversationStore,
) -> None:
    async with make_app(store, stocked_engine()).run_test(size=(120, 36)) as pilot:
        files = await open_documents(pilot)
        roots = [row.path for row in files.rows if isinstance(row, RootRow)]
        assert roots == ["/home/me/notes", "/home/me/papers"]
        text = screen_text(pilot)
        assert "▾ /home/me/papers" in text
        assert "✗ broken.pdf" in text
        assert "The file is encrypted." in text
        assert "All 8" in text
        assert "Failed 1" in text


async def test_the_filters_show_what_failed_is_stale_or_waits(store: ConversationStore) -> None:
    async with make_app(store, stocked_engine()).run_test() as pilot:
        files = await open_documents(pilot)
        shown = []
        for _ in range(4):
            await pilot.press("f")
            await at_rest(pilot)
            shown.append([r.path.rpartition("/")[2] for r in files.rows])
        assert shown[:3] == [
            ["papers", "broken.pdf"],
            ["papers", "thesis.docx"],
            ["papers", "scan.pdf"],
        ]
        assert len(shown[3]) == 10


async def test_filters_and_rows_can_be_clicked(store: ConversationStore) -> None:
    async with make_app(store, stocked_engine()).run_test(size=(80, 24)) as pilot:
        files = await open_documents(pilot)
        tabs = pilot.app.screen.query_one(Tabs)
        await pilot.click(tabs, offset=(tabs.render().plain.index("Stale") + 1, 0))
        await until(pilot, lambda: len(files.rows) == 2)
        await pilot.click(files, offset=(9, 1))
        assert files.row is not None
        assert files.row.path == "/home/me/papers/thesis.docx"
        await pilot.pause()
        assert "Changed or gone since it was read" in screen_text(pilot)


async def test_a_receipt_that_comes_late_is_not_shown_for_another_collection(
    store: ConversationStore,
) -> None:
    engine = stocked_engine()
    late = Pause()
    engine.before_receipts = {"default": late, "合同": Pause()}
    async with make_app(store, engine).run_test() as pilot:
        await pilot.press("f3")
        await pilot.click(CollectionList, offset=(5, 2))
        await pilot.pause()
        late.over.set()
        await until(pilot, lambda: IndexStatus("合同") in engine.jobs)
        await pilot.pause(0.2)
        assert not pilot.app.screen.query_one(ReceiptList).rows


async def test_files_are_found_by_a_part_of_their_path(store: ConversationStore) -> None:
    async with make_app(store, stocked_engine()).run_test() as pilot:
        files = await open_documents(pilot)
        await pilot.press("slash", *"OAKS")
        await until(pilot, lambda: len(files.rows) == 2)
        await pilot.press("enter")
        assert files.has_focus
        await pilot.press("escape")
        await until(pilot, lambda: len(files.rows) == 10)
        assert isinstance(pilot.app.screen, DocumentsScreen)


async def test_fifty_thousand_files_are_listed_without_drawing_them_all(
    store: ConversationStore,
) -> None:
    engine = stocked_engine()
    many = tuple(FileReceipt(f"/d/{n:05}.txt", "fresh", "", 1) for n in range(50_000))
    engine.receipts["default"] = CollectionStatus("default", ("/d",), many, 50_000, 0)
    async with make_app(store, engine).run_test() as pilot:
        files = await open_documents(pilot)
        drawn: list[object] = []
        draw = files.draw
        files.draw = lambda row, width: drawn.append(row) or draw(row, width)  # type: ignore[method-assign,func-returns-value]
        await pilot.press("end")
        await pilot.pause()
        assert "49999.txt" in screen_text(pilot)
        assert 0 < len(drawn) < 500


async def test_the_chosen_collection_is_asked_and_shown(store: ConversationStore) -> None:
    engine = stocked_engine()
    async with make_app(store, engine).run_test(size=(120, 36)) as pilot:
        await open_documents(pilot)
        pilot.app.screen.query_one(CollectionList).focus()
        await pilot.press("down", "enter")
        await until(pilot, lambda: IndexStatus("papers") in engine.jobs)
        await pilot.press("escape")
        assert "papers 6 documents" in status_text(pilot)
        await send(pilot, "what about oaks?")
        await until_answered(pilot)
        assert engine.turns[-1].collection == "papers"


async def test_the_default_collection_is_asked_by_no_name(store: ConversationStore) -> None:
    engine = stocked_engine()
    async with make_app(store, engine).run_test() as pilot:
        await send(pilot, "what about oaks?")
        await until_answered(pilot)
        assert engine.turns[-1].collection is None


async def test_a_click_on_a_collection_chooses_it(store: ConversationStore) -> None:
    async with make_app(store, stocked_engine()).run_test() as pilot:
        await open_documents(pilot)
        await pilot.click(CollectionList, offset=(5, 2))
        await pilot.press("escape")
        assert "合同 1,204 documents" in status_text(pilot)


async def test_a_folder_is_picked_and_read_while_the_screen_is_closed(
    store: ConversationStore, tmp_path: Path
) -> None:
    folder = tmp_path / "文档 one"
    folder.mkdir()
    pause = Pause()
    engine = scripted([Progress("Reading", 12, 40, "files", 130.0), pause, done("")])
    async with make_app(store, engine).run_test(size=(120, 36)) as pilot:
        await open_documents(pilot)
        await pilot.press("a")
        path = pilot.app.screen.query_one(Input)
        path.value = f"{tmp_path}/文"
        entries = pilot.app.screen.query_one(EntryList)
        await until(pilot, lambda: [e.name for e in entries.rows] == ["文档 one"])
        await pilot.press("enter")
        await until(pilot, lambda: IndexAdd((str(folder),), "default") in engine.jobs)
        await until(pilot, lambda: "12 / 40 files · about 2 min left" in screen_text(pilot))
        await pilot.press("escape")
        assert "◔ 12 / 40 files · about 2 min left" in status_text(pilot)
        pause.over.set()
        await until_answered(pilot)
        assert "◔" not in status_text(pilot)


async def test_reading_stops_by_a_key(store: ConversationStore) -> None:
    engine = scripted([Progress("Reading", 1, 40, "files"), Pause()])
    async with make_app(store, engine).run_test() as pilot:
        await open_documents(pilot)
        await pilot.press("s")
        await until(pilot, lambda: "1 / 40" in screen_text(pilot))
        assert IndexSync("default") in engine.jobs
        assert "stop reading" in screen_text(pilot)
        await pilot.press("x")
        await until_answered(pilot)
        assert "1 / 40" not in screen_text(pilot)
        await pilot.press("x")
        assert TEXTS.documents.idle in toasts(pilot)


async def test_forgetting_takes_two_presses_on_the_same_row(store: ConversationStore) -> None:
    engine = scripted([Notice("Files forgotten: 1."), done("")])
    async with make_app(store, engine).run_test() as pilot:
        await open_documents(pilot)
        await pilot.press("d", "down", "d")
        await pilot.pause()
        assert "Press d again to forget this: /home/me/notes" in screen_text(pilot)
        assert not any(isinstance(job, IndexForget) for job in engine.jobs)
        await pilot.press("d")
        await until_answered(pilot)
        assert IndexForget(("/home/me/notes",), "default") in engine.jobs
        assert toasts(pilot) == "Files forgotten: 1."


async def test_escape_takes_back_the_first_press_of_forget(store: ConversationStore) -> None:
    engine = stocked_engine()
    async with make_app(store, engine).run_test() as pilot:
        await open_documents(pilot)
        await pilot.press("d", "escape", "d")
        assert isinstance(pilot.app.screen, DocumentsScreen)
        assert not any(isinstance(job, IndexForget) for job in engine.jobs)


async def test_changes_are_followed_until_that_is_switched_off(store: ConversationStore) -> None:
    engine = scripted([Progress("Reading", 1, 1, "files"), Pause()])
    async with make_app(store, engine).run_test(size=(120, 36)) as pilot:
        await open_documents(pilot)
        await pilot.press("w")
        await until(pilot, lambda: IndexWatch("default") in engine.jobs)
        await until(pilot, lambda: TEXTS.documents.watching in screen_text(pilot))
        assert "12 documents ↻" in status_text(pilot)
        await pilot.press("w")
        await until_answered(pilot)
        assert "↻" not in status_text(pilot)


async def test_a_watch_that_fails_says_why(store: ConversationStore) -> None:
    engine = scripted([Failed("The folder is gone.", "Put it back.")])
    async with make_app(store, engine).run_test() as pilot:
        await open_documents(pilot)
        await pilot.press("w")
        await until_answered(pilot)
        assert "Following changes ended: The folder is gone. Put it back." in toasts(pilot)


async def test_an_engine_that_dies_while_reading_is_told_and_forgotten(
    store: ConversationStore,
) -> None:
    engine = scripted([Progress("Reading", 1, 40, "files"), EngineError("It died.", "Wait.")])
    async with make_app(store, engine).run_test() as pilot:
        await open_documents(pilot)
        await pilot.press("s")
        await until_answered(pilot)
        assert "It died. Wait." in toasts(pilot)
        assert "1 / 40" not in screen_text(pilot)


async def test_a_new_collection_is_named_chosen_and_filled(
    store: ConversationStore, tmp_path: Path
) -> None:
    engine = scripted([done("")])
    async with make_app(store, engine).run_test() as pilot:
        await open_documents(pilot)
        await pilot.press("n", *"../x", "enter")
        assert isinstance(pilot.app.screen, NameScreen)
        assert TEXTS.documents.name_bad in screen_text(pilot)
        pilot.app.screen.query_one(Input).value = "年报 2025"
        await pilot.press("enter")
        await until(pilot, lambda: "年报 2025" in screen_text(pilot))
        await pilot.press("a")
        pilot.app.screen.query_one(Input).value = f"{tmp_path}/"
        await at_rest(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: IndexAdd((str(tmp_path),), "年报 2025") in engine.jobs)


async def test_the_picker_goes_into_folders_and_says_what_is_not_there(
    store: ConversationStore, tmp_path: Path
) -> None:
    (tmp_path / "one" / "two").mkdir(parents=True)
    (tmp_path / "one" / "note.txt").touch()
    async with make_app(store, stocked_engine()).run_test() as pilot:
        await open_documents(pilot)
        await pilot.press("a")
        path = pilot.app.screen.query_one(Input)
        entries = pilot.app.screen.query_one(EntryList)
        path.value = f"{tmp_path}/"
        await until(pilot, lambda: [e.name for e in entries.rows][:2] == [".", "one"])
        await pilot.click(EntryList, offset=(4, 1))
        await until(pilot, lambda: path.value == f"{tmp_path}/one/")
        await until(pilot, lambda: [e.name for e in entries.rows] == [".", "two", "note.txt"])
        await pilot.press("tab")
        await until(pilot, lambda: path.value == f"{tmp_path}/one/two/")
        path.value = f"{tmp_path}/nowhere/at all"
        await until(pilot, lambda: not entries.rows)
        await pilot.press("enter")
        await until(pilot, lambda: "There is no file" in screen_text(pilot))


async def test_hostile_file_names_do_no_harm(store: ConversationStore, tmp_path: Path) -> None:
    (tmp_path / "\x1b]0;owned\x07[red]x\nsecond").mkdir()
    engine = stocked_engine()
    bad = FileReceipt("/d/\x1b[2J[bold]x\n.txt", "failed", "\x1b[31mno[/]\n", 0)
    engine.receipts["default"] = CollectionStatus("default", ("/d",), (bad,), 0, 0)
    async with make_app(store, engine).run_test() as pilot:
        files = await open_documents(pilot)
        await pilot.press("down")
        await pilot.pause()
        assert "[bold]x .txt" in screen_text(pilot)
        assert "\x1b" not in screen_text(pilot)
        assert files.rows[-1] is bad
        await pilot.press("a")
        pilot.app.screen.query_one(Input).value = f"{tmp_path}/"
        await until(pilot, lambda: "[red]x" in screen_text(pilot))
        assert "\x1b" not in screen_text(pilot)


async def test_a_file_of_the_receipt_opens(
    store: ConversationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(Opener, "open_passage", lambda _, passage: opened.append(passage.path))
    async with make_app(store, stocked_engine()).run_test() as pilot:
        await open_documents(pilot)
        await pilot.press("o", "down", "o", "down", "enter")
        assert opened == ["/home/me/letter.txt", "/home/me/notes/todo.txt"]


# --- models -------------------------------------------------------------------------------


async def open_models(pilot: AppPilot) -> ModelList:
    await pilot.press("f4")
    models = pilot.app.screen.query_one(ModelList)
    await until(pilot, lambda: bool(models.rows))
    return models


async def test_the_models_say_what_is_here_in_use_and_recommended(
    store: ConversationStore,
) -> None:
    async with make_app(store, stocked_engine()).run_test(size=(120, 36)) as pilot:
        await open_models(pilot)
        text = screen_text(pilot)
        assert text.index("On this machine") < text.index("qwen3-0.6b") < text.index("To fetch")
        assert "in use · on cpu" in text
        assert "recommended here" in text
        assert "en · Apache-2.0" in text
        assert "In use as generate.model." in text


async def test_a_model_is_fetched_with_progress_and_can_be_stopped(
    store: ConversationStore,
) -> None:
    step = Progress("Downloading qwen3-1.7b", 620e6, 1834e6, "bytes", 70.0)
    engine = scripted([step, Pause()])
    async with make_app(store, engine).run_test(size=(120, 36)) as pilot:
        await open_models(pilot)
        await pilot.press("down", "down", "down", "p")
        await until(pilot, lambda: "620 / 1,834 MB · about 70 s left" in screen_text(pilot))
        assert PullModels(("qwen3-1.7b",)) in engine.jobs
        await pilot.press("escape")
        assert "↓ qwen3-1.7b 34%" in status_text(pilot)
        await pilot.press("f4")
        await pilot.press("down", "down", "down", "x")
        await until_answered(pilot)
        assert TEXTS.models.pull_stopped in toasts(pilot)
        assert "↓" not in status_text(pilot)


async def test_a_failed_pull_says_what_to_do(store: ConversationStore) -> None:
    engine = scripted([Failed("The hub can't be reached.", "Try again later.")])
    async with make_app(store, engine).run_test() as pilot:
        await open_models(pilot)
        await pilot.press("end", "enter")
        await until_answered(pilot)
        assert "The hub can't be reached. Try again later." in toasts(pilot)


def file_loader(config_file: Path, **environ: str) -> Callable[[], LoadedSettings]:
    places = find_places({"ASSISTANT_CONFIG": str(config_file)})
    return lambda: load_with_origins(places, environ)


async def test_a_model_is_put_to_use_in_the_file_and_the_engine_starts_anew(
    store: ConversationStore, tmp_path: Path
) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[generate]\n# warm\ntemperature = 0.7\n")
    engine = stocked_engine()
    app = make_app(store, engine, config_file=file, load=file_loader(file))
    async with app.run_test() as pilot:
        await open_models(pilot)
        await pilot.press("down", "down", "u")
        await until(pilot, lambda: "qwen3-0.6b" in file.read_text())
        assert "# warm" in file.read_text()
        assert engine.restarts == 0
        await pilot.press("escape")
        assert engine.restarts == 1
        assert TEXTS.settings.engine_restarts in toasts(pilot)


async def test_offline_nothing_is_fetched_and_that_is_said(
    store: ConversationStore, tmp_path: Path
) -> None:
    file = tmp_path / "config.toml"
    file.write_text("offline = true\n")
    engine = stocked_engine()
    app = make_app(store, engine, config_file=file, load=file_loader(file))
    async with app.run_test() as pilot:
        await open_models(pilot)
        await pilot.press("end", "p")
        assert "offline = true" in screen_text(pilot)
        assert not any(isinstance(job, PullModels) for job in engine.jobs)


async def test_a_path_that_cannot_be_is_told_where_it_is_typed(store: ConversationStore) -> None:
    async with make_app(store, stocked_engine()).run_test() as pilot:
        await open_documents(pilot)
        await pilot.press("a")
        await pilot.pause()
        pilot.app.screen.query_one(Input).value = "/" + "x" * 300
        await until(pilot, lambda: not pilot.app.screen.query_one(EntryList).rows)
        await pilot.press("enter")
        await until(pilot, lambda: "There is no" in screen_text(pilot))


# --- settings -----------------------------------------------------------------------------


async def on_setting(pilot: AppPilot, dotted: str) -> SettingList:
    if not isinstance(pilot.app.screen, SettingsScreen):
        await pilot.press("f2")
    settings = pilot.app.screen.query_one(SettingList)
    places = {settings.key(row): index for index, row in enumerate(settings.rows)}
    settings.cursor = places[dotted]
    await pilot.pause()
    return settings


async def test_a_setting_says_its_value_source_type_and_purpose(
    store: ConversationStore, tmp_path: Path
) -> None:
    file = tmp_path / "config.toml"
    file.write_text("threads = 2\n")
    load = file_loader(file, ASSISTANT_GENERATE_TEMPERATURE="0.9")
    app = make_app(store, stocked_engine(), config_file=file, load=load)
    async with app.run_test(size=(120, 36)) as pilot:
        for dotted, wanted in (
            ("threads", ["threads", "2", "config.toml"]),
            ("generate.temperature", ["temperature", "0.9", "ASSISTANT_GENERATE_TEMPERATURE"]),
        ):
            await on_setting(pilot, dotted)
            lines = screen_text(pilot).splitlines()
            # What may follow is the thumb of the scroll bar.
            assert any(line.split()[:3] == wanted for line in lines)
        text = screen_text(pilot)
        assert "0 = always the most probable token." in text
        assert "Takes a number from 0 to 2 · default 0.2" in text


async def test_the_key_that_sends_is_another_one_at_once(
    store: ConversationStore, tmp_path: Path
) -> None:
    file = tmp_path / "config.toml"
    engine = stocked_engine()
    app = make_app(store, engine, config_file=file, load=file_loader(file))
    async with app.run_test() as pilot:
        await on_setting(pilot, "keys.send")
        await pilot.press("enter")
        pilot.app.screen.query_one("#value", Input).value = "f5"
        await pilot.press("enter")
        await until(pilot, file.exists)
        await pilot.press("escape", "a", "enter", "b")
        assert desk(pilot).prompt.text == "a\nb"
        await pilot.press("f5")
        await until_answered(pilot)
        assert [turn.text for turn in engine.turns] == ["a\nb"]


@pytest.mark.parametrize(("chosen", "then"), [(None, "papers"), ("letters", "letters")])
async def test_another_default_collection_is_the_one_asked_from_then_on(
    store: ConversationStore, tmp_path: Path, chosen: str | None, then: str
) -> None:
    file = tmp_path / "config.toml"
    engine = stocked_engine()
    app = make_app(store, engine, config_file=file, load=file_loader(file))
    async with app.run_test() as pilot:
        if chosen is not None:
            app.services.indexing.choose(chosen)
        await on_setting(pilot, "index.collection")
        await pilot.press("enter")
        pilot.app.screen.query_one("#value", Input).value = "papers"
        await pilot.press("enter")
        await until(pilot, file.exists)
        await pilot.press("escape")
        assert engine.restarts == 1
        assert app.services.indexing.chosen == then
        assert app.services.indexing.scope == chosen


async def test_a_theme_is_used_at_once_kept_in_the_file_and_reset(
    store: ConversationStore, tmp_path: Path
) -> None:
    file = tmp_path / "config.toml"
    file.write_text('# mine\n[ui]\ntheme = "ink"  # calm\n')
    engine = stocked_engine()
    app = make_app(store, engine, config_file=file, load=file_loader(file))
    async with app.run_test() as pilot:
        await on_setting(pilot, "ui.theme")
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.theme != "ink")
        assert f'theme = "{pilot.app.theme}"  # calm' in file.read_text()
        await pilot.press("r")
        await until(pilot, lambda: pilot.app.theme == "ink")
        assert "theme" not in file.read_text()
        await pilot.press("r")
        await until(pilot, lambda: TEXTS.settings.was_default in toasts(pilot))
        await pilot.press("escape")
        assert engine.restarts == 0


async def test_a_wrong_value_is_explained_and_nothing_is_written(
    store: ConversationStore, tmp_path: Path
) -> None:
    file = tmp_path / "config.toml"
    app = make_app(store, stocked_engine(), config_file=file, load=file_loader(file))
    async with app.run_test() as pilot:
        await on_setting(pilot, "generate.temperature")
        await pilot.press("enter")
        value = pilot.app.screen.query_one("#value", Input)
        for wrong, said in (("warm", "“warm” is no number."), ("7", "can't be 7.0")):
            value.value = wrong
            await pilot.press("enter")
            await pilot.pause()
            assert said in screen_text(pilot)
        assert not file.exists()
        await pilot.press("escape")
        assert isinstance(pilot.app.screen, SettingsScreen)
        assert pilot.app.screen.query_one(SettingList).has_focus


async def test_a_name_no_model_has_is_refused_with_the_one_that_was_meant(
    store: ConversationStore, tmp_path: Path
) -> None:
    file = tmp_path / "config.toml"
    app = make_app(store, stocked_engine(), config_file=file, load=file_loader(file))
    async with app.run_test() as pilot:
        await on_setting(pilot, "generate.model")
        await pilot.press("enter")
        value = pilot.app.screen.query_one("#value", Input)
        value.value = "qwen3-06b"
        await pilot.press("enter")
        await until(pilot, lambda: "There is no model “qwen3-06b”." in screen_text(pilot))
        assert 'Did you mean "qwen3-0.6b"?' in screen_text(pilot)
        assert not file.exists()
        value.value = "qwen3-0.6b"
        await pilot.press("enter")
        await until(pilot, file.exists)
        assert 'model = "qwen3-0.6b"' in file.read_text()


async def test_what_the_engine_reads_takes_hold_when_the_screen_closes(
    store: ConversationStore, tmp_path: Path
) -> None:
    file = tmp_path / "config.toml"
    engine = stocked_engine()
    app = make_app(store, engine, config_file=file, load=file_loader(file))
    async with app.run_test() as pilot:
        await on_setting(pilot, "threads")
        await pilot.press("enter")
        pilot.app.screen.query_one("#value", Input).value = "3"
        await pilot.press("enter")
        await until(pilot, file.exists)
        assert file.read_text() == "threads = 3\n"
        await on_setting(pilot, "describe.read_text")
        await pilot.press("space")
        await until(pilot, lambda: "read_text = false" in file.read_text())
        await pilot.press("escape")
        assert engine.restarts == 1


async def test_an_engine_at_work_is_not_restarted(store: ConversationStore, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    engine = scripted([ROUTED, TextDelta("Once"), Pause()])
    app = make_app(store, engine, config_file=file, load=file_loader(file))
    async with app.run_test() as pilot:
        await send(pilot, "a story")
        await on_setting(pilot, "offline")
        await pilot.press("enter")
        await until(pilot, file.exists)
        await pilot.press("escape")
        assert engine.restarts == 0
        assert TEXTS.settings.engine_busy in toasts(pilot)
        await pilot.press("escape")
        await until_answered(pilot)
        await pilot.press("f2", "escape")
        assert engine.restarts == 1


async def test_a_variable_that_wins_over_the_file_is_named(
    store: ConversationStore, tmp_path: Path
) -> None:
    file = tmp_path / "config.toml"
    load = file_loader(file, ASSISTANT_OFFLINE="false")
    app = make_app(store, stocked_engine(), config_file=file, load=load)
    async with app.run_test() as pilot:
        await on_setting(pilot, "offline")
        await pilot.press("enter")
        await until(pilot, lambda: "ASSISTANT_OFFLINE wins over the file" in toasts(pilot))


async def test_a_key_is_rebound_at_once_and_shown_in_help(
    store: ConversationStore, tmp_path: Path
) -> None:
    file = tmp_path / "config.toml"
    app = make_app(store, stocked_engine(), config_file=file, load=file_loader(file))
    async with app.run_test(size=(120, 100)) as pilot:
        await on_setting(pilot, "keys.models")
        await pilot.press("enter")
        pilot.app.screen.query_one("#value", Input).value = "f9"
        await pilot.press("enter")
        await until(pilot, file.exists)
        await pilot.press("escape", "f9")
        assert isinstance(pilot.app.screen, ModelsScreen)
        await pilot.press("escape", "f1")
        await pilot.pause()
        assert "F9" in screen_text(pilot)


async def test_a_file_that_cannot_be_written_is_told(
    store: ConversationStore, tmp_path: Path
) -> None:
    file = tmp_path / "config.toml"
    file.mkdir()
    app = make_app(store, stocked_engine(), config_file=file)
    async with app.run_test() as pilot:
        await on_setting(pilot, "offline")
        await pilot.press("enter")
        await until(pilot, lambda: "can't be read" in toasts(pilot))


async def test_a_file_broken_meanwhile_keeps_the_settings_in_force(
    store: ConversationStore, tmp_path: Path
) -> None:
    file = tmp_path / "config.toml"
    app = make_app(store, stocked_engine(), config_file=file, load=file_loader(file))
    async with app.run_test() as pilot:
        await on_setting(pilot, "offline")
        file.write_text("this is = not = toml\n")
        await pilot.press("enter")
        await until(pilot, lambda: "this is not TOML" in toasts(pilot))
        assert file.read_text() == "this is = not = toml\n"


# --- sources ------------------------------------------------------------------------------


async def test_sources_say_what_was_searched_mark_what_matched_and_unfold(
    store: ConversationStore,
) -> None:
    engine = FakeEngine([[ROUTED, TextDelta("It is so."), Sources((PASSAGE,), SCOPE), done("")]])
    async with make_app(store, engine).run_test(size=(120, 36)) as pilot:
        await send(pilot, "what do trees do?")
        await until_answered(pilot)
        assert "Searched papers · 6 documents · in forest · of type pdf" in screen_text(pilot)
        await pilot.press("alt+up", "enter", "space")
        await pilot.pause()
        text = screen_text(pilot)
        assert "When leaves fall in autumn, trees withdraw" in text
        assert "⇄ 树木会收回其中大部分的氮和磷" in text.replace("  ", " ")
        assert "also in /home/me/old/forest-ecology.pdf" in text
        assert "/home/me/papers/forest-ecology.pdf · Autumn › Nutrients" in text
        await pilot.press("enter")
        assert not pilot.app.screen.query_one(SourceRow).is_open


async def test_an_abstention_says_what_was_searched_even_with_nothing_near(
    store: ConversationStore,
) -> None:
    engine = FakeEngine([[ROUTED, TextDelta("没有找到。"), Abstained(0.1, (), SCOPE), done("")]])
    async with make_app(store, engine, strings=CHINESE).run_test(size=(120, 36)) as pilot:
        await send(pilot, "树木？")
        await until_answered(pilot)
        assert "查找范围：papers · 6 份文档" in screen_text(pilot)


async def test_o_opens_the_file_of_a_source(
    store: ConversationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[object] = []
    monkeypatch.setattr(Opener, "open_passage", lambda _, passage: opened.append(passage))
    engine = FakeEngine([[ROUTED, TextDelta("It is so."), Sources((PASSAGE,), SCOPE), done("")]])
    async with make_app(store, engine).run_test() as pilot:
        await send(pilot, "what do trees do?")
        await until_answered(pilot)
        await pilot.press("alt+up", "enter", "o")
        await pilot.pause()
        assert opened == [PASSAGE]


async def test_pictures_of_a_collection_are_counted(store: ConversationStore) -> None:
    engine = stocked_engine()
    first, *others = engine.collections
    engine.collections = (msgspec.structs.replace(first, pictures=5), *others)
    async with make_app(store, engine).run_test(size=(120, 40)) as pilot:
        await pilot.press("f3")
        await until(pilot, lambda: "5 pictures" in screen_text(pilot))
