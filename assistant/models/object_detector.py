"""Detectors of the hub with a fixed list of kinds (DETR, RT-DETR, YOLOS), by transformers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from assistant.core.errors import ModelError
from assistant.core.pictures import Box, Detection, without_repeats
from assistant.models.vision_loading import LoadedVision, VisionConfig, at_most
from assistant.models.vision_runtime import VisionRuntime

if TYPE_CHECKING:
    from assistant.core.protocols import Pixels
    from assistant.core.skills import Cancelled

BATCH = 4
USUAL_THRESHOLD = 0.5
_REPEATED = 0.9
"""Such detectors don't repeat themselves, but those with a probability for each kind of its own
give the same box for several."""


class TransformersDetector(VisionRuntime):
    """An `ObjectDetector`."""

    processor_class = "AutoImageProcessor"

    def _model_class(self, config: VisionConfig) -> str:  # noqa: ARG002 - there is but one
        return "AutoModelForObjectDetection"

    def _failed(self, why: str) -> ModelError:
        return ModelError(
            f"The model {self.name} can't find things in images: {why}",
            "Choose another model for detect.model.",
        )

    def detect(
        self, images: Sequence[Pixels], threshold: float | None, cancelled: Cancelled
    ) -> Iterator[tuple[Detection, ...]]:
        least = USUAL_THRESHOLD if threshold is None else threshold
        batches = [images[start : start + BATCH] for start in range(0, len(images), BATCH)]

        def look(loaded: LoadedVision, batch: Sequence[Pixels]) -> list[tuple[Detection, ...]]:
            return self._found(loaded, batch, least)

        for found in self._looked_at(batches, look, cancelled):
            yield from found

    def _found(
        self, loaded: LoadedVision, images: Sequence[Pixels], threshold: float
    ) -> list[tuple[Detection, ...]]:
        inputs = loaded.processor(
            images=[at_most(image) for image in images],
            return_tensors="pt",
            input_data_format="channels_last",
        )
        outputs = loaded.model(**loaded.prepared(inputs))
        sizes = [image.shape[:2] for image in images]
        found = loaded.processor.post_process_object_detection(
            outputs, threshold=threshold, target_sizes=sizes
        )
        return [self._told(one, size) for one, size in zip(found, sizes, strict=True)]

    def _told(self, found: Any, size: tuple[int, int]) -> tuple[Detection, ...]:
        names = [self._label(number) for number in found["labels"].tolist()]
        detections = detections_of(names, found, size)
        return without_repeats(detections, same_label=_REPEATED, any_label=_REPEATED)


def detections_of(names: Sequence[str], found: Any, size: tuple[int, int]) -> tuple[Detection, ...]:
    """What a processor's post-processing gives, as values; boxes are cut at the image's edges.

    Args:
        found: "scores" [n] and "boxes" [n, 4] (left, top, right, bottom in pixels).
        size: height and width of the image.
    """
    height, width = size
    rows = zip(names, found["scores"].tolist(), found["boxes"].tolist(), strict=True)
    told = (Detection(name, score, Box(*box).clipped(width, height)) for name, score, box in rows)
    return tuple(one for one in told if one.box.area > 0)
