"""What the router takes from an encoder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assistant.core.protocols import Vectors
from assistant.routing.encoding import encoded, halves, width
from assistant.routing.neutral import neutral_rows
from assistant.routing.shipped import quantised
from assistant.routing.vectors import ExampleVectors
from tests.fakes import HashingEmbedder
from tests.routing.test_vectors import TEXTS, ignore
from tests.skills.describing import ScatteredEmbedder


class Inside(HashingEmbedder):
    """Its middle is its end turned round."""

    def embed_queries_inside(self, texts: Sequence[str]) -> tuple[Vectors, Vectors]:
        vectors = self.embed_queries(texts)
        return vectors, vectors[:, ::-1].copy()


class ScatteredInside(ScatteredEmbedder, Inside):
    """Directions and a middle."""


def test_an_encoder_that_tells_its_middle_gives_both() -> None:
    rows = encoded(Inside(), TEXTS)
    assert rows.shape == (len(TEXTS), 128) == (len(TEXTS), width(Inside()))
    vectors, inner = halves(rows, 64)
    assert np.array_equal(vectors, HashingEmbedder().embed_queries(TEXTS))
    assert np.array_equal(inner, vectors[:, ::-1])


def test_of_another_encoder_only_the_end_is_known() -> None:
    rows = encoded(HashingEmbedder(), TEXTS)
    assert rows.shape == (len(TEXTS), 64) == (len(TEXTS), width(HashingEmbedder()))
    assert halves(rows, 64)[1].shape == (len(TEXTS), 0)
    vectors, inner = neutral_rows(rows, ["en"] * len(TEXTS), 64).of(rows)
    assert vectors.shape == (len(TEXTS), 64)
    assert inner.shape == (len(TEXTS), 0)


def test_both_are_kept_on_disk_and_in_the_package(tmp_path: Path) -> None:
    embedder = Inside()
    kept = ExampleVectors(tmp_path, lambda: None)
    first = kept.get(TEXTS, embedder, ignore)
    before = embedder.calls
    assert np.array_equal(kept.get(TEXTS, embedder, ignore), first)
    assert embedder.calls == before


def test_both_come_with_the_package() -> None:
    packed = quantised(TEXTS, ScatteredInside())
    assert packed.are_of(ScatteredInside())
    assert not packed.are_of(HashingEmbedder(dimension=384))
    rows = encoded(ScatteredInside(), TEXTS)
    assert np.abs(packed.of(TEXTS)[0] - rows[0]).max() < 0.1


def test_vectors_kept_without_a_middle_are_made_anew(tmp_path: Path) -> None:
    kept = ExampleVectors(tmp_path, lambda: None)
    kept.get(TEXTS, HashingEmbedder(), ignore)
    assert kept.get(TEXTS, Inside(), ignore).shape == (len(TEXTS), 128)


def test_an_encoder_run_another_way_that_tells_no_middle_uses_the_packages_vectors(
    tmp_path: Path,
) -> None:
    packed = quantised(TEXTS, ScatteredInside())
    assert packed.are_of(ScatteredEmbedder())
    seen: list[tuple[int, int]] = []
    kept = ExampleVectors(tmp_path, lambda: packed)
    rows = kept.get(TEXTS, ScatteredEmbedder(), lambda *at: seen.append(at))
    assert rows.shape == (len(TEXTS), 384)
    assert seen == []
