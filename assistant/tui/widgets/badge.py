"""The line above an answer: its skill, how sure the choice was, and how it goes."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.timer import Timer
from textual.widgets import Static

SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
TICK_SECONDS = 0.1
COLOURS = {"generate": "$primary", "qa": "$success", "translate": "$accent"}
"""Skills with a colour of their own; the others share one."""
OTHER_COLOUR = "$secondary"


class Badge(Static):
    """`Documents 92% · 1.2 s`, with a spinner while it is running."""

    DEFAULT_CSS = """
    Badge {
        height: 1; width: 1fr; color: $foreground-muted;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    """

    running: reactive[bool] = reactive(False)
    activity: reactive[str] = reactive("")
    details: reactive[str] = reactive("")
    stopped: reactive[str] = reactive("")

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._label = ""
        self._colour = OTHER_COLOUR
        self._score: float | None = None
        self._frame = 0
        self._timer: Timer | None = None

    def choose(self, skill: str, label: str, score: float | None) -> None:
        """Show the skill; the score is a probability."""
        self._label, self._score = label, score
        self._colour = COLOURS.get(skill, OTHER_COLOUR)
        self.refresh()

    def watch_running(self, running: bool) -> None:
        """Turn the spinner only while it is needed, and not where motion is unwanted."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if running and self.app.animation_level != "none":
            self._timer = self.set_interval(TICK_SECONDS, self._tick)

    def render(self) -> Content:
        """The line, its parts joined by dots."""
        parts = []
        if self._label:
            name = Content.styled(f" {self._label} ", f"bold $background on {self._colour}")
            score = "" if self._score is None else f" {self._score:.0%}"
            parts.append(name + Content(score))
        if self.running:
            frame = SPINNER[self._frame % len(SPINNER)]
            spinner = Content.styled(frame, "$primary")
            parts.append(spinner + Content(f" {self.activity}") if self.activity else spinner)
        if self.stopped:
            parts.append(Content.styled(f"■ {self.stopped}", "$warning"))
        if self.details:
            parts.append(Content(self.details))
        return Content("  ").join(parts)

    def _tick(self) -> None:
        self._frame += 1
        self.refresh()
