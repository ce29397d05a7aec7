"""Detectors of the hub for things in any words: OWL-ViT, OWLv2, Grounding DINO."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from assistant.core.errors import ModelError
from assistant.core.pictures import Detection, without_repeats
from assistant.core.text import one_line
from assistant.models.object_detector import detections_of
from assistant.models.vision_loading import LoadedVision, VisionConfig, at_most
from assistant.models.vision_runtime import VisionRuntime

if TYPE_CHECKING:
    from assistant.core.protocols import Pixels
    from assistant.core.skills import Cancelled

_GROUNDING = frozenset({"grounding-dino", "mm-grounding-dino"})
KINDS = _GROUNDING | {"owlvit", "owlv2"}
"""Kinds of models that are asked and read as they were trained to be."""
_USUAL_THRESHOLD = 0.2
_GROUNDING_THRESHOLD = 0.3
_SAME, _OTHER = 0.5, 0.8
"""Overlaps that make a repeat: each patch of the image proposes a box of its own."""
_WORD = re.compile(r"\w+")


class TransformersOpenDetector(VisionRuntime):
    """An `OpenDetector`."""

    def _model_class(self, config: VisionConfig) -> str:
        if config.model_type not in KINDS:
            raise ModelError(
                f"The model {self.name} does not find things named in words "
                f"({one_line(config.model_type, 40) or 'unknown'}).",
                "OWL-ViT, OWLv2, Grounding DINO and MM Grounding DINO can be used: "
                "detect.open_model.",
            )
        return "AutoModelForZeroShotObjectDetection"

    def _failed(self, why: str) -> ModelError:
        return ModelError(
            f"The model {self.name} can't find things in images: {why}",
            "Choose another model for detect.open_model.",
        )

    @property
    def _grounding(self) -> bool:
        return self._model.config.model_type in _GROUNDING

    def detect(
        self,
        images: Sequence[Pixels],
        labels: Sequence[str],
        threshold: float | None,
        cancelled: Cancelled,
    ) -> Iterator[tuple[Detection, ...]]:
        """An image at a time: the texts make a pass over several take much memory."""
        usual = _GROUNDING_THRESHOLD if self._grounding else _USUAL_THRESHOLD
        least = usual if threshold is None else threshold
        if not labels:
            yield from (() for _ in images)
            return

        def look(loaded: LoadedVision, image: Pixels) -> tuple[Detection, ...]:
            return self._found(loaded, image, labels, least)

        yield from self._looked_at(images, look, cancelled)

    def _found(
        self, loaded: LoadedVision, image: Pixels, labels: Sequence[str], threshold: float
    ) -> tuple[Detection, ...]:
        asked = self._worded(labels)
        inputs = loaded.processor(
            images=[at_most(image)],
            text=[asked],
            return_tensors="pt",
            input_data_format="channels_last",
            **({} if self._grounding else {"truncation": True}),
        )
        outputs = loaded.model(**loaded.prepared(inputs))
        height, width = image.shape[:2]
        (found,) = self._read(loaded.processor, outputs, inputs, threshold, (height, width), asked)
        names = self._names(found, labels, asked)
        kept = [(name, at) for at, name in enumerate(names) if name is not None]
        chosen = {key: found[key][[at for _, at in kept]] for key in ("scores", "boxes")}
        detections = detections_of([name for name, _ in kept], chosen, (height, width))
        return without_repeats(detections, same_label=_SAME, any_label=_OTHER)

    def _worded(self, labels: Sequence[str]) -> list[str]:
        """The labels as the model was trained to read them."""
        if self._grounding:
            return [" ".join(_WORD.findall(label.lower())) or "object" for label in labels]
        return [f"a photo of a {label}" for label in labels]

    def _read(
        self,
        processor: Any,
        outputs: Any,
        inputs: Any,
        threshold: float,
        size: tuple[int, int],
        asked: Sequence[str],
    ) -> Any:
        if self._grounding:
            return processor.post_process_grounded_object_detection(
                outputs,
                input_ids=inputs["input_ids"],
                threshold=threshold,
                text_threshold=threshold * 0.8,
                target_sizes=[size],
            )
        return processor.post_process_grounded_object_detection(
            outputs, threshold=threshold, target_sizes=[size], text_labels=[list(asked)]
        )

    def _names(self, found: Any, labels: Sequence[str], asked: Sequence[str]) -> list[str | None]:
        """The label each box is for; None where the words it answers are of none."""
        if self._grounding:
            return [_nearest(phrase, labels, asked) for phrase in found["text_labels"]]
        return [labels[number] for number in found["labels"].tolist()]


def _nearest(phrase: str, labels: Sequence[str], asked: Sequence[str]) -> str | None:
    """The label that shares most words with a phrase of the prompt: the model answers words, and
    may join or leave out some."""
    said = set(_WORD.findall(phrase.lower()))
    shared = [len(said & set(words.split())) / (len(words.split()) or 1) for words in asked]
    best = max(range(len(labels)), key=shared.__getitem__)
    return labels[best] if shared[best] > 0 else None
