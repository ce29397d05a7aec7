"""The models, one a line: here, offered by servers, to be fetched."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from textual.content import Content

from assistant.core.inventory import ModelInfo
from assistant.core.text import one_line
from assistant.tui.pulls import Pulls
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
