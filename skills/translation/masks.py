"""Hides what must stay behind placeholders that translators leave alone, and brings it back."""

from __future__ import annotations

import re
from collections.abc import Sequence

from skills.translation.nodes import Atom, Flat
from skills.translation.patterns import WIDE

_STEMS = ("XQ{}X", "QX{}Q", "ZQ{}Z", "XJ{}X")
"""The first survives the Firefox models word for word (17 forms tried on 9 sentences; 9 of 9);
the others are for texts that have it already."""
_WORD = re.compile(r"\w")


class Masks:
    """Placeholders for the atoms of one sentence; an atom keeps its own wherever it stands."""

    def __init__(self, nodes: Flat) -> None:
        text = "".join(node for node in nodes if isinstance(node, str)).upper()
        free = [stem for stem in _STEMS if stem.partition("{")[0] not in text]
        self._stem = free[0] if free else "X" + "Q" * (len(text) + 1) + "{}X"
        self._names: dict[int, str] = {}
        self._glued: dict[int, tuple[bool, bool]] = {}

    def hide(self, nodes: Flat) -> str:
        """The sentence on one line, with a placeholder for every atom."""
        parts: list[str] = []
        for place, node in enumerate(nodes):
            if isinstance(node, str):
                parts.append(node)
                continue
            left, right = _glue(nodes, place)
            self._glued[id(node)] = left, right
            parts.append(f"{' ' * left}{self._name(node)}{' ' * right}")
        return " ".join("".join(parts).split())

    def kept(self, nodes: Flat, translated: str) -> bool:
        """Whether every atom is there once, and those that have an order are in it."""
        atoms = [node for node in nodes if isinstance(node, Atom)]
        if any(translated.count(self._name(atom)) != 1 for atom in atoms):
            return False
        places = [translated.index(self._name(atom)) for atom in atoms if atom.ordered]
        return places == sorted(places)

    def restore(self, nodes: Flat, translated: str) -> str:
        """The translation with the atoms back; no space comes between them and a word they were
        joined to."""
        for atom in nodes:
            if not isinstance(atom, Atom):
                continue
            name = self._name(atom)
            left, right = self._glued.get(id(atom), (False, False))
            before, found, after = translated.partition(name)
            if found:
                before = before.rstrip() if left else before
                after = after.lstrip() if right else after
                translated = before + _shielded(atom.shown) + after
        return translated.replace(_SHIELD, "")

    def _name(self, atom: Atom) -> str:
        number = len(self._names) + 1
        return self._names.setdefault(id(atom), self._stem.format(number))


_SHIELD = "\ufdd0"
"""Stands for no character: put into what is shown, so that it is not taken for a placeholder."""


def _shielded(shown: str) -> str:
    return re.sub(r"(?<=\d)(?=[XQZ])", _SHIELD, shown)


def _glue(nodes: Flat, place: int) -> tuple[bool, bool]:
    """Whether a word is joined to an atom on its left, and on its right."""
    before = nodes[place - 1] if place else ""
    after = nodes[place + 1] if place + 1 < len(nodes) else ""
    return _joins(before, last=True), _joins(after, last=False)


def _joins(neighbour: str | Atom, *, last: bool) -> bool:
    if isinstance(neighbour, Atom):
        return True
    edge = neighbour[-1:] if last else neighbour[:1]
    return _WORD.match(edge) is not None and WIDE.match(edge) is None


def split(nodes: Flat, ranges: Sequence[tuple[int, int, int, str]]) -> Flat:
    """Nodes with parts of their text turned into atoms: (node, start, end, what is shown)."""
    parts: list[str | Atom] = []
    for number, node in enumerate(nodes):
        if not isinstance(node, str):
            parts.append(node)
            continue
        done = 0
        for _, start, end, shown in sorted(r for r in ranges if r[0] == number):
            if start >= done:
                parts.extend((node[done:start], Atom(shown)))
                done = end
        parts.append(node[done:])
    return tuple(part for part in parts if part != "")
