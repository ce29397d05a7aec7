"""Says in a few lines what adding and syncing did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assistant.core.events import Event, Notice
from assistant.core.text import one_line
from index.files import Below, Changes, Found, Known
from index.reading import Outcome


@dataclass
class Tally:
    """Files by what became of them."""

    read: int = 0
    copied: int = 0
    touched: int = 0
    failed: int = 0

    def count(self, outcome: Outcome) -> None:
        """One more of these."""
        setattr(self, outcome, getattr(self, outcome) + 1)


def report(
    found: Found, todo: Changes, tally: Tally, known: Mapping[str, Known], *, brief: bool
) -> Iterator[Event]:
    """A `Notice` a matter.

    Args:
        brief: only what happened, nothing when nothing did.
    """
    if brief and not (tally.read or tally.copied or tally.failed or todo.gone):
        return
    if not brief:
        yield from _of_places(found, known)
    counts = (
        (tally.read, "read"),
        (tally.copied, "moved or copied"),
        (len(todo.unchanged) + tally.touched, "unchanged"),
        (len(todo.gone), "no longer there"),
        (found.skipped, "of other formats passed over"),
        (found.forgotten, "forgotten before and left out"),
    )
    parts = [f"{count:,} {words}" for count, words in counts if count]
    if parts:
        yield Notice(f"Files: {', '.join(parts)}.")
    if tally.failed:
        yield Notice(
            f"Files that could not be read: {tally.failed:,}.",
            "/documents in the chat, or “assistant index status --failed”, says why; "
            "“assistant index add” tries again.",
        )


def _of_places(found: Found, known: Mapping[str, Known]) -> Iterator[Event]:
    for path in found.missing:
        below = Below([path])
        if any(file in below for file in known):
            yield Notice(
                f"{one_line(path)} is not there; what was read from it is kept.",
                "Connect its disk, or take it out: assistant index forget PATH",
            )
        else:
            yield Notice(f"There is no file or folder {one_line(path)}.", "Check the path.")
    for path in found.unreadable:
        yield Notice(f"The folder {one_line(path)} can't be opened.", "Check its permissions.")
    for path in found.uncertain:
        below = Below([path])
        if any(file in below for file in known):
            yield Notice(
                f"{one_line(path)} leads nowhere; what was read from it is kept.",
                "Connect its disk, or take it out: assistant index forget PATH",
            )
