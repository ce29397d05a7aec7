"""Translation models of the hub: one pair (Marian) or many languages (M2M100, NLLB, mBART-50)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.core.errors import ModelError
from assistant.models.devices import Device, list_devices
from assistant.models.dispatch import Room, load_transformers
from assistant.models.language_tags import Direction, LanguageTags
from assistant.models.placement import ModelNeed, Placement
from assistant.models.quiet import quiet_transformers
from assistant.models.sizes import size_of_folder

_BATCH = 8
_MAX_TOKENS = 512
"""Positions these models were trained for."""
_WORKING_BYTES = 256 << 20
"""Beside the weights: beams of a batch, with what attention keeps of them."""


@dataclass(frozen=True, slots=True)
class _Loaded:
    tokenizer: Any
    tags: LanguageTags
    model: Any
    device: str


class Seq2SeqTranslator:
    """A sequence-to-sequence model run by transformers; weights load at the first sentence.

    Args:
        folder: the repository's files (safetensors, tokenizer, config.json).
        pairs: directions it serves, as (source, target) codes.
        beams: translations weighed against one another; 0 = as many as its own files say.
        devices: looks at the machine for the device with room for it.
        room: the same, where other models may leave for this one.
    """

    def __init__(
        self,
        folder: Path,
        *,
        name: str,
        pairs: Iterable[tuple[str, str]],
        beams: int = 0,
        devices: Callable[[], Sequence[Device]] = list_devices,
        room: Room | None = None,
    ) -> None:
        self.name = name
        self.pairs = frozenset(pairs)
        self._folder = folder
        self._beams = beams
        self._room = room or Room(devices)
        self._lock = threading.Lock()
        self._loaded: _Loaded | None = None

    @property
    def device(self) -> str:
        """Where its weights are; "cpu" before they load."""
        return self._loaded.device if self._loaded else "cpu"

    def close(self) -> None:
        """Free the weights' memory; they load again with the next text."""
        with self._lock:
            self._loaded = None

    def translate(self, sentences: Sequence[str], source: str, target: str) -> list[str]:
        """Translations in the order given, made in batches of similar length.

        Raises:
            ModelError: the direction is none of `pairs`, or the files can't be loaded.
        """
        if (source, target) not in self.pairs:
            raise ModelError(
                f"{self.name} does not translate from {source} to {target}.",
                "Choose another direction, or a model that covers it: assistant models list",
            )
        worded = [i for i in range(len(sentences)) if sentences[i].strip()]
        order = sorted(worded, key=lambda i: len(sentences[i]))
        translated = [""] * len(sentences)
        with self._lock:
            for begin in range(0, len(order), _BATCH):
                batch = order[begin : begin + _BATCH]
                made = self._batch([sentences[i] for i in batch], source, target)
                for i, text in zip(batch, made, strict=True):
                    translated[i] = text
        return translated

    def _batch(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        import torch

        loaded = self._load()
        direction = loaded.tags.direction(source, target)
        tokenizer = loaded.tokenizer
        if direction.source is not None:
            tokenizer.src_lang = direction.source
        inputs = tokenizer(
            [direction.prefix + text for text in texts],
            return_tensors="pt",
            padding=True,
            truncation=True,
            max_length=_MAX_TOKENS,
        ).to(loaded.device)
        room = min(_MAX_TOKENS, 2 * inputs["input_ids"].shape[1] + 16)
        with torch.inference_mode():
            output = loaded.model.generate(
                **inputs, max_new_tokens=room, max_length=None, **self._options(direction)
            )
        decoded: list[str] = tokenizer.batch_decode(output, skip_special_tokens=True)
        return [text.strip() for text in decoded]

    def _options(self, direction: Direction) -> dict[str, int]:
        options = {"num_beams": self._beams} if self._beams else {}
        if direction.first_token is not None:
            options["forced_bos_token_id"] = direction.first_token
        return options

    def _load(self) -> _Loaded:
        if self._loaded is None:
            from transformers import AutoTokenizer

            try:
                with quiet_transformers():
                    tokenizer = AutoTokenizer.from_pretrained(self._folder, local_files_only=True)
                need = ModelNeed(
                    self.name,
                    size_of_folder(self._folder),
                    working=_WORKING_BYTES,
                    divisible=False,
                )
            except (OSError, ValueError, KeyError) as error:
                raise self._broken(error) from error
            model, placement = self._room.load(need, self._weights)
            device = placement.device or "cpu"
            self._loaded = _Loaded(tokenizer, LanguageTags(tokenizer), model, device)
        return self._loaded

    def _weights(self, placement: Placement) -> Any:
        from transformers import AutoModelForSeq2SeqLM

        return load_transformers(AutoModelForSeq2SeqLM, self._folder, placement, self._folder)

    def _broken(self, error: Exception) -> ModelError:
        return ModelError(
            f"The model {self.name} can't be loaded: {error}.",
            f"Fetch it again: assistant models remove {self.name}; "
            f"assistant models pull {self.name}",
        )
