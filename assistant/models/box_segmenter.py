"""Outlines of what boxes and points show, by the SAM family of transformers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from assistant.core.errors import ModelError
from assistant.core.pictures import resized
from assistant.core.text import one_line
from assistant.models.vision_loading import LoadedVision, VisionConfig, at_most
from assistant.models.vision_runtime import VisionRuntime

if TYPE_CHECKING:
    from assistant.core.pictures import Box, Mask
    from assistant.core.protocols import Pixels
    from assistant.core.skills import Cancelled

BATCH = 16
"""Boxes decoded at once."""
KINDS = frozenset({"sam", "sam_hq", "sam2", "sam2_video", "edgetam", "edgetam_video"})
"""Kinds of models that take boxes and points as the first of the family does."""


class SamSegmenter(VisionRuntime):
    """A `BoxSegmenter`."""

    def _model_class(self, config: VisionConfig) -> str:
        if config.model_type not in KINDS:
            raise ModelError(
                f"The model {self.name} is none that outlines what is in a box "
                f"({one_line(config.model_type, 40) or 'unknown'}).",
                "SAM, SAM-HQ, SAM 2 and EdgeTAM can be used: segment.outline_model.",
            )
        return "AutoModelForMaskGeneration"

    def _failed(self, why: str) -> ModelError:
        return ModelError(
            f"The model {self.name} can't outline things: {why}",
            "Choose another model for segment.outline_model.",
        )

    def outline(self, image: Pixels, boxes: Sequence[Box], cancelled: Cancelled) -> Iterator[Mask]:
        """A mask, bool [height, width], for each box: the likeliest of those the model offers."""
        seen = at_most(image)
        across, down = seen.shape[1] / image.shape[1], seen.shape[0] / image.shape[0]
        corners = [box.scaled(across, down) for box in boxes]
        batches = [corners[start : start + BATCH] for start in range(0, len(corners), BATCH)]

        def look(loaded: LoadedVision, batch: Sequence[Box]) -> list[Mask]:
            asked = [[[b.left, b.top, b.right, b.bottom] for b in batch]]
            return self._masks(loaded, seen, {"input_boxes": asked})

        for masks in self._looked_at(batches, look, cancelled):
            yield from (resized(mask, *image.shape[:2]) for mask in masks)

    def outline_points(self, image: Pixels, points: Sequence[tuple[float, float]]) -> Mask:
        """A mask of the one thing all the points (x, y) lie on."""
        seen = at_most(image)
        across, down = seen.shape[1] / image.shape[1], seen.shape[0] / image.shape[0]
        asked = [[[[x * across, y * down] for x, y in points]]]

        def look(loaded: LoadedVision, asked: list[Any]) -> list[Mask]:
            return self._masks(loaded, seen, {"input_points": asked})

        ((mask,),) = self._looked_at([asked], look, lambda: False)
        return resized(mask, *image.shape[:2])

    @staticmethod
    def _masks(loaded: LoadedVision, image: Pixels, prompts: dict[str, Any]) -> list[Mask]:
        import numpy as np

        inputs = loaded.processor(
            images=[image], return_tensors="pt", input_data_format="channels_last", **prompts
        )
        outputs = loaded.model(**loaded.prepared(inputs))
        sizes = [inputs["original_sizes"]]
        if "reshaped_input_sizes" in inputs:
            sizes.append(inputs["reshaped_input_sizes"])
        (masks,) = loaded.processor.post_process_masks(outputs.pred_masks.float().cpu(), *sizes)
        best = outputs.iou_scores[0].argmax(dim=-1).tolist()
        return [np.asarray(masks[at, choice]) for at, choice in enumerate(best)]
