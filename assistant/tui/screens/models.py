"""The models: what is here, what can be fetched, what is in use."""

from __future__ import annotations

from typing import ClassVar

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from assistant.core.errors import AssistantError
from assistant.core.inventory import ModelInfo
from assistant.core.text import one_line
from assistant.tui.keys import bindings
from assistant.tui.preferences import Preferences
from assistant.tui.screens.consent import ConsentScreen
from assistant.tui.screens.page import Page
from assistant.tui.services import Services
from assistant.tui.widgets import gauge
from assistant.tui.widgets.lines import LineList
from assistant.tui.widgets.models import NAME_CELLS, ModelList, languages


class ModelsScreen(Page):
    """Fetching goes on when this screen is closed."""

    DEFAULT_CSS = "ModelsScreen Detail { height: 6; }"

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("models")]
    AUTO_FOCUS = "ModelList"

    def __init__(self, services: Services) -> None:
        super().__init__(services, services.strings.screens.models.title)
        self._texts = services.strings.screens.models
        self._pulls = services.pulls
        self._preferences: Preferences = services.preferences
        self._list = ModelList(self._pulls, services.strings)

    def parts(self) -> ComposeResult:
        yield self._list

    def on_mount(self) -> None:
        """Show what is known, and ask for the rest."""
        self._pulls.changed.subscribe(self, self._models_changed)
        self._models_changed(None)
        self.run_worker(self._pulls.refresh(), group="models")

    def _models_changed(self, _: None) -> None:
        self._list.show_models(self._pulls.models, self._pulls.offered)

    def on_resize(self) -> None:
        """Say below the list what its rows have no room for now."""
        self.call_after_refresh(self._describe)

    @on(LineList.Moved)
    def _describe(self) -> None:
        model = self._list.row
        if not isinstance(model, ModelInfo):
            self._detail.say(Content(self._texts.loading))
            self.show_keys(())
            return
        summary = Content.styled(
            one_line(self._strings.tell(model.summary) or model.name, 200), "$foreground"
        )
        plan = Content(one_line(model.plan, 300))
        self._detail.say(
            summary, Content(self._about(model)), plan, Content(self._how_to_use(model))
        )
        self.show_keys(self._keys_for(model))

    def _about(self, model: ModelInfo) -> str:
        facts = [languages(model, self._strings), one_line(model.licence, 80)]
        facts = [*self._list.left_out(model), *facts]
        if Content(model.name).cell_length > NAME_CELLS:
            facts.insert(0, one_line(model.name, 200))
        if model.server:
            told = self._texts.sent_to if model.remote else self._texts.served_here
            where = told.format(one_line(model.server, 80))
            facts = [where, *(fact for fact in facts if fact != where)]
        if model.memory:
            facts.append(self._texts.memory.format(gauge.size(model.memory)))
        return gauge.SEPARATOR.join(fact for fact in facts if fact)

    def _how_to_use(self, model: ModelInfo) -> str:
        texts = self._texts
        if self._pulls.is_pulling(model.name):
            return self._list.progress(model.name)
        if model.in_use and model.setting:
            return texts.used_as.format(model.setting)
        if not model.present and self._preferences.loaded.settings.offline:
            return texts.offline.format(self.key("settings"))
        if not model.present:
            after = "" if model.setting else texts.no_use_needed
            return self._strings.together(texts.pull_hint.format(self.key("pull")), after)
        if not model.setting:
            return texts.no_use_needed
        named = f'{model.setting} = "{model.name}"'
        return texts.use_hint.format(self.key("use"), named)

    def _keys_for(self, model: ModelInfo) -> list[str]:
        if self._pulls.is_pulling(model.name):
            return ["stop_pull"]
        if not model.present:
            return ["pull", "discover"]
        return ["use", "discover"] if model.setting and not model.in_use else ["discover"]

    @on(LineList.Chosen)
    def _chosen(self) -> None:
        model = self._list.row
        if isinstance(model, ModelInfo) and "pull" in self._keys_for(model):
            self.action_pull()

    def action_pull(self) -> None:
        """Fetch the model under the cursor."""
        model = self._list.row
        if not isinstance(model, ModelInfo) or model.present:
            return
        if self._preferences.loaded.settings.offline:
            said = self._texts.offline.format(self.key("settings"))
            self.notify(said, severity="warning", markup=False)
        elif model.code:
            self.run_worker(self._ask_and_pull(model), group="consent")
        else:
            self._pulls.pull(model.name)

    async def _ask_and_pull(self, model: ModelInfo) -> None:
        asking = ConsentScreen(model.name, model.code, self._strings)
        if await self.app.push_screen_wait(asking):
            self._pulls.pull(model.name, model.code)

    def action_stop_pull(self) -> None:
        """Stop fetching it."""
        if isinstance(model := self._list.row, ModelInfo):
            self._pulls.stop(model.name)

    async def action_discover(self) -> None:
        """Ask the servers of this machine what they offer."""
        if await self._pulls.discover() and not self._pulls.offered:
            self.notify(self._texts.nothing_offered, markup=False)

    async def action_use(self) -> None:
        """Name it in config.toml."""
        model = self._list.row
        if not isinstance(model, ModelInfo) or not model.setting or model.in_use:
            return
        if not model.present:
            self.notify(self._texts.pull_first, severity="warning", markup=False)
            return
        try:
            if model.source:
                await self._preferences.add_model(model.name, model.role, model.source)
                self._pulls.take(msgspec.structs.replace(model, source=""))
            await self._preferences.save(model.setting, model.name)
        except AssistantError as error:
            self.notify(
                one_line(self._strings.tell_error(error), 400), severity="error", markup=False
            )
            return
        said = self._texts.set_to.format(f'{model.setting} = "{model.name}"')
        if model.role == "embed":
            said = self._strings.together(said, self._texts.embed_warning)
        self.notify(said, markup=False)
