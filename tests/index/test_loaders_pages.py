"""The pages of a document one by one: stored text, or a drawing of a scan."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant.core.errors import DocumentError
from index.loaders.document import Limits
from index.loaders.safe_reader import SafeReader
from tests.index.documents import make_pdf
from tests.index.formats import make_scan


@pytest.fixture(scope="module")
def reader() -> Iterator[SafeReader]:
    reader = SafeReader(Limits())
    yield reader
    reader.close()


def test_stored_text_is_given_page_by_page(reader: SafeReader, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(make_pdf([["First page."], ["Second page."]]))
    pages = reader.pages(path)
    assert [pages.text(number) for number in (1, 2)] == ["First page.", "Second page."]
    assert len(pages) == 2


def test_a_scan_has_no_text_and_is_drawn(reader: SafeReader, tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(make_scan())
    pages = reader.pages(path)
    assert (len(pages), pages.text(1)) == (1, "")
    drawn = pages.draw(1)
    assert drawn.dtype == np.uint8
    assert drawn.shape[2] == 3


def test_a_document_without_pages_is_one(reader: SafeReader, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Hello.")
    pages = reader.pages(path)
    assert (len(pages), pages.text(1)) == (1, "Hello.")


def test_what_cannot_be_read_is_named(reader: SafeReader, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7 nothing more")
    with pytest.raises(DocumentError, match=r"a\.pdf: The PDF is truncated"):
        reader.pages(path)
