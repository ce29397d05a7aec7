"""Makes a plan of a message that needs several skills; without a language model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assistant.core.messages import Message
from assistant.core.plans import Plan
from assistant.core.skills import Route, SkillCard
from assistant.language.names import language_name
from assistant.routing.planning import wording
from assistant.routing.planning.binding import Bound, bind
from assistant.routing.planning.clauses import (
    LONGEST_TASK,
    Joint,
    Task,
    as_list,
    joints,
    masked_quotes,
    separations,
)
from assistant.routing.planning.requests import (
    ASK,
    DESCRIBE,
    READ,
    SUMMARISE,
    SURE_BY_WORDING,
    TRANSLATE,
    WRITE,
    Around,
    Asked,
    Judge,
    RequestReader,
    is_about_picture,
    is_bare_language,
    is_complete,
    may_be_whole,
    trailing_language,
)

START = Joint(0, 0, "")
"""Stands before the first part."""
READ_PICTURE = "read the text in the picture"
"""What the skill that reads is told where that is only implied."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a task, and the skill it asks for."""

    text: str
    asked: Asked
    joint: str


class Planner:
    """Splits a message only where each part asks for something of its own.

    A single request stays whole: "write about love and war" has one verb, and what is quoted or
    follows a colon is text, whatever it says.

    Args:
        cards: the skills there are.
        judge: the router's classifier; None of it while it is being made, then wording decides.
    """

    def __init__(self, cards: Mapping[str, SkillCard], judge: Judge) -> None:
        self._cards = cards
        self._reader = RequestReader(cards, judge)

    def plan(self, message: Message) -> Route | None:
        """The first step's route with the whole plan; None for a message that is one request.

        Below 1 ms for most messages; the classifier is asked only where parts were found.
        """
        for task in self._tasks(message):
            around = _around(message, task)
            if len(task.text) > LONGEST_TASK or not task.text:
                continue
            parts = self._with_languages(
                self._with_picture(self._parts(task, around), task, around)
            )
            if len(parts) > 1:
                return self._route(parts, task, message)
            if task.material and self._reader.opens(masked_quotes(task.text), around):
                return None  # one request; what follows it is text, whatever it says
        return None

    def _tasks(self, message: Message) -> Iterator[Task]:
        lines = as_list(message.text)
        around = Around(len(message.images), has_text=True)
        if lines and all(self._reader.opens(masked_quotes(line), around) for line in lines):
            yield Task("; ".join(line.rstrip(" .;。；") for line in lines), None)
        else:
            yield from separations(message.text)

    def _parts(self, task: Task, around: Around) -> list[Part]:
        """The parts of a task; none where it is one request, or one part reads as nothing."""
        masked = masked_quotes(task.text)
        cuts = self._cuts(task.text, masked, around)
        if not cuts and trailing_language(task.text, loose=True) is None:
            return []  # no need to ask the classifier
        parts: list[Part] = []
        starts = [START, *cuts]
        for joint, following in zip(starts, [*cuts, None], strict=True):
            end = len(masked) if following is None else following.start
            text, hidden = task.text[joint.end : end], masked[joint.end : end]
            _, plain = trailing_language(text, loose=False) or ("", text)
            asked = self._reader.read(plain, hidden, around, first=joint is START)
            loosely = following is not None and not following.is_strong
            if asked is None or (loosely and self._is_chat(asked, hidden, around)):
                return []
            parts.append(Part(text.strip(), asked, joint.words))
        return _merged(parts)

    def _with_picture(self, parts: list[Part], task: Task, around: Around) -> list[Part]:
        """ "translate this", said of a picture alone, is about what is written in it."""
        reader = next((name for name in (READ, DESCRIBE) if name in self._cards), None)
        if not around.images or around.has_text or reader is None:
            return parts
        text = parts[0].text if parts else task.text
        masked = masked_quotes(text)
        opened = parts[0].asked.skill if parts else self._reader.opens(masked, around)
        if opened is None or opened not in (TRANSLATE, SUMMARISE):
            return parts
        if not is_about_picture(opened, text, masked):
            return parts
        whole = parts or [Part(text, Asked(opened, SURE_BY_WORDING), "")]
        return [Part(READ_PICTURE, Asked(reader, SURE_BY_WORDING), ""), *whole]

    def _is_chat(self, asked: Asked, masked: str, around: Around) -> bool:
        """Whether a part only talks: "is it hard to read …", before a mere "and"."""
        return asked.skill == WRITE and self._reader.opens(masked, around) is None

    def _cuts(self, text: str, masked: str, around: Around) -> list[Joint]:
        """Joints whose right side begins a request and whose left side is a whole one."""
        cuts: list[Joint] = []
        start = 0
        for joint in joints(masked):
            if not self._opens_after(joint, masked, around):
                continue
            left = masked[start : joint.start]
            opened = self._reader.opens(left, around, later=bool(cuts))
            if opened is None and (cuts or joint.is_purpose or not may_be_whole(left)):
                continue
            if opened == TRANSLATE and not is_complete(text[start : joint.start]):
                return []
            cuts.append(joint)
            start = joint.end
        return cuts

    def _opens_after(self, joint: Joint, masked: str, around: Around) -> bool:
        """Whether a request begins right of a joint; a bare language needs a "then" before it."""
        right = masked[joint.end :]
        opened = self._reader.opens(right, around, later=True)
        return opened is not None and (joint.is_then or not is_bare_language(right))

    def _with_languages(self, parts: list[Part]) -> list[Part]:
        """A language at the end of what can't be said in it at once becomes a translation."""
        if TRANSLATE not in self._cards:
            return parts
        spread: list[Part] = []
        for index, part in enumerate(parts):
            found = None
            follower = parts[index + 1].asked.skill if index + 1 < len(parts) else None
            if part.asked.skill not in (TRANSLATE, WRITE) and follower != TRANSLATE:
                found = trailing_language(part.text, loose=part.asked.skill != ASK)
            if found is None:
                spread.append(part)
                continue
            code, rest = found
            spread.append(Part(rest, part.asked, part.joint))
            words = f"translate it into {language_name(code, 'en')}"
            spread.append(Part(words, Asked(TRANSLATE, part.asked.score), ""))
        return spread

    def _route(self, parts: list[Part], task: Task, message: Message) -> Route | None:
        bound = [Bound(part.asked.skill, part.text) for part in parts]
        steps = bind(bound, task.material, message, self._cards)
        if len(steps) < 2:
            return None
        plan = Plan(steps)
        score = min(part.asked.score for part in parts)
        return Route(
            plan.chain[0],
            score,
            score,
            f"asks for {len(steps)} things, one after the other",
            steps[0].params,
            chain=plan.chain,
            plan=plan,
        )


def _around(message: Message, task: Task) -> Around:
    return Around(len(message.images), bool(message.texts or message.files or task.material))


def _merged(parts: list[Part]) -> list[Part]:
    """Neighbours for one skill are one request, unless a text is translated on and on."""
    merged: list[Part] = []
    for part in parts:
        before = merged[-1] if merged else None
        then = wording.THEN.search(part.joint.casefold()) is not None
        onward = part.asked.skill == TRANSLATE and then
        if before is None or before.asked.skill != part.asked.skill or onward:
            merged.append(part)
            continue
        score = min(before.asked.score, part.asked.score)
        text = f"{before.text}{part.joint}{part.text}"
        merged[-1] = Part(text, Asked(part.asked.skill, score), before.joint)
    return merged
