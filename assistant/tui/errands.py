"""Short jobs beside the conversation: copy, open a file, attach, index, edit, explain."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from textual.app import SuspendNotSupported
from textual.content import Content
from textual.screen import Screen

from assistant.core.documents import Passage
from assistant.core.errors import AssistantError
from assistant.core.events import Failed, Notice, Progress, Taught
from assistant.core.messages import Message
from assistant.core.text import one_line
from assistant.engine.wire import ExplainRoute, IndexAdd, Teach, Unteach
from assistant.tui import folders, opening
from assistant.tui.attachments import attach
from assistant.tui.ports import JobStreamLike
from assistant.tui.services import Services
from assistant.tui.widgets import gauge, remarks
from assistant.tui.widgets.answer import AnswerView
from assistant.tui.widgets.desk import Desk
from assistant.tui.widgets.prompt import Prompt
from assistant.tui.widgets.transcript import Transcript


class Errands:
    """Runs them for one screen. Dialogs are imported when first asked for."""

    def __init__(self, services: Services, screen: Screen[None]) -> None:
        self._services = services
        self._strings = services.strings
        self._screen = screen

    def copy_of(self, text: str) -> None:
        """Copy what is selected on the screen, if anything is, else `text`."""
        self.copy(self._screen.get_selected_text() or text)

    def copy(self, text: str) -> None:
        """To the clipboard by OSC 52, which reaches it through SSH as well."""
        if not text:
            self._say(self._strings.nothing_to_copy)
            return
        self._screen.app.copy_to_clipboard(text)
        self._say(self._strings.copied)

    def open_passage(self, passage: Passage) -> None:
        """Open its file at its place."""
        self._services.opener(self._screen).open_passage(passage)

    def view(self, path: Path) -> None:
        """Open a file with the system's viewer, text in the editor."""
        self._services.opener(self._screen).open_file(path)

    def edit_prompt(self, prompt: Prompt) -> None:
        """Let the person write the prompt in their editor."""
        command = opening.editor(os.environ)
        if command is None:
            self._warn(self._strings.editor_missing.format("EDITOR"))
            return
        self._in_editor(lambda: prompt.show_text(opening.edited(prompt.text, command)))
        prompt.focus()

    def attach(self, desk: Desk) -> None:
        """Ask for a path, and attach it."""
        from assistant.tui.screens.attach import AttachScreen

        def done(paths: tuple[Path, ...] | None) -> None:
            desk.attach(map(attach, paths or ()))

        self._screen.app.push_screen(AttachScreen(self._strings), done)

    def explain(self, view: AnswerView, history: tuple[Message, ...]) -> None:
        """Say why this skill answered."""
        from assistant.tui.screens.why import WhyScreen

        scope = self._services.indexing.scope

        def ask() -> JobStreamLike:
            return self._services.engine.submit(ExplainRoute(view.exchange.user, history, scope))

        self._screen.app.push_screen(WhyScreen(view.routed, view.seconds, ask, self._strings))

    def teach(self, message: Message, skill: str) -> None:
        """Keep that a message was for a skill, where something can be learned of it."""
        if message.text.strip():
            job = Teach(message.text, skill, bool(message.images))
            self._screen.run_worker(self._corrected(job), group="routing")

    def unteach(self, message: Message) -> None:
        """Forget the correction of a message."""
        self._screen.run_worker(self._corrected(Unteach(message.text)), group="routing")

    async def _corrected(self, job: Teach | Unteach) -> None:
        strings = self._strings
        try:
            async for event in self._services.engine.submit(job):
                if isinstance(event, Taught):
                    told = strings.forgotten if event.undone else strings.remembered
                    self._say(
                        strings.keyed(told, strings.skill(one_line(event.correction.skill, 24))), 6
                    )
                elif isinstance(event, Failed):
                    self._warn(one_line(self._strings.tell(event.message, event.hint), 300))
        except AssistantError as error:
            self._warn(one_line(self._strings.tell_error(error), 300))

    def choose_skill(self, then: Callable[[str], None]) -> None:
        """Let the person choose a skill."""
        from assistant.tui.screens.skill import SkillScreen

        def done(skill: str | None) -> None:
            if skill is not None:
                then(skill)

        self._screen.app.push_screen(SkillScreen(self._services.skills, self._strings), done)

    def index(self, text: str, transcript: Transcript) -> None:
        """Read a file or folder into the documents, saying how far it is."""
        path = folders.as_path(text.strip("'\""))
        if not text:
            self._warn(self._strings.index_needs_path)
        elif not folders.exists(path):
            self._warn(self._strings.attach_missing.format(one_line(str(path), 200)))
        else:
            self._screen.run_worker(self._indexed(path, transcript), group="index")

    async def _indexed(self, path: Path, transcript: Transcript) -> None:
        name = one_line(str(path), 100)
        reading = self._strings.indexing.format(name)
        note = await transcript.add_note(Content(reading))
        try:
            job = IndexAdd((str(path),), self._services.indexing.scope)
            async for event in self._services.indexing.follow(job):
                if isinstance(event, Progress):
                    note.update(Content(f"{reading}   {gauge.summary(event, self._strings)}"))
                elif isinstance(event, Notice):
                    await transcript.add_note(remarks.notice(event, self._strings))
                elif isinstance(event, Failed):
                    note.update(remarks.failure(event, self._strings))
                    return
        except AssistantError as error:
            told = Failed(error.message, error.hint)
            note.update(remarks.failure(told, self._strings))
            return
        done = self._strings.indexed.format(name)
        note.update(Content.assemble(("✓ ", "$success"), done))

    def _in_editor(self, run: Callable[[], None]) -> None:
        try:
            with self._screen.app.suspend():
                run()
        except (OSError, SuspendNotSupported) as error:
            self._warn(
                self._strings.editor_missing.format(one_line(self._strings.tell_error(error), 200))
            )

    def _say(self, text: str, seconds: float = 2) -> None:
        self._screen.notify(text, timeout=seconds, markup=False)

    def _warn(self, text: str) -> None:
        self._screen.notify(text, severity="warning", markup=False)
