"""The runtimes that find, outline and speak of what images show."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

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
from assistant.models.catalogue import ModelEntry

if TYPE_CHECKING:
    from assistant.models.llamacpp_eyes import LlamaCppEyes


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
        if entry.format == "gguf":
            return self._llamacpp(entry, folder)
        from assistant.models.captioner import TransformersCaptioner

        return TransformersCaptioner(folder, name=entry.name, room=self._shelf.room())

    def answerer(self) -> ImageAnswerer:
        entry, folder = self._shelf.require(self._settings.describe.vqa_model, "vqa")
        if entry.format == "gguf":
            return self._llamacpp(entry, folder)
        from assistant.models.visual_answerer import TransformersAnswerer

        return TransformersAnswerer(folder, name=entry.name, room=self._shelf.room())

    def _llamacpp(self, entry: ModelEntry, folder: Path) -> LlamaCppEyes:
        from assistant.models.llamacpp_devices import llamacpp_devices
        from assistant.models.llamacpp_eyes import CONTEXT, LlamaCppEyes, Seeing, start_eyes
        from assistant.models.llamacpp_placed import load_llamacpp

        layers: Literal["auto", 0] = 0 if self._settings.generate.gpu_layers == 0 else "auto"
        settings = msgspec.structs.replace(
            self._settings.generate, context=CONTEXT, gpu_layers=layers
        )

        def load(gpu_layers: int, device: str) -> Seeing:
            return start_eyes(
                folder,
                name=entry.name,
                threads=self._threads,
                gpu_layers=gpu_layers,
                device=device,
            )

        room = self._shelf.room(llamacpp_devices)
        return LlamaCppEyes(
            name=entry.name, start=lambda: load_llamacpp(entry, folder, settings, room, load)
        )

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
