"""The vectors that come with the package."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.routing.shipped import ShippedVectors, digest, quantised, shipped_vectors
from assistant.routing.vectors import ExampleVectors
from benchmarks.example_vectors import encoded_texts
from tests.routing.test_vectors import TEXTS, ignore
from tests.skills.describing import ScatteredEmbedder

MAKER = "python -m benchmarks.example_vectors --models DIR"


@pytest.fixture(scope="module")
def packed() -> ShippedVectors:
    return quantised(TEXTS, ScatteredEmbedder())


def test_every_example_of_the_installed_skills_is_in_the_package() -> None:
    shipped = shipped_vectors()
    assert shipped is not None
    texts = encoded_texts()
    known = shipped.of(texts)
    missing = [text for at, text in enumerate(texts) if at not in known]
    assert missing == [], f"{len(missing)} examples are new; run {MAKER}"


def test_what_is_in_the_package_is_sorted_and_nearly_of_unit_length() -> None:
    shipped = shipped_vectors()
    assert shipped is not None
    assert (np.diff(shipped.digests.astype(object)) > 0).all()
    rows = np.array(list(shipped.of(encoded_texts()).values()))
    for half in np.split(rows, 2, axis=1):
        lengths = np.linalg.norm(half, axis=1)
        assert np.allclose(lengths, 1, atol=0.05)


def test_a_row_is_nearly_what_the_encoder_gives(packed: ShippedVectors) -> None:
    known, given = packed.of(TEXTS), ScatteredEmbedder().embed_queries(TEXTS)
    assert len(known) == len(TEXTS)
    assert min(float(given[at] @ row) for at, row in known.items()) > 0.98


def test_texts_that_are_not_there_are_left_out(packed: ShippedVectors) -> None:
    assert list(packed.of(["unheard of", TEXTS[3], "never said"])) == [1]
    assert packed.of([]) == {}


def test_the_order_of_the_texts_does_not_matter(packed: ShippedVectors) -> None:
    other = quantised([*reversed(TEXTS), *TEXTS], ScatteredEmbedder())
    assert np.array_equal(other.digests, packed.digests)
    assert np.array_equal(other.packed, packed.packed)


def test_a_first_start_encodes_no_example_that_is_there(
    packed: ShippedVectors, tmp_path: Path
) -> None:
    seen: list[tuple[int, int]] = []
    vectors = ExampleVectors(tmp_path, lambda: packed)
    rows = vectors.get(["new", *TEXTS], ScatteredEmbedder(), lambda *at: seen.append(at))
    assert seen == [(1, 1)]
    given = ScatteredEmbedder().embed_queries(["new", *TEXTS])
    assert float((rows * given).sum(axis=1).min()) > 0.98


def test_another_encoder_of_the_same_name_and_size_is_found_out(
    packed: ShippedVectors, tmp_path: Path
) -> None:
    turned = replace(packed, packed=np.roll(packed.packed, 1, axis=1))
    seen: list[tuple[int, int]] = []
    ExampleVectors(tmp_path, lambda: turned).get(
        TEXTS, ScatteredEmbedder(), lambda *at: seen.append(at)
    )
    assert seen[-1] == (len(TEXTS), len(TEXTS))


def test_an_encoder_of_another_size_is_not_asked(packed: ShippedVectors) -> None:
    embedder = ScatteredEmbedder(dimension=32)
    assert not packed.are_of(embedder)
    assert embedder.calls == 0


def test_without_the_file_everything_is_encoded(tmp_path: Path) -> None:
    rows = ExampleVectors(tmp_path, lambda: None).get(TEXTS, ScatteredEmbedder(), ignore)
    assert rows.shape == (len(TEXTS), 384)


def test_a_digest_is_64_bits_of_any_text() -> None:
    assert 0 <= digest("\ud800 half a pair") < 2**64
    assert digest("a") != digest("b")
