"""Explains why a skill was chosen: how sure, by how much, the reason, the others."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from assistant.core.events import Routed
from assistant.core.text import one_line, sanitize
from assistant.tui.screens.dialog import Dialog
from assistant.tui.strings import Strings
from assistant.tui.widgets.badge import COLOURS, OTHER_COLOUR

BAR_CELLS = 24
NAME_CELLS = 16


class WhyScreen(Dialog[None]):
    """Shows a `Routed` event."""

    def __init__(self, routed: Routed | None, seconds: float | None, strings: Strings) -> None:
        super().__init__(strings.why_title, strings.close_hint)
        self._routed = routed
        self._seconds = seconds
        self._strings = strings

    def parts(self) -> ComposeResult:
        if self._routed is None:
            yield Static(self._strings.why_none, markup=False)
            return
        yield Static(self._scores(self._routed), markup=False)
        yield Static(self._facts(self._routed), markup=False)

    def _scores(self, routed: Routed) -> Content:
        lines = [self._bar(routed.skill, routed.score, chosen=True)]
        lines += [self._bar(a.skill, a.score, chosen=False) for a in routed.alternatives]
        return Content("\n").join(lines)

    def _bar(self, skill: str, score: float, *, chosen: bool) -> Content:
        name = Content(one_line(self._strings.skill(skill), NAME_CELLS - 2))
        name = name.pad_right(max(1, NAME_CELLS - name.cell_length))
        if chosen:
            name = name.stylize("bold")
        filled = round(max(0.0, min(1.0, score)) * BAR_CELLS)
        colour = COLOURS.get(skill, OTHER_COLOUR) if chosen else "$foreground-disabled"
        return name + Content.assemble(
            ("━" * filled, colour), ("━" * (BAR_CELLS - filled), "$panel"), f" {score:>4.0%}"
        )

    def _facts(self, routed: Routed) -> Content:
        strings = self._strings
        facts = [
            (strings.margin, f"{routed.margin:.0%}"),
            (strings.reason, sanitize(routed.reason)),
        ]
        if len(routed.chain) > 1:
            chain = " → ".join(one_line(strings.skill(s), 24) for s in routed.chain)
            facts.insert(0, ("", chain))
        parts = [
            Content.assemble((f"{name}  ", "$foreground-muted"), value) for name, value in facts
        ]
        if self._seconds is not None:
            took = strings.timings.format(f"{self._seconds:.1f}")
            parts.append(Content.styled(took, "$foreground-muted"))
        return Content("\n") + Content("\n").join(parts)
