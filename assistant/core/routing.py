"""What the router can tell of a choice, and what a person can tell the router."""

from __future__ import annotations

from typing import Literal

import msgspec

LEARNING = "the router's examples"
"""What is being loaded while the router encodes many examples: it is told as learning."""

Sign = Literal[
    "command", "step", "image", "file", "pasted", "correction", "previous", "language",
    "translate", "say",
    "word", "question", "document", "own", "picture", "assistant", "switch", "topic", "quoted",
]  # fmt: skip
"""What can be seen in a message: attachments, a correction, the turn before, tell-tale words."""

Change = Literal[
    "without_words", "without_image", "without_correction", "without_previous",
    "with_documents", "without_documents", "with_evidence", "without_evidence",
]  # fmt: skip
"""What can be different about a message or the moment it is asked."""


class Seen(msgspec.Struct, frozen=True):
    """One thing seen in a message, with the words that showed it."""

    sign: Sign
    words: str = ""


class Neighbour(msgspec.Struct, frozen=True):
    """An example the router learned from."""

    skill: str
    language: str
    text: str
    similarity: float
    """Cosine of the two messages' vectors."""
    corrected: bool = False
    """It is a correction of the person's own."""


class Counterfactual(msgspec.Struct, frozen=True):
    """Where the message would have gone had something been different."""

    change: Change
    words: str
    """The words left out, for `without_words`; the skill before, for `without_previous`."""
    skill: str
    score: float


class Correction(msgspec.Struct, frozen=True):
    """A message and the skill a person said it is for."""

    skill: str
    language: str
    """ISO 639-1 code, "und" where undetermined."""
    date: str
    """ISO 8601, the day."""
    text: str
