"""What an add has to do, and how scores are fused: pure functions."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.files import Changes, Found, Known, Stamp, changes
from index.retriever import Scores, fuse

NOW, BEFORE = Stamp(10, 2), Stamp(10, 1)


def known(state: str = "indexed", stamp: Stamp = NOW) -> Known:
    return Known(1, stamp, b"", state)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "before", "expected"),
    [
        ({"/d/a": NOW}, {}, Changes(("/d/a",), (), ())),
        ({"/d/a": NOW}, {"/d/a": known()}, Changes((), ("/d/a",), ())),
        ({"/d/a": NOW}, {"/d/a": known(stamp=BEFORE)}, Changes(("/d/a",), (), ())),
        ({"/d/a": NOW}, {"/d/a": known("waiting")}, Changes(("/d/a",), (), ())),
        ({"/d/a": NOW}, {"/d/a": known("failed")}, Changes(("/d/a",), (), ())),
        ({}, {"/d/a": known()}, Changes((), (), ("/d/a",))),
        ({}, {"/d/a": known("waiting")}, Changes((), (), ("/d/a",))),
        ({}, {"/elsewhere/a": known()}, Changes((), (), ())),
        ({}, {"/data/a": known()}, Changes((), (), ())),
        ({}, {"/elsewhere/a": known("waiting")}, Changes(("/elsewhere/a",), (), ())),
    ],
)
def test_only_what_changed_is_read(
    found: dict[str, Stamp], before: dict[str, Known], expected: Changes
) -> None:
    assert changes(Found(found), before, [Path("/d")]) == expected


def test_files_below_what_could_not_be_opened_stay() -> None:
    shut = Found({}, missing=("/d/usb",), unreadable=("/d/private",))
    before = {"/d/usb/a": known(), "/d/private/b": known(), "/d/c": known()}
    assert changes(shut, before, [Path("/d")]).gone == ("/d/c",)


def test_meaning_weighs_twice_as_much_as_words() -> None:
    fused = fuse({1: Scores(0.9, 0.0), 2: Scores(0.8, 5.0)}, known=1.0)
    assert fused == {1: pytest.approx(0.5), 2: pytest.approx(-0.5)}


def test_words_count_for_little_in_another_language() -> None:
    scores = {1: Scores(0.86, 0.0), 2: Scores(0.85, 9.0), 3: Scores(0.7, 0.0)}
    assert max(fuse(scores, 1.0), key=fuse(scores, 1.0).__getitem__) == 2
    assert max(fuse(scores, 0.05), key=fuse(scores, 0.05).__getitem__) == 1


def test_a_text_whose_vector_is_missing_counts_as_average_in_meaning() -> None:
    fused = fuse({1: Scores(0.9, 1.0), 2: Scores(None, 1.0), 3: Scores(0.7, 1.0)}, known=1.0)
    assert fused[1] > fused[2] > fused[3]


def test_nothing_to_fuse_is_nothing() -> None:
    assert fuse({}, 1.0) == {}
