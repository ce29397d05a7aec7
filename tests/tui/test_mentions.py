"""Files named after an `@`: recognising the mention, searching, walking."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from assistant.tui.fuzzy import BLOCK, PathSearch
from assistant.tui.mentions import FRESH_SECONDS, FileFinder, Mention, listed, mention_before


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("@", Mention(0, "")),
        ("compare @rep", Mention(8, "rep")),
        ("看看@报告", Mention(2, "报告")),
        ("(@a/b.md", Mention(1, "a/b.md")),
        ("write to me@example.org", None),
        ("@done ", None),
        ("a @@", None),
        ("@a/@types/x", Mention(0, "a/@types/x")),
        ("", None),
    ],
)
def test_a_mention_is_an_at_sign_that_begins_a_word(line: str, expected: Mention | None) -> None:
    assert mention_before(line) == expected


PATHS = [
    "docs/",
    "docs/report.md",
    "archive/2019/report-old.md",
    "src/my_report.py",
    "src/deporter.py",
    "report/x.txt",
    "照片/猫.jpg",
    "a/Ünïcode.md",
    "lower/README.md",
]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("report", ["docs/report.md", "archive/2019/report-old.md", "src/my_report.py"]),
        ("README", ["lower/README.md"]),
        ("rdm", ["lower/README.md"]),
        ("src/my", ["src/my_report.py"]),
        ("猫", ["照片/猫.jpg"]),
        ("u\u0308nïcode", ["a/Ünïcode.md"]),
        ("dep", ["src/deporter.py"]),
        ("d rep.md", ["docs/report.md"]),
        ("zzz", []),
        ("[^*(", []),
        ("-]\\^", []),
    ],
)
def test_the_likeliest_paths_come_first(query: str, first: list[str]) -> None:
    assert PathSearch(PATHS).best(query, 10)[: max(1, len(first))] == first


def test_nothing_typed_offers_what_is_near() -> None:
    assert PathSearch(PATHS).best("", 2) == PATHS[:2]


def test_every_block_of_paths_is_searched() -> None:
    paths = [f"folder/file{number}.md" for number in range(2 * BLOCK + 5)]
    search = PathSearch(paths)
    assert search.best("file0.", 5)[0] == paths[0]
    assert search.best(f"file{2 * BLOCK + 4}.", 5)[0] == paths[-1]


async def test_a_folder_is_walked_once_and_again_when_that_is_long_ago(tmp_path: Path) -> None:
    now = 100.0
    (tmp_path / "one.md").touch()
    finder = FileFinder(tmp_path, lambda: now)
    assert await asyncio.gather(*(finder.find("md") for _ in range(3))) == [["one.md"]] * 3
    (tmp_path / "two.md").touch()
    assert await finder.find("two") == []
    now += FRESH_SECONDS
    assert await finder.find("two") == ["two.md"]
    assert finder.path_of("two.md") == tmp_path / "two.md"


async def test_a_walk_nobody_waits_for_serves_the_next_who_asks(tmp_path: Path) -> None:
    (tmp_path / "one.md").touch()
    finder = FileFinder(tmp_path)
    hasty = asyncio.create_task(finder.find("o"))
    await asyncio.sleep(0)
    hasty.cancel()
    assert await finder.find("one") == ["one.md"]


def test_a_path_written_out_is_completed_from_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "oaks.pdf").touch()
    (tmp_path / ".profile").touch()
    assert listed("~", tmp_path) == ["~/"]
    assert listed("~/", tmp_path) == ["~/papers/"]
    assert listed("~/.p", tmp_path) == ["~/.profile"]
    assert listed("./papers/oak", tmp_path) == ["./papers/oaks.pdf"]
    assert listed(f"{tmp_path}/papers/", tmp_path) == [f"{tmp_path}/papers/oaks.pdf"]
    assert listed("/no/such/folder/x", tmp_path) == []
    assert listed("~nobody-of-this-name/x", tmp_path) == []
