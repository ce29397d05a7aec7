"""Labelling images with a classifier in ONNX Runtime."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from assistant.core.errors import ModelError
from assistant.models.onnx_labeler import OnnxLabeler

SIZE = 8


def write_colour_classifier(folder: Path, labels: str = "red\ngreen\nblue\n") -> None:
    """A network whose classes are the mean levels of red, green and blue."""
    nodes = [
        helper.make_node("Cast", ["image"], ["levels"], to=TensorProto.FLOAT),
        helper.make_node("GlobalAveragePool", ["levels"], ["means"]),
        helper.make_node("Flatten", ["means"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["probabilities"]),
    ]
    graph = helper.make_graph(
        nodes,
        "colours",
        [helper.make_tensor_value_info("image", TensorProto.UINT8, ["n", 3, SIZE, SIZE])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["n", 3])],
    )
    opset = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=8), folder / "model.onnx")
    (folder / "labels.txt").write_text(labels, encoding="utf-8")
    (folder / "config.json").write_text('{"size": 8, "resize": 9}', encoding="utf-8")


def plain(red: int, green: int, blue: int) -> np.ndarray:
    return np.full((30, 50, 3), (red, green, blue), np.uint8)


@pytest.fixture
def labeler(tmp_path: Path) -> OnnxLabeler:
    write_colour_classifier(tmp_path)
    return OnnxLabeler(tmp_path, name="colours", threads=1)


def test_labels_come_best_first(labeler: OnnxLabeler) -> None:
    ((first, second),) = labeler.label([plain(1, 5, 3)], 2)
    assert (first.label, second.label) == ("green", "blue")
    assert first.score == pytest.approx(np.exp(5) / np.exp([1, 5, 3]).sum(), rel=1e-4)


def test_many_images_are_labelled_in_order_by_several_threads(tmp_path: Path) -> None:
    write_colour_classifier(tmp_path)
    labeler = OnnxLabeler(tmp_path, name="colours", threads=3)
    images = [plain(9, 0, 0) if i % 2 else plain(0, 0, 9) for i in range(17)]
    found = [labels[0].label for labels in labeler.label(images, 1)]
    assert found == ["red" if i % 2 else "blue" for i in range(17)]


def test_no_image_gives_no_labels(labeler: OnnxLabeler) -> None:
    assert labeler.label([], 3) == []


def test_the_middle_of_a_wide_image_is_what_counts(labeler: OnnxLabeler) -> None:
    wide = np.zeros((30, 300, 3), np.uint8)
    wide[:, :, 0] = 200
    wide[:, 130:170] = (0, 0, 200)
    assert labeler.label([wide], 1)[0][0].label == "blue"


def test_an_image_of_one_pixel_is_labelled_too(labeler: OnnxLabeler) -> None:
    assert labeler.label([np.full((1, 1, 3), (0, 9, 0), np.uint8)], 1)[0][0].label == "green"


@pytest.mark.parametrize("lost", ["model.onnx", "labels.txt", "config.json"])
def test_a_missing_file_is_damage_with_a_remedy(tmp_path: Path, lost: str) -> None:
    write_colour_classifier(tmp_path)
    (tmp_path / lost).unlink()
    with pytest.raises(ModelError, match="damaged") as caught:
        OnnxLabeler(tmp_path, name="colours", threads=1)
    assert "assistant models pull colours" in caught.value.hint


def test_a_garbled_model_is_damage(tmp_path: Path) -> None:
    write_colour_classifier(tmp_path)
    (tmp_path / "model.onnx").write_bytes(b"garbage")
    with pytest.raises(ModelError, match="damaged"):
        OnnxLabeler(tmp_path, name="colours", threads=1)


def test_labels_that_do_not_match_the_classes_are_damage(tmp_path: Path) -> None:
    write_colour_classifier(tmp_path, labels="red\n")
    with pytest.raises(ModelError, match="damaged"):
        OnnxLabeler(tmp_path, name="colours", threads=1)
