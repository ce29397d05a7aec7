"""Classifiers of the hub with labels of their own (sequence classification), by transformers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from assistant.core.documents import Label
from assistant.core.errors import ModelError
from assistant.core.text import sanitize
from assistant.models.devices import Device, list_devices
from assistant.models.dispatch import Room, load_transformers
from assistant.models.placement import ModelNeed, Placement
from assistant.models.quiet import quiet_transformers
from assistant.models.sizes import size_of_folder

_BATCH = 16
_MAX_TOKENS = 512
_WORKING_BYTES = 256 << 20


@dataclass(frozen=True, slots=True)
class _Loaded:
    tokenizer: Any
    model: Any
    device: str


class _Config(msgspec.Struct):
    """What of config.json is needed before weights are loaded."""

    id2label: dict[str, str] = {}


class SequenceClassifier:
    """A `TextClassifier`; weights load at the first text.

    Args:
        folder: the repository's files (safetensors, tokenizer, config.json).
        devices: looks at the machine for the device with room for it.
        room: the same, where other models may leave for this one.

    Raises:
        ModelError: the folder has no readable config.json.
    """

    def __init__(
        self,
        folder: Path,
        *,
        name: str,
        devices: Callable[[], Sequence[Device]] = list_devices,
        room: Room | None = None,
    ) -> None:
        self.name = name
        self._folder = folder
        self._room = room or Room(devices)
        self._lock = threading.Lock()
        self._loaded: _Loaded | None = None
        try:
            config = msgspec.json.decode((folder / "config.json").read_bytes(), type=_Config)
        except (OSError, msgspec.DecodeError) as error:
            raise self._broken(error) from error
        numbered = sorted((int(number), label) for number, label in config.id2label.items())
        self.labels = tuple(sanitize(label) for _, label in numbered)

    @property
    def device(self) -> str:
        """Where its weights are; "cpu" before they load."""
        return self._loaded.device if self._loaded else "cpu"

    def close(self) -> None:
        """Free the weights' memory; they load again with the next text."""
        with self._lock:
            self._loaded = None

    def classify(self, texts: Sequence[str]) -> list[tuple[Label, ...]]:
        """Every label with its probability for each text, best first; a text is cut at the
        model's limit. Labels that don't exclude each other have probabilities of their own."""
        with self._lock:
            return [
                ranked
                for begin in range(0, len(texts), _BATCH)
                for ranked in self._batch(texts[begin : begin + _BATCH])
            ]

    def _batch(self, texts: Sequence[str]) -> list[tuple[Label, ...]]:
        import torch

        loaded = self._load()
        limit = min(_MAX_TOKENS, loaded.tokenizer.model_max_length)
        inputs = loaded.tokenizer(
            list(texts), return_tensors="pt", padding=True, truncation=True, max_length=limit
        ).to(loaded.device)
        with torch.inference_mode():
            logits = loaded.model(**inputs).logits.float()
        several = loaded.model.config.problem_type == "multi_label_classification"
        shares = logits.sigmoid() if several else logits.softmax(dim=-1)
        return [self._ranked(row) for row in shares.tolist()]

    def _ranked(self, row: Sequence[float]) -> tuple[Label, ...]:
        names = self.labels if len(self.labels) == len(row) else [str(i) for i in range(len(row))]
        found = (Label(name, score) for name, score in zip(names, row, strict=True))
        return tuple(sorted(found, key=lambda label: -label.score))

    def _load(self) -> _Loaded:
        if self._loaded is None:
            from transformers import AutoTokenizer

            try:
                with quiet_transformers():
                    tokenizer = AutoTokenizer.from_pretrained(self._folder, local_files_only=True)
                size = size_of_folder(self._folder)
            except (OSError, ValueError, KeyError) as error:
                raise self._broken(error) from error
            need = ModelNeed(self.name, size, working=_WORKING_BYTES, divisible=False)
            model, placement = self._room.load(need, self._weights)
            self._loaded = _Loaded(tokenizer, model, placement.device or "cpu")
        return self._loaded

    def _weights(self, placement: Placement) -> Any:
        from transformers import AutoModelForSequenceClassification

        return load_transformers(
            AutoModelForSequenceClassification, self._folder, placement, self._folder
        )

    def _broken(self, error: Exception) -> ModelError:
        return ModelError(
            f"The model {self.name} can't be loaded: {error}.",
            f"Fetch it again: assistant models remove {self.name}; "
            f"assistant models pull {self.name}",
        )
