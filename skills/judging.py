"""What the documents hold on a question: the sentences to quote, and how sure they answer it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.core.documents import Candidate, Retrieval
from skills.evidence import Evidence, confidence, measure
from skills.foreign import Ranked, is_foreign, is_wide, rank_by_meaning
from skills.glossing.aim import Aim
from skills.quotes import Sentence, rank_sentences

if TYPE_CHECKING:
    from assistant.core.protocols import Embedder

RETRIEVED = 50
"""Chunks retrieved, so that passages in another language than the question's are among them."""
FAMILIAR_CANDIDATES = 10
"""Of those, as many weigh terms and evidence where question and documents share a language; three
are quoted from."""
_TOLD_BY = 200
"""Characters of each that tell their language together."""
SURE = 0.5
"""Confidence from which passages in the question's script answer, and no others are heard."""
LEAD = 2.7
"""Times the odds of those, from which passages in another script go before them, where the
dictionary tells what they say. `python -m benchmarks.qa_mixed`, right passage first of questions
about the third of a collection in the other language zh .90, en .91; about the third in one's own
.975 and .970, and .976 among that third alone."""
HEARD, SECOND_CHOICE = 0.1, 0.7
"""Confidence below which the former say nothing, and that is asked of the latter then, where
nothing but meaning tells what they say."""


@dataclass(frozen=True, slots=True)
class Across:
    """What was found in the other kind of script than the question's, best first."""

    candidates: tuple[Candidate, ...]
    aim: Aim | None
    """The question in their language, where a dictionary has its words."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Candidates and sentences best first; `evidence` is None where nothing was found."""

    found: Retrieval
    candidates: Sequence[Candidate]
    sentences: Sequence[Sentence]
    evidence: Evidence | None
    confidence: float
    """Probability in [0, 1] that the answer is among the sentences."""
    beside: Judged | None = None
    """What the passages in the other script say, where both were looked at."""

    @property
    def foreign(self) -> bool:
        """Whether the documents are in another language than the question."""
        return self.evidence is not None and self.evidence.foreign


def judge(
    question: str,
    found: Retrieval,
    embedder: Embedder | None,
    detect_language: Callable[[str], str],
    across: Callable[[], Across] | None = None,
) -> Judged:
    """Rank what was found and weigh it.

    Where there are passages in both kinds of script, each are judged by themselves: a passage
    in the same language is always nearer, be it beside the point or not. The others are looked
    for where the first don't surely answer, and answer where they do so more surely.

    Args:
        found: up to `RETRIEVED` chunks.
        embedder: None ranks and weighs by words only.
        detect_language: ISO 639-1 code of a text.
        across: looks for passages in the other script; None leaves it at those found.
    """
    wide = is_wide(question)
    own = tuple(c for c in found.candidates if is_wide(c.text) == wide)
    if embedder is None:
        return _judge(question, found, found.candidates, None, detect_language, None)
    first = _judge(question, found, own, embedder, detect_language, None)
    if first.confidence >= SURE:
        return first
    told = across() if across is not None else Across(others_than(wide, found.candidates), None)
    if not told.candidates:
        return first
    second = _judge(question, found, told.candidates, embedder, detect_language, told.aim)
    if not own or _is_surer(second, first):
        return replace(second, beside=first)
    return replace(first, beside=second)


def others_than(wide: bool, candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Those in the other kind of script."""
    return tuple(c for c in candidates if is_wide(c.text) != wide)


def _is_surer(other: Judged, own: Judged) -> bool:
    if other.evidence is not None and other.evidence.glossed:
        return _odds(other.confidence) > LEAD * _odds(own.confidence)
    return own.confidence < HEARD and other.confidence >= SECOND_CHOICE


def _odds(probability: float) -> float:
    return probability / max(1e-12, 1 - probability)


def _judge(
    question: str,
    found: Retrieval,
    candidates: tuple[Candidate, ...],
    embedder: Embedder | None,
    detect_language: Callable[[str], str],
    aim: Aim | None,
) -> Judged:
    near = candidates[:FAMILIAR_CANDIDATES]
    foreign = is_foreign(question, near, detect_language)
    if foreign and embedder is not None:
        together = "\n".join(c.text[:_TOLD_BY] for c in candidates)  # some may be tables
        if aim is not None and detect_language(together) != aim.glosses.language:
            aim = None
        ranked = rank_by_meaning(question, candidates, embedder, aim)
        likeness = 0.0 if aim is None else aim.likeness
        evidence = _foreign_evidence(question, ranked, candidates[0].chunk, likeness)
        return _judged(found, ranked.candidates, ranked.quoted, evidence)
    sentences = rank_sentences(question, near, embedder)
    evidence = measure(question, near, sentences, foreign) if sentences else None
    return _judged(found, near, sentences, evidence)


def _foreign_evidence(
    question: str, ranked: Ranked, indexed_first: int, likeness: float
) -> Evidence | None:
    if not ranked.compared:
        return None
    return measure(
        question,
        ranked.candidates,
        ranked.compared,
        True,
        indexed_first,
        ranked.covers,
        likeness,
    )


def judge_follow_up(
    own: str, together: Judged, alone: Judged, embedder: Embedder | None
) -> Judged | None:
    """What answers a question that seemed to lean on the one before it; None where it is
    better answered by itself.

    What was found for both questions is ranked by the later one's own words, for the earlier
    one's were answered before (XQuAD follow-ups, gold answer in the first sentence: en .65 by
    both, .85 by its own; zh .58 and .87). The confidence is the geometric mean of both
    questions' and the later one's own: AUROC .90 (en) and .88 (zh) against follow-ups on
    another subject, .86 and .81 by both questions only.
    """
    if alone.confidence > together.confidence or together.evidence is None:
        return None
    sentences = rank_sentences(own, together.candidates, embedder)
    if not sentences:
        return None
    if together.foreign:  # the later question's evidence would need every passage's sentences
        return replace(together, sentences=sentences)
    evidence = measure(own, together.candidates, sentences, together.foreign)
    sure = math.sqrt(together.confidence * confidence(evidence))
    return replace(together, sentences=sentences, evidence=evidence, confidence=sure)


def _judged(
    found: Retrieval,
    candidates: Sequence[Candidate],
    sentences: Sequence[Sentence],
    evidence: Evidence | None,
) -> Judged:
    sure = 0.0 if evidence is None else confidence(evidence)
    return Judged(found, candidates, sentences, evidence, sure)
