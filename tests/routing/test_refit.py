"""Corrections are learned beside the examples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from assistant.routing.classifier import Lessons, fit
from assistant.routing.learning import joined
from assistant.routing.refit import refitted
from assistant.routing.terms import buckets
from tests.routing.test_classifier import blobs, chosen


def corrected(rows: list[int], labels: list[str], weight: float = 8.0) -> Lessons:
    """Some messages of other blobs, each said to be for a skill."""
    taken = blobs(2).rows(np.array(rows))
    return replace(taken, labels=tuple(labels), weights=np.full(len(rows), weight, np.float32))


def worded(labels: list[str]) -> Lessons:
    """Messages that lie where those of "a" do, but for their words."""
    words = ("lease", "poem", "gist", "moon", "tide", "oak")[: len(labels)]
    taught = corrected([0] * len(labels), labels)
    return replace(taught, messages=replace(taught.messages, terms=tuple(map(buckets, words))))


def share(said: Sequence[str], labels: Sequence[str]) -> float:
    """The part that is right."""
    return float(np.mean([one == other for one, other in zip(said, labels, strict=True)]))


def test_a_correction_is_learned_against_its_neighbours() -> None:
    base, taught = fit(blobs(1)), corrected([0], ["b"])
    assert chosen(base, taught.messages) == ["a"]
    lessons = joined(blobs(1), taught)
    assert chosen(refitted(base, lessons, np.array([180])), taught.messages) == ["b"]


def test_other_messages_stay_where_they_were() -> None:
    others = blobs(3)
    after = refitted(fit(blobs(1)), joined(blobs(1), worded(["b"])), np.array([180]))
    assert share(chosen(after, others.messages), others.labels) > 0.98


def test_corrections_of_different_words_are_all_learned() -> None:
    taught = worded(["b", "c"] * 3)
    after = refitted(fit(blobs(1)), joined(blobs(1), taught), np.arange(180, 186))
    assert np.isfinite(after.weights).all()
    assert chosen(after, taught.messages) == list(taught.labels)


def test_a_correction_that_agrees_changes_hardly_anything() -> None:
    base, taught = fit(blobs(1)), corrected([0], ["a"])
    after = refitted(base, joined(blobs(1), taught), np.array([180]))
    others = blobs(3).messages
    assert after.probabilities(others) == pytest.approx(base.probabilities(others), abs=0.05)


def test_it_learns_what_a_fit_of_everything_learns() -> None:
    base, taught = fit(blobs(1)), worded(["b", "b"])
    lessons, added = joined(blobs(1), taught), np.array([180, 181])
    quick, whole = refitted(base, lessons, added), fit(lessons, base.temperature, added)
    others = blobs(3)
    assert share(chosen(quick, others.messages), chosen(whole, others.messages)) > 0.95
