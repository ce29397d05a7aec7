"""Where a message is made: the commands offered, the attachments, the prompt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import TextArea

from assistant.core import messages
from assistant.core.messages import Attachment
from assistant.tui.attachments import attach, merged, typed_files
from assistant.tui.commands import Command, Invocation, Unknown, completions, parse
from assistant.tui.strings import Strings
from assistant.tui.widgets.chips import Chip, Chips
from assistant.tui.widgets.completion import Completion
from assistant.tui.widgets.prompt import Prompt

MAX_ATTACHMENTS = 50


class Desk(Vertical):
    """Turns keys and pastes into messages to ask and commands to run."""

    DEFAULT_CSS = """
    Desk { width: 100%; max-width: 104; height: auto; padding: 0 1; }
    """

    class Asked(Message):
        """A message is to be answered, by a skill when one was named."""

        def __init__(self, message: messages.Message, skill: str | None) -> None:
            super().__init__()
            self.message = message
            self.skill = skill

    class Commanded(Message):
        """One of the program's own commands, with the text after it."""

        def __init__(self, name: str, text: str) -> None:
            super().__init__()
            self.name = name
            self.text = text

    def __init__(self, strings: Strings, table: Sequence[Command], send_keys: str | None) -> None:
        super().__init__()
        self._strings = strings
        self._table = tuple(table)
        self.completion = Completion()
        self.chips = Chips()
        self.prompt = Prompt(strings, self.completion, send_keys)

    def compose(self) -> ComposeResult:
        yield self.completion
        yield self.chips
        yield self.prompt

    def fill(self, text: str, attachments: tuple[Attachment, ...] = ()) -> None:
        """Put a message into the prompt, to be edited and sent."""
        self.prompt.show_text(text)
        self.chips.attachments = attachments
        self.prompt.focus()

    def clear(self) -> None:
        """The message was taken, with its attachments."""
        self.clear_text()
        self.chips.attachments = ()

    def clear_text(self) -> None:
        """The text was taken; it is in the history."""
        self.prompt.history_of_prompts.add(self.prompt.text)
        self.prompt.show_text("")

    @property
    def is_empty(self) -> bool:
        """Whether nothing is being written."""
        return not self.prompt.text and not self.chips.attachments

    def attach(self, new: Iterable[Attachment]) -> None:
        """Add attachments, each once, as many as fit."""
        wanted = merged(self.chips.attachments, new)
        if len(wanted) > MAX_ATTACHMENTS:
            self._warn(self._strings.attached_limit.format(MAX_ATTACHMENTS))
        self.chips.attachments = wanted[:MAX_ATTACHMENTS]
        self.prompt.focus()

    @on(Prompt.Submitted)
    def _submit(self, event: Prompt.Submitted) -> None:
        event.stop()
        meant = parse(event.text.strip(), self._table)
        if isinstance(meant, Unknown):
            valid = " ".join(f"/{command.name}" for command in self._table)
            self._warn(self._strings.no_command.format(meant.word, valid))
        elif isinstance(meant, Invocation) and not meant.command.is_skill:
            self.post_message(self.Commanded(meant.command.name, meant.text))
        elif isinstance(meant, Invocation):
            self._ask(meant.text, meant.command.name)
        else:
            self._ask(event.text.strip(), None)

    def _ask(self, text: str, skill: str | None) -> None:
        text, paths = typed_files(text)
        attachments = merged(self.chips.attachments, map(attach, paths))[:MAX_ATTACHMENTS]
        if not text and not attachments:
            if skill is not None:
                self._warn(self._strings.nothing_to_send)
            return
        self.post_message(self.Asked(messages.Message("user", text, attachments), skill))

    @on(TextArea.Changed)
    def _offer_commands(self, event: TextArea.Changed) -> None:
        event.stop()
        self.completion.offer(completions(self.prompt.text, self._table))

    @on(Completion.Clicked)
    def _take_command(self, event: Completion.Clicked) -> None:
        event.stop()
        self.prompt.show_text(f"/{event.command.name} ")
        self.prompt.focus()

    @on(Prompt.FilesPasted)
    def _attach_files(self, event: Prompt.FilesPasted) -> None:
        event.stop()
        self.attach(map(attach, event.paths))

    @on(Prompt.LongPaste)
    def _attach_text(self, event: Prompt.LongPaste) -> None:
        event.stop()
        self.attach([event.attachment])

    @on(Prompt.EdgeBackspace)
    def _drop_last(self, event: Prompt.EdgeBackspace) -> None:
        event.stop()
        self.chips.attachments = self.chips.attachments[:-1]

    @on(Chip.Dropped)
    def _drop(self, event: Chip.Dropped) -> None:
        event.stop()
        dropped = event.attachment
        self.chips.attachments = tuple(a for a in self.chips.attachments if a != dropped)

    def _warn(self, text: str) -> None:
        self.notify(text, severity="warning", markup=False)
