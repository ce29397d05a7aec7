"""Outlines things in images, measures their areas, and cuts them out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from assistant.core.errors import AssistantError
from assistant.core.events import Carried, Event, TextDelta
from assistant.core.pictures import Region
from assistant.core.protocols import ImageOpener, LoadedImage, Pixels
from assistant.core.skills import SkillCard, SkillRequest
from assistant.files.drawing import (
    Marked,
    Rgba,
    cut_out,
    enlarged,
    reduced,
    with_boxes,
    with_regions,
)
from skills.answer_language import languages
from skills.attached_images import Openings, image_paths, no_image
from skills.detect import eyes_of
from skills.detection.wording import tidy
from skills.drawn_picture import picture_of
from skills.registry import Services
from skills.segmentation.card import CARD
from skills.segmentation.outlining import Outlined, Outliner, Scissors
from skills.segmentation.telling import table, told
from skills.segmentation.wording import read_wish
from skills.speakers import spoken_by


@dataclass(frozen=True, slots=True)
class SegmentSkill:
    """Outlines what a message names in the attached images.

    Args:
        scissors: what there is to outline with.
        images: opens images.
        detect_language: text → code of its language.
        folder: where the copies drawn on and the cut-outs are kept.
    """

    scissors: Scissors
    images: Callable[[], ImageOpener]
    detect_language: Callable[[str], str]
    folder: Path

    @property
    def card(self) -> SkillCard:
        return CARD

    def run(self, request: SkillRequest) -> Iterator[Event]:
        said, language = languages(request, self.detect_language)
        openings = Openings(image_paths(request), self.images())
        wish = read_wish(request.subject)
        labels = tidy(request.params.labels) or wish.labels
        cut = wish.aim == "cut out"
        outliner = self.scissors.choose(labels, said, cutting=cut)
        yield from outliner.notices

        def tell(image: LoadedImage, before: str) -> Iterator[Event]:
            for found in outliner.outline(reduced(image.pixels), request.cancelled):
                yield from self._tell(image, found, outliner, language, before, cut=cut)

        yield from openings.tell_each(request.cancelled, tell)

    def obstacle(self, request: SkillRequest) -> AssistantError | None:
        """There is no image."""
        return no_image(request)

    def _tell(
        self,
        image: LoadedImage,
        found: Outlined,
        outliner: Outliner,
        language: str,
        before: str,
        *,
        cut: bool,
    ) -> Iterator[Event]:
        draw = partial(_drawn, image, found, cut=cut) if found.regions else None
        purpose = "cutout" if cut else "regions"
        saved = yield from picture_of(image, draw, self.folder, purpose)
        sentence = told(found.regions, outliner, language, cut=cut)
        yield Carried(before + sentence)
        place = f"`{saved}`" if saved and cut else ""
        shown = "" if cut else table(found.regions, language)
        parts = [sentence, place, shown, spoken_by(language, outlined=outliner.model)]
        yield TextDelta(before + "\n\n".join(filter(None, parts)))


def _drawn(image: LoadedImage, found: Outlined, *, cut: bool) -> Pixels:
    return whole_cut_out(image, found) if cut else outlined(image, found.regions)


def whole_cut_out(image: LoadedImage, found: Outlined) -> Rgba:
    """What was found in a smaller copy, cut out of the image at its own size."""
    return cut_out(image.pixels, enlarged(found.alpha, *image.pixels.shape[:2]))


def outlined(image: LoadedImage, regions: Sequence[Region]) -> Pixels:
    """The image with each region tinted, numbered and named; each kind has its colour.

    Its size is that of the regions' masks.
    """
    kinds = list(dict.fromkeys(region.label for region in regions))
    colours = [kinds.index(region.label) for region in regions]
    drawn = with_regions(reduced(image.pixels), [region.mask for region in regions], colours)
    marks = [
        Marked(region.box, f"{number} {region.label}", kind)
        for number, (region, kind) in enumerate(zip(regions, colours, strict=True), start=1)
    ]
    return with_boxes(drawn, marks, boxes=False)


def scissors_of(services: Services, threshold: float | None = None) -> Scissors:
    """What there is to outline with.

    Args:
        threshold: of a flag; None for that of the settings.
    """
    settings = services.settings.segment
    return Scissors(
        services.segmenter,
        services.outliner,
        services.foreground,
        eyes_of(services, threshold),
        (settings.model, settings.outline_model, settings.foreground_model),
        settings.threshold or None if threshold is None else threshold,
    )


def make(services: Services) -> SegmentSkill:
    """The skill from the program's services."""
    return SegmentSkill(
        scissors_of(services),
        services.images,
        services.detect_language,
        services.picture_folder,
    )
