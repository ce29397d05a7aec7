"""Scores labels in anybody's words by what a classifier of fixed classes saw.

Each class gives its probability to the labels that cover it. A label covers the classes of its
kind (`kinds.py`, WordNet); one that is no known name is compared, through the text embedder, with
what each likely class and the kinds above it are called. Joining by label vectors alone (the
convex combination of Norouzi et al. 2013, "Zero-Shot Learning by Convex Combination of Semantic
Embeddings") finds the coarse label of a class far less often: an embedder puts "bittern" no
nearer to "bird" than to "drink" (`python -m benchmarks.images`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.core.documents import Label
from assistant.core.protocols import Embedder
from skills.describe_names import name_of
from skills.labelling.kinds import Meaning, kinds, meaning
from skills.labelling.taxonomy import wordnet

if TYPE_CHECKING:
    from assistant.core.protocols import Vectors

SMOOTHING = 0.1
"""Label smoothing the classifier was trained with (Szegedy et al. 2016; EfficientNet keeps it):
this part of a perfect answer is spread over all classes and says nothing of the image."""
LIKELY = 0.97
"""Classes are looked at, most probable first, until they hold this part of the probability."""
MOST_CLASSES = 48
MOST_COMPARED = 12
"""Classes whose names are compared with the labels' words, about 5 ms each the first time."""
WORTH_COMPARING = 0.2
"""Words are not compared for classes that hold less probability than this in all."""
WIDEST = 150
"""Names that cover more classes ("object", "whole") are like too many labels to be compared."""
SPECIFIC = 0.3
"""How much more a label of one class attracts than one of all: a dog is rather "dog" than
"animal"."""
SHARPNESS = 0.05
"""Temperature with which a class divides itself between the labels that attract it."""
UNRELATED, ALIKE = 0.25, 0.9
"""Cosines (centred) of a label and a name that are worth nothing, and as much as the word."""
STRANGER, KNOWN_STRANGER = 0.8, 0.5
"""Most that likeness of words can be worth; less for a label whose classes are known."""
HEAD = 0.6
"""What the last word of a label is worth alone; the rest is likeness ("kitchen gadget")."""
COVERED = 0.4
"""What a class's best label must attract it with for half of it to count as named at all."""
COVER_SLOPE = 0.06
MOST_KEPT = 20_000
"""Words whose vectors are kept, about 30 MB; then all are made anew."""
LEAST_SHARE = 1e-3
"""Classes with a smaller part of a label's score tell nothing of what speaks for it."""


@dataclass(frozen=True, slots=True)
class Joined:
    """The labels, best first; their scores and `none` sum to 1."""

    labels: tuple[Label, ...]
    none: float
    """Probability that no label fits."""


