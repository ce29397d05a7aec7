"""Opens an ONNX graph on the CPU."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from assistant.core.errors import ModelError
from assistant.models.network import forbid_telemetry

if TYPE_CHECKING:
    from onnxruntime import InferenceSession


def open_session(folder: Path, *, name: str, threads: int) -> InferenceSession:
    """A session of `model.onnx` in a model's folder.

    Raises:
        ModelError: it is missing or damaged.
    """
    forbid_telemetry()
    import onnxruntime
    from onnxruntime.capi import onnxruntime_pybind11_state as states

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = False  # a third of the memory, at the same speed
    try:
        return onnxruntime.InferenceSession(
            folder / "model.onnx", options, providers=["CPUExecutionProvider"]
        )
    except (
        states.Fail,
        states.InvalidArgument,
        states.InvalidGraph,
        states.InvalidProtobuf,
        states.NoSuchFile,
    ) as error:
        raise ModelError(
            f"The files of the model {name} are damaged.",
            f"Run `assistant models remove {name}`, then `assistant models pull {name}`.",
        ) from error
