"""What happens during a turn or a job, in order, as values.

Every stream ends with exactly one `Done` or `Failed`.
"""

from __future__ import annotations

import msgspec

from assistant.core.collections import CollectionStatus, CollectionSummary
from assistant.core.documents import Label, Passage, Scope
from assistant.core.inventory import ModelInfo
from assistant.core.picture_search import PictureGroup
from assistant.core.routing import Correction, Counterfactual, Neighbour, Seen


class Alternative(msgspec.Struct, frozen=True):
    """Another skill the router considered, with its probability."""

    skill: str
    score: float


class Usage(msgspec.Struct, frozen=True):
    """What a generation cost; times in seconds, counts in tokens."""

    prompt_tokens: int
    new_tokens: int
    seconds: float
    first_token_seconds: float
    context_length: int
    model: str
    device: str
    dropped_turns: int = 0
    remark: str = ""
    """What a person should know of how the model was run; "" where all is as it was made for."""

    @property
    def tokens_per_second(self) -> float:
        """Decoding speed, the wait for the first token excluded."""
        decoding = self.seconds - self.first_token_seconds
        return (self.new_tokens - 1) / decoding if self.new_tokens > 1 and decoding > 0 else 0.0


class Timings(msgspec.Struct, frozen=True):
    """Milliseconds from the start of the turn; None where nothing of the kind happened."""

    route_ms: float | None
    first_token_ms: float | None
    total_ms: float
    usage: Usage | None = None


class Routed(msgspec.Struct, frozen=True, tag=True):
    """The skill was chosen; `score` and `margin` are probabilities."""

    skill: str
    score: float
    margin: float
    reason: str
    alternatives: tuple[Alternative, ...] = ()
    chain: tuple[str, ...] = ()
    unsure: bool = False
    """The lead over the next skill is too small to be called a choice."""


class Explained(msgspec.Struct, frozen=True, tag=True):
    """Why a message would go to its skill; answers a job that asks for it."""

    routed: Routed
    seen: tuple[Seen, ...]
    """What in the message counted."""
    neighbours: tuple[Neighbour, ...]
    """The examples most like it, nearest first; none where the encoder is absent."""
    evidence: float | None
    """Probability that the documents answer it; None where they were not asked."""
    counterfactuals: tuple[Counterfactual, ...]
    """What would have made a difference, the greatest first."""


class Taught(msgspec.Struct, frozen=True, tag=True):
    """A correction of the router was kept, or taken back (`undone`)."""

    correction: Correction
    undone: bool = False


class PlannedStep(msgspec.Struct, frozen=True):
    """A step of a chain as it is shown."""

    skill: str
    target: str | None = None
    """ISO 639-1 code of the language it is to give, where one is wanted."""


class Planned(msgspec.Struct, frozen=True, tag=True):
    """The message needs several skills; what will be done, before any of it is done."""

    steps: tuple[PlannedStep, ...]
    obstacle: Failed | None = None
    """Why the plan can't be carried out, and what would make it possible."""


class StepStarted(msgspec.Struct, frozen=True, tag=True):
    """A step begins; what follows up to its `StepDone` is its own. `index` counts from 0."""

    index: int


class StepDone(msgspec.Struct, frozen=True, tag=True):
    """A step ended; `text` is all it said."""

    index: int
    text: str


class Carried(msgspec.Struct, frozen=True, tag=True):
    """What a following step should work on, where that is not all the text said."""

    text: str


class Progress(msgspec.Struct, frozen=True, tag=True):
    """Work under way; `total` is None while unknown."""

    label: str
    done: float
    total: float | None
    unit: str
    seconds_left: float | None = None
    """Until the whole job is done, None while that can't be foretold."""


class TextDelta(msgspec.Struct, frozen=True, tag=True):
    """More text of the answer (Markdown)."""

    text: str


class Sources(msgspec.Struct, frozen=True, tag=True):
    """The passages an answer quotes, numbered from 1 in this order."""

    passages: tuple[Passage, ...]
    scope: Scope | None = None


class Abstained(msgspec.Struct, frozen=True, tag=True):
    """The evidence was too weak to answer; `nearest` is what came closest."""

    confidence: float
    nearest: tuple[Passage, ...]
    scope: Scope | None = None


class Labelled(msgspec.Struct, frozen=True, tag=True):
    """What an image was seen to show, best first, and which model said so."""

    labels: tuple[Label, ...]
    model: str


class Collections(msgspec.Struct, frozen=True, tag=True):
    """The collections there are, by name; answers a job that asks for them."""

    collections: tuple[CollectionSummary, ...]


class Receipt(msgspec.Struct, frozen=True, tag=True):
    """What became of the files of a collection; answers a job that asks for it."""

    status: CollectionStatus


class Duplicates(msgspec.Struct, frozen=True, tag=True):
    """Pictures of a collection that are nearly the same, the largest group first; answers a job
    that asks for them."""

    groups: tuple[PictureGroup, ...]


class Models(msgspec.Struct, frozen=True, tag=True):
    """The models of the catalogue; answers a job that asks for them."""

    models: tuple[ModelInfo, ...]


class Picture(msgspec.Struct, frozen=True, tag=True):
    """An image file made or looked at during the turn."""

    path: str
    caption: str


class Measured(msgspec.Struct, frozen=True, tag=True):
    """A model finished generating."""

    usage: Usage


class Notice(msgspec.Struct, frozen=True, tag=True):
    """Something worth knowing that is no failure."""

    text: str
    hint: str = ""


class SentTo(msgspec.Struct, frozen=True, tag=True):
    """Text of the turn went to another machine: a model that is in use is served there."""

    host: str
    """Name and port."""
    encrypted: bool = True
    """Whether others on the way can't read it."""


class Done(msgspec.Struct, frozen=True, tag=True):
    """The work ended; `message` is the whole answer text, of a chain that of its last step."""

    message: str
    timings: Timings
    cancelled: bool = False


class Failed(msgspec.Struct, frozen=True, tag=True):
    """The work failed: the fact, then the remedy."""

    message: str
    hint: str = ""


Event = (
    Routed
    | Planned
    | StepStarted
    | StepDone
    | Carried
    | Explained
    | Taught
    | Progress
    | TextDelta
    | Sources
    | Abstained
    | Labelled
    | Collections
    | Receipt
    | Duplicates
    | Models
    | Picture
    | Measured
    | Notice
    | SentTo
    | Done
    | Failed
)
