"""Foretells how long indexing will take, from what files and vectors have cost so far."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

_ENOUGH_SECONDS = 5.0
"""Of making vectors, after which their speed is taken from this run alone."""
_HALF_LIFE = 120.0
"""Seconds of work after which what was measured counts half: other programs come and go."""
_PRIOR_SECONDS_A_BYTE = 2e-7
"""Reading, before the first file is done; PDF and Office files cost about as much."""


@dataclass
class _Kind:
    """Files of one ending: those still to be read, and what the others cost."""

    left: int = 0
    left_bytes: int = 0
    done: int = 0
    done_bytes: int = 0
    seconds: float = 0.0
    text: int = 0
    """Bytes of text that had no vector yet."""


class Estimate:
    """Remaining seconds of a run: the files not read yet, by what their kind costs a byte, and
    the text without vectors, by bytes.

    Right only when files are read, and vectors made, in mixed order.

    Args:
        files: ending and size of each file to be read.
        pending: bytes of text known to be without vectors.
        speed: bytes of text a second that vectors are made of, as earlier runs had it; 0 where
            it is not known.
    """

    def __init__(self, files: Iterable[tuple[str, int]], pending: int, speed: float) -> None:
        self._kinds: defaultdict[str, _Kind] = defaultdict(_Kind)
        for kind, size in files:
            self._kinds[kind].left += 1
            self._kinds[kind].left_bytes += size
        self._pending = pending
        self._prior = speed
        self._embedded = 0.0
        self._embedding = 0.0

    def file_read(self, kind: str, size: int, seconds: float, text: int) -> None:
        """A file of `size` bytes is done and brought `text` bytes to make vectors of."""
        of_kind = self._kinds[kind]
        of_kind.left -= 1
        of_kind.left_bytes -= size
        of_kind.done += 1
        of_kind.done_bytes += size
        of_kind.seconds += seconds
        of_kind.text += text
        self._pending += text

    def vectors_made(self, text: int, seconds: float) -> None:
        """So many bytes have their vectors now."""
        fading = 0.5 ** (seconds / _HALF_LIFE)
        self._embedded = self._embedded * fading + text
        self._embedding = self._embedding * fading + seconds
        self._pending = max(0, self._pending - text)

    def correct_pending(self, pending: int) -> None:
        """The bytes without vectors were counted: equal texts come once."""
        self._pending = pending

    @property
    def speed(self) -> float:
        """Bytes of text a second that vectors are made of; 0 while unknown."""
        measured = self._embedded / self._embedding if self._embedding > 0 else 0.0
        if not self._prior or self._embedding >= _ENOUGH_SECONDS:
            return measured or self._prior
        share = self._embedding / _ENOUGH_SECONDS
        return share * measured + (1 - share) * self._prior

    def reading_seconds(self) -> float:
        """Seconds until every file is read."""
        return sum(kind.left_bytes * self._cost(kind) for kind in self._kinds.values())

    def seconds_left(self) -> float | None:
        """Seconds until files are read and vectors made; None while the speed is unknown, or
        how much text the files bring."""
        kinds = self._kinds.values()
        if any(kind.left for kind in kinds) and not any(kind.done for kind in kinds):
            return None
        text = self._pending + self._text_to_come()
        if not text:
            return self.reading_seconds()
        return self.reading_seconds() + text / self.speed if self.speed else None

    def _cost(self, kind: _Kind) -> float:
        """Seconds a byte."""
        like = self._like(kind)
        return like.seconds / like.done_bytes if like.done_bytes else _PRIOR_SECONDS_A_BYTE

    def _text_to_come(self) -> float:
        text = 0.0
        for kind in self._kinds.values():
            like = self._like(kind)
            text += kind.left_bytes * like.text / like.done_bytes if like.done_bytes else 0.0
        return text

    def _like(self, kind: _Kind) -> _Kind:
        """What tells of a kind: its own files, or all of them while none of it is done."""
        if kind.done_bytes:
            return kind
        every = self._kinds.values()
        return _Kind(
            done_bytes=sum(k.done_bytes for k in every),
            seconds=sum(k.seconds for k in every),
            text=sum(k.text for k in every),
        )
