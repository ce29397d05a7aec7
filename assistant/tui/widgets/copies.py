"""Groups of pictures that are nearly the same: a heading each, its files below it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TypeGuard

from textual.content import Content

from assistant.core.picture_search import PictureGroup
from assistant.core.text import one_line
from assistant.tui.strings_screens import DuplicateTexts
from assistant.tui.widgets.lines import LineList


@dataclass(frozen=True, slots=True)
class GroupRow:
    """The heading of a group; the cursor walks past it."""

    group: PictureGroup
    number: int


@dataclass(frozen=True, slots=True)
class CopyRow:
    """A file of a group."""

    group: PictureGroup
    path: str

    @property
    def is_largest(self) -> bool:
        """Whether no other file of the group is larger."""
        return self.path == self.group.paths[0]


Row = GroupRow | CopyRow


class CopyList(LineList[Row]):
    """Lists groups of any number."""

    def __init__(self, texts: DuplicateTexts) -> None:
        super().__init__(id="copies")
        self._texts = texts

    @property
    def row(self) -> CopyRow | None:
        """The file under the cursor."""
        row = super().row
        return row if _is_copy(row) else None

    def show_groups(self, groups: Sequence[PictureGroup]) -> None:
        """List these groups instead of what was listed."""
        rows: list[Row] = []
        for number, group in enumerate(groups):
            rows.append(GroupRow(group, number))
            rows += [CopyRow(group, path) for path in group.paths]
        self.show(rows)

    def can_stop_at(self, row: Row) -> bool:
        return _is_copy(row)

    def key(self, row: Row) -> Hashable:
        return row.path if _is_copy(row) else row

    def draw(self, row: Row, width: int) -> Content:
        if not _is_copy(row):
            kind = self._texts.identical if row.group.identical else self._texts.alike
            return Content.styled(f"▾ {kind.format(len(row.group.paths))}", "bold $primary")
        mark = ("● ", "$success") if row.is_largest else ("○ ", "$foreground-muted")
        return Content.assemble("  ", mark, _ended(one_line(row.path, 400), width - 5))


def _is_copy(row: Row | None) -> TypeGuard[CopyRow]:
    return isinstance(row, CopyRow)


def _ended(path: str, room: int) -> Content:
    """The path, cut at its beginning where it is too long: its end tells files apart."""
    whole = Content(path)
    if whole.cell_length <= room:
        return whole
    kept = path
    while kept and Content(kept).cell_length > room - 1:
        kept = kept[max(1, (len(kept) - room) // 2) :]
    return Content(f"…{kept}")
