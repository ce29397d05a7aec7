"""A process killed while it indexes loses at most the file in work."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assistant.config import IndexSettings
from index.service import DocumentIndex
from tests.fakes import HashingEmbedder

FILES = 120
MOMENTS = (0.0, 0.004, 0.01, 0.03, 0.06, 0.1)
"""Seconds after the first event of the child at which it is killed."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    for number in range(FILES):
        text = "\n\n".join(
            f"Paragraph {n} of paper {number} tells of topic {n}." * 9 for n in range(3)
        )
        (folder / f"paper{number:03}.txt").write_text(text)
    return folder


def killed_index(root: Path, folder: Path, moment: float) -> None:
    command = [sys.executable, "-m", "tests.index.killed", str(root), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as child:
        assert child.stdout is not None
        assert child.stdout.readline()
        time.sleep(moment)
        child.kill()


def check_database(root: Path) -> None:
    connection = sqlite3.connect(root / "default" / "index.sqlite3")
    try:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")
        halves = connection.execute(
            "SELECT f.path FROM files f LEFT JOIN chunks c ON c.file = f.id "
            "GROUP BY f.id HAVING (f.state = 'indexed') != (count(c.id) = 3)"
        ).fetchall()
        assert halves == []
    finally:
        connection.close()


def test_an_index_killed_again_and_again_opens_answers_and_ends_whole(
    tmp_path: Path, folder: Path
) -> None:
    root = tmp_path / "index"
    index = DocumentIndex(root, IndexSettings(), HashingEmbedder)
    done = 0
    for moment in MOMENTS:
        killed_index(root, folder, moment)
        check_database(root)
        count = index.file_count(None)
        assert count >= done, "a committed file was lost"
        done = count
        found = index.retrieve("Which paper tells of topic 2?", None, 3)
        assert bool(found.candidates) == (done > 0)
    list(index.add([folder], None, lambda: False))
    check_database(root)
    status = index.status(None)
    assert (status.count("fresh"), status.pending) == (FILES, 0)
    assert index.retrieve("topic 1", None, 1).candidates[0].dense is not None
