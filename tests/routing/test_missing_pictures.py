"""Pictures that a message names where there are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.routing.missing_pictures import missing_pictures


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("what is in /tmp/none/cat.png?", ("/tmp/none/cat.png",)),
        ("describe ./none.jpg please", ("./none.jpg",)),
        ("翻译 ~/none/菜单.jpeg 上的字", ("~/none/菜单.jpeg",)),
        ('translate "/tmp/none/my menu.png" to french', ("/tmp/none/my menu.png",)),
        (r"what is C:\none\a.png", (r"C:\none\a.png",)),
        ("file:///tmp/none/a%20b.webp", ("file:///tmp/none/a%20b.webp",)),
        ("describe: /tmp/none/a.png", ("/tmp/none/a.png",)),
        (r"look at /tmp/none/a\ b.png", (r"/tmp/none/a\ b.png",)),
    ],
)
def test_a_path_without_a_file_is_found(text: str, missing: tuple[str, ...]) -> None:
    assert missing_pictures(text) == missing


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        "what is a .png file?",
        "translate https://example.org/a.png",
        "either/or cat.png",
        "what is in cat.png?",
        "/generate why does /tmp/none/a.png not open?",
        "/tmp/none/notes.txt",
        "\x00/a\x00.png" * 40,
    ],
)
def test_what_names_no_path_of_a_picture_is_left_alone(text: str) -> None:
    assert missing_pictures(text) == ()


def test_a_picture_that_is_there_is_not_missing(tmp_path: Path) -> None:
    there = tmp_path / "a b.png"
    there.write_bytes(b"")
    assert missing_pictures(f"what is '{there}'") == ()


def test_a_long_text_may_talk_about_pictures_elsewhere() -> None:
    text = "translate: the build failed because it did not find /tmp/none/a.png; " + "again " * 30
    assert missing_pictures(text) == ()


def test_hostile_text_costs_little() -> None:
    assert missing_pictures("/a" * 50_000) == ()
    assert missing_pictures(("~/" + " " * 1_000) * 50) == ()
