"""Which conversation is in view: a new one, one that is opened, the one that is left."""

from __future__ import annotations

from collections.abc import Callable

from assistant.core.errors import StoreError
from assistant.tui.asking import Asking
from assistant.tui.conductor import Conductor
from assistant.tui.drafts import Drafts
from assistant.tui.parts import Parts
from assistant.tui.scope import Scope


class InView:
    """Changes it, with the draft and the documents that belong to it."""

    def __init__(
        self,
        parts: Parts,
        conductor: Conductor,
        asking: Asking,
        drafts: Drafts,
        scope: Scope,
        on_refusal: Callable[[StoreError], None],
    ) -> None:
        self._parts = parts
        self._conductor = conductor
        self._asking = asking
        self._drafts = drafts
        self._scope = scope
        self._on_refusal = on_refusal

    async def new(self) -> None:
        """An empty conversation; an answer under way goes on in its own."""
        self._leave()
        self._conductor.new()
        self._drafts.restore()
        await self._parts.transcript.show([], has_older=False)
        self._parts.show_welcome(True)
        self._parts.status.usage = None
        self.list_again()
        self._parts.desk.prompt.focus()

    async def open(self, conversation: int, message: int | None) -> None:
        """A stored conversation, at a message when one is given."""
        self._leave()
        try:
            await self._conductor.open(conversation, message)
        except StoreError as error:
            self._on_refusal(error)
            return
        exchanges = self._conductor.session.exchanges
        prompt = self._parts.desk.prompt
        prompt.history_of_prompts.extend(exchange.user.text for exchange in exchanges)
        self._scope.bring_back()
        self._drafts.restore()
        self._parts.show_welcome(not exchanges)
        self._parts.status.usage = None
        if self._parts.library.is_over:
            self._parts.library.show(False)
        self.list_again()
        if message is None:
            prompt.focus()

    def list_again(self) -> None:
        """Show it in the list as the one in view, and whatever else changed."""
        self._parts.library.current = self._conductor.session.conversation
        self._parts.library.list_again()

    def _leave(self) -> None:
        self._asking.stop_editing()
        self._drafts.save()
