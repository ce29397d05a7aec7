"""How long indexing will take: simulated runs, whose true length is known."""

from __future__ import annotations

import random

import pytest

from index.estimate import Estimate

Files = list[tuple[str, int]]
COST = {".txt": 1e-7, ".pdf": 2e-6, ".png": 1e-5}
"""Seconds of reading a byte."""
YIELD = {".txt": 1.0, ".pdf": 0.05, ".png": 0.001}
"""Bytes of text a byte of the file brings."""


def made_up(seed: int, count: int = 400) -> Files:
    draw = random.Random(seed)  # noqa: S311
    kinds = draw.choices(list(COST), (8, 3, 1), k=count)
    return [(kind, round(draw.lognormvariate(10, 1.2))) for kind in kinds]


def foretold(files: Files, speed: float, true_speed: float) -> list[tuple[float, float]]:
    """At every tenth of a run: seconds left as foretold, and in truth."""
    draw = random.Random(7)  # noqa: S311
    costs = [size * COST[kind] * draw.uniform(0.5, 1.5) for kind, size in files]
    texts = [round(size * YIELD[kind] * draw.uniform(0.7, 1.3)) for kind, size in files]
    estimate = Estimate(files, 0, speed)
    left = sum(costs) + sum(texts) / true_speed
    total, due = left, 0.9
    told: list[tuple[float, float]] = []
    for (kind, size), cost, text in zip(files, costs, texts, strict=True):
        estimate.file_read(kind, size, cost, text)
        left -= cost
        if left <= total * due and (seconds := estimate.seconds_left()) is not None:
            told.append((seconds, left))
            due -= 0.1
    pending = sum(texts)
    while pending > 50_000:
        estimate.vectors_made(50_000, 50_000 / true_speed)
        pending -= 50_000
        left -= 50_000 / true_speed
        if left <= total * due and (seconds := estimate.seconds_left()) is not None:
            told.append((seconds, left))
            due -= 0.1
    return told


@pytest.mark.parametrize("seed", range(6))
def test_the_time_left_is_right_within_half_from_the_first_tenth_on(seed: int) -> None:
    told = foretold(made_up(seed), speed=11_000, true_speed=10_000)
    assert len(told) >= 8
    assert all(truth / 1.5 <= seconds <= truth * 1.5 for seconds, truth in told)


def test_a_speed_of_earlier_runs_that_is_wrong_is_corrected_while_vectors_are_made() -> None:
    estimate = Estimate((), 1_000_000, 50_000)
    for _ in range(5):
        estimate.vectors_made(20_000, 2.0)
    assert estimate.seconds_left() == pytest.approx(90.0, rel=0.01)


def test_a_machine_that_slows_down_is_noticed() -> None:
    estimate = Estimate((), 10_000_000, 0)
    for _ in range(100):
        estimate.vectors_made(20_000, 1.0)
    for _ in range(300):
        estimate.vectors_made(10_000, 1.0)
    assert 10_000 <= estimate.speed <= 13_000


def test_without_a_speed_nothing_is_foretold_until_there_are_no_texts() -> None:
    estimate = Estimate([(".txt", 100), (".txt", 100)], 0, 0)
    estimate.file_read(".txt", 100, 1.0, 90)
    assert estimate.seconds_left() is None
    estimate.vectors_made(90, 3.0)
    assert estimate.seconds_left() == pytest.approx(1 + 3)


def test_a_kind_not_met_yet_is_thought_to_cost_what_the_others_do() -> None:
    estimate = Estimate([(".txt", 100), (".pdf", 300)], 0, 10)
    estimate.file_read(".txt", 100, 1.0, 50)
    assert estimate.reading_seconds() == pytest.approx(3.0)
    assert estimate.seconds_left() == pytest.approx(3 + (50 + 150) / 10)


def test_nothing_to_do_takes_no_time() -> None:
    assert Estimate((), 0, 0).seconds_left() == 0
