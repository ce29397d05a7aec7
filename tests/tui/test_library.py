"""The sidebar's list: naming, pinning, putting away, deleting, finding; at its keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.core.collections import CollectionSummary
from assistant.core.errors import StoreError
from assistant.core.messages import Message
from assistant.store.conversations import ConversationStore
from assistant.tui.strings_en import ENGLISH
from assistant.tui.widgets.conversation_list import ConversationList
from assistant.tui.widgets.library import PAGE, Library
from assistant.tui.widgets.sidebar import RenameField, Sidebar
from tests.tui.fakes import (
    AppPilot,
    FakeEngine,
    StandingClock,
    desk,
    make_app,
    make_store,
    screen_text,
    send,
    toasts,
    until,
    until_answered,
)

WIDE = (120, 36)


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def store(tmp_path: Path, clock: StandingClock) -> Iterator[ConversationStore]:
    store = make_store(tmp_path, clock)
    yield store
    store.close()


@pytest.fixture
def three(store: ConversationStore, clock: StandingClock) -> tuple[int, int, int]:
    """Conversations about trains, buses and boats, the last the newest."""
    made = []
    for days, title in ((3, "Trains"), (2, "Buses"), (1, "Boats")):
        clock.back(days=days)
        made.append(store.create(title).id)
        store.add_user(made[-1], Message("user", f"tell me about {title.lower()}"))
    clock.back()
    return made[0], made[1], made[2]


def listed(pilot: AppPilot) -> list[str]:
    """The titles in the list, without headings."""
    options = pilot.app.screen.query_one(ConversationList).options
    return [str(option.prompt).strip() for option in options if not option.disabled]


async def opened(pilot: AppPilot, conversation: int) -> None:
    pilot.app.screen.query_one(Sidebar).post_message(Sidebar.Chosen(conversation))
    await pilot.pause()


async def in_list(pilot: AppPilot, *keys: str) -> None:
    """Go to the list (the newest conversation) and press keys there."""
    await pilot.pause()
    pilot.app.screen.query_one(ConversationList).focus()
    await pilot.press("home", *keys)
    await pilot.pause()


async def test_r_renames_in_place(store: ConversationStore, three: tuple[int, int, int]) -> None:
    async with make_app(store).run_test(size=WIDE) as pilot:
        await in_list(pilot, "down", "r")
        field = pilot.app.screen.query_one(RenameField)
        assert field.value == "Buses"
        row = next(y for y, line in enumerate(screen_text(pilot).split("\n")) if "Buses" in line)
        assert field.region.y == row
        await pilot.press("end", *" 公交")
        await pilot.press("enter")
        await until(pilot, lambda: "Buses 公交" in listed(pilot))
        assert store.get(three[1]).title == "Buses 公交"
        assert isinstance(pilot.app.focused, ConversationList)
        assert not pilot.app.screen.query(RenameField)


@pytest.mark.parametrize("leave", ["escape", "tab"])
async def test_a_rename_left_half_way_changes_nothing(
    store: ConversationStore, three: tuple[int, int, int], leave: str
) -> None:
    async with make_app(store).run_test(size=WIDE) as pilot:
        await in_list(pilot, "r", "x", leave)
        await until(pilot, lambda: not pilot.app.screen.query(RenameField))
        assert store.get(three[2]).title == "Boats"


async def test_a_conversation_brings_its_collection_back(
    store: ConversationStore, three: tuple[int, int, int]
) -> None:
    store.set_collection(three[1], "papers")
    engine = FakeEngine()
    engine.collections = (CollectionSummary("papers", 7),)
    app = make_app(store, engine)
    async with app.run_test(size=WIDE) as pilot:
        await opened(pilot, three[1])
        await until(pilot, lambda: "papers 7 documents" in screen_text(pilot))
        await send(pilot, "and now?")
        await opened(pilot, three[0])
        assert app.services.indexing.scope is None
        assert "papers" not in screen_text(pilot)
        await send(pilot, "and here?")
        assert [turn.collection for turn in engine.turns] == ["papers", None]


async def test_the_collection_chosen_is_kept_with_the_conversation_and_the_next_new_one(
    store: ConversationStore, three: tuple[int, int, int]
) -> None:
    app = make_app(store)
    async with app.run_test(size=WIDE) as pilot:
        await opened(pilot, three[0])
        app.services.indexing.choose("papers")
        await pilot.press("ctrl+n")
        await send(pilot, "hi")
        kept = [conversation.collection for conversation in store.recent(9)]
        assert kept == ["papers", None, None, "papers"]


async def test_a_collection_that_is_gone_makes_way_for_the_default_one(
    store: ConversationStore, three: tuple[int, int, int]
) -> None:
    store.set_collection(three[1], "papers")
    app = make_app(store)
    async with app.run_test(size=WIDE) as pilot:
        await opened(pilot, three[1])
        await until(pilot, lambda: app.services.indexing.scope is None)
        assert any("“papers” of this conversation is gone" in toast for toast in toasts(pilot))
        assert store.get(three[1]).collection is None


async def test_archived_conversations_leave_the_list_and_are_found_all_the_same(
    store: ConversationStore, three: tuple[int, int, int]
) -> None:
    async with make_app(store).run_test(size=WIDE) as pilot:
        await in_list(pilot, "a")
        assert listed(pilot) == ["Buses", "Trains"]
        assert any("Archived “Boats”" in toast for toast in toasts(pilot))
        await pilot.press("ctrl+f", *"boats")
        await until(pilot, lambda: any("Boats" in title for title in listed(pilot)))


async def test_v_shows_the_archive_and_a_takes_out_of_it(
    store: ConversationStore, three: tuple[int, int, int]
) -> None:
    store.set_archived(three[0], True)
    async with make_app(store).run_test(size=WIDE) as pilot:
        await in_list(pilot, "v")
        assert listed(pilot) == ["Trains"]
        assert "assistant · Archive" in screen_text(pilot)
        await in_list(pilot, "a")
        assert ENGLISH.library.archive_empty in screen_text(pilot)
        await pilot.press("escape")
        assert listed(pilot) == ["Boats", "Buses", "Trains"]


async def test_deleting_goes_on_to_the_next_and_u_undoes_in_turn(
    store: ConversationStore, three: tuple[int, int, int]
) -> None:
    async with make_app(store).run_test(size=WIDE) as pilot:
        await in_list(pilot, "down", "d")
        assert listed(pilot) == ["Boats", "Trains"]
        assert pilot.app.screen.query_one(ConversationList).chosen == three[0]
        await pilot.press("d")
        assert listed(pilot) == ["Boats"]
        await pilot.press("u", "u")
        await pilot.pause()
        assert listed(pilot) == ["Boats", "Buses", "Trains"]


async def test_what_was_deleted_is_gone_when_the_program_has_ended(
    store: ConversationStore, three: tuple[int, int, int], tmp_path: Path
) -> None:
    async with make_app(store).run_test(size=WIDE) as pilot:
        await in_list(pilot, "d")
    store.close()
    content = (tmp_path / "conversations.sqlite3").read_bytes()
    assert b"boats" not in content.lower()


async def test_what_another_program_writes_appears_by_itself(
    store: ConversationStore, three: tuple[int, int, int], tmp_path: Path
) -> None:
    async with make_app(store).run_test(size=WIDE) as pilot:
        await pilot.pause()
        second = make_store(tmp_path)
        second.create("From elsewhere")
        second.delete(three[0])
        await until(pilot, lambda: "From elsewhere" in listed(pilot))
        assert "Trains" not in listed(pilot)
        second.close()


async def test_two_programs_write_to_one_conversation(
    store: ConversationStore, three: tuple[int, int, int], tmp_path: Path
) -> None:
    second = make_store(tmp_path)
    async with make_app(store).run_test(size=WIDE) as pilot:
        pilot.app.screen.query_one(Sidebar).post_message(Sidebar.Chosen(three[0]))
        await pilot.pause()
        second.add_user(three[0], Message("user", "from the other one"))
        await send(pilot, "and from here")
        await until_answered(pilot)
        questions = [m.text for m in store.messages(three[0]) if m.role == "user"]
        assert questions[1:] == ["from the other one", "and from here"]
        assert toasts(pilot) == []
    second.close()


async def test_a_conversation_deleted_elsewhere_is_told_and_one_goes_on(
    store: ConversationStore, three: tuple[int, int, int], tmp_path: Path
) -> None:
    async with make_app(store).run_test(size=WIDE) as pilot:
        await pilot.pause()
        second = make_store(tmp_path)
        second.delete(three[2])
        second.close()
        await in_list(pilot, "p")
        assert any("doesn't exist any more" in toast for toast in toasts(pilot))
        pilot.app.screen.query_one(Sidebar).post_message(Sidebar.Chosen(three[2]))
        await until(pilot, lambda: len(toasts(pilot)) == 2)
        desk(pilot).prompt.focus()
        await send(pilot, "a new one")
        await until_answered(pilot)
        assert store.recent(1)[0].title == "a new one"


async def test_long_lists_come_a_page_at_a_time(
    store: ConversationStore, clock: StandingClock
) -> None:
    for number in range(PAGE * 2 + 50):
        clock.back(hours=number)
        store.create(f"number {number}")
    clock.back()
    async with make_app(store).run_test(size=WIDE) as pilot:
        await until(pilot, lambda: len(listed(pilot)) == PAGE)
        await in_list(pilot, "end")
        await until(pilot, lambda: len(listed(pilot)) == PAGE * 2)
        assert pilot.app.screen.query_one(ConversationList).chosen == PAGE
        await pilot.press("end")
        await until(pilot, lambda: len(listed(pilot)) == PAGE * 2 + 50)
        assert listed(pilot) == [f"number {n}" for n in range(PAGE * 2 + 50)]
        headings = [
            str(option.prompt).strip()
            for option in pilot.app.screen.query_one(ConversationList).options
            if option.disabled
        ]
        assert len(headings) == len(set(headings))


async def test_the_palette_acts_on_the_conversation_in_view(
    store: ConversationStore, three: tuple[int, int, int]
) -> None:
    async with make_app(store).run_test(size=WIDE) as pilot:
        pilot.app.screen.query_one(Sidebar).post_message(Sidebar.Chosen(three[0]))
        await pilot.pause()
        await pilot.press("ctrl+p", *"pin or unpin", "enter")
        await until(pilot, lambda: store.get(three[0]).pinned)
        await pilot.press("ctrl+p", *"delete this", "enter")
        await until(pilot, lambda: "Trains" not in listed(pilot))


async def test_export_and_import_by_command(
    store: ConversationStore, three: tuple[int, int, int], tmp_path: Path
) -> None:
    async with make_app(store).run_test(size=WIDE) as pilot:
        await send(pilot, "/export md")
        assert ENGLISH.library.nothing_to_export in toasts(pilot)
        pilot.app.screen.query_one(Sidebar).post_message(Sidebar.Chosen(three[0]))
        await pilot.pause()
        await send(pilot, f"/export md {tmp_path}")
        await until(pilot, lambda: (tmp_path / "Trains.md").exists())
        await send(pilot, f"/export all {tmp_path / 'all.json'}")
        await until(pilot, lambda: (tmp_path / "all.json").exists())
        await until_answered(pilot)
        await send(pilot, f"/import {tmp_path / 'all.json'}")
        await until(pilot, lambda: ENGLISH.library.imported.format(0, 3) in toasts(pilot))
        await send(pilot, f"/import {tmp_path / 'none.json'}")
        await until(pilot, lambda: any("can't be read" in toast for toast in toasts(pilot)))


async def test_rename_by_command(store: ConversationStore, three: tuple[int, int, int]) -> None:
    async with make_app(store).run_test(size=WIDE) as pilot:
        pilot.app.screen.query_one(Sidebar).post_message(Sidebar.Chosen(three[0]))
        await pilot.pause()
        await send(pilot, "/rename Railways \x1b[31m[b]")
        assert store.get(three[0]).title == "Railways [b]"
        assert "Railways [b]" in screen_text(pilot)


async def test_hostile_titles_are_shown_literally(store: ConversationStore) -> None:
    store.create("[bold red]x[/] [@click=app.quit]y")
    async with make_app(store).run_test(size=WIDE) as pilot:
        await in_list(pilot, "r")
        assert pilot.app.screen.query_one(RenameField).value == "[bold red]x[/] [@click=app.quit]y"
        await pilot.press("escape")
        await until(pilot, lambda: "[bold red]x[/] [@click" in screen_text(pilot))
        await pilot.press("d")
        await pilot.pause()
        assert ENGLISH.keyed(ENGLISH.deleted, "[bold red]x[/] [@click=app.quit]y") in toasts(pilot)


async def test_a_store_that_refuses_is_told_and_nothing_breaks(
    store: ConversationStore, three: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise StoreError("The disk is full.", "Free some space.")

    async with make_app(store).run_test(size=WIDE) as pilot:
        await pilot.pause()
        for name in ("set_pinned", "set_archived", "delete", "rename", "changed_elsewhere"):
            monkeypatch.setattr(store, name, refuse)
        await in_list(pilot, "p", "a", "d")
        pilot.app.screen.query_one(Library)._look()
        assert sum("The disk is full." in toast for toast in toasts(pilot)) == 3
        assert listed(pilot) == ["Boats", "Buses", "Trains"]
