"""The vocabularies an image is compared with, and how each is asked about.

Each `*.tsv` names its source in its first line. A vocabulary's words compete with one another and
with a neutral text, which stands for "none of these"; a word is said only where it is more
probable than all of them together. That threshold needs no fitting to a model, which matters as
nobody can know which encoder will be used.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

LIKELIER_THAN_NOT = 0.5


@dataclass(frozen=True, slots=True)
class Word:
    """A phrase as it is asked about and said, and its name in Chinese."""

    english: str
    chinese: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words of one sort.

    `templates` turn a word into a text; the mean of their vectors is compared with the image.
    `neutral` are texts of images to which none of the words applies.
    """

    name: str
    words: tuple[Word, ...]
    templates: tuple[str, ...]
    neutral: tuple[str, ...]
    threshold: float = LIKELIER_THAN_NOT


_ASKED = {
    "styles": (
        ("{}.", "this image is {}.", "{} of something."),
        ("an image.", "a picture of something."),
    ),
    "scenes": (
        ("a photo taken in {}.", "a picture of {}.", "the scene is {}."),
        ("a photo of an object.", "a picture of something."),
    ),
    "activities": (
        ("a photo of a person {}.", "a picture of people {}.", "somebody is {}."),
        ("a photo without people.", "a photo of an object.", "a picture of an animal."),
    ),
    "attributes": (
        ("a photo taken {}.", "a picture, {}.", "the scene is {}."),
        ("a photo.", "a picture of something."),
    ),
    "viewpoints": (
        ("a photo taken {}.", "something seen {}.", "a picture {}."),
        ("a photo.", "a picture of something."),
    ),
}
"""Vocabulary → templates, neutral texts; in the order in which they are said."""


@cache
def vocabularies() -> tuple[Vocabulary, ...]:
    """All of them but the objects, which `describe_names` holds."""
    return tuple(
        Vocabulary(name, _words(name), templates, neutral)
        for name, (templates, neutral) in _ASKED.items()
    )


def _words(name: str) -> tuple[Word, ...]:
    text = resources.files("skills.picturing").joinpath(f"{name}.tsv").read_text("utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return tuple(Word(*line.split("\t")) for line in lines)
