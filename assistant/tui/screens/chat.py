"""The one screen that is always there: conversations, transcript, prompt, status."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen

from assistant.core.errors import StoreError
from assistant.core.events import Failed
from assistant.core.messages import Message
from assistant.core.text import one_line
from assistant.engine.wire import Status
from assistant.tui.asking import Asking
from assistant.tui.conductor import Conductor
from assistant.tui.errands import Errands
from assistant.tui.keys import bindings
from assistant.tui.services import Services
from assistant.tui.session import Exchange
from assistant.tui.shelving import Shelving
from assistant.tui.transfers import Transfers
from assistant.tui.widgets.answer import AnswerView
from assistant.tui.widgets.conversation_list import ConversationList
from assistant.tui.widgets.desk import Desk
from assistant.tui.widgets.library import Library
from assistant.tui.widgets.prompt import Prompt
from assistant.tui.widgets.sidebar import RenameField, Sidebar
from assistant.tui.widgets.sources import SourceRow
from assistant.tui.widgets.status import StatusLine
from assistant.tui.widgets.transcript import Transcript
from assistant.tui.widgets.turn import TurnWidget
from assistant.tui.widgets.welcome import ExampleCard, Welcome


class ChatScreen(Screen[None]):
    """Lays out the parts and passes on what they say to one another."""

    AUTO_FOCUS = "Prompt"
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
        self._transcript = Transcript(strings)
        self._desk = Desk(strings, services.commands, services.settings.keys.get("send"))
        self._status = StatusLine(strings)
        self._conductor = Conductor(
            services.engine,
            services.store,
            self._transcript,
            self._trouble,
            Failed(strings.engine_stopped, strings.engine_stopped_hint),
        )
        self._errands = Errands(services, self)
        moves = Transfers(services.store, strings, self, self._refresh_list)
        shelves = (services.store, self._conductor, self._library)
        self._shelving = Shelving(*shelves, moves, self._refused)
        self._asking = Asking(
            self, self._conductor, self._desk, self._status, strings, self._refresh_list
        )

    def compose(self) -> ComposeResult:
        with Horizontal(id="body"):
            yield self._library
            with Vertical(id="main"):
                yield self._welcome
                yield self._transcript
                with Horizontal(id="desk"):
                    yield self._desk
                yield self._status

    def on_mount(self) -> None:
        """Fill the list once the first screen is painted."""
        self._show_welcome(True)
        self._library.place(self.app.size.width)
        self.call_after_refresh(self._refresh_list)

    def on_resize(self, event: events.Resize) -> None:
        """The sidebar has room from 100 columns on."""
        self._library.place(event.size.width)

    # --- the engine -----------------------------------------------------------------------

    def engine_is(self, status: Status) -> None:
        """Show how the engine is."""
        self._status.engine = status

    # --- asking ---------------------------------------------------------------------------

    @on(Desk.Asked)
    def _ask(self, event: Desk.Asked) -> None:
        if not self._asking.is_busy():
            self._desk.clear()
            self._show_welcome(False)
            self._asking.ask(event.message, event.skill)

    async def ask(self, text: str) -> None:
        """Ask something as if it had been typed; returns when it is answered."""
        self._show_welcome(False)
        await self._asking.asked(Message("user", text), None)

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
        elif event.name == "help":
            await self.run_action("app.help")
        elif event.name == "quit":
            await self.run_action("app.quit")

    async def action_new(self) -> None:
        """An empty conversation; an answer under way goes on in its own."""
        self._conductor.new()
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
        widget = event.widget
        if event.what == "copy":
            self._errands.copy(widget.copyable)
        elif event.what == "edit":
            self._desk.fill(widget.exchange.user.text, widget.exchange.user.attachments)
        elif event.what == "open" and isinstance(widget, AnswerView) and widget.passages:
            self._errands.open_passage(widget.passages[0])
        elif event.what == "why" and isinstance(widget, AnswerView):
            self._errands.explain(widget)
        elif event.what == "regenerate":
            self._again(widget.exchange, None)
        elif event.what == "skill":
            self._errands.choose_skill(lambda skill: self._again(widget.exchange, skill))

    def action_again(self) -> None:
        """Answer the last message again."""
        if exchanges := self._conductor.session.exchanges:
            self._again(exchanges[-1], None)

    def _again(self, exchange: Exchange, skill: str | None) -> None:
        if not self._asking.is_busy():
            self._desk.prompt.focus()
            self._asking.again(exchange, skill)

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
        strings = self._services.strings
        focused = self.focused
        hint = ""
        if isinstance(focused, TurnWidget):
            hint = strings.message_keys
        elif isinstance(focused, SourceRow):
            hint = strings.source_keys
        elif isinstance(focused, ConversationList):
            hint = strings.library.list_keys
        elif isinstance(focused, RenameField):
            hint = strings.library.rename_hint
        self._status.hint = hint

    # --- conversations --------------------------------------------------------------------

    async def action_conversation(self, what: str) -> None:
        """Do something with the conversation in view."""
        await self._shelving.act(what)

    @on(Sidebar.Chosen)
    async def _open(self, event: Sidebar.Chosen) -> None:
        try:
            await self._conductor.open(event.conversation, event.message)
        except StoreError as error:
            self._refused(error)
            return
        exchanges = self._conductor.session.exchanges
        self._desk.prompt.history_of_prompts.extend(e.user.text for e in exchanges)
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
