"""Esc: leaves the nearest thing that can be left, and stops the answer when there is none."""

from __future__ import annotations

from textual.widget import Widget

from assistant.tui.asking import Asking
from assistant.tui.conductor import Conductor
from assistant.tui.parts import Parts
from assistant.tui.widgets.turn import TurnWidget


class Escape:
    """Knows what lies over what on the chat screen."""

    def __init__(self, parts: Parts, conductor: Conductor, asking: Asking) -> None:
        self._parts = parts
        self._conductor = conductor
        self._asking = asking

    def leave_nearest(self, focused: Widget | None) -> None:
        """One thing each time it is pressed; at last the prompt has the focus, at the end of the
        conversation."""
        library, desk = self._parts.library, self._parts.desk
        if desk.completion.choices:
            desk.completion.offer(())
        elif library.searching:
            library.clear_search()
            desk.prompt.focus()
        elif library.is_archive and library.list.has_focus:
            library.show_archive(False)
        elif library.is_over:
            library.show(False)
            desk.prompt.focus()
        elif self._conductor.is_running:
            self._conductor.cancel()
        elif (turn := _turn_around(focused)) is not None:
            turn.focus()
        elif focused is desk.prompt and self._asking.stop_editing():
            desk.prompt.focus()
        else:
            desk.prompt.focus()
            self._parts.transcript.follow()


def _turn_around(focused: Widget | None) -> TurnWidget | None:
    """The message that a source, a step or a code block in focus belongs to."""
    above = focused.ancestors if focused is not None else ()
    return next((widget for widget in above if isinstance(widget, TurnWidget)), None)
