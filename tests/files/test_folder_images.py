"""The images in a folder."""

from __future__ import annotations

from pathlib import Path

from assistant.files.folder_images import images_in


def touched(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def test_they_are_counted_as_a_person_counts(tmp_path: Path) -> None:
    touched(tmp_path, "img10.JPG", "img9.heic", "IMG2.png", "b/a.webp", "a.txt")
    names = [path.relative_to(tmp_path).as_posix() for path in images_in(tmp_path)]
    assert names == ["b/a.webp", "IMG2.png", "img9.heic", "img10.JPG"]


def test_folders_below_are_left_out_on_demand(tmp_path: Path) -> None:
    touched(tmp_path, "a.png", "b/c.png")
    assert [path.name for path in images_in(tmp_path, deep=False)] == ["a.png"]


def test_hidden_ones_are_left_out_and_links_to_folders_not_followed(tmp_path: Path) -> None:
    touched(tmp_path, "a.png", ".hidden.png", ".thumbs/b.png")
    (tmp_path / "again").symlink_to(tmp_path)
    assert [path.name for path in images_in(tmp_path)] == ["a.png"]


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert images_in(tmp_path / "gone") == []


def test_very_long_numbers_are_no_trouble(tmp_path: Path) -> None:
    touched(tmp_path, "9" * 60 + ".png", "1" + "²" + ".png")
    assert len(images_in(tmp_path)) == 2
