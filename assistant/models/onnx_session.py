"""Runs an ONNX graph on the CPU."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.core.errors import ModelError
from assistant.models.network import forbid_telemetry

if TYPE_CHECKING:
    from onnxruntime import InferenceSession


class OnnxSession:
    """A session of `model.onnx` in a model's folder.

    Raises:
        ModelError: the file is missing or damaged.
    """

    def __init__(self, folder: Path, *, name: str, threads: int) -> None:
        self._name = name
        self._session: InferenceSession | None = _open(folder, name=name, threads=threads)

    def run(self, outputs: Sequence[str] | None, inputs: Mapping[str, Any]) -> Sequence[Any]:
        """The outputs of these names, all for None.

        Raises:
            ModelError: it was closed.
        """
        if self._session is None:
            raise ModelError(f"The model {self._name} is closed.", "Load it again.")
        found: Sequence[Any] = self._session.run(outputs, inputs)
        return found

    def close(self) -> None:
        """Free the model's memory; may be called twice."""
        self._session = None


class OnnxNetwork:
    """What runtimes of such a graph have in common.

    Raises:
        ModelError: the file is missing or damaged.
    """

    def __init__(self, folder: Path, *, name: str, threads: int) -> None:
        self.name = name
        self._session = OnnxSession(folder, name=name, threads=threads)

    @property
    def device(self) -> str:
        """Where it runs."""
        return "cpu"

    def close(self) -> None:
        """Free the model's memory; may be called twice."""
        self._session.close()


def _open(folder: Path, *, name: str, threads: int) -> InferenceSession:
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
