"""Real SavedModels, made here and run by TensorFlow.

No part of the suite, for TensorFlow takes 1.6 GB on the disk: make test-tensorflow.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from assistant.core.errors import ModelError
from assistant.models.saved_model import SavedModelClassifier, SavedModelEmbedder, load_saved_model
from assistant.models.sources.tf_hub import check_saved_model


def save_embedder(folder: Path, *, signature: bool = True) -> Path:
    """Words hashed into 32 buckets, a random vector for each, summed; as NNLM does."""
    table = np.random.default_rng(0).normal(size=(32, 8)).astype(np.float32)

    class Words(tf.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.table = tf.Variable(table)

        @tf.function(input_signature=[tf.TensorSpec([None], tf.string)])  # type: ignore[untyped-decorator]
        def __call__(self, texts: Any) -> Any:
            words = tf.strings.split(texts)
            places = tf.strings.to_hash_bucket_fast(words.flat_values, 32)
            rows = words.with_flat_values(tf.gather(self.table, places))
            return tf.reduce_sum(rows, axis=1)

    model = Words()
    signatures = {"serving_default": model.__call__} if signature else None
    tf.saved_model.save(model, str(folder), signatures=signatures)
    return folder


@pytest.mark.parametrize("signature", [True, False])
def test_an_embedder_gives_unit_rows_of_what_the_graph_gives(
    tmp_path: Path, signature: bool
) -> None:
    folder = save_embedder(tmp_path / "words", signature=signature)
    check_saved_model(folder, "words")
    embedder = SavedModelEmbedder(folder, name="words")
    assert embedder.dimension == 8
    rows = embedder.embed_documents(["the cat", "cat the", "", "a 你好 \0 \ud800"])
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert np.allclose(rows[0], rows[1], atol=1e-6)
    raw = tf.saved_model.load(str(folder))(tf.constant(["the cat"])).numpy()[0]
    assert np.allclose(rows[0], raw / np.linalg.norm(raw), atol=1e-6)


def test_a_classifier_gives_its_labels_in_order(tmp_path: Path) -> None:
    class Length(tf.Module):  # type: ignore[misc]
        @tf.function(input_signature=[tf.TensorSpec([None], tf.string)])  # type: ignore[untyped-decorator]
        def serve(self, texts: Any) -> Any:
            long = tf.cast(tf.strings.length(texts) > 10, tf.float32)
            return {"scores": tf.stack([1 - long, long], axis=1)}

    model = Length()
    tf.saved_model.save(model, str(tmp_path), signatures={"serving_default": model.serve})
    (tmp_path / "assets").mkdir(exist_ok=True)
    (tmp_path / "assets" / "labels.txt").write_text("short\nlong\n", encoding="utf-8")
    sorter = SavedModelClassifier(tmp_path, name="length")
    found = sorter.classify(["hi", "a much longer text"])
    assert [row[0].label for row in found] == ["short", "long"]


@pytest.mark.parametrize("operation", ["read", "write", "python", "save", "restore", "cache"])
def test_a_graph_that_touches_files_or_calls_python_is_found(
    tmp_path: Path, operation: str
) -> None:
    class Evil(tf.Module):  # type: ignore[misc]
        @tf.function(input_signature=[tf.TensorSpec([None], tf.string)])  # type: ignore[untyped-decorator]
        def __call__(self, texts: Any) -> Any:
            if operation == "read":
                return tf.io.read_file("/etc/passwd")
            if operation == "write":
                tf.io.write_file("/tmp/evil", "x")
                return texts
            if operation == "save":
                given = {"prefix": "/tmp/evil", "tensor_names": ["a"], "shape_and_slices": [""]}
                with tf.control_dependencies([tf.raw_ops.SaveV2(**given, tensors=[texts])]):
                    return tf.identity(texts)
            if operation == "restore":
                given = {"prefix": "/tmp/evil", "tensor_names": ["a"], "shape_and_slices": [""]}
                return tf.raw_ops.RestoreV2(**given, dtypes=[tf.string])[0]
            if operation == "cache":
                kept = tf.data.Dataset.from_tensors(1.0).cache("/tmp/evil")
                return texts, kept.reduce(0.0, lambda total, one: total + one)
            return tf.numpy_function(lambda given: given, [texts], tf.string)

    tf.saved_model.save(Evil(), str(tmp_path))
    with pytest.raises(ModelError, match="touch files or call Python"):
        check_saved_model(tmp_path, "evil")


def test_a_model_with_a_vocabulary_is_harmless_and_answers(tmp_path: Path) -> None:
    vocabulary = tmp_path / "words.txt"
    vocabulary.write_text("cat\ndog\n", encoding="utf-8")

    class Known(tf.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            lines = tf.lookup.TextFileInitializer(
                tf.saved_model.Asset(str(vocabulary)),
                tf.string,
                tf.lookup.TextFileIndex.WHOLE_LINE,
                tf.int64,
                tf.lookup.TextFileIndex.LINE_NUMBER,
            )
            self.table = tf.lookup.StaticHashTable(lines, 2)
            self.rows = tf.Variable(np.eye(3, dtype=np.float32))

        @tf.function(input_signature=[tf.TensorSpec([None], tf.string)])  # type: ignore[untyped-decorator]
        def __call__(self, texts: Any) -> Any:
            return tf.gather(self.rows, self.table.lookup(texts))

    folder = tmp_path / "known"
    model = Known()
    tf.saved_model.save(model, str(folder), signatures={"serving_default": model.__call__})
    check_saved_model(folder, "known")
    embedder = SavedModelEmbedder(folder, name="known")
    assert np.allclose(embedder.embed_documents(["dog"]), [[0, 1, 0]])


def test_a_model_of_tensorflow_1_is_judged_by_the_same_rules(tmp_path: Path) -> None:
    v1 = tf.compat.v1
    for folder, saves in ((tmp_path / "good", False), (tmp_path / "evil", True)):
        with v1.Graph().as_default(), v1.Session() as session:
            texts = v1.placeholder(tf.string, [None])
            table = v1.get_variable("table", [8, 4])
            rows = tf.gather(table, tf.strings.to_hash_bucket_fast(texts, 8))
            given = {"prefix": "/tmp/evil", "tensor_names": ["a"], "shape_and_slices": [""]}
            first = [tf.raw_ops.SaveV2(**given, tensors=[table])] if saves else []
            with tf.control_dependencies(first):
                rows = tf.identity(rows)
            session.run(v1.global_variables_initializer())
            v1.saved_model.simple_save(session, str(folder), {"texts": texts}, {"rows": rows})
    check_saved_model(tmp_path / "good", "good")
    assert SavedModelEmbedder(tmp_path / "good", name="good").dimension == 4
    with pytest.raises(ModelError, match="SaveV2"):
        check_saved_model(tmp_path / "evil", "evil")


def test_a_model_of_images_is_refused_in_words(tmp_path: Path) -> None:
    class Images(tf.Module):  # type: ignore[misc]
        @tf.function(input_signature=[tf.TensorSpec([None, 8, 8, 3], tf.float32)])  # type: ignore[untyped-decorator]
        def __call__(self, images: Any) -> Any:
            return tf.reduce_mean(images, axis=[1, 2])

    tf.saved_model.save(Images(), str(tmp_path))
    with pytest.raises(ModelError, match="takes no list of texts"):
        SavedModelEmbedder(tmp_path, name="images")


def test_a_damaged_model_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "saved_model.pb").write_bytes(b"\xff\xfe nonsense")
    with pytest.raises(ModelError, match="can't be loaded"):
        load_saved_model(tmp_path)
