"""Turns an EfficientNet-Lite2 checkpoint of PyTorch into an ONNX labeler folder.

Source: the state dict of efficientnet_lite_pytorch (TensorFlow's weights, renamed), layers
`_conv_stem`, `_blocks.{i}._{expand,depthwise,project}_conv`, `_conv_head`, `_fc`, each
convolution followed by a batch norm. Architecture: EfficientNet (Tan and Le 2019) in its
"Lite" form, without squeeze-and-excitation and with ReLU6.

The graph takes uint8 RGB [n, 3, 260, 260] and gives softmax probabilities float32 [n, classes];
scaling to [-1, 1] is part of it, batch norms are folded into the convolutions.

`imagenet_labels.txt` holds the 1,000 classes of ImageNet (ILSVRC 2012) in the network's order,
each by the first word of its WordNet 3.0 synset, as listed in timm (Apache-2.0); the cranes and
the maillots, two classes each, are told apart in brackets.
"""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.core.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import numpy.typing as npt
    from onnx import ModelProto

    Array = npt.NDArray[np.float32]
    Weights = Mapping[str, Array]

SIZE = 260
"""Side of the square the network was trained on, in pixels."""
CROP_MARGIN = 32
"""The original's evaluation crop: the short side is scaled to SIZE + 32 first."""
MEAN, DEVIATION = 127.0, 128.0
BATCH_NORM_EPSILON = 1e-3

_REPEATS = (1, 3, 3, 4, 4, 5, 1)
_STRIDES = (1, 2, 2, 2, 1, 2, 1)
_OPSET = 17


def convert(source: Path, folder: Path) -> None:
    """Write `model.onnx`, `labels.txt` and `config.json` for the checkpoint into `folder`.

    Raises:
        ModelError: the file is no state dict of EfficientNet-Lite2.
    """
    import onnx

    model = build_graph(read_weights(source))
    labels = resources.files("assistant.models").joinpath("imagenet_labels.txt")
    onnx.save(model, folder / "model.onnx")
    (folder / "labels.txt").write_text(labels.read_text(encoding="utf-8"), encoding="utf-8")
    config = {"size": SIZE, "resize": SIZE + CROP_MARGIN}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")


def read_weights(source: Path) -> dict[str, Array]:
    """The floating-point tensors of a checkpoint, by name; nothing in it is executed.

    Raises:
        ModelError: not a checkpoint of tensors.
    """
    import pickle

    import torch

    remedy = "Remove it and pull the model again."
    try:
        state = torch.load(source, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError, ValueError, KeyError) as error:
        raise ModelError(f"{source.name} can't be read as PyTorch weights.", remedy) from error
    if not isinstance(state, dict):
        raise ModelError(f"{source.name} holds no named tensors.", remedy)
    return {
        name: tensor.float().numpy()
        for name, tensor in state.items()
        if isinstance(tensor, torch.Tensor) and tensor.is_floating_point()
    }


def build_graph(weights: Weights) -> ModelProto:
    """The network as an ONNX model that the checker accepts.

    Raises:
        ModelError: a tensor is missing.
    """
    from onnx import TensorProto, checker, helper

    graph = _Graph(weights)
    try:
        output = graph.network("image")
    except KeyError as error:
        raise ModelError(
            f"The weights lack {error.args[0]}.", "They are not those of EfficientNet-Lite2."
        ) from error
    classes = len(weights["_fc.bias"])
    shape: list[str | int | None] = ["n", 3, SIZE, SIZE]
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "efficientnet-lite2",
            [helper.make_tensor_value_info("image", TensorProto.UINT8, shape)],
            [helper.make_tensor_value_info(output, TensorProto.FLOAT, ["n", classes])],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", _OPSET)],
        ir_version=8,
    )
    checker.check_model(model)
    return model


