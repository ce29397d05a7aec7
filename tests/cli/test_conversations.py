"""`assistant conversations`, as a person at a shell uses it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from assistant.cli.main import root
from assistant.core.messages import Message
from assistant.store.conversations import ConversationStore


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"ASSISTANT_{name}_DIR", str(tmp_path / name.lower()))
    monkeypatch.setenv("ASSISTANT_CONFIG", str(tmp_path / "config.toml"))
    with closing(ConversationStore(tmp_path / "data" / "conversations.sqlite3")) as store:
        for text in ("When does the train leave?", "火车几点开？", "\x1b[31mred"):
            store.add_user(store.create().id, Message("user", text))
        store.add_user(store.create("in the archive").id, Message("user", "old"))
        store.set_archived(4, True)
        store.set_pinned(1, True)
    return tmp_path


def run(*arguments: str, **options: str) -> Result:
    return CliRunner().invoke(root, ["conversations", *arguments], **options)  # type: ignore[arg-type]


def test_list_shows_number_day_and_title_the_pinned_first() -> None:
    lines = run("list").output.splitlines()
    assert lines[0].split()[:2] == ["1", "*"]
    assert [line.split("  ")[-1] for line in lines] == [
        "When does the train leave?", "red", "火车几点开？",
    ]  # fmt: skip
    assert len(run("list", "-n", "1").output.splitlines()) == 1
    assert "in the archive" in run("list", "--archived").output


def test_a_time_that_no_calendar_has_ends_nothing(data: Path) -> None:
    with closing(sqlite3.connect(data / "data" / "conversations.sqlite3")) as database:
        database.execute("UPDATE conversations SET updated = 1e20 WHERE id = 2")
        database.commit()
    lines = run("list").output.splitlines()
    assert len(lines) == 3
    assert any("1970-01-01" in line for line in lines)


def test_list_can_be_read_by_programs() -> None:
    rows = [json.loads(line) for line in run("list", "--json").output.splitlines()]
    assert {row["title"] for row in rows} == {"When does the train leave?", "火车几点开？", "red"}


def test_search_finds_both_languages_and_shows_the_place() -> None:
    assert "火车几点开？" in run("search", "火车").output
    assert run("search", "the", "train").output.startswith("     1   When does")
    assert run("search", "nothing-like-it").output == ""


def test_export_and_import_are_a_way_to_another_machine(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = data / "all.json"
    assert run("export", "--all", "-f", "json", "-o", str(path)).exit_code == 0
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(data / "elsewhere"))
    assert "4 added, 0 known" in run("import", str(path)).output
    assert "0 added, 4 known" in run("import", str(path)).output
    assert "in the archive" in run("list", "--archived").output


def test_export_writes_markdown_to_standard_output() -> None:
    result = run("export", "1")
    assert result.output.startswith("# When does the train leave?")


def test_export_needs_to_know_what(data: Path) -> None:
    assert run("export").exit_code == 2
    assert run("export", "1", "--all").exit_code == 2
    assert run("export", "1", "2", "-o", str(data / "x.md")).exit_code == 2
    result = run("export", "99")
    assert result.exit_code == 1
    assert "doesn't exist" in result.stderr


def test_a_broken_file_is_told_and_the_status_says_so(data: Path) -> None:
    path = data / "broken.json"
    path.write_text('{"format": "assistant-conversations", "version": 1, "conversations": [{}]}')
    result = run("import", str(path))
    assert result.exit_code == 1
    assert "not imported: Conversation 1" in result.stderr


def test_delete_asks_first_and_leaves_nothing(data: Path) -> None:
    assert run("delete", "2", input="n\n").exit_code == 130
    assert "火车" in run("search", "火车").output
    assert run("delete", "2", input="y\n").exit_code == 0
    assert run("search", "火车").output == ""
    content = (data / "data" / "conversations.sqlite3").read_bytes()
    assert "火车几点开".encode() not in content


def test_delete_of_what_is_not_there_deletes_nothing_else() -> None:
    result = run("delete", "1", "99", "-y")
    assert result.exit_code == 1
    assert "train" in run("list").output
