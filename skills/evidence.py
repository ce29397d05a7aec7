"""Says how likely what was found answers the question."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.core.documents import Candidate
from assistant.language.terms import terms
from skills.quotes import Sentence, TermWeights

Situation = Literal["both", "meaning", "words"]
THRESHOLD = 0.4
"""Confidence below which an answer is withheld."""
FAMILIAR = 0.15
"""Share of the question's terms below which it is taken to be in another language; questions
in the documents' language, answered there or not, know a seventh of their terms or more."""
_WIDE = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Model:
    """A logistic model: weights by field of `Evidence`."""

    bias: float
    weights: Mapping[str, float]


# Fitted by `python -m benchmarks.qa --fit` on XQuAD (Artetxe et al. 2020, CC BY-SA 4.0), en and
# zh questions over en and zh documents.
MODELS: Mapping[Situation, Model] = {
    "both": Model(
        bias=0.0,
        weights={
            "cosine_margin": 1.0,
            "coverage": 1.0,
            "fused_margin": 1.0,
            "sentence_cosine": 1.0,
            "sentence_coverage": 1.0,
        },
    ),
    "meaning": Model(
        bias=0.0,
        weights={
            "cosine": 1.0,
            "cosine_margin": 1.0,
            "sentence_cosine": 1.0,
            "sentence_margin": 1.0,
        },
    ),
    "words": Model(
        bias=0.0,
        weights={"lexical_margin": 1.0, "coverage": 1.0, "sentence_coverage": 1.0},
    ),
}


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
    foreign: bool
    """Whether question and best passage are in other scripts, or share next to no terms."""


def measure(
    question: str, candidates: Sequence[Candidate], sentences: Sequence[Sentence]
) -> Evidence:
    """The evidence in ranked candidates (at least one) and ranked sentences."""
    dense = sorted((c.dense for c in candidates if c.dense is not None), reverse=True) or [0.0]
    lexical = sorted((c.lexical for c in candidates), reverse=True)
    bags = [frozenset(terms(c.text)) for c in candidates]
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
        foreign=_foreign(question, candidates[0].text, bags),
    )


def applicable(evidence: Evidence) -> Situation:
    """Which model can judge: words alone without vectors, meaning alone across languages."""
    if evidence.sentence_cosine == 0.0:
        return "words"
    return "meaning" if evidence.foreign else "both"


def confidence(evidence: Evidence) -> float:
    """Probability in [0, 1] that the answer is in what was found, if it is as likely as not
    to be in the documents at all."""
    model = MODELS[applicable(evidence)]
    score = model.bias + sum(w * float(getattr(evidence, f)) for f, w in model.weights.items())
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, score))))


def _foreign(question: str, passage: str, bags: Sequence[frozenset[str]]) -> bool:
    wide = _is_wide(question)
    if wide or _is_wide(passage):
        return wide != _is_wide(passage)  # pairs of characters are seldom known by chance
    asked = frozenset(terms(question))
    known = asked.intersection(frozenset[str]().union(*bags))
    return len(known) < FAMILIAR * len(asked)


def _is_wide(text: str) -> bool:
    """Whether the text is mostly written without spaces, as Chinese is."""
    return len(_WIDE.findall(text)) > 0.2 * len(text)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
