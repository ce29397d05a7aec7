"""The messages the router is measured on, and how one finds that they were not learned."""

from __future__ import annotations

import csv
import difflib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path
from typing import Literal

from assistant.core.messages import ImageAttachment, Message
from assistant.core.protocols import Embedder
from assistant.core.skills import SkillCard
from assistant.routing.examples import Example, gather_continuations, gather_examples
from assistant.routing.following import gather_pairs

Half = Literal["dev", "test", "transfer", "fresh", "second"]
ALIKE = 0.9
"""Similarity of two messages (difflib ratio) from which one counts as a copy of the other."""
CLOSE = 0.97
"""Cosine of their vectors from which they do."""


@dataclass(frozen=True, slots=True)
class Case:
    """A message and the skill it is for."""

    text: str
    skill: str
    language: str
    half: Half = "test"
    images: int = 0
    previous: str = ""
    """What the person said in the turn before."""

    @property
    def message(self) -> Message:
        return Message("user", self.text, (ImageAttachment("picture.png"),) * self.images)

    @property
    def history(self) -> tuple[Message, ...]:
        said = (Message("user", self.previous), Message("assistant", "…"))
        return said if self.previous else ()


def own_cases(half: Half | None = None) -> list[Case]:
    """The project's messages: `dev` to tune on, `test` to report, `transfer` in languages
    without examples, `fresh` and `second` by the skills' rules alone, after the router was
    made."""
    text = files("benchmarks").joinpath("data/routing.tsv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    cases = [
        Case(
            row["text"],
            row["skill"],
            row["language"],
            _half(row["half"]),
            int(row["images"] or 0),
            row["previous"],
        )
        for row in rows
    ]
    return [case for case in cases if half in (None, case.half)]


def read_cases(path: Path) -> list[Case]:
    """Cases from JSON lines with "text", "skill" and perhaps "language"."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [Case(row["text"], row["skill"], row.get("language", "en")) for row in rows]


def installed_cards() -> tuple[SkillCard, ...]:
    """The cards of the skills that are installed; each skill's module has its own as `CARD`."""
    modules = {entry.name: entry.module for entry in entry_points(group="assistant.skills")}
    cards = (getattr(import_module(modules[name]), "CARD", None) for name in sorted(modules))
    return tuple(card for card in cards if isinstance(card, SkillCard))


def learned_texts(cards: Sequence[SkillCard]) -> dict[str, list[Example]]:
    """What the router learns from, by language."""
    by_language: dict[str, list[Example]] = defaultdict(list)
    pairs = gather_pairs(tuple(card.name for card in cards))
    said = (pair.example for pair in pairs)
    for example in (*gather_examples(cards), *gather_continuations(), *said):
        by_language[example.language].append(example)
    return by_language


def copies(cases: Sequence[Case], cards: Sequence[SkillCard]) -> list[tuple[Case, str]]:
    """Cases that are nearly the text of an example of their language, with that text."""
    learned = learned_texts(cards).items()
    return _nearly(cases, {lang: [example.text for example in group] for lang, group in learned})


def repeats(cases: Sequence[Case], others: Sequence[Case]) -> list[tuple[Case, str]]:
    """Cases that are nearly one of `others` of their language, with that one's text."""
    known: dict[str, list[str]] = defaultdict(list)
    for other in others:
        known[other.language].append(other.text)
    return _nearly(cases, known)


def _nearly(cases: Sequence[Case], texts: Mapping[str, Sequence[str]]) -> list[tuple[Case, str]]:
    """Cases that are nearly one of the texts of their language, with that text."""
    known = {language: [text.casefold() for text in group] for language, group in texts.items()}
    found = []
    for case in cases:
        text = case.text.casefold()
        near = difflib.get_close_matches(text, known.get(case.language, ()), 1, ALIKE)
        found += [(case, near[0])] if near else []
    return found


def close(
    cases: Sequence[Case], cards: Sequence[SkillCard], embedder: Embedder
) -> list[tuple[Case, str, float]]:
    """Cases whose vector is nearly that of an example of any language, with its text."""
    examples = [example for group in learned_texts(cards).values() for example in group]
    learned = embedder.embed_queries([example.text for example in examples])
    asked = embedder.embed_queries([case.text for case in cases])
    likeness = asked @ learned.T
    best = likeness.argmax(axis=1)
    return [
        (case, examples[at].text, float(likeness[row, at]))
        for row, (case, at) in enumerate(zip(cases, best, strict=True))
        if likeness[row, at] > CLOSE
    ]


def _half(name: str) -> Half:
    match name:
        case "dev" | "test" | "transfer" | "fresh" | "second":
            return name
        case _:
            raise ValueError(f"there is no half {name!r}")
