"""Which skill a message is for when something was said before it.

A message goes on from the turn before or begins something new, and its own words seldom tell:
"and Lisbon?" may follow a translation, a question to documents, a search for pictures. This is
learned from 2,510 pairs of turns (`turns/`). Learned from five languages it is right in .87 of the
sixth; giving the share of "goes on" to the skill before was right in .64.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant.routing.array_file import read_arrays, write_arrays
from assistant.routing.classifier import Lessons, Messages, SkillClassifier, calibrate
from assistant.routing.classifier_file import fingerprint
from assistant.routing.examples import Example
from assistant.routing.solver import folded, softmax, solve

if TYPE_CHECKING:
    from assistant.core.protocols import Ids
    from assistant.routing.classifier import Matrix

CONTINUES, STANDS_ALONE = "continues", "stands alone"
_METHOD = b"following-2"  # changes whenever `learn_following` would give other weights
_PACKAGE = "assistant.routing"
_FOLDER = "turns"
_LEAST = 1e-4  # share of a skill below which it makes no difference
_SCORE_SCALE, _GOING_SCALE, _BOTH_SCALE = 0.3, 3.0, 2.0
_VECTOR_SCALE, _INNER_SCALE = 1.0, 2.0
_FOLDS = 5
_ENOUGH = 50  # pairs; from fewer nothing is learned


@dataclass(frozen=True, slots=True)
class Pair:
    """A message, what was said before it, and the skills both are for."""

    skill: str
    before: str
    """The skill of the turn before."""
    image: bool
    """Whether that turn was about an image."""
    previous: str
    """What the person said then."""
    text: str
    language: str

    @property
    def example(self) -> Example:
        """The message by itself."""
        return Example(self.skill, self.language, self.text)


@dataclass(frozen=True, slots=True)
class Turns:
    """Messages by themselves, and what came before each; a row each."""

    messages: Messages
    scores: Matrix
    """Probability of each skill by the message alone [n, skills]."""
    continues: Matrix
    """Probability that it goes on, by itself [n]."""
    before: tuple[str, ...]
    image: Matrix
    """1 where the turn before was about an image [n]."""
    pictured: Matrix
    """Probability of each skill that takes images, had it one [n, skills for images or 0]."""


@dataclass(frozen=True, slots=True)
class Following:
    """Gives each skill a probability after a turn."""

    skills: tuple[str, ...]
    weights: Matrix
    """[width, skills]"""
    temperature: float

    def probabilities(self, turns: Turns) -> Matrix:
        """Probability of each skill [n, skills]."""
        return softmax(self.temperature * (_design(turns, self.skills) @ self.weights))


def gather_pairs(skills: Sequence[str]) -> tuple[Pair, ...]:
    """The package's own pairs of turns, of these skills."""
    known = set(skills)
    return tuple(pair for pair in _read() if {pair.skill, pair.before} <= known)


def skills_of(pairs: Sequence[Pair]) -> tuple[str, ...]:
    """The skills messages after a turn are for, in order."""
    return tuple(sorted({pair.skill for pair in pairs}))


def turns_of(
    messages: Messages,
    classifier: SkillClassifier,
    continuation: SkillClassifier,
    pictured: SkillClassifier | None,
    pairs: Sequence[Pair],
) -> Turns:
    """Messages after their turns, as the classifiers see them by themselves; their scores are of
    the skills there are pairs of."""
    columns = [classifier.skills.index(skill) for skill in skills_of(pairs)]
    scores = classifier.probabilities(messages)[:, columns]
    return Turns(
        messages,
        np.asarray(scores / np.maximum(scores.sum(axis=1, keepdims=True), _LEAST), np.float32),
        continues(messages, continuation),
        tuple(pair.before for pair in pairs),
        np.array([pair.image for pair in pairs], np.float32),
        shares_with_image(messages, pictured),
    )


def shares_with_image(messages: Messages, pictured: SkillClassifier | None) -> Matrix:
    """Probability of each skill that takes images, had each message one."""
    if pictured is None:
        return np.zeros((len(messages), 0), np.float32)
    return pictured.probabilities(messages)


