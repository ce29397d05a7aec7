"""What the 1,000 classes of ImageNet are kinds of, as WordNet tells it.

`wordnet.tsv`: the synsets of the classes (in the network's order) and all above them, taken from
the noun file of WordNet 3.0 (Princeton University; `wordnet_licence.txt`). Columns: offset,
names separated by "/", offsets of the synsets above, and for a class its label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

_OFFSET = re.compile(r"n\d{8}")


@dataclass(frozen=True, slots=True)
class Synset:
    """A meaning: what it is called, and the classes that are of its kind."""

    offset: str
    names: tuple[str, ...]
    members: frozenset[str]


class Taxonomy:
    """The synsets by name and by member."""

    def __init__(self, synsets: Mapping[str, Synset], labels: Mapping[str, str]) -> None:
        """
        Args:
            synsets: by offset.
            labels: class label → offset.
        """
        self._synsets = synsets
        self._labels = labels
        self._classes = {label.casefold(): label for label in labels}
        self._named: dict[str, list[tuple[int, Synset]]] = {}
        self._above: dict[str, list[Synset]] = {label: [] for label in labels}
        for synset in synsets.values():
            for rank, name in enumerate(synset.names):
                self._named.setdefault(name.casefold(), []).append((rank, synset))
            for label in synset.members:
                self._above[label].append(synset)
        for above in self._above.values():
            above.sort(key=lambda synset: len(synset.members))

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of all classes, in the network's order."""
        return tuple(self._labels)

    def above(self, label: str) -> tuple[Synset, ...]:
        """The class's own synset and those above, the narrowest first; none if it is unknown."""
        return tuple(self._above.get(label, ()))

    def meant(self, term: str) -> frozenset[str]:
        """Members of a class's label, a synset's name or "name:n<offset>"; none where nothing
        is called so. Of several synsets with a name those count that have it first of all: a
        "monitor" is a screen before it is a lizard."""
        _, _, offset = term.rpartition(":")
        if _OFFSET.fullmatch(offset):
            return self._synsets[offset[1:]].members
        name = term.casefold()
        if name in self._classes:
            return frozenset({self._classes[name]})
        found = self._named.get(name, ())
        first = min((rank for rank, _ in found), default=0)
        return frozenset[str]().union(*(s.members for rank, s in found if rank == first))


@cache
def wordnet() -> Taxonomy:
    """The taxonomy of ImageNet's classes."""
    rows = list(_rows())
    parents = {offset: above for offset, _, above, _ in rows}
    labels = {label: offset for offset, _, _, label in rows if label}
    members: dict[str, set[str]] = {offset: set() for offset in parents}
    for label, offset in labels.items():
        for ancestor in _ancestors(offset, parents):
            members[ancestor].add(label)
    synsets = {
        offset: Synset(offset, names, frozenset(members[offset])) for offset, names, _, _ in rows
    }
    return Taxonomy(synsets, labels)


def _rows() -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...], str]]:
    text = resources.files("skills.labelling").joinpath("wordnet.tsv").read_text("utf-8")
    for line in text.splitlines():
        offset, names, above, label = line.split("\t")
        yield offset, tuple(names.split("/")), tuple(filter(None, above.split(","))), label


def _ancestors(offset: str, parents: Mapping[str, tuple[str, ...]]) -> set[str]:
    """The synset and all above it."""
    found: set[str] = set()
    waiting = [offset]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += parents[one]
    return found
