"""`assistant index` on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from assistant.cli.context import Context
from assistant.cli.index import group, opening
from assistant.cli.index.progress import time_left
from assistant.config import Places, Settings
from assistant.core.errors import UsageError
from assistant.core.events import Event, Progress
from index.service import DocumentIndex

Run = Callable[..., Result]


@pytest.fixture
def run(index: DocumentIndex, places: Places, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(opening, "open_index", lambda _, embeds=False: index)

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
    assert run("list").stdout.splitlines() == [
        "default (default): 3 files, 3 chunks",
        f"  {folder}",
        "kitchen: 1 files, 1 chunks",
        f"  {folder / 'recipe.txt'}",
    ]
    default, _ = json.loads(run("list", "--json").stdout)
    assert (default["files"], default["roots"]) == (3, [str(folder)])


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


def test_a_name_with_line_breaks_is_one_line_of_the_status(run: Run, folder: Path) -> None:
    (folder / "a\nfresh   b.txt").write_text("Whatever it says in here.")
    run("add", folder)
    lines = run("status").stdout.splitlines()
    assert len(lines) == 5
    assert f"fresh   {folder / 'a fresh   b.txt'} (1 chunks)" in lines


def test_a_file_that_could_not_be_read_says_why_and_what_to_do(run: Run, folder: Path) -> None:
    (folder / "wrong.txt").write_bytes(b"\x89ab\x00\x01\xff\xfe" * 20)
    run("add", folder)
    (line,) = run("status", "--failed").stdout.splitlines()[:-1]
    assert line.endswith("— The file is binary, no text. Only readable formats are indexed.")
    (failed,) = json.loads(run("status", "--failed", "--json").stdout)["files"]
    assert (failed["reason"], failed["hint"]) == (
        "The file is binary, no text.",
        "Only readable formats are indexed.",
    )


def test_status_can_be_narrowed(run: Run, folder: Path) -> None:
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    run("add", folder)
    (folder / "recipe.txt").write_text("Boil the rice.")
    assert [line.split()[0] for line in run("status", "--failed").stdout.splitlines()] == [
        "failed",
        "default:",
    ]
    lines = run("status", "--failed", "--stale").stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["failed", "stale", "default:"]
    (stale,) = json.loads(run("status", "--stale", "--json").stdout)["files"]
    assert Path(stale["path"]).name == "recipe.txt"


def test_sync_says_what_changed(run: Run, folder: Path) -> None:
    run("add", folder)
    (folder / "recipe.txt").write_text("Boil the rice.")
    assert "Files: 1 read, 2 unchanged." in run("sync").stderr
    none = run("sync", "-c", "work").exception
    assert isinstance(none, UsageError)
    assert "index add FOLDER" in none.hint


@pytest.mark.parametrize("name", ["forget", "remove"])
def test_forget_says_how_many(run: Run, folder: Path, name: str) -> None:
    run("add", folder)
    said = run(name, folder).stdout
    assert said.startswith("Files forgotten: 3. No byte of their text is left in the index;")
    again = run(name, folder)
    assert again.exit_code == 1
    assert "None of that was indexed" in again.stderr


def test_verify_ends_with_a_status_that_scripts_can_use(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    run("add", folder)
    assert run("verify").stdout == "All is well.\n"
    (file,) = (tmp_path / "index").rglob("vectors-*")
    file.write_bytes(b"damaged")
    broken = run("verify")
    assert broken.exit_code == 1
    assert 'assistant index rebuild -c "default"' in broken.stderr
    assert "Rebuilt." in run("rebuild").stderr
    assert run("verify").exit_code == 0


def test_a_collection_goes_out_and_comes_in(run: Run, folder: Path, tmp_path: Path) -> None:
    run("add", folder)
    file = tmp_path / "papers.zip"
    assert f"Exported to {file}" in run("export", "default", file).stderr
    taken = run("import", file).exception
    assert isinstance(taken, UsageError)
    assert "“copy” holds 3 files" in run("import", file, "--as", "copy").stderr
    assert "“copy” holds 3 files" in run("import", file, "--as", "copy", "--replace").stderr


def test_ctrl_c_stops_with_the_usual_status(
    run: Run, index: DocumentIndex, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> Iterator[Event]:
        yield Progress("Reading", 1, 3, "files")
        raise KeyboardInterrupt

    monkeypatch.setattr(index, "sync", interrupted)
    stopped = run("sync")
    assert stopped.exit_code == 130
    assert "index sync" in stopped.stderr


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""),
        (0.4, ""),
        (42.4, "about 42 s left"),
        (200.0, "about 3 min left"),
        (9000.0, "about 2.5 h left"),
    ],
)
def test_the_time_left_is_told_in_words(seconds: float | None, words: str) -> None:
    assert time_left(seconds) == words


def test_a_path_that_is_not_there_is_an_error(run: Run, folder: Path) -> None:
    result = run("add", folder / "none")
    assert isinstance(result.exception, UsageError)
    assert "no file or folder" in result.exception.message
