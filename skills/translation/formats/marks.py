"""Text with a document's own formats marked in it by private characters."""

from __future__ import annotations

from skills.translation.nodes import CLOSING, OPENING, STANDING

_MOST = 0x4000


def room(taken: str) -> int:
    """How many marks there are beside a text; more can't be told apart."""
    return _MOST - len(_numbers(taken))


def _numbers(text: str) -> set[int]:
    return {ord(c) & 0x3FFF for c in text if ord(c) >= OPENING}


class MarkedText:
    """Gathers text and marks; each mark is one character that the text itself does not hold.

    Args:
        taken: text whose characters can't be marks. At most its `room` of marks can be added.
    """

    def __init__(self, taken: str) -> None:
        self._taken = _numbers(taken)
        self._next = 0
        self._parts: list[str] = []
        self._open: list[tuple[str, int]] = []

    @property
    def joined(self) -> str:
        """What was gathered."""
        return "".join(self._parts)

    def text(self, text: str) -> None:
        self._parts.append(text)

    def mark(self, kind: str, name: str = "") -> str:
        """Add the mark of an "open" or "close" tag, or of something that stands alone.

        A closing one belongs to the last open one of its name; one without a partner stands
        alone. Returns the character.
        """
        character = self._character(kind, name)
        self._parts.append(character)
        return character

    def _character(self, kind: str, name: str) -> str:
        if kind == "open":
            number = self._free()
            self._open.append((name, number))
            return chr(OPENING + number)
        if kind == "close":
            for place in range(len(self._open) - 1, -1, -1):
                if self._open[place][0] == name:
                    return chr(CLOSING + self._open.pop(place)[1])
        return chr(STANDING + self._free())

    def _free(self) -> int:
        while self._next in self._taken:
            self._next += 1
        self._next += 1
        return self._next - 1
