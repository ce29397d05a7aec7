"""A text with holes, matched against what was said and filled in another language.

English and translation are written alike: `The file {path} is missing.`. In the English text a
hole may say what it takes: `{count:number}` digits only, `{free:size}` bytes with their unit,
`{model:word}` anything without spaces; `{error:message}` a message of its own, translated if it is
known, `{error:known}` one that must be known; `{kinds:list}` words separated by commas, each like
a message. Braces of the text itself are doubled.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

KINDS = frozenset({"", "number", "size", "word", "message", "known", "list"})
_PARTS = re.compile(r"\{\{|\}\}|\{([a-z_]+)(?::([a-z]*))?\}")
_NUMBER = frozenset("0123456789.,")
_UNITS = frozenset({"bytes", "B", "kB", "KB", "MB", "GB", "TB"})


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
        """What stands in the holes; None where the text is another.

        What stands between is looked for from the left, then, where what is found does not suit
        the holes, from the right. No other division is tried, so that the time is in proportion
        to the text, whatever it holds.
        """
        first, *inner, last = self.literals if self.holes else (self.literals[0], "")
        end = len(text) - len(last)
        if not text.startswith(first) or not text.endswith(last) or end < len(first):
            return None
        if not self.holes:
            return {} if text == first else None
        inside = text[len(first) : end]
        return self._named(_from_left(inside, inner)) or self._named(_from_right(inside, inner))

    def fill(self, values: Mapping[str, str]) -> str:
        """The text with these in its holes."""
        parts = [self.literals[0]]
        for hole, literal in zip(self.holes, self.literals[1:], strict=True):
            parts += (values[hole.name], literal)
        return "".join(parts)

    def _named(self, values: list[str]) -> dict[str, str] | None:
        if len(values) != len(self.holes):
            return None
        named: dict[str, str] = {}
        for hole, value in zip(self.holes, values, strict=True):
            if not _suits(value, hole.kind):
                return None
            if named.setdefault(hole.name, value) != value:
                return None
        return named


def _from_left(text: str, literals: Sequence[str]) -> list[str]:
    values, at = [], 0
    for literal in literals:
        found = text.find(literal, at)
        if found < 0:
            return []
        values.append(text[at:found])
        at = found + len(literal)
    return [*values, text[at:]]


def _from_right(text: str, literals: Sequence[str]) -> list[str]:
    values, end = [], len(text)
    for literal in reversed(literals):
        found = text.rfind(literal, 0, end)
        if found < 0:
            return []
        values.append(text[found + len(literal) : end])
        end = found
    return [text[:end], *reversed(values)]


def _suits(value: str, kind: str) -> bool:
    match kind:
        case "number":
            return bool(value) and _NUMBER.issuperset(value)
        case "size":
            number, _, unit = value.partition(" ")
            return unit in _UNITS and _suits(number, "number")
        case "word":
            return bool(value) and not any(sign.isspace() for sign in value)
    return True


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
