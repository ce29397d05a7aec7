"""Vectors without what they say of the language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from assistant.routing.neutral import neutral

if TYPE_CHECKING:
    from assistant.routing.neutral import Matrix

LANGUAGES = ("en", "zh", "de")


def spoken(seed: int, each: int = 40) -> tuple[Matrix, Matrix, list[str]]:
    """Unit rows of a meaning each, said in three languages; the meanings; the languages."""
    chance = np.random.default_rng(seed)
    meanings = chance.normal(size=(each, 32))
    accents = 12 * np.eye(3, 32)
    rows = np.concatenate([meanings + accent for accent in accents])
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    languages = [name for name in LANGUAGES for _ in range(each)]
    return rows.astype(np.float32), meanings.astype(np.float32), languages


def test_what_is_said_in_two_languages_comes_together() -> None:
    rows, _, languages = spoken(1)
    said = neutral(rows, languages).of(rows)
    alike = said[:40] @ said[40:80].T
    assert (alike.argmax(axis=1) == np.arange(40)).mean() > 0.95
    before = rows[:40] @ rows[40:80].T
    assert np.diag(alike).mean() > 0.8 > np.diag(before).mean()


def test_rows_are_of_length_1() -> None:
    rows, _, languages = spoken(2)
    assert np.allclose(np.linalg.norm(neutral(rows, languages).of(rows), axis=1), 1, atol=1e-5)


def test_one_language_is_only_centred() -> None:
    rows, _, _ = spoken(3)
    found = neutral(rows, ["en"] * len(rows))
    assert len(found.directions) == 0
    assert np.allclose(found.mean, rows.mean(axis=0))


def test_a_language_of_a_few_examples_takes_no_direction() -> None:
    rows, _, languages = spoken(4)
    some = [*range(80), *range(80, 85)]
    found = neutral(rows[some], [languages[at] for at in some])
    assert len(found.directions) == 1


def test_a_few_examples_are_left_as_they_are() -> None:
    rows, _, languages = spoken(5, each=4)
    assert np.allclose(neutral(rows, languages).of(rows), rows, atol=1e-5)


def test_a_row_of_which_nothing_is_left_is_0() -> None:
    rows, _, languages = spoken(6)
    found = neutral(rows, languages)
    assert np.array_equal(found.of(found.mean[None, :]), np.zeros((1, 32), np.float32))
