"""An answer: badge, plan, text as it streams, sources, remarks."""

from __future__ import annotations

from functools import singledispatchmethod
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from assistant.core.documents import Passage, Scope
from assistant.core.events import (
    Abstained,
    Done,
    Event,
    Failed,
    Labelled,
    Measured,
    Notice,
    Picture,
    Planned,
    Progress,
    Routed,
    SentTo,
    Sources,
    StepDone,
    StepStarted,
    TextDelta,
    Timings,
    Usage,
)
from assistant.core.text import one_line, sanitize
from assistant.tui.moments import took, written
from assistant.tui.session import Answer, Exchange
from assistant.tui.widgets import remarks
from assistant.tui.widgets.badge import Badge
from assistant.tui.widgets.choice import SkillChoice
from assistant.tui.widgets.course import Course
from assistant.tui.widgets.picture import FULL, PictureAgain, PictureView
from assistant.tui.widgets.remark import Remark
from assistant.tui.widgets.sources import SourceList
from assistant.tui.widgets.turn import Surroundings, TurnWidget


class AnswerView(TurnWidget):
    """Shows the events of one answer in the order they come; the text stays above the rest."""

    DEFAULT_CSS = """
    AnswerView {
        padding: 0 1 0 2;
        & > .course { width: 1fr; height: auto; margin: 0 0 1 0; }
        & > StreamedMarkdown { padding: 0; margin: 0; }
        & > .labels { width: 1fr; height: auto; margin: 0 0 1 0; }
        & > PictureAgain, & > PictureView { margin: 0 0 1 0; }
        & .moment { width: 1fr; height: auto; color: $foreground-disabled; display: none; }
        &.-times .moment { display: block; }
        &.-earlier > *, &.-earlier > .course > * { display: none; }
        &.-earlier > .course { display: block; }
        &.-earlier > .course > Badge { display: block; opacity: 60%; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "enter", show=False)]

    def __init__(self, exchange: Exchange, answer: Answer, around: Surroundings) -> None:
        super().__init__(exchange, around)
        self.answer = answer
        self._badge = Badge()
        self._moment = Static(classes="moment", markup=False)
        self._head = Vertical(self._badge, self._moment, classes="course")
        self._course = Course(self, self._head, self._strings)
        self._ready = False
        self.routed: Routed | None = None
        self.is_of_picture = False
        self.usage: Usage | None = None
        self.timings: Timings | None = None
        self.passages: tuple[Passage, ...] = ()

    @property
    def copyable(self) -> str:
        return self.answer.text

    def compose(self) -> ComposeResult:
        yield self._head

    async def on_mount(self) -> None:
        """Show what there is of the answer: all of it, or the part written so far."""
        running = self.answer.state == "running"
        self._badge.running = running
        self._say_details()
        self._badge.activity = self._strings.thinking if running else ""
        shown = 0
        while shown < len(self.answer.events):
            await self._present(self.answer.events[shown])
            shown += 1
        if not running:
            await self.settle()
        elif not self._course.has_said(self.answer.text):
            await self._course.write(self.answer.text)
        self._ready = True

    async def show(self, event: Event) -> None:
        """Show what just happened; before the mount it is left to `on_mount`."""
        if self._ready and self.is_attached:
            await self._present(event)

    async def choose(self, routed: Routed) -> str | None:
        """Ask which skill it is for; the safer one where nobody can see the question."""
        if not self.is_attached:
            return routed.skill
        choice = SkillChoice(routed, self._strings)
        before = self.screen.focused
        await self._add(choice)
        choice.focus()
        try:
            return await choice.made
        finally:
            if self.is_attached:
                choice.remove()
                self.screen.set_focus(before)

    @singledispatchmethod
    async def _present(self, event: Event) -> None:
        """What has no place on the screen is passed over."""

    @_present.register
    async def _(self, event: Routed) -> None:
        self.routed = event
        name = self._strings.skill(event.skill)
        self._badge.choose(event.skill, one_line(name, 24), event.score)

    @_present.register
    async def _(self, event: Planned) -> None:
        await self._course.plan(event)

    @_present.register
    async def _(self, event: StepStarted) -> None:
        self._course.begin_step(event.index)

    @_present.register
    async def _(self, event: StepDone) -> None:
        await self._course.end_step(event)

    @_present.register
    async def _(self, event: Progress) -> None:
        label = one_line(self._strings.tell(event.label), 60)
        share = f" {event.done / event.total:.0%}" if event.total else ""
        self._badge.activity = f"{label}{share}"

    @_present.register
    async def _(self, event: TextDelta) -> None:
        self._badge.activity = ""
        await self._course.write(sanitize(event.text))

    @_present.register
    async def _(self, event: Sources) -> None:
        await self._list(self._strings.sources, event.passages, event.scope)

    @_present.register
    async def _(self, event: Abstained) -> None:
        await self._list(self._strings.nearest, event.nearest, event.scope)

    @_present.register
    async def _(self, event: Labelled) -> None:
        await self._add(Static(remarks.labels(event), classes="labels", markup=False))

    @_present.register
    async def _(self, event: Picture) -> None:
        self.is_of_picture = True
        # One that was attached is seen in the question already.
        if not self._pictures.is_on or event.path in self.exchange.user.images:
            await self._remark(remarks.picture(event))
        elif self._gallery.was_shown(event.path, self.exchange):
            await self._add(PictureAgain(event.path, self._gallery, self._strings))
        else:
            await self._add(PictureView(event.path, event.caption, FULL, self._pictures))

    @_present.register
    async def _(self, event: Notice) -> None:
        await self._remark(remarks.notice(event, self._strings))

    @_present.register
    async def _(self, event: SentTo) -> None:
        await self._remark(remarks.sent(event, self._strings))

    @_present.register
    async def _(self, event: Measured) -> None:
        self.usage = event.usage

    @_present.register
    async def _(self, event: Done) -> None:
        self.usage = event.timings.usage or self.usage
        self.timings = event.timings

    @_present.register
    async def _(self, event: Failed) -> None:
        await self._remark(remarks.failure(event, self._strings), is_failure=True)

    async def settle(self) -> None:
        """The last of it: stop the spinner, show the whole text, say how it ended."""
        if not self.is_attached:
            return
        strings = self._strings
        await self._course.finish(self.answer.text)
        self._badge.running = False
        self._badge.activity = ""
        self._say_details()
        if self.answer.state == "stopped":
            self._badge.stopped = strings.stopped

    def fold(self) -> None:
        """A newer answer to the same question stands below."""
        self.add_class("-earlier")
        self._say_details()

    @property
    def seconds(self) -> float | None:
        """How long the answer took."""
        return None if self.timings is None else self.timings.total_ms / 1000

    @property
    def pictures(self) -> tuple[str, ...]:
        """Paths of the pictures shown in it."""
        return tuple(e.path for e in self.answer.events if isinstance(e, Picture))

    def _say_details(self) -> None:
        parts = [written(self.answer.created, self._zone), *took(self.timings, self._strings)]
        self._moment.update(" · ".join(filter(None, parts)))
        if self.has_class("-earlier"):
            self._badge.details = self._strings.earlier_answer
        else:
            self._badge.details = "" if self.seconds is None else f"{self.seconds:.1f} s"

    def on_click(self, event: events.Click) -> None:
        """Unfold an earlier answer; say why it was this skill when its badge is clicked."""
        if self.has_class("-earlier"):
            self._unfold()
        elif event.widget is self._badge:
            self.action_why()

    def _unfold(self) -> None:
        self.remove_class("-earlier")
        self._say_details()

    @property
    def _is_unfolded(self) -> bool:
        """Whether it is an earlier answer that was unfolded."""
        return self.answer is not self.exchange.answers[-1]

    def action_enter(self) -> None:
        """Fold or unfold an earlier answer; walk into the steps and sources of the last one."""
        if self.has_class("-earlier"):
            self._unfold()
        elif self._is_unfolded:
            self.fold()
        elif rows := self.query("SourceRow, StepHeading"):
            rows.first().focus()

    async def _list(self, heading: str, passages: tuple[Passage, ...], scope: Scope | None) -> None:
        self.passages = passages or self.passages
        if passages or scope is not None:
            await self._add(SourceList(heading, passages, scope, self._strings))

    async def _remark(self, content: Content, *, is_failure: bool = False) -> None:
        await self._add(Remark(content, is_failure=is_failure))

    async def _add(self, widget: Widget) -> None:
        await self.mount(widget)
