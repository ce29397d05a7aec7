"""Models being fetched beside everything else, with their progress."""

from __future__ import annotations

from textual.app import App
from textual.signal import Signal

from assistant.core.errors import AssistantError
from assistant.core.events import Done, Failed, Models, Notice, Progress
from assistant.core.inventory import ModelInfo
from assistant.core.text import one_line
from assistant.engine.wire import DiscoverModels, ModelsList, PullModels
from assistant.tui.ports import EngineLike, JobStreamLike
from assistant.tui.strings import Strings


class Pulls:
    """Fetches models one after the other; the app owns it, so screens may come and go."""

    def __init__(self, app: App[int], engine: EngineLike, strings: Strings) -> None:
        self._app = app
        self._engine = engine
        self._strings = strings
        self._streams: dict[str, JobStreamLike] = {}
        self._progress: dict[str, Progress] = {}
        self.models: tuple[ModelInfo, ...] = ()
        self.offered: tuple[ModelInfo, ...] = ()
        """What servers of this machine offer besides, once it was asked for."""
        self.changed: Signal[None] = Signal(app, "pulls")

    @property
    def current(self) -> tuple[str, Progress | None] | None:
        """The model being fetched, and how far it is."""
        name = next(iter(self._streams), None)
        return None if name is None else (name, self._progress.get(name))

    def is_pulling(self, model: str) -> bool:
        """Whether a model is being fetched, or waits for its turn."""
        return model in self._streams

    def progress(self, model: str) -> Progress | None:
        """How far a model is, once it has begun."""
        return self._progress.get(model)

    async def refresh(self) -> None:
        """Ask which models there are."""
        try:
            async for event in self._engine.submit(ModelsList()):
                if isinstance(event, Models):
                    self.models = event.models
                elif isinstance(event, Failed):
                    self._fail(event)
        except AssistantError as error:
            self._fail(Failed(error.message, error.hint))
        self.changed.publish(None)

    async def discover(self) -> bool:
        """Ask the servers of this machine what they offer; False when that failed."""
        try:
            async for event in self._engine.submit(DiscoverModels()):
                if isinstance(event, Models):
                    self.offered = event.models
                elif isinstance(event, Notice):
                    said = self._strings.tell(event.text, event.hint)
                    self._app.notify(
                        one_line(said, 400), severity="warning", timeout=20, markup=False
                    )
                elif isinstance(event, Failed):
                    self._fail(event)
                    return False
        except AssistantError as error:
            self._fail(Failed(error.message, error.hint))
            return False
        self.changed.publish(None)
        return True

    def take(self, model: ModelInfo) -> None:
        """An offered model has an entry of its own now."""
        self.offered = tuple(other for other in self.offered if other != model)
        self.models += (model,)
        self.changed.publish(None)

    def pull(self, model: str, allowed: str = "") -> None:
        """Fetch a model; `allowed` is the code of others that the person lets it run."""
        if not self.is_pulling(model):
            self._app.run_worker(self._pull(model, allowed), group="pulls")

    def stop(self, model: str) -> None:
        """Stop fetching; what is there so far is taken up next time."""
        if stream := self._streams.get(model):
            stream.cancel()

    async def _pull(self, model: str, allowed: str) -> None:
        texts = self._strings.screens.models
        try:
            stream = self._streams[model] = self._engine.submit(PullModels((model,), allowed))
            self.changed.publish(None)
            async for event in stream:
                if isinstance(event, Progress):
                    self._progress[model] = event
                    self.changed.publish(None)
                elif isinstance(event, Failed):
                    self._fail(event)
                elif isinstance(event, Done):
                    said = texts.pull_stopped if event.cancelled else texts.pulled
                    self._app.notify(said.format(one_line(model, 40)), markup=False)
        except AssistantError as error:
            self._fail(Failed(error.message, error.hint))
        finally:
            self._streams.pop(model, None)
            self._progress.pop(model, None)
        await self.refresh()

    def _fail(self, event: Failed) -> None:
        text = one_line(self._strings.tell(event.message, event.hint), 400)
        self._app.notify(text, severity="error", timeout=15, markup=False)
