"""The runtimes that find, outline and speak of what images show."""

from __future__ import annotations

from assistant.config import Settings
from assistant.core.protocols import (
    BoxSegmenter,
    ForegroundFinder,
    ImageAnswerer,
    ImageCaptioner,
    ObjectDetector,
    OpenDetector,
    Segmenter,
)
from assistant.engine.shelf import Shelf


class PictureRuntimes:
    """Builds runtimes for the models the settings name. Those of torch load their weights at
    the first image, those of ONNX at once.

    Every method raises `ModelMissingError` where the model is not on this machine, and
    `ModelError` where it is for something else.
    """

    def __init__(self, settings: Settings, shelf: Shelf, threads: int) -> None:
        self._settings = settings
        self._shelf = shelf
        self._threads = threads

    def captioner(self) -> ImageCaptioner:
        entry, folder = self._shelf.require(self._settings.describe.caption_model, "caption")
        from assistant.models.captioner import TransformersCaptioner

        return TransformersCaptioner(folder, name=entry.name, room=self._shelf.room())

    def answerer(self) -> ImageAnswerer:
        entry, folder = self._shelf.require(self._settings.describe.vqa_model, "vqa")
        from assistant.models.visual_answerer import TransformersAnswerer

        return TransformersAnswerer(folder, name=entry.name, room=self._shelf.room())

    def detector(self) -> ObjectDetector:
        entry, folder = self._shelf.require(self._settings.detect.model, "detect")
        from assistant.models.object_detector import TransformersDetector

        return TransformersDetector(folder, name=entry.name, room=self._shelf.room())

    def open_detector(self) -> OpenDetector:
        entry, folder = self._shelf.require(self._settings.detect.open_model, "detect-open")
        from assistant.models.open_detector import TransformersOpenDetector

        return TransformersOpenDetector(folder, name=entry.name, room=self._shelf.room())

    def faces(self) -> ObjectDetector:
        entry, folder = self._shelf.require(self._settings.detect.face_model, "faces")
        from assistant.models.onnx_faces import OnnxFaceDetector

        return OnnxFaceDetector(folder, name=entry.name, threads=self._threads)

    def segmenter(self) -> Segmenter:
        entry, folder = self._shelf.require(self._settings.segment.model, "segment")
        from assistant.models.segmenter import TransformersSegmenter

        return TransformersSegmenter(folder, name=entry.name, room=self._shelf.room())

    def outliner(self) -> BoxSegmenter:
        entry, folder = self._shelf.require(self._settings.segment.outline_model, "outline")
        from assistant.models.box_segmenter import SamSegmenter

        return SamSegmenter(folder, name=entry.name, room=self._shelf.room())

    def foreground(self) -> ForegroundFinder:
        entry, folder = self._shelf.require(self._settings.segment.foreground_model, "foreground")
        from assistant.models.onnx_foreground import OnnxForeground

        return OnnxForeground(folder, name=entry.name, threads=self._threads)
