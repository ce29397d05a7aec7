"""What can be done with a message one walked to: copy, edit, answer again, its versions, open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from textual.screen import Screen

from assistant.core.errors import StoreError
from assistant.core.messages import ImageAttachment, Message
from assistant.tui.asking import Asking
from assistant.tui.conductor import Conductor
from assistant.tui.errands import Errands
from assistant.tui.session import Exchange
from assistant.tui.strings import Strings
from assistant.tui.widgets.answer import AnswerView
from assistant.tui.widgets.copyable import Copyable
from assistant.tui.widgets.turn import TurnWidget

DESCRIBE = "describe"
"""The skill that looks at pictures."""


class MessageActions:
    """Does what the keys of a message say.

    Args:
        strings: what is asked for the person.
        on_again: called before a message is answered again.
        on_trouble: hears why a version can't be shown.
    """

    def __init__(
        self,
        screen: Screen[None],
        conductor: Conductor,
        asking: Asking,
        errands: Errands,
        strings: Strings,
        on_again: Callable[[], object],
        on_trouble: Callable[[StoreError], None],
    ) -> None:
        self._screen = screen
        self._conductor = conductor
        self._asking = asking
        self._errands = errands
        self._strings = strings
        self._on_again = on_again
        self._on_trouble = on_trouble

    def act(self, widget: TurnWidget, what: str) -> None:
        """Do it; what a message doesn't have (an explanation, versions) is passed over."""
        exchange = widget.exchange
        match what:
            case "copy":
                self._errands.copy_of(widget.copyable)
            case "copy_code":
                self._copy_code(widget)
            case "edit":
                self._asking.edit(exchange)
            case "regenerate":
                self.again(exchange, None)
            case "skill":
                self._errands.choose_skill(lambda skill: self._with_skill(widget, skill))
            case "unteach":
                self._errands.unteach(exchange.user)
            case "open":
                self._open_first(widget)
            case "version_before" | "version_after":
                self._step(exchange, -1 if what == "version_before" else 1)
            case "why" | "heat":
                self._give_reason(widget, what)

    def again(self, exchange: Exchange, skill: str | None) -> None:
        """Answer a message again."""
        if not self._asking.is_busy():
            self._on_again()
            self._asking.again(exchange, skill)

    def _give_reason(self, widget: TurnWidget, what: str) -> None:
        """Of the choice of the skill, or of what was said about a picture."""
        if what == "why":
            self._explain(widget)
        elif isinstance(widget, AnswerView):
            self._ask_where(widget.exchange)

    def _explain(self, widget: TurnWidget) -> None:
        """Of a question, why its last answer is by that skill."""
        exchange = widget.exchange
        views = [v for v in self._screen.query(AnswerView) if v.exchange is exchange]
        view = widget if isinstance(widget, AnswerView) else next(reversed(views), None)
        if view is not None:
            self._errands.explain(view, self._conductor.session.history(exchange))

    def _ask_where(self, exchange: Exchange) -> None:
        """Ask, as a new message, what in the picture speaks for what was said of it."""
        before = self._conductor.session.history(exchange)
        turns = (exchange.user, *reversed(before))
        images = next((turn.images for turn in turns if turn.images), ())
        if images and not self._asking.is_busy():
            self._on_again()
            attached = tuple(ImageAttachment(path) for path in images)
            self._asking.ask(Message("user", self._strings.heat_question, attached), DESCRIBE)

    def _with_skill(self, widget: TurnWidget, skill: str) -> None:
        """Answer with another skill, and remember that it was the right one.

        The focus stays on the message, where a key takes the correction back.
        """
        if self._asking.is_busy():
            return
        chosen = widget.routed.skill if isinstance(widget, AnswerView) and widget.routed else ""
        if skill != chosen:
            self._errands.teach(widget.exchange.user, skill)
        self._asking.again(widget.exchange, skill)

    def _copy_code(self, widget: TurnWidget) -> None:
        blocks = widget.query("CodeBlock")
        if len(blocks) > 1:
            blocks.first().focus()
        else:
            self._errands.copy("".join(b.code for b in blocks if isinstance(b, Copyable)))

    def _open_first(self, widget: TurnWidget) -> None:
        if isinstance(widget, AnswerView) and widget.passages:
            self._errands.open_passage(widget.passages[0])
            return
        user = widget.exchange.user
        pictures = widget.pictures if isinstance(widget, AnswerView) else ()
        for path in (*pictures, *user.images, *user.files)[:1]:
            self._errands.view(Path(path))

    def _step(self, exchange: Exchange, step: int) -> None:
        if len(exchange.versions) > 1 and not self._asking.is_busy():
            self._asking.stop_editing()
            chosen = self._version_chosen(exchange, step)
            self._screen.run_worker(chosen, group="version", exclusive=True)

    async def _version_chosen(self, exchange: Exchange, step: int) -> None:
        try:
            await self._conductor.choose(exchange, step)
        except StoreError as error:
            self._on_trouble(error)
