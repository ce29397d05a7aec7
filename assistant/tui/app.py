"""The application: one chat screen, the engine beside it, the keys that work everywhere."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from time import monotonic
from typing import ClassVar

from textual import constants, events, on
from textual.app import App, SystemCommand
from textual.binding import BindingType
from textual.command import CommandPalette
from textual.message import Message
from textual.screen import Screen
from textual.theme import Theme, ThemeProvider

from assistant.config import LoadedSettings, Settings
from assistant.core.errors import AssistantError
from assistant.core.messages import Attachment
from assistant.core.text import one_line
from assistant.engine.wire import Status
from assistant.tui import keys, line_breaks, themes, wide_cuts
from assistant.tui.commands import commands, skill_names
from assistant.tui.contrast import legible
from assistant.tui.desktop import notification
from assistant.tui.garbage import GarbageKeeper
from assistant.tui.hangup import EVERY_SECONDS, terminal_watch
from assistant.tui.indexing import Indexing
from assistant.tui.mentions import working_folder
from assistant.tui.palette import Commands, Palette, offered
from assistant.tui.ports import Clock, Connect, StoreLike
from assistant.tui.preferences import Preferences
from assistant.tui.pulls import Pulls
from assistant.tui.readiness import Readiness
from assistant.tui.screens.chat import ChatScreen
from assistant.tui.screens.page import Page
from assistant.tui.services import Services
from assistant.tui.strings import Strings

TWICE_SECONDS = 2.0
"""^C quits when pressed again within this time."""
LOOK_SECONDS = 5.0
"""How often to look whether nobody is there, and garbage can be collected."""


class EngineStatus(Message):
    """The engine's status changed; posted, so that it may come from anywhere."""

    def __init__(self, status: Status) -> None:
        super().__init__()
        self.status = status


