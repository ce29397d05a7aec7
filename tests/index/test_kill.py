"""A process killed while it works on an index loses at most the file in work."""

from __future__ import annotations

from pathlib import Path

from tests.index.kills import Killer

ROUNDS = 10
"""`python -m benchmarks.kills` does a hundred."""


def test_an_index_killed_again_and_again_opens_answers_and_ends_whole(tmp_path: Path) -> None:
    killer = Killer(tmp_path, seed=4)
    kills = [killer.round() for _ in range(ROUNDS)]
    assert any(kill.is_killed for kill in kills)
    killer.finish()
