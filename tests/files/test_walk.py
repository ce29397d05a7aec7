"""Listing the files below a folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assistant.files import walk as walking
from assistant.files.walk import walk


def make(top: Path, *names: str) -> None:
    for name in names:
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_near_files_come_before_far_ones_and_folders_end_in_a_slash(tmp_path: Path) -> None:
    make(tmp_path, "b.md", "a/deep/c.md", "a/d.md")
    assert list(walk(str(tmp_path))) == ["a/", "b.md", "a/d.md", "a/deep/", "a/deep/c.md"]


def test_what_a_person_wants_left_alone_is_left_out(tmp_path: Path) -> None:
    make(tmp_path, ".git/config", "x.log", "keep.log", "build/x.o", "src/x.log", "src/x.py")
    make(tmp_path, "node_modules/x/index.js", "env/pyvenv.cfg", "env/lib.py", ".secret")
    (tmp_path / ".gitignore").write_text("*.log\n!keep.log\n/build/\n")
    (tmp_path / "src" / ".assistantignore").write_text("*.py\n")
    assert list(walk(str(tmp_path))) == ["env/", "keep.log", "src/"]


def test_links_to_folders_are_not_followed_round_in_circles(tmp_path: Path) -> None:
    make(tmp_path, "a/x.md")
    (tmp_path / "a" / "back").symlink_to(tmp_path)
    (tmp_path / "link.md").symlink_to(tmp_path / "a" / "x.md")
    assert list(walk(str(tmp_path))) == ["a/", "link.md", "a/x.md"]


def test_odd_names_and_kinds_are_survived(tmp_path: Path) -> None:
    make(tmp_path, "line\nbreak.md", "照片 😀.png", "ok.md")
    os.mkfifo(tmp_path / "pipe")
    assert list(walk(str(tmp_path))) == ["ok.md", "照片 😀.png"]
    assert list(walk(str(tmp_path / "no such folder"))) == []


def test_a_walk_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking, "MOST_FILES", 3)
    make(tmp_path, *(f"{number}.md" for number in range(9)))
    assert len(list(walk(str(tmp_path)))) == 3
