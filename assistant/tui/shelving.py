"""What the commands and the palette do with the conversation in view: name, move, put away."""

from __future__ import annotations

from collections.abc import Callable

from assistant.core.errors import StoreError
from assistant.tui.conductor import Conductor
from assistant.tui.ports import StoreLike
from assistant.tui.transfers import Transfers
from assistant.tui.widgets.library import Library


class Shelving:
    """Acts through the library, whose list shows the outcome."""

    def __init__(
        self,
        store: StoreLike,
        conductor: Conductor,
        library: Library,
        transfers: Transfers,
        on_refusal: Callable[[StoreError], None],
    ) -> None:
        self._store = store
        self._conductor = conductor
        self._library = library
        self._transfers = transfers
        self._on_refusal = on_refusal

    async def act(self, what: str) -> None:
        """An action of the palette: one of the list's keys, or "export md|json|all"."""
        current = self._conductor.session.conversation
        if what.startswith("export"):
            self._transfers.export(what.removeprefix("export "), current)
            return
        if what in ("rename", "archived"):
            self._library.show(True)
            self._library.focus_list()
        await self._library.act(what, current)

    def command(self, name: str, text: str) -> bool:
        """Whether a command is one of these; it is done then."""
        current = self._conductor.session.conversation
        if name == "rename":
            self._rename(current, text)
        elif name == "export":
            self._transfers.export(text, current)
        elif name == "import":
            self._transfers.import_(text)
        else:
            return False
        return True

    def _rename(self, conversation: int | None, title: str) -> None:
        if conversation is None or not title:
            return
        try:
            self._store.rename(conversation, title)
        except StoreError as error:
            self._on_refusal(error)
        self._library.list_again()
