"""`assistant describe … --csv`: rows as they come, on again after a stop, private places."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from assistant.cli import describe
from assistant.cli.context import Context
from assistant.config import Settings, find_places
from assistant.core.documents import Label
from assistant.core.protocols import Pixels
from assistant.files.images import PillowOpener
from skills.survey import Survey
from tests.files.heic import HEIC
from tests.skills.describing import FakeLabeler, FakeReader, lines, missing_model, namer


class CountingLabeler(FakeLabeler):
    """Notes how many images it was shown at once; stops the run at the one after `stop`."""

    def __init__(self, stop: int = 1000) -> None:
        super().__init__()
        self.batches: list[int] = []
        self._stop = stop

    def label(self, images: Sequence[Pixels], top: int) -> list[tuple[Label, ...]]:
        if sum(self.batches) >= self._stop:
            raise KeyboardInterrupt
        self.batches.append(len(images))
        return super().label(images, top)


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return Context(Settings(), find_places({"HOME": str(tmp_path / "home")}))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Ten images, one of them in a folder below and one broken."""
    folder = tmp_path / "pictures"
    (folder / "below").mkdir(parents=True)
    for number in range(1, 9):
        Image.new("RGB", (20, 10), "red").save(folder / f"img{number}.png")
    (folder / "img10.png").write_text("no image")
    (folder / "below" / "phone.heic").write_bytes(HEIC)
    (folder / "notes.txt").write_text("no image either")
    return folder


def run(
    monkeypatch: pytest.MonkeyPatch,
    context: Context,
    *arguments: object,
    labeler: FakeLabeler | None = None,
    text: tuple[str, ...] = (),
) -> tuple[int, str]:
    """Exit status, and what was said on standard error."""
    naming = namer(lambda: labeler or FakeLabeler(), None)
    survey = Survey(lambda: PillowOpener(10**8), naming, lambda: FakeReader(lines(*text)))
    monkeypatch.setattr(describe, "_survey", lambda _: survey)
    result = CliRunner().invoke(describe.command, [str(a) for a in arguments], obj=context)
    return result.exit_code, result.stderr


def rows(table: Path) -> list[dict[str, str]]:
    with table.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_folder_becomes_a_table_with_broken_images_in_it(
    monkeypatch: pytest.MonkeyPatch, context: Context, folder: Path, tmp_path: Path
) -> None:
    table = tmp_path / "out.csv"
    status, told = run(monkeypatch, context, folder, "--csv", table, text=("Hi", "there"))
    assert status == 1
    found = rows(table)
    names = [Path(row["path"]).name for row in found]
    assert names == ["phone.heic", *(f"img{n}.png" for n in range(1, 9)), "img10.png"]
    assert found[1] == {
        "path": str(folder / "img1.png"), "label": "tabby", "score": "0.6200",
        "labels": "tabby 0.6200; Egyptian cat 0.2100; tiger cat 0.0200", "text": "Hi / there",
        "colours": "red", "width": "20", "height": "10", "taken": "", "error": "",
    }  # fmt: skip
    assert found[0]["taken"] == "2023-02-14 09:30:05"
    assert "is not an image" in found[-1]["error"]
    assert "9 of 10 images described" in told
    assert "img10.png is not an image" in told


def test_images_are_named_some_at_once(
    monkeypatch: pytest.MonkeyPatch, context: Context, folder: Path, tmp_path: Path
) -> None:
    labeler = CountingLabeler()
    run(monkeypatch, context, folder, "--csv", tmp_path / "out.csv", labeler=labeler)
    assert labeler.batches == [8, 1]


def test_a_run_that_was_stopped_goes_on_where_it_was(
    monkeypatch: pytest.MonkeyPatch, context: Context, folder: Path, tmp_path: Path
) -> None:
    table = tmp_path / "out.csv"
    run(monkeypatch, context, folder, "--csv", table, labeler=CountingLabeler(stop=8))
    assert len(rows(table)) == 8
    with table.open("a", encoding="utf-8") as file:
        file.write(f"{folder}/img8.png,tab")  # as a crash in the middle of a row leaves it
    labeler = CountingLabeler()
    _, told = run(monkeypatch, context, folder, "--csv", table, labeler=labeler)
    assert "8 of 10 images are in" in told
    assert labeler.batches == [1]
    assert len({row["path"] for row in rows(table)}) == len(rows(table)) == 10