def continues(messages: Messages, continuation: SkillClassifier) -> Matrix:
    """Probability that each message goes on, by itself [n].

    That is told by the end of the encoder alone: it saves comparing with the examples again.
    """
    shares = continuation.probabilities(messages.outside())
    return np.asarray(shares[:, continuation.skills.index(CONTINUES)], np.float32)


def learn_following(turns: Turns, labels: Sequence[str], skills: Sequence[str]) -> Following | None:
    """Learn from turns and the skill of each; None where they are too few. About 0.5 s.

    Args:
        skills: those of the columns of `turns.scores`.
    """
    names = tuple(skills)
    if len(labels) < _ENOUGH:
        return None
    from threadpoolctl import threadpool_limits  # 10 ms

    targets = np.array([names.index(label) for label in labels], np.int64)
    design, ones = _design(turns, names), np.ones(len(labels), np.float32)

    def solved(rows: Ids) -> Matrix:
        return solve(design[rows], targets[rows], len(names), ones[rows])

    with threadpool_limits(1, "blas"):
        weights = solved(np.arange(len(labels)))
        logits = folded(design, _FOLDS, len(names), solved)
    return Following(names, weights, calibrate(logits, targets))


def following_mark(
    lessons: Lessons, pairs: Sequence[Pair], classifiers: Iterable[SkillClassifier]
) -> str:
    """What following depends on, as a digest."""
    digest = hashlib.blake2b(_METHOD, digest_size=16)
    digest.update(fingerprint(lessons).encode())
    digest.update("\n".join(f"{pair.before} {pair.image}" for pair in pairs).encode())
    for classifier in classifiers:
        digest.update(classifier.weights.tobytes())
    return digest.hexdigest()


def load_following(path: Path, mark: str) -> Following | None:
    """What is kept at a path, if it was learned from just that."""
    kept = read_arrays(path, ("mark", "skills", "weights", "temperature"))
    if kept is None or str(kept["mark"]) != mark:
        return None
    skills = tuple(map(str, kept["skills"].tolist()))
    return Following(skills, kept["weights"], float(kept["temperature"]))


def save_following(path: Path, mark: str, following: Following) -> None:
    """Keep it; a folder that can't be written only costs learning it again."""
    write_arrays(
        path,
        {
            "mark": np.array(mark),
            "skills": np.array(following.skills),
            "weights": following.weights,
            "temperature": np.array(following.temperature),
        },
    )


def combined(
    alone: Mapping[str, float], after: Mapping[str, float], known: Sequence[str]
) -> dict[str, float]:
    """What is said of the skills that were learned with turns, and of the others by the message
    alone."""
    others = {name: score for name, score in alone.items() if name not in known}
    left = 1 - sum(others.values())
    return {**{name: score * left for name, score in after.items()}, **others}


def _design(turns: Turns, skills: tuple[str, ...]) -> Matrix:
    """Scores, the skill before, whether it goes on, the image, and the vectors: [n, width]."""
    place = {name: at for at, name in enumerate(skills)}
    before = np.zeros((len(turns.before), len(skills)), np.float32)
    for row, name in enumerate(turns.before):
        if name in place:
            before[row, place[name]] = 1
    going, image = turns.continues[:, None], turns.image[:, None]
    parts = (
        np.log(turns.scores + _LEAST) * _SCORE_SCALE,
        before,
        going * _GOING_SCALE,
        image,
        before * going * _BOTH_SCALE,
        before * image,
        _centred(np.log(turns.pictured + _LEAST)) * image * _SCORE_SCALE,
        turns.messages.vectors * _VECTOR_SCALE,
        turns.messages.inner * _INNER_SCALE,
        np.ones_like(going),
    )
    return np.hstack(parts).astype(np.float32)


def _centred(rows: Matrix) -> Matrix:
    return np.asarray(rows - rows.mean(axis=1, keepdims=True), np.float32) if rows.size else rows


def _read() -> Iterator[Pair]:
    """Files are named language.tsv."""
    for path in sorted(files(_PACKAGE).joinpath(_FOLDER).iterdir(), key=lambda path: path.name):
        lines = path.read_text("utf-8").splitlines()
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            image = row["images"] != "0"
            said = (row["previous"], row["message"], path.name.removesuffix(".tsv"))
            yield Pair(row["skill"], row["before"], image, *said)
