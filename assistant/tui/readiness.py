"""Gets the engine ready once it runs: offers to fetch what is missing, loads the models."""

from __future__ import annotations

from typing import Any

from textual.app import App

from assistant.core.errors import AssistantError
from assistant.engine.wire import MissingModel, Status, WarmUp
from assistant.tui.ports import EngineLike
from assistant.tui.strings import Strings
from assistant.tui.turns import drain


class Readiness:
    """Models are loaded once for each start of the engine, a download is offered once."""

    def __init__(self, app: App[Any], engine: EngineLike, strings: Strings) -> None:
        self._app = app
        self._engine = engine
        self._strings = strings
        self._warmed = False
        self._offered = False

    def engine_is(self, status: Status) -> None:
        """Do what the engine's status asks for."""
        if status.phase == "starting":
            self._warmed = False
        if status.phase != "ready":
            return
        if status.missing and not self._offered:
            self._offer_download(status.missing)
        elif not status.missing and not self._warmed:
            self._warm_up()

    def _offer_download(self, missing: tuple[MissingModel, ...]) -> None:
        from assistant.tui.screens.download import DownloadScreen

        self._offered = True
        self._app.push_screen(DownloadScreen(self._engine, missing, self._strings))

    def _warm_up(self) -> None:
        self._warmed = True
        try:
            stream = self._engine.submit(WarmUp())
        except AssistantError:
            return  # The first turn will load the models, or say why it can't.
        self._app.run_worker(drain(stream), group="warm-up")
