"""Finds the paragraphs and sentences of a text by exact character offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator

Span = tuple[int, int]

MAX_SENTENCE = 500
"""Characters; longer "sentences" (tables, logs, text without stops) are cut at a clause."""
_WINDOW = 4_000
"""Characters handed to sentencex at once: its cost grows with the square of the length."""
_WRAPPED = {False: (40, 120), True: (20, 56)}
"""Lengths a line broken in mid-sentence has, by whether it is Chinese, Japanese or Korean."""

_WIDE = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
_SPACE = re.compile(r"\s")
_OPENS_BLOCK = re.compile(
    r"\s*(?:[-*+•‣◦·]\s|\d{1,3}[.)、]\s?\D|#{1,6}\s|[|>]|```|~~~|[(（]\d{1,2}[)）])"
)
_HEADING = re.compile(r"\s*#{1,6}\s|\s*(?:```|~~~)")
_STOPPED = re.compile(r"[.!?。！？…:：;；][\"'”’»」』)\]）】]*\s*$")
_CLAUSES = re.compile(r"[;；:：,，、]\s*|\s+")
_ONLY_MARKS = re.compile(r"[\W_]+")
_ONLY_NUMBER = re.compile(r"\W*\d{1,3}[.)、]")


def split_blocks(text: str) -> list[Span]:
    """Paragraphs, headings, list items and table rows; line breaks inside wrapped text stay.

    The spans are in order, without surrounding white space and never empty.
    """
    blocks: list[Span] = []
    start = end = -1
    previous = ""
    for left, right in _lines(text):
        line = text[left:right]
        if not line.strip():
            previous = ""
            continue
        if start >= 0 and previous and _continues(previous, line):
            end = right
        else:
            if start >= 0:
                blocks.append((start, end))
            start, end = left, right
        previous = line
    if start >= 0:
        blocks.append((start, end))
    return [_trimmed(text, left, right) for left, right in blocks]


def split_sentences(text: str, language: str | None = None) -> list[Span]:
    """Offsets of the sentences, in order, without surrounding white space and never empty.

    Args:
        text: any text; about 30 MB of English or 5 MB of Chinese a second.
        language: ISO 639-1 code that picks the abbreviations; by script when None.
    """
    spans: list[Span] = []
    for left, right in split_blocks(text):
        block = text[left:right]
        code = language or ("zh" if _WIDE.search(block) else "en")
        first = len(spans)
        for start, end in _sentences(block, code):
            sentence = _trimmed(text, left + start, left + end)
            if sentence[0] == sentence[1]:
                continue
            # A closing quote left behind, or the number of a list item before its text.
            if len(spans) > first and (
                _ONLY_MARKS.fullmatch(text, *sentence) or _ONLY_NUMBER.fullmatch(text, *spans[-1])
            ):
                spans[-1] = (spans[-1][0], sentence[1])
            else:
                spans.append(sentence)
    return [piece for span in spans for piece in _bounded(text, span)]


def _lines(text: str) -> Iterator[Span]:
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield start, end
        start = end + 1


def _continues(previous: str, line: str) -> bool:
    """Whether the line goes on in mid-paragraph from the one before it."""
    if _OPENS_BLOCK.match(line) or _HEADING.match(previous) or previous.lstrip().startswith("|"):
        return False
    wide = _WIDE.search(previous) is not None
    shortest, longest = _WRAPPED[wide]
    length = len(previous.strip())
    if length > longest:
        return False
    if length >= shortest:
        return True
    return line.strip()[:1].islower() and not _STOPPED.search(previous)


def _sentences(block: str, language: str) -> Iterator[Span]:
    from sentencex import (  # 20 ms
        get_sentence_boundaries,
    )

    # One kind of space: others make sentencex 1.0 panic next to a full stop.
    even = _SPACE.sub(" ", block)
    start = 0
    while start < len(even):
        bounds = get_sentence_boundaries(language, even[start : start + _WINDOW])
        last = start + _WINDOW >= len(even)
        whole = bounds if last or len(bounds) == 1 else bounds[:-1]
        for bound in whole:
            yield start + bound["start_index"], start + bound["end_index"]
        start += max(whole[-1]["end_index"], 1)


def _trimmed(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    return start, max(start, start + len(piece.strip()))


def _bounded(text: str, span: Span) -> Iterator[Span]:
    start, end = span
    while end - start > MAX_SENTENCE:
        cut = start + MAX_SENTENCE
        clauses = [m.end() for m in _CLAUSES.finditer(text, start + MAX_SENTENCE // 2, cut)]
        cut = clauses[-1] if clauses else cut
        yield _trimmed(text, start, cut)
        start, end = _trimmed(text, cut, end)
    if start < end:
        yield start, end
