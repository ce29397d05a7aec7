"""Picks the chunks of an answer from a ranking: near copies folded, no file too often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

from assistant.language.terms import terms
from index.contents import FoundChunk
from index.near_copies import Fingerprint, are_near_copies, fingerprint

ALSO = 20
"""Other files named for a chunk, at most."""


@dataclass(slots=True)
class Selected:
    """A chunk for the answer, and the other files that say the same."""

    chunk: FoundChunk
    fingerprint: Fingerprint
    also: dict[str, None] = field(default_factory=dict)

    def fold(self, chunks: Sequence[FoundChunk]) -> None:
        """Name the files of chunks this one stands for."""
        for chunk in chunks:
            if chunk.path != self.chunk.path and len(self.also) < ALSO:
                self.also[chunk.path] = None


def select(
    ranked: Iterable[int],
    chunks_of: Callable[[int], list[FoundChunk]],
    asked: Collection[str],
    k: int,
    per_file: int = 0,
) -> list[Selected]:
    """The best k chunks, best first.

    A content comes once, as the first of its chunks whose file has room; a later content
    that is nearly the same as a chosen one is named with it and leaves its place to others.

    Args:
        ranked: contents, best first.
        chunks_of: the chunks of a content; none when it left meanwhile.
        asked: terms of the question.
        per_file: chunks of one file at most, 0 for any number.
    """
    chosen: list[Selected] = []
    taken: Counter[str] = Counter()
    for content in ranked:
        if len(chosen) >= k:
            break
        chunks = chunks_of(content)
        if not chunks:
            continue
        own = fingerprint(terms(chunks[0].text), asked)
        same = next((s for s in chosen if are_near_copies(s.fingerprint, own)), None)
        if same is not None:
            same.fold(chunks)
            continue
        free = [c for c in chunks if not per_file or taken[c.path] < per_file]
        if free:
            chosen.append(Selected(free[0], own))
            chosen[-1].fold(chunks)
            taken[free[0].path] += 1
    return chosen
