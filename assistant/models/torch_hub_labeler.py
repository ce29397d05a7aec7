"""Labels images with a classifier of PyTorch Hub: its repository's code, the weights kept apart.

Building the network runs the repository's `hubconf.py` and what that imports. It happens only in
the process that holds the models, and only after consent (`assistant.models.consent`).
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from assistant.core.documents import Label
from assistant.core.errors import AssistantError, ModelError
from assistant.core.heat import Heat
from assistant.core.text import one_line, sanitize
from assistant.models.conversion.torch_weights import SAFE
from assistant.models.devices import Device, list_devices
from assistant.models.dispatch import DeviceFullError, load_backing_off
from assistant.models.placement import ModelNeed, Placement
from assistant.models.sizes import size_of_folder
from assistant.models.sources.torch_hub import LABELS, REPOSITORY

if TYPE_CHECKING:
    from assistant.core.protocols import Pixels

BATCH = 8
_WORKING_BYTES = 512 << 20
_NAMES_TOLD = 3


@dataclass(frozen=True, slots=True)
class ImageInput:
    """How an image is prepared, as torchvision's classifiers are: the short side scaled to
    `resize`, the middle square of `size` cut out, then (value - mean) / std of values 0 to 1."""

    size: int
    resize: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    scaling: Literal["bilinear", "bicubic"] = "bilinear"


class TorchHubLabeler:
    """An `ImageLabeler`; the network is built at the first image.

    Args:
        folder: with the repository, `model.safetensors` and `labels.txt`.
        entry_point: function of its `hubconf.py` that builds the network, called without
            arguments, so that it fetches no weights by itself.
        image: how images are prepared.
        devices: looks at the machine for the device with room for it.

    Raises:
        ModelError: the labels can't be read.
    """

    def __init__(
        self,
        folder: Path,
        *,
        name: str,
        entry_point: str,
        image: ImageInput,
        devices: Callable[[], Sequence[Device]] = list_devices,
    ) -> None:
        self.name = name
        self._folder = folder
        self._entry_point = entry_point
        self._image = image
        self._devices = devices
        self._lock = threading.Lock()
        self._loaded: tuple[Any, str] | None = None
        try:
            lines = (folder / LABELS).read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise self._failed(f"its labels can't be read ({error})") from error
        self._labels = [sanitize(line).strip() for line in lines if line.strip()]

    def label(self, images: Sequence[Pixels], top: int) -> list[tuple[Label, ...]]:
        """The `top` most probable labels of each image, best first.

        Raises:
            ModelError: the repository's code fails, or the weights are for another network.
        """
        with self._lock:
            return [
                found
                for begin in range(0, len(images), BATCH)
                for found in self._batch(images[begin : begin + BATCH], top)
            ]

    def heat(self, image: Pixels, classes: Mapping[str, float]) -> Heat:
        """What in the image speaks for some classes together (`grad_cam`).

        Raises:
            ModelError: it has none of the classes, or no map of features to look at.
        """
        import torch

        from assistant.models.grad_cam import class_map

        places = {label: index for index, label in enumerate(self._labels)}
        known = {places[label]: share for label, share in classes.items() if label in places}
        total = sum(known.values())
        if not total > 0:
            raise ModelError(
                f"The model {self.name} has no class for that.", "Ask about what it named."
            )
        weights = torch.zeros(len(self._labels))
        for index, share in known.items():
            weights[index] = share / total
        with self._lock:
            network, device = self._load()
            inputs = prepare(image, self._image)[None].to(device)
            with self._explained("can't be run"):
                values = class_map(network, inputs, weights)
        if values is None:
            raise ModelError(
                f"The model {self.name} can't tell what in an image speaks for a class.",
                "Choose another model for labels: describe.label_model.",
            )
        return Heat(values, _middle_box(image, self._image))

    def _batch(self, images: Sequence[Pixels], top: int) -> list[tuple[Label, ...]]:
        import torch

        from assistant.models.grad_cam import logits_of

        network, device = self._load()
        inputs = torch.stack([prepare(image, self._image) for image in images]).to(device)
        with torch.inference_mode(), self._explained("can't be run"):
            logits = logits_of(network(inputs))
        if logits.ndim != 2 or logits.shape[-1] != len(self._labels):
            raise self._failed(
                f"it gives {tuple(logits.shape)[1:]} numbers an image for "
                f"{len(self._labels)} labels"
            )
        scores, places = logits.float().softmax(dim=-1).cpu().topk(min(top, len(self._labels)))
        return [
            tuple(Label(self._labels[i], p) for i, p in zip(row, ps, strict=True))
            for row, ps in zip(places.tolist(), scores.tolist(), strict=True)
        ]

    def _load(self) -> tuple[Any, str]:
        if self._loaded is None:
            size = size_of_folder(self._folder)
            need = ModelNeed(self.name, size, working=_WORKING_BYTES, divisible=False)
            network, placement = load_backing_off(need, self._devices, self._build)
            self._loaded = network, placement.device or "cpu"
        return self._loaded

    def _build(self, placement: Placement) -> Any:
        import torch
        from safetensors.torch import load_file

        repository = self._folder / REPOSITORY
        with self._explained("can't be built"), _apart(repository), redirect_stdout(sys.stderr):
            load: Callable[..., Any] = torch.hub.load
            network = load(str(repository), self._entry_point, source="local", trust_repo=True)
        if not isinstance(network, torch.nn.Module):
            raise self._failed(f"{self._entry_point}() gives no network")
        state = load_file(self._folder / SAFE)
        try:
            network.load_state_dict(state)
        except RuntimeError as error:
            raise self._failed(self._misfit(network, state)) from error
        device = placement.device or "cpu"
        try:
            return network.eval().to(device)
        except torch.OutOfMemoryError as error:
            raise DeviceFullError(device) from error

    def _misfit(self, network: Any, state: dict[str, Any]) -> str:
        """How the weights differ from those the network wants."""
        wanted = network.state_dict()
        odd = [n for n in wanted if n not in state or state[n].shape != wanted[n].shape]
        odd += [n for n in state if n not in wanted]
        return f"the weights are for another network ({', '.join(odd[:_NAMES_TOLD])})"

    @contextmanager
    def _explained(self, what: str) -> Iterator[None]:
        try:
            yield
        except AssistantError:
            raise
        except (Exception, SystemExit) as error:
            reason = one_line(f"{type(error).__name__}: {error}", 200)
            raise self._failed(f"its network {what}: {reason}") from error

    def _failed(self, fact: str) -> ModelError:
        return ModelError(
            f"The PyTorch Hub model {self.name} can't be used: {fact}.",
            "See what its repository asks for; packages it lacks: pip install NAME. Another "
            f"entry point, file of weights or list of labels goes into models.{self.name}.",
        )


def prepare(image: Pixels, how: ImageInput) -> Any:
    """An image as the network takes it: a float32 tensor [3, size, size].

    Args:
        image: uint8 RGB [height, width, 3].
    """
    import numpy as np
    import torch
    from PIL import Image

    height, width = image.shape[:2]
    short = how.resize or how.size
    scale = short / min(height, width)
    scaled = max(int(width * scale), short), max(int(height * scale), short)
    left, top = (round((side - how.size) / 2) for side in scaled)
    square = (
        Image.fromarray(image)
        .resize(scaled, Image.Resampling[how.scaling.upper()])
        .crop((left, top, left + how.size, top + how.size))
    )
    levels = np.asarray(square, dtype=np.float32) / 255
    levels = (levels - np.array(how.mean, np.float32)) / np.array(how.std, np.float32)
    return torch.from_numpy(levels.transpose(2, 0, 1).copy())


def _middle_box(image: Pixels, how: ImageInput) -> tuple[float, float, float, float]:
    """The part of an image the network sees, in its pixels: left, top, right, bottom."""
    height, width = image.shape[:2]
    side = min(height, width) * how.size / (how.resize or how.size)
    left, top = (width - side) / 2, (height - side) / 2
    return left, top, left + side, top + side


@contextmanager
def _apart(repository: Path) -> Iterator[None]:
    """Forgets the modules a repository brought, so that the next one's `models` is its own.

    Its bytecode is not written, for it would stand among files whose hash was consented to.
    """
    before = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__file__", None)
            if file and Path(file).is_relative_to(repository):
                del sys.modules[name]
