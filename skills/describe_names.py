"""What the labels of images are called, in English and Chinese.

`describe_imagenet.tsv` names the 1,000 classes of ImageNet (the labels are the first words of
their WordNet synsets, which are not always the plainest), `describe_everyday.tsv` common
pictures that ImageNet lacks. Columns: label, plain English name where it differs, Chinese
name, "mass" where the English name takes no article.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from assistant.core.documents import Label


@dataclass(frozen=True, slots=True)
class Name:
    """How to speak of a label."""

    english: str
    chinese: str
    uncountable: bool = False


def name_of(label: str) -> Name:
    """The names of a label; the label itself in both languages where no table has it."""
    return _table("imagenet").get(label) or _table("everyday").get(label) or Name(label, label)


def called(labels: Sequence[Label], language: str) -> tuple[Label, ...]:
    """The labels with what each is called in the language."""
    names = [name_of(label.label) for label in labels]
    shown = [name.chinese if language == "zh" else name.english for name in names]
    return tuple(
        label if word == label.label else Label(label.label, label.score, word)
        for label, word in zip(labels, shown, strict=True)
    )


def everyday_labels() -> tuple[str, ...]:
    """Labels of common pictures that ImageNet's classes don't cover, people first of all."""
    return tuple(_table("everyday"))


def imagenet_names() -> Mapping[str, Name]:
    """The names of ImageNet's classes by label."""
    return _table("imagenet")


@cache
def _table(which: str) -> dict[str, Name]:
    text = resources.files("skills").joinpath(f"describe_{which}.tsv").read_text(encoding="utf-8")
    names = {}
    for line in text.splitlines():
        label, english, chinese, *mass = line.split("\t")
        names[label] = Name(english or label, chinese, bool(mass))
    return names
