"""Which documents a conversation is asked about: kept with it, and back when it is opened."""

from __future__ import annotations

from collections.abc import Callable

from textual.screen import Screen

from assistant.core.text import one_line
from assistant.tui.indexing import Indexing
from assistant.tui.session import ChatSession
from assistant.tui.strings import Strings


class Scope:
    """Keeps the collection that is chosen and the one of the conversation in view in step."""

    def __init__(
        self,
        screen: Screen[None],
        indexing: Indexing,
        session: Callable[[], ChatSession],
        strings: Strings,
    ) -> None:
        self._screen = screen
        self._indexing = indexing
        self._session = session
        self._strings = strings.library

    def keep(self) -> None:
        """Perhaps the person chose another one: it belongs to the conversation in view."""
        session = self._session()
        if self._indexing.chosen != self._wanted(session):
            session.ask_about(self._indexing.scope)

    def bring_back(self) -> None:
        """Choose that of the conversation now in view."""
        session = self._session()
        if (wanted := self._wanted(session)) == self._indexing.chosen:
            return
        self._indexing.choose(wanted)
        if session.collection is not None:
            self._screen.run_worker(self._look_for(session), group="scope", exclusive=True)

    def _wanted(self, session: ChatSession) -> str:
        return session.collection or self._indexing.default

    async def _look_for(self, session: ChatSession) -> None:
        """A collection that was deleted meanwhile makes way for the default one."""
        await self._indexing.refresh()
        known = [collection.name for collection in self._indexing.collections]
        is_gone = bool(known) and session.collection not in known
        if is_gone and session is self._session():
            names = (one_line(session.collection or "", 60), one_line(self._indexing.default, 60))
            self._indexing.choose(self._indexing.default)
            text = self._strings.collection_gone.format(*names)
            self._screen.notify(text, severity="warning", timeout=10, markup=False)
