"""Captions images with a model of the hub (BLIP, GIT, ViT-GPT2 and their kin), by transformers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from assistant.core.errors import ModelError
from assistant.core.text import one_line, sanitize
from assistant.models.dispatch import Room
from assistant.models.quiet import quiet_transformers
from assistant.models.vision_loading import VisionModel, at_most

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.core.protocols import Pixels

BATCH = 4
TOKENS = 40
_LONGEST = 400  # characters


class TransformersCaptioner:
    """An `ImageCaptioner`; weights load at the first image.

    Args:
        room: where it may be placed; None = this machine.

    Raises:
        ModelError: the folder has no readable config.json.
    """

    def __init__(self, folder: Path, *, name: str, room: Room | None = None) -> None:
        self.name = name
        self._model = VisionModel(
            folder,
            name=name,
            model_class="AutoModelForImageTextToText",
            processor_class="AutoProcessor",
            room=room,
        )

    @property
    def device(self) -> str:
        """Where its weights are; "cpu" before they load."""
        return self._model.device

    def close(self) -> None:
        """Free the weights' memory; they load again when next needed."""
        self._model.close()

    def caption(self, images: Sequence[Pixels]) -> list[str]:
        """A sentence on each image, in English mostly; several images are run together.

        Raises:
            ModelError: the files are damaged, or the model captions no images.
        """
        found: list[str] = []
        for start in range(0, len(images), BATCH):
            found += self._batch(images[start : start + BATCH])
        return found

    def _batch(self, images: Sequence[Pixels]) -> list[str]:
        import torch

        loaded = self._model.ready()
        try:
            pictures = [at_most(image) for image in images]
            inputs = loaded.processor(
                images=pictures, return_tensors="pt", input_data_format="channels_last"
            )
            with torch.inference_mode(), quiet_transformers():
                tokens = loaded.model.generate(
                    **loaded.prepared(inputs), max_new_tokens=TOKENS, do_sample=False
                )
            texts = loaded.processor.batch_decode(tokens, skip_special_tokens=True)
        except (ValueError, TypeError, KeyError, IndexError, RuntimeError) as error:
            raise ModelError(
                f"The model {self.name} can't caption images: {one_line(str(error), 200)}",
                "Choose another model for describe.caption_model.",
            ) from error
        return [one_line(sanitize(text), _LONGEST).strip() for text in texts]
