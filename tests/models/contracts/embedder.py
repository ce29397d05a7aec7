"""What every `Embedder` does; a test class inherits this and provides the `embedder` fixture."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from assistant.core.protocols import Embedder, Vectors

HOSTILE = ["", "   \n\t ", "\x00\x1b[31mred\x07", "👍🏽🇨🇳", "\ud800", "<s></s><pad>", "ﬁ½①"]
TOLERANCE = 0.02
"""Cosine lost at most to a neighbour in the batch, where activations are quantised together."""


def cosines(left: Vectors, right: Vectors) -> Vectors:
    return np.asarray((left * right).sum(axis=1), dtype=np.float32)


class EmbedderContract:
    """Inherit and add an `embedder` fixture."""

    def test_says_what_it_is(self, embedder: Embedder) -> None:
        assert embedder.name
        assert embedder.dimension > 0
        assert embedder.max_tokens > 8

    def test_gives_a_unit_row_for_each_text(self, embedder: Embedder) -> None:
        for embed in (embedder.embed_documents, embedder.embed_queries):
            rows = embed(["one two three", "你好世界", "four"])
            assert rows.shape == (3, embedder.dimension)
            assert rows.dtype == np.float32
            assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-4)

    def test_no_texts_give_no_rows(self, embedder: Embedder) -> None:
        assert embedder.embed_documents([]).shape == (0, embedder.dimension)
        assert embedder.embed_queries([]).shape == (0, embedder.dimension)
        assert embedder.count_tokens([]) == []

    def test_keeps_the_order_of_texts_of_any_length(self, embedder: Embedder) -> None:
        lengths = {"a": 9, "b": 1, "c": 30, "d": 4, "e": 12, "f": 2, "g": 25, "h": 6}
        texts = [letter * length for letter, length in lengths.items()]
        together = embedder.embed_documents(texts)
        alone = np.concatenate([embedder.embed_documents([text]) for text in texts])
        assert (together @ alone.T).argmax(axis=1).tolist() == list(range(len(texts)))
        assert cosines(together, alone).min() > 1 - TOLERANCE

    def test_the_same_text_gives_the_same_row(self, embedder: Embedder) -> None:
        first, second = embedder.embed_queries(["hello"]), embedder.embed_queries(["hello"])
        assert np.array_equal(first, second)

    def test_questions_and_passages_are_told_apart(self, embedder: Embedder) -> None:
        asked, told = embedder.embed_queries(["abc"]), embedder.embed_documents(["abc"])
        assert cosines(asked, told)[0] < 0.99999

    def test_takes_any_text(self, embedder: Embedder) -> None:
        rows = embedder.embed_documents(HOSTILE)
        assert np.isfinite(rows).all()
        assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-4)
        assert min(embedder.count_tokens(HOSTILE)) > 0

    def test_what_is_beyond_its_length_is_cut(self, embedder: Embedder) -> None:
        start = "one two three four five " * embedder.max_tokens
        rows = embedder.embed_documents([start, start + "something else"])
        assert cosines(rows[:1], rows[1:])[0] == pytest.approx(1, abs=1e-5)

    def test_white_space_before_a_text_does_not_push_it_out(self, embedder: Embedder) -> None:
        pushed = "\n" * (200 * embedder.max_tokens) + "abc"
        rows = embedder.embed_documents(["abc", pushed])
        assert cosines(rows[:1], rows[1:])[0] > 1 - TOLERANCE

    def test_counts_tokens_beyond_its_length(self, embedder: Embedder) -> None:
        short, long = embedder.count_tokens(["a b", "a b " * embedder.max_tokens])
        assert 2 < short < embedder.max_tokens < long

    def test_serves_several_threads_at_once(self, embedder: Embedder) -> None:
        texts = ["abc", "一二三", "x y z", "hello " * 20] * 4
        alone = np.concatenate([embedder.embed_documents([text]) for text in texts])
        with ThreadPoolExecutor(4) as pool:
            rows = list(pool.map(lambda text: embedder.embed_documents([text]), texts))
        assert np.allclose(np.concatenate(rows), alone, atol=1e-5)
