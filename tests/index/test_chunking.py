"""Chunks are whole sentences with exact offsets."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from index.chunking import chunk, estimate_tokens
from index.loaders.document import Document, Heading

PARAGRAPH = "The notice period is three months. It must be given in writing by both parties. " * 4


def texts(document: Document, target: int = 256) -> list[str]:
    return [document.text[c.start : c.end] for c in chunk(document, target)]


def test_a_full_paragraph_is_a_chunk_of_its_own() -> None:
    document = Document("\n\n".join([PARAGRAPH.strip()] * 3))
    assert texts(document) == [PARAGRAPH.strip()] * 3


def test_short_paragraphs_join_their_neighbours() -> None:
    document = Document("One short line.\n\nAnother one.\n\nAnd a third.")
    assert texts(document) == [document.text]


def test_a_long_paragraph_is_split_evenly_between_sentences() -> None:
    found = texts(Document(PARAGRAPH * 10), 100)
    assert len(found) > 3
    assert all(text.endswith(".") for text in found)
    sizes = [estimate_tokens(text) for text in found]
    assert max(sizes) <= 130
    assert min(sizes) >= 50


def test_a_text_without_sentences_is_split_all_the_same() -> None:
    assert max(len(t) for t in texts(Document("字" * 10_000))) <= 1_000


def test_a_chunk_never_crosses_a_page() -> None:
    document = Document("first page end\n\nsecond page", pages=(0, 16))
    assert [(document.text[c.start : c.end], c.place.page) for c in chunk(document, 256)] == [
        ("first page end", 1),
        ("second page", 2),
    ]


def test_a_heading_stays_with_its_text_and_parts_it_from_what_was_before() -> None:
    text = "Care\n\nWash it.\n\nPrice\n\nNine euros."
    document = Document(text, headings=(Heading(0, 1, "Care"), Heading(16, 1, "Price")))
    chunks = chunk(document, 256)
    assert texts(document) == ["Care\n\nWash it.", "Price\n\nNine euros."]
    assert [c.place.heading for c in chunks] == ["Care", "Price"]


def test_a_chunk_knows_its_first_line() -> None:
    document = Document("a\n\nb\n\n" + PARAGRAPH, has_lines=True)
    assert [c.place.line for c in chunk(document, 40)][:2] == [1, 5]


@pytest.mark.parametrize("target", [16, 64, 256])
def test_chunks_cover_the_text_in_order_whatever_it_is(target: int) -> None:
    draw = random.Random(3)  # noqa: S311
    pieces = [
        "word ",
        "Stop. ",
        "\n",
        "\n\n",
        "。",
        "我们",
        "- item\n",
        "# Head\n",
        "\t",
        "😀",
        "x" * 90,
    ]
    for _ in range(300):
        text = "".join(draw.choices(pieces, k=draw.randint(0, 120)))
        pages = tuple(sorted({0, *(draw.randrange(len(text) + 1) for _ in range(2))}))
        document = Document(text, pages=draw.choice([(), pages]), has_lines=True)
        chunks = chunk(document, target)
        covered = "".join(text[c.start : c.end] for c in chunks)
        assert "".join(covered.split()) == "".join(text.split())
        for left, right in pairwise(chunks):
            assert left.end <= right.start
        for c in chunks:
            assert c.place == document.place(c.start)


def test_tokens_are_estimated_by_script() -> None:
    assert estimate_tokens("a" * 43) == 10
    assert estimate_tokens("字" * 10) == 8
