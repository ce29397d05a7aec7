"""What is written in an answer, in its order: the plan, the steps done so far, the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widget import Widget

from assistant.core.events import Planned, StepDone
from assistant.core.text import sanitize
from assistant.tui.strings import Strings
from assistant.tui.widgets.plan import PlanLine, StepOutput

if TYPE_CHECKING:
    from assistant.tui.widgets.markdown import StreamedMarkdown


class Course:
    """Mounts it into the view of an answer; a step that is done folds, and the text of the next
    one takes its place.

    Args:
        view: the answer's.
        head: the part of it that the plan and the folded steps join; the text stands under it.
    """

    def __init__(self, view: Widget, head: Widget, strings: Strings) -> None:
        self._view = view
        self._head = head
        self._strings = strings
        self._plan: PlanLine | None = None
        self._steps: list[StepOutput] = []
        self._text: StreamedMarkdown | None = None

    async def plan(self, event: Planned) -> None:
        """Show what will be done."""
        self._plan = PlanLine(event.steps, self._strings)
        await self._head.mount(self._plan)

    def begin_step(self, index: int) -> None:
        """Mark the step under way."""
        if self._plan is not None:
            self._plan.mark(index, "running")

    async def end_step(self, event: StepDone) -> None:
        """Mark it done; all but the last one fold."""
        if self._plan is None:
            return
        self._plan.mark(event.index, "done")
        if event.index < self._plan.last:
            await self._fold(StepOutput(self._plan.label(event.index), sanitize(event.text)))

    async def write(self, text: str) -> None:
        """Add to the text."""
        (await self._markdown()).write(text)

    def has_said(self, text: str) -> bool:
        """Whether there is nothing of it left to write: it is empty, or what a folded step said."""
        return not text or self._is_folded(text)

    async def finish(self, text: str) -> None:
        """Show the whole text; where the last step folded, and nothing came after it, open that."""
        if self._is_folded(text):
            self._steps[-1].is_open = True
        elif text:
            await (await self._markdown()).finish(text)
        if self._plan is not None:
            self._plan.break_off()

    def _is_folded(self, text: str) -> bool:
        return bool(self._steps) and text == self._steps[-1].text

    async def _fold(self, step: StepOutput) -> None:
        """Put a finished step in the place of its streamed text."""
        if self._text is not None:
            await self._text.remove()
            self._text = None
        await self._head.mount(step)
        self._steps.append(step)

    async def _markdown(self) -> StreamedMarkdown:
        if self._text is None:
            # Costs 35 ms (markdown-it, pygments): not before the first answer.
            from assistant.tui.widgets.markdown import StreamedMarkdown

            self._text = StreamedMarkdown(copy_hint=self._strings.keyed(self._strings.copy_hint))
            await self._view.mount(self._text, after=self._head)
        return self._text
