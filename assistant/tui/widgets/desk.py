"""Where a message is made: the commands offered, the attachments, the prompt."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import TextArea

from assistant.core import messages
from assistant.core.messages import Attachment, TextAttachment
from assistant.tui.attachments import attach, is_image, merged, typed_files
from assistant.tui.commands import Command, Invocation, Unknown, completions, parse
from assistant.tui.mentions import FileFinder
from assistant.tui.strings import Strings
from assistant.tui.widgets.chips import Chip, Chips
from assistant.tui.widgets.completion import Choice, Completion
from assistant.tui.widgets.prompt import Prompt

MAX_ATTACHMENTS = 50


class Desk(Vertical):
    """Turns keys and pastes into messages to ask and commands to run.

    Args:
        files: what an `@` offers.
    """

    DEFAULT_CSS = """
    Desk { width: 100%; max-width: 100; height: auto; padding: 0 1; }
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

    class Changed(Message):
        """What is being written is another: its text or what is attached."""

    class Opened(Message):
        """An attached file is to be seen."""

        def __init__(self, path: Path) -> None:
            super().__init__()
            self.path = path

    def __init__(
        self,
        strings: Strings,
        table: Sequence[Command],
        send_keys: str | None,
        files: FileFinder,
    ) -> None:
        super().__init__()
        self._files = files
        self._aside: tuple[str, tuple[Attachment, ...]] | None = None
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
        self.show(text, attachments)
        self.prompt.focus()

    def show(self, text: str, attachments: tuple[Attachment, ...]) -> None:
        """Put a message into the prompt, wherever the focus is."""
        self._aside = None
        self.prompt.border_title = None
        self.prompt.show_text(text)
        self._attached(attachments)

    def edit(self, text: str, attachments: tuple[Attachment, ...]) -> None:
        """Put an earlier message into the prompt; what was being written waits aside."""
        aside = self.unsent
        self.fill(text, attachments)
        self._aside = aside
        self.say_keys()

    def say_keys(self) -> None:
        """Say how an edit under way is left."""
        if self._aside is not None:
            self.prompt.border_title = Content(self._strings.keyed(self._strings.editing))

    def end_edit(self) -> None:
        """Show what was being written before again."""
        self.show(*self.unsent)

    @property
    def unsent(self) -> tuple[str, tuple[Attachment, ...]]:
        """What is being written and attached; the earlier message that is edited is not."""
        if self._aside is not None:
            return self._aside
        return self.prompt.text, self.chips.attachments

    def clear(self) -> None:
        """The message was taken, with its attachments."""
        self.prompt.history_of_prompts.add(self.prompt.text)
        self.show(*(self._aside or ("", ())))

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
            self._warn(self._strings.attached_limit.format(MAX_ATTACHMENTS, len(wanted)))
        self._attached(wanted[:MAX_ATTACHMENTS])
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
    def _written(self, event: TextArea.Changed) -> None:
        event.stop()
        self.post_message(self.Changed())

    @on(TextArea.Changed)
    @on(TextArea.SelectionChanged)
    def _offer(self, event: TextArea.Changed | TextArea.SelectionChanged) -> None:
        """Commands after a slash, files after an `@`."""
        event.stop()
        commands = completions(self.prompt.text, self._table)
        mention = self.prompt.mention
        if not commands and mention is not None:
            offer: Callable[[], Awaitable[None]] = partial(self._offer_files, mention.query)
            self.run_worker(offer, group="files", exclusive=True)
        else:
            self.workers.cancel_group(self, "files")
            self.completion.offer([_choice_of(command) for command in commands])

    async def _offer_files(self, query: str) -> None:
        paths = await self._files.find(query)
        mention = self.prompt.mention
        if mention is not None and mention.query == query:
            self.completion.offer([_choice_of_path(path) for path in paths])

    @on(Completion.Clicked)
    def _take_choice(self, event: Completion.Clicked) -> None:
        event.stop()
        self.prompt.take(event.choice)
        self.prompt.focus()

    @on(Prompt.FilePicked)
    async def _attach_file(self, event: Prompt.FilePicked) -> None:
        event.stop()
        path = self._files.path_of(event.path).absolute()
        self.attach([await asyncio.to_thread(attach, path)])

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
        self._attached(self.chips.attachments[:-1])

    @on(Chip.Dropped)
    def _drop(self, event: Chip.Dropped) -> None:
        event.stop()
        self._take_off(event.attachment)

    @on(Chip.Opened)
    def _open(self, event: Chip.Opened) -> None:
        event.stop()
        attachment = event.attachment
        if isinstance(attachment, TextAttachment):
            self._take_off(attachment)
            self.prompt.put(attachment.text)
            self.prompt.focus()
        else:
            self.post_message(self.Opened(Path(attachment.path)))

    @on(Chip.Left)
    def _leave_chips(self, event: Chip.Left) -> None:
        event.stop()
        self.prompt.focus()

    def _take_off(self, attachment: Attachment) -> None:
        self._attached(tuple(a for a in self.chips.attachments if a != attachment))

    def _attached(self, attachments: tuple[Attachment, ...]) -> None:
        self.chips.attachments = attachments
        self.post_message(self.Changed())

    def _warn(self, text: str) -> None:
        self.notify(text, severity="warning", markup=False)


def _choice_of(command: Command) -> Choice:
    return Choice(f"/{command.name}", command.summary, command, example=command.example)


def _choice_of_path(path: str) -> Choice:
    folder, _, name = path.rstrip("/").rpartition("/")
    if path.endswith("/"):
        return Choice(f"▸ {name or path}/", folder, path=path)
    sign = "▣" if is_image(Path(name), look_inside=False) else "≡"
    return Choice(f"{sign} {name}", folder, path=path)
