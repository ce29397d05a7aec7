"""Estimates tokens of a text for a model whose tokenizer is elsewhere."""

from __future__ import annotations

import math

BYTES_A_TOKEN = 3.0
"""UTF-8 bytes; English takes some four a token and Chinese some three with the vocabularies in
use, so this errs towards too many."""
TELLING_TOKENS = 128
LEAST, MOST = 0.5, 4.0
"""Bounds of the correction: one a byte at most, and no more than six bytes."""


class TokenEstimate:
    """Counts by length, corrected by what the server counted last."""

    def __init__(self) -> None:
        self._factor = 1.0

    def count(self, text: str) -> int:
        """Tokens, about."""
        size = len(text.encode("utf-8", "replace"))
        return math.ceil(size / BYTES_A_TOKEN * self._factor)

    def learn(self, estimated: int, counted: int) -> None:
        """Texts held to be `estimated` tokens had `counted`; short ones teach nothing, for what a
        template adds weighs too much in them."""
        if estimated >= TELLING_TOKENS and counted > 0:
            factor = self._factor * counted / estimated
            self._factor = min(MOST, max(LEAST, factor))
