"""What an answer says besides its text: notices, labels, pictures, failures; as content."""

from __future__ import annotations

from pathlib import Path

from textual.content import Content

from assistant.core.events import Failed, Labelled, Notice, Picture, Progress, SentTo
from assistant.core.text import one_line, sanitize
from assistant.language.messages.catalogue import joined
from assistant.tui.strings import Strings
from assistant.tui.widgets.bars import bar
from assistant.tui.widgets.remark import with_commands

BAR_CELLS = 20
LABEL_CELLS = 28
MAX_LABELS = 5
BYTES = frozenset({"bytes", "B"})
"""Units that are told as megabytes, in every language."""


def notice(event: Notice, strings: Strings) -> Content:
    """The fact, then the hint, dimmer."""
    fact = strings.tell(event.text)
    return Content.assemble(
        ("ⓘ ", "$primary"),
        with_commands(sanitize(fact)),
        with_commands(_after(fact, strings.tell(event.hint)), "$foreground-muted"),
    )


def sent(event: SentTo, strings: Strings) -> Content:
    """That text leaves this machine, and whether others can read along."""
    told = strings.screens.models.sent_notice.format(one_line(event.host, 80))
    more = "" if event.encrypted else strings.screens.models.sent_open
    return Content.assemble(("⇢ ", "$warning"), told, (_after(told, more), "$foreground-muted"))


def failure(event: Failed, strings: Strings) -> Content:
    """The fact, then the remedy."""
    hint = sanitize(strings.tell(event.hint))
    return Content.assemble(
        ("✗ ", "bold $error"),
        with_commands(sanitize(strings.tell(event.message)), "bold"),
        with_commands(f"\n{hint}" if hint else ""),
    )


def labels(event: Labelled) -> Content:
    """A bar for each of the likeliest labels."""
    lines = []
    for label in event.labels[:MAX_LABELS]:
        name = Content(one_line(label.shown or label.label, LABEL_CELLS)).pad_right(1)
        name = name.pad_right(max(0, LABEL_CELLS - name.cell_length))
        lines.append(
            name + bar(label.score, BAR_CELLS, "$secondary") + Content(f" {label.score:>4.0%}")
        )
    return Content("\n").join(lines)


def picture(event: Picture) -> Content:
    """The file's name and what it shows."""
    name = one_line(Path(event.path).name, 80)
    caption = "" if event.caption == Path(event.path).name else event.caption
    return Content.assemble(
        ("▣ ", "$secondary"), name, (_after(name, caption), "$foreground-muted")
    )


def amount(event: Progress) -> str:
    """ "12 / 40 files", or just "12 files" while the total is unknown; megabytes for bytes."""
    if event.unit in BYTES:
        done, total = f"{event.done / 1e6:,.0f}", f"{(event.total or 0) / 1e6:,.0f}"
        return f"{done} / {total} MB" if event.total else f"{done} MB"
    total = f" / {event.total:,.0f}" if event.total else ""
    return f"{event.done:,.0f}{total} {one_line(event.unit, 20)}"


def _after(before: str, text: str) -> str:
    """The text as it follows another one: after a full-width sign without a space."""
    return sanitize(joined((before, text))[len(before) :]) if text else ""
