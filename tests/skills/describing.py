"""Stand-ins for what the describe skill looks with, and ways to ask it."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from assistant.core.documents import Label, TextLine
from assistant.core.errors import DocumentError, ModelMissingError
from assistant.core.events import Event, Notice, TextDelta
from assistant.core.heat import Heat
from assistant.core.messages import ImageAttachment, Message
from assistant.core.protocols import (
    Embedder,
    ImageAnswerer,
    ImageCaptioner,
    ImageEncoder,
    ImageLabeler,
    LoadedImage,
    ObjectDetector,
    Pixels,
    Translator,
    Vectors,
)
from assistant.core.skills import Params, SkillRequest
from skills.describe import DescribeSkill
from skills.describe_answers import QuestionAnswerer
from skills.describe_captions import CaptionWriter
from skills.describe_naming import ImageNamer
from skills.describe_why import Explainer
from tests.fakes import HashingEmbedder

CAT = (Label("tabby", 0.62), Label("Egyptian cat", 0.21), Label("tiger cat", 0.02))


@dataclass
class FakeOpener:
    """Every path is a grey image, but for those called missing."""

    frames: int = 1

    def open(self, path: Path, frame: int = 0) -> LoadedImage:
        if "missing" in path.name:
            raise DocumentError(f"There is no file {path.name}.", "Check the path.")
        pixels = np.full((30, 40, 3), 128, np.uint8)
        return LoadedImage(path, pixels, 400, 300, "JPEG", self.frames)


@dataclass
class FakeLabeler:
    labels: tuple[Label, ...] = CAT
    name: str = "fake-labeler"
    explained: list[dict[str, float]] = field(default_factory=list)

    def label(self, images: Sequence[Pixels], top: int) -> list[tuple[Label, ...]]:
        return [self.labels[:top] for _ in images]

    def heat(self, image: Pixels, classes: Mapping[str, float]) -> Heat:
        self.explained.append(dict(classes))
        return Heat(np.array([[0, 0], [0, 1]], np.float32), (0, 0, 40, 30))


@dataclass
class ScatteredEmbedder(HashingEmbedder):
    """Every text has a direction of its own, but for those that are the `same`."""

    dimension: int = 384
    same: tuple[str, ...] = ()

    def _vector(self, text: str) -> Vectors:
        word = self.same[0] if text in self.same else text
        row = np.random.default_rng(zlib.crc32(word.encode())).normal(size=self.dimension)
        return np.asarray(row / np.linalg.norm(row), np.float32)


@dataclass
class FakeReader:
    lines: tuple[TextLine, ...] = ()
    name: str = "fake-reader"

    def read(self, image: Pixels) -> tuple[TextLine, ...]:
        return self.lines


@dataclass
class FakeEncoder:
    """Every image shows what `image_shows` says; texts match it when they contain it."""

    image_shows: str = "dog"
    name: str = "fake-clip"
    logit_scale: float = 100.0
    logit_bias: float | None = None
    seen: list[str] = field(default_factory=list)

    def embed_images(self, images: Sequence[Pixels]) -> Vectors:
        return np.array([[1.0, 0.0]] * len(images), np.float32)

    def heat(self, image: Pixels, text: str) -> Heat:
        return Heat(np.array([[1, 0], [0, 0]], np.float32), (0, 0, 40, 30))

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        self.seen.extend(texts)
        near, far = [0.6, 0.8], [0.56, 0.8285]
        return np.array([near if self.image_shows in t else far for t in texts], np.float32)


def lines(*texts: str, score: float = 0.9) -> tuple[TextLine, ...]:
    return tuple(TextLine(text, score, (0, 0, 1, 1)) for text in texts)


def missing_model() -> FakeLabeler:
    raise ModelMissingError(
        "The model labels is not on this machine.", "assistant models pull labels"
    )


def missing_reader() -> FakeReader:
    raise ModelMissingError("The reader is not on this machine.", "Install it.")


def skill(
    labels: tuple[Label, ...] = CAT,
    text: tuple[TextLine, ...] = (),
    clip: ImageEncoder | None = None,
    frames: int = 1,
    read_text: bool = True,
    folder: Path = Path("nowhere"),
    captioner: ImageCaptioner | None = None,
    answerer: ImageAnswerer | None = None,
    detector: ObjectDetector | None = None,
    faces: ObjectDetector | None = None,
    translators: tuple[Translator, ...] = (),
) -> DescribeSkill:
    naming = namer(lambda: FakeLabeler(labels), clip)
    return DescribeSkill(
        images=lambda: FakeOpener(frames),
        namer=naming,
        explainer=Explainer(naming, folder),
        answerer=QuestionAnswerer(
            model=lambda: answerer,
            namer=naming,
            detector=lambda: detector,
            faces=lambda: faces,
            translators=lambda: translators,
            model_name="vqa-of-the-settings",
        ),
        captions=CaptionWriter(lambda: captioner, naming),
        faces=lambda: faces,
        reader=lambda: FakeReader(text),
        detect_language=lambda text: "zh" if any("一" <= c <= "鿿" for c in text) else "en",
        read_text=read_text,
    )


def namer(
    labeler: Callable[[], ImageLabeler],
    clip: ImageEncoder | None = None,
    embedder: Callable[[], Embedder] = ScatteredEmbedder,
) -> ImageNamer:
    return ImageNamer(
        labeler=labeler, clip=lambda: clip, embedder=embedder, clip_model="clip-of-the-settings"
    )


def without(part: str, make: Callable[[], object]) -> DescribeSkill:
    """The skill with one of its models missing: "labeler", "reader" or "embedder"."""
    makers: dict[str, Callable[[], object]] = {
        "labeler": FakeLabeler, "reader": lambda: FakeReader(lines("EXIT")),
        "embedder": ScatteredEmbedder,
    }  # fmt: skip
    makers[part] = make
    naming = ImageNamer(
        labeler=makers["labeler"],  # type: ignore[arg-type]
        clip=lambda: None,
        embedder=makers["embedder"],  # type: ignore[arg-type]
        clip_model="clip-of-the-settings",
    )
    return DescribeSkill(
        images=FakeOpener,
        namer=naming,
        explainer=Explainer(naming, Path("nowhere")),
        answerer=QuestionAnswerer(
            lambda: None, naming, lambda: None, lambda: None, tuple, "vqa-of-the-settings"
        ),
        captions=CaptionWriter(lambda: None, naming),
        faces=lambda: None,
        reader=makers["reader"],  # type: ignore[arg-type]
        detect_language=lambda _: "en",
        read_text=True,
    )


def ask(
    text: str,
    *images: str,
    labels: tuple[str, ...] = (),
    history: tuple[Message, ...] = (),
) -> SkillRequest:
    message = Message("user", text, tuple(ImageAttachment(path) for path in images))
    return SkillRequest(message, history, Params(labels=labels), lambda: False)


def said(events: Sequence[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def notices(events: Sequence[Event]) -> list[Notice]:
    return [event for event in events if isinstance(event, Notice)]
