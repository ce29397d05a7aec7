"""Says events as plain lines: no colours, no cursor movement, nothing that is drawn over."""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatchmethod

from assistant.core.documents import Passage
from assistant.core.events import (
    Abstained,
    Event,
    Failed,
    Labelled,
    Notice,
    Picture,
    Planned,
    PlannedStep,
    Progress,
    Routed,
    SentTo,
    Sources,
    StepStarted,
    TextDelta,
)
from assistant.core.text import one_line, sanitize
from assistant.plain.strings import PlainStrings
from assistant.tui.strings import Strings

Write = Callable[[str], None]
"""Writes text at once, without adding a newline."""
MAX_LABELS = 5


class Voice:
    """One answer as it comes; what follows its text waits until the text has ended."""

    def __init__(self, write: Write, strings: Strings, plain: PlainStrings) -> None:
        self._write = write
        self._names = strings
        self._strings = plain
        self._fresh_line = True
        self._named = False
        self._label = ""
        self._steps: tuple[PlannedStep, ...] = ()
        self._after: list[str] = []

    def line(self, text: str) -> None:
        """Write a line of its own."""
        self._write(text + "\n" if self._fresh_line else f"\n{text}\n")
        self._fresh_line = True

    async def show(self, event: Event) -> None:
        """Say an event, or keep it for the end."""
        self.say(event)

    async def choose(self, routed: Routed) -> str | None:
        """The safer skill: in doubt `/skill` chooses another for the next message."""
        return routed.skill

    async def settle(self) -> None:
        """Say what waited for the end."""
        self.finish()

    def finish(self, *, stopped: bool = False) -> None:
        """End the answer: its sources and remarks."""
        if not self._fresh_line:
            self._write("\n")
            self._fresh_line = True
        if stopped:
            self.line(self._strings.stopped)
        for text in self._after:
            self.line(text)
        self._after.clear()

    @singledispatchmethod
    def say(self, event: Event) -> None:
        """What has no words is passed over."""

    @say.register
    def _(self, event: Routed) -> None:
        name = self._names.skill(event.skill)
        self.line(self._strings.assistant.format(f"{one_line(name, 40)} {event.score:.0%}"))
        self._named = True

    @say.register
    def _(self, event: Planned) -> None:
        """Each step is named when it begins."""
        self._steps = event.steps

    @say.register
    def _(self, event: StepStarted) -> None:
        """Its name parts what it says from what the step before it said."""
        if event.index < len(self._steps):
            step = self._steps[event.index]
            target = f" ({one_line(step.target, 12)})" if step.target else ""
            name = one_line(self._names.skill(step.skill), 40)
            self.line(f"{event.index + 1}. {name}{target}:")

    @say.register
    def _(self, event: TextDelta) -> None:
        if text := sanitize(event.text):
            self._write(text)
            self._fresh_line = text.endswith("\n")

    @say.register
    def _(self, event: Progress) -> None:
        """Each new kind of work once; how far it is would only fill the screen."""
        label = one_line(self._names.tell(event.label), 80)
        if label and label != self._label and self._fresh_line:
            self._label = label
            self.line(f"{label} …")

    @say.register
    def _(self, event: Sources) -> None:
        self._list(self._strings.sources, event.passages)

    @say.register
    def _(self, event: Abstained) -> None:
        self._list(self._strings.nearest, event.nearest)

    @say.register
    def _(self, event: Labelled) -> None:
        labels = (
            f"{one_line(x.shown or x.label, 60)} {x.score:.0%}" for x in event.labels[:MAX_LABELS]
        )
        self._after.append(self._strings.labels.format(", ".join(labels)))

    @say.register
    def _(self, event: Picture) -> None:
        self._after.append(self._strings.picture.format(one_line(f"{event.path} {event.caption}")))

    @say.register
    def _(self, event: Notice) -> None:
        told = one_line(self._names.tell(event.text, event.hint), 1_000)
        self._after.append(self._strings.note.format(told))

    @say.register
    def _(self, event: SentTo) -> None:
        """At once, not after the answer."""
        told = self._strings.sent_to.format(one_line(event.host, 80))
        more = "" if event.encrypted else f" {self._strings.sent_open}"
        self.line(self._strings.note.format(f"{told}{more}"))

    @say.register
    def _(self, event: Failed) -> None:
        told = one_line(self._names.tell(event.message, event.hint), 1_000)
        self._after.append(self._strings.error.format(told))

    def _list(self, heading: str, passages: tuple[Passage, ...]) -> None:
        if passages:
            self._after.append(heading)
        for number, passage in enumerate(passages, start=1):
            place = f"{passage.path} {self._names.where(passage.place)}".strip()
            self._after.append(f"{number}. {one_line(place)}: {one_line(passage.quote, 400)}")
