"""Explains why a skill was chosen: how sure, what was seen, what is like it, what would differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from assistant.core.errors import AssistantError
from assistant.core.events import Explained, Failed, Routed
from assistant.core.routing import Counterfactual, Neighbour, Seen
from assistant.core.text import one_line, sanitize
from assistant.tui.ports import JobStreamLike
from assistant.tui.screens.dialog import Dialog
from assistant.tui.strings import Strings
from assistant.tui.widgets.badge import COLOURS, OTHER_COLOUR
from assistant.tui.widgets.bars import bar

BAR_CELLS = 24
NAME_CELLS = 16
TEXT_CELLS = 46


class WhyScreen(Dialog[None]):
    """Shows a `Routed` event at once, and what the engine says of it when it has looked.

    Args:
        ask: asks the engine to explain; may raise AssistantError.
    """

    def __init__(
        self,
        routed: Routed | None,
        seconds: float | None,
        ask: Callable[[], JobStreamLike],
        strings: Strings,
    ) -> None:
        super().__init__(strings.why_title, strings.keyed(strings.why_keys))
        self._routed = routed
        self._seconds = seconds
        self._ask = ask
        self._strings = strings
        self._details = Static(Content.styled(strings.why_asking, "$foreground-muted"))

    def parts(self) -> ComposeResult:
        if self._routed is None:
            yield Static(self._strings.why_none, markup=False)
            return
        yield Static(self._scores(self._routed), markup=False)
        yield Static(self._facts(self._routed), markup=False)
        yield self._details

    def on_mount(self) -> None:
        """Look closer, while what is known is already there to read."""
        if self._routed is not None:
            self.run_worker(self._look())

    async def _look(self) -> None:
        found, strings = Content(""), self._strings
        try:
            async for event in self._ask():
                if isinstance(event, Explained):
                    found = self._explained(event)
                elif isinstance(event, Failed):
                    found = Content.styled(
                        sanitize(strings.tell(event.message)), "$foreground-muted"
                    )
        except AssistantError as error:
            found = Content.styled(sanitize(strings.tell_error(error)), "$foreground-muted")
        self._details.update(found)

    def _scores(self, routed: Routed) -> Content:
        lines = [self._bar(routed.skill, routed.score, chosen=True)]
        lines += [self._bar(a.skill, a.score, chosen=False) for a in routed.alternatives]
        return Content("\n").join(lines)

    def _bar(self, skill: str, score: float, *, chosen: bool) -> Content:
        name = self._titled(skill)
        if chosen:
            name = name.stylize("bold")
        colour = COLOURS.get(skill, OTHER_COLOUR) if chosen else "$foreground-disabled"
        return name + bar(score, BAR_CELLS, colour) + Content(f" {score:>4.0%}")

    def _titled(self, skill: str, cells: int = NAME_CELLS) -> Content:
        name = Content(one_line(self._strings.skill(skill), cells - 2))
        return name.pad_right(max(1, cells - name.cell_length))

    def _facts(self, routed: Routed) -> Content:
        strings = self._strings
        facts = [
            (strings.margin, f"{routed.margin:.0%}"),
            (strings.reason, sanitize(strings.tell(routed.reason))),
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
        return Content("\n") + Content("\n").join(parts) + Content("\n")

    def _explained(self, found: Explained) -> Content:
        strings = self._strings
        parts = []
        now = found.routed
        # A skill the person named had no alternatives: nothing was weighed, nothing differs.
        was = self._routed
        if was is not None and was.alternatives and now.skill != was.skill:
            skill = one_line(strings.skill(now.skill), 24)
            parts.append(Content(strings.why_now.format(skill, f"{now.score:.0%}")))
        seen = "   ".join(map(self._sign, found.seen))
        parts += self._block(strings.seen, [Content(seen)] if seen else [])
        if found.evidence is not None:
            label = (f"{strings.evidence}  ", "$foreground-muted")
            parts.append(Content.assemble(label, f"{found.evidence:.0%}"))
        parts += self._block(strings.neighbours, map(self._neighbour, found.neighbours))
        parts += self._block(strings.would_change, map(self._change, found.counterfactuals))
        return Content("\n").join(parts)

    def _block(self, title: str, lines: Iterable[Content]) -> list[Content]:
        found = list(lines)
        if not found:
            return []
        indented = [Content("  ") + line for line in found]
        return [Content.styled(title, "$foreground-muted"), *indented]

    def _sign(self, seen: Seen) -> str:
        return self._strings.signs[seen.sign].format(one_line(seen.words, 24))

    def _neighbour(self, near: Neighbour) -> Content:
        own = self._strings.aside.format("", self._strings.yours) if near.corrected else ""
        text = one_line(near.text, TEXT_CELLS) + own
        score = f"{near.similarity:.2f} "
        return Content.assemble((score, "$foreground-muted"), self._titled(near.skill, 12), text)

    def _change(self, found: Counterfactual) -> Content:
        change = self._strings.changes[found.change].format(one_line(found.words, TEXT_CELLS))
        skill = one_line(self._strings.skill(found.skill), 24)
        return Content.assemble(change, ("  → ", "$foreground-muted"), f"{skill} {found.score:.0%}")
