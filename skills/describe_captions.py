"""Captions of images, each part of which an image encoder looks at again.

A captioner makes up what usually goes together. Where an encoder is present, it scores the caption
and each of its parts, and what it finds no better than a picture of something is said to be in
doubt.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.core.errors import ModelError
from assistant.core.events import Event, Notice
from assistant.core.protocols import ImageCaptioner, LoadedImage
from assistant.core.skills import Cancelled
from skills.describe_naming import ImageNamer
from skills.describe_open_labels import OpenLabels

if TYPE_CHECKING:
    from assistant.core.protocols import Vectors

Captioning = Generator[str | Event, None, str]

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

    def write(self, image: LoadedImage, language: str, cancelled: Cancelled) -> Captioning:
        """A sentence on the image as it is written, with its model and what is in doubt.

        Returns:
            The sentence; "" where no model here writes any.
        """
        captioner = self.captioner()
        if captioner is None:
            return ""
        told = ""
        try:
            for piece in captioner.caption(image.pixels, cancelled):
                fresh = piece.replace("\n", " ")
                yield fresh if told else _opening(captioner.name, language) + fresh
                told += fresh
        except ModelError as error:
            yield Notice(error.message, error.hint)
        if not told:
            return ""
        ending = "…”" if cancelled() else f"”{self._doubt(image, told, language)}"
        yield ending
        return _opening(captioner.name, language) + told + ending

    def _doubt(self, image: LoadedImage, caption: str, language: str) -> str:
        """What an encoder says of a caption, up to the full stop."""
        encoder = self.namer.open_labels
        if encoder is None:
            return "。" if language == "zh" else "."
        (row,) = encoder.see([image.pixels])
        checked = check(encoder, row, caption)
        return _doubt_zh(checked) if language == "zh" else _doubt_en(checked)


def _opening(model: str, language: str) -> str:
    return f"{model} 的说明：“" if language == "zh" else f"{model} says: “"


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
