"""A text area that is right to the column for Chinese, emoji and accents.

Textual's moves by code points, so that the cursor stops inside an emoji and Backspace leaves
half of it, and it wraps text without spaces as one word.
"""

from __future__ import annotations

from rich.text import Text
from textual import events
from textual.document._document import Location
from textual.document._document_navigator import DocumentNavigator
from textual.document._wrapped_document import WrappedDocument
from textual.expand_tabs import get_tab_widths
from textual.widgets import TextArea

from assistant.tui import graphemes


class WideDocument(WrappedDocument):
    """Wraps between characters; a few thousand of them, so every edit wraps all of it again,
    from a cache for the lines it left alone."""

    def wrap(self, width: int, tab_width: int | None = None) -> None:
        self._width = width
        self._tab_width = tab_width or self._tab_width
        self._wrap_offsets = []
        self._tab_width_cache = []
        self._line_index_to_offsets = []
        self._offset_to_line_info = []
        for number, line in enumerate(self.document.lines):
            tabs = [cells for _, cells in get_tab_widths(line, self._tab_width)]
            offsets = (
                graphemes.wrap_offsets(line, width, tuple(tabs), self._tab_width) if width else []
            )
            top = len(self._offset_to_line_info)
            rows = range(len(offsets) + 1)
            self._wrap_offsets.append(offsets)
            self._tab_width_cache.append(tabs)
            self._line_index_to_offsets.append([top + row for row in rows])
            self._offset_to_line_info.extend((number, row) for row in rows)

    def wrap_range(self, start: Location, old_end: Location, new_end: Location) -> None:  # noqa: ARG002
        self.wrap(self._width)

    def get_target_document_column(self, line_index: int, x_offset: int, y_offset: int) -> int:
        sections = self.get_sections(line_index)
        y_offset %= len(sections)
        row = sections[y_offset]
        begins = sum(map(len, sections[:y_offset]))
        tabs_before = sum(section.count("\t") for section in sections[:y_offset])
        column = graphemes.column_at(row, x_offset, self.get_tab_widths(line_index)[tabs_before:])
        if column == len(row) and y_offset < len(sections) - 1:
            column = graphemes.before(row, column)  # the end of a row is the next one's begin
        return begins + column


class WideNavigator(DocumentNavigator):
    """Moves by characters as they are seen."""

    def get_location_left(self, location: Location) -> Location:
        row, column = location
        if column == 0:
            return super().get_location_left(location)
        return row, graphemes.before(self._document[row], column)

    def get_location_right(self, location: Location) -> Location:
        row, column = location
        line = self._document[row]
        if column >= len(line):
            return super().get_location_right(location)
        return row, graphemes.after(line, column)

    def get_location_end(self, location: Location) -> Location:
        row, column = super().get_location_end(location)
        line = self._document[row]
        if column in (0, len(line)):
            return row, column
        return row, graphemes.before(line, column + 1)


class WideTextArea(TextArea):
    """A text area over such a document."""

    def get_line(self, line_index: int) -> Text:
        """The line; under a cursor all code points of the character, where Textual marks one."""
        text = super().get_line(line_index)
        row, column = self.selection.end
        style = self._theme.cursor_style
        if row == line_index and self._draw_cursor and style is not None:
            end = graphemes.after(text.plain, column)
            text.stylize(style, column + 1, end)
        return text

    def place_cursor(self) -> None:
        """Tell the terminal where the cursor is, so that an input method opens its list there."""
        if self.has_focus:
            self.app.cursor_position = self.cursor_screen_offset

    def _set_document(self, text: str, language: str | None) -> None:
        super()._set_document(text, language)
        self.wrapped_document = WideDocument(self.document, tab_width=self.indent_width)
        self.navigator = WideNavigator(self.wrapped_document)
        self._rewrap_and_refresh_virtual_size()

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002 - Textual's signature
        """The area grew or shrank, and with it the place of the cursor on the screen."""
        self.call_after_refresh(self.place_cursor)
