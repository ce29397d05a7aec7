"""Where one writes: a text area that grows, sends on Enter and knows files when it sees them."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets.text_area import Selection

from assistant.core.messages import TextAttachment
from assistant.core.text import sanitize
from assistant.tui.attachments import folds, pasted_files
from assistant.tui.history import PromptHistory
from assistant.tui.keys import bindings
from assistant.tui.mentions import Mention, mention_before
from assistant.tui.strings import Strings
from assistant.tui.widgets.completion import Choice, Completion
from assistant.tui.widgets.wide_text import WideTextArea

JOINERS = "\u200c\u200d"
"""Typed in Persian and Hindi, and inside emoji; TextArea takes what draws nothing for no text."""
MOST_ROWS = 12
"""Its border included."""


class Prompt(WideTextArea):
    """Multi-line; ↑↓ at the edges walk the history; a paste may become an attachment."""

    DEFAULT_CSS = """
    Prompt {
        height: auto; max-height: 12; width: 1fr; padding: 0 1;
        border: round $border-blurred; background: $background;
        border-subtitle-color: $foreground-disabled;
        scrollbar-size-vertical: 1;
        &:focus { border: round $border; }
        & .text-area--cursor-line { background: transparent; }
        &:light .text-area--cursor { background: $input-cursor-background; color: $background; }
        & .text-area--placeholder { color: $foreground-disabled; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("prompt")]

    class Submitted(Message):
        """Enter was pressed; the prompt still holds the text."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class FilesPasted(Message):
        """The paste was nothing but existing files."""

        def __init__(self, paths: tuple[Path, ...]) -> None:
            super().__init__()
            self.paths = paths

    class FilePicked(Message):
        """A file was chosen for what followed an `@`, which is gone from the text."""

        def __init__(self, path: str) -> None:
            super().__init__()
            self.path = path

    class LongPaste(Message):
        """The paste is too long to be written out."""

        def __init__(self, attachment: TextAttachment) -> None:
            super().__init__()
            self.attachment = attachment

    class PageWanted(Message):
        """A page up (-1) or down (1) of the transcript."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    class LeftUpwards(Message):
        """Up from an empty prompt that has no history left."""

    class EdgeBackspace(Message):
        """Backspace in an empty prompt: the last attachment goes."""

    def __init__(
        self, strings: Strings, completion: Completion, send_keys: str | None = None
    ) -> None:
        super().__init__(
            placeholder=strings.placeholder, highlight_cursor_line=False, show_line_numbers=False
        )
        self._strings = strings
        self._completion = completion
        self.history_of_prompts = PromptHistory()
        self.send_with(send_keys)
        self.say_keys(strings.prompt_hint)

    def say_keys(self, hint: str) -> None:
        """Show, on the lower edge, what keys do now."""
        self.border_subtitle = Content(self._strings.keyed(hint))

    def send_with(self, keys: str | None) -> None:
        """Which keys send; Enter breaks the line when it is none of them. None: the usual one."""
        self._enter_sends = keys is None or "enter" in keys.split(",")

    def on_mount(self) -> None:
        """The cursor stands still where motion is unwanted."""
        self.cursor_blink = self.app.animation_level != "none"

    def show_text(self, text: str) -> None:
        """Put text into the prompt, the cursor after it."""
        self.text = text
        self.move_cursor(self.document.end)

    def put(self, text: str) -> None:
        """Put text at the cursor, instead of what is selected."""
        if (result := self._replace_via_keyboard(text, *self.selection)) is not None:
            self.move_cursor(result.end_location)

    @property
    def mention(self) -> Mention | None:
        """The `@` that ends at the cursor."""
        row, column = self.cursor_location
        return mention_before(self.document[row][:column]) if self.selection.is_empty else None

    def take(self, choice: Choice) -> None:
        """Write out what was chosen: a command; of a file nothing, for it becomes a chip."""
        if choice.command is not None:
            self.show_text(f"{choice.name}{' ' if choice.command.takes_text else ''}")
            return
        mention = self.mention
        if mention is None:
            return
        row, column = self.cursor_location
        is_folder = choice.path.endswith("/")
        text = f"@{choice.path}" if is_folder else ""
        self.selection = Selection((row, mention.column), (row, column))
        self.put(text)
        if not is_folder:
            self._completion.offer(())
            self.post_message(self.FilePicked(choice.path))

    @property
    def _chosen(self) -> Choice | None:
        """What is chosen in the list, if it still completes the text: keys may come faster than
        the list follows them."""
        chosen = self._completion.chosen
        if chosen is None or chosen.command is None:
            return chosen if self.mention is not None else None
        return chosen if chosen.name.startswith(self.text.lower()) else None

    def action_send(self) -> None:
        """Take the completion when it adds something, else send."""
        chosen = self._chosen
        if chosen is not None and self.text.rstrip() != chosen.name:
            self.take(chosen)
            if chosen.command is None or chosen.command.takes_text:
                return
        self._completion.offer(())
        self.post_message(self.Submitted(self.text))

    def action_newline(self) -> None:
        """Break the line at the cursor."""
        self.put("\n")

    def action_cursor_up(self, select: bool = False) -> None:
        """Up a row; at the first one, up the list of commands or back in the history."""
        if self._completion.choices:
            self._completion.move(-1)
        elif not select and self.navigator.is_first_wrapped_line(self.cursor_location):
            older = self.history_of_prompts.older(self.text)
            self._recall(older, to_start=True)
            if older is None and not self.text:
                self.post_message(self.LeftUpwards())
        else:
            super().action_cursor_up(select)

    def action_cursor_down(self, select: bool = False) -> None:
        """Down a row; at the last one, down the list of commands or forth in the history."""
        if self._completion.choices:
            self._completion.move(1)
        elif not select and self.navigator.is_last_wrapped_line(self.cursor_location):
            self._recall(self.history_of_prompts.newer(), to_start=False)
        else:
            super().action_cursor_down(select)

    def action_cursor_page_up(self) -> None:
        """Scroll the transcript; what is written here is ten rows at most."""
        self.post_message(self.PageWanted(-1))

    def action_cursor_page_down(self) -> None:
        """Scroll the transcript."""
        self.post_message(self.PageWanted(1))

    def action_delete_left(self) -> None:
        """Backspace; in an empty prompt it takes off an attachment."""
        if self.text:
            super().action_delete_left()
        else:
            self.post_message(self.EdgeBackspace())

    async def _on_key(self, event: events.Key) -> None:
        # TextArea's own handler, which runs after this one, would break the line on Enter and
        # move the focus on Tab.
        if event.key == "enter" and self._enter_sends:
            event.stop()
            event.prevent_default()
            self.action_send()
        elif event.key == "tab" and self._completion.choices:
            event.stop()
            event.prevent_default()
            if self._chosen is not None:
                self.take(self._chosen)
        elif event.character is not None and event.character in JOINERS:
            event.stop()
            event.prevent_default()
            self.put(event.character)

    def leave_room(self, rows: int) -> None:
        """Take at most half of a low screen, so that something is left of the conversation."""
        self.styles.max_height = max(3, min(MOST_ROWS, rows // 2))

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        text = event.text.replace("\r\n", "\n").replace("\r", "\n")
        if paths := pasted_files(text):
            self.post_message(self.FilesPasted(paths))
        elif folds(text):
            lines = text.count("\n") + 1
            strings = self._strings
            name = strings.pasted_line if lines == 1 else strings.pasted.format(f"{lines:,}")
            self.post_message(self.LongPaste(TextAttachment(name, sanitize(text))))
        else:
            self.put(sanitize(text))

    def _recall(self, entry: str | None, *, to_start: bool) -> None:
        if entry is None:
            return
        self.text = entry
        self.move_cursor((0, 0) if to_start else self.document.end)
