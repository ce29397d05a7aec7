"""Keeps what is being written, for each conversation its own, while it is being written."""

from __future__ import annotations

from collections.abc import Callable

from textual.screen import Screen
from textual.timer import Timer

from assistant.core.messages import Attachment
from assistant.tui.session import ChatSession
from assistant.tui.widgets.desk import Desk

SAVE_SECONDS = 0.5
"""After the last key; a crash loses no more."""


class Drafts:
    """Saves the desk for the session in view, and brings back what was left there."""

    def __init__(
        self, screen: Screen[None], desk: Desk, session: Callable[[], ChatSession]
    ) -> None:
        self._screen = screen
        self._desk = desk
        self._session = session
        self._timer: Timer | None = None
        self._kept: tuple[str, tuple[Attachment, ...]] = ("", ())

    def changed(self) -> None:
        """Something was written; it is saved when the writing pauses."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._screen.set_timer(SAVE_SECONDS, self.save)

    def save(self) -> None:
        """Keep what is written now: before another conversation is shown, before it is sent
        (when the desk is empty), at the end."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        written = self._desk.unsent
        if written != self._kept:
            self._kept = written
            self._session().save_draft(*written)

    def restore(self) -> None:
        """Show what was left in the conversation now in view."""
        draft = self._session().draft()
        self._kept = (draft.text, draft.attachments) if draft is not None else ("", ())
        self._desk.show(*self._kept)
