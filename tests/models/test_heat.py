"""Maps of what speaks for a label: exact for the classifier, by gradients for encoders."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper
from transformers import AutoModel, AutoProcessor

from assistant.core.errors import ModelError
from assistant.models.class_activation import ActivationMapper
from assistant.models.clip_encoder import ClipEncoder
from assistant.models.onnx_labeler import OnnxLabeler
from tests.models.test_clip_encoder import save_tiny_clip
from tests.models.test_labeler import write_colour_classifier
from tests.models.tiny_siglip import save_tiny_siglip, save_tiny_siglip2

SIZE, CLASSES = 8, 5

prepared_by: Any = AutoProcessor.from_pretrained


def write_network(folder: Path) -> None:
    """A convolution, a mean over places and a linear layer, as EfficientNet ends."""
    rng = np.random.default_rng(0)
    kernel = rng.normal(size=(6, 3, 2, 2)).astype(np.float32) / 100
    weights = rng.normal(size=(CLASSES, 6)).astype(np.float32)
    bias = rng.normal(size=CLASSES).astype(np.float32)
    nodes = [
        helper.make_node("Cast", ["image"], ["x"], to=TensorProto.FLOAT),
        helper.make_node("Conv", ["x", "kernel"], ["c"], strides=[2, 2]),
        helper.make_node("Relu", ["c"], ["f"]),
        helper.make_node("GlobalAveragePool", ["f"], ["p"]),
        helper.make_node("Flatten", ["p"], ["q"]),
        helper.make_node("Gemm", ["q", "w", "b"], ["z"], transB=1),
        helper.make_node("Softmax", ["z"], ["probabilities"]),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("image", TensorProto.UINT8, ["n", 3, SIZE, SIZE])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["n", CLASSES])],
        [
            numpy_helper.from_array(a, n)
            for n, a in (("kernel", kernel), ("w", weights), ("b", bias))
        ],
    )
    opset = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=8), folder / "model.onnx")
    (folder / "labels.txt").write_text("a\nb\nc\nd\ne\n", encoding="utf-8")
    (folder / "config.json").write_text('{"size": 8, "resize": 10}', encoding="utf-8")


def bias_of(folder: Path) -> np.ndarray:
    graph = onnx.load(folder / "model.onnx").graph
    return np.asarray(next(numpy_helper.to_array(t) for t in graph.initializer if t.name == "b"))


def noise(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(3).integers(0, 256, (height, width, 3), np.uint8)


def test_the_mean_of_a_class_map_is_the_centred_logit(tmp_path: Path) -> None:
    write_network(tmp_path)
    labeler = OnnxLabeler(tmp_path, name="tiny", threads=1)
    image = noise(SIZE, SIZE)
    (labels,) = labeler.label([image], CLASSES)
    logs = {x.label: np.log(x.score) for x in labels}
    bias = bias_of(tmp_path)
    for index, label in enumerate("abcde"):
        centred = logs[label] - np.mean(list(logs.values())) - (bias[index] - bias.mean())
        mean = labeler.heat(image, {label: 1.0}).values.mean()
        assert mean == pytest.approx(centred, abs=1e-3)


def test_several_classes_weigh_by_their_shares(tmp_path: Path) -> None:
    write_network(tmp_path)
    labeler = OnnxLabeler(tmp_path, name="tiny", threads=1)
    image = noise(SIZE, SIZE)
    one, other = (labeler.heat(image, {x: 1.0}).values for x in "ab")
    both = labeler.heat(image, {"a": 3.0, "b": 1.0, "unknown": 9.0}).values
    np.testing.assert_allclose(both, 0.75 * one + 0.25 * other, atol=1e-5)


def test_the_map_covers_the_middle_square_the_network_takes(tmp_path: Path) -> None:
    write_network(tmp_path)
    heat = OnnxLabeler(tmp_path, name="tiny", threads=1).heat(noise(100, 200), {"a": 1.0})
    assert heat.box == (60, 10, 140, 90)


def test_a_class_the_model_lacks_is_an_error(tmp_path: Path) -> None:
    write_network(tmp_path)
    with pytest.raises(ModelError, match="no class for that"):
        OnnxLabeler(tmp_path, name="tiny", threads=1).heat(noise(9, 9), {"unknown": 1.0})


def test_a_network_of_another_shape_says_that_it_can_show_nothing(tmp_path: Path) -> None:
    write_colour_classifier(tmp_path)
    with pytest.raises(ModelError, match="can't show"):
        ActivationMapper(tmp_path / "model.onnx", name="colours")


ENCODERS = [save_tiny_clip, save_tiny_siglip, save_tiny_siglip2]


@pytest.fixture(scope="module", params=ENCODERS)
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    save: Callable[[Path], object] = request.param
    place = tmp_path_factory.mktemp("encoder")
    save(place)
    return place


def test_an_encoder_gives_a_map_over_the_patches_it_saw(folder: Path) -> None:
    encoder = ClipEncoder(folder, name="tiny", device="cpu")
    heat = encoder.heat(noise(64, 64), "a dog")
    assert heat.values.ndim == 2
    assert heat.values.size >= 4
    assert np.isfinite(heat.values).all()
    assert heat.box == (0, 0, 64, 64)


def test_looking_for_reasons_changes_nothing(folder: Path) -> None:
    encoder = ClipEncoder(folder, name="tiny", device="cpu")
    before = encoder.embed_images([noise(40, 60)])
    encoder.heat(noise(40, 60), "a dog")
    np.testing.assert_array_equal(before, encoder.embed_images([noise(40, 60)]))


def test_clip_sees_the_middle_square_only(tmp_path: Path) -> None:
    save_tiny_clip(tmp_path)
    encoder = ClipEncoder(tmp_path, name="tiny", device="cpu")
    assert encoder.heat(noise(40, 80), "a dog").box == (20, 0, 60, 40)


def test_the_map_foretells_how_the_cosine_moves(tmp_path: Path) -> None:
    """Gradient times activation is what scaling a patch's vector changes, to first order."""
    save_tiny_siglip(tmp_path)
    encoder = ClipEncoder(tmp_path, name="tiny", device="cpu")
    image = noise(32, 32)
    heat = encoder.heat(image, "a dog")
    model = AutoModel.from_pretrained(tmp_path).train(False)
    inputs = prepared_by(tmp_path)(images=[image], return_tensors="pt")
    text = torch.from_numpy(encoder.embed_texts(["a dog"])[0])
    step = 1e-2

    def cosine(scale: float) -> float:
        def grown(_layer: object, args: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
            hidden = args[0].clone()
            hidden[0, 1] *= scale
            return (hidden, *args[1:])

        hook = model.vision_model.encoder.layers[-1].register_forward_pre_hook(grown)
        with torch.inference_mode():
            row = model.get_image_features(**inputs).pooler_output[0]
        hook.remove()
        return float(torch.nn.functional.normalize(row, dim=-1) @ text)

    moved = (cosine(1 + step) - cosine(1 - step)) / (2 * step)
    assert heat.values[0, 1] == pytest.approx(moved, rel=0.05, abs=1e-4)
