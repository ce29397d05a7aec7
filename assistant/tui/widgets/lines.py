"""A list of any length, one line a row: only the rows in view are ever drawn."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

Row = TypeVar("Row")


class LineList(ScrollView, Generic[Row], can_focus=True):
    """Rows with a cursor, walked with the keys or the mouse. Subclasses draw a row.

    Setting 50,000 rows costs no more than setting ten; so does scrolling through them.
    """

    DEFAULT_CSS = """
    LineList {
        height: 1fr; width: 1fr; overflow-x: hidden; overflow-y: auto;
        scrollbar-size-vertical: 1; scrollbar-gutter: stable; color: $foreground;
        & > .lines--row { color: $foreground; }
        & > .lines--hover { background: $boost; }
        & > .lines--cursor { background: $block-cursor-blurred-background; }
        &:focus > .lines--cursor { background: $block-cursor-background; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"lines--row", "lines--hover", "lines--cursor"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home,g", "edge(-1)", show=False),
        Binding("end,G", "edge(1)", show=False),
        Binding("enter,space", "choose", show=False),
    ]

    class Moved(Message):
        """The cursor came to another row, or the rows changed."""

        def __init__(self, lines: LineList[Any]) -> None:
            super().__init__()
            self.lines = lines

        @property
        def control(self) -> LineList[Any]:
            return self.lines

    class Chosen(Moved):
        """The row under the cursor was chosen, by Enter, Space or the mouse."""

    cursor: reactive[int] = reactive(0)
    hovered: reactive[int] = reactive(-1)

    def __init__(self, *, id: str | None = None, chooses_on_click: bool = False) -> None:  # noqa: A002
        super().__init__(id=id)
        self._rows: Sequence[Row] = ()
        self._chooses_on_click = chooses_on_click

    # --- for subclasses -------------------------------------------------------------------

    def draw(self, row: Row, width: int) -> Content:
        """A row as one line, at most `width` columns; anything wider is cut."""
        raise NotImplementedError

    def key(self, row: Row) -> Hashable:
        """What a row is known by when the rows are set anew."""
        return id(row)

    def can_stop_at(self, row: Row) -> bool:  # noqa: ARG002 - for subclasses
        """Whether the cursor may stand on the row; headings are walked past."""
        return True

    # --- rows -----------------------------------------------------------------------------

    @property
    def rows(self) -> Sequence[Row]:
        """What is listed."""
        return self._rows

    @property
    def row(self) -> Row | None:
        """The row under the cursor, when there is one it can stand on."""
        if 0 <= self.cursor < len(self._rows) and self.can_stop_at(self._rows[self.cursor]):
            return self._rows[self.cursor]
        return None

    def show(self, rows: Sequence[Row]) -> None:
        """List these rows; the cursor stays on the row it was on, if that is still there."""
        current = self.row
        self._rows = rows
        self.virtual_size = Size(0, len(rows))
        self.set_reactive(LineList.cursor, self._place_of(current))
        self._keep_in_view()
        self.refresh()
        self.post_message(self.Moved(self))

    def _place_of(self, row: Row | None) -> int:
        if row is not None:
            key, near = self.key(row), self.cursor
            if near < len(self._rows) and self.key(self._rows[near]) == key:
                return near
            for index, other in enumerate(self._rows):
                if self.key(other) == key:
                    return index
        start = min(self.cursor, len(self._rows) - 1)
        return self._stop_near(max(0, start), 1)

    def _stop_near(self, index: int, step: int) -> int:
        """The first row from `index` on that the cursor can stand on, else the other way."""
        for way in (step, -step):
            at = index
            while 0 <= at < len(self._rows):
                if self.can_stop_at(self._rows[at]):
                    return at
                at += way
        return 0

    # --- keys and mouse -------------------------------------------------------------------

    def action_move(self, step: int) -> None:
        """One row up or down."""
        self._move_to(self.cursor + step, step)

    def action_page(self, step: int) -> None:
        """A screenful up or down."""
        self._move_to(self.cursor + step * max(1, self.size.height - 1), step)

    def action_edge(self, step: int) -> None:
        """To the first (-1) or the last row."""
        self._move_to(0 if step < 0 else len(self._rows) - 1, -step)

    def action_choose(self) -> None:
        """Choose the row under the cursor."""
        if self.row is not None:
            self.post_message(self.Chosen(self))

    def _move_to(self, index: int, step: int) -> None:
        if self._rows:
            inside = max(0, min(index, len(self._rows) - 1))
            self.cursor = self._stop_near(inside, step)
            if self.cursor == self._stop_near(0, 1):
                self.scroll_to(y=0, animate=False)  # headings above the first row

    def watch_cursor(self) -> None:
        """Show the row and tell."""
        self._keep_in_view()
        self.refresh()
        self.post_message(self.Moved(self))

    def on_resize(self) -> None:
        """The row under the cursor stays in view when there are fewer rows."""
        self._keep_in_view()

    def watch_hovered(self) -> None:
        """Show the row the mouse is on."""
        self.refresh()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Note the row the mouse is on."""
        self.hovered = event.y + self.scroll_offset.y

    def on_leave(self) -> None:
        """The mouse is gone."""
        self.hovered = -1

    def on_click(self, event: events.Click) -> None:
        """To the row clicked on; a second click (or, in some lists, the first) chooses it."""
        index = event.y + self.scroll_offset.y
        if not 0 <= index < len(self._rows) or not self.can_stop_at(self._rows[index]):
            return
        self.cursor = index
        if self._chooses_on_click or event.chain > 1:
            self.action_choose()

    def _keep_in_view(self) -> None:
        self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False, immediate=True)

    # --- drawing --------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """The row at line `y` of what is in view."""
        width = self.scrollable_content_region.width
        index = y + self.scroll_offset.y
        if not 0 <= index < len(self._rows):
            return Strip.blank(width, self.get_visual_style("lines--row").rich_style)
        row = self.draw(self._rows[index], width - 2).truncate(width - 1, ellipsis=True)
        content = (Content(" ") + row).pad_right(max(0, width - 1 - row.cell_length))
        strips = Visual.to_strips(
            self, content, width, 1, self.get_visual_style(*self._classes_of(index))
        )
        return strips[0] if strips else Strip.blank(width)

    def _classes_of(self, index: int) -> tuple[str, ...]:
        if index == self.cursor and self.can_stop_at(self._rows[index]):
            return ("lines--row", "lines--cursor")
        if index == self.hovered and self.can_stop_at(self._rows[index]):
            return ("lines--row", "lines--hover")
        return ("lines--row",)
