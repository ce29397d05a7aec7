"""Loads a GGUF model with as many layers on GPUs as the settings and the placement say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from assistant.config import GenerateSettings
from assistant.core.errors import ModelError
from assistant.models.catalogue import ModelEntry
from assistant.models.dispatch import DeviceFullError, Room
from assistant.models.footprint import need_of
from assistant.models.gpu_layers import described, gpu_layers
from assistant.models.placement import Placement

T = TypeVar("T")


def load_llamacpp(
    entry: ModelEntry,
    folder: Path,
    settings: GenerateSettings,
    room: Room,
    load: Callable[[int, str], T],
) -> T:
    """Load it; where a GPU fills up meanwhile, with fewer layers there, on the CPU at last.

    Args:
        load: told the number of layers and the devices in words.

    Raises:
        ModelError: llama.cpp refuses the file, or it fits nowhere.
    """
    gpu = next((d.id for d in room.devices() if d.kind != "cpu"), None)
    if gpu is None or settings.gpu_layers == 0:
        return load(0, "cpu")
    if settings.gpu_layers != "auto":
        return _as_told(entry, settings.gpu_layers, gpu, load)
    need = need_of(entry, folder, context=settings.context, gpu_layers=True)

    def attempt(placement: Placement) -> T:
        layers = gpu_layers(placement)
        try:
            return load(layers, described(placement))
        except ModelError as error:
            if layers:  # llama.cpp doesn't say what failed; without a GPU it will be known
                raise DeviceFullError(placement.device or "cpu") from error
            raise

    return room.load(need, attempt)[0]


def _as_told(entry: ModelEntry, layers: int, gpu: str, load: Callable[[int, str], T]) -> T:
    """With the number of the settings, whatever the plan thinks of it."""
    try:
        return load(layers, gpu)
    except ModelError as error:
        raise ModelError(
            f"{entry.name} can't be loaded with {layers} layers on {gpu}: {error.message}",
            "Set generate.gpu_layers to a lower number, or to “auto”.",
        ) from error
