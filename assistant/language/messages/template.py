"""A text with holes, matched against what was said and filled in another language.

English and translation are written alike: `The file {path} is missing.`. In the English text a
hole may say what it takes: `{count:number}` digits only; `{error:message}` a message of its own,
translated if it is known; `{error:known}` one that must be known; `{kinds:list}` words separated
by commas, each like a message. Braces of the text itself are doubled.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

KINDS = frozenset({"", "number", "message", "known", "list"})
_PARTS = re.compile(r"\{\{|\}\}|\{([a-z_]+)(?::([a-z]*))?\}")
_NUMBER = frozenset("0123456789.,")


@dataclass(frozen=True, slots=True)
class Hole:
    """Where something stands that differs each time."""

    name: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """`literals` stand before, between and after the holes: one more than there are holes."""

    literals: tuple[str, ...]
    holes: tuple[Hole, ...]

    @property
    def weight(self) -> int:
        """Characters that are given; the more, the surer a match."""
        return sum(map(len, self.literals))

    def match(self, text: str) -> dict[str, str] | None:
        """What stands in the holes, each as short as it can be; None where the text is another.

        Takes time in proportion to the text, whatever it holds: nothing is tried twice.
        """
        first, *inner, last = self.literals if self.holes else (self.literals[0], "")
        end = len(text) - len(last)
        if not text.startswith(first) or not text.endswith(last) or end < len(first):
            return None
        if not self.holes:
            return {} if text == first else None
        values, at = [], len(first)
        for literal in inner:
            found = text.find(literal, at, end)
            if found < 0:
                return None
            values.append(text[at:found])
            at = found + len(literal)
        return self._named([*values, text[at:end]])

    def fill(self, values: Mapping[str, str]) -> str:
        """The text with these in its holes."""
        parts = [self.literals[0]]
        for hole, literal in zip(self.holes, self.literals[1:], strict=True):
            parts += (values[hole.name], literal)
        return "".join(parts)

    def _named(self, values: list[str]) -> dict[str, str] | None:
        named: dict[str, str] = {}
        for hole, value in zip(self.holes, values, strict=True):
            if hole.kind == "number" and not (value and _NUMBER.issuperset(value)):
                return None
            if named.setdefault(hole.name, value) != value:
                return None
        return named


def parse(text: str) -> Template:
    """The template that is written so.

    Raises:
        ValueError: a hole is of no known kind, or follows another without a text between.
    """
    literals, holes, at = [""], list[Hole](), 0
    for part in _PARTS.finditer(text):
        literals[-1] += text[at : part.start()]
        at = part.end()
        if part[1] is None:
            literals[-1] += part[0][0]
            continue
        if holes and not literals[-1]:
            raise ValueError(f"two holes without a text between: {text}")
        if (part[2] or "") not in KINDS:
            raise ValueError(f"no kind of hole: {part[2]}")
        holes.append(Hole(part[1], part[2] or ""))
        literals.append("")
    literals[-1] += text[at:]
    return Template(tuple(literals), tuple(holes))
