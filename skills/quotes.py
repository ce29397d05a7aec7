"""Picks the sentences of retrieved passages that answer a question, verbatim."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.core.documents import HEADING_SEPARATOR, Candidate, Passage, Place
from assistant.language.sentences import split_sentences
from assistant.language.terms import terms
from skills.marks import find_marks

if TYPE_CHECKING:
    from assistant.core.protocols import Embedder, Vectors

PASSAGES = 3
"""Best passages whose sentences are compared; five pick no better ones on XQuAD."""
MOST_SENTENCES = 24
"""Sentences embedded for a question, the best passages' first; some 4 ms each."""
COVERAGE_WEIGHT = 0.2
GAP_WEIGHT = 0.025
# Weights beside the cosine: a conditional logit over XQuAD (en and zh, six folds of articles)
# gives .19 and .023; the gold answer is in the first 1 / 2 / 3 sentences for
# en .843 / .926 / .959, zh .820 / .926 / .954, against .794 / .894 / .930 and
# .778 / .894 / .929 by cosine alone.

FAR = 0.2
"""Behind the best, a sentence hardly ever holds the answer: leaving such ones out of the first
three loses .0015 (en) and nothing (zh) of the gold answers of XQuAD, and every tenth quote (en)."""

_FURNITURE = re.compile(
    r"#{1,6}\s[^\n]*|[\W_]+|\W*\d{1,4}\W*|[^\n]*?(?:[.·…] ?){8}[^\n]*"  # Six dots are an ellipsis.
)
"""Headings, rules, page numbers, and lines of a table of contents."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a candidate: `candidate.text[start:end]`."""

    candidate: Candidate
    start: int
    end: int
    cosine: float | None
    """With the question, or its nearness to the aim; None without an embedder."""
    coverage: float
    """Share of the question's terms it holds, rare ones counting more, in [0, 1]."""
    score: float

    @property
    def text(self) -> str:
        return self.candidate.text[self.start : self.end]


class TermWeights:
    """How telling each term of a question is: the rarer among the texts found, the more."""

    def __init__(self, asked: frozenset[str], texts: Sequence[frozenset[str]]) -> None:
        counts = Counter(t for text in texts for t in asked & text)
        total = len(texts)
        self._weights = {
            t: math.log(1 + (total - counts[t] + 0.5) / (counts[t] + 0.5)) for t in asked
        }
        self._sum = sum(self._weights.values())

    def coverage(self, found: frozenset[str]) -> float:
        """Weighted share of the question's terms among those found, in [0, 1]."""
        held = sum(weight for term, weight in self._weights.items() if term in found)
        return held / self._sum if self._sum else 0.0


def rank_sentences(
    question: str,
    candidates: Sequence[Candidate],
    embedder: Embedder | None,
    passages: int = PASSAGES,
    most: int = MOST_SENTENCES,
    covers: Callable[[str], float] | None = None,
    towards: Vectors | None = None,
) -> list[Sentence]:
    """Sentences of the best passages, best first: cosine + coverage − the passage's gap.

    Args:
        candidates: best first; all of them weigh the terms, the first few are quoted.
        embedder: None ranks by words only.
        passages: how many are quoted from.
        most: sentences that are compared.
        covers: share of what is asked about that a text says; by the question's terms where
            it is not given.
        towards: float32 [d], what sentences are compared with; the question's vector where it
            is not given.
    """
    spans = [(c, split_sentences(c.text)) for c in candidates]
    if covers is None:
        covers = _by_terms(question, [c.text[a:b] for c, cuts in spans for a, b in cuts])
    drafts = [
        Sentence(c, a, b, None, covers(c.text[a:b]), 0.0)
        for c, cuts in spans[:passages]
        for a, b in cuts
    ]
    drafts = _most_promising([d for d in drafts if not _is_furniture(d)] or drafts, most)
    if not drafts:
        return []
    cosines: Sequence[float | None] = [None] * len(drafts)
    if embedder is not None:
        query = embedder.embed_queries([question])[0] if towards is None else towards
        cosines = (embedder.embed_documents([d.text for d in drafts]) @ query).tolist()
    best = candidates[0].fused
    scored = [rescored(d, d.candidate, c, best) for d, c in zip(drafts, cosines, strict=True)]
    return sorted(scored, key=lambda s: -s.score)


