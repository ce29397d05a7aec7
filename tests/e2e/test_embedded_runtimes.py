"""The contracts of generator and embedder on the embedded models themselves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.models.llamacpp import LlamaCppGenerator
from assistant.models.onnx_embedder import OnnxEmbedder
from tests.models.contracts.embedder import EmbedderContract
from tests.models.contracts.generator import GeneratorContract


class TestEmbeddedGenerator(GeneratorContract):
    """SmolLM2-135M, with a small context so that long prompts are read quickly."""

    @pytest.fixture(scope="class")
    def generator(self, embedded_models: Path) -> Iterator[LlamaCppGenerator]:
        name = "smollm2-135m-instruct"
        loaded = LlamaCppGenerator(
            embedded_models / name, name=name, context=512, threads=0, grounded=False
        )
        yield loaded
        loaded.close()


class TestEmbeddedEmbedder(EmbedderContract):
    """multilingual-e5-small."""

    @pytest.fixture(scope="class")
    def embedder(self, embedded_models: Path) -> OnnxEmbedder:
        name = "multilingual-e5-small"
        return OnnxEmbedder(embedded_models / name, name=name, threads=0, batch_size=16)

    def test_a_question_is_nearest_to_its_answer_in_either_language(
        self, embedder: OnnxEmbedder
    ) -> None:
        passages = embedder.embed_documents(
            ["The tower is 330 metres high.", "Cats purr when content.", "这座塔高三百三十米。"]
        )
        questions = embedder.embed_queries(["Why do cats purr?", "猫为什么会打呼噜？"])
        assert (questions @ passages.T).argmax(axis=1).tolist() == [1, 1]
