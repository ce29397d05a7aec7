"""What the person said."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from assistant.core.messages import Attachment, ImageAttachment, TextAttachment
from assistant.core.text import sanitize
from assistant.tui.attachments import label, size
from assistant.tui.gallery import MOST_PICTURES
from assistant.tui.moments import written
from assistant.tui.widgets.picture import ALONE, THUMBNAIL, PictureAgain, PictureView
from assistant.tui.widgets.turn import TurnWidget
from assistant.tui.widgets.versions import VersionSwitch

SHOWN_LINES = 40
SHOWN_CHARACTERS = 8_000
"""A longer message is cut on the screen, not in the conversation."""


class QuestionView(TurnWidget):
    """The person's text, literally, and what was attached."""

    DEFAULT_CSS = """
    QuestionView {
        background: $surface; border-left: outer $primary-muted; margin: 0 0 1 0; padding: 0 2;
        & > .text { width: 1fr; height: auto; color: $foreground; }
        & > .attached { width: 1fr; height: auto; color: $foreground-muted; }
        & > .pictures { width: 1fr; height: auto; margin: 1 0 0 0; }
        & > .moment { width: 1fr; height: 1; color: $foreground-disabled; display: none; }
        &.-times > .moment { display: block; }
    }
    """

    def compose(self) -> ComposeResult:
        user, versions = self.exchange.user, self.exchange.versions
        if len(versions) > 1 and self.exchange.id is not None:
            yield VersionSwitch(versions.index(self.exchange.id) + 1, len(versions))
        if user.text:
            yield Static(self._text(), classes="text", markup=False)
        drawn = user.images[:MOST_PICTURES] if self._pictures.is_on else ()
        again = [path for path in drawn if self._gallery.was_shown(path, self.exchange)]
        shown = [path for path in drawn if path not in again]
        others = [a for a in user.attachments if _path_of(a) not in drawn]
        if others:
            yield Static(_names(others), classes="attached", markup=False)
        for path in again:
            yield PictureAgain(path, self._gallery, self._strings)
        if shown:
            room = ALONE if len(shown) == 1 else THUMBNAIL
            with Horizontal(classes="pictures"):
                for path in shown:
                    yield PictureView(path, "", room, self._pictures)
        yield Static(written(self.exchange.created, self._zone), classes="moment", markup=False)

    @on(VersionSwitch.Stepped)
    def _step(self, event: VersionSwitch.Stepped) -> None:
        event.stop()
        self.action_version(event.step)

    def _text(self) -> Content:
        text = sanitize(self.exchange.user.text)
        lines = text[:SHOWN_CHARACTERS].splitlines()
        shown = Content("\n".join(lines[:SHOWN_LINES]))
        hidden = len(text.splitlines()) - min(len(lines), SHOWN_LINES)
        if hidden <= 0 and len(text) <= SHOWN_CHARACTERS:
            return shown
        more = self._strings.more_lines.format(max(hidden, 1))
        return shown + Content.styled(f"\n{more}", "$foreground-muted")


def _path_of(attachment: Attachment) -> str:
    return attachment.path if isinstance(attachment, ImageAttachment) else ""


def _names(attachments: list[Attachment]) -> Content:
    return Content("   ").join(_name(attachment) for attachment in attachments)


def _name(attachment: Attachment) -> Content:
    measure = f" {size(attachment)}" if isinstance(attachment, TextAttachment) else ""
    return Content.assemble(
        (glyph(attachment), "$accent"), f" {label(attachment)}", (measure, "$foreground-disabled")
    )


def glyph(attachment: object) -> str:
    """A one-cell sign for the kind of attachment."""
    if isinstance(attachment, ImageAttachment):
        return "▣"
    return "¶" if isinstance(attachment, TextAttachment) else "≡"
