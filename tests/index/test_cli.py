"""`assistant index` on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from assistant.cli.context import Context
from assistant.cli.index import group, opening
from assistant.config import Places, Settings
from assistant.core.errors import UsageError
from index.service import DocumentIndex

Run = Callable[..., Result]


@pytest.fixture
def run(index: DocumentIndex, places: Places, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(opening, "open_index", lambda _: index)

    def running(*arguments: str | Path) -> Result:
        return CliRunner().invoke(
            group.command,
            [str(a) for a in arguments],
            obj=Context(Settings(), places),
            catch_exceptions=True,
        )

    return running


def test_add_says_what_it_did(run: Run, folder: Path) -> None:
    result = run("add", folder)
    assert result.exit_code == 0
    assert "Reading: 3 files (" in result.stderr
    assert "Making vectors: 3 chunks (" in result.stderr
    assert "Files: 3 read." in result.stderr
    assert result.stdout == ""


def test_list_shows_collections(run: Run, folder: Path) -> None:
    assert "No documents yet" in run("list").stdout
    run("add", folder)
    run("add", folder / "recipe.txt", "--collection", "kitchen")
    assert run("list").stdout == "default (default): 3 files\nkitchen: 1 files\n"


def test_status_is_a_line_a_file(run: Run, folder: Path) -> None:
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    run("add", folder)
    lines = run("status").stdout.splitlines()
    assert lines[0].startswith(f"failed  {folder / 'broken.pdf'}")
    assert "damaged" in lines[0]
    assert lines[-1] == "default: 3 fresh, 1 failed; 3 chunks."


def test_status_is_machine_readable(run: Run, folder: Path) -> None:
    run("add", folder)
    receipt = json.loads(run("status", "--json").stdout)
    assert receipt["chunks"] == 3
    assert {f["state"] for f in receipt["files"]} == {"fresh"}


def test_remove_says_how_many(run: Run, folder: Path) -> None:
    run("add", folder)
    assert run("remove", folder).stdout == "3 files removed from the index.\n"
    again = run("remove", folder)
    assert again.exit_code == 1
    assert "None of that was indexed" in again.stderr


def test_a_path_that_is_not_there_is_an_error(run: Run, folder: Path) -> None:
    result = run("add", folder / "none")
    assert isinstance(result.exception, UsageError)
    assert "no file or folder" in result.exception.message
