"""A disk that fills up while files are added: told plainly, and nothing is lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from assistant.core.events import Notice
from index.service import DocumentIndex
from tests.index.conftest import Add, never

CHILD = """
import resource, sys
from pathlib import Path
from assistant.config import IndexSettings
from assistant.core.errors import StoreError
from index.service import DocumentIndex
from tests.fakes import HashingEmbedder

limit = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
index = DocumentIndex(Path(sys.argv[2]), IndexSettings(), HashingEmbedder)
try:
    list(index.add([Path(sys.argv[3])], None, lambda: False))
except StoreError as error:
    print(error.message, "|", error.hint)
    sys.exit(3)
"""
"""Writes to files larger than the limit fail, as writes to a full disk do."""


def add_with_room_for(size: int, root: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", CHILD, str(size), str(root), str(folder)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="there are no limits of that kind")
def test_a_disk_that_fills_up_is_told_and_what_was_committed_stays(
    index: DocumentIndex, add: Add, folder: Path, tmp_path: Path
) -> None:
    root = tmp_path / "index"
    for number in range(60):
        words = " ".join(f"word{number}x{n}" for n in range(400))
        (folder / f"large{number:02}.txt").write_text(words)
    held = 0
    for size in (40_000, 150_000, 300_000):
        child = add_with_room_for(size, root, folder)
        assert child.returncode == 3, child.stderr
        assert "can't be written" in child.stdout
        assert "Make space on the disk." in child.stdout
        if index.is_unknown(None) or not index.collections():
            continue
        assert [e.text for e in index.verify(None, never) if isinstance(e, Notice)] == []
        assert index.file_count(None) >= held
        held = index.file_count(None)
    assert held > 0
    add(folder)
    assert index.status(None).count("fresh") == 63
    assert [e.text for e in index.verify(None, never) if isinstance(e, Notice)] == []
