"""A message that needs several skills, as typed steps in order."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Literal

import msgspec

from assistant.core.skills import Kind, Params

MOST_STEPS = 4
"""A longer chain is refused: each step builds on the errors of the one before."""

StepInput = Literal["message", "previous"]
"""What a step works on: the person's message with its attachments, or the step before it."""


class Step(msgspec.Struct, frozen=True):
    """One skill's part of a message."""

    skill: str
    text: str
    """The person's own words for this part."""
    params: Params = Params()
    input: StepInput = "message"


class Plan(msgspec.Struct, frozen=True):
    """At least two steps, run one after the other."""

    steps: tuple[Step, ...]

    @property
    def chain(self) -> tuple[str, ...]:
        """The skills, in order."""
        return tuple(step.skill for step in self.steps)


def fits(produced: AbstractSet[Kind], accepted: AbstractSet[Kind]) -> bool:
    """Whether what one step produces is something the next one accepts; quotes and labels are
    text, too."""
    readable: AbstractSet[Kind] = {"text"} if produced & {"quotes", "labels"} else set()
    return bool((produced | readable) & accepted)
