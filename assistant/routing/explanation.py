"""Explains a route: what was seen, what is like it, and what would have changed it, by trying."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from assistant.core.events import Explained, Routed
from assistant.core.routing import Change, Counterfactual, Seen, Sign
from assistant.core.skills import Route
from assistant.routing import wording
from assistant.routing.decision import settle
from assistant.routing.features import Features, ends_of, features_of
from assistant.routing.learned import Learned
from assistant.routing.view import Situation, View

_NEIGHBOURS = 5
_WORDS = 12  # a longer message is only tried without the words that are cues
_MOST_WORDLESS = 3
_TELLING = 0.1  # loss of the chosen skill's score from which a word mattered
_CONVINCING = 0.95  # evidence that would overrule any wording
_WORD = re.compile(r"[^\W\d_]{2,}")
_PATTERNS: tuple[tuple[Sign, re.Pattern[str]], ...] = (
    ("translate", wording.TRANSLATE),
    ("word", wording.ASKS_FOR_THE_WORD),
    ("say", wording.SAY),
    ("document", wording.DOCUMENTS),
    ("own", wording.MINE),
    ("picture", wording.PICTURE),
    ("switch", wording.SWITCH),
    ("topic", wording.LANGUAGES_THEMSELVES),
    ("assistant", wording.TO_THE_ASSISTANT),
    ("question", wording.QUESTION),
)

Judge = Callable[[Sequence[Features]], list[View]]
After = Callable[[View, str, bool], Mapping[str, float]]
"""As `judge.Judge.after`."""


class Explainer:
    """Explains routes in one situation.

    Args:
        judge: looks at messages by themselves.
        after: tells the skills of one after a turn.
    """

    def __init__(self, now: Situation, judge: Judge, after: After) -> None:
        self._now = now
        self._judge = judge
        self._after = after

    def commanded(self, features: Features, route: Route) -> Explained:
        """A route the person gave with a leading slash."""
        return Explained(_told(route), (Seen("command", features.command or ""),), (), None, ())

    def planned(self, route: Route) -> Explained:
        """A chain, which the wording of the message made."""
        steps = tuple(Seen("step", skill) for skill in route.chain)
        return Explained(_told(route), steps, (), None, ())

    def explain(self, view: View, learned: Learned | None) -> Explained:
        """Everything there is to say of a route."""
        route = settle(view, self._now)
        neighbours = (
            learned.neighbours(view.messages.vectors[0], _NEIGHBOURS)
            if learned is not None and view.messages is not None
            else ()
        )
        others = [found for found in self._others(view, learned) if found.skill != route.skill]
        return Explained(
            _told(route),
            tuple(_seen(view)),
            neighbours,
            self._evidence(view.features),
            (*others, *self._without_words(view, route)),
        )

    def _evidence(self, features: Features) -> float | None:
        now = self._now
        if now.evidence is None or not now.indexed or not features.text.strip():
            return None
        return now.evidence(features.text, now.collection) if features.question else None

    def _others(self, view: View, learned: Learned | None) -> Iterator[Counterfactual]:
        """The same message at other moments."""
        now, features = self._now, view.features
        if features.images:
            yield _tried("without_image", replace(view, features=replace(features, images=0)), now)
        if view.correction is not None and learned is not None:
            uncorrected = self._following(_uncorrected(view, learned), view)
            yield _tried("without_correction", uncorrected, now)
        if view.previous is not None:
            yield _tried("without_previous", _alone(view), now, view.previous)
        if now.indexed:
            yield _tried("without_documents", view, replace(now, indexed=False))
        else:
            yield _tried("with_documents", view, replace(now, indexed=True, evidence=None))
        if now.evidence is not None:
            yield _tried("without_evidence", view, replace(now, evidence=None))
        if now.indexed and features.question:
            yield _tried("with_evidence", view, replace(now, evidence=lambda *_: _CONVINCING))

    def _without_words(self, view: View, route: Route) -> list[Counterfactual]:
        """The message without each of its telling words; those that mattered most."""
        if view.features.images or view.correction is not None:
            return []
        shorter = list(_shortened(view))
        if not shorter:
            return []
        judged = self._judge([features_of(text) for _, text in shorter])
        tried = []
        for (words, _), other in zip(shorter, judged, strict=True):
            found = settle(self._following(replace(other, correction=None), view), self._now)
            if found.skill != route.skill or route.score - found.score >= _TELLING:
                loss = route.score - (found.score if found.skill == route.skill else 0.0)
                told = Counterfactual("without_words", words, found.skill, found.score)
                tried.append((found.skill == route.skill, -loss, told))
        return [told for *_, told in sorted(tried, key=lambda each: each[:2])[:_MOST_WORDLESS]]

    def _following(self, view: View, as_before: View) -> View:
        """A message after the same turn as another."""
        previous, image = as_before.previous, as_before.image_before
        after = {} if previous is None else self._after(view, previous, image)
        told = replace(view, previous=previous, image_before=image, after=after)
        follows, looks = as_before.language_follows, as_before.looks_again
        return replace(told, language_follows=follows, looks_again=looks)


def _told(route: Route) -> Routed:
    return Routed(
        route.skill,
        route.score,
        route.margin,
        route.reason,
        route.alternatives,
        route.chain or (route.skill,),
        route.unsure,
    )


def _tried(change: Change, view: View, now: Situation, words: str = "") -> Counterfactual:
    route = settle(view, now)
    return Counterfactual(change, words, route.skill, route.score)


def _alone(view: View) -> View:
    """A message as if nothing had been said before."""
    alone = replace(view, previous=None, continues=0.0, language_follows=False, after={})
    return replace(alone, image_before=False, looks_again=None)


def _uncorrected(view: View, learned: Learned) -> View:
    if view.messages is None:
        return replace(view, correction=None)
    shares = learned.uncorrected.probabilities(view.messages)[0]
    scores = dict(zip(learned.uncorrected.skills, map(float, shares), strict=True))
    return replace(view, correction=None, near_correction=False, scores=scores)


def _seen(view: View) -> Iterator[Seen]:
    features = view.features
    if view.correction is not None:
        yield Seen("correction", view.correction.date)
    if features.images:
        yield Seen("image", str(features.images))
    if features.pasted or features.files:
        yield Seen("pasted", str(features.pasted + features.files))
    if view.previous is not None and (view.goes_on or view.language_follows):
        yield Seen("previous", view.previous)
    yield from _cues(features)


def _cues(features: Features) -> Iterator[Seen]:
    ends = ends_of(features.text)
    for mention in features.mentions:
        yield Seen("language", ends[mention.start : mention.end])
    lowered = ends.casefold()
    for sign, pattern in _PATTERNS:
        looked_at = wording.POLITELY.sub("", lowered) if sign == "assistant" else lowered
        found = pattern.search(looked_at)
        if found is not None:
            yield Seen(sign, " ".join(found.group().split()))
    if features.quoted:
        yield Seen("quoted")


def _shortened(view: View) -> Iterator[tuple[str, str]]:
    """Words left out, and the message without them."""
    text = view.features.text
    cues = [seen.words for seen in _cues(view.features) if len(seen.words) > 1]
    plain = _WORD.findall(text)
    words = [*cues, *plain] if len(plain) <= _WORDS else cues
    groups = [(word,) for word in dict.fromkeys(word.casefold() for word in words)]
    together = tuple(dict.fromkeys(cue.casefold() for cue in cues))
    for group in (*groups, together):
        rest = text
        for word in group:
            pattern = rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word)
            rest = re.sub(pattern, " ", rest, flags=re.IGNORECASE)
        if rest != text and rest.strip(" ?!.,:;？！。，："):
            yield "”, “".join(group), " ".join(rest.split())