def test_force_begins_anew(
    monkeypatch: pytest.MonkeyPatch, context: Context, folder: Path, tmp_path: Path
) -> None:
    table = tmp_path / "out.csv"
    for _ in range(2):
        run(monkeypatch, context, folder, "--csv", table, "--force")
    assert len(rows(table)) == 10


def test_another_file_is_not_written_to(
    monkeypatch: pytest.MonkeyPatch, context: Context, folder: Path, tmp_path: Path
) -> None:
    table = tmp_path / "out.csv"
    table.write_text("name,age\nAda,36\n")
    result = CliRunner().invoke(
        describe.command, [str(folder), "--csv", str(table)], obj=context, catch_exceptions=True
    )
    assert "is no table of images" in str(result.exception)
    assert table.read_text() == "name,age\nAda,36\n"


def test_where_photos_were_taken_is_told_only_when_asked(
    monkeypatch: pytest.MonkeyPatch, context: Context, folder: Path, tmp_path: Path
) -> None:
    plain, placed = tmp_path / "plain.csv", tmp_path / "placed.csv"
    run(monkeypatch, context, folder / "below", "--csv", plain)
    run(monkeypatch, context, folder / "below", "--csv", placed, "--place")
    assert "38.7" not in plain.read_text(encoding="utf-8").replace(str(folder), "")
    assert (rows(placed)[0]["latitude"], rows(placed)[0]["longitude"]) == ("38.710000", "-9.140000")


def test_text_is_left_out_on_demand(
    monkeypatch: pytest.MonkeyPatch, context: Context, folder: Path, tmp_path: Path
) -> None:
    table = tmp_path / "out.csv"
    run(monkeypatch, context, folder / "img1.png", "--csv", table, "--no-text", text=("Hi",))
    assert rows(table)[0]["text"] == ""


def test_a_name_that_a_spreadsheet_would_run_is_tamed_and_known_again(
    monkeypatch: pytest.MonkeyPatch, context: Context, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    Image.new("RGB", (4, 4)).save("=cmd.png")
    for _ in range(2):
        run(monkeypatch, context, "=cmd.png", "--csv", "out.csv")
    assert [row["path"] for row in rows(tmp_path / "out.csv")] == ["'=cmd.png"]


def test_a_name_that_is_no_unicode_is_kept(
    monkeypatch: pytest.MonkeyPatch, context: Context, tmp_path: Path
) -> None:
    name = tmp_path / "caf\udce9.png"
    Image.new("RGB", (4, 4)).save(name)
    for _ in range(2):
        run(monkeypatch, context, tmp_path, "--csv", tmp_path / "out.csv")
    assert b"caf\xe9.png," in (tmp_path / "out.csv").read_bytes()
    assert (tmp_path / "out.csv").read_bytes().count(b"\n") == 2


def test_a_missing_model_is_said_once_and_the_rest_is_written(
    monkeypatch: pytest.MonkeyPatch, context: Context, folder: Path, tmp_path: Path
) -> None:
    naming = namer(missing_model, None)
    survey = Survey(lambda: PillowOpener(10**8), naming, FakeReader)
    monkeypatch.setattr(describe, "_survey", lambda _: survey)
    table = tmp_path / "out.csv"
    result = CliRunner().invoke(describe.command, [str(folder), "--csv", str(table)], obj=context)
    assert result.stderr.count("can't be named") == 1
    assert [row["width"] for row in rows(table)][:2] == ["64", "20"]


def test_paths_may_begin_with_a_tilde(
    monkeypatch: pytest.MonkeyPatch, context: Context, folder: Path
) -> None:
    monkeypatch.setenv("HOME", str(folder))
    assert run(monkeypatch, context, "~/img1.png", "--csv", "~/out.csv")[0] == 0
    assert [row["path"] for row in rows(folder / "out.csv")] == [str(folder / "img1.png")]


def test_a_folder_without_images_is_said(context: Context, tmp_path: Path) -> None:
    result = CliRunner().invoke(describe.command, [str(tmp_path)], obj=context)
    assert "There are no images there" in str(result.exception)


@pytest.mark.parametrize("option", [["--json"], ["--why"], ["--ask", "what?"]])
def test_a_table_goes_with_no_other_kind_of_answer(
    context: Context, folder: Path, tmp_path: Path, option: list[str]
) -> None:
    arguments = [str(folder), "--csv", str(tmp_path / "out.csv"), *option]
    result = CliRunner().invoke(describe.command, arguments, obj=context)
    assert "--csv goes with" in str(result.exception)
