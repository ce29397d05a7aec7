"""Captions of images, each part of which an image encoder looks at again.

A captioner makes up what usually goes together. Where an encoder is present, it scores the caption
and each of its parts, and what it finds no better than a picture of something is said to be in
doubt.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.core.errors import ModelError
from assistant.core.events import Event, Notice
from assistant.core.protocols import ImageCaptioner, LoadedImage
from skills.describe_naming import ImageNamer
from skills.describe_open_labels import OpenLabels

if TYPE_CHECKING:
    from assistant.core.protocols import Vectors

Captioning = Generator[Event, None, list[str]]

DOUBTED = 0.5
"""A claim no more probable than a neutral text is in doubt."""
_PARTS = re.compile(
    r"\s*,\s*(?:and\s+)?"
    r"|\s+(?:and|with|in|on|at|near|under|over|next to|in front of|behind|beside|while)\s+",
    re.IGNORECASE,
)
_LEAST_LETTERS = 3


@dataclass(frozen=True, slots=True)
class CheckedCaption:
    """A caption, how well it fits in [0, 1], and the parts that don't."""

    text: str
    fit: float
    doubted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaptionWriter:
    """Writes captions and has them looked at again.

    Args:
        captioner: gives None while there is none here.
        namer: has the encoder, if one is here.
    """

    captioner: Callable[[], ImageCaptioner | None]
    namer: ImageNamer

    def write(self, images: Sequence[LoadedImage], language: str) -> Captioning:
        """A sentence on each image; "" throughout where no model here writes any."""
        nothing = [""] * len(images)
        captioner = self.captioner() if images else None
        if captioner is None:
            return nothing
        pixels = [image.pixels for image in images]
        try:
            captions = captioner.caption(pixels)
        except ModelError as error:
            yield Notice(error.message, error.hint)
            return nothing
        encoder = self.namer.open_labels
        if encoder is None:
            return [told(caption, None, captioner.name, language) for caption in captions]
        return [
            told(caption, check(encoder, row, caption), captioner.name, language)
            for caption, row in zip(captions, encoder.see(pixels), strict=True)
        ]


def claims(caption: str) -> tuple[str, ...]:
    """The parts of a caption that can be true or false by themselves: "a dog", "a red hat"."""
    parts = (part.strip(" .") for part in _PARTS.split(caption))
    return tuple(dict.fromkeys(part for part in parts if len(part) >= _LEAST_LETTERS))


def check(encoder: OpenLabels, image: Vectors, caption: str) -> CheckedCaption:
    """Score a caption and its claims against an image.

    Args:
        image: unit row [d].
    """
    doubted = [claim for claim in claims(caption) if encoder.fit(image, claim) <= DOUBTED]
    return CheckedCaption(caption, encoder.fit(image, caption), tuple(doubted))


def told(caption: str, checked: CheckedCaption | None, model: str, language: str) -> str:
    """The caption in a sentence, with its model and what is in doubt; "" for an empty one."""
    if not caption:
        return ""
    if language == "zh":
        return f"{model} 的说明：“{caption}”" + (_doubt_zh(checked) if checked else "。")
    return f"{model} says: “{caption}”" + (_doubt_en(checked) if checked else ".")


def _doubt_en(checked: CheckedCaption) -> str:
    share = f"{checked.fit:.0%}"
    if not checked.doubted and checked.fit > DOUBTED:
        return f" (CLIP agrees, {share})."
    parts = ", ".join(f"“{part}”" for part in checked.doubted) or "the whole"
    return f" (CLIP gives it {share} and doubts {parts})."


def _doubt_zh(checked: CheckedCaption) -> str:
    share = f"{checked.fit:.0%}"
    if not checked.doubted and checked.fit > DOUBTED:
        return f"（CLIP 认同，{share}）。"
    parts = "、".join(f"“{part}”" for part in checked.doubted) or "整句"
    return f"（CLIP 给 {share}，怀疑{parts}）。"