def _by_terms(question: str, sentences: Sequence[str]) -> Callable[[str], float]:
    bags = {sentence: frozenset(terms(sentence)) for sentence in sentences}
    weights = TermWeights(frozenset(terms(question)), [bags[s] for s in sentences])
    return lambda sentence: weights.coverage(bags[sentence])


def rescored(
    sentence: Sentence, candidate: Candidate, cosine: float | None, best: float
) -> Sentence:
    """The sentence as one of `candidate`, scored beside passages of which the best one has
    the fused score `best`."""
    gap = best - candidate.fused
    score = (cosine or 0.0) + COVERAGE_WEIGHT * sentence.coverage - GAP_WEIGHT * gap
    return replace(sentence, candidate=candidate, cosine=cosine, score=score)


def _most_promising(drafts: list[Sentence], most: int) -> list[Sentence]:
    """Within the limit: of very long passages the sentences that share most terms."""
    if len(drafts) <= most:
        return drafts
    kept = sorted(range(len(drafts)), key=lambda i: -drafts[i].coverage)[:most]
    return [drafts[i] for i in sorted(kept)]


def _is_furniture(draft: Sentence) -> bool:
    """What says where one is, not what is asked."""
    text = draft.text.strip()
    if _FURNITURE.fullmatch(text):
        return True
    return text in draft.candidate.place.heading.split(HEADING_SEPARATOR)


def nearby(sentences: Sequence[Sentence], most: int, far: float = FAR) -> Sequence[Sentence]:
    """The first sentences (best first), without those whose score is `far` behind the best's."""
    return [s for s in sentences[:most] if s.score >= sentences[0].score - far]


def merge(sentences: Sequence[Sentence], confidence: float, question: str) -> tuple[Passage, ...]:
    """Passages in the order of their best sentence; neighbours in the text become one quote.

    Args:
        confidence: that the first sentence answers, in [0, 1]; later ones get less as their
            score falls behind.
        question: its words are marked in the quotes.
    """
    groups: list[list[Sentence]] = []
    for sentence in sentences:
        touching = [g for g in groups if any(_adjacent(sentence, other) for other in g)]
        if not touching:
            groups.append([sentence])
            continue
        first, *others = touching
        first.append(sentence)
        for other in others:  # the sentence between two others joins them
            first.extend(other)
            groups.remove(other)
    top = sentences[0].score if sentences else 0.0
    return tuple(
        _passage(g, confidence * math.exp(_FALL * (g[0].score - top)), question) for g in groups
    )


_FALL = 5.0
"""Of the confidence with the score; 0.1 behind is worth 0.6 of the first."""


def _adjacent(one: Sentence, other: Sentence) -> bool:
    if one.candidate is not other.candidate:
        return False
    left, right = sorted((one, other), key=lambda s: s.start)
    return not one.candidate.text[left.end : right.start].strip()


def _passage(group: Sequence[Sentence], score: float, question: str) -> Passage:
    candidate = group[0].candidate
    start, end = min(s.start for s in group), max(s.end for s in group)
    line = candidate.place.line
    quote = candidate.text[start:end]
    return Passage(
        path=candidate.path,
        quote=quote,
        place=Place(
            page=candidate.place.page,
            line=None if line is None else line + candidate.text.count("\n", 0, start),
            heading=candidate.place.heading,
        ),
        start=candidate.start + start,
        end=candidate.start + end,
        score=min(1.0, max(0.0, score)),
        context=candidate.text,
        marks=find_marks(quote, question),
        also=candidate.also,
    )
