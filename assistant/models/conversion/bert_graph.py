"""Builds the ONNX graph of a BERT sentence encoder: token ids in, unit vectors out.

Word embeddings keep their 4-bit blocks; matrix products run in int8 with activations
quantised on the fly. Both use ONNX Runtime's own operators (domain `com.microsoft`).
Against the same graph in float32, on 60 XQuAD passages each in English and Chinese: cosine
≥ 0.994 (mean 0.996), twice the speed, a fifth of the size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.models.conversion.e5_file import E5File, Quantized, broken

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import onnx

    Floats = npt.NDArray[np.float32]

ORT = "com.microsoft"
WEIGHT_LIMIT = 64
"""Largest int8 weight. Seven bits keep the 16-bit sums of AVX2 processors without VNNI from
saturating, and lose nothing on weights that had four."""


def inner_layer(layers: int) -> int:
    """How many layers `inner` has gone through: seven of twelve.

    What a sentence asks to be done is plainest in the middle of an encoder; its end is trained to
    tell what sentences are about (for the router: `routing/classifier.py`).
    """
    return max(1, round(layers * 7 / 12))


class BertGraph:
    """Collects the nodes and constants of the graph while it is being built.

    Raises:
        ModelError: a tensor is missing or has the wrong size.
    """

    def __init__(self, source: E5File) -> None:
        self._source = source
        self._shape = source.shape
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def build(self) -> onnx.ModelProto:
        """The model: int64 `ids` and `mask` [batch, tokens] → float32 `vectors` and `inner`
        [batch, hidden].

        `mask` is 1 for a token and 0 for padding; vectors are means over the tokens, scaled
        to length 1. `inner` are those of a layer in the middle (`inner_layer`).
        """
        hidden = self._embeddings()
        mask = self._add("Cast", ["mask"], to=_tensor_type("INT32"))
        for layer in range(self._shape.layers):
            attended = self._attention(f"l{layer}.", hidden, mask)
            hidden = self._residual(f"l{layer}.aln", attended, hidden)
            hidden = self._residual(
                f"l{layer}.oln", self._feed_forward(f"l{layer}.", hidden), hidden
            )
            if layer + 1 == inner_layer(self._shape.layers):
                self._pooled(hidden, "inner")
        self._pooled(hidden, "vectors")
        return self._model()

    def _embeddings(self) -> str:
        import numpy as np

        shape = self._shape
        words = self._matrix("emb.word", shape.vocabulary, shape.hidden)
        packed = words.codes[:, 0::2] | (words.codes[:, 1::2] << 4)
        embedded = self._add(
            "GatherBlockQuantized",
            [self._constant("emb.word", packed), "ids", self._constant("emb.scale", words.scales)],
            domain=ORT,
            bits=4,
            block_size=32,
            gather_axis=0,
            quantize_axis=1,
        )
        # Every token is of type 0 in this family, so its embedding joins the positions'.
        positions = self._floats("emb.pos", shape.positions, shape.hidden)
        positions = positions + self._floats("emb.type", shape.types, shape.hidden)[0]
        first = self._constant("first", np.array([0], np.int64))
        length = self._add("Shape", ["ids"], start=1, end=2)
        placed = self._add("Slice", [self._constant("emb.pos", positions), first, length, first])
        summed = self._add("Add", [embedded, placed])
        norm = ["emb.ln.w", "emb.ln.b"]
        weights = [self._constant(name, self._floats(name, shape.hidden)) for name in norm]
        return self._add("LayerNormalization", [summed, *weights], epsilon=shape.epsilon)

    def _attention(self, prefix: str, hidden: str, mask: str) -> str:
        width = self._shape.hidden
        joined = self._dense([f"{prefix}{part}" for part in "qkv"], hidden, width, width)
        query, key, value = self._add_many("Split", [joined], 3, axis=-1, num_outputs=3)
        mixed = self._add(
            "MultiHeadAttention",
            [query, key, value, "", mask],
            domain=ORT,
            num_heads=self._shape.heads,
        )
        return self._dense([f"{prefix}ao"], mixed, width, width)

    def _feed_forward(self, prefix: str, hidden: str) -> str:
        width, inner = self._shape.hidden, self._shape.feed_forward
        widened = self._add("Gelu", [self._dense([f"{prefix}fi"], hidden, inner, width)])
        return self._dense([f"{prefix}fo"], widened, width, inner)

    def _residual(self, norm: str, update: str, hidden: str) -> str:
        parts = [f"{norm}.w", f"{norm}.b"]
        weights = [self._constant(name, self._floats(name, self._shape.hidden)) for name in parts]
        return self._add(
            "SkipLayerNormalization",
            [update, hidden, *weights],
            domain=ORT,
            epsilon=self._shape.epsilon,
        )

    def _pooled(self, hidden: str, output: str) -> None:
        import numpy as np

        # A sum does for the mean: only its direction is left after scaling to length 1.
        middle = self._constant(f"{output}.axis", np.array([1], np.int64))
        weights = self._add("Cast", ["mask"], to=_tensor_type("FLOAT"))
        row = self._add("Unsqueeze", [weights, middle])
        summed = self._add("Squeeze", [self._add("MatMul", [row, hidden]), middle])
        self._append("LpNormalization", [summed], [output], "", {"axis": 1, "p": 2})

    def _dense(self, names: list[str], hidden: str, rows: int, columns: int) -> str:
        """Layers of equal shape over the same input, side by side in one product."""
        import numpy as np

        dense = [self._matrix(f"{name}.w", rows, columns).dense() for name in names]
        weights, scales = _to_int8(np.concatenate(dense).T)
        bias = np.concatenate([self._floats(f"{name}.b", rows) for name in names])
        label = "+".join(names)
        constants = [
            self._constant(f"{label}.w", weights),
            self._constant(f"{label}.scale", scales),
            "",  # zero points: none, the weights are symmetric
            self._constant(f"{label}.b", bias),
        ]
        return self._add("DynamicQuantizeMatMul", [hidden, *constants], domain=ORT)

    def _floats(self, name: str, *sizes: int) -> Floats:
        import numpy as np

        values = self._source.floats.get(name)
        if values is None or values.size != np.prod(sizes) or not np.isfinite(values).all():
            raise broken(f"tensor {name!r} is missing or damaged")
        return values.reshape(sizes)

    def _matrix(self, name: str, rows: int, columns: int) -> Quantized:
        matrix = self._source.quantized.get(name)
        if matrix is None or matrix.codes.shape != (rows, columns):
            raise broken(f"tensor {name!r} is missing or damaged")
        return matrix

    def _constant(self, name: str, values: npt.NDArray[np.generic]) -> str:
        import numpy as np
        from onnx import numpy_helper

        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def _add(self, operator: str, inputs: list[str], domain: str = "", **attributes: Any) -> str:
        return self._add_many(operator, inputs, 1, domain, **attributes)[0]

    def _add_many(
        self, operator: str, inputs: list[str], count: int, domain: str = "", **attributes: Any
    ) -> list[str]:
        outputs = [f"{operator}_{len(self._nodes)}_{index}" for index in range(count)]
        self._append(operator, inputs, outputs, domain, attributes)
        return outputs

    def _append(
        self,
        operator: str,
        inputs: list[str],
        outputs: list[str],
        domain: str,
        attributes: dict[str, Any],
    ) -> None:
        from onnx import helper

        node = helper.make_node(operator, inputs, outputs, domain=domain, **attributes)
        self._nodes.append(node)

    def _model(self) -> onnx.ModelProto:
        from onnx import helper

        tokens = [
            helper.make_tensor_value_info(name, _tensor_type("INT64"), ["batch", "tokens"])
            for name in ("ids", "mask")
        ]
        pooled = [
            helper.make_tensor_value_info(
                name, _tensor_type("FLOAT"), ["batch", self._shape.hidden]
            )
            for name in ("vectors", "inner")
        ]
        graph = helper.make_graph(self._nodes, "sentence encoder", tokens, pooled)
        graph.initializer.extend(self._constants)
        opsets = [helper.make_opsetid("", 21), helper.make_opsetid(ORT, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=10)


def _to_int8(weights: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    """Symmetric int8 weights [inputs, outputs] and a scale for each output."""
    import numpy as np

    scales = np.abs(weights).max(axis=0) / np.float32(WEIGHT_LIMIT)
    scales = np.where(scales > 0, scales, np.float32(1)).astype(np.float32)
    return np.rint(weights / scales).astype(np.int8), scales


def _tensor_type(name: str) -> int:
    from onnx import TensorProto

    return int(TensorProto.DataType.Value(name))
