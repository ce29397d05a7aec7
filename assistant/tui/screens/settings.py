"""The settings: every one with its value and where it comes from; changed in place."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Input

from assistant.core.errors import AssistantError
from assistant.core.text import one_line
from assistant.tui.keys import bindings, written
from assistant.tui.preferences import (
    AT_ONCE,
    Preferences,
    Row,
    Value,
    check_model,
    parsed,
    with_choices,
)
from assistant.tui.screens.page import Page
from assistant.tui.services import Services
from assistant.tui.strings import Strings
from assistant.tui.widgets import gauge
from assistant.tui.widgets.lines import LineList

NAME_CELLS = 24
ORIGIN_CELLS = 34


@dataclass(frozen=True, slots=True)
class Heading:
    """A table of config.toml; None is an empty line."""

    section: str | None


SettingRow = Heading | Row


class SettingList(LineList[SettingRow]):
    """Name, value, origin; a table's name above its settings."""

    def __init__(self, strings: Strings) -> None:
        super().__init__(id="settings")
        self._texts = strings.screens.settings

    def show_settings(self, settings: Iterable[Row]) -> None:
        """List these, below the names of their tables."""
        rows: list[SettingRow] = []
        section: str | None = None
        for row in settings:
            if row.section != section:
                if section is not None:
                    rows.append(Heading(None))
                section = row.section
                rows.append(Heading(section))
            rows.append(row)
        self.show(rows)

    def key(self, row: SettingRow) -> Hashable:
        return row.dotted if isinstance(row, Row) else f"[{row.section}]"

    def can_stop_at(self, row: SettingRow) -> bool:
        return isinstance(row, Row)

    def draw(self, row: SettingRow, width: int) -> Content:
        if isinstance(row, Heading):
            if row.section is None:
                return Content()
            title = self._texts.sections.get(row.section, self._texts.general)
            table = f"  [{row.section}]" if row.section else ""
            return Content.assemble((title, "bold $primary"), (table, "$foreground-muted"))
        origin = origin_of(row, self._texts.default, self._texts.option)
        cells = min(ORIGIN_CELLS, max(12, width // 3))
        right = Content.styled(one_line(origin, cells), _origin_style(row))
        name = Content(f"  {one_line(row.name, NAME_CELLS - 3)}").pad_right(1)
        name = name.pad_right(max(0, NAME_CELLS + 2 - name.cell_length))
        room = max(1, width - name.cell_length - right.cell_length - 2)
        value = Content(shown(row, self._texts.empty)).truncate(room, ellipsis=True)
        if row.origin:
            value = value.stylize("bold")
        gap = Content(
            " " * max(1, width - name.cell_length - value.cell_length - right.cell_length)
        )
        return name + value + gap + right


class SettingsScreen(Page):
    """Enter changes the setting under the cursor: the next choice, or a line to type in."""

    DEFAULT_CSS = """
    SettingsScreen {
        #value { height: 1; border: none; padding: 0 1; margin: 1 0 0 0; visibility: hidden;
                 background: $panel; }
        #value:focus { border: none; }
        #value.-editing { visibility: visible; }
        Detail { height: 4; margin: 0 0 1 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("settings")]
    AUTO_FOCUS = "SettingList"

    def __init__(self, services: Services) -> None:
        super().__init__(
            services, services.strings.screens.settings.title, str(services.config_file)
        )
        self._texts = services.strings.screens.settings
        self._preferences: Preferences = services.preferences
        self._list = SettingList(services.strings)
        self._value = Input(id="value", compact=True)
        self._editing: Row | None = None

    def parts(self) -> ComposeResult:
        yield self._list
        yield self._value

    def on_mount(self) -> None:
        """List them."""
        self._list_again()
        self.show_keys(("change", "reset"))

    def _list_again(self) -> None:
        themes = tuple(sorted(self.app.available_themes))
        self._list.show_settings(
            with_choices(row, themes, self._strings) if row.dotted == "ui.theme" else row
            for row in self._preferences.rows()
        )

    @on(LineList.Moved)
    def _describe(self) -> None:
        row = self._list.row
        if isinstance(row, Row) and self._editing is None:
            self._detail.say(*self._facts(row))

    def _facts(self, row: Row) -> list[Content]:
        texts = self._texts
        default = _written(row.default) or texts.empty
        parts = [texts.takes.format(row.takes), texts.default_is.format(one_line(default, 60))]
        last = texts.variable_is.format(row.variable) if row.variable else ""
        return [
            Content.styled(one_line(row.description or row.dotted, 300), "$foreground"),
            Content(one_line(gauge.SEPARATOR.join(parts), 400)),
            Content(last),
        ]

    # --- changing -------------------------------------------------------------------------

    @on(LineList.Chosen)
    async def _chosen(self) -> None:
        await self.action_change()

    async def action_change(self) -> None:
        """The next choice, or a line to type in."""
        row = self._list.row
        if not isinstance(row, Row):
            return
        if row.kind is bool:
            await self._save(row, not row.value)
        elif row.choices:
            at = row.choices.index(str(row.value)) if row.value in row.choices else -1
            await self._save(row, row.choices[(at + 1) % len(row.choices)])
        else:
            self._edit(row)

    def _edit(self, row: Row) -> None:
        self._editing = row
        self._value.value = str(row.value)
        self._value.add_class("-editing")
        self._value.focus()
        self._detail.say(*self._facts(row)[:2], Content(self._texts.edit_keys))

    @on(Input.Submitted)
    async def _submit(self) -> None:
        row = self._editing
        if row is None:
            return
        try:
            value = parsed(row, self._value.value, self._strings)
            if row.name.endswith("model"):
                await self._check_model(row, value)
        except AssistantError as error:
            self._detail.say(
                Content.styled(one_line(self._strings.tell(error.message), 300), "$error"),
                Content(one_line(self._strings.tell(error.hint), 300)),
                Content(self._texts.edit_keys),
            )
            return
        self._stop_editing()
        await self._save(row, value)

    async def _check_model(self, row: Row, value: Value) -> None:
        """Refuse the name of no model; where the models can't be asked for, let it pass."""
        pulls = self._services.pulls
        if not pulls.models:
            await pulls.refresh()
        check_model(row, value, pulls.models)

    def action_leave(self) -> None:
        """From a line being typed back to the list, from there to the conversation."""
        if self._editing is not None:
            self._stop_editing()
        else:
            super().action_leave()

    def _stop_editing(self) -> None:
        self._editing = None
        self._value.remove_class("-editing")
        self._list.focus()
        self._describe()

    async def _save(self, row: Row, value: Value) -> None:
        try:
            now = await self._preferences.save(row.dotted, value)
        except AssistantError as error:
            self.notify(
                one_line(self._strings.tell_error(error), 400),
                severity="error",
                timeout=10,
                markup=False,
            )
            return
        self._applied()
        if now.value != value:
            self._say(self._texts.overridden.format(one_line(now.origin, 60)))
        else:
            self._say(self._strings.together(self._texts.saved.format(row.dotted), self._when(row)))

    async def action_reset(self) -> None:
        """Back to the default."""
        row = self._list.row
        if not isinstance(row, Row):
            return
        try:
            was_there = await self._preferences.reset(row.dotted)
        except AssistantError as error:
            self.notify(
                one_line(self._strings.tell_error(error), 400),
                severity="error",
                timeout=10,
                markup=False,
            )
            return
        self._applied()
        if was_there:
            self._say(self._strings.together(self._texts.reset.format(row.dotted), self._when(row)))
        elif row.origin:
            self._say(self._texts.overridden.format(one_line(row.origin, 60)))
        else:
            self._say(self._texts.was_default)

    def _applied(self) -> None:
        self._services.apply_preferences()
        self._list_again()

    def _when(self, row: Row) -> str:
        if row.dotted in AT_ONCE or row.section in AT_ONCE:
            return ""
        return self._texts.at_next_start if row.section == "ui" else ""

    def _say(self, text: str) -> None:
        self.notify(text, timeout=3, markup=False)


def shown(row: Row, empty: str) -> str:
    """A value for the list: keys as people write them, an empty text as such."""
    if row.section == "keys":
        return "  ".join(written(key) for key in str(row.value).split(","))
    return one_line(_written(row.value), 300) or empty


def origin_of(row: Row, default: str, option: str) -> str:
    """Where a value comes from, in words."""
    if not row.origin:
        return default
    return option if row.origin == "option" else row.origin


def _origin_style(row: Row) -> str:
    return "$accent" if row.origin else "$foreground-muted"


def _written(value: Value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:,}" if isinstance(value, int) else str(value)
