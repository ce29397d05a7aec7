"""Models that look at images, each used as soon as it is on this machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

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
from assistant.engine.residents import Resident
from assistant.engine.runtimes import Runtimes

T = TypeVar("T")


class Admission(Protocol):
    """Gives a model its place in a house."""

    def __call__(
        self, name: str, label: str, make: Callable[[], T], *, weightless: bool = False
    ) -> Resident[T]: ...


class Eyes:
    """Calling one gives the model the settings name for it, or None where it is not on this
    machine (yet)."""

    def __init__(self, settings: Settings, runtimes: Runtimes, admit: Admission) -> None:
        self._shelf = runtimes.shelf
        self._admit = admit
        pictures, describe = runtimes.pictures, settings.describe
        detect, segment = settings.detect, settings.segment
        self.captioner: Callable[[], ImageCaptioner | None] = self._if_here(
            describe.caption_model, "caption", "the captioner", pictures.captioner
        )
        self.answerer: Callable[[], ImageAnswerer | None] = self._if_here(
            describe.vqa_model, "vqa", "the model for questions about images", pictures.answerer
        )
        self.detector: Callable[[], ObjectDetector | None] = self._if_here(
            detect.model, "detect", "the detector", pictures.detector
        )
        self.open_detector: Callable[[], OpenDetector | None] = self._if_here(
            detect.open_model, "detect-open", "the detector", pictures.open_detector
        )
        self.faces: Callable[[], ObjectDetector | None] = self._if_here(
            detect.face_model, "faces", "the face detector", pictures.faces, weightless=False
        )
        self.segmenter: Callable[[], Segmenter | None] = self._if_here(
            segment.model, "segment", "the segmenter", pictures.segmenter
        )
        self.outliner: Callable[[], BoxSegmenter | None] = self._if_here(
            segment.outline_model, "outline", "the outliner", pictures.outliner
        )
        self.foreground: Callable[[], ForegroundFinder | None] = self._if_here(
            segment.foreground_model,
            "foreground",
            "the foreground finder",
            pictures.foreground,
            weightless=False,
        )

    def _if_here(
        self, name: str, role: str, label: str, make: Callable[[], T], *, weightless: bool = True
    ) -> Callable[[], T | None]:
        resident = self._admit(name, label, make, weightless=weightless)
        return lambda: resident() if self._shelf.has(name, role) else None
