"""What the keys do on the thing that has the focus, for the status line.

Hints are pieces three spaces apart, each a key (or the name of one, as `{copy}`) and what it does.
"""

from __future__ import annotations

from textual.widget import Widget

from assistant.tui.bound_keys import named_in
from assistant.tui.strings import Strings
from assistant.tui.widgets.answer import AnswerView
from assistant.tui.widgets.chips import Chip
from assistant.tui.widgets.conversation_list import ConversationList
from assistant.tui.widgets.copyable import Copyable
from assistant.tui.widgets.keybar import GAP
from assistant.tui.widgets.picture import Openable
from assistant.tui.widgets.sidebar import RenameField, SearchBox
from assistant.tui.widgets.sources import SourceRow
from assistant.tui.widgets.turn import TurnWidget


def hint(focused: Widget | None, strings: Strings) -> str:
    """The line, its keys by name; empty where nothing needs saying."""
    if isinstance(focused, TurnWidget):
        return _of_message(focused, strings.message_keys)
    hints: tuple[tuple[type, str], ...] = (
        (SourceRow, strings.source_keys),
        (Copyable, strings.code_keys),
        (Openable, strings.picture_keys),
        (Chip, strings.chip_keys),
        (ConversationList, strings.library.list_keys),
        (RenameField, strings.library.rename_hint),
        (SearchBox, strings.library.search_keys),
    )
    return next((text for kind, text in hints if isinstance(focused, kind)), "")


def _of_message(message: TurnWidget, line: str) -> str:
    """The pieces for what this message has."""
    exchange = message.exchange
    answer = message if isinstance(message, AnswerView) else None
    shows_picture = answer is not None and answer.is_of_picture
    quotes = answer is not None and bool(answer.passages)
    has = {
        "copy_code": bool(message.query("CodeBlock")),
        "heat": shows_picture,
        "open": bool(quotes or shows_picture or exchange.user.images or exchange.user.files),
        "version_before": len(exchange.versions) > 1,
        "why": answer is None or answer.routed is not None,
    }
    pieces = line.split(GAP * " ")
    return (GAP * " ").join(p for p in pieces if all(has.get(n, True) for n in named_in(p)))
