"""Turns published ONNX files of CenterFace and U²-Net into graphs for images as they come.

Sources: `centerface_bnmerged.onnx` of Star-Clouds/CenterFace (Xu et al. 2019, MIT; trained on
WIDER FACE) was exported for ten images of 32 × 32 pixels, though nothing in it depends on the
size; its sides are set free. `u2netp.onnx` (Qin et al. 2020, Apache-2.0; trained on DUTS) gives
seven maps, of which the first is the one to use; what only the others need is dropped.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from assistant.core.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onnx import ModelProto

FACE_OUTPUTS = ("537", "538", "539")
"""Heat map, logarithms of height and width, and offsets down and across; landmarks are dropped."""
FOREGROUND_OUTPUTS = ("1959",)
INPUT = "input.1"
_STRIDES = 32
_IMAGE_SIDES = (2, 3)


def convert_faces(source: Path, folder: Path) -> None:
    """Write `model.onnx`: float32 RGB [1, 3, 32 h, 32 w] in 0–255 → three maps [1, c, 8 h, 8 w].

    Raises:
        ModelError: the file is no CenterFace.
    """
    model = _read(source, FACE_OUTPUTS)
    for value in (*model.graph.input, *model.graph.output):
        sides = value.type.tensor_type.shape.dim
        if value.name == INPUT or value.name in FACE_OUTPUTS:
            sides[0].dim_value = 1
            for at in _IMAGE_SIDES:
                sides[at].dim_param = f"{value.name}_{at}"
    _write(model, folder)


def convert_foreground(source: Path, folder: Path) -> None:
    """Write `model.onnx`: standardised float32 RGB [1, 3, 320, 320] → [1, 1, 320, 320] in 0–1.

    Raises:
        ModelError: the file is no U²-Net.
    """
    _write(_read(source, FOREGROUND_OUTPUTS), folder)


def _read(source: Path, outputs: Sequence[str]) -> ModelProto:
    """The graph with these outputs and what they need."""
    import onnx
    from google.protobuf.message import DecodeError

    try:
        model = onnx.load(source)
    except (DecodeError, OSError, ValueError) as error:
        raise _damaged() from error
    kept = [value for value in model.graph.output if value.name in outputs]
    if len(kept) != len(outputs) or INPUT not in [value.name for value in model.graph.input]:
        raise _damaged()
    del model.graph.output[:]
    model.graph.output.extend(kept)
    _drop_unneeded(model)
    return model


def _drop_unneeded(model: ModelProto) -> None:
    needed = {value.name for value in model.graph.output}
    nodes = []
    for node in reversed(model.graph.node):  # they stand in the order they run
        if needed.intersection(node.output):
            needed.update(node.input)
            nodes.append(node)
    weights = [one for one in model.graph.initializer if one.name in needed]
    inputs = [one for one in model.graph.input if one.name == INPUT]
    del model.graph.node[:], model.graph.initializer[:], model.graph.input[:]
    model.graph.node.extend(reversed(nodes))
    model.graph.initializer.extend(weights)
    model.graph.input.extend(inputs)


def _write(model: ModelProto, folder: Path) -> None:
    import onnx

    model.ir_version = max(model.ir_version, 4)  # from there on weights need not be inputs
    onnx.save(model, folder / "model.onnx")


def _damaged() -> ModelError:
    return ModelError(
        "The file fetched is not the model it should be.", "Try again; if it stays, report it."
    )
