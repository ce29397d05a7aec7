"""Example vectors on disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.routing.vectors import ExampleVectors
from tests.fakes import HashingEmbedder

TEXTS = [f"message number {i}" for i in range(100)]


def ignore(_done: int, _total: int) -> None:
    """No progress wanted."""


def test_rows_are_the_embedders_in_order(tmp_path: Path) -> None:
    rows = ExampleVectors(tmp_path).get(TEXTS, HashingEmbedder(), ignore)
    assert np.allclose(rows, HashingEmbedder().embed_queries(TEXTS), atol=1e-3)
    assert rows.dtype == np.float32


def test_a_second_start_encodes_nothing(tmp_path: Path) -> None:
    first = ExampleVectors(tmp_path).get(TEXTS, HashingEmbedder(), ignore)
    embedder = HashingEmbedder()
    again = ExampleVectors(tmp_path).get(TEXTS, embedder, ignore)
    assert embedder.calls == 0
    assert np.array_equal(first, again)


def test_only_new_examples_are_encoded(tmp_path: Path) -> None:
    ExampleVectors(tmp_path).get(TEXTS, HashingEmbedder(), ignore)
    seen: list[tuple[int, int]] = []
    ExampleVectors(tmp_path).get(
        [*TEXTS, "one more"], HashingEmbedder(), lambda *at: seen.append(at)
    )
    assert seen == [(1, 1)]


def test_embedders_do_not_share_vectors(tmp_path: Path) -> None:
    ExampleVectors(tmp_path).get(TEXTS, HashingEmbedder(), ignore)
    other = HashingEmbedder(name="other/model")
    ExampleVectors(tmp_path).get(TEXTS, other, ignore)
    assert other.calls > 0


def test_a_model_that_changed_its_dimension_is_encoded_anew(tmp_path: Path) -> None:
    ExampleVectors(tmp_path).get(TEXTS, HashingEmbedder(dimension=64), ignore)
    rows = ExampleVectors(tmp_path).get(TEXTS, HashingEmbedder(dimension=32), ignore)
    assert rows.shape == (100, 32)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"not an archive"])
def test_a_damaged_file_is_made_again(tmp_path: Path, content: bytes) -> None:
    vectors = ExampleVectors(tmp_path)
    vectors.path("hashing").write_bytes(content)
    assert vectors.get(TEXTS, HashingEmbedder(), ignore).shape == (100, 64)
    embedder = HashingEmbedder()
    vectors.get(TEXTS, embedder, ignore)
    assert embedder.calls == 0


def test_a_folder_that_cannot_be_made_only_costs_time(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    rows = ExampleVectors(blocked / "cache").get(TEXTS, HashingEmbedder(), ignore)
    assert rows.shape == (100, 64)


def test_no_temporary_file_stays(tmp_path: Path) -> None:
    ExampleVectors(tmp_path).get(TEXTS, HashingEmbedder(), ignore)
    assert [path.suffix for path in tmp_path.iterdir()] == [".npz"]


def test_a_text_that_comes_twice_is_encoded_once(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    vectors = ExampleVectors(tmp_path)
    rows = vectors.get(["one", "two", "one"], HashingEmbedder(), lambda *at: seen.append(at))
    assert seen == [(2, 2)]
    assert np.array_equal(rows[0], rows[2])


def test_what_was_encoded_before_an_early_end_is_not_encoded_again(tmp_path: Path) -> None:
    texts = [f"message number {i}" for i in range(4000)]

    def leave(done: int, _total: int) -> None:
        if done > 3000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ExampleVectors(tmp_path).get(texts, HashingEmbedder(), leave)
    seen: list[tuple[int, int]] = []
    ExampleVectors(tmp_path).get(texts, HashingEmbedder(), lambda *at: seen.append(at))
    assert seen[-1][1] == 4000 - 2048
