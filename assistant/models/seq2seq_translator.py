"""Translation models of the hub: one pair (Marian) or many languages (M2M100)."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from assistant.core.errors import ModelError
from assistant.models.quiet import quiet_transformers

_BATCH = 8
_MAX_TOKENS = 512
"""Positions these models were trained for."""


class Seq2SeqTranslator:
    """A sequence-to-sequence model run by transformers; weights load at the first sentence.

    Args:
        folder: the repository's files (safetensors, tokenizer, config.json).
        pairs: directions it serves, as (source, target) codes.
    """

    def __init__(
        self, folder: Path, *, name: str, pairs: Iterable[tuple[str, str]], device: str
    ) -> None:
        self.name = name
        self._folder = folder
        self._device = device
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Any] | None = None
        self.pairs = frozenset(pairs)

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
        order = sorted(range(len(sentences)), key=lambda i: len(sentences[i]))
        translated = [""] * len(sentences)
        with self._lock:
            for begin in range(0, len(order), _BATCH):
                batch = [i for i in order[begin : begin + _BATCH] if sentences[i].strip()]
                for i, text in zip(
                    batch, self._batch([sentences[i] for i in batch], source, target), strict=True
                ):
                    translated[i] = text
        return translated

    def _batch(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        import torch

        if not texts:
            return []
        tokenizer, model = self._load()
        options: dict[str, int] = {}
        if hasattr(tokenizer, "get_lang_id"):
            tokenizer.src_lang = source
            options["forced_bos_token_id"] = tokenizer.get_lang_id(target)
        inputs = tokenizer(
            list(texts), return_tensors="pt", padding=True, truncation=True, max_length=_MAX_TOKENS
        ).to(self._device)
        room = min(_MAX_TOKENS, 2 * inputs["input_ids"].shape[1] + 16)
        with torch.inference_mode():
            output = model.generate(**inputs, max_new_tokens=room, max_length=None, **options)
        decoded: list[str] = tokenizer.batch_decode(output, skip_special_tokens=True)
        return [text.strip() for text in decoded]

    def _load(self) -> tuple[Any, Any]:
        if self._loaded is None:
            from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

            try:
                with quiet_transformers():
                    tokenizer = AutoTokenizer.from_pretrained(self._folder, local_files_only=True)
                    model = AutoModelForSeq2SeqLM.from_pretrained(
                        self._folder, local_files_only=True, use_safetensors=True
                    )
            except (OSError, ValueError, KeyError) as error:
                raise ModelError(
                    f"The model {self.name} can't be loaded: {error}.",
                    f"Fetch it again: assistant models remove {self.name}; "
                    f"assistant models pull {self.name}",
                ) from error
            self._loaded = tokenizer, model.eval().to(self._device)
        return self._loaded
