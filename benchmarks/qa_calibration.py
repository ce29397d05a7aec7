"""Calibrates the confidence of answers: logistic regression, checked on held-out articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from skills.evidence import MODELS, THRESHOLD, Evidence, Model, applicable

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

FOLDS = 6
L2 = 1.0
"""Ridge on standardised features; .1 to 10 give the same AUROC within .001."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One question: who asks what of whom, and whether the answer is indexed."""

    pair: str
    article: str
    kind: Literal["answerable", "absent", "missing"]
    evidence: Evidence


def auroc(scores: Floats, positive: Flags) -> float:
    """Chance that a positive scores above a negative; a tie counts half."""
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    ones = int(positive.sum())
    above = ranks[positive].sum() - ones * (ones + 1) / 2
    return float(above / (ones * (len(scores) - ones)))


def fit(features: Floats, answerable: Flags) -> tuple[float, Floats]:
    """Bias and weights for raw features; both classes count the same (Newton's method)."""
    mean, deviation = features.mean(axis=0), features.std(axis=0) + 1e-9
    design = np.c_[np.ones(len(features)), (features - mean) / deviation]
    importance = np.where(answerable, 0.5 / answerable.mean(), 0.5 / (~answerable).mean())
    ridge = np.eye(design.shape[1]) * L2
    ridge[0, 0] = 0
    weights = np.zeros(design.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (importance * (chance - answerable)) + ridge @ weights
        curve = (design.T * (importance * chance * (1 - chance))) @ design + ridge
        weights = weights - np.linalg.solve(curve, slope)
    raw = weights[1:] / deviation
    return float(weights[0] - raw @ mean), raw


def report(samples: Sequence[Sample]) -> None:
    """Print AUROC and what the threshold lets through, by pair, fitted on other articles."""
    confidence = np.array(_held_out(samples))
    pairs = np.array([s.pair for s in samples])
    kinds = np.array([s.kind for s in samples])
    for pair in dict.fromkeys(s.pair for s in samples):
        line: list[str] = []
        for kind in ("absent", "missing"):
            taken = (pairs == pair) & ((kinds == "answerable") | (kinds == kind))
            area = auroc(confidence[taken], kinds[taken] == "answerable")
            line.append(f"{kind} AUROC {area:.4f}")
        for kind in ("answerable", "absent", "missing"):
            share = (confidence[(pairs == pair) & (kinds == kind)] >= THRESHOLD).mean()
            line.append(f"{kind} answered {share:.3f}")
        print(f"{pair}: {', '.join(line)}", flush=True)


def print_constants(samples: Sequence[Sample]) -> None:
    """Print bias and weights of each model, fitted on everything."""
    for name, model in MODELS.items():
        bias, weights = _fitted(model, _training(name, samples))
        named = ", ".join(f'"{f}": {w:.3f}' for f, w in zip(model.weights, weights, strict=True))
        print(f"{name}: bias={bias:.3f}, weights={{{named}}}")


def _held_out(samples: Sequence[Sample]) -> list[float]:
    """Confidence of each sample by models that saw no question of its article."""
    articles = sorted({s.article for s in samples})
    confidence = [0.0] * len(samples)
    for fold in range(FOLDS):
        held = set(articles[fold::FOLDS])
        rest = [s for s in samples if s.article not in held]
        fitted = {n: _fitted(m, _training(n, rest)) for n, m in MODELS.items()}
        for i, sample in enumerate(samples):
            if sample.article not in held:
                continue
            name = applicable(sample.evidence)
            bias, weights = fitted[name]
            score = bias + float(_features(MODELS[name], [sample])[0] @ weights)
            confidence[i] = float(1 / (1 + np.exp(-score)))
    return confidence


def _training(name: str, samples: Sequence[Sample]) -> list[Sample]:
    """What a model learns from: the questions it will be asked about. The one that stands in for
    a missing embedder learns from what words can tell."""
    stands_in = {"words": "both"}.get(name, name)
    return [s for s in samples if applicable(s.evidence) == stands_in]


def _fitted(model: Model, samples: Sequence[Sample]) -> tuple[float, Floats]:
    return fit(_features(model, samples), np.array([s.kind == "answerable" for s in samples]))


def _features(model: Model, samples: Sequence[Sample]) -> Floats:
    return np.array([[getattr(s.evidence, f) for f in model.weights] for s in samples])
