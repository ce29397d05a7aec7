"""Classifiers of the hub, on a tiny BERT made here (random weights, real classes)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import pytest

from assistant.core.documents import Label
from assistant.core.errors import ModelError
from assistant.models.devices import Device
from assistant.models.sequence_classifier import SequenceClassifier

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "cat", "is", "good", "bad"]
LABELS = ("joy", "anger", "fear")


Problem = Literal["multi_label_classification"] | None


def tiny(folder: Path, problem_type: Problem = None) -> Path:
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    tokenizer = BertTokenizer(vocab={word: i for i, word in enumerate(WORDS)})
    tokenizer.model_max_length = 32
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=32,
        id2label=dict(enumerate(LABELS)),
        label2id={label: i for i, label in enumerate(LABELS)},
        problem_type=problem_type,
    )
    tokenizer.save_pretrained(folder)
    BertForSequenceClassification(config).save_pretrained(folder)
    return folder


def scores(labels: Sequence[Label]) -> list[float]:
    return [label.score for label in labels]


def cpu() -> tuple[Device, ...]:
    return (Device("cpu", "cpu", "a CPU", 8 << 30, 4 << 30, 2),)


def classifier(folder: Path) -> SequenceClassifier:
    return SequenceClassifier(folder, name="tiny", devices=cpu)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny(tmp_path_factory.mktemp("bert"))


def test_labels_are_known_before_weights_are_loaded(folder: Path) -> None:
    model = classifier(folder)
    assert model.labels == LABELS
    assert model._loaded is None


def test_every_label_has_a_probability_best_first(folder: Path) -> None:
    (found,) = classifier(folder).classify(["the cat is good"])
    assert {label.label for label in found} == set(LABELS)
    assert sum(label.score for label in found) == pytest.approx(1.0)
    assert scores(found) == sorted(scores(found), reverse=True)


def test_texts_in_a_batch_get_what_they_get_alone(folder: Path) -> None:
    model = classifier(folder)
    texts = ["the cat", "is good", "the cat is bad and much longer", ""] * 6
    together = model.classify(texts)
    for text, labels in zip(texts[:4], together[:4], strict=True):
        (alone,) = model.classify([text])
        assert scores(labels) == pytest.approx(scores(alone), abs=1e-5)


def test_a_text_longer_than_the_model_reads_is_cut(folder: Path) -> None:
    assert len(classifier(folder).classify(["cat " * 5000])[0]) == len(LABELS)


def test_no_texts_load_nothing(folder: Path) -> None:
    model = classifier(folder)
    assert model.classify([]) == []
    assert model._loaded is None


def test_labels_that_do_not_exclude_each_other_have_probabilities_of_their_own(
    tmp_path: Path,
) -> None:
    model = classifier(tiny(tmp_path, "multi_label_classification"))
    (found,) = model.classify(["the cat is good"])
    assert sum(label.score for label in found) != pytest.approx(1.0)
    assert all(0 < label.score < 1 for label in found)


def test_files_that_are_missing_are_an_error_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="can't be loaded") as caught:
        classifier(tmp_path)
    assert "assistant models pull tiny" in caught.value.hint
