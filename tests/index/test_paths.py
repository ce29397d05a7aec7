"""The names of what is indexed, for questions that name a file."""

from __future__ import annotations

from pathlib import Path

from assistant.config import IndexSettings
from index.service import DocumentIndex
from tests.fakes import HashingEmbedder


def test_searchable_files_are_named_and_unreadable_ones_are_not(tmp_path: Path) -> None:
    index = DocumentIndex(tmp_path / "index", IndexSettings(), HashingEmbedder)
    papers = tmp_path / "papers"
    papers.mkdir()
    (papers / "b.txt").write_text("Bees dance.")
    (papers / "a.md").write_text("Ants march.")
    (papers / "broken.pdf").write_bytes(b"%PDF-1.7 broken")
    assert index.paths(None) == ()
    list(index.add([papers], None, lambda: False))
    assert index.paths(None) == (str(papers / "a.md"), str(papers / "b.txt"))
    assert index.paths("other") == ()
