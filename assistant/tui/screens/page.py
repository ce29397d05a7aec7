"""The frame of the large screens: a title, the parts, a line about the row, the keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.screen import Screen
from textual.widgets import Static

from assistant.core.text import one_line
from assistant.tui.keys import KEYS, written
from assistant.tui.services import Services
from assistant.tui.widgets.keybar import Hint, KeyBar


class Detail(Static):
    """What is to be said about the row under the cursor; always as high, so nothing jumps."""

    DEFAULT_CSS = """
    Detail {
        height: 3; width: 1fr; margin: 1 0; padding: 0 1;
        color: $foreground-muted; border-left: outer $primary; text-overflow: ellipsis;
    }
    Detail.-asking { border-left: outer $warning; }
    """

    lines: reactive[tuple[Content, ...]] = reactive(())

    def __init__(self) -> None:
        super().__init__(markup=False)

    def say(self, *lines: Content, asking: bool = False) -> None:
        """Show these lines; a question is marked as one."""
        self.set_class(asking, "-asking")
        self.lines = lines

    def render(self) -> Content:
        """The lines, cut where there are too many."""
        return Content("\n").join(fitted(self.lines, *self.content_size))


def fitted(lines: Iterable[Content], width: int, rows: int) -> list[Content]:
    """Lines for so many rows: each gets one, and the first ones what is left over; an ellipsis
    stands where something is cut."""
    whole = [line for line in lines if line.plain][:rows]
    spare = rows - len(whole)
    shown: list[Content] = []
    for line in whole:
        wrapped = line.wrap(width) if width > 0 else [line]
        taken = wrapped[: 1 + spare]
        spare -= len(taken) - 1
        if len(taken) < len(wrapped):
            taken[-1] = (taken[-1].rstrip() + Content(" …")).truncate(width, ellipsis=True)
        shown += taken
    return shown


class Page(Screen[None]):
    """Subclasses yield their parts and say which keys they have; Esc goes back."""

    DEFAULT_CSS = """
    Page {
        background: $background; color: $foreground; align: center top;
        & > #page { width: 100%; max-width: 124; height: 1fr; padding: 0 2; }
        .title { height: 1; width: 1fr; margin: 1 0; text-wrap: nowrap;
                 text-overflow: ellipsis; }
        &.-short .title { margin: 0 0 1 0; }
        &.-short Detail { margin: 1 0 0 0; }
    }
    """
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]  # noqa: RUF012 - as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "leave", show=False)]

    def __init__(self, services: Services, title: str, about: str = "") -> None:
        super().__init__()
        self._services = services
        self._strings = services.strings
        self._heading = Content.assemble(
            (title, "bold $primary"), (f"   {one_line(about, 200)}", "$foreground-muted")
        )
        self._detail = Detail()
        self._key_bar = KeyBar()

    def compose(self) -> ComposeResult:
        with Vertical(id="page"):
            yield Static(self._heading, classes="title", markup=False)
            yield from self.parts()
            yield self._detail
            yield self._key_bar

    def parts(self) -> ComposeResult:
        """The widgets between the title and the keys."""
        raise NotImplementedError

    def action_leave(self) -> None:
        """Back to the conversation."""
        self.dismiss(None)

    def show_keys(self, names: Iterable[str]) -> None:
        """Offer these keys, by their names, and the way back."""
        hints = [self._hint(name) for name in names]
        self._key_bar.show([*hints, Hint("Esc", self._strings.screens.back, "screen.leave")])

    def key(self, name: str) -> str:
        """The first key bound to a name, as it is written."""
        return written(self._strings.bound.key(name))

    def _hint(self, name: str) -> Hint:
        action = next(key.action for key in KEYS if key.name == name)
        return Hint(self.key(name), self._strings.keys[name], f"screen.{action}")
