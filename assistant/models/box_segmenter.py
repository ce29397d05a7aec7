"""Outlines of what boxes and points show, by the SAM family of transformers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.core.pictures import resized
from assistant.models.dispatch import Room
from assistant.models.vision_loading import VisionModel, at_most

if TYPE_CHECKING:
    from assistant.core.pictures import Box, Mask
    from assistant.core.protocols import Pixels

BATCH = 16
"""Boxes decoded at once."""


class SamSegmenter:
    """A `BoxSegmenter`; weights load at the first image.

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
            model_class="AutoModelForMaskGeneration",
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

    def outline(self, image: Pixels, boxes: Sequence[Box]) -> list[Mask]:
        """A mask, bool [height, width], for each box: the likeliest of those the model offers."""
        seen = at_most(image)
        across, down = seen.shape[1] / image.shape[1], seen.shape[0] / image.shape[0]
        corners = [box.scaled(across, down) for box in boxes]
        masks: list[Mask] = []
        for start in range(0, len(corners), BATCH):
            batch = corners[start : start + BATCH]
            asked = [[[b.left, b.top, b.right, b.bottom] for b in batch]]
            masks.extend(self._masks(seen, {"input_boxes": asked}))
        return [resized(mask, *image.shape[:2]) for mask in masks]

    def outline_points(self, image: Pixels, points: Sequence[tuple[float, float]]) -> Mask:
        """A mask of the one thing all the points (x, y) lie on."""
        seen = at_most(image)
        across, down = seen.shape[1] / image.shape[1], seen.shape[0] / image.shape[0]
        asked = [[[[x * across, y * down] for x, y in points]]]
        (mask,) = self._masks(seen, {"input_points": asked})
        return resized(mask, *image.shape[:2])

    def _masks(self, image: Pixels, prompts: dict[str, Any]) -> list[Mask]:
        import numpy as np
        import torch

        loaded = self._model.ready()
        inputs = loaded.processor(
            images=[image], return_tensors="pt", input_data_format="channels_last", **prompts
        )
        with torch.inference_mode():
            outputs = loaded.model(**loaded.prepared(inputs))
        sizes = [inputs["original_sizes"]]
        if "reshaped_input_sizes" in inputs:
            sizes.append(inputs["reshaped_input_sizes"])
        (masks,) = loaded.processor.post_process_masks(outputs.pred_masks.float().cpu(), *sizes)
        best = outputs.iou_scores[0].argmax(dim=-1).tolist()
        return [np.asarray(masks[at, choice]) for at, choice in enumerate(best)]
