"""The parts of the chat screen, made and laid out, and which of them are seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content

from assistant.core.errors import StoreError
from assistant.tui.mentions import FileFinder
from assistant.tui.pictures import Pictures
from assistant.tui.services import Services
from assistant.tui.strings import Strings
from assistant.tui.widgets.below import BelowMark
from assistant.tui.widgets.desk import Desk
from assistant.tui.widgets.library import Library
from assistant.tui.widgets.status import StatusLine
from assistant.tui.widgets.transcript import Transcript
from assistant.tui.widgets.turn import Surroundings
from assistant.tui.widgets.welcome import Welcome


@dataclass(frozen=True, slots=True)
class Parts:
    """The widgets; each knows nothing of the others."""

    library: Library
    welcome: Welcome
    transcript: Transcript
    below: BelowMark
    desk: Desk
    status: StatusLine

    @classmethod
    def made(
        cls, services: Services, pictures: Pictures, on_refusal: Callable[[StoreError], None]
    ) -> Parts:
        """New ones, for one screen."""
        strings, settings, now = services.strings, services.settings, services.now
        beside = settings.ui.sidebar != "hidden"
        files = FileFinder(services.folder)
        return cls(
            library=Library(services.store, strings, now, on_refusal, beside=beside),
            welcome=Welcome(strings),
            transcript=Transcript(Surroundings(strings, pictures, now().tzinfo)),
            below=BelowMark(strings),
            desk=Desk(strings, services.commands, settings.keys.get("send"), files),
            status=StatusLine(strings),
        )

    def laid_out(self) -> ComposeResult:
        """The library beside all the rest."""
        with Horizontal(id="body"):
            yield self.library
            with Vertical(id="main"):
                yield self.welcome
                yield self.transcript
                yield self.below
                with Horizontal(id="desk"):
                    yield self.desk
                yield self.status

    def show_welcome(self, shown: bool) -> None:
        """Greet, or show the conversation."""
        self.welcome.display = shown
        self.transcript.display = not shown

    def say_keys(self, strings: Strings) -> None:
        """Name the keys as they are bound now."""
        self.welcome.say_keys()
        self.status.refresh()
        for block in self.transcript.query("CodeBlock"):
            block.border_subtitle = Content(strings.keyed(strings.copy_hint))
