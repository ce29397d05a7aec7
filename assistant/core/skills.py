"""The contract between the turn, the router and the skills."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

import msgspec

from assistant.core.documents import NO_FILTERS, Filters
from assistant.core.errors import AssistantError
from assistant.core.events import Alternative, Event
from assistant.core.messages import Message

if TYPE_CHECKING:
    from assistant.core.plans import Plan

Kind = Literal["text", "image", "file", "documents", "labels", "quotes", "pictures"]
"""A skill that takes a "file" gets attached files by their paths; others get their text."""
Cancelled = Callable[[], bool]
"""Asked often by long work; True means stop and keep what there is."""


class Params(msgspec.Struct, frozen=True):
    """What a message asks of its skill, as far as the wording or a flag says."""

    payload: str | None = None
    """The text to work on when it is only a part of the message (the sentence to translate)."""
    source: str | None = None
    """Language code (ISO 639-1) of the payload."""
    target: str | None = None
    """Language code (ISO 639-1) wanted."""
    labels: tuple[str, ...] = ()
    why: str | None = None
    """The label of an image whose reason is wanted: "" for the first one, None for none."""
    collection: str | None = None
    filters: Filters = NO_FILTERS
    """Which files to answer from."""


@dataclass(frozen=True, slots=True)
class SkillRequest:
    """One message for one skill, with the turns before it (oldest first)."""

    message: Message
    history: tuple[Message, ...]
    params: Params
    cancelled: Cancelled

    @property
    def subject(self) -> str:
        """The text the skill works on: the payload where the router found one, else the message."""
        return self.message.text if self.params.payload is None else self.params.payload


@dataclass(frozen=True, slots=True)
class SkillCard:
    """What a skill is, for the router, the menus and the help."""

    name: str
    summary: str
    accepts: frozenset[Kind]
    produces: frozenset[Kind]
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Typical messages by language code; the router learns from them."""
    heeds_filters: bool = False
    """Whether it looks into the files that `Params.filters` let pass."""
    languages: frozenset[str] = frozenset()
    """ISO 639-1 codes of the only languages it answers in; empty where it answers in the
    language of what it is given."""

    @property
    def looks(self) -> bool:
        """Whether it works on images, or files like images, and nothing else."""
        return "image" in self.accepts and self.accepts <= {"image", "file"}


class Skill(Protocol):
    """Something the assistant can do. It is given what it needs when it is made."""

    @property
    def card(self) -> SkillCard: ...

    def run(self, request: SkillRequest) -> Iterator[Event]:
        """Do the work, yielding events as it goes; the turn adds `Routed` and `Done`.

        As a later step of a chain it finds the output of the step before as an attached text
        (`request.message.texts`), just as if it had been piped in.

        Raises:
            AssistantError: the work can't be done; the turn makes it a `Failed`.
        """
        ...


@runtime_checkable
class Foreseeing(Protocol):
    """A skill that can say beforehand what keeps it from a request, for chains."""

    def obstacle(self, request: SkillRequest) -> AssistantError | None:
        """Why the work could not be done now, None where nothing is known to prevent it.

        Looks at parameters and attachments only: text from an earlier step is not there yet.
        """
        ...


@dataclass(frozen=True, slots=True)
class Route:
    """The router's choice. `score` and `margin` (to the runner-up) are probabilities."""

    skill: str
    score: float
    margin: float
    reason: str
    params: Params = field(default_factory=Params)
    alternatives: tuple[Alternative, ...] = ()
    chain: tuple[str, ...] = ()
    plan: Plan | None = None
    """The steps, where the message needs several skills; `skill` is then the first one."""
    unsure: bool = False
    """The margin is too small to act on unasked; `skill` is then the safer of the two."""


class Router(Protocol):
    """Decides which skill a message is for."""

    def route(
        self,
        message: Message,
        history: tuple[Message, ...],
        skill: str | None = None,
        collection: str | None = None,
        filtered: bool = False,
    ) -> Route:
        """The skill for a message, with what the message asks of it.

        `skill` is the person's own choice (a flag, a key) and is kept; the parameters are
        read from the wording all the same. A leading `/name` in the text is such a choice too.
        `collection` is where evidence is looked for, None being the default one. `filtered` says
        that the person named the files it is about: it is for a skill that heeds that, then.
        """
        ...
