"""The models: what is here, what can be fetched, what is in use."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
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
from assistant.tui.pulls import Pulls
from assistant.tui.screens.consent import ConsentScreen
from assistant.tui.screens.page import Page
from assistant.tui.services import Services
from assistant.tui.strings import Strings
from assistant.tui.widgets import gauge, remarks
from assistant.tui.widgets.bars import bar
from assistant.tui.widgets.lines import LineList

LEAST_BAR, MOST_BAR = 6, 16
NAME_CELLS, ROLE_CELLS = 28, 18
"""At most; columns are as wide as what stands in them."""
MARK_CELLS = 2
SIZE_CELLS = 9
WIDE = 100
"""Columns from which languages and licence have room in the list."""
SHOWN_LANGUAGES = 6


@dataclass(frozen=True, slots=True)
class Heading:
    """A line between the models that are here and the others."""

    text: str


ModelRow = Heading | ModelInfo


class ModelList(LineList[ModelRow]):
    """Three parts: what can be used, what servers offer besides, what can be fetched."""

    def __init__(self, pulls: Pulls, strings: Strings) -> None:
        super().__init__(id="models")
        self._pulls = pulls
        self._texts = strings.screens.models
        self._strings = strings
        self._names, self._roles = NAME_CELLS, ROLE_CELLS

    def show_models(self, models: Iterable[ModelInfo], offered: Iterable[ModelInfo] = ()) -> None:
        """List these; `offered` are those of servers that are not in config.toml yet."""
        listed = list(models)
        both = [*listed, *(offered := list(offered))]
        self._names = _widest([one_line(model.name, NAME_CELLS) for model in both], NAME_CELLS)
        self._roles = _widest([self._role(model) for model in both], ROLE_CELLS)
        rows: list[ModelRow] = []
        for heading, part in (
            (self._texts.present, [model for model in listed if model.present]),
            (self._texts.offered, offered),
            (self._texts.absent, [model for model in listed if not model.present]),
        ):
            if part:
                rows += [Heading("")] if rows else []
                rows += [Heading(heading), *part]
        self.show(rows)

    def key(self, row: ModelRow) -> Hashable:
        return row.name if isinstance(row, ModelInfo) else f"\0{row.text}"

    def can_stop_at(self, row: ModelRow) -> bool:
        return isinstance(row, ModelInfo)

    def draw(self, row: ModelRow, width: int) -> Content:
        if isinstance(row, Heading):
            return Content.styled(row.text, "bold $foreground-muted")
        mark = ("● ", "$success") if row.in_use else ("○ ", "$foreground-muted")
        line = Content.assemble(mark) + _column(row.name, self._names)
        line += _column(self._role(row), self._roles, "$foreground-muted")
        if self._pulls.is_pulling(row.name):
            return line + self._fetching(row.name, width - line.cell_length)
        size = gauge.size(row.size) or "–"
        line += Content(size.rjust(SIZE_CELLS - 2)) + Content("  ")
        notes = self._notes(row)
        if width >= WIDE and not row.present:
            notes += filter(None, [languages(row, self._strings)])
        return line + Content.styled(gauge.joined(notes, width - line.cell_length), "$primary")

    def left_out(self, row: ModelInfo) -> list[str]:
        """The notes of a row that its line has no room for."""
        width = self.scrollable_content_region.width - 2
        notes = self._notes(row)
        room = width - MARK_CELLS - self._names - self._roles - SIZE_CELLS
        return notes[gauge.fitting_parts(notes, room) :]

    def _role(self, row: ModelInfo) -> str:
        return self._texts.roles.get(row.role, row.role)

    def _fetching(self, model: str, room: int) -> Content:
        """A bar and how far it is; where that is narrow, without the time that is left."""
        event = self._pulls.progress(model)
        said = Content(self.progress(model))
        if event is not None and said.cell_length + LEAST_BAR + 2 > room:
            said = Content(remarks.amount(event))
        cells = gauge.fitting(room - said.cell_length - 2, LEAST_BAR, MOST_BAR)
        return bar(gauge.share(event), cells) + Content("  " if cells else "") + said

    def progress(self, model: str) -> str:
        """How far a model that is fetched is, and the time left."""
        event = self._pulls.progress(model)
        return gauge.summary(event, self._strings) if event else self._texts.waiting

    def _notes(self, row: ModelInfo) -> list[str]:
        """What there is to say of a model in a few words each."""
        notes = []
        if row.in_use:
            notes.append(self._texts.in_use)
        if row.server:
            told = self._texts.sent_to if row.remote else self._texts.served_here
            notes.append(told.format(one_line(row.server, 40)))
        if row.device:
            notes.append(self._texts.loaded_on.format(one_line(row.device, 12)))
        if row.recommended:
            notes.append(self._texts.recommended)
        if row.speed:
            notes.append(self._texts.speed.format(rounded(row.speed)))
        notes += [self._texts.advice[kind] for kind in row.advice if kind in self._texts.advice]
        if row.non_commercial:
            notes.append(self._texts.non_commercial)
        return [note for note in notes if note]


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
        if model.server:
            told = self._texts.sent_to if model.remote else self._texts.served_here
            facts.insert(0, told.format(one_line(model.server, 80)))
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


def languages(model: ModelInfo, strings: Strings) -> str:
    """ "en, pt", or "100 languages"."""
    if "mul" in model.languages:
        return strings.screens.models.many_languages
    named = [one_line(code, 8) for code in model.languages[:SHOWN_LANGUAGES]]
    return strings.listed([*named, "…"] if len(model.languages) > SHOWN_LANGUAGES else named)


def rounded(speed: float) -> str:
    """Tokens a second as told: "18", "1.3"."""
    return f"{speed:.0f}" if speed >= 10 else f"{speed:.1f}"


def _widest(texts: Iterable[str], most: int) -> int:
    """Columns that hold the longest of these and a gap of two."""
    return min(most, max((Content(text).cell_length for text in texts), default=0)) + 2


def _column(text: str, cells: int, style: str = "") -> Content:
    content = Content.styled(one_line(text, 200), style).truncate(cells - 2, ellipsis=True)
    return content.pad_right(cells - content.cell_length)
