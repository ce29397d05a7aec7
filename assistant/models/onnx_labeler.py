"""Labels images with a classifier in ONNX Runtime."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from assistant.core.documents import Label
from assistant.core.errors import ModelError
from assistant.core.heat import Heat
from assistant.models.network import forbid_telemetry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    import numpy.typing as npt
    from onnxruntime import InferenceSession

    from assistant.core.protocols import Pixels
    from assistant.models.class_activation import ActivationMapper

    Probabilities = npt.NDArray[np.float32]


class _Config(msgspec.Struct, frozen=True):
    """The `config.json` of a labeler folder; sides in pixels."""

    size: int
    """Side of the square the network takes."""
    resize: int
    """Length the short side is scaled to before the middle square is cut out."""


class OnnxLabeler:
    """A folder with `model.onnx` (uint8 [n, 3, size, size] → probabilities [n, classes]),
    `labels.txt` (one class a line) and `config.json`.

    Each image is one thread's work: a network this small gains little from several threads, and
    loses by running images stacked, whose activations leave the processor's cache. So many
    images keep all cores busy, and a single one leaves the others to what else is at work
    (`python -m benchmarks.images`).

    Raises:
        ModelError: something in the folder is missing or damaged.
    """

    def __init__(self, folder: Path, *, name: str, threads: int) -> None:
        """
        Args:
            threads: images looked at at the same time.
        """
        self._name = name
        self._threads = threads
        self._folder = folder
        self._mapper: ActivationMapper | None = None
        self._broken = ModelError(
            f"The files of the model {name} are damaged.",
            f"Run `assistant models remove {name}`, then `assistant models pull {name}`.",
        )
        try:
            self._config = msgspec.json.decode((folder / "config.json").read_bytes(), type=_Config)
            self._labels = (folder / "labels.txt").read_text(encoding="utf-8").splitlines()
        except (OSError, ValueError) as error:
            raise self._broken from error
        self._session: InferenceSession | None = self._load(folder / "model.onnx")

    @property
    def name(self) -> str:
        return self._name

    def close(self) -> None:
        """Free the model's memory; may be called twice."""
        self._session = None
        self._mapper = None

    def label(self, images: Sequence[Pixels], top: int) -> list[tuple[Label, ...]]:
        if len(images) < 2 or self._threads < 2:
            return [self._label(image, top) for image in images]
        with ThreadPoolExecutor(min(self._threads, len(images))) as pool:
            return list(pool.map(lambda image: self._label(image, top), images))

    def heat(self, image: Pixels, classes: Mapping[str, float]) -> Heat:
        """What in the image speaks for some classes together: a class activation map."""
        from assistant.models.class_activation import ActivationMapper

        if self._mapper is None:
            self._mapper = ActivationMapper(self._folder / "model.onnx", name=self._name)
        places = {label: index for index, label in enumerate(self._labels)}
        known = [(places[label], share) for label, share in classes.items() if label in places]
        total = sum(share for _, share in known)
        if not total > 0:
            raise ModelError(
                f"The model {self._name} has no class for that.", "Ask about what it named."
            )
        square = middle_square(image, self._config)
        values = self._mapper.map(square, [(index, share / total) for index, share in known])
        return Heat(values, middle_box(image, self._config))

    def _label(self, image: Pixels, top: int) -> tuple[Label, ...]:
        row = self._probabilities(image)
        best = row.argsort()[::-1][:top]
        return tuple(Label(self._labels[i], float(row[i])) for i in best)

    def _probabilities(self, image: Pixels) -> Probabilities:
        import numpy as np

        session = self._session
        if session is None:
            raise ModelError(f"The model {self._name} is closed.", "Load it again.")
        square = middle_square(image, self._config)[None]
        (rows,) = session.run(None, {session.get_inputs()[0].name: square})
        return np.asarray(rows[0], dtype=np.float32)

    def _load(self, model: Path) -> InferenceSession:
        forbid_telemetry()
        import onnxruntime
        from onnxruntime.capi import onnxruntime_pybind11_state as states

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        options.enable_cpu_mem_arena = False  # a third of the memory, at the same speed
        try:
            session = onnxruntime.InferenceSession(
                model, options, providers=["CPUExecutionProvider"]
            )
        except (
            states.Fail,
            states.InvalidArgument,
            states.InvalidGraph,
            states.InvalidProtobuf,
            states.NoSuchFile,
        ) as error:
            raise self._broken from error
        if session.get_outputs()[0].shape[-1] != len(self._labels):
            raise self._broken
        return session


def middle_square(image: Pixels, config: _Config) -> Pixels:
    """The middle of the image as the network takes it: uint8 [3, size, size]."""
    import numpy as np
    from PIL import Image

    square = Image.fromarray(image).resize(
        (config.size, config.size),
        Image.Resampling.BICUBIC,
        box=middle_box(image, config),
        reducing_gap=3.0,
    )
    return np.asarray(square).transpose(2, 0, 1)


def middle_box(image: Pixels, config: _Config) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the part the network takes, in pixels of the image."""
    height, width = image.shape[:2]
    side = min(height, width) * config.size / config.resize
    left, top = (width - side) / 2, (height - side) / 2
    return left, top, left + side, top + side
