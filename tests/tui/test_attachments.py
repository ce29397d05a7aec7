"""What a paste or a typed line says about files."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import pytest

from assistant.core.messages import FileAttachment, ImageAttachment, TextAttachment
from assistant.tui.attachments import (
    FOLD_CHARACTERS,
    FOLD_LINES,
    attach,
    existing_file,
    folds,
    images_of_folder,
    is_image,
    label,
    merged,
    pasted_files,
    typed_files,
    why_not,
)
from assistant.tui.strings_en import ENGLISH


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "my photo 照片.jpg"
    path.write_bytes(b"\xff\xd8\xff\xe0 no real picture")
    return path


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    path = tmp_path / "notes.md"
    path.write_text("hello")
    return path


@pytest.mark.parametrize(
    "written",
    [
        "{path}",
        "'{path}'",
        '"{path}"',
        "{escaped}",
        "{uri}",
        "  {path}\n",
        "{path}\r\n",
    ],
)
def test_a_dropped_path_is_recognised_however_the_terminal_writes_it(
    photo: Path, written: str
) -> None:
    text = written.format(
        path=photo, escaped=str(photo).replace(" ", "\\ "), uri=photo.as_uri()
    ).replace("\r\n", "\n")
    assert pasted_files(text) == (photo,)


def test_several_dropped_files_are_recognised_on_one_line_or_on_many(
    photo: Path, notes: Path
) -> None:
    assert pasted_files(f"'{photo}' {shlex.quote(str(notes))}") == (photo, notes)
    assert pasted_files(f"{photo}\n{notes}\n") == (photo, notes)


def test_a_paste_with_anything_but_files_is_text(photo: Path) -> None:
    assert pasted_files(f"{photo} what is this?") == ()
    assert pasted_files("/no/such/file.png") == ()
    assert pasted_files("") == ()
    assert pasted_files("   \n") == ()


def test_a_folder_or_a_bare_name_is_text(
    notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert pasted_files(str(tmp_path)) == ()
    assert pasted_files("notes.md") == ()
    assert pasted_files("./notes.md") == (notes,)


def test_the_home_folder_can_be_a_tilde(
    notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert existing_file("~/notes.md") == notes
    assert existing_file("~nobody-of-this-name/notes.md") is None


@pytest.mark.parametrize("text", ["/\0", "x" * 100_000, "/" + "y" * 5_000, "file://[", "/a\nb"])
def test_hostile_text_names_no_file(text: str) -> None:
    assert pasted_files(text) == ()
    assert typed_files(text) == (text, ())


def test_paths_typed_into_a_message_are_taken_out_of_it(photo: Path, notes: Path) -> None:
    text, paths = typed_files(f'what is in "{photo}" and {notes}?')
    assert paths == (photo, notes)
    assert text == "what is in and ?"


def test_a_path_with_spaces_needs_no_quotes(photo: Path, notes: Path) -> None:
    assert typed_files(f"look at {photo} please") == ("look at please", (photo,))
    assert typed_files(f"{photo}, {notes}: compare") == (", : compare", (photo, notes))
    assert typed_files(f"这是什么 {photo}？") == ("这是什么 ？", (photo,))


def test_a_path_does_not_go_on_over_the_line(photo: Path) -> None:
    broken = str(photo).replace("my photo", "my\nphoto")
    assert typed_files(broken) == (broken, ())


def test_percent_encoded_addresses_of_files_are_paths(photo: Path) -> None:
    assert typed_files(f"what is {photo.as_uri()}?") == ("what is ?", (photo,))


def test_a_windows_path_with_spaces_is_tried_as_it_is_written(
    notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {r"C:\Users\me\my notes.md", r"\\server\share\a b.md"}
    monkeypatch.setattr(
        "assistant.tui.attachments.existing_file", lambda text: notes if text in known else None
    )
    for path in known:
        assert typed_files(f"read {path}, please") == ("read , please", (notes,))


@pytest.mark.parametrize("text", [r"\\server\share\a.png", r"C:\no\such\file.png", "/ /usr /a b c"])
def test_paths_that_are_not_there_stay_text(text: str) -> None:
    assert typed_files(text) == (text, ())


def test_many_words_that_look_like_paths_cost_no_more_than_their_number() -> None:
    text = "/x " * 5_000
    assert typed_files(text) == (text, ())


def test_a_message_without_paths_stays_as_it_is() -> None:
    text = 'it\'s "quoted" and/or  spaced\n\n'
    assert typed_files(text) == (text, ())


def test_images_are_known_by_suffix_or_by_their_first_bytes(tmp_path: Path, photo: Path) -> None:
    nameless = tmp_path / "download"
    nameless.write_bytes(b"RIFF\x00\x00\x00\x00WEBPVP8 ")
    assert attach(photo) == ImageAttachment(str(photo))
    assert attach(nameless) == ImageAttachment(str(nameless))


def test_other_files_are_files_even_when_they_are_gone(notes: Path) -> None:
    gone = notes.with_name("gone")
    assert attach(notes) == FileAttachment(str(notes))
    assert attach(gone) == FileAttachment(str(gone))


def test_only_long_pastes_fold() -> None:
    assert not folds("a" * FOLD_CHARACTERS)
    assert folds("a" * (FOLD_CHARACTERS + 1))
    assert not folds("\n" * (FOLD_LINES - 1))
    assert folds("\n" * FOLD_LINES)


def test_a_chip_names_the_file_without_escapes() -> None:
    assert label(FileAttachment("/x/\x1b[31mred\nnotes.md")) == "red notes.md"
    assert label(TextAttachment("pasted\ttext", "…")) == "pasted text"


def test_the_same_file_is_attached_once() -> None:
    one, two = FileAttachment("/1"), FileAttachment("/2")
    assert merged([one], [two, one]) == (one, two)


def test_a_pasted_folder_stands_for_the_images_in_it(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    for name in ("b10.png", "b9.heic", "a.txt", "below/c.png"):
        (tmp_path / name).touch()
    found = [path.name for path in pasted_files(f"'{tmp_path}'")]
    assert found == ["b9.heic", "b10.png"]


def test_a_folder_without_images_and_a_bare_name_are_text(tmp_path: Path) -> None:
    assert pasted_files(str(tmp_path)) == ()
    assert images_of_folder("Pictures") == ()
    assert images_of_folder("/no/such\0folder") == ()


def test_what_is_in_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert not is_image(pipe)
    assert existing_file(str(pipe)) is None
    assert "is no regular file" in why_not(str(pipe), ENGLISH)
