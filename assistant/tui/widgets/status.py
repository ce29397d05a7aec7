"""The last line: engine, skill, model, device, numbers, documents, work; or key hints."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from assistant.core.events import Progress, Usage
from assistant.core.routing import LEARNING
from assistant.core.text import one_line
from assistant.engine.wire import Status
from assistant.tui.indexing import Situation
from assistant.tui.strings import Strings
from assistant.tui.widgets import gauge
from assistant.tui.widgets.keybar import clickable

SEPARATOR = " · "
GAP = 3
"""Columns kept free between the halves."""


class StatusLine(Static):
    """Left: how the engine is and what it runs. Right: what the last answer took."""

    DEFAULT_CSS = """
    StatusLine { height: 1; width: 1fr; padding: 0 3 0 2; color: $foreground-muted;
                 text-wrap: nowrap; text-overflow: ellipsis;
                 link-color: $foreground-muted; link-style: none; link-background: transparent;
                 link-color-hover: $primary; link-style-hover: none;
                 link-background-hover: $boost; }
    """

    engine: reactive[Status] = reactive(Status("starting"))
    skill: reactive[str] = reactive("")
    usage: reactive[Usage | None] = reactive(None)
    writing: reactive[bool] = reactive(False)
    hint: reactive[str] = reactive("")
    situation: reactive[Situation] = reactive(Situation())
    pull: reactive[tuple[str, Progress | None] | None] = reactive(None)

    def __init__(self, strings: Strings) -> None:
        super().__init__(markup=False)
        self._strings = strings

    def render(self) -> Content:
        """The line, the right half flush right; dropped piece by piece where it is narrow."""
        width = self.content_size.width
        if self.hint:
            return clickable(self.hint, self._strings.bound)
        runs, right, work = self._what_runs(), self._numbers(), self._work()
        left, tail = self._left(runs), Content(SEPARATOR.join([*right, *work]))
        while left.cell_length + tail.cell_length + GAP > width and (right or (work and runs)):
            # Numbers go first, then what runs; work under way is the last to go.
            right.pop(0) if right else runs.pop()
            left, tail = self._left(runs), Content(SEPARATOR.join([*right, *work]))
        return left + Content(" " * max(1, width - left.cell_length - tail.cell_length)) + tail

    def _left(self, runs: list[str]) -> Content:
        return self._phase() + Content(SEPARATOR.join(["", *runs]))

    def _phase(self) -> Content:
        strings, status = self._strings, self.engine
        if self.writing:
            return Content.assemble(("● ", "$primary"), (strings.writing, "$foreground"))
        if status.phase == "ready":
            return Content.assemble(("● ", "$success"), strings.ready)
        if status.phase == "stopped":
            return Content.assemble(("● ", "$error"), (strings.engine_off, "$error"))
        text = strings.starting
        if status.phase == "loading" and status.detail == LEARNING:
            text = strings.learning
        elif status.phase == "loading":
            text = strings.filled(strings.loading, one_line(strings.tell(status.detail), 40))
        return Content.assemble(("◌ ", "$warning"), text)

    def _what_runs(self) -> list[str]:
        strings, status = self._strings, self.engine
        skill = self.skill or strings.auto
        texts = strings.screens.models
        # Where text goes to is the last to be left out.
        away = [texts.sent_to.format(one_line(host, 40)) for host in status.sent_to]
        here = [texts.served_here.format(one_line(host, 40)) for host in status.served_here]
        device = one_line(status.device, 20)
        return [p for p in (*away, skill, one_line(status.model, 40), device, *here) if p]

    def _numbers(self) -> list[str]:
        strings, usage = self._strings, self.usage
        numbers = []
        if usage is not None:
            used = usage.prompt_tokens + usage.new_tokens
            if usage.context_length:
                numbers.append(strings.context.format(round(100 * used / usage.context_length)))
            if usage.tokens_per_second:
                numbers.append(strings.speed.format(round(usage.tokens_per_second)))
        return numbers + self._documents()

    def _documents(self) -> list[str]:
        """The collection in scope (unless it is the default one) and its size."""
        situation, strings = self.situation, self._strings
        count = self.engine.documents if situation.files is None else situation.files
        said = [one_line(situation.collection, 24)] if situation.collection else []
        if count:
            said.append(strings.documents(count))
        if situation.watching:
            said.append("↻")
        return [" ".join(said)] if said else []

    def _work(self) -> list[str]:
        """What is fetched and read beside the conversation."""
        work = []
        if self.pull is not None:
            name, event = self.pull
            done = f" {gauge.share(event):.0%}" if event is not None and event.total else ""
            work.append(f"↓ {one_line(name, 24)}{done}")
        if self.situation.progress is not None:
            work.append(f"◔ {gauge.summary(self.situation.progress, self._strings)}")
        elif self.situation.working:
            work.append("◔ …")
        return work
