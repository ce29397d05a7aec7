"""The one screen that is always there: conversations, transcript, prompt, status."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
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
from assistant.tui.escape import Escape
from assistant.tui.hints import hint
from assistant.tui.in_view import InView
from assistant.tui.indexing import Situation
from assistant.tui.keys import bindings
from assistant.tui.message_actions import MessageActions
from assistant.tui.parts import Parts
from assistant.tui.scope import Scope
from assistant.tui.services import Services
from assistant.tui.shelving import Shelving
from assistant.tui.transfers import Transfers
from assistant.tui.widgets.answer import AnswerView
from assistant.tui.widgets.below import BelowMark
from assistant.tui.widgets.copyable import Copied
from assistant.tui.widgets.desk import Desk
from assistant.tui.widgets.library import Library
from assistant.tui.widgets.picture import Openable
from assistant.tui.widgets.prompt import Prompt
from assistant.tui.widgets.sidebar import Sidebar
from assistant.tui.widgets.sources import SourceRow
from assistant.tui.widgets.transcript import Transcript
from assistant.tui.widgets.turn import TurnWidget
from assistant.tui.widgets.welcome import ExampleCard


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
        self._parts = parts = Parts.made(services, services.pictures(), self._refused)
        self._library, self._desk = parts.library, parts.desk
        self._transcript, self._status = parts.transcript, parts.status
        self._conductor = Conductor(
            services.engine,
            services.store,
            self._transcript,
            self._trouble,
            Failed(strings.engine_stopped, strings.keyed(strings.engine_stopped_hint)),
            services.settings.ui.ask_when_unsure,
            now=lambda: services.now().timestamp(),
        )
        self._drafts = Drafts(self, self._desk, lambda: self._conductor.session)
        self._scope = Scope(self, services.indexing, lambda: self._conductor.session, strings)
        self._errands = Errands(services, self)
        moves = Transfers(services.store, strings, self, self._list_again)
        shelves = (services.store, self._conductor, self._library)
        self._shelving = Shelving(*shelves, moves, self._refused)
        shown = (self._conductor, self._desk, self._status)
        self._asking = Asking(self, *shown, strings, self._list_again, self._answered)
        kept = (self._conductor, self._asking, self._drafts, self._scope)
        self._in_view = InView(parts, *kept, self._refused)
        self._escape = Escape(parts, self._conductor, self._asking)
        doers = (self._conductor, self._asking, self._errands)
        self._actions = MessageActions(
            self, *doers, strings, self._desk.prompt.focus, self._refused
        )

    def compose(self) -> ComposeResult:
        yield from self._parts.laid_out()

    def on_mount(self) -> None:
        """Fill the list once the first screen is painted."""
        self._parts.show_welcome(True)
        self._library.place(self.app.size.width)
        self.call_after_refresh(self._list_again)
        self.call_after_refresh(self._restore_draft)

    def _list_again(self) -> None:
        self._in_view.list_again()

    def _restore_draft(self) -> None:
        if self._desk.is_empty:  # keys may come before the first paint
            self._drafts.restore()

    def on_unmount(self) -> None:
        """What is written and not sent is there the next time."""
        self._drafts.save()

    def on_resize(self, event: events.Resize) -> None:
        """The sidebar has room from 100 columns on."""
        self._library.place(event.size.width)
        self._desk.prompt.leave_room(event.size.height)
        self.call_after_refresh(self._desk.prompt.place_cursor)

    # --- the engine -----------------------------------------------------------------------

    def engine_is(self, status: Status) -> None:
        """Show how the engine is."""
        self._status.engine = status

    def keys_are(self, keymap: Mapping[str, str]) -> None:
        """Other keys are bound from now on; what names some names these."""
        self._desk.prompt.send_with(keymap.get("send"))
        self._asking.say_keys()
        self._parts.say_keys(self._services.strings)

    def work_is(self, situation: Situation, pull: tuple[str, Progress | None] | None) -> None:
        """Show what is read and fetched beside the conversation."""
        self._scope.keep()
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
            self._parts.show_welcome(False)
            self._asking.ask(event.message, event.skill)

    def _answered(self, view: AnswerView) -> None:
        self.post_message(self.Answered(view))

    @on(Desk.Changed)
    def _keep_draft(self) -> None:
        self._drafts.changed()

    @on(Desk.Opened)
    @on(Openable.Opened)
    def _open_file(self, event: Desk.Opened | Openable.Opened) -> None:
        self._errands.view(event.path)

    async def ask(self, text: str, attachments: tuple[messages.Attachment, ...] = ()) -> None:
        """Ask something as if it had been typed; returns when it is answered."""
        self._parts.show_welcome(False)
        message = messages.Message("user", text, attachments)
        await self._asking.asked(self._conductor.session, message, None)

    # --- commands and keys ----------------------------------------------------------------

    @on(Desk.Commanded)
    async def _command(self, event: Desk.Commanded) -> None:
        self._desk.clear_text()
        if event.name == "index":
            self._parts.show_welcome(False)
            self._errands.index(event.text, self._transcript)
        elif event.name in ("new", "attach"):
            await self.run_action(f"screen.{event.name}")
        elif not self._shelving.command(event.name, event.text):
            await self.run_action(f"app.{event.name}")

    async def action_new(self) -> None:
        """An empty conversation."""
        await self._in_view.new()

    async def action_cancel(self) -> None:
        """Esc: from the nearest thing that can be left to the answer that can be stopped."""
        self._escape.leave_nearest(self.focused)

    def action_sidebar(self) -> None:
        """Go to the conversations; from there, put them away."""
        if not self._library.visit():
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
        self._parts.below.show(event.is_at_end, event.has_new)

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
        if self._parts.welcome.display:
            self._parts.welcome.query(ExampleCard).last().focus()

    @on(Prompt.PageWanted)
    def _page(self, event: Prompt.PageWanted) -> None:
        self._transcript.page(event.step)

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
        await self._in_view.open(event.conversation, event.message)

    @on(Library.Deleted)
    async def _leave_deleted(self) -> None:
        await self.action_new()
        self._library.focus_list()

    # --- trouble --------------------------------------------------------------------------

    def _refused(self, error: StoreError) -> None:
        self._alarm(one_line(self._services.strings.tell_error(error), 300))

    def _trouble(self, error: StoreError) -> None:
        strings = self._services.strings
        self._alarm(strings.not_saved.format(one_line(strings.tell_error(error), 300)))

    def _alarm(self, text: str) -> None:
        self.notify(text, severity="error", timeout=10, markup=False)
