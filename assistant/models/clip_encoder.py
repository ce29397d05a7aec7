"""Puts images and texts into one space with a CLIP model of transformers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from assistant.core.errors import ModelError
from assistant.models.quiet import quiet_transformers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import torch

    from assistant.core.protocols import Pixels, Vectors

_Item = TypeVar("_Item")

BATCH = 16
"""Images or texts run at once."""


class ClipEncoder:
    """A folder as a model hub keeps it: safetensors, config, tokenizer, image processor.

    Raises:
        ModelError: something in the folder is missing, damaged, or no CLIP.
    """

    def __init__(self, folder: Path, *, name: str, device: str) -> None:
        from safetensors import SafetensorError
        from transformers import CLIPModel, CLIPProcessor

        self._name = name
        self._device = device
        try:
            with quiet_transformers():
                self._model: Any = CLIPModel.from_pretrained(
                    folder, local_files_only=True, use_safetensors=True
                )
                self._processor: Any = CLIPProcessor.from_pretrained(folder, local_files_only=True)
        except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
            raise ModelError(
                f"The files of the model {name} can't be loaded.",
                f"Run `assistant models remove {name}`, then `assistant models pull {name}`.",
            ) from error
        self._model.train(False).to(device)

    @property
    def name(self) -> str:
        return self._name

    @property
    def logit_scale(self) -> float:
        return float(self._model.logit_scale.detach().exp())

    def embed_images(self, images: Sequence[Pixels]) -> Vectors:
        """Unit rows float32 [n, d]."""
        import torch

        parts = []
        for batch in _batches(images):
            inputs = self._processor(
                images=list(batch), return_tensors="pt", input_data_format="channels_last"
            )
            with torch.inference_mode():
                found = self._model.get_image_features(
                    pixel_values=inputs["pixel_values"].to(self._device)
                )
            parts.append(found.pooler_output)
        return self._unit_rows(parts)

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        """Unit rows float32 [n, d]; what is beyond the model's length (77 tokens) is cut."""
        import torch

        parts = []
        for batch in _batches(texts):
            inputs = self._processor(
                text=list(batch),
                return_tensors="pt",
                padding=True,
                truncation=True,
                max_length=self._model.config.text_config.max_position_embeddings,
            )
            with torch.inference_mode():
                found = self._model.get_text_features(
                    input_ids=inputs["input_ids"].to(self._device),
                    attention_mask=inputs["attention_mask"].to(self._device),
                )
            parts.append(found.pooler_output)
        return self._unit_rows(parts)

    def _unit_rows(self, parts: Sequence[torch.Tensor]) -> Vectors:
        import numpy as np
        import torch

        if not parts:
            return np.empty((0, self._model.config.projection_dim), np.float32)
        rows = torch.nn.functional.normalize(torch.cat(list(parts)).float(), dim=-1)
        return np.asarray(rows.cpu().numpy(), dtype=np.float32)


def _batches(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]
