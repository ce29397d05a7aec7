"""The empty conversation: who this is, and four things to try."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from assistant.tui.strings import Example, Strings
from assistant.tui.widgets.badge import COLOURS, OTHER_COLOUR

WORDMARK = (
    "▄▀█ █▀ █▀ █ █▀ ▀█▀ ▄▀█ █▄ █ ▀█▀",
    "█▀█ ▄█ ▄█ █ ▄█  █  █▀█ █ ▀█  █ ",
)


class ExampleCard(Static, can_focus=True):
    """A card; Enter or a click puts its text into the prompt."""

    DEFAULT_CSS = """
    ExampleCard {
        height: auto; min-height: 5; padding: 0 1; border: round $border-blurred;
        color: $foreground-muted;
        &:hover { border: round $foreground-disabled; }
        &:focus { border: round $border; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "try", show=False),
        Binding("up,left", "app.focus_previous", show=False),
        Binding("down,right", "app.focus_next", show=False),
    ]

    class Tried(Message):
        """The text to put into the prompt."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, example: Example) -> None:
        colour = COLOURS.get(example.skill, OTHER_COLOUR)
        title = Content.assemble(("◆ ", colour), (example.title, "bold $foreground"), "\n")
        super().__init__(title + Content(example.summary), markup=False)
        self._example = example.text

    def action_try(self) -> None:
        """Hand the text over."""
        self.post_message(self.Tried(self._example))

    def on_click(self) -> None:
        """Hand the text over."""
        self.action_try()


class Welcome(Vertical):
    """Centred in the room the transcript will take."""

    DEFAULT_CSS = """
    Welcome {
        height: 1fr; align: center middle; padding: 0 3 0 2; overflow-y: auto;
        & > .wordmark { width: auto; height: 2; color: $primary; }
        & > .tagline { width: auto; color: $foreground-muted; margin: 1 0 1 0; }
        & > Grid { grid-size: 2; grid-gutter: 0 1; width: 100%; max-width: 84; height: auto;
                   grid-rows: auto; }
        & > .keys { width: auto; color: $foreground-disabled; margin: 1 0 0 0; }
    }
    """

    def __init__(self, strings: Strings) -> None:
        super().__init__()
        self._strings = strings
        self._keys = Static(classes="keys", markup=False)

    def compose(self) -> ComposeResult:
        strings = self._strings
        yield Static("\n".join(WORDMARK), classes="wordmark", markup=False)
        yield Static(strings.tagline, classes="tagline", markup=False)
        with Grid():
            for example in strings.examples:
                yield ExampleCard(example)
        yield self._keys

    def on_mount(self) -> None:
        """Say the keys."""
        self.say_keys()

    def say_keys(self) -> None:
        """Name the keys as they are bound now."""
        self._keys.update(Content(self._strings.keyed(self._strings.welcome_keys)))
