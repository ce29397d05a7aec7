"""A picture in the conversation, with its name; Enter or a click opens the file."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from assistant.core.errors import DocumentError
from assistant.core.text import one_line
from assistant.tui.gallery import Gallery
from assistant.tui.graphics import Box
from assistant.tui.pictures import Pictures
from assistant.tui.strings import Strings

THUMBNAIL = Box(30, 8)
"""Of several beside one another."""
ALONE = Box(48, 12)
FULL = Box(64, 16)
"""What an answer made."""


class Openable(Widget, can_focus=True):
    """Stands for a file that a key or a click opens in its own viewer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "open", show=False),
        Binding("o", "open", show=False, id="open"),
    ]

    class Opened(Message):
        """The file is to be seen in its own viewer."""

        def __init__(self, path: Path) -> None:
            super().__init__()
            self.path = path

    @property
    def file(self) -> Path:
        """What is opened."""
        raise NotImplementedError

    def on_click(self) -> None:
        """Open the file."""
        self.action_open()

    def action_open(self) -> None:
        """Open the file."""
        self.post_message(self.Opened(self.file))


class PictureAgain(Openable, Static, can_focus=True):
    """One line for a picture that was shown before: its name and its number."""

    DEFAULT_CSS = """
    PictureAgain {
        width: auto; max-width: 100%; height: 1; text-wrap: nowrap; text-overflow: ellipsis;
        &:hover { background: $boost; }
        &:focus { background: $block-cursor-background; color: $block-cursor-foreground; }
    }
    """

    def __init__(self, path: str, gallery: Gallery, strings: Strings) -> None:
        super().__init__(markup=False)
        self._path = path
        self._gallery = gallery
        self._strings = strings

    @property
    def file(self) -> Path:
        """What is opened."""
        return Path(self._path)

    def on_mount(self) -> None:
        """Say which one it is."""
        self.renumber()

    def renumber(self) -> None:
        """Say which one it is, by all that is known of the conversation now."""
        name = one_line(Path(self._path).name, 60)
        told = self._strings.picture_again.format(self._gallery.number(self._path))
        self.update(
            Content.assemble(("▣ ", "$secondary"), name, (f"  {told}", "$foreground-disabled"))
        )


class PictureView(Vertical, Openable, can_focus=True):
    """Keeps the room for the picture while it is read; a line says why when it can't be."""

    DEFAULT_CSS = """
    PictureView {
        width: auto; height: auto; max-width: 100%; margin: 0 2 0 0;
        & > .room { background: $boost; max-width: 100%; }
        & > .caption { width: auto; height: 1; color: $foreground-muted;
                       text-wrap: nowrap; text-overflow: ellipsis; }
        & > .caption.-trouble { height: auto; text-wrap: wrap; text-overflow: fold; }
        &:hover > .caption { background: $boost; }
        &:focus > .caption { background: $block-cursor-background;
                             color: $block-cursor-foreground; }
    }
    """

    def __init__(self, path: str, caption: str, most: Box, pictures: Pictures) -> None:
        super().__init__()
        self._path = Path(path)
        self._caption = caption
        self._most = most
        self._pictures = pictures
        self._room = Static(classes="room", markup=False)
        room = pictures.room(self._path, most)
        self._room.styles.width, self._room.styles.height = room.columns, room.rows
        self._below = Static(self._line(caption), classes="caption", markup=False)
        self._below.styles.max_width = most.columns

    def compose(self) -> ComposeResult:
        yield self._room
        yield self._below

    def on_mount(self) -> None:
        """Read it beside."""
        self.run_worker(self._load(), group="picture")

    @property
    def file(self) -> Path:
        """What is opened."""
        return self._path

    async def _load(self) -> None:
        app = self.app
        try:
            picture = await self._pictures.load(
                self._path, self._most, has_terminal=not (app.is_web or app.is_headless)
            )
        except DocumentError as error:
            self._room.display = False
            self._below.add_class("-trouble")
            self._below.update(self._line(self._pictures.tell(error.message)))
            return
        with app.batch_update():
            await self.mount(picture.widget(), before=self._room)
            self._room.display = False

    def _line(self, caption: str) -> Content:
        name = one_line(self._path.name, 60)
        rest = "" if caption == self._path.name else one_line(caption, 120)
        return Content.assemble(
            ("▣ ", "$secondary"), name, (f"  {rest}" if rest else "", "$foreground-disabled")
        )
