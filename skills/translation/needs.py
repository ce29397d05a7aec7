"""What a translation should have in it, though translators may be trusted to put it there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from skills.translation.glossary import Glossary
from skills.translation.nodes import Flat
from skills.translation.numbers import missing_numbers, numbers

Range = tuple[int, int, int, str]
"""Number of a node, start and end in its text, and what is to stand there."""
_NAME = re.compile(r"\b(?:[a-z]+|[A-Z][a-z0-9]+)(?:[A-Z][a-z0-9]*)+\b|\b(?=\w*\d)[A-Z][A-Z0-9]+\b")
"""Names of things in code and of products: camelCase, PascalCase, MP3."""


@dataclass(frozen=True, slots=True)
class Needs:
    """Finds numbers, names and terms of the glossary that got lost."""

    glossary: Glossary

    def unmet(self, nodes: Flat, translated: str) -> list[Range]:
        """What of the text in `nodes` a translation lacks."""
        text = " \n".join(node for node in nodes if isinstance(node, str))
        lacking = missing_numbers(text, translated)
        found: list[Range] = []
        for place, node in enumerate(nodes):
            if isinstance(node, str):
                terms = [(place, t.start, t.end, t.wanted) for t in self.glossary.find(node)]
                found += [r for r in terms if r[3].casefold() not in translated.casefold()]
                found += [
                    (place, *match.span(), match.group())
                    for match in _exact(node)
                    if (match.group() in lacking or not _is_in(match.group(), translated))
                    and not any(start < match.end() and match.start() < end for _, start, end, _ in terms)
                ]
        return found


def _exact(text: str) -> Iterator[re.Match[str]]:
    """Numbers and names."""
    yield from numbers(text)
    yield from _NAME.finditer(text)


def _is_in(word: str, translated: str) -> bool:
    """Whether a name is there as it was written; numbers are looked for elsewhere."""
    return word[0].isdigit() or word in translated
