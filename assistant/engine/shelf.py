"""Which models are on this machine, what each takes, and where it may be placed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from assistant.config import GenerateSettings
from assistant.core.errors import ModelError
from assistant.models.cache import ModelCache
from assistant.models.catalogue import Catalogue, ModelEntry
from assistant.models.devices import Device
from assistant.models.dispatch import Room
from assistant.models.footprint import need_of
from assistant.models.gpu_layers import ALL_LAYERS
from assistant.models.llamacpp_eyes import CONTEXT
from assistant.models.placement import Loaded, ModelNeed
from assistant.models.sizes import of_bytes
from assistant.models.transformers_loading import quantised_dtypes

PLACED_BY_TORCH = frozenset({"transformers", "sentence-transformers", "seq2seq", "clip"})
"""Formats of models that go where a placement over torch's devices says."""


class Shelf:
    """Models by name.

    Args:
        generate: of language models, the context and data type, which make up what they take.
        loaded: idle models in memory, which may leave for another.
        leave: unloads models by name.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        cache: ModelCache,
        generate: GenerateSettings,
        loaded: Callable[[], Sequence[Loaded]] = tuple,
        leave: Callable[[Iterable[str]], None] = lambda _names: None,
    ) -> None:
        self.catalogue = catalogue
        self.cache = cache
        self._generate = generate
        self._loaded = loaded
        self._leave = leave

    def entry(self, name: str, role: str) -> ModelEntry:
        """
        Raises:
            ModelError: there is no such model, or it is for something else.
        """
        entry = self.catalogue.get(name)
        if entry.role != role:
            choices = ", ".join(e.name for e in self.catalogue.by_role(role))
            raise ModelError(
                f"The model {name} is for “{entry.role}”, not for “{role}”.",
                f"Models for “{role}”: {choices}.",
            )
        return entry

    def has(self, name: str, role: str) -> bool:
        """Whether the model is on this machine.

        Raises:
            ModelError: there is no such model, or it is for something else.
        """
        return self.cache.is_present(self.entry(name, role))

    def require(self, name: str, role: str) -> tuple[ModelEntry, Path]:
        """A model and the folder of its files.

        Raises:
            ModelMissingError: it is not on this machine.
            ModelError: there is no such model, or it is for something else.
        """
        entry = self.entry(name, role)
        return entry, self.cache.require(entry)

    def need(self, name: str) -> ModelNeed:
        """What loading a model takes, for making room before; nothing where it is not known, and
        nothing for one of a server."""
        entry = self._known(name)
        if entry is None or entry.server is not None:
            return ModelNeed(name, of_bytes(0), portable=True)
        folder = self.cache.folder(entry) if self.cache.is_present(entry) else None
        generate = self._generate
        dtype = None if generate.dtype == "auto" else generate.dtype
        return need_of(
            entry,
            folder,
            context=CONTEXT if entry.role in {"caption", "vqa"} else generate.context,
            dtype=dtype,
            lower=quantised_dtypes(),
            gpu_layers=entry.format == "gguf" and bool(self.gpus(name)),
        )

    def gpus(self, name: str) -> Sequence[Device]:
        """GPUs the model could be placed on; for one that only ever runs in main memory there are
        none, and no library is asked. A GGUF model of which the settings put some layers on a GPU
        counts as one in main memory, where the others are."""
        entry = self._known(name)
        if entry is None:
            return ()
        if entry.format == "gguf" and self._generate.gpu_layers in {"auto", ALL_LAYERS}:
            from assistant.models.llamacpp_devices import llamacpp_devices

            return _gpus(llamacpp_devices())
        return _gpus(_list_devices()) if entry.format in PLACED_BY_TORCH else ()

    def room(self, devices: Callable[[], Sequence[Device]] | None = None) -> Room:
        """The machine as a place to load models in.

        Args:
            devices: None = those torch knows.
        """
        return Room(devices or _list_devices, self._loaded, self._leave)

    def _known(self, name: str) -> ModelEntry | None:
        return next((entry for entry in self.catalogue if entry.name == name), None)


def _gpus(devices: Sequence[Device]) -> Sequence[Device]:
    return tuple(device for device in devices if device.kind != "cpu")


def _list_devices() -> Sequence[Device]:
    """Looked up at the last moment, as it imports torch."""
    from assistant.models import devices

    return devices.list_devices()
