"""Says how likely what was found answers the question."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Literal

from assistant.core.documents import Candidate
from skills.foreign import is_wide
from skills.question_terms import matched_forms, telling_terms
from skills.quotes import Sentence, TermWeights

Situation = Literal["both", "glossed", "meaning", "words"]
THRESHOLD = 0.35
"""Confidence below which an answer is withheld: one in 25 answerable questions, and 98 of 100
whose article is not indexed."""


@dataclass(frozen=True, slots=True)
class Model:
    """A logistic model: weights by field of `Evidence`."""

    bias: float
    weights: Mapping[str, float]


# Fitted by `python -m benchmarks.qa --fit` on half of XQuAD (Artetxe et al. 2020, CC BY-SA 4.0;
# 24 articles, 632 questions in en and zh, each asked of en and zh documents): logistic regression
# with a ridge of 1, answerable questions against those whose article, or whose passage alone, is
# not indexed. AUROC on held-out articles, article absent / passage missing: en .997 / .974,
# zh .998 / .959; across languages with a dictionary ("glossed") zh→en .970 / .893, en→zh .964 /
# .878; without one ("meaning") .871 / .783 and .936 / .810. Neither names and numbers that survive
# translation nor other margins and z-scores of the pool raised these.
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
    "glossed": Model(
        bias=14.929,
        weights={
            "telling_lift": 30.202,
            "nearest": 54.433,
            "likeness": -25.107,
            "coverage": 2.126,
            "fused_margin": 0.300,
            "from_chinese": -1.399,
        },
    ),
    "meaning": Model(
        bias=-21.299,
        weights={
            "cosine": 23.694,
            "sentence_lift": 75.888,
            "agreement": 0.569,
        },
    ),
    "words": Model(
        bias=-4.092,
        weights={"lexical_margin": 2.696, "coverage": 8.148, "sentence_coverage": 3.681},
    ),
}


_ENOUGH = 9
"""Passages beside the best, as there are in all but the smallest collections. Among fewer a lead
says less: of Chinese questions over the one English passage with the answer .17 were answered
without this, .82 with it, none about other articles either way."""
_TOLD = 0.1
"""Of the share a sentence says, beside its cosine; 0 and .2 let a few more through."""
_USUAL_LIFT, _USUAL_TELLING_LIFT = 0.031, 0.046
"""Means over questions with and without an answer (XQuAD, zh→en and en→zh)."""


@dataclass(frozen=True, slots=True)
class Margins:
    """How far the best passage is ahead of the next, by each score."""

    cosine: float
    lexical: float
    fused: float


# Means of the same kind, for the only passage there is: of questions about a single passage with
# the answer .79 (en) and .93 (zh) are answered, .63 and .71 with margins of 0; none about other
# articles.
ALONE = Margins(cosine=0.023, lexical=0.42, fused=2.2)
FOREIGN_ALONE = Margins(cosine=0.0, lexical=0.0, fused=2.8)


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
    sentence_lift: float
    """Highest cosine of a sentence over the mean of the other passages' best sentences."""
    telling_lift: float
    """The same of cosines and a tenth of the share each sentence says."""
    agreement: float
    """1 where the passage of that sentence is also the one the index ranked first, else 0."""
    foreign: bool
    """Whether question and best passage are in different languages."""
    nearest: float = 0.0
    """Highest cosine of a sentence, 0 without an embedder."""
    likeness: float = 0.0
    """Cosine of the question with its words in the passages' language, 0 where a dictionary has
    none. What such words, or a poor choice of them, bring near is worth less."""
    from_chinese: float = 0.0
    """1 where the question is in Chinese and the best passage in another script, else 0."""
    glossed: bool = False
    """Whether the shares are of what is asked about in the passages' language, and sentences were
    compared with its words there, too."""


