"""Logistic regression over vectors, nearness, terms and cues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from assistant.routing.classifier import Lessons, Messages, SkillClassifier, calibrate, fit
from assistant.routing.classifier_file import load_classifier, save_classifier

if TYPE_CHECKING:
    from assistant.routing.classifier import Matrix


def lessons(
    vectors: Matrix,
    labels: Sequence[str],
    texts: Sequence[str] | None = None,
    cues: Matrix | None = None,
) -> Lessons:
    n = len(labels)
    messages = Messages.seen(
        texts or [""] * n,
        (vectors, np.zeros((n, 0), np.float32)),
        np.zeros((n, 0), np.float32) if cues is None else cues,
    )
    return Lessons(messages, tuple(labels), np.ones(n, np.float32))


def blobs(seed: int, n: int = 60, spread: float = 0.05) -> Lessons:
    """Unit vectors around one axis a skill, without words or cues."""
    noise = np.random.default_rng(seed)
    rows = np.eye(3, 8, dtype=np.float32)[np.arange(3 * n) % 3]
    rows += noise.normal(0, spread, rows.shape).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return lessons(rows, ["a", "b", "c"] * n)


def message(vector: Matrix, text: str = "", cues: Sequence[float] = ()) -> Messages:
    nothing = np.zeros((1, 0), np.float32)
    return Messages.seen([text], (vector[None, :], nothing), np.array([cues], np.float32))


def chosen(classifier: SkillClassifier, messages: Messages) -> list[str]:
    return [classifier.skills[at] for at in classifier.probabilities(messages).argmax(axis=1)]


def test_new_rows_go_to_the_skill_they_lie_near() -> None:
    others = blobs(2)
    assert chosen(fit(blobs(1)), others.messages) == list(others.labels)


def test_probabilities_sum_to_one() -> None:
    shares = fit(blobs(1)).probabilities(blobs(2).messages)
    assert shares.sum(axis=1) == pytest.approx(np.ones(len(shares)), abs=1e-5)


def test_a_cue_decides_where_vectors_say_nothing() -> None:
    vectors = np.full((40, 4), 0.5, np.float32)
    cues = np.array([[float(i % 2)] for i in range(40)], np.float32)
    classifier = fit(lessons(vectors, ["with", "without"] * 20, cues=1 - cues))
    assert chosen(classifier, message(vectors[0], cues=(1.0,))) == ["with"]
    assert chosen(classifier, message(vectors[0], cues=(0.0,))) == ["without"]


def test_a_word_decides_where_vectors_say_nothing() -> None:
    vectors = np.full((40, 4), 0.5, np.float32)
    texts = [f"the {word} number {i}" for i in range(20) for word in ("lease", "poem")]
    classifier = fit(lessons(vectors, ["qa", "generate"] * 20, texts))
    assert chosen(classifier, message(vectors[0], "a lease")) == ["qa"]
    assert chosen(classifier, message(vectors[0], "a poem")) == ["generate"]


def test_a_skill_with_few_examples_is_heard() -> None:
    many = blobs(1)
    kept = np.array([i for i, label in enumerate(many.labels) if label != "c" or i < 12])
    classifier = fit(many.rows(kept))
    assert chosen(classifier, message(np.eye(3, 8, dtype=np.float32)[2])) == ["c"]


def test_a_skill_with_one_example_does_not_break_the_fit() -> None:
    many = blobs(1)
    kept = np.array([i for i, label in enumerate(many.labels) if label != "c" or i == 2])
    classifier = fit(many.rows(kept))
    assert np.isfinite(classifier.probabilities(many.messages)).all()


def test_a_row_that_is_insisted_on_is_learned_against_its_neighbours() -> None:
    many = blobs(1, spread=0.0)
    labels = ("b", *many.labels[1:])  # row 0 is the same as all the rows of "a"
    stubborn = replace(many, labels=labels)
    row = np.array([0])
    assert chosen(fit(stubborn), many.messages.rows(row)) == ["a"]
    assert chosen(fit(stubborn, insist=row), many.messages.rows(row)) == ["b"]


def test_overconfident_scores_are_cooled() -> None:
    logits = np.array([[4.0, 0.0]] * 100, np.float32)
    targets = np.array([0] * 70 + [1] * 30)
    assert calibrate(logits, targets) < 0.4


def test_the_same_lessons_give_the_same_weights() -> None:
    assert np.array_equal(fit(blobs(1)).weights, fit(blobs(1)).weights)


def test_a_kept_classifier_is_the_one_that_was_fitted(tmp_path: Path) -> None:
    classifier = fit(blobs(1))
    save_classifier(tmp_path / "c.npz", blobs(1), classifier)
    kept = load_classifier(tmp_path / "c.npz", blobs(1))
    assert kept is not None
    ours, theirs = (c.probabilities(blobs(2).messages) for c in (classifier, kept))
    assert np.array_equal(ours, theirs)
    assert kept.skills == classifier.skills


def test_a_classifier_kept_for_other_lessons_is_not_used(tmp_path: Path) -> None:
    save_classifier(tmp_path / "c.npz", blobs(1), fit(blobs(1)))
    assert load_classifier(tmp_path / "c.npz", blobs(2)) is None
    heavier = replace(blobs(1), weights=blobs(1).weights * 2)
    assert load_classifier(tmp_path / "c.npz", heavier) is None
