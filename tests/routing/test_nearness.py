"""How near messages lie to the examples of each skill."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from assistant.routing.nearness import nearness, own_nearest, scaled

if TYPE_CHECKING:
    import numpy.typing as npt

SKILLS = 3


def unit_rows(count: int, seed: int) -> npt.NDArray[np.float32]:
    rows = np.random.default_rng(seed).normal(size=(count, 16)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def test_a_row_is_no_neighbour_of_itself() -> None:
    rows = unit_rows(40, 0)
    greatest = own_nearest(rows, np.arange(40) % SKILLS, SKILLS)
    assert greatest.shape == (40, SKILLS, 5)
    assert greatest.max() < 0.9999


@pytest.mark.parametrize("added", [1, 7, 30])
def test_what_is_known_of_the_first_rows_saves_work_and_changes_nothing(added: int) -> None:
    rows = unit_rows(600 + added, 1)
    targets = np.random.default_rng(2).integers(0, SKILLS, len(rows))
    known = own_nearest(rows[:600], targets[:600], SKILLS)
    grown = own_nearest(rows, targets, SKILLS, known)
    anew = own_nearest(rows, targets, SKILLS)
    assert np.allclose(np.sort(grown, axis=2), np.sort(anew, axis=2), atol=1e-5)


def test_a_skill_with_few_examples_is_judged_by_those() -> None:
    rows = unit_rows(12, 3)
    targets = np.array([0] * 10 + [1, 2])
    near = nearness(rows[10:11], rows, targets, SKILLS)
    assert near.argmax() == 1
    assert np.isfinite(scaled(own_nearest(rows, targets, SKILLS))).all()
