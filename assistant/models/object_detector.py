"""Detectors of the hub with a fixed list of kinds (DETR, RT-DETR, YOLOS), by transformers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.core.pictures import Box, Detection, without_repeats
from assistant.models.dispatch import Room
from assistant.models.vision_loading import VisionModel, at_most

if TYPE_CHECKING:
    from assistant.core.protocols import Pixels
    from assistant.core.skills import Cancelled

BATCH = 4
USUAL_THRESHOLD = 0.5
_REPEATED = 0.9
"""Such detectors don't repeat themselves, but those with a probability for each kind of its own
give the same box for several."""


class TransformersDetector:
    """An `ObjectDetector`; weights load at the first image.

    Args:
        room: where it may be placed; None = this machine.

    Raises:
        ModelError: the folder has no readable config.json.
    """

    def __init__(self, folder: Path, *, name: str, room: Room | None = None) -> None:
        self.name = name
        self._model = VisionModel(
            folder, name=name, model_class="AutoModelForObjectDetection", room=room
        )
        self.labels = self._model.labels

    @property
    def device(self) -> str:
        """Where its weights are; "cpu" before they load."""
        return self._model.device

    def close(self) -> None:
        """Free the weights' memory; they load again when next needed."""
        self._model.close()

    def detect(
        self, images: Sequence[Pixels], threshold: float | None, cancelled: Cancelled
    ) -> Iterator[tuple[Detection, ...]]:
        least = USUAL_THRESHOLD if threshold is None else threshold
        for start in range(0, len(images), BATCH):
            if cancelled():
                return
            yield from self._batch(images[start : start + BATCH], least)

    def _batch(self, images: Sequence[Pixels], threshold: float) -> list[tuple[Detection, ...]]:
        import torch

        loaded = self._model.ready()
        seen = [at_most(image) for image in images]
        inputs = loaded.processor(
            images=list(seen), return_tensors="pt", input_data_format="channels_last"
        )
        with torch.inference_mode():
            outputs = loaded.model(**loaded.prepared(inputs))
        sizes = [image.shape[:2] for image in images]
        found = loaded.processor.post_process_object_detection(
            outputs, threshold=threshold, target_sizes=sizes
        )
        return [self._told(one, size) for one, size in zip(found, sizes, strict=True)]

    def _told(self, found: Any, size: tuple[int, int]) -> tuple[Detection, ...]:
        numbers = found["labels"].tolist()
        names = [self._label(number) for number in numbers]
        detections = detections_of(names, found, size)
        return without_repeats(detections, same_label=_REPEATED, any_label=_REPEATED)

    def _label(self, number: int) -> str:
        return self.labels[number] if number < len(self.labels) else str(number)


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
