"""Finds, counts and marks things in images, or says what keeps it from that."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from assistant.core.documents import Label
from assistant.core.errors import AssistantError, ModelMissingError
from assistant.core.events import Carried, Event, Labelled, Notice, Picture, TextDelta
from assistant.core.pictures import Detection
from assistant.core.protocols import ImageLabeler, ImageOpener, LoadedImage, Pixels
from assistant.core.skills import SkillCard, SkillRequest
from assistant.files.drawing import Marked, with_boxes
from skills.answer_language import languages
from skills.attached_images import Openings, image_paths, no_image, shown_name
from skills.describe_names import called
from skills.detection.card import CARD
from skills.detection.finding import Eyes, Finder
from skills.detection.telling import table, told
from skills.detection.wording import read_asked, tidy
from skills.drawn_picture import picture_of
from skills.registry import Services
from skills.speakers import spoken_by

TOP_LABELS = 5
"""Labels of the image as a whole, told where nothing can find the things in it."""


@dataclass(frozen=True, slots=True)
class DetectSkill:
    """Looks for what a message names in the attached images.

    Args:
        eyes: what there is to look with.
        images: opens images.
        labeler: names what an image shows as a whole, for want of a detector.
        detect_language: text → code of its language.
        folder: where the marked copies are kept.
    """

    eyes: Eyes
    images: Callable[[], ImageOpener]
    labeler: Callable[[], ImageLabeler]
    detect_language: Callable[[str], str]
    folder: Path

    @property
    def card(self) -> SkillCard:
        return CARD

    def run(self, request: SkillRequest) -> Iterator[Event]:
        said, language = languages(request, self.detect_language)
        openings = Openings(image_paths(request), self.images())
        labels = tidy(request.params.labels) or read_asked(request.subject).labels
        try:
            finder = self.eyes.choose(labels, said)
        except ModelMissingError as error:
            yield from self._without_detector(request, openings, error, language)
            return
        yield from finder.notices

        def tell(image: LoadedImage, before: str) -> Iterator[Event]:
            for found in finder.look([image.pixels], request.cancelled):
                yield from self._tell(image, found, finder, language, before)

        yield from openings.tell_each(request.cancelled, tell)

    def obstacle(self, request: SkillRequest) -> AssistantError | None:
        """There is no image."""
        return no_image(request)

    def _tell(
        self,
        image: LoadedImage,
        found: Sequence[Detection],
        finder: Finder,
        language: str,
        before: str,
    ) -> Iterator[Event]:
        in_file = in_pixels_of_file(found, image)
        draw = partial(marked, image, found) if found else None
        yield from picture_of(image, draw, self.folder, "boxes")
        sentence = told(in_file, finder, language)
        yield Carried(before + sentence)
        parts = [sentence, table(in_file, language), spoken_by(language, found=finder.model)]
        yield TextDelta(before + "\n\n".join(filter(None, parts)))

    def _without_detector(
        self,
        request: SkillRequest,
        openings: Openings,
        missing: ModelMissingError,
        language: str,
    ) -> Iterator[Event]:
        """What each image shows as a whole, said to be no more than that.

        Raises:
            ModelMissingError: not even that can be said.
        """
        try:
            labeler = self.labeler()
        except AssistantError:
            raise missing from None
        yield Notice(missing.message, missing.hint)

        def tell(image: LoadedImage, before: str) -> Iterator[Event]:
            yield Picture(str(image.path), shown_name(image.path))
            (seen,) = labeler.label([image.pixels], TOP_LABELS)
            labels = called(seen, language)
            yield Labelled(labels, labeler.name)
            yield TextDelta(before + _as_a_whole(labels, labeler.name, language))

        yield from openings.tell_each(request.cancelled, tell)


def marked(image: LoadedImage, found: Sequence[Detection]) -> Pixels:
    """The image with a numbered box around each thing; each kind has its colour."""
    kinds = list(dict.fromkeys(one.label for one in found))
    marks = [
        Marked(one.box, f"{number} {one.label}", kinds.index(one.label))
        for number, one in enumerate(found, start=1)
    ]
    return with_boxes(image.pixels, marks)


def in_pixels_of_file(found: Sequence[Detection], image: LoadedImage) -> tuple[Detection, ...]:
    """Detections with boxes in pixels of the file, of which a smaller copy may have been seen."""
    height, width = image.pixels.shape[:2]
    across, down = image.width / width, image.height / height
    return tuple(Detection(one.label, one.score, one.box.scaled(across, down)) for one in found)


def eyes_of(services: Services, threshold: float | None = None) -> Eyes:
    """What there is to look with.

    Args:
        threshold: of a flag; None for that of the settings.
    """
    settings = services.settings.detect
    return Eyes(
        services.detector,
        services.open_detector,
        services.faces,
        services.translators,
        (settings.model, settings.open_model),
        settings.threshold or None if threshold is None else threshold,
    )


def make(services: Services) -> DetectSkill:
    """The skill from the program's services."""
    return DetectSkill(
        eyes_of(services),
        services.images,
        services.labeler,
        services.detect_language,
        services.picture_folder,
    )


def _as_a_whole(labels: Sequence[Label], model: str, language: str) -> str:
    """What the image is of, said not to be a count."""
    by = spoken_by(language, named=model)
    if language == "zh":
        seen = "、".join(
            f"{label.shown or label.label}（{label.score:.0%}）" for label in labels[:3]
        )
        return f"没有检测模型，我不能数出或框出东西。整张图看起来像：{seen}。\n\n{by}"
    seen = ", ".join(f"{label.shown or label.label} ({label.score:.0%})" for label in labels[:3])
    return (
        "Without a detector I can't count or mark anything. As a whole the image looks like: "
        f"{seen}.\n\n{by}"
    )
