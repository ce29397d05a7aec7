"""Finds the prose of a text, sentence by sentence, and picks the ones worth comparing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.language.sentences import split_blocks, split_sentences
from assistant.language.terms import terms

MOST_COMPARED = 240
"""Sentences that are embedded, some 5 ms each: a long text is sampled section by section."""
LONGEST_TEXT = 4_000_000
"""Characters read of a text, about 1,500 pages; what follows is left out, with a notice."""
SECTION_BLOCKS = 12
"""Paragraphs of a section where a text has no headings."""
_FEWEST_WORDS, _MOST_WORDS = 4, 120
_FENCE = re.compile(r"^\s*(```|~~~)")
_NO_PROSE = re.compile(
    r"\s*(?:\||[-=_*]{3,}\s*$|!\[|\[\d+\]:|https?://\S+\s*$|<[^>]+>\s*$|\d+\s*$)"
)
_HEADING = re.compile(r"\s*#{1,6}\s+(?P<title>.+)")
_MARKER = re.compile(r"\s*(?:[-*+•‣◦·>]\s+|\d{1,3}[.)]\s+)+")
_STOPS = re.compile(r"[.!?。！？…;；:：][\"'”’»」』)\]）】*_]*\s*$")
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_SHORT_LINE = 60


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a text: `text[start:end]` of it, verbatim but for line breaks."""

    start: int
    end: int
    text: str
    section: int
    """Number of its section, from 0."""
    place: int
    """Its place within the section, from 0."""
    paragraph: int
    """Number of its paragraph, from 0."""
    paragraph_place: int
    """Its place within the paragraph, from 0."""
    heading: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prose:
    """The sentences of a text that say something, in order."""

    sentences: tuple[Sentence, ...]
    sections: int


def read_prose(text: str) -> Prose:
    """Sentences of running text; headings, tables, code and rules are left out.

    About 1 s for 1 MB of English.
    """
    sentences: list[Sentence] = []
    section = place = paragraph = blocks = 0
    heading, fenced = "", False
    for left, right in split_blocks(text):
        block = text[left:right]
        if _FENCE.match(block):
            fenced = not fenced
        title = None if fenced else _title(block)
        if title is not None or blocks >= SECTION_BLOCKS:
            heading = heading if title is None else title
            section, place, blocks = section + (1 if place else 0), 0, 0
        if fenced or title is not None or _FENCE.match(block) or _NO_PROSE.match(block):
            continue
        blocks += 1
        found = _sentences_of(text, left, right)
        for paragraph_place, (span, flat, words) in enumerate(found):
            sentences.append(
                Sentence(*span, flat, section, place, paragraph, paragraph_place, heading, words)
            )
            place += 1
        paragraph += 1 if found else 0
    return Prose(tuple(sentences), section + (1 if place else 0))


def _title(block: str) -> str | None:
    """The block's text where it is a heading: marked as one, or a short line without a stop."""
    marked = _HEADING.match(block)
    if marked is not None:
        return marked["title"].strip("# ")
    flat = " ".join(block.split())
    short = len(flat) <= _SHORT_LINE // (2 if _HAN.search(flat) else 1) and "\n" not in block
    is_item = _MARKER.match(block) is not None
    return flat if short and not is_item and not _STOPS.search(flat) else None


def _sentences_of(
    text: str, left: int, right: int
) -> list[tuple[tuple[int, int], str, tuple[str, ...]]]:
    """Where the sentences of a block are, on one line each, and their terms."""
    found = []
    for start, end in split_sentences(text[left:right]):
        marker = _MARKER.match(text, left + start, left + end)
        begin = left + start if marker is None else marker.end()
        flat = " ".join(text[begin : left + end].split())
        words = tuple(terms(flat))
        if _FEWEST_WORDS <= len(words) <= _MOST_WORDS and re.search(r"[^\W\d_]", flat):
            found.append(((begin, left + end), flat, words))
    return found


def worth_comparing(prose: Prose, most: int = MOST_COMPARED) -> tuple[Sentence, ...]:
    """At most so many sentences, in order: each section's share, its first and its most
    typical by words. Equal sentences (running headers) count once."""
    firsts: dict[str, Sentence] = {}
    for sentence in prose.sentences:
        firsts.setdefault(sentence.text, sentence)
    unique = tuple(firsts.values())
    if len(unique) <= most:
        return unique
    weights = _frequencies(unique)
    by_section: dict[int, list[Sentence]] = {}
    for sentence in unique:
        by_section.setdefault(sentence.section, []).append(sentence)
    ranked = [_ranked(group, weights) for group in by_section.values()]
    kept: list[Sentence] = []
    depth = 0
    while len(kept) < most:
        layer = [group[depth] for group in ranked if depth < len(group)]
        room = most - len(kept)
        kept += layer if len(layer) <= room else _spread(layer, room)
        depth += 1
    return tuple(sorted(kept, key=lambda s: s.start))


def _frequencies(sentences: Sequence[Sentence]) -> dict[str, float]:
    """In how many sentences each term stands, rare ones (in less than 2) not counted, and ones
    that stand in most counted little."""
    counts = Counter(term for s in sentences for term in set(s.terms))
    total = len(sentences)
    return {t: c * max(0.0, 1 - 4 * c / total) for t, c in counts.items() if c > 1}


def _ranked(group: Sequence[Sentence], weights: dict[str, float]) -> list[Sentence]:
    """The section's first sentence, then the others by the mean weight of their terms."""
    first, *others = group
    return [first, *sorted(others, key=lambda s: -_mean(s, weights))]


def _mean(sentence: Sentence, weights: dict[str, float]) -> float:
    return sum(weights.get(t, 0.0) for t in sentence.terms) / (len(sentence.terms) + 5)


def _spread(layer: Sequence[Sentence], room: int) -> list[Sentence]:
    """So many of the sentences, evenly spaced."""
    return [layer[i * len(layer) // room] for i in range(room)]
