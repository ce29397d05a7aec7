"""Chooses what to outline things with, and outlines them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.core.errors import ModelMissingError
from assistant.core.events import Notice
from assistant.core.pictures import Region
from assistant.core.protocols import BoxSegmenter, ForegroundFinder, Segmenter
from skills.detection.finding import Eyes, Finder
from skills.detection.names import canonical, known_name, singular

if TYPE_CHECKING:
    from assistant.core.pictures import Alpha
    from assistant.core.protocols import Pixels
    from assistant.core.skills import Cancelled

FOREGROUND = "foreground"
_SURE = 0.5
"""From which share of foreground a pixel belongs to it."""

Outline = Callable[["Pixels", "Cancelled"], Iterator["Outlined"]]


@dataclass(frozen=True, slots=True)
class Outlined:
    """The regions of an image, and how far each pixel is to be seen in a cut-out of them."""

    regions: tuple[Region, ...]
    alpha: Alpha


@dataclass(frozen=True, slots=True)
class Outliner:
    """A way to outline that was chosen; it gives one `Outlined` an image, none once cancelled.

    `wanted` are the English names of what is outlined, none where everything is.
    """

    model: str
    wanted: tuple[str, ...]
    outline: Outline
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Scissors:
    """What there is to outline with; each callable gives None where the model is not here.

    Args:
        eyes: finds boxes, for an outliner of boxes.
        models: the names under which a segmenter, an outliner and a foreground finder can be
            pulled.
        threshold: least score; None for what suits each model.
    """

    segmenter: Callable[[], Segmenter | None]
    outliner: Callable[[], BoxSegmenter | None]
    foreground: Callable[[], ForegroundFinder | None]
    eyes: Eyes
    models: tuple[str, str, str]
    threshold: float | None = None

    def choose(self, labels: Sequence[str], language: str, *, cutting: bool) -> Outliner:
        """What to outline with for things named in the person's words.

        Args:
            labels: none for the whole image, or its foreground where it is to be cut out.
            cutting: whether a cut-out is wanted, for which the foreground may stand in.

        Raises:
            ModelMissingError: nothing here can outline them; names what to pull.
        """
        if not labels:
            return self._foreground(()) if cutting else self._everything()
        if segmenter := self.segmenter():
            kinds = _kinds(segmenter, labels)
            if kinds is not None:
                return self._regions(segmenter, kinds)
        if by_boxes := self._by_boxes(labels, language):
            return by_boxes
        if cutting:
            return self._foreground(labels)
        raise self._missing(labels, segmenter)

    def _regions(self, segmenter: Segmenter, wanted: tuple[str, ...]) -> Outliner:
        def outline(image: Pixels, cancelled: Cancelled) -> Iterator[Outlined]:
            for found in segmenter.segment([image], self.threshold, cancelled):
                named = (replace(region, label=canonical(region.label)) for region in found)
                kept = tuple(one for one in named if not wanted or one.label in wanted)
                yield Outlined(kept, together(kept, image))

        return Outliner(segmenter.name, wanted, outline)

    def _everything(self) -> Outliner:
        if segmenter := self.segmenter():
            return self._regions(segmenter, ())
        found = self._foreground(())
        notice = Notice(
            "Without a segmenter only the foreground can be told from the rest.",
            f"Fetch one: assistant models pull {self.models[0]}",
        )
        return replace(found, notices=(notice,))

    def _by_boxes(self, labels: Sequence[str], language: str) -> Outliner | None:
        """Boxes of a detector, outlined; None where one of the two is missing."""
        outliner = self.outliner()
        if outliner is None:
            return None
        try:
            finder = self.eyes.choose(labels, language)
        except ModelMissingError:
            return None
        if finder.faces_only:
            return None
        return Outliner(
            f"{finder.model}, {outliner.name}",
            finder.wanted,
            lambda image, cancelled: _boxes_outlined(finder, outliner, image, cancelled),
            finder.notices,
        )

    def _foreground(self, labels: Sequence[str]) -> Outliner:
        finder = self.foreground()
        if finder is None:
            raise self._missing(labels, None)

        def outline(image: Pixels, cancelled: Cancelled) -> Iterator[Outlined]:
            if cancelled():
                return
            alpha = finder.foreground(image)
            mask = alpha >= _SURE
            score = float(alpha[mask].mean()) if mask.any() else 0.0
            yield Outlined((Region(FOREGROUND, score, mask),) if mask.any() else (), alpha)

        notices: tuple[Notice, ...] = ()
        if labels:
            named = ", ".join(f"“{label}”" for label in labels)
            detector, outliner = self.eyes.models[0], self.models[1]
            notices = (
                Notice(
                    f"{named} can't be told from other things here; what stands out is cut out.",
                    f"For just that: assistant models pull {detector} {outliner}",
                ),
            )
        return Outliner(finder.name, (), outline, notices)

    def _missing(self, labels: Sequence[str], segmenter: Segmenter | None) -> ModelMissingError:
        """Nothing here can do it; what could."""
        model, outliner, foreground = self.models
        if segmenter is not None:
            return ModelMissingError(
                f"{segmenter.name} does not know “{labels[0]}”; "
                f"it knows {len(segmenter.labels)} kinds of things.",
                f"Outline it all the same: assistant models pull {self.eyes.models[1]} {outliner}",
            )
        if not labels:
            return ModelMissingError(
                "No model that tells foreground from background is on this machine.",
                f"Fetch it: assistant models pull {foreground}",
            )
        return ModelMissingError(
            "No model that outlines things in images is on this machine.",
            f"Fetch one: assistant models pull {model}",
        )


def together(regions: Sequence[Region], image: Pixels) -> Alpha:
    """Where any of the regions is: float32 [height, width], 0 or 1."""
    import numpy as np

    alpha = np.zeros(image.shape[:2], np.float32)
    for region in regions:
        alpha[region.mask] = 1.0
    return alpha


def _kinds(segmenter: Segmenter, labels: Sequence[str]) -> tuple[str, ...] | None:
    """The segmenter's labels for what is named; None where it lacks one."""
    known = {canonical(label) for label in segmenter.labels}
    kinds: list[str] = []
    for label in labels:
        name = known_name(label)
        wanted = name.parts if name else (singular(label.lower()), label.lower())
        found = [part for part in wanted if part in known]
        if not found or (name and name.narrower):
            return None
        kinds.extend(found)
    return tuple(dict.fromkeys(kinds))


def _boxes_outlined(
    finder: Finder, outliner: BoxSegmenter, image: Pixels, cancelled: Cancelled
) -> Iterator[Outlined]:
    for found in finder.look([image], cancelled):
        if cancelled():
            return
        boxes = [one.box for one in found]
        masks = list(outliner.outline(image, boxes, cancelled))
        if len(masks) < len(boxes):
            return  # cancelled meanwhile
        regions = tuple(
            Region(one.label, one.score, mask)
            for one, mask in zip(found, masks, strict=True)
            if mask.any()
        )
        yield Outlined(regions, together(regions, image))
