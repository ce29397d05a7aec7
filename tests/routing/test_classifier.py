"""Logistic regression over vectors and cues."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from assistant.routing.classifier import calibrate, fit
from assistant.routing.classifier_file import fingerprint, load_classifier, save_classifier

if TYPE_CHECKING:
    from assistant.routing.classifier import Matrix


def blobs(seed: int, n: int = 60, spread: float = 0.05) -> tuple[Matrix, Matrix, list[str]]:
    """Unit vectors around one axis a skill, without cues."""
    noise = np.random.default_rng(seed)
    labels = ["a", "b", "c"] * n
    rows = np.eye(3, 8, dtype=np.float32)[np.arange(3 * n) % 3]
    rows += noise.normal(0, spread, rows.shape).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows, np.zeros((3 * n, 0), np.float32), labels


def test_new_rows_go_to_the_skill_they_lie_near() -> None:
    classifier = fit(*blobs(1))
    rows, _, labels = blobs(2)
    best = [max((p := classifier.probabilities(row, ())), key=lambda k: p[k]) for row in rows]
    assert best == labels


def test_probabilities_sum_to_one() -> None:
    shares = fit(*blobs(1)).probabilities(blobs(2)[0][0], ())
    assert sum(shares.values()) == pytest.approx(1, abs=1e-5)
    assert set(shares) == {"a", "b", "c"}


def test_a_cue_decides_where_vectors_say_nothing() -> None:
    vectors = np.full((40, 4), 0.5, np.float32)
    cues = np.array([[float(i % 2)] for i in range(40)], np.float32)
    labels = ["with" if i % 2 else "without" for i in range(40)]
    classifier = fit(vectors, cues, labels)
    assert classifier.probabilities(vectors[0], (1.0,))["with"] > 0.9
    assert classifier.probabilities(vectors[0], (0.0,))["without"] > 0.9


def test_a_skill_with_few_examples_is_heard() -> None:
    rows, _, labels = blobs(1)
    kept = [i for i, label in enumerate(labels) if label != "c" or i < 12]
    cues = np.zeros((len(kept), 0), np.float32)
    classifier = fit(rows[kept], cues, [labels[i] for i in kept])
    shares = classifier.probabilities(np.eye(3, 8, dtype=np.float32)[2], ())
    assert max(shares, key=lambda k: shares[k]) == "c"


def test_overconfident_scores_are_cooled() -> None:
    logits = np.array([[4.0, 0.0]] * 100, np.float32)
    targets = np.array([0] * 70 + [1] * 30)
    assert calibrate(logits, targets) < 0.4


def test_the_same_examples_give_the_same_weights() -> None:
    assert np.array_equal(fit(*blobs(1)).weights, fit(*blobs(1)).weights)


def test_a_kept_classifier_is_the_one_that_was_fitted(tmp_path: Path) -> None:
    path, examples = tmp_path / "c.npz", blobs(1)
    classifier = fit(*examples)
    save_classifier(path, fingerprint(*examples), classifier)
    kept = load_classifier(path, fingerprint(*examples))
    assert kept is not None
    assert np.array_equal(kept.weights, classifier.weights)
    assert (kept.skills, kept.temperature) == (classifier.skills, classifier.temperature)


def test_a_classifier_kept_for_other_examples_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "c.npz"
    save_classifier(path, fingerprint(*blobs(1)), fit(*blobs(1)))
    assert load_classifier(path, fingerprint(*blobs(2))) is None
