"""Ranks passages in another language than the question's: there only meaning tells."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev
from typing import TYPE_CHECKING

import msgspec

from assistant.core.documents import Candidate
from skills.glossing.aim import Aim
from skills.glossing.concepts import GlossWeights
from skills.question_terms import matched_forms
from skills.quotes import PASSAGES, Sentence, rank_sentences, rescored

if TYPE_CHECKING:
    from assistant.core.protocols import Embedder

FAMILIAR = 0.3
"""Share of the question's terms above which it is in the language of the documents, whatever
the detector thinks of so short a text."""
SENTENCE_WEIGHT = 1.0
"""Of a passage's best sentence (standardised cosine) beside the index's score. The vector of a
whole passage blurs what one sentence of it says; words, which make up for it, don't cross
languages. XQuAD, right passage first / in five: zh→en .67 / .91 before, .78 / .95 after; en→zh
.76 / .97 and .85 / .98. Weights of .5 to 2 differ by .02."""
GLOSS_WEIGHT = 3.0
"""Of the share of what is asked about that a passage says by the dictionary, and of the share its
best sentence says, beside those standardised scores."""
RANKED, GLOSSED_RANKED = 15, 10
"""Passages whose sentences are compared, fewer where the dictionary has put the right ones first:
15 rank no better then, and cost 100 ms more."""
MOST_SENTENCES = 72
"""Sentences compared; some 4 ms each."""
_WIDE = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def is_foreign(
    question: str, candidates: Sequence[Candidate], detect_language: Callable[[str], str]
) -> bool:
    """Whether the question is in another language than the passages (best first)."""
    if not candidates:
        return False
    if is_wide(question) != is_wide(candidates[0].text):
        return True
    asked = matched_forms(question)
    held = frozenset[str]().union(*(matched_forms(c.text) for c in candidates))
    if len(asked & held) >= FAMILIAR * len(asked):
        return False
    return detect_language(question) != detect_language(candidates[0].text)


def is_wide(text: str) -> bool:
    """Whether the text is mostly written without spaces, as Chinese is."""
    return len(_WIDE.findall(text)) > 0.2 * len(text)


@dataclass(frozen=True, slots=True)
class Ranked:
    """Passages of another language, ranked."""

    candidates: Sequence[Candidate]
    quoted: Sequence[Sentence]
    """The sentences to quote, best first."""
    compared: Sequence[Sentence]
    """All sentences that were compared."""
    covers: Callable[[str], float] | None
    """Share of what is asked about that a text says; None where no dictionary tells."""


def rank_by_meaning(
    question: str,
    candidates: Sequence[Candidate],
    embedder: Embedder,
    aim: Aim | None = None,
) -> Ranked:
    """Candidates ranked anew by their best sentence too, and by what the dictionary finds said.

    Args:
        aim: the question in the candidates' language; None ranks by the question's own vector.
    """
    covers, most = None, RANKED
    if aim is not None:
        most = GLOSSED_RANKED
        covers = GlossWeights(aim.glosses, [c.text for c in candidates]).coverage
        candidates = _lifted(candidates, {c.chunk: covers(c.text) for c in candidates})
    near = candidates[:most]
    towards = None if aim is None else aim.vector
    compared = rank_sentences(question, near, embedder, len(near), MOST_SENTENCES, covers, towards)
    ranked = _reranked(near, compared, covers is not None)
    place = {c.chunk: c for c in ranked[:PASSAGES]}
    best = ranked[0].fused if ranked else 0.0
    quoted = [
        rescored(s, place[s.candidate.chunk], s.cosine, best)
        for s in compared
        if s.candidate.chunk in place
    ]
    return Ranked(ranked, sorted(quoted, key=lambda s: -s.score), compared, covers)


def _reranked(
    candidates: Sequence[Candidate], compared: Sequence[Sentence], glossed: bool
) -> list[Candidate]:
    """By the best cosine of a passage's sentences, and the best share one of them says."""
    tops: dict[int, float] = {}
    said: dict[int, float] = {}
    for sentence in compared:
        chunk = sentence.candidate.chunk
        tops[chunk] = max(tops.get(chunk, -1.0), sentence.cosine or 0.0)
        said[chunk] = max(said.get(chunk, 0.0), sentence.coverage)
    if not tops:
        return list(candidates)
    mean, deviation = fmean(tops.values()), pstdev(tops.values()) or 1.0
    by_meaning = {c: SENTENCE_WEIGHT * (top - mean) / deviation for c, top in tops.items()}
    moved = _added(candidates, by_meaning)
    return _lifted(moved, said) if glossed else sorted(moved, key=lambda c: -c.fused)


def _lifted(candidates: Sequence[Candidate], shares: Mapping[int, float]) -> list[Candidate]:
    lifts = {chunk: GLOSS_WEIGHT * share for chunk, share in shares.items()}
    return sorted(_added(candidates, lifts), key=lambda c: -c.fused)


def _added(candidates: Sequence[Candidate], scores: Mapping[int, float]) -> list[Candidate]:
    return [
        msgspec.structs.replace(c, fused=c.fused + scores.get(c.chunk, 0.0)) for c in candidates
    ]
