"""Class activation maps of a classifier in ONNX (Zhou et al. 2016, "Learning Deep Features for
Discriminative Localization").

A network that ends in a mean over places and a linear layer is a sum over places all along: the
logit of a class is the mean of its weights times the features at each place, plus a constant. So
the map is no approximation. Weights are centred over the classes, since what adds the same to all
logits changes no probability.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.core.errors import ModelError
from assistant.models.network import forbid_telemetry

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt
    from onnx import ModelProto, NodeProto
    from onnxruntime import InferenceSession

    Floats = npt.NDArray[np.float32]


class ActivationMapper:
    """The network with its last features brought out.

    Raises:
        ModelError: the network does not end in a mean over places and one linear layer.
    """

    def __init__(self, model: Path, *, name: str) -> None:
        import onnx

        graph = onnx.load(model)
        pool, gemm = _head(graph, name)
        self._weights = _weights(graph, gemm)
        del graph.graph.output[:]
        graph.graph.output.append(
            onnx.helper.make_tensor_value_info(pool.input[0], onnx.TensorProto.FLOAT, None)
        )
        self._session = _session(graph.SerializeToString())

    def map(self, image: npt.NDArray[np.uint8], classes: Sequence[tuple[int, float]]) -> Floats:
        """Evidence at each place, float32 [rows, columns]; its mean is the weighted mean of the
        classes' centred logits, less the layer's constants.

        Args:
            image: as the network takes it, uint8 [3, size, size].
            classes: index and weight of each; weights sum to 1.
        """
        import numpy as np

        (features,) = self._session.run(None, {self._session.get_inputs()[0].name: image[None]})
        wanted = np.zeros(len(self._weights), np.float32)
        for index, share in classes:
            wanted[index] = share
        direction = wanted @ self._weights - self._weights.mean(axis=0)
        return np.asarray(np.einsum("c,chw->hw", direction, features[0]), np.float32)


def _head(graph: ModelProto, name: str) -> tuple[NodeProto, NodeProto]:
    """The node that takes the mean over places, and the linear layer behind it."""
    nodes = {node.op_type: node for node in graph.graph.node}
    pool, gemm = nodes.get("GlobalAveragePool"), nodes.get("Gemm")
    if pool is None or gemm is None:
        raise ModelError(
            f"The model {name} can't show what it looked at.",
            "Maps are drawn for classifiers that end in a mean and one linear layer, and for CLIP.",
        )
    return pool, gemm


def _weights(graph: ModelProto, gemm: NodeProto) -> Floats:
    """float32 [classes, features] of the linear layer."""
    import numpy as np
    from onnx import numpy_helper

    tensors = {tensor.name: tensor for tensor in graph.graph.initializer}
    kernel = np.asarray(numpy_helper.to_array(tensors[gemm.input[1]]), np.float32)
    transposed = any(a.name == "transB" and a.i for a in gemm.attribute)
    return kernel if transposed else kernel.T


def _session(model: bytes) -> InferenceSession:
    forbid_telemetry()
    import onnxruntime

    options: Any = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
