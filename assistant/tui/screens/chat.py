"""The one screen that is always there: conversations, transcript, prompt, status."""

from __future__ import annotations

import os
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.screen import Screen

from assistant.core import messages
from assistant.core.errors import StoreError
from assistant.core.events import Failed, Progress
from assistant.core.text import one_line
from assistant.engine.wire import Status
from assistant.tui.asking import Asking
from assistant.tui.conductor import Conductor
from assistant.tui.drafts import Drafts
from assistant.tui.errands import Errands
from assistant.tui.hints import hint
from assistant.tui.indexing import Situation
from assistant.tui.keys import bindings
from assistant.tui.mentions import FileFinder
from assistant.tui.message_actions import MessageActions
from assistant.tui.pictures import Pictures
from assistant.tui.services import Services
from assistant.tui.shelving import Shelving
from assistant.tui.transfers import Transfers
from assistant.tui.widgets.answer import AnswerView
from assistant.tui.widgets.below import BelowMark
from assistant.tui.widgets.copyable import Copied
from assistant.tui.widgets.desk import Desk
from assistant.tui.widgets.library import Library
from assistant.tui.widgets.picture import PictureView
from assistant.tui.widgets.prompt import Prompt
from assistant.tui.widgets.sidebar import Sidebar
from assistant.tui.widgets.sources import SourceRow
from assistant.tui.widgets.status import StatusLine
from assistant.tui.widgets.transcript import Transcript
from assistant.tui.widgets.turn import Surroundings, TurnWidget
from assistant.tui.widgets.welcome import ExampleCard, Welcome


