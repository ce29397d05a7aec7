"""Captions images with a model of the hub (BLIP, BLIP-2, GIT, ViT-GPT2, Florence-2), by
transformers; language models with eyes are asked for a sentence."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from assistant.core.errors import ModelError
from assistant.models.vision_asking import asked_in_chat, caption_task, captions_unasked
from assistant.models.vision_loading import LoadedVision, VisionConfig, at_most
from assistant.models.vision_runtime import VisionRuntime, reason
from assistant.models.vision_writing import written

if TYPE_CHECKING:
    from assistant.core.protocols import Pixels
    from assistant.core.skills import Cancelled

TOKENS = 60
REQUEST = "Describe this image in one sentence."
"""Put to language models; captioners need no words."""


class TransformersCaptioner(VisionRuntime):
    """An `ImageCaptioner`."""

    def _model_class(self, config: VisionConfig) -> str:  # noqa: ARG002 - there is but one
        return "AutoModelForImageTextToText"

    def _failed(self, why: str) -> ModelError:
        return ModelError(
            f"The model {self.name} can't caption images: {why}",
            "Choose another model for describe.caption_model.",
        )

    def caption(self, image: Pixels, cancelled: Cancelled) -> Generator[str, None, None]:
        """A sentence on the image, in English mostly, in pieces as it is written.

        Raises:
            ModelError: the files are damaged, or the model captions no images.
        """

        def prepare(loaded: LoadedVision) -> Any:
            if task := caption_task(self._model.config):
                return loaded.processor(images=[at_most(image)], text=task, return_tensors="pt")
            if not captions_unasked(self._model.config):
                return asked_in_chat(loaded, image, REQUEST)
            return loaded.processor(
                images=[at_most(image)], return_tensors="pt", input_data_format="channels_last"
            )

        yield from written(
            self._model, prepare, TOKENS, cancelled, lambda error: self._failed(reason(error))
        )
