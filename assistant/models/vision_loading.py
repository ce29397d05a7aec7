"""Loads models of transformers that look at images, each with its processor, when first used."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from assistant.core.errors import ModelError
from assistant.core.text import one_line, sanitize
from assistant.models.devices import list_devices
from assistant.models.dispatch import Room, load_transformers
from assistant.models.footprint import VISION_WORKING
from assistant.models.model_thread import ModelThread
from assistant.models.placement import ModelNeed, Placement
from assistant.models.quiet import quiet_transformers
from assistant.models.sizes import size_of_folder
from assistant.models.vision_brake import Brake
from assistant.models.vision_processors import load_for_stills, with_images

if TYPE_CHECKING:
    from assistant.core.protocols import Pixels
    from assistant.core.skills import Cancelled

MOST_SIDE = 1600
"""Larger images are scaled down before a model sees them; none looks at more."""
MOST_LABELS = 1 << 20
"""ImageNet's full list has 21,843."""

_NEEDED = re.compile(r"torchvision|num2words|timm|scipy|einops", re.IGNORECASE)
"""Libraries transformers asks for that are no part of the assistant."""


class VisionConfig(msgspec.Struct, frozen=True):
    """What of config.json is needed before weights are loaded."""

    id2label: dict[str, str] = {}
    architectures: tuple[str, ...] | None = ()
    model_type: str = ""

    @property
    def labels(self) -> tuple[str, ...]:
        """Names by number, safe to show; a number without a name is its own.

        Raises:
            ValueError: a number is none, or larger than any model's.
        """
        if not self.id2label:
            return ()
        named = {int(number): one_line(sanitize(label)) for number, label in self.id2label.items()}
        if max(named) >= MOST_LABELS:
            raise ValueError(f"it numbers a label {max(named)}")
        return tuple(named.get(number, str(number)) for number in range(max(named) + 1))


@dataclass(frozen=True, slots=True)
class LoadedVision:
    """A model on its device, and what prepares images for it."""

    processor: Any
    model: Any
    device: str

    def prepared(self, inputs: Any) -> Any:
        """A processor's output on the model's device and in its data type."""
        return inputs.to(self.device, dtype=self.model.dtype)


class VisionModel:
    """A folder as a model hub keeps it (safetensors only), loaded at the first `ready`.

    Args:
        model_class: name of an auto class of transformers ("AutoModelForObjectDetection").
        processor_class: "AutoImageProcessor", or "AutoProcessor" where text or points go in too.
        room: where it may be placed, and which models may leave for it; None = this machine.

    Raises:
        ModelError: the folder has no readable config.json.
    """

    def __init__(
        self,
        folder: Path,
        *,
        name: str,
        model_class: str,
        processor_class: str = "AutoImageProcessor",
        room: Room | None = None,
    ) -> None:
        self.name = name
        self._folder = folder
        self._model_class = model_class
        self._processor_class = processor_class
        self._room = room or Room(list_devices)
        self._lock = threading.Lock()
        self._brake = Brake()
        self._loaded: LoadedVision | None = None
        self._thread: ModelThread | None = None
        self.config = read_config(folder, name)
        self.labels = self.config.labels

    @property
    def device(self) -> str:
        """Where its weights are; "cpu" before they load."""
        loaded = self._loaded
        return loaded.device if loaded else "cpu"

    @property
    def thread(self) -> ModelThread:
        """Where the model writes, one image after the other; it ends when the model is closed."""
        with self._lock:
            if self._thread is None:
                self._thread = ModelThread(self.name)
            return self._thread

    def close(self) -> None:
        """Free the weights' memory; the next `ready` loads them again."""
        with self._lock:
            self._loaded = None
            self._thread = None  # nobody holds it any more: it ends behind its last job

    def ready(self) -> LoadedVision:
        """
        Raises:
            ModelError: files are missing or damaged, or nothing has room for the model.
        """
        with self._lock:
            if self._loaded is None:
                processor = self._processor()
                need = ModelNeed(
                    self.name,
                    size_of_folder(self._folder),
                    working=VISION_WORKING,
                    divisible=False,
                )
                model, placement = self._room.load(need, self._weights)
                self._brake.fit(model)
                self._loaded = LoadedVision(processor, model, placement.device or "cpu")
            return self._loaded

    @contextmanager
    def looking(self, cancelled: Cancelled) -> Iterator[LoadedVision]:
        """The model for passes in this thread; once `cancelled` they raise `StoppedError`, between
        two blocks of the network.

        Raises:
            ModelError: as `ready`.
        """
        import torch

        loaded = self.ready()
        with self._brake.held(cancelled), torch.inference_mode():
            yield loaded

    def _processor(self) -> Any:
        import transformers

        auto = getattr(transformers, self._processor_class)
        try:
            with quiet_transformers():
                try:
                    found = auto.from_pretrained(self._folder, local_files_only=True, backend="pil")
                    return with_images(found, self._folder)
                except ImportError as error:
                    return self._processor_for_stills(error)
        except ImportError as error:
            raise self._unprepared(error) from error
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise self.broken(error) from error

    def _processor_for_stills(self, error: ImportError) -> Any:
        """Of a model that sees videos, too: the library is missing for these alone."""
        try:
            return load_for_stills(self._folder)
        except ImportError as other:
            raise (other if "num2words" in str(other) else error) from None

    def _unprepared(self, error: ImportError) -> ModelError:
        if needed := _NEEDED.search(str(error)):
            library = needed[0].lower()
            return ModelError(
                f"The images of the model {self.name} can't be prepared without {library}, which "
                "is not installed.",
                f"Run `pip install {library}` in the assistant's environment, or choose another "
                "model.",
            )
        return ModelError(
            f"The images of the model {self.name} can't be prepared here: "
            f"{str(error).strip().splitlines()[0]}",
            "Install what is named into the assistant's environment, or choose another model.",
        )

    def _weights(self, placement: Placement) -> Any:
        import transformers

        auto = getattr(transformers, self._model_class)
        try:
            return load_transformers(auto, self._folder, placement, self._folder)
        except ImportError as error:  # a backbone of a library that is not installed
            raise self.broken(error) from error

    def broken(self, error: Exception) -> ModelError:
        """What to say of files that can't be used."""
        return _broken(self.name, error)


def read_config(folder: Path, name: str) -> VisionConfig:
    """
    Raises:
        ModelError: the folder has no readable config.json.
    """
    try:
        config = msgspec.json.decode((folder / "config.json").read_bytes(), type=VisionConfig)
        _ = config.labels
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        raise _broken(name, error) from error
    return config


def _broken(name: str, error: Exception) -> ModelError:
    words = str(error).strip()
    first = words.splitlines()[0] if words else type(error).__name__
    return ModelError(
        f"The model {name} can't be loaded: {first}",
        f"Fetch it again: assistant models remove {name}; assistant models pull {name}",
    )


def at_most(image: Pixels, side: int = MOST_SIDE) -> Pixels:
    """The image scaled down so that neither side is longer than `side`."""
    import numpy as np
    from PIL import Image

    height, width = image.shape[:2]
    reduction = min(1.0, side / max(height, width))
    if reduction == 1.0:
        return image
    size = max(1, round(width * reduction)), max(1, round(height * reduction))
    return np.asarray(Image.fromarray(image).resize(size, Image.Resampling.LANCZOS))
