"""What a message is for after a turn."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np

from assistant.routing.classifier import Messages
from assistant.routing.following import (
    Following,
    Turns,
    combined,
    gather_pairs,
    learn_following,
    load_following,
    save_following,
)
from benchmarks.routing import CARDS

SKILLS = ("chat", "find", "qa")


def turns(rows: list[tuple[list[float], float, str, float]]) -> Turns:
    """Scores by itself, whether it goes on, the skill before, an image; no vectors."""
    nothing = np.zeros((len(rows), 0), np.float32)
    messages = Messages(tuple(np.zeros(0, np.int64) for _ in rows), nothing, nothing, nothing)
    scores = np.array([row[0] for row in rows], np.float32)
    return Turns(
        messages,
        scores,
        np.array([row[1] for row in rows], np.float32),
        tuple(row[2] for row in rows),
        np.array([row[3] for row in rows], np.float32),
        np.zeros((len(rows), 0), np.float32),
    )


def example(rng: np.random.Generator) -> tuple[tuple[list[float], float, str, float], str]:
    """What goes on is for the skill before, what doesn't for the one its scores say."""
    own, before = rng.integers(3, size=2)
    goes_on = bool(rng.integers(2))
    scores = np.full(3, 0.1)
    scores[own] = 0.8
    label = SKILLS[before if goes_on else own]
    return (list(scores), 0.9 if goes_on else 0.1, SKILLS[before], 0.0), label


def learned() -> Following:
    drawn = [example(np.random.default_rng(seed)) for seed in range(400)]
    found = learn_following(turns([row for row, _ in drawn]), [label for _, label in drawn], SKILLS)
    assert found is not None
    return found


def test_what_goes_on_is_for_the_skill_before_and_what_does_not_for_its_own() -> None:
    drawn = [example(np.random.default_rng(seed)) for seed in range(1_000, 1_200)]
    shares = learned().probabilities(turns([row for row, _ in drawn]))
    right = [
        SKILLS[at] == label for at, (_, label) in zip(shares.argmax(axis=1), drawn, strict=True)
    ]
    assert np.mean(right) > 0.95
    assert np.allclose(shares.sum(axis=1), 1, atol=1e-5)


def test_from_a_handful_of_pairs_nothing_is_learned() -> None:
    rows, labels = zip(*(example(np.random.default_rng(seed)) for seed in range(5)), strict=True)
    assert learn_following(turns(list(rows)), labels, SKILLS) is None


def test_it_is_kept_for_just_what_it_was_learned_from(tmp_path: Path) -> None:
    found = learned()
    save_following(tmp_path / "f.npz", "these", found)
    kept = load_following(tmp_path / "f.npz", "these")
    assert kept is not None
    assert kept.skills == found.skills
    assert np.array_equal(kept.weights, found.weights)
    assert load_following(tmp_path / "f.npz", "others") is None
    assert load_following(tmp_path / "none.npz", "these") is None


def test_a_skill_without_pairs_keeps_its_share() -> None:
    alone = {"chat": 0.2, "qa": 0.2, "find": 0.1, "new": 0.5}
    told = combined(alone, {"chat": 0.1, "qa": 0.8, "find": 0.1}, SKILLS)
    assert told["new"] == 0.5
    assert told["qa"] == 0.4
    assert sum(told.values()) == 1


def test_the_packages_pairs_are_of_every_skill_in_six_languages() -> None:
    names = tuple(card.name for card in CARDS)
    pairs = gather_pairs(names)
    counts = Counter((pair.language, pair.skill) for pair in pairs)
    assert {language for language, _ in counts} == {"de", "en", "es", "fr", "pt", "zh"}
    assert {skill for _, skill in counts} == set(names)
    assert min(counts.values()) >= 10
    assert all(pair.text.strip() and pair.previous.strip() for pair in pairs)
    assert len({(pair.previous, pair.text) for pair in pairs}) == len(pairs)


def test_pairs_of_skills_that_are_not_there_are_left_out() -> None:
    pairs = gather_pairs(("qa", "generate"))
    assert pairs
    assert {pair.skill for pair in pairs} | {pair.before for pair in pairs} == {"qa", "generate"}
