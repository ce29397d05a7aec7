"""What the keys do on the thing that has the focus, for the status line."""

from __future__ import annotations

from textual.widget import Widget

from assistant.tui.strings import Strings
from assistant.tui.widgets.answer import AnswerView
from assistant.tui.widgets.chips import Chip
from assistant.tui.widgets.conversation_list import ConversationList
from assistant.tui.widgets.copyable import Copyable
from assistant.tui.widgets.picture import Openable
from assistant.tui.widgets.sidebar import RenameField, SearchBox
from assistant.tui.widgets.sources import SourceRow
from assistant.tui.widgets.turn import TurnWidget


def hint(focused: Widget | None, strings: Strings) -> str:
    """The line; empty where nothing needs saying."""
    if isinstance(focused, AnswerView) and focused.is_of_picture:
        return strings.picture_answer_keys
    hints: tuple[tuple[type, str], ...] = (
        (TurnWidget, strings.message_keys),
        (SourceRow, strings.source_keys),
        (Copyable, strings.code_keys),
        (Openable, strings.picture_keys),
        (Chip, strings.chip_keys),
        (ConversationList, strings.library.list_keys),
        (RenameField, strings.library.rename_hint),
        (SearchBox, strings.library.search_keys),
    )
    return next((text for kind, text in hints if isinstance(focused, kind)), "")
