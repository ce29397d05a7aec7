"""Says how likely what was found answers the question."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.core.documents import Candidate
from skills.question_terms import matched_forms, telling_terms
from skills.quotes import Sentence, TermWeights

Situation = Literal["both", "meaning", "words"]
THRESHOLD = 0.35
"""Confidence below which an answer is withheld: one in 25 answerable questions, and 98 of 100
whose article is not indexed."""
FAMILIAR = 0.3
"""Share of the question's terms above which it is in the language of the documents, whatever
the detector thinks of so short a text."""
_WIDE = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Model:
    """A logistic model: weights by field of `Evidence`."""

    bias: float
    weights: Mapping[str, float]


# Fitted by `python -m benchmarks.qa --fit` on half of XQuAD (Artetxe et al. 2020, CC BY-SA 4.0;
# 24 articles, 632 questions in en and zh, each asked of en and zh documents): logistic regression
# with a ridge of 1, answerable questions against those whose article, or whose passage alone, is
# not indexed. AUROC on held-out articles, article absent / passage missing: en .997 / .974,
# zh .998 / .960; across languages ("meaning") zh→en .855 / .793, en→zh .895 / .804.
MODELS: Mapping[Situation, Model] = {
    "both": Model(
        bias=-49.017,
        weights={
            "cosine_margin": 14.151,
            "coverage": 5.245,
            "fused_margin": 0.407,
            "sentence_cosine": 51.989,
            "sentence_coverage": 5.167,
        },
    ),
    "meaning": Model(
        bias=-28.352,
        weights={
            "cosine": -8.781,
            "cosine_margin": 26.455,
            "sentence_cosine": 43.634,
            "sentence_margin": 16.108,
        },
    ),
    "words": Model(
        bias=-4.092,
        weights={"lexical_margin": 2.696, "coverage": 8.148, "sentence_coverage": 3.681},
    ),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a retrieval and the ranked sentences tell of an answer."""

    cosine: float
    """Highest cosine of a passage with the question."""
    cosine_margin: float
    """To the second highest."""
    lexical_margin: float
    """Highest BM25 score over the second, in parts of the highest."""
    coverage: float
    """Weighted share of the question's telling terms in the best passage."""
    fused_margin: float
    sentence_cosine: float
    """Of the best sentence with the question, 0 without an embedder."""
    sentence_coverage: float
    """Highest weighted share of the telling terms in one sentence."""
    sentence_margin: float
    """Score of the best sentence over the best one of another passage."""
    foreign: bool
    """Whether question and best passage are in different languages."""


def measure(
    question: str,
    candidates: Sequence[Candidate],
    sentences: Sequence[Sentence],
    detect_language: Callable[[str], str],
) -> Evidence:
    """The evidence in ranked candidates (at least one) and ranked sentences."""
    dense = sorted((c.dense for c in candidates if c.dense is not None), reverse=True) or [0.0]
    lexical = sorted((c.lexical for c in candidates), reverse=True)
    bags = [matched_forms(c.text) for c in candidates]
    weights = TermWeights(telling_terms(question), bags)
    best = sentences[0] if sentences else None
    rival = next(
        (s for s in sentences if best is not None and s.candidate is not best.candidate), None
    )
    return Evidence(
        cosine=dense[0],
        cosine_margin=dense[0] - dense[1] if len(dense) > 1 else 0.0,
        lexical_margin=1 - lexical[1] / lexical[0] if len(lexical) > 1 and lexical[0] else 0.0,
        coverage=weights.coverage(bags[0]),
        fused_margin=candidates[0].fused - candidates[1].fused if len(candidates) > 1 else 0.0,
        sentence_cosine=best.cosine if best is not None and best.cosine is not None else 0.0,
        sentence_coverage=max(
            (weights.coverage(matched_forms(s.text)) for s in sentences), default=0.0
        ),
        sentence_margin=best.score - rival.score if best is not None and rival is not None else 0.0,
        foreign=_foreign(question, candidates[0].text, bags, detect_language),
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


def _foreign(
    question: str,
    passage: str,
    bags: Sequence[frozenset[str]],
    detect_language: Callable[[str], str],
) -> bool:
    if _is_wide(question) != _is_wide(passage):
        return True
    asked = matched_forms(question)
    known = asked.intersection(frozenset[str]().union(*bags))
    if len(known) >= FAMILIAR * len(asked):
        return False
    return detect_language(question) != detect_language(passage)


def _is_wide(text: str) -> bool:
    """Whether the text is mostly written without spaces, as Chinese is."""
    return len(_WIDE.findall(text)) > 0.2 * len(text)
