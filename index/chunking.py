"""Cuts a document into chunks that stand for themselves: whole sentences under one heading."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from assistant.core.documents import Place
from assistant.language.sentences import split_blocks, split_sentences
from index.loaders.document import Document

Span = tuple[int, int]

_SMALL = 48
"""Tokens below which a paragraph joins its neighbours; larger ones stand alone. Merging more
blurs the vectors: see docs/architecture.md."""
_SLACK = 1.3
"""Times the target a paragraph may have before it is split."""
_WIDE = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Chunk:
    """`document.text[start:end]`, and where it begins."""

    start: int
    end: int
    place: Place


@dataclass(frozen=True, slots=True)
class _Block:
    start: int
    end: int
    tokens: int
    heading: str
    opens: bool
    """Whether it is a heading."""
    page: int | None


def estimate_tokens(text: str) -> int:
    """Tokens of multilingual-e5 within some 15 %: 4.3 characters each, 1.25 where they are
    Chinese, Japanese, Korean or Thai. Counting exactly would cost a loaded model."""
    wide = len(_WIDE.findall(text))
    return math.ceil((len(text) - wide) / 4.3 + wide / 1.25)


def chunk(document: Document, target: int) -> list[Chunk]:
    """Chunks in order, of about `target` tokens at most and without overlap.

    A chunk never crosses a page or a heading of the top two levels; what lies between chunks
    is white space.
    """
    chunks: list[Chunk] = []
    line, counted = 1, 0
    for start, end in _packed(list(_blocks(document, target)), target):
        line += document.text.count("\n", counted, start)
        counted = start
        place = Place(
            page=document.page(start),
            line=line if document.has_lines else document.line(start),
            heading=document.heading_path(start),
        )
        chunks.append(Chunk(start, end, place))
    return chunks


def _blocks(document: Document, target: int) -> Iterator[_Block]:
    titles = {h.start for h in document.headings}
    for start, end in _pieces(document):
        body = document.text[start:end]
        tokens = estimate_tokens(body)
        opens = any(t in titles for t in (start, start - 1))
        page = document.page(start)
        heading = document.heading_path(start)
        if tokens <= target * _SLACK:
            yield _Block(start, end, tokens, heading, opens, page)
            continue
        for left, right in _split(body, tokens, target):
            yield _Block(start + left, start + right, max(tokens, _SMALL), heading, False, page)


def _pieces(document: Document) -> Iterator[Span]:
    """Paragraphs, none of them across a page."""
    edges = [*document.pages, len(document.text)] if document.pages else [0, len(document.text)]
    for left, right in pairwise(edges):
        for start, end in split_blocks(document.text[left:right]):
            yield left + start, left + end


def _split(body: str, tokens: int, target: int) -> Iterator[Span]:
    """Runs of sentences of even size, as few as keep to the target."""
    share = tokens / math.ceil(tokens / target)
    start, size = -1, 0
    end = 0
    for left, right in split_sentences(body):
        cost = estimate_tokens(body[left:right])
        if start >= 0 and size + cost / 2 > share:
            yield start, end
            start, size = -1, 0
        start = left if start < 0 else start
        end = right
        size += cost
    if start >= 0:
        yield start, end


def _packed(blocks: list[_Block], target: int) -> Iterator[Span]:
    group: list[_Block] = []
    for block in blocks:
        if group and not _may_join(group, block, target):
            yield group[0].start, group[-1].end
            group = []
        group.append(block)
    if group:
        yield group[0].start, group[-1].end


def _may_join(group: list[_Block], block: _Block, target: int) -> bool:
    size = sum(b.tokens for b in group)
    if block.page != group[-1].page or size + block.tokens > target * _SLACK:
        return False
    if group[-1].opens:
        return True  # a heading stays with what it heads
    if block.opens or block.heading != group[-1].heading:
        return False
    return size < _SMALL or block.tokens < _SMALL
