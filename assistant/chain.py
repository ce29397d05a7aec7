"""Checks and runs a chain: each step works on the message or on the step before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import msgspec

from assistant.core.errors import AssistantError, UsageError
from assistant.core.events import (
    Abstained,
    Carried,
    Event,
    Failed,
    Notice,
    Planned,
    PlannedStep,
    Sources,
    StepDone,
    StepStarted,
    TextDelta,
)
from assistant.core.messages import Message, TextAttachment
from assistant.core.plans import MOST_STEPS, Plan, Step, fits
from assistant.core.skills import Cancelled, Foreseeing, Params, Skill, SkillCard, SkillRequest
from assistant.core.stopping import StoppedError
from assistant.core.turns import TurnRequest


class Chain:
    """One plan for one message.

    Args:
        plan: its steps name skills in `skills`.
        message: the person's, with attached files already read.
        request: the turn; its flags overrule what the wording says.
    """

    def __init__(
        self, plan: Plan, skills: Mapping[str, Skill], message: Message, request: TurnRequest
    ) -> None:
        self._steps = _overruled(plan, request)
        self._skills = skills
        self._message = message
        self._history = request.history

    def planned(self, cancelled: Cancelled) -> Planned:
        """What will be done, or why it can't be."""
        shown = tuple(PlannedStep(step.skill, step.params.target) for step in self._steps)
        error = self._obstacle(cancelled)
        return Planned(shown, None if error is None else Failed(error.message, error.hint))

    def run(self, cancelled: Cancelled) -> Iterator[Event]:
        """Events of every step. Cancelled, it ends after what the step under way has said.

        Raises:
            AssistantError: a step failed; the steps before it have been told in full.
        """
        previous = ""
        for index, step in enumerate(self._steps):
            yield StepStarted(index)
            output = _Output()
            try:
                for event in self._skills[step.skill].run(
                    self._request(index, previous, cancelled)
                ):
                    output.see(event)
                    yield event
            except StoppedError:
                raise  # nothing failed
            except AssistantError as error:
                raise self._at(index, error) from error
            if cancelled():
                return
            yield StepDone(index, output.text)
            if index + 1 < len(self._steps) and output.abstained:
                yield Notice(
                    f"Step {index + 1} found no clear answer, so the chain ends here.",
                    f"To go on with the nearest passages, ask for “{self._steps[index + 1].skill}” "
                    "yourself.",
                )
                return
            previous = output.carried
            if index + 1 < len(self._steps) and not previous.strip():
                raise self._at(index, UsageError("It gave no text for the next step."))

    def _request(self, index: int, previous: str, cancelled: Cancelled) -> SkillRequest:
        step = self._steps[index]
        if step.input == "message":
            message = Message("user", step.text, self._message.attachments)
            return SkillRequest(message, self._history, step.params, cancelled)
        name = f"output of {self._steps[index - 1].skill}"
        message = Message("user", step.text, (TextAttachment(name, previous),))
        return SkillRequest(message, (), step.params, cancelled)

    def _obstacle(self, cancelled: Cancelled) -> AssistantError | None:
        """The first thing that makes the plan impossible, found without running any of it."""
        if len(self._steps) > MOST_STEPS:
            return UsageError(
                f"This asks for {len(self._steps)} steps; at most {MOST_STEPS} are done at once.",
                "Ask for the rest in a second message.",
            )
        for one, other in pairwise(self._steps):
            produced, accepted = self._card(one).produces, self._card(other).accepts
            if other.input == "previous" and not fits(produced, accepted):
                return UsageError(
                    f"“{other.skill}” can't work on what “{one.skill}” gives: it takes "
                    f"{_listed(accepted)} and gets {_listed(produced)}.",
                    "Ask for the two separately.",
                )
        for index, step in enumerate(self._steps):
            skill = self._skills[step.skill]
            if isinstance(skill, Foreseeing):
                error = skill.obstacle(self._request(index, "", cancelled))
                if error is not None:
                    return self._at(index, error)
        return None

    def _card(self, step: Step) -> SkillCard:
        return self._skills[step.skill].card

    def _at(self, index: int, error: AssistantError) -> AssistantError:
        step = f"Step {index + 1} of {len(self._steps)} ({self._steps[index].skill})"
        return AssistantError(f"{step}: {error.message}", error.hint)


_TRANSLATE = "translate"
"""The skill that languages named by a flag are for."""


@dataclass(slots=True)
class _Output:
    """What a step has said, and what of it the next one works on."""

    pieces: list[str] = field(default_factory=list)
    quotes: list[str] = field(default_factory=list)
    handed: list[str] = field(default_factory=list)
    abstained: bool = False

    def see(self, event: Event) -> None:
        match event:
            case TextDelta(text):
                self.pieces.append(text)
            case Carried(text):
                self.handed.append(text)
            case Sources(passages):
                self.quotes += [passage.quote for passage in passages]
            case Abstained():
                self.abstained = True
            case _:
                return

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    @property
    def carried(self) -> str:
        """What the skill hands on itself, else the quotes of an answer, else all it said."""
        return "\n\n".join(self.handed or self.quotes) or self.text


def _overruled(plan: Plan, request: TurnRequest) -> tuple[Step, ...]:
    """The steps with the person's flags: languages go to the last step that translates, else to
    the last that names one, else to the last of all."""
    translating = [i for i, s in enumerate(plan.steps) if s.skill == _TRANSLATE]
    naming = [i for i, s in enumerate(plan.steps) if s.params.target]
    speaking = (translating or naming or range(len(plan.steps)))[-1]
    return tuple(
        msgspec.structs.replace(step, params=_flagged(step.params, request, index == speaking))
        for index, step in enumerate(plan.steps)
    )


def _flagged(params: Params, request: TurnRequest, languages: bool) -> Params:
    return msgspec.structs.replace(
        params,
        source=(request.source if languages else None) or params.source,
        target=(request.target if languages else None) or params.target,
        labels=request.labels or params.labels,
        collection=request.collection or params.collection,
        filters=request.filters or params.filters,
    )


def _listed(kinds: frozenset[str]) -> str:
    return ", ".join(sorted(kinds))