def measure(
    question: str,
    candidates: Sequence[Candidate],
    sentences: Sequence[Sentence],
    foreign: bool,
    indexed_first: int | None = None,
    covers: Callable[[str], float] | None = None,
    likeness: float = 0.0,
) -> Evidence:
    """The evidence in ranked candidates (at least one) and sentences.

    Args:
        foreign: whether question and documents are in different languages.
        indexed_first: chunk the index ranked first, where the candidates were ranked anew.
        covers: share of what is asked about that a text in the documents' language says; by the
            question's own terms where it is not given.
        likeness: cosine of the question with its words in the documents' language.
    """
    dense = sorted((c.dense for c in candidates if c.dense is not None), reverse=True) or [0.0]
    lexical = sorted((c.lexical for c in candidates), reverse=True)
    alone = FOREIGN_ALONE if foreign else ALONE
    told = covers or terms_coverage(question, candidates)
    first = candidates[0].chunk if indexed_first is None else indexed_first
    tops = _best_by_passage(sentences)
    leader = max(tops, key=lambda chunk: tops[chunk], default=None)
    rest = [cosine for chunk, cosine in tops.items() if chunk != leader]
    margin = candidates[0].fused - candidates[1].fused if len(candidates) > 1 else alone.fused
    return Evidence(
        cosine=dense[0],
        cosine_margin=dense[0] - dense[1] if len(dense) > 1 else alone.cosine,
        lexical_margin=_margin_in_parts(lexical) if len(lexical) > 1 else alone.lexical,
        coverage=told(candidates[0].text),
        fused_margin=_settled(margin, alone.fused, len(rest)) if foreign else margin,
        sentence_cosine=sentences[0].cosine or 0.0 if sentences else 0.0,
        sentence_coverage=max((told(s.text) for s in sentences), default=0.0),
        sentence_lift=_settled(_lift(tops), _USUAL_LIFT, len(rest)),
        telling_lift=_settled(
            _lift(_best_by_passage(sentences, _TOLD)), _USUAL_TELLING_LIFT, len(rest)
        ),
        agreement=float(leader == first),
        foreign=foreign,
        nearest=0.0 if leader is None else tops[leader],
        likeness=likeness,
        from_chinese=float(foreign and is_wide(question)),
        glossed=covers is not None,
    )


def _margin_in_parts(scores: Sequence[float]) -> float:
    return 1 - scores[1] / scores[0] if scores[0] else 0.0


def _settled(lead: float, usual: float, others: int) -> float:
    """A lead over other passages, as far as there are enough of them to tell; else the usual."""
    known = min(1.0, others / _ENOUGH)
    return known * lead + (1 - known) * usual


def terms_coverage(question: str, candidates: Sequence[Candidate]) -> Callable[[str], float]:
    """Weighted share of a question's telling terms that a text holds, in [0, 1]."""
    weights = TermWeights(telling_terms(question), [matched_forms(c.text) for c in candidates])
    return lambda text: weights.coverage(matched_forms(text))


def _best_by_passage(sentences: Sequence[Sentence], told: float = 0.0) -> dict[int, float]:
    """Highest cosine of a sentence, and `told` times the share it says, by chunk."""
    tops: dict[int, float] = {}
    for sentence in sentences:
        chunk = sentence.candidate.chunk
        near = (sentence.cosine or 0.0) + told * sentence.coverage
        tops[chunk] = max(near, tops.get(chunk, -1.0))
    return tops


def _lift(tops: Mapping[int, float]) -> float:
    """The highest over the mean of the others."""
    first, *rest = sorted(tops.values(), reverse=True) or [0.0]
    return first - fmean(rest) if rest else 0.0


def applicable(evidence: Evidence) -> Situation:
    """Which model can judge: words alone without vectors, meaning alone across languages."""
    if evidence.sentence_cosine == 0.0:
        return "words"
    if evidence.glossed:
        return "glossed"
    return "meaning" if evidence.foreign else "both"


def confidence(evidence: Evidence) -> float:
    """Probability in [0, 1] that the answer is in what was found, if it is as likely as not
    to be in the documents at all."""
    model = MODELS[applicable(evidence)]
    score = model.bias + sum(w * float(getattr(evidence, f)) for f, w in model.weights.items())
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, score))))
