"""Lists of an answer, drawn as one text each.

Textual mounts four widgets for an item, so that a list of a thousand takes seconds to show and
to resize. Here a list whose items hold only text and such lists is one widget; any other (code
or tables in items) is left to Textual.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.content import Content
from textual.css.styles import RulesMap
from textual.selection import Selection
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual
from textual.widgets._markdown import (
    MarkdownBlock,
    MarkdownBulletList,
    MarkdownList,
    MarkdownListItem,
    MarkdownOrderedList,
    MarkdownOrderedListItem,
    MarkdownParagraph,
)

LEAST_TEXT = 10
"""Columns of text that deep items keep on a narrow screen; their indent gives way."""


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph of an item: columns of indent, its bullet (only the first has one), text."""

    indent: int
    bullet: str
    text: Content

    def laid(self, width: int) -> Iterator[Content]:
        """The lines of it, all but the first indented as far as the text of the first."""
        indent = max(0, min(self.indent, width - len(self.bullet) - LEAST_TEXT))
        hanging = " " * (indent + len(self.bullet))
        lines = self.text.wrap(max(1, width - len(hanging))) or [Content("")]
        if self.bullet.strip():
            yield Content.assemble(" " * indent, (self.bullet, "$primary"), lines[0])
        else:
            yield Content(hanging) + lines[0]
        yield from (Content(hanging) + line for line in lines[1:])


BOXES = {"[ ] ": "☐", "[x] ": "☑"}
BOX_CELLS = 4
"""Of a box as it is written."""


class ListVisual(Visual):
    """Rows laid out for the width there is."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        self._width = 0
        self._laid = Content("")

    def laid(self, width: int) -> Content:
        """The whole list, its lines no wider than `width`."""
        if width != self._width:
            lines = [line for row in self._rows for line in row.laid(width)]
            self._width, self._laid = width, Content("\n").join(lines)
        return self._laid

    @property
    def plain(self) -> str:
        """The list as it was laid out last."""
        return self._laid.plain

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        return self.laid(width).render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:  # noqa: ARG002
        return container_width

    def get_minimal_width(self, rules: RulesMap) -> int:  # noqa: ARG002
        return LEAST_TEXT

    def get_height(self, rules: RulesMap, width: int) -> int:  # noqa: ARG002
        return self.laid(width).plain.count("\n") + 1


class FlatList(MarkdownList):
    """What both kinds share."""

    def compose(self) -> ComposeResult:
        rows = flattened(self)
        if rows is None:
            yield from super().compose()
        else:
            self._blocks.clear()
            self.update(ListVisual(rows))

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The part of the text that is selected."""
        visual = self.visual
        if isinstance(visual, ListVisual):
            return selection.extract(visual.plain), "\n"
        return super().get_selection(selection)

    async def _update_from_block(self, block: MarkdownBlock) -> None:
        rows = flattened(block) if isinstance(block, type(self)) else None
        if rows is None or not isinstance(self.visual, ListVisual):
            await super()._update_from_block(block)
        else:
            self._copy_context(block)
            self.update(ListVisual(rows))


class FlatBulletList(FlatList, MarkdownBulletList):
    """A list with bullets."""


class FlatOrderedList(FlatList, MarkdownOrderedList):
    """A list with numbers."""


def flattened(block: MarkdownBlock, indent: int = 0) -> list[Row] | None:
    """The rows of a list and of those inside it; None when it holds anything but text."""
    rows: list[Row] = []
    for bullet, item in _numbered(block):
        inside = indent + len(bullet)
        for number, part in enumerate(item._blocks):  # noqa: SLF001 - there is no other way to them
            if isinstance(part, MarkdownParagraph):
                if number:
                    rows.append(Row(inside, "", Content("")))
                text = part._content  # noqa: SLF001
                rows.append(Row(inside, "", text) if number else _first(indent, bullet, text))
                continue
            inner = flattened(part, inside) if isinstance(part, MarkdownList) and number else None
            if inner is None:
                return None
            rows += inner
        if not item._blocks:  # noqa: SLF001
            rows.append(Row(indent, bullet, Content("")))
    return rows


def _first(indent: int, bullet: str, text: Content) -> Row:
    """The first row of an item; a box takes the place of the bullet of what is to be done."""
    box = BOXES.get(text.plain[:BOX_CELLS].lower())
    if box is None:
        return Row(indent, bullet, text)
    return Row(indent, box.ljust(len(bullet)), text[BOX_CELLS:])


def _numbered(block: MarkdownBlock) -> Iterator[tuple[str, MarkdownListItem]]:
    """The items with their bullets or numbers, which are as wide as the widest."""
    items = [b for b in block._blocks if isinstance(b, MarkdownListItem)]  # noqa: SLF001
    if not items or not isinstance(items[0], MarkdownOrderedListItem):
        yield from ((item.bullet, item) for item in items)
        return
    start = int(items[0].bullet) if items[0].bullet.isdecimal() else 1
    width = len(f"{start + len(items) - 1}. ")
    for number, item in enumerate(items, start):
        yield f"{number}. ".rjust(width), item
