"""The messages the router learns from: its own files and the skills' cards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files

from assistant.core.skills import SkillCard

_PACKAGE = "assistant.routing"
_FOLDER = "examples"
_CONTINUATIONS = "continuations"


@dataclass(frozen=True, slots=True)
class Example:
    """A message and the skill it is for."""

    skill: str
    language: str
    text: str


def gather_examples(cards: Sequence[SkillCard]) -> tuple[Example, ...]:
    """Every example of these skills, each text once (the first skill to claim it keeps it)."""
    names = {card.name for card in cards}
    seen: dict[str, Example] = {}
    for example in (*_from_files(names), *_from_cards(cards)):
        seen.setdefault(" ".join(example.text.casefold().split()), example)
    return tuple(seen.values())


def gather_continuations() -> tuple[Example, ...]:
    """Messages that say nothing without the one before: "and the second one?", "shorter"."""
    folder = files(_PACKAGE).joinpath(_CONTINUATIONS)
    return tuple(
        Example(_CONTINUATIONS, path.name.removesuffix(".txt"), line.strip())
        for path in sorted(folder.iterdir(), key=lambda path: path.name)
        for line in path.read_text("utf-8").splitlines()
        if line.strip()
    )


def _from_files(skills: Iterable[str]) -> Iterator[Example]:
    """Files are named skill.language.txt and hold a message a line."""
    for path in sorted(files(_PACKAGE).joinpath(_FOLDER).iterdir(), key=lambda path: path.name):
        skill, _, rest = path.name.partition(".")
        if skill in skills and rest.endswith(".txt"):
            for line in path.read_text("utf-8").splitlines():
                if line.strip():
                    yield Example(skill, rest.removesuffix(".txt"), line.strip())


def _from_cards(cards: Sequence[SkillCard]) -> Iterator[Example]:
    for card in cards:
        for language, texts in card.examples.items():
            yield from (Example(card.name, language, text) for text in texts if text.strip())
