"""Routes a message: the person's choice, then attachments, then the classifier and the index."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from assistant.core.errors import AssistantError
from assistant.core.messages import Message
from assistant.core.protocols import Embedder
from assistant.core.skills import Route, SkillCard
from assistant.routing.classifier import SkillClassifier, fit
from assistant.routing.classifier_file import fingerprint, load_classifier, save_classifier
from assistant.routing.decision import Evidence, Situation, by_image, by_wording, chosen, decide
from assistant.routing.examples import gather_examples
from assistant.routing.features import Features, read_features
from assistant.routing.follow_up import TRANSLATE, asked_before, is_follow_up
from assistant.routing.parameters import read_params
from assistant.routing.planning.planner import Planner
from assistant.routing.vectors import ExampleVectors, VectorProgress, file_name

if TYPE_CHECKING:
    from assistant.routing.classifier import Matrix

_PATIENCE = 3.0
"""Seconds a message waits for a classifier that is being made; then its wording decides."""
_READ = 500  # characters the classifier looks at; an instruction stands at either end

_BY_EXAMPLES = "reads like examples"
_BY_WORDING = "the routing model is not ready; by its wording alone this looks like one"


def _silent(_done: int, _total: int) -> None:
    """Report nothing."""


class SkillRouter:
    """Chooses the skill for a message; never fails for want of a model.

    The first time an embedder is used the examples are encoded (about 1,500, 3 to 9 s on
    2 cores) and kept in `cache_dir`; later starts take 0.3 s.

    Args:
        embedder: gives the encoder; may raise AssistantError, then the wording alone decides.
        cards: the skills there are.
        has_documents: whether anything is indexed in a collection (None: the default one).
        evidence: probability that the index answers a question; asked only of questions that
            would otherwise be chat.
        cache_dir: where vectors of examples are kept.
    """

    def __init__(
        self,
        embedder: Callable[[], Embedder],
        cards: Sequence[SkillCard],
        has_documents: Callable[[str | None], bool],
        evidence: Evidence | None,
        cache_dir: Path,
    ) -> None:
        self._embedder = embedder
        self._cards = {card.name: card for card in cards}
        self._has_documents = has_documents
        self._evidence = evidence
        self._cache_dir = cache_dir
        self._vectors = ExampleVectors(cache_dir)
        self._lock = threading.Lock()
        self._classifier: SkillClassifier | None = None
        self._planner = Planner(
            self._cards, lambda text: self._scores(read_features(Message("user", text)))
        )

    def route(
        self,
        message: Message,
        history: tuple[Message, ...],
        skill: str | None = None,
        collection: str | None = None,
    ) -> Route:
        """The skill for a message, with its parameters read from the wording.

        About 4 ms once ready, most of it the encoder's.
        """
        features = read_features(message)
        command = features.command if features.command in self._cards else None
        if skill is not None:
            route = chosen(skill, "yourself")
        elif command is not None:
            route = chosen(command, f"with /{command}")
        elif (planned := self._planner.plan(message)) is not None:
            return planned
        else:
            route = self._decide(features, history, collection)
        text = message.text if command is None else features.text
        explicit = skill is not None or command is not None
        params = read_params(route.skill, text, features, explicit)
        if params.payload is None:
            payload = _payload(route.skill, features, command, history)
            params = msgspec.structs.replace(params, payload=payload)
        return replace(route, params=params)

    def prepare(self, progress: VectorProgress = _silent) -> None:
        """Make the classifier ready; does nothing where it is.

        Raises:
            AssistantError: the embedder can't be had.
        """
        with self._lock:
            self._prepare(progress)

    def _prepare(self, progress: VectorProgress) -> SkillClassifier | None:
        if self._classifier is None:
            examples = gather_examples(list(self._cards.values()))
            if len({example.skill for example in examples}) < 2:
                return None
            texts = [example.text for example in examples]
            vectors = self._vectors.get(texts, self._embedder(), progress)
            cues = [read_features(Message("user", text)).cues() for text in texts]
            labels = [example.skill for example in examples]
            self._classifier = self._fitted(vectors, np.array(cues, np.float32), labels)
        return self._classifier

    def _fitted(self, vectors: Matrix, cues: Matrix, labels: list[str]) -> SkillClassifier:
        path = self._cache_dir / f"classifier-{file_name(self._embedder().name)}.npz"
        mark = fingerprint(vectors, cues, labels)
        kept = load_classifier(path, mark)
        if kept is not None:
            return kept
        classifier = fit(vectors, cues, labels)
        save_classifier(path, mark, classifier)
        return classifier

    def _decide(
        self, features: Features, history: tuple[Message, ...], collection: str | None
    ) -> Route:
        if TRANSLATE in self._cards and is_follow_up(features) and asked_before(history):
            return Route(TRANSLATE, 0.95, 0.9, "names a language right after a translation")
        now = Situation(self._cards, self._has_documents(collection), self._evidence, collection)
        scores = self._scores(features)
        basis = _BY_EXAMPLES if scores is not None else _BY_WORDING
        if scores is None:
            scores = by_wording(features, self._cards)
        return by_image(features, scores, now) or decide(features, scores, now, basis)

    def _scores(self, features: Features) -> dict[str, float] | None:
        if not features.text.strip() or not self._lock.acquire(timeout=_PATIENCE):
            return None
        try:
            classifier = self._prepare(_silent)
            if classifier is None:
                return None
            vector = self._embedder().embed_queries([_ends(features.text)])[0]
        except AssistantError:
            return None
        finally:
            self._lock.release()
        return classifier.probabilities(vector, features.cues())


def _payload(
    skill: str, features: Features, command: str | None, history: tuple[Message, ...]
) -> str | None:
    """What the skill works on where the message's own wording leaves it open."""
    if skill == TRANSLATE:
        follows = is_follow_up(features) and not features.pasted
        return asked_before(history) if follows else None
    return features.text if command is not None else None


def _ends(text: str) -> str:
    half = _READ // 2
    return text if len(text) <= _READ else f"{text[:half]}\n{text[-half:]}"
