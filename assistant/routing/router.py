"""Routes a message: the person's choice, then attachments, then the classifier and the index."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import msgspec

from assistant.core.errors import UsageError
from assistant.core.events import Explained
from assistant.core.messages import ImageAttachment, Message
from assistant.core.protocols import Embedder
from assistant.core.routing import Correction
from assistant.core.skills import Route, SkillCard
from assistant.core.text import one_line
from assistant.language.detection import detect
from assistant.routing.corrections import CorrectionFile, same_message
from assistant.routing.decision import chosen, settle
from assistant.routing.explanation import Explainer
from assistant.routing.features import Features, features_of, read_features
from assistant.routing.follow_up import (
    TRANSLATE,
    about_image,
    asked_before,
    asks_on_image,
    is_follow_up,
    message_before,
    translation_before,
)
from assistant.routing.judge import Judge
from assistant.routing.learning import Learner, Watch
from assistant.routing.parameters import read_params
from assistant.routing.planning.planner import Planner
from assistant.routing.recent import RecentSkills
from assistant.routing.validation import Case, Validation
from assistant.routing.vectors import VectorProgress
from assistant.routing.view import Evidence, Situation, View


def _none(_collection: str | None) -> bool:
    """There are none."""
    return False


def _silent(_done: int, _total: int) -> None:
    """Report nothing."""


def _unwatched(_what: str | None) -> None:
    """Tell nobody."""


class SkillRouter:
    """Chooses the skill for a message; never fails for want of a model.

    The first time it learns from the examples (27 s with the encoder whose vectors come along; with
    another they are encoded as well, some 29,000 in a minute on 2 cores), which is kept in
    `cache_dir`; later starts take 0.8 s.

    Args:
        embedder: gives the encoder; may raise AssistantError, then the wording alone decides.
        cards: the skills there are.
        has_documents: whether anything is indexed in a collection (None: the default one).
        evidence: probability that the index answers a question; asked only of questions that
            would otherwise be chat.
        cache_dir: where vectors of examples are kept.
        corrections: the person's corrections.
        has_pictures: whether any picture is indexed in a collection.
        watch: told when learning begins to take a while, and None when it is done.
    """

    def __init__(
        self,
        embedder: Callable[[], Embedder],
        cards: Sequence[SkillCard],
        has_documents: Callable[[str | None], bool],
        evidence: Evidence | None,
        cache_dir: Path,
        corrections: CorrectionFile | None = None,
        has_pictures: Callable[[str | None], bool] = _none,
        watch: Watch = _unwatched,
    ) -> None:
        self._has_pictures = has_pictures
        self._cards = {card.name: card for card in cards}
        self._has_documents = has_documents
        self._evidence = evidence
        self._corrections = corrections
        learner = Learner(embedder, cards, cache_dir, corrections, watch)
        self._judge = Judge(learner, self._cards)
        self._planner = Planner(self._cards, self._judge.scores)
        self._recent = RecentSkills()

    def route(
        self,
        message: Message,
        history: tuple[Message, ...],
        skill: str | None = None,
        collection: str | None = None,
        filtered: bool = False,
    ) -> Route:
        """The skill for a message, with its parameters read from the wording.

        About 5 ms once ready, most of it the encoder's; again that for the message before,
        where it was not routed here.
        """
        features = read_features(message)
        command = features.command if features.command in self._cards else None
        if skill is not None:
            route = chosen(skill, "yourself")
        elif command is not None:
            route = chosen(command, f"with /{command}")
        elif (planned := self._planned(message, features)) is not None and (
            not filtered or self._heeds_filters(planned.chain)
        ):
            self._recent.keep(message, collection, planned.chain[-1])
            return planned
        else:
            now = self._now(collection)
            # Where files were named, documents in general have nothing to say.
            now = replace(now, evidence=None) if filtered else now
            route = settle(self._view(features, history, collection), now)
            route = self._among_files(route) if filtered else route
        self._recent.keep(message, collection, route.skill)
        text = message.text if command is None else features.text
        explicit = skill is not None or command is not None
        params = read_params(route.skill, text, features, explicit)
        if params.payload is None:
            payload = _payload(route.skill, features, command, history)
            params = msgspec.structs.replace(params, payload=payload)
        afresh = explicit or features.translate_word  # it may go into the person's own language
        if route.skill == TRANSLATE and params.target is None and not afresh:
            before = translation_before(history)
            target = None if before is None else before.target
            params = msgspec.structs.replace(params, target=target)
        return replace(route, params=params)

    def _heeds_filters(self, skills: Sequence[str]) -> bool:
        return any(self._cards[name].heeds_filters for name in skills if name in self._cards)

    def _among_files(self, route: Route) -> Route:
        """The route, or the one to the skill that asks documents where its skill heeds no files."""
        asker = next((n for n, card in self._cards.items() if "documents" in card.accepts), None)
        if asker is None or self._heeds_filters((route.skill,)):
            return route
        return replace(chosen(asker, ""), reason="you said which files it is about")

    def explain(
        self, message: Message, history: tuple[Message, ...], collection: str | None = None
    ) -> Explained:
        """Why `route` would choose what it chooses, and what would change that.

        Costs as much as ten messages.
        """
        features = read_features(message)
        command = features.command if features.command in self._cards else None
        explainer = Explainer(self._now(collection), self._judge.judged, self._judge.after)
        if command is not None:
            return explainer.commanded(features, chosen(command, f"with /{command}"))
        if (planned := self._planned(message, features)) is not None:
            return explainer.planned(planned)
        view = self._view(features, history, collection)
        return explainer.explain(view, self._judge.learned())

    def _planned(self, message: Message, features: Features) -> Route | None:
        """A chain, unless the person has said that just this message is for one skill."""
        planned = self._planner.plan(message)
        if planned is None:
            return None
        learned = self._judge.learned()
        corrected = learned is not None and same_message(features.text) in learned.corrected
        return None if corrected else planned

    def prepare(self, progress: VectorProgress = _silent) -> None:
        """Make the classifier ready; does nothing where it is.

        Raises:
            AssistantError: the embedder can't be had.
        """
        self._judge.prepare(progress)

    def teach(self, text: str, skill: str) -> Correction:
        """Keep that a message was for a skill; the next message is routed with it.

        Raises:
            UsageError: there is no such skill, or no text.
            StoreError: the corrections can't be written.
        """
        features = features_of(text)
        if skill not in self._cards:
            raise UsageError(
                f"There is no skill “{one_line(skill, 40)}”.",
                f"The skills are: {', '.join(sorted(self._cards))}.",
            )
        if not features.text.strip():
            raise UsageError("There is no message to learn from.", "Write the message.")
        language = detect(features.text)
        today = datetime.now().astimezone().date().isoformat()
        correction = Correction(skill, language, today, features.text)
        self._file().add(correction)
        self._judge.learned()
        return correction

    def takes_images(self, skill: str) -> bool:
        """Whether there is such a skill and images are among what it works on, by its card."""
        card = self._cards.get(skill)
        return card is not None and "image" in card.accepts

    def unteach(self, text: str | None = None) -> Correction:
        """Take back the correction of a message (None: the latest).

        Raises:
            UsageError: there is none.
            StoreError: the corrections can't be written.
        """
        removed = self._file().remove(text)
        if removed is None:
            raise UsageError(
                "There is no such correction.", "assistant route corrections lists them."
            )
        self._judge.learned()
        return removed

    def validate(self, cases: Sequence[Case] = ()) -> Validation:
        """How the corrections change what is right, among examples held out and other cases.

        Raises:
            AssistantError: the encoder can't be had.
        """
        return self._judge.validate(cases)

    def _file(self) -> CorrectionFile:
        if self._corrections is None:
            raise UsageError("This router keeps no corrections.")
        return self._corrections

    def _now(self, collection: str | None) -> Situation:
        return Situation(
            self._cards,
            self._has_documents(collection),
            self._evidence,
            collection,
            self._has_pictures(collection),
        )

    def _view(
        self, features: Features, history: tuple[Message, ...], collection: str | None
    ) -> View:
        (view,) = self._judge.judged([features])
        said = message_before(history)
        if said is None:
            return view
        follows = is_follow_up(features) and asked_before(history) is not None
        previous, image = self._skill_of(said, collection), about_image(history)
        return replace(
            view,
            previous=previous,
            language_follows=follows,
            looks_again=asks_on_image(features, history, self._cards),
            after=self._judge.after(view, previous, image),
            image_before=image,
        )

    def _skill_of(self, said: Message, collection: str | None) -> str:
        """What an earlier message was for: as it was routed, else as it would be alone."""
        known = self._recent.of(said, collection)
        if known is None:
            images = tuple(one for one in said.attachments if isinstance(one, ImageAttachment))
            alone = Message("user", said.text, images)
            known = self.route(alone, (), None, collection).skill
        return known


def _payload(
    skill: str, features: Features, command: str | None, history: tuple[Message, ...]
) -> str | None:
    """What the skill works on where the message's own wording leaves it open."""
    if skill == TRANSLATE:
        follows = is_follow_up(features) and not features.pasted
        return asked_before(history) if follows else None
    return features.text if command is not None else None
