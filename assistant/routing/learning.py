"""Keeps what the router has learned from examples and corrections, and learns again on change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant.core.protocols import Embedder
from assistant.core.routing import LEARNING, Correction
from assistant.core.skills import SkillCard
from assistant.routing.classifier import Lessons, Messages, SkillClassifier, fit
from assistant.routing.classifier_file import load_classifier, save_classifier
from assistant.routing.corrections import CorrectionFile, Stamp, same_message
from assistant.routing.encoding import encoded, halves
from assistant.routing.example_cues import seen_in
from assistant.routing.examples import Example, gather_continuations, gather_examples
from assistant.routing.features import Features, features_of
from assistant.routing.following import (
    CONTINUES,
    STANDS_ALONE,
    Following,
    Pair,
    following_mark,
    gather_pairs,
    learn_following,
    load_following,
    save_following,
    skills_of,
    turns_of,
)
from assistant.routing.instruction import instruction
from assistant.routing.learned import Learned
from assistant.routing.neutral import NeutralRows, neutral_rows
from assistant.routing.refit import refitted
from assistant.routing.vectors import ExampleVectors, VectorProgress, file_name

if TYPE_CHECKING:
    from assistant.core.protocols import Ids
    from assistant.routing.classifier import Matrix

Watch = Callable[[str | None], None]
"""Told what takes a while, and None when it is done."""
_MANY = 1_000  # new examples from which that is told; about 2 s
_FEW = 200
"""Examples from which a skill has enough of them."""
_MOST_WORTH = 20.0
CORRECTION_WEIGHT = 8.0
"""Ordinary examples a correction counts for, before it is insisted on."""


class Learner:
    """Learns at the first call and whenever the corrections change; kept in a cache folder.

    Not safe for several threads at once; the router holds a lock.
    """

    def __init__(
        self,
        embedder: Callable[[], Embedder],
        cards: Sequence[SkillCard],
        cache_dir: Path,
        corrections: CorrectionFile | None,
        watch: Watch,
    ) -> None:
        self._embedder = embedder
        self._watch = watch
        self._cards = {card.name: card for card in cards}
        self._cache_dir = cache_dir
        self._vectors = ExampleVectors(cache_dir)
        self._file = corrections
        self._base: Learned | None = None
        self._stamp: Stamp = None
        self._neutral: NeutralRows | None = None
        self._learned: Learned | None = None

    def learned(self, progress: VectorProgress) -> Learned | None:
        """What is known now; None where there are not two skills to tell apart.

        Raises:
            AssistantError: the encoder can't be had.
        """
        stamp = self._file.stamp() if self._file is not None else None
        if self._learned is None or stamp != self._stamp:
            base = self._base = self._base or self._first_lessons(progress)
            if base is None:
                return None
            self._learned, self._stamp = self._with_corrections(base), stamp
        return self._learned

    def see(self, texts: Sequence[str]) -> Messages:
        """Messages as the classifier sees them; about 4 ms each, most of it the encoder's."""
        asked = [instruction(text) for text in texts]
        read = [features_of(text) for text in texts]
        return _seen(read, asked, self._neutrally(encoded(self._embedder(), asked)))

    def corrections(self) -> tuple[Correction, ...]:
        """Those for skills that are there."""
        kept = self._file.read().kept if self._file is not None else ()
        return tuple(correction for correction in kept if correction.skill in self._cards)

    def lessons_of(self, corrections: Sequence[Correction]) -> Lessons:
        """Corrections as the classifier learns them."""
        labels = tuple(correction.skill for correction in corrections)
        weights = np.full(len(labels), CORRECTION_WEIGHT, np.float32)
        texts = [correction.text for correction in corrections]
        asked = [instruction(text) for text in texts]
        vectors = self._vectors.get(asked, self._embedder(), _silent, keep=True)
        read = [features_of(text) for text in texts]
        return Lessons(_seen(read, asked, self._neutrally(vectors)), labels, weights)

    def _neutrally(self, rows: Matrix) -> tuple[Matrix, Matrix]:
        """As the examples were learned, once they are."""
        if self._neutral is None:
            return halves(rows, self._embedder().dimension)
        return self._neutral.of(rows)

    def _first_lessons(self, progress: VectorProgress) -> Learned | None:
        """What the examples teach; that it takes a while is told, where it does."""
        began = False

        def tell(done: int, total: int) -> None:
            nonlocal began
            if not began and total >= _MANY:
                began = True
                self._watch(LEARNING)
            progress(done, total)

        try:
            return self._from_examples(tell)
        finally:
            if began:
                self._watch(None)

    def _from_examples(self, progress: VectorProgress) -> Learned | None:
        gathered = gather_examples(list(self._cards.values()))
        continuations, pairs = gather_continuations(), gather_pairs(tuple(self._cards))
        turns = [pair.example for pair in pairs]
        texts = list(dict.fromkeys(each.text for each in (*gathered, *continuations, *turns)))
        seen, row_of = seen_in(texts, self._cache_dir), {text: at for at, text in enumerate(texts)}
        examples = tuple(e for e in gathered if self._tells(e, bool(seen.pictured[row_of[e.text]])))
        if len({example.skill for example in examples}) < 2:
            return None
        beside = [e for e in gathered if "image" in self._cards[e.skill].accepts]
        gone_through = (*examples, *continuations, *beside, *turns)
        asked = [instruction(example.text) for example in gone_through]
        rows = self._vectors.get(asked, self._embedder(), progress)
        spoken_in = [each.language for each in gone_through]
        self._neutral = neutral_rows(rows, spoken_in, self._embedder().dimension)
        cues = seen.cues[[row_of[example.text] for example in gone_through]]
        messages = Messages.seen(asked, self._neutral.of(rows), cues)
        own = np.arange(len(examples))
        labels = tuple(example.skill for example in examples)
        lessons = Lessons(messages.rows(own), labels, _worth(labels))
        classifier = self._fitted("classifier", lessons)
        parts = np.cumsum([len(examples) + len(continuations), len(beside), len(pairs)])
        spoken, shown, said = (
            messages.rows(rows) for rows in np.split(np.arange(len(asked)), parts[:2])
        )
        lacking = {text for text, lacks in zip(texts, seen.lacking, strict=True) if lacks}
        continuing = _continuation_lessons(examples, continuations, spoken.outside(), lacking)
        continuation = self._fitted("continuation", continuing)
        pictured = self._pictured(beside, shown)
        following = self._following(pairs, said, classifier, continuation, pictured)
        return Learned(
            examples, (), lessons, classifier, classifier, continuation, following, pictured
        )

    def _pictured(self, beside: Sequence[Example], messages: Messages) -> SkillClassifier | None:
        """Learned from the examples of skills that take images."""
        labels = tuple(example.skill for example in beside)
        if len(set(labels)) < 2:
            return None
        ones = np.ones(len(labels), np.float32)
        return self._fitted("pictured", Lessons(messages, labels, ones))

    def _following(
        self,
        pairs: Sequence[Pair],
        messages: Messages,
        classifier: SkillClassifier,
        continuation: SkillClassifier,
        pictured: SkillClassifier | None,
    ) -> Following | None:
        """Learned from pairs of turns, by what is said of their second by itself."""
        if not pairs or not {pair.skill for pair in pairs} <= set(classifier.skills):
            return None
        path = self._cache_dir / f"following-{file_name(self._embedder().name)}.npz"
        labels = tuple(pair.skill for pair in pairs)
        lessons = Lessons(messages, labels, np.ones(len(labels), np.float32))
        known = [each for each in (classifier, continuation, pictured) if each is not None]
        mark = following_mark(lessons, pairs, known)
        kept = load_following(path, mark)
        if kept is None:
            turns = turns_of(messages, classifier, continuation, pictured, pairs)
            kept = learn_following(turns, labels, skills_of(pairs))
            if kept is not None:
                save_following(path, mark, kept)
        return kept

    def _with_corrections(self, base: Learned) -> Learned:
        corrections = self.corrections()
        if not corrections:
            return base
        lessons = joined(base.lessons, self.lessons_of(corrections))
        added = np.arange(len(base.examples), len(lessons.labels))
        if lessons.skills == base.classifier.skills:
            classifier = refitted(base.classifier, lessons, added)
        else:
            temperature = base.classifier.temperature
            classifier = self._fitted("corrected", lessons, temperature, added)
        taught = tuple(Example(c.skill, c.language, c.text) for c in corrections)
        return replace(
            base,
            examples=(*base.examples, *taught),
            corrections=corrections,
            lessons=lessons,
            classifier=classifier,
        )

    def _fitted(
        self,
        name: str,
        lessons: Lessons,
        temperature: float | None = None,
        insist: Ids | None = None,
    ) -> SkillClassifier:
        path = self._cache_dir / f"{name}-{file_name(self._embedder().name)}.npz"
        kept = load_classifier(path, lessons)
        if kept is not None:
            return kept
        classifier = fit(lessons, temperature, insist)
        save_classifier(path, lessons, classifier)
        return classifier

    def _tells(self, example: Example, speaks_of_picture: bool) -> bool:
        """Whether the words alone tell the skill: "what is this?" needs its picture, which
        decides by itself. Files don't: what is to be done with one the words must tell."""
        card = self._cards[example.skill]
        if not card.looks or "file" in card.accepts:
            return True
        return speaks_of_picture