def fold_batch_norm(weights: Weights, conv: str, norm: str) -> tuple[Array, Array]:
    """Kernel and bias of a convolution that does what it and its batch norm did."""
    import numpy as np

    variance = weights[f"{norm}.running_var"]
    scale = weights[f"{norm}.weight"] / np.sqrt(variance + BATCH_NORM_EPSILON)
    bias = weights[f"{norm}.bias"] - weights[f"{norm}.running_mean"] * scale
    kernel = weights[f"{conv}.weight"] * scale[:, None, None, None]
    return kernel.astype(np.float32), bias.astype(np.float32)


class _Graph:
    """Collects nodes and constants; every method returns the name of its output."""

    def __init__(self, weights: Weights) -> None:
        from onnx import NodeProto, TensorProto

        self._weights = weights
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []

    def network(self, image: str) -> str:
        """The whole network."""
        value = self._activate(self._conv(self._scaled(image), "_conv_stem", "_bn0", stride=2))
        block = 0
        for repeats, stride in zip(_REPEATS, _STRIDES, strict=True):
            for position in range(repeats):
                value = self._block(value, f"_blocks.{block}", 1 if position else stride)
                block += 1
        value = self._activate(self._conv(value, "_conv_head", "_bn1"))
        pooled = self._node("Flatten", [self._node("GlobalAveragePool", [value])])
        kernel = self._constant("_fc.weight", self._weights["_fc.weight"])
        bias = self._constant("_fc.bias", self._weights["_fc.bias"])
        return self._node("Softmax", [self._node("Gemm", [pooled, kernel, bias], transB=1)])

    def _scaled(self, image: str) -> str:
        import numpy as np
        from onnx import TensorProto

        mean = self._constant("mean", np.array(MEAN, np.float32))
        deviation = self._constant("deviation", np.array(DEVIATION, np.float32))
        self._constant("zero", np.array(0, np.float32))
        self._constant("six", np.array(6, np.float32))
        pixels = self._node("Cast", [image], to=TensorProto.FLOAT)
        return self._node("Div", [self._node("Sub", [pixels, mean]), deviation])

    def _block(self, value: str, name: str, stride: int) -> str:
        """Inverted residual: expand, depthwise, project, and the way round where it fits."""
        inner = value
        if f"{name}._expand_conv.weight" in self._weights:
            inner = self._activate(self._conv(value, f"{name}._expand_conv", f"{name}._bn0"))
        depthwise = self._conv(inner, f"{name}._depthwise_conv", f"{name}._bn1", stride, True)
        output = self._conv(self._activate(depthwise), f"{name}._project_conv", f"{name}._bn2")
        if stride == 1 and self._channels_in(name) == self._channels_out(name):
            return self._node("Add", [output, value])
        return output

    def _channels_in(self, block: str) -> int:
        expand = self._weights.get(f"{block}._expand_conv.weight")
        if expand is None:
            return len(self._weights[f"{block}._depthwise_conv.weight"])
        return len(expand[0])

    def _channels_out(self, block: str) -> int:
        return len(self._weights[f"{block}._project_conv.weight"])

    def _conv(
        self, value: str, conv: str, norm: str, stride: int = 1, depthwise: bool = False
    ) -> str:
        kernel, bias = fold_batch_norm(self._weights, conv, norm)
        return self._node(
            "Conv",
            [value, self._constant(f"{conv}.kernel", kernel), self._constant(f"{conv}.bias", bias)],
            strides=[stride, stride],
            kernel_shape=list(kernel.shape[2:]),
            group=kernel.shape[0] if depthwise else 1,
            auto_pad="SAME_UPPER",  # TensorFlow's: the odd pixel of padding goes right and below
        )

    def _activate(self, value: str) -> str:
        return self._node("Clip", [value, "zero", "six"])

    def _constant(self, name: str, value: Array) -> str:
        from onnx import numpy_helper

        self.constants.append(numpy_helper.from_array(value, name))
        return name

    def _node(self, operator: str, inputs: list[str], **attributes: Any) -> str:
        from onnx import helper

        output = f"{operator.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output