class LabelJoiner:
    """Joins a classifier's classes to labels; vectors of words seen before are kept."""

    def __init__(self, embedder: Callable[[], Embedder]) -> None:
        self._embedder = embedder
        self._vectors: dict[str, Vectors] = {}
        self._mean: Vectors | None = None

    def join(self, seen: Sequence[Label], labels: Sequence[str]) -> Joined:
        """Score labels.

        Args:
            seen: every class with its probability, best first.
            labels: at least one, all different.
        """
        likely = _likely(seen)
        meanings = [meaning(label) for label in labels]
        open_ones = [one for one in likely if not _settled(one.label, meanings)]
        worth = sum(one.score for one in open_ones) > WORTH_COMPARING
        compared = [one.label for one in open_ones[:MOST_COMPARED]] if worth else []
        likeness = self._likeness(compared, labels)
        nothing = [0.0] * len(labels)
        scores, none = list(nothing), 0.0
        for one in likely:
            alike = likeness.get(one.label, nothing)
            pulls = [_pull(one.label, m, a) for m, a in zip(meanings, alike, strict=True)]
            named = 1 / (1 + math.exp((COVERED - max(pulls)) / COVER_SLOPE))
            none += one.score * (1 - named)
            for i, share in enumerate(_softmax(pulls)):
                scores[i] += one.score * named * share
        order = sorted(range(len(labels)), key=lambda i: -scores[i])
        return Joined(tuple(Label(labels[i], scores[i]) for i in order), none)

    def classes(self, seen: Sequence[Label], label: str) -> dict[str, float]:
        """The likely classes a label covers, with their part of its score; none where it covers
        nothing that was seen."""
        likely = _likely(seen)
        covers = meaning(label)
        named = [one.label for one in likely if not _settled(one.label, [covers])]
        likeness = self._likeness(named[:MOST_COMPARED], [label]) if covers is None else {}
        found = {}
        for one in likely:
            (alike,) = likeness.get(one.label, [0.0])
            pull = _pull(one.label, covers, alike)
            share = one.score / (1 + math.exp((COVERED - pull) / COVER_SLOPE))
            if share > LEAST_SHARE:
                found[one.label] = share
        return found

    def _likeness(self, classes: Sequence[str], labels: Sequence[str]) -> dict[str, list[float]]:
        """Class → highest centred cosine of each label with one of the class's names."""
        names = {one: _names(one) for one in classes}
        rows = self._embed({name for some in names.values() for name in some}, labels)
        return {
            one: [max(float(rows[label] @ rows[name]) for name in some) for label in labels]
            for one, some in names.items()
        }

    def _embed(self, names: Collection[str], labels: Sequence[str]) -> dict[str, Vectors]:
        """Unit vectors of the words, less what all words have in common; names may be none."""
        import numpy as np

        if not names:
            return {}
        embedder = self._embedder()
        if self._mean is None:
            usual = [kind.names["en"][0] for kind in kinds()]
            self._mean = embedder.embed_queries(usual).mean(axis=0)
        if len(self._vectors) > MOST_KEPT:
            self._vectors.clear()
        new = [
            word for word in dict.fromkeys([*sorted(names), *labels]) if word not in self._vectors
        ]
        if new:
            rows = embedder.embed_queries(new) - self._mean
            rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
            self._vectors.update(zip(new, rows, strict=True))
        return self._vectors


def _likely(seen: Sequence[Label]) -> list[Label]:
    """The probable classes without the label smoothing; probabilities sum to 1."""
    floor = SMOOTHING / len(seen)
    sharp = [Label(one.label, one.score - floor) for one in seen[:MOST_CLASSES]]
    kept: list[Label] = []
    held = 0.0
    whole = sum(max(0.0, one.score - floor) for one in seen)
    for one in sharp:
        if kept and (one.score <= 0 or held >= LIKELY * whole):
            break
        kept.append(one)
        held += one.score
    return [Label(one.label, one.score / held) for one in kept]


def _settled(label: str, meanings: Sequence[Meaning | None]) -> bool:
    """Whether all labels are names that are known, and one of them covers the class."""
    known = [covers for covers in meanings if covers is not None and covers.whole]
    return len(known) == len(meanings) and any(label in covers.members for covers in known)


def _pull(label: str, covers: Meaning | None, alike: float) -> float:
    """How much a label attracts a class, about 1 where it names it."""
    likeness = min(1.0, max(0.0, (alike - UNRELATED) / (ALIKE - UNRELATED)))
    if covers is not None and label in covers.members:
        width = math.log(len(covers.members)) / math.log(len(wordnet().labels))
        named = 1.0 if covers.whole else HEAD + (1 - HEAD) * likeness
        return named + SPECIFIC * (1 - width)
    known = covers is not None and covers.whole
    return likeness * (KNOWN_STRANGER if known else STRANGER)


def _names(label: str) -> tuple[str, ...]:
    """What a class and the kinds it is of are called, in several languages."""
    own = name_of(label)
    names = [own.english, own.chinese]
    for synset in wordnet().above(label):
        if len(synset.members) <= WIDEST:
            names += synset.names[:3]
    for kind in kinds():
        if label in kind.members and len(kind.members) <= WIDEST:
            names += [names[0] for names in kind.names.values()]
    return tuple(dict.fromkeys(names))


def _softmax(pulls: Sequence[float]) -> list[float]:
    weights = [math.exp((pull - max(pulls)) / SHARPNESS) for pull in pulls]
    return [weight / sum(weights) for weight in weights]
