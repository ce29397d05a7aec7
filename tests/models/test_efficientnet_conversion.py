"""Turning EfficientNet-Lite2 weights into ONNX."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d, batch_norm, conv2d, linear, pad, relu6

from assistant.core.errors import ModelError
from assistant.models.conversion.efficientnet import SIZE, convert
from assistant.models.onnx_labeler import OnnxLabeler

# Input channels, output channels, kernel, stride, expansion of each block of Lite2,
# as the published architecture has them, with channels divided by 8 to be quick.
BLOCKS = [
    (4, 2, 3, 1, 1),
    *[(2, 3, 3, 2, 6), (3, 3, 3, 1, 6), (3, 3, 3, 1, 6)],
    *[(3, 6, 5, 2, 6), (6, 6, 5, 1, 6), (6, 6, 5, 1, 6)],
    *[(6, 11, 3, 2, 6), (11, 11, 3, 1, 6), (11, 11, 3, 1, 6), (11, 11, 3, 1, 6)],
    *[(11, 15, 5, 1, 6), (15, 15, 5, 1, 6), (15, 15, 5, 1, 6), (15, 15, 5, 1, 6)],
    *[(15, 26, 5, 2, 6), *[(26, 26, 5, 1, 6)] * 4],
    (26, 44, 3, 1, 6),
]
FEATURES, CLASSES = 160, 1000


def random_state() -> dict[str, Tensor]:
    torch.manual_seed(0)
    state: dict[str, Tensor] = {}

    def conv(name: str, norm: str, outputs: int, inputs: int, kernel: int) -> None:
        scale = (2 / (inputs * kernel * kernel)) ** 0.5
        state[f"{name}.weight"] = torch.randn(outputs, inputs, kernel, kernel) * scale
        state[f"{norm}.weight"] = torch.rand(outputs) + 0.5
        state[f"{norm}.bias"] = torch.randn(outputs) * 0.3
        state[f"{norm}.running_mean"] = torch.randn(outputs) * 0.1
        state[f"{norm}.running_var"] = torch.rand(outputs) + 0.5
        state[f"{norm}.num_batches_tracked"] = torch.tensor(1)

    conv("_conv_stem", "_bn0", 4, 3, 3)
    for i, (inputs, outputs, kernel, _, expansion) in enumerate(BLOCKS):
        name, inner = f"_blocks.{i}", inputs * expansion
        if expansion > 1:
            conv(f"{name}._expand_conv", f"{name}._bn0", inner, inputs, 1)
        conv(f"{name}._depthwise_conv", f"{name}._bn1", inner, 1, kernel)
        conv(f"{name}._project_conv", f"{name}._bn2", outputs, inner, 1)
    conv("_conv_head", "_bn1", FEATURES, BLOCKS[-1][1], 1)
    state["_fc.weight"] = torch.randn(CLASSES, FEATURES) * 0.3
    state["_fc.bias"] = torch.randn(CLASSES) * 0.3
    return state


def reference(state: dict[str, Tensor], image: Tensor) -> Tensor:
    """The network as its authors describe it, unfused."""

    def conv(x: Tensor, name: str, norm: str, stride: int = 1, groups: int = 1) -> Tensor:
        weight = state[f"{name}.weight"]
        side, kernel = x.shape[-1], weight.shape[-1]
        total = max((-(-side // stride) - 1) * stride + kernel - side, 0)
        before, after = total // 2, total - total // 2
        x = conv2d(pad(x, (before, after, before, after)), weight, stride=stride, groups=groups)
        mean, variance = state[f"{norm}.running_mean"], state[f"{norm}.running_var"]
        return batch_norm(
            x, mean, variance, state[f"{norm}.weight"], state[f"{norm}.bias"], eps=1e-3
        )

    x = relu6(conv((image - 127) / 128, "_conv_stem", "_bn0", stride=2))
    for i, (inputs, outputs, _, stride, expansion) in enumerate(BLOCKS):
        name, before = f"_blocks.{i}", x
        if expansion > 1:
            x = relu6(conv(x, f"{name}._expand_conv", f"{name}._bn0"))
        x = relu6(conv(x, f"{name}._depthwise_conv", f"{name}._bn1", stride, inputs * expansion))
        x = conv(x, f"{name}._project_conv", f"{name}._bn2")
        if stride == 1 and inputs == outputs:
            x = x + before
    x = relu6(conv(x, "_conv_head", "_bn1"))
    pooled = adaptive_avg_pool2d(x, 1).flatten(1)
    return linear(pooled, state["_fc.weight"], state["_fc.bias"]).softmax(-1)


@pytest.fixture(scope="module")
def state() -> dict[str, Tensor]:
    return random_state()


@pytest.fixture(scope="module")
def folder(state: dict[str, Tensor], tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("model")
    torch.save(state, place / "weights.pth")
    (place / "converted").mkdir()
    convert(place / "weights.pth", place / "converted")
    return place / "converted"


def test_the_onnx_model_gives_what_the_torch_layers_give(
    state: dict[str, Tensor], folder: Path
) -> None:
    images = np.random.default_rng(0).integers(0, 256, (2, 3, SIZE, SIZE), np.uint8)
    session = onnxruntime.InferenceSession(
        folder / "model.onnx", providers=["CPUExecutionProvider"]
    )
    (given,) = session.run(None, {"image": images})
    expected = reference(state, torch.from_numpy(images).float()).numpy()
    np.testing.assert_allclose(given, expected, atol=2e-6, rtol=1e-3)
    assert expected.max() > 2 / CLASSES, "a flat reference would prove nothing"


def test_the_folder_is_what_the_labeler_takes(folder: Path) -> None:
    labeler = OnnxLabeler(folder, name="tiny", threads=1)
    image = np.random.default_rng(1).integers(0, 256, (300, 400, 3), np.uint8)
    ((best, second),) = labeler.label([image], 2)
    assert best.score >= second.score > 0


def test_the_thousand_labels_are_all_different(folder: Path) -> None:
    labels = (folder / "labels.txt").read_text(encoding="utf-8").splitlines()
    assert len(set(labels)) == 1000
    assert labels[281] == "tabby"
    assert json.loads((folder / "config.json").read_text(encoding="utf-8")) == {
        "size": 260,
        "resize": 292,
    }


def test_a_file_that_is_no_checkpoint_is_refused(tmp_path: Path) -> None:
    (tmp_path / "weights.pth").write_bytes(b"not a pickle at all")
    with pytest.raises(ModelError, match="can't be read as PyTorch weights"):
        convert(tmp_path / "weights.pth", tmp_path)


def test_code_in_a_checkpoint_is_never_run(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[object, tuple[object, ...]]:
            return Path.touch, (tmp_path / "sprung",)

    torch.save({"_fc.bias": Trap()}, tmp_path / "weights.pth")
    with pytest.raises(ModelError):
        convert(tmp_path / "weights.pth", tmp_path)
    assert not (tmp_path / "sprung").exists()


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    torch.save({"layer.weight": torch.zeros(2, 2)}, tmp_path / "weights.pth")
    with pytest.raises(ModelError, match="_bn0"):
        convert(tmp_path / "weights.pth", tmp_path)
