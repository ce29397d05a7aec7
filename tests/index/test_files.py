"""Walking folders: what is taken, what is left alone, and what can't trip it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from index.files import Found
from index.walking import find

SUFFIXES = frozenset({".txt", ".md"})

Tree = Callable[..., Path]


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """Makes files below a folder; those named in capitals get the content given."""

    def making(*names: str, **contents: str) -> Path:
        top = tmp_path / "top"
        for name in names:
            path = top / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("x")
        for name, content in contents.items():
            (top / f".{name}").write_text(content)
        return top

    return making


def taken(top: Path, found: Found | None = None) -> list[str]:
    files = (found or find([top], SUFFIXES)).files
    return sorted(Path(path).relative_to(top).as_posix() for path in files)


def test_hidden_and_unreadable_kinds_are_passed_over(tree: Tree) -> None:
    top = tree("a.txt", "B.TXT", ".hidden.txt", ".git/a.txt", "a.exe", "sub/c.md")
    found = find([top], SUFFIXES)
    assert taken(top, found) == ["B.TXT", "a.txt", "sub/c.md"]
    assert found.skipped == 1


@pytest.mark.parametrize(
    ("rules", "left"),
    [
        ("# comment\n\n", "a.txt b.txt sub/a.txt sub/deep/a.txt sub/deep/b.txt"),
        ("a.txt", "b.txt sub/deep/b.txt"),
        ("/a.txt", "b.txt sub/a.txt sub/deep/a.txt sub/deep/b.txt"),
        ("sub/a.txt", "a.txt b.txt sub/deep/a.txt sub/deep/b.txt"),
        ("deep/", "a.txt b.txt sub/a.txt"),
        ("a.txt/", "a.txt b.txt sub/a.txt sub/deep/a.txt sub/deep/b.txt"),
        ("*.txt\n!b.txt", "b.txt sub/deep/b.txt"),
        ("sub/\n!sub/deep/b.txt", "a.txt b.txt"),
        ("sub/**/b.txt", "a.txt b.txt sub/a.txt sub/deep/a.txt"),
        ("**/deep/**", "a.txt b.txt sub/a.txt"),
        ("sub/**", "a.txt b.txt"),
        ("sub/*\n!sub/deep", "a.txt b.txt sub/deep/a.txt sub/deep/b.txt"),
        ("[!b].txt", "b.txt sub/deep/b.txt"),
        ("[^a-b].txt  ", "a.txt b.txt sub/a.txt sub/deep/a.txt sub/deep/b.txt"),
        ("?.txt", ""),
        ("s*b/d?ep", "a.txt b.txt sub/a.txt"),
        ("\\!x\n\\#y\n\\a.txt", "b.txt sub/deep/b.txt"),
        ("[z-a].txt\n[", "a.txt b.txt sub/a.txt sub/deep/a.txt sub/deep/b.txt"),
    ],
)
@pytest.mark.parametrize("name", ["gitignore", "assistantignore"])
def test_ignore_files_are_read_as_git_reads_them(
    tree: Tree, name: str, rules: str, left: str
) -> None:
    top = tree("a.txt", "b.txt", "sub/a.txt", "sub/deep/a.txt", "sub/deep/b.txt", **{name: rules})
    assert taken(top) == left.split()


def test_rules_of_inner_folders_go_before_those_of_outer_ones(tree: Tree) -> None:
    top = tree("a.txt", "sub/a.txt", "sub/b.txt", gitignore="*.txt")
    (top / "sub" / ".gitignore").write_text("!a.txt")
    found = find([top], SUFFIXES)
    assert taken(top, found) == ["sub/a.txt"]
    assert found.ignored == 2


def test_the_own_ignore_file_overrules_git(tree: Tree) -> None:
    top = tree(
        "notes.txt", "draft.txt", gitignore="notes.txt", assistantignore="!notes.txt\ndraft*"
    )
    assert taken(top) == ["notes.txt"]


def test_the_repository_around_a_folder_is_heeded(tree: Tree) -> None:
    top = tree("docs/a.txt", "docs/b.txt", ".git/info/x", gitignore="docs/b.txt\nbuild/")
    assert taken(top / "docs") == ["a.txt"]


def test_a_folder_asked_for_by_name_is_read_though_it_is_ignored(tree: Tree) -> None:
    top = tree("build/a.txt", ".git/x", gitignore="build/\n*.txt")
    assert taken(top / "build") == ["a.txt"]


def test_a_file_asked_for_by_name_is_read_though_it_is_ignored(tree: Tree) -> None:
    top = tree("a.txt", gitignore="*")
    assert taken(top, find([top / "a.txt"], SUFFIXES)) == ["a.txt"]


def test_another_repository_inside_has_its_own_rules(tree: Tree) -> None:
    top = tree("inner/a.txt", "inner/b.txt", "inner/.git/info/x", gitignore="a.txt")
    (top / "inner" / ".git" / "info" / "exclude").write_text("b.txt\n")
    assert taken(top) == ["inner/a.txt"]


def test_libraries_and_caches_are_left_alone_unless_asked_for(tree: Tree) -> None:
    top = tree("node_modules/a.txt", "venv/pyvenv.cfg", "venv/a.txt", "c/CACHEDIR.TAG", "c/a.txt")
    assert taken(top) == []
    assert taken(top / "venv") == ["a.txt"]
    (top / ".assistantignore").write_text("!node_modules")
    assert taken(top) == ["node_modules/a.txt"]


def test_a_pattern_of_many_stars_costs_little(tree: Tree) -> None:
    top = tree("a" * 200 + ".txt", gitignore="*a" * 100 + "b\n" + "**/" * 100 + "x/y")
    assert len(taken(top)) == 1


def test_links_in_a_circle_are_followed_once(tree: Tree) -> None:
    top = tree("a.txt", "sub/b.txt")
    (top / "sub" / "up").symlink_to(top, target_is_directory=True)
    (top / "broken.txt").symlink_to(top / "nowhere")
    assert taken(top) == ["a.txt", "sub/b.txt"]


@pytest.mark.skipif(sys.platform == "darwin", reason="its file systems refuse such names")
def test_names_that_are_no_text_survive(tree: Tree) -> None:
    top = tree("a.txt")
    strange = os.fsencode(top) + b"/caf\xe9.txt"
    Path(os.fsdecode(strange)).write_text("x")
    assert strange in {os.fsencode(path) for path in find([top], SUFFIXES).files}
    (top / ".gitignore").write_bytes(b"caf\xe9.txt\n")
    assert taken(top) == ["a.txt"]


@pytest.mark.skipif(os.name == "nt", reason="there are no named pipes")
def test_what_is_no_file_is_passed_over(tree: Tree) -> None:
    top = tree("a.txt")
    os.mkfifo(top / "pipe.txt")
    assert taken(top) == ["a.txt"]
