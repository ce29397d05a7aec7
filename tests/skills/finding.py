"""Stand-ins for what detect and segment look with, and ways to ask them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from assistant.core.errors import ModelMissingError
from assistant.core.pictures import Alpha, Box, Detection, Mask, Region
from assistant.core.protocols import (
    BoxSegmenter,
    ForegroundFinder,
    ImageLabeler,
    ObjectDetector,
    OpenDetector,
    Pixels,
    Segmenter,
    Translator,
)
from assistant.core.skills import Cancelled
from skills.detect import DetectSkill
from skills.detection.finding import Eyes
from skills.segment import SegmentSkill
from skills.segmentation.outlining import Scissors
from tests.skills.describing import FakeLabeler, FakeOpener

CAT, DOG = Box(1, 2, 11, 12), Box(20, 5, 35, 25)


def language_of(text: str) -> str:
    return "zh" if any("一" <= c <= "鿿" for c in text) else "en"


@dataclass
class FakeDetector:
    """Every image shows these, seen in its 40 × 30 pixels."""

    found: tuple[Detection, ...] = (
        Detection("dog", 0.9, DOG),
        Detection("cat", 0.8, CAT),
        Detection("dog", 0.7, Box(0, 0, 9, 9)),
    )
    name: str = "fake-detector"
    labels: tuple[str, ...] = ("person", "dog", "cat", "car")
    thresholds: list[float | None] = field(default_factory=list)

    def detect(
        self, images: Sequence[Pixels], threshold: float | None, cancelled: Cancelled
    ) -> Iterator[tuple[Detection, ...]]:
        self.thresholds.append(threshold)
        for _ in images:
            if cancelled():
                return
            yield self.found


@dataclass
class FakeOpenDetector:
    """Finds each thing named once."""

    name: str = "fake-open"
    asked: list[tuple[str, ...]] = field(default_factory=list)

    def detect(
        self,
        images: Sequence[Pixels],
        labels: Sequence[str],
        threshold: float | None,
        cancelled: Cancelled,
    ) -> Iterator[tuple[Detection, ...]]:
        self.asked.append(tuple(labels))
        for _ in images:
            yield tuple(Detection(label, 0.5, CAT) for label in labels)


@dataclass
class FakeSegmenter:
    """The upper half is sky, the lower left quarter a dog."""

    name: str = "fake-segmenter"
    labels: tuple[str, ...] = ("sky-other-merged", "dog")

    def segment(
        self, images: Sequence[Pixels], threshold: float | None, cancelled: Cancelled
    ) -> Iterator[tuple[Region, ...]]:
        for image in images:
            sky, dog = np.zeros((2, *image.shape[:2]), np.bool_)
            sky[:15], dog[15:, :20] = True, True
            yield Region("sky-other-merged", 0.9, sky), Region("dog", 0.8, dog)


@dataclass
class FakeOutliner:
    """What a box shows fills it."""

    name: str = "fake-outliner"

    def outline(self, image: Pixels, boxes: Sequence[Box], cancelled: Cancelled) -> Iterator[Mask]:
        for box in boxes:
            mask = np.zeros(image.shape[:2], np.bool_)
            mask[int(box.top) : int(box.bottom), int(box.left) : int(box.right)] = True
            yield mask

    def outline_points(self, image: Pixels, points: Sequence[tuple[float, float]]) -> Mask:
        return np.ones(image.shape[:2], np.bool_)


@dataclass
class FakeForeground:
    """The left quarter is in front; half of the next column of pixels, too."""

    name: str = "fake-foreground"
    share: float = 0.25

    def foreground(self, image: Pixels) -> Alpha:
        alpha = np.zeros(image.shape[:2], np.float32)
        alpha[:, : int(image.shape[1] * self.share)] = 1.0
        return alpha


@dataclass
class FakeTranslator:
    name: str = "fake-translator"
    pairs: frozenset[tuple[str, str]] = frozenset({("zh", "en")})

    def translate(self, sentences: Sequence[str], source: str, target: str) -> list[str]:
        return ["Penguin." for _ in sentences]


FACES = FakeDetector(
    (Detection("face", 0.9, CAT), Detection("face", 0.8, DOG)), "fake-faces", ("face",)
)


def absent() -> None:
    return None


def eyes(
    detector: ObjectDetector | None = None,
    open_detector: OpenDetector | None = None,
    faces: ObjectDetector | None = None,
    translators: tuple[Translator, ...] = (),
    threshold: float | None = None,
) -> Eyes:
    return Eyes(
        lambda: detector,
        lambda: open_detector,
        lambda: faces,
        lambda: translators,
        ("fixed-model", "any-model"),
        threshold,
    )


def missing_labeler() -> ImageLabeler:
    raise ModelMissingError("The labeler is not on this machine.", "assistant models pull labels")


def detect_skill(
    folder: Path, seen_with: Eyes, labeler: Callable[[], ImageLabeler] = FakeLabeler
) -> DetectSkill:
    return DetectSkill(seen_with, FakeOpener, labeler, language_of, folder)


def segment_skill(
    folder: Path,
    segmenter: Segmenter | None = None,
    outliner: BoxSegmenter | None = None,
    foreground: ForegroundFinder | None = None,
    seen_with: Eyes | None = None,
) -> SegmentSkill:
    scissors = Scissors(
        lambda: segmenter,
        lambda: outliner,
        lambda: foreground,
        seen_with or eyes(),
        ("regions-model", "outline-model", "foreground-model"),
    )
    return SegmentSkill(scissors, FakeOpener, language_of, folder)
