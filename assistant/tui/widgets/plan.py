"""The plan of a chain: its steps on a line, and what each but the last said, folded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from assistant.core.events import PlannedStep
from assistant.core.text import one_line
from assistant.tui.strings import Strings

NUMBERS = "①②③④⑤⑥⑦⑧⑨"
PREVIEW_CHARACTERS = 160
_MARKS = re.compile(
    r"^[ \t]*(?:#{1,6}|>|[-*+])[ \t]+|\*\*|`+|(?<![\w*])\*(?=\S)|(?<=\S)\*(?![\w*])", re.MULTILINE
)
"""Of Markdown, around words and before lines."""
StepState = Literal["waiting", "running", "done", "broken"]
STYLES: dict[StepState, str] = {
    "waiting": "$foreground-disabled",
    "running": "bold $primary",
    "done": "$foreground-muted",
    "broken": "$error",
}


def numbered(index: int, label: str) -> str:
    """ "① Look"; `index` counts from 0."""
    number = NUMBERS[index] if index < len(NUMBERS) else f"{index + 1}."
    return f"{number} {label}"


class PlanLine(Static):
    """`① Look → ② Translate (Portuguese)`, the running step highlighted."""

    DEFAULT_CSS = """
    PlanLine { height: auto; width: 1fr; color: $foreground-muted; }
    """

    def __init__(self, steps: Sequence[PlannedStep], strings: Strings) -> None:
        super().__init__(markup=False)
        self._labels = [numbered(i, _label(step, strings)) for i, step in enumerate(steps)]
        self._states: list[StepState] = ["waiting" for _ in steps]

    @property
    def last(self) -> int:
        """Index of the last step."""
        return len(self._labels) - 1

    def label(self, index: int) -> str:
        """What a step is called."""
        return self._labels[index]

    def mark(self, index: int, state: StepState) -> None:
        """Show how a step stands."""
        self._states[index] = state
        self.refresh(layout=True)

    def break_off(self) -> None:
        """The step under way goes no further."""
        self._states = ["broken" if s == "running" else s for s in self._states]
        self.refresh(layout=True)

    def render(self) -> Content:
        """The line."""
        steps = zip(self._labels, self._states, strict=True)
        parts = [Content.styled(label, STYLES[state]) for label, state in steps]
        return Content.styled(" → ", "$foreground-disabled").join(parts)


class StepHeading(Static, can_focus=True):
    """One line that folds what a step said."""

    DEFAULT_CSS = """
    StepHeading {
        height: 1; width: 1fr; color: $foreground-muted;
        text-wrap: nowrap; text-overflow: ellipsis;
        &:hover { background: $boost; }
        &:focus { background: $block-cursor-background; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "unfold", "fold", show=False)]

    def on_click(self) -> None:
        """Fold or unfold."""
        self.action_unfold()

    def action_unfold(self) -> None:
        """Fold or unfold."""
        step = self.parent
        if isinstance(step, StepOutput):
            step.is_open = not step.is_open


class StepOutput(Vertical):
    """What a step said: its first words on a line, all of it when open."""

    DEFAULT_CSS = """
    StepOutput {
        height: auto;
        & > StreamedMarkdown { padding: 0 0 0 2; margin: 0; }
        & > StreamedMarkdown > *:last-child { margin-bottom: 0; }
    }
    """

    is_open: reactive[bool] = reactive(False)

    def __init__(self, label: str, text: str) -> None:
        super().__init__()
        self._label = label
        self.text = text
        self._heading = StepHeading(markup=False)

    def compose(self) -> ComposeResult:
        yield self._heading

    async def watch_is_open(self, is_open: bool) -> None:
        """The text is only laid out once it is wanted."""
        from assistant.tui.widgets.markdown import StreamedMarkdown

        self._heading.update(self._line())
        await self.query(StreamedMarkdown).remove()
        if is_open:
            await self.mount(StreamedMarkdown(self.text))

    def _line(self) -> Content:
        preview = "" if self.is_open else f"  {preview_of(self.text)}"
        return Content.assemble(
            ("▾ " if self.is_open else "▸ ", "$foreground-disabled"),
            (self._label, "$foreground"),
            preview,
        )


def preview_of(text: str) -> str:
    """The first words of a Markdown text on one line, without its marks."""
    return one_line(_MARKS.sub("", text[: 2 * PREVIEW_CHARACTERS]), PREVIEW_CHARACTERS)


def _label(step: PlannedStep, strings: Strings) -> str:
    name = one_line(strings.skill(step.skill), 24)
    if not step.target:
        return name
    # Loads the names of all languages, which only few conversations need.
    from assistant.language.names import language_name

    return strings.aside.format(name, one_line(language_name(step.target, strings.language), 40))
