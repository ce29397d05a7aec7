"""Says how likely what was found answers the question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.core.documents import Candidate
from assistant.language.terms import terms
from skills.quotes import Sentence, TermWeights


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a retrieval; the order of the fields is that of the weights."""

    cosine: float
    """Highest cosine of a passage with the question."""
    cosine_margin: float
    """To the second highest."""
    cosine_lead: float
    """Over the mean of the others."""
    lexical_lead: float
    """Highest BM25 score over the mean of the others, in parts of the highest."""
    lexical_margin: float
    """To the second highest, in parts of the highest."""
    coverage: float
    """Weighted share of the question's terms in the best passage."""
    fused_margin: float
    agreement: float
    """1 where both lists have the same passage first."""
    sentence_cosine: float
    sentence_coverage: float
    sentence_margin: float
    """Score of the best sentence over the best one of another passage."""
    known: float
    """Share of the question's distinct terms found in any candidate."""


def measure(
    question: str, candidates: Sequence[Candidate], sentences: Sequence[Sentence]
) -> Evidence:
    """The evidence in ranked candidates (at least one) and ranked sentences."""
    dense = sorted((c.dense for c in candidates if c.dense is not None), reverse=True) or [0.0]
    lexical = sorted((c.lexical for c in candidates), reverse=True)
    bags = [frozenset(terms(c.text)) for c in candidates]
    asked = frozenset(terms(question))
    most_lexical = max(candidates, key=lambda c: c.lexical)
    most_dense = max(candidates, key=lambda c: -1.0 if c.dense is None else c.dense)
    best = sentences[0] if sentences else None
    rival = next(
        (s for s in sentences if best is not None and s.candidate is not best.candidate), None
    )
    return Evidence(
        cosine=dense[0],
        cosine_margin=dense[0] - dense[1] if len(dense) > 1 else 0.0,
        cosine_lead=dense[0] - _mean(dense[1:]) if len(dense) > 1 else 0.0,
        lexical_lead=1 - _mean(lexical[1:]) / lexical[0] if lexical[0] > 0 else 0.0,
        lexical_margin=1 - lexical[1] / lexical[0] if len(lexical) > 1 and lexical[0] else 0.0,
        coverage=TermWeights(question, bags).coverage(bags[0]),
        fused_margin=candidates[0].fused - candidates[1].fused if len(candidates) > 1 else 0.0,
        agreement=float(most_lexical is most_dense),
        sentence_cosine=best.cosine if best is not None and best.cosine is not None else 0.0,
        sentence_coverage=max((s.coverage for s in sentences), default=0.0),
        sentence_margin=best.score - rival.score if best is not None and rival is not None else 0.0,
        known=len(asked & frozenset().union(*bags)) / len(asked) if asked else 0.0,
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