class AssistantApp(App[int]):
    """Made with what it needs; starts the engine once the first screen is painted."""

    CSS_PATH = "assistant.tcss"
    TITLE = "assistant"
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings("app")]
    COMMANDS = {Commands}  # noqa: RUF012 - as Textual declares it

    def __init__(
        self,
        settings: Settings,
        store: StoreLike,
        connect: Connect,
        *,
        strings: Strings,
        now: Clock,
        config_file: Path,
        notice: str = "",
        load: Callable[[], LoadedSettings] | None = None,
    ) -> None:
        line_breaks.install()
        wide_cuts.install()
        self._legible: dict[str, Theme] = {}
        super().__init__()
        self._settings = settings
        self._strings = strings = strings.with_keys(settings.keys)
        # Before the first paint, which would otherwise flash in Textual's own colours.
        themes.register(self)
        self._theme_is_known = themes.use(self, settings.ui.theme)
        self._move(settings)
        self._engine = connect(lambda status: self._heard(status))
        loaded = load() if load is not None else LoadedSettings(settings, {})
        self._preferences = Preferences(loaded, config_file, load or (lambda: loaded), strings)
        self._indexing = Indexing(self, self._engine, strings, settings.index.collection)
        self._pulls = Pulls(self, self._engine, strings)
        self._services = Services(
            settings=settings,
            config_file=config_file,
            store=store,
            engine=self._engine,
            strings=strings,
            now=now,
            commands=commands(skill_names(), strings),
            folder=working_folder(),
            indexing=self._indexing,
            pulls=self._pulls,
            preferences=self._preferences,
            apply_preferences=self._apply_preferences,
        )
        self._chat = ChatScreen(self._services)
        self._notice = notice
        self._interrupted = -TWICE_SECONDS
        self._readiness = Readiness(self, self._engine, strings)
        self._garbage = GarbageKeeper()

    def get_theme(self, theme_name: str) -> Theme | None:
        """The theme, its texts made readable where they are not."""
        if theme_name not in self._legible:
            theme = super().get_theme(theme_name)
            if theme is None:
                return None
            self._legible[theme_name] = legible(theme)
        return self._legible[theme_name]

    @property
    def services(self) -> Services:
        """What the screens share."""
        return self._services

    def get_default_screen(self) -> Screen[None]:
        """The chat."""
        return self._chat

    def on_mount(self) -> None:
        """Settings that can be wrong are said, not fatal; the engine starts after the paint."""
        self._apply_settings()
        self._indexing.changed.subscribe(self, self._work_changed)
        self._pulls.changed.subscribe(self, self._work_changed)
        if (watch := terminal_watch()) is not None:
            self.set_interval(EVERY_SECONDS, watch)
        self.call_after_refresh(self._start_engine)

    async def on_unmount(self) -> None:
        """No process is left behind."""
        self._garbage.end()
        await self._engine.close()

    async def ask(self, text: str, attachments: tuple[Attachment, ...] = ()) -> None:
        """Ask something as if it had been typed; returns when it is answered."""
        await self._chat.ask(text, attachments)

    def _apply_settings(self) -> None:
        if self._notice:
            self._warn(self._strings.tell(self._notice))
        strings = self._strings
        if not self._theme_is_known:
            valid = strings.listed(sorted(self.available_themes))
            wanted = one_line(self._settings.ui.theme, 40)
            self._warn(strings.bad_theme.format(wanted, valid))
        self.set_keymap(self._settings.keys)
        for name in keys.unknown(self._settings.keys):
            valid = strings.listed(key.name for key in keys.KEYS)
            self._warn(strings.bad_key.format(one_line(name, 40), valid))

    def _start_engine(self) -> None:
        self._garbage.begin()
        self.set_interval(LOOK_SECONDS, self._collect_garbage)
        self.run_worker(self._engine_started(), group="engine")

    def _collect_garbage(self) -> None:
        if self._chat.is_busy:
            self._garbage.touched()
        self._garbage.sweep_if_quiet()

    async def on_event(self, event: events.Event) -> None:
        """Note that somebody is there."""
        if isinstance(event, events.InputEvent):
            self._garbage.touched()
        await super().on_event(event)

    async def _engine_started(self) -> None:
        try:
            await self._engine.start()
        except AssistantError as error:
            self._heard(Status("stopped"))
            said = one_line(self._strings.tell_error(error), 500)
            self.notify(said, severity="error", timeout=20, markup=False)

    def _heard(self, status: Status) -> None:
        self.post_message(EngineStatus(status))

    @on(ChatScreen.Answered)
    def _tell_desktop(self, event: ChatScreen.Answered) -> None:
        """Say that an answer is there to somebody who looks elsewhere."""
        is_seen = self.app_focus or self.is_headless or self.is_web
        if self._preferences.loaded.settings.ui.notify and not is_seen:
            question = event.view.exchange.user.text
            self.tell_terminal(notification(self._strings.answered, question, os.environ))

    def tell_terminal(self, sequence: str) -> None:
        """Send the terminal an escape sequence that draws nothing."""
        if self._driver is not None:
            self._driver.write(sequence)

    @on(EngineStatus)
    def _show_status(self, event: EngineStatus) -> None:
        self._chat.engine_is(event.status)
        self._readiness.engine_is(event.status)

    def action_command_palette(self) -> None:
        """Offer every command, found by typing a part of its name."""
        if not isinstance(self.screen, CommandPalette):
            self.push_screen(Palette(self._strings))

    def search_themes(self) -> None:
        """Offer the colours."""
        placeholder = self._strings.theme_placeholder
        self.push_screen(Palette(self._strings, ThemeProvider, placeholder=placeholder))

    async def action_help(self) -> None:
        """Show the keys and commands."""
        from assistant.tui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            services = self._services
            self.push_screen(HelpScreen(services.commands, services.config_file, self._strings))

    async def action_documents(self) -> None:
        """Show the documents."""
        from assistant.tui.screens.documents import DocumentsScreen

        self._open_page(DocumentsScreen)

    async def action_models(self) -> None:
        """Show the models."""
        from assistant.tui.screens.models import ModelsScreen

        self._open_page(ModelsScreen)

    async def action_settings(self) -> None:
        """Show the settings."""
        from assistant.tui.screens.settings import SettingsScreen

        self._open_page(SettingsScreen)

    def _open_page(self, kind: Callable[[Services], Page]) -> None:
        """One page at a time: another one takes its place."""
        if isinstance(self.screen, Page):
            is_there = type(self.screen) is kind
            self.screen.dismiss(None)
            if is_there:
                return
        self.push_screen(kind(self._services), lambda _: self._settle_preferences())

    def _apply_preferences(self) -> None:
        settings = self._preferences.loaded.settings
        themes.use(self, settings.ui.theme)
        self.set_keymap(settings.keys)
        self._strings.bound.change(settings.keys)
        self._chat.keys_are(settings.keys)
        self._move(settings)

    def _move(self, settings: Settings) -> None:
        is_reduced = settings.ui.motion == "reduced"
        self.animation_level = "none" if is_reduced else constants.TEXTUAL_ANIMATIONS

    def _settle_preferences(self) -> None:
        """The engine reads changed settings when it starts: now, unless it is at work."""
        texts = self._strings.screens.settings
        if not self._preferences.engine_is_behind:
            return
        if self._chat.is_busy or self._indexing.is_working or self._pulls.current:
            self.notify(texts.engine_busy, markup=False)
        else:
            self._preferences.engine_is_behind = False
            self._engine.restart()
            settings = self._preferences.loaded.settings
            self._indexing.change_default(settings.index.collection)
            self.notify(texts.engine_restarts, timeout=3, markup=False)

    def _work_changed(self, _: None) -> None:
        self._chat.work_is(self._indexing.situation, self._pulls.current)

    def action_interrupt(self) -> None:
        """^C: the first says how to quit, the second quits."""
        now = monotonic()
        if now - self._interrupted < TWICE_SECONDS:
            self.exit(0)
        else:
            self._interrupted = now
            self.notify(
                self._strings.keyed(self._strings.quit_hint), timeout=TWICE_SECONDS, markup=False
            )

    async def action_quit(self) -> None:
        """Leave; an answer under way is kept as far as it is written."""
        self.exit(0)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """What the palette offers: everything that has a key where one is, and the themes."""
        return offered(self, self._strings, in_chat=screen is self._chat)

    def _warn(self, text: str) -> None:
        self.notify(text, severity="warning", timeout=10, markup=False)
