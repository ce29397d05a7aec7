"""Remembers what the latest messages were for, for the ones that follow them."""

from __future__ import annotations

import threading
from collections import OrderedDict

from assistant.core.messages import Message
from assistant.routing.corrections import same_message

_REMEMBERED = 64  # messages


class RecentSkills:
    """The skill of each of the latest messages, by its words, whether it had an image, and the
    collection; safe for threads."""

    def __init__(self) -> None:
        self._skills: OrderedDict[tuple[str, bool, str | None], str] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, message: Message, collection: str | None) -> str | None:
        """The skill of a message; None where it was not among the latest."""
        with self._lock:
            return self._skills.get(_key(message, collection))

    def keep(self, message: Message, collection: str | None, skill: str) -> None:
        """Remember a message, and forget the oldest."""
        key = _key(message, collection)
        with self._lock:
            self._skills[key] = skill
            self._skills.move_to_end(key)
            if len(self._skills) > _REMEMBERED:
                self._skills.popitem(last=False)


def _key(message: Message, collection: str | None) -> tuple[str, bool, str | None]:
    return same_message(message.text), bool(message.images), collection
