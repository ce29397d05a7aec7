"""Finds the way from one language to another among the translators on this machine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.core.protocols import Translator

PIVOT = "en"
"""Most models translate from or into English, so two of them make a third pair."""


@dataclass(frozen=True, slots=True)
class PivotTranslator:
    """Translates into English with one translator and on with another."""

    first: Translator
    second: Translator
    source: str
    target: str

    @property
    def name(self) -> str:
        return f"{self.first.name} + {self.second.name}"

    @property
    def pairs(self) -> frozenset[tuple[str, str]]:
        return frozenset({(self.source, self.target)})

    def translate(self, sentences: Sequence[str], source: str, target: str) -> list[str]:
        halfway = self.first.translate(sentences, source, PIVOT)
        return self.second.translate(halfway, PIVOT, target)


def find_path(
    translators: Iterable[Translator], source: str, target: str
) -> Translator | PivotTranslator | None:
    """The first translator for a pair; else two of them by way of English; else None."""
    there = tuple(translators)
    direct = _serving(there, source, target)
    if direct is not None:
        return direct
    first, second = _serving(there, source, PIVOT), _serving(there, PIVOT, target)
    if first is None or second is None or PIVOT in (source, target):
        return None
    return PivotTranslator(first, second, source, target)


def reachable(pairs: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Every pair served, directly or by way of English."""
    direct = set(pairs)
    into = {source for source, target in direct if target == PIVOT}
    out = {target for source, target in direct if source == PIVOT}
    return direct | {(source, target) for source in into for target in out if source != target}


def _serving(translators: Iterable[Translator], source: str, target: str) -> Translator | None:
    return next((t for t in translators if (source, target) in t.pairs), None)