class ChatScreen(Screen[None]):
    """Lays out the parts and passes on what they say to one another."""

    AUTO_FOCUS = "Prompt"

    class Answered(Message):
        """An answer is over, whichever way."""

        def __init__(self, view: AnswerView) -> None:
            super().__init__()
            self.view = view

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("chat")]

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        strings = services.strings
        self._library = Library(
            services.store,
            strings,
            services.now,
            self._refused,
            beside=services.settings.ui.sidebar != "hidden",
        )
        self._welcome = Welcome(strings)
        settings = services.settings
        pictures = Pictures(settings.ui.pictures, settings.describe.max_pixels, os.environ)
        self._transcript = Transcript(Surroundings(strings, pictures, services.now().tzinfo))
        self._below = BelowMark(strings)
        files = FileFinder(services.folder)
        self._desk = Desk(strings, services.commands, settings.keys.get("send"), files)
        self._status = StatusLine(strings)
        self._conductor = Conductor(
            services.engine,
            services.store,
            self._transcript,
            self._trouble,
            Failed(strings.engine_stopped, strings.engine_stopped_hint),
            services.settings.ui.ask_when_unsure,
            now=lambda: services.now().timestamp(),
        )
        self._drafts = Drafts(self, self._desk, lambda: self._conductor.session)
        self._conductor.collection = lambda: services.indexing.scope
        self._errands = Errands(services, self)
        moves = Transfers(services.store, strings, self, self._refresh_list)
        shelves = (services.store, self._conductor, self._library)
        self._shelving = Shelving(*shelves, moves, self._refused)
        self._asking = Asking(
            self,
            self._conductor,
            self._desk,
            self._status,
            strings,
            self._refresh_list,
            self._answered,
        )
        self._actions = MessageActions(
            self,
            self._conductor,
            self._asking,
            self._errands,
            strings,
            self._desk.prompt.focus,
            self._refused,
        )

    def compose(self) -> ComposeResult:
        with Horizontal(id="body"):
            yield self._library
            with Vertical(id="main"):
                yield self._welcome
                yield self._transcript
                yield self._below
                with Horizontal(id="desk"):
                    yield self._desk
                yield self._status

    def on_mount(self) -> None:
        """Fill the list once the first screen is painted."""
        self._show_welcome(True)
        self._library.place(self.app.size.width)
        self.call_after_refresh(self._refresh_list)
        self.call_after_refresh(self._restore_draft)

    def _restore_draft(self) -> None:
        if self._desk.is_empty:  # keys may come before the first paint
            self._drafts.restore()

    def on_unmount(self) -> None:
        """What is written and not sent is there the next time."""
        self._drafts.save()

    def on_resize(self, event: events.Resize) -> None:
        """The sidebar has room from 100 columns on."""
        self._library.place(event.size.width)
        self.call_after_refresh(self._desk.prompt.place_cursor)

    # --- the engine -----------------------------------------------------------------------

    def engine_is(self, status: Status) -> None:
        """Show how the engine is."""
        self._status.engine = status

    def send_with(self, keys: str | None) -> None:
        """Another key sends from now on; None: the usual one."""
        self._desk.prompt.send_with(keys)

    def work_is(self, situation: Situation, pull: tuple[str, Progress | None] | None) -> None:
        """Show what is read and fetched beside the conversation."""
        self._status.situation = situation
        self._status.pull = pull

    @property
    def is_busy(self) -> bool:
        """Whether an answer is being written."""
        return self._conductor.is_running

    # --- asking ---------------------------------------------------------------------------

    @on(Desk.Asked)
    def _ask(self, event: Desk.Asked) -> None:
        if not self._asking.is_busy():
            self._desk.clear()
            self._drafts.save()
            self._show_welcome(False)
            self._asking.ask(event.message, event.skill)

    def _answered(self, view: AnswerView) -> None:
        self.post_message(self.Answered(view))

    @on(Desk.Changed)
    def _keep_draft(self) -> None:
        self._drafts.changed()

    @on(Desk.Opened)
    @on(PictureView.Opened)
    def _open_file(self, event: Desk.Opened | PictureView.Opened) -> None:
        self._errands.view(event.path)

    async def ask(self, text: str, attachments: tuple[messages.Attachment, ...] = ()) -> None:
        """Ask something as if it had been typed; returns when it is answered."""
        self._show_welcome(False)
        message = messages.Message("user", text, attachments)
        await self._asking.asked(self._conductor.session, message, None)

    # --- commands and keys ----------------------------------------------------------------

    @on(Desk.Commanded)
    async def _command(self, event: Desk.Commanded) -> None:
        self._desk.clear_text()
        if event.name == "new":
            await self.action_new()
        elif event.name == "attach":
            self.action_attach()
        elif event.name == "index":
            self._show_welcome(False)
            self._errands.index(event.text, self._transcript)
        elif self._shelving.command(event.name, event.text):
            return
        elif event.name in ("documents", "models", "settings", "help", "quit"):
            await self.run_action(f"app.{event.name}")

    async def action_new(self) -> None:
        """An empty conversation; an answer under way goes on in its own."""
        self._leave_conversation()
        self._conductor.new()
        self._drafts.restore()
        await self._transcript.show([], has_older=False)
        self._show_welcome(True)
        self._status.usage = None
        self._refresh_list()
        self._desk.prompt.focus()

    async def action_cancel(self) -> None:
        """Esc: from the nearest thing that can be left to the answer that can be stopped."""
        if self._desk.completion.choices:
            self._desk.completion.offer(())
        elif self._library.searching:
            self._library.clear_search()
            self._desk.prompt.focus()
        elif self._library.is_archive and self._library.list.has_focus:
            self._library.show_archive(False)
        elif self._library.is_over:
            self._library.show(False)
            self._desk.prompt.focus()
        elif self._conductor.is_running:
            self._conductor.cancel()
        elif self.focused is self._desk.prompt and self._asking.stop_editing():
            self._desk.prompt.focus()
        else:
            self._desk.prompt.focus()
            self._transcript.follow()

    def action_sidebar(self) -> None:
        """Show or hide the conversations."""
        shown = not self._library.is_shown
        self._library.show(shown)
        if shown:
            self._library.focus_list()
        else:
            self._desk.prompt.focus()

    def action_search(self) -> None:
        """Search all conversations."""
        self._library.show(True)
        self._library.focus_search()

    def action_attach(self) -> None:
        """Ask for a file."""
        self._errands.attach(self._desk)

    def action_editor(self) -> None:
        """Write the message in one's own editor."""
        self._errands.edit_prompt(self._desk.prompt)

    def action_walk(self, step: int) -> None:
        """Walk up or down the messages; below the last one lies the prompt."""
        target = self._transcript.walk(step)
        if target is not None:
            target.focus()
        elif step > 0:
            self._desk.prompt.focus()
            self._transcript.follow()

    @on(TurnWidget.Wanted)
    def _message_key(self, event: TurnWidget.Wanted) -> None:
        self._actions.act(event.widget, event.what)

    @on(Copied)
    def _copy_part(self, event: Copied) -> None:
        self._errands.copy_of(event.text)

    def action_times(self) -> None:
        """Show or hide times."""
        self._transcript.toggle_times()

    @on(BelowMark.Wanted)
    def action_end(self) -> None:
        """Go to the end of the conversation."""
        self._transcript.follow()

    @on(Transcript.Moved)
    def _show_place(self, event: Transcript.Moved) -> None:
        self._below.show(event.is_at_end, event.has_new)

    def action_again(self) -> None:
        """Answer the last message again."""
        if exchanges := self._conductor.session.exchanges:
            self._actions.again(exchanges[-1], None)

    @on(SourceRow.Opened)
    def _open_source(self, event: SourceRow.Opened) -> None:
        self._errands.open_passage(event.passage)

    @on(ExampleCard.Tried)
    def _try_example(self, event: ExampleCard.Tried) -> None:
        self._desk.fill(event.text)

    @on(Prompt.LeftUpwards)
    def _to_the_examples(self) -> None:
        if self._welcome.display:
            self._welcome.query(ExampleCard).last().focus()

    @on(Prompt.PageWanted)
    def _page(self, event: Prompt.PageWanted) -> None:
        if event.step < 0:
            self._transcript.scroll_page_up()
        else:
            self._transcript.scroll_page_down()

    @on(Transcript.OlderWanted)
    async def _older(self) -> None:
        await self._conductor.older()

    def on_descendant_focus(self) -> None:
        """Say what the keys do on the thing that has the focus."""
        self._status.hint = hint(self.focused, self._services.strings)

    # --- conversations --------------------------------------------------------------------

    async def action_conversation(self, what: str) -> None:
        """Do something with the conversation in view."""
        await self._shelving.act(what)

    @on(Sidebar.Chosen)
    async def _open(self, event: Sidebar.Chosen) -> None:
        self._leave_conversation()
        try:
            await self._conductor.open(event.conversation, event.message)
        except StoreError as error:
            self._refused(error)
            return
        exchanges = self._conductor.session.exchanges
        self._desk.prompt.history_of_prompts.extend(e.user.text for e in exchanges)
        self._drafts.restore()
        self._show_welcome(not exchanges)
        self._status.usage = None
        if self._library.is_over:
            self._library.show(False)
        self._refresh_list()
        if event.message is None:
            self._desk.prompt.focus()

    @on(Library.Deleted)
    async def _leave_deleted(self) -> None:
        await self.action_new()
        self._library.focus_list()

    def _leave_conversation(self) -> None:
        self._asking.stop_editing()
        self._drafts.save()

    # --- layout ---------------------------------------------------------------------------

    def _show_welcome(self, shown: bool) -> None:
        self._welcome.display = shown
        self._transcript.display = not shown

    def _refresh_list(self) -> None:
        self._library.current = self._conductor.session.conversation
        self._library.list_again()

    def _refused(self, error: StoreError) -> None:
        self.notify(one_line(str(error), 300), severity="error", timeout=10, markup=False)

    def _trouble(self, error: StoreError) -> None:
        text = self._services.strings.not_saved.format(one_line(str(error), 300))
        self.notify(text, severity="error", timeout=10, markup=False)
