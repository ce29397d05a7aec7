"""The keys as they are bound now, and the commands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from assistant.core.text import one_line
from assistant.tui.commands import Command
from assistant.tui.keys import KEYS, current, groups
from assistant.tui.screens.dialog import Dialog
from assistant.tui.strings import Strings

KEY_CELLS = 14
MOST_COLUMNS = 3
LEAST_CELLS = 48
"""Of a column, where its rows are broken to make room for one more."""
GAP = 4
"""Columns between them."""
MOST_WIDTH = 0.94
"""Of the terminal."""
EDGE_CELLS = 7
"""Of the box: borders, padding, scroll bar."""

Block = Sequence[Content]
"""A heading and its rows, which stay together."""


class HelpScreen(Dialog[None]):
    """Scrolls when it is longer than the terminal."""

    DEFAULT_CSS = f"""
    HelpScreen Horizontal {{ height: auto; }}
    HelpScreen .column {{ margin: 0 {GAP} 0 0; }}
    HelpScreen .column:last-child {{ margin: 0; }}
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "leave", show=False, id="help"),
        Binding("q", "leave", show=False),
        Binding("down,j", "scroll_box(1)", show=False),
        Binding("up,k", "scroll_box(-1)", show=False),
        Binding("pagedown,space", "scroll_box(10)", show=False),
        Binding("pageup", "scroll_box(-10)", show=False),
    ]

    def __init__(
        self,
        commands: Sequence[Command],
        config_file: Path,
        strings: Strings,
    ) -> None:
        super().__init__(strings.help_title, strings.close_hint)
        self._commands = commands
        self._config_file = config_file
        self._strings = strings
        self._columns = Horizontal()
        self._widths: list[int] = []

    def parts(self) -> ComposeResult:
        yield self._columns
        config = one_line(str(self._config_file), 200)
        said = self._strings.help_config.format(config)
        yield Static(Content.styled(f"\n{said}", "$foreground-muted"), markup=False)

    async def on_resize(self) -> None:
        """As many columns as there is room for."""
        columns = self._laid_out(int(MOST_WIDTH * self.app.size.width) - EDGE_CELLS)
        widths = [width for width, _ in columns]
        if widths == self._widths:
            return
        self._widths = widths
        self._box.styles.width = sum(widths) + GAP * (len(widths) - 1) + EDGE_CELLS
        await self._columns.remove_children()
        await self._columns.mount_all(_column(*column) for column in columns)

    def _laid_out(self, room: int) -> list[tuple[int, Block]]:
        """Columns with their widths: as many as fit, with whole rows or, if they are then wide
        enough, with broken ones."""
        whole = list(self._blocks(room))
        for count in range(MOST_COLUMNS, 1, -1):
            left = room - GAP * (count - 1)
            columns = in_columns(whole, count)
            widths = [max(line.cell_length for line in column) for column in columns]
            if sum(widths) <= left:
                return list(zip(widths, columns, strict=True))
            if (cells := left // count) >= LEAST_CELLS:
                return [(cells, column) for column in in_columns([*self._blocks(cells)], count)]
        return [(room, in_columns(whole, 1)[0])]

    def action_scroll_box(self, lines: int) -> None:
        """Scroll the help."""
        self._box.scroll_relative(y=lines, animate=False)

    def _blocks(self, cells: int) -> Iterator[Block]:
        strings = self._strings
        for group in groups():
            names = [key.name for key in KEYS if key.group == group]
            bound = ["  ".join(current(name, strings.bound.keymap)) for name in names]
            told = [strings.keys[name] for name in names]
            yield _block(strings.keyed(strings.groups[group]), zip(bound, told, strict=True), cells)
        commands = [
            (f"/{one_line(command.name, 24)}", one_line(command.summary, 100))
            for command in self._commands
        ]
        yield _block(strings.help_commands, commands, cells)


def in_columns(blocks: Sequence[Block], count: int) -> list[Block]:
    """The blocks in their order in so many columns, the longest as short as can be; an empty line
    between two of a column."""
    heights = [len(block) + 1 for block in blocks]
    ends = min(
        combinations(range(1, len(blocks)), min(count, len(blocks)) - 1),
        key=lambda ends: max(sum(heights[a:b]) for a, b in pairwise((0, *ends, len(blocks)))),
    )
    return [
        [line for block in blocks[start:end] for line in (*block, Content())][:-1]
        for start, end in pairwise((0, *ends, len(blocks)))
    ]


def _column(cells: int, lines: Block) -> Static:
    column = Static(Content("\n").join(lines), classes="column", markup=False)
    column.styles.width = cells
    return column


def _block(heading: str, rows: Iterable[tuple[str, str]], cells: int) -> Block:
    lines = [line for left, right in rows for line in _row(left, right, cells)]
    return [Content.styled(heading, "bold $primary"), *lines]


def _row(left: str, right: str, cells: int) -> Iterator[Content]:
    """Keys, and what they do; what takes several lines stays right of the keys."""
    keys = Content.styled(f" {left}", "$accent")
    keys = keys.pad_right(max(1, KEY_CELLS - keys.cell_length))
    for line in Content(right).wrap(max(1, cells - keys.cell_length)):
        yield keys + line
        keys = Content(" " * keys.cell_length)
