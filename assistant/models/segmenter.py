"""Segmenters of the hub: semantic (SegFormer), instance and panoptic (Mask2Former, MaskFormer)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.core.errors import ModelError
from assistant.core.pictures import Region, resized
from assistant.models.dispatch import Room
from assistant.models.vision_loading import LoadedVision, VisionConfig, at_most
from assistant.models.vision_runtime import VisionRuntime

if TYPE_CHECKING:
    from assistant.core.pictures import Mask
    from assistant.core.protocols import Pixels
    from assistant.core.skills import Cancelled

USUAL_THRESHOLD = 0.5
_SEMANTIC_SIDE = 800
"""Longest side of a map with a layer for each kind: 150 kinds at this size take 400 MB."""
_OBJECT_SIDE = 1600
_SEMANTIC = "AutoModelForSemanticSegmentation"
_CLASSES = {
    "ForSemanticSegmentation": _SEMANTIC,
    "ForUniversalSegmentation": "AutoModelForUniversalSegmentation",
    "MaskFormerForInstanceSegmentation": "AutoModelForUniversalSegmentation",
}
_TOLD_THEIR_TASK = frozenset({"oneformer"})
"""Kinds that want to be told in words what to do; their lists of classes are kept elsewhere."""
_COCO_PANOPTIC = 133
_COCO_THINGS = 80
"""Kinds of COCO's panoptic list that can be counted come first; the others (sky, grass) are one
region each."""


class TransformersSegmenter(VisionRuntime):
    """A `Segmenter`."""

    processor_class = "AutoImageProcessor"

    def __init__(self, folder: Path, *, name: str, room: Room | None = None) -> None:
        super().__init__(folder, name=name, room=room)
        self._fuses = "semantic" in name
        self._semantic = _auto_class(self._model.config) == _SEMANTIC

    def _model_class(self, config: VisionConfig) -> str:
        if auto := _auto_class(config):
            return auto
        kinds = ", ".join(config.architectures or ()) or "unknown"
        raise ModelError(
            f"The model {self.name} is none that segments ({kinds}).",
            "Semantic segmenters (SegFormer), MaskFormer and Mask2Former can be used.",
        )

    def _failed(self, why: str) -> ModelError:
        return ModelError(
            f"The model {self.name} can't segment images: {why}",
            "Choose another model for segment.model.",
        )

    def segment(
        self, images: Sequence[Pixels], threshold: float | None, cancelled: Cancelled
    ) -> Iterator[tuple[Region, ...]]:
        """An image at a time, for its masks take more memory than the model."""

        def look(loaded: LoadedVision, image: Pixels) -> tuple[Region, ...]:
            found = (
                self._semantics(loaded, image)
                if self._semantic
                else self._objects(loaded, image, threshold)
            )
            return tuple(sorted(found, key=lambda region: -region.share))

        yield from self._looked_at(images, look, cancelled)

    def _semantics(self, loaded: LoadedVision, image: Pixels) -> list[Region]:
        import numpy as np

        seen = at_most(image, _SEMANTIC_SIDE)
        outputs = self._run(loaded, seen)
        (found,) = loaded.processor.post_process_semantic_segmentation(
            outputs, target_sizes=[seen.shape[:2]], return_segmentation_scores=True
        )
        kinds = np.asarray(found["segmentation"].cpu())
        logits = found["segmentation_scores"].float()
        sure = np.asarray((logits.max(dim=0).values - logits.logsumexp(dim=0)).exp().cpu())
        return [
            Region(
                self._label(kind),
                float(sure[kinds == kind].mean()),
                self._full(kinds == kind, image),
            )
            for kind in np.unique(kinds).tolist()
        ]

    def _objects(
        self, loaded: LoadedVision, image: Pixels, threshold: float | None
    ) -> list[Region]:
        import numpy as np

        seen = at_most(image, _OBJECT_SIDE)
        outputs = self._run(loaded, seen)
        (found,) = loaded.processor.post_process_panoptic_segmentation(
            outputs,
            threshold=USUAL_THRESHOLD if threshold is None else threshold,
            target_sizes=[seen.shape[:2]],
            label_ids_to_fuse=self._uncounted(),
        )
        numbers = np.asarray(found["segmentation"].cpu())
        told: dict[int, Any] = {}
        for one in found["segments_info"]:  # the pieces of what is fused are listed one by one
            if one["id"] not in told or one["score"] > told[one["id"]]["score"]:
                told[one["id"]] = one
        return [
            Region(self._label(one["label_id"]), float(one["score"]), self._full(mask, image))
            for number, one in told.items()
            if (mask := numbers == number).any()
        ]

    @staticmethod
    def _run(loaded: LoadedVision, image: Pixels) -> Any:
        inputs = loaded.processor(
            images=[image], return_tensors="pt", input_data_format="channels_last"
        )
        return loaded.model(**loaded.prepared(inputs))

    def _uncounted(self) -> set[int]:
        """Numbers of kinds that are one region however many pieces they have."""
        if self._fuses:
            return set(range(len(self.labels)))
        return set(range(_COCO_THINGS, _COCO_PANOPTIC)) if self._is_coco() else set()

    def _is_coco(self) -> bool:
        return len(self.labels) == _COCO_PANOPTIC

    @staticmethod
    def _full(mask: Mask, image: Pixels) -> Mask:
        height, width = image.shape[:2]
        return resized(mask, height, width)


def _auto_class(config: VisionConfig) -> str | None:
    """The auto class of transformers that serves the model; None where it is no segmenter."""
    if config.model_type in _TOLD_THEIR_TASK:
        return None
    for architecture in config.architectures or ():
        for ending, auto in _CLASSES.items():
            if architecture.endswith(ending):
                return auto
    return None
