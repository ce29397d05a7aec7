"""Asks, inside an answer, which skill a message is for, where two are about as likely."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.widgets import Static

from assistant.core.events import Alternative, Routed
from assistant.core.text import one_line
from assistant.tui.strings import Strings
from assistant.tui.widgets.badge import COLOURS, OTHER_COLOUR
from assistant.tui.widgets.keybar import flowed
from assistant.tui.widgets.prompt import Prompt

MOST = 4
"""Skills offered; the ones after that are too unlikely to be read."""


class SkillChoice(Static, can_focus=True):
    """`1 Documents 48%   2 Chat 45%`, under the question. A number or Enter (the first) chooses."""

    DEFAULT_CSS = """
    SkillChoice {
        width: 1fr; height: auto; margin: 0 0 1 0; padding: 0 1;
        border-left: outer $warning; background: $surface;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take(1)", show=False),
        Binding("escape", "stop", show=False, id="cancel"),
    ]

    def __init__(self, routed: Routed, strings: Strings) -> None:
        super().__init__(markup=False)
        self._strings = strings
        self._writes_on = False
        first = Alternative(routed.skill, routed.score)
        self._offered = (first, *routed.alternatives)[:MOST]
        self.made: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """As many lines as the skills take at that width, and one more."""
        return len(self._lines(width)) + 1

    def render(self) -> Content:
        """The question, the skills with their keys, what Enter does."""
        strings = self._strings
        return Content("\n").join(self._lines(self.content_size.width)) + Content.styled(
            f"\n{strings.keyed(strings.unsure_keys)}", "$foreground-muted"
        )

    def _lines(self, width: int) -> list[Content]:
        skills = [self._skill(at, one) for at, one in enumerate(self._offered, 1)]
        return flowed([Content.styled(self._strings.unsure, "bold"), *skills], width)

    def on_key(self, event: events.Key) -> None:
        """A number takes the skill beside it; whatever else is typed goes to the prompt, for who
        writes on has not seen the question yet."""
        numbers = [str(number) for number in range(1, len(self._offered) + 1)]
        if event.key in numbers and not self._writes_on:
            event.stop()
            self.action_take(int(event.key))
        elif event.is_printable and event.character is not None:
            event.stop()
            self._writes_on = True
            for prompt in self.screen.query(Prompt):
                prompt.put(event.character)
        elif event.key == "backspace" and self._writes_on:
            event.stop()
            for prompt in self.screen.query(Prompt):
                prompt.action_delete_left()

    def on_paste(self, event: events.Paste) -> None:
        """So does what is pasted."""
        event.stop()
        for prompt in self.screen.query(Prompt):
            prompt.post_message(events.Paste(event.text))

    def action_take(self, number: int) -> None:
        """Take a skill by its number, from 1."""
        self._settle(self._offered[number - 1].skill)

    def action_stop(self) -> None:
        """Take none; the turn stops."""
        self._settle(None)

    def on_unmount(self) -> None:
        """Another conversation was opened: the first one answers."""
        self._settle(self._offered[0].skill)

    def _skill(self, number: int, offered: Alternative) -> Content:
        colour = COLOURS.get(offered.skill, OTHER_COLOUR)
        name = one_line(self._strings.skill(offered.skill), 24)
        return Content.assemble(
            (f" {number} ", f"bold $background on {colour}"), f" {name} {offered.score:.0%}"
        )

    def _settle(self, skill: str | None) -> None:
        if not self.made.done():
            self.made.set_result(skill)