def _worth(labels: Sequence[str]) -> Matrix:
    """How much each example counts [n]: those of a skill that joins with a handful count more, or
    the thousands of the others would drown them."""
    counts = Counter(labels)
    worth = [min(_MOST_WORTH, max(1.0, _FEW / counts[label])) for label in labels]
    return np.array(worth, np.float32)


def joined(lessons: Lessons, more: Lessons) -> Lessons:
    """Lessons one after the other."""
    messages = lessons.messages.joined(more.messages)
    weights = np.concatenate([lessons.weights, more.weights])
    return Lessons(messages, (*lessons.labels, *more.labels), weights)


def _seen(
    read: Sequence[Features], asked: Sequence[str], vectors: tuple[Matrix, Matrix]
) -> Messages:
    """Terms and vectors are of what is asked; cues are of the whole message."""
    cues = [features.cues() for features in read]
    return Messages.seen(asked, vectors, np.array(cues, np.float32))


def _continuation_lessons(
    examples: Sequence[Example],
    continuations: Sequence[Example],
    messages: Messages,
    lacking: Container[str],
) -> Lessons:
    """A text that is among both continues; one that names no text to shorten says neither."""
    going_on = {same_message(example.text) for example in continuations}
    alone = [
        at
        for at, example in enumerate(examples)
        if same_message(example.text) not in going_on and example.text not in lacking
    ]
    rows = np.array([*alone, *range(len(examples), len(examples) + len(continuations))])
    labels = (STANDS_ALONE,) * len(alone) + (CONTINUES,) * len(continuations)
    return Lessons(messages.rows(rows), labels, np.ones(len(rows), np.float32))


def _silent(_done: int, _total: int) -> None:
    """Report nothing."""
